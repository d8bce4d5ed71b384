"""Measuring: hit rate, nDCG, and predictions in the order of time.

Owns the protocol that training and benchmarks share. It is prequential: at every first event of a
member on a resource, all resources known at that second are ranked with what was known before it,
then the event is learned. A random split would leak the future, so there is none here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.interactions import Interactions, Items, grouped
from recommender.popularity import N_PER_BLOCK, positions

TOP = 10
N_RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Accuracy:
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
    order, is_new = grouped(events.members, events.items)
    is_untouched = _marked(order[is_new], len(events))
    is_wanted = events.weights[order] > 0
    pair = np.cumsum(is_new, dtype=np.int32)[is_wanted]
    is_first = _marked(order[is_wanted][np.diff(pair, prepend=0) > 0], len(events))
    del order, is_new, is_wanted, pair
    is_known_item = _is_published(events, items)
    is_known_member = ~_is_first_of(events.members)
    return Timeline(
        events=events,
        is_first=is_first,
        is_known_item=is_known_item,
        is_known_member=is_known_member,
        is_untouched=is_untouched,
    )


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
    """Looks back at a timeline from any of its positions, best in order; the timeline stays.

    A look costs the number of items and of the member's own events: all-time popularity is
    carried along from the last position asked for, and counted again only for an earlier one.
    """

    def __init__(self, line: Timeline, items: Items) -> None:
        self._events = line.events
        self._items = items.take(np.argsort(items.ids))
        order, is_new = grouped(line.events.members)
        starts = np.flatnonzero(is_new)
        self._members = line.events.members[order[starts]]
        self._starts = np.append(starts, len(order))
        self._by_member = order.astype(np.int32)
        self._is_first = line.is_first
        self._users = np.zeros(len(items), np.int64)
        self._n_counted = 0

    def situation(self, at: int) -> Situation:
        """Return what was known just before the event at a position of the timeline."""
        now = float(self._events.times[at])
        member = int(np.searchsorted(self._members, self._events.members[at]))
        own = self._by_member[self._starts[member] : self._starts[member + 1]]
        history = self._events.take(own[: np.searchsorted(own, at)].astype(np.intp))
        is_open = self._items.published <= now
        rows, is_listed = positions(self._items.ids, history.items)
        is_open[rows[is_listed]] = False
        self._count_to(at)
        item = int(self._events.items[at])
        return Situation(
            item=item,
            now=now,
            history=history,
            candidates=self._items.take(is_open),
            users=self._users[is_open],
        )

    def _count_to(self, end: int) -> None:
        """Let the users of each item be those of the events before a position."""
        if end < self._n_counted:
            self._users[:] = 0
            self._n_counted = 0
        for start in range(self._n_counted, end, N_PER_BLOCK):
            block = slice(start, min(start + N_PER_BLOCK, end))
            wanted = self._events.items[block][self._is_first[block]]
            rows, is_listed = positions(self._items.ids, wanted)
            self._users += np.bincount(rows[is_listed], minlength=len(self._users))
        self._n_counted = end


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


def accuracy(ranks: NDArray[np.int64], k: int = TOP) -> Accuracy:
    """Return hit rate and nDCG at k; both 0 without predictions."""
    if not len(ranks):
        return Accuracy(0.0, 0.0, 0)
    return Accuracy(float((ranks < k).mean()), float(gains(ranks, k).mean()), len(ranks))


def gain_interval(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    members: NDArray[np.int64],
    rng: np.random.Generator,
    *,
    coverage: float = 0.9,
) -> tuple[float, float]:
    """Return the bootstrap interval of the mean paired difference in nDCG@10, left minus right.

    Whole members are drawn, because the choices of one person are alike (cluster bootstrap, Field
    and Welsh 2007). Predictions of fewer than two members say nothing: the interval is infinite.

    Parameters
    ----------
    left, right : int64[n]
        Ranks of the same predictions under two orders.
    members : int64[n]
        Whose predictions they are.
    coverage : float
        In (0, 1): of the interval.
    """
    groups, group = np.unique(members, return_inverse=True)
    if len(groups) < 2:
        return -np.inf, np.inf
    sums = np.bincount(group, gains(left) - gains(right))
    sizes = np.bincount(group)
    drawn = rng.multinomial(len(groups), np.full(len(groups), 1 / len(groups)), N_RESAMPLES)
    means = (drawn @ sums) / (drawn @ sizes)
    low, high = np.quantile(means, [(1 - coverage) / 2, (1 + coverage) / 2])
    return float(low), float(high)


def _is_published(events: Interactions, items: Items) -> NDArray[np.bool_]:
    """Say which events are on listed items that were out by then; see `Timeline.is_known_item`."""
    is_out = np.zeros(len(events), bool)
    if not len(items):
        return is_out
    order = np.argsort(items.ids)
    ids, published = items.ids[order], items.published[order]
    is_again = ~_is_first_of(events.items)
    for start in range(0, len(events), N_PER_BLOCK):
        block = slice(start, start + N_PER_BLOCK)
        rows, is_listed = positions(ids, events.items[block])
        since, now = published[rows], events.times[block]
        is_out[block] = is_listed & ((since < now) | ((since == now) & is_again[block]))
    return is_out


def _is_first_of(ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark the first place at which each id stands."""
    order, is_new = grouped(ids)
    return _marked(order[is_new], len(ids))


def _marked(at: NDArray[np.intp], n: int) -> NDArray[np.bool_]:
    """Return bool[n], true at some positions."""
    marks = np.zeros(n, bool)
    marks[at] = True
    return marks
