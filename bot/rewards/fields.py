"""What can be changed in a rule set: each field, its bounds, and a value as people write it.

A value is written by `write` and read by `parse` where a moderator types it; `check` holds it to
its bounds wherever it comes from.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from bot import emoji, zones
from bot.dates import DAY_S
from bot.rewards import calendar
from bot.rewards.kinds import POINT, TABLE, Kind
from bot.rewards.ruleset import CURVES, SEASONS, RuleSet

FieldKind = Literal[
    "points",
    "seconds",
    "count",
    "length",
    "days",
    "hours",
    "percent",
    "switch",
    "emoji",
    "zone",
    "choice",
    "weights",
    "amounts",
    "dates",
]
Value = int | bool | str | tuple[str, ...] | tuple[int, ...] | tuple[tuple[int, int], ...]
_NUMBER_MAX = 10**12  # beyond every bound: "1e999999999" must not be written out
_YES = frozenset({"yes", "true", "on", "1", "是", "开"})
_NO = frozenset({"no", "false", "off", "0", "否", "关"})
_NOTHING = frozenset({"", "-", "–", "none", "无"})
_WEIGHT = re.compile(r"(?:<[@#]&?)?(\d{1,20})>?\s*[:=：]?\s*(\d{1,6})\s*%?")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be changed in a rule set; bounds are inclusive.

    Bounds count in the field's own unit: hundredths for ``points``, entries for ``emoji``,
    ``weights``, ``amounts`` and ``dates``. ``choices`` are what a ``choice`` takes.
    ``before`` is what a rule set means that was stored before there was this field; None for a
    field that has always been there.
    """

    rule: str
    name: str
    kind: FieldKind
    low: int = 0
    high: int = 1
    choices: tuple[str, ...] = ()
    before: int | None = None


class RuleError(ValueError):
    """A value outside what its field accepts."""

    def __init__(self, field: Field) -> None:
        super().__init__(
            f"{field.rule}.{field.name} takes {field.kind} from {field.low} to {field.high}"
        )
        self.field = field


