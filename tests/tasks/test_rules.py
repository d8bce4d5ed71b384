"""What counts as a day and an address, and who may mark."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.tasks import rules
from storage.records import Task, Work

TASK = Task(guild_id=1, resource_id=2, title="T", text="Do it.", made_by=3)


@pytest.mark.parametrize(
    ("written", "zone", "end"),
    [
        ("2026-03-28", "UTC", datetime(2026, 3, 28, 23, 59, tzinfo=UTC)),
        ("2026-03-29", "Europe/Berlin", datetime(2026, 3, 29, 21, 59, tzinfo=UTC)),
        (" 2026-03-28 ", "Asia/Shanghai", datetime(2026, 3, 28, 15, 59, tzinfo=UTC)),
    ],
)
def test_a_day_ends_in_the_servers_time_zone(written: str, zone: str, end: datetime) -> None:
    at = rules.last_minute(written, zone)
    assert at == end.timestamp()
    assert rules.day_of(replace(TASK, due_at=at), zone) == written.strip()


@pytest.mark.parametrize("written", ["", "tomorrow", "31.12.2026", "2026-02-30", "20261231"])
def test_what_is_no_day_is_none(written: str) -> None:
    assert rules.last_minute(written, "UTC") is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://例子.example/作业", "https://xn--fsqu00a.example/%E4%BD%9C%E4%B8%9A"),
        ("javascript:alert(1)", ""),
        ("https://me:pass@example.org/", ""),
        ("example.org", ""),
        ("https://example.org/" + "x" * rules.LINK_MAX, ""),
    ],
)
def test_a_link_is_a_web_address_without_credentials(written: str, kept: str) -> None:
    assert rules.address(written) == kept


def test_what_comes_after_the_last_minute_is_late() -> None:
    task = replace(TASK, due_at=1_000.0)
    work = Work(guild_id=1, task_id=1, user_id=4, handed_in_at=1_059.0)
    assert not rules.is_late(task, work)
    assert rules.is_late(task, replace(work, handed_in_at=1_060.0))
    assert not rules.is_late(TASK, replace(work, handed_in_at=9e9))
