"""The factorization beside that of `implicit`, on Gowalla check-ins: time, quality and memory.

    OPENBLAS_NUM_THREADS=1 python benchmarks/factorization.py [--factors 64 128] [--runs 7]
    OPENBLAS_NUM_THREADS=1 python benchmarks/factorization.py --tune ours --factors 64

Protocol of the data's README. Settings are chosen on the validation file; `--tune` prints the grid
of one library. The numbers of sweeps are chosen there in every run: the fewest that reach 99 % of
a library's own best nDCG@20, and the best. Then both are fitted to training and validation
together, by turns, two threads each, and judged on the test file. Timed is the whole `fit` from
the matrix. On the test file `implicit` is judged with the members' factors of its fit or with
members solved again (`recalculate_user`), whichever is better; ours are always folded in, and the
table says what time to 99 % is with and without that. Fold-in and the best 20 of all items are
measured as the bot serves them, one member at a time in numpy.
"""

from __future__ import annotations

import argparse
import gzip
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from implicit.als import AlternatingLeastSquares
from implicit.cpu.topk import topk
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix

from recommender import als
from recommender.als import AlsSettings

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared/data/gowalla"
N_USERS, N_ITEMS = 29_858, 40_981
N_TOP = 20
N_THREADS = 2
ENOUGH = 0.99
LIBRARIES = ("ours", "implicit")
MAX_SWEEPS = {"ours": 8, "implicit": 15}
N_TUNED = 4  # every n-th user chooses settings and sweeps; all of them judge

# Chosen on the validation file, from these grids (`--tune`).
OURS = {64: AlsSettings(64, 0.007, 0.013), 128: AlsSettings(128, 0.012, 0.005)}
IMPLICIT = {
    64: {"alpha": 60.0, "regularization": 100.0},
    128: {"alpha": 40.0, "regularization": 30.0},
}
GRIDS = {
    "ours": ((0.004, 0.007, 0.01, 0.012, 0.02, 0.03), (0.001, 0.002, 0.005, 0.013, 0.02)),
    "implicit": ((10.0, 25.0, 40.0, 60.0, 100.0, 200.0), (3.0, 10.0, 30.0, 100.0, 300.0)),
}

Factors = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Of users and of items."""


def load(folder: Path, name: str) -> csr_array:
    """Return one file as ones, users by items."""
    users: list[int] = []
    items: list[int] = []
    with gzip.open(folder / f"{name}.txt.gz", "rt") as lines:
        for line in lines:
            user, *own = map(int, line.split())
            users += [user] * len(own)
            items += own
    ones = np.ones(len(users), np.float32)
    return csr_array((ones, (users, items)), shape=(N_USERS, N_ITEMS))


def ndcg(factors: Factors, seen: csr_array, wanted: csr_array, every: int = 1) -> float:
    """Return nDCG@20 over all items not seen, averaged over every n-th user who wants something."""
    at = np.flatnonzero(np.diff(wanted.indptr))[::every]
    filtered = csr_matrix(seen[at])
    found, _ = topk(
        factors[1], factors[0][at], N_TOP, filter_query_items=filtered, num_threads=N_THREADS
    )
    cells = np.repeat(np.arange(N_USERS), np.diff(wanted.indptr)) * N_ITEMS + wanted.indices
    is_hit = np.isin(at[:, None] * N_ITEMS + found, cells)
    discounts = 1 / np.log2(np.arange(2, N_TOP + 2))
    n_wanted = np.minimum(np.diff(wanted.indptr)[at], N_TOP)
    return float(np.mean(is_hit @ discounts / np.cumsum(discounts)[n_wanted - 1]))


@dataclass(frozen=True)
class Ours:
    """Our `als.fit`."""

    settings: AlsSettings

    def fit(self, matrix: csr_array, n_sweeps: int) -> als.ItemFactors:
        """Fit from nothing."""
        return als.fit(matrix, self.settings, seed=0, n_sweeps=n_sweeps, n_threads=N_THREADS)

    def members(self, matrix: csr_array, fitted: als.ItemFactors) -> NDArray[np.float32]:
        """Fold every member in."""
        return als.fold_in_all(fitted, matrix, self.settings, n_threads=N_THREADS)

    def judge(self, seen: csr_array, wanted: csr_array, n_sweeps: int) -> float:
        """Return nDCG@20 after so many sweeps."""
        fitted = self.fit(seen, n_sweeps)
        return ndcg((self.members(seen, fitted), fitted.rows), seen, wanted)

    def curve(self, seen: csr_array, wanted: csr_array) -> Iterator[float]:
        """Yield nDCG@20 after 1, 2, ... sweeps."""
        for n_sweeps in range(1, MAX_SWEEPS["ours"] + 1):
            fitted = self.fit(seen, n_sweeps)
            yield ndcg((self.members(seen, fitted), fitted.rows), seen, wanted, N_TUNED)


@dataclass(frozen=True)
class Implicit:
    """`implicit`'s ALS with its conjugate gradients."""

    k: int
    options: dict[str, float]

    def fit(self, matrix: csr_array, n_sweeps: int) -> Any:
        """Fit from nothing."""
        model = AlternatingLeastSquares(
            self.k, iterations=n_sweeps, num_threads=N_THREADS, random_state=0, **self.options
        )
        model.fit(csr_matrix(matrix), show_progress=False)
        return model

    def judge(self, seen: csr_array, wanted: csr_array, n_sweeps: int) -> float:
        """Return nDCG@20 after so many sweeps."""
        model = self.fit(seen, n_sweeps)
        again = model.recalculate_user(np.arange(N_USERS), csr_matrix(seen))
        users = (model.user_factors, again)
        return max(ndcg((own, model.item_factors), seen, wanted) for own in users)

    def curve(self, seen: csr_array, wanted: csr_array) -> Iterator[float]:
        """Yield nDCG@20 after 1, 2, ... sweeps of one fit that goes on."""
        model = self.fit(seen, 1)
        for _ in range(MAX_SWEEPS["implicit"]):
            yield ndcg((model.user_factors, model.item_factors), seen, wanted, N_TUNED)
            model.fit(csr_matrix(seen), show_progress=False)


