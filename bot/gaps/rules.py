"""What counts as missing, and how much of it one member may ask for. Pure."""

from collections.abc import Mapping
from typing import Final

from bot import dates
from bot.legible import is_blank
from storage.records import TopicGap

BEHIND_MIN: Final = 5
"""Members who must stand behind what moderators and creators are shown."""
TEXT_MAX: Final = 60
WISHES_MAX: Final = 20
"""Open wishes of one member."""
MISSED_FOR_S: Final = 90 * dates.DAY_S
"""A search in vain counts for so long."""
READ_FOR_S: Final = 90 * dates.DAY_S
UNANSWERED_S: Final = 2 * dates.DAY_S
"""A question without an answer for so long is unanswered."""
FEW: Final = 4
"""So many resources of a topic are few, if it has readers."""
READERS_EACH: Final = 5
"""More than few are few, too, where so many readers come to each."""


def wish_text(text: str) -> str:
    """Return a wish on one line, "" for what says nothing."""
    line = " ".join(text.split())[:TEXT_MAX].strip()
    return "" if is_blank(line) else line


def topics(
    n_readers: Mapping[str, int],
    n_resources: Mapping[str, int],
    n_askers: Mapping[str, int],
    n_hard: Mapping[str, int],
) -> list[TopicGap]:
    """Return the topics that lack something, each with its counts, of enough members each."""
    found = []
    for tag in sorted({*n_readers, *n_askers, *n_hard}):
        gap = TopicGap(
            tag=tag,
            n_readers=n_readers.get(tag, 0),
            n_resources=n_resources.get(tag, 0),
            n_askers=n_askers.get(tag, 0),
            n_hard=n_hard.get(tag, 0),
        )
        few = gap.n_resources <= FEW or gap.n_readers >= READERS_EACH * gap.n_resources
        if gap.n_askers or gap.n_hard or (gap.n_readers and few):
            found.append(gap)
    return found
