"""A list of a few cards out of many scored candidates: mixed as its reader is, and never twice.

Owns the greedy choice. What topics, works, reasons and levels are is the caller's; here they are
columns. A list is more than its best members: each next card is worth its score, less its likeness
to a card above it (maximal marginal relevance, Carbonell and Goldstein, SIGIR 1998), less what it
leaves between the mix of the list and the mix its reader wants (calibrated recommendations, Steck,
RecSys 2018: KL divergence, greedily).

Legend
------
p, q    the mix that is wanted, and that of a list: the mean of the shares of its cards
α       share of p in the smoothed q, so that no topic that is missing costs infinitely much
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.model import Model
from recommender.popularity import positions

ALPHA = 0.01
N_OF_CREATOR = 2
N_OF_REASON = 2
N_ELSEWHERE = 1
FOLLOWS_BY = 2  # the card by which a list must have taken up what the member did last
REASON_COST = 0.3  # log-odds that a card loses whose reason was said already, twice without any
REASON_SHARE = 0.25  # of a card's strongest reason that the one given must be worth
NO_REASON = -1


@dataclass(frozen=True, slots=True)
class Mix:
    """What a list should be made of.

    Attributes
    ----------
    shares : float64[n, t]
        Of each candidate, how it divides over topics; rows sum to at most 1.
    wanted : float64[t]
        p, sums to 1.
    strength : float
        Log-odds for each nat of KL divergence, at least 0.
    """

    shares: NDArray[np.float64]
    wanted: NDArray[np.float64]
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Candidates for a list.

    Attributes
    ----------
    total : float64[n]
        Scores in log-odds.
    alike : float64[n, n]
        What a card loses beside another that is on the list.
    works, creators : int64[n]
        One number for all editions of a work, of which a list has one; one for all works of a
        creator, of which it has two, -1 for none that is known.
    reasons : float64[n, r]
        What each reason adds to a candidate's score, 0 where it is not true of it.
    subjects : int64[r]
        Reasons of one subject, such as "because you read X" and "liked by readers of X", are given
        to two cards of a list together.
    is_next : bool[r]
        Reasons of which one must be given early, where any candidate has one, and which are what
        speaks most for two cards at most, besides those that rest on a shared one: the list follows
        what was done last.
    is_shared : bool[r]
        Reasons on which more cards may rest than are given it: what was asked for, or named.
    is_elsewhere : bool[n]
        Candidates about nothing that its reader named, of which a list has one.
    is_held : bool[n]
        Candidates for places that would stay empty.
    mixes : sequence of Mix
    """

    total: NDArray[np.float64]
    alike: NDArray[np.float64]
    works: NDArray[np.int64]
    creators: NDArray[np.int64]
    reasons: NDArray[np.float64]
    subjects: NDArray[np.int64]
    is_next: NDArray[np.bool_]
    is_shared: NDArray[np.bool_]
    is_elsewhere: NDArray[np.bool_]
    is_held: NDArray[np.bool_]
    mixes: Sequence[Mix] = ()


