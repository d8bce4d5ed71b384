"""Letters that nobody opens: half as many, a question, none; and which days are in step."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from bot import zones
from bot.digest import patience, rules
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


EXPECTED: list[tuple[Cadence, int, tuple[int, int]]] = [
    ("weekly", READ, (52, 53)),
    ("fortnightly", READ, (26, 27)),
    ("monthly", READ, (12, 13)),
    ("weekly", SLOWED, (26, 27)),
    ("monthly", ASKED, (6, 7)),
]


@pytest.mark.parametrize(("cadence", "stage", "n_letters"), EXPECTED)
def test_a_year_in_every_zone_doubles_and_loses_none(
    cadence: Cadence, stage: int, n_letters: tuple[int, int]
) -> None:
    begin, end = (datetime(year, 1, 8, tzinfo=UTC) for year in (2026, 2027))
    for n, name in enumerate(zones.names()):
        zone, hour = zones.zone_of(name), n % 4
        last, now, sent = None, begin, list[datetime]()
        while now < end:
            now = rules.next_due(now, zone, 6, hour)
            day = now.astimezone(zone).date()
            if patience.is_in_step(day, last, cadence, stage):
                sent.append(now)
                last = day
        periods = [rules.period(at, zone) for at in sent]
        assert len(periods) == len(set(periods)), name
        assert n_letters[0] <= len(sent) <= n_letters[1], (name, len(sent))
        assert all(b - a > timedelta(days=6.9) for a, b in pairwise(sent)), name
