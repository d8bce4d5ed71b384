"""The static case: who wanted what, without time; fitted and tuned with untouched defaults.

Owns the blend that is measured on data sets of films, songs or courses. A guild's own model adds
time and a learned last step (`training`); the parts are the same. In the package, with `tuning`,
because anybody with pairs measures or uses the recommender through them, not the benchmarks alone.

Legend
------
n, m    members and items of the training matrix
part    one way to score: ALS, the filter, the soft spectral view, EASE, EASE among neighbours,
        popularity, content
w       weights of the parts; each part is divided by the member's own standard deviation first
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender import als
from recommender.als import AlsSettings, ItemFactors

N_CELLS_PER_BLOCK = 20_000_000  # scores standing in memory at once: 80 MB a part
TINY = 1e-9
TOP = 20  # answers that are judged


class View(Protocol):
    """What each item adds to the others: `Neighbours` or `Spectral`."""

    def scores_all(self, histories: csr_array) -> NDArray[np.float32]:
        """Return the scores of all items for many histories, float32[b, m]."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Whatever was fitted of one training matrix; empty or None where it was not.

    Attributes
    ----------
    degrees : int64[m]
        How many members wanted each item.
    factors, settings : ItemFactors, AlsSettings or None
        Rows of untouched items are what their content suggests, or 0.
    views : mapping of str to View
        By the name of the part.
    """

    degrees: NDArray[np.int64]
    factors: ItemFactors | None = None
    settings: AlsSettings | None = None
    views: Mapping[str, View] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The parts in a fixed order."""
        return ("popularity", *(["als"] if self.factors else []), *sorted(self.views))

    def scores(self, rows: csr_array, *, n_threads: int = 1) -> dict[str, NDArray[np.float32]]:
        """Return each part's scores of all items, divided by each member's standard deviation.

        Parameters
        ----------
        rows : csr_array[b, m]
            Some members' histories; positive cells count.
        """
        wanted = positives(rows)
        found = {}
        for name in self.names:
            if name == "popularity":
                cells = np.tile(np.log1p(self.degrees).astype(np.float32), (wanted.shape[0], 1))
            elif name == "als":
                assert self.factors is not None and self.settings is not None
                x = als.fold_in_all(self.factors, wanted, self.settings, n_threads=n_threads)
                cells = x @ self.factors.rows.T
            else:
                cells = self.views[name].scores_all(wanted)
            cells /= cells.std(1, keepdims=True) + np.float32(TINY)
            found[name] = cells
        return found


@dataclass(frozen=True, slots=True)
class StaticModel:
    """Parts and how much each weighs, for items that somebody wanted and for untouched ones."""

    parts: Parts
    weights: Mapping[str, float]
    cold_weights: Mapping[str, float]

    def scores(self, rows: csr_array, *, n_threads: int = 1) -> NDArray[np.float32]:
        """Return the blended scores of all items for some members' histories, float32[b, m]."""
        found = self.parts.scores(rows, n_threads=n_threads)
        total = np.zeros(rows.shape, np.float32)
        is_cold = self.parts.degrees == 0
        for name, cells in found.items():
            warm, cold = self.weights.get(name, 0), self.cold_weights.get(name, 0)
            if warm or cold:
                total += cells * np.where(is_cold, cold, warm).astype(np.float32)
        return total

    def recommend(
        self,
        rows: csr_array,
        k: int,
        *,
        candidates: NDArray[np.intp] | None = None,
        n_threads: int = 1,
    ) -> NDArray[np.intp]:
        """Return the k best items for each history, best first, without what is in it.

        Parameters
        ----------
        rows : csr_array[b, m]
            Histories, of any members: nobody needs to have been in the training.
        k : int
            At least 1.
        candidates : int[c], optional
            Rank only these.

        Returns
        -------
        int[b, min(k, m)]
            Equal scores go by the smaller item; -1 where a member has no candidate left.
        """
        found = np.full((rows.shape[0], min(k, rows.shape[1])), -1, np.intp)
        for block in blocks(*rows.shape):
            own = csr_array(rows[block])
            total = self.scores(own, n_threads=n_threads)
            if candidates is not None:
                is_left_out = np.ones(rows.shape[1], bool)
                is_left_out[candidates] = False
                total[:, is_left_out] = -np.inf
            hide(total, own)
            found[block] = top_columns(total, found.shape[1])
        return found


def positives(matrix: csr_array) -> csr_array:
    """Return 1 where a cell is positive, float32, with sorted columns.

    Raises
    ------
    ValueError
        A value is not finite.
    """
    if not np.isfinite(matrix.data).all():
        raise ValueError("matrix must be finite")
    wanted = csr_array(matrix, dtype=np.float32, copy=True)
    wanted.sum_duplicates()
    wanted.data = (wanted.data > 0).astype(np.float32)
    wanted.eliminate_zeros()
    return wanted


def blocks(n_rows: int, n_columns: int) -> Iterator[slice]:
    """Yield runs of rows whose scores stand in memory together; without rows an empty one."""
    n_at_once = max(1, N_CELLS_PER_BLOCK // max(1, n_columns))
    for start in range(0, max(1, n_rows), n_at_once):
        yield slice(start, min(n_rows, start + n_at_once))


def hide(total: NDArray[np.float32], rows: csr_array) -> None:
    """Put what is in the histories below everything else, in place."""
    total[np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)), rows.indices] = -np.inf


def top_columns(total: NDArray[np.float32], k: int) -> NDArray[np.intp]:
    """Return the columns of the k greatest of each row, best first; ties by the smaller column.

    A column of -inf is no answer: -1 stands for it.
    """
    if not k:
        return np.empty((len(total), 0), np.intp)
    least = np.partition(total, -k, axis=1)[:, -k]
    found = np.empty((len(total), k), np.intp)
    for row, own in enumerate(total):
        near = np.flatnonzero(own >= least[row])
        found[row] = near[np.argsort(-own[near], kind="stable")[:k]]
    found[np.take_along_axis(total, found, 1) == -np.inf] = -1
    return found


def recall_and_ndcg(
    found: NDArray[np.intp], wanted: csr_array
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return recall@k and nDCG@k of each row of answers.

    nDCG has gains of 0 and 1, and the ideal cut at min(k, wanted items of the row). A row that
    wanted nothing has 0.

    Parameters
    ----------
    found : int[b, k]
        As `top_columns`.
    wanted : csr_array[b, m]
        The right answers: every stored cell.
    """
    n_rows, k = found.shape
    n_wanted = np.diff(wanted.indptr)
    width = np.int64(max(1, wanted.shape[1]))
    right = np.repeat(np.arange(n_rows), n_wanted) * width + wanted.indices
    is_hit = np.isin(np.arange(n_rows)[:, None] * width + found, right) & (found >= 0)
    gains = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.concatenate([[1.0], np.cumsum(gains)])[np.minimum(n_wanted, k)]
    return is_hit.sum(1) / np.maximum(n_wanted, 1), (is_hit @ gains) / ideal
