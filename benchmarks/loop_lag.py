"""How late the event loop is while a refit runs.

    python benchmarks/loop_lag.py [--events N]

A coroutine sleeps for 5 ms again and again and notes how much later it wakes. That is done with
nothing else to do, while the bot's own refit (a process of its own, nice, one BLAS thread) fits a
planted guild, and while the same fit runs the naive way, in a thread. The first two are what a
member feels; p99 must stay below 50 ms.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import numpy as np
from synthetic import GUILD, NOW, plant

from bot.recommend.arrays import catalogue
from bot.recommend.refit import load, run_refit
from recommender.training import train
from storage import training
from storage.database import Database, open_database

PERIOD_S = 0.005
IDLE_S = 15.0
LIMIT_MS = 50.0


async def lags_while(work: Awaitable[Any]) -> tuple[np.ndarray, float, Any]:
    """Return lags in ms while `work` is awaited, how long it took in seconds, and its result."""
    task = asyncio.ensure_future(work)
    started, lags = time.perf_counter(), []
    while not task.done():
        before = time.perf_counter()
        await asyncio.sleep(PERIOD_S)
        lags.append(1_000 * (time.perf_counter() - before - PERIOD_S))
    return np.array(lags), time.perf_counter() - started, task.result()


async def fit_in_thread(database: Database) -> None:
    """Do what the refit does without its process."""
    async with database.read() as conn:
        until = await training.watermark(conn, GUILD)
        data = await load(conn, GUILD, until)
        items = await catalogue(conn, GUILD)
    await asyncio.to_thread(train, data, items, now=NOW, seed=0)


async def main(n_events: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(Path(folder) / "lyceum.sqlite3") as database:
            n_members, n_resources = n_events // 40, n_events // 50
            sizes = {"n_members": n_members, "n_resources": n_resources, "n_events": n_events}
            plant(database.path, **sizes)
            print(f"{n_events:,} events of {n_members:,} members, {n_resources:,} resources\n")
            print(f"{'beside':28} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8} {'for s':>7}")
            report("nothing", *await lags_while(asyncio.sleep(IDLE_S)))
            lag = await lags_while(run_refit(database.path, GUILD, now=NOW))
            report("the refit, a process", *lag)
            report("the same fit in a thread", *await lags_while(fit_in_thread(database)))
            outcome, p99 = lag[2], float(np.percentile(lag[0], 99))
            print(f"\nrefit: {outcome.state} ({outcome.reason}); {outcome.metrics}")
            print(f"p99 beside the refit is {p99:.1f} ms, the limit {LIMIT_MS:.0f} ms")
            raise SystemExit(p99 >= LIMIT_MS)


def report(name: str, lags: np.ndarray, seconds: float, _: object) -> None:
    p50, p99 = np.percentile(lags, [50, 99])
    print(f"{name:28} {p50:8.2f} {p99:8.2f} {lags.max():8.2f} {seconds:7.1f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    asyncio.run(main(parser.parse_args().events))
