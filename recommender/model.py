"""The snapshot that serves: what one fit leaves behind, and nothing about any member.

Owns the record and its translation to plain arrays and back. How the arrays are stored is the
caller's business; what comes back is checked as if it came from a stranger, because a flipped byte
must never serve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from recommender.als import AlsSettings, ItemFactors
from recommender.neighbours import Neighbours
from recommender.popularity import TIME_CONSTANTS_S, DecayedCounts

FORMAT = 5
FORMAT_BEFORE = 4  # without what follows what
# Each decayed count c enters as log(1 + c), which tells much used from most used, and as
# log(1 + 10 c), which tells hardly used from unused. Age likewise, in units of
# minutes, hours and days.
COUNT_SCALES = (1.0, 10.0)
AGE_SCALES_H = (0.1, 1.0, 24.0)
_DECAYS = ("12h", "2d", "7d", "30d")
FEATURES = (
    *(f"recent_{span}" for span in _DECAYS),
    *(f"touched_{span}" for span in _DECAYS),
    "age_6min",
    "age_1h",
    "age_1d",
    "quality",
    "difficulty",
    "interest",
    "taste",
    "filter",
    "content",
    "next",
)
N_FEATURES = len(FEATURES)


def _weights(**named: float) -> NDArray[np.float64]:
    weights = np.zeros(N_FEATURES)
    for name, value in named.items():
        weights[FEATURES.index(name)] = value
    weights.flags.writeable = False
    return weights


# What little data is pulled towards: recent use before older use, a mild preference for the new,
# and taste where a model knows it. A compromise: news-like communities learn about -1 for age,
# fixed course lists about 0 and twice the taste. The finer scales start at 0: they serve where a
# guild's own events ask for them.
_TIMELY = {
    "recent_12h": 0.5,
    "recent_2d": 0.4,
    "recent_7d": 0.4,
    "recent_30d": 0.4,
    "age_1h": -0.3,
}
DEFAULT_WEIGHTS = _weights(
    **_TIMELY, quality=0.3, difficulty=0.2, interest=1.0, taste=0.3, filter=0.3, content=0.2
)
# What serves before a guild has taught better: nothing that its events had to prove.
FALLBACK_WEIGHTS = _weights(**_TIMELY, interest=1.0, content=0.2)


Second = Literal["filter", "ease"]
EVIDENCE = 3.0  # of Settings, where events have not taught better: one save is half as loud
FATIGUE, FATIGUE_MIN, FATIGUE_MAX = 5.0, 2.0, 8.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model is fitted: its factors, and which second view of the matrix stands beside them.

    ``ease`` is for small catalogues (`similarity.N_EASE_ITEMS`); `ease_regularization` > 0.
    `evidence` is the confidence at which the views of taste speak half as loud as they can, at
    least 0 (`features.loudness`).
    """

    als: AlsSettings
    second: Second = "filter"
    ease_regularization: float = 50.0
    evidence: float = EVIDENCE


