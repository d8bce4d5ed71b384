"""The two inputs of the recommender: who did what when, and which resources exist.

Owns validation (everything behind it may trust lengths, types and finite numbers) and the rules by
which several events of one member on one resource become one. What an event is worth is the
caller's policy: here a weight is just a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


def require(name: str, array: NDArray[Any], dtype: type[np.generic]) -> None:
    """Raise ValueError unless an array is one-dimensional, of a dtype, and finite."""
    if not isinstance(array, np.ndarray) or array.ndim != 1 or array.dtype != dtype:
        raise ValueError(f"{name} must be a one-dimensional array of {np.dtype(dtype).name}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite")


@dataclass(frozen=True, slots=True)
class Interactions:
    """Events of members on resources, as parallel arrays in any order.

    Parameters
    ----------
    members, items : int64[n]
        Ids; any integers, they need not be dense.
    weights : float32[n]
        Confidence, finite and not 0. Positive: the member wanted it. Negative: the member
        dismissed it, which is never counted as a positive.
    times : float64[n]
        Unix seconds.

    Raises
    ------
    ValueError
        Unequal lengths, another dtype, NaN or infinity, or a weight of 0.
    """

    members: NDArray[np.int64]
    items: NDArray[np.int64]
    weights: NDArray[np.float32]
    times: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse what the arithmetic behind this class could not survive."""
        require("members", self.members, np.int64)
        require("items", self.items, np.int64)
        require("weights", self.weights, np.float32)
        require("times", self.times, np.float64)
        if len({len(self.members), len(self.items), len(self.weights), len(self.times)}) != 1:
            raise ValueError("members, items, weights and times must have equal lengths")
        if not self.weights.all():
            raise ValueError("weights must not be 0: leave such an event out")

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.members)

    @classmethod
    def empty(cls) -> Self:
        """Return no events."""
        ids = np.empty(0, np.int64)
        return cls(ids, ids, np.empty(0, np.float32), np.empty(0, np.float64))

    def take(self, which: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Interactions:
        """Return the events at positions, under a mask or in a slice.

        A slice, and a mask that leaves nothing out, share their memory with these.
        """
        if isinstance(which, np.ndarray) and which.dtype == bool:
            if len(which) == len(self) and which.all():
                return self
            which = np.flatnonzero(which)
        return Interactions(
            members=self.members[which],
            items=self.items[which],
            weights=self.weights[which],
            times=self.times[which],
        )

    def in_order(self) -> Interactions:
        """Return the events by time; ties by member, item and weight, so input order is lost.

        Events that stand in that order already are returned as they are, not copied.
        """
        if _is_in_order(self):
            return self
        order = np.argsort(self.times)
        times = self.times[order]
        is_tied = np.zeros(len(order) + 1, bool)
        is_tied[1:-1] = times[1:] == times[:-1]
        tied = np.flatnonzero(is_tied[1:] | is_tied[:-1])
        del times
        at = order[tied]  # in runs of one time: sorting them by time first keeps each in its place
        keys = (self.weights[at], self.items[at], self.members[at], self.times[at])
        order[tied] = at[np.lexsort(keys)]
        return self.take(order)


@dataclass(frozen=True, slots=True)
class Items:
    """Resources: ids int64[m], each once, and when they were published, float64[m] unix seconds.

    Raises
    ------
    ValueError
        Unequal lengths, another dtype, NaN or infinity, or an id that comes twice.
    """

    ids: NDArray[np.int64]
    published: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse arrays that do not describe resources."""
        require("ids", self.ids, np.int64)
        require("published", self.published, np.float64)
        if len(self.ids) != len(self.published):
            raise ValueError("ids and published must have equal lengths")
        is_ascending = bool((self.ids[1:] > self.ids[:-1]).all())
        if not is_ascending and len(np.unique(self.ids)) != len(self.ids):
            raise ValueError("an id comes twice")

    def __len__(self) -> int:
        """Return the number of resources."""
        return len(self.ids)

    def take(self, which: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Items:
        """Return the resources at positions, under a mask or in a slice."""
        return Items(self.ids[which], self.published[which])


def grouped(*columns: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Sort rows of one or more columns of ids, the first column first, ties by position.

    Ids and position are packed into the bits of one integer each, where they fit, so that millions
    of rows cost one sort in place.

    Returns
    -------
    order : intp[n]
        Positions, equal rows one after the other.
    is_new : bool[n]
        Where in that order another row than the one before begins.
    """
    n_rows = len(columns[0])
    is_new = np.ones(n_rows, bool)
    if n_rows < 2:
        return np.arange(n_rows), is_new
    n_bits = (n_rows - 1).bit_length()
    keys, n_key_bits = np.zeros(n_rows, np.int64), n_bits
    for column in columns:
        numbers, n_own_bits = _numbered(column, (63 - n_bits) // len(columns))
        n_key_bits += n_own_bits
        if n_key_bits > 63:
            return _sorted_by_columns(columns)
        keys <<= n_own_bits
        keys |= numbers
        del numbers
    keys <<= n_bits
    keys |= np.arange(n_rows)
    keys.sort()
    is_new[1:] = (keys[1:] >> n_bits) != (keys[:-1] >> n_bits)
    keys &= (1 << n_bits) - 1
    return keys.astype(np.intp, copy=False), is_new


def is_first_positive(ordered: Interactions) -> NDArray[np.bool_]:
    """Mark the first positive event of each (member, item) among events in order, bool[n]."""
    is_first = ordered.weights > 0
    wanted = np.flatnonzero(is_first)
    order, is_new = grouped(ordered.members[wanted], ordered.items[wanted])
    is_first[wanted[order[~is_new]]] = False
    return is_first


def first_positives(data: Interactions) -> Interactions:
    """Return the first positive event of each (member, item), by time.

    One member counts once per resource, however often they come back.
    """
    ordered = data.take(data.weights > 0).in_order()
    return ordered.take(is_first_positive(ordered))


def settle(data: Interactions) -> Interactions:
    """Return one event per (member, item), sorted by member and item.

    The newest event decides between wanted and dismissed (a tie in time: dismissed); the weight is
    the strongest of that sign, so repeating an action does not add confidence; the time is the
    newest.
    """
    at, weights, times = settled(data)
    return Interactions(
        members=data.members[at], items=data.items[at], weights=weights, times=times
    )


def settled(
    data: Interactions,
) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.float64]]:
    """Return what `settle` does by columns: where each pair stands, its weight and its time.

    Returns
    -------
    at : intp[p]
        The position of an event of each pair, sorted by member and item.
    weights, times : float32[p], float64[p]
    """
    order, is_new = grouped(data.members, data.items)
    starts = np.flatnonzero(is_new)
    sizes = np.diff(np.append(starts, len(order)))
    at = order[starts]
    weights, times = data.weights[at], data.times[at]
    again = np.flatnonzero(sizes > 1)
    if len(again):
        several = order[np.repeat(sizes > 1, sizes)]
        weights[again], times[again] = _agreed(data, several, sizes[again])
    return at, weights, times


