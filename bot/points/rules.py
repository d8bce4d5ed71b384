"""What taking part is worth: reward rules with their bounds, what one event earns, levels.

A guild's rules are one frozen `RuleSet`; `FIELDS` lists what can be changed in it and within
which bounds. `qualifies` says which rule an event falls under, `decide` what it earns given
what the member was paid already. Amounts are hundredths of a point throughout.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from bot import emoji, zones
from storage.records import Event, EventKind

Kind = Literal["message", "reply", "helpful"]
Period = Literal["week", "month", "all"]
FieldKind = Literal["points", "seconds", "count", "length", "days", "percent", "switch", "emoji"]
Value = int | bool | tuple[str, ...]

PERIODS: tuple[Period, ...] = ("week", "month", "all")
POINT = 100
"""One point in the ledger's unit."""
WRITTEN: tuple[Kind, ...] = ("message", "reply")
"""Kinds paid for writing: they share one cooldown."""
GIVEN = frozenset({"award", "deduct", "opening", "rescore"})
"""Kinds of entries that no event and no rule pays."""
HELPFUL_EMOJI = ("👍", "❤️", "🙏", "💡", "💯", "✅", "⭐")
LEVELS_MAX = 1_000
_NUMBER_MAX = 10**12  # beyond every bound: "1e999999999" must not be written out
_YES = frozenset({"yes", "true", "on", "1", "是", "开"})
_NO = frozenset({"no", "false", "off", "0", "否", "关"})


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """What a message, or a reply in a thread, earns its author."""

    points: int
    per_day: int
    cooldown_s: int = 60
    min_length: int = 2
    is_capped: bool = True


@dataclass(frozen=True, slots=True)
class HelpfulRule:
    """What a helpful reaction earns the author of the message.

    The n-th paid reaction from one giver to one receiver within `pair_days` pays 1/n.
    """

    points: int = 2 * POINT
    per_day: int = 30
    pair_per_day: int = 2
    pair_days: int = 30
    emoji: tuple[str, ...] = HELPFUL_EMOJI
    is_capped: bool = True


@dataclass(frozen=True, slots=True)
class General:
    """What concerns every rule: the cap of a day over all capped rules, and the levels."""

    daily_cap: int = 100 * POINT
    level_percent: int = 20


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All reward rules of a guild, the defaults where nothing is said."""

    message: WrittenRule = field(default_factory=lambda: WrittenRule(1 * POINT, 20))
    reply: WrittenRule = field(default_factory=lambda: WrittenRule(2 * POINT, 10))
    helpful: HelpfulRule = field(default_factory=HelpfulRule)
    general: General = field(default_factory=General)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be changed in a rule set; bounds are inclusive.

    Bounds count in the field's own unit: hundredths for ``points``, entries for ``emoji``.
    """

    rule: str
    name: str
    kind: FieldKind
    low: int = 0
    high: int = 1


class RuleError(ValueError):
    """A value outside what its field accepts."""

    def __init__(self, field: Field) -> None:
        super().__init__(
            f"{field.rule}.{field.name} takes {field.kind} from {field.low} to {field.high}"
        )
        self.field = field


def _written(rule: str) -> tuple[Field, ...]:
    return (
        Field(rule, "points", "points", 0, 1_000 * POINT),
        Field(rule, "cooldown_s", "seconds", 0, 86_400),
        Field(rule, "per_day", "count", 1, 1_000),
        Field(rule, "min_length", "length", 0, 3),
        Field(rule, "is_capped", "switch"),
    )


FIELDS: tuple[Field, ...] = (
    *_written("message"),
    *_written("reply"),
    Field("helpful", "points", "points", 0, 1_000 * POINT),
    Field("helpful", "per_day", "count", 1, 1_000),
    Field("helpful", "pair_per_day", "count", 1, 100),
    Field("helpful", "pair_days", "days", 1, 365),
    Field("helpful", "emoji", "emoji", 1, 20),
    Field("helpful", "is_capped", "switch"),
    Field("general", "daily_cap", "points", 1 * POINT, 100_000 * POINT),
    Field("general", "level_percent", "percent", 1, 1_000),
)


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


def parse(field: Field, written: str) -> Value:
    """Return the value that a moderator wrote for `field`, within its bounds.

    Raises
    ------
    RuleError
        It cannot be read, or lies outside the bounds.
    """
    text = written.strip()
    value: Value | None
    if field.kind == "emoji":
        found = emoji.split(text)
        value = None if found is None else tuple(found)
    elif field.kind == "switch":
        value = True if text.lower() in _YES else False if text.lower() in _NO else None
    else:
        value = _number(text, POINT if field.kind == "points" else 1)
    if value is None:
        raise RuleError(field)
    _check(field, value)
    return value


def _number(text: str, unit: int) -> int | None:
    try:
        scaled = Decimal(text) * unit
        is_whole = abs(scaled) < _NUMBER_MAX and scaled == scaled.to_integral_value()
    except ArithmeticError:
        return None
    return int(scaled) if is_whole else None


def _check(field: Field, value: object) -> None:
    match field.kind:
        case "switch":
            is_fine = isinstance(value, bool)
        case "emoji":
            is_fine = (
                isinstance(value, tuple)
                and field.low <= len(value) <= field.high
                and all(isinstance(each, str) and emoji.split(each) for each in value)
            )
        case _:
            is_number = isinstance(value, int) and not isinstance(value, bool)
            is_fine = is_number and field.low <= value <= field.high  # type: ignore[operator]
    if not is_fine:
        raise RuleError(field)


