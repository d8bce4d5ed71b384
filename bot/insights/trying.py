"""What an experiment has found, or could: counted in the same process as other figures."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bot import arms
from bot.insights.showing import FEW, Flags, Log, among, number, said
from recommender import metrics, trials
from recommender.metrics import Rate, Sums
from storage.records import Experiment


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An experiment that is thought of: what it would change, on whom, and for how long."""

    policy: str
    metric: str
    share: float
    weeks: int
    weeks_max: int


def trial_of(log: Log, trial: Experiment) -> dict[str, Any]:
    """Return what an experiment has found in what was shown since it began."""
    hits = log.hits(trial.metric)
    if trial.policy == "ranker":
        credits = trials.credits_of(log.members, log.teams, hits)
        found = trials.preference(credits, planned=trial.planned, matters=trial.matters)
        n_new = n_old = len(credits[0])
        rates: list[Rate | None] = [None, None]
    else:
        sums = metrics.levelled(_of_members(log, hits))
        new = np.array([arms.is_new(trial, user) for user in sums.members.tolist()], np.bool_)
        one, other = among(sums, new), among(sums, ~new)
        shares = trial.share, 1 - trial.share
        found = trials.compare(
            one, other, planned=trial.planned, matters=trial.matters, shares=shares
        )
        n_new, n_old = len(one), len(other)
        rates = [metrics.rate(one), metrics.rate(other)]
    is_said = min(n_new, n_old) >= FEW
    return {
        "n_new": n_new if is_said else None,
        "n_old": n_old if is_said else None,
        "rate_new": said(rates[0]) if rates[0] else None,
        "rate_old": said(rates[1]) if rates[1] else None,
        "value": number(found.value) if is_said else None,
        "low": number(found.low) if is_said else None,
        "high": number(found.high) if is_said else None,
        "verdict": found.verdict,
        "is_skewed": found.is_skewed,
    }


def _of_members(log: Log, hits: Flags) -> Sums:
    """Return what each member was shown where a ranking decides, and took."""
    return metrics.by_member(log.members[log.is_judged], hits[log.is_judged])[0]


def planned_of(log: Log, plan: Plan, past_weeks: float) -> dict[str, Any]:
    """Return what an experiment could see, by what members were shown and took before it.

    ``least`` is the smallest difference that it finds in its weeks, ``worst`` the largest that
    there can be, ``longest`` the weeks after which it would find that, None for too many.
    """
    hits = log.hits(plan.metric)
    past = metrics.levelled(_of_members(log, hits))
    taken, shown = float(past.hits.sum()), float(past.shown.sum())
    if not taken or len(past) < FEW:
        return {"rate": None}
    rate = taken / shown
    if plan.policy == "ranker":
        v = taken * plan.share * plan.weeks / past_weeks
        return {
            "rate": rate,
            "planned": v,
            "matters": 0.1,
            "least": trials.detectable(v),
            "worst": 1.0,
            "longest": None,
        }
    v = trials.information(past, plan.weeks, past_weeks, plan.share, 1 - plan.share)
    return {
        "rate": rate,
        "planned": v,
        "matters": rate / 10,
        "least": trials.detectable(v) if v > 0 else 10.0,
        "worst": rate,
        "longest": trials.weeks_for(
            past, past_weeks, rate, plan.share, 1 - plan.share, plan.weeks_max
        ),
    }
