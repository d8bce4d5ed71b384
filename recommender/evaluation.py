"""Measuring: hit rate, nDCG, and predictions in the order of time.

Owns the protocol that training and benchmarks share. It is prequential: at every first event of a
member on a resource, all resources known at that second are ranked with what was known before it,
then the event is learned. A random split would leak the future, so there is none here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.interactions import Interactions, Items
from recommender.popularity import positions

TOP = 10


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over n predictions of whether, and how high, the chosen item stood in the top ten."""

    hit_rate: float
    ndcg: float
    n: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events in order, and which of them can be predicted.

    Attributes
    ----------
    events : Interactions
        By time (`Interactions.in_order`).
    is_first : bool[n]
        The first positive event of its (member, item).
    is_known_item : bool[n]
        The item is in the catalogue and was published before the event, or at the same second by
        an earlier event.
    is_known_member : bool[n]
        The member has an earlier event.
    is_untouched : bool[n]
        The member has no earlier event on the item, not even a dismissal: it is a candidate.
    """

    events: Interactions
    is_first: NDArray[np.bool_]
    is_known_item: NDArray[np.bool_]
    is_known_member: NDArray[np.bool_]
    is_untouched: NDArray[np.bool_]

    def predictable(self, start: int, end: int) -> NDArray[np.intp]:
        """Return the positions in [start, end) of the events to predict."""
        is_fit = self.is_first & self.is_known_item & self.is_known_member & self.is_untouched
        return start + np.flatnonzero(is_fit[start:end])


def timeline(data: Interactions, items: Items) -> Timeline:
    """Put events in order and mark what can be predicted."""
    events = data.in_order()
    published = np.full(len(events), np.inf)
    order = np.argsort(items.ids)
    if len(items):
        rows = np.minimum(np.searchsorted(items.ids[order], events.items), len(items) - 1)
        is_listed = items.ids[order][rows] == events.items
        published[is_listed] = items.published[order][rows[is_listed]]
    is_late = (published < events.times) | (
        (published == events.times) & ~_is_first_of(events.items)
    )
    wanted = np.flatnonzero(events.weights > 0)
    pairs = np.stack([events.members, events.items], 1)
    is_first = np.zeros(len(events), bool)
    is_first[wanted] = _is_first_of(pairs[wanted])
    is_known_member = ~_is_first_of(events.members)
    return Timeline(events, is_first, is_late, is_known_member, _is_first_of(pairs))


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known at the moment of one prediction.

    Attributes
    ----------
    item : int
        The right answer; it is among the candidates.
    now : float
        Unix seconds.
    history : Interactions
        The member's own earlier events.
    candidates : Items
        Published by now and without any event of the member.
    users : int64[n]
        How many members ever wanted each candidate: all-time popularity.
    """

    item: int
    now: float
    history: Interactions
    candidates: Items
    users: NDArray[np.int64]


class Replay:
    """Looks back at a timeline from any of its positions; keeps only indexes, changes nothing."""

    def __init__(self, line: Timeline, items: Items) -> None:
        self._events = line.events
        self._items = items.take(np.argsort(items.ids))
        self._by_member = np.argsort(line.events.members, kind="stable")
        self._sorted_members = line.events.members[self._by_member]
        firsts = np.flatnonzero(line.is_first)
        rows, is_listed = positions(self._items.ids, line.events.items[firsts])
        self._first_at, self._first_rows = firsts[is_listed], rows[is_listed]

    def situation(self, at: int) -> Situation:
        """Return what was known just before the event at a position of the timeline."""
        now = float(self._events.times[at])
        member = self._events.members[at]
        left = np.searchsorted(self._sorted_members, member, "left")
        right = np.searchsorted(self._sorted_members, member, "right")
        own = self._by_member[left:right]
        history = self._events.take(own[: np.searchsorted(own, at)])
        is_open = self._items.published <= now
        rows, is_listed = positions(self._items.ids, history.items)
        is_open[rows[is_listed]] = False
        n_firsts = np.searchsorted(self._first_at, at)
        users = np.bincount(self._first_rows[:n_firsts], minlength=len(self._items))
        item = int(self._events.items[at])
        return Situation(item, now, history, self._items.take(is_open), users[is_open])


def rank(ids: NDArray[np.int64], totals: NDArray[np.float64], item: int) -> int:
    """Return how many candidates stand before the item, by total and then by the smaller id.

    Raises
    ------
    ValueError
        The item is not among the candidates.
    """
    at = np.flatnonzero(ids == item)
    if not len(at):
        raise ValueError(f"item {item} is not among the candidates")
    own = totals[at[0]]
    return int(np.count_nonzero(totals > own) + np.count_nonzero((totals == own) & (ids < item)))


def gains(ranks: NDArray[np.int64], k: int = TOP) -> NDArray[np.float64]:
    """Return nDCG@k of predictions with one right answer each, 1 / log2(rank + 2) or 0, float64[n].

    rank counts from 0; the ideal order has gain 1 (Järvelin and Kekäläinen 2002).
    """
    return np.where(ranks < k, 1 / np.log2(ranks + 2.0), 0.0)


def quality(ranks: NDArray[np.int64], k: int = TOP) -> Quality:
    """Return hit rate and nDCG at k; both 0 without predictions."""
    if not len(ranks):
        return Quality(0.0, 0.0, 0)
    return Quality(float((ranks < k).mean()), float(gains(ranks, k).mean()), len(ranks))


def margin(left: NDArray[np.int64], right: NDArray[np.int64]) -> tuple[float, float]:
    """Return the mean paired difference in nDCG@10, left minus right, and its standard error.

    The error of fewer than two predictions is infinite.
    """
    difference = gains(left) - gains(right)
    if len(difference) < 2:
        return float(difference.sum()), float("inf")
    return float(difference.mean()), float(difference.std(ddof=1) / np.sqrt(len(difference)))


def _is_first_of(ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark the first place at which each id, or each row of ids, stands."""
    is_first = np.zeros(len(ids), bool)
    if len(ids):
        is_first[np.unique(ids, axis=0, return_index=True)[1]] = True
    return is_first
