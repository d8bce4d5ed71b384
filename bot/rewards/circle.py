"""Who belongs to somebody's circle, and who is known beyond it.

Accounts that thank one member over and over may be that member's own, and so may whoever answers
such accounts. Hence an answer makes a member known to somebody only where whoever gave it is not
of that somebody's circle. A small community is one circle: there it is enough that more than half
of those who take part answered.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.rewards.ruleset import Answered

_Moments = Mapping[tuple[int, int], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Circle:
    """Those whose clicks pay a member again and again.

    Attributes
    ----------
    clicks
        For each kind of click what stands between two members, the moment since which it counts,
        and how many of them make somebody one of the circle.
    """

    user_id: int
    clicks: tuple[tuple[_Moments, float, int], ...]

    def holds(self, member_id: int) -> bool:
        """Say whether a member is of the circle."""
        to, back = (member_id, self.user_id), (self.user_id, member_id)
        for known, since, least in self.clicks:
            n = 0
            for moments in (known.get(to), known.get(back)):
                if moments and moments[-1] > since:
                    n += len(moments) - bisect_right(moments, since)
                    if n >= least:
                        return True
        return False


NOBODY = Circle(0, ())


@dataclass(frozen=True, slots=True)
class Met:
    """How many answered a member, and how many of these are of nobody's circle in question."""

    n_outside: int
    n_any: int


def met(answered: Mapping[int, float], since: float, circle: Circle, enough: int) -> Met:
    """Count who answered a member after a moment, the circle's own member aside.

    No further than to ``enough`` from outside of the circle.
    """
    n_outside = n_any = 0
    for by_id, at in answered.items():
        if at > since and by_id != circle.user_id:
            n_any += 1
            if not circle.holds(by_id):
                n_outside += 1
                if n_outside == enough:
                    break
    return Met(n_outside, n_any)


def percent(rules: Answered, enough: int, found: Met, n_around: int) -> int:
    """Return the percentage by which the click of somebody counts who is known so far.

    From ``rules.percent`` up: in equal steps with each who answered from outside, or with each
    beyond half of those around, whichever is more.

    Parameters
    ----------
    n_around
        How many take part besides two, at most `ruleset.MOST`.
    """
    rest = 100 - rules.percent
    by_outside = rest * found.n_outside // enough
    by_most = rest * (2 * found.n_any - n_around) // n_around if n_around else 0
    return rules.percent + min(max(by_outside, by_most), rest)


def is_known(found: Met, enough: int, n_around: int) -> bool:
    """Say whether so many from outside, or more than half of those around, answered a member."""
    return found.n_outside >= enough or 2 * found.n_any > n_around