def to_dict(rules: RuleSet) -> dict[str, Any]:
    """Return the rule set as JSON can hold it; `from_dict` is the way back."""
    sections = asdict(rules)
    sections["helpful"]["emoji"] = list(rules.helpful.emoji)
    return sections


def from_dict(stored: Mapping[str, Mapping[str, Any]]) -> RuleSet:
    """Return the rule set that `to_dict` wrote, the default wherever it is silent.

    Raises
    ------
    RuleError
        A value is outside its field's bounds.
    KeyError
        It names something that no rule has.
    """
    by_name = {(field.rule, field.name): field for field in FIELDS}
    rules = RuleSet()
    for rule, section in stored.items():
        for name, value in section.items():
            plain = tuple(value) if isinstance(value, list) else value
            rules = with_value(rules, by_name[rule, name], plain)
    return rules


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid already and not taken back, as far as it bears on one event.

    Attributes
    ----------
    n_today
        Payments of the event's kind to the member on the event's day.
    capped_today
        What all capped rules paid them that day.
    nearest_s
        Seconds between the event and the nearest one paid of the kinds that share its
        cooldown, before or after it (events may arrive late); None for none.
    n_pair_today, n_pair
        Payments that this giver caused this receiver, that day and in the pair's window.
    """

    n_today: int = 0
    capped_today: int = 0
    nearest_s: float | None = None
    n_pair_today: int = 0
    n_pair: int = 0


def qualifies(rules: RuleSet, event: Event) -> Kind | None:
    """Say which rule could pay for an event at all, before asking what was paid already.

    A message in somebody else's thread, or in answer to somebody else in any thread, is a
    reply. A text that may not be read passes every minimum length. Reactions to one's own
    messages never pay.
    """
    if event.kind == EventKind.MESSAGE:
        kind: Kind = "reply" if _is_reply(event) else "message"
        rule = rules.reply if kind == "reply" else rules.message
        is_long = event.length_class is None or event.length_class >= rule.min_length
        return kind if rule.points > 0 and is_long else None
    if event.kind == EventKind.REACTION:
        is_others = event.target_id is not None and event.target_id != event.user_id
        is_helpful = event.qualifier in helpful_hashes(rules)
        return "helpful" if rules.helpful.points > 0 and is_others and is_helpful else None
    return None


def _is_reply(event: Event) -> bool:
    return event.in_thread and event.target_id is not None and event.target_id != event.user_id


def decide(rules: RuleSet, kind: Kind, paid: Paid) -> int:
    """Return what an event of a rule's kind earns, ≥ 0.

    The last payment before the daily cap is cut to what is left of it.
    """
    if kind == "helpful":
        amount = _helpful(rules.helpful, paid)
    else:
        amount = _written_amount(rules.reply if kind == "reply" else rules.message, paid)
    if getattr(rules, kind).is_capped:
        amount = min(amount, rules.general.daily_cap - paid.capped_today)
    return max(amount, 0)


def _written_amount(rule: WrittenRule, paid: Paid) -> int:
    is_cooling = paid.nearest_s is not None and paid.nearest_s < rule.cooldown_s
    return 0 if is_cooling or paid.n_today >= rule.per_day else rule.points


def _helpful(rule: HelpfulRule, paid: Paid) -> int:
    if paid.n_today >= rule.per_day or paid.n_pair_today >= rule.pair_per_day:
        return 0
    return rule.points // (paid.n_pair + 1)


def capped_kinds(rules: RuleSet) -> frozenset[str]:
    """Return the kinds that count towards the daily cap."""
    return frozenset(k for k in (*WRITTEN, "helpful") if getattr(rules, k).is_capped)


def helpful_hashes(rules: RuleSet) -> frozenset[int]:
    """Return the hashes of the emoji that count as "this helped", as events carry them."""
    return frozenset(emoji.hash_of(written) for written in rules.helpful.emoji)


def day_of(at: float, time_zone: str) -> int:
    """Return a moment's date as YYYYMMDD in a time zone of the IANA list, UTC if unknown."""
    return _as_int(_date(at, time_zone))


def first_day(period: Period, at: float, time_zone: str) -> int:
    """Return the first day of the week (from Monday) or month around `at`, 0 for all time."""
    today = _date(at, time_zone)
    match period:
        case "week":
            return _as_int(today - timedelta(days=today.weekday()))
        case "month":
            return _as_int(today.replace(day=1))
        case "all":
            return 0


def _date(at: float, time_zone: str) -> date:
    return datetime.fromtimestamp(at, zones.zone_of(time_zone)).date()


def _as_int(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def level_total(level: int, percent: int = 100) -> int:
    """Return the amount it takes to reach a level, the curve scaled to `percent`.

    The curve is 5/6·l·(2l²+27l+91) points, a whole number for every l.
    """
    return 5 * level * (2 * level * level + 27 * level + 91) // 6 * percent


def level_of(amount: int, percent: int) -> int:
    """Return the highest level reached with `amount`, 0 ≤ level ≤ `LEVELS_MAX`."""
    levels = range(1, LEVELS_MAX + 1)
    return bisect_right(levels, amount, key=lambda level: level_total(level, percent))
