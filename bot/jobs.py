"""Scheduled work: plain coroutines that are told the time, ticked by the clock that nobody sets.

The pauses between ticks are counted by the event loop's own clock, which runs on whether the
machine's is put forward or back. A job decides by stored state whether anything is due, so a tick
too many or one missed does no harm. Tests and the demo tick the same jobs themselves.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.clock import Clock

log = logging.getLogger(__name__)
T = TypeVar("T")


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


async def each(what: str, items: Iterable[T], work: Callable[[T], Awaitable[object]]) -> None:
    """Do the same for everybody; what goes wrong with one is logged and keeps no other waiting."""
    for item in items:
        try:
            await work(item)
        except Exception:
            log.exception("%s failed; the others have their turns", what)


@asynccontextmanager
async def scheduled(jobs: tuple[Job, ...], clock: Clock) -> AsyncIterator[None]:
    """Tick `jobs` while the context is open; one job never overlaps itself.

    At the end, ticks under way are cancelled and awaited: nothing outlives the context.
    """
    tasks = [asyncio.create_task(_tick(job, clock), name=f"job {job.name}") for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _tick(job: Job, clock: Clock) -> None:
    while True:
        await asyncio.sleep(job.every_s)
        await job.tick(clock())
