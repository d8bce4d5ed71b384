"""One refit: tune, learn the weights, evaluate on the newest events, and fit on everything.

Owns the decision whether a new snapshot may serve. Events are cut by time: the fifth before the
last teaches the weights and chooses the settings, the last fifth is held out and measured with
them, and then teaches the final weights. Within both windows the factors are refitted every few
events from what was known by then, as the schedule will do when the model serves.

What the bot itself showed is accounted for: that a candidate was on a list shown to the member in
the last day, and how far down, are features of the choice like the others, but nuisances: their
weights are learned beside the others and then dropped. So a resource does not seem wanted because
it was shown, nor unwanted because it stood last (propensities by a click model inside the same
likelihood; compare Joachims, Swaminathan and Schnabel, "Unbiased Learning-to-Rank with Biased
Feedback", WSDM 2017).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recommender import blend, features, ranking
from recommender.als import AlsSettings
from recommender.context import Context, Declared, Exposures
from recommender.evaluation import (
    Quality,
    Replay,
    Situation,
    Timeline,
    gain_interval,
    quality,
    rank,
    timeline,
)
from recommender.fitting import Texts, fit_known, know, read
from recommender.interactions import Interactions, Items, first_positives, settle
from recommender.model import DEFAULT_WEIGHTS, N_FEATURES, Model, Settings
from recommender.popularity import DAY_S, positions
from recommender.similarity import N_EASE_ITEMS

N_MIN_PREDICTIONS = 30  # in either window; below, a mean says nothing
EXPOSURE_S = DAY_S  # so long after it was shown, a resource is a choice that we offered
NUISANCE_WEIGHTS = np.array([1.0, -0.5])  # prior of "was shown" and of log(position)
BUDGET_S = 60.0
_STRENGTHS = ((0.05, 0.03), (0.2, 0.1), (0.5, 0.05), (0.01, 0.01))  # a0, reg
_FACTORS = ((30_000, 16), (300_000, 32), (np.inf, 64))  # below so many pairs, k

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
class Effort:
    """How much a refit does: predictions a window, refits a window, and candidate settings."""

    n_predictions: int = 1_000
    n_refits: int = 8
    n_settings: int = len(_STRENGTHS)
    tries_ease: bool = True


_EFFORTS = (
    Effort(),
    Effort(tries_ease=False),
    Effort(n_settings=2, tries_ease=False),
    Effort(n_settings=1, tries_ease=False),
    Effort(n_refits=4, n_settings=1, tries_ease=False),
    Effort(n_predictions=500, n_refits=2, n_settings=1, tries_ease=False),
    Effort(n_predictions=250, n_refits=1, n_settings=1, tries_ease=False),
)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one training run works on; the windows are positions in the timeline."""

    line: Timeline
    items: Items
    replay: Replay
    context: Context
    texts: Texts | None
    interests: _Interests
    exposed: _Exposed
    seed: int
    effort: Effort
    windows: tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Moment:
    """One prediction: situation, settled history, models of that time, what no model changes."""

    at: int
    member: int
    situation: Situation
    own: Interactions
    models: Sequence[Model]
    table: NDArray[np.float64]
    nuisances: NDArray[np.float64]

    def features(self, model: Model) -> NDArray[np.float64]:
        whole = self.table.copy()
        rows, is_known = positions(model.ids, self.situation.candidates.ids)
        features.fill(whole, model, self.own, rows, is_known)
        return whole

    @property
    def chosen(self) -> int:
        return int(np.flatnonzero(self.situation.candidates.ids == self.situation.item)[0])

    def choice(
        self, found: NDArray[np.float64], guess: NDArray[np.float64], rng: np.random.Generator
    ) -> blend.Choice:
        """Return what is learned from this prediction, from a sample by a guess of the scores."""
        rows, offsets = blend.sample(guess + self.nuisances @ NUISANCE_WEIGHTS, self.chosen, rng)
        return blend.Choice(np.hstack([found[rows], self.nuisances[rows]]), offsets)


