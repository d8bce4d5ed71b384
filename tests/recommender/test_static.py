from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from recommender import als, content, splits, static, tuning
from recommender.als import AlsSettings
from recommender.similarity import linear_filter
from recommender.spectral import Spectral, singular_pairs
from recommender.static import Parts, StaticModel, View, recall_and_ndcg
from recommender.weighing import learned, liked


def community(seed: int = 0, n: int = 90, m: int = 60, n_tastes: int = 3) -> csr_array:
    """Item i and member u have taste i, u mod n_tastes; some items are wanted more by all."""
    rng = np.random.default_rng(seed)
    is_own = np.arange(n)[:, None] % n_tastes == np.arange(m) % n_tastes
    liked = 0.7 / (1 + np.arange(m) // 12)
    chance = np.where(is_own, liked, 0.05 * liked)
    return csr_array((rng.random((n, m)) < chance).astype(np.float32))


def noise(seed: int, n: int = 90, m: int = 60) -> csr_array:
    """Nothing but popularity: every member chooses alike."""
    rng = np.random.default_rng(seed)
    chance = 0.5 / (1 + np.arange(m) / 4)
    return csr_array((rng.random((n, m)) < chance).astype(np.float32))


def small_model(matrix: csr_array) -> StaticModel:
    own = AlsSettings(4, 0.05, 0.02)
    degrees = np.bincount(matrix.indices, minlength=matrix.shape[1])
    views = {"filter": linear_filter(matrix)}
    parts = Parts(degrees=degrees, factors=als.fit(matrix, own, seed=0), settings=own, views=views)
    weights = {"als": 1.0, "filter": 0.5, "popularity": -0.1}
    return StaticModel(parts, weights, {"als": 2.0})


def value(found: np.ndarray, held: csr_array) -> float:
    users = np.flatnonzero(np.diff(held.indptr))
    return float(np.mean(recall_and_ndcg(found[users], csr_array(held[users]))))


def popular(train: csr_array, k: int = 20) -> np.ndarray:
    degrees = np.bincount(train.indices, minlength=train.shape[1]).astype(np.float32)
    total = np.tile(degrees, (train.shape[0], 1))
    static.hide(total, train)
    return static.top_columns(total, k)


def test_scores_are_the_weighted_parts_by_the_members_own_deviation() -> None:
    matrix = community()
    cold = matrix.toarray()
    cold[:, 7] = 0
    matrix = csr_array(cold)
    model = small_model(matrix)
    assert model.parts.factors is not None and model.parts.settings is not None
    dense = matrix.toarray().astype(float)
    x = np.stack(
        [
            als.fold_in(
                model.parts.factors, np.flatnonzero(row), row[row > 0], AlsSettings(4, 0.05, 0.02)
            )
            for row in matrix.toarray()
        ]
    )
    parts = {
        "als": x @ model.parts.factors.rows.T,
        "filter": dense @ linear_filter(matrix).to_matrix().toarray(),
        "popularity": np.tile(np.log1p(dense.sum(0)), (90, 1)),
    }
    whole = {name: own / own.std(1, keepdims=True) for name, own in parts.items()}
    wanted = whole["als"] + 0.5 * whole["filter"] - 0.1 * whole["popularity"]
    wanted[:, 7] = 2 * whole["als"][:, 7]
    np.testing.assert_allclose(model.scores(matrix), wanted, rtol=1e-3, atol=1e-3)


def test_answers_are_the_best_unseen_ones() -> None:
    matrix = community()
    model = small_model(matrix)
    total = model.scores(matrix)
    found = model.recommend(matrix, 5)
    for row in range(90):
        open_ = np.flatnonzero(matrix.toarray()[row] == 0)
        wanted = open_[np.lexsort((open_, -total[row, open_]))][:5]
        assert found[row].tolist() == wanted.tolist()
    few = model.recommend(matrix, 5, candidates=np.array([3, 8]))
    assert set(few.ravel()) <= {-1, 3, 8}
    full = csr_array(np.ones((1, 60), np.float32))
    assert model.recommend(full, 3).tolist() == [[-1, -1, -1]]
    assert model.recommend(matrix, 100).shape == (90, 60)


def test_members_in_blocks_get_the_same_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = community()
    whole = small_model(matrix).recommend(matrix, 10)
    monkeypatch.setattr(static, "N_CELLS_PER_BLOCK", 60 * 7)
    np.testing.assert_array_equal(small_model(matrix).recommend(matrix, 10), whole)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_quality_is_recall_and_ndcg_written_down(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    wanted = csr_array((rng.random((6, 12)) < 0.3).astype(np.float32))
    found = np.stack([rng.permutation(12)[:k] for _ in range(6)])
    found[0, -1] = -1
    recall, ndcg = recall_and_ndcg(found, wanted)
    for row in range(6):
        right = set(np.flatnonzero(wanted.toarray()[row]))
        hits = [item in right for item in found[row].tolist()]
        best = sum(1 / np.log2(i + 2) for i in range(min(k, len(right))))
        gain = sum(hit / np.log2(i + 2) for i, hit in enumerate(hits))
        assert recall[row] == pytest.approx(sum(hits) / len(right) if right else 0)
        assert ndcg[row] == pytest.approx(gain / best if right else 0)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_a_split_hides_a_fifth_of_each_members_pairs_and_never_all(seed: int) -> None:
    matrix = community(seed)
    train, held = splits.hold_out(matrix, [seed])
    np.testing.assert_array_equal((train + held).toarray(), matrix.toarray())
    before, after = np.diff(matrix.indptr), np.diff(train.indptr)
    assert (after[before > 0] >= 1).all()
    assert (np.abs(np.diff(held.indptr) - 0.2 * before) < 1).all()


def soft(train: csr_array, is_real: bool) -> Spectral:
    """Return the spectral view of a matrix, or one of as many directions that mean nothing."""
    rng = np.random.default_rng(8)
    view = singular_pairs(train, rng).view(0.4, 1.0)
    noise = rng.normal(size=view.rows.shape).astype(np.float32)
    return view if is_real else Spectral(noise, view.scales)


def test_the_spectral_view_leads_where_it_helps_and_has_no_weight_where_it_does_not() -> None:
    leading: list[float] = []
    idle: list[float] = []
    for seed in range(5):
        train, held = splits.hold_out(community(seed, n=600, m=90), [5])
        split = splits.judged_on(train, held, 0)
        degrees = np.bincount(train.indices, minlength=90)
        for is_real, found in ((True, leading), (False, idle)):
            beside = linear_filter(noise(seed, m=90) if is_real else train)
            views: dict[str, View] = {"filter": beside, "spectral": soft(train, is_real)}
            weights = learned([liked(Parts(degrees=degrees, views=views), split, n_threads=1)])
            found.append(weights.get("spectral", 0.0))
    assert leading == [1.0] * 5
    assert sorted(idle)[:4] == [0.0] * 4 and max(idle) <= 0.1  # by chance a step looks like a gain


def test_tuning_fits_the_spectral_view_where_it_has_weight_and_is_affordable() -> None:
    assert "spectral" in tuning.fit(community(), seed=0).parts.views
    idle = tuning.fit(community(1, n=300), seed=0)
    assert not idle.weights.get("spectral") and "spectral" not in idle.parts.views
    assert "spectral" not in tuning.fit(community(), seed=0, budget_s=1e-3).parts.views


def test_tuned_defaults_beat_popularity_where_there_is_taste() -> None:
    train, held = splits.hold_out(community(1), [5])
    found = tuning.fit(train, seed=3).recommend(train, 20)
    assert value(found, held) > 1.3 * value(popular(train), held)


def test_where_all_choose_alike_popularity_is_nearly_reached() -> None:
    ours, plain = [], []
    for seed in range(2):
        train, held = splits.hold_out(noise(seed), [5])
        ours.append(value(tuning.fit(train, seed=3).recommend(train, 20), held))
        plain.append(value(popular(train), held))
    assert np.mean(ours) > 0.93 * np.mean(plain)


def test_the_same_seed_gives_the_same_bytes_for_any_number_of_threads() -> None:
    one, other = (tuning.fit(community(), seed=2, n_threads=n) for n in (1, 2))
    assert one.weights == other.weights
    assert one.scores(community()).tobytes() == other.scores(community()).tobytes()


def test_a_small_budget_tries_less_and_still_answers() -> None:
    model = tuning.fit(community(), budget_s=1e-9)
    assert model.parts.settings is not None
    assert model.parts.settings.n_factors == 8 and not model.parts.views
    assert (model.recommend(community(), 5) >= 0).all()


def test_a_validation_matrix_is_tuned_on_and_then_learned() -> None:
    train, held = splits.hold_out(community(2), [1])
    model = tuning.fit(train, validation=held)
    np.testing.assert_array_equal(model.parts.degrees, community(2).toarray().sum(0))


def test_hidden_items_are_found_by_their_text() -> None:
    matrix = community(4).toarray()
    hidden = np.arange(48, 60)
    held = matrix.copy()
    held[:, :48] = 0
    matrix[:, 48:] = 0
    words = ["sourdough and bread", "星系与望远镜", "chess openings"]
    texts = [words[i % 3] for i in range(60)]
    train, vectors = csr_array(matrix), content.vectorise(texts, [[]] * 60)
    model = tuning.fit(train, vectors=vectors)
    assert model.cold_weights
    found = model.recommend(train, 4, candidates=hidden)
    assert ((found % 3) == (np.arange(90) % 3)[:, None]).mean() > 0.95


def test_what_cannot_be_tuned_is_refused() -> None:
    matrix = community()
    with pytest.raises(ValueError, match="nobody"):
        tuning.fit(csr_array((3, 4), dtype=np.float32))
    with pytest.raises(ValueError, match="budget"):
        tuning.fit(matrix, budget_s=0)
    with pytest.raises(ValueError, match="shapes"):
        tuning.fit(matrix, validation=csr_array(matrix[:5]))
    with pytest.raises(ValueError, match="all items"):
        tuning.fit(matrix, vectors=csr_array((3, 4), dtype=np.float32))
    broken = matrix.copy()
    broken.data[0] = np.nan
    with pytest.raises(ValueError, match="finite"):
        tuning.fit(broken)


@pytest.mark.parametrize(
    "cells",
    [[[1.0]], [[1.0, 0.0]], [[1.0], [1.0]], [[1.0, 1.0, 1.0]] * 4, [[1.0, 1.0]] + [[0.0, 0.0]] * 3],
)
def test_the_smallest_communities_get_an_answer(cells: list[list[float]]) -> None:
    matrix = csr_array(np.array(cells, np.float32))
    model = tuning.fit(matrix)
    found = model.recommend(matrix, 2)
    assert found.shape == (len(cells), min(2, len(cells[0])))
    assert np.isfinite(model.scores(matrix)).all()


def test_parts_without_factors_are_popularity_and_views() -> None:
    matrix = community()
    parts = replace(small_model(matrix).parts, factors=None, settings=None)
    assert parts.names == ("popularity", "filter")
    assert set(parts.scores(matrix)) == {"popularity", "filter"}
