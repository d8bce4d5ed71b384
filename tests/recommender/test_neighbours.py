import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from recommender.neighbours import Neighbours
from tests.patience import patient
from tests.recommender.communities import ROOT


def dense(seed: int, m: int = 12) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    return np.asarray(rng.normal(size=(m, m)) * (rng.random((m, m)) < 0.4), np.float64)


def view(cells: NDArray[np.float64]) -> Neighbours:
    rows, columns = np.nonzero(cells)
    ends = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(cells)))])
    values = cells[rows, columns].astype(np.float32)
    return Neighbours(ends.astype(np.int64), columns.astype(np.int32), values)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 1_000), st.lists(st.integers(0, 11), unique=True))
def test_scores_and_contributions_are_those_of_the_dense_matrix(
    seed: int, which: list[int]
) -> None:
    cells, rows = dense(seed), np.array(which, np.intp)
    weights = np.random.default_rng(seed).normal(size=len(rows)).astype(np.float32)
    own = view(cells)
    np.testing.assert_allclose(own.scores(rows, weights), weights @ cells[rows], atol=1e-5)
    candidates = np.array([7, 0, 11])
    parts = own.contributions(rows, weights, candidates)
    np.testing.assert_allclose(parts, (weights[:, None] * cells[rows])[:, candidates].T, atol=1e-5)
    np.testing.assert_allclose(parts.sum(1), own.scores(rows, weights)[candidates], atol=1e-5)


def test_a_view_survives_its_arrays() -> None:
    own = view(dense(1))
    arrays = own.to_arrays("filter_")
    assert set(arrays) == {"filter_indptr", "filter_indices", "filter_values"}
    again = Neighbours.from_arrays(arrays, "filter_")
    np.testing.assert_array_equal(again.to_matrix().toarray(), own.to_matrix().toarray())
    del arrays["filter_values"]
    with pytest.raises(ValueError, match="no filter_values"):
        Neighbours.from_arrays(arrays, "filter_")


def test_nothing_known_scores_nothing() -> None:
    own = Neighbours.empty(4)
    assert own.scores(np.array([1, 3]), np.ones(2)).tolist() == [0, 0, 0, 0]
    assert own.contributions(np.array([1, 3]), np.ones(2), np.array([0])).tolist() == [[0, 0]]
    assert view(dense(0)).scores(np.array([], int), np.array([])).tolist() == [0] * 12
    assert Neighbours.empty(0).scores(np.array([], int), np.array([])).shape == (0,)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("indptr", lambda a: a[:-1]),
        ("indptr", lambda a: a[::-1].copy()),
        ("indptr", lambda a: a.astype(np.int32)),
        ("indptr", lambda a: a[:0]),
        ("indices", lambda a: a + 1),
        ("indices", lambda a: a - 1),
        ("indices", lambda a: a[::-1].copy()),
        ("indices", lambda a: a.astype(np.int64)),
        ("indices", lambda a: np.zeros_like(a)),
        ("values", lambda a: a * np.float32(np.nan)),
        ("values", lambda a: a[1:]),
        ("values", lambda a: a.astype(np.float64)),
        ("values", lambda a: a[:, None]),
    ],
)
def test_arrays_that_are_no_such_matrix_are_refused(name: str, change) -> None:  # type: ignore[no-untyped-def]
    own = view(np.ones((4, 4)))
    with pytest.raises(ValueError, match=r"indptr|indices|values"):
        replace(own, **{name: change(getattr(own, name))})


def test_rows_out_of_range_are_refused() -> None:
    own = view(dense(0))
    for which in ([12], [-1]):
        with pytest.raises(ValueError, match="out of range"):
            own.scores(np.array(which), np.ones(1))
        with pytest.raises(ValueError, match="out of range"):
            own.contributions(np.array([0]), np.ones(1), np.array(which))
    with pytest.raises(ValueError, match="equal lengths"):
        own.scores(np.array([1]), np.ones(2))


def test_scoring_needs_neither_numba_nor_scikit_learn() -> None:
    code = (
        "import sys\nfrom recommender.neighbours import Neighbours\n"
        "Neighbours.empty(3)\nsys.exit(bool({'numba', 'sklearn'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=patient(60))
