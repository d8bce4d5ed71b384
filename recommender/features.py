"""The features of a candidate: recent use, age, quality, what it is to the member.

Owns their definitions, once, for training and for serving: what is learned is what is served. The
order of the columns is `model.FEATURES`: first what no member changes, then what one does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender import als
from recommender.interactions import Interactions, Items
from recommender.model import AGE_SCALES_H, COUNT_SCALES, FEATURES, N_FEATURES, Model
from recommender.popularity import DAY_S, HOUR_S, TIME_CONSTANTS_S, DecayedCounts, count, positions

N_DECAYS = len(TIME_CONSTANTS_S)
USE = slice(0, N_DECAYS * len(COUNT_SCALES))
AGES = slice(USE.stop, USE.stop + len(AGE_SCALES_H))
QUALITY = FEATURES.index("quality")
DIFFICULTY = FEATURES.index("difficulty")
INTEREST = FEATURES.index("interest")
TASTE = FEATURES.index("taste")
FILTER = FEATURES.index("filter")
CONTENT = FEATURES.index("content")
NEXT = FEATURES.index("next")
VIEWS = slice(TASTE, CONTENT + 1)
"""The three views of what a member likes: factors, co-occurrence, text."""
N_VIEWS = 3
INTEREST_EVIDENCE = 30.0  # confidence of events at which a named interest is worth half
WITHIN_S = 1_800.0  # so long after something was wanted the next thing is one that followed it
FATIGUE_S = 7 * DAY_S  # after so long, a showing counts for 1/e
QUALITY_STRENGTH = 5.0  # members of mean confidence that an item's own are weighed against


def time_features(
    counts: DecayedCounts | None, fresh: Interactions, candidates: Items, now: float
) -> NDArray[np.float64]:
    """Return the features that no member changes but quality, the others 0, float64[n, d].

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
    """Return features from decayed counts [n, 4] and ages [n]; the others are 0, float64[n, d]."""
    features = np.zeros((len(ages_s), N_FEATURES), order="F")
    for i, scale in enumerate(COUNT_SCALES):
        np.multiply(decayed, scale, out=features[:, i * N_DECAYS : (i + 1) * N_DECAYS])
    hours = np.maximum(0.0, ages_s) / HOUR_S
    for column, scale in enumerate(AGE_SCALES_H, start=AGES.start):
        np.divide(hours, scale, out=features[:, column])
    timely = features[:, : AGES.stop]
    np.log1p(timely, out=timely)
    return features


def quality(
    rows: NDArray[np.integer[Any]], weights: NDArray[np.float32], n_items: int
) -> NDArray[np.float32]:
    """Return how strongly items were wanted by those who met them, float32[m].

    log((Σw + s·w̄) / (n + s)) - log w̄ over the settled events of an item, w its confidence and 0
    for a dismissal, w̄ the mean over all events, s = QUALITY_STRENGTH: an item that is opened and
    then saved or liked is above 0, one that is dismissed below.

    Parameters
    ----------
    rows, weights : int[n], float32[n]
        Of settled events (`interactions.settle`): the item's number from 0, the signed weight.
    n_items : int
        m.
    """
    if not (weights > 0).any():
        return np.zeros(n_items, np.float32)
    wanted = np.maximum(weights, 0)
    mean = wanted.mean(dtype=np.float64)
    total = np.bincount(rows, wanted, n_items) + QUALITY_STRENGTH * mean
    met = np.bincount(rows, minlength=n_items) + QUALITY_STRENGTH
    return np.asarray(np.log(total / met / mean), np.float32)


@dataclass(frozen=True, slots=True)
class Known:
    """What a model knows of a member's settled history.

    rows, intp[h], are rows of the model, weights, float32[h], signed confidences.
    """

    rows: NDArray[np.intp]
    weights: NDArray[np.float32]


def known_of(model: Model, own: Interactions) -> Known:
    """Return the model rows of a settled history's items, and their signed weights."""
    rows, is_known = positions(model.ids, own.items)
    return Known(rows[is_known], own.weights[is_known])


def loudness(evidence: float, half: float) -> float:
    """Return how loud taste speaks, in [0, 1]: evidence / (evidence + half).

    Views are divided by a member's own standard deviation, so one event would shout as loud as a
    thousand; shrunk like a mean of `evidence` observations towards 0 by `half` of them.

    Parameters
    ----------
    evidence : float
        Sum of the confidences of what the member wanted.
    half : float
        The evidence that is half as loud as can be; 0: all taste is equally loud.
    """
    return evidence / (evidence + half) if evidence > 0 else 0.0


