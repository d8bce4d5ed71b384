"""What members say of resources, and what they keep of them for themselves."""

from dataclasses import dataclass
from typing import Literal

Mark = Literal["useful", "known", "too_easy", "too_hard", "outdated", "broken"]

RatingState = Literal["none", "waiting", "shown", "hidden"]

KeepingState = Literal["started", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One member's stars for a resource, 1 to 5, and a sentence that may be empty.

    The sentence is shown to others in the ``state`` "shown" only; "none" has none, and "waiting"
    is for a moderator to read, who was shown it at ``posted_at``.
    """

    guild_id: int
    resource_id: int
    user_id: int
    stars: int
    sentence: str = ""
    state: RatingState = "none"
    rated_at: float = 0.0
    posted_at: float | None = None
    decided_by: int | None = None
    rating_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """What members say of one resource: how many gave each mark, and what they rate it.

    ``n_members`` gave any mark, ``n_ratings`` rated it, with ``stars`` in all.
    """

    resource_id: int
    n_members: int = 0
    useful: int = 0
    known: int = 0
    too_easy: int = 0
    too_hard: int = 0
    outdated: int = 0
    broken: int = 0
    n_ratings: int = 0
    stars: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one member says of one resource, and how far they are with it."""

    marks: frozenset[Mark] = frozenset()
    stars: int | None = None
    has_sentence: bool = False
    state: "KeepingState | None" = None
    has_note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What a member keeps of a resource for themselves: how far they are, and a private note."""

    guild_id: int
    user_id: int
    resource_id: int
    state: KeepingState | None = None
    note: str = ""
    changed_at: float = 0.0
