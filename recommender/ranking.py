"""What is served: features of candidates, their weighted sum, similar items, and the reasons.

Owns the step from a snapshot and a member's history to an ordered list. The same functions compute
the features in training, so what is learned is what is served. Which candidates may be shown at
all, and the words of a reason, are the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recommender import als
from recommender.features import AGES, TASTE, USE, known_of
from recommender.interactions import Interactions, Items, settle
from recommender.model import Model
from recommender.pool import Pool, Scores, one_member
from recommender.popularity import positions

Lead = Literal["taste", "popularity", "newness"]


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
    return Pool(model, candidates, fresh, now).score(history, now=now)


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
    factors = model.factors.rows
    lengths = np.sqrt(np.einsum("ij,ij->i", factors, factors))
    products = lengths * lengths[at[0]]
    between = np.divide(
        factors @ factors[at[0]], products, out=np.zeros_like(products), where=products > 0
    )
    rows, is_known = positions(model.ids, candidates.ids)
    cosines[is_known] = between[rows[is_known]]
    return np.clip(cosines, -1, 1)


def explain(
    model: Model | None,
    history: Interactions,
    scores: Scores,
    item_id: int,
    *,
    n_items: int = 3,
) -> Explanation:
    """Say from the model itself why a candidate was scored as it was; see `explain_all`."""
    return explain_all(model, history, scores, [item_id], n_items=n_items)[0]


def explain_all(
    model: Model | None,
    history: Interactions,
    scores: Scores,
    item_ids: Sequence[int],
    *,
    n_items: int = 3,
) -> list[Explanation]:
    """Say from the model itself why candidates were scored as they were.

    The taste score is linear in the targets of the history (`als.contributions`), so its parts by
    history item are exact. The lead compares with the average candidate, because a list is ordered
    by differences.

    Parameters
    ----------
    scores : Scores
        What `score` returned for the same model and history.
    n_items : int
        At most so many items in each `because`.

    Raises
    ------
    ValueError
        One of `item_ids` is not among the scored candidates.
    """
    wanted = np.asarray(item_ids, np.int64).reshape(-1)
    order = np.argsort(scores.ids)
    rows, is_scored = positions(scores.ids[order], wanted)
    if not is_scored.all():
        raise ValueError(f"item {wanted[~is_scored][0]} was not scored")
    above = scores.parts[order[rows]] - _average(scores.parts)
    reasons = _because(model, history, wanted, n_items)
    return [_explanation(*one) for one in zip(above, reasons, strict=True)]


def _explanation(above: NDArray[np.float64], because: tuple[tuple[int, float], ...]) -> Explanation:
    lifts: dict[Lead, float] = {
        "taste": float(above[TASTE]),
        "popularity": float(above[USE].sum()),
        "newness": float(above[AGES].sum()),
    }
    eligible: tuple[Lead, ...] = ("taste", "popularity", "newness")
    lead = max(eligible if because else eligible[1:], key=lambda name: lifts[name])
    return Explanation(lead, because, lifts)


def _average(parts: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.ones(len(parts)) @ parts / max(1, len(parts)))


def top(scores: Scores, k: int, exclude: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """Return the ids of the k best, int64[at most k]; equal totals go by the smaller id."""
    is_kept = np.ones(len(scores.ids), bool)
    if exclude is not None:
        is_kept = ~np.isin(scores.ids, exclude)
    return best(scores.ids[is_kept], scores.total[is_kept], k)


def best(ids: NDArray[np.int64], total: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    """Return the ids of the k greatest totals, int64[at most k]; ties go by the smaller id."""
    k = max(0, k)
    if 0 < k < len(ids):
        is_near = total >= np.partition(total, -k)[-k]  # all that tie with the last, too
        ids, total = ids[is_near], total[is_near]
    return ids[np.lexsort((ids, -total))][:k]


def _because(
    model: Model | None, history: Interactions, item_ids: NDArray[np.int64], n_items: int
) -> list[tuple[tuple[int, float], ...]]:
    """Return for each item the history items that support it and their shares, largest first."""
    reasons: list[tuple[tuple[int, float], ...]] = [()] * len(item_ids)
    if model is None or not len(item_ids):
        return reasons
    at, is_known = positions(model.ids, item_ids)
    which, weights = known_of(model, settle(one_member(history)))
    if not len(which):
        return reasons
    added = als.contributions(model.factors, which, weights, model.factors.rows[at], model.settings)
    for n in np.flatnonzero(is_known).tolist():
        reasons[n] = _shares(model.ids[which], added[n])[:n_items]
    return reasons


def _shares(ids: NDArray[np.int64], added: NDArray[np.float64]) -> tuple[tuple[int, float], ...]:
    supporting = np.maximum(added, 0)
    if not supporting.sum() > 0 or added.sum() <= 0:
        return ()
    shares = supporting / supporting.sum()
    order = np.lexsort((ids, -shares))
    return tuple((int(ids[i]), float(shares[i])) for i in order if shares[i] > 0)
