"""The chance that a card is opened, from its score: learned, shrunk to a prior, checked.

A score is the log of how much likelier a card is than the average candidate (`lift`), which says
nothing yet of how often such cards are opened here. A logistic regression does (Platt 1999), on the
score, the place on the list, the surface, and how often the member opened what they were shown
before; where there is enough, an isotonic regression (Zadrozny and Elkan 2002) corrects its shape.
The place is in the regression so that it can be taken out: `Calibration.chance` says what a card is
worth that stands first. A prior weighs `PRIOR_SHOWN` showings.

scikit-learn is imported where something is learned, in the training process only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.metrics import Reliability, reliability

PRIOR_SHOWN = 100.0
PRIOR_CHANCE = 0.10
"""Of a card of average score, where nothing was learned."""
PRIOR_SLOPE = 0.3
PRIOR_PLACE = -0.35
PRIOR_OWN = 0.5
ISOTONIC_SHOWN, ISOTONIC_OPENS = 2_000, 200
"""From so many on the shape of the curve can be learned, too."""
OWN_STRENGTH = 8.0
"""Showings that a member's own share of opens is weighed against."""
CHECKED = 0.2
"""The newest share of showings on which a calibration is checked."""
SHOWN_MIN = 50
MEMBERS_MIN = 5

Floats = NDArray[np.float64]
N_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Showings:
    """What is learned from: one row for each showing, in order of time.

    Attributes
    ----------
    members : int64[n]
    scores : float64[n]
        `lift` of each when it was shown.
    positions : int64[n]
        From 1.
    is_digest, opened : bool[n]
    """

    members: NDArray[np.int64]
    scores: Floats
    positions: NDArray[np.int64]
    is_digest: NDArray[np.bool_]
    opened: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of showings."""
        return len(self.members)

    def take(self, which: Any) -> Showings:
        """Return some of them."""
        return Showings(
            members=self.members[which],
            scores=self.scores[which],
            positions=self.positions[which],
            is_digest=self.is_digest[which],
            opened=self.opened[which],
        )


@dataclass(frozen=True, slots=True)
class Calibration:
    """Chances of being opened: a line through log-odds, and a curve over it where one was learned.

    Attributes
    ----------
    weights : float64[4]
        Of score, log of the place, digest, and the member's own log-odds above the mean.
    mean : float
        Share of showings that were opened, against which a member's own is held.
    knots, values : float64[k]
        The curve, rising; empty for none.
    """

    intercept: float
    weights: Floats
    mean: float
    knots: Floats
    values: Floats

    def at(self, columns: Floats) -> Floats:
        """Return the chances of rows of `features`, float64[n]."""
        line = self.intercept + columns @ self.weights
        if not len(self.knots):
            return np.asarray(1 / (1 + np.exp(-line)))
        return np.asarray(np.interp(line, self.knots, self.values))

    def chance(self, scores: Floats, n_shown: float, n_opened: float) -> Floats:
        """Return the chance that each card is opened in a digest if it stands first, float64[n].

        Parameters
        ----------
        n_shown, n_opened
            What the member was shown lately, and how much of that they opened.
        """
        columns = np.zeros((len(scores), N_COLUMNS))
        columns[:, 0], columns[:, 2] = scores, 1.0
        columns[:, 3] = own(n_shown, n_opened, self.mean)
        return self.at(columns)

    def packed(self) -> dict[str, Any]:
        """Return it for JSON; see `unpacked`."""
        return {
            "intercept": self.intercept,
            "weights": self.weights.tolist(),
            "mean": self.mean,
            "knots": self.knots.tolist(),
            "values": self.values.tolist(),
        }


PRIOR = Calibration(
    intercept=float(np.log(PRIOR_CHANCE / (1 - PRIOR_CHANCE))),
    weights=np.array([PRIOR_SLOPE, PRIOR_PLACE, 0.0, PRIOR_OWN]),
    mean=PRIOR_CHANCE,
    knots=np.empty(0),
    values=np.empty(0),
)


@dataclass(frozen=True, slots=True)
class Learned:
    """A calibration, and how it did on the newest showings, which it had not seen."""

    calibration: Calibration
    check: Reliability
    error_before: float
    n_shown: int
    n_members: int


def unpacked(stored: Any) -> Calibration:
    """Return a packed calibration, the prior where there is none that can be read."""
    try:
        found = Calibration(
            intercept=float(stored["intercept"]),
            weights=np.array(stored["weights"], np.float64),
            mean=float(stored["mean"]),
            knots=np.array(stored["knots"], np.float64),
            values=np.array(stored["values"], np.float64),
        )
    except (TypeError, KeyError, ValueError):
        return PRIOR
    is_whole = found.weights.shape == (N_COLUMNS,) and found.knots.shape == found.values.shape
    return found if is_whole and np.isfinite(found.weights).all() else PRIOR


def lift(total: Floats) -> Floats:
    """Return log-odds scores as log-lifts over the average candidate, float64[n].

    s - log mean exp s: of two lists with other members and other candidates, equal lifts mean the
    same, which scores do not.
    """
    if not len(total):
        return total
    most = float(total.max())
    return np.asarray(total - most - np.log(np.exp(total - most).mean()))


def own(n_shown: float, n_opened: float, mean: float) -> float:
    """Return the log-odds of a member's share of opens above the mean's, shrunk towards it."""
    mean = min(max(mean, 1e-3), 1 - 1e-3)
    share = (n_opened + OWN_STRENGTH * mean) / (n_shown + OWN_STRENGTH)
    share = min(max(share, 1e-4), 1 - 1e-4)
    return float(np.log(share / (1 - share)) - np.log(mean / (1 - mean)))


def features(shown: Showings, mean: float) -> Floats:
    """Return what chances are learned from, float64[n, 4]; a member's own by what came before."""
    n_shown = np.zeros(len(shown))
    n_opened = np.zeros(len(shown))
    order = np.argsort(shown.members, kind="stable")
    _, starts, counts = np.unique(shown.members[order], return_index=True, return_counts=True)
    taken = shown.opened[order].astype(np.float64)
    before = np.cumsum(taken) - taken
    n_shown[order] = np.arange(len(shown)) - np.repeat(starts, counts)
    n_opened[order] = before - np.repeat(before[starts], counts) if len(shown) else before
    mean = min(max(mean, 1e-3), 1 - 1e-3)
    share = (n_opened + OWN_STRENGTH * mean) / (n_shown + OWN_STRENGTH)
    share = np.clip(share, 1e-4, 1 - 1e-4)
    columns = np.empty((len(shown), N_COLUMNS))
    columns[:, 0] = shown.scores
    columns[:, 1] = np.log(shown.positions)
    columns[:, 2] = shown.is_digest
    columns[:, 3] = np.log(share / (1 - share)) - np.log(mean / (1 - mean))
    return columns


