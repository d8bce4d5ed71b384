"""The two inputs of the recommender: who did what when, and which resources exist.

Owns validation (everything behind it may trust lengths, types and finite numbers) and the rules by
which several events of one member on one resource become one. What an event is worth is the
caller's policy: here a weight is just a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


def _require(name: str, array: NDArray[Any], dtype: type[np.generic]) -> None:
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
        _require("members", self.members, np.int64)
        _require("items", self.items, np.int64)
        _require("weights", self.weights, np.float32)
        _require("times", self.times, np.float64)
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
        """Return the events at positions, under a mask or in a slice."""
        return Interactions(
            self.members[which], self.items[which], self.weights[which], self.times[which]
        )

    def in_order(self) -> Interactions:
        """Return the events by time; ties by member, item and weight, so input order is lost."""
        return self.take(np.lexsort((self.weights, self.items, self.members, self.times)))


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
        _require("ids", self.ids, np.int64)
        _require("published", self.published, np.float64)
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


def first_positives(data: Interactions) -> Interactions:
    """Return the first positive event of each (member, item), by time.

    One member counts once per resource, however often they come back.
    """
    ordered = data.take(data.weights > 0).in_order()
    if not len(ordered):
        return ordered
    by_pair = np.lexsort((ordered.items, ordered.members))  # stable: time stays the last key
    is_new = np.ones(len(by_pair), bool)
    is_new[1:] = (np.diff(ordered.members[by_pair]) != 0) | (np.diff(ordered.items[by_pair]) != 0)
    return ordered.take(np.sort(by_pair[is_new]))


def settle(data: Interactions) -> Interactions:
    """Return one event per (member, item), sorted by member and item.

    The newest event decides between wanted and dismissed (a tie in time: dismissed); the weight is
    the strongest of that sign, so repeating an action does not add confidence; the time is the
    newest.
    """
    if not len(data):
        return data
    order = np.lexsort((data.weights > 0, -data.times, data.items, data.members))
    ordered = data.take(order)
    starts = np.ones(len(ordered), bool)
    starts[1:] = (np.diff(ordered.members) != 0) | (np.diff(ordered.items) != 0)
    at = np.flatnonzero(starts)
    newest = ordered.take(at)
    is_wanted = np.repeat(newest.weights > 0, np.diff(np.append(at, len(ordered))))
    agreeing = np.where((ordered.weights > 0) == is_wanted, np.abs(ordered.weights), 0)
    strongest = np.maximum.reduceat(agreeing, at).astype(np.float32)
    weights = np.where(newest.weights > 0, strongest, -strongest)
    return Interactions(newest.members, newest.items, weights, newest.times)
