"""Exports of systems with levels: MEE6, Polaris, LevelUp."""

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from bot import ids
from bot.points.claims import (
    Claim,
    Formats,
    Rows,
    Unreadable,
    listed,
    meant_guild,
    name_of,
    number_of,
    object_of,
    reached_level,
    share_of,
    user_id_of,
)

_POLARIS_CURVE = {"1": 100, "2": 50, "3": 1}
_LEVELS_MAX = 1_000


def mee6_total(level: int) -> int:
    """Return the XP at which MEE6 reaches a level."""
    return 5 * level * (2 * level * level + 27 * level + 91) // 6


def _mee6_rows(documents: list[Any], _guild_id: int) -> Rows:
    for number, player in enumerate(_players(documents), 1):
        yield f"player {number}", player


def _players(document: Any) -> Iterator[Any]:
    """Yield the members of a leaderboard: pages, lists of pages, or the bare list."""
    if isinstance(document, list):
        for each in document:
            yield from _players(each)
    elif isinstance(document, dict) and isinstance(document.get("players"), list):
        yield from document["players"]
    elif isinstance(document, dict) and "id" not in document:
        said = document.get("error") or document.get("message") or ", ".join(document)
        raise Unreadable(f"no list of players in it, but: {str(said)[:80]}")
    else:
        yield document


def _mee6_claim(player: Any) -> Claim:
    record = object_of(player)
    detailed = record.get("detailed_xp")
    parts = detailed if isinstance(detailed, list) and len(detailed) == 3 else None
    xp = number_of(record.get("xp", parts[2] if parts else None), "xp")
    reached = bisect_right(range(1, _LEVELS_MAX), int(xp), key=mee6_total)
    level = reached_level(record.get("level", reached))
    if parts:
        progress = share_of(number_of(parts[0], "xp"), Decimal(0), number_of(parts[1], "xp"))
    else:
        progress = share_of(xp, Decimal(mee6_total(level)), Decimal(mee6_total(level + 1)))
    return Claim(
        user_id=user_id_of(record.get("id")),
        value=xp,
        level=level,
        progress=progress,
        name=name_of(record),
    )


def _polaris_rows(documents: list[Any], _guild_id: int) -> Rows:
    """Yield the users of an export, of a leaderboard's pages, or of users alone."""
    pages = [p for document in documents for p in listed(document)]
    for page in pages:
        if not isinstance(page, dict):
            raise Unreadable("no Polaris export: an object with users is expected")
        settings = page.get("settings")
        curve = polaris_curve(settings if isinstance(settings, dict) else {})
        users = page.get("users", page.get("xp", page.get("leaderboard")))
        if users is None and settings is None:
            users = page
        if isinstance(users, list):
            users = {str(object_of(user).get("id")): user for user in users}
        if not isinstance(users, dict):
            raise Unreadable("no Polaris export: it has no users")
        for user_id, user in users.items():
            yield f"user {user_id}", (user_id, user, curve)


def _polaris_claim(row: tuple[Any, Any, list[Decimal]]) -> Claim | None:
    user_id, user, curve = row
    record = object_of(user)
    if record.get("xp") is None:
        return None  # a cooldown or a hidden mark alone
    xp = number_of(record["xp"], "xp")
    level = bisect_right(curve, xp)
    floor = curve[level - 1] if level else Decimal(0)
    progress = share_of(xp, floor, curve[level]) if level < len(curve) else Fraction(0)
    return Claim(
        user_id=user_id_of(user_id), value=xp, level=level, progress=progress, name=name_of(record)
    )


def polaris_curve(settings: Mapping[str, Any]) -> list[Decimal]:
    """Return the XP at which Polaris reaches levels 1, 2, … under a server's settings."""
    curve = object_of(settings.get("curve") or _POLARIS_CURVE)
    rounding = number_of(settings.get("rounding", 100), "rounding")
    highest = min(reached_level(settings.get("maxLevel", _LEVELS_MAX)), _LEVELS_MAX)
    terms = tuple((n, number_of(curve.get(str(n), 0), "curve")) for n in (1, 2, 3))
    return _polaris_curve(terms, rounding, highest)


@cache  # every page of a leaderboard brings the same settings
def _polaris_curve(
    terms: tuple[tuple[int, Decimal], ...], rounding: Decimal, highest: int
) -> list[Decimal]:
    step = rounding if rounding > 1 else Decimal(1)
    half = Decimal("0.5")  # JavaScript rounds half up
    return [
        step * math.floor(sum(factor * level**power for power, factor in terms) / step + half)
        for level in range(1, highest + 1)
    ]


def _levelup_rows(documents: list[Any], guild_id: int) -> Rows:
    for document in documents:
        conf = _levelup_guild(document, guild_id)
        curve = object_of(conf.get("algorithm") or conf)
        base, exponent = (number_of(curve.get(k, v), k) for k, v in (("base", 100), ("exp", 2)))
        if base <= 0 or not Decimal("0.1") <= exponent <= 10:
            raise Unreadable(f"its level algorithm is {base} and {exponent}, which ends nowhere")
        for user_id, user in object_of(conf.get("users", {})).items():
            yield f"user {user_id}", (user_id, user, base, exponent)


def _levelup_claim(row: tuple[Any, Any, Decimal, Decimal]) -> Claim:
    user_id, user, base, exponent = row
    record = object_of(user)
    xp = number_of(record.get("xp", 0), "xp")  # a backup leaves out what is 0
    reached = int(float(max(xp, Decimal(0)) / base) ** (1 / float(exponent)))
    level = reached_level(record.get("level", reached))
    floor, ceiling = (Decimal(math.ceil(base * Decimal(level + n) ** exponent)) for n in (0, 1))
    prestige = int(number_of(record.get("prestige") or 0, "prestige"))
    return Claim(
        user_id=user_id_of(user_id),
        value=xp,
        level=level,
        progress=share_of(xp, floor, ceiling),
        name=name_of(record),
        prestige=max(prestige, 0),
    )


def _levelup_guild(document: Any, guild_id: int) -> Mapping[str, Any]:
    """Return one guild's settings: from a backup of it, of the whole cog, or of Red itself."""
    if isinstance(document, dict) and len(document) == 1 and "117117117" in document:
        document = document["117117117"]
    if isinstance(document, dict):
        document = document.get("configs", document.get("GUILD", document))
    if not isinstance(document, dict):
        raise Unreadable("no LevelUp backup: an object is expected")
    guilds = {n: conf for key, conf in document.items() if (n := ids.whole(str(key)))}
    if "users" in document or not guilds:
        if "users" not in document and "algorithm" not in document and "base" not in document:
            raise Unreadable("no LevelUp backup: it has neither configs nor users")
        return document
    found = guilds[meant_guild(guilds, guild_id)]
    return object_of(found)


FORMATS: Formats = {
    "mee6": (_mee6_rows, _mee6_claim),
    "polaris": (_polaris_rows, _polaris_claim),
    "levelup": (_levelup_rows, _levelup_claim),
}