def train(
    data: Interactions,
    items: Items,
    *,
    now: float,
    seed: int,
    live: Model | None = None,
    context: Context | None = None,
    settings: Sequence[Settings] | None = None,
    budget_s: float = BUDGET_S,
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
    context : Context, optional
        Texts and levels of the catalogue, declared interests, what was shown.
    settings : sequence of Settings, optional
        Candidates of the tuning, at least one, instead of `candidates`.
    budget_s : float
        Nominal seconds of one core for tuning and judging, above 0: the work is counted, not
        timed (`effort`), so a slow machine takes longer and gets the same model.

    Raises
    ------
    ValueError
        `now` is not finite, no settings, a budget that is not above 0, or a context of another
        catalogue.
    """
    context = context or Context()
    context.check(len(items))
    if not np.isfinite(now) or not budget_s > 0 or (settings is not None and not settings):
        raise ValueError("now must be finite, the budget above 0 and settings not empty")
    past = data.take(data.times <= now)
    line = timeline(past, items)
    n = len(past)
    n_pairs = int(np.count_nonzero(line.is_first))
    planned = effort(n_pairs, len(items), budget_s)
    options = list(settings or candidates(n_pairs)[: planned.n_settings])
    plan = _Plan(
        line,
        items,
        Replay(line, items),
        context,
        read(items, context),
        _Interests(context.declared),
        _Exposed(context.shown),
        seed,
        planned,
        ((n * 3 // 5, n * 4 // 5), (n * 4 // 5, n)),
    )
    if min(len(line.predictable(*window)) for window in plan.windows) < N_MIN_PREDICTIONS:
        return Fit(None, {}, "too_few_data")
    chosen, weights, lessons = _tune(plan, options)
    held_out = _hold_out(plan, chosen, weights, live)
    reason = _decide(held_out, seed)
    metrics = held_out.metrics()
    if reason != "accepted":
        return Fit(None, metrics, reason)
    final = _learn([*lessons, *held_out.choices])[:N_FEATURES]
    known = know(line.events, line.is_first, items, now, context, plan.texts)
    model = fit_known(known, chosen, final, seed, live)
    return Fit(model, metrics, reason)


def candidates(n_pairs: int) -> list[Settings]:
    """Return the settings to choose from for so many pairs of member and wanted resource.

    More pairs carry more factors; weight of the unobserved and regularization are those that did
    well on news-like, film-like and shop-like data (docs/recommender.md).
    """
    n_factors = next(k for limit, k in _FACTORS if n_pairs < limit)
    return [
        Settings(AlsSettings(n_factors, unobserved=a0, regularization=reg))
        for a0, reg in _STRENGTHS
    ]


def effort(n_pairs: int, n_items: int, budget_s: float) -> Effort:
    """Return how much tuning and judging fits into a budget, by counted work.

    Nominal seconds: 2e-9 a factor and pair in each of about 4 sweeps a refit, 3e-9 n³ for an
    inverse of n items, 1 ms + 0.3 µs an item for a prediction. What goes first is EASE, then
    candidate settings, then refits, then predictions.
    """
    n_factors = next(k for limit, k in _FACTORS if n_pairs < limit)
    for wanted in _EFFORTS:
        fits = 2 * wanted.n_refits * wanted.n_settings * 4 * n_pairs * n_factors * 2e-9
        inverses = 2 * wanted.n_refits * 3e-9 * n_items**3 / 10 if wanted.tries_ease else 0.0
        asked = (2 + wanted.n_settings / 2) * wanted.n_predictions * (1e-3 + 3e-7 * n_items)
        if fits + inverses + asked <= budget_s:
            return wanted
    return _EFFORTS[-1]


def _tune(
    plan: _Plan, settings: Sequence[Settings]
) -> tuple[Settings, NDArray[np.float64], list[blend.Choice]]:
    """Return the settings of greatest likelihood, their weights, and what these learned from."""
    lessons = _lessons(plan, settings)
    weights = [_learn(lesson) for lesson in lessons]
    losses = [blend.loss(*pair) for pair in zip(lessons, weights, strict=True)]
    best = int(np.argmin(losses))
    tuned = settings[best], weights[best], lessons[best]
    if plan.effort.tries_ease and len(plan.items) <= N_EASE_ITEMS and tuned[0].second != "ease":
        other = replace(tuned[0], second="ease")
        (lesson,) = _lessons(plan, [other])
        learned = _learn(lesson)
        if blend.loss(lesson, learned) < losses[best]:
            return other, learned, lesson
    return tuned


def _lessons(plan: _Plan, settings: Sequence[Settings]) -> list[list[blend.Choice]]:
    """Return for each of the settings what the first window teaches, from the same predictions."""
    rng = np.random.default_rng([plan.seed, 1])
    lessons: list[list[blend.Choice]] = [[] for _ in settings]
    for moment in _moments(plan, plan.windows[0], settings, rng):
        found = [moment.features(model) for model in moment.models]
        guess = found[0] @ DEFAULT_WEIGHTS
        state = rng.bit_generator.state
        for lesson, own in zip(lessons, found, strict=True):
            rng.bit_generator.state = state  # the same sample for all
            lesson.append(moment.choice(own, guess, rng))
    return lessons


@dataclass(frozen=True, slots=True)
class _HeldOut:
    """Ranks of the right answers in the held-out window by contender, and what can be learned."""

    ranks: dict[str, NDArray[np.int64]]
    members: NDArray[np.int64]
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
    plan: _Plan, settings: Settings, weights: NDArray[np.float64], live: Model | None
) -> _HeldOut:
    """Rank every contender at the same held-out predictions, learning nothing from them."""
    rng = np.random.default_rng([plan.seed, 2])
    ranks: dict[str, list[int]] = {"popularity": [], "popularity_2d": [], "new": [], "live": []}
    choices: list[blend.Choice] = []
    members: list[int] = []
    is_after_live: list[bool] = []
    live_at = _live_position(plan.line, live)
    for moment in _moments(plan, plan.windows[1], [settings], rng, live_at):
        here, ids = moment.situation, moment.situation.candidates.ids
        found = moment.features(moment.models[0])
        total = found @ weights[:N_FEATURES]
        choices.append(moment.choice(found, total, rng))
        members.append(moment.member)
        ranks["popularity"].append(rank(ids, here.users.astype(np.float64), here.item))
        ranks["popularity_2d"].append(rank(ids, found[:, 1], here.item))
        ranks["new"].append(rank(ids, total, here.item))
        is_after_live.append(moment.at >= live_at)
        if live is not None and is_after_live[-1]:
            fresh = plan.line.events.take(slice(live_at, moment.at))
            own = ranking.score(
                live,
                here.history,
                fresh,
                here.candidates,
                now=here.now,
                interesting=moment.table[:, features.INTEREST] > 0,
            )
            ranks["live"].append(rank(ids, own.total, here.item))
        else:
            ranks["live"].append(-1)
    arrays = {name: np.array(values, np.int64) for name, values in ranks.items()}
    return _HeldOut(arrays, np.array(members, np.int64), np.array(is_after_live, bool), choices)


def _decide(held_out: _HeldOut, seed: int) -> Reason:
    """Compare paired gains: clearly better than popularity, not clearly worse than live.

    "Clearly": the 90 % bootstrap interval over members, seen from one side, lies beyond 0.
    """
    rng = np.random.default_rng([seed, 3])
    new, members = held_out.ranks["new"], held_out.members
    for name in ("popularity", "popularity_2d"):
        low, _ = gain_interval(new, held_out.ranks[name], members, rng)
        if low <= 0:
            return "worse_than_popularity"
    if held_out.is_live_comparable:
        both = held_out.is_after_live
        _, high = gain_interval(new[both], held_out.ranks["live"][both], members[both], rng)
        if high < 0:
            return "worse_than_live"
    return "accepted"


def _learn(choices: Sequence[blend.Choice]) -> NDArray[np.float64]:
    """Learn the weights of the features, then of the nuisances.

    What a member likes, said they like, or others rated well is not allowed to count against it.
    """
    prior = np.concatenate([DEFAULT_WEIGHTS, NUISANCE_WEIGHTS])
    return blend.learn(choices, prior, not_below_zero=range(features.QUALITY, N_FEATURES))


def _live_position(line: Timeline, live: Model | None) -> int:
    """Return the position of the first event that the live model has not seen."""
    if live is None:
        return len(line.events)
    return int(np.searchsorted(line.events.times, live.as_of, "right"))


def _moments(
    plan: _Plan,
    window: tuple[int, int],
    settings: Sequence[Settings],
    rng: np.random.Generator,
    extra_edge: int = 0,
) -> Iterator[_Moment]:
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
            table[:, features.INTEREST] = plan.interests.of(member, ids)
            nuisances = plan.exposed.of(member, ids, here.now)
            yield _Moment(position, member, here, settle(here.history), models, table, nuisances)


def _refit(
    plan: _Plan, end: int, settings: Sequence[Settings], before: Sequence[Model]
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


class _Interests:
    """Which resources carry a tag that a member named as an interest."""

    def __init__(self, declared: Declared) -> None:
        order = np.lexsort((declared.items, declared.members))
        self._members, self._items = declared.members[order], declared.items[order]

    def of(self, member: int, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        left, right = np.searchsorted(self._members, [member, member + 1])
        return np.isin(ids, self._items[left:right])


class _Exposed:
    """What the bot showed a member before a moment."""

    def __init__(self, shown: Exposures) -> None:
        order = np.lexsort((shown.positions, shown.times, shown.members))
        self._members, self._times = shown.members[order], shown.times[order]
        self._items, self._positions = shown.items[order], shown.positions[order]

    def of(self, member: int, ids: NDArray[np.int64], now: float) -> NDArray[np.float64]:
        """Return whether each candidate was shown lately, and log(position), float64[n, 2]."""
        nuisances = np.zeros((len(ids), len(NUISANCE_WEIGHTS)))
        left, right = np.searchsorted(self._members, [member, member + 1])
        times = self._times[left:right]
        first, last = left + np.searchsorted(times, [now - EXPOSURE_S, now])
        if first == last:
            return nuisances
        order = np.argsort(ids)
        rows, is_listed = positions(ids[order], self._items[first:last])
        rows = order[rows[is_listed]]
        nuisances[rows, 0] = 1.0
        nuisances[rows, 1] = np.log(self._positions[first:last][is_listed])  # the latest counts
        return nuisances
