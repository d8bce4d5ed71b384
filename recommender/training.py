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

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recommender import blend, effort, features, ranking
from recommender.context import Context
from recommender.evaluation import (
    Accuracy,
    Replay,
    Timeline,
    accuracy,
    gain_interval,
    rank,
    timeline,
)
from recommender.fitting import fit_known, know, read
from recommender.interactions import Interactions, Items
from recommender.model import (
    DEFAULT_WEIGHTS,
    FATIGUE_MAX,
    FATIGUE_MIN,
    N_FEATURES,
    Model,
    Settings,
)
from recommender.similarity import N_EASE_ITEMS
from recommender.walk import NUISANCE_WEIGHTS, Exposed, Interests, Plan, moments

N_MIN_PREDICTIONS = 30  # in either window; below, a mean says nothing
BUDGET_S = 60.0
EVIDENCES = (0.0, 1.0, 3.0, 10.0, 30.0)  # `Settings.evidence` to choose from

Reason = Literal["accepted", "too_few_data", "worse_than_popularity", "worse_than_live"]


@dataclass(frozen=True, slots=True)
class Fit:
    """The outcome of a refit.

    Attributes
    ----------
    model : Model or None
        Fitted on everything; None exactly where the fit was not accepted.
    metrics : dict of str to Accuracy
        Of "popularity" (all time), "popularity_2d", "new" and, where enough of the held-out events
        are newer than the live model, "live", with "new_beside_live" on the same events. Empty
        with too few data.
    reason : str
        "accepted"; "too_few_data"; "worse_than_popularity": not better in nDCG@10 than both kinds
        of popularity by more than chance; "worse_than_live": worse than the live model by more
        than chance, on events that neither has seen.
    """

    model: Model | None
    metrics: dict[str, Accuracy]
    reason: Reason

    @property
    def is_accepted(self) -> bool:
        """Whether the new model may serve."""
        return self.reason == "accepted"


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
        Candidates of the tuning, at least one, instead of `effort.options`.
    budget_s : float
        Nominal seconds of one core for tuning and judging, above 0: the work is counted, not
        timed (`effort.within`), so a slow machine takes longer and gets the same model.

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
    plan = _planned(data.take(data.times <= now), items, context, seed, budget_s)
    line = plan.line
    if min(len(line.predictable(*window)) for window in plan.windows) < N_MIN_PREDICTIONS:
        return Fit(None, {}, "too_few_data")
    suggested = effort.options(plan.n_pairs)[: plan.effort.n_settings]
    chosen, weights, lessons = _tune(plan, list(settings or suggested))
    held_out = _hold_out(plan, chosen, weights, live)
    reason = _decide(held_out, seed)
    metrics = held_out.metrics()
    if reason != "accepted":
        return Fit(None, metrics, reason)
    learned = _learn([*lessons, *held_out.choices])
    final = learned[:N_FEATURES]
    known = know(line.events, line.is_first, items, now, context, plan.texts)
    model = fit_known(known, chosen, final, seed, live)
    tired = float(np.clip(-learned[-1], FATIGUE_MIN, FATIGUE_MAX))
    return Fit(replace(model, fatigue=tired), metrics, reason)


def _planned(
    past: Interactions, items: Items, context: Context, seed: int, budget_s: float
) -> Plan:
    """Return what the run works on: the fifth before the last teaches, the last is held out."""
    line, n = timeline(past, items), len(past)
    n_pairs = int(np.count_nonzero(line.is_first))
    return Plan(
        line=line,
        items=items,
        replay=Replay(line, items),
        context=context,
        texts=read(items, context),
        interests=Interests(context.declared),
        exposed=Exposed(context.shown),
        seed=seed,
        effort=effort.within(n_pairs, len(items), budget_s),
        n_pairs=n_pairs,
        windows=((n * 3 // 5, n * 4 // 5), (n * 4 // 5, n)),
    )


def _tune(
    plan: Plan, settings: Sequence[Settings]
) -> tuple[Settings, NDArray[np.float64], list[blend.Choice]]:
    """Return the settings of greatest likelihood, their weights, and what these learned from."""
    lessons = _lessons(plan, settings)
    weights = [_learn(lesson) for lesson in lessons]
    losses = [blend.loss(*pair) for pair in zip(lessons, weights, strict=True)]
    best = int(np.argmin(losses))
    tuned = _heard(settings[best], weights[best], lessons[best])
    if plan.effort.tries_ease and len(plan.items) <= N_EASE_ITEMS and tuned[0].second != "ease":
        other = replace(tuned[0], second="ease")
        (lesson,) = _lessons(plan, [other])
        learned = _learn(lesson)
        if blend.loss(lesson, learned) < blend.loss(tuned[2], tuned[1]):
            return other, learned, lesson
    return tuned


def _heard(
    settings: Settings, weights: NDArray[np.float64], lesson: list[blend.Choice]
) -> tuple[Settings, NDArray[np.float64], list[blend.Choice]]:
    """Return settings in which taste grows louder with evidence as the choices ask for.

    Another way than the usual must explain them better by more than a standard error.
    """
    found = settings, weights, lesson
    usual = least = blend.losses(lesson, weights)
    for half in EVIDENCES:
        if half == settings.evidence:
            continue
        changed = [_louder(choice, settings.evidence, half) for choice in lesson]
        learned = _learn(changed)
        losses = blend.losses(changed, learned)
        gain = usual - losses
        if gain.mean() > gain.std() / np.sqrt(len(gain)) and losses.mean() < least.mean():
            found, least = (replace(settings, evidence=half), learned, changed), losses
    return found


def _louder(choice: blend.Choice, before: float, half: float) -> blend.Choice:
    """Return a choice with its views as loud as another half-way evidence makes them."""
    if not choice.evidence > 0:
        return choice
    ratio = features.loudness(choice.evidence, half) / features.loudness(choice.evidence, before)
    own = choice.features.copy()
    own[:, features.VIEWS] *= ratio
    return replace(choice, features=own)


def _lessons(plan: Plan, settings: Sequence[Settings]) -> list[list[blend.Choice]]:
    """Return for each of the settings what the first window teaches, from the same predictions."""
    rng = np.random.default_rng([plan.seed, 1])
    lessons: list[list[blend.Choice]] = [[] for _ in settings]
    for moment in moments(plan, plan.windows[0], settings, rng):
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

    def metrics(self) -> dict[str, Accuracy]:
        found = {name: accuracy(r) for name, r in self.ranks.items() if name != "live"}
        if self.is_live_comparable:
            found["live"] = accuracy(self.ranks["live"][self.is_after_live])
            found["new_beside_live"] = accuracy(self.ranks["new"][self.is_after_live])
        return found


def _hold_out(
    plan: Plan, settings: Settings, weights: NDArray[np.float64], live: Model | None
) -> _HeldOut:
    """Rank every contender at the same held-out predictions, learning nothing from them."""
    rng = np.random.default_rng([plan.seed, 2])
    ranks: dict[str, list[int]] = {"popularity": [], "popularity_2d": [], "new": [], "live": []}
    choices: list[blend.Choice] = []
    members: list[int] = []
    is_after_live: list[bool] = []
    live_at = _live_position(plan.line, live)
    for moment in moments(plan, plan.windows[1], [settings], rng, live_at):
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
    return _HeldOut(
        ranks=arrays,
        members=np.array(members, np.int64),
        is_after_live=np.array(is_after_live, bool),
        choices=choices,
    )


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
