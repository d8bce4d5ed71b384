"""The ledger, versions of the rules, and what is shown of points."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Points given or taken. ``day`` is the guild's local date as YYYYMMDD.

    ``source_id`` is the event's source (a message), ``giver_id`` the other member of a payment
    (who reacted, who was answered; 0 for nobody), ``reverses`` the entry that this one takes
    back. ``event_id`` is the event that caused the entry, None for one that no event caused;
    ``actor_id`` the moderator who did, 0 for none, and ``reason`` what they wrote.
    ``is_spending`` moves what may be spent and not what was earned. ``rescore_id`` is the
    decision to re-score that made it, 0 for none.
    """

    guild_id: int
    user_id: int
    kind: str
    amount: int
    source_id: int
    rule_set: int
    day: int
    earned_at: float
    recorded_at: float
    giver_id: int = 0
    reverses: int | None = None
    entry_id: int = 0
    event_id: int | None = None
    actor_id: int = 0
    reason: str = ""
    is_spending: bool = False
    rescore_id: int = 0


@dataclass(frozen=True, slots=True)
class Rescore:
    """A moderator's decision to re-score what was earned since a moment; or to take that back.

    Events from ``since_at`` on, up to ``until_event`` of the log, are paid by ``version``
    instead of ``from_version`` and those before it. Where ``undoes`` names such a decision, this
    one takes it back. ``finished_at`` is None while it is being carried out, and until then
    ``paid_until`` is the last of the later events that have been paid. ``n_entries`` counts
    payments that changed, ``amount`` what all of them changed together.
    """

    guild_id: int
    version: int
    from_version: int
    since_at: float
    until_event: int
    paid_until: int
    created_by: int
    reason: str
    created_at: float
    undoes: int | None = None
    finished_at: float | None = None
    n_entries: int = 0
    n_members: int = 0
    amount: int = 0
    rescore_id: int = 0


@dataclass(frozen=True, slots=True)
class StoredRuleSet:
    """One numbered, immutable version of a guild's reward rules, in force from ``effective_at``.

    A version that becomes effective while a later one already is never comes into force.
    """

    guild_id: int
    version: int
    rules: dict[str, Any]
    created_by: int
    created_at: float
    effective_at: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RuleUse:
    """What a rule paid, in hundredths, to how many; what it held back, and from how many."""

    paid: int
    n_paid: int
    held: int
    n_held: int


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What moderators want to change in the newest rules: values by rule and field."""

    guild_id: int
    changes: dict[str, dict[str, Any]]
    edited_by: int
    edited_at: float


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's place on a board; ``rank`` counts from 1."""

    user_id: int
    amount: int
    rank: int


@dataclass(frozen=True, slots=True)
class BoardSpan:
    """What a board counts; all time where nothing is set.

    ``periods`` are weeks (their Mondays as YYYYMMDD), months (YYYYMM) or quarters (YYYYQ),
    ``days`` the first and last of spans counted besides; none of them counts a day twice.
    ``lately``, which stands alone, is the day on which a point counts whole: one of a week before
    counts half. Members who are left with next to nothing are not on that board.
    """

    periods: tuple[int, ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    lately: int = 0

    @property
    def is_kept(self) -> bool:
        """Say whether one kept sum of each member is all there is to it."""
        return len(self.periods) <= 1 and not self.days
