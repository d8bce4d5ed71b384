"""Walking through a window of events as the schedule will: refits, and a sample of predictions.

The factors are refitted every few events from what was known by then; each prediction comes with
what was known at its moment, of the member and of what the bot had shown them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recommender import blend, features
from recommender.context import Context, Declared, Exposures
from recommender.effort import Effort
from recommender.evaluation import Replay, Situation, Timeline
from recommender.fitting import Texts, fit_known, know
from recommender.interactions import Interactions, Items, first_positives, settle
from recommender.model import DEFAULT_WEIGHTS, FATIGUE, Model, Settings
from recommender.popularity import DAY_S, positions

EXPOSURE_S = DAY_S  # so long after it was shown, a resource is a choice that we offered
# Prior of "was shown", of log(position), and of being tired of it (`features.FATIGUE_S`).
NUISANCE_WEIGHTS = np.array([1.0, -0.5, -FATIGUE])


@dataclass(frozen=True, slots=True)
class Plan:
    """What one training run works on; the windows are positions in the timeline."""

    line: Timeline
    items: Items
    replay: Replay
    context: Context
    texts: Texts | None
    interests: Interests
    exposed: Exposed
    seed: int
    effort: Effort
    n_pairs: int
    windows: tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Moment:
    """One prediction: situation, settled history, models of that time, what no model changes."""

    at: int
    member: int
    situation: Situation
    own: Interactions
    models: Sequence[Model]
    table: NDArray[np.float64]
    nuisances: NDArray[np.float64]

    def features(self, model: Model) -> NDArray[np.float64]:
        """Return the features of every candidate by a model, float64[n, d]."""
        whole = self.table.copy()
        rows, is_known = positions(model.ids, self.situation.candidates.ids)
        features.fill(whole, model, self.own, rows, is_known, self.situation.now)
        return whole

    @property
    def chosen(self) -> int:
        """The row of the candidate that was chosen."""
        return int(np.flatnonzero(self.situation.candidates.ids == self.situation.item)[0])

    def choice(
        self, found: NDArray[np.float64], guess: NDArray[np.float64], rng: np.random.Generator
    ) -> blend.Choice:
        """Return what is learned from this prediction, from a sample by a guess of the scores."""
        rows, offsets = blend.sample(guess + self.nuisances @ NUISANCE_WEIGHTS, self.chosen, rng)
        known = features.known_of(self.models[0], self.own)
        return blend.Choice(
            np.hstack([found[rows], self.nuisances[rows]]),
            offsets,
            features.evidence(known.weights),
        )


def moments(
    plan: Plan,
    window: tuple[int, int],
    settings: Sequence[Settings],
    rng: np.random.Generator,
    extra_edge: int = 0,
) -> Iterator[Moment]:
    """Walk through a window, refitting at its edges, and stop at a sample of its predictions."""
    start, end = window
    at = plan.line.predictable(start, end)
    if len(at) > plan.effort.n_predictions:
        at = np.sort(rng.choice(at, plan.effort.n_predictions, replace=False))
    edges = np.unique(np.linspace(start, end, plan.effort.n_refits + 1).astype(int))
    if start < extra_edge < end:
        edges = np.union1d(edges, [extra_edge])
    models: list[Model] = []
    for left, right in pairwise(edges.tolist()):
        models = _refit(plan, left, settings, models)
        fresh = first_positives(plan.line.events.take(slice(left, right)))
        for position in at[(at >= left) & (at < right)].tolist():
            here = plan.replay.situation(position)
            member = int(plan.line.events.members[position])
            known = fresh.take(slice(0, int(np.searchsorted(fresh.times, here.now))))
            table = features.time_features(models[0].counts, known, here.candidates, here.now)
            ids = here.candidates.ids
            own = settle(here.history)
            table[:, features.INTEREST] = plan.interests.of(member, ids) * features.fading(own)
            nuisances = plan.exposed.of(member, ids, here.now)
            yield Moment(
                at=position,
                member=member,
                situation=here,
                own=own,
                models=models,
                table=table,
                nuisances=nuisances,
            )


def _refit(
    plan: Plan, end: int, settings: Sequence[Settings], before: Sequence[Model]
) -> list[Model]:
    """Fit one model per setting on the events before a position, warm where there is one."""
    line = plan.line
    events = line.events.take(slice(0, end))
    as_of, is_first = float(events.times[-1]), line.is_first[:end]
    known = know(events, is_first, plan.items, as_of, plan.context, plan.texts)
    starts: Sequence[Model | None] = before or [None] * len(settings)
    return [
        fit_known(known, own, DEFAULT_WEIGHTS, plan.seed, start)
        for own, start in zip(settings, starts, strict=True)
    ]


class Interests:
    """Which resources carry a tag that a member named as an interest."""

    def __init__(self, declared: Declared) -> None:
        order = np.lexsort((declared.items, declared.members))
        self._members, self._items = declared.members[order], declared.items[order]

    def of(self, member: int, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return for each resource whether it carries one, bool[n]."""
        left, right = np.searchsorted(self._members, [member, member + 1])
        return np.isin(ids, self._items[left:right])


class Exposed:
    """What the bot showed a member before a moment."""

    def __init__(self, shown: Exposures) -> None:
        order = np.lexsort((shown.positions, shown.times, shown.members))
        self._members, self._times = shown.members[order], shown.times[order]
        self._items, self._positions = shown.items[order], shown.positions[order]

    def of(self, member: int, ids: NDArray[np.int64], now: float) -> NDArray[np.float64]:
        """Return the nuisances of each candidate, float64[n, 3].

        Whether it was shown in the day before, the logarithm of its place there, and that of one
        more than its earlier showings: all of them were in vain, or it were no candidate.
        """
        nuisances = np.zeros((len(ids), len(NUISANCE_WEIGHTS)))
        left, right = np.searchsorted(self._members, [member, member + 1])
        times = self._times[left:right]
        first, last = left + np.searchsorted(times, [now - EXPOSURE_S, now])
        if left == last:
            return nuisances
        order = np.argsort(ids)
        rows, is_listed = positions(ids[order], self._items[left:first])
        parts = np.exp((times[: first - left] - now) / features.FATIGUE_S)[is_listed]
        nuisances[:, 2] = np.log1p(np.bincount(order[rows[is_listed]], parts, len(ids)))
        rows, is_listed = positions(ids[order], self._items[first:last])
        rows = order[rows[is_listed]]
        nuisances[rows, 0] = 1.0
        nuisances[rows, 1] = np.log(self._positions[first:last][is_listed])  # the latest counts
        return nuisances
