"""What is served: features of candidates, their weighted sum, similar items, and the reasons.

Owns the step from a snapshot and a member's history to an ordered list. The same functions compute
the features in training, so what is learned is what is served. Which candidates may be shown at
all, and the words of a reason, are the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recommender import als, popularity
from recommender.interactions import Interactions, Items, first_positives, settle
from recommender.model import DEFAULT_WEIGHTS, FEATURES, Model
from recommender.popularity import HOUR_S, positions

N_DECAYS = len(popularity.TIME_CONSTANTS_S)
AGE, TASTE = N_DECAYS, N_DECAYS + 1

Lead = Literal["taste", "popularity", "newness"]


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of candidates, in their order.

    ids is int64[n]; parts, float64[n, d], are weight times feature, named by `names`; total,
    float64[n], is their sum. Differences of totals are log-odds of being chosen next.
    """

    ids: NDArray[np.int64]
    total: NDArray[np.float64]
    parts: NDArray[np.float64]
    names: tuple[str, ...] = FEATURES


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a candidate stands where it stands.

    Attributes
    ----------
    lead : "taste", "popularity" or "newness"
        What lifts it most above the average candidate.
    because : tuple of (item id, share)
        History items that the taste score rests on, largest first; shares are in (0, 1] and those
        of all supporting items sum to 1. Empty without taste score.
    lifts : dict of str to float
        Log-odds above the average candidate, by lead.
    """

    lead: Lead
    because: tuple[tuple[int, float], ...]
    lifts: dict[Lead, float]


def score(
    model: Model | None,
    history: Interactions,
    fresh: Interactions,
    candidates: Items,
    *,
    now: float,
) -> Scores:
    """Score candidates for one member.

    Parameters
    ----------
    model : Model or None
        None before the first accepted fit: decayed popularity and age with the default weights.
    history : Interactions
        The member's own events, any number of them per item, seconds old or years. Events on items
        the model does not know change nothing until the next fit.
    fresh : Interactions
        Events of all members since `model.as_of` (all there are if model is None). A pair counts
        once; one that was already counted before `as_of` counts again.
    candidates : Items
        What may be shown. An item the model does not know has taste 0.
    now : float
        Unix seconds.

    Raises
    ------
    ValueError
        `now` is not finite.
    """
    weights = DEFAULT_WEIGHTS if model is None else model.weights
    timely = time_features(
        None if model is None else model.counts, first_positives(fresh), candidates, now
    )
    own = settle(one_member(history))
    taste = np.zeros(len(candidates)) if model is None else taste_of(model, own, candidates.ids)
    parts = np.column_stack([timely, taste]) * weights
    return Scores(candidates.ids, parts.sum(1), parts)


def time_features(
    counts: popularity.DecayedCounts | None,
    fresh: Interactions,
    candidates: Items,
    now: float,
) -> NDArray[np.float64]:
    """Return log1p of the four decayed counts and of the age in hours, float64[n, 5].

    `fresh` holds each (member, item) once, positive only; an item published after `now` has age 0.
    """
    if not np.isfinite(now):
        raise ValueError("now must be finite")
    if counts is None:
        decayed = popularity.count(candidates.ids, fresh, now)
    else:
        decayed = counts.at(candidates.ids, fresh, now)
    age = np.maximum(0.0, now - candidates.published) / HOUR_S
    return np.log1p(np.column_stack([decayed, age]))


def taste_of(model: Model, own: Interactions, ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return ⟨x, y⟩ over its standard deviation across all items of the model, float64[n].

    `own` is a member's settled history (`interactions.settle`). Members with few events have short
    vectors; dividing by their own deviation makes one weight right for all. 0 for unknown items,
    and for all items if nothing known was ever wanted.
    """
    which, weights = _known(model, own)
    x = als.fold_in(model.factors, which, weights, model.settings)
    scores = model.factors.rows @ x
    deviation = float(scores.std()) if len(scores) else 0.0
    taste = np.zeros(len(ids))
    if deviation > 0:
        rows, is_known = positions(model.ids, ids)
        taste[is_known] = scores[rows[is_known]] / deviation
    return taste


