"""What follows what: the count, and what it adds to scores, batches and reasons."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.als import AlsSettings
from recommender.batch import best_of_many
from recommender.features import NEXT, VIEWS, WITHIN_S
from recommender.fitting import snapshot
from recommender.interactions import Interactions, Items
from recommender.model import DEFAULT_WEIGHTS, Model, Settings
from recommender.pool import Pool
from recommender.ranking import lifts, supports, top
from recommender.succession import follows
from tests.recommender.communities import NOW, community, events, joined, of_member

IDS = np.array([10, 20, 30], np.int64)
DATA, ITEMS = community(n_members=40, n_items=30, n_events=600)
CHAIN = events([90, 90, 91, 91, 92, 92], [3, 4] * 3, [NOW - 9_000 + 60 * n for n in range(6)])


def fitted(data: Interactions, items: Items) -> Model:
    weights = DEFAULT_WEIGHTS.copy()
    weights[NEXT] = 5.0
    settings = Settings(AlsSettings(n_factors=4))
    return snapshot(data, items, as_of=NOW, settings=settings, weights=weights, seed=1)


MODEL = fitted(joined(DATA, CHAIN), ITEMS)


@pytest.mark.parametrize(
    ("members", "items", "times", "expected"),
    [
        ([1, 1], [10, 20], [0, WITHIN_S], {(0, 1): np.log(2)}),
        ([1, 1], [10, 20], [0, WITHIN_S + 1], {}),
        ([1, 2], [10, 20], [0, 1], {}),
        ([1, 1, 1], [10, 10, 20], [0, 1, 2], {(0, 1): np.log(2)}),
        ([1, 2, 1, 2], [10, 10, 20, 20], [0, 1, 2, 3], {(0, 1): np.log(3)}),
        (
            [1, 1, 1],
            [10, 20, 30],
            [0, 1, 2],
            {
                (0, 1): np.log(2),
                (0, 2): np.log(2),
                (1, 2): np.log(2),
            },
        ),
        ([], [], [], {}),
    ],
)
def test_members_are_counted_who_went_on_within_half_an_hour(
    members: list[int],
    items: list[int],
    times: list[float],
    expected: dict[tuple[int, int], float],
) -> None:
    found = follows(events(members, items, times), IDS).to_matrix().toarray()
    wanted = np.zeros((3, 3))
    for at, value in expected.items():
        wanted[at] = value
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_what_was_dismissed_neither_leads_nor_follows() -> None:
    data = events([1, 1, 1], [10, 20, 30], [0, 1, 2], [1, -1, 1])
    assert follows(data, IDS).to_matrix().nonzero()[1].tolist() == [2]


@pytest.mark.parametrize(("ago_s", "adds"), [(60.0, True), (WITHIN_S + 60, False)])
def test_what_was_just_opened_lifts_what_follows_it(ago_s: float, adds: bool) -> None:
    own = events([7], [3], [NOW - ago_s])
    scores = Pool(MODEL, ITEMS, Interactions.empty(), NOW).score(own, now=NOW)
    part = scores.parts[:, NEXT]
    assert (part[ITEMS.ids == 4] > 1).all() == adds and (part[ITEMS.ids == 3] == 0).all()


def test_reasons_split_what_it_adds_exactly() -> None:
    own = joined(of_member(DATA, 5), events([5, 5], [3, 8], [NOW - 60, NOW - 30]))
    scores = Pool(MODEL, ITEMS, Interactions.empty(), NOW).score(own, now=NOW)
    found = supports(MODEL, own, scores, scores.ids)
    views = scores.parts[:, VIEWS].sum(1) + scores.parts[:, NEXT]
    np.testing.assert_allclose((found.together + found.alike).sum(1), views, atol=1e-4)
    assert lifts(scores, np.array([4]))["taste"][0] > 1


def test_a_batch_agrees_with_single_requests() -> None:
    data = joined(DATA, events([5, 6], [3, 3], [NOW - 60, NOW - 60]))
    pool = Pool(MODEL, ITEMS, Interactions.empty(), NOW)
    members, chosen = best_of_many(pool, data, now=NOW, k=3)
    for member, ids in zip(members.tolist(), chosen, strict=True):
        own = of_member(data, member)
        assert ids.tolist() == top(pool.score(own, now=NOW), 3, own.items).tolist()


def test_a_snapshot_of_before_serves_without_it() -> None:
    arrays = {n: a for n, a in MODEL.to_arrays().items() if not n.startswith("follows_")}
    arrays |= {"format": np.array([4], np.int64), "weights": MODEL.weights[:-1]}
    old = Model.from_arrays(arrays)
    assert old.weights[NEXT] == 0 and not len(old.follows.values)
    assert (old.weights[:NEXT] == MODEL.weights[:NEXT]).all()
    again = replace(old, weights=MODEL.weights, follows=MODEL.follows)
    assert again.to_arrays()["factors"].tobytes() == MODEL.to_arrays()["factors"].tobytes()
