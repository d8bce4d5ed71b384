"""Levels: where each begins, and which one an amount has reached."""

from bisect import bisect_right
from collections.abc import Iterable

from bot.rewards.kinds import POINT
from bot.rewards.ruleset import Levels

SKOOL = tuple(POINT * points for points in (0, 5, 20, 65, 155, 515, 2015, 8015, 33015))
"""Where Skool's levels 1 to 9 begin."""
LINEAR = 100
"""Points a level of the linear curve takes, at 100 percent."""
LEVELS_MAX = 1_000


def level_total(levels: Levels, level: int) -> int | None:
    """Return the amount it takes to reach a level, None beyond the highest one."""
    if level <= 0:
        return 0
    match levels.curve:
        case "linear":
            return level * LINEAR * levels.percent if level <= LEVELS_MAX else None
        case "skool" | "list":
            steps = SKOOL if levels.curve == "skool" else levels.thresholds
            return steps[level - 1] if level <= len(steps) else None
        case _:
            # The sum of 5l²+50l+100 over the levels before: a whole number for every l.
            total = 5 * level * (2 * level * level + 27 * level + 91) // 6
            return total * levels.percent if level <= LEVELS_MAX else None


def level_of(levels: Levels, amount: int) -> int:
    """Return the highest level reached with `amount`, 0 ≤ level ≤ `LEVELS_MAX`."""
    if levels.curve in ("skool", "list"):
        return bisect_right(SKOOL if levels.curve == "skool" else levels.thresholds, amount)
    reachable = range(1, LEVELS_MAX + 1)
    return bisect_right(reachable, amount, key=lambda level: level_total(levels, level) or 0)


def level_moves(
    before: Levels, after: Levels, earned: Iterable[int], then: Iterable[int] | None = None
) -> tuple[int, int]:
    """Return how many of those who earned so much reach a higher and a lower level.

    Parameters
    ----------
    then
        What each of them will have earned; None where that stays as it is.
    """
    amounts = list(earned)
    new = amounts if then is None else list(then)
    if not amounts or (before == after and new == amounts):
        return 0, 0
    steps = [_steps(each, max(*amounts, *new)) for each in (before, after)]
    higher = lower = 0
    for amount, becomes in zip(amounts, new, strict=True):
        change = bisect_right(steps[1], becomes) - bisect_right(steps[0], amount)
        higher += change > 0
        lower += change < 0
    return higher, lower


def _steps(levels: Levels, most: int) -> list[int]:
    """Return where each level begins that anybody can have reached."""
    found: list[int] = []
    for level in range(1, LEVELS_MAX + 1):
        total = level_total(levels, level)
        if total is None or total > most:
            break
        found.append(total)
    return found
