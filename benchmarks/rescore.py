"""Re-scoring what a busy month earned: how long, in what transactions, how late others are.

    python benchmarks/rescore.py [--events 100000] [--members 5000]

Makes the events of `benchmarks/preview.py`, pays for them, previews a draft that doubles what
messages pay, publishes it and re-scores since the first day, and takes that back. A watcher
measures how late the event loop comes back to it, and every transaction is timed from the moment
it has the writer.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from preview import DAYS, GUILD, NOW, fill, watch

from bot.points import awards
from bot.points.service import PointsService
from bot.rewards import fields, ruleset
from bot.rewards.calendar import day_written
from bot.rewards.kinds import ACTS
from bot.rulebook.rescoring import Progress
from bot.rulebook.service import RulebookService
from storage import consistency, rescores
from storage.connection import Connection
from storage.database import Database, open_database


@dataclass
class Timed:
    """A database whose transactions are timed."""

    database: Database
    lasted: list[float] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.database, name)

    async def write(self, job: Callable[[Connection], Awaitable[Any]]) -> Any:
        """Write as the database does, and take note of how long the job had the writer."""

        async def timed(conn: Connection) -> Any:
            started = time.perf_counter()
            try:
                return await job(conn)
            finally:
                self.lasted.append(time.perf_counter() - started)

        return await self.database.write(timed)


async def pay(database: Database) -> None:
    """Pay for all events, in the order of the log."""
    after = 0
    while True:

        async def job(conn: Connection, after: int = after) -> int:
            ids = await rescores.waiting(conn, ACTS, GUILD, after, 2_000)
            await awards.award(conn, GUILD, ids, NOW.timestamp())
            return ids[-1] if ids else 0

        after = await database.write(job)
        if not after:
            return


async def measured(name: str, work: Awaitable[Any], timed: Timed) -> Any:
    timed.lasted.clear()
    late: list[float] = []
    watcher = asyncio.create_task(watch(late))
    started, cpu = time.perf_counter(), time.process_time()
    found = await work
    took, used = time.perf_counter() - started, time.process_time() - cpu
    watcher.cancel()
    late.sort()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: {took:.1f} s ({used:.1f} s of the processor), {peak:.0f} MB at most;")
    print(f"  the loop came late by {_ms(late, 0.99)} ms at p99, {_ms(late, 1)} ms at most")
    if timed.lasted:
        lasted = sorted(timed.lasted)
        print(
            f"  {len(lasted):,} transactions of {_ms(lasted, 0.5)} ms at the median,"
            f" {_ms(lasted, 0.99)} ms at p99, {_ms(lasted, 1)} ms at most"
        )
    return found


def _ms(rising: list[float], share: float) -> str:
    return f"{1000 * rising[min(int(len(rising) * share), len(rising) - 1)]:.0f}"


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--members", type=int, default=5_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(Path(folder) / "lyceum.sqlite3") as database:
            await fill(database, asked.events, asked.members)
            await pay(database)
            await measure(database)


async def measure(database: Database) -> None:
    def clock() -> datetime:
        return NOW

    timed = Timed(database)
    through: Any = timed
    book = RulebookService.of(through, clock, PointsService(through, clock))
    await book.drafts.edit(GUILD, 7, fields.field_of("message", "points"), "2")
    since = day_written(NOW.timestamp() - DAYS * ruleset.DAY_S, "UTC")
    shown = await measured("preview", book.previews.of_rescore(GUILD, since, Progress()), timed)
    assert shown.rescored is not None
    n_entries = shown.rescored.effect.n_entries
    print(f"  {shown.n_events:,} events, {n_entries:,} payments would change")
    draft = await book.drafts.draft(GUILD)
    made = await book.publishing.publish(
        GUILD, 7, draft.stamp, "a benchmark", since=shown.rescored.since
    )
    assert made.rescore is not None
    done = await measured("re-score", book.rescoring.carry_out(made.rescore, Progress()), timed)
    assert done.n_entries == n_entries
    undo = await book.rescoring.undo(GUILD, 7, done.rescore_id, "a benchmark")
    undone = await measured("take back", book.rescoring.carry_out(undo, Progress()), timed)
    assert undone.amount == -done.amount
    async with database.read() as conn:
        assert await consistency.problems(conn) == []


if __name__ == "__main__":
    asyncio.run(main())
