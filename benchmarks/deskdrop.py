"""Prequential evaluation of what the bot serves, on CI&T Deskdrop.

    OPENBLAS_NUM_THREADS=1 python benchmarks/deskdrop.py [--data DIR]

At the first event of each (person, content) pair among the last 20 % of events, in order of time,
all contents known at that second, minus those the person has seen, are ranked with what was known
before it. A content's very first event and persons never seen before are skipped. "What the bot
serves" is `ranking.score`: a model from `training.train`, refitted at each midnight UTC on the
events up to then and going live only if training accepts it; the events since the refit as `fresh`;
the person's own events folded in. Weights and settings are learned inside each refit, hence from
events before the prediction only. Owns no method: everything measured is imported.
"""

from __future__ import annotations

import argparse
import csv
import io
import resource
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender import ranking
from recommender.evaluation import Quality, Replay, Situation, Timeline, quality, rank, timeline
from recommender.interactions import Interactions, Items
from recommender.model import Model
from recommender.popularity import DAY_S, count, positions
from recommender.training import train

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "deskdrop"
KIND_WEIGHTS = {
    "VIEW": 1.0,
    "LIKE": 2.0,
    "FOLLOW": 2.0,
    "COMMENT CREATED": 2.5,
    "BOOKMARK": 3.0,
}
EXPECTED = (8_494, 573, 167)  # predictions, first events of a content, persons never seen before
BUCKETS = (("1-2", 1, 2), ("3-9", 3, 9), ("10+", 10, 10**9))
RANKINGS = (
    "popularity, all time",
    "popularity, 2 days",
    "the same, persons once",
    "what the bot serves",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Ranks of the right answers by ranking, earlier contents of each person, and the counts."""

    ranks: dict[str, NDArray[np.int64]]
    n_earlier: NDArray[np.int64]
    counts: tuple[int, int, int]
    n_refits: int
    n_accepted: int


def load(directory: Path) -> tuple[Interactions, Items]:
    """Read the data set; a content is published at its first event."""
    archive = zipfile.ZipFile(directory / "users_interactions.csv.zip")
    with archive.open("users_interactions.csv") as raw:
        rows = list(csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline="")))
    data = Interactions(
        np.array([int(row["personId"]) for row in rows], np.int64),
        np.array([int(row["contentId"]) for row in rows], np.int64),
        np.array([KIND_WEIGHTS[row["eventType"]] for row in rows], np.float32),
        np.array([float(row["timestamp"]) for row in rows], np.float64),
    )
    return data, catalogue(data)


def catalogue(data: Interactions) -> Items:
    """Return the contents that were touched, published at their first event."""
    ids, rows = np.unique(data.items, return_inverse=True)
    published = np.full(len(ids), np.inf)
    np.minimum.at(published, rows, data.times)
    return Items(ids, published)


def skipped(line: Timeline, start: int) -> tuple[int, int]:
    """Count first events of pairs that are not predicted: new contents, then new persons."""
    is_first = line.is_first[start:]
    n_new_items = np.count_nonzero(is_first & ~line.is_known_item[start:])
    is_new_member = is_first & line.is_known_item[start:] & ~line.is_known_member[start:]
    return int(n_new_items), int(np.count_nonzero(is_new_member))


def prequential(
    data: Interactions,
    items: Items,
    *,
    share: float = 0.2,
    refit_every_s: float = DAY_S,
    seed: int = 1,
) -> Outcome:
    """Predict, then learn, through the last share of the events."""
    line = timeline(data, items)
    start = int(np.searchsorted(line.events.times, np.quantile(line.events.times, 1 - share)))
    at = line.predictable(start, len(data))
    ranks: dict[str, list[int]] = {name: [] for name in RANKINGS}
    n_earlier: list[int] = []
    refits = _Refits(line, items, refit_every_s, seed)
    replay = Replay(line, items)
    firsts = np.flatnonzero(line.is_first)
    for position in at.tolist():
        here = replay.situation(position)
        for name, totals in _totals(line, here, position, refits, firsts):
            ranks[name].append(rank(here.candidates.ids, totals, here.item))
        n_earlier.append(len(np.unique(here.history.items)))
    arrays = {name: np.array(values, np.int64) for name, values in ranks.items()}
    counts = (len(at), *skipped(line, start))
    return Outcome(arrays, np.array(n_earlier), counts, refits.n_done, refits.n_accepted)


class _Refits:
    """The model that is live at a moment: refitted when the schedule says so, as the bot does."""

    def __init__(self, line: Timeline, items: Items, every_s: float, seed: int) -> None:
        self._line, self._items, self._every_s, self._seed = line, items, every_s, seed
        self._due = -np.inf
        self.live: Model | None = None
        self.n_done = self.n_accepted = 0

    def at(self, now: float) -> Model | None:
        """Return the live model, after the refit that was due before now."""
        midnight = np.floor(now / self._every_s) * self._every_s
        if midnight > self._due:
            self._due = midnight
            past = self._line.events.take(self._line.events.times < midnight)
            known = self._items.take(self._items.published < midnight)
            fit = train(past, known, now=midnight, seed=self._seed, live=self.live)
            self.live = fit.model or self.live
            self.n_done += 1
            self.n_accepted += fit.is_accepted
        return self.live


def _totals(
    line: Timeline, here: Situation, position: int, refits: _Refits, firsts: NDArray[np.intp]
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yield each ranking's scores of the candidates, from what was known before the event."""
    ids, events = here.candidates.ids, line.events
    yield RANKINGS[0], _n_events(ids, events.items[:position])
    # Older events weigh less than e^-30 of a new one: no rank hangs on them.
    recent = int(np.searchsorted(events.times, here.now - 60 * DAY_S))
    yield RANKINGS[1], count(ids, events.take(slice(recent, position)), here.now)[:, 1]
    once = firsts[slice(*np.searchsorted(firsts, [recent, position]))]
    yield RANKINGS[2], count(ids, events.take(once), here.now)[:, 1]
    model = refits.at(here.now)
    since = 0 if model is None else int(np.searchsorted(events.times, model.as_of))
    fresh = events.take(slice(since, position))
    served = ranking.score(model, here.history, fresh, here.candidates, now=here.now)
    yield RANKINGS[3], served.total


def _n_events(ids: NDArray[np.int64], touched: NDArray[np.int64]) -> NDArray[np.float64]:
    """Count how often each id was touched; ids are sorted."""
    rows, is_listed = positions(ids, touched)
    return np.bincount(rows[is_listed], minlength=len(ids)).astype(np.float64)


def report(outcome: Outcome) -> str:
    """Return the table."""
    lines = [f"{'':24}" + "".join(f"{name:>16}" for name in ("all", *(b[0] for b in BUCKETS)))]
    masks = [np.ones(len(outcome.n_earlier), bool)]
    masks += [(outcome.n_earlier >= low) & (outcome.n_earlier <= high) for _, low, high in BUCKETS]
    lines.append(f"{'predictions':24}" + "".join(f"{mask.sum():>16}" for mask in masks))
    for name, ranks in outcome.ranks.items():
        cells = (_cell(quality(ranks[mask])) for mask in masks)
        lines.append(f"{name:24}" + "".join(f"{cell:>16}" for cell in cells))
    return "\n".join(lines)


def _cell(found: Quality) -> str:
    return f"{found.hit_rate:.3f} / {found.ndcg:.3f}"


def main() -> None:
    """Run the protocol and print the table, the time and the memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--refit-every-days", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.perf_counter()
    data, items = load(options.data)
    outcome = prequential(
        data, items, refit_every_s=options.refit_every_days * DAY_S, seed=options.seed
    )
    if outcome.counts != EXPECTED:
        raise SystemExit(f"the protocol gives {EXPECTED}, this run {outcome.counts}")
    n, n_items, n_members = outcome.counts
    print(f"{n} predictions; skipped {n_items} first events of a content, {n_members} new persons")
    print(f"{outcome.n_refits} refits, {outcome.n_accepted} accepted; HR@10 / nDCG@10:\n")
    print(report(outcome))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    elapsed, busy = time.perf_counter() - began, time.process_time()
    print(f"\n{elapsed:.0f} s ({busy:.0f} s of CPU), peak RSS {peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
