"""A guild's candidates with everything in their scores that no member changes.

Owns what is worth keeping between two requests: where each candidate stands in the model, and the
decayed counts, moved on by the events that come in. Holds no taste: a member's part is computed
for one answer and dropped. A pool that was added to gives the scores of a pool that is made again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recommender.features import INTEREST, N_VIEWS, fading, fill, table
from recommender.interactions import Interactions, Items, first_positives, settle
from recommender.model import FALLBACK_WEIGHTS, FEATURES, Model
from recommender.popularity import TIME_CONSTANTS_S, count, positions


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of candidates, in their order.

    ids is int64[n]; total, float64[n], is the weighted sum of each one's features; differences of
    totals are log-odds of being chosen next. The features, float64[m, d] in the order of `names`,
    are those of the pool, the candidates' in the rows `at`, intp[n]; deviations, float64[3], are
    those of `features.views`. `now` is the moment they were scored at, unix seconds.
    """

    ids: NDArray[np.int64]
    total: NDArray[np.float64]
    features: NDArray[np.float64]
    weights: NDArray[np.float64]
    at: NDArray[np.intp]
    deviations: NDArray[np.float64]
    now: float
    names: tuple[str, ...] = FEATURES

    @property
    def parts(self) -> NDArray[np.float64]:
        """Weight times feature, float64[n, d]; rows sum to the totals."""
        return self.parts_of(np.arange(len(self.ids)))

    def parts_of(self, places: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the `parts` of some candidates."""
        return self.features[self.at[places]] * self.weights

    @property
    def average(self) -> NDArray[np.float64]:
        """The `parts` of the average candidate, float64[d]; zeros where there is none."""
        is_asked = np.zeros(len(self.features))
        is_asked[self.at] = 1.0 / max(1, len(self.at))
        return np.asarray(is_asked @ self.features * self.weights)


class Pool:
    """Candidates ready to be scored.

    Parameters
    ----------
    model : Model or None
        None before the first fit: recent use, age and interests with the weights of a fallback.
    items : Items
        All candidates. One the model does not know has no taste, no quality and no level.
    fresh : Interactions
        Events of all members since `model.as_of` (all there are if model is None). A pair counts
        once; one that was already counted before `as_of` counts again.
    now : float
        Unix seconds, finite.
    """

    def __init__(self, model: Model | None, items: Items, fresh: Interactions, now: float) -> None:
        if not np.isfinite(now):
            raise ValueError("now must be finite")
        self.model, self.items = model, items
        self._firsts = first_positives(fresh)
        self._counted: dict[tuple[int, int], float] | None = None
        if model is None:
            self._as_of = now
            self._counts = count(items.ids, self._firsts, now)
            return
        self._as_of = max(now, model.as_of)
        self._counts = model.counts.at(items.ids, self._firsts, now)
        self._rows, self._is_known = positions(model.ids, items.ids)

    def add(self, fresh: Interactions, now: float) -> None:
        """Count events that came after those the pool has; the same pair never counts twice.

        Of a pair that comes again the earliest event counts, as if all had come at once.
        """
        if self._counted is None:
            self._counted = dict(_pairs(self._firsts))
        firsts = first_positives(fresh)
        earlier, is_new = np.full(len(firsts), np.nan), np.zeros(len(firsts), bool)
        for n, (pair, at) in enumerate(_pairs(firsts)):
            known = self._counted.get(pair)
            if known is None or at < known:
                self._counted[pair], is_new[n] = at, True
                earlier[n] = np.nan if known is None else known
        self._counts, self._as_of = self._counts_at(now), max(now, self._as_of)
        self._counts += count(self.items.ids, firsts.take(is_new), self._as_of)
        again = np.isfinite(earlier)
        if again.any():
            before = replace(firsts.take(again), times=earlier[again])
            self._counts -= count(self.items.ids, before, self._as_of)
            np.maximum(self._counts, 0, out=self._counts)

    def score(
        self,
        history: Interactions,
        *,
        now: float,
        which: NDArray[np.bool_] | None = None,
        interesting: NDArray[np.bool_] | None = None,
    ) -> Scores:
        """Score the candidates for one member.

        Parameters
        ----------
        history : Interactions
            The member's own events, any number of them per item, seconds old or years. Events on
            items the model does not know change nothing until the next fit.
        now : float
            Unix seconds, finite.
        which : bool[n], optional
            Only these candidates.
        interesting : bool[n], optional
            Which of all candidates carry a tag that the member named as an interest.
        """
        features = table(self._counts_at(now), now - self.items.published)
        own = settle(one_member(history))
        if interesting is not None:
            features[:, INTEREST] = interesting * fading(own)
        deviations = np.ones(N_VIEWS)
        if self.model is not None:
            deviations = fill(features, self.model, own, self._rows, self._is_known, now)
        weights = FALLBACK_WEIGHTS if self.model is None else self.model.weights
        total, ids = features @ weights, self.items.ids
        if which is None or which.all():
            return Scores(
                ids=ids,
                total=total,
                features=features,
                weights=weights,
                at=np.arange(len(ids)),
                deviations=deviations,
                now=now,
            )
        at = np.flatnonzero(which)
        return Scores(
            ids=ids[at],
            total=total[at],
            features=features,
            weights=weights,
            at=at,
            deviations=deviations,
            now=now,
        )

    @property
    def places(self) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Where the candidates stand in the model, and whether they do; see `positions`."""
        if self.model is None:
            raise ValueError("there is no model")
        return self._rows, self._is_known

    def _counts_at(self, now: float) -> NDArray[np.float64]:
        if not np.isfinite(now):
            raise ValueError("now must be finite")
        return self._counts * np.exp(-max(0.0, now - self._as_of) / TIME_CONSTANTS_S)


def one_member(history: Interactions) -> Interactions:
    """Return the history, or raise ValueError if it holds events of several members."""
    if len(history) and (history.members != history.members[0]).any():
        raise ValueError("a history must hold the events of one member")
    return history


def _pairs(data: Interactions) -> list[tuple[tuple[int, int], float]]:
    pairs = zip(data.members.tolist(), data.items.tolist(), strict=True)
    return list(zip(pairs, data.times.tolist(), strict=True))
