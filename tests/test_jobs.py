"""Scheduled work ticks whatever becomes of the machine's clock, and ends with its context."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.jobs import Job, each, scheduled

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONG_S = 60


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(days=365)])
async def test_jobs_tick_on_after_the_clock_is_set(step: timedelta) -> None:
    clock = [START]
    seen: list[datetime] = []

    async def note(now: datetime) -> None:
        seen.append(now)
        clock[0] += step

    async with scheduled((Job("noted", 0, note),), lambda: clock[0]):
        await asyncio.sleep(0.2)
    assert seen[:4] == [START + n * step for n in range(4)]


async def test_pauses_are_not_counted_by_the_clock_that_can_be_set() -> None:
    loop, asked = asyncio.get_running_loop(), 0

    def stuck() -> datetime:
        nonlocal asked
        asked += 1
        return START  # always the same moment

    began, ticks = loop.time(), []

    async def note(_: datetime) -> None:
        ticks.append(loop.time() - began)

    async with scheduled((Job("noted", 1, note),), stuck):
        await asyncio.sleep(2.3)
    assert len(ticks) == asked == 2
    assert time.get_clock_info("monotonic").adjustable is False


async def test_a_job_that_fails_is_tried_again_and_hinders_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ran: list[str] = []

    async def fail(_: datetime) -> None:
        ran.append("failing")
        raise RuntimeError("no")

    async def work(_: datetime) -> None:
        ran.append("working")

    async with scheduled((Job("failing", 0, fail), Job("working", 0, work)), lambda: START):
        await asyncio.sleep(0.2)
    assert min(ran.count("failing"), ran.count("working")) >= 2
    assert "job failing failed" in caplog.text


async def test_a_job_never_overlaps_itself_and_ends_with_the_context() -> None:
    running, ended = 0, False

    async def linger(_: datetime) -> None:
        nonlocal running, ended
        running += 1
        assert running == 1
        try:
            await asyncio.sleep(LONG_S)
        finally:
            running, ended = running - 1, True

    async with scheduled((Job("lingering", 0, linger),), lambda: START):
        await asyncio.sleep(0.1)
    assert ended
    assert running == 0


async def test_what_goes_wrong_with_one_hinders_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        if number == 2:
            raise RuntimeError("no")
        done.append(number)

    await each("a turn", (1, 2, 3), work)
    assert done == [1, 3]
    assert "a turn failed; the others have their turns" in caplog.text
