"""Which languages, time zones and interests we accept, and when events may train a model."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal
from zoneinfo import available_timezones

from storage.records import Consent, ConsentPolicy

Learning = Literal["granted", "declined", "notice", "unknown"]
"""Why a member's events train, or do not: what they said, else what the server's policy says."""

LANGUAGES = ("en", "zh-CN")
AUTOMATIC = "auto"
"""What a member types or picks to have no preference of their own."""

INTERESTS_MAX = 10
INTEREST_LENGTH_MAX = 30
SUGGESTIONS_MAX = 25

# Where people look for their zone under a name the tz database does not have.
_ALIASES: Mapping[str, str] = {
    "china": "Asia/Shanghai",
    "beijing": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai",
    "guangzhou": "Asia/Shanghai",
    "中国": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "上海": "Asia/Shanghai",
    "深圳": "Asia/Shanghai",
    "广州": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong",
    "澳门": "Asia/Macau",
    "台北": "Asia/Taipei",
    "台湾": "Asia/Taipei",
    "新加坡": "Asia/Singapore",
    "吉隆坡": "Asia/Kuala_Lumpur",
    "东京": "Asia/Tokyo",
    "首尔": "Asia/Seoul",
    "悉尼": "Australia/Sydney",
    "墨尔本": "Australia/Melbourne",
    "伦敦": "Europe/London",
    "巴黎": "Europe/Paris",
    "柏林": "Europe/Berlin",
    "纽约": "America/New_York",
    "多伦多": "America/Toronto",
    "温哥华": "America/Vancouver",
    "旧金山": "America/Los_Angeles",
    "洛杉矶": "America/Los_Angeles",
    "san francisco": "America/Los_Angeles",
    "washington": "America/New_York",
    "boston": "America/New_York",
    "seattle": "America/Los_Angeles",
    "india": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata",
    "munich": "Europe/Berlin",
    "utc": "UTC",
}
_FIRST = (
    "UTC",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Australia/Sydney",
)
_NO_ZONES = {"localtime", "Factory"}
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
    """Return the tz database's name for `text`, None for `AUTOMATIC`.

    Case, spaces and common names that are no zone ("Beijing") are forgiven.

    Raises
    ------
    ValueError
        There is no such zone.
    """
    wanted = text.strip().casefold()
    if wanted == AUTOMATIC:
        return None
    found = _ALIASES.get(wanted) or _zones().get(wanted.replace(" ", "_"))
    if found is None:
        raise ValueError(text)
    return found


def suggest_time_zones(text: str) -> list[str]:
    """Return up to 25 zones that `text` may mean, the likeliest first."""
    wanted = text.strip().casefold().replace(" ", "_")
    if not wanted:
        return list(_FIRST)
    aliased = [
        zone for alias, zone in _ALIASES.items() if alias.startswith(text.strip().casefold())
    ]
    cities = [zone for key, zone in _zones().items() if key.split("/")[-1].startswith(wanted)]
    inside = [zone for key, zone in _zones().items() if wanted in key]
    return list(dict.fromkeys(aliased + cities + inside))[:SUGGESTIONS_MAX]


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
        if part:
            found.setdefault(part.casefold(), part)
    interests = tuple(found.values())
    if len(interests) > INTERESTS_MAX or any(len(i) > INTEREST_LENGTH_MAX for i in interests):
        raise ValueError(text)
    return interests


@cache
def _zones() -> Mapping[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones() - _NO_ZONES)}
