"""Item-item views of what members did: the linear filter, EASE, and EASE among neighbours only.

Owns three ways from interactions to `Neighbours`; their loops are compiled, in `item_kernels`.
The training process imports it; the bot's process reads what it made and never imports it.

Both views see who wanted what, not how much: with confidences as weights both were worse at random
held-out pairs of Deskdrop (nDCG@20 of EASE .126 for .143), in the fit and in the history scored.

Legend
------
R        members by items, n by m: 1 where a cell is positive, else 0
d_u, d_i degrees: the sums of R over a member's row and over an item's column
B        the view, items by items; B[i, j] is what i in a history adds to j
N        how many cells of B are kept for each item
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack
from scipy.sparse import csr_array

from recommender import item_kernels
from recommender.neighbours import Neighbours
from recommender.static import positives

N_KEPT = 100
N_PREDICTORS = 50
N_EASE_ITEMS = 10_000  # the inverse of so many is 800 MB and half a minute of one core


def linear_filter(
    matrix: csr_array,
    *,
    n_kept: int = N_KEPT,
    history_exponent: float = 0.5,
    member_exponent: float = 0.75,
    candidate_exponent: float = 0.3,
    sharpness: float = 1.0,
    keeps_self: bool = False,
) -> Neighbours:
    """Return B = D_i^-h Rᵀ D_u^-g R D_i^-c, the strongest cells of each row.

    The linear low-pass filter of the graph of members and items (Shen et al., "How Powerful is
    Graph Convolution for Recommendation?", CIKM 2021, GF-CF without its ideal part). Memory is the
    result, 8 bytes a kept cell, and a row of B for each thread.

    Parameters
    ----------
    matrix : csr_array[n, m]
        A positive cell: the member wanted the item. Others (dismissals) count as empty.
    n_kept : int
        N, at least 1.
    history_exponent, member_exponent, candidate_exponent : float
        h, g and c: 1/2, 1 and 1/2 in the paper. A greater c holds popular candidates back, a
        greater g members who want much. The defaults are better than the paper's on Gowalla's
        validation file (nDCG@20 .122 for .107) and on Deskdrop.
    sharpness : float
        Above 0; every cell is raised to it. Above 1 the nearest count for more (after Aiolli,
        "Efficient Top-N Recommendation for Very Large Scale Binary Rated Datasets", RecSys 2013).
    keeps_self : bool
        Whether an item may be its own neighbour.

    Raises
    ------
    ValueError
        n_kept below 1, or a value that is not finite.
    """
    wanted = positives(matrix)
    members = np.diff(wanted.indptr)
    items = np.bincount(wanted.indices, minlength=wanted.shape[1])
    left = csr_array(wanted.T)
    left.data = np.repeat(_power(items, -history_exponent), np.diff(left.indptr))
    left.data *= _power(members, -member_exponent)[left.indices]
    weights = _power(items, -candidate_exponent)[wanted.indices]
    right = csr_array((weights, wanted.indices, wanted.indptr), shape=wanted.shape)
    offset = None if keeps_self else 0
    kept = strongest_of_product(left, right, n_kept=n_kept, offset=offset)
    if sharpness != 1:
        kept.data **= np.float32(sharpness)
    return Neighbours.of(kept)


def ease(matrix: csr_array, regularization: float, *, n_kept: int = N_KEPT) -> Neighbours:
    """Return EASE, the strongest cells of each column by magnitude.

    B minimises |R - RB|² + reg |B|² with a diagonal of 0: with P = (RᵀR + reg I)⁻¹, B[i, j] is
    -P[i, j] / P[j, j] (Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019,
    equation 8). Each column is a regression, so its own strongest cells are kept.

    Parameters
    ----------
    matrix : csr_array[n, m]
        As for `linear_filter`, with at most N_EASE_ITEMS columns.
    regularization : float
        Above 0.
    n_kept : int
        N, at least 1.

    Raises
    ------
    ValueError
        Too many items, or regularization or n_kept out of range, or a value that is not finite.
    """
    if matrix.shape[1] > N_EASE_ITEMS:
        raise ValueError(f"EASE is for at most {N_EASE_ITEMS} items, not {matrix.shape[1]}")
    _check_regularization(regularization)
    wanted = positives(matrix)
    inverse = _inverse(wanted, regularization)
    columns, values, counts = _room(matrix.shape[1], matrix.shape[1], n_kept)
    item_kernels.strongest_of_columns(inverse, columns, values, counts)
    return Neighbours.of(_packed(columns, values, counts, matrix.shape[1]).T)


def local_ease(
    matrix: csr_array,
    regularization: float,
    *,
    n_kept: int = N_PREDICTORS,
    member_exponent: float = 0.5,
) -> Neighbours:
    """Return EASE with each column regressed on its N nearest items only.

    Column j of B minimises Σ_u d_u^-g (R[u, j] - Σ_i R[u, i] B[i, j])² + reg |B[:, j]|² over the N
    items i that are strongest beside j in the filter with exponents 1/2: a small dense system each
    (after Ning and Karypis, "SLIM", ICDM 2011, section 4.2, its feature selection, with EASE's
    squared penalty in place of the lasso). For any number of items; time goes with m N³.

    Parameters
    ----------
    matrix : csr_array[n, m]
        As for `linear_filter`.
    regularization : float
        Above 0.
    n_kept : int
        N, at least 1.
    member_exponent : float
        g: how much less the residuals of members count who want much.

    Raises
    ------
    ValueError
        regularization or n_kept out of range, or a value that is not finite.
    """
    _check_regularization(regularization)
    nearest = linear_filter(
        matrix,
        n_kept=n_kept,
        history_exponent=0.5,
        member_exponent=0.5,
        candidate_exponent=0.5,
    )
    wanted = positives(matrix)
    weights = _power(np.diff(wanted.indptr), -member_exponent)
    ends, members, _ = _arrays(wanted.T)
    values = np.zeros(len(nearest.indices), np.float32)
    item_kernels.regress(
        nearest.indptr, nearest.indices, ends, members, weights, regularization, values
    )
    by_candidate = csr_array((values, nearest.indices, nearest.indptr), shape=(len(nearest),) * 2)
    return Neighbours.of(by_candidate.T)


def strongest_of_product(
    left: csr_array, right: csr_array, *, n_kept: int = N_KEPT, offset: int | None = 0
) -> csr_array:
    """Return left @ right with only the strongest cells by magnitude of each row.

    Cells of equal magnitude go by the smaller column. The product never stands in memory.

    Parameters
    ----------
    left, right : csr_array[a, n], csr_array[n, m]
    n_kept : int
        At least 1.
    offset : int or None
        Row i stands for the same item as column i + offset, which is left out; None leaves
        nothing out.

    Returns
    -------
    float32 csr_array[a, m]
        Columns ascend within a row.

    Raises
    ------
    ValueError
        n_kept below 1, shapes that do not fit, or an offset that leads beyond the columns.
    """
    n_rows, n_columns = left.shape[0], right.shape[1]
    if left.shape[1] != right.shape[0]:
        raise ValueError(f"shapes {left.shape} and {right.shape} do not fit")
    if offset is not None and not 0 <= offset <= n_columns - n_rows:
        raise ValueError("every row must have a column of its own")
    columns, values, counts = _room(n_rows, n_columns, n_kept)
    own = -1 - n_rows if offset is None else offset
    item_kernels.strongest_of_product(
        _arrays(left), _arrays(right), n_columns, own, columns, values, counts
    )
    return _packed(columns, values, counts, n_columns)


def _check_regularization(regularization: float) -> None:
    if not (np.isfinite(regularization) and regularization > 0):
        raise ValueError("regularization must be above 0")


def _power(degrees: NDArray[np.integer[Any]], exponent: float) -> NDArray[np.float32]:
    """Return degrees ** exponent, and 0 for a degree of 0."""
    result = np.zeros(len(degrees))
    np.power(degrees.astype(np.float64), exponent, out=result, where=degrees > 0)
    return result.astype(np.float32)


def _inverse(wanted: csr_array, regularization: float) -> NDArray[np.float64]:
    """Return (RᵀR + reg I)⁻¹, by Cholesky in one array."""
    gram = np.zeros((wanted.shape[1], wanted.shape[1]), order="F")
    if not len(gram):
        return gram
    item_kernels.add_gram(_arrays(wanted.T), _arrays(wanted), gram)
    gram[np.diag_indices_from(gram)] += regularization
    factor, failed = lapack.dpotrf(gram, lower=1, overwrite_a=1)
    if not failed:
        inverse, failed = lapack.dpotri(factor, lower=1, overwrite_c=1)
    if failed:
        raise ValueError("the Gram matrix is not positive definite: more regularization is needed")
    item_kernels.mirror(inverse)
    return np.asarray(inverse)


def _arrays(
    matrix: csr_array,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    rows = csr_array(matrix)
    return (
        rows.indptr.astype(np.int64, copy=False),
        rows.indices.astype(np.int32, copy=False),
        rows.data.astype(np.float32, copy=False),
    )


def _room(
    n_rows: int, n_columns: int, n_kept: int
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]:
    """Return empty columns and values, [rows, N], and counts of what is filled."""
    if n_kept < 1:
        raise ValueError("n_kept must be at least 1")
    shape = (n_rows, min(n_kept, n_columns))
    return np.empty(shape, np.int32), np.empty(shape, np.float32), np.zeros(n_rows, np.int64)


def _packed(
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    counts: NDArray[np.int64],
    n_columns: int,
) -> csr_array:
    is_filled = np.arange(columns.shape[1]) < counts[:, None]
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    arrays = (values[is_filled], columns[is_filled], indptr)
    return csr_array(arrays, shape=(len(counts), n_columns))
