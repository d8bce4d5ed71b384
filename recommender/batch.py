"""The best of a guild's candidates for many members at once, as a round of digests wants it.

Owns the same sum as `pool.Pool.score`, arranged for thousands of members: what no member changes is
added up once, a block of members shares one matrix product, and deviations come from sums instead
of passes. Single precision; reasons, interests and languages are left to the request.

Legend
------
x, Y     a member's vector and the items' factors; the taste scores are Yx
C        covariance of the items' factors: Var(Yx) = xᵀCx
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recommender import als
from recommender.features import (
    CONTENT,
    DIFFICULTY,
    FILTER,
    NEXT,
    TASTE,
    Known,
    evidence,
    fit_of_level,
    known_of,
    lately,
    loudness,
)
from recommender.interactions import Interactions, grouped, settle
from recommender.model import Model
from recommender.neighbours import Neighbours
from recommender.pool import Pool
from recommender.popularity import positions

N_MEMBERS_PER_BLOCK = 256
N_ROWS = 64


def best_of_many(
    pool: Pool, histories: Interactions, *, now: float, k: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the best candidates that each member has not met, best first.

    Parameters
    ----------
    pool : Pool
        With a model; all of its candidates are open to all members.
    histories : Interactions
        Events of any number of members, as `Pool.score` takes those of one.
    now : float
        Unix seconds.
    k : int
        At least 1.

    Returns
    -------
    members : int64[n]
        Sorted.
    ids : int64[n, k]
        -1 where fewer are left. Members whose totals are equal to single precision may be ordered
        by the smaller id.

    Raises
    ------
    ValueError
        There is no model, or k is below 1.
    """
    model = pool.model
    if model is None or k < 1:
        raise ValueError("a batch needs a model and k of at least 1")
    order, is_new = grouped(histories.members)
    starts = np.append(np.flatnonzero(is_new), len(order))
    owns = [settle(histories.take(order[a:b])) for a, b in pairwise(starts.tolist())]
    members = histories.members[order[starts[:-1]]]
    chosen = np.full((len(owns), k), -1, np.int64)
    base = pool.score(Interactions.empty(), now=now).total.astype(np.float32)
    many = _Many(pool, model)
    for start in range(0, len(owns), N_MEMBERS_PER_BLOCK):
        block = owns[start : start + N_MEMBERS_PER_BLOCK]
        for row, total in enumerate(many.totals(block, base, now), start=start):
            ids = best_few(pool.items.ids, total, k)
            chosen[row, : len(ids)] = ids
    return members, chosen


class _Many:
    """What all members of a batch share."""

    def __init__(self, pool: Pool, model: Model) -> None:
        self._model = model
        factors = model.factors.rows
        wide = factors.astype(np.float64)
        mean = wide.sum(0) / max(1, len(wide))
        self._covariance = wide.T @ wide / max(1, len(wide)) - np.outer(mean, mean)
        self._rows, self._is_known = pool.places
        self._order = np.argsort(pool.items.ids)
        self._sorted_ids = pool.items.ids[self._order]
        self._of_candidates = np.where(self._is_known[:, None], factors[self._rows], 0)
        self._is_plain = bool(self._is_known.all()) and np.array_equal(
            self._rows, np.arange(len(model.ids))
        )

    def totals(
        self, owns: list[Interactions], base: NDArray[np.float32], now: float
    ) -> list[NDArray[np.float32]]:
        """Return the totals of all candidates for each member, -inf for what they have met."""
        knowns = [known_of(self._model, own) for own in owns]
        tastes = np.stack([self._taste(known) for known in knowns]) @ self._of_candidates.T
        for taste, own, known in zip(tastes, owns, knowns, strict=True):
            taste += base
            if (known.weights > 0).any():
                taste += self._of(self._rest(known, lately(self._model, own, now)))
            met, is_candidate = positions(self._sorted_ids, own.items)
            taste[self._order[met[is_candidate]]] = -np.inf
        return list(tastes)

    def _taste(self, known: Known) -> NDArray[np.float32]:
        """Return the member's vector times the weight of taste over its deviation."""
        model = self._model
        x = als.fold_in(model.factors, known.rows, known.weights, model.settings.als)
        deviation = float(np.sqrt(max(0.0, float(x @ self._covariance @ x))))
        loud = loudness(evidence(known.weights), model.settings.evidence)
        scale = loud * model.weights[TASTE] / deviation if deviation > 0 else 0.0
        return (x * scale).astype(np.float32)

    def _rest(self, known: Known, late: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return what all but the factors adds to each item of the model, float32[m]."""
        model = self._model
        rest = fit_of_level(model, known)
        rest *= np.float32(model.weights[DIFFICULTY])
        loud = loudness(evidence(known.weights), model.settings.evidence)
        for view, column in ((model.filter, FILTER), (model.content, CONTENT)):
            _add_scaled(rest, view, known, loud * float(model.weights[column]))
        if len(late):
            rest += model.follows.scores(late, np.full(len(late), model.weights[NEXT]))
        return rest

    def _of(self, of_model: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return values of the model's items for the candidates, 0 for those it does not know."""
        if self._is_plain:
            return of_model
        return np.where(self._is_known, of_model[self._rows], np.float32(0))


def _add_scaled(rest: NDArray[np.float32], view: Neighbours, known: Known, weight: float) -> None:
    """Add a view's scores times weight over their deviation, nothing where it says nothing."""
    if not weight or not len(view.values):
        return
    scores = view.scores(known.rows, known.weights)
    mean = float(scores.sum(dtype=np.float64)) / len(scores)
    deviation = np.sqrt(max(0.0, float(scores @ scores) / len(scores) - mean * mean))
    if deviation > 0:
        scores *= np.float32(weight / deviation)
        rest += scores


def best_few(ids: NDArray[np.int64], total: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the ids of the k greatest totals above -inf; ties go by the smaller id."""
    near = np.flatnonzero(total > _below(total, k))
    near = near[np.lexsort((ids[near], -total[near]))][:k]
    return ids[near]


def _below(total: NDArray[np.float32], k: int) -> float:
    """Return a number that at least the k greatest totals lie above, and few others.

    The k-th greatest of the maxima of columns is one of k different totals: a pass and a small
    sort instead of a partition of everything.
    """
    n_columns = len(total) // N_ROWS
    if n_columns < 2 * k:
        return -np.inf
    maxima = total[: n_columns * N_ROWS].reshape(N_ROWS, n_columns).max(0)
    return float(np.nextafter(np.partition(maxima, -k)[-k], np.float32(-np.inf)))
