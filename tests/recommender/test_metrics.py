"""Every figure against a value worked out by hand, or against what it promises, by simulation."""

import numpy as np
import pytest

from recommender import metrics
from recommender.metrics import Sums

ONES = np.ones(3)


def sums(shown: list[float], hits: list[float]) -> Sums:
    return Sums(np.arange(len(shown)), np.array(shown), np.array(hits))


def test_a_rate_is_hits_over_showings_and_counts_those_who_take_nothing() -> None:
    found = metrics.rate(sums([10, 10, 20], [5, 0, 0]))
    assert (found.n_members, found.n_shown, found.n_hits, found.value) == (3, 40, 5, 0.125)
    assert 0 <= found.low < 0.125 < found.high <= 1


def test_the_variance_of_a_ratio_is_cochran_s() -> None:
    # r = 1/2; residuals 1, -1, 0; 3/2 * 2 / 12**2
    assert metrics.ratio_variance(sums([2, 6, 4], [2, 2, 2])) == pytest.approx(1.5 * 2 / 144)


def test_wilson_s_interval_is_the_known_one() -> None:
    # Newcombe 1998, table I: 15 of 148.
    low, high = metrics.wilson(15 / 148, 148)
    assert (round(low, 4), round(high, 4)) == (0.0624, 0.1605)


@pytest.mark.parametrize("found", [metrics.rate(sums([], [])), metrics.reach(sums([], []))])
def test_nothing_shown_is_no_rate(found: metrics.Rate) -> None:
    assert found.n_members == 0
    assert np.isnan(found.value)


def test_all_zero_clickers_are_a_rate_of_zero_with_something_above_it() -> None:
    found = metrics.rate(sums([10] * 30, [0] * 30))
    assert (found.value, found.low) == (0.0, 0.0)
    assert 0.05 < found.high < 0.2


def test_reach_is_the_share_of_members_who_took_anything() -> None:
    found = metrics.reach(sums([1, 100, 3, 3], [1, 50, 0, 0]))
    assert (found.n_hits, found.n_members, found.value) == (2, 4, 0.5)


def test_one_group_that_saw_nothing_has_no_difference() -> None:
    assert np.isnan(metrics.difference(sums([], []), sums([5], [1])).value)


def test_the_interval_of_a_rate_holds_the_truth_where_members_differ() -> None:
    rng = np.random.default_rng(5)
    n_held = 0
    for _ in range(300):
        shown = rng.integers(1, 30, 80).astype(float)
        hits = rng.binomial(shown.astype(int), rng.beta(1, 9, 80)).astype(float)
        found = metrics.rate(Sums(np.arange(80), shown, hits))
        n_held += found.low <= 0.1 <= found.high
    assert 0.92 <= n_held / 300 <= 0.985


def test_an_open_names_its_impression() -> None:
    found = metrics.opened(np.array([1, 2, 3]), np.array([3, 3, 9]))
    assert found.tolist() == [False, False, True]


def test_an_act_is_credited_to_the_last_showing_before_it_and_within_the_time() -> None:
    members, items = np.array([1, 1, 1, 2]), np.array([7, 7, 8, 7])
    times = np.array([0.0, 100.0, 0.0, 0.0])
    by, on = np.array([1, 2, 1, 3]), np.array([7, 7, 8, 7])
    at = np.array([150.0, 700_000.0, 10.0, 5.0])
    found = metrics.credited(members, items, times, by, on, at)
    assert found.tolist() == [False, True, True, False]
    assert not metrics.credited(members, items, times, by[:0], on[:0], at[:0]).any()


def test_sums_are_of_each_member() -> None:
    (found,) = metrics.by_member(np.array([5, 3, 5]), np.array([True, False, False]))
    assert (found.members.tolist(), found.shown.tolist(), found.hits.tolist()) == (
        [3, 5],
        [1.0, 2.0],
        [0.0, 1.0],
    )


def test_a_new_resource_is_judged_by_its_first_showings() -> None:
    items = np.array([1, 1, 1, 2])
    found = metrics.first_showings(
        items, np.array([3.0, 1.0, 2.0, 9.0]), np.array([True, False, True, True]), 2
    )
    assert (found.members.tolist(), found.shown.tolist(), found.hits.tolist()) == (
        [1, 2],
        [2.0, 1.0],
        [1.0, 1.0],
    )


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [([1, 1, 1, 1], 0.0), ([0, 0, 0, 1], 0.75), ([1, 2, 3, 4], 0.25), ([], None), ([0, 0], None)],
)
def test_gini(amounts: list[float], expected: float | None) -> None:
    found = metrics.gini(np.array(amounts))
    assert np.isnan(found) if expected is None else found == pytest.approx(expected)


@pytest.mark.parametrize(("value", "expected"), [(0, 1), (1.5, 2), (2.5, 3), (9, 4)])
def test_a_band_is_a_quarter(value: float, expected: int) -> None:
    assert metrics.band(value, np.array([1, 2, 3, 4.5])) == expected
    assert metrics.band(1.0, np.ones(9)) == 3
    assert metrics.band(1.0, np.empty(0)) == 0


def test_reliability_compares_what_was_said_with_what_happened() -> None:
    said, happened = np.array([0.1, 0.1, 0.9, 0.9]), np.array([False, False, True, False])
    found = metrics.reliability(said, happened, 2)
    assert found.happened.tolist() == [0.0, 0.5]
    assert found.error == pytest.approx((0.1 + 0.4) / 2)
    assert np.isnan(metrics.reliability(np.empty(0), np.empty(0, bool)).error)
