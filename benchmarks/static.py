"""Measures the untouched defaults on a data set of pairs, beside `implicit` and popularity.

Files in the format of LightGCN (a line: user id, then item ids; optionally gzipped) or as CSV with
a header (user, item). Everything is tuned on the validation file, or on a fifth of each user's
training pairs where there is none, then fitted on both and measured on the test file: recall@20 and
nDCG@20 over all items not in training, means over the users of the test.
"""

import argparse
import json
import os
import resource
import time
from pathlib import Path

import numpy as np
from pairs import (
    implicit_als,
    implicit_top,
    judged,
    matrices,
    opened,
    popular,
    shown,
    tuned_implicit,
)
from scipy.sparse import csr_array

from recommender import content, splits, static, tuning

GOWALLA = Path(__file__).resolve().parents[2] / "shared" / "data" / "gowalla"


def main() -> None:
    args = _arguments()
    files = [args.train, args.test, *([args.valid] if args.valid else [])]
    (train, test, *valid), items = matrices(*files)
    whole = static.positives(train + valid[0]) if valid else train
    print(f"{train.shape[0]:,} users, {train.shape[1]:,} items, {whole.nnz:,} pairs to learn from")
    vectors = _vectors(args.texts, items) if args.texts else None
    print(f"{'':34}recall@20 nDCG@20  seconds")
    began, began_cpu = time.perf_counter(), time.process_time()
    model = tuning.fit(
        train,
        validation=valid[0] if valid else None,
        vectors=vectors,
        seed=args.seed,
        budget_s=args.budget,
        n_threads=args.threads,
    )
    took, took_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    _print(
        "lyceum, tuned and fitted",
        judged(lambda users: model.recommend(csr_array(whole[users]), 20), test),
        took,
    )
    print(f"  weights {_rounded(model.weights)}, {model.parts.settings}")
    print(f"  {took_cpu:.0f} s of processor time, load {os.getloadavg()[0]:.1f} at the end")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB")
    _print("popularity", judged(lambda users: popular(whole, csr_array(whole[users])), test), 0)
    if args.peers:
        _beside(train, valid[0] if valid else None, whole, test, args.seed)


def _beside(
    train: csr_array, valid: csr_array | None, whole: csr_array, test: csr_array, seed: int
) -> None:
    """Tune `implicit` on the same pairs, fit it on the same, and print it."""
    began = time.perf_counter()
    if valid is None:
        train, valid = splits.hold_out(train, [seed, 0])
    settings = tuned_implicit(train, valid, seed)
    own = implicit_als(whole, seed, **settings)
    took = time.perf_counter() - began
    _print(
        f"implicit, {shown(settings)}",
        judged(lambda users: implicit_top(own, whole, users), test),
        took,
    )


def _vectors(path: Path, items: list[str]) -> csr_array:
    """Read a JSON object a line: {"item": id, "text": ..., "tags": [...]}."""
    with opened(path) as file:
        known = {str(row["item"]): row for row in map(json.loads, file)}
    rows = [known.get(item, {}) for item in items]
    return content.vectorise(
        [row.get("text", "") for row in rows], [row.get("tags", []) for row in rows]
    )


def _rounded(weights: object) -> dict[str, float]:
    return {name: round(float(weight), 3) for name, weight in dict(weights).items()}  # type: ignore[call-overload]


def _print(name: str, found: tuple[float, float], took_s: float) -> None:
    print(f"{name:34}{found[0]:9.4f} {found[1]:7.4f} {took_s:8.1f}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--train", type=Path, default=GOWALLA / "train.txt.gz")
    parser.add_argument("--valid", type=Path, help="tune on these pairs, then train on them, too")
    parser.add_argument("--test", type=Path, default=GOWALLA / "test.txt.gz")
    parser.add_argument("--texts", type=Path, help='lines of {"item": id, "text": "", "tags": []}')
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--budget", type=float, default=240.0, help="nominal seconds of tuning")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    args = parser.parse_args()
    if args.valid is None and args.train == GOWALLA / "train.txt.gz":
        args.valid = GOWALLA / "valid.txt.gz"
    return args


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    main()
