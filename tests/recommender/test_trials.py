"""What an experiment may say: against known values, and by simulation of what it promises."""

import numpy as np
import pytest

from recommender import metrics, trials
from recommender.metrics import Sums


def arm(rng: np.random.Generator, n: int, chance: float, shown: int = 10) -> Sums:
    hits = rng.binomial(shown, np.clip(rng.beta(2, 2 / chance - 2, n), 0, 1)).astype(float)
    return Sums(np.arange(n), np.full(n, float(shown)), hits)


def test_a_confidence_sequence_is_wider_than_one_interval_and_narrows() -> None:
    planned = 1_000.0
    widths = [trials.radius(v, planned) for v in (10.0, 100.0, 1_000.0, 10_000.0)]
    assert widths == sorted(widths, reverse=True)
    assert 1.96 < widths[2] * np.sqrt(1_000) < 3.2
    assert trials.radius(0, planned) == float("inf")


def test_its_tuning_is_the_published_one() -> None:
    # Waudby-Smith et al. 2021, equation (9): alpha .05 at t = 1 is the root of 8.94.
    assert trials.rho(1.0) ** 2 == pytest.approx(
        -2 * np.log(0.05) + np.log(-2 * np.log(0.05) + 1), rel=1e-12
    )


def test_looking_every_day_rarely_finds_a_winner_where_there_is_none() -> None:
    rng = np.random.default_rng(3)
    n_runs, n_days = 2_000, 90
    walk = rng.normal(size=(n_runs, n_days)).cumsum(1)
    v = np.arange(1, n_days + 1) * 100.0
    estimates = walk * 10.0 / v
    bound = np.array([trials.radius(each, v[-1]) for each in v])
    assert (np.abs(estimates) > bound).any(1).mean() <= 0.05
    assert (np.abs(estimates) > 1.96 / np.sqrt(v)).any(1).mean() > 0.3


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.01, 0.05, "better"),
        (-0.05, -0.01, "worse"),
        (-0.01, 0.01, "same"),
        (-0.01, 0.05, "unsure"),
        (-np.inf, np.inf, "unsure"),
    ],
)
def test_a_verdict_is_one_of_four(low: float, high: float, expected: str) -> None:
    assert trials.verdict(low, high, 0.02) == expected


def test_a_large_difference_is_found_and_few_members_say_nothing() -> None:
    rng = np.random.default_rng(1)
    new, old = arm(rng, 800, 0.3), arm(rng, 800, 0.1)
    found = trials.compare(new, old, planned=1e4, matters=0.02)
    assert (found.verdict, found.is_skewed) == ("better", False)
    assert found.low < 0.2 < found.high
    few = trials.compare(arm(rng, 6, 0.9), arm(rng, 6, 0.1), planned=1e4, matters=0.02)
    assert few.verdict == "unsure"
    empty = Sums(np.empty(0, np.int64), np.empty(0), np.empty(0))
    assert trials.compare(empty, old, planned=1e4, matters=0.02).verdict == "unsure"


def test_arms_of_sizes_that_chance_does_not_make_are_said_to_be_skewed() -> None:
    assert not trials.ratio_mismatch(100, 120, (0.5, 0.5))
    assert trials.ratio_mismatch(100, 200, (0.5, 0.5))
    assert not trials.ratio_mismatch(100, 900, (0.1, 0.9))
    assert not trials.ratio_mismatch(0, 0, (0.5, 0.5))
    rng = np.random.default_rng(2)
    found = trials.compare(arm(rng, 400, 0.5), arm(rng, 800, 0.1), planned=1e4, matters=0.02)
    assert (found.verdict, found.is_skewed) == ("unsure", True)


def test_a_difference_that_is_said_to_be_detectable_is_detected() -> None:
    v = 4_000.0
    effect, rng = trials.detectable(v), np.random.default_rng(7)
    estimates = effect + rng.normal(size=4_000) / np.sqrt(v)
    assert 0.86 <= (estimates > trials.radius(v, v)).mean() <= 0.9


