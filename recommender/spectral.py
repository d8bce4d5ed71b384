"""The soft spectral view: what a member's items suggest along the main directions of the matrix.

Owns the singular pairs of the normalised matrix and the view made of them. A low-pass filter of the
graph of members and items like `similarity.linear_filter`, but dense: it reaches items that nobody
has beside the member's own, and costs a product of m x k numbers an answer.

Legend
------
R, d_u, d_i  as in `similarity`
n, m    members and items
V, σ    right singular vectors, m by k, and singular values of D_u^-1/2 R D_i^-1/2, the greatest
β, q    exponent of popularity, and sharpness
B       the view, D_i^-β V σ^q Vᵀ D_i^β; B[i, j] is what i in a history adds to j
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.static import positives

N_PAIRS = 768
N_EXTRA = 32  # directions beyond k that are followed, so that the k are accurate
N_ITERATIONS = 4
N_ROWS_AT_ONCE = 4_096
LEAST = 1e-10  # of the greatest squared length; what is smaller is rounding


@dataclass(frozen=True, slots=True)
class SingularPairs:
    """The greatest singular values of the normalised matrix, and what belongs to them.

    Attributes
    ----------
    vectors : float32[m, k]
        V; the row of an untouched item is 0.
    values : float32[k]
        σ, descending, above 0 and at most 1 but for rounding.
    degrees : int64[m]
        How many members wanted each item.
    """

    vectors: NDArray[np.float32]
    values: NDArray[np.float32]
    degrees: NDArray[np.int64]

    def view(self, exponent: float, sharpness: float, n_pairs: int = N_PAIRS) -> Spectral:
        """Return the view with β and q, of the greatest pairs.

        Raises
        ------
        ValueError
            The exponent is not finite, the sharpness not above 0, or n_pairs below 0.
        """
        if not (np.isfinite(exponent) and sharpness > 0 and n_pairs >= 0):
            raise ValueError("exponent must be finite, sharpness above 0 and n_pairs at least 0")
        halves = self.values[:n_pairs] ** np.float32(sharpness / 2)
        scales = np.maximum(self.degrees, 1) ** exponent
        return Spectral(self.vectors[:, : len(halves)] * halves, scales.astype(np.float32))


@dataclass(frozen=True, slots=True)
class Spectral:
    """The view: rows V σ^(q/2), float32[m, k], and scales d^β, float32[m], above 0.

    Linear in the history, and nothing in it is about a member.
    """

    rows: NDArray[np.float32]
    scales: NDArray[np.float32]

    def __len__(self) -> int:
        """Return m, the number of items."""
        return len(self.scales)

    def fold_in(
        self, which: NDArray[np.integer[Any]], weights: NDArray[np.floating[Any]]
    ) -> NDArray[np.float32]:
        """Return a member's place among the directions: a weighted sum of item rows, float32[k].

        Parameters
        ----------
        which : int[h]
            Row numbers of the items in the history.
        weights : float[h]
            Signed.
        """
        return np.asarray((weights / self.scales[which]) @ self.rows[which], np.float32)

    def scores(
        self, which: NDArray[np.integer[Any]], weights: NDArray[np.floating[Any]]
    ) -> NDArray[np.float32]:
        """Return the scores of all items for a history, float32[m]."""
        return np.asarray(self.rows @ self.fold_in(which, weights) * self.scales, np.float32)

    def contributions(
        self,
        which: NDArray[np.integer[Any]],
        weights: NDArray[np.floating[Any]],
        candidates: NDArray[np.integer[Any]],
    ) -> NDArray[np.float64]:
        """Return what each item of a history adds to each candidate's score, float64[c, h].

        Rows sum to the candidates' scores.
        """
        likeness = self.rows[candidates].astype(np.float64) @ self.rows[which].T
        return np.asarray(likeness * self.scales[candidates, None] * weights / self.scales[which])

    def scores_all(self, histories: csr_array) -> NDArray[np.float32]:
        """Return the scores of all items for many histories, float32[b, m]."""
        own = csr_array(histories, dtype=np.float32, copy=True)
        own.data /= self.scales[own.indices]
        scores = np.asarray((own @ self.rows) @ self.rows.T, np.float32)
        scores *= self.scales
        return scores


def singular_pairs(
    matrix: csr_array,
    rng: np.random.Generator,
    *,
    n_pairs: int = N_PAIRS,
    n_iterations: int = N_ITERATIONS,
) -> SingularPairs:
    """Return the greatest singular pairs of D_u^-1/2 R D_i^-1/2, by subspace iteration.

    From random directions (Halko, Martinsson and Tropp, "Finding Structure with Randomness", SIAM
    Review 2011, algorithm 4.4). Never more than a third of the items, so that the view has to
    generalise; fewer where the matrix has no more.

    Parameters
    ----------
    matrix : csr_array[n, m]
        A positive cell: the member wanted the item.
    n_pairs : int
        k, at least 0.
    n_iterations : int
        At least 1.

    Raises
    ------
    ValueError
        n_pairs or n_iterations out of range, or a value that is not finite.
    """
    if n_pairs < 0 or n_iterations < 1:
        raise ValueError("n_pairs must be at least 0 and n_iterations at least 1")
    wanted = positives(matrix)
    degrees = np.bincount(wanted.indices, minlength=wanted.shape[1])
    left = _normalised(wanted, degrees)
    right = csr_array(left.T)
    width = min(n_pairs + N_EXTRA, *wanted.shape)
    basis = rng.standard_normal((wanted.shape[1], width), dtype=np.float32)
    for _ in range(n_iterations):
        basis = _orthonormal(right @ (left @ basis))
    squares, turns = np.linalg.eigh(_gram(left @ basis))
    kept = np.arange(len(squares))[::-1][: min(n_pairs, wanted.shape[1] // 3)]
    kept = kept[squares[kept] > LEAST]
    vectors = basis @ turns[:, kept].astype(np.float32)
    return SingularPairs(vectors, np.sqrt(squares[kept]).astype(np.float32), degrees)


def _normalised(wanted: csr_array, degrees: NDArray[np.int64]) -> csr_array:
    """Return D_u^-1/2 R D_i^-1/2, float32."""
    members = np.diff(wanted.indptr)
    cells = np.repeat(members, members) * degrees[wanted.indices].astype(np.float64)
    return csr_array(
        ((cells**-0.5).astype(np.float32), wanted.indices, wanted.indptr), shape=wanted.shape
    )


def _orthonormal(columns: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return an orthonormal basis of what the columns span, but for rounding.

    By the eigenvectors of their Gram matrix: a fifth of the time of a QR decomposition.
    """
    squares, turns = np.linalg.eigh(_gram(columns))
    is_kept = squares > LEAST * squares.max(initial=0)
    return np.asarray(columns @ (turns[:, is_kept] / np.sqrt(squares[is_kept])).astype(np.float32))


def _gram(columns: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the products of all pairs of columns, summed in float64."""
    total = np.zeros((columns.shape[1], columns.shape[1]))
    for start in range(0, len(columns), N_ROWS_AT_ONCE):
        rows = columns[start : start + N_ROWS_AT_ONCE].astype(np.float64)
        total += rows.T @ rows
    return total
