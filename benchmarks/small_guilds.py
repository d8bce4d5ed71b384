"""Small guilds: is what the bot serves ever worse than recent popularity, and when is it better.

    OPENBLAS_NUM_THREADS=1 python benchmarks/small_guilds.py [--seeds 200] [--picture FILE]

Invented communities of 20, 40, 80 and 200 members with 30 to 300 resources, as many of each size as
seeds. Their kind is drawn, too: from a feed where a resource lives for two days to a shelf that
never ages, from one taste for all to six that hardly meet, texts that say what a resource is about
or say little. Half a year passes; the refit sees the first three quarters of the events, then what
the bot would serve (the model if the refit accepted it, the fallback if not) and decayed popularity
(2 days, each person once) rank the same choices of the last quarter, each with everything known up
to the second before. Reported for each size: the paired difference in nDCG@10 with its 95 %
interval over communities, and in how many communities alone the 95 % bootstrap interval over their
members lies below 0, where 2.5 % would by chance.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender import ranking
from recommender.context import Context
from recommender.evaluation import Replay, gain_interval, gains, rank, timeline
from recommender.fitting import fallback
from recommender.interactions import Interactions, Items, first_positives
from recommender.popularity import DAY_S, count
from recommender.training import train

SIZES = (20, 40, 80, 200)
N_DAYS = 180
START = 1_750_000_000.0
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Guild:
    """An invented community."""

    data: Interactions
    items: Items
    context: Context


@dataclass(frozen=True, slots=True)
class Result:
    """How one community was served."""

    n_members: int
    n_events: int
    is_model: bool
    served: float
    popular: float
    is_worse: bool
    is_better: bool


def invent(seed: int, n_members: int) -> Guild:
    """Make a community: who opened what when, and what the catalogue says about it."""
    rng = np.random.default_rng([seed, n_members])
    n_items, n_tastes = int(rng.integers(30, 301)), int(rng.integers(1, 7))
    life_days = 2 * 60 ** rng.random()
    is_shelf = rng.random() < 0.3
    focus = rng.uniform(0.5, 3.0)
    published = START + np.sort(rng.uniform(0, 0.2 if is_shelf else 1.0, n_items)) * N_DAYS * DAY_S
    of_item, appeal = rng.integers(0, n_tastes, n_items), rng.normal(0, 0.8, n_items)
    of_member = rng.integers(0, n_tastes, n_members)
    activity = rng.lognormal(0, 1, n_members)
    n_events = rng.poisson(n_members * rng.uniform(10, 40))
    times = START + np.sort(rng.uniform(0.02, 1.0, n_events)) * N_DAYS * DAY_S
    members = rng.choice(n_members, n_events, p=activity / activity.sum())
    chosen = np.full(n_events, -1)
    seen: set[tuple[int, int]] = set()
    for n, (member, now) in enumerate(zip(members.tolist(), times.tolist(), strict=True)):
        age_days = (now - published) / DAY_S
        liking = appeal + focus * (of_item == of_member[member])
        score = liking - (0 if is_shelf else age_days / life_days) + rng.gumbel(0, 1, n_items)
        score[age_days < 0] = -np.inf
        item = int(np.argmax(score))
        if np.isfinite(score[item]) and (member, item) not in seen:
            seen.add((member, item))
            chosen[n] = item
    kept = chosen >= 0
    strengths = rng.choice([1.0, 2.0, 3.0], kept.sum(), p=[0.8, 0.12, 0.08]).astype(np.float32)
    data = Interactions(
        members=members[kept].astype(np.int64),
        items=chosen[kept],
        weights=strengths,
        times=times[kept],
    )
    texts = tuple(_text(rng, int(taste)) for taste in of_item)
    return Guild(data, Items(np.arange(n_items), published), Context(texts=texts))


def _text(rng: np.random.Generator, taste: int) -> str:
    """Return eight words, about half of them of the taste's own fifteen."""
    own, common = rng.integers(0, 15, 4), rng.integers(0, 200, 4)
    words = [f"{LETTERS[taste]}{LETTERS[i]}{LETTERS[taste]}x" for i in own]
    return " ".join(words + [f"q{LETTERS[i % 26]}{LETTERS[i // 26]}z" for i in common])


