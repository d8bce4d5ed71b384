from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot import dates
from bot.boards import rules
from storage import ledger
from storage.records import BoardSpan

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC).timestamp()
SUNDAY_EVENING = datetime(2026, 3, 1, 23, 0, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("at", "zone", "week", "month"),
    [
        (MONDAY, "UTC", (20260302, 20260308), (20260301, 20260331)),
        (SUNDAY_EVENING, "UTC", (20260223, 20260301), (20260301, 20260331)),
        (SUNDAY_EVENING, "Asia/Shanghai", (20260302, 20260308), (20260301, 20260331)),
        (SUNDAY_EVENING - 86_400, "UTC", (20260223, 20260301), (20260201, 20260228)),
    ],
)
def test_weeks_begin_on_monday_and_months_on_the_first_of_the_guilds_own_days(
    at: float, zone: str, week: tuple[int, int], month: tuple[int, int]
) -> None:
    found = rules.window("week", at, zone)
    assert (found.days, found.span) == (week, BoardSpan(periods=(week[0],)))
    found = rules.window("month", at, zone)
    assert (found.days, found.span) == (month, BoardSpan(periods=(month[0] // 100,)))


def test_all_time_has_no_days() -> None:
    assert rules.window("all", MONDAY, "UTC") == rules.Window("all", BoardSpan())


@pytest.mark.parametrize(
    ("season", "span"),
    [
        ((20260301, 20260401), BoardSpan((202603,))),
        ((20260101, 20260401), BoardSpan((20261,))),
        ((20260101, 20260701), BoardSpan((20261,))),
        ((20251201, 20260301), BoardSpan((202512, 202601, 202602))),
        ((20240201, 20240301), BoardSpan((202402,))),
        (
            (20260215, 20260401),
            BoardSpan((202603, 20260216), ((20260215, 20260215), (20260223, 20260228))),
        ),
        (
            (20260301, 20260331),
            BoardSpan(
                (20260302, 20260309, 20260316, 20260323),
                ((20260301, 20260301), (20260330, 20260330)),
            ),
        ),
        (
            (20250814, 20260301),
            BoardSpan(
                (20254, 202509, 20250818, 20250825, 202601, 202602),
                ((20250814, 20250817),),
            ),
        ),
        ((20260303, 20260306), BoardSpan((), ((20260303, 20260305),))),
    ],
)
def test_a_season_is_read_from_few_sums(season: tuple[int, int], span: BoardSpan) -> None:
    found = rules.window("season", MONDAY, "UTC", season)
    assert found.span == span
    assert found.days is not None
    assert found.days[0] == season[0]


@given(
    st.dates(date(2024, 1, 1), date(2026, 3, 2)),
    st.dates(date(2024, 1, 1), date(2026, 3, 31)),
)
def test_what_covers_a_season_counts_each_of_its_days_once(first: date, last: date) -> None:
    assume(first <= last)
    after = dates.as_day(last + timedelta(days=1))
    span = rules.window("season", MONDAY, "UTC", (dates.as_day(first), after)).span
    for n in range((last - first).days + 9):
        day = first + timedelta(days=n - 4)
        number = dates.as_day(day)
        times = sum(period in span.periods for period in ledger.periods_of(number))
        times += sum(begin <= number <= end for begin, end in span.days)
        assert times == (first <= day <= last), day
    assert sum((dates.as_date(b) - dates.as_date(a)).days + 1 for a, b in span.days) <= 24


def test_a_season_without_an_end_lasts_and_is_dated_until_today() -> None:
    found = rules.window("season", MONDAY, "UTC", (20260101, None))
    assert found.days == (20260101, 20260302)
    assert found.span == BoardSpan((20261,))


def test_lately_is_read_as_of_the_guilds_own_today() -> None:
    assert rules.window("lately", SUNDAY_EVENING, "UTC").span == BoardSpan(lately=20260301)
    assert rules.window("lately", SUNDAY_EVENING, "Asia/Shanghai").span.lately == 20260302
