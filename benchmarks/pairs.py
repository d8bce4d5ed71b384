"""Reading who wanted what from files, and the peers that are measured beside the recommender."""

import csv
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender import static

TOP = 20


def opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def pairs(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (user, item): a CSV of pairs with a header, or lines "user item item ..."."""
    with opened(path) as file:
        if path.name.removesuffix(".gz").endswith(".csv"):
            rows = csv.reader(file)
            next(rows)
            yield from ((row[0], row[1]) for row in rows if len(row) > 1)
        else:
            for line in file:
                user, *items = line.split()
                yield from ((user, item) for item in items)


def matrices(*paths: Path) -> tuple[list[csr_array], list[str]]:
    """Return one matrix a file, over the users and items of all of them, and the items' ids."""
    users: dict[str, int] = {}
    items: dict[str, int] = {}
    cells = []
    for path in paths:
        own = [
            (users.setdefault(u, len(users)), items.setdefault(i, len(items)))
            for u, i in pairs(path)
        ]
        cells.append(np.array(own, np.int64).reshape(-1, 2))
    shape = (len(users), len(items))
    return [_matrix(own, shape) for own in cells], list(items)


def _matrix(cells: NDArray[np.int64], shape: tuple[int, int]) -> csr_array:
    ones = np.ones(len(cells), np.float32)
    return static.positives(csr_array((ones, (cells[:, 0], cells[:, 1])), shape=shape))


def judged(
    recommend: Callable[[NDArray[np.intp]], NDArray[np.intp]], test: csr_array
) -> tuple[float, float]:
    """Return recall@20 and nDCG@20, means over the users with something in the test."""
    users = np.flatnonzero(np.diff(test.indptr))
    recall, ndcg = static.recall_and_ndcg(recommend(users), csr_array(test[users]))
    return float(recall.mean()), float(ndcg.mean())


def popular(train: csr_array, histories: csr_array) -> NDArray[np.intp]:
    """Return the most wanted items that each history has not."""
    degrees = np.bincount(train.indices, minlength=train.shape[1]).astype(np.float32)
    found = np.empty((histories.shape[0], min(TOP, train.shape[1])), np.intp)
    for block in static.blocks(*histories.shape):
        own = csr_array(histories[block])
        total = np.tile(degrees, (own.shape[0], 1))
        static.hide(total, own)
        found[block] = static.top_columns(total, found.shape[1])
    return found


COARSE = {
    reg: [
        {"factors": 64, "regularization": reg, "alpha": alpha}
        for alpha in (1.0, 4.0, 16.0, 64.0, 256.0)
    ]
    for reg in (0.1, 10.0, 100.0)
}
STEPS = {"factors": 2.0, "regularization": 10**0.5, "alpha": 2.0}
FACTORS = (32, 256)
"""No more factors than ours are tuned among."""


def implicit_als(train: csr_array, seed: int, **settings: Any) -> Any:
    """Return a fitted model of `implicit`, 15 iterations."""
    from implicit.cpu.als import AlternatingLeastSquares
    from scipy.sparse import csr_matrix

    model = AlternatingLeastSquares(iterations=15, random_state=seed, **settings)
    model.fit(csr_matrix(train), show_progress=False)
    return model


def implicit_top(model: Any, histories: csr_array, users: NDArray[np.intp]) -> NDArray[np.intp]:
    from scipy.sparse import csr_matrix

    rows = csr_matrix(histories[users])
    found, _ = model.recommend(
        users, rows, N=min(TOP, histories.shape[1]), filter_already_liked_items=True
    )
    return np.asarray(found, np.intp)


def tuned_implicit(train: csr_array, valid: csr_array, seed: int) -> dict[str, Any]:
    """Return the settings with the best nDCG@20 on the validation pairs.

    From each regularization the best of a coarse grid climbs until no step of any setting helps,
    so none is best because a grid ended there. (A grid that ended at regularization 1 and alpha 20
    cost `implicit` a twentieth on MovieLens 1M: recall@20 .2762 for .2833, nDCG@20 .3548 for
    .3771. One climb from the best of the whole grid stayed on the near side of a flat ridge on
    Gowalla.) Every trial is printed.
    """
    known: dict[tuple[float, ...], float] = {}

    def value(settings: dict[str, Any]) -> float:
        key = tuple(settings.values())
        if key not in known:
            model = implicit_als(train, seed, **settings)
            known[key] = judged(lambda users: implicit_top(model, train, users), valid)[1]
            print(f"  implicit, {shown(settings)}: {known[key]:.4f} on validation", flush=True)
        return known[key]

    def climbed(best: dict[str, Any]) -> dict[str, Any]:
        while (higher := max(_neighbours(best), key=value)) and value(higher) > value(best):
            best = higher
        return best

    return max((climbed(max(row, key=value)) for row in COARSE.values()), key=value)


def shown(settings: dict[str, Any]) -> str:
    """Return settings in few characters."""
    return ", ".join(f"{name[:5]} {number:g}" for name, number in settings.items())


def _neighbours(settings: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, step in STEPS.items():
        for factor in (step, 1 / step):
            moved = settings | {name: type(settings[name])(settings[name] * factor)}
            if FACTORS[0] <= moved["factors"] <= FACTORS[1]:
                yield moved
