"""One refit: tune, learn the weights, evaluate on the newest events, and fit on everything.

Owns the decision whether a new snapshot may serve. Events are cut by time: the fifth before the
last teaches the weights and chooses the settings, the last fifth is held out and measured with
them, and then teaches the final weights. Within both windows the factors are refitted every few
events from what was known by then, as the schedule will do when the model serves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recommender import blend, features, ranking
from recommender.als import AlsSettings
from recommender.evaluation import (
    Quality,
    Replay,
    Situation,
    Timeline,
    margin,
    quality,
    rank,
    timeline,
)
from recommender.fitting import fit_known, know, snapshot
from recommender.interactions import Interactions, Items, first_positives, settle
from recommender.model import DEFAULT_WEIGHTS, Model

DEFAULT_SETTINGS = (
    AlsSettings(n_factors=16, unobserved=0.05, regularization=0.03),
    AlsSettings(n_factors=16, unobserved=0.2, regularization=0.1),
    AlsSettings(n_factors=16, unobserved=0.5, regularization=0.05),
)
N_MIN_PREDICTIONS = 30  # in either window; below, a mean says nothing
N_DEVIATIONS = 1.645  # one-sided 95 %

Reason = Literal["accepted", "too_few_data", "worse_than_popularity", "worse_than_live"]


@dataclass(frozen=True, slots=True)
class Fit:
    """The outcome of a refit.

    Attributes
    ----------
    model : Model or None
        Fitted on everything; None exactly where the fit was not accepted.
    metrics : dict of str to Quality
        Of "popularity" (all time), "popularity_2d", "new" and, where enough of the held-out events
        are newer than the live model, "live", with "new_beside_live" on the same events. Empty
        with too few data.
    reason : str
        "accepted"; "too_few_data"; "worse_than_popularity": not better in nDCG@10 than both kinds
        of popularity by more than chance; "worse_than_live": worse than the live model by more
        than chance, on events that neither has seen.
    """

    model: Model | None
    metrics: dict[str, Quality]
    reason: Reason

    @property
    def is_accepted(self) -> bool:
        """Whether the new model may serve."""
        return self.reason == "accepted"


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one training run works on; the windows are positions in the timeline."""

    line: Timeline
    items: Items
    replay: Replay
    seed: int
    n_predictions: int
    n_refits: int
    windows: tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Moment:
    """One prediction: situation, settled history, models of that time, features but for taste."""

    at: int
    situation: Situation
    own: Interactions
    models: Sequence[Model]
    timely: NDArray[np.float64]

    def features(self, model: Model) -> NDArray[np.float64]:
        whole = self.timely.copy()
        whole[:, features.TASTE] = features.taste_of(model, self.own, self.situation.candidates.ids)
        return whole

    @property
    def chosen(self) -> int:
        return int(np.flatnonzero(self.situation.candidates.ids == self.situation.item)[0])


