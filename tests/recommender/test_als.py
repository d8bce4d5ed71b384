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


def objective(
    matrix: csr_array,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    own: AlsSettings,
) -> float:
    """Return the value that `fit` minimises, in float64."""
    left, right = x.astype(np.float64), y.astype(np.float64)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    scores = np.einsum("ij,ij->i", left[rows], right[matrix.indices])
    observed = np.sum(np.abs(matrix.data) * ((matrix.data > 0) - scores) ** 2)
    everywhere = own.unobserved * np.sum((left.T @ left) * (right.T @ right))
    row_degrees = np.diff(matrix.indptr).astype(np.int64)
    column_degrees = np.bincount(matrix.indices, minlength=matrix.shape[1]).astype(np.int64)
    row_penalty = own.penalty(row_degrees, matrix.shape[1])
    column_penalty = own.penalty(column_degrees, matrix.shape[0])
    penalties = row_penalty @ (left**2).sum(1) + column_penalty @ (right**2).sum(1)
    return float(observed + everywhere + penalties)


def value(cells: csr_array, fitted: als.ItemFactors) -> float:
    x = als.fold_in_all(fitted, cells, SETTINGS)
    return objective(cells, x, fitted.rows, SETTINGS)


def fold_in(fitted: als.ItemFactors, cells: csr_array, row: int, own: AlsSettings) -> Any:
    cut = slice(cells.indptr[row], cells.indptr[row + 1])
    return als.fold_in(fitted, cells.indices[cut], cells.data[cut], own)


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 10_000),
    st.integers(1, 20),
    st.floats(0.01, 1),
    st.floats(0.01, 1),
    st.floats(0, 1.5),
)
def test_folding_in_is_the_dense_least_squares_solution_one_by_one_and_all_at_once(
    seed: int, k: int, unobserved: float, regularization: float, exponent: float
) -> None:
    own = AlsSettings(
        n_factors=k, unobserved=unobserved, regularization=regularization, exponent=exponent
    )
    cells = matrix(seed, 12, 11, 0.6)
    y = np.random.default_rng(seed).normal(size=(11, k)).astype(np.float32)
    fitted = als.rotate(y, own)
    at_once = als.fold_in_all(fitted, cells, own)
    for row, dense in enumerate(cells.toarray()):
        wanted = dense_row(dense, fitted.rows, own)
        np.testing.assert_allclose(fold_in(fitted, cells, row, own), wanted, rtol=2e-3, atol=2e-4)
        np.testing.assert_allclose(at_once[row], wanted, rtol=2e-3, atol=5e-4)


def test_the_objective_falls_with_every_sweep() -> None:
    cells = matrix(3)
    values = [value(cells, als.fit(cells, SETTINGS, seed=3, n_sweeps=n)) for n in range(1, 12)]
    assert (np.diff(values) <= 1e-5 * np.array(values[:-1])).all()
    assert values[-1] < 0.95 * values[0]


def test_enough_sweeps_reach_a_point_where_neither_side_can_improve() -> None:
    cells = matrix(3)
    fitted = als.fit(cells, SETTINGS, seed=3, n_sweeps=300)
    x = als.fold_in_all(fitted, cells, SETTINGS)
    for row, column in zip(fitted.rows, cells.T.toarray(), strict=True):
        np.testing.assert_allclose(row, dense_row(column, x, SETTINGS), rtol=1e-2, atol=1e-3)


def test_the_objective_is_the_sum_it_is_defined_as() -> None:
    cells = matrix(5, 7, 5, 0.5)
    rng = np.random.default_rng(5)
    x, y = (rng.normal(size=(n, 6)).astype(np.float32) for n in (7, 5))
    dense, scores = cells.toarray(), x.astype(float) @ y.astype(float).T
    value = float((np.abs(dense) * ((dense > 0) - scores) ** 2).sum())
    value += SETTINGS.unobserved * float((scores**2).sum())
    for factors, degrees, n in ((x, (dense != 0).sum(1), 5), (y, (dense != 0).sum(0), 7)):
        value += float(0.05 * (degrees + 0.1 * n) @ (factors.astype(float) ** 2).sum(1))
    assert objective(cells, x, y, SETTINGS) == pytest.approx(value, rel=1e-6)


