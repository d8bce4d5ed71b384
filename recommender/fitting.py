"""One fit: events into a snapshot, without tuning or judging it.

Owns the way from events and texts to a matrix, decayed counts, factors and views. `training`
decides with which settings and weights, and whether the result may serve.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender import als, content, features, similarity, succession
from recommender.als import AlsSettings, ItemFactors
from recommender.context import Context
from recommender.interactions import Interactions, Items, is_first_positive, settled
from recommender.model import FALLBACK_WEIGHTS, Model, Settings
from recommender.neighbours import Neighbours
from recommender.popularity import TIME_CONSTANTS_S, DecayedCounts, count, positions

N_WARM_SWEEPS = 2
UNKNOWN_LEVEL = -1


@dataclass(frozen=True, slots=True)
class Texts:
    """What is written about the resources of a catalogue, ready for fits of any moment.

    ids are sorted, int64[n]; `vectors` csr_array[n, terms]; `alike`, the nearest by cosine, counts
    rows of `ids`.
    """

    ids: NDArray[np.int64]
    vectors: csr_array
    alike: Neighbours


def read(items: Items, context: Context) -> Texts | None:
    """Turn a catalogue's texts and tags into vectors; None where there are none."""
    if not any(context.texts) and not any(context.tags):
        return None
    order = np.argsort(items.ids).tolist()
    texts = context.texts or ("",) * len(items)
    tags = context.tags or ((),) * len(items)
    vectors = content.vectorise([texts[i] for i in order], [tags[i] for i in order])
    return Texts(items.ids[order], vectors, content.neighbours(vectors))


def snapshot(
    events: Interactions,
    items: Items,
    *,
    as_of: float,
    settings: Settings,
    weights: NDArray[np.float64],
    seed: int,
    context: Context | None = None,
    start: Model | None = None,
) -> Model:
    """Fit a model on events, without tuning or evaluation.

    Parameters
    ----------
    events : Interactions
        None later than `as_of`.
    items : Items
        The catalogue; what is published after `as_of` is left out.
    weights : float64[d]
        Of the blend.
    context : Context, optional
        Texts and levels of the catalogue.
    start : Model, optional
        Whose factors to begin with, if it has as many; then two sweeps are enough.
    """
    context = context or Context()
    line = events.in_order()
    is_first = is_first_positive(line)
    known = know(line, is_first, items, as_of, context, read(items, context))
    return fit_known(known, settings, weights, seed, start)


@dataclass(frozen=True, slots=True)
class Known:
    """What fits of one moment share: everything that no settings change.

    `matrix` is members by items as signed weights; the rest are parts of a `Model`. `vectors`,
    csr_array[m, terms], are of the items' texts, None where there are none.
    """

    counts: DecayedCounts
    matrix: csr_array
    filter: Neighbours
    content: Neighbours
    follows: Neighbours
    quality: NDArray[np.float32]
    levels: NDArray[np.int64]
    vectors: csr_array | None


def know(
    events: Interactions,
    is_first: NDArray[np.bool_],
    items: Items,
    as_of: float,
    context: Context,
    texts: Texts | None,
) -> Known:
    """Gather what is known at a moment; `is_first` marks the first positives among the events."""
    ids = np.union1d(items.ids[items.published <= as_of], events.items)
    matrix = _matrix(events, ids)
    alike, vectors = _texts_of(texts, ids)
    return Known(
        counts=DecayedCounts(ids, count(ids, events, as_of, is_first), as_of),
        matrix=matrix,
        filter=similarity.linear_filter(matrix),
        content=alike,
        follows=succession.follows(events, ids),
        quality=features.quality(matrix.indices, matrix.data, len(ids)),
        levels=_levels_of(items, context.levels, ids),
        vectors=vectors,
    )


def _matrix(events: Interactions, ids: NDArray[np.int64]) -> csr_array:
    """Return members by items as the settled weights; a row for each member with an event."""
    at, weights, _ = settled(events)
    columns = np.searchsorted(ids, events.items[at]).astype(np.int32)
    members = events.members[at]
    is_start = np.ones(len(at), bool)
    is_start[1:] = members[1:] != members[:-1]
    indptr = np.append(np.flatnonzero(is_start), len(at)).astype(np.int32)
    return csr_array((weights, columns, indptr), shape=(len(indptr) - 1, len(ids)))


def fit_known(
    known: Known,
    settings: Settings,
    weights: NDArray[np.float64],
    seed: int,
    start: Model | None,
) -> Model:
    """Fit factors to what is known; see `snapshot`."""
    warm = None if start is None else _warm(start, known.counts.ids, settings.als)
    n_sweeps = None if warm is None else N_WARM_SWEEPS
    factors = als.fit(known.matrix, settings.als, seed=seed, start=warm, n_sweeps=n_sweeps)
    second = known.filter
    if settings.second == "ease":
        second = similarity.ease(known.matrix, settings.ease_regularization)
    return Model(
        factors=_with_mapped(factors, known),
        settings=settings,
        counts=known.counts,
        weights=weights,
        filter=second,
        content=known.content,
        follows=known.follows,
        quality=known.quality,
        levels=known.levels,
    )


