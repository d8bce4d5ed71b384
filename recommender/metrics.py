"""What is measured, each figure defined once: pure functions of impressions and events.

docs/metrics.md states every one of them with its formula. Commands, the report, experiments and
tests use these and no others. Ids are int64, times float64 unix seconds, flags bool; arrays of one
argument group have one length, n. Nothing here knows names, and nothing says anything of one
member: whoever shows a figure asks `Rate.n_members` first.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

CREDIT_S = 7 * 86_400.0
"""So long after it was shown, what is done to a resource is credited to the showing."""
FIRST_SHOWN = 20
"""The showings by which a new resource is judged first."""
LEVEL = 0.95
LEVELLED = 4.0
"""Between members, nobody counts for more than so many times the median one."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rate:
    """Hits a showing, with its interval over members.

    ``value``, ``low`` and ``high`` are NaN where nothing was shown.
    """

    n_members: int
    n_shown: int
    n_hits: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Rate of one group less that of another; ``se`` is its standard error over members."""

    value: float
    se: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sums:
    """Per member: how much they were shown, and how much of it they took; float64[m]."""

    members: Ints
    shown: Floats
    hits: Floats

    def __len__(self) -> int:
        """Return the number of members."""
        return len(self.members)


# ------------------------------------------------------------------- what became of a showing


def opened(impressions: Ints, sources: Ints) -> Flags:
    """Say which impressions were opened: an open names the impression it came from, bool[n]."""
    return np.isin(impressions, sources)


def credited(
    members: Ints,
    items: Ints,
    times: Floats,
    by: Ints,
    on: Ints,
    at: Floats,
    *,
    within_s: float = CREDIT_S,
) -> Flags:
    """Say which showings an act on the same resource is credited to, bool[n].

    An act belongs to the member's last showing of the resource at or before it, no longer than
    `within_s` ago, and to no other.

    Parameters
    ----------
    members, items, times
        Of the n showings, in any order.
    by, on, at
        Member, resource and moment of each act.
    """
    found = np.zeros(len(times), np.bool_)
    if not len(times) or not len(at):
        return found
    acts = _mixed(by, on)
    keys = _mixed(members, items)
    # Few showings are of a pair that anything was done to: only those are sorted.
    near = _among(keys, acts)
    is_act = np.concatenate([np.zeros(len(near), np.bool_), np.ones(len(acts), np.bool_)])
    who, moments = np.concatenate([keys[near], acts]), np.concatenate([times[near], at])
    order = np.lexsort((is_act, moments, who))
    last = np.maximum.accumulate(np.where(is_act[order], -1, np.arange(len(order))))
    place = np.flatnonzero(is_act[order] & (last >= 0))
    shown, act = near[order[last[place]]], order[place] - len(near)
    is_same = (members[shown] == by[act]) & (items[shown] == on[act])
    found[shown[is_same & (at[act] - times[shown] <= within_s)]] = True
    return found


def _mixed(members: Ints, items: Ints) -> NDArray[np.uint64]:
    """Return one number for each pair, equal for equal pairs; others differ almost always."""
    one = members.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray(one ^ (items.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)))


def readers(groups: Ints, members: Ints, n_groups: int) -> Ints:
    """Return how many members each group of showings reached, int64[n_groups].

    Parameters
    ----------
    groups : int64[n]
        Of each showing, from 0 to n_groups - 1.
    """
    ids, rows = ranked(members)
    pairs = np.sort(groups * max(len(ids), 1) + rows)
    distinct = pairs[np.append(True, pairs[1:] != pairs[:-1])] if len(pairs) else pairs
    return np.bincount(distinct // max(len(ids), 1), minlength=n_groups)


_BITS = 22
_SHIFT = np.uint64(64 - _BITS)


def _among(keys: NDArray[np.uint64], some: NDArray[np.uint64]) -> Ints:
    """Return where mixed keys are among some, int64[k]; most are seen not to be by a few bits."""
    is_met = np.zeros(1 << _BITS, np.bool_)
    is_met[some >> _SHIFT] = True
    near = np.flatnonzero(is_met[keys >> _SHIFT])
    return near[np.isin(keys[near], some)]


def ranked(values: Ints) -> tuple[Ints, Ints]:
    """Return the distinct values in order, and the place of each value among them.

    What `np.unique` says with its inverse, without sorting millions: each distinct value has a
    cell by some bits of it, and those that share one are looked up apart.
    """
    # numpy sorts numbers by vector instructions, and finds distinct ones far more slowly.
    rising = np.sort(values)
    ids = rising[np.append(True, rising[1:] != rising[:-1])] if len(rising) else rising
    if len(ids) < 2 or len(values) < 1 << 16:
        return ids, np.searchsorted(ids, values)
    cells = np.zeros(1 << _BITS, np.int32)
    cells[_mixed(ids, ids) >> _SHIFT] = np.arange(len(ids), dtype=np.int32)
    rows = cells[_mixed(values, values) >> _SHIFT].astype(np.int64)
    shared = np.flatnonzero(ids[rows] != values)
    rows[shared] = np.searchsorted(ids, values[shared])
    return ids, rows


def by_member(members: Ints, *hits: Flags) -> list[Sums]:
    """Return for each kind of hit what each member was shown and took.

    Who took nothing stands among them.
    """
    ids, rows = ranked(members)
    n = len(ids)
    shown = np.bincount(rows, minlength=n).astype(np.float64)
    return [Sums(ids, shown, np.bincount(rows, own, n).astype(np.float64)) for own in hits]


def levelled(sums: Sums, most: float = LEVELLED) -> Sums:
    """Return the same members, none counting for more than `most` times the median one.

    Who was shown x > c counts c showings, and of what they took the same share. Somebody who asks
    all day and opens everything would else decide by themselves what an experiment finds: a ratio
    of sums follows its largest member, whose residual then looks small.
    """
    if not len(sums):
        return sums
    limit = max(1.0, most * float(np.median(sums.shown)))
    counted = np.minimum(sums.shown, limit)
    return Sums(sums.members, counted, sums.hits * (counted / np.maximum(sums.shown, 1.0)))


# ---------------------------------------------------------------------------------------- rates


def rate(sums: Sums, level: float = LEVEL) -> Rate:
    """Return Σ hits / Σ shown, with an interval over members.

    A member's showings are no independent trials, so the variance is that of a ratio of sums over
    members (`ratio_variance`), and the interval is Wilson's with the number of independent trials
    that would have it; with no variance to see, the number of members.
    """
    shown, hits = float(sums.shown.sum()), float(sums.hits.sum())
    if not shown:
        return Rate(n_members=len(sums), n_shown=0, n_hits=0, value=np.nan, low=np.nan, high=np.nan)
    value, variance = hits / shown, ratio_variance(sums)
    spread = value * (1 - value)
    trials = spread / variance if variance > 0 and spread > 0 else float(len(sums))
    low, high = wilson(value, min(trials, shown), level)
    return Rate(
        n_members=len(sums), n_shown=int(shown), n_hits=int(hits), value=value, low=low, high=high
    )


def reach(sums: Sums, level: float = LEVEL) -> Rate:
    """Return the share of members who took anything, of all who were shown anything."""
    took = int(np.count_nonzero(sums.hits))
    return share(took, len(sums), level)


def share(n_hits: int, n: int, level: float = LEVEL) -> Rate:
    """Return a share of members, with Wilson's interval."""
    if not n:
        return Rate(n_members=0, n_shown=0, n_hits=0, value=np.nan, low=np.nan, high=np.nan)
    low, high = wilson(n_hits / n, n, level)
    return Rate(n_members=n, n_shown=n, n_hits=n_hits, value=n_hits / n, low=low, high=high)