def similar(model: Model | None, item_id: int, candidates: Items) -> NDArray[np.float64]:
    """Return the cosine between an item and each candidate in factor space, float64[n] in [-1, 1].

    Zeros where nothing can be said: no model, an item unknown to it or never touched.
    """
    cosines = np.zeros(len(candidates))
    if model is None:
        return cosines
    at, is_known = positions(model.ids, np.array([item_id], np.int64))
    if not is_known[0]:
        return cosines
    own = model.factors.rows[at[0]].astype(np.float64)
    rows, is_known = positions(model.ids, candidates.ids)
    others = model.factors.rows[rows[is_known]].astype(np.float64)
    lengths = np.linalg.norm(others, axis=1) * np.linalg.norm(own)
    cosines[is_known] = np.divide(
        others @ own, lengths, out=np.zeros(len(others)), where=lengths > 0
    )
    return np.clip(cosines, -1, 1)


def explain(
    model: Model | None,
    history: Interactions,
    scores: Scores,
    item_id: int,
    *,
    n_items: int = 3,
) -> Explanation:
    """Say from the model itself why a candidate was scored as it was.

    The taste score is linear in the targets of the history (`als.contributions`), so its parts by
    history item are exact. The lead compares with the average candidate, because a list is ordered
    by differences.

    Parameters
    ----------
    scores : Scores
        What `score` returned for the same model and history.
    n_items : int
        At most so many items in `because`.

    Raises
    ------
    ValueError
        `item_id` is not among the scored candidates.
    """
    at = np.flatnonzero(scores.ids == item_id)
    if not len(at):
        raise ValueError(f"item {item_id} was not scored")
    above = scores.parts[at[0]] - scores.parts.mean(0)
    lifts: dict[Lead, float] = {
        "taste": float(above[TASTE]),
        "popularity": float(above[:N_DECAYS].sum()),
        "newness": float(above[AGE]),
    }
    because = () if model is None else _because(model, history, item_id)[:n_items]
    eligible: tuple[Lead, ...] = ("taste", "popularity", "newness")
    lead = max(eligible if because else eligible[1:], key=lambda name: lifts[name])
    return Explanation(lead, because, lifts)


def top(scores: Scores, k: int, exclude: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """Return the ids of the k best, int64[at most k]; equal totals go by the smaller id."""
    is_kept = np.ones(len(scores.ids), bool)
    if exclude is not None:
        is_kept = ~np.isin(scores.ids, exclude)
    ids, total = scores.ids[is_kept], scores.total[is_kept]
    return ids[np.lexsort((ids, -total))][: max(0, k)]


def _known(model: Model, own: Interactions) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return the model rows of a settled history's items, and their signed weights."""
    rows, is_known = positions(model.ids, own.items)
    return rows[is_known], own.weights[is_known]


def one_member(history: Interactions) -> Interactions:
    """Return the history, or raise ValueError if it holds events of several members."""
    if len(history) and (history.members != history.members[0]).any():
        raise ValueError("a history must hold the events of one member")
    return history


def _because(model: Model, history: Interactions, item_id: int) -> tuple[tuple[int, float], ...]:
    """Return the history items that support a candidate and their shares, largest first."""
    at, is_known = positions(model.ids, np.array([item_id], np.int64))
    which, weights = _known(model, settle(one_member(history)))
    if not is_known[0] or not len(which):
        return ()
    candidate = model.factors.rows[at[0]]
    added = als.contributions(model.factors, which, weights, candidate, model.settings)
    supporting = np.maximum(added, 0)
    if not supporting.sum() > 0 or added.sum() <= 0:
        return ()
    shares = supporting / supporting.sum()
    order = np.lexsort((model.ids[which], -shares))
    return tuple((int(model.ids[which[i]]), float(shares[i])) for i in order if shares[i] > 0)
