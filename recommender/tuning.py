"""Tuning the static case: settings and weights from held-out pairs, within counted work.

Owns the search and the budget; `splits` holds pairs out, `weighing` blends the parts. The budget is
in nominal seconds of two quiet cores and is spent by a cost model, never by a clock: the same data,
seed and budget give the same bits, however fast the machine, as long as its BLAS runs the same
number of threads.

Legend
------
split   a training matrix, the pairs held out from it, and some members to judge on
value   what is maximised: the mean over members of (recall@20 + nDCG@20) / 2
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender import als, content, spectral
from recommender.als import AlsSettings
from recommender.neighbours import Neighbours
from recommender.similarity import N_EASE_ITEMS, ease, linear_filter, local_ease
from recommender.splits import N_JUDGED, Split, cells_of, judged_on, prepared
from recommender.static import TOP, Parts, StaticModel, View, blocks, recall_and_ndcg, top_columns
from recommender.weighing import learned, liked

N_BLENDED = 8_000  # members the weights are learned from
N_FACTORS = (256, 128, 64, 32, 16, 8)
N_TUNED_FACTORS = 64
N_TRIALS, N_STEPS = 12, 4
START = AlsSettings(unobserved=0.03, regularization=0.01, n_sweeps=6)
FILTERS = (  # exponents of members and candidates, sharpness
    (0.75, 0.3, 1.0),
    (0.5, 0.4, 1.4),
    (0.5, 0.2, 1.0),
    (1.0, 0.5, 1.0),
    (0.0, 0.5, 2.0),
)
LOCAL_START, EASE_START, STEP = 5.0, 200.0, 3.0
EXPONENT_START, EXPONENT_STEP, SHARPNESS_STEP = 0.4, 0.1, 0.5**0.5  # of the spectral view

Maker = Callable[[csr_array], View]


@dataclass(slots=True)
class _Search:
    """What one tuning run works on, and the nominal seconds it has left."""

    splits: Sequence[Split]
    seed: int
    n_threads: int
    left_s: float

    def affords(self, cost_s: float) -> bool:
        """Pay for one trial in every split, if there is enough left."""
        total = cost_s * len(self.splits)
        if total > self.left_s:
            return False
        self.left_s -= total
        return True


def fit(
    train: csr_array,
    *,
    seed: int = 0,
    budget_s: float = 240.0,
    validation: csr_array | None = None,
    vectors: csr_array | None = None,
    n_threads: int = 1,
) -> StaticModel:
    """Tune on held-out pairs, then fit on everything.

    Parameters
    ----------
    train : csr_array[n, m]
        Members by items; positive cells are wanted, how strongly does not matter.
    budget_s : float
        Nominal seconds, above 0. With little, fewer factors and settings are tried.
    validation : csr_array[n, m], optional
        Pairs to tune on, then to train on, too. Else a fifth of each member's pairs is held out.
    vectors : csr_array[m, f], optional
        Of the items' texts (`content.vectorise`), so that untouched items can be ranked.
    n_threads : int
        Changes the time, not one bit of the result.

    Raises
    ------
    ValueError
        Shapes differ, a value is not finite, the budget is not above 0, or nobody wanted anything.
    """
    wanted, whole, splits = prepared(train, validation, seed)
    if not budget_s > 0:
        raise ValueError("the budget must be above 0")
    if vectors is not None and vectors.shape[0] != train.shape[1]:
        raise ValueError("vectors must be of all items")
    search = _Search(splits=splits, seed=seed, n_threads=n_threads, left_s=budget_s)
    makers: dict[str, Maker] = {}
    if vectors is not None:
        likeness = content.neighbours(vectors)
        makers["content"] = lambda _: likeness
    settings = _tune_als(search, _n_factors(whole, budget_s * 0.3 / len(splits)))
    makers |= _tune_views(search, whole, has_texts=vectors is not None)
    groups = []
    for split in splits:
        parts = _fit_parts(split.train, settings, makers, vectors, seed, n_threads)
        more = judged_on(split.train, split.held, seed, N_BLENDED)
        groups.append(liked(parts, more, n_threads))
    weights = learned(groups)
    cold = weights
    if vectors is not None:
        cold = _cold_weights(wanted, settings, makers["content"], vectors, seed, n_threads)
    needed = {name for name in makers if weights.get(name) or cold.get(name)}
    kept = {name: make for name, make in makers.items() if name in needed}
    parts = _fit_parts(whole, settings, kept, vectors, seed, n_threads)
    return StaticModel(parts, weights, cold)


def _n_factors(matrix: csr_array, budget_s: float) -> int:
    """Return the most factors whose fit is affordable and that the items could fill."""
    fits = [
        k for k in N_FACTORS if k <= matrix.shape[1] // 2 and _als_cost_s(matrix, k) <= budget_s / 3
    ]
    return max(fits, default=N_FACTORS[-1])


def _als_cost_s(matrix: csr_array, k: int) -> float:
    """Return the nominal cost of a fit: per cell and factor, per row and pair of factors."""
    a_sweep = 1e-9 * matrix.nnz * k + 2e-10 * sum(matrix.shape) * k * k
    return float(START.n_sweeps * a_sweep + _judging_cost_s(matrix))


def _judging_cost_s(matrix: csr_array) -> float:
    return float(1e-8 * min(N_JUDGED, matrix.shape[0]) * matrix.shape[1])


def _filter_cost_s(matrix: csr_array) -> float:
    return 4e-9 * float((np.diff(matrix.indptr).astype(np.float64) ** 2).sum())


def _tune_als(search: _Search, n_factors: int) -> AlsSettings:
    """Climb over the unobserved weight and the regularization, with few factors, then the last."""
    few = min(n_factors, N_TUNED_FACTORS)
    cost = _als_cost_s(search.splits[0].train, few)

    def value(at: tuple[int, int]) -> float | None:
        if at != (0, 0) and not search.affords(cost):
            return None
        return _als_value(search, _settings_at(at, few))

    at = _climb(value)
    settings = replace(_settings_at(at, few), n_factors=n_factors)
    if n_factors == few:
        return settings
    return _with_more_factors(search, settings)


def _with_more_factors(search: _Search, settings: AlsSettings) -> AlsSettings:
    """Halve or double the regularization while that helps: more factors may want another."""
    cost = _als_cost_s(search.splits[0].train, settings.n_factors)
    if not search.affords(cost):
        return settings
    first, top = settings, _als_value(search, settings)
    for factor in (0.5, 2.0):
        while search.affords(cost):
            own = replace(settings, regularization=settings.regularization * factor)
            found = _als_value(search, own)
            if found <= top:
                break
            settings, top = own, found
        if settings is not first:
            break
    return settings


def _settings_at(at: tuple[int, int], n_factors: int) -> AlsSettings:
    return replace(
        START,
        n_factors=n_factors,
        unobserved=START.unobserved * STEP ** at[0],
        regularization=START.regularization * STEP ** at[1],
    )


def _climb(value: Callable[[tuple[int, int]], float | None]) -> tuple[int, int]:
    """Return the best point of a grid that steps along its axes reach; None ends the search."""
    at, known = (0, 0), {}
    known[at] = value(at) or 0.0
    n_trials, is_better = 1, True
    while is_better:
        is_better = False
        for step in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            to = (at[0] + step[0], at[1] + step[1])
            while to not in known and n_trials < N_TRIALS and max(map(abs, to)) <= N_STEPS:
                found = value(to)
                if found is None:
                    return at
                known[to], n_trials = found, n_trials + 1
                if found <= known[at]:
                    break
                at, is_better = to, True
                to = (at[0] + step[0], at[1] + step[1])
    return at


def _als_value(search: _Search, settings: AlsSettings) -> float:
    def scores(split: Split) -> Callable[[csr_array], NDArray[np.float32]]:
        factors = als.fit(split.train, settings, seed=search.seed, n_threads=search.n_threads)
        return lambda rows: (
            als.fold_in_all(factors, rows, settings, n_threads=search.n_threads) @ factors.rows.T
        )

    return _value([_judge(split, scores(split)) for split in search.splits])


def _view_value(search: _Search, make: Maker) -> float:
    return _value([_judge(split, make(split.train).scores_all) for split in search.splits])


def _judge(split: Split, scores: Callable[[csr_array], NDArray[np.float32]]) -> NDArray[np.float64]:
    """Return the value of every judged member."""
    histories, held_out = split.histories, split.held_out
    values = np.zeros(len(split.members))
    for block in blocks(*histories.shape):
        own = csr_array(histories[block])
        total = scores(own)
        split.hide(total, own)
        found = top_columns(total, min(TOP, total.shape[1]))
        values[block] = np.mean(recall_and_ndcg(found, csr_array(held_out[block])), 0)
    return values


def _value(values: Sequence[NDArray[np.float64]]) -> float:
    joined = np.concatenate(values)
    return float(joined.mean()) if len(joined) else 0.0


def _tune_views(search: _Search, whole: csr_array, *, has_texts: bool) -> dict[str, Maker]:
    """Return the views that are affordable, each with the best of its settings alone.

    Where the items have texts, the spectral view only takes the others' budget (citeulike-a).
    """
    own, n_items = search.splits[0].train, whole.shape[1]
    judging, filtering = _judging_cost_s(own), _filter_cost_s(own)
    makers: dict[str, Maker] = {}
    filters: list[Maker] = [
        partial(linear_filter, member_exponent=g, candidate_exponent=c, sharpness=q)
        for g, c, q in FILTERS
    ]
    chosen = _first_best(search, filters, filtering + judging)
    if chosen is not None:
        makers["filter"] = chosen
    soft = None if has_texts else _tune_spectral(search, judging)
    if soft is not None:
        makers["spectral"] = soft
    local = _climb_line(search, local_ease, LOCAL_START, filtering + judging + 7e-5 * n_items)
    if local is not None:
        makers["local"] = local
    if n_items <= N_EASE_ITEMS:
        cost = filtering / 2 + judging + 6e-11 * n_items**3
        whole_ease = _climb_line(search, ease, EASE_START, cost)
        if whole_ease is not None:
            makers["ease"] = whole_ease
    return makers


def _first_best(search: _Search, makers: Sequence[Maker], cost_s: float) -> Maker | None:
    found = [(_view_value(search, make), make) for make in makers if search.affords(cost_s)]
    return max(found, key=lambda one: one[0])[1] if found else None


def _climb_line(
    search: _Search, make: Callable[..., Neighbours], start: float, cost_s: float
) -> Maker | None:
    """Return the view with the best regularization that steps from the start reach."""

    def own(step: int) -> Maker:
        return partial(make, regularization=start * STEP**step)

    if not search.affords(cost_s):
        return None
    at, top = 0, _view_value(search, own(0))
    for direction in (1, -1):
        moved = False
        while abs(at + direction) <= N_STEPS and search.affords(cost_s):
            found = _view_value(search, own(at + direction))
            if found <= top:
                break
            at, top, moved = at + direction, found, True
        if moved:
            break
    return own(at)


def _tune_spectral(search: _Search, judging_s: float) -> Maker | None:
    """Return the spectral view with the best exponent and sharpness that steps reach.

    The singular pairs are the same for all of them.
    """
    own = search.splits[0].train
    n_pairs = min(spectral.N_PAIRS, own.shape[1] // 3)
    if not n_pairs or not search.affords(_pairs_cost_s(own, n_pairs)):
        return None
    known = [(split.train, _pairs_of(split.train, search.seed)) for split in search.splits]
    cost = judging_s + 2e-11 * min(N_JUDGED, own.shape[0]) * own.shape[1] * n_pairs

    def at_step(at: tuple[int, int]) -> Maker:
        exponent = EXPONENT_START + EXPONENT_STEP * at[0]
        sharpness = SHARPNESS_STEP ** at[1]

        def make(matrix: csr_array) -> View:
            found = next((pairs for train, pairs in known if train is matrix), None)
            return (found or _pairs_of(matrix, search.seed)).view(exponent, sharpness)

        return make

    def value(at: tuple[int, int]) -> float | None:
        return _view_value(search, at_step(at)) if search.affords(cost) else None

    return at_step(_climb(value))


def _pairs_of(matrix: csr_array, seed: int) -> spectral.SingularPairs:
    return spectral.singular_pairs(matrix, np.random.default_rng([seed, 30]))


def _pairs_cost_s(matrix: csr_array, n_pairs: int) -> float:
    """Return the nominal cost: two sparse products, a Gram matrix and a turn an iteration."""
    an_iteration = 1.2e-9 * matrix.nnz * n_pairs + 5e-11 * matrix.shape[1] * n_pairs**2
    return float((spectral.N_ITERATIONS + 1) * an_iteration)


def _fit_parts(
    matrix: csr_array,
    settings: AlsSettings,
    makers: Mapping[str, Maker],
    vectors: csr_array | None,
    seed: int,
    n_threads: int,
) -> Parts:
    factors = als.fit(matrix, settings, seed=seed, n_threads=n_threads)
    degrees = np.bincount(matrix.indices, minlength=matrix.shape[1])
    if vectors is not None:
        suggested = content.mapped(vectors, factors.rows, degrees)
        rows = np.where((degrees > 0)[:, None], factors.rows, suggested)
        factors = replace(factors, rows=rows)
    views = {name: make(matrix) for name, make in makers.items()}
    return Parts(degrees=degrees, factors=factors, settings=settings, views=views)


def _cold_weights(
    wanted: csr_array,
    settings: AlsSettings,
    likeness: Maker,
    vectors: csr_array,
    seed: int,
    n_threads: int,
) -> dict[str, float]:
    """Learn the weights of what can be said of untouched items, by hiding a fifth of the items."""
    rng = np.random.default_rng([seed, 20])
    touched = np.flatnonzero(np.bincount(wanted.indices, minlength=wanted.shape[1]))
    hidden = np.sort(rng.permutation(touched)[: max(1, len(touched) // 5)])
    is_hidden = np.isin(wanted.indices, hidden)
    rows = np.repeat(np.arange(wanted.shape[0]), np.diff(wanted.indptr))
    split = judged_on(cells_of(wanted, rows, ~is_hidden), cells_of(wanted, rows, is_hidden), seed)
    split = replace(split, candidates=hidden)
    parts = _fit_parts(split.train, settings, {"content": likeness}, vectors, seed, n_threads)
    return learned([liked(parts, split, n_threads)], only=("als", "content"))
