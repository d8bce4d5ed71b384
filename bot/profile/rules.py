"""Which languages, time zones and interests we accept, and when events may train a model."""

import re
import unicodedata
from dataclasses import replace
from typing import Literal

from bot import zones
from bot.legible import is_blank
from storage.records import ConsentPolicy, Member

Learning = Literal["earlier", "granted", "declined", "notice", "not-shown", "unknown", "untracked"]
"""What of a member trains and why, or why nothing does; see `learning`."""
Answer = Literal["yes", "all", "no"]
"""What a member may say: from now on, earlier records too, nothing."""

FROM_THE_START = 0.0

LANGUAGES = ("en", "zh-CN")
AUTOMATIC = "auto"
"""What a member types or picks to have no preference of their own."""

INTERESTS_MAX = 10
INTEREST_LENGTH_MAX = 30

_BETWEEN = re.compile(r"[,，、;；\n]")


def trains_from(policy: ConsentPolicy, member: Member) -> float | None:
    """Return from which moment on what a member does may train the model, None where nothing may.

    A yes counts from when it was given, or from the start if it says so or was given before
    anything was recorded here (it has no date). Without an answer, and only where the server asks
    nobody, it is the moment at which the member was shown the notice. A no, no answer to a
    question, and tracking switched off keep everything out; so does what was before a newer yes.
    `storage.consent.is_allowed` says the same in SQL.
    """
    if not member.is_tracked:
        return None
    if member.consent == "granted":
        is_dated = member.consent_at is not None and not member.has_earlier
        return member.consent_at if is_dated else FROM_THE_START
    return member.asked_at if member.consent == "unknown" and policy == "notice" else None


def learning(policy: ConsentPolicy, member: Member) -> Learning:
    """Return what of a member trains and why, or why nothing does.

    Returns
    -------
    str
        ``earlier`` (they agreed, for all that is recorded), ``granted`` (from their yes on),
        ``notice`` (from when they were shown the notice on), ``not-shown`` (they were not yet),
        ``unknown`` (they have not answered the question), ``declined``, or ``untracked``.
    """
    if not member.is_tracked:
        return "untracked"
    if member.consent == "granted":
        return "earlier" if trains_from(policy, member) == FROM_THE_START else "granted"
    if member.consent == "declined":
        return "declined"
    if policy == "ask":
        return "unknown"
    return "not-shown" if member.asked_at is None else "notice"


def is_to_be_asked(member: Member) -> bool:
    """Say that a member has not been shown the question, or the notice, and needs to be."""
    return member.is_tracked and member.consent == "unknown" and member.asked_at is None


def answers(policy: ConsentPolicy, member: Member) -> tuple[Answer, Answer]:
    """Return what a member may say that they have not said."""
    match learning(policy, replace(member, is_tracked=True)):
        case "earlier":
            return ("yes", "no")
        case "granted" | "notice":
            return ("all", "no")
    return ("yes", "all")


def answered(member: Member, answer: Answer, now: float) -> Member:
    """Return a member after an answer; the one they gave before changes nothing.

    "From now on" after "earlier records too" leaves out what was until now.
    """
    said: Answer = "yes" if member.consent == "granted" else "no"
    if said == "yes" and (member.has_earlier or member.consent_at is None):
        said = "all"
    if member.consent != "unknown" and said == answer:
        return member
    return replace(
        member,
        consent="declined" if answer == "no" else "granted",
        consent_at=now,
        has_earlier=answer == "all",
        asked_at=member.asked_at or now,
    )


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


def toggled(interests: tuple[str, ...], interest: str) -> tuple[str, ...]:
    """Return interests with one more, or without it where it was among them.

    Raises
    ------
    ValueError
        There would be more than `INTERESTS_MAX`, or it is none (`parse_interests`).
    """
    kept = tuple(each for each in interests if not is_same_interest(each, interest))
    if len(kept) < len(interests):
        return kept
    return parse_interests(", ".join((*interests, interest)))


def is_same_interest(one: str, other: str) -> bool:
    """Say whether two interests are one: tags have hyphens where people write spaces."""
    return _key(one) == _key(other)


def _key(interest: str) -> str:
    return "-".join(unicodedata.normalize("NFKC", interest).casefold().split())


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
