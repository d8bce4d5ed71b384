"""What is asked of the recommender, and what it answers."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from storage.records import Filters, Resource, Why

Empty = Literal["catalogue", "topic", "seen"]
_ANY = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a member is to be recommended something from.

    ``role_ids`` are roles the member has: what needs another is left out. ``topic`` and
    ``filters`` narrow the choice to resources that fit the words of the topic, and the filters.
    ``language`` is the one the member is spoken to in, where they have not chosen one themselves.
    At most ``limit`` are chosen, none of ``without`` and, where ``wants_others``, none of the last
    answer's as long as there are any others; ``introduces`` lets some lists end with one
    that hardly anybody was shown yet. ``judges`` has the chance told with which each would be
    opened in a digest, and of those of ``also`` that the member may see.
    """

    guild_id: int
    user_id: int
    role_ids: Collection[int] = ()
    topic: str | None = None
    filters: Filters = _ANY
    language: str | None = None
    limit: int = 5
    without: Collection[int] = ()
    wants_others: bool = False
    introduces: bool = False
    judges: bool = False
    also: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """An answer before it is shown.

    ``picks`` are resources, best first, with the reason (None where none would be true);
    ``propensities`` the chance with which each was chosen for its place; ``arm`` is ``model``
    (what the member did played a part) or ``popular``; ``empty`` says why there are no picks;
    ``is_proven`` that the model which ranked them has beaten popularity; ``corrected`` is the
    topic as it was understood where a word of it was misspelt. ``scores`` say of each pick how
    likely it was (`Impression`), ``chances``, where they were asked for, with which chance it is
    opened, ``others`` (id, score, chance) those asked for besides; ``topics`` are what the
    member's lists are made of; ``arms``, of an interleaved list, who placed each.
    """

    picks: tuple[tuple[Resource, Why | None], ...]
    snapshot_id: int | None
    arm: str
    empty: Empty | None = None
    is_proven: bool = False
    propensities: tuple[float, ...] = ()
    corrected: str | None = None
    scores: tuple[float, ...] = ()
    chances: tuple[float, ...] = ()
    others: tuple[tuple[int, float, float], ...] = ()
    topics: frozenset[str] = frozenset()
    arms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One resource shown to one member, ready for its card."""

    resource: Resource
    impression_id: int
    url: str | None
    why: Why | None
    is_saved: bool


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a member is shown; see `Ranked`."""

    suggestions: tuple[Suggestion, ...]
    snapshot_id: int | None
    arm: str
    empty: Empty | None = None
    is_proven: bool = False
    corrected: str | None = None

    @property
    def goes_by_interests(self) -> bool:
        """Whether anything on the list is there for an interest that the member named."""
        return any(
            each.why is not None and each.why.kind == "interest" for each in self.suggestions
        )