def fallback(items: Items, *, as_of: float, context: Context) -> Model:
    """Return what serves before a guild's events prove more: recent use, age, texts, interests.

    Decayed counts are left to the events that the caller counts at a request.
    """
    published = items.take(items.published <= as_of)
    ids = np.sort(published.ids)
    alike, _ = _texts_of(read(items, context), ids)
    return Model(
        factors=ItemFactors(np.zeros((len(ids), 1), np.float32), np.zeros(1)),
        settings=Settings(AlsSettings(n_factors=1)),
        counts=DecayedCounts(ids, np.zeros((len(ids), len(TIME_CONSTANTS_S))), as_of),
        weights=FALLBACK_WEIGHTS,
        filter=Neighbours.empty(len(ids)),
        content=alike,
        follows=Neighbours.empty(len(ids)),
        quality=np.zeros(len(ids), np.float32),
        levels=_levels_of(items, context.levels, ids),
    )


def extend(model: Model, items: Items, *, now: float, context: Context) -> Model:
    """Add resources to a fitted model that are newer than it, from their texts alone.

    Nothing else is learned: they get the factors that their texts are mapped to and neighbours by
    text; what is known of the others stays.

    Parameters
    ----------
    items : Items
        The catalogue now; what is published after `now` is left out.
    context : Context
        Its texts and levels.
    """
    ids = np.union1d(model.ids, items.ids[items.published <= now])
    at = np.searchsorted(ids, model.ids)
    alike, vectors = _texts_of(read(items, context), ids)
    counts = np.zeros((len(ids), len(TIME_CONSTANTS_S)))
    counts[at] = model.counts.values
    factors = np.zeros((len(ids), model.factors.rows.shape[1]), np.float32)
    factors[at] = model.factors.rows
    if vectors is not None:
        n_wanted = np.ceil(counts[:, -1]).astype(np.int64)  # decayed, yet above 0 once touched
        mapped = content.mapped(vectors, factors, n_wanted)
        is_new = np.ones(len(ids), bool)
        is_new[at] = False
        factors[is_new] = mapped[is_new]
    quality = np.zeros(len(ids), np.float32)
    quality[at] = model.quality
    levels = np.full(len(ids), UNKNOWN_LEVEL, np.int64)
    levels[at] = model.levels
    listed = _levels_of(items, context.levels, ids)
    return replace(
        model,
        factors=replace(model.factors, rows=factors),
        counts=DecayedCounts(ids, counts, model.as_of),
        filter=model.filter.widened(at, len(ids)),
        content=alike,
        follows=model.follows.widened(at, len(ids)),
        quality=quality,
        levels=np.where(listed >= 0, listed, levels),
    )


def _with_mapped(factors: ItemFactors, known: Known) -> ItemFactors:
    """Give resources that nobody has touched the factors that their texts are mapped to."""
    degrees = np.bincount(known.matrix.indices, minlength=known.matrix.shape[1])
    if known.vectors is None or not (degrees == 0).any():
        return factors
    rows = content.mapped(known.vectors, factors.rows, degrees)
    return replace(factors, rows=np.where(degrees[:, None] > 0, factors.rows, rows))


def _texts_of(texts: Texts | None, ids: NDArray[np.int64]) -> tuple[Neighbours, csr_array | None]:
    """Return the content view and the vectors of some items; those without text are alone."""
    if texts is None:
        return Neighbours.empty(len(ids)), None
    at, has_text = positions(texts.ids, ids)
    places = np.flatnonzero(has_text)
    into = csr_array(
        (np.ones(len(places), np.float32), (places, at[places])), shape=(len(ids), len(texts.ids))
    )
    alike = csr_array(into @ texts.alike.to_matrix() @ into.T)
    alike.sort_indices()
    view = Neighbours(alike.indptr.astype(np.int64), alike.indices.astype(np.int32), alike.data)
    return view, csr_array(into @ texts.vectors)


def _levels_of(
    items: Items, levels: NDArray[np.int64], ids: NDArray[np.int64]
) -> NDArray[np.int64]:
    found = np.full(len(ids), UNKNOWN_LEVEL, np.int64)
    if len(levels):
        rows, is_listed = positions(ids, items.ids)
        found[rows[is_listed]] = levels[is_listed]
    return found


def _warm(
    start: Model, ids: NDArray[np.int64], settings: AlsSettings
) -> NDArray[np.float32] | None:
    """Return the factors of an earlier model for these ids, NaN where it has none."""
    if start.settings.als.n_factors != settings.n_factors:
        return None
    factors = np.full((len(ids), settings.n_factors), np.nan, np.float32)
    rows, is_known = positions(start.ids, ids)
    factors[is_known] = start.factors.rows[rows[is_known]]
    return factors
