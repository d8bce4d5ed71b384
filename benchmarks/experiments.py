"""Whether experiments may be believed: false alarms, power, coverage, calibration, and speed.

    OPENBLAS_NUM_THREADS=1 python benchmarks/experiments.py [--seeds 1000] [--members 400]

Worlds are simulated: members differ in how often they come and how gladly they open (both drawn
once), a card is opened by its member's own chance. An A/A world has one chance in both arms, and is
looked at every day for 90 days, as a moderator who cannot wait would; "a winner" is any look that
says better or worse. An A/B world adds the difference that `trials.detectable` states for the
planned weeks. Owns no method: everything measured is imported.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from numpy.typing import NDArray

from recommender import calibration, metrics, offpolicy, trials
from recommender.metrics import Sums

N_DAYS, WEEK = 90, 7
BASE = 0.12
"""Chance that the mean member opens a card."""


class World:
    """One community: who opens what they are shown, day by day, in two arms."""

    def __init__(self, seed: int, n_members: int, lift: float) -> None:
        self.rng = np.random.default_rng(seed)
        self.arm = self.rng.random(n_members) < 0.5
        chance = self.rng.beta(2, 2 / BASE - 2, n_members)
        self.chance = np.clip(chance + lift * self.arm, 0, 1)
        self.daily = self.rng.gamma(1.0, 0.7, n_members)
        self.shown = np.zeros(n_members)
        self.hits = np.zeros(n_members)

    def live(self, n_days: int = 1) -> None:
        """Let days pass."""
        shown = self.rng.poisson(self.daily * n_days)
        self.shown += shown
        self.hits += self.rng.binomial(shown, self.chance)

    def sums(self, which: NDArray[np.bool_] | None = None) -> Sums:
        """Return what members were shown and took, of those shown anything."""
        seen = self.shown > 0 if which is None else (self.shown > 0) & which
        return Sums(np.flatnonzero(seen), self.shown[seen], self.hits[seen])


def planned(seed: int, n_members: int, weeks: float) -> float:
    """Return the information that four weeks before the experiment promise for its end."""
    before = World(seed + 10**6, n_members, 0.0)
    before.live(4 * WEEK)
    return trials.information(before.sums(), weeks, 4, 0.5, 0.5)


def false_alarms(n_seeds: int, n_members: int) -> tuple[float, float]:
    """Return the shares of A/A worlds that a confidence sequence, and an interval, ever call."""
    called = fixed = 0
    for seed in range(n_seeds):
        world = World(seed, n_members, 0.0)
        v = planned(seed, n_members, N_DAYS / WEEK)
        is_called = is_fixed = False
        for day in range(N_DAYS):
            world.live()
            new, old = world.sums(world.arm), world.sums(~world.arm)
            found = trials.compare(new, old, planned=v, matters=0.0)
            is_called |= found.verdict in ("better", "worse")
            if day >= WEEK:
                plain = metrics.difference(new, old)
                is_fixed |= plain.low > 0 or plain.high < 0
        called += is_called
        fixed += is_fixed
    return called / n_seeds, fixed / n_seeds


def cheated(n_seeds: int, n_members: int, n_days: int = 60) -> tuple[float, float]:
    """Return the shares of A/A worlds called where one member opens 500 cards more a day.

    Counted as they come, and as experiments count them (`metrics.levelled`).
    """
    called = [0, 0]
    for seed in range(n_seeds):
        world = World(seed, n_members, 0.0)
        v = planned(seed, n_members, n_days / WEEK)
        is_called = [False, False]
        for _ in range(n_days):
            world.live()
            world.shown[0] += 500
            world.hits[0] += 500
            everybody = world.sums()
            arm = world.arm[everybody.members]
            for at, sums in enumerate((everybody, metrics.levelled(everybody))):
                new, old = (
                    Sums(sums.members[which], sums.shown[which], sums.hits[which])
                    for which in (arm, ~arm)
                )
                found = trials.compare(new, old, planned=v, matters=0.0)
                is_called[at] |= found.verdict in ("better", "worse")
        called = [n + is_it for n, is_it in zip(called, is_called, strict=True)]
    return called[0] / n_seeds, called[1] / n_seeds


def power(n_seeds: int, n_members: int, weeks: int) -> tuple[float, float]:
    """Return the difference that is stated as detectable, and how often it is found by then."""
    found, stated = 0, []
    for seed in range(n_seeds):
        v = planned(seed, n_members, weeks)
        effect = trials.detectable(v)
        stated.append(effect)
        world = World(seed, n_members, effect)
        for _ in range(weeks):
            world.live(WEEK)
            result = trials.compare(
                world.sums(world.arm), world.sums(~world.arm), planned=v, matters=effect
            )
            if result.verdict == "better":
                found += 1
                break
    return float(np.mean(stated)), found / n_seeds


def interleaving(n_seeds: int, n_members: int, weeks: int, lift: float) -> tuple[float, float]:
    """Return how often a ranker whose cards are opened more is found.

    By the sequence that may be looked at any day, and by one look at the end, one-sided at 5 %.
    """
    found = once = 0
    for seed in range(n_seeds):
        rng = np.random.default_rng(seed)
        chance = rng.beta(2, 2 / BASE - 2, n_members)
        members = np.repeat(np.arange(n_members), weeks * 5)
        new, old = np.arange(5), np.arange(5, 10)
        drafts = [trials.team_draft(new, old, 5, rng)[1] for _ in range(n_members * weeks)]
        teams = np.concatenate(drafts)
        hits = rng.random(len(teams)) < chance[members] * np.where(teams == 1, 1 + lift, 1)
        given = trials.credits_of(members, teams, hits)
        planned = 0.06 * len(teams)
        looked = trials.preference(given, planned=planned, matters=0.1)
        found += looked.verdict == "better"
        once += looked.value > 1.645 * looked.se
    return found / n_seeds, once / n_seeds


def coverage(n_guilds: int, n_shown: int = 3_000) -> float:
    """Return the share of guilds whose true policy value the off-policy interval holds."""
    held = n_said = 0
    for seed in range(n_guilds):
        rng = np.random.default_rng(seed)
        n_items = 12
        truth = rng.beta(1, 8, n_items)
        logged = rng.dirichlet(np.ones(n_items) * 3)
        logged = 0.8 * logged + 0.2 / n_items
        wanted = rng.dirichlet(np.ones(n_items) * 3)
        model = np.clip(truth + rng.normal(0, 0.1, n_items), 0.01, 0.9)
        items = rng.choice(n_items, n_shown, p=logged)
        rewards = (rng.random(n_shown) < truth[items]).astype(np.float64)
        found = offpolicy.value(
            rng.integers(0, 150, n_shown),
            rewards,
            logged[items],
            wanted[items],
            model[items],
            np.full(n_shown, float(wanted @ model)),
        )
        n_said += found.is_enough
        held += found.is_enough and found.low <= float(wanted @ truth) <= found.high
    return held / n_said


def calibrations(n_guilds: int) -> tuple[float, float]:
    """Return the mean calibration error of guilds before learning and after."""
    errors = []
    for seed in range(n_guilds):
        rng = np.random.default_rng(seed)
        n, n_members = 6_000, 80
        members, scores = rng.integers(0, n_members, n), rng.normal(1.5, 1.2, n)
        positions = rng.integers(1, 6, n)
        line = rng.normal(-3, 0.7) + rng.uniform(0.2, 1.2) * scores - 0.8 * np.log(positions)
        line += rng.normal(0, 0.8, n_members)[members]
        opened = rng.random(n) < 1 / (1 + np.exp(-line))
        found = calibration.learn(
            calibration.Showings(
                members=members,
                scores=scores,
                positions=positions,
                is_digest=rng.random(n) < 0.5,
                opened=opened,
            )
        )
        assert found is not None
        errors.append((found.error_before, found.check.error))
    before, after = np.mean(errors, axis=0)
    return float(before), float(after)


def speed(n: int) -> float:
    """Return the seconds that every metric takes over n impressions of 100,000 members."""
    rng = np.random.default_rng(0)
    members, items = rng.integers(0, 100_000, n), rng.integers(0, 20_000, n)
    times, ids = np.sort(rng.random(n) * 1e7), np.arange(n)
    n_acts = n // 20
    rows = rng.integers(0, n, n_acts)
    creators = rng.integers(0, 500, 20_000)
    started = time.perf_counter()
    was_opened = metrics.opened(ids, ids[rng.random(n) < 0.1])
    was_saved = metrics.credited(
        members, items, times, members[rows], items[rows], times[rows] + 60
    )
    for sums in metrics.by_member(members, was_opened, was_saved, ids % 3 == 0, ids % 7 == 0):
        metrics.rate(sums)
        metrics.reach(sums)
    metrics.first_showings(items, times, was_opened)
    per_creator = np.bincount(creators[items], minlength=500)
    metrics.gini(per_creator)
    metrics.band(float(per_creator[0]), per_creator)
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1_000)
    parser.add_argument("--members", type=int, default=400)
    parser.add_argument("--weeks", type=int, default=8)
    parser.add_argument("--impressions", type=int, default=5_000_000)
    asked = parser.parse_args()
    called, fixed = false_alarms(asked.seeds, asked.members)
    print(f"A/A, looked at on each of {N_DAYS} days: a winner in {called:.1%}")
    print(f"  the same by a 95 % interval a day: {fixed:.1%}")
    plain, levelled = cheated(asked.seeds // 5, asked.members // 2)
    print(f"A/A with one who opens everything: {plain:.1%} as it comes, {levelled:.1%} levelled")
    effect, found = power(asked.seeds, asked.members, asked.weeks)
    world = World(0, asked.members, 0.0)
    world.live(4 * WEEK)
    needed = trials.weeks_for(world.sums(), 4, effect, 0.5, 0.5, 12)
    print(f"the weeks that are said to be needed for {effect:+.1%}: {needed}")
    print(f"A/B of the stated {effect:+.1%} in {asked.weeks} weeks: found in {found:.1%}")
    shares = [interleaving(asked.seeds // 5, 200, weeks, 0.2) for weeks in (4, 8, 12)]
    print("interleaved, 200 members, +20 %:", " ".join(f"{share:.2f}" for share, _ in shares))
    print("  by one look at the end, one-sided:", " ".join(f"{share:.2f}" for _, share in shares))
    print(f"off-policy intervals hold the truth in {coverage(asked.seeds):.1%} of guilds")
    before, after = calibrations(20)
    print(f"calibration error {before:.3f} before, {after:.3f} after")
    print(f"all metrics over {asked.impressions:,} impressions: {speed(asked.impressions):.1f} s")


if __name__ == "__main__":
    main()
