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
from recommender.features import (
    AGES,
    CONTENT,
    DIFFICULTY,
    FILTER,
    INTEREST,
    NEXT,
    QUALITY,
    TASTE,
    USE,
    VIEWS,
    known_of,
    lately,
)
from recommender.interactions import Interactions, Items, settle
from recommender.model import Model
from recommender.neighbours import Neighbours
from recommender.pool import Pool, Scores, one_member
from recommender.popularity import positions

Lead = Literal["taste", "popularity", "newness", "quality", "interest"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a candidate stands where it stands.

    Attributes
    ----------
    lead : "taste", "popularity", "newness", "quality" or "interest"
        What lifts it most above the average candidate. Taste is all three views, what
        follows what was just wanted, and the fit of its level.
    because : tuple of (item id, share)
        History items that the three views rest on, largest first; shares are in (0, 1] and those
        of all supporting items sum to 1. Empty where the views say nothing for it.
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
    interesting: NDArray[np.bool_] | None = None,
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
    interesting : bool[n], optional
        Which candidates carry a tag that the member named as an interest.

    Raises
    ------
    ValueError
        `now` is not finite.
    """
    return Pool(model, candidates, fresh, now).score(history, now=now, interesting=interesting)


def similar(model: Model | None, item_id: int, candidates: Items) -> NDArray[np.float64]:
    """Return how alike an item and each candidate are, float64[n] in [-1, 1].

    The larger of two cosines: between what the two add to all others by co-occurrence (rows of the
    filter view; firmer than factors where events are few), and between their texts. Zeros where
    nothing can be said: no model, an item unknown to it, or neither touched nor described.
    """
    likeness = np.zeros(len(candidates))
    if model is None:
        return likeness
    at, is_known = positions(model.ids, np.array([item_id], np.int64))
    if not is_known[0]:
        return likeness
    of_texts = model.content.scores(at, np.ones(1))
    found = np.maximum(_cosines(model.filter, int(at[0])), of_texts)
    found[at[0]] = 1.0 if found.any() else 0.0
    rows, is_known = positions(model.ids, candidates.ids)
    likeness[is_known] = found[rows[is_known]]
    return np.clip(likeness, -1, 1)


def _cosines(view: Neighbours, row: int) -> NDArray[np.float64]:
    """Return the cosine between a row of a view and each row, 0 for empty ones, float64[m]."""
    matrix = view.to_matrix().astype(np.float64)
    own = matrix[[row]].toarray()[0]
    lengths = np.sqrt(np.asarray(matrix.power(2).sum(1))).reshape(-1)
    products = lengths * lengths[row]
    cosines = np.zeros(len(view))
    np.divide(matrix @ own, products, out=cosines, where=products > 0)
    return cosines


def lifts(scores: Scores, item_ids: NDArray[np.int64]) -> dict[Lead, NDArray[np.float64]]:
    """Return by how much each lead lifts some candidates above the average one, float64[n].

    Raises
    ------
    ValueError
        One of `item_ids` is not among the scored candidates.
    """
    order = np.argsort(scores.ids)
    rows, is_scored = positions(scores.ids[order], item_ids)
    if not is_scored.all():
        raise ValueError(f"item {item_ids[~is_scored][0]} was not scored")
    above = scores.parts_of(order[rows]) - scores.average
    return {
        "taste": above[:, VIEWS].sum(1) + above[:, [NEXT, DIFFICULTY]].sum(1),
        "popularity": above[:, USE].sum(1),
        "newness": above[:, AGES].sum(1),
        "quality": above[:, QUALITY],
        "interest": above[:, INTEREST],
    }


def resting_on(model: Model, item_id: int, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which items one item speaks for, by co-occurrence or by texts, bool[n]."""
    at, is_known = positions(model.ids, np.array([item_id], np.int64))
    if not is_known[0]:
        return np.zeros(len(ids), bool)
    one = np.ones(1)
    speaks = (model.filter.scores(at, one) > 0) | (model.content.scores(at, one) > 0)
    rows, are_known = positions(model.ids, ids)
    return np.asarray(are_known & speaks[rows]) if len(speaks) else np.zeros(len(ids), bool)


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

    All three views are linear in the history (`als.contributions`, `Neighbours.contributions`), so
    the parts by history item are exact. The lead compares with the average candidate, because a
    list is ordered by differences.

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
    above = lifts(scores, wanted)
    found = supports(model, history, scores, wanted)
    reasons = [_shares(found.items, own, n_items) for own in found.together + found.alike]
    return [
        _explanation({lead: float(of_all[n]) for lead, of_all in above.items()}, because)
        for n, because in enumerate(reasons)
    ]


def _explanation(own: dict[Lead, float], because: tuple[tuple[int, float], ...]) -> Explanation:
    eligible: list[Lead] = [name for name in own if because or name != "taste"]
    return Explanation(max(eligible, key=lambda name: own[name]), because, own)


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


def nearest(
    ids: NDArray[np.int64],
    likeness: NDArray[np.float64],
    preferred: NDArray[np.int64],
    k: int,
    *,
    bonus: float,
) -> NDArray[np.int64]:
    """Return the ids of at most k that are alike, best first.

    Parameters
    ----------
    ids, likeness : int64[n], float64[n]
        Ascending ids and what `similar` says of them.
    preferred : int64[m]
        Others that are alike for another reason, best first; those not among `ids` do not count.
    bonus : float
        What the first of them gains; the last gains next to nothing.
    """
    total = likeness.copy()
    rows, is_listed = positions(ids, preferred)
    total[rows[is_listed]] += bonus * (1 - np.flatnonzero(is_listed) / len(preferred))
    is_near = total > 0
    return best(ids[is_near], total[is_near], k)


def readable(
    languages: NDArray[np.int64],
    is_wanted: NDArray[np.bool_],
    spoken: Sequence[int],
    *,
    share: float,
) -> NDArray[np.bool_]:
    """Say which items are in a language that a member is known to read, bool[n].

    They read the languages they are spoken to in, and any in which they wanted a part of what they
    wanted: one thing among many is no language that they read. Against an item of unknown language
    there is nothing to say.

    Parameters
    ----------
    languages, is_wanted : int64[n], bool[n]
        A code for the language of each item, 0 for unknown; whether the member wanted it.
    spoken : sequence of int
        The codes of the languages they are spoken to in, or ask in.
    share : float
        Of what they wanted that is in a known language, so much at least; in [0, 1].
    """
    known = languages[is_wanted & (languages != 0)]
    codes, counts = np.unique(known, return_counts=True)
    read = np.append(codes[counts >= share * len(known)], [*spoken, 0])
    return np.asarray(np.isin(languages, read))


def introduce(
    chosen: NDArray[np.int64],
    newcomers: NDArray[np.int64],
    rng: np.random.Generator,
    *,
    share: float,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give the last place of a list, in a share of lists, to a resource hardly anybody was shown.

    Parameters
    ----------
    chosen : int64[k]
        The list, best first.
    newcomers : int64[n]
        Each once; those already on the list do not count.
    share : float
        In [0, 1]: of the lists where there is a newcomer.

    Returns
    -------
    shown : int64[k]
        A list of one is left alone: the one answer to a question is not an experiment.
    propensities : float64[k]
        The chance with which each was shown in its place, for judging policies afterwards.
    """
    propensities = np.ones(len(chosen))
    waiting = np.setdiff1d(newcomers, chosen)
    if len(chosen) < 2 or not len(waiting) or share <= 0:
        return chosen, propensities
    if rng.random() >= share:
        propensities[-1] = 1 - share
        return chosen, propensities
    shown = chosen.copy()
    shown[-1] = rng.choice(waiting)
    propensities[-1] = share / len(waiting)
    return shown, propensities


@dataclass(frozen=True, slots=True)
class Supports:
    """What items of a history add to candidates, in log-odds.

    Attributes
    ----------
    items : int64[h]
        Of the history, those the model knows.
    together : float64[n, h]
        By co-occurrence: others who wanted the one wanted the other, or did so soon after.
    alike : float64[n, h]
        By factors and texts.
    """

    items: NDArray[np.int64]
    together: NDArray[np.float64]
    alike: NDArray[np.float64]


def supports(
    model: Model | None, history: Interactions, scores: Scores, item_ids: NDArray[np.int64]
) -> Supports:
    """Return what a history adds to candidates; all of it together is their views' part exactly.

    Parameters
    ----------
    scores : Scores
        What `score` returned for the same model and history.
    """
    nothing = np.zeros((len(item_ids), 0))
    if model is None or not len(item_ids):
        return Supports(np.empty(0, np.int64), nothing, nothing)
    at, is_known = positions(model.ids, item_ids)
    own = settle(one_member(history))
    known = known_of(model, own)
    if not (known.weights > 0).any():
        return Supports(np.empty(0, np.int64), nothing, nothing)
    rows, settings = at[is_known], model.settings.als
    parts = (
        als.contributions(
            model.factors, known.rows, known.weights, model.factors.rows[rows], settings
        ),
        model.filter.contributions(known.rows, known.weights, rows),
        model.content.contributions(known.rows, known.weights, rows),
    )
    scales = model.weights[[TASTE, FILTER, CONTENT]] / scores.deviations
    together, alike = (np.zeros((len(item_ids), len(known.rows))) for _ in range(2))
    together[is_known] = scales[1] * parts[1]
    together[is_known] += _next(model, own, known.rows, rows, scores.now)
    alike[is_known] = scales[0] * parts[0] + scales[2] * parts[2]
    return Supports(model.ids[known.rows], together, alike)


def _next(
    model: Model,
    own: Interactions,
    known: NDArray[np.intp],
    candidates: NDArray[np.intp],
    now: float,
) -> NDArray[np.float64]:
    """Return what items of a history that were wanted just now add to candidates."""
    is_late = np.isin(known, lately(model, own, now)).astype(np.float64)
    added = model.follows.contributions(known, is_late, candidates)
    return np.asarray(model.weights[NEXT] * added)


def _shares(
    ids: NDArray[np.int64], added: NDArray[np.float64], n_items: int
) -> tuple[tuple[int, float], ...]:
    supporting = np.maximum(added, 0)
    if not supporting.sum() > 0 or added.sum() <= 0:
        return ()
    shares = supporting / supporting.sum()
    order = np.lexsort((ids, -shares))[:n_items]
    return tuple((int(ids[i]), float(shares[i])) for i in order if shares[i] > 0)
