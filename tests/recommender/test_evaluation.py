import numpy as np
import pytest

from recommender.evaluation import Replay, accuracy, gain_interval, gains, rank, timeline
from recommender.interactions import Interactions, Items
from tests.recommender.communities import events


def test_ndcg_and_hit_rate_are_those_worked_out_by_hand() -> None:
    ranks = np.array([0, 1, 2, 9, 10])
    # 1/log2(2), 1/log2(3), 1/log2(4), 1/log2(11), and nothing
    np.testing.assert_allclose(gains(ranks), [1, 0.6309297536, 0.5, 0.2890648263, 0], atol=1e-9)
    found = accuracy(ranks)
    assert found.hit_rate == 0.8 and found.n == 5
    assert found.ndcg == pytest.approx(0.4839989160)


def test_without_predictions_quality_is_zero_of_zero() -> None:
    none = np.empty(0, np.int64)
    assert accuracy(none).n == 0 and accuracy(none).ndcg == 0
    nothing = gain_interval(none, none, none, np.random.default_rng(0))
    assert nothing == (float("-inf"), float("inf"))


def test_equal_totals_are_ranked_by_the_smaller_id() -> None:
    ids, totals = np.array([30, 10, 20]), np.array([1.0, 1.0, 2.0])
    assert [rank(ids, totals, item) for item in (20, 10, 30)] == [0, 1, 2]
    with pytest.raises(ValueError, match="not among"):
        rank(ids, totals, 99)


def test_the_interval_of_a_gain_covers_its_mean_nine_times_in_ten() -> None:
    rng, covered = np.random.default_rng(1), 0
    for _ in range(200):
        members = np.repeat(np.arange(60), 5)
        liked = np.repeat(rng.random(60) < 0.5, 5)  # the choices of one person are alike
        left, right = np.where(liked, 0, 20), np.full(300, 20)
        low, high = gain_interval(left, right, members, rng)
        covered += low <= 0.5 <= high
    assert 0.82 * 200 < covered < 0.97 * 200


def test_one_member_alone_proves_nothing() -> None:
    low, high = gain_interval(
        np.zeros(50, np.int64), np.full(50, 20), np.ones(50, np.int64), np.random.default_rng(1)
    )
    assert low == float("-inf") and high == float("inf")


def test_only_what_could_be_known_is_predicted() -> None:
    items = Items(np.array([1, 2, 3]), np.array([0.0, 50.0, 60.0]))
    #                 new member  new item  fine  repeated  dismissed  not listed  not yet out  fine
    members = [1, 1, 2, 2, 2, 2, 2, 2]
    wanted = [1, 2, 2, 2, 1, 9, 3, 3]
    data = events(members, wanted, [10, 50, 50, 51, 52, 53, 54, 70], [1, 1, 1, 1, -1, 1, 1, 1])
    line = timeline(data, items)
    assert line.predictable(0, 8).tolist() == []  # all of member 2: new, repeated, unknown, early
    data = events([1, 2, *members], [1, 1, *wanted], [1, 2, 10, 50, 50, 51, 52, 53, 54, 70])
    line = timeline(data, items)
    predicted = [
        (int(line.events.members[i]), int(line.events.items[i])) for i in line.predictable(0, 10)
    ]
    assert predicted == [(2, 2)]


def test_a_situation_holds_nothing_later_than_its_event() -> None:
    items = Items(np.array([4, 1, 2, 3]), np.array([99.0, 0.0, 0.0, 0.0]))
    data = events([7, 8, 7, 7, 8], [1, 2, 2, 3, 3], [1, 2, 3, 4, 5])
    line = timeline(data, items)
    here = Replay(line, items).situation(2)
    assert (here.item, here.now) == (2, 3)
    assert here.history.items.tolist() == [1]
    assert here.candidates.ids.tolist() == [2, 3]  # 1 is seen, 4 is not out
    assert here.users.tolist() == [1, 0]


def test_an_empty_timeline_has_nothing_to_predict() -> None:
    none = Items(np.empty(0, np.int64), np.empty(0))
    line = timeline(Interactions.empty(), none)
    assert len(line.predictable(0, 0)) == 0
    Replay(line, none)
