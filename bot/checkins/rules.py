"""Days, streaks and freezes. Pure; a day is a date as YYYYMMDD."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import dates

NOTE_MAX = 300
FREEZES_A_MONTH = 2
"""Missed days that a member may have in a calendar month without losing the streak."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a member checked in, or that a freeze covered."""

    day: int
    is_frozen: bool = False


def frozen_days(last: int | None, today: int, used: Mapping[int, int]) -> list[int] | None:
    """Return the missed days between two check-ins that freezes cover; [] where none was missed.

    Parameters
    ----------
    last
        The day checked in last, None for the first check-in.
    used
        Freezes used so far by month (YYYYMM). A missed day takes one of its own month's.

    Returns
    -------
    list of int or None
        None where the freezes do not reach: the streak begins again and none is used up.
    """
    if last is None:
        return []
    left = {month: FREEZES_A_MONTH - n for month, n in used.items()}
    missed = []
    day = dates.later(last, 1)
    while day < today:
        month = month_of(day)
        left[month] = left.get(month, FREEZES_A_MONTH) - 1
        if left[month] < 0:
            return None
        missed.append(day)
        day = dates.later(day, 1)
    return missed


def streak(days: Sequence[Day]) -> int:
    """Return how many check-ins follow each other up to the newest; frozen days do not count.

    Parameters
    ----------
    days
        Newest first.
    """
    count, expected = 0, None
    for each in days:
        if expected is not None and each.day != expected:
            break
        count += not each.is_frozen
        expected = dates.later(each.day, -1)
    return count


def month_of(day: int) -> int:
    """Return a day's month as YYYYMM."""
    return day // 100
