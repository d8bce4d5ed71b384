from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender import similarity
from recommender.neighbours import Neighbours
from recommender.similarity import ease, linear_filter, local_ease, strongest_of_product


def matrix(seed: int, n: int = 25, m: int = 14, density: float = 0.3) -> csr_array:
    rng = np.random.default_rng(seed)
    cells = rng.choice([1.0, 2.5, -1.0], (n, m), p=[0.6, 0.3, 0.1])
    return csr_array((cells * (rng.random((n, m)) < density)).astype(np.float32))


def pruned_rows(view: NDArray[np.float64], n_kept: int) -> NDArray[np.float64]:
    """Keep the strongest of each row, the smaller column where two are equal."""
    kept = np.zeros_like(view)
    for i, row in enumerate(view):
        best = np.lexsort((np.arange(len(row)), -np.abs(row)))[:n_kept]
        kept[i, best] = row[best]
    return kept


def dense_filter(
    cells: NDArray[Any], history: float, member: float, candidate: float
) -> NDArray[np.float64]:
    wanted = (cells > 0).astype(float)
    members, items = wanted.sum(1), wanted.sum(0)
    view = np.zeros((len(items), len(items)))
    for i in range(len(items)):
        for j in range(len(items)):
            if i != j and items[i] and items[j]:
                both = wanted[:, i] * wanted[:, j]
                common = (both[both > 0] / members[both > 0] ** member).sum()
                view[i, j] = common / items[i] ** history / items[j] ** candidate
    return view


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_filter_is_the_product_written_down(seed: int, h: float, g: float, c: float) -> None:
    cells = matrix(seed)
    view = linear_filter(cells, history_exponent=h, member_exponent=g, candidate_exponent=c)
    wanted = dense_filter(cells.toarray(), h, g, c)
    np.testing.assert_allclose(view.to_matrix().toarray(), wanted, rtol=1e-5, atol=1e-7)
    sharp = linear_filter(
        cells, history_exponent=h, member_exponent=g, candidate_exponent=c, sharpness=2.0
    )
    np.testing.assert_allclose(sharp.to_matrix().toarray(), wanted**2, rtol=1e-4, atol=1e-7)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 20))
def test_the_strongest_cells_of_each_row_are_kept(seed: int, n_kept: int) -> None:
    rng = np.random.default_rng(seed)
    left, right = (rng.integers(-2, 3, shape).astype(float) for shape in ((15, 6), (6, 15)))
    product = left @ right
    np.fill_diagonal(product, 0)
    view = strongest_of_product(csr_array(left), csr_array(right), n_kept=n_kept)
    np.testing.assert_allclose(view.toarray(), pruned_rows(product, n_kept))
    last = strongest_of_product(csr_array(left[9:]), csr_array(right), n_kept=n_kept, offset=9)
    np.testing.assert_allclose(last.toarray(), pruned_rows(product, n_kept)[9:])


def test_the_diagonal_is_kept_where_that_is_wished() -> None:
    cells = matrix(4)
    alone = linear_filter(cells).to_matrix().toarray()
    own = linear_filter(cells, keeps_self=True).to_matrix().toarray()
    assert not alone.diagonal().any() and (own.diagonal() > 0).any()
    np.fill_diagonal(own, 0)
    np.testing.assert_array_equal(own, alone)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.1, 50), st.integers(1, 20))
def test_ease_is_the_best_regression_of_each_column(seed: int, reg: float, n_kept: int) -> None:
    cells = matrix(seed)
    wanted = (cells.toarray() > 0).astype(float)
    full = np.zeros((14, 14))
    for j in range(14):
        others = np.arange(14) != j
        x = wanted[:, others]
        full[others, j] = np.linalg.solve(x.T @ x + reg * np.eye(13), x.T @ wanted[:, j])
    view = ease(cells, reg, n_kept=n_kept).to_matrix().toarray()
    np.testing.assert_allclose(view, pruned_rows(full.T, n_kept).T, rtol=1e-3, atol=1e-6)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.1, 20), st.integers(1, 13), st.floats(0, 1))
def test_local_ease_is_the_best_regression_on_the_nearest(
    seed: int, reg: float, n_kept: int, exponent: float
) -> None:
    cells = matrix(seed)
    wanted = (cells.toarray() > 0).astype(float)
    near = linear_filter(  # has a test of its own; equally near items may fall either way here
        cells, n_kept=n_kept, member_exponent=0.5, candidate_exponent=0.5
    )
    nearest = near.to_matrix().toarray()
    trust = np.diag(np.maximum(wanted.sum(1), 1) ** -exponent)
    full = np.zeros((14, 14))
    for j in range(14):
        own = np.flatnonzero(nearest[j])
        x = wanted[:, own]
        full[own, j] = np.linalg.solve(
            x.T @ trust @ x + reg * np.eye(len(own)), x.T @ trust @ wanted[:, j]
        )
    view = local_ease(cells, reg, n_kept=n_kept, member_exponent=exponent)
    np.testing.assert_allclose(view.to_matrix().toarray(), full, rtol=1e-3, atol=1e-6)