class UnknownFieldError(KeyError):
    """A rule set is said to hold something that no rule set has; ``path`` is its name."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


_OF_KINDS: Mapping[str, Field] = {
    each.name: each
    for each in (
        Field(rule="", name="points", kind="points", high=1_000 * POINT),
        Field(rule="", name="per_day", kind="count", low=1, high=1_000),
        Field(rule="", name="cooldown_s", kind="seconds", high=DAY_S),
        Field(rule="", name="taper", kind="count", high=1_000),
        Field(rule="", name="pair_per_day", kind="count", high=100),
        Field(rule="", name="pair_days", kind="days", high=365),
        Field(rule="", name="pair_full", kind="count", low=1, high=100, before=1),
        Field(rule="", name="pair_step", kind="count", high=100, before=1),
        Field(rule="", name="pair_back", kind="percent", high=1_000, before=0),
        Field(rule="", name="silent_days", kind="days", high=365, before=0),
        Field(rule="", name="giver_taper", kind="count", high=1_000),
        Field(rule="", name="min_length", kind="length", high=3),
        Field(rule="", name="needs_new", kind="switch"),
        Field(rule="", name="emoji", kind="emoji", low=1, high=20),
        Field(rule="", name="step", kind="count", low=1, high=100),
        Field(rule="", name="is_capped", kind="switch"),
    )
}
"""What rows of the table of kinds name in their ``fields``."""


def _field(kind: Kind, name: str) -> Field:
    found = replace(_OF_KINDS[name], rule=kind.name)
    # Accepted answers were always counted in both directions.
    is_mutual = name == "pair_back" and "voice" in kind.windows
    return replace(found, before=100) if is_mutual else found


FIELDS: tuple[Field, ...] = (
    *(_field(kind, name) for kind in TABLE for name in kind.fields),
    Field(rule="newcomer", name="guild_days", kind="days", high=365),
    Field(rule="newcomer", name="account_days", kind="days", high=365),
    Field(rule="newcomer", name="percent", kind="percent", high=100),
    Field(rule="answered", name="answerers", kind="count", high=20, before=0),
    Field(rule="answered", name="answer_days", kind="days", low=1, high=90, before=30),
    Field(rule="answered", name="percent", kind="percent", high=100, before=25),
    Field(rule="answered", name="known_to", kind="count", high=20, before=0),
    Field(rule="answered", name="circle", kind="count", high=100, before=0),
    Field(rule="small", name="others", kind="count", high=100, before=0),
    Field(rule="small", name="few_days", kind="days", low=1, high=30, before=7),
    Field(rule="multipliers", name="channels", kind="weights", high=100),
    Field(rule="multipliers", name="roles", kind="weights", high=100),
    Field(rule="general", name="daily_cap", kind="points", low=1 * POINT, high=100_000 * POINT),
    Field(rule="general", name="lock_h", kind="hours", high=720),
    Field(rule="general", name="zone", kind="zone"),
    Field(rule="general", name="by_hand", kind="points", high=100_000 * POINT),
    Field(rule="levels", name="curve", kind="choice", choices=CURVES),
    Field(rule="levels", name="percent", kind="percent", low=1, high=1_000),
    Field(rule="levels", name="thresholds", kind="amounts", high=200),
    Field(rule="seasons", name="kind", kind="choice", choices=SEASONS),
    Field(rule="seasons", name="starts", kind="dates", high=50),
)
WEIGHT_MAX = 1_000
"""The highest percentage of a multiplier."""
_BY_NAME = {(each.rule, each.name): each for each in FIELDS}
SECTIONS = tuple(dict.fromkeys(each.rule for each in FIELDS))


def field_of(rule: str, name: str) -> Field:
    """Return the field of that name.

    Raises
    ------
    UnknownFieldError
        No rule has it.
    """
    found = _BY_NAME.get((rule, name))
    if found is None:
        raise UnknownFieldError(f"{rule}.{name}")
    return found


def value_of(rules: RuleSet, field: Field) -> Value:
    """Return what a rule set says for `field`."""
    value: Value = getattr(getattr(rules, field.rule), field.name)
    return value


def with_value(rules: RuleSet, field: Field, value: Value) -> RuleSet:
    """Return the rule set with one value changed.

    Raises
    ------
    RuleError
        The value is outside the field's bounds, or of another type.
    """
    check(field, value)
    section = replace(getattr(rules, field.rule), **{field.name: value})
    return replace(rules, **{field.rule: section})


def parse(field: Field, written: str) -> Value:
    """Return the value that a moderator wrote for `field`, within its bounds.

    Raises
    ------
    RuleError
        It cannot be read, or lies outside the bounds.
    """
    value = _read(field, written.strip())
    if value is None:
        raise RuleError(field)
    check(field, value)
    return value


def _read(field: Field, text: str) -> Value | None:
    folded = text.casefold()
    is_nothing = folded in _NOTHING
    match field.kind:
        case "emoji":
            found = emoji.split(text)
            return None if found is None else tuple(found)
        case "switch":
            return True if folded in _YES else False if folded in _NO else None
        case "zone":
            return "" if is_nothing else zones.zone_name(text)
        case "choice":
            return folded
        case "weights":
            return () if is_nothing else _weights(text)
        case "amounts":
            return () if is_nothing else _numbers(text, POINT)
        case "dates":
            return () if is_nothing else _numbers(text.replace("-", ""), 1)
        case _:
            return scaled(text, POINT if field.kind == "points" else 1)


def scaled(text: str, unit: int) -> int | None:
    """Return a written number times ``unit``, None if it is none or does not come out even."""
    try:
        found = Decimal(text) * unit
        is_whole = abs(found) < _NUMBER_MAX and found == found.to_integral_value()
    except ArithmeticError:
        return None
    return int(found) if is_whole else None


def _numbers(text: str, unit: int) -> tuple[int, ...] | None:
    found = [scaled(part, unit) for part in re.split(r"[\s,;，；、]+", text) if part]
    return None if None in found else tuple(n for n in found if n is not None)


def _weights(text: str) -> tuple[tuple[int, int], ...] | None:
    left = _WEIGHT.sub("", text).strip(" ,;，；、\n\t")
    if left:
        return None
    return tuple((int(who), int(percent)) for who, percent in _WEIGHT.findall(text))


def write(field: Field, value: Value) -> str:
    """Return a value as `parse` reads it, and as a moderator would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return _plain(value) if field.kind == "points" else str(value)
    if isinstance(value, str):
        return value
    values: tuple[Any, ...] = value
    match field.kind:
        case "weights":
            return ", ".join(f"{who}={percent}" for who, percent in values)
        case "amounts":
            return ", ".join(_plain(amount) for amount in values)
        case "dates":
            return ", ".join(calendar.iso(day) for day in values)
        case _:
            return " ".join(values)


def _plain(amount: int) -> str:
    return f"{Decimal(amount) / POINT:f}"


def check(field: Field, value: object) -> None:
    """Hold a value to its field's type and bounds.

    Raises
    ------
    RuleError
        It is another type, or outside the bounds.
    """
    match field.kind:
        case "switch":
            is_fine = isinstance(value, bool)
        case "zone":
            is_fine = value == "" or (isinstance(value, str) and zones.zone_name(value) == value)
        case "choice":
            is_fine = value in field.choices
        case "emoji" | "weights" | "amounts" | "dates":
            is_fine = (
                isinstance(value, tuple)
                and field.low <= len(value) <= field.high
                and _are_fine(field, value)
            )
        case _:
            is_fine = _is_number(value, field.low, field.high)
    if not is_fine:
        raise RuleError(field)


def _is_number(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _are_fine(field: Field, values: tuple[Any, ...]) -> bool:
    if field.kind == "emoji":
        return all(isinstance(each, str) and emoji.split(each) for each in values)
    if field.kind == "weights":
        if not all(isinstance(each, tuple) and len(each) == 2 for each in values):
            return False
        return len({who for who, _ in values}) == len(values) and all(
            _is_number(who, 1, 2**63 - 1) and _is_number(percent, 0, WEIGHT_MAX)
            for who, percent in values
        )
    is_rising = all(a < b for a, b in pairwise(values))
    if field.kind == "dates":
        return is_rising and all(_is_day(day) for day in values)
    return is_rising and all(_is_number(each, 0, _NUMBER_MAX) for each in values)


def _is_day(value: object) -> bool:
    if not isinstance(value, int) or not _is_number(value, 20_000_101, 99_991_231):
        return False
    try:
        calendar.as_date(value)
    except ValueError:
        return False
    return True
