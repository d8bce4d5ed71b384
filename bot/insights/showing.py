"""What was shown and what became of it, as arrays, and which figures of it may be told."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender import metrics
from recommender.metrics import Rate, Sums
from storage import showings
from storage.connection import Connection
from storage.records import EventKind

FEW = 5
"""Nothing is said of fewer members."""
JUDGED = ("recommend", "digest")
"""Where a ranking decides what is shown."""
KINDS = (
    EventKind.OPEN,
    EventKind.SAVE,
    EventKind.USEFUL,
    EventKind.TOO_HARD,
    EventKind.PURCHASE,
)

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Log:
    """What was shown, oldest first, and what became of it: arrays of one length."""

    def __init__(self, shown: showings.ShownColumns, acts: showings.ActColumns) -> None:
        self.ids = numbers(shown.ids)
        self.members = numbers(shown.members)
        self.items = numbers(shown.resources)
        self.surfaces = numbers(shown.surfaces)
        self.arms = numbers(shown.arms)
        self.teams = numbers(shown.teams)
        self.times = numbers(shown.times) / 1e6
        kinds, sources = numbers(acts.kinds), numbers(acts.sources)
        by, on, at = numbers(acts.members), numbers(acts.resources), numbers(acts.times) / 1e6
        self.opened = metrics.opened(self.ids, sources[kinds == EventKind.OPEN])

        def credited(kind: EventKind) -> Flags:
            which = kinds == kind
            return metrics.credited(
                self.members, self.items, self.times, by[which], on[which], at[which]
            )

        self.saved, self.useful = credited(EventKind.SAVE), credited(EventKind.USEFUL)
        self.bought, self.hard = credited(EventKind.PURCHASE), credited(EventKind.TOO_HARD)
        names = [showings.SURFACES.index(name) for name in showings.SURFACES if name in JUDGED]
        self.is_judged = np.isin(self.surfaces, names)

    def hits(self, metric: str) -> Flags:
        """Return which showings count for a metric."""
        return self.opened if metric == "open" else self.saved


async def read(conn: Connection, guild_id: int, since: float, until: float) -> Log:
    """Read what was shown between two moments, and what was done to it until now."""
    shown = await showings.shown(conn, guild_id, since, until)
    acts = await showings.acts(conn, guild_id, since, until + metrics.CREDIT_S, KINDS)
    return Log(shown, acts)


def numbers(joined: str) -> Ints:
    """Return the numbers of a comma-separated text."""
    return np.fromstring(joined, np.int64, sep=",") if joined else np.empty(0, np.int64)


def among(sums: Sums, which: Flags) -> Sums:
    """Return the sums of some members."""
    return Sums(sums.members[which], sums.shown[which], sums.hits[which])


def said(rate: Rate) -> dict[str, Any] | None:
    """Return a rate as it may be told, None of fewer than `FEW` members."""
    if rate.n_members < FEW or math.isnan(rate.value):
        return None
    return {
        "n_members": rate.n_members,
        "n_shown": rate.n_shown,
        "n_hits": rate.n_hits,
        "value": rate.value,
        "low": rate.low,
        "high": rate.high,
    }


def if_enough(n_members: int, told: dict[str, Any]) -> dict[str, Any] | None:
    """Return figures, None of fewer than `FEW` members."""
    return told if n_members >= FEW else None


def number(value: float) -> float | None:
    """Return a number that JSON can say."""
    return float(value) if math.isfinite(value) else None