def library(name: str, k: int) -> Ours | Implicit:
    return Ours(OURS[k]) if name == "ours" else Implicit(k, IMPLICIT[k])


def tune(name: str, k: int, seen: csr_array, wanted: csr_array) -> None:
    """Print nDCG@20 on the validation file by sweep, for every point of a library's grid."""
    for first, second in product(*GRIDS[name]):
        if name == "ours":
            contender: Ours | Implicit = Ours(AlsSettings(k, first, second))
        else:
            contender = Implicit(k, {"alpha": first, "regularization": second})
        curve = " ".join(f"{value:.4f}" for value in contender.curve(seen, wanted))
        print(f"{name} k {k} {first:g} {second:g}: {curve}", flush=True)


def sweeps(curve: Sequence[float]) -> tuple[int, int]:
    """Return the fewest sweeps that reach 99 % of the best, and the best number."""
    best = int(np.argmax(curve))
    enough = int(np.flatnonzero(np.array(curve) >= ENOUGH * curve[best])[0])
    return enough + 1, best + 1


def seconds(run: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    run(*arguments)
    return time.perf_counter() - start


def compare(k: int, parts: dict[str, csr_array], n_runs: int) -> None:
    """Print the table of one number of factors."""
    ours, other = Ours(OURS[k]), Implicit(k, IMPLICIT[k])
    contenders: dict[str, Ours | Implicit] = {"ours": ours, "implicit": other}
    curves = {n: list(c.curve(parts["train"], parts["valid"])) for n, c in contenders.items()}
    chosen = {name: sweeps(curve) for name, curve in curves.items()}
    both, test = parts["both"], parts["test"]
    times: dict[tuple[str, str], list[float]] = {}
    for _ in range(n_runs):
        for name, contender in contenders.items():
            enough, best = chosen[name]
            for what, n_sweeps in (("enough", enough), ("1", 1), ("best", best), ("9", 9)):
                took = seconds(contender.fit, both, n_sweeps)
                times.setdefault((name, what), []).append(took)
        took = seconds(ours.members, both, ours.fit(both, chosen["ours"][0]))
        times.setdefault(("ours", "members"), []).append(took)
    median = {key: statistics.median(values) for key, values in times.items()}
    quality = {name: c.judge(both, test, chosen[name][1]) for name, c in contenders.items()}
    early = {name: c.judge(both, test, chosen[name][0]) for name, c in contenders.items()}
    sweep = {name: (median[name, "9"] - median[name, "1"]) / 8 for name in LIBRARIES}
    print(f"\nk {k}: medians of {n_runs} runs by turns")
    print(f"{'':36} {'ours':>9} {'implicit':>9} {'ratio':>7}")

    def row(what: str, ours: float, other: float, digits: int = 3) -> None:
        print(f"{what:36} {ours:9.{digits}f} {other:9.{digits}f} {ours / other:7.3f}")

    row("sweeps to 99 % of own best (valid.)", chosen["ours"][0], chosen["implicit"][0], 0)
    row("sweeps to own best (validation)", chosen["ours"][1], chosen["implicit"][1], 0)
    row("s to 99 %", median["ours", "enough"], median["implicit", "enough"])
    row(
        "s to 99 %, our members' fold-in too",
        median["ours", "enough"] + median["ours", "members"],
        median["implicit", "enough"],
    )
    row("s to own best", median["ours", "best"], median["implicit", "best"])
    row("s a sweep (from 1 to 9)", sweep["ours"], sweep["implicit"])
    row("nDCG@20 test, at 99 %", early["ours"], early["implicit"], 4)
    row("nDCG@20 test, at the best", quality["ours"], quality["implicit"], 4)
    row("peak MB of the process, data too", peak_mb("ours", k), peak_mb("implicit", k), 0)
    for name, curve in curves.items():
        print(f"{name} on validation by sweep:", " ".join(f"{value:.4f}" for value in curve))
    serve(k, ours.fit(both, 3), other.fit(both, 3), n_runs)


def serve(k: int, ours: als.ItemFactors, other: Any, n_runs: int) -> None:
    """Print what a request costs: 200 members with 50 events, one at a time."""
    rng = np.random.default_rng(0)
    histories = [np.sort(rng.permutation(N_ITEMS)[:50]) for _ in range(40)]
    ones = np.ones(50, np.float32)
    asked = [csr_matrix((ones, own, np.array([0, 50])), (1, N_ITEMS)) for own in histories]
    vectors = [als.fold_in(ours, own, ones, OURS[k]) for own in histories]
    other.num_threads = 1  # one request; starting threads costs it more than it gains

    def best(x: NDArray[np.float32], own: NDArray[np.int64]) -> NDArray[np.int64]:
        scores = ours.rows @ x
        scores[own] = -np.inf
        top = np.argpartition(scores, -N_TOP)[-N_TOP:]
        return np.asarray(top[np.argsort(-scores[top], kind="stable")])

    steps: dict[str, Callable[[int], object]] = {
        "fold-in of 50 events, ours": lambda i: als.fold_in(ours, histories[i], ones, OURS[k]),
        "fold-in of 50 events, implicit": lambda i: other.recalculate_user(0, asked[i]),
        "20 of all items, ours": lambda i: best(vectors[i], histories[i]),
        "20 of all items, implicit": lambda i: other.recommend(i, asked[i], N=N_TOP),
    }
    times: dict[str, list[float]] = {}
    for _ in range(n_runs):
        for i in range(len(histories)):
            for what, step in steps.items():
                times.setdefault(what, []).append(1_000 * seconds(step, i))
    for what, values in times.items():
        print(f"{what:36} {statistics.median(values):9.3f} ms")


def peak_mb(name: str, k: int) -> float:
    """Return the peak of a process of its own that fits once, in MB."""
    command = [sys.executable, __file__, "--data", str(ARGUMENTS.data), "--factors", str(k)]
    said = subprocess.run([*command, "--peak", name], capture_output=True, text=True, check=True)
    return float(said.stdout.split()[-1])


def report_peak(name: str, k: int, matrix: csr_array) -> None:
    """Print this process's peak after one fit; compiled code comes from its cache."""
    library(name, k).fit(matrix, 2)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024)


def main() -> None:
    parts = {name: load(ARGUMENTS.data, name) for name in ("train", "valid", "test")}
    parts["both"] = csr_array(parts["train"] + parts["valid"])
    for k in ARGUMENTS.factors:
        if ARGUMENTS.peak:
            report_peak(ARGUMENTS.peak, k, parts["both"])
        elif ARGUMENTS.tune:
            tune(ARGUMENTS.tune, k, parts["train"], parts["valid"])
        else:
            compare(k, parts, ARGUMENTS.runs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--factors", type=int, nargs="+", default=[64, 128], choices=sorted(OURS))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--tune", choices=LIBRARIES, help="print a grid instead")
    parser.add_argument("--peak", choices=LIBRARIES, help="print the memory of one fit instead")
    ARGUMENTS = parser.parse_args()
    main()
