"""What comes into a catalogue by itself, what is missing from it, and whether it is still there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from storage.records.catalogue import ResourceKind

WishState = Literal["open", "fulfilled", "dropped"]

VoiceKind = Literal["wished", "missed"]

SourceKind = Literal["feed", "forum", "list"]

SourceState = Literal["live", "paused", "quarantined"]

SourceTrust = Literal["review", "earned", "publish"]

EntryState = Literal["waiting", "taken", "passed"]

CheckState = Literal["unknown", "ok", "moved", "broken", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is looked for: by ``n_missed`` members in vain, and asked for by ``n_wished``.

    ``resource_id`` is what fulfilled it, ``decided_by`` who said so, None where that was found by
    itself. ``text`` is empty where it named a member who was erased.
    """

    guild_id: int
    text: str
    state: WishState = "open"
    n_wished: int = 0
    n_missed: int = 0
    resource_id: int | None = None
    decided_by: int | None = None
    created_at: float = 0.0
    decided_at: float | None = None
    wish_id: int = 0


@dataclass(frozen=True, slots=True)
class TopicGap:
    """A topic with more interest than resources; counts below five members are 0."""

    tag: str
    n_readers: int
    n_resources: int
    n_askers: int
    n_hard: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where entries come from by themselves: a feed, a Discord forum, a list of links.

    ``every_s`` are the seconds between looks, ``daily_max`` how many entries of it are taken a day.
    ``result`` is the text that says how the last look went, ``n_found`` how many entries it showed,
    ``n_failures`` how many looks in a row failed. ``etag`` and ``modified`` are what its server
    said of its last version. What comes of it is of the kind ``makes``, None for what each entry
    says of itself.
    """

    guild_id: int
    kind: SourceKind
    title: str
    url_key: str
    every_s: int
    daily_max: int
    url: str = ""
    channel_id: int | None = None
    tags: tuple[str, ...] = ()
    state: SourceState = "live"
    trust: SourceTrust = "earned"
    etag: str = ""
    modified: str = ""
    result: str = ""
    result_params: Mapping[str, Any] = field(default_factory=dict)
    n_failures: int = 0
    n_found: int = 0
    added_by: int | None = None
    created_at: float = 0.0
    next_at: float = 0.0
    looked_at: float | None = None
    told_at: float | None = None
    source_id: int = 0
    makes: ResourceKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """An entry of a source; ``fields`` are texts as the catalogue reads them, while it waits."""

    source_id: int
    guild_id: int
    token: str
    state: EntryState
    seen_at: float
    fields: Mapping[str, str] | None = None
    taken_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Whether a resource is still there, as its server last answered.

    ``closed`` is what may not be asked; ``problem`` the text that says what is wrong, ``status``
    the answer's number. ``asked_at`` is when somebody doubted it, ``reviewed_at`` when a moderator
    last said that it is current.
    """

    guild_id: int
    resource_id: int
    next_at: float
    state: CheckState = "unknown"
    problem: str = ""
    status: int | None = None
    n_failures: int = 0
    etag: str = ""
    modified: str = ""
    moved_url: str = ""
    archived_url: str = ""
    asked_at: float | None = None
    checked_at: float | None = None
    reviewed_at: float | None = None
