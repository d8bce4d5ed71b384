"""Which languages, time zones and interests we accept, and when events may train a model."""

import re
from typing import Literal

from bot import zones
from bot.legible import is_blank
from storage.records import Consent, ConsentPolicy

Learning = Literal["granted", "declined", "notice", "unknown"]
"""Why a member's events train, or do not: what they said, else what the server's policy says."""

LANGUAGES = ("en", "zh-CN")
AUTOMATIC = "auto"
"""What a member types or picks to have no preference of their own."""

INTERESTS_MAX = 10
INTEREST_LENGTH_MAX = 30

_BETWEEN = re.compile(r"[,，、;；\n]")


def learning(policy: ConsentPolicy, consent: Consent) -> Learning:
    """Return why a member's events may train, or may not.

    Returns
    -------
    str
        What the member said; ``notice`` where they said nothing and the server lets people
        opt out; ``unknown`` where they said nothing and the server asks first.
    """
    if consent != "unknown":
        return consent
    return "notice" if policy == "notice" else "unknown"


def may_train(policy: ConsentPolicy, consent: Consent) -> bool:
    """Return whether a member's events may train the model."""
    return learning(policy, consent) in ("granted", "notice")


def parse_language(text: str) -> str | None:
    """Return one of `LANGUAGES`, None for `AUTOMATIC`.

    Raises
    ------
    ValueError
        `text` is neither.
    """
    if text == AUTOMATIC:
        return None
    if text not in LANGUAGES:
        raise ValueError(text)
    return text


def parse_time_zone(text: str) -> str | None:
    """Return the zone that `text` means (`bot.zones`), None for `AUTOMATIC`.

    Raises
    ------
    ValueError
        There is no such zone.
    """
    if text.strip().casefold() == AUTOMATIC:
        return None
    found = zones.zone_name(text)
    if found is None:
        raise ValueError(text)
    return found


def parse_interests(text: str) -> tuple[str, ...]:
    """Return the interests in a list separated by commas, each once, in the order given.

    Commas of either script, semicolons and line ends separate; a leading "#" is dropped.

    Raises
    ------
    ValueError
        More than `INTERESTS_MAX`, or one longer than `INTEREST_LENGTH_MAX` characters.
    """
    parts = (" ".join(part.split()).lstrip("# ") for part in _BETWEEN.split(text))
    found: dict[str, str] = {}
    for part in parts:
        if not is_blank(part):
            found.setdefault(part.casefold(), part)
    interests = tuple(found.values())
    if len(interests) > INTERESTS_MAX or any(len(i) > INTEREST_LENGTH_MAX for i in interests):
        raise ValueError(text)
    return interests
