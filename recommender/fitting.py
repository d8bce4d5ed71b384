"""One fit: events into a snapshot, without tuning or judging it.

Owns the way from events to a matrix, decayed counts and factors. `training` decides with which
settings and weights, and whether the result may serve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender import als
from recommender.als import AlsSettings
from recommender.interactions import Interactions, Items, first_positives, settle
from recommender.model import Model
from recommender.popularity import DecayedCounts, count, positions

N_WARM_SWEEPS = 2


def snapshot(
    events: Interactions,
    items: Items,
    *,
    as_of: float,
    settings: AlsSettings,
    weights: NDArray[np.float64],
    seed: int,
    start: Model | None = None,
) -> Model:
    """Fit factors and counts on events, without tuning or evaluation.

    Parameters
    ----------
    events : Interactions
        None later than `as_of`.
    items : Items
        The catalogue; what is published after `as_of` is left out.
    weights : float64[d]
        Of the blend.
    start : Model, optional
        Whose factors to begin with, if it has as many; then two sweeps are enough.
    """
    known = know(events, first_positives(events), items, as_of)
    return fit_known(known, settings, weights, seed, start)


@dataclass(frozen=True, slots=True)
class Known:
    """What fits of one moment share: decayed counts, and members by items as signed weights."""

    counts: DecayedCounts
    matrix: csr_array


def know(events: Interactions, firsts: Interactions, items: Items, as_of: float) -> Known:
    """Gather what is known at a moment; `firsts` are the events' first positives."""
    ids = np.union1d(items.ids[items.published <= as_of], events.items)
    own = settle(events)
    members, rows = np.unique(own.members, return_inverse=True)
    columns = np.searchsorted(ids, own.items)
    matrix = csr_array((own.weights, (rows, columns)), shape=(len(members), len(ids)))
    return Known(DecayedCounts(ids, count(ids, firsts, as_of), as_of), matrix)


def fit_known(
    known: Known,
    settings: AlsSettings,
    weights: NDArray[np.float64],
    seed: int,
    start: Model | None,
) -> Model:
    """Fit factors to what is known; see `snapshot`."""
    warm = None if start is None else _warm(start, known.counts.ids, settings)
    n_sweeps = None if warm is None else N_WARM_SWEEPS
    factors = als.fit(known.matrix, settings, seed=seed, start=warm, n_sweeps=n_sweeps)
    return Model(factors, settings, known.counts, weights)


def _warm(
    start: Model, ids: NDArray[np.int64], settings: AlsSettings
) -> NDArray[np.float32] | None:
    """Return the factors of an earlier model for these ids, NaN where it has none."""
    if start.settings.n_factors != settings.n_factors:
        return None
    factors = np.full((len(ids), settings.n_factors), np.nan, np.float32)
    rows, is_known = positions(start.ids, ids)
    factors[is_known] = start.factors.rows[rows[is_known]]
    return factors
