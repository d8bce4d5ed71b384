"""The compiled half step of alternating least squares: many small systems by conjugate gradients.

Only the training process imports this module, for it imports numba (0.3 s, and once for an
installation 2 s to compile). `als` says what is solved; here stands only how.

Legend
------
D         diagonal of a row's system without its cells: L + lam_u
A         D + Σ w y yᵀ over the row's cells; its diagonal preconditions
b         Σ w p y, p 1 for a positive confidence and 0 for a negative one
r, z, d   residual b - A x, preconditioned residual, search direction

A row of a few cells is solved exactly in the dual form, x = D^-½ Zᵀ (I + Z Zᵀ)⁻¹ √w p with rows
√w y D^-½ in Z: a system as small as the row is short. A longer one is moved from where it stood. In
the basis in which the Gram matrix of all items is diagonal, the diagonal of A says nearly
everything about A, so two or three steps come close to the exact solution; each costs O(n_u k),
without a k² term (preconditioned conjugate gradients as in Golub and Van Loan, algorithm 11.5.1;
for ALS first by Takács, Pilászy and Tikk, RecSys 2011).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.compiling import compiled

N_CHUNKS = 32  # of equal cost, so that a thread that was held up does not hold up all
N_SHORT = 6  # cells up to which the dual form is the cheaper
ROW_COST = 6  # what a row costs besides its cells, in cells

# Sums of float32 may be reordered, which is what lets them fill vector registers. The order is
# fixed when the code is compiled, so the same machine gives the same bits. NaN stays NaN.
FASTMATH = {"reassoc", "contract"}
TOLERANCE = np.float32(1e-12)  # of the squared residual: float32 knows no better
ZERO = np.float32(0)
ONE = np.float32(1)

Each = Callable[..., Iterable[Any]]
FAST = compiled(nogil=True, fastmath=FASTMATH, error_model="numpy")


def solve(
    cells: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]],
    fixed: NDArray[np.float32],
    spectrum: NDArray[np.float32],
    penalty: NDArray[np.float32],
    x: NDArray[np.float32],
    *,
    n_steps: int,
    each: Each = map,
) -> None:
    """Move every row of x towards the solution of its system, in place.

    Parameters
    ----------
    cells : int64[n + 1], int32[c], float32[c]
        Row starts, columns and signed confidences of a sparse matrix; columns are within `fixed`.
    fixed : float32[m, k]
        The other side's factors, in the basis of the spectrum.
    spectrum : float32[k]
        L, not below 0.
    penalty : float32[n]
        lam_u, above 0.
    x : float32[n, k]
        Where to start from, in the same basis; becomes the solution. A row without a positive cell
        becomes zeros, which is its exact solution.
    each
        `map`, or that of a pool of threads. Rows are independent and the compiled code holds no
        lock, so the result is the same.
    """
    starts, columns, confidences = cells
    cost = starts + ROW_COST * np.arange(len(starts))
    edges = np.searchsorted(cost, np.linspace(0, cost[-1], N_CHUNKS + 1)).tolist()

    def run(chunk: tuple[int, int]) -> None:
        _solve_rows(starts, columns, confidences, fixed, spectrum, penalty, x, *chunk, n_steps)

    list(each(run, pairwise(edges)))


@FAST
def _solve_rows(
    starts: Any,
    columns: Any,
    confidences: Any,
    fixed: Any,
    spectrum: Any,
    penalty: Any,
    x: Any,
    begin: int,
    end: int,
    n_steps: int,
) -> None:
    k = len(spectrum)
    own, scaled = np.empty((5, k), np.float32), np.empty((N_SHORT, k), np.float32)
    system, right = np.empty((N_SHORT, N_SHORT), np.float32), np.empty(N_SHORT, np.float32)
    diagonal = own[0]
    for u in range(begin, end):
        which, weights = columns[starts[u] : starts[u + 1]], confidences[starts[u] : starts[u + 1]]
        if not _any_positive(weights):
            x[u] = ZERO
            continue
        for j in range(k):
            diagonal[j] = spectrum[j] + penalty[u]
        if len(which) <= N_SHORT:
            _solve_short(fixed, which, weights, diagonal, x[u], scaled, system, right)
        else:
            _solve_long(fixed, which, weights, own, x[u], n_steps)


@FAST
def _any_positive(weights: Any) -> bool:
    for weight in weights:
        if weight > ZERO:
            return True
    return False


@FAST
def _solve_short(
    fixed: Any,
    which: Any,
    weights: Any,
    diagonal: Any,
    x: Any,
    scaled: Any,
    system: Any,
    right: Any,
) -> None:
    """Set x to the exact solution by the dual system; scaled becomes Z."""
    k, n = len(x), len(which)
    for j in range(k):
        x[j] = ONE / np.sqrt(diagonal[j])
    for c in range(n):
        y, root = fixed[which[c]], np.sqrt(abs(weights[c]))
        right[c] = root if weights[c] > ZERO else ZERO
        for j in range(k):
            scaled[c, j] = root * y[j] * x[j]
    for a in range(n):
        for b in range(a + 1):
            s = ZERO
            for j in range(k):
                s += scaled[a, j] * scaled[b, j]
            system[a, b] = s
        system[a, a] += ONE
    _solve_dense(system, right, n)
    for j in range(k):
        s = ZERO
        for c in range(n):
            s += right[c] * scaled[c, j]
        x[j] *= s


@FAST
def _solve_dense(system: Any, right: Any, n: int) -> None:
    """Set right to the solution of a positive definite system, by Cholesky's factor, in place."""
    for a in range(n):
        for b in range(a + 1):
            for c in range(b):
                system[a, b] -= system[a, c] * system[b, c]
            if a == b:
                system[a, a] = np.sqrt(system[a, a])
            else:
                system[a, b] /= system[b, b]
    for a in range(n):
        for c in range(a):
            right[a] -= system[a, c] * right[c]
        right[a] /= system[a, a]
    for a in range(n - 1, -1, -1):
        for c in range(a + 1, n):
            right[a] -= system[c, a] * right[c]
        right[a] /= system[a, a]


