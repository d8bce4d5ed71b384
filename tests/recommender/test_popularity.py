import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.interactions import Interactions
from recommender.popularity import DAY_S, N_PER_BLOCK, TIME_CONSTANTS_S, DecayedCounts, count
from tests.recommender.communities import NOW, events

HOURS = st.lists(st.tuples(st.integers(0, 4), st.floats(0, 2_000)), max_size=30)


@settings(deadline=None)
@given(HOURS, HOURS)
def test_kept_counts_equal_the_direct_sum(
    old: list[tuple[int, float]], new: list[tuple[int, float]]
) -> None:
    as_of = NOW - 1_000 * 3_600
    before = [(item, as_of - hours * 3_600) for item, hours in old]
    after = [(item, as_of + min(hours, 999) * 3_600) for item, hours in new]
    ids = np.array([3, 0, 9, 4])
    early = events(range(len(before)), [i for i, _ in before], [t for _, t in before])
    late = events(range(len(after)), [i for i, _ in after], [t for _, t in after])
    known = np.unique(early.items)
    kept = DecayedCounts(known, count(known, early, as_of), as_of).at(ids, late, NOW)
    direct = np.zeros((4, 4))
    for row, one in enumerate(ids):
        for item, at in before + after:
            direct[row] += (item == one) * np.exp(-(NOW - at) / TIME_CONSTANTS_S)
    np.testing.assert_allclose(kept, direct, rtol=1e-9, atol=1e-300)


def test_a_count_falls_to_one_e_th_after_its_time_constant() -> None:
    ids = np.array([7])
    one = events([1], [7], [NOW - 2 * DAY_S])
    assert count(ids, one, NOW)[0, 1] == pytest.approx(np.exp(-1))


def test_an_event_of_a_clock_that_runs_ahead_counts_as_now() -> None:
    assert count(np.array([7]), events([1], [7], [NOW + 60]), NOW).tolist() == [[1, 1, 1, 1]]


def test_nothing_counts_nothing() -> None:
    none = np.empty(0, np.int64)
    empty = DecayedCounts(none, np.empty((0, 4)), NOW)
    assert empty.at(none, Interactions.empty(), NOW).shape == (0, 4)
    assert not empty.at(np.array([5]), Interactions.empty(), NOW).any()


def test_counting_some_events_in_blocks_is_counting_them_alone() -> None:
    rng, n = np.random.default_rng(0), N_PER_BLOCK + 1_000
    some = events(rng.integers(0, 9, n), rng.integers(0, 5, n), NOW - rng.uniform(0, 1e7, n))
    ids, which = np.array([3, 0, 7, 1]), rng.random(n) < 0.5
    found = count(ids, some, NOW, which)
    kept = some.take(which)
    expected = [
        np.exp((kept.times[kept.items == i] - NOW)[:, None] / TIME_CONSTANTS_S).sum(0) for i in ids
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
