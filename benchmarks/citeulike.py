"""Measures what content is worth: articles nobody has touched, and the blend for the others.

citeulike-a: scientists' libraries of articles, of which only the tags are known. A fifth of the
articles is hidden with all its pairs (cold); of the rest, a fifth of each user's pairs (warm). One
model is tuned and fitted on what is left, with untouched defaults. Cold: the hidden articles alone
are ranked; warm: all others but those in the user's library. recall@20 and nDCG@20, means over the
users who have such a pair.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pairs import implicit_als, implicit_top, judged, opened, popular, shown, tuned_implicit
from scipy.sparse import csr_array

from recommender import content, splits, static, tuning
from recommender.static import StaticModel

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "citeulike-a"


def main() -> None:
    args = _arguments()
    matrix, tags = _read(args.data)
    train, warm, cold, hidden = _split(matrix, args.seed)
    print(f"{train.nnz:,} pairs to learn from, {warm.nnz:,} warm, {cold.nnz:,} cold")
    began = time.perf_counter()
    vectors = content.vectorise([""] * len(tags), tags)
    model = tuning.fit(
        train, vectors=vectors, seed=args.seed, budget_s=args.budget, n_threads=args.threads
    )
    print(f"tuned and fitted in {time.perf_counter() - began:.1f} s, {model.parts.settings}")
    print(f"warm weights {dict(model.weights)}\ncold weights {dict(model.cold_weights)}")
    others = np.setdiff1d(np.arange(train.shape[1]), hidden)
    print(f"{'':30}warm r@20 nDCG@20  cold r@20 nDCG@20")
    lines = {"the blend": (model.weights, model.cold_weights)}
    lines |= {name: ({name: 1.0}, {name: 1.0}) for name in model.parts.names}
    for name, (warm_weights, cold_weights) in lines.items():
        own = StaticModel(model.parts, warm_weights, cold_weights)
        found = (
            judged(_answers(own, train, others, args.threads), warm),
            judged(_answers(own, train, hidden, args.threads), cold),
        )
        print(f"{name:30}" + "  ".join(f"{r:9.4f} {n:7.4f}" for r, n in found), flush=True)
    r, n = judged(lambda users: popular(train, csr_array(train[users])), warm)
    print(f"{'popularity, by counting':30}{r:9.4f} {n:7.4f}")
    if args.peers:
        inner, valid = splits.hold_out(train, [args.seed, 0])
        settings = tuned_implicit(inner, valid, args.seed)
        peer = implicit_als(train, args.seed, **settings)
        r, n = judged(lambda users: implicit_top(peer, train, users), warm)
        print(f"{f'implicit, {shown(settings)}':38}{r:9.4f} {n:7.4f}")


def _answers(
    model: StaticModel, train: csr_array, candidates: NDArray[np.intp], n_threads: int
) -> Callable[[NDArray[np.intp]], NDArray[np.intp]]:
    return lambda users: model.recommend(
        csr_array(train[users]), 20, candidates=candidates, n_threads=n_threads
    )


def _read(data: Path) -> tuple[csr_array, list[list[str]]]:
    with opened(data / "tags.dat.gz") as file:
        names = [line.strip() for line in file]
    with opened(data / "item-tag.dat.gz") as file:
        tags = [[names[int(tag)] for tag in line.split()[1:]] for line in file]
    with opened(data / "users.dat.gz") as file:
        libraries = [[int(item) for item in line.split()[1:]] for line in file]
    rows = np.repeat(np.arange(len(libraries)), [len(own) for own in libraries])
    columns = np.concatenate([np.array(own, np.int64) for own in libraries])
    ones = np.ones(len(rows), np.float32)
    return csr_array((ones, (rows, columns)), shape=(len(libraries), len(tags))), tags


def _split(
    matrix: csr_array, seed: int
) -> tuple[csr_array, csr_array, csr_array, NDArray[np.intp]]:
    """Return the pairs to learn from, warm ones, cold ones, and the hidden articles."""
    n_items = matrix.shape[1]
    hidden = np.sort(np.random.default_rng([seed, 1]).permutation(n_items)[: n_items // 5])
    is_hidden = np.zeros(n_items, np.float32)
    is_hidden[hidden] = 1
    cold = static.positives(csr_array(matrix * is_hidden))
    rest = static.positives(csr_array(matrix * (1 - is_hidden)))
    train, warm = splits.hold_out(rest, [seed, 2])
    return train, warm, cold, hidden


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--budget", type=float, default=240.0, help="nominal seconds of tuning")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
