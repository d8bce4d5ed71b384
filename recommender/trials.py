"""What an experiment may say, and when: always-valid intervals, power, sample ratio, interleaving.

Looking at an ordinary 95 % interval every day finds a "winner" in a fifth of experiments without
one. A confidence sequence holds at all moments together, so an experiment may be looked at, and
stopped, whenever somebody likes: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform
central limit theory and asymptotic confidence sequences" (2021), equation (8), with the information
V = 1 / se² of an estimate in place of the number of observations.

Interleaving: Radlinski, Kurup and Joachims, "How does clickthrough data reflect retrieval
quality?" (2008), team draft.

Legend: a is the chance of a false alarm (alpha), rho the width's tuning, v information.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recommender.metrics import Sums, difference, ratio_variance

ALPHA = 0.05
POWER = 0.8
MARGIN = 0.08
"""So much more power is planned for: what the past says of the variance is an estimate, too."""
RATIO_ALARM = 0.001
"""Sizes of arms less likely than this were not made by chance alone."""
MEMBERS_MIN = 20
"""An estimate over fewer members in an arm has no normal error to speak of."""

Verdict = Literal["better", "worse", "same", "unsure"]
NO_TEAM = -1


def rho(v: float, a: float = ALPHA) -> float:
    """Return the tuning by which a sequence is narrowest at information v."""
    return float(np.sqrt((-2 * np.log(a) + np.log(-2 * np.log(a) + 1)) / v))


def radius(v: float, planned: float, a: float = ALPHA) -> float:
    """Return half the width of a confidence sequence at information v, infinite for none.

    Parameters
    ----------
    v
        1 / se² of the estimate so far.
    planned
        Information at which it should be narrowest: that of the planned end.
    """
    if v <= 0 or planned <= 0:
        return float("inf")
    scaled = v * rho(planned, a) ** 2
    return float(np.sqrt(2 * (scaled + 1) / (v * scaled) * np.log(np.sqrt(scaled + 1) / a)))


@dataclass(frozen=True, slots=True)
class Finding:
    """What an experiment has found so far; ``se`` is the estimate's standard error.

    ``low`` and ``high`` hold at all looks together. ``is_skewed`` says that the sizes of the arms
    were not made by chance, so nothing else of it counts.
    """

    value: float
    low: float
    high: float
    verdict: Verdict
    is_skewed: bool = False
    se: float = float("nan")


def verdict(low: float, high: float, matters: float) -> Verdict:
    """Say what an interval of a difference means, where `matters` is the smallest of interest."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return "unsure"
    if low > 0:
        return "better"
    if high < 0:
        return "worse"
    return "same" if -matters < low and high < matters else "unsure"


def compare(
    new: Sums,
    old: Sums,
    *,
    planned: float,
    matters: float,
    shares: tuple[float, float] = (0.5, 0.5),
    a: float = ALPHA,
) -> Finding:
    """Return what is known of a new arm against the old one.

    Parameters
    ----------
    new, old
        Of all members assigned who were shown anything.
    planned
        Information at the planned end.
    matters
        The smallest difference of interest.
    shares
        Of members, as they were to be assigned to new and old.
    """
    is_skewed = ratio_mismatch(len(new), len(old), shares)
    found = difference(new, old)
    if min(len(new), len(old)) < MEMBERS_MIN or not found.se > 0:
        return Finding(
            value=found.value, low=-np.inf, high=np.inf, verdict="unsure", is_skewed=is_skewed
        )
    half = radius(1 / found.se**2, planned, a)
    low, high = found.value - half, found.value + half
    said = "unsure" if is_skewed else verdict(low, high, matters)
    return Finding(
        value=found.value, low=low, high=high, verdict=said, is_skewed=is_skewed, se=found.se
    )


