from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import opening, zones
from bot.digest import rules
from storage.records import DigestSetting

MONDAY, SUNDAY = 0, 6


def moments(first: int, last: int) -> st.SearchStrategy[datetime]:
    start, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC)
    seconds = st.integers(0, int((end - start).total_seconds()))
    return seconds.map(lambda passed: start + timedelta(seconds=passed))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "weekday", "hour", "after", "expected"),
    [
        # an ordinary week, and the very moment itself, which counts as past
        ("Europe/Berlin", MONDAY, 9, "2026-11-20 12:00", "2026-11-23 08:00"),
        ("Europe/Berlin", MONDAY, 9, "2026-11-23 07:59:59", "2026-11-23 08:00"),
        ("Europe/Berlin", MONDAY, 9, "2026-11-23 08:00", "2026-11-30 08:00"),
        # the local hour stays, summer and winter
        ("Europe/Berlin", MONDAY, 9, "2026-03-25 00:00", "2026-03-30 07:00"),
        ("Europe/Berlin", MONDAY, 9, "2026-10-20 00:00", "2026-10-26 08:00"),
        # 02:00 to 03:00 does not exist: three o'clock instead
        ("Europe/Berlin", SUNDAY, 2, "2026-03-28 00:00", "2026-03-29 01:00"),
        ("America/New_York", SUNDAY, 2, "2026-03-07 12:00", "2026-03-08 07:00"),
        # 02:00 (01:00) happens twice: the first
        ("Europe/Berlin", SUNDAY, 2, "2026-10-24 12:00", "2026-10-25 00:00"),
        ("Europe/Berlin", SUNDAY, 2, "2026-10-25 00:00", "2026-11-01 01:00"),
        ("Europe/Berlin", SUNDAY, 2, "2026-10-25 00:30", "2026-11-01 01:00"),
        ("America/New_York", SUNDAY, 1, "2026-11-01 00:00", "2026-11-01 05:00"),
        ("America/New_York", SUNDAY, 1, "2026-11-01 05:30", "2026-11-08 06:00"),
        # no clock changes, but the date line of UTC in between
        ("Asia/Shanghai", MONDAY, 7, "2026-11-22 22:00", "2026-11-22 23:00"),
        ("Asia/Shanghai", MONDAY, 9, "2026-11-23 00:59", "2026-11-23 01:00"),
        # half an hour is skipped, and half an hour happens twice
        ("Australia/Lord_Howe", SUNDAY, 2, "2026-10-03 00:00", "2026-10-03 15:30"),
        ("Australia/Lord_Howe", SUNDAY, 2, "2026-04-04 00:00", "2026-04-04 15:30"),
        ("Australia/Lord_Howe", SUNDAY, 1, "2026-04-04 00:00", "2026-04-04 14:00"),
        # midnight itself is skipped
        ("Africa/Cairo", 4, 0, "2026-04-23 12:00", "2026-04-23 22:00"),
        # a whole Friday was skipped: the first moment of Saturday
        ("Pacific/Apia", 4, 9, "2011-12-29 00:00", "2011-12-30 10:00"),
    ],
)
def test_the_next_digest_keeps_local_time(
    zone: str, weekday: int, hour: int, after: str, expected: str
) -> None:
    assert rules.next_due(utc(after), ZoneInfo(zone), weekday, hour) == utc(expected)


@given(
    after=moments(2020, 2037),
    zone=st.sampled_from(zones.names()).map(ZoneInfo),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
)
def test_the_next_digest_is_later_within_a_week_and_at_the_wanted_hour_if_there_is_one(
    after: datetime, zone: ZoneInfo, weekday: int, hour: int
) -> None:
    due = rules.next_due(after, zone, weekday, hour)
    assert after < due <= after + timedelta(days=7, hours=3)
    local = due.astimezone(zone)
    wanted = local.replace(hour=hour, minute=0, second=0, microsecond=0, tzinfo=None)
    if (local.weekday(), local.hour, local.minute, local.second) == (weekday, hour, 0, 0):
        assert local.fold == 0
        return
    # Only a gap excuses another hour: a second earlier, clocks showed less than was wanted.
    before = (due - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    if local.weekday() != weekday:
        wanted -= timedelta(days=1)
    assert before < wanted <= local.replace(tzinfo=None)


@given(
    start=moments(2024, 2030),
    zone=st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]
    ).map(ZoneInfo),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
)
def test_each_week_has_its_own_period(
    start: datetime, zone: ZoneInfo, weekday: int, hour: int
) -> None:
    due, periods = start, []
    for _ in range(60):
        due = rules.next_due(due, zone, weekday, hour)
        periods.append(rules.period(due, zone))
    assert periods == sorted(set(periods))


def test_a_period_is_the_week_of_the_local_date() -> None:
    sunday_in_new_york = utc("2026-11-23 02:00")
    assert rules.period(sunday_in_new_york, ZoneInfo("America/New_York")) == "2026-W47"
    assert rules.period(sunday_in_new_york, ZoneInfo("Asia/Shanghai")) == "2026-W48"
    assert rules.period(utc("2027-01-01 12:00"), ZoneInfo("UTC")) == "2026-W53"


def test_first_messages_are_limited_by_the_tighter_window() -> None:
    assert opening.first_allowance([0, 0]) == 5
    assert opening.first_allowance([4, 10]) == 1
    assert opening.first_allowance([0, 49]) == 1
    assert opening.first_allowance([5, 10]) == 0
    assert opening.first_allowance([0, 60]) < 0


def test_a_claim_is_left_alone_for_a_minute_and_given_up_after_a_day() -> None:
    assert rules.fate(0) == rules.fate(59) == "wait"
    assert rules.fate(60) == rules.fate(86_399) == "retry"
    assert rules.fate(86_400) == "give up"


def test_only_who_opted_in_and_takes_messages_is_due() -> None:
    now = utc("2026-11-23 08:00")
    on = DigestSetting(guild_id=1, user_id=2, is_on=True, weekday=0, hour=9, due_at=now.timestamp())
    assert rules.is_due(on, now)
    assert not rules.is_due(on, now - timedelta(seconds=1))
    assert not rules.is_due(None, now)
    assert not rules.is_due(
        DigestSetting(
            guild_id=1, user_id=2, is_on=False, weekday=0, hour=9, due_at=now.timestamp()
        ),
        now,
    )
    assert not rules.is_due(
        DigestSetting(
            guild_id=1, user_id=2, is_on=True, weekday=0, hour=9, due_at=1.0, closed_at=1.0
        ),
        now,
    )
    assert not rules.is_due(
        DigestSetting(guild_id=1, user_id=2, is_on=True, weekday=0, hour=9), now
    )
