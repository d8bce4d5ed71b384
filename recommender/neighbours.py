"""What each item adds to the others: one record for every item-item view of a guild.

Owns the record that a snapshot stores and requests read, in numpy only: the bot's own process
scores with it. `similarity` makes such records of what members did, `content` of what the catalogue
says.

Legend
------
B       the view; B[i, j] is what an item i in a member's history adds to the score of item j
w       weights of the items in a history
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_DTYPES = {"indptr": np.int64, "indices": np.int32, "values": np.float32}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A sparse item-item matrix B by rows; ids are row numbers of the model that it belongs to.

    Parameters
    ----------
    indptr : int64[m + 1]
        Row i stands in [indptr[i], indptr[i + 1]) of the other two.
    indices : int32[n]
        Columns, ascending within a row.
    values : float32[n]
        Finite; they may be negative.

    Raises
    ------
    ValueError
        Another dtype or shape, rows that do not fill the arrays, a column that is out of range or
        not ascending, NaN or infinity.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    values: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Refuse arrays that are not such a matrix."""
        for name, dtype in _DTYPES.items():
            array = getattr(self, name)
            if not isinstance(array, np.ndarray) or array.ndim != 1 or array.dtype != dtype:
                raise ValueError(f"{name} must be a one-dimensional array of {np.dtype(dtype)}")
        n = len(self.indices)
        ends = self.indptr
        if not len(ends) or ends[0] != 0 or ends[-1] != n or (np.diff(ends) < 0).any():
            raise ValueError("indptr must ascend from 0 to the number of values")
        if len(self.values) != n or not np.isfinite(self.values).all():
            raise ValueError("values must be finite and as many as indices")
        if n and not (0 <= int(self.indices.min()) and int(self.indices.max()) < len(self)):
            raise ValueError("indices must be row numbers")
        is_same_row = np.ones(n + 1, bool)
        is_same_row[ends] = False  # where a row begins, its column may be smaller than the last
        if (np.diff(self.indices)[is_same_row[1:n]] <= 0).any():
            raise ValueError("indices must ascend within a row")

    def __len__(self) -> int:
        """Return m, the number of items."""
        return len(self.indptr) - 1

    @classmethod
    def empty(cls, n_items: int) -> Self:
        """Return a view that knows nothing of n_items items: every score is 0."""
        return cls(np.zeros(n_items + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32))

    @classmethod
    def of(cls, matrix: csr_array) -> Self:
        """Return the view of a sparse array[m, m] of any format."""
        rows = matrix.tocsr()
        rows.sort_indices()
        return cls(
            rows.indptr.astype(np.int64),
            rows.indices.astype(np.int32),
            rows.data.astype(np.float32),
        )

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str = "") -> Self:
        """Return the view that `to_arrays` described.

        Raises
        ------
        ValueError
            An array is missing, or they are no such matrix.
        """
        missing = [name for name in _DTYPES if prefix + name not in arrays]
        if missing:
            raise ValueError(f"there is no {prefix}{missing[0]}")
        return cls(*(np.asarray(arrays[prefix + name]).copy() for name in _DTYPES))

    def to_arrays(self, prefix: str = "") -> dict[str, NDArray[Any]]:
        """Return the view as named numeric arrays."""
        return {prefix + name: getattr(self, name) for name in _DTYPES}

    def widened(self, at: NDArray[np.integer[Any]], n_items: int) -> Neighbours:
        """Return the same view among n_items items, of which these are at the rows `at`, ascending.

        The others are alone.
        """
        lengths = np.zeros(n_items, np.int64)
        lengths[at] = np.diff(self.indptr)
        indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        return Neighbours(indptr, np.asarray(at, np.int32)[self.indices], self.values)

    def to_matrix(self) -> csr_array:
        """Return B as a float32 csr_array[m, m] that shares the arrays, for whole batches."""
        from scipy.sparse import csr_array

        return csr_array((self.values, self.indices, self.indptr), shape=(len(self), len(self)))

    def scores(
        self, which: NDArray[np.integer[Any]], weights: NDArray[np.floating[Any]]
    ) -> NDArray[np.float32]:
        """Return the scores of all items for a history, Σ_i w_i B[i].

        Parameters
        ----------
        which : int[h]
            Row numbers of the items in the history.
        weights : float[h]
            Signed; a dismissed item with a negative weight counts against its neighbours.

        Returns
        -------
        float32[m]

        Raises
        ------
        ValueError
            A row number is out of range, or lengths differ.
        """
        at, lengths = self._cells(which, weights)
        parts = self.values[at] * np.repeat(np.asarray(weights, np.float64), lengths)
        return np.bincount(self.indices[at], parts, len(self)).astype(np.float32)

    def scores_all(self, histories: csr_array) -> NDArray[np.float32]:
        """Return the scores of all items for many histories, csr_array[b, m], as float32[b, m]."""
        return np.asarray((histories @ self.to_matrix()).toarray(), np.float32)

    def contributions(
        self,
        which: NDArray[np.integer[Any]],
        weights: NDArray[np.floating[Any]],
        candidates: NDArray[np.integer[Any]],
    ) -> NDArray[np.float64]:
        """Return what each item of a history adds to each candidate's score, w_i B[i, c].

        Parameters
        ----------
        which, weights
            As in `scores`.
        candidates : int[c]
            Row numbers, each once.

        Returns
        -------
        float64[c, h]
            Rows sum to the candidates' scores.

        Raises
        ------
        ValueError
            As `scores`, or a candidate out of range.
        """
        wanted = self._rows(candidates)
        at, lengths = self._cells(which, weights)
        place = np.full(len(self), -1, np.int32)
        place[wanted] = np.arange(len(wanted))
        to = place[self.indices[at]]
        hits = np.flatnonzero(to >= 0)
        owner = np.searchsorted(np.cumsum(lengths), hits, "right")
        added = np.zeros((len(wanted), len(lengths)))
        added[to[hits], owner] = self.values[at[hits]] * np.asarray(weights, np.float64)[owner]
        return added

    def _cells(
        self, which: NDArray[np.integer[Any]], weights: NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the places of all cells of some rows, and how many each row has."""
        rows = self._rows(which)
        if len(rows) != len(weights):
            raise ValueError("which and weights must have equal lengths")
        starts = self.indptr[rows]
        lengths = self.indptr[rows + 1] - starts
        ends = np.cumsum(lengths)
        at = np.repeat(starts - (ends - lengths), lengths)
        at += np.arange(len(at))
        return at, lengths

    def _rows(self, which: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        rows = np.asarray(which, np.int64).reshape(-1)
        if len(rows) and not (0 <= int(rows.min()) and int(rows.max()) < len(self)):
            raise ValueError("a row number is out of range")
        return rows
