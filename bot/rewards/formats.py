"""A rule set as JSON, for the database, and as TOML, which people read and edit."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import tomli_w

from bot.rewards import calendar
from bot.rewards.fields import (
    FIELDS,
    SECTIONS,
    Field,
    RuleError,
    UnknownFieldError,
    Value,
    check,
    field_of,
    scaled,
    value_of,
)
from bot.rewards.kinds import POINT
from bot.rewards.ruleset import RuleSet

_DOTS_MAX = 2_000
"""A dotted key of n parts takes tomllib n² steps, a minute where the file allows it."""
_ID = re.compile(r"[0-9]{1,19}")


def to_dict(rules: RuleSet) -> dict[str, Any]:
    """Return the rule set as JSON can hold it; `from_dict` is the way back."""
    sections: dict[str, Any] = {rule: {} for rule in SECTIONS}
    for each in FIELDS:
        sections[each.rule][each.name] = _listed(value_of(rules, each))
    return sections


def _listed(value: Value) -> Any:
    if not isinstance(value, tuple):
        return value
    return [list(each) if isinstance(each, tuple) else each for each in value]


def from_dict(stored: Mapping[str, Mapping[str, Any]]) -> RuleSet:
    """Return the rule set that `to_dict` wrote.

    Of a field that there was not yet when it was written it means what the rules did then, and of
    any other that it does not name the default.

    Raises
    ------
    RuleError
        A value is outside its field's bounds.
    UnknownFieldError
        It names something that no rule has.
    """
    return _made(stored, {(each.rule, each.name): each.before for each in FIELDS})


def _made(
    stored: Mapping[str, Mapping[str, Any]], silent: Mapping[tuple[str, str], int | None]
) -> RuleSet:
    """Return a rule set as it is stored; ``silent`` is what it says where it says nothing."""
    changes: dict[str, dict[str, Any]] = {}
    for (rule, name), value in silent.items():
        if value is not None:
            changes.setdefault(rule, {})[name] = value
    for rule, section in stored.items():
        for name, value in section.items():
            found = field_of(rule, name)
            plain = _tupled(value)
            check(found, plain)
            changes.setdefault(rule, {})[name] = plain
    defaults = RuleSet()
    sections = {
        rule: replace(getattr(defaults, rule), **section) for rule, section in changes.items()
    }
    return replace(defaults, **sections)


def _tupled(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return tuple(tuple(each) if isinstance(each, list) else each for each in value)


def from_json(stored: str) -> RuleSet:
    """Return the rule set whose `to_dict` is stored as this JSON text."""
    return from_dict(json.loads(stored))


def to_toml(rules: RuleSet) -> str:
    """Return the rule set as TOML that people read and edit; `from_toml` is the way back.

    Points are written as points, dates as dates, multipliers by id.
    """
    document: dict[str, Any] = {rule: {} for rule in SECTIONS}
    for each in FIELDS:
        document[each.rule][each.name] = _toml(each, value_of(rules, each))
    return tomli_w.dumps(document)


def _toml(field: Field, value: Any) -> Any:
    match field.kind:
        case "points":
            return _toml_points(value)
        case "amounts":
            return [_toml_points(amount) for amount in value]
        case "dates":
            return [calendar.as_date(day) for day in value]
        case "weights":
            return {str(who): percent for who, percent in value}
        case _:
            return list(value) if isinstance(value, tuple) else value


def _toml_points(amount: int) -> int | Decimal:
    return amount // POINT if amount % POINT == 0 else Decimal(amount) / POINT


def from_toml(text: str) -> RuleSet:
    """Return the rule set that TOML describes, the default wherever it is silent.

    Raises
    ------
    tomllib.TOMLDecodeError
        It is not TOML, or no rules are nested so; the message says where.
    RuleError
        A value is of another type, or outside its field's bounds.
    UnknownFieldError
        It names something that no rule has.
    """
    stored: dict[str, dict[str, Any]] = {}
    for rule, section in _loaded(text).items():
        if rule not in SECTIONS or not isinstance(section, dict):
            raise UnknownFieldError(rule)
        for name, value in section.items():
            found = field_of(rule, name)
            stored.setdefault(rule, {})[name] = _from_toml(found, value)
    return _made(stored, {})


def _loaded(text: str) -> dict[str, Any]:
    if text.count(".") > _DOTS_MAX:
        raise tomllib.TOMLDecodeError("too many dots: no rules are nested so")
    try:
        return tomllib.loads(text, parse_float=_decimal)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise tomllib.TOMLDecodeError("nested too deeply") from None
    except ValueError:  # what Python says of a whole number of more than 4,300 digits
        raise tomllib.TOMLDecodeError("a number has too many digits") from None


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent of twenty digits
        return Decimal("NaN")


def _from_toml(field: Field, value: Any) -> Any:
    match field.kind:
        case "points":
            return _hundredths(field, value)
        case "amounts" if isinstance(value, list):
            return [_hundredths(field, amount) for amount in value]
        case "dates" if isinstance(value, list):
            return [calendar.as_day(day) if isinstance(day, date) else day for day in value]
        case "weights" if isinstance(value, dict):
            if not all(_ID.fullmatch(who) for who in value):
                raise RuleError(field)
            return [[int(who), percent] for who, percent in value.items()]
        case _:
            return value


def _hundredths(field: Field, value: object) -> int:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    # A number of thousands of digits cannot even be written; hexadecimals may have them.
    is_written = is_number and not (isinstance(value, int) and abs(value) >= 2**63)
    found = scaled(str(value), POINT) if is_written else None
    if found is None:
        raise RuleError(field)
    return found