def test_with_every_item_a_predictor_local_ease_is_ease() -> None:
    cells = csr_array((np.random.default_rng(0).random((60, 10)) < 0.5).astype(np.float32))
    local = local_ease(cells, 3.0, n_kept=10, member_exponent=0).to_matrix().toarray()
    np.testing.assert_allclose(local, ease(cells, 3.0).to_matrix().toarray(), atol=1e-5)


def test_renaming_items_renames_the_views() -> None:
    cells = matrix(7)
    rng = np.random.default_rng(7)
    order, members = rng.permutation(14), rng.permutation(25)
    renamed = csr_array(cells.toarray()[members][:, order])
    makes: tuple[Callable[[csr_array], Neighbours], ...] = (
        linear_filter,
        lambda r: ease(r, 2.0),
        lambda r: local_ease(r, 2.0),
    )
    for make in makes:
        view, other = (make(r).to_matrix().toarray() for r in (cells, renamed))
        np.testing.assert_allclose(other, view[np.ix_(order, order)], rtol=1e-5, atol=1e-7)


def test_identical_items_are_each_others_first_neighbours() -> None:
    cells = matrix(3).toarray()
    cells[:, 9] = cells[:, 2]
    own = csr_array(cells)
    for view in (linear_filter(own), ease(own, 1.0), local_ease(own, 1.0)):
        scores = view.scores(np.array([2]), np.ones(1))
        assert int(np.argmax(scores)) == 9


def test_communities_that_share_nothing_lend_nothing() -> None:
    blocks = csr_array(np.kron(np.eye(2), np.ones((6, 5))).astype(np.float32))
    for view in (linear_filter(blocks), ease(blocks, 1.0), local_ease(blocks, 1.0)):
        scores = view.scores(np.array([0, 1]), np.ones(2))
        assert (scores[2:5] > 0.1).all()
        np.testing.assert_allclose(scores[5:], 0, atol=1e-7)


@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 3), (1, 1), (4, 3)])
def test_without_events_there_are_no_neighbours(shape: tuple[int, int]) -> None:
    empty = csr_array(shape, dtype=np.float32)
    for view in (linear_filter(empty), ease(empty, 1.0), local_ease(empty, 1.0)):
        assert len(view) == shape[1] and not len(view.values)


def test_one_member_with_everything_and_dismissals() -> None:
    cells = csr_array(np.array([[1, 1, 1], [0, -2, 1]], np.float32))
    view = linear_filter(cells, history_exponent=0.5, member_exponent=1.0, candidate_exponent=0.5)
    wanted = np.array([[0, 1 / 3, 1 / 3 / 2**0.5]] * 2 + [[1 / 3 / 2**0.5] * 2 + [0]])
    wanted[1] = wanted[1, [1, 0, 2]]
    np.testing.assert_allclose(view.to_matrix().toarray(), wanted, rtol=1e-6)


def test_the_same_matrix_gives_the_same_bytes() -> None:
    cells = matrix(5, 200, 150, 0.1)
    makes: tuple[Callable[[], Neighbours], ...] = (
        lambda: linear_filter(cells, n_kept=9),
        lambda: ease(cells, 3.0, n_kept=9),
        lambda: local_ease(cells, 3.0, n_kept=9),
    )
    for make in makes:
        one, other = make(), make()
        assert one.values.tobytes() == other.values.tobytes()
        assert one.indices.tobytes() == other.indices.tobytes()


def test_what_cannot_be_computed_is_refused() -> None:
    cells = matrix(0)
    with pytest.raises(ValueError, match="n_kept"):
        linear_filter(cells, n_kept=0)
    for reg in (0, -1, np.nan):
        with pytest.raises(ValueError, match="regularization"):
            ease(cells, reg)
        with pytest.raises(ValueError, match="regularization"):
            local_ease(cells, reg)
    with pytest.raises(ValueError, match="at most"):
        ease(csr_array((1, similarity.N_EASE_ITEMS + 1), dtype=np.float32), 1.0)
    with pytest.raises(ValueError, match="fit"):
        strongest_of_product(csr_array((2, 3)), csr_array((2, 3)))
    with pytest.raises(ValueError, match="of its own"):
        strongest_of_product(csr_array((3, 3)), csr_array((3, 3)), offset=1)
    cells.data[0] = np.nan
    with pytest.raises(ValueError, match="finite"):
        linear_filter(cells)
