"""What members open next: of each item, which others followed it within half an hour.

Owns the count. Somebody who has just read something is in the middle of a thing; what others went
on to then is more to the point than what they ever wanted together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from recommender.features import WITHIN_S
from recommender.interactions import Interactions, grouped
from recommender.neighbours import Neighbours

N_NEXT = 8
"""At most so many of a member's later events follow one."""


def follows(events: Interactions, ids: NDArray[np.int64]) -> Neighbours:
    """Return how often each item followed each other one, B[i, j] = log(1 + c_ij).

    c counts members who wanted j within `WITHIN_S` after i, each once.

    Parameters
    ----------
    events : Interactions
        In order of time, all of them on some of the ids.
    ids : int64[m]
        Sorted; rows of the view.
    """
    wanted = events.take(events.weights > 0)
    order, _ = grouped(wanted.members)  # ties by position: each member's in order of time
    members, times = wanted.members[order], wanted.times[order]
    rows = np.searchsorted(ids, wanted.items[order])
    found: list[NDArray[np.int64]] = []
    for lag in range(1, N_NEXT + 1):
        is_next = (members[lag:] == members[:-lag]) & (times[lag:] - times[:-lag] <= WITHIN_S)
        is_next &= rows[lag:] != rows[:-lag]
        at = np.flatnonzero(is_next)
        found.append(np.stack([members[at], rows[at], rows[at + lag]]))
    of_member, before, after = np.concatenate(found, 1)
    order, is_new = grouped(before, after, of_member)
    before, after = before[order[is_new]], after[order[is_new]]
    m = len(ids)
    counts = coo_array((np.ones(len(before)), (before, after)), shape=(m, m)).tocsr()
    counts.data = np.log1p(counts.data)
    return Neighbours.of(counts)
