"""Holding pairs out of a static training matrix, and choosing members to judge on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.static import hide, positives

HELD_OUT = 0.2
N_JUDGED = 3_000  # members a setting is judged on
N_ENOUGH_PAIRS, N_MAX_SPLITS = 10_000, 5  # with fewer pairs held out, more splits are averaged


@dataclass(frozen=True, slots=True)
class Split:
    """A training matrix, the pairs held out from it, and the members to judge on.

    Only candidates are ranked: untouched items have weights of their own.
    """

    train: csr_array
    held: csr_array
    members: NDArray[np.intp]
    candidates: NDArray[np.intp]

    @property
    def histories(self) -> csr_array:
        """What the judged members have in training."""
        return csr_array(self.train[self.members])

    @property
    def held_out(self) -> csr_array:
        """What was held out of theirs."""
        return csr_array(self.held[self.members])

    def hide(self, scores: NDArray[np.float32], histories: csr_array) -> None:
        """Set what must not be found to -inf: histories, and whatever is no candidate."""
        is_left_out = np.ones(scores.shape[1], bool)
        is_left_out[self.candidates] = False
        scores[:, is_left_out] = -np.inf
        hide(scores, histories)


def prepared(
    train: csr_array, validation: csr_array | None, seed: int
) -> tuple[csr_array, csr_array, list[Split]]:
    """Return the pairs to learn from, those to fit on in the end, and what to tune on.

    With few pairs held out there are more splits, so that a mean over them says something.

    Raises
    ------
    ValueError
        Nobody wanted anything, a value is not finite, or shapes differ.
    """
    wanted = positives(train)
    if not wanted.nnz:
        raise ValueError("nobody wanted anything")
    if validation is not None:
        if validation.shape != train.shape:
            raise ValueError("train and validation must have equal shapes")
        held = positives(validation)
        return wanted, positives(wanted + held), [judged_on(wanted, held, seed)]
    first = hold_out(wanted, [seed, 0])
    n_held = max(1, first[1].nnz)
    n_splits = min(N_MAX_SPLITS, -(-N_ENOUGH_PAIRS // n_held))
    halves = [first, *(hold_out(wanted, [seed, i]) for i in range(1, n_splits))]
    return wanted, wanted, [judged_on(*pair, seed) for pair in halves]


def hold_out(wanted: csr_array, seed: Sequence[int]) -> tuple[csr_array, csr_array]:
    """Hold out a fifth of each member's pairs, rounded by chance; one at least is kept."""
    rng = np.random.default_rng(seed)
    degrees = np.diff(wanted.indptr)
    rows = np.repeat(np.arange(len(degrees)), degrees)
    shuffled = np.lexsort((rng.random(wanted.nnz), rows))
    place = np.empty(wanted.nnz, np.int64)
    place[shuffled] = np.arange(wanted.nnz) - np.repeat(wanted.indptr[:-1], degrees)
    n_held = np.floor(degrees * HELD_OUT + rng.random(len(degrees))).astype(np.int64)
    is_held = place < np.minimum(n_held, np.maximum(degrees - 1, 0))[rows]
    return cells_of(wanted, rows, ~is_held), cells_of(wanted, rows, is_held)


def cells_of(wanted: csr_array, rows: NDArray[np.intp], which: NDArray[np.bool_]) -> csr_array:
    """Return some cells of a matrix, given the row of each and which they are, bool[nnz]."""
    ones = np.ones(int(which.sum()), np.float32)
    return csr_array((ones, (rows[which], wanted.indices[which])), shape=wanted.shape)


def judged_on(train: csr_array, held: csr_array, seed: int, n_members: int = N_JUDGED) -> Split:
    """Return the split with the members to judge on, at most so many."""
    members = np.flatnonzero(np.diff(held.indptr))
    if len(members) > n_members:
        rng = np.random.default_rng([seed, 10])
        members = np.sort(rng.permutation(members)[:n_members])
    return Split(train=train, held=held, members=members, candidates=np.unique(train.indices))