def _agreed(
    data: Interactions, order: NDArray[np.intp], sizes: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return weights and times of pairs, the events of each one after the other in `order`."""
    starts = np.cumsum(sizes) - sizes
    times, weights = data.times[order], data.weights[order]
    newest = np.maximum.reduceat(times, starts)
    is_newest = times == np.repeat(newest, sizes)
    least = np.minimum.reduceat(np.where(is_newest, weights, np.float32(np.inf)), starts)
    is_agreeing = (weights > 0) == np.repeat(least > 0, sizes)
    strongest = np.maximum.reduceat(np.abs(weights) * is_agreeing, starts)
    return np.where(least > 0, strongest, -strongest), newest


def _is_in_order(data: Interactions) -> bool:
    """Say whether no event comes after one that `Interactions.in_order` would put behind it."""
    times = data.times
    if (times[1:] < times[:-1]).any():
        return False
    is_behind = np.zeros(max(0, len(times) - 1), bool)
    is_tied = times[1:] == times[:-1]
    for key in (data.members, data.items, data.weights):
        is_behind |= is_tied & (key[1:] < key[:-1])
        is_tied &= key[1:] == key[:-1]
    return not is_behind.any()


def _numbered(ids: NDArray[np.int64], n_bits_max: int) -> tuple[NDArray[np.int64], int]:
    """Return numbers from 0 in the order of the ids, and how many bits the greatest needs.

    Ids that lie close together are only shifted; others, such as Discord's, become ranks.
    """
    lowest = int(ids.min())
    n_bits = (int(ids.max()) - lowest).bit_length()
    if n_bits <= n_bits_max:
        return ids - lowest, n_bits
    distinct = np.sort(ids)
    distinct = distinct[np.append(True, distinct[1:] != distinct[:-1])]
    return np.searchsorted(distinct, ids).astype(np.int64), (len(distinct) - 1).bit_length()


def _sorted_by_columns(
    columns: Sequence[NDArray[np.int64]],
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Do what `grouped` does, whatever the ids; slower, with more memory."""
    order = np.lexsort(columns[::-1])
    is_new = np.zeros(len(order), bool)
    is_new[:1] = True
    for column in columns:
        ordered = column[order]
        is_new[1:] |= ordered[1:] != ordered[:-1]
    return order, is_new
