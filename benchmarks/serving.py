"""What serving costs, `implicit` beside it where it can do the same: time, loop time, memory.

    OPENBLAS_NUM_THREADS=1 python benchmarks/serving.py [--resources 20000]

A planted guild with a fitted model of 64 factors, all three views and their texts. First the
arithmetic alone: folding 50 events in, ranking every resource for a member, and for 10,000 members
in a batch; `implicit` 0.7.3 (the benchmarks' environment, `make bench`) does so from the same
matrix with as many factors, but ranks by its factors only. On a busy machine the processor's time
is what can be compared. Then whole answers out of the database; each figure is the median over 25
runs. Time on the event loop is the processor time of the loop's own thread: while SQLite works in
its thread or a reply travels, the loop serves others.
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
from scipy.sparse import csr_array, csr_matrix
from synthetic import DAY_S, GUILD, N_TASTES, NOW, plant

from bot.links.service import LinksService
from bot.recommend import arrays, refit
from bot.recommend.service import RecommendService, Request
from recommender import als, ranking
from recommender.batch import best_of_many
from recommender.features import known_of
from recommender.fitting import snapshot
from recommender.interactions import Interactions, Items, settle
from recommender.lists import Offer, compose, likeness
from recommender.model import DEFAULT_WEIGHTS, Model, Settings
from recommender.pool import Pool
from storage import deeds, snapshots, training
from storage.database import Database, open_database
from storage.records import Snapshot

N_RUNS = 25
N_FACTORS = 64
N_EVENTS = 50
N_BATCH = 10_000


async def fit(database: Database) -> tuple[Model, Interactions, Items]:
    """Store a live model of everything but the last day, fitted without tuning."""
    async with database.read() as conn:
        until = await training.watermark(conn, GUILD)
        n_fresh = int(until / 180)
        data = await refit.load(conn, GUILD, until - n_fresh)
        items, context = await refit.surroundings(conn, GUILD, NOW)
    settings = Settings(als.AlsSettings(n_factors=N_FACTORS, n_sweeps=3))
    as_of = NOW - DAY_S
    model = snapshot(
        data,
        items,
        as_of=as_of,
        settings=settings,
        weights=DEFAULT_WEIGHTS,
        seed=0,
        context=context,
    )
    metrics = {refit.WATERMARK: until - n_fresh}
    archive = arrays.pack(model)
    print(f"model: {len(archive) / 1e6:.1f} MB, {n_fresh:,} events since")
    live = Snapshot(
        guild_id=GUILD,
        state="live",
        reason="accepted",
        metrics=metrics,
        as_of_at=as_of,
        created_at=as_of,
        arrays=archive,
    )
    await database.write(lambda conn: snapshots.store(conn, live))
    return model, data, items


def histories(items: Items, n_members: int) -> Interactions:
    """Return 50 opens of each of some members, half of them of one taste."""
    rng = np.random.default_rng(1)
    rows = rng.integers(0, len(items), (n_members, N_EVENTS))
    tastes = rng.integers(0, N_TASTES, (n_members, 1))
    own = np.minimum(rows - rows % N_TASTES + tastes, len(items) - 1)
    rows = np.where(rng.random(rows.shape) < 0.5, own, rows)
    members = np.repeat(np.arange(n_members), N_EVENTS)
    ones = np.ones(len(members), np.float32)
    return Interactions(
        members=members,
        items=items.ids[rows.ravel()],
        weights=ones,
        times=np.full(len(members), NOW),
    )


def medians_ms(step: Callable[[], object], n_runs: int) -> tuple[float, float]:
    """Return milliseconds by the clock and of this thread's processor time."""
    step()
    walls, busy = [], []
    for _ in range(n_runs):
        wall, used = time.perf_counter(), time.thread_time()
        step()
        walls.append(1_000 * (time.perf_counter() - wall))
        busy.append(1_000 * (time.thread_time() - used))
    return statistics.median(walls), statistics.median(busy)


