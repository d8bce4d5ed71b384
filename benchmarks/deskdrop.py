"""Prequential evaluation of what the bot serves, on CI&T Deskdrop.

    OPENBLAS_NUM_THREADS=1 python benchmarks/deskdrop.py [--data FILE | --database FILE]

The file is imported into a new database by the bot's own importer (or `--database` names one that
`lyceum import interactions --map deskdrop` has filled), and read back as the refit process reads
it: same weights by kind, same rule of consent, same catalogue.

At the first event of each (person, content) pair among the last 20 % of events, in order of time,
all contents known at that second, minus those the person has seen, are ranked with what was known
before it. A content's very first event and persons never seen before are skipped. "What the bot
serves" is `ranking.score`: a model refitted at each midnight UTC on the events up to then, the
events since as `fresh`, the person's own events folded in. Every `--train-every-days` the refit is
the bot's own, `training.train`, which tunes, learns the weights and goes live only if it accepts
itself; at the midnights between, factors and counts are fitted again with the live settings and
weights. With 1, every refit is the bot's own. Weights and settings are learned inside a refit,
hence from events before the prediction only. Owns no method: everything measured is imported.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.activity.history import import_interactions
from bot.clock import system_clock
from bot.recommend import arrays, refit
from recommender import ranking
from recommender.evaluation import Accuracy, Replay, Situation, Timeline, accuracy, rank, timeline
from recommender.fitting import snapshot
from recommender.interactions import Interactions, Items
from recommender.model import Model
from recommender.popularity import DAY_S, count, positions
from recommender.training import train
from storage import members, training
from storage.database import Database, open_database

DEFAULT_DATA = (
    Path(__file__).resolve().parents[2] / "shared/data/deskdrop/users_interactions.csv.zip"
)
GUILD = 1
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
    refits: Refits


def load(path: Path) -> tuple[Interactions, Items]:
    """Import the data set into a new database and read back what a refit would."""

    async def work() -> tuple[Interactions, Items]:
        with tempfile.TemporaryDirectory() as folder:
            async with open_database(Path(folder) / "lyceum.sqlite3") as database:
                await import_interactions(
                    database, system_clock, path, guild_id=GUILD, preset="deskdrop", strict=True
                )
                return await _read(database, GUILD)

    return asyncio.run(work())


def load_database(path: Path) -> tuple[Interactions, Items]:
    """Read what a refit would from a database that holds one guild."""

    async def work() -> tuple[Interactions, Items]:
        async with open_database(path) as database:
            async with database.read() as conn:
                (guild_id,) = await members.guild_ids(conn)
            return await _read(database, guild_id)

    return asyncio.run(work())


async def _read(database: Database, guild_id: int) -> tuple[Interactions, Items]:
    async with database.read() as conn:
        until = await training.watermark(conn, guild_id)
        return await refit.load(conn, guild_id, until), await arrays.catalogue(conn, guild_id)


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
    train_every_s: float = DAY_S,
    seed: int = 1,
) -> Outcome:
    """Predict, then learn, through the last share of the events."""
    line = timeline(data, items)
    start = int(np.searchsorted(line.events.times, np.quantile(line.events.times, 1 - share)))
    at = line.predictable(start, len(data))
    ranks: dict[str, list[int]] = {name: [] for name in RANKINGS}
    n_earlier: list[int] = []
    refits = Refits(line, items, refit_every_s, train_every_s, seed)
    replay = Replay(line, items)
    firsts = np.flatnonzero(line.is_first)
    for position in at.tolist():
        here = replay.situation(position)
        for name, totals in _totals(line, here, position, refits, firsts):
            ranks[name].append(rank(here.candidates.ids, totals, here.item))
        n_earlier.append(len(np.unique(here.history.items)))
    arrays = {name: np.array(values, np.int64) for name, values in ranks.items()}
    counts = (len(at), *skipped(line, start))
    return Outcome(ranks=arrays, n_earlier=np.array(n_earlier), counts=counts, refits=refits)


class Refits:
    """The model that is live at a moment: refitted when the schedule says so, as the bot does."""

    def __init__(
        self, line: Timeline, items: Items, every_s: float, train_every_s: float, seed: int
    ) -> None:
        self._line, self._items, self._seed = line, items, seed
        self._every_s, self._train_every_s = every_s, train_every_s
        self._done_at = self._trained_at = -np.inf
        self.live: Model | None = None
        self.n_done = self.n_trained = self.n_accepted = 0
        self.seconds = 0.0

    def at(self, now: float) -> Model | None:
        """Return the live model, after the refit that was due before now."""
        midnight = float(np.floor(now / self._every_s) * self._every_s)
        if midnight > self._done_at:
            self._done_at = midnight
            began = time.perf_counter()
            self._refit(midnight)
            self.n_done += 1
            self.seconds += time.perf_counter() - began
        return self.live

    def _refit(self, midnight: float) -> None:
        past = self._line.events.take(self._line.events.times < midnight)
        known = self._items.take(self._items.published < midnight)
        live, seed = self.live, self._seed
        if live is not None and midnight - self._trained_at < self._train_every_s:
            self.live = snapshot(
                past,
                known,
                as_of=midnight,
                settings=live.settings,
                weights=live.weights,
                seed=seed,
                start=live,
            )
            return
        fit = train(past, known, now=midnight, seed=seed, live=live)
        self._trained_at, self.live = midnight, fit.model or live
        self.n_trained += 1
        self.n_accepted += fit.is_accepted


def _totals(
    line: Timeline, here: Situation, position: int, refits: Refits, firsts: NDArray[np.intp]
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
        cells = (_cell(accuracy(ranks[mask])) for mask in masks)
        lines.append(f"{name:24}" + "".join(f"{cell:>16}" for cell in cells))
    return "\n".join(lines)


def _cell(found: Accuracy) -> str:
    return f"{found.hit_rate:.3f} / {found.ndcg:.3f}"


def main() -> None:
    """Run the protocol and print the table, the time of each step and the memory."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--database", type=Path, help="that holds the data set and nothing else")
    parser.add_argument("--train-every-days", type=float, default=7.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.perf_counter()
    data, items = load_database(options.database) if options.database else load(options.data)
    loaded = time.perf_counter()
    train_every_s = options.train_every_days * DAY_S
    outcome = prequential(data, items, train_every_s=train_every_s, seed=options.seed)
    if outcome.counts != EXPECTED:
        raise SystemExit(f"the protocol gives {EXPECTED}, this run {outcome.counts}")
    n, n_items, n_members = outcome.counts
    refits, elapsed = outcome.refits, time.perf_counter() - loaded
    print(f"{len(data)} events of {len(np.unique(data.members))} members, {len(items)} resources")
    print(f"{n} predictions; skipped {n_items} first events of a content, {n_members} new persons")
    print(
        f"{refits.n_done} refits, of which {refits.n_trained} learned weights and"
        f" {refits.n_accepted} of these were accepted; HR@10 / nDCG@10:\n"
    )
    print(report(outcome))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\nimport and load {loaded - began:.0f} s, refits {refits.seconds:.0f} s,"
        f" predictions {elapsed - refits.seconds:.0f} s ({time.process_time():.0f} s of CPU);"
        f" peak RSS {peak_mb:.0f} MB"
    )


if __name__ == "__main__":
    main()
