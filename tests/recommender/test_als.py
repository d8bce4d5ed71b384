from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender import als
from recommender.als import AlsSettings

SETTINGS = AlsSettings(n_factors=6, unobserved=0.1, regularization=0.05, n_sweeps=4)


def matrix(seed: int, n: int = 40, m: int = 30, density: float = 0.15) -> csr_array:
    rng = np.random.default_rng(seed)
    cells = rng.choice([1.0, 2.0, 3.0, -1.0], (n, m), p=[0.5, 0.2, 0.2, 0.1])
    return csr_array((cells * (rng.random((n, m)) < density)).astype(np.float32))


def dense_row(
    cells: NDArray[np.float32], y: NDArray[np.float32], own: AlsSettings
) -> NDArray[np.float64]:
    """Weighted least squares of one row, written down without any cleverness."""
    wide, k = y.astype(np.float64), y.shape[1]
    n_observed = np.count_nonzero(cells)
    penalty = own.regularization * (n_observed + own.unobserved * len(cells)) ** own.exponent
    system = own.unobserved * wide.T @ wide + penalty * np.eye(k)
    right = np.zeros(k)
    for cell, row in zip(cells, wide, strict=True):
        system += abs(cell) * np.outer(row, row)
        right += abs(cell) * (cell > 0) * row
    return np.asarray(np.linalg.solve(system, right), np.float64)


@settings(deadline=None, max_examples=25)
@given(
    st.integers(0, 10_000),
    st.integers(1, 12),
    st.floats(0.01, 1),
    st.floats(0.01, 1),
    st.floats(0, 1.5),
)
def test_a_half_step_is_the_dense_least_squares_solution(
    seed: int, k: int, unobserved: float, regularization: float, exponent: float
) -> None:
    own = AlsSettings(k, unobserved, regularization, exponent)
    cells = matrix(seed, 12, 9, 0.4)
    y = np.random.default_rng(seed).normal(size=(9, k)).astype(np.float32)
    x = als.half_step(cells, y, own)
    for row, solved in zip(cells.toarray(), x, strict=True):
        wanted = dense_row(row, y, own) if row.any() else np.zeros(k)
        np.testing.assert_allclose(solved, wanted, rtol=2e-3, atol=2e-4)


def test_the_objective_falls_with_every_half_step() -> None:
    cells = matrix(3)
    y = np.random.default_rng(3).normal(0, 0.1, (30, 6)).astype(np.float32)
    values = []
    for _ in range(5):
        x = als.half_step(cells, y, SETTINGS)
        values.append(als.objective(cells, x, y, SETTINGS))
        y = als.half_step(cells.T.tocsr(), x, SETTINGS)
        values.append(als.objective(cells, x, y, SETTINGS))
    assert (np.diff(values) <= 1e-5 * np.array(values[:-1])).all()
    assert values[-1] < 0.95 * values[0]


def test_the_objective_is_the_sum_it_is_defined_as() -> None:
    cells = matrix(5, 7, 5, 0.5)
    rng = np.random.default_rng(5)
    x, y = (rng.normal(size=(n, 6)).astype(np.float32) for n in (7, 5))
    dense, scores = cells.toarray(), x.astype(float) @ y.astype(float).T
    value = float((np.abs(dense) * ((dense > 0) - scores) ** 2).sum())
    value += SETTINGS.unobserved * float((scores**2).sum())
    for factors, degrees, n in ((x, (dense != 0).sum(1), 5), (y, (dense != 0).sum(0), 7)):
        value += float(0.05 * (degrees + 0.1 * n) @ (factors.astype(float) ** 2).sum(1))
    assert als.objective(cells, x, y, SETTINGS) == pytest.approx(value, rel=1e-6)


def test_folding_in_gives_the_vector_a_member_is_trained_to() -> None:
    cells = matrix(7)
    fitted = als.fit(cells, SETTINGS, seed=1)
    trained = als.half_step(cells, fitted.rows, SETTINGS)
    for row in range(cells.shape[0]):
        cut = slice(cells.indptr[row], cells.indptr[row + 1])
        folded = als.fold_in(fitted, cells.indices[cut], cells.data[cut], SETTINGS)
        if (cells.data[cut] > 0).any():
            np.testing.assert_allclose(folded, trained[row], rtol=1e-3, atol=1e-4)
        else:
            assert not folded.any()


