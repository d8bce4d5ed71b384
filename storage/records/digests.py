"""Who wants a digest, and what became of each."""

from dataclasses import dataclass
from typing import Literal

from storage.records.catalogue import Why

DeliveryState = Literal["claimed", "sent", "closed", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class DigestSetting:
    """When a member wants the digest; ``weekday`` 0 is Monday, ``hour`` is local.

    ``due_zone`` is the time zone by which ``due_at`` was found, ``locale`` the one of their
    Discord when they opted in, for those who never chose a language.
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


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One card of a delivery, as it was when claimed, so that sending again sends the same."""

    resource_id: int
    impression_id: int
    url: str | None = None
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One digest for one member and period; claimed before it is sent."""

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
    delivery_id: int = 0