def preference(
    credits: tuple[NDArray[np.float64], NDArray[np.float64]], *, planned: float, matters: float
) -> Finding:
    """Return what interleaving found: how far members prefer the new ranker, from -1 to 1.

    A member's preference is their credits of the new less those of the old, over all of theirs. It
    counts c / (c + 1) for c credits: more of them say more, and nobody says more than one.

    Parameters
    ----------
    credits : float64[m], float64[m]
        Of each member, to the new and to the old; who gave none preferred nothing.
    planned, matters
        As in `compare`.
    """
    new, old = credits
    total = new + old
    weight = 1 / (total + 1)
    each = Sums(np.arange(len(total)), total * weight, (new - old) * weight)
    counted = float(each.shown.sum())
    if not counted:
        return Finding(value=np.nan, low=-np.inf, high=np.inf, verdict="unsure")
    value, se = float(each.hits.sum()) / counted, float(np.sqrt(ratio_variance(each)))
    if len(total) < MEMBERS_MIN or not se > 0:
        return Finding(value=value, low=-np.inf, high=np.inf, verdict="unsure")
    half = radius(1 / se**2, planned)
    low, high = value - half, value + half
    said = verdict(low, high, matters)
    return Finding(value=value, low=low, high=high, verdict=said, se=se)


def ratio_mismatch(n_new: int, n_old: int, shares: tuple[float, float]) -> bool:
    """Say whether arms have sizes that assigning by chance would hardly give (chi-squared)."""
    n = n_new + n_old
    if not n:
        return False
    wanted = np.array(shares) / sum(shares) * n
    seen = np.array([n_new, n_old], np.float64)
    statistic = float((np.square(seen - wanted) / wanted).sum())
    return erfc(sqrt(statistic / 2)) < RATIO_ALARM


def variance_ahead(past: Sums, weeks: float, past_weeks: float) -> float:
    """Return the variance of a rate over all these members after so many weeks like the past ones.

    What chance alone adds, r(1 - r) / Σ shown, shrinks with time; how members differ does not.
    """
    shown = float(past.shown.sum())
    if not shown or len(past) < 2:
        return float("inf")
    r = float(past.hits.sum()) / shown
    r = min(max(r, 0.5 / shown), 1 - 0.5 / shown)
    by_chance = r * (1 - r) / shown
    by_members = max(0.0, ratio_variance(past) - by_chance)
    return by_members + by_chance * past_weeks / weeks


def information(past: Sums, weeks: float, past_weeks: float, new: float, old: float) -> float:
    """Return the information on a difference after so many weeks, by shares of members."""
    variance = variance_ahead(past, weeks, past_weeks)
    if not np.isfinite(variance) or min(new, old) <= 0:
        return 0.0
    return 1 / (variance / new + variance / old)


def detectable(v: float, a: float = ALPHA, power: float = POWER) -> float:
    """Return the smallest true difference that is found with that power once information is v.

    By the last look alone; looking earlier as well finds it a little more often.
    """
    if v <= 0:
        return float("inf")
    return radius(v, v, a) + NormalDist().inv_cdf(power + MARGIN) / float(np.sqrt(v))


def weeks_for(
    past: Sums, past_weeks: float, effect: float, new: float, old: float, most: int
) -> int | None:
    """Return after how many whole weeks a difference of that size is found; None beyond `most`."""
    for weeks in range(1, most + 1):
        if detectable(information(past, weeks, past_weeks, new, old)) <= effect:
            return weeks
    return None


# ----------------------------------------------------------------------------- interleaving


def team_draft(
    one: NDArray[np.int64], other: NDArray[np.int64], k: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draft a list of up to k from two rankings; return ids, and who placed each (0 or 1).

    In each round a coin says who picks first; each picks its best that is not on the list yet.
    """
    rankings = [one.tolist(), other.tolist()]
    taken: set[int] = set()
    ids: list[int] = []
    teams: list[int] = []
    while len(ids) < k:
        before = len(ids)
        first = int(rng.integers(2))
        for team in (first, 1 - first):
            rest = [i for i in rankings[team] if i not in taken]
            rankings[team] = rest
            if rest and len(ids) < k:
                taken.add(rest[0])
                ids.append(rest[0])
                teams.append(team)
        if len(ids) == before:
            break
    return np.array(ids, np.int64), np.array(teams, np.int64)


def credits_of(
    members: NDArray[np.int64], teams: NDArray[np.int64], hits: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each member's credits to team 1 and to team 0, float64[m] each.

    Members without any credit are left out.
    """
    is_credit = hits & (teams != NO_TEAM)
    ids, rows = np.unique(members[is_credit], return_inverse=True)
    own = teams[is_credit] == 1
    return (
        np.bincount(rows, own, len(ids)).astype(np.float64),
        np.bincount(rows, ~own, len(ids)).astype(np.float64),
    )
