"""Which backups stay."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rotation import KEPT_DAYS, Named, kept, read

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # a Wednesday


def ago(days: float, before: str = "") -> Named:
    return Named((NOW - timedelta(days=days)).replace(microsecond=0), before)


def test_a_year_of_daily_backups_leaves_seven_days_and_four_weeks() -> None:
    stays: set[Named] = set()
    for day in range(365):
        now = NOW + timedelta(days=day)
        stays = kept(stays | {Named(now)}, now)
    days = sorted((now - each.made).days for each in stays)
    assert days[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert len(days) in (9, 10)  # the newest of the present week, and of the last one, are among 7
    assert days[-1] <= KEPT_DAYS


@pytest.mark.parametrize(
    ("there", "stays"),
    [
        ([0, 0.02, 0.1], [0]),
        ([0, 1, 1.01], [0, 1]),
        ([0, 40, 50], [0]),
        ([90, 91], [90]),  # backups failed for long: the last one is never taken away
        ([0, 9, 16, 23, 30], [0, 9, 16, 23, 30]),
        ([-400, 0, 1], [-400, 1]),  # a clock was wrong once
    ],
)
def test_kept(there: list[float], stays: list[float]) -> None:
    assert kept(map(ago, there), NOW) == {ago(days) for days in stays}


def test_the_last_one_before_an_upgrade_stays_beside_the_day_s_newest() -> None:
    there = [ago(0), ago(3), ago(3.1, "0019"), ago(20), ago(20.1, "0018")]
    assert kept(there, NOW) == {ago(0), ago(3), ago(3.1, "0019"), ago(20)}


@given(st.lists(st.integers(-900, 900).map(lambda hours: ago(hours / 24)), min_size=1))
def test_the_newest_stays_and_what_stays_is_not_old_and_stays_again(there: list[Named]) -> None:
    stays = kept(there, NOW)
    assert max(there) in stays
    assert all(NOW - each.made <= timedelta(days=KEPT_DAYS) for each in stays - {max(there)})
    assert kept(stays, NOW) == stays


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("lyceum-20261125T030000Z.sqlite3", Named(NOW)),
        ("lyceum-20261125T030000Z-before-0019.sqlite3", Named(NOW, "0019")),
        ("lyceum-20261125T030000Z.sqlite3.json", None),
        ("lyceum-20261125T030000Z.sqlite3.part", None),
        ("lyceum-20261325T030000Z.sqlite3", None),
        ("lyceum-٢٠261125T030000Z.sqlite3", None),
        ("lyceum.sqlite3", None),
        ("my lyceum-20261125T030000Z.sqlite3", None),
    ],
)
def test_a_name_is_read_and_nothing_else_is_taken_for_one(name: str, found: Named | None) -> None:
    assert read(name) == found
    assert found is None or str(found) == name
