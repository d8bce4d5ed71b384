"""What may be asked of figures, and what may be tried out. Pure."""

from collections.abc import Collection, Mapping

from bot.dates import DAY_S
from storage.records import MetricName, PolicyName

SPANS = (7, 30, 90)
"""Days that figures are asked of."""
HOLDOUT_MAX_PERCENT = 30
WEEKS_MAX = 12
"""An experiment that would take longer is not started."""
PAST_WEEKS = 4
"""So far back it is read how much members take, to say what can be seen."""
WEEK_S = 7 * DAY_S
SHARES = (10, 50)
"""Percent of members, or of lists, that may get the new."""
RANGES: Mapping[PolicyName, tuple[float, float]] = {
    "exploration": (0.0, 0.5),
    "diversity": (0.0, 2.0),
    "digest": (0.0, 0.5),
    "ranker": (0.0, 0.0),
}
"""From where to where the new value of a policy may be."""
METRICS: tuple[MetricName, ...] = ("open", "save")


def names_one_of(text: str, tags: Collection[str]) -> bool:
    """Say whether a text names one of some topics, all folded: as words, or as Han characters."""
    words = f" {' '.join(text.replace('-', ' ').split())} "
    return any(
        f" {name} " in words if name.isascii() else name in words
        for name in (tag.replace("-", " ").strip() for tag in tags)
        if name
    )


def is_within(policy: PolicyName, value: float) -> bool:
    """Say whether a policy may have a value."""
    low, high = RANGES[policy]
    return low <= value <= high
