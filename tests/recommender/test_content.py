import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender import als, content
from recommender.als import AlsSettings
from recommender.neighbours import Neighbours
from tests.patience import patient
from tests.recommender.communities import ROOT

TEXTS = [
    "Attention is all you need, explained",
    "Explaining the attention of transformers",
    "Sourdough for beginners: flour, water, salt",
    "A beginner's bread with sourdough",
    "深入理解注意力机制与变换器模型",
    "变换器模型里的注意力",
    "家庭烘焙：酸面团面包入门",
    "酸面团烘焙的温度",
    "",
]
TAGS = [["Deep Learning"], ["deep learning"], ["Baking"], ["baking"], [], [], [], [], []]


def cosines(texts: list[str], tags: list[list[str]]) -> NDArray[np.float32]:
    found = content.neighbours(content.vectorise(texts, tags)).to_matrix().toarray()
    return np.asarray(found, np.float32)


def test_items_resemble_those_on_the_same_subject_in_both_languages() -> None:
    nearest = cosines(TEXTS, TAGS)[:8].argmax(1)
    assert nearest.tolist() == [1, 0, 3, 2, 5, 4, 7, 6]


def test_spelling_variants_are_the_same_text() -> None:
    vectors = content.vectorise(["Café ＡＢＣ", "cafe\u0301 abc", "CAFÉ ABC", "other"], [[]] * 4)
    cells = vectors.toarray()
    np.testing.assert_allclose(cells[0], cells[1])
    np.testing.assert_allclose(cells[0], cells[2])
    assert cells[0] @ cells[0] == pytest.approx(1) and cells[0] @ cells[3] == 0


def test_a_words_other_forms_are_near() -> None:
    texts = ["transformers", "transformer", "sourdough", "bread"]
    found = cosines(texts, [[]] * 4)
    assert found[0, 1] > 0.3 and not found[0, 2:].any()


def test_a_tag_is_one_term_whatever_its_words() -> None:
    tags = [["machine learning"], ["machine learning"], ["learning machine"], ["sourdough"]]
    found = cosines([""] * 4, tags)
    assert found[0, 1] == pytest.approx(1, abs=1e-5)
    assert 0 < found[0, 2] < 1 and found[0, 3] == 0


@pytest.mark.parametrize("texts", [[], [""], ["…"], ["one alone"], ["", "", ""]])
def test_what_says_nothing_resembles_nothing(texts: list[str]) -> None:
    vectors = content.vectorise(texts, [[]] * len(texts))
    assert vectors.shape[0] == len(texts) and vectors.dtype == np.float32
    assert not len(content.neighbours(vectors).values)


def test_identical_items_are_as_near_as_can_be_and_never_their_own_neighbour() -> None:
    found = cosines(["the same words"] * 3 + ["another"], [["t"]] * 3 + [[]])
    np.testing.assert_allclose(found[:3, :3], 1 - np.eye(3), atol=1e-6)


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(9)))
def test_the_order_of_the_catalogue_changes_nothing(order: list[int]) -> None:
    renamed = cosines([TEXTS[i] for i in order], [TAGS[i] for i in order])
    np.testing.assert_allclose(renamed, cosines(TEXTS, TAGS)[np.ix_(order, order)], atol=1e-6)


def test_the_neighbours_are_the_cosines_of_each_candidate() -> None:
    rng = np.random.default_rng(0)
    cells = rng.random((30, 12)) * (rng.random((30, 12)) < 0.4)
    full = cells @ cells.T
    np.fill_diagonal(full, 0)
    found = content.neighbours(csr_array(cells), n_kept=4).to_matrix().toarray()
    for j in range(30):
        best = np.argsort(-full[:, j], kind="stable")[:4]
        wanted = np.zeros(30)
        wanted[best] = full[best, j]
        np.testing.assert_allclose(found[:, j], wanted, atol=1e-6)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.integers(1, 20), st.floats(0.1, 10))
def test_the_map_is_the_weighted_ridge_regression(seed: int, n_known: int, reg: float) -> None:
    rng = np.random.default_rng(seed)
    x = (rng.random((20, 5)) * (rng.random((20, 5)) < 0.6)).astype(np.float32)
    y = rng.normal(size=(n_known, 3)).astype(np.float32)
    degrees = rng.integers(0, 4, n_known)
    degrees[0] = 2
    wide = np.hstack([x, np.ones((20, 1))])
    trust = np.diag(degrees / (degrees + 1))
    own = wide[:n_known]
    map_ = np.linalg.solve(own.T @ trust @ own + reg * np.eye(6), own.T @ trust @ y)
    found = content.mapped(csr_array(x), y, degrees, regularization=reg)
    np.testing.assert_allclose(found, wide @ map_, atol=2e-3)


