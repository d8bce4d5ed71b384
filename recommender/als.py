"""Implicit alternating least squares: resource factors, and a member's vector at request time.

Owns the factor model of the implicit feedback matrix. Members' vectors exist only inside `fit` and
for the length of one request (`fold_in`); what is kept is about resources.

Legend
------
X, Y    member and item factors, one row each, k columns
w, p    confidence of an observed cell, and its target (1 wanted, 0 dismissed)
a0      weight of every cell, observed or not, with target 0 (`unobserved`)
lam_u   regularization of row u, reg * (n_u + a0 * N) ** nu; n_u observed cells, N columns
G       a0 * YᵀY = Q L Qᵀ; in the basis Q the Gram matrix is the diagonal L (`spectrum`)
S, q    rows sqrt(w) * y and targets sqrt(w) * p of one row's observed cells

The objective is Σ_obs w (p - ⟨x,y⟩)² + a0 Σ_all ⟨x,y⟩² + Σ lam_u |x_u|² + Σ lam_i |y_i|²: Hu,
Koren and Volinsky (ICDM 2008) in the form of Rendle, Krichene, Zhang and Koren, "Revisiting the
Performance of iALS on Item Recommendation Benchmarks" (RecSys 2022), equations 3 to 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

if TYPE_CHECKING:
    from scipy.sparse import csr_array

N_CELLS_PER_BATCH = 32_768  # padded cells solved at once: a few MB of float32


@dataclass(frozen=True, slots=True)
class AlsSettings:
    """Hyper-parameters: number of factors k, a0 and reg > 0, exponent nu >= 0, sweeps >= 1."""

    n_factors: int = 16
    unobserved: float = 0.05
    regularization: float = 0.03
    exponent: float = 1.0
    n_sweeps: int = 6

    def __post_init__(self) -> None:
        """Refuse settings under which the normal equations may be singular."""
        if self.n_factors < 1 or self.n_sweeps < 1:
            raise ValueError("n_factors and n_sweeps must be at least 1")
        numbers = (self.unobserved, self.regularization, self.exponent)
        if not np.isfinite(numbers).all() or min(numbers[:2]) <= 0 or self.exponent < 0:
            raise ValueError("unobserved and regularization must be positive, exponent not below 0")

    def penalty(self, n_observed: NDArray[np.int64], n_columns: int) -> NDArray[np.float64]:
        """Return lam for rows with n_observed cells among n_columns."""
        reach = n_observed + self.unobserved * n_columns
        return np.asarray(self.regularization * reach**self.exponent, np.float64)


@dataclass(frozen=True, slots=True)
class ItemFactors:
    """Item factors in the basis where a0 * YᵀY is diagonal.

    rows is float32[m, k]; spectrum, float64[k], is that diagonal.
    """

    rows: NDArray[np.float32]
    spectrum: NDArray[np.float64]


def fit(
    matrix: csr_array,
    settings: AlsSettings,
    *,
    seed: int,
    start: NDArray[np.float32] | None = None,
    n_sweeps: int | None = None,
) -> ItemFactors:
    """Fit item factors by alternating exact least squares.

    Parameters
    ----------
    matrix : float32 csr_array[n, m]
        Members by items. A stored value is the confidence of an observed cell: positive for
        target 1, negative (a dismissal) for target 0.
    seed : int
        For the start N(0, 0.1 / sqrt(k)) of item rows that `start` does not give.
    start : float32[m, k], optional
        Item factors to begin with; rows of NaN are drawn from the seed.
    n_sweeps : int, optional
        Instead of settings.n_sweeps; fewer are enough from a warm start.

    Returns
    -------
    ItemFactors
        m rows; an item without observed cells has a row of zeros.
    """
    k = settings.n_factors
    rng = np.random.default_rng(seed)
    y = rng.normal(0, 0.1 / np.sqrt(k), (matrix.shape[1], k)).astype(np.float32)
    if start is not None:
        y = np.where(np.isnan(start), y, start)
    transposed = matrix.T.tocsr()
    for _ in range(n_sweeps or settings.n_sweeps):
        x = half_step(matrix, y, settings)
        y = half_step(transposed, x, settings)
    return rotate(y, settings)


def rotate(y: NDArray[np.float32], settings: AlsSettings) -> ItemFactors:
    """Return the factors in the eigenbasis of their Gram matrix; scores do not change."""
    spectrum, basis = _eigenbasis(y, settings)
    return ItemFactors((y @ basis.astype(np.float32)).astype(np.float32), spectrum)


def half_step(
    matrix: csr_array, fixed: NDArray[np.float32], settings: AlsSettings
) -> NDArray[np.float32]:
    """Return the exact minimiser of the objective over the rows of the matrix.

    Parameters
    ----------
    matrix : float32 csr_array[n, m]
        Signed confidences as in `fit`.
    fixed : float32[m, k]
        The other side's factors.

    Returns
    -------
    float32[n, k]
    """
    spectrum, basis = _eigenbasis(fixed, settings)
    turned = (fixed @ basis.astype(np.float32)).astype(np.float32)
    degrees = np.diff(matrix.indptr).astype(np.int64)
    penalty = settings.penalty(degrees, matrix.shape[1])
    solved = np.zeros((matrix.shape[0], fixed.shape[1]), np.float32)
    for rows in _batches(degrees):
        columns, confidence, target = _padded(matrix, rows, int(degrees[rows[-1]]))
        diagonal = (spectrum + penalty[rows, None]).astype(np.float32)
        solved[rows] = _solve(turned[columns], confidence, target, diagonal)
    return np.asarray(solved @ basis.T.astype(np.float32), np.float32)


def fold_in(
    factors: ItemFactors,
    which: NDArray[np.intp],
    weights: NDArray[np.float32],
    settings: AlsSettings,
) -> NDArray[np.float32]:
    """Return the vector a member with these observed cells would be trained to.

    The dual form of the row's normal equations, x = D⁻¹Sᵀ(I + S D⁻¹ Sᵀ)⁻¹q with D = L + lam_u:
    cost O(h²k) for h cells, without any product over all items.

    Parameters
    ----------
    which : intp[h]
        Row numbers of the items, each once.
    weights : float32[h]
        Signed confidences as in `fit`.

    Returns
    -------
    float32[k]
        Zeros if nothing positive was observed.
    """
    if not (weights > 0).any():
        return np.zeros(factors.rows.shape[1], np.float32)
    degree = np.array([len(which)])
    diagonal = factors.spectrum + settings.penalty(degree, len(factors.rows))
    solved = _solve(
        factors.rows[which][None].astype(np.float64),
        np.abs(weights)[None].astype(np.float64),
        (weights > 0)[None].astype(np.float64),
        diagonal[None],
    )
    return np.asarray(solved[0], np.float32)


def contributions(
    factors: ItemFactors,
    which: NDArray[np.intp],
    weights: NDArray[np.float32],
    candidate: NDArray[np.float32],
    settings: AlsSettings,
) -> NDArray[np.float64]:
    """Return what each observed cell adds to ⟨x, candidate⟩; the sum is the score.

    x is linear in the targets, x = Σ w p A⁻¹y with A = D + SᵀS (Hu et al. 2008, section 5), so the
    parts are exact, not an approximation. A dismissed item adds 0 itself; it acts through A.

    Parameters
    ----------
    candidate : float32[k] or float32[c, k]
        One candidate's factors, or several candidates'.

    Returns
    -------
    float64[h] or float64[c, h]
    """
    rows = factors.rows[which].astype(np.float64)
    confidence = np.abs(weights).astype(np.float64)
    penalty = settings.penalty(np.array([len(which)]), len(factors.rows))
    system = np.diag(factors.spectrum + penalty) + rows.T @ (rows * confidence[:, None])
    direction = linalg.solve(system, candidate.T.astype(np.float64), assume_a="pos")
    return np.asarray(confidence * (weights > 0) * (rows @ direction).T, np.float64)


def objective(
    matrix: csr_array,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    settings: AlsSettings,
) -> float:
    """Return the value that `fit` minimises, in float64."""
    left, right = x.astype(np.float64), y.astype(np.float64)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    scores = np.einsum("ij,ij->i", left[rows], right[matrix.indices])
    observed = np.sum(np.abs(matrix.data) * ((matrix.data > 0) - scores) ** 2)
    everywhere = settings.unobserved * np.sum((left.T @ left) * (right.T @ right))
    row_degrees = np.diff(matrix.indptr).astype(np.int64)
    column_degrees = np.bincount(matrix.indices, minlength=matrix.shape[1]).astype(np.int64)
    row_penalty = settings.penalty(row_degrees, matrix.shape[1])
    column_penalty = settings.penalty(column_degrees, matrix.shape[0])
    penalties = row_penalty @ (left**2).sum(1) + column_penalty @ (right**2).sum(1)
    return float(observed + everywhere + penalties)


def _eigenbasis(
    y: NDArray[np.float32], settings: AlsSettings
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return L float64[k] (not below 0) and Q float64[k, k] of a0 * YᵀY."""
    wide = y.astype(np.float64)
    spectrum, basis = np.linalg.eigh(settings.unobserved * (wide.T @ wide))
    return np.maximum(spectrum, 0), basis


