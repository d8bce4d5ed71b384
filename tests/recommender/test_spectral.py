import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.spectral import SingularPairs, singular_pairs
from tests.patience import patient
from tests.recommender.communities import ROOT


def matrix(seed: int, n: int = 40, m: int = 30, density: float = 0.2) -> csr_array:
    rng = np.random.default_rng(seed)
    cells = rng.choice([1.0, 2.5, -1.0], (n, m), p=[0.6, 0.3, 0.1])
    return csr_array((cells * (rng.random((n, m)) < density)).astype(np.float32))


def pairs(cells: csr_array, seed: int = 0, **options: int) -> SingularPairs:
    return singular_pairs(cells, np.random.default_rng(seed), **options)


def dense(cells: csr_array, k: int, exponent: float, sharpness: float) -> NDArray[np.float64]:
    """Return D^-β V σ^q Vᵀ D^β, written down; an untouched item adds and gets nothing."""
    wanted = (cells.toarray() > 0).astype(float)
    members, items = np.maximum(wanted.sum(1), 1), np.maximum(wanted.sum(0), 1)
    _, sizes, turned = np.linalg.svd(wanted / np.sqrt(np.outer(members, items)))
    kernel = (turned[:k].T * sizes[:k] ** sharpness) @ turned[:k]
    return np.asarray(kernel * items**exponent / items[:, None] ** exponent)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.floats(0, 1), st.floats(0.25, 4))
def test_folding_in_is_the_formula_written_down(
    seed: int, exponent: float, sharpness: float
) -> None:
    cells = matrix(seed)
    view = pairs(cells, n_iterations=60).view(exponent, sharpness)
    whole = dense(cells, 10, exponent, sharpness)
    wanted = csr_array(cells.maximum(0).sign())
    np.testing.assert_allclose(view.scores_all(wanted), wanted @ whole, atol=5e-3)
    which, weights = np.array([3, 17, 4]), np.array([1.0, 0.5, -2.0])
    np.testing.assert_allclose(view.scores(which, weights), weights @ whole[which], atol=5e-3)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(0, 12))
def test_reasons_sum_to_the_score_and_each_is_what_its_item_alone_says(seed: int, h: int) -> None:
    view = pairs(matrix(seed)).view(0.4, 0.7)
    rng = np.random.default_rng(seed)
    which, weights = rng.permutation(30)[:h], rng.normal(size=h)
    candidates = rng.permutation(30)[:9]
    parts = view.contributions(which, weights, candidates)
    assert parts.shape == (9, h)
    np.testing.assert_allclose(parts.sum(1), view.scores(which, weights)[candidates], atol=1e-5)
    for column, (item, weight) in enumerate(zip(which, weights, strict=True)):
        alone = view.scores(np.array([item]), np.array([weight]))
        np.testing.assert_allclose(parts[:, column], alone[candidates], atol=1e-5)


@pytest.mark.parametrize(
    ("m", "n_pairs", "k"), [(30, 768, 10), (31, 768, 10), (30, 4, 4), (2, 9, 0)]
)
def test_there_are_never_more_pairs_than_a_third_of_the_items(m: int, n_pairs: int, k: int) -> None:
    found = pairs(matrix(1, m=m, density=0.5), n_pairs=n_pairs)
    assert found.vectors.shape == (m, k) and found.values.shape == (k,)
    view = found.view(0.4, 1.0)
    assert view.scores(np.array([0]), np.ones(1)).shape == (m,)


def test_a_matrix_of_few_directions_has_no_more_pairs_than_those() -> None:
    one_taste = csr_array(np.ones((40, 30), np.float32))
    found = pairs(one_taste)
    assert found.values == pytest.approx([1.0], abs=1e-5)
    few_members = pairs(matrix(2, n=3, density=0.6))
    assert len(few_members.values) <= 3


def test_the_vectors_are_orthonormal_and_the_values_descend_from_one() -> None:
    found = pairs(matrix(5, n=200, m=90))
    np.testing.assert_allclose(found.vectors.T @ found.vectors, np.eye(30), atol=1e-4)
    assert (np.diff(found.values) <= 0).all() and found.values[0] == pytest.approx(1, abs=1e-3)


def test_untouched_items_and_idle_members_add_nothing_and_get_nothing() -> None:
    cells = matrix(3).toarray()
    cells[:, [0, 7]] = 0
    cells[:, 8] = -np.abs(cells[:, 8])  # only dismissed
    cells[[2, 39]] = 0
    view = pairs(csr_array(cells)).view(0.4, 1.0)
    scores = view.scores_all(csr_array(np.eye(30, dtype=np.float32)))
    assert not scores[:, [0, 7, 8]].any() and not scores[[0, 7, 8]].any()
    without = pairs(csr_array(np.delete(cells, [2, 39], axis=0)), n_iterations=60).view(0.4, 1.0)
    with_idle = pairs(csr_array(cells), n_iterations=60).view(0.4, 1.0)
    np.testing.assert_allclose(
        with_idle.scores(np.array([4]), np.ones(1)),
        without.scores(np.array([4]), np.ones(1)),
        atol=5e-3,
    )
    assert not pairs(csr_array((5, 9), dtype=np.float32)).view(0.4, 1.0).rows.any()


def test_the_generator_alone_decides_which_directions_are_begun_at() -> None:
    cells = matrix(6, n=200, m=150)
    one, same, other = (pairs(cells, seed) for seed in (1, 1, 2))
    assert one.vectors.tobytes() == same.vectors.tobytes()
    assert one.vectors.tobytes() != other.vectors.tobytes()


def test_what_cannot_be_worked_out_is_refused() -> None:
    cells = matrix(0)
    with pytest.raises(ValueError, match="n_pairs"):
        pairs(cells, n_pairs=-1)
    with pytest.raises(ValueError, match="n_iterations"):
        pairs(cells, n_iterations=0)
    for exponent, sharpness in ((np.nan, 1.0), (0.4, 0.0), (0.4, np.nan)):
        with pytest.raises(ValueError, match="exponent"):
            pairs(cells).view(exponent, sharpness)
    cells.data[0] = np.inf
    with pytest.raises(ValueError, match="finite"):
        pairs(cells)


def test_nothing_is_compiled_so_a_home_that_cannot_be_written_to_is_no_matter(
    tmp_path: Path,
) -> None:
    code = "import recommender.spectral, sys; sys.exit('numba' in sys.modules)"
    tmp_path.chmod(0o500)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"HOME": str(tmp_path)},
        check=False,
        timeout=patient(60),
    )
    assert done.returncode == 0
