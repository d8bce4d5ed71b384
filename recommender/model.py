"""The snapshot that serves: what one fit leaves behind, and nothing about any member.

Owns the record and its translation to plain arrays and back. How the arrays are stored is the
caller's business; what comes back is checked as if it came from a stranger, because a flipped byte
must never serve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.als import AlsSettings, ItemFactors
from recommender.popularity import TIME_CONSTANTS_S, DecayedCounts

FORMAT = 2
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
    "taste",
)
N_FEATURES = len(FEATURES)

# What serves before a guild has taught better, and what little data is pulled towards: recent use
# before older use, a mild preference for the new, and taste where a model knows it. A compromise:
# news-like communities learn about -1 for age, fixed course lists about 0 and twice the taste.
# The finer scales start at 0: they serve where a guild's own events ask for them.
DEFAULT_WEIGHTS = np.zeros(N_FEATURES)
DEFAULT_WEIGHTS[[FEATURES.index(f"recent_{span}") for span in _DECAYS]] = (0.5, 0.4, 0.4, 0.4)
DEFAULT_WEIGHTS[FEATURES.index("age_1h")] = -0.3
DEFAULT_WEIGHTS[FEATURES.index("taste")] = 0.5
DEFAULT_WEIGHTS.flags.writeable = False


@dataclass(frozen=True)
class Model:
    """A fitted snapshot.

    Attributes
    ----------
    factors : ItemFactors
        Rows float32[m, k] in the order of `counts.ids`; a row of zeros means unknown taste.
    settings : AlsSettings
        What the factors were fitted with; fold-in needs the same.
    counts : DecayedCounts
        Sorted item ids int64[m], values float64[m, 4] and `as_of`, up to which events are known.
    weights : float64[d]
        Of FEATURES, in that order.
    """

    factors: ItemFactors
    settings: AlsSettings
    counts: DecayedCounts
    weights: NDArray[np.float64]

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
        s = self.settings
        return {
            "format": np.array([FORMAT], np.int64),
            "ids": self.ids,
            "factors": self.factors.rows,
            "spectrum": self.factors.spectrum,
            "counts": self.counts.values,
            "as_of": np.array([self.as_of]),
            "weights": self.weights,
            "sizes": np.array([s.n_factors, s.n_sweeps], np.int64),
            "strengths": np.array([s.unobserved, s.regularization, s.exponent]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the snapshot that `to_arrays` described.

        Raises
        ------
        ValueError
            An array is missing, has another dtype or shape, is not finite, ids are not sorted and
            unique, a count or an eigenvalue is negative, or the format is not this version's.
        """
        if _read(arrays, "format", np.int64, 1)[0] != FORMAT:
            raise ValueError(f"snapshot format is not {FORMAT}")
        sizes = _read(arrays, "sizes", np.int64, 2)
        strengths = _read(arrays, "strengths", np.float64, 3)
        unobserved, regularization, exponent = map(float, strengths)
        settings = AlsSettings(
            int(sizes[0]), unobserved, regularization, exponent, n_sweeps=int(sizes[1])
        )
        ids = _read(arrays, "ids", np.int64, None)
        factors = _read(arrays, "factors", np.float32, len(ids), settings.n_factors)
        spectrum = _read(arrays, "spectrum", np.float64, settings.n_factors)
        counts = _read(arrays, "counts", np.float64, len(ids), len(TIME_CONSTANTS_S))
        as_of = _read(arrays, "as_of", np.float64, 1)
        weights = _read(arrays, "weights", np.float64, N_FEATURES)
        if (np.diff(ids) <= 0).any():
            raise ValueError("snapshot ids are not sorted and unique")
        if (counts < 0).any() or (spectrum < 0).any():
            raise ValueError("snapshot counts and spectrum must not be negative")
        return cls(
            ItemFactors(factors, spectrum),
            settings,
            DecayedCounts(ids, counts, float(as_of[0])),
            weights,
        )


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
