"""The reward rules of a guild as data: sections and bounds, how they are written and read.

A guild's rules are one frozen `RuleSet`; `FIELDS` lists what can be changed in it and within
which bounds. A value is written by `write` and read by `parse` where a moderator types it, and
a whole rule set goes to JSON (`to_dict`) and to TOML (`to_toml`) and back. Levels, seasons and
days follow from the rules and stand here too. What an event earns is decided in `rules`.
Amounts are hundredths of a point throughout; where people write them they are points.
"""

import json
import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

import tomli_w

from bot import emoji, zones

Kind = Literal["message", "reply", "helpful", "answer", "resource", "savers", "review", "checkin"]
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

KINDS: tuple[Kind, ...] = (
    "message",
    "reply",
    "helpful",
    "answer",
    "resource",
    "savers",
    "review",
    "checkin",
)
"""What rules pay for."""
GIVEN = frozenset({"award", "deduct", "opening"})
"""Kinds of entries that no event and no rule pays."""
CURVES = ("mee6", "linear", "skool", "list")
SEASONS = ("none", "monthly", "quarterly", "dates")
DAY_S = 86_400
POINT = 100
"""One point in the ledger's unit."""
HELPFUL_EMOJI = ("👍", "❤️", "🙏", "💡", "💯", "✅", "⭐")
SKOOL = tuple(POINT * points for points in (0, 5, 20, 65, 155, 515, 2015, 8015, 33015))
"""Where Skool's levels 1 to 9 begin."""
LINEAR = 100
"""Points a level of the linear curve takes, at 100 percent."""
LEVELS_MAX = 1_000
GIVER_DAYS = 7
"""Within how many days a giver's acts share their voice."""
_NUMBER_MAX = 10**12  # beyond every bound: "1e999999999" must not be written out
_YES = frozenset({"yes", "true", "on", "1", "是", "开"})
_NO = frozenset({"no", "false", "off", "0", "否", "关"})
_NOTHING = frozenset({"", "-", "–", "none", "无"})
_WEIGHT = re.compile(r"(?:<[@#]&?)?(\d{1,20})>?\s*[:=：]?\s*(\d{1,6})\s*%?")


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind pays. Zero turns off whatever it bounds, but ``points`` and ``per_day``.

    Attributes
    ----------
    points
        Hundredths that one payment comes to.
    per_day
        Payments a member may get in a day.
    cooldown_s
        Seconds between two payments for writing.
    taper
        Diminishing returns: the first so many payments of a day pay in full, the next so many
        a half, then a third.
    pair_per_day
        Payments a day between the same two members.
    pair_days
        Within so many days the n-th payment between the same two pays 1/n; of accepted answers
        those in either direction count.
    giver_taper
        One giver's voice: of what a member accepts within `GIVER_DAYS` the first so many pay in
        full, the next so many a half, then a third.
    min_length
        The least length class (0 to 3) of the text.
    needs_new
        What repeats what was said minutes ago does not pay.
    is_capped
        It counts towards the daily cap.
    emoji
        Which reactions count (``helpful``).
    step
        How many of them make one payment (``savers``).
    """

    points: int
    per_day: int
    cooldown_s: int = 0
    taper: int = 0
    pair_per_day: int = 0
    pair_days: int = 0
    giver_taper: int = 0
    min_length: int = 0
    needs_new: bool = False
    is_capped: bool = True
    emoji: tuple[str, ...] = ()
    step: int = 1


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whose clicks count less: members new here or on Discord; they give ``percent``."""

    guild_days: int = 3
    account_days: int = 7
    percent: int = 10


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Percent by channel and by role of who is paid; of several roles the highest, but 0 wins."""

    channels: tuple[tuple[int, int], ...] = ()
    roles: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class General:
    """What concerns every rule.

    ``lock_h`` is the two-way pair lock: so many hours after one of two members was paid for
    the other's click, a click the other way pays nothing. ``zone`` says when a day ends, empty
    for the guild's own. ``by_hand`` is what one moderator may give and take in 24 hours.
    """

    daily_cap: int = 100 * POINT
    lock_h: int = 24
    zone: str = ""
    by_hand: int = 500 * POINT


@dataclass(frozen=True, slots=True)
class Levels:
    """How much each level takes.

    ``mee6`` is 5/6·l·(2l²+27l+91) points, ``linear`` 100·l, both times ``percent``; ``skool``
    has Skool's nine levels, ``list`` begins level l at the l-th of ``thresholds``.
    """

    curve: str = "mee6"
    percent: int = 20
    thresholds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Seasons:
    """When a board begins anew: never, monthly, quarterly, or on the days (YYYYMMDD) given."""

    kind: str = "none"
    starts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All reward rules of a guild, the defaults where nothing is said."""

    message: Rule = Rule(1 * POINT, 20, cooldown_s=60, taper=3, min_length=2, needs_new=True)
    reply: Rule = Rule(
        2 * POINT,
        10,
        cooldown_s=60,
        taper=4,
        pair_per_day=3,
        pair_days=3,
        min_length=2,
        needs_new=True,
    )
    helpful: Rule = Rule(
        2 * POINT,
        30,
        taper=10,
        pair_per_day=2,
        pair_days=7,
        min_length=1,
        needs_new=True,
        emoji=HELPFUL_EMOJI,
    )
    answer: Rule = Rule(
        15 * POINT,
        10,
        taper=2,
        pair_per_day=2,
        pair_days=30,
        giver_taper=2,
        min_length=1,
        needs_new=True,
        is_capped=False,
    )
    resource: Rule = Rule(10 * POINT, 3)
    savers: Rule = Rule(1 * POINT, 5, step=5)
    review: Rule = Rule(5 * POINT, 5)
    checkin: Rule = Rule(2 * POINT, 1, min_length=2)
    newcomer: Newcomer = Newcomer()
    multipliers: Multipliers = Multipliers()
    general: General = General()
    levels: Levels = Levels()
    seasons: Seasons = Seasons()


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be changed in a rule set; bounds are inclusive.

    Bounds count in the field's own unit: hundredths for ``points``, entries for ``emoji``,
    ``weights``, ``amounts`` and ``dates``. ``choices`` are what a ``choice`` takes.
    """

    rule: str
    name: str
    kind: FieldKind
    low: int = 0
    high: int = 1
    choices: tuple[str, ...] = ()


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


_POINTS = Field("", "points", "points", 0, 1_000 * POINT)
_PER_DAY = Field("", "per_day", "count", 1, 1_000)
_COOLDOWN = Field("", "cooldown_s", "seconds", 0, 86_400)
_TAPER = Field("", "taper", "count", 0, 1_000)
_PAIR = (
    Field("", "pair_per_day", "count", 0, 100),
    Field("", "pair_days", "days", 0, 365),
)
_GIVER = Field("", "giver_taper", "count", 0, 1_000)
_LENGTH = Field("", "min_length", "length", 0, 3)
_NEW = Field("", "needs_new", "switch")
_CAPPED = Field("", "is_capped", "switch")


def _of(rule: str, *fields: Field) -> tuple[Field, ...]:
    return tuple(replace(each, rule=rule) for each in fields)


FIELDS: tuple[Field, ...] = (
    *_of("message", _POINTS, _COOLDOWN, _PER_DAY, _TAPER, _LENGTH, _NEW, _CAPPED),
    *_of("reply", _POINTS, _COOLDOWN, _PER_DAY, _TAPER, *_PAIR, _LENGTH, _NEW, _CAPPED),
    *_of("helpful", _POINTS, _PER_DAY, _TAPER, *_PAIR, _LENGTH, _NEW),
    Field("helpful", "emoji", "emoji", 1, 20),
    *_of("helpful", _CAPPED),
    *_of("answer", _POINTS, _PER_DAY, _TAPER, *_PAIR, _GIVER, _LENGTH, _NEW, _CAPPED),
    *_of("resource", _POINTS, _PER_DAY, _TAPER, _CAPPED),
    *_of("savers", _POINTS, _PER_DAY, Field("", "step", "count", 1, 100), _CAPPED),
    *_of("review", _POINTS, _PER_DAY, _TAPER, _CAPPED),
    *_of("checkin", _POINTS, _PER_DAY, _LENGTH, _CAPPED),
    Field("newcomer", "guild_days", "days", 0, 365),
    Field("newcomer", "account_days", "days", 0, 365),
    Field("newcomer", "percent", "percent", 0, 100),
    Field("multipliers", "channels", "weights", 0, 100),
    Field("multipliers", "roles", "weights", 0, 100),
    Field("general", "daily_cap", "points", 1 * POINT, 100_000 * POINT),
    Field("general", "lock_h", "hours", 0, 720),
    Field("general", "zone", "zone"),
    Field("general", "by_hand", "points", 0, 100_000 * POINT),
    Field("levels", "curve", "choice", choices=CURVES),
    Field("levels", "percent", "percent", 1, 1_000),
    Field("levels", "thresholds", "amounts", 0, 200),
    Field("seasons", "kind", "choice", choices=SEASONS),
    Field("seasons", "starts", "dates", 0, 50),
)
WEIGHT_MAX = 1_000
"""The highest percentage of a multiplier."""
_BY_NAME = {(each.rule, each.name): each for each in FIELDS}
_RULES = tuple(dict.fromkeys(each.rule for each in FIELDS))


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
    _check(field, value)
    section = replace(getattr(rules, field.rule), **{field.name: value})
    return replace(rules, **{field.rule: section})


# ------------------------------------------------------------------- written by people


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
    _check(field, value)
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
            return _number(text, POINT if field.kind == "points" else 1)


def _number(text: str, unit: int) -> int | None:
    try:
        scaled = Decimal(text) * unit
        is_whole = abs(scaled) < _NUMBER_MAX and scaled == scaled.to_integral_value()
    except ArithmeticError:
        return None
    return int(scaled) if is_whole else None


def _numbers(text: str, unit: int) -> tuple[int, ...] | None:
    found = [_number(part, unit) for part in re.split(r"[\s,;，；、]+", text) if part]
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
            return ", ".join(_iso(day) for day in values)
        case _:
            return " ".join(values)


def _plain(amount: int) -> str:
    return f"{Decimal(amount) / POINT:f}"


def _iso(day: int) -> str:
    return f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}"


def _check(field: Field, value: object) -> None:
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
        return is_rising and all(_as_date(day) is not None for day in values)
    return is_rising and all(_is_number(each, 0, _NUMBER_MAX) for each in values)


def _as_date(day: object) -> date | None:
    try:
        if not _is_number(day, 20_000_101, 99_991_231):
            return None
        number = int(day)  # type: ignore[call-overload]
        return date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return None


# ------------------------------------------------------------------- JSON and TOML


def to_dict(rules: RuleSet) -> dict[str, Any]:
    """Return the rule set as JSON can hold it; `from_dict` is the way back."""
    sections: dict[str, Any] = {rule: {} for rule in _RULES}
    for each in FIELDS:
        sections[each.rule][each.name] = _listed(value_of(rules, each))
    return sections


def _listed(value: Value) -> Any:
    if not isinstance(value, tuple):
        return value
    return [list(each) if isinstance(each, tuple) else each for each in value]


def from_dict(stored: Mapping[str, Mapping[str, Any]]) -> RuleSet:
    """Return the rule set that `to_dict` wrote, the default wherever it is silent.

    Raises
    ------
    RuleError
        A value is outside its field's bounds.
    UnknownFieldError
        It names something that no rule has.
    """
    changes: dict[str, dict[str, Any]] = {}
    for rule, section in stored.items():
        for name, value in section.items():
            found = field_of(rule, name)
            plain = _tupled(value)
            _check(found, plain)
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
    document: dict[str, Any] = {rule: {} for rule in _RULES}
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
            return [_as_date(day) for day in value]
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
        It is not TOML; the message says where.
    RuleError
        A value is of another type, or outside its field's bounds.
    UnknownFieldError
        It names something that no rule has.
    """
    stored: dict[str, dict[str, Any]] = {}
    for rule, section in tomllib.loads(text, parse_float=Decimal).items():
        if rule not in _RULES or not isinstance(section, dict):
            raise UnknownFieldError(rule)
        for name, value in section.items():
            found = field_of(rule, name)
            stored.setdefault(rule, {})[name] = _from_toml(found, value)
    return from_dict(stored)


