"""How much each part of the static blend weighs, learned by coordinate ascent on held-out pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.splits import Split
from recommender.static import TOP, Parts, blocks, recall_and_ndcg, top_columns

N_POOLED = 100  # best of each part among which a blend is judged
STEPS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0)
POPULARITY_STEPS = (-0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
N_PASSES = 5
CAUTION = 0.5  # standard errors by which a weight must gain to be changed


@dataclass(frozen=True, slots=True)
class Liked:
    """Of each judged member the candidates that some part likes best.

    columns is int[b, p], scores float32[b, p, parts]; what is no candidate is -inf in `floor`,
    else 0. held_out is as in `Split`.
    """

    names: tuple[str, ...]
    columns: NDArray[np.intp]
    scores: NDArray[np.float32]
    floor: NDArray[np.float32]
    held_out: csr_array

    def values(self, weights: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return each member's value under weights of the parts."""
        total = self.scores @ weights + self.floor
        places = top_columns(total, min(TOP, total.shape[1]))
        found = np.take_along_axis(self.columns, np.maximum(places, 0), 1)
        found[places < 0] = -1
        return np.asarray(np.mean(recall_and_ndcg(found, self.held_out), 0))


def liked(parts: Parts, split: Split, n_threads: int) -> Liked:
    """Gather the candidates; members in blocks, so that few dense rows stand in memory."""
    found, histories = [], split.histories
    for block in blocks(*histories.shape):
        own = csr_array(histories[block])
        scores = parts.scores(own, n_threads=n_threads)
        left_out = np.zeros(own.shape, np.float32)
        split.hide(left_out, own)
        n_best = min(N_POOLED, own.shape[1])
        likes = [top_columns(cells + left_out, n_best) for cells in scores.values()]
        columns = np.sort(np.concatenate(likes, 1), 1)
        is_none = columns < 0
        is_none[:, 1:] |= columns[:, 1:] == columns[:, :-1]
        columns = np.maximum(columns, 0)
        cells = [np.take_along_axis(part, columns, 1) for part in scores.values()]
        floor = np.where(is_none, np.float32(-np.inf), np.float32(0))
        found.append((columns, np.stack(cells, 2), floor))
    columns, cells_, floors = (np.concatenate(own) for own in zip(*found, strict=True))
    return Liked(
        names=parts.names, columns=columns, scores=cells_, floor=floors, held_out=split.held_out
    )


def learned(groups: Sequence[Liked], only: Sequence[str] | None = None) -> dict[str, float]:
    """Return weights by coordinate ascent, from equal ones or from the best part alone.

    Equal weights of all parts but popularity are hard to beat by chance, so everything else, the
    start included, must gain more than CAUTION standard errors of the paired difference. Parts
    without a weight are left out.
    """
    names = groups[0].names
    able = [i for i, name in enumerate(names) if only is None or name in only]

    def values(weights: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.concatenate([group.values(weights) for group in groups])

    is_equal = [i in able and name != "popularity" for i, name in enumerate(names)]
    starts = [np.array(is_equal, np.float32), *np.eye(len(names), dtype=np.float32)[able]]
    found = [values(start) for start in starts]
    if not len(found[0]):
        return {name: 1.0 for name, is_one in zip(names, is_equal, strict=True) if is_one}
    lead = 1 + int(np.argmax([own.mean() for own in found[1:]]))
    at = lead if _is_gain(found[lead], found[0]) or not any(is_equal) else 0
    weights, now = starts[at], found[at]
    for _ in range(N_PASSES):
        before = now
        for part in able:
            weights, now = _improved(values, weights, now, part, names[part])
        weights = weights / np.abs(weights).max()  # so that the steps can refine any proportion
        if now is before:
            break
    return {name: float(w) for name, w in zip(names, weights, strict=True) if w}


def _is_gain(found: NDArray[np.float64], now: NDArray[np.float64]) -> bool:
    gain = found - now
    return bool(gain.mean() > CAUTION * gain.std() / np.sqrt(len(gain)))


def _improved(
    values: Callable[[NDArray[np.float32]], NDArray[np.float64]],
    weights: NDArray[np.float32],
    now: NDArray[np.float64],
    part: int,
    name: str,
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return the weights with the best step of one part, and the values they reach."""
    for step in POPULARITY_STEPS if name == "popularity" else STEPS:
        changed = weights.copy()
        changed[part] = step
        if (changed == weights).all() or not changed.any():
            continue
        found = values(changed)
        if _is_gain(found, now):
            weights, now = changed, found
    return weights, now
