"""Made-up communities with a known truth, and the Deskdrop slice."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import ArrayLike

from recommender.interactions import Interactions, Items
from recommender.popularity import DAY_S

NOW = 1_700_000_000.0
ROOT = Path(__file__).resolve().parents[2]
DESKDROP = ROOT.parent / "shared/data/deskdrop/users_interactions.csv.zip"


def events(
    members: ArrayLike, items: ArrayLike, times: ArrayLike, weights: ArrayLike | None = None
) -> Interactions:
    at = np.asarray(times, np.float64).reshape(-1)
    strengths = np.ones(len(at)) if weights is None else weights
    return Interactions(
        members=np.asarray(members, np.int64).reshape(-1),
        items=np.asarray(items, np.int64).reshape(-1),
        weights=np.asarray(strengths, np.float32).reshape(-1),
        times=at,
    )


def catalogue(n_items: int, days_old: float = 300.0) -> Items:
    return Items(np.arange(n_items), NOW - days_old * DAY_S - np.arange(n_items, dtype=np.float64))


def community(
    seed: int = 0,
    n_members: int = 120,
    n_items: int = 300,
    n_events: int = 4_000,
    n_tastes: int = 2,
) -> tuple[Interactions, Items]:
    """Six weeks on a fixed, long published catalogue: item i and member u have taste i, u mod n."""
    rng = np.random.default_rng(seed)
    times = np.sort(NOW - rng.uniform(0, 42 * DAY_S, n_events))
    members = rng.integers(0, n_members, n_events)
    items = rng.integers(0, n_items // n_tastes, n_events) * n_tastes + members % n_tastes
    is_stray = rng.random(n_events) < 0.1
    items[is_stray] = rng.integers(0, n_items, int(is_stray.sum()))
    return events(members, items, times), catalogue(n_items)


def of_member(data: Interactions, member: int) -> Interactions:
    return data.take(data.members == member)


def joined(*parts: Interactions) -> Interactions:
    members, items, weights, times = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("members", "items", "weights", "times")
    )
    return Interactions(members=members, items=items, weights=weights, times=times)


def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("deskdrop", ROOT / "benchmarks" / "deskdrop.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look their module up
    spec.loader.exec_module(module)
    return module


needs_deskdrop = pytest.mark.skipif(
    not DESKDROP.exists(), reason=f"the Deskdrop data set is not at {DESKDROP}"
)
