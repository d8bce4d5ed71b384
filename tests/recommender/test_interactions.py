from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.interactions import Interactions, Items, first_positives, settle
from tests.recommender.communities import events

Row = tuple[int, int, int, float]
ONE_EVENT = st.tuples(
    st.integers(0, 3), st.integers(0, 3), st.integers(0, 5), st.sampled_from([-2.0, -1.0, 1.0, 3.0])
)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="times must be finite"):
        events([1], [1], [bad])
    with pytest.raises(ValueError, match="weights must be finite"):
        events([1], [1], [0], [bad])
    with pytest.raises(ValueError, match="published must be finite"):
        Items(np.array([1]), np.array([bad]))


def test_a_weight_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be 0"):
        events([1], [1], [0], [0])


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="equal lengths"):
        events([1, 2], [1], [0])
    with pytest.raises(ValueError, match="equal lengths"):
        Items(np.array([1, 2]), np.array([0.0]))


def test_other_types_are_refused() -> None:
    ids, times = np.array([1]), np.array([0.0])
    with pytest.raises(ValueError, match="weights must be a one-dimensional array of float32"):
        Interactions(members=ids, items=ids, weights=np.array([1.0]), times=times)
    with pytest.raises(ValueError, match="ids must be a one-dimensional array of int64"):
        Items(ids.reshape(1, 1), times)


def test_an_item_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Items(np.array([2, 1, 2]), np.zeros(3))


def test_the_newest_event_decides_between_wanted_and_dismissed() -> None:
    own = settle(events([1, 1, 1, 1], [7, 7, 8, 8], [10, 20, 10, 20], [3, -1, -1, 2]))
    assert own.items.tolist() == [7, 8]
    assert own.weights.tolist() == [-1, 2]


def test_repeating_an_action_adds_no_confidence() -> None:
    once = settle(events([1, 1], [7, 7], [10, 20], [3, 1]))
    often = settle(events([1] * 9, [7] * 9, range(12, 21), [3, *[1] * 8]))
    assert once.weights.tolist() == often.weights.tolist() == [3]


def test_a_dismissal_is_never_a_first_positive() -> None:
    kept = first_positives(events([1, 1, 2], [7, 7, 7], [1, 2, 3], [-1, 1, -1]))
    assert kept.members.tolist() == [1] and kept.times.tolist() == [2]


@given(st.lists(ONE_EVENT, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_events_in_the_arrays_does_not_matter(
    rows: list[Row], shuffler: Random
) -> None:
    shuffled = rows.copy()
    shuffler.shuffle(shuffled)
    left, right = (
        events([r[0] for r in x], [r[1] for r in x], [r[2] for r in x], [r[3] for r in x])
        for x in (rows, shuffled)
    )
    for reduce in (settle, first_positives, Interactions.in_order):
        one, other = reduce(left), reduce(right)
        for name in ("members", "items", "weights", "times"):
            assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


@given(st.lists(ONE_EVENT, max_size=20))
def test_each_pair_settles_into_one_event_and_has_at_most_one_first(rows: list[Row]) -> None:
    data = events(
        [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows], [r[3] for r in rows]
    )
    assert len(settle(data)) == len({r[:2] for r in rows})
    firsts = first_positives(data)
    assert len(firsts) == len({r[:2] for r in rows if r[3] > 0})
    for m, i, t in zip(firsts.members, firsts.items, firsts.times, strict=True):
        assert t == min(r[2] for r in rows if r[:2] == (m, i) and r[3] > 0)


def test_nothing_stays_nothing() -> None:
    nothing = Interactions.empty()
    assert len(settle(nothing)) == len(first_positives(nothing)) == len(nothing.in_order()) == 0