def evidence(weights: NDArray[np.float32]) -> float:
    """Return the sum of the confidences of what was wanted."""
    return float(np.maximum(weights, 0).sum(dtype=np.float64))


def fading(own: Interactions) -> float:
    """Return what a named interest is worth beside a settled history, in (0, 1].

    What people say of themselves fades slowly as they show what they want.
    """
    return INTEREST_EVIDENCE / (INTEREST_EVIDENCE + evidence(own.weights))


def views(model: Model, known: Known) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return a member's taste, filter and content scores of all items, and their deviations.

    Members with few events have short vectors; dividing by a member's own standard deviation
    over all items, and by how much there is to go by (`loudness`), makes one weight right for all.

    Returns
    -------
    scores : float32[m, 3]
        Already divided. Zeros where nothing known was ever wanted.
    deviations : float64[3]
        What was divided by, 1 for a view that says nothing.
    """
    x = als.fold_in(model.factors, known.rows, known.weights, model.settings.als)
    scores = np.zeros((len(model.ids), N_VIEWS), np.float32, order="F")
    deviations = np.ones(N_VIEWS)
    loud = loudness(evidence(known.weights), model.settings.evidence)
    raw = (
        model.factors.rows @ x,
        model.filter.scores(known.rows, known.weights),
        model.content.scores(known.rows, known.weights),
    )
    for column, found in enumerate(raw):
        deviation = float(found.std()) if len(found) else 0.0
        if deviation > 0 and loud > 0:
            deviations[column] = deviation / loud
            np.divide(found, deviations[column], out=scores[:, column])
    return scores, deviations


def lately(model: Model, own: Interactions, now: float) -> NDArray[np.intp]:
    """Return the model rows of what a member wanted within the last `WITHIN_S`."""
    is_late = (own.weights > 0) & (own.times <= now) & (own.times >= now - WITHIN_S)
    rows, is_known = positions(model.ids, own.items[is_late])
    return rows[is_known]


def fit_of_level(model: Model, known: Known) -> NDArray[np.float32]:
    """Return minus the distance between each item's level and the member's mean, float32[m].

    The mean is over what they wanted, by confidence; 0 everywhere if no level of it is known, and
    for items of unknown level.
    """
    levels = model.levels[known.rows]
    weights = np.where(levels >= 0, np.maximum(known.weights, 0), 0).astype(np.float64)
    if not weights.sum() > 0:
        return np.zeros(len(model.ids), np.float32)
    mean = float(weights @ levels / weights.sum())
    by_level = -np.abs(np.arange(int(model.levels.max()) + 2) - mean)
    by_level[-1] = 0  # where -1, an unknown level, leads
    return np.asarray(by_level.astype(np.float32)[model.levels])


def fill(
    features: NDArray[np.float64],
    model: Model,
    own: Interactions,
    rows: NDArray[np.intp],
    is_known: NDArray[np.bool_],
    now: float,
) -> NDArray[np.float64]:
    """Write into a table of candidates what the model says of them and of one member.

    Parameters
    ----------
    features : float64[n, d]
        Of `table`; the columns quality, difficulty, taste, filter, content and next are written.
    own : Interactions
        Settled history of one member.
    rows, is_known : intp[n], bool[n]
        Where the candidates stand in the model (`popularity.positions`).

    Returns
    -------
    float64[3]
        The deviations of `views`.
    """
    known, deviations = known_of(model, own), np.ones(N_VIEWS)
    columns = {QUALITY: model.quality, DIFFICULTY: fit_of_level(model, known)}
    if len(known.rows):
        scores, deviations = views(model, known)
        columns |= {TASTE + i: scores[:, i] for i in range(N_VIEWS)}
        before = lately(model, own, now)
        if len(before) and len(model.follows.values):
            columns[NEXT] = model.follows.scores(before, np.ones(len(before)))
    are_known = is_known.all()
    for column, of_model in columns.items():
        if not len(of_model):
            continue
        found = of_model[rows]  # a row that is not known is within range
        features[:, column] = found if are_known else np.where(is_known, found, 0)
    return deviations
