"""Letters that nobody opens: half as many, a question, none; and which days are in step."""

from datetime import date, timedelta

import pytest

from bot.digest import patience
from bot.digest.patience import ASKED, READ, SLOWED, STOPPED
from storage.records import Cadence

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("stage", "used", "expected"),
    [
        (READ, [], READ),
        (READ, [False, False], READ),
        (READ, [False, False, False], SLOWED),
        (READ, [False, True, False], READ),
        (READ, [True, False, False, False], READ),
        (SLOWED, [False, False], SLOWED),
        (SLOWED, [False, True], READ),
        (SLOWED, [False, False, False], ASKED),
        (ASKED, [], ASKED),
        (ASKED, [False], STOPPED),
        (ASKED, [True], READ),
        (STOPPED, [], STOPPED),
    ],
)
def test_steps_are_taken_one_after_the_other(stage: int, used: list[bool], expected: int) -> None:
    assert patience.next_stage(stage, used) == expected


def days(cadence: Cadence, stage: int, n: int, step: int = 7) -> list[int]:
    """Return how many days apart letters come that are offered a day every week."""
    last, day = MONDAY, MONDAY
    found: list[int] = []
    while len(found) < n:
        day += timedelta(days=step)
        if patience.is_in_step(day, last, cadence, stage):
            found.append((day - last).days)
            last = day
    return found


def test_how_often_letters_come() -> None:
    assert days("weekly", READ, 3) == [7, 7, 7]
    assert days("fortnightly", READ, 3) == [14, 14, 14]
    assert days("weekly", SLOWED, 3) == days("weekly", ASKED, 3) == [14, 14, 14]
    assert days("fortnightly", SLOWED, 2) == [28, 28]
    assert days("monthly", READ, 12)[:3] == [21, 21, 28]
    assert all(56 <= each <= 63 for each in days("monthly", SLOWED, 5)[1:])


def test_another_weekday_does_not_bring_two_in_a_week() -> None:
    sunday = date(2026, 11, 29)
    assert not patience.is_in_step(sunday, MONDAY, "weekly", READ)
    assert not patience.is_in_step(MONDAY + timedelta(days=8), MONDAY, "fortnightly", READ)
    assert patience.is_in_step(sunday, None, "monthly", SLOWED)