def test_folding_in_gives_the_vector_a_member_is_trained_to() -> None:
    # The trained vectors of members are those that would train the items as they are.
    cells = matrix(7)
    fitted = als.fit(cells, SETTINGS, seed=1, n_sweeps=200)
    folded = np.stack([fold_in(fitted, cells, row, SETTINGS) for row in range(cells.shape[0])])
    again = als.fit(cells, SETTINGS, seed=1, n_sweeps=1, start=fitted.rows)
    scores = folded @ fitted.rows.T
    np.testing.assert_allclose(
        als.fold_in_all(again, cells, SETTINGS) @ again.rows.T, scores, atol=2e-3
    )


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


def test_the_number_of_threads_changes_no_bit() -> None:
    cells = matrix(1, 400, 300)
    one, two, five = (als.fit(cells, SETTINGS, seed=5, n_threads=n) for n in (1, 2, 5))
    assert one.rows.tobytes() == two.rows.tobytes() == five.rows.tobytes()
    folded = [als.fold_in_all(one, cells, SETTINGS, n_threads=n).tobytes() for n in (1, 3)]
    assert folded[0] == folded[1]


def test_the_order_of_members_and_items_does_not_matter() -> None:
    cells, rng = matrix(6), np.random.default_rng(6)
    start = rng.normal(0, 0.1, (30, 6)).astype(np.float32)
    members, items = rng.permutation(40), rng.permutation(30)
    plain = als.fit(cells, SETTINGS, seed=0, start=start)
    mixed = als.fit(cells[members][:, items], SETTINGS, seed=0, start=start[items])
    similar = plain.rows @ plain.rows.T
    np.testing.assert_allclose(
        mixed.rows @ mixed.rows.T, similar[np.ix_(items, items)], atol=2e-4 * np.abs(similar).max()
    )


@pytest.mark.parametrize("factor", [0.125, 3.0])
def test_scaling_all_weights_and_the_regularization_scales_nothing(factor: float) -> None:
    # The objective is multiplied as a whole; with nu = 0 the penalty is reg itself.
    cells = matrix(6)
    plain = AlsSettings(6, 0.1, 0.5, exponent=0)
    scaled = AlsSettings(6, 0.1 * factor, 0.5 * factor, exponent=0)
    one = als.fit(cells, plain, seed=0)
    other = als.fit(csr_array(cells * np.float32(factor)), scaled, seed=0)
    np.testing.assert_allclose(one.rows @ one.rows.T, other.rows @ other.rows.T, atol=1e-4)
    np.testing.assert_allclose(one.spectrum * factor, other.spectrum, rtol=1e-3, atol=1e-4)


def test_a_warm_start_needs_fewer_sweeps() -> None:
    cells = matrix(2, 80, 60)
    long = als.fit(cells, SETTINGS, seed=0, n_sweeps=30)
    warm = als.fit(cells, SETTINGS, seed=0, n_sweeps=2, start=long.rows)
    cold = als.fit(cells, SETTINGS, seed=0, n_sweeps=2)
    assert value(cells, warm) <= value(cells, long) * 1.001 < value(cells, cold)


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (5, 0), (1, 1), (3, 4)])
def test_an_empty_matrix_gives_factors_of_zero(shape: tuple[int, int]) -> None:
    fitted = als.fit(csr_array(shape, dtype=np.float32), SETTINGS, seed=0)
    assert fitted.rows.shape == (shape[1], 6)
    assert not fitted.rows.any()


def test_one_member_one_item_has_the_solution_of_the_quadratic() -> None:
    own = AlsSettings(1, 0.1, 0.05, n_sweeps=300)
    fitted = als.fit(csr_array(np.ones((1, 1), np.float32)), own, seed=0)
    score = fitted.rows[0] @ als.fold_in(fitted, np.array([0]), np.ones(1, np.float32), own)
    assert score == pytest.approx((1 - 0.05 * 1.1) / 1.1, abs=1e-3)


def test_members_who_are_identical_get_identical_vectors() -> None:
    cells = csr_array(np.tile(np.array([1, 0, 2, -1, 0], np.float32), (9, 1)))
    fitted = als.fit(cells, SETTINGS, seed=0)
    x = als.fold_in_all(fitted, cells, SETTINGS)
    assert (x == x[0]).all()
    assert np.isfinite(fitted.rows).all()
    assert not fitted.rows[[1, 3, 4]].any()  # nobody wanted them


