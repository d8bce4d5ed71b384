"""What ``/recommend`` costs: time, time on the event loop, and memory.

    python benchmarks/serving.py [--resources 20000]

A planted guild with a fitted model; each figure is the median over 25 runs. Time on the event
loop is the processor time of the loop's own thread: while SQLite works in its thread or a reply
travels, the loop serves others.
"""

import argparse
import asyncio
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
from synthetic import DAY_S, GUILD, NOW, plant

from bot.links.service import LinksService
from bot.recommend import refit
from bot.recommend.service import RecommendService
from recommender import als
from recommender.fitting import snapshot
from recommender.model import DEFAULT_WEIGHTS, Settings
from storage import snapshots, training
from storage.database import Database, open_database
from storage.records import Snapshot

N_RUNS = 25


async def fit(database: Database) -> None:
    """Store a live model of everything but the last day, fitted without tuning."""
    async with database.read() as conn:
        until = await training.watermark(conn, GUILD)
        n_fresh = int(until / 180)
        parts = [
            refit.interactions(part) async for part in training.chunks(conn, GUILD, until - n_fresh)
        ]
        items = await refit.catalogue(conn, GUILD)
    settings = Settings(als.AlsSettings(n_factors=32, n_sweeps=2))
    model = snapshot(
        parts[0], items, as_of=NOW - DAY_S, settings=settings, weights=DEFAULT_WEIGHTS, seed=0
    )
    metrics = {refit.WATERMARK: until - n_fresh}
    archive = refit.pack(model)
    print(f"model: {len(archive) / 1e6:.1f} MB, {n_fresh:,} events since")
    live = Snapshot(GUILD, "live", "accepted", metrics, NOW - DAY_S, NOW - DAY_S, arrays=archive)
    await database.write(lambda conn: snapshots.store(conn, live))


async def measure(database: Database, service: RecommendService, member: int) -> None:
    """Print medians for the steps of an answer to one member."""
    async with database.read() as conn:
        n_deeds = len(await training.deeds(conn, GUILD, member))

    async def rank(topic: str | None = None) -> None:
        async with database.read() as conn:
            await service.rank(conn, GUILD, member, topic=topic, limit=5)

    steps: dict[str, Callable[[], Awaitable[object]]] = {
        "rank": rank,
        "rank on a topic": partial(rank, "topic 7"),
        "recommend (with impressions)": partial(service.recommend, GUILD, member),
        "similar": partial(service.similar, GUILD, member, 100),
    }
    await rank()
    print(f"\n{f'a member with {n_deeds} deeds':30} {'answer ms':>10} {'loop ms':>8}")
    for name, step in steps.items():
        walls, loops = [], []
        for _ in range(N_RUNS):
            wall, loop = time.perf_counter(), time.thread_time()
            await step()
            walls.append(1_000 * (time.perf_counter() - wall))
            loops.append(1_000 * (time.thread_time() - loop))
        print(f"{name:30} {statistics.median(walls):10.1f} {statistics.median(loops):8.1f}")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


async def main(n_resources: int) -> None:
    now = datetime.fromtimestamp(NOW, UTC)
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(Path(folder) / "lyceum.sqlite3") as database:
            n_events = 10 * n_resources
            plant(database.path, n_members=5_000, n_resources=n_resources, n_events=n_events)
            await fit(database)
            links = LinksService(database, lambda: now, None)
            rng = np.random.default_rng(0)
            print(f"{n_resources:,} resources, 5,000 members, {n_events:,} events")
            service, before = RecommendService(database, lambda: now, rng, links), _peak_mb()
            for member in (2_500, 1):
                await measure(database, service, member)
            print(
                f"\npeak memory {_peak_mb():.0f} MB, {_peak_mb() - before:.0f} MB of it by serving"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resources", type=int, default=20_000)
    asyncio.run(main(parser.parse_args().resources))
