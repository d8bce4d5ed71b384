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

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

N_WARM_STEPS = 3  # of conjugate gradients a half step, from where the row stood
N_COLD_STEPS = 100  # at most, from zero to the precision of float32
N_ROWS = 4_096  # of factors that one thread turns, or sums in float32

Each = Callable[..., Iterable[Any]]
"""`map`, or that of a pool of threads."""


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
    n_threads: int = 1,
) -> ItemFactors:
    """Fit item factors by alternating least squares; for the training process, imports numba.

    Parameters
    ----------
    matrix : float32 csr_array[n, m]
        Members by items. A stored value is the confidence of an observed cell: positive for
        target 1, negative (a dismissal) for target 0; a stored zero is not observed.
    seed : int
        For the start N(0, 0.1 / sqrt(k)) of item rows that `start` does not give.
    start : float32[m, k], optional
        Item factors to begin with; rows of NaN are drawn from the seed.
    n_sweeps : int, optional
        Instead of settings.n_sweeps; fewer are enough from a warm start.
    n_threads : int
        Changes the time, not one bit of the result.

    Returns
    -------
    ItemFactors
        m rows; an item without a wanted cell has a row of zeros.

    Raises
    ------
    ValueError
        A confidence is not finite or so large that the factors are not, row starts or columns are
        outside the matrix, or `start` has another shape or is infinite.
    """
    rows = _checked(matrix)
    columns = rows.T.tocsr()
    x = np.zeros((matrix.shape[0], settings.n_factors), np.float32)
    y = _drawn(matrix.shape[1], settings, seed, start)
    # Members always start from zero; against factors that mean something they go all the way.
    n_steps = N_WARM_STEPS if start is None else N_COLD_STEPS
    with _workers(n_threads) as each:
        for _ in range(n_sweeps or settings.n_sweeps):
            y, x = _half_step(rows, y, x, settings, n_steps, each)
            x, y = _half_step(columns, x, y, settings, N_WARM_STEPS, each)
            n_steps = N_WARM_STEPS
        return rotate(y, settings, each)


def fold_in_all(
    factors: ItemFactors, matrix: csr_array, settings: AlsSettings, *, n_threads: int = 1
) -> NDArray[np.float32]:
    """Return `fold_in` of every row of a matrix as `fit` takes it, float32[n, k].

    For evaluation over whole data sets in the training process; imports numba.

    Raises
    ------
    ValueError
        As `fit`; or the matrix has not as many columns as there are factors.
    """
    if matrix.shape[1] != len(factors.rows):
        raise ValueError(f"{matrix.shape[1]} columns, but factors of {len(factors.rows)} items")
    checked = _checked(matrix)
    x = np.zeros((matrix.shape[0], factors.rows.shape[1]), np.float32)
    with _workers(n_threads) as each:
        _solve_rows(checked, factors.rows, factors.spectrum, x, settings, N_COLD_STEPS, each)
    return x


def rotate(y: NDArray[np.float32], settings: AlsSettings, each: Each = map) -> ItemFactors:
    """Return the factors in the eigenbasis of their Gram matrix; scores do not change.

    `each` is `map` or that of a pool of threads; the result is the same.
    """
    spectrum, basis = _eigenbasis(y, settings, each)
    return ItemFactors(_turned(y, basis, each), spectrum)


def fold_in(
    factors: ItemFactors,
    which: NDArray[np.intp],
    weights: NDArray[np.float32],
    settings: AlsSettings,
) -> NDArray[np.float32]:
    """Return the vector a member with these observed cells would be trained to.

    The dual form of the row's normal equations, x = D⁻¹Sᵀ(I + S D⁻¹ Sᵀ)⁻¹q with D = L + lam_u:
    cost O(h²k) for h cells, without any product over all items. With more cells than factors the
    primal form is the smaller one.

    Parameters
    ----------
    which : intp[h]
        Row numbers of the items, each once.
    weights : float32[h]
        Signed confidences as in `fit`; what weighs 0 is ignored.

    Returns
    -------
    float32[k]
        Zeros if nothing positive was observed.

    Raises
    ------
    ValueError
        A row number is out of range, or a weight not finite.
    """
    rows, confidence, target = _observed(factors, which, weights)
    k = rows.shape[1]
    if not target.any():
        return np.zeros(k, np.float32)
    diagonal = _diagonal(factors, len(rows), settings)
    root = np.sqrt(confidence)
    s, q = rows * root[:, None], root * target
    if len(s) < k:
        scaled = s / diagonal
        system = scaled @ s.T
        system.flat[:: len(s) + 1] += 1
        return np.asarray(np.linalg.solve(system, q) @ scaled, np.float32)
    system = s.T @ s
    system.flat[:: k + 1] += diagonal
    return np.asarray(np.linalg.solve(system, q @ s), np.float32)


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
    diagonal = _diagonal(factors, int(np.count_nonzero(weights)), settings)
    system = np.diag(diagonal) + rows.T @ (rows * confidence[:, None])
    direction = np.linalg.solve(system, candidate.T.astype(np.float64))
    return np.asarray(confidence * (weights > 0) * (rows @ direction).T, np.float64)


