"""What another ranking would have been worth, from what was shown with known chances.

Self-normalised inverse propensity (Swaminathan and Joachims 2015) and doubly robust (Dudík,
Langford and Li 2011) estimates of opens a showing, with the effective sample size of the weights
(Kish) and an interval over members.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

ENOUGH = 200.0
"""Below so many effective showings an estimate is not worth saying."""
WEIGHT_MAX = 20.0
"""A showing counts no more often than this: a few rare ones would decide alone."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Value:
    """Opens a showing under another policy; ``n_effective`` is how many showings it rests on."""

    snips: float
    robust: float
    low: float
    high: float
    n_effective: float

    @property
    def is_enough(self) -> bool:
        """Whether it rests on enough to be said."""
        return self.n_effective >= ENOUGH


def value(
    members: NDArray[np.int64],
    rewards: Floats,
    logged: Floats,
    wanted: Floats,
    expected: Floats,
    baseline: Floats,
    *,
    level: float = 0.95,
) -> Value:
    """Estimate what a policy is worth, over n showings.

    Parameters
    ----------
    members : int64[n]
        To whom it was shown; the interval is over members.
    rewards : float64[n]
        1 where it was opened.
    logged, wanted : float64[n]
        The chance with which what was shown was chosen, and with which the policy would choose it.
    expected : float64[n]
        What a model of opens says of what was shown.
    baseline : float64[n]
        What that model says of the policy's own choice there.

    Raises
    ------
    ValueError
        A logged chance is not in (0, 1].
    """
    if len(logged) and (logged.min() <= 0 or logged.max() > 1):
        raise ValueError("logged chances must be in (0, 1]")
    weights = np.minimum(wanted / logged, WEIGHT_MAX)
    total = float(weights.sum())
    if not total > 0:
        return Value(snips=np.nan, robust=np.nan, low=np.nan, high=np.nan, n_effective=0.0)
    n_effective = total**2 / float(np.square(weights).sum())
    snips = float(weights @ rewards) / total
    # Weights normalised to mean 1 keep the correction bounded where a few are large.
    normal = weights * len(weights) / total
    each = baseline + normal * (rewards - expected)
    robust = float(each.mean())
    _, rows = np.unique(members, return_inverse=True)
    counts = np.bincount(rows).astype(np.float64)
    over = np.bincount(rows, each) - robust * counts
    m = len(counts)
    variance = m / max(m - 1, 1) * float(np.square(over).sum()) / len(each) ** 2
    half = NormalDist().inv_cdf(0.5 + level / 2) * float(np.sqrt(variance))
    return Value(
        snips=snips, robust=robust, low=robust - half, high=robust + half, n_effective=n_effective
    )