def serve(seed: int, n_members: int) -> Result:
    """Refit after three quarters of the events and judge the last quarter."""
    guild = invent(seed, n_members)
    line = timeline(guild.data, guild.items)
    events, start = line.events, len(line.events) * 3 // 4
    now = float(events.times[start - 1])
    past = events.take(slice(0, start))
    fit = train(past, guild.items, now=now, seed=seed, context=guild.context)
    model = fit.model or fallback(guild.items, as_of=now, context=guild.context)
    since = start if fit.model else 0
    replay = Replay(line, guild.items)
    ranks: list[tuple[int, int]] = []
    at = line.predictable(start, len(events))
    for position in at.tolist():
        here = replay.situation(position)
        fresh = events.take(slice(since, position))
        known = first_positives(events.take(slice(0, position)))
        found = ranking.score(model, here.history, fresh, here.candidates, now=here.now)
        popular = count(here.candidates.ids, known, here.now)[:, 1]
        ids = here.candidates.ids
        ranks.append((rank(ids, found.total, here.item), rank(ids, popular, here.item)))
    served, popular_ranks = np.array(ranks or [(0, 0)], np.int64).T
    members = events.members[at] if len(at) else np.zeros(1, np.int64)
    rng = np.random.default_rng(seed)
    low, high = gain_interval(served, popular_ranks, members, rng, coverage=0.95)
    return Result(
        n_members=n_members,
        n_events=len(events),
        is_model=fit.is_accepted,
        served=float(gains(served).mean()),
        popular=float(gains(popular_ranks).mean()),
        is_worse=bool(high < 0),
        is_better=bool(low > 0),
    )


def _one(job: tuple[int, int]) -> Result:
    return serve(*job)


def interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the mean and its 95 % interval."""
    error = 1.96 * values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.inf
    return float(values.mean()), float(values.mean() - error), float(values.mean() + error)


def report(results: list[Result]) -> str:
    """Return the table."""
    head = ("members", "events", "model", "served", "popular", "difference", "worse", "better")
    lines = ["".join(f"{name:>12}" for name in head)]
    for size in SIZES:
        of = [result for result in results if result.n_members == size]
        mean, low, high = interval(np.array([r.served - r.popular for r in of]))
        cells = (
            str(size),
            f"{np.median([r.n_events for r in of]):.0f}",
            f"{np.mean([r.is_model for r in of]):.0%}",
            f"{np.mean([r.served for r in of]):.4f}",
            f"{np.mean([r.popular for r in of]):.4f}",
            f"{mean:+.4f}",
            f"{np.mean([r.is_worse for r in of]):.1%}",
            f"{np.mean([r.is_better for r in of]):.1%}",
        )
        lines.append("".join(f"{cell:>12}" for cell in cells) + f"   [{low:+.4f}, {high:+.4f}]")
    return "\n".join(lines)


def draw(results: list[Result], path: Path) -> None:
    """Draw the gain and the share of live models by the number of events."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    n_events = np.array([r.n_events for r in results])
    edges = np.unique(np.quantile(n_events, np.linspace(0, 1, 9)).astype(int))
    middles, centres, lows, highs, live = [], [], [], [], []
    for left, right in pairwise(edges.tolist()):
        of = [r for r in results if left <= r.n_events <= right]
        mean, low, high = interval(np.array([r.served - r.popular for r in of]))
        middles.append(np.median([r.n_events for r in of]))
        centres.append(mean)
        lows.append(low)
        highs.append(high)
        live.append(np.mean([r.is_model for r in of]))
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(7, 5), sharex=True, height_ratios=(3, 2), layout="constrained"
    )
    above.axhline(0, color="0.6", linewidth=1)
    above.fill_between(middles, lows, highs, alpha=0.25)
    above.plot(middles, centres, marker="o")
    above.set_ylabel("nDCG@10: served less\nrecent popularity")
    below.plot(middles, np.array(live) * 100, marker="o", color="C2")
    below.set_ylabel("a model is live, %")
    below.set_ylim(0, 100)
    below.set_xscale("log")
    below.set_xlabel("events in half a year")
    for axes in (above, below):
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    above.set_title("Invented communities of 20 to 200 members (95 % intervals)", fontsize=10)
    figure.savefig(path, dpi=120)


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=200, help="communities of each size")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()
    began = time.perf_counter()
    seeds = range(options.first, options.first + options.seeds)
    jobs = [(seed, size) for size in SIZES for seed in seeds]
    with ProcessPoolExecutor(options.jobs) as pool:
        results = list(pool.map(_one, jobs, chunksize=5))
    print(report(results))
    print(f"\n{len(results)} communities, {time.perf_counter() - began:.0f} s")
    if options.picture:
        draw(results, options.picture)


if __name__ == "__main__":
    main()
