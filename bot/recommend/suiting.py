"""What suits a reader: a language they read, their level, their turn on a path, not yet tired of.

Columns over the shelf or over scored resources, before anything is chosen; `composing` chooses.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.recommend import rules
from bot.recommend.arrays import Past, Shelf
from recommender import features, ranking
from recommender.interactions import Interactions, settle
from recommender.model import FATIGUE, Model
from recommender.popularity import among, positions
from storage.records import EventKind, Level

Floats = NDArray[np.float64]


def tired(model: Model | None, ids: NDArray[np.int64], shown: rules.Showings, now: float) -> Floats:
    """Return log-odds that each resource loses because it was shown and not opened."""
    cost = FATIGUE if model is None else model.fatigue
    rows, is_listed = positions(ids, np.array([i for i, _ in shown], np.int64))
    ages = now - np.array([at for _, at in shown], np.float64)[is_listed]
    parts = np.exp(-np.maximum(ages, 0.0) / features.FATIGUE_S)
    showings = np.bincount(rows[is_listed], parts, len(ids))
    return np.asarray(cost * np.log1p(showings))


def readable(
    shelf: Shelf, history: Interactions, languages: Sequence[str | None]
) -> NDArray[np.bool_]:
    """Say what of the shelf the member can read; all of it where none of ``languages`` is known.

    Parameters
    ----------
    languages
        Those they are spoken to in, and ask in or for.
    """
    spoken = [rules.language_code(language) for language in languages if language]
    if not spoken:
        return np.ones(len(shelf.items), np.bool_)
    is_wanted = among(shelf.items.ids, history.items[history.weights > 0])
    return ranking.readable(shelf.languages, is_wanted, spoken, share=rules.READ_SHARE)


def within(shelf: Shelf, past: Past, history: Interactions) -> NDArray[np.bool_]:
    """Say what of the shelf is not more than a step above the member's level."""
    return np.asarray(shelf.steps <= rules.ceiling(_levels_of(shelf, past, history)))


def in_order(
    chains: Sequence[Sequence[int]],
    needs: rules.Needs,
    past: Past,
    ids: NDArray[np.int64],
    total: Floats,
    is_left: NDArray[np.bool_],
) -> tuple[Floats, dict[int, int]]:
    """Return scores that heed what comes before what, and the next steps with what each follows.

    What follows what a member finished stands above all that is alike; a step whose turn has not
    come stands below.
    """
    if not chains and not needs:
        return total, {}
    finished = past.finished
    early = np.array(sorted(rules.too_early(chains, set(finished), needs)), np.int64)
    heeded = total - rules.EARLY_COST * among(ids, early)
    coming = rules.following(chains, finished, set(past.seen.tolist()), needs)
    is_next = is_left & among(ids, np.array(sorted(coming), np.int64))
    others = heeded[is_left & ~is_next]
    if is_next.any() and len(others):
        heeded[is_next] = np.maximum(heeded[is_next], others.max() + rules.FOLLOWS)
    return heeded, coming


def _levels_of(shelf: Shelf, past: Past, history: Interactions) -> list[tuple[Level | None, float]]:
    own = settle(history)
    pairs = zip(own.items.tolist(), own.weights.tolist(), strict=True)
    shown = [(shelf.level_of(i), weight) for i, weight in pairs if weight > 0]
    said = [
        (rules.suited_level(level, kind), rules.MISFIT)
        for kind in (EventKind.TOO_HARD, EventKind.TOO_EASY)
        for number in past.called(kind)
        if (level := shelf.level_of(number)) is not None
    ]
    return [*shown, *said]