def _from_toml(field: Field, value: Any) -> Any:
    match field.kind:
        case "points":
            return _hundredths(field, value)
        case "amounts" if isinstance(value, list):
            return [_hundredths(field, amount) for amount in value]
        case "dates" if isinstance(value, list):
            return [_as_int(day) if isinstance(day, date) else day for day in value]
        case "weights" if isinstance(value, dict):
            if not all(who.isascii() and who.isdigit() for who in value):
                raise RuleError(field)
            return [[int(who), percent] for who, percent in value.items()]
        case _:
            return value


def _hundredths(field: Field, value: object) -> int:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    found = _number(str(value), POINT) if is_number else None
    if found is None:
        raise RuleError(field)
    return found


# ------------------------------------------------------------------- days, seasons, levels


def zone_of(rules: RuleSet, guild_zone: str) -> str:
    """Return the time zone that says when a day ends."""
    return rules.general.zone or guild_zone


def day_of(at: float, time_zone: str) -> int:
    """Return a moment's date as YYYYMMDD in a time zone of the IANA list, UTC if unknown."""
    return _as_int(_date(at, time_zone))


def _date(at: float, time_zone: str) -> date:
    return datetime.fromtimestamp(at, zones.zone_of(time_zone)).date()


def _as_int(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


@dataclass(frozen=True, slots=True)
class Season:
    """A stretch of days (YYYYMMDD): from ``first`` to the day before ``next``, None if open."""

    name: str
    first: int
    next: int | None


def season_of(seasons: Seasons, day: int) -> Season | None:
    """Return the season that a day belongs to, None where there are none or none has begun."""
    year, month = day // 10_000, day // 100 % 100
    match seasons.kind:
        case "monthly":
            return Season(f"{year}-{month:02}", _month(year, month), _month(year, month + 1))
        case "quarterly":
            quarter = (month + 2) // 3
            begin = 3 * quarter - 2
            return Season(f"{year}-Q{quarter}", _month(year, begin), _month(year, begin + 3))
        case "dates":
            index = bisect_right(seasons.starts, day)
            if index:
                first, later = seasons.starts[index - 1], seasons.starts[index : index + 1]
                return Season(_iso(first), first, later[0] if later else None)
    return None


def _month(year: int, month: int) -> int:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return year * 10_000 + month * 100 + 1


def level_total(levels: Levels, level: int) -> int | None:
    """Return the amount it takes to reach a level, None beyond the highest one."""
    if level <= 0:
        return 0
    match levels.curve:
        case "linear":
            return level * LINEAR * levels.percent if level <= LEVELS_MAX else None
        case "skool" | "list":
            steps = SKOOL if levels.curve == "skool" else levels.thresholds
            return steps[level - 1] if level <= len(steps) else None
        case _:
            # The sum of 5l²+50l+100 over the levels before: a whole number for every l.
            total = 5 * level * (2 * level * level + 27 * level + 91) // 6
            return total * levels.percent if level <= LEVELS_MAX else None


def level_of(levels: Levels, amount: int) -> int:
    """Return the highest level reached with `amount`, 0 ≤ level ≤ `LEVELS_MAX`."""
    if levels.curve in ("skool", "list"):
        return bisect_right(SKOOL if levels.curve == "skool" else levels.thresholds, amount)
    reachable = range(1, LEVELS_MAX + 1)
    return bisect_right(reachable, amount, key=lambda level: level_total(levels, level) or 0)
