"""What a refit of a large guild costs: seconds and memory, beside merely reading its rows.

    python benchmarks/scale.py [--events 5000000] [--members 100000] [--resources 20000]

Plants such a guild in a database file, then runs in fresh processes, one after the other: a plain
SELECT of the four columns that teach anything, row by row (the floor); the refit's own reading, in
chunks, into arrays; reading and one fit with 64 factors; and the whole refit that the bot starts
(`run_refit`), which tunes, judges, fits and stores. The limit is 1 GB for the last. Processor
seconds can be compared on a busy machine, wall seconds cannot: the refit is nice.
"""

import argparse
import asyncio
import multiprocessing
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from synthetic import GUILD, NOW, plant

from bot.recommend import arrays, refit
from bot.recommend.refit import RefitOutcome, run_refit
from storage import snapshots, training
from storage.database import open_database
from storage.migrate import migrate

T = TypeVar("T")

LIMIT_MB = 1_000
N_FACTORS = 64
FIRST_MEMBER = 700_000_000_000_000_000
_ROWS = (
    "SELECT user_id, resource_id, kind, occurred_at FROM events"
    " WHERE guild_id + 0 = ? AND resource_id IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock and of the processor, greatest resident memory, and what was said."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    said: str


def measured(step: Callable[[Path], str], path: Path, whose: int = resource.RUSAGE_SELF) -> Cost:
    """Run a step; called in a process that does nothing else."""
    before, started = resource.getrusage(whose), time.perf_counter()
    said = step(path)
    wall, after = time.perf_counter() - started, resource.getrusage(whose)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall_s=wall, cpu_s=cpu, peak_mb=after.ru_maxrss / 1_024, said=said)


def read_rows(path: Path) -> str:
    with closing(sqlite3.connect(path)) as conn:
        return f"{sum(1 for _ in conn.execute(_ROWS, (GUILD,))):,} rows"


def read_arrays(path: Path) -> str:
    async def run() -> str:
        async with open_database(path, is_passing=True) as database, database.read() as conn:
            data = await refit.load(conn, GUILD, await training.watermark(conn, GUILD))
            return f"{len(data):,} events"

    return asyncio.run(run())


def read_and_fit(path: Path) -> str:
    from recommender.als import AlsSettings
    from recommender.fitting import snapshot
    from recommender.model import DEFAULT_WEIGHTS, Settings

    async def run() -> str:
        async with open_database(path, is_passing=True) as database, database.read() as conn:
            data = await refit.load(conn, GUILD, await training.watermark(conn, GUILD))
            items = await arrays.catalogue(conn, GUILD)
        settings = Settings(AlsSettings(n_factors=N_FACTORS))
        snapshot(data, items, as_of=NOW, settings=settings, weights=DEFAULT_WEIGHTS, seed=0)
        return f"{N_FACTORS} factors, {settings.als.n_sweeps} sweeps"

    return asyncio.run(run())


def refit_all(path: Path) -> str:
    outcome = asyncio.run(run_refit(path, GUILD, now=NOW, timeout_s=36_000))
    return f"{outcome.state} ({outcome.reason}), {asyncio.run(_quality(path, outcome))}"


async def _quality(path: Path, outcome: RefitOutcome) -> str:
    async with open_database(path) as database, database.read() as conn:
        live = await snapshots.live(conn, GUILD)
    if live is None or live.arrays is None:
        return "no model"
    figures = {name: round(outcome.metrics[name]["ndcg"], 4) for name in ("new", "popularity_2d")}
    n_factors = arrays.unpack(live.arrays).factors.rows.shape[1]
    return f"{n_factors} factors, {len(live.arrays) / 1e6:.0f} MB, nDCG@10 {figures}"


def prepare(path: Path, n_members: int, n_resources: int, n_events: int) -> None:
    migrate(path)
    sizes = {"n_members": n_members, "n_resources": n_resources, "n_events": n_events}
    plant(path, **sizes, first_id=FIRST_MEMBER)


def alone(job: Callable[[], T]) -> T:
    """Run a job in a fresh process, whose memory is its own, and return what it returns."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as pool:
        return pool.submit(job).result()


def main(n_members: int, n_resources: int, n_events: int) -> int:
    print(f"{n_events:,} events of {n_members:,} members, {n_resources:,} resources\n")
    steps = {
        "rows read one by one (floor)": (read_rows, resource.RUSAGE_SELF),
        "rows read into arrays": (read_arrays, resource.RUSAGE_SELF),
        "read and one fit": (read_and_fit, resource.RUSAGE_SELF),
        "the refit": (refit_all, resource.RUSAGE_CHILDREN),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lyceum.sqlite3"
        alone(partial(prepare, path, n_members, n_resources, n_events))
        print(f"{'':30} {'wall s':>8} {'cpu s':>8} {'x floor':>8} {'peak MB':>8}")
        floor_s = 0.0
        for name, (step, whose) in steps.items():
            cost = alone(partial(measured, step, path, whose))
            floor_s = floor_s or cost.cpu_s
            figures = f"{cost.wall_s:8.1f} {cost.cpu_s:8.1f} {cost.cpu_s / floor_s:8.1f}"
            print(f"{name:30} {figures} {cost.peak_mb:8.0f}  {cost.said}", flush=True)
    print(f"\nthe refit's peak is {cost.peak_mb:.0f} MB, the limit {LIMIT_MB} MB")
    return int(cost.peak_mb >= LIMIT_MB)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--resources", type=int, default=20_000)
    asked = parser.parse_args()
    raise SystemExit(main(asked.members, asked.resources, asked.events))
