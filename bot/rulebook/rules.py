"""What differs between two versions of the rules, what a draft holds, and when it takes effect.

Everything here is pure. A draft is kept as the values it changes, not as a whole version: so it
is always a draft of the newest rules, and what others publish meanwhile is not undone by it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import zones
from bot.points import ruleset
from bot.points.ruleset import Field, RuleSet, Value

TOML_BYTES_MAX = 64_000
WEIGHTLESS = 100
"""The percentage that multiplies by nothing."""
AHEAD_DAYS_MAX = 90
"""How far ahead a version may be scheduled."""
_NOW = frozenset({"", "-", "–", "now", "现在", "立即"})

Changes = dict[str, dict[str, Any]]
"""Values by rule and field, as `ruleset.to_dict` writes them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which two versions of the rules differ."""

    field: Field
    before: Value
    after: Value


def differences(before: RuleSet, after: RuleSet) -> tuple[Difference, ...]:
    """Return every field in which two versions differ, in the order of the rules."""
    return tuple(
        Difference(field, ruleset.value_of(before, field), ruleset.value_of(after, field))
        for field in ruleset.FIELDS
        if ruleset.value_of(before, field) != ruleset.value_of(after, field)
    )


def drafted(newest: RuleSet, changes: Mapping[str, Mapping[str, Any]]) -> RuleSet:
    """Return the newest rules with a draft's changes made to them."""
    sections = ruleset.to_dict(newest)
    for rule, values in changes.items():
        sections[rule] |= values
    return ruleset.from_dict(sections)


def changes_of(newest: RuleSet, wanted: RuleSet) -> Changes:
    """Return what a draft has to change in the newest rules to come to the wanted ones."""
    written, found = ruleset.to_dict(wanted), Changes()
    for each in differences(newest, wanted):
        field = each.field
        found.setdefault(field.rule, {})[field.name] = written[field.rule][field.name]
    return found


def stamp(version: int, rules: RuleSet) -> str:
    """Return a short mark of what a moderator was shown, so that just that is published."""
    written = json.dumps([version, ruleset.to_dict(rules)], sort_keys=True)
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