class _List:
    """A list that grows by a card at a time."""

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self.places: list[int] = []
        self.reasons: list[int] = []
        self._is_left = np.ones(len(offer.total), bool)
        self._likeness = np.zeros(len(offer.total))
        self._sums = [np.zeros(len(mix.wanted)) for mix in offer.mixes]
        self._said = np.zeros(len(offer.subjects), np.int64)
        most = offer.reasons.max(1, initial=0.0)
        # What was asked for or named is worth saying whatever else speaks for a card.
        self._least = np.where(offer.is_shared, 0.0, REASON_SHARE * most[:, None])
        rests_on_shared = offer.reasons[:, offer.is_shared].max(1, initial=0.0)
        follows = offer.reasons[:, offer.is_next].max(1, initial=0.0)
        self._follows = (follows > 0) & (follows >= most) & (rests_on_shared <= 0)
        self._may_be_silent = rests_on_shared >= most  # also where nothing can be said

    def grow(self, *, is_strict: bool, holds: bool = True) -> bool:
        """Add the best card that may be added, none that is held if ``holds``; False for none."""
        offer = self.offer
        sayable = np.where(self._is_sayable(), offer.reasons, 0.0)
        is_able = self._is_left & ~offer.is_held if holds else self._is_left.copy()
        if holds and offer.is_elsewhere[self.places].sum() >= N_ELSEWHERE:
            is_able &= ~offer.is_elsewhere
        if is_strict:
            is_able &= self._is_of_new_hand()
            sayable = np.where(offer.reasons >= self._least, sayable, 0.0)
            is_able &= (sayable > 0).any(1) | self._may_be_silent
            if self._follows[self.places].sum() >= N_OF_REASON:
                is_able &= ~self._follows
        if not is_able.any():
            return False
        follows = self._must_follow(sayable, is_able)
        if follows.any():
            sayable = np.where(offer.is_next, sayable, 0.0)
            is_able = follows
        worth = np.where(is_able, self._worth(sayable), -np.inf)
        self._add(int(worth.argmax()), sayable)
        return True

    def _is_sayable(self) -> NDArray[np.bool_]:
        of_subject = np.bincount(self.offer.subjects, self._said, len(self._said) + 1)
        return np.asarray(
            (self._said < N_OF_REASON) & (of_subject[self.offer.subjects] < N_OF_REASON)
        )

    def _is_of_new_hand(self) -> NDArray[np.bool_]:
        """Say whose creator does not have two cards already."""
        own, numbers = self.offer.creators, self.offer.creators[self.places]
        counts = np.bincount(numbers[numbers >= 0], minlength=int(own.max(initial=0)) + 1)
        return np.asarray((own < 0) | (counts[own] < N_OF_CREATOR))

    def _must_follow(
        self, sayable: NDArray[np.float64], is_able: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Return the cards of which the next must be one; none where it may be any."""
        is_next = self.offer.is_next
        has_followed = any(at != NO_REASON and is_next[at] for at in self.reasons)
        if has_followed or len(self.places) + 1 != FOLLOWS_BY:
            return np.zeros(len(is_able), bool)
        return np.asarray(is_able & (sayable[:, is_next] > 0).any(1))

    def _worth(self, sayable: NDArray[np.float64]) -> NDArray[np.float64]:
        is_new = (sayable[:, self._said == 0] > 0).any(1)
        is_said = (sayable > 0).any(1)
        worth = self.offer.total - self._likeness
        worth -= REASON_COST * (2.0 - is_said - is_new)
        for mix, before in zip(self.offer.mixes, self._sums, strict=True):
            q = (before + mix.shares) / (len(self.places) + 1)
            worth -= mix.strength * divergence(mix.wanted, q)
        return np.asarray(worth)

    def _add(self, place: int, sayable: NDArray[np.float64]) -> None:
        offer, own = self.offer, sayable[place]
        fresh = np.where(self._said == 0, own, 0.0)
        # What its reader named comes before what they did not, where it is a good part of it.
        named = np.where(
            offer.is_shared & (fresh >= REASON_SHARE * own.max(initial=0.0)), fresh, 0.0
        )
        best = next(each for each in (named, fresh, own) if (each > 0).any() or each is own)
        reason = int(best.argmax()) if (best > 0).any() else NO_REASON
        if reason != NO_REASON:
            self._said[reason] += 1
        self.places.append(place)
        self.reasons.append(reason)
        self._is_left &= offer.works != offer.works[place]
        np.maximum(self._likeness, offer.alike[place], out=self._likeness)
        for mix, so_far in zip(offer.mixes, self._sums, strict=True):
            so_far += mix.shares[place]


def compose(offer: Offer, k: int) -> tuple[list[int], list[int]]:
    """Choose a list of up to k cards.

    Where the limits on creators and reasons leave places empty, the best of those passed over fill
    them, and only then what is held, and more from elsewhere; two editions of one work never stand
    on one list.

    Returns
    -------
    places, reasons : list of int
        Rows of the offer, and for each the column of its reason, `NO_REASON` for none.
    """
    made = _List(offer)
    while len(made.places) < k and made.grow(is_strict=True):
        pass
    while len(made.places) < k and made.grow(is_strict=False):
        pass
    while len(made.places) < k and made.grow(is_strict=False, holds=False):
        pass
    return made.places, made.reasons


def divergence(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return KL(p || (1 - α) q + α p) over the last axis, in nats, at least 0 where q sums to 1."""
    wanted = p > 0
    own = p[wanted]
    return np.asarray((own * np.log(own / ((1 - ALPHA) * q[..., wanted] + ALPHA * own))).sum(-1))


def likeness(model: Model | None, ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how alike items are, float64[n, n] in [0, 1], 0 where nothing is known of one.

    The larger of the cosine between factors and the content view's cosine, not below 0.
    """
    found = np.zeros((len(ids), len(ids)))
    if model is None:
        return found
    rows, is_known = positions(model.ids, ids)
    rows = rows[is_known]
    factors = model.factors.rows[rows].astype(np.float64)
    lengths = np.linalg.norm(factors, axis=1, keepdims=True)
    np.divide(factors, lengths, out=factors, where=lengths > 0)
    of_texts = model.content.contributions(rows, np.ones(len(rows)), rows)
    known = np.maximum(np.maximum(factors @ factors.T, of_texts), 0)
    found[np.ix_(is_known, is_known)] = np.maximum(known, known.T)
    return found
