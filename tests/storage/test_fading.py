"""What fades is a sum: a point of a week ago counts half, on whatever day it is asked."""

import random
from datetime import date, timedelta

import pytest

from bot import dates
from storage.fading import weight_of

DAY = timedelta(days=1)


@pytest.mark.parametrize("begin", [date(2015, 5, 13), date(2026, 3, 2), date(2050, 1, 1)])
def test_a_day_counts_half_of_what_the_same_weekday_counts_a_week_later(begin: date) -> None:
    for n in range(30):
        now, then = begin + n * DAY, begin + (n - 7) * DAY
        assert weight_of(dates.as_day(then)) * 2 == weight_of(dates.as_day(now))
        ratio = weight_of(dates.as_day(now - DAY)) / weight_of(dates.as_day(now))
        assert ratio == pytest.approx(0.5 ** (1 / 7), rel=1e-4)


def test_no_day_counts_nothing() -> None:
    assert weight_of(0) == weight_of(20261301) == 0.0


def test_sums_are_exact_in_whatever_order_they_came_about() -> None:
    rng = random.Random(3)
    days = [dates.as_day(date(2026, 3, 2) - n * DAY) for n in range(17 * 7)]
    for _ in range(50):
        amounts = [rng.randrange(-5_000, 50_000) * weight_of(rng.choice(days)) for _ in range(300)]
        total = sum(amounts)
        rng.shuffle(amounts)
        assert sum(amounts) == total
        for amount in amounts:  # and what is taken back leaves nothing
            total -= amount
        assert total == 0.0
