"""Scheduled work: plain coroutines that are told the time, ticked by APScheduler.

A job decides by stored state whether anything is due, so a tick too many or one missed does no
harm. Tests and the demo tick the same jobs themselves.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Work to look after every `every_s` seconds."""

    name: str
    every_s: int
    run: Callable[[datetime], Awaitable[None]]

    async def tick(self, now: datetime) -> None:
        """Run once; a failure is logged and the next tick tries again."""
        try:
            await self.run(now)
        except Exception:
            log.exception("job %s failed", self.name)


@asynccontextmanager
async def scheduled(jobs: tuple[Job, ...], clock: Clock) -> AsyncIterator[None]:
    """Tick `jobs` while the context is open; one job never overlaps itself.

    At the end, ticks under way are cancelled and awaited: nothing outlives the context.
    """
    running: set[asyncio.Task[None]] = set()
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )

    async def tick(job: Job) -> None:
        task = asyncio.ensure_future(job.tick(clock()))
        running.add(task)
        task.add_done_callback(running.discard)
        await task

    for job in jobs:
        scheduler.add_job(tick, "interval", args=[job], seconds=job.every_s, id=job.name)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
