"""What a refit may know beside the events: texts, difficulty, declared interests, what was shown.

Owns these records and their checks. Everything in them may be missing: an empty record means that
nothing is known, and the features that need it are 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recommender.interactions import require


def _no_ids() -> NDArray[np.int64]:
    return np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Declared:
    """Pairs (member, item): the item carries a tag that the member named as an interest.

    Parameters
    ----------
    members, items : int64[n]
        Ids, in any order.

    Raises
    ------
    ValueError
        Unequal lengths or another dtype.
    """

    members: NDArray[np.int64] = field(default_factory=_no_ids)
    items: NDArray[np.int64] = field(default_factory=_no_ids)

    def __post_init__(self) -> None:
        """Refuse arrays that are not such pairs."""
        require("members", self.members, np.int64)
        require("items", self.items, np.int64)
        if len(self.members) != len(self.items):
            raise ValueError("members and items must have equal lengths")


@dataclass(frozen=True, slots=True)
class Exposures:
    """What was shown to whom: one row for each resource in each list.

    Parameters
    ----------
    members, items : int64[n]
        Ids.
    positions : int64[n]
        Place in the list, from 1.
    times : float64[n]
        Unix seconds.

    Raises
    ------
    ValueError
        Unequal lengths, another dtype, a time that is not finite, or a position below 1.
    """

    members: NDArray[np.int64] = field(default_factory=_no_ids)
    items: NDArray[np.int64] = field(default_factory=_no_ids)
    positions: NDArray[np.int64] = field(default_factory=_no_ids)
    times: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        """Refuse arrays that are not such rows."""
        for name in ("members", "items", "positions"):
            require(name, getattr(self, name), np.int64)
        require("times", self.times, np.float64)
        lengths = {len(self.members), len(self.items), len(self.positions), len(self.times)}
        if len(lengths) != 1:
            raise ValueError("members, items, positions and times must have equal lengths")
        if len(self.positions) and self.positions.min() < 1:
            raise ValueError("positions must count from 1")

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Context:
    """All of it together.

    Parameters
    ----------
    texts : tuple of str
        One for each resource of the catalogue, in its order; empty where there are none.
    tags : tuple of tuples of str
        Likewise.
    levels : int64[m]
        Difficulty of each resource of the catalogue, from 0 (beginner) upwards, -1 where nobody
        knows it; empty where no resource's is known.
    declared : Declared
    shown : Exposures
    """

    texts: tuple[str, ...] = ()
    tags: tuple[tuple[str, ...], ...] = ()
    levels: NDArray[np.int64] = field(default_factory=_no_ids)
    declared: Declared = field(default_factory=Declared)
    shown: Exposures = field(default_factory=Exposures)

    def check(self, n_items: int) -> None:
        """Raise ValueError where something does not belong to a catalogue of n_items."""
        for name in ("texts", "tags", "levels"):
            given = getattr(self, name)
            if len(given) not in (0, n_items):
                raise ValueError(f"{name} must be one for each resource, or none")
        require("levels", self.levels, np.int64)
        if len(self.levels) and self.levels.min() < -1:
            raise ValueError("levels must be at least -1")
