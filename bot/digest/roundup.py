"""What a channel's digest is made of: the server's best of a week, by distinct members. Pure.

The same budget as a member's letter: sections appear only when they have something, seven items at
most, and fewer than three are not worth a channel's attention.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.digest.composition import ITEMS_MAX, ITEMS_MIN
from bot.digest.rules import GIVE_UP_AFTER_S

MEMBERS_MIN = 3
"""Fewer members than this say nothing about a server, and something about a member."""
COUNTED_MIN = 5
"""From so many members on, it is said how many."""
USEFUL_MAX, SOLVED_MAX, PICKS_MAX, THANKED_MAX = 3, 3, 1, 8
LATE_S = GIVE_UP_AFTER_S


@dataclass(frozen=True, slots=True)
class Liked:
    """A resource, and how many members did something with it."""

    resource_id: int
    n_members: int


@dataclass(frozen=True, slots=True)
class Helper:
    """Who answered: how many questions, and how many of their answers were accepted."""

    user_id: int
    n_questions: int
    n_accepted: int


@dataclass(frozen=True, slots=True)
class Roundup:
    """What a channel's digest shows, in order."""

    useful: tuple[Liked, ...]
    solved: tuple[int, ...]
    picks: tuple[Liked, ...]
    thanked: tuple[int, ...]

    @property
    def n_items(self) -> int:
        """How many items there are; who is thanked is none."""
        return len(self.useful) + len(self.solved) + len(self.picks)

    @property
    def is_worth_posting(self) -> bool:
        """Whether there is enough to say."""
        return self.n_items >= ITEMS_MIN


def compose(
    useful: Sequence[Liked],
    solved: Sequence[int],
    picks: Sequence[Liked],
    helpers: Sequence[Helper],
    *,
    private: Collection[int] = (),
) -> Roundup:
    """Compose a channel's digest.

    Parameters
    ----------
    useful, picks
        Resources that everybody may use, of all members and as the first of new ones.
    solved
        Questions that everybody may read, the newest first.
    helpers
        Who answered questions that everybody may read.
    private
        Who is not on boards, or not tracked: they are never named.
    """
    best = _most(useful, USEFUL_MAX)
    known = {one.resource_id for one in best}
    first = _most([one for one in picks if one.resource_id not in known], PICKS_MAX)
    n_left = ITEMS_MAX - len(best) - len(first)
    thanked = sorted(
        (one for one in helpers if one.user_id not in private),
        key=lambda one: (-one.n_accepted, -one.n_questions, one.user_id),
    )
    return Roundup(
        useful=best,
        solved=tuple(solved[: min(SOLVED_MAX, n_left)]),
        picks=first,
        thanked=tuple(one.user_id for one in thanked[:THANKED_MAX]),
    )


def _most(found: Sequence[Liked], limit: int) -> tuple[Liked, ...]:
    enough = [one for one in found if one.n_members >= MEMBERS_MIN]
    return tuple(sorted(enough, key=lambda one: (-one.n_members, one.resource_id))[:limit])


def is_too_late(due_at: float, now: float) -> bool:
    """Say whether a week's digest is so late that the next one does better."""
    return now - due_at >= LATE_S
