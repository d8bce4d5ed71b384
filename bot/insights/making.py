"""What became of one creator's resources: counted in the same process as other figures.

Of each resource that fewer than `FEW` members were shown only that is said. Where it stands among
its kind is a quarter, never a rank among named others.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.insights.showing import FEW, Log
from recommender import metrics

KIND_MIN = 5
"""Resources of a kind among which a quarter means something."""


def of_creator(
    log: Log, listed: Sequence[tuple[int, str, int, float]], creator: int
) -> list[dict[str, Any]]:
    """Return the figures of a creator's resources, those most shown first."""
    ids, rows = metrics.ranked(log.items)
    n = len(ids)
    shown = np.bincount(rows, minlength=n)
    counts = {
        name: np.bincount(rows, hits, n)
        for name, hits in (
            ("opened", log.opened),
            ("saved", log.saved),
            ("useful", log.useful),
            ("hard", log.hard),
            ("bought", log.bought),
        )
    }
    readers = metrics.readers(rows, log.members, n)
    place = {number: at for at, number in enumerate(ids.tolist())}
    rates: dict[str, list[float]] = {}
    for number, kind, _, _ in listed:
        at = place.get(number)
        if at is not None and readers[at] >= FEW:
            rates.setdefault(kind, []).append(float(counts["opened"][at] / shown[at]))
    found: list[dict[str, Any]] = []
    for number, kind, made_by, _ in listed:
        if made_by != creator:
            continue
        at = place.get(number)
        if at is None or readers[at] < FEW:
            found.append({"resource": number, "shown": None})
            continue
        rate, alike = float(counts["opened"][at] / shown[at]), rates[kind]
        one: dict[str, Any] = {"resource": number, "shown": int(shown[at])}
        one |= {name: int(column[at]) for name, column in counts.items()}
        one["band"] = metrics.band(rate, np.array(alike)) if len(alike) >= KIND_MIN else 0
        found.append(one)
    return sorted(found, key=lambda each: -(each["shown"] or 0))
