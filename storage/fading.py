"""How points fade: half in a week. What a member has lately is a sum that never has to be redone.

A point of one day counts twice as much as a point of a week before, today and ever after: who has
more lately than whom does not change with the day. So each day has a weight for good, a member's
sum moves when they earn and at no other time, and what it is worth on a day is the sum divided by
that day's weight.

Weights are powers of two times a factor of 14 binary places, one for each day of a week. So a sum
of floats is exact, in whatever order it came about, over the latest 17 weeks of whoever has 40,000
points a week; beyond them it is rounded where nobody can see it.
"""

from datetime import date
from functools import lru_cache
from math import ldexp

HALF_LIFE_DAYS = 7
LEAST = 10
"""What is worth no more than so many hundredths has faded away."""

_BEGIN = date(2034, 1, 2).toordinal()
"""The day of weight 1: floats reach nineteen years to either side of it."""
_PLACES = 14
_STEPS = tuple(round(2 ** (day / HALF_LIFE_DAYS + _PLACES)) for day in range(HALF_LIFE_DAYS))


@lru_cache(maxsize=1_000)
def weight_of(day: int) -> float:
    """Return what a hundredth of a day (YYYYMMDD) counts; nothing of 0 or of what is no date."""
    try:
        found = date(day // 10_000, day // 100 % 100, day % 100)
    except ValueError:
        return 0.0
    weeks, rest = divmod(found.toordinal() - _BEGIN, HALF_LIFE_DAYS)
    return ldexp(_STEPS[rest], weeks - _PLACES)
