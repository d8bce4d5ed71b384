"""What another ranking would have been worth, where the truth is known."""

import numpy as np
import pytest

from recommender import offpolicy

N_ITEMS = 6


def logged(rng: np.random.Generator, n: int) -> tuple[np.ndarray, ...]:
    """Return showings by a policy that chooses at random, of items with known chances."""
    truth = np.linspace(0.02, 0.4, N_ITEMS)
    chances = np.full(N_ITEMS, 1 / N_ITEMS)
    items = rng.choice(N_ITEMS, n, p=chances)
    wanted = np.array([0, 0, 0.1, 0.2, 0.3, 0.4])
    model = np.full(N_ITEMS, 0.2)  # a poor model of opens: the propensities repair it
    rewards = (rng.random(n) < truth[items]).astype(float)
    return (
        rng.integers(0, max(n // 5, 1), n),
        rewards,
        chances[items],
        wanted[items],
        model[items],
        np.full(n, float(wanted @ model)),
        np.array([float(wanted @ truth)]),
    )


def test_the_estimate_holds_the_truth_in_nine_of_ten_worlds() -> None:
    held = 0
    for seed in range(200):
        *columns, truth = logged(np.random.default_rng(seed), 1_000)
        found = offpolicy.value(*columns)
        held += found.low <= truth[0] <= found.high
        assert found.is_enough
    assert held / 200 >= 0.9


def test_both_estimates_are_near_it() -> None:
    *columns, truth = logged(np.random.default_rng(1), 50_000)
    found = offpolicy.value(*columns)
    assert found.snips == pytest.approx(truth[0], abs=0.01)
    assert found.robust == pytest.approx(truth[0], abs=0.01)


def test_few_showings_are_not_enough_and_none_are_nothing() -> None:
    *columns, _ = logged(np.random.default_rng(1), 100)
    assert not offpolicy.value(*columns).is_enough
    empty = np.empty(0)
    found = offpolicy.value(np.empty(0, np.int64), empty, empty, empty, empty, empty)
    assert found.n_effective == 0
    assert np.isnan(found.snips)


def test_equal_policies_rest_on_every_showing() -> None:
    ones = np.ones(300)
    found = offpolicy.value(np.arange(300), ones, ones / 2, ones / 2, ones, ones)
    assert (found.n_effective, found.snips) == (300, 1.0)


def test_a_chance_of_nothing_is_refused() -> None:
    one = np.ones(1)
    with pytest.raises(ValueError, match="chances"):
        offpolicy.value(np.ones(1, np.int64), one, one * 0, one, one, one)