def _half_step(
    matrix: csr_array,
    fixed: NDArray[np.float32],
    moving: NDArray[np.float32],
    settings: AlsSettings,
    n_steps: int,
    each: Each,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Turn both sides into the eigenbasis of the fixed one, and solve for the rows of the other.

    Scores do not change when both sides turn, so nothing is ever turned back.
    """
    spectrum, basis = _eigenbasis(fixed, settings, each)
    fixed, moving = _turned(fixed, basis, each), _turned(moving, basis, each)
    _solve_rows(matrix, fixed, spectrum, moving, settings, n_steps, each)
    return fixed, moving


def _solve_rows(
    matrix: csr_array,
    fixed: NDArray[np.float32],
    spectrum: NDArray[np.float64],
    x: NDArray[np.float32],
    settings: AlsSettings,
    n_steps: int,
    each: Each,
) -> None:
    """Solve the rows of the matrix from x on, in place."""
    from recommender import kernels  # numba: 0.3 s and 100 MB that only a training process pays

    starts = matrix.indptr.astype(np.int64)
    kernels.solve(
        (starts, matrix.indices.astype(np.int32, copy=False), matrix.data),
        fixed,
        spectrum.astype(np.float32),
        settings.penalty(np.diff(starts), matrix.shape[1]).astype(np.float32),
        x,
        n_steps=n_steps,
        each=each,
    )


def _checked(matrix: csr_array) -> csr_array:
    """Return the matrix as float32 with each observed cell once, without stored zeros."""
    matrix.check_format(full_check=True)
    if not np.isfinite(matrix.data).all():
        raise ValueError("confidences must be finite")
    matrix = matrix.astype(np.float32)  # a copy
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix


def _drawn(
    n_items: int, settings: AlsSettings, seed: int, start: NDArray[np.float32] | None
) -> NDArray[np.float32]:
    """Return where the items start from."""
    k = settings.n_factors
    rng = np.random.default_rng(seed)
    y = rng.standard_normal((n_items, k), np.float32) * np.float32(0.1 / np.sqrt(k))
    if start is None:
        return y
    if start.shape != y.shape or np.isinf(start).any():
        raise ValueError(f"start must be finite or NaN and of shape {y.shape}")
    return np.where(np.isnan(start), y, start).astype(np.float32)


def _observed(
    factors: ItemFactors, which: NDArray[np.intp], weights: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return factors, confidences and targets of a member's cells, without those that weigh 0."""
    is_observed = weights != 0
    if not is_observed.all():
        which, weights = which[is_observed], weights[is_observed]
    if not np.isfinite(weights).all():
        raise ValueError("weights must be finite")
    if len(which) and not 0 <= which.min() <= which.max() < len(factors.rows):
        raise ValueError("a row number is out of range")
    wide = weights.astype(np.float64)
    return factors.rows[which].astype(np.float64), np.abs(wide), (wide > 0).astype(np.float64)


def _diagonal(factors: ItemFactors, n_observed: int, settings: AlsSettings) -> NDArray[np.float64]:
    """Return D of a member's system, float64[k]."""
    return factors.spectrum + settings.penalty(np.array([n_observed]), len(factors.rows))


def _eigenbasis(
    y: NDArray[np.float32], settings: AlsSettings, each: Each
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return L float64[k] (not below 0) and Q float64[k, k] of a0 * YᵀY."""
    gram = np.zeros((y.shape[1], y.shape[1]))
    for part in each(lambda part: part.T @ part, _blocks(y)):
        gram += part  # short sums in float32, the long one in float64
    if not np.isfinite(gram).all():
        raise ValueError("confidences are too large: the factors are not finite")
    spectrum, basis = np.linalg.eigh(settings.unobserved * gram)
    return np.maximum(spectrum, 0), basis


def _turned(y: NDArray[np.float32], basis: NDArray[np.float64], each: Each) -> NDArray[np.float32]:
    """Return Y Q."""
    turn, turned = basis.astype(np.float32), np.empty_like(y)
    list(each(lambda part, out: np.matmul(part, turn, out), _blocks(y), _blocks(turned)))
    return turned


def _blocks(y: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    return [y[begin : begin + N_ROWS] for begin in range(0, len(y), N_ROWS)]


@contextmanager
def _workers(n_threads: int) -> Iterator[Each]:
    """Give `map` by so many threads; what they run are numpy and kernels that hold no lock."""
    if n_threads == 1:
        yield map
        return
    with ThreadPoolExecutor(n_threads) as pool:
        yield pool.map