def test_more_weeks_see_less_and_what_takes_too_long_is_none() -> None:
    past = arm(np.random.default_rng(4), 500, 0.2)
    v = [trials.information(past, weeks, 4, 0.5, 0.5) for weeks in (2, 4, 8)]
    assert v == sorted(v)
    assert trials.weeks_for(past, 4, 0.5, 0.5, 0.5, 12) == 1
    assert trials.weeks_for(past, 4, 0.0001, 0.5, 0.5, 12) is None
    (nobody,) = metrics.by_member(np.empty(0, np.int64), np.empty(0, bool))
    assert trials.information(nobody, 4, 4, 0.5, 0.5) == 0
    assert trials.detectable(0) == float("inf")


def test_a_team_draft_is_fair_and_says_who_placed_each() -> None:
    rng = np.random.default_rng(0)
    one, other = np.arange(1, 9), np.arange(11, 19)
    firsts = 0
    for _ in range(400):
        ids, teams = trials.team_draft(one, other, 5, rng)
        assert len(set(ids.tolist())) == 5
        assert abs(2 * teams.sum() - 5) == 1
        assert ((ids > 10) == (teams == 1)).all()
        firsts += int(teams[0])
    assert 160 <= firsts <= 240
    ids, _ = trials.team_draft(one[:2], one[:2], 5, rng)
    assert sorted(ids.tolist()) == [1, 2]


def test_credit_goes_to_the_ranker_that_placed_the_card_and_each_member_counts_once() -> None:
    members = np.array([1, 1, 1, 2, 3])
    teams = np.array([1, 1, 0, 0, trials.NO_TEAM])
    new, old = trials.credits_of(members, teams, np.array([True, True, False, True, True]))
    assert (new.tolist(), old.tolist()) == ([2.0, 0.0], [0.0, 1.0])


def test_a_preference_is_found_and_nobody_says_more_than_one() -> None:
    one, none = np.ones(300), np.zeros(300)
    liked = np.concatenate([one, none[:100]]), np.concatenate([none, one[:100]])
    found = trials.preference(liked, planned=400, matters=0.1)
    assert (found.value, found.verdict) == (0.5, "better")
    few = (liked[0][:5], liked[1][:5])
    assert trials.preference(few, planned=400, matters=0.1).verdict == "unsure"
    assert trials.preference((one, none), planned=400, matters=0.1).verdict == "unsure"
    nobody = (none[:0], none[:0])
    assert np.isnan(trials.preference(nobody, planned=400, matters=0.1).value)
    loud = (np.append(none[:50], 1e6), np.append(one[:50], 0.0))
    assert trials.preference(loud, planned=400, matters=0.1).value < -0.9


def test_one_who_opens_everything_does_not_decide_what_is_found() -> None:
    called = {"as it comes": 0, "levelled": 0}
    for seed in range(40):
        rng = np.random.default_rng(seed)
        both = arm(rng, 200, 0.12, shown=30)
        both.shown[0] = both.hits[0] = 30_000.0
        is_new = rng.random(200) < 0.5
        for name, sums in (("as it comes", both), ("levelled", metrics.levelled(both))):
            new, old = (
                Sums(sums.members[which], sums.shown[which], sums.hits[which])
                for which in (is_new, ~is_new)
            )
            found = trials.compare(new, old, planned=2_000.0, matters=0.0)
            called[name] += found.verdict in ("better", "worse")
    assert called["as it comes"] > 30
    assert called["levelled"] <= 2


def test_levelling_changes_nobodys_share_and_no_ordinary_member() -> None:
    sums = Sums(np.arange(5), np.array([1.0, 4, 5, 6, 400]), np.array([1.0, 0, 5, 3, 100]))
    levelled = metrics.levelled(sums)
    assert levelled.shown.tolist() == [1, 4, 5, 6, 20]
    assert levelled.hits.tolist() == [1, 0, 5, 3, 5]
    empty = Sums(np.arange(0), np.zeros(0), np.zeros(0))
    assert len(metrics.levelled(empty)) == 0
