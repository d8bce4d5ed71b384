"""Experts as they describe themselves, and the invitations they get."""

from dataclasses import dataclass
from typing import Literal

ExpertState = Literal["live", "paused", "waiting", "declined"]
Reach = Literal["thread", "dm"]
InvitationState = Literal["claimed", "sent", "accepted", "passed", "expired", "withdrawn", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """An expert's card: everything on it they said themselves.

    ``weekdays`` count from 0 (Monday); hours are local, ``to_hour`` is not included and may be
    less than ``from_hour``: then it is of the next day. ``closed_at`` is when their direct
    messages turned out to be closed.
    """

    guild_id: int
    user_id: int
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    time_zone: str
    weekdays: tuple[int, ...]
    from_hour: int
    to_hour: int
    created_at: float
    updated_at: float
    weekly_max: int = 3
    reach: Reach = "thread"
    offer: str = ""
    state: ExpertState = "live"
    closed_at: float | None = None
    decided_by: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One expert asked for one question, or to review one submission.

    ``propensity`` is the chance with which it was them.
    """

    guild_id: int
    user_id: int
    state: InvitationState
    reach: Reach
    claimed_at: float
    question_id: int | None = None
    submission_id: int | None = None
    propensity: float = 1.0
    is_first: bool = False
    sent_at: float | None = None
    expires_at: float | None = None
    answered_at: float | None = None
    message_id: int | None = None
    invitation_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What became of an expert's invitations: all, this week's, and those that are open now."""

    n_accepted: int = 0
    n_answered: int = 0
    n_week: int = 0
    n_open: int = 0
