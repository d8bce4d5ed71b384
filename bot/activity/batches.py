"""What one call brings to be recorded, and what became of each event of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.activity.rules import Missed, Posted, Reacted

Cursor = tuple[int, int, int]
"""Guild, channel, and the newest message of it that has been processed."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages, reactions, how far they go, what is gone since, and whether they are read back."""

    messages: tuple[Posted, ...]
    reactions: tuple[Reacted, ...]
    cursor: Cursor | None
    missed: Missed
    is_past: bool


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an event: its id where it is new, and how it is counted."""

    event_id: int | None
    kind: str
    became: str


def tally(counted: Counter[tuple[str, str]], fates: Iterable[Fate]) -> int:
    """Count what became of events, once it is committed: a job may be redone; return the new."""
    n_new = 0
    for fate in fates:
        counted[fate.kind, fate.became] += 1
        n_new += fate.event_id is not None
    return n_new
