"""Popularity that forgets: counts of wanting members, decayed with four time constants.

Owns the counts. A resource needs one value per time constant and one common timestamp: each event
is one multiplication and one addition, and nothing has to be replayed (exponentially decayed
counters, Cormode et al., "Forward Decay", ICDE 2009). The caller passes each (member, resource)
pair once (`interactions.first_positives`), so nobody can push a resource by coming back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.interactions import Interactions

HOUR_S = 3_600.0
DAY_S = 86_400.0
N_PER_BLOCK = 2**18  # events looked at at once: temporary arrays stay a few MB
TIME_CONSTANTS_S = np.array([0.5, 2.0, 7.0, 30.0]) * DAY_S


@dataclass(frozen=True, slots=True)
class DecayedCounts:
    """Decayed counts of resources at one moment.

    Attributes
    ----------
    ids : int64[m]
        Sorted, each once.
    values : float64[m, 4]
        Σ exp(-(as_of - t) / TIME_CONSTANTS_S) over the events at t <= as_of.
    as_of : float
        Unix seconds.
    """

    ids: NDArray[np.int64]
    values: NDArray[np.float64]
    as_of: float

    def at(self, ids: NDArray[np.int64], fresh: Interactions, now: float) -> NDArray[np.float64]:
        """Return the counts of some resources at a later moment.

        Parameters
        ----------
        ids : int64[n]
            In any order; a resource never touched has counts of 0.
        fresh : Interactions
            Positive events since `as_of`, each (member, item) once. Events after `now` count as
            if they happened now, so clocks that disagree by seconds do no harm.
        now : float
            Unix seconds; a moment before `as_of` is taken as `as_of`.

        Returns
        -------
        float64[n, 4]
        """
        counts = np.zeros((len(ids), len(TIME_CONSTANTS_S)))
        rows, is_known = positions(self.ids, ids)
        kept = np.exp(-max(0.0, now - self.as_of) / TIME_CONSTANTS_S)
        counts[is_known] = self.values[rows[is_known]] * kept
        return counts + count(ids, fresh, now)


def count(
    ids: NDArray[np.int64],
    events: Interactions,
    now: float,
    which: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Return the decayed counts of resources at `now`, float64[n, 4], from the events alone.

    `which`, bool[events], counts some of them only.
    """
    counts = np.zeros((len(ids), len(TIME_CONSTANTS_S)))
    if not len(ids):
        return counts
    order = np.argsort(ids)
    sorted_ids = ids[order]
    for start in range(0, len(events), N_PER_BLOCK):
        block = slice(start, start + N_PER_BLOCK)
        items, times = events.items[block], events.times[block]
        if which is not None:
            items, times = items[which[block]], times[which[block]]
        rows, is_known = positions(sorted_ids, items)
        rows = order[rows[is_known]]
        ages = np.maximum(0.0, now - times[is_known])
        for column, constant in enumerate(TIME_CONSTANTS_S):
            counts[:, column] += np.bincount(rows, np.exp(-ages / constant), len(ids))
    return counts


def positions(
    sorted_ids: NDArray[np.int64], ids: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return where ids stand in sorted_ids, intp[n], and whether they do, bool[n]."""
    rows = np.searchsorted(sorted_ids, ids)
    rows = np.minimum(rows, max(0, len(sorted_ids) - 1))
    if not len(sorted_ids):
        return rows, np.zeros(len(ids), bool)
    return rows, sorted_ids[rows] == ids


def among(sorted_ids: NDArray[np.int64], ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which of sorted ids are among others, bool[n]."""
    found = np.zeros(len(sorted_ids), np.bool_)
    rows, is_listed = positions(sorted_ids, ids)
    found[rows[is_listed]] = True
    return found
