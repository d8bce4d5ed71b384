"""Who wants a digest, and what became of each."""

from dataclasses import dataclass
from typing import Literal

from storage.records.catalogue import Why

DeliveryState = Literal["claimed", "sent", "closed", "failed", "skipped"]

Cadence = Literal["weekly", "fortnightly", "monthly"]

Section = Literal["continue", "for_you", "new", "answer", "solved"]

Purpose = Literal["digest", "reminder", "receipt", "invitation", "answer"]
"""What a direct message is for; an ``answer`` follows from what its member did or asked
for, or passes on what another member asks of them by name."""

Note = Literal["slowed", "asking"]
"""What a letter says of itself: it comes half as often from now on, or asks whether to go on."""


@dataclass(frozen=True, slots=True)
class DigestSetting:
    """When a member wants the digest; ``weekday`` 0 is Monday, ``hour`` is local.

    ``due_zone`` is the time zone by which ``due_at`` was found, ``locale`` the one of their
    Discord when they opted in, for those who never chose a language. None comes before
    ``paused_until``. ``stage`` says how far letters that nobody opens have gone, since ``stage_at``
    (`bot.digest.patience`).
    """

    guild_id: int
    user_id: int
    is_on: bool
    weekday: int
    hour: int
    opted_in_at: float | None = None
    due_at: float | None = None
    due_zone: str | None = None
    locale: str | None = None
    closed_at: float | None = None
    closed_told_at: float | None = None
    cadence: Cadence = "weekly"
    paused_until: float | None = None
    stage: int = 0
    stage_at: float | None = None


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One item of a delivery, as it was when claimed, so that sending again sends the same.

    A card has a ``resource_id``; a question has a ``question_id`` and no impression.
    """

    resource_id: int
    impression_id: int
    url: str | None = None
    why: Why | None = None
    section: Section = "for_you"
    question_id: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One digest for one member and period; claimed before it is sent.

    ``n_gated`` things were left out because they were not likely enough to be opened.
    """

    guild_id: int
    user_id: int
    period: str
    state: DeliveryState
    nonce: str
    items: tuple[DigestItem, ...]
    claimed_at: float
    is_first: bool = False
    error: str | None = None
    sent_at: float | None = None
    message_id: int | None = None
    note: Note | None = None
    n_gated: int = 0
    delivery_id: int = 0


@dataclass(frozen=True, slots=True)
class Begun:
    """A direct message that nobody had just asked for: sent, or claimed and on its way.

    ``at`` is when it was sent, of what is on its way when it was claimed.
    """

    guild_id: int
    user_id: int
    purpose: Purpose
    at: float
    is_on_its_way: bool = False


ChannelLetterState = Literal["claimed", "sent", "failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDigest:
    """Where and when a guild's digest is posted; ``problem`` says that it could not be, lately.

    ``weekday`` 0 is Monday; ``hour`` is local in ``due_zone``, by which ``due_at`` was found.
    """

    guild_id: int
    channel_id: int
    weekday: int
    hour: int
    due_at: float
    due_zone: str
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLetter:
    """A guild's digest of one week; claimed before it is posted."""

    guild_id: int
    period: str
    state: ChannelLetterState
    channel_id: int
    nonce: str
    claimed_at: float
    sent_at: float | None = None
