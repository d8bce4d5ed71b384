"""The features of a candidate: recent use, age, and the member's taste.

Owns their definitions, once, for training and for serving: what is learned is what is served. The
order of the columns is `model.FEATURES`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender import als
from recommender.interactions import Interactions, Items
from recommender.model import AGE_SCALES_H, COUNT_SCALES, N_FEATURES, Model
from recommender.popularity import HOUR_S, TIME_CONSTANTS_S, DecayedCounts, count, positions

N_DECAYS = len(TIME_CONSTANTS_S)
USE = slice(0, N_DECAYS * len(COUNT_SCALES))
AGES = slice(USE.stop, USE.stop + len(AGE_SCALES_H))
TASTE = AGES.stop


def time_features(
    counts: DecayedCounts | None, fresh: Interactions, candidates: Items, now: float
) -> NDArray[np.float64]:
    """Return the features that no member changes, and 0 for taste, float64[n, d].

    `fresh` holds each (member, item) once, positive only; an item published after `now` has age 0.

    Raises
    ------
    ValueError
        `now` is not finite.
    """
    if not np.isfinite(now):
        raise ValueError("now must be finite")
    if counts is None:
        decayed = count(candidates.ids, fresh, now)
    else:
        decayed = counts.at(candidates.ids, fresh, now)
    return table(decayed, now - candidates.published)


def table(decayed: NDArray[np.float64], ages_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return features from decayed counts [n, 4] and ages [n]; taste is 0, float64[n, d]."""
    features = np.zeros((len(ages_s), N_FEATURES), order="F")
    for i, scale in enumerate(COUNT_SCALES):
        np.multiply(decayed, scale, out=features[:, i * N_DECAYS : (i + 1) * N_DECAYS])
    hours = np.maximum(0.0, ages_s) / HOUR_S
    for column, scale in enumerate(AGE_SCALES_H, start=AGES.start):
        np.divide(hours, scale, out=features[:, column])
    timely = features[:, :TASTE]
    np.log1p(timely, out=timely)
    return features


def tastes(model: Model, own: Interactions) -> NDArray[np.float32]:
    """Return ⟨x, y⟩ over its standard deviation for all items of the model, float32[m].

    `own` is a member's settled history (`interactions.settle`). Members with few events have short
    vectors; dividing by their own deviation makes one weight right for all. Zeros if nothing known
    was ever wanted.
    """
    which, weights = known_of(model, own)
    x = als.fold_in(model.factors, which, weights, model.settings)
    scores = model.factors.rows @ x
    deviation = float(scores.std()) if len(scores) else 0.0
    return np.asarray(scores / deviation if deviation > 0 else np.zeros_like(scores), np.float32)


def taste_of(model: Model, own: Interactions, ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the `tastes` of some items, float64[n]; 0 for those the model does not know."""
    rows, is_known = positions(model.ids, ids)
    taste = np.zeros(len(ids))
    taste[is_known] = tastes(model, own)[rows[is_known]]
    return taste


def known_of(model: Model, own: Interactions) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return the model rows of a settled history's items, and their signed weights."""
    rows, is_known = positions(model.ids, own.items)
    return rows[is_known], own.weights[is_known]
