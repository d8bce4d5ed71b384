"""What it takes to compose everybody's digest at once, and how late the event loop is beside it.

    OPENBLAS_NUM_THREADS=1 python benchmarks/composing.py [--members 10000] [--resources 20000]

A planted catalogue with a fitted model of 64 factors, in a process of its own at the lowest
priority; fifty opens of each member. Timed is what comes after: ranking the twelve best of
everybody in a batch and laying them into sections. Meanwhile a coroutine here sleeps for 5 ms again
and again and notes how much later it wakes: at most 30 s for 10,000 members and a p99 of 5 ms are
wanted. No chance of being opened is looked up, and no question: those are reads of one letter.
"""

import argparse
import asyncio
import multiprocessing
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
from loop_lag import lags_while
from serving import N_FACTORS, histories
from synthetic import N_TASTES, NOW

from bot.digest.composition import DEEP, NEW_S, Candidate, compose
from recommender import als
from recommender.batch import best_of_many
from recommender.fitting import snapshot
from recommender.interactions import Interactions, Items
from recommender.model import DEFAULT_WEIGHTS, Settings
from recommender.pool import Pool

IDLE_S = 10.0
LIMIT_S, LIMIT_MS = 30.0, 5.0
N_FITTED = 2_000
_held: dict[str, Any] = {}


def prepare(n_members: int, n_resources: int) -> None:
    """Fit a model in this process, and keep it with everybody's history."""
    os.nice(19)
    rng = np.random.default_rng(3)
    base = Items(np.arange(1, n_resources + 1), NOW - rng.random(n_resources) * 1e8)
    settings = Settings(als.AlsSettings(n_factors=N_FACTORS, n_sweeps=3))
    model = snapshot(
        histories(base, N_FITTED),
        base,
        as_of=NOW,
        settings=settings,
        weights=DEFAULT_WEIGHTS,
        seed=0,
    )
    _held["pool"] = Pool(model, base, Interactions.empty(), NOW)
    _held["past"] = histories(base, n_members)
    _held["age"] = NOW - base.published


def compose_all() -> tuple[int, int, float, float]:
    """Return how many digests there are, how many items, seconds, and the peak of memory in MB."""
    started = time.perf_counter()
    pool, ages = _held["pool"], _held["age"]
    members, chosen = best_of_many(pool, _held["past"], now=NOW, k=DEEP)
    n_items = 0
    for row in chosen.tolist():
        ranked = [
            Candidate(
                resource_id=number,
                kind="course" if number % 7 == 0 else "article",
                topics=frozenset({str(number % N_TASTES)}),
                age_s=float(ages[number - 1]) % (2 * NEW_S),
                chance=1.0,
            )
            for number in row
            if number >= 0
        ]
        n_items += len(compose(ranked, topics={str(row[0] % N_TASTES)}).lines)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return len(members), n_items, time.perf_counter() - started, peak


async def main(n_members: int, n_resources: int) -> None:
    """Measure and print."""
    fresh, loop = multiprocessing.get_context("spawn"), asyncio.get_running_loop()
    with ProcessPoolExecutor(1, mp_context=fresh) as beside:
        await loop.run_in_executor(beside, prepare, n_members, n_resources)
        idle, _, _ = await lags_while(asyncio.sleep(IDLE_S))
        lags, _, found = await lags_while(loop.run_in_executor(beside, compose_all))
    n_digests, n_items, took_s, peak = found
    print(
        f"{n_digests:,} digests of {n_items / n_digests:.1f} items over {n_resources:,} resources"
    )
    print(f"{took_s:.1f} s in a child process (limit {LIMIT_S:.0f} s), peak {peak:.0f} MB there")
    for name, of in (("idle", idle), ("beside it", lags)):
        p50, p99 = np.percentile(of, (50, 99))
        print(f"loop {name}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, max {of.max():.1f} ms")
    print(f"limit of p99: {LIMIT_MS:.0f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--resources", type=int, default=20_000)
    asked = parser.parse_args()
    asyncio.run(main(asked.members, asked.resources))