def learn(shown: Showings) -> Learned | None:
    """Learn from showings in order of time; None where they are too few to say anything.

    The figures are of the newest `CHECKED` of them, by what was learned from the others; the
    calibration itself is then learned from all.
    """
    n_members = len(np.unique(shown.members))
    if len(shown) < SHOWN_MIN or n_members < MEMBERS_MIN:
        return None
    cut = int(len(shown) * (1 - CHECKED))
    early, late = shown.take(slice(0, cut)), shown.take(slice(cut, None))
    first = _fitted(early)
    columns = features(shown, first.mean)[cut:]
    check = reliability(first.at(columns), late.opened)
    before = reliability(PRIOR.at(features(shown, PRIOR.mean)[cut:]), late.opened)
    return Learned(
        calibration=_fitted(shown),
        check=check,
        error_before=before.error,
        n_shown=len(shown),
        n_members=n_members,
    )


def _fitted(shown: Showings) -> Calibration:
    from sklearn.isotonic import IsotonicRegression
    from sklearn.linear_model import LogisticRegression

    n_opens = int(shown.opened.sum())
    mean = (n_opens + PRIOR_SHOWN * PRIOR_CHANCE) / (len(shown) + PRIOR_SHOWN)
    columns = features(shown, mean)
    beliefs, chances, weights = _prior_showings(mean)
    rows = np.vstack([columns, beliefs, beliefs])
    happened = np.concatenate([shown.opened, np.ones(len(beliefs)), np.zeros(len(beliefs))])
    counts = np.concatenate([np.ones(len(shown)), weights * chances, weights * (1 - chances)])
    line = LogisticRegression(C=1e4, max_iter=500)
    line.fit(rows, happened, sample_weight=counts)
    found = Calibration(
        intercept=float(line.intercept_[0]),
        weights=np.asarray(line.coef_[0]),
        mean=mean,
        knots=np.empty(0),
        values=np.empty(0),
    )
    if len(shown) < ISOTONIC_SHOWN or not ISOTONIC_OPENS <= n_opens <= len(shown) - ISOTONIC_OPENS:
        return found
    places = found.intercept + rows @ found.weights
    curve = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
    curve.fit(places, happened, sample_weight=counts)
    return Calibration(
        intercept=found.intercept,
        weights=found.weights,
        mean=mean,
        knots=np.asarray(curve.X_thresholds_, np.float64),
        values=np.asarray(curve.y_thresholds_, np.float64),
    )


def _prior_showings(mean: float) -> tuple[Floats, Floats, Floats]:
    """Return showings that were never made, by which the prior counts: rows, chances, weights.

    The prior's slopes hold around the mean that is seen: how often cards are opened is soon known,
    by what it changes is not.
    """
    grid = [
        (score, np.log(place), digest, shift)
        for score in (-2.0, 0.0, 2.0, 4.0)
        for place in (1, 3, 5)
        for digest in (0.0, 1.0)
        for shift in (-1.0, 0.0, 1.0)
    ]
    rows = np.array(grid)
    line = np.log(mean / (1 - mean)) + (rows - rows.mean(0)) @ PRIOR.weights
    return rows, 1 / (1 + np.exp(-line)), np.full(len(rows), PRIOR_SHOWN / len(rows))