def test_a_member_with_everything_and_a_member_with_nothing_are_solved() -> None:
    dense = matrix(8, 30, 500, 0.02).toarray()
    dense[3], dense[4] = 1, 0
    fitted = als.fit(csr_array(dense), SETTINGS, seed=0, n_threads=2)
    x = als.fold_in_all(fitted, csr_array(dense), SETTINGS, n_threads=2)
    np.testing.assert_allclose(x[3], dense_row(dense[3], fitted.rows, SETTINGS), atol=1e-3)
    assert not x[4].any()


def test_weights_of_zero_are_not_observed() -> None:
    cells = matrix(1)
    starts = np.append(
        cells.indptr, cells.nnz + 1
    )  # one more member, whose only cell weighs nothing
    stored = csr_array((np.append(cells.data, 0), np.append(cells.indices, 29), starts), (41, 30))
    longer = csr_array((cells.data, cells.indices, np.append(cells.indptr, cells.nnz)), (41, 30))
    fitted = als.fit(stored, SETTINGS, seed=5)
    assert fitted.rows.tobytes() == als.fit(longer, SETTINGS, seed=5).rows.tobytes()
    assert not als.fold_in(fitted, np.array([2]), np.zeros(1, np.float32), SETTINGS).any()
    two = als.fold_in(fitted, np.array([2, 3]), np.array([1, 0], np.float32), SETTINGS)
    one = als.fold_in(fitted, np.array([2]), np.ones(1, np.float32), SETTINGS)
    assert two.tobytes() == one.tobytes()


def test_cells_stored_twice_count_once_with_their_sum() -> None:
    twice = csr_array((np.ones(3, np.float32), np.array([1, 1, 0]), np.array([0, 2, 3])), (2, 2))
    once = csr_array(np.array([[0, 2], [1, 0]], np.float32))
    assert (
        als.fit(twice, SETTINGS, seed=0).rows.tobytes()
        == als.fit(once, SETTINGS, seed=0).rows.tobytes()
    )


def test_the_matrix_is_left_as_it_was() -> None:
    cells = matrix(1)
    cells.data[0] = 0
    before = cells.data.tobytes(), cells.indices.tobytes(), cells.indptr.tobytes()
    als.fit(cells, SETTINGS, seed=0)
    assert before == (cells.data.tobytes(), cells.indices.tobytes(), cells.indptr.tobytes())


def test_what_cannot_be_fitted_is_refused_in_words() -> None:
    cells = matrix(1)
    for bad in (np.nan, np.inf):
        broken = cells.copy()
        broken.data[3] = bad
        with pytest.raises(ValueError, match="finite"):
            als.fit(broken, SETTINGS, seed=0)
    broken = cells.copy()
    broken.indptr[3] = cells.nnz + 1
    with pytest.raises(ValueError, match="indptr"):
        als.fit(broken, SETTINGS, seed=0)
    huge = cells.copy()
    huge.data[:] = 3e38
    with pytest.raises(ValueError, match="too large"):
        als.fit(huge, SETTINGS, seed=0)
    for column in (-1, 30):
        broken = cells.copy()
        broken.indices[3] = column
        with pytest.raises(ValueError, match="indices must be"):
            als.fit(broken, SETTINGS, seed=0)
    for start in (np.zeros((29, 6)), np.full((30, 6), np.inf)):
        with pytest.raises(ValueError, match="start"):
            als.fit(cells, SETTINGS, seed=0, start=start.astype(np.float32))
    fitted = als.fit(cells, SETTINGS, seed=0)
    with pytest.raises(ValueError, match="columns"):
        als.fold_in_all(fitted, matrix(1, m=31), SETTINGS)
    for which in ([-1], [30]):
        with pytest.raises(ValueError, match="out of range"):
            als.fold_in(fitted, np.array(which), np.ones(1, np.float32), SETTINGS)
    with pytest.raises(ValueError, match="finite"):
        als.fold_in(fitted, np.array([1]), np.array([np.nan], np.float32), SETTINGS)


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