def train(
    data: Interactions,
    items: Items,
    *,
    now: float,
    seed: int,
    live: Model | None = None,
    settings: Sequence[AlsSettings] = DEFAULT_SETTINGS,
    n_predictions: int = 1_000,
    n_refits: int = 8,
) -> Fit:
    """Fit a model and decide whether it may serve.

    Parameters
    ----------
    data : Interactions
        All events that may train; those after `now` are ignored.
    items : Items
        The catalogue. Events on other items still teach taste.
    now : float
        Unix seconds; the model's `as_of`.
    seed : int
        Of the starting factors and of all samples. Same input and seed, same bytes.
    live : Model, optional
        What serves now.
    settings : sequence of AlsSettings
        Candidates of the tuning, at least one.
    n_predictions : int
        At most so many predictions are sampled from each window.
    n_refits : int
        Refits of the factors within each window.

    Raises
    ------
    ValueError
        `now` is not finite, or no settings.
    """
    if not np.isfinite(now) or not settings:
        raise ValueError("now must be finite and settings not empty")
    past = data.take(data.times <= now)
    line = timeline(past, items)
    n = len(past)
    windows = ((n * 3 // 5, n * 4 // 5), (n * 4 // 5, n))
    plan = _Plan(line, items, Replay(line, items), seed, n_predictions, n_refits, windows)
    if min(len(line.predictable(*window)) for window in windows) < N_MIN_PREDICTIONS:
        return Fit(None, {}, "too_few_data")
    chosen, weights, lessons = _tune(plan, settings)
    held_out = _hold_out(plan, chosen, weights, live)
    reason = _decide(held_out)
    metrics = held_out.metrics()
    if reason != "accepted":
        return Fit(None, metrics, reason)
    final = _learn([*lessons, *held_out.choices])
    model = snapshot(line.events, items, as_of=now, settings=chosen, weights=final, seed=seed)
    return Fit(model, metrics, reason)


def _tune(
    plan: _Plan, settings: Sequence[AlsSettings]
) -> tuple[AlsSettings, NDArray[np.float64], list[blend.Choice]]:
    """Return the settings of greatest likelihood, their weights, and what these learned from."""
    rng = np.random.default_rng([plan.seed, 1])
    lessons: list[list[blend.Choice]] = [[] for _ in settings]
    for moment in _moments(plan, plan.windows[0], settings, rng):
        found = [moment.features(model) for model in moment.models]
        rows, offsets = blend.sample(found[0] @ DEFAULT_WEIGHTS, moment.chosen, rng)
        for lesson, own in zip(lessons, found, strict=True):
            lesson.append(blend.Choice(own[rows], offsets))
    weights = [_learn(lesson) for lesson in lessons]
    losses = [blend.loss(*pair) for pair in zip(lessons, weights, strict=True)]
    best = int(np.argmin(losses))
    return settings[best], weights[best], lessons[best]


@dataclass(frozen=True, slots=True)
class _HeldOut:
    """Ranks of the right answers in the held-out window by contender, and what can be learned."""

    ranks: dict[str, NDArray[np.int64]]
    is_after_live: NDArray[np.bool_]
    choices: list[blend.Choice]

    @property
    def is_live_comparable(self) -> bool:
        return int(self.is_after_live.sum()) >= N_MIN_PREDICTIONS

    def metrics(self) -> dict[str, Quality]:
        found = {name: quality(r) for name, r in self.ranks.items() if name != "live"}
        if self.is_live_comparable:
            found["live"] = quality(self.ranks["live"][self.is_after_live])
            found["new_beside_live"] = quality(self.ranks["new"][self.is_after_live])
        return found


def _hold_out(
    plan: _Plan, settings: AlsSettings, weights: NDArray[np.float64], live: Model | None
) -> _HeldOut:
    """Rank every contender at the same held-out predictions, learning nothing from them."""
    rng = np.random.default_rng([plan.seed, 2])
    ranks: dict[str, list[int]] = {"popularity": [], "popularity_2d": [], "new": [], "live": []}
    choices: list[blend.Choice] = []
    is_after_live: list[bool] = []
    live_at = _live_position(plan.line, live)
    for moment in _moments(plan, plan.windows[1], [settings], rng, live_at):
        here, ids = moment.situation, moment.situation.candidates.ids
        found = moment.features(moment.models[0])
        total = found @ weights
        rows, offsets = blend.sample(total, moment.chosen, rng)
        choices.append(blend.Choice(found[rows], offsets))
        ranks["popularity"].append(rank(ids, here.users.astype(np.float64), here.item))
        ranks["popularity_2d"].append(rank(ids, found[:, 1], here.item))
        ranks["new"].append(rank(ids, total, here.item))
        is_after_live.append(moment.at >= live_at)
        if live is not None and is_after_live[-1]:
            fresh = plan.line.events.take(slice(live_at, moment.at))
            own = ranking.score(live, here.history, fresh, here.candidates, now=here.now)
            ranks["live"].append(rank(ids, own.total, here.item))
        else:
            ranks["live"].append(-1)
    arrays = {name: np.array(values, np.int64) for name, values in ranks.items()}
    return _HeldOut(arrays, np.array(is_after_live, bool), choices)


def _decide(held_out: _HeldOut) -> Reason:
    """Compare paired gains: clearly better than popularity, not clearly worse than live."""
    for name in ("popularity", "popularity_2d"):
        mean, error = margin(held_out.ranks["new"], held_out.ranks[name])
        if mean <= N_DEVIATIONS * error:
            return "worse_than_popularity"
    if held_out.is_live_comparable:
        both = held_out.is_after_live
        mean, error = margin(held_out.ranks["new"][both], held_out.ranks["live"][both])
        if mean < -N_DEVIATIONS * error:
            return "worse_than_live"
    return "accepted"


def _learn(choices: Sequence[blend.Choice]) -> NDArray[np.float64]:
    """Learn the weights; that of taste is not allowed to work against the member's taste."""
    return blend.learn(choices, DEFAULT_WEIGHTS, not_below_zero=[features.TASTE])


def _live_position(line: Timeline, live: Model | None) -> int:
    """Return the position of the first event that the live model has not seen."""
    if live is None:
        return len(line.events)
    return int(np.searchsorted(line.events.times, live.as_of, "right"))


def _moments(
    plan: _Plan,
    window: tuple[int, int],
    settings: Sequence[AlsSettings],
    rng: np.random.Generator,
    extra_edge: int = 0,
) -> Iterator[_Moment]:
    """Walk through a window, refitting at its edges, and stop at a sample of its predictions."""
    start, end = window
    at = plan.line.predictable(start, end)
    if len(at) > plan.n_predictions:
        at = np.sort(rng.choice(at, plan.n_predictions, replace=False))
    edges = np.unique(np.linspace(start, end, plan.n_refits + 1).astype(int))
    if start < extra_edge < end:
        edges = np.union1d(edges, [extra_edge])
    models: list[Model] = []
    for left, right in pairwise(edges.tolist()):
        models = _refit(plan, left, settings, models)
        fresh = first_positives(plan.line.events.take(slice(left, right)))
        for position in at[(at >= left) & (at < right)].tolist():
            here = plan.replay.situation(position)
            known = fresh.take(slice(0, int(np.searchsorted(fresh.times, here.now))))
            timely = features.time_features(models[0].counts, known, here.candidates, here.now)
            yield _Moment(position, here, settle(here.history), models, timely)


def _refit(
    plan: _Plan, end: int, settings: Sequence[AlsSettings], before: Sequence[Model]
) -> list[Model]:
    """Fit one model per setting on the events before a position, warm where there is one."""
    line = plan.line
    events = line.events.take(slice(0, end))
    firsts = events.take(line.is_first[:end])
    known = know(events, firsts, plan.items, float(events.times[-1]))
    starts: Sequence[Model | None] = before or [None] * len(settings)
    return [
        fit_known(known, own, DEFAULT_WEIGHTS, plan.seed, start)
        for own, start in zip(settings, starts, strict=True)
    ]