def _batches(degrees: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    """Split the rows that have cells into runs of similar degree, so that padding stays small."""
    order = np.argsort(degrees, kind="stable")
    order = order[degrees[order] > 0]
    batches = []
    while len(order):
        fits = np.arange(1, len(order) + 1) * degrees[order] <= N_CELLS_PER_BATCH
        similar = degrees[order] <= 1.5 * degrees[order[0]]
        n_rows = max(1, int(np.count_nonzero(fits & similar)))
        batches.append(order[:n_rows])
        order = order[n_rows:]
    return batches


def _padded(
    matrix: csr_array, rows: NDArray[np.intp], width: int
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Return columns, confidences and targets of the rows, [b, width]; padding weighs 0."""
    starts, ends = matrix.indptr[rows], matrix.indptr[rows + 1]
    at = starts[:, None] + np.arange(width)
    is_cell = at < ends[:, None]
    at = np.where(is_cell, at, starts[:, None])
    values = np.where(is_cell, matrix.data[at], 0).astype(np.float32)
    columns = matrix.indices[at].astype(np.int64)
    return columns, np.abs(values), (values > 0).astype(np.float32)


def _solve(
    rows: NDArray[Any], confidence: NDArray[Any], target: NDArray[Any], diagonal: NDArray[Any]
) -> NDArray[Any]:
    """Solve (D + SᵀS) x = Sᵀq for a batch: [b, h, k], [b, h], [b, h], [b, k] to [b, k].

    With fewer cells than factors the dual system of h equations is the smaller one.
    """
    _, n_cells, k = rows.shape
    root = np.sqrt(confidence)
    s = rows * root[..., None]
    q = (root * target)[..., None]
    if n_cells < k:
        scaled = s / diagonal[:, None, :]
        system = scaled @ s.transpose(0, 2, 1) + np.eye(n_cells, dtype=s.dtype)
        return np.asarray((scaled.transpose(0, 2, 1) @ np.linalg.solve(system, q))[..., 0])
    system = s.transpose(0, 2, 1) @ s
    system[:, np.arange(k), np.arange(k)] += diagonal
    return np.asarray(np.linalg.solve(system, s.transpose(0, 2, 1) @ q)[..., 0])
