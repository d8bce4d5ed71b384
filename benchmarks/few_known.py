"""Measures how loud taste should be where little is known of a member, on citeulike-a.

    OPENBLAS_NUM_THREADS=1 python benchmarks/few_known.py

A tenth of the users are left out of the fit. What the bot serves without a tuned model (default
weights) then knows 1, 2, 5 or 10 articles of each of them and ranks all others: recall@20 and
nDCG@20 on the rest of their libraries, for several values of `Settings.evidence`, the confidence
at which taste is half as loud as it can be. 0: as loud from the first article as ever.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from citeulike import DATA, _read
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender import effort, static
from recommender.context import Context
from recommender.fitting import snapshot
from recommender.interactions import Interactions, Items
from recommender.model import DEFAULT_WEIGHTS, EVIDENCE, Model, Settings
from recommender.pool import Pool
from recommender.popularity import DAY_S

NOW = 100 * DAY_S
SAVED = 3.0
EVIDENCES = (0.0, 1.0, EVIDENCE, 10.0)
KNOWN = (1, 2, 5, 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    matrix, tags = _read(asked.data)
    rng = np.random.default_rng([asked.seed, 3])
    enough = np.flatnonzero(np.diff(matrix.indptr) > max(KNOWN))
    tested = rng.permutation(enough)[: asked.users]
    print(f"{matrix.shape[1]:,} articles; {len(tested)} users of whom little is known")
    print("recall@20 nDCG@20 by articles known" + "".join(f"{k:>16}" for k in KNOWN))
    model, items = _fitted(matrix, tags, tested, asked.seed)
    libraries = [rng.permutation(matrix.indices[a:b]) for a, b in _spans(matrix, tested)]
    for half in EVIDENCES:
        pool = Pool(_with(model, half), items, Interactions.empty(), NOW)
        cells = [_judged(pool, libraries, k) for k in KNOWN]
        print(f"evidence {half:<26}" + "".join(f"   {r:.4f} {n:.4f}" for r, n in cells), flush=True)


def _with(model: Model, half: float) -> Model:

    return replace(model, settings=replace(model.settings, evidence=half))


def _spans(matrix: csr_array, users: NDArray[np.intp]) -> list[tuple[int, int]]:
    return [(int(matrix.indptr[u]), int(matrix.indptr[u + 1])) for u in users]


def _fitted(
    matrix: csr_array, tags: list[list[str]], left_out: NDArray[np.intp], seed: int
) -> tuple[Model, Items]:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    is_known = ~np.isin(rows, left_out)
    n = int(is_known.sum())
    events = Interactions(
        members=rows[is_known],
        items=matrix.indices[is_known].astype(np.int64),
        weights=np.full(n, SAVED, np.float32),
        times=np.random.default_rng([seed, 4]).uniform(0, NOW - DAY_S, n),
    )
    m = matrix.shape[1]
    items = Items(np.arange(m), np.zeros(m))
    context = Context(texts=("",) * m, tags=tuple(tuple(own) for own in tags))
    settings: Settings = effort.options(n)[0]
    model = snapshot(
        events,
        items,
        as_of=NOW,
        settings=settings,
        weights=DEFAULT_WEIGHTS,
        seed=seed,
        context=context,
    )
    return model, items


def _judged(pool: Pool, libraries: list[NDArray[np.int32]], k: int) -> tuple[float, float]:
    found, rest = [], np.zeros((len(libraries), len(pool.items)), np.float32)
    for row, library in enumerate(libraries):
        known = library[:k].astype(np.int64)
        rest[row, library[k:]] = 1
        own = Interactions(
            members=np.zeros(k, np.int64),
            items=known,
            weights=np.full(k, SAVED, np.float32),
            times=np.full(k, NOW - DAY_S),
        )
        total = pool.score(own, now=NOW).total
        total[known] = -np.inf
        found.append(np.argsort(-total, kind="stable")[:20])
    recall, ndcg = static.recall_and_ndcg(np.array(found), csr_array(rest))
    return float(recall.mean()), float(ndcg.mean())


if __name__ == "__main__":
    main()