def arithmetic(model: Model, data: Interactions, items: Items) -> None:
    """Print what a fold-in, an answer and a batch cost without a database."""
    many = histories(items.take(np.isin(items.ids, model.ids)), N_BATCH)
    one = many.take(slice(0, N_EVENTS))
    own = settle(one)
    known, pool = known_of(model, own), Pool(model, items, Interactions.empty(), NOW)

    def answer() -> None:
        scores = pool.score(one, now=NOW)
        best = ranking.top(scores, 50, one.items)
        found = ranking.supports(model, one, scores, best)
        offer = Offer(
            total=np.zeros(len(best)),
            alike=0.5 * likeness(model, best),
            works=np.arange(len(best)),
            creators=np.full(len(best), -1),
            reasons=np.maximum(found.together + found.alike, 0),
            subjects=np.arange(len(found.items)),
            is_next=np.zeros(len(found.items), np.bool_),
            is_shared=np.zeros(len(found.items), np.bool_),
            is_elsewhere=np.zeros(len(best), np.bool_),
            is_held=np.zeros(len(best), np.bool_),
        )
        compose(offer, 5)

    fold = partial(als.fold_in, model.factors, known.rows, known.weights, model.settings.als)
    batch = partial(best_of_many, pool, many, now=NOW, k=10)
    theirs = _implicit(model, data, many)
    rows: list[tuple[str, Callable[[], object], int, float]] = [
        ("fold-in of 50 events", fold, 200, 0.3),
        ("an answer: rank, vary, explain", answer, 50, 5),
        (f"{N_BATCH:,} members in a batch", batch, 5, 5_000),
    ]
    print(f"\n{'':32} {'ours ms':>9} {'cpu ms':>9} {'implicit':>9} {'cpu ms':>9} {'limit':>9}")
    for (name, step, n_runs, limit), their in zip(rows, theirs, strict=True):
        ours = "{:9.2f} {:9.2f}".format(*medians_ms(step, n_runs))
        beside = "{:9.2f} {:9.2f}".format(*medians_ms(their, n_runs)) if their else f"{'-':>19}"
        print(f"{name:32} {ours} {beside} {limit:9.1f}", flush=True)


def _implicit(
    model: Model, data: Interactions, many: Interactions
) -> list[Callable[[], object] | None]:
    """Return the same three steps by `implicit`, None where it is not installed."""
    try:
        from implicit.als import AlternatingLeastSquares
    except ImportError:
        return [None, None, None]

    def matrix(events: Interactions) -> csr_array:
        own = settle(events)
        members, rows = np.unique(own.members, return_inverse=True)
        columns = np.searchsorted(model.ids, own.items)
        shape = (len(members), len(model.ids))
        return csr_matrix((np.abs(own.weights), (rows, columns)), shape=shape)

    peer = AlternatingLeastSquares(factors=N_FACTORS, iterations=3, num_threads=1, random_state=0)
    peer.fit(matrix(data), show_progress=False)
    asked = matrix(many)
    one, all_members = asked[:1], np.arange(asked.shape[0])
    return [
        partial(peer.recalculate_user, 0, one),
        partial(peer.recommend, 0, one, N=50, recalculate_user=True),
        partial(peer.recommend, all_members, asked, N=10, recalculate_user=True),
    ]


async def measure(database: Database, service: RecommendService, member: int) -> None:
    """Print medians for the steps of an answer to one member."""
    async with database.read() as conn:
        n_deeds = len(await deeds.of(conn, GUILD, member))

    async def rank(topic: str | None = None) -> None:
        async with database.read() as conn:
            await service.rank(conn, Request(guild_id=GUILD, user_id=member, topic=topic))

    steps: dict[str, Callable[[], Awaitable[object]]] = {
        "rank": rank,
        "rank on a topic": partial(rank, "topic 7"),
        "recommend (with impressions)": partial(
            service.recommend, Request(guild_id=GUILD, user_id=member)
        ),
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
            model, data, items = await fit(database)
            arithmetic(model, data, items)
            links = LinksService(database, lambda: now, None)
            rng = np.random.default_rng(0)
            print(f"{n_resources:,} resources, 5,000 members, {n_events:,} events")
            service, before = (
                RecommendService(database=database, clock=lambda: now, rng=rng, links=links),
                _peak_mb(),
            )
            for member in (2_500, 1):
                await measure(database, service, member)
            print(
                f"\npeak memory {_peak_mb():.0f} MB, {_peak_mb() - before:.0f} MB of it by serving"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resources", type=int, default=20_000)
    asyncio.run(main(parser.parse_args().resources))
