"""A preview over a million events: how long, how much memory, how long the event loop waits.

    python benchmarks/preview.py [--events 1000000] [--members 20000]

Events are made as a busy month has them: messages and replies, helpful reactions on them, some
deleted, some taken back. Then the service previews a draft over 30 days, in processes of its own,
while a watcher measures how late the loop comes back to it, as it did before with nothing to do.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from bot.points.service import PointsService
from bot.rewards import fields, kinds, ruleset
from bot.rewards.decisions import emoji_hashes
from bot.rulebook.rescoring import Progress
from bot.rulebook.service import RulebookService
from storage.connection import Connection
from storage.database import Database, open_database
from storage.records import EventKind
from storage.schema import events

GUILD = 1 << 60
NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAYS = 29
IDLE_S = 5.0


async def fill(database: Database, n_events: int, n_members: int, seed: int = 1) -> None:
    rng = Random(seed)
    first = NOW.timestamp() - DAYS * ruleset.DAY_S
    people = [(1 << 58) + n for n in range(n_members)]
    shares = [1 / (n + 1) ** 0.7 for n in range(n_members)]
    thumbs = min(emoji_hashes(kinds.HELPFUL_EMOJI))
    authors: list[int] = []
    for start in range(0, n_events, 20_000):
        rows = []
        actors = rng.choices(people, shares, k=20_000)
        for i in range(start, min(start + 20_000, n_events)):
            at = first + i * DAYS * ruleset.DAY_S / n_events
            row: dict[str, Any] = {
                "guild_id": GUILD,
                "source_id": i,
                "kind": int(EventKind.MESSAGE),
                "user_id": actors[i - start],
                "qualifier": 0,
                "occurred_at": at,
                "recorded_at": at,
                "channel_id": 5,
                "target_id": None,
                "length_class": rng.randrange(4),
                "novelty": int(rng.random() > 0.1),
                "in_thread": False,
                "has_attachment": False,
            }
            luck = rng.random()
            if luck < 0.45 and i > 100:
                source = rng.randrange(max(0, i - 2_000), i)
                row |= {
                    "kind": int(EventKind.REACTION if luck < 0.42 else EventKind.MESSAGE_DELETED),
                    "source_id": source,
                    "qualifier": thumbs if luck < 0.42 else 0,
                    "target_id": authors[source],
                    "novelty": None,
                }
            elif luck < 0.6 and authors:
                row |= {"target_id": authors[rng.randrange(len(authors))], "in_thread": True}
            authors.append(row["user_id"])
            rows.append(row)
        await database.write(partial(_insert, rows))


async def _insert(rows: list[dict[str, Any]], conn: Connection) -> None:
    await conn.execute(events.insert().prefix_with("OR IGNORE"), rows)


async def watch(late: list[float]) -> None:
    while True:
        asked = time.perf_counter()
        await asyncio.sleep(0.005)
        late.append(time.perf_counter() - asked - 0.005)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=20_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(Path(folder) / "lyceum.sqlite3") as database:
            await fill(database, asked.events, asked.members)
            await measure(database)


async def measure(database: Database) -> None:
    def clock() -> datetime:
        return NOW

    service = RulebookService.of(database, clock, PointsService(database, clock))
    await service.drafts.edit(GUILD, 7, fields.field_of("message", "points"), "2")
    idle: list[float] = []
    watcher = asyncio.create_task(watch(idle))
    await asyncio.sleep(IDLE_S)
    watcher.cancel()
    late: list[float] = []
    watcher = asyncio.create_task(watch(late))
    started = time.perf_counter()
    shown = await service.previews.of_days(GUILD, 30, Progress())
    took = time.perf_counter() - started
    watcher.cancel()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{shown.n_events:,} events, {shown.after.n_earning:,} members earning: {took:.2f} s")
    print(
        f"the processes took {used.ru_utime + used.ru_stime:.1f} s of the processor,"
        f" the larger one {used.ru_maxrss / 1024:.0f} MB"
    )
    for what, lags in (("idle", idle), ("beside it", late)):
        lags.sort()
        print(
            f"{what}, the loop came late by {1000 * lags[len(lags) // 2]:.1f} ms at the median,"
            f" {1000 * lags[int(len(lags) * 0.99)]:.1f} ms at p99, {1000 * lags[-1]:.0f} ms at most"
        )
    print(f"minted {shown.before.minted / 100:,.0f} → {shown.after.minted / 100:,.0f}")


if __name__ == "__main__":
    asyncio.run(main())
