"""What may be said together, what is shown of it, and when a link needs a look. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from storage.records import EventKind, Mark, RatingState, Voices

SHOWN_MIN: Final = 5
"""So many members must stand behind a number before it is shown."""
PRIOR_STARS: Final = 3.5
PRIOR_OF_SERVER: Final = 10
"""How many invented ratings of `PRIOR_STARS` a server begins with."""
PRIOR_OF_ONE: Final = 5
"""How many ratings of the server's mean a resource begins with."""
REPORTS_MIN: Final = 2
"""So many members say that a link is broken before somebody looks."""
SENTENCE_MAX: Final = 200
SENTENCES_SHOWN: Final = 3
STARS_MAX: Final = 5

EVENTS: Mapping[Mark, EventKind] = {
    "useful": EventKind.USEFUL,
    "known": EventKind.KNOWN,
    "too_easy": EventKind.TOO_EASY,
    "too_hard": EventKind.TOO_HARD,
    "outdated": EventKind.OUTDATED,
    "broken": EventKind.BROKEN,
}
_ADDRESS = re.compile(r"https?:|\bwww\.|discord\.gg|<[@#]", re.IGNORECASE)
_APART: Mapping[Mark, Mark] = {"too_easy": "too_hard", "too_hard": "too_easy"}
_WITHOUT_OPENING: Final = ("known", "broken")
_OWN: Final = ("outdated", "broken")


def replaced(mark: Mark) -> Mark | None:
    """Return the mark that another one takes the place of."""
    return _APART.get(mark)


def needs_opening(mark: Mark | None) -> bool:
    """Say whether only who has opened a resource may say this of it; None is a rating."""
    return mark not in _WITHOUT_OPENING


def may_creator(mark: Mark | None) -> bool:
    """Say whether who made a resource may say this of it; None is a rating."""
    return mark in _OWN


def kind_of(stars: int) -> EventKind:
    """Return the event that a rating is."""
    if stars >= 4:
        return EventKind.LIKED
    return EventKind.RATED if stars == 3 else EventKind.DISLIKED


def state_of(sentence: str, before: str, state: RatingState) -> RatingState:
    """Return where a rating's sentence stands after it was written: what is new waits."""
    if not sentence:
        return "none"
    return state if sentence == before and state != "none" else "waiting"


def has_address(sentence: str) -> bool:
    """Say whether a sentence leads somewhere: that is for submissions."""
    return _ADDRESS.search(sentence) is not None


def mean_stars(n: int, stars: int, n_all: int, stars_all: int) -> float | None:
    """Return a resource's mean rating, None where fewer than `SHOWN_MIN` rated it.

    It is shrunk by `PRIOR_OF_ONE` ratings of the server's mean, which itself is shrunk by
    `PRIOR_OF_SERVER` of `PRIOR_STARS`: five friends do not make a resource the best there is.

    Parameters
    ----------
    n, stars
        Ratings of the resource, and their stars in all.
    n_all, stars_all
        Those of the server.
    """
    if n < SHOWN_MIN:
        return None
    everywhere = (PRIOR_STARS * PRIOR_OF_SERVER + stars_all) / (PRIOR_OF_SERVER + n_all)
    return (everywhere * PRIOR_OF_ONE + stars) / (PRIOR_OF_ONE + n)


def shown_marks(voices: Voices) -> list[tuple[Mark, int]]:
    """Return how many gave each mark, most first; nothing where too few said anything."""
    if voices.n_members < SHOWN_MIN:
        return []
    given: list[tuple[Mark, int]] = [(mark, getattr(voices, mark)) for mark in EVENTS]
    return sorted((pair for pair in given if pair[1]), key=lambda pair: -pair[1])


def needs_check(voices: Voices) -> bool:
    """Say whether somebody should look at the link."""
    return voices.broken >= REPORTS_MIN
