import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import dates
from bot.checkins import rules
from bot.checkins.rules import Day, frozen_days, streak


@pytest.mark.parametrize(
    ("last", "today", "used", "expected"),
    [
        (None, 20260302, {}, []),
        (20260301, 20260302, {}, []),
        (20260228, 20260302, {}, [20260301]),
        (20260227, 20260302, {}, [20260228, 20260301]),
        (20260226, 20260302, {}, [20260227, 20260228, 20260301]),  # two of February, one of March
        (20260225, 20260302, {}, None),
        (20260301, 20260305, {}, None),
        (20260301, 20260304, {202603: 0}, [20260302, 20260303]),
        (20260301, 20260304, {202603: 1}, None),
        (20260310, 20260312, {202603: 1, 202602: 2}, [20260311]),
        (20260310, 20260312, {202603: 2}, None),
        (20240228, 20240301, {}, [20240229]),
        (20251231, 20260102, {202512: 2}, [20260101]),
        (20250101, 20260302, {}, None),
    ],
)
def test_freezes_cover_what_their_month_has_left(
    last: int | None, today: int, used: dict[int, int], expected: list[int] | None
) -> None:
    assert frozen_days(last, today, used) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], 0),
        ([Day(20260302)], 1),
        ([Day(20260302), Day(20260301)], 2),
        ([Day(20260302), Day(20260301, True), Day(20260228)], 2),
        ([Day(20260302), Day(20260228), Day(20260227)], 1),
        ([Day(20260101), Day(20251231), Day(20251230)], 3),
    ],
)
def test_a_streak_counts_check_ins_and_bridges_frozen_days(days: list[Day], expected: int) -> None:
    assert streak(days) == expected


@given(st.lists(st.integers(1, 5), min_size=1, max_size=40))
def test_no_month_ever_uses_more_than_its_freezes(gaps: list[int]) -> None:
    import datetime

    at, used, last = datetime.date(2026, 1, 15), dict[int, int](), None
    for gap in gaps:
        today = at.year * 10_000 + at.month * 100 + at.day
        for day in frozen_days(last, today, used) or []:
            month = rules.month_of(day)
            used[month] = used.get(month, 0) + 1
        assert all(n <= rules.FREEZES_A_MONTH for n in used.values())
        last, at = today, at + datetime.timedelta(days=gap)


def test_the_next_day_begins_at_local_midnight() -> None:
    at = 1_772_442_000.0  # 2026-03-02 09:00 UTC, 17:00 in Shanghai
    assert dates.next_day_at(at, "UTC") == 1_772_496_000.0
    assert dates.next_day_at(at, "Asia/Shanghai") == 1_772_467_200.0