def wilson(value: float, trials: float, level: float = LEVEL) -> tuple[float, float]:
    """Return Wilson's interval of a share seen in so many independent trials."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    centre = (value + z**2 / (2 * trials)) / (1 + z**2 / trials)
    half = z * np.sqrt(value * (1 - value) / trials + z**2 / (4 * trials**2)) / (1 + z**2 / trials)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def ratio_variance(sums: Sums) -> float:
    """Return the variance of Σ hits / Σ shown over members, by linearisation (Cochran 1977, 6.4).

    m / (m - 1) · Σ (yᵢ - r xᵢ)² / (Σ xᵢ)²; 0 for fewer than two members.
    """
    m, shown = len(sums), float(sums.shown.sum())
    if m < 2 or not shown:
        return 0.0
    ratio = float(sums.hits.sum()) / shown
    return float(m / (m - 1) * np.square(sums.hits - ratio * sums.shown).sum() / shown**2)


def difference(one: Sums, other: Sums, level: float = LEVEL) -> Difference:
    """Return the rate of one group of members less that of another, NaN where one saw nothing.

    Everybody who was shown anything counts, with what they were shown: members who take nothing
    are part of the answer.
    """
    if not one.shown.sum() or not other.shown.sum():
        return Difference(value=np.nan, se=np.nan, low=np.nan, high=np.nan)
    value = one.hits.sum() / one.shown.sum() - other.hits.sum() / other.shown.sum()
    se = float(np.sqrt(ratio_variance(one) + ratio_variance(other)))
    half = NormalDist().inv_cdf(0.5 + level / 2) * se
    return Difference(value=float(value), se=se, low=float(value - half), high=float(value + half))


# ------------------------------------------------------------------------------ resources, people


def first_showings(items: Ints, times: Floats, hits: Flags, n_first: int = FIRST_SHOWN) -> Sums:
    """Return for each resource its first showings and how many of them were taken, by resource."""
    is_in_time = bool((np.diff(times) >= 0).all())
    ids, at = ranked(items)
    # Sixteen bits are sorted by their digits, in one go.
    narrow = at.astype(np.uint16) if len(ids) <= 1 << 16 else at
    order = np.argsort(narrow, kind="stable") if is_in_time else np.lexsort((times, at))
    counts = np.bincount(at, minlength=len(ids))
    starts = np.cumsum(counts) - counts
    place = np.arange(len(items)) - np.repeat(starts, counts)
    is_first = place < n_first
    rows = np.repeat(np.arange(len(ids)), counts)[is_first]
    taken = np.bincount(rows, hits[order][is_first], len(ids)).astype(np.float64)
    return Sums(ids, np.minimum(counts, n_first).astype(np.float64), taken)


def gini(amounts: NDArray[Any]) -> float:
    """Return how unequally something is spread: 0 all alike, near 1 one has it all; NaN for none.

    Σᵢ (2i - n - 1) xᵢ / (n Σ x) over the amounts in rising order.
    """
    rising = np.sort(np.asarray(amounts, np.float64))
    n, total = len(rising), float(rising.sum())
    if not n or total <= 0:
        return float("nan")
    places = 2 * np.arange(1, n + 1) - n - 1
    return float(places @ rising / (n * total))


def band(value: float, others: NDArray[Any]) -> int:
    """Return the quarter in which a value stands among its kind, 1 (lowest) to 4.

    Ties count half, so that of equals nobody stands higher.
    """
    if not len(others):
        return 0
    below = np.count_nonzero(others < value) + np.count_nonzero(others == value) / 2
    return min(4, int(4 * below / len(others)) + 1)


# ------------------------------------------------------------------------------------ calibration


@dataclass(frozen=True, slots=True)
class Reliability:
    """Chances in bins: mean chance, share that happened, and how many; float64[b], int64[b]."""

    said: Floats
    happened: Floats
    counts: Ints

    @property
    def error(self) -> float:
        """Mean distance between what was said and what happened, weighted by counts (ECE)."""
        n = self.counts.sum()
        if not n:
            return float("nan")
        return float(self.counts @ np.abs(self.said - self.happened) / n)


def reliability(chances: Floats, happened: Flags, n_bins: int = 10) -> Reliability:
    """Return how chances compare with what happened, in bins of about equal numbers."""
    if not len(chances):
        return Reliability(np.empty(0), np.empty(0), np.empty(0, np.int64))
    order = np.argsort(chances, kind="stable")
    parts = [part for part in np.array_split(order, n_bins) if len(part)]
    return Reliability(
        np.array([chances[part].mean() for part in parts]),
        np.array([happened[part].mean() for part in parts]),
        np.array([len(part) for part in parts], np.int64),
    )