def test_rotation_changes_no_score_and_makes_the_gram_matrix_diagonal() -> None:
    y = np.random.default_rng(0).normal(size=(30, 6)).astype(np.float32)
    turned = als.rotate(y, SETTINGS)
    np.testing.assert_allclose(turned.rows @ turned.rows.T, y @ y.T, atol=1e-4)
    gram = SETTINGS.unobserved * turned.rows.T @ turned.rows
    np.testing.assert_allclose(gram, np.diag(turned.spectrum), atol=1e-4)


def test_contributions_sum_to_the_score() -> None:
    cells = matrix(9)
    fitted = als.fit(cells, SETTINGS, seed=1)
    which, weights = np.array([2, 5, 11, 20]), np.array([1, 3, -1, 2], np.float32)
    x = als.fold_in(fitted, which, weights, SETTINGS)
    for candidate in fitted.rows[[0, 5, 29]]:
        parts = als.contributions(fitted, which, weights, candidate, SETTINGS)
        assert parts.sum() == pytest.approx(float(candidate @ x), abs=1e-4)
        assert parts[2] == 0  # a dismissal supports nothing


def test_a_dismissal_lowers_the_score_of_what_was_dismissed() -> None:
    fitted = als.fit(matrix(11), SETTINGS, seed=1)
    liked = als.fold_in(fitted, np.array([3]), np.ones(1, np.float32), SETTINGS)
    rows, weights = np.array([3, 8]), np.array([1, -3], np.float32)
    after = als.fold_in(fitted, rows, weights, SETTINGS)
    assert abs(fitted.rows[8] @ after) < abs(fitted.rows[8] @ liked)


def test_a_block_matrix_gets_the_answer_known_in_closed_form() -> None:
    # In a block of n members and m items the score s = xy minimises
    # nm(1-s)² + a0·nm·s² + 2s·sqrt(nm·lam_u·lam_i), x and y balanced; across blocks it is 0.
    n, m, own = 8, 6, AlsSettings(2, 0.1, 0.05, n_sweeps=60)
    fitted = als.fit(csr_array(np.kron(np.eye(2), np.ones((n, m))).astype(np.float32)), own, seed=0)
    lam_u, lam_i = 0.05 * (m + 0.1 * 2 * m), 0.05 * (n + 0.1 * 2 * n)
    known = (1 - np.sqrt(lam_u * lam_i / (n * m))) / (1 + 0.1)
    scores = fitted.rows @ als.fold_in(fitted, np.arange(m), np.ones(m, np.float32), own)
    np.testing.assert_allclose(scores, [known] * m + [0] * m, atol=1e-3)


def test_the_same_seed_gives_the_same_bytes() -> None:
    one, other = (als.fit(matrix(1), SETTINGS, seed=5) for _ in range(2))
    assert one.rows.tobytes() == other.rows.tobytes()
    assert one.spectrum.tobytes() == other.spectrum.tobytes()
    assert als.fit(matrix(1), SETTINGS, seed=6).rows.tobytes() != one.rows.tobytes()


def test_a_warm_start_needs_fewer_sweeps() -> None:
    cells = matrix(2, 80, 60)
    long = als.fit(cells, SETTINGS, seed=0, n_sweeps=30)
    warm = als.fit(cells, SETTINGS, seed=0, n_sweeps=1, start=long.rows)
    cold = als.fit(cells, SETTINGS, seed=0, n_sweeps=1)

    def value(factors: als.ItemFactors) -> float:
        x = als.half_step(cells, factors.rows, SETTINGS)
        return als.objective(cells, x, factors.rows, SETTINGS)

    assert value(warm) <= value(long) * 1.0001 < value(cold)


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (5, 0), (1, 1), (3, 4)])
def test_an_empty_matrix_gives_factors_of_zero(shape: tuple[int, int]) -> None:
    fitted = als.fit(csr_array(shape, dtype=np.float32), SETTINGS, seed=0)
    assert fitted.rows.shape == (shape[1], 6)
    assert not fitted.rows.any()


def test_rows_that_fill_several_batches_are_solved() -> None:
    cells = matrix(4, 250, 200, 0.8)
    assert cells.nnz > als.N_CELLS_PER_BATCH
    y = np.random.default_rng(0).normal(size=(200, 6)).astype(np.float32)
    x = als.half_step(cells, y, SETTINGS)
    for row in range(0, 250, 10):
        wanted = dense_row(cells[[row]].toarray()[0], y, SETTINGS)
        np.testing.assert_allclose(x[row], wanted, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    "bad",
    [
        {"n_factors": 0},
        {"n_sweeps": 0},
        {"unobserved": 0.0},
        {"regularization": -1.0},
        {"exponent": -0.1},
        {"unobserved": float("nan")},
    ],
)
def test_settings_that_could_be_singular_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        AlsSettings(**bad)
