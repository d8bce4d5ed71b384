"""How much a refit tries, by the size of the guild and within counted work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.als import AlsSettings
from recommender.model import Settings

_STRENGTHS = ((0.05, 0.03), (0.2, 0.1), (0.5, 0.05), (0.01, 0.01))  # a0, reg
_FACTORS = ((30_000, 16), (300_000, 32), (np.inf, 64))  # below so many pairs, k


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a refit does: predictions a window, refits a window, and candidate settings."""

    n_predictions: int = 1_000
    n_refits: int = 8
    n_settings: int = len(_STRENGTHS)
    tries_ease: bool = True


_EFFORTS = (
    Effort(),
    Effort(tries_ease=False),
    Effort(n_settings=2, tries_ease=False),
    Effort(n_settings=1, tries_ease=False),
    Effort(n_refits=4, n_settings=1, tries_ease=False),
    Effort(n_predictions=500, n_refits=2, n_settings=1, tries_ease=False),
    Effort(n_predictions=250, n_refits=1, n_settings=1, tries_ease=False),
)


def options(n_pairs: int) -> list[Settings]:
    """Return the settings to choose from for so many pairs of member and wanted resource.

    More pairs carry more factors; weight of the unobserved and regularization are those that did
    well on news-like, film-like and shop-like data (docs/recommender.md).
    """
    n_factors = next(k for limit, k in _FACTORS if n_pairs < limit)
    return [
        Settings(AlsSettings(n_factors, unobserved=a0, regularization=reg))
        for a0, reg in _STRENGTHS
    ]


def within(n_pairs: int, n_items: int, budget_s: float) -> Effort:
    """Return how much tuning and judging fits into a budget, by counted work.

    Nominal seconds: 2e-9 a factor and pair in each of about 4 sweeps a refit, 3e-9 n³ for an
    inverse of n items, 1 ms + 0.3 µs an item for a prediction. What goes first is EASE, then
    candidate settings, then refits, then predictions.
    """
    n_factors = next(k for limit, k in _FACTORS if n_pairs < limit)
    for wanted in _EFFORTS:
        fits = 2 * wanted.n_refits * wanted.n_settings * 4 * n_pairs * n_factors * 2e-9
        inverses = 2 * wanted.n_refits * 3e-9 * n_items**3 / 10 if wanted.tries_ease else 0.0
        asked = (2 + wanted.n_settings / 2) * wanted.n_predictions * (1e-3 + 3e-7 * n_items)
        if fits + inverses + asked <= budget_s:
            return wanted
    return _EFFORTS[-1]