def planted(n_items: int = 60, n_topics: int = 4) -> tuple[list[str], csr_array]:
    """Item i and member u have topic i, u mod n; the text names the topic among other words."""
    rng = np.random.default_rng(1)
    names = ["gardening", "烘焙面包", "astronomy", "chess"]
    filler = ["notes", "guide", "简介", "weekly", "collected", "第一部分"]
    texts = [
        f"{rng.choice(filler)} {names[i % n_topics]} {rng.choice(filler)}" for i in range(n_items)
    ]
    members = np.arange(100)[:, None]
    is_own = (members % n_topics) == (np.arange(n_items) % n_topics)
    cells = rng.random((100, n_items)) < np.where(is_own, 0.5, 0.02)
    return texts, csr_array(cells.astype(np.float32))


def test_an_untouched_item_ranks_by_its_content() -> None:
    texts, matrix = planted()
    hidden = matrix.toarray()
    hidden[:, 52:] = 0
    matrix, own = csr_array(hidden), AlsSettings(8, 0.05, 0.03)
    rows = als.fit(matrix, own, seed=0)
    vectors = content.vectorise(texts, [[]] * 60)
    suggested = content.mapped(vectors, rows.rows, hidden.sum(0).astype(int))
    view = content.neighbours(vectors)
    for topic in range(4):
        history = np.arange(topic, 40, 4)[:5]
        x = als.fold_in(rows, history, np.ones(5, np.float32), own)
        for scores in (suggested[52:] @ x, view.scores(history, np.ones(5))[52:]):
            assert sorted(52 + np.argsort(-scores)[:2]) == [52 + topic, 56 + topic]


def test_an_item_added_after_the_fit_gets_what_a_fit_would_give_it() -> None:
    texts, matrix = planted()
    rows = als.fit(csr_array(matrix[:, :55]), AlsSettings(8, 0.05, 0.03), seed=0).rows
    degrees = matrix[:, :55].sum(0).astype(int)
    vectors = content.vectorise(texts, [[]] * 60)
    known = Neighbours.of(content.neighbours(vectors).to_matrix()[:55, :55])
    new_rows, view = content.extend(vectors, rows, degrees, known, n_kept=60)
    np.testing.assert_array_equal(new_rows, content.mapped(vectors, rows, degrees)[55:])
    whole = content.neighbours(vectors).to_matrix().toarray()
    np.testing.assert_allclose(view.to_matrix().toarray(), whole, atol=1e-6)
    same_rows, same = content.extend(vectors[:55], rows, degrees, known)
    assert same_rows.shape == (0, 8) and same is known


def test_extending_a_full_view_keeps_what_was_known() -> None:
    texts, _ = planted()
    vectors = content.vectorise(texts, [[]] * 60)
    known = content.neighbours(vectors[:50], n_kept=3)
    rows, degrees = np.ones((50, 2), np.float32), np.ones(50, int)
    _, view = content.extend(vectors, rows, degrees, known, n_kept=3)
    cells = view.to_matrix().toarray()
    np.testing.assert_array_equal(cells[:50, :50], known.to_matrix().toarray())
    assert ((cells[:, 50:] > 0).sum(0) >= 3).all()


def test_without_a_wanted_item_the_map_says_nothing() -> None:
    vectors = content.vectorise(["a b", "b c"], [[], []])
    rows = np.zeros((2, 3), np.float32)
    assert not content.mapped(vectors, rows, np.zeros(2, int)).any()


def test_the_same_catalogue_gives_the_same_bytes() -> None:
    texts, matrix = planted()
    rows, degrees = np.random.default_rng(0).normal(size=(60, 4)), matrix.sum(0).astype(int)
    for make in (
        lambda: content.vectorise(texts, [[]] * 60).data,
        lambda: content.neighbours(content.vectorise(texts, [[]] * 60)).values,
        lambda: content.mapped(
            content.vectorise(texts, [[]] * 60), rows.astype(np.float32), degrees
        ),
    ):
        assert make().tobytes() == make().tobytes()


def test_what_does_not_fit_is_refused() -> None:
    vectors, rows = content.vectorise(["a b", "a b"], [[], []]), np.ones((2, 3), np.float32)
    with pytest.raises(ValueError, match="equal lengths"):
        content.vectorise(["a"], [])
    with pytest.raises(ValueError, match="first of the items"):
        content.mapped(vectors, rows, np.ones(1, int))
    with pytest.raises(ValueError, match="regularization"):
        content.mapped(vectors, rows, np.ones(2, int), regularization=0)
    with pytest.raises(ValueError, match="finite"):
        content.mapped(vectors, rows * np.float32(np.nan), np.ones(2, int))
    with pytest.raises(ValueError, match="as many items"):
        content.extend(vectors, rows, np.ones(2, int), Neighbours.empty(1))


def test_the_bots_own_process_never_imports_scikit_learn_or_numba() -> None:
    code = (
        "import sys, bot.run, bot.cli, recommender.content, recommender.neighbours\n"
        "sys.exit(bool({'numba', 'sklearn'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=patient(120))
