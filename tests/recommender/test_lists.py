"""A list of few cards: mixed, without copies, with reasons that differ."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.lists import NO_REASON, Mix, Offer, compose, divergence


def offer(total: list[float], n_reasons: int = 0) -> Offer:
    n = len(total)
    return Offer(
        total=np.array(total, np.float64),
        alike=np.zeros((n, n)),
        works=np.arange(n),
        creators=np.full(n, -1, np.int64),
        reasons=np.zeros((n, n_reasons)),
        subjects=np.arange(n_reasons),
        is_next=np.zeros(n_reasons, np.bool_),
        is_shared=np.zeros(n_reasons, np.bool_),
        is_elsewhere=np.zeros(n, np.bool_),
        is_held=np.zeros(n, np.bool_),
    )


@given(st.lists(st.integers(-5, 5).map(float), max_size=12), st.integers(0, 8))
def test_without_anything_else_a_list_is_the_best_in_order(total: list[float], k: int) -> None:
    places, reasons = compose(offer(total), k)
    assert places == np.argsort(-np.array(total), kind="stable")[:k].tolist()
    assert reasons == [NO_REASON] * len(places)


@given(st.integers(0, 2**31), st.integers(1, 6))
def test_no_list_has_two_editions_and_every_place_that_can_be_is_filled(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    some = replace(
        offer(rng.normal(size=12).tolist(), 3),
        works=rng.integers(0, 6, 12),
        creators=rng.integers(-1, 3, 12),
        reasons=np.maximum(rng.normal(size=(12, 3)), 0),
        is_held=rng.random(12) < 0.4,
    )
    places, reasons = compose(some, k)
    works = some.works[places].tolist()
    assert len(set(works)) == len(works) == min(k, len(np.unique(some.works)))
    given_to = [reason for reason in reasons if reason != NO_REASON]
    assert all(given_to.count(reason) <= 2 for reason in given_to)
    assert all(some.reasons[p, r] > 0 for p, r in zip(places, reasons, strict=True) if r >= 0)


def test_three_topics_that_are_wanted_are_three_topics_of_the_list() -> None:
    shares = np.repeat(np.eye(3), 5, axis=0)
    loud = offer([3.0] * 5 + [1.0] * 10)
    assert set(compose(loud, 5)[0]) == {0, 1, 2, 3, 4}
    mixed = replace(loud, mixes=[Mix(shares, np.full(3, 1 / 3), 6.0)])
    assert {place // 5 for place in compose(mixed, 5)[0]} == {0, 1, 2}


def test_one_subject_explains_two_cards_and_the_others_are_told_apart() -> None:
    some = offer([5.0, 4.0, 3.0, 0.5, 0.4, 0.3], 4)
    some.reasons[:3, :2] = [2.0, 1.0]  # two reasons of one subject
    some.reasons[3:5, 2], some.reasons[5, 3] = 1.0, 1.0
    places, reasons = compose(replace(some, subjects=np.array([0, 0, 1, 2])), 5)
    assert places[:2] == [0, 1] and sorted(reasons[:2]) == [0, 1]
    assert 2 not in places[:4]
    assert set(reasons[2:4]) == {2, 3}


def test_two_cards_follow_and_no_third_under_another_reason() -> None:
    some = offer([5.0, 4.0, 3.0, 0.5], 2)
    some.reasons[:3, 0], some.reasons[:, 1] = 2.0, 1.0
    followed = replace(some, is_next=np.array([True, False]))
    assert compose(followed, 3)[0] == [0, 1, 3]
    assert compose(some, 3)[0] == [0, 1, 2]


def test_more_cards_rest_on_what_was_named_than_are_told_so() -> None:
    some = offer([5.0, 4.0, 3.0, 0.5], 2)
    some.reasons[:3, 0], some.reasons[3, 1] = 1.0, 1.0
    assert compose(some, 3) == ([0, 1, 3], [0, 0, 1])
    named = replace(some, is_shared=np.array([True, False]))
    assert compose(named, 3) == ([0, 1, 2], [0, 0, NO_REASON])


def test_what_follows_may_rest_on_what_was_named_more_than_twice() -> None:
    some = offer([5.0, 4.0, 3.0, 0.5], 2)
    some.reasons[:3, 0], some.reasons[:3, 1] = 2.0, 0.1  # the act speaks most, the interest too
    followed = replace(some, is_next=np.array([True, False]))
    assert compose(followed, 4)[0] == [0, 1, 3, 2]
    named = replace(followed, is_shared=np.array([False, True]))
    places, reasons = compose(named, 3)
    assert places == [0, 1, 2] and reasons.count(0) <= 2


def test_what_was_named_is_said_first_where_it_is_a_good_part() -> None:
    some = offer([5.0, 4.0, 3.0], 2)
    some.reasons[:, 0], some.reasons[:, 1] = 2.0, 0.6
    assert compose(some, 3)[1] == [0, 1, 0]
    named = replace(some, is_shared=np.array([False, True]))
    assert compose(named, 3)[1] == [1, 0, 0]
    named.reasons[:, 1] = 0.4
    assert compose(named, 3)[1] == [0, 1, 0]


def test_one_card_is_from_elsewhere_and_a_second_fills_an_empty_place() -> None:
    some = replace(offer([5.0, 4.0, 3.0, 2.0]), is_elsewhere=np.array([True, True, False, False]))
    assert compose(some, 3)[0] == [0, 2, 3]
    assert compose(some, 4)[0] == [0, 2, 3, 1]


def test_the_second_card_follows_what_was_done_last() -> None:
    some = offer([5.0, 4.0, 3.0, 2.0, 1.0], 2)
    some.reasons[:4, 0], some.reasons[4, 1] = 1.0, 0.2
    places, reasons = compose(replace(some, is_next=np.array([False, True])), 3)
    assert (places[1], reasons[1]) == (4, 1)
    _, reasons = compose(some, 3)
    assert reasons.count(0) == 2 and 1 in reasons


def test_what_is_held_and_a_third_of_one_creator_only_fill_empty_places() -> None:
    some = replace(
        offer([5.0, 4.0, 3.0, 2.0, 1.0]),
        creators=np.array([0, 0, 0, -1, 1]),
        is_held=np.array([False, False, False, False, True]),
    )
    assert compose(some, 3)[0] == [0, 1, 3]
    assert compose(some, 5)[0] == [0, 1, 3, 2, 4]


def test_a_mix_that_is_met_costs_nothing_and_one_that_is_missed_not_infinitely() -> None:
    p = np.array([0.5, 0.5])
    assert abs(divergence(p, p)) < 1e-12
    assert 0 < divergence(p, np.array([1.0, 0.0])) < divergence(p, np.zeros(2)) < 10


def test_what_is_held_stands_behind_what_nothing_can_be_said_of() -> None:
    some = replace(
        offer([5.0, 4.0, 3.0, 2.0], 1),
        reasons=np.array([[1.0], [1.0], [1.0], [0.5]]),
        is_held=np.array([False, False, True, False]),
    )
    assert compose(some, 3)[0] == [0, 1, 3]
    assert compose(some, 4)[0] == [0, 1, 3, 2]
