from datetime import UTC, datetime

import pytest

from bot.boards import rules
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
        ((20260301, 20260401), BoardSpan(periods=(202603,))),
        ((20251201, 20260301), BoardSpan(periods=(202512, 202601, 202602))),
        ((20240201, 20240301), BoardSpan(periods=(202402,))),
        ((20260215, 20260401), BoardSpan(days=(20260215, 20260331))),
        ((20260301, 20260331), BoardSpan(days=(20260301, 20260330))),
    ],
)
def test_a_season_of_whole_months_is_read_from_them(
    season: tuple[int, int], span: BoardSpan
) -> None:
    found = rules.window("season", MONDAY, "UTC", season)
    assert found.span == span
    assert found.days is not None
    assert found.days[0] == season[0]


def test_a_season_without_an_end_lasts_and_is_dated_until_today() -> None:
    found = rules.window("season", MONDAY, "UTC", (20260215, None))
    assert found.days == (20260215, 20260302)
    assert found.span == BoardSpan(days=(20260215, 99981231))


def test_lately_halves_every_week() -> None:
    weights = dict(rules.window("lately", MONDAY, "UTC").span.weights)
    assert weights[20260302] == 1.0
    assert weights[20260223] == 0.5
    assert weights[20260216] == 0.25
    assert min(weights) == 20260120
    assert len(weights) == 42
