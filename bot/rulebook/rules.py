"""What differs between versions of the rules, what a draft holds, and what it would do.

Everything here is pure. A draft is kept as the values it changes, not as a whole version: so it
is always a draft of the newest rules, and what others publish meanwhile is not undone by it.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import zones
from bot.rewards import calendar, fields, formats, ruleset
from bot.rewards.fields import Field, Value
from bot.rewards.ruleset import RuleSet
from storage.records import Rescore

TOML_BYTES_MAX = 64_000
WEIGHTLESS = 100
"""The percentage that multiplies by nothing."""
AHEAD_DAYS_MAX = 90
"""How far ahead a version may be scheduled."""
_NOW = frozenset({"", "-", "–", "now", "现在", "立即"})

_UNPAID = frozenset({"levels", "seasons"})
"""Sections by which no event is paid: they only read what was earned."""

Changes = dict[str, dict[str, Any]]
"""Values by rule and field, as `formats.to_dict` writes them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which two versions of the rules differ."""

    field: Field
    before: Value
    after: Value


def differences(before: RuleSet, after: RuleSet) -> tuple[Difference, ...]:
    """Return every field in which two versions differ, in the order of the rules."""
    return tuple(
        Difference(field, fields.value_of(before, field), fields.value_of(after, field))
        for field in fields.FIELDS
        if fields.value_of(before, field) != fields.value_of(after, field)
    )


def is_counted(found: Difference) -> bool:
    """Return whether a difference bears on what events are paid, so that a re-score counts it."""
    return found.field.rule not in _UNPAID and found.field.name != "by_hand"


def written(found: Collection[Difference]) -> dict[str, list[str]]:
    """Return what changed as the audit trail keeps it: before and after by rule and field."""
    return {
        f"{each.field.rule}.{each.field.name}": [
            fields.write(each.field, each.before),
            fields.write(each.field, each.after),
        ]
        for each in found
    }


def drafted(newest: RuleSet, changes: Mapping[str, Mapping[str, Any]]) -> RuleSet:
    """Return the newest rules with a draft's changes made to them."""
    sections = formats.to_dict(newest)
    for rule, values in changes.items():
        sections[rule] |= values
    return formats.from_dict(sections)


def changes_of(newest: RuleSet, wanted: RuleSet) -> Changes:
    """Return what a draft has to change in the newest rules to come to the wanted ones."""
    written, found = formats.to_dict(wanted), Changes()
    for each in differences(newest, wanted):
        field = each.field
        found.setdefault(field.rule, {})[field.name] = written[field.rule][field.name]
    return found


def stamp(version: int, rules: RuleSet) -> str:
    """Return a short mark of what a moderator was shown, so that just that is published."""
    written = json.dumps([version, formats.to_dict(rules)], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def weighed(
    listed: tuple[tuple[int, int], ...], chosen: tuple[int, ...], percent: int | None
) -> tuple[tuple[int, int], ...]:
    """Return multipliers with those chosen set to a percentage; 100 % takes them off the list."""
    weights = dict(listed)
    if percent is not None:
        weights |= dict.fromkeys(chosen, percent)
    return tuple((who, weight) for who, weight in weights.items() if weight != WEIGHTLESS)


def moment(written: str, time_zone: str, now: float) -> float | None:
    """Return when a version is to take effect, ``now`` for nothing written, None if unreadable.

    Read as a date with or without a time in the time zone; what has passed is unreadable, too.
    """
    text = written.strip().casefold()
    if text in _NOW:
        return now
    for layout in ("%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            local = datetime.strptime(text, layout).replace(tzinfo=zones.zone_of(time_zone))
        except ValueError:
            continue
        at = local.timestamp()
        return at if now < at <= now + AHEAD_DAYS_MAX * ruleset.DAY_S else None
    return None


BACK_DAYS_MAX = 90
"""How far back what was earned may be re-scored."""
BACK_DAYS = (0, 7, 30, 90)
"""How many days back the first day may be that is suggested."""


def first_day(first_at: float, time_zone: str, now: float) -> float:
    """Return the beginning of the first day that may be re-scored.

    Not before the day of the guild's first event, and `BACK_DAYS_MAX` days back at most.
    """
    days = (first_at, now - BACK_DAYS_MAX * ruleset.DAY_S)
    begins = [calendar.day_start(calendar.day_written(each, time_zone), time_zone) for each in days]
    return max(each for each in begins if each is not None)


def undoable(decided: Sequence[Rescore]) -> Rescore | None:
    """Return the count that can be taken back: the newest that stands, once it is carried out.

    Those before it are below its entries, so the newest goes first.
    """
    undone = {each.undoes for each in decided}
    standing = [each for each in decided if each.undoes is None and each.rescore_id not in undone]
    newest = max(standing, key=lambda each: each.rescore_id, default=None)
    return newest if newest is not None and newest.finished_at is not None else None


# --------------------------------------------------------------------------------- preview

DAYS_MIN, DAYS_MAX, DAYS = 7, 90, 30
"""How far a preview looks back."""
