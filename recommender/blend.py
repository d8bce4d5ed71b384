"""The learned last step: a listwise softmax over a handful of features.

Owns the sampling of candidates and the fit of the weights. Of all candidates at the moment of an
event one was chosen; the weights maximise the likelihood of those choices (conditional logit,
McFadden 1974; ListNet's top-one loss, Cao et al., ICML 2007), with a normal prior around the
weights that serve without data.

Legend
------
f, w    features of a candidate and their weights
b       log of 1 / the chance with which a candidate entered the sample
P(c)    exp(f_c·w + b_c) / Σ_j exp(f_j·w + b_j)
s       strength of the prior, in predictions
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

N_LIKELY, N_OTHER = 100, 100  # candidates sampled per prediction: the likeliest, and of the rest
PRIOR_STRENGTH = 5.0
N_NEWTON_STEPS = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """One prediction: features float64[c, d] of sampled candidates, the chosen one in row 0.

    offsets is float64[c], b of the legend; `evidence` what the member's taste rests on
    (`features.evidence`).
    """

    features: NDArray[np.float64]
    offsets: NDArray[np.float64]
    evidence: float = 0.0


def sample(
    guess: NDArray[np.float64], chosen: int, rng: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Choose the candidates a prediction is learned from.

    The chosen one, the likeliest others, and some of the rest: uniform sampling alone would rarely
    meet the few candidates a decision is really between.

    Parameters
    ----------
    guess : float64[n]
        Scores of all candidates that say which are likely.
    chosen : int
        Position of the one that was chosen.

    Returns
    -------
    rows : intp[c]
        Positions of the sample, the chosen one first.
    offsets : float64[c]
        b of the legend.
    """
    others = np.delete(np.arange(len(guess)), chosen)
    if len(others) > N_LIKELY:
        others = others[np.argpartition(-guess[others], N_LIKELY)]
    likely, rest = others[:N_LIKELY], others[N_LIKELY:]
    kept = rng.choice(rest, min(N_OTHER, len(rest)), replace=False)
    rows = np.concatenate([[chosen], likely, kept]).astype(np.intp)
    offsets = np.zeros(len(rows))
    if len(kept):
        offsets[-len(kept) :] = np.log(len(rest) / len(kept))
    return rows, offsets


def learn(
    choices: Sequence[Choice], prior: NDArray[np.float64], *, not_below_zero: Sequence[int] = ()
) -> NDArray[np.float64]:
    """Return the weights of greatest posterior, by Newton's method.

    Parameters
    ----------
    choices : sequence of Choice
        Without any, the prior is returned.
    prior : float64[d]
        Centre of the normal prior.
    not_below_zero : sequence of int
        Features whose weight is held at 0 where the data would make it negative.

    Returns
    -------
    float64[d]
    """
    if not choices:
        return prior.copy()
    features, offsets = _stack(choices)
    is_free = np.ones(len(prior), bool)
    while True:
        weights = _newton(features, offsets, prior, is_free)
        held = [i for i in not_below_zero if weights[i] < 0]
        if not held:
            return weights
        is_free[held] = False


def loss(choices: Sequence[Choice], weights: NDArray[np.float64]) -> float:
    """Return the mean negative log-likelihood of the choices, in nats."""
    return float(losses(choices, weights).mean())


def losses(choices: Sequence[Choice], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the negative log-likelihood of each choice, in nats, float64[n]."""
    features, offsets = _stack(choices)
    chances = _probabilities(features, offsets, weights)[:, 0]
    return np.asarray(-np.log(chances + 1e-300))


def _newton(
    features: NDArray[np.float64],
    offsets: NDArray[np.float64],
    prior: NDArray[np.float64],
    is_free: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Minimise the convex posterior loss; weights that are not free stay 0."""
    weights = np.where(is_free, prior, 0.0)
    value = _posterior(features, offsets, prior, weights)
    for _ in range(N_NEWTON_STEPS):
        gradient, curvature = _derivatives(features, offsets, prior, weights)
        step = np.zeros(len(prior))
        step[is_free] = np.linalg.solve(curvature[np.ix_(is_free, is_free)], gradient[is_free])
        length = 1.0
        while length > 1e-6:
            trial = weights - length * step
            trial_value = _posterior(features, offsets, prior, trial)
            if trial_value <= value:
                break
            length /= 2
        else:
            break
        gained, weights, value = value - trial_value, trial, trial_value
        if gained < 1e-9 * max(1.0, abs(value)):
            break
    return weights


def _posterior(
    features: NDArray[np.float64],
    offsets: NDArray[np.float64],
    prior: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> float:
    scores = features @ weights + offsets
    highest = scores.max(1)
    log_total = highest + np.log(np.exp(scores - highest[:, None]).sum(1))
    penalty = PRIOR_STRENGTH / 2 * np.sum((weights - prior) ** 2)
    return float((log_total - scores[:, 0]).sum() + penalty)


def _derivatives(
    features: NDArray[np.float64],
    offsets: NDArray[np.float64],
    prior: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return gradient float64[d] and Hessian float64[d, d] of the posterior loss."""
    chances = _probabilities(features, offsets, weights)
    means = np.einsum("nc,ncd->nd", chances, features)
    gradient = (means - features[:, 0]).sum(0) + PRIOR_STRENGTH * (weights - prior)
    flat = features.reshape(-1, features.shape[2])
    curvature = flat.T @ (flat * chances.reshape(-1, 1)) - means.T @ means
    return gradient, curvature + PRIOR_STRENGTH * np.eye(len(weights))


def _probabilities(
    features: NDArray[np.float64], offsets: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    scores = features @ weights + offsets
    chances = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(chances / chances.sum(1, keepdims=True))


def _stack(choices: Sequence[Choice]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return features [n, c, d] and offsets [n, c], padded with candidates of probability 0."""
    width = max(len(choice.offsets) for choice in choices)
    features = np.zeros((len(choices), width, choices[0].features.shape[1]))
    offsets = np.full((len(choices), width), -np.inf)
    for i, choice in enumerate(choices):
        features[i, : len(choice.offsets)] = choice.features
        offsets[i, : len(choice.offsets)] = choice.offsets
    return features, offsets