@dataclass(frozen=True)
class Model:
    """A fitted snapshot.

    Attributes
    ----------
    factors : ItemFactors
        Rows float32[m, k] in the order of `counts.ids`; a row of zeros means unknown taste. A
        resource that nobody has touched has the row that its text is mapped to.
    settings : Settings
        What it was fitted with; fold-in needs the same.
    counts : DecayedCounts
        Sorted item ids int64[m], values float64[m, 4] and `as_of`, up to which events are known.
    weights : float64[d]
        Of FEATURES, in that order.
    filter, content : Neighbours
        What the same members did, and what is written about it: m items each.
    follows : Neighbours
        What members wanted soon after it (`succession.follows`), of m items, too.
    quality : float32[m]
        log(mean confidence of an item / of all items), shrunk towards 0.
    levels : int64[m]
        Difficulty from 0 upwards, -1 where unknown.
    fatigue : float
        Log-odds that log(1 + showings) costs an item that was shown and not opened, showings
        decayed by `features.FATIGUE_S`.
    """

    factors: ItemFactors
    settings: Settings
    counts: DecayedCounts
    weights: NDArray[np.float64]
    filter: Neighbours
    content: Neighbours
    follows: Neighbours
    quality: NDArray[np.float32]
    levels: NDArray[np.int64]
    fatigue: float = FATIGUE

    @property
    def ids(self) -> NDArray[np.int64]:
        """Sorted item ids, int64[m]."""
        return self.counts.ids

    @property
    def as_of(self) -> float:
        """Unix seconds up to which the model knows the events."""
        return self.counts.as_of

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the snapshot as named numeric arrays; nothing in them needs pickle."""
        s, second = self.settings.als, self.settings.second
        return {
            "format": np.array([FORMAT], np.int64),
            "ids": self.ids,
            "factors": self.factors.rows,
            "spectrum": self.factors.spectrum,
            "counts": self.counts.values,
            "as_of": np.array([self.as_of]),
            "weights": self.weights,
            "quality": self.quality,
            "levels": self.levels,
            "sizes": np.array([s.n_factors, s.n_sweeps, second == "ease"], np.int64),
            "strengths": np.array(
                [
                    *(s.unobserved, s.regularization, s.exponent),
                    *(self.settings.ease_regularization, self.settings.evidence, self.fatigue),
                ]
            ),
            **self.filter.to_arrays("filter_"),
            **self.content.to_arrays("content_"),
            **self.follows.to_arrays("follows_"),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the snapshot that `to_arrays` described.

        Raises
        ------
        ValueError
            An array is missing, has another dtype or shape, is not finite, ids are not sorted and
            unique, a count or an eigenvalue is negative, or the format is neither this version's
            nor the one before, which knew nothing of what follows what.
        """
        written = int(_read(arrays, "format", np.int64, 1)[0])
        if written not in (FORMAT, FORMAT_BEFORE):
            raise ValueError(f"snapshot format is not {FORMAT}")
        sizes = _read(arrays, "sizes", np.int64, 3)
        strengths = _read(arrays, "strengths", np.float64, 6)
        unobserved, regularization, exponent, ease, evidence, fatigue = map(float, strengths)
        factored = AlsSettings(
            n_factors=int(sizes[0]),
            unobserved=unobserved,
            regularization=regularization,
            exponent=exponent,
            n_sweeps=int(sizes[1]),
        )
        if sizes[2] not in (0, 1) or not ease > 0:
            raise ValueError("snapshot names no second view")
        if evidence < 0 or fatigue < 0:
            raise ValueError("snapshot evidence and fatigue must not be negative")
        ids = _read(arrays, "ids", np.int64, None)
        factors = _read(arrays, "factors", np.float32, len(ids), factored.n_factors)
        spectrum = _read(arrays, "spectrum", np.float64, factored.n_factors)
        counts = _read(arrays, "counts", np.float64, len(ids), len(TIME_CONSTANTS_S))
        as_of = _read(arrays, "as_of", np.float64, 1)
        weights = _read(arrays, "weights", np.float64, N_FEATURES - (written == FORMAT_BEFORE))
        weights = np.append(weights, np.zeros(N_FEATURES - len(weights)))
        levels = _read(arrays, "levels", np.int64, len(ids))
        if (np.diff(ids) <= 0).any():
            raise ValueError("snapshot ids are not sorted and unique")
        if (levels < -1).any():
            raise ValueError("snapshot levels must be at least -1")
        if (counts < 0).any() or (spectrum < 0).any():
            raise ValueError("snapshot counts and spectrum must not be negative")
        return cls(
            ItemFactors(factors, spectrum),
            Settings(
                als=factored,
                second="ease" if sizes[2] else "filter",
                ease_regularization=ease,
                evidence=evidence,
            ),
            DecayedCounts(ids, counts, float(as_of[0])),
            weights,
            _view(arrays, "filter_", len(ids)),
            _view(arrays, "content_", len(ids)),
            Neighbours.empty(len(ids))
            if written == FORMAT_BEFORE
            else _view(arrays, "follows_", len(ids)),
            _read(arrays, "quality", np.float32, len(ids)),
            levels,
            fatigue,
        )


def _view(arrays: Mapping[str, NDArray[Any]], prefix: str, n_items: int) -> Neighbours:
    try:
        view = Neighbours.from_arrays(arrays, prefix)
    except ValueError as error:
        raise ValueError(f"snapshot {prefix}: {error}") from error
    if len(view) != n_items:
        raise ValueError(f"snapshot {prefix}: {len(view)} items instead of {n_items}")
    return view


def _read(
    arrays: Mapping[str, NDArray[Any]], name: str, dtype: type[np.generic], *shape: int | None
) -> NDArray[Any]:
    """Return a copy of an array after checking it; None in the shape means any length."""
    if name not in arrays:
        raise ValueError(f"snapshot has no {name}")
    array = np.asarray(arrays[name])
    is_fit = array.ndim == len(shape) and all(
        wanted is None or wanted == length
        for wanted, length in zip(shape, array.shape, strict=True)
    )
    if array.dtype != dtype or not is_fit:
        raise ValueError(f"snapshot array {name} is {array.dtype}{array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"snapshot array {name} is not finite")
    return array.copy()
