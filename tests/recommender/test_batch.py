import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.als import AlsSettings
from recommender.batch import N_MEMBERS_PER_BLOCK, best_few, best_of_many
from recommender.context import Context
from recommender.fitting import snapshot
from recommender.interactions import Interactions, Items
from recommender.model import DEFAULT_WEIGHTS, Settings
from recommender.pool import Pool
from recommender.ranking import top
from tests.recommender.communities import NOW, community, events, joined, of_member

N_MEMBERS = N_MEMBERS_PER_BLOCK + 20
DATA, ITEMS = community(n_members=N_MEMBERS, n_items=60, n_events=3_000)
TEXTS = tuple(
    f"{'gardens and roses' if i % 2 else 'rockets and orbits'} {i % 7}" for i in range(60)
)
MODEL = snapshot(
    DATA,
    ITEMS,
    as_of=NOW,
    settings=Settings(AlsSettings(n_factors=8)),
    weights=DEFAULT_WEIGHTS,
    seed=1,
    context=Context(texts=TEXTS, levels=np.arange(60) % 3),
)
UNKNOWN = Items(np.append(ITEMS.ids[5:], 999), np.append(ITEMS.published[5:], NOW))


@pytest.mark.parametrize("items", [ITEMS, UNKNOWN], ids=["all known", "some missing, one new"])
def test_a_batch_chooses_for_each_member_what_a_request_would(items: Items) -> None:
    pool, later = Pool(MODEL, items, Interactions.empty(), NOW), NOW + 60
    dismissed = events([2, 3], [7, 9], [NOW, NOW], [-1, -1])
    data = joined(DATA, dismissed)
    members, chosen = best_of_many(pool, data, now=later, k=5)
    assert members.tolist() == np.unique(data.members).tolist()
    for member, ids in zip(members.tolist(), chosen, strict=True):
        own = of_member(data, member)
        scores = pool.score(own, now=later)
        totals = dict(zip(scores.ids.tolist(), scores.total, strict=True))
        expected = top(scores, 5, own.items).tolist()
        np.testing.assert_allclose(
            [totals[i] for i in ids.tolist()], [totals[i] for i in expected], atol=2e-5
        )
        assert not set(ids.tolist()) & set(own.items.tolist())


def test_members_who_have_met_nearly_everything_get_what_is_left() -> None:
    pool = Pool(MODEL, ITEMS, Interactions.empty(), NOW)
    seen = events([1] * 58, ITEMS.ids[:58], [NOW] * 58)
    _, chosen = best_of_many(pool, seen, now=NOW, k=5)
    assert set(chosen[0, :2].tolist()) == {58, 59} and chosen[0, 2:].tolist() == [-1] * 3


def test_nobody_gets_nothing_and_without_a_model_there_is_no_batch() -> None:
    pool = Pool(MODEL, ITEMS, Interactions.empty(), NOW)
    members, chosen = best_of_many(pool, Interactions.empty(), now=NOW, k=3)
    assert len(members) == 0 and chosen.shape == (0, 3)
    with pytest.raises(ValueError, match="needs a model"):
        best_of_many(Pool(None, ITEMS, Interactions.empty(), NOW), DATA, now=NOW, k=3)
    with pytest.raises(ValueError, match="at least 1"):
        best_of_many(pool, DATA, now=NOW, k=0)


@given(st.integers(0, 3_000), st.integers(1, 12), st.integers(1, 9), st.integers(0, 99))
def test_the_few_best_are_those_of_a_whole_sort(n: int, k: int, n_values: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    ids = rng.permutation(n)
    total = rng.choice([-np.inf, *range(n_values * n_values)], n).astype(np.float32)
    left = np.flatnonzero(total > -np.inf)
    expected = ids[left][np.lexsort((ids[left], -total[left]))][:k]
    assert best_few(ids, total, k).tolist() == expected.tolist()
