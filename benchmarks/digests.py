"""What the digest's gate costs and gains, on real reading: CI&T Deskdrop replayed as digests.

    OPENBLAS_NUM_THREADS=1 python benchmarks/digests.py [--data FILE] [--weeks 16]

At the beginning of each of the last weeks, everybody who did something in the eight weeks before is
composed five cards of what they have not seen, by the model refitted then. A card is "opened" if
its member came to that article by themselves within the week, for nobody was sent anything: rates
are low, and comparisons are what counts. Chances are learned on the first half of the weeks; the
curve is of the second. A digest needs three cards. Owns no method: everything measured is imported.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from deskdrop import DEFAULT_DATA, load
from numpy.typing import NDArray

from recommender import calibration
from recommender.calibration import Calibration, Showings
from recommender.fitting import snapshot
from recommender.interactions import Interactions, Items
from recommender.pool import Pool
from recommender.popularity import DAY_S, among
from recommender.training import train

WEEK_S, ACTIVE_S = 7 * DAY_S, 56 * DAY_S
N_CARDS, CARDS_MIN = 5, 3
THRESHOLDS = (0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12)


@dataclass(frozen=True)
class Digests:
    """Cards of all digests, in order of time: the week each is of, and what became of it."""

    weeks: NDArray[np.int64]
    shown: Showings


def replay(data: Interactions, items: Items, n_weeks: int) -> Digests:
    """Compose the digests of the last weeks, and look what was read."""
    events, end = data.in_order(), float(data.times.max())
    rows: list[tuple[int, int, float, int, bool]] = []
    live = None
    for week in range(n_weeks):
        now = end - (n_weeks - week) * WEEK_S
        past = events.take(events.times < now)
        known = items.take(items.published < now)
        if live is None:
            live = train(past, known, now=now, seed=1).model
            assert live is not None
        model = snapshot(
            past, known, as_of=now, settings=live.settings, weights=live.weights, seed=1
        )
        pool = Pool(model, known, Interactions.empty(), now)
        coming = events.take((events.times >= now) & (events.times < now + WEEK_S))
        read = set(zip(coming.members.tolist(), coming.items.tolist(), strict=True))
        for member in np.unique(past.members[past.times >= now - ACTIVE_S]).tolist():
            history = past.take(past.members == member)
            scores = pool.score(history, now=now)
            lifts = calibration.lift(scores.total)
            lifts[among(scores.ids, history.items)] = -np.inf
            best = np.argsort(-lifts, kind="stable")[:N_CARDS]
            rows += [
                (week, member, float(lifts[at]), n, (member, int(scores.ids[at])) in read)
                for n, at in enumerate(best.tolist(), start=1)
            ]
    weeks, members, lifted, positions, opened = (np.array(each) for each in zip(*rows, strict=True))
    shown = Showings(
        members=members,
        scores=lifted,
        positions=positions,
        is_digest=np.ones(len(rows), np.bool_),
        opened=opened,
    )
    return Digests(weeks, shown)


def chances(found: Digests, learned: Calibration) -> NDArray[np.float64]:
    """Return each card's chance at the first place, by what its member did before."""
    columns = calibration.features(found.shown, learned.mean)
    columns[:, 1] = 0.0
    return learned.at(columns)


def curve(found: Digests, late: NDArray[np.bool_], chance: NDArray[np.float64]) -> None:
    """Print what each threshold sends, how often that is opened, and what is given up."""
    letters = np.stack([found.weeks, found.shown.members])[:, late]
    _, letter = np.unique(letters, axis=1, return_inverse=True)
    opened, chance = found.shown.opened[late], chance[late]
    everything = int(opened.sum())
    print("threshold  digests  cards  opened  open rate  opens given up")
    for threshold in THRESHOLDS:
        passes = chance >= threshold
        enough = np.bincount(letter, passes) >= CARDS_MIN
        sent = passes & enough[letter]
        n_sent, n_opened = int(sent.sum()), int(opened[sent].sum())
        rate = n_opened / n_sent if n_sent else float("nan")
        lost = 1 - n_opened / everything if everything else float("nan")
        print(
            f"{threshold:9.2f}  {int(enough.sum()):7,}  {n_sent:5,}  {n_opened:6,}  "
            f"{rate:9.2%}  {lost:14.1%}"
        )


def main() -> None:
    """Replay and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--weeks", type=int, default=16)
    asked = parser.parse_args()
    found = replay(*load(asked.data), asked.weeks)
    late = found.weeks >= asked.weeks // 2
    learned = calibration.learn(found.shown.take(~late))
    assert learned is not None
    chance = chances(found, learned.calibration)
    print(f"calibration error {learned.error_before:.3f} before, {learned.check.error:.3f} after")
    curve(found, late, chance)


if __name__ == "__main__":
    main()
