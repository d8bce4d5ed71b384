"""Servers, their members, and what is stored of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from storage.records.activity import EventKind

ConsentPolicy = Literal["ask", "notice"]

Consent = Literal["unknown", "granted", "declined"]

StayState = Literal["here", "gone", "purging", "purged"]

ReturnNotice = Literal["kept", "purged"]


@dataclass(frozen=True, slots=True)
class Guild:
    """A guild's own settings.

    ``staff_channel_id`` is where moderators are notified of what they must decide or fix.
    ``synonyms`` are lines of words that mean the same here; see `bot.search.synonyms`. With
    ``has_closed_tags`` resources carry only tags that moderators look after.
    """

    guild_id: int
    language: str = "en"
    time_zone: str = "UTC"
    consent_policy: ConsentPolicy = "ask"
    created_at: float = 0.0
    staff_channel_id: int | None = None
    synonyms: str = ""
    has_closed_tags: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """Whether the bot is in a guild that it has been in.

    ``gone`` since ``left_at``, and to be purged from ``purge_at`` on; ``purging`` and ``purged``
    while its rows are being deleted and when they are. ``notice`` is what moderators are to be
    notified of since it came back: what there was before was kept, or purged; both moments are kept
    until then.
    """

    guild_id: int
    state: StayState = "here"
    left_at: float | None = None
    purge_at: float | None = None
    notice: ReturnNotice | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """What a member told us about themself; defaults for one we have never met.

    ``asked_at`` is when they were shown the question, or the notice of a server that asks nobody.
    A yes counts from ``consent_at`` on, and for what was before it if it ``has_earlier``; one
    without a date was given before anything was recorded here.
    """

    guild_id: int
    user_id: int
    language: str | None = None
    time_zone: str | None = None
    interests: tuple[str, ...] = ()
    consent: Consent = "unknown"
    consent_at: float | None = None
    asked_at: float | None = None
    has_earlier: bool = False
    interests_at: float | None = None
    is_tracked: bool = True
    is_on_boards: bool = True
    created_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much is stored about one member of a guild.

    ``rows`` counts by table the rows that carry the member's id in any column, ``events`` what
    the member did by kind; ``since`` is the earliest moment of it, None where there is none.
    """

    rows: Mapping[str, int]
    events: Mapping[EventKind, int]
    since: float | None