@FAST
def _solve_long(fixed: Any, which: Any, weights: Any, own: Any, x: Any, n_steps: int) -> None:
    """Move x by so many steps of conjugate gradients; own[0] is D, the rest is overwritten."""
    k = len(x)
    diagonal, scale, residual, direction, image = own[0], own[1], own[2], own[3], own[4]
    _begin(fixed, which, weights, diagonal, x, residual, scale)
    energy = ZERO
    for j in range(k):
        scale[j] = ONE / scale[j]
        direction[j] = scale[j] * residual[j]
        energy += residual[j] * direction[j]
    solved = TOLERANCE * energy
    for _ in range(n_steps):
        curvature = _multiply(fixed, which, weights, diagonal, direction, image)
        if not curvature > ZERO:  # nothing is left, or a number overflowed
            break
        length = energy / curvature
        before = energy
        energy = ZERO
        for j in range(k):
            x[j] += length * direction[j]
            residual[j] -= length * image[j]
            energy += residual[j] * scale[j] * residual[j]
        if energy <= solved:
            break
        turn = energy / before
        for j in range(k):
            direction[j] = scale[j] * residual[j] + turn * direction[j]


@FAST
def _begin(
    fixed: Any, which: Any, weights: Any, diagonal: Any, x: Any, residual: Any, scale: Any
) -> None:
    """Set the residual b - A x and the diagonal of A, four cells at a time."""
    k, n = len(x), len(which)
    for j in range(k):
        residual[j] = -diagonal[j] * x[j]
        scale[j] = diagonal[j]
    for c in range(0, n - 3, 4):
        y0, y1 = fixed[which[c]], fixed[which[c + 1]]
        y2, y3 = fixed[which[c + 2]], fixed[which[c + 3]]
        v0, v1, v2, v3 = weights[c], weights[c + 1], weights[c + 2], weights[c + 3]
        s0, s1, s2, s3 = ZERO, ZERO, ZERO, ZERO
        for j in range(k):
            s0 += y0[j] * x[j]
            s1 += y1[j] * x[j]
            s2 += y2[j] * x[j]
            s3 += y3[j] * x[j]
        w0, w1, w2, w3 = abs(v0), abs(v1), abs(v2), abs(v3)
        s0, s1 = max(v0, ZERO) - w0 * s0, max(v1, ZERO) - w1 * s1
        s2, s3 = max(v2, ZERO) - w2 * s2, max(v3, ZERO) - w3 * s3
        for j in range(k):
            a0, a1, a2, a3 = y0[j], y1[j], y2[j], y3[j]
            residual[j] += s0 * a0 + s1 * a1 + s2 * a2 + s3 * a3
            scale[j] += w0 * a0 * a0 + w1 * a1 * a1 + w2 * a2 * a2 + w3 * a3 * a3
    for c in range(n - n % 4, n):
        y, v = fixed[which[c]], weights[c]
        s = ZERO
        for j in range(k):
            s += y[j] * x[j]
        s = max(v, ZERO) - abs(v) * s
        for j in range(k):
            residual[j] += s * y[j]
            scale[j] += abs(v) * y[j] * y[j]


@FAST
def _multiply(
    fixed: Any, which: Any, weights: Any, diagonal: Any, direction: Any, image: Any
) -> Any:
    """Set image to A d and return dᵀA d, four cells at a time."""
    k, n = len(direction), len(which)
    for j in range(k):
        image[j] = diagonal[j] * direction[j]
    for c in range(0, n - 3, 4):
        y0, y1 = fixed[which[c]], fixed[which[c + 1]]
        y2, y3 = fixed[which[c + 2]], fixed[which[c + 3]]
        s0, s1, s2, s3 = ZERO, ZERO, ZERO, ZERO
        for j in range(k):
            s0 += y0[j] * direction[j]
            s1 += y1[j] * direction[j]
            s2 += y2[j] * direction[j]
            s3 += y3[j] * direction[j]
        s0, s1 = abs(weights[c]) * s0, abs(weights[c + 1]) * s1
        s2, s3 = abs(weights[c + 2]) * s2, abs(weights[c + 3]) * s3
        for j in range(k):
            image[j] += s0 * y0[j] + s1 * y1[j] + s2 * y2[j] + s3 * y3[j]
    for c in range(n - n % 4, n):
        y = fixed[which[c]]
        s = ZERO
        for j in range(k):
            s += y[j] * direction[j]
        s *= abs(weights[c])
        for j in range(k):
            image[j] += s * y[j]
    curvature = ZERO
    for j in range(k):
        curvature += direction[j] * image[j]
    return curvature
