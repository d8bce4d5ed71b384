from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emoji import emoji_hash
from bot.points import rules
from bot.points.rules import FIELDS, POINT, Field, Paid, RuleError, RuleSet
from storage.records import Event, EventKind
from tests.points.deliveries import deleted, message, reaction, reply, unreaction

DEFAULTS = RuleSet()
NUMBERS = [field for field in FIELDS if field.kind not in ("switch", "emoji")]


def field_named(rule: str, name: str) -> Field:
    return next(field for field in FIELDS if (field.rule, field.name) == (rule, name))


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (message(1), "message"),
        (message(1, length_class=3), "message"),
        (message(1, length_class=None), "message"),
        (message(1, length_class=1), None),
        (message(1, length_class=0, has_attachment=True), None),
        (message(1, target_id=11, is_reply=True), "message"),
        (message(1, in_thread=True), "message"),
        (message(1, in_thread=True, target_id=10), "message"),
        (reply(1), "reply"),
        (replace(reply(1), length_class=1), None),
        (reaction(1, giver=11), "helpful"),
        (reaction(1, giver=11, emoji="👍🏿"), "helpful"),
        (reaction(1, giver=11, emoji="🎉"), None),
        (reaction(1, giver=10), None),
        (reaction(1, giver=11, receiver=None), None),
        (unreaction(1, giver=11), None),
        (deleted(1), None),
        (replace(message(1), kind=EventKind.OPEN), None),
    ],
)
def test_which_rule_an_event_falls_under(event: Event, kind: str | None) -> None:
    assert rules.qualifies(DEFAULTS, event) == kind


@pytest.mark.parametrize("kind", ["message", "reply", "helpful"])
def test_a_rule_that_pays_nothing_takes_no_event(kind: str) -> None:
    off = rules.with_value(DEFAULTS, field_named(kind, "points"), 0)
    event = {"message": message(1), "reply": reply(1), "helpful": reaction(1, giver=11)}[kind]
    assert rules.qualifies(off, event) is None


@pytest.mark.parametrize(
    ("kind", "paid", "amount"),
    [
        ("message", Paid(), 100),
        ("message", Paid(nearest_s=60), 100),
        ("message", Paid(nearest_s=59.9), 0),
        ("message", Paid(nearest_s=0), 0),
        ("message", Paid(n_today=19), 100),
        ("message", Paid(n_today=20), 0),
        ("message", Paid(capped_today=99 * POINT), 100),
        ("message", Paid(capped_today=9_950), 50),
        ("message", Paid(capped_today=100 * POINT), 0),
        ("message", Paid(capped_today=200 * POINT), 0),
        ("reply", Paid(), 200),
        ("reply", Paid(n_today=9), 200),
        ("reply", Paid(n_today=10), 0),
        ("reply", Paid(nearest_s=10), 0),
        ("helpful", Paid(), 200),
        ("helpful", Paid(n_pair=1, n_pair_today=1), 100),
        ("helpful", Paid(n_pair=2, n_pair_today=0), 66),
        ("helpful", Paid(n_pair=2, n_pair_today=2), 0),
        ("helpful", Paid(n_today=29), 200),
        ("helpful", Paid(n_today=30), 0),
        ("helpful", Paid(n_pair=200), 0),
        ("helpful", Paid(capped_today=9_900), 100),
    ],
)
def test_what_an_event_earns(kind: rules.Kind, paid: Paid, amount: int) -> None:
    assert rules.decide(DEFAULTS, kind, paid) == amount


def test_a_rule_outside_the_daily_cap_pays_beyond_it() -> None:
    free = rules.with_value(DEFAULTS, field_named("helpful", "is_capped"), False)
    assert rules.decide(free, "helpful", Paid(capped_today=100 * POINT)) == 200
    assert rules.capped_kinds(free) == {"message", "reply"}


@given(
    st.sampled_from(["message", "reply", "helpful"]),
    st.builds(
        Paid,
        st.integers(0, 50),
        st.integers(0, 20_000),
        st.none() | st.floats(0, 1e6),
        st.integers(0, 50),
        st.integers(0, 50),
    ),
)
def test_nothing_ever_earns_less_than_nothing_or_more_than_the_cap_leaves(
    kind: rules.Kind, paid: Paid
) -> None:
    amount = rules.decide(DEFAULTS, kind, paid)
    assert 0 <= amount <= max(0, 100 * POINT - paid.capped_today)


@pytest.mark.parametrize("field", NUMBERS, ids=lambda f: f"{f.rule}.{f.name}")
def test_every_number_takes_its_bounds_and_nothing_beyond(field: Field) -> None:
    unit = POINT if field.kind == "points" else 1
    for value in (field.low, field.high):
        assert rules.parse(field, f" {value // unit} ") == value
        changed = rules.with_value(DEFAULTS, field, value)
        assert rules.value_of(changed, field) == value
    for value in (field.low - 1, field.high + 1):
        with pytest.raises(RuleError):
            rules.with_value(DEFAULTS, field, value)
    for written in (str(field.low // unit - 1), str(field.high // unit + 1)):
        with pytest.raises(RuleError):
            rules.parse(field, written)


@pytest.mark.parametrize(
    "written", ["", "one", "1.005", "1,5", "NaN", "inf", "-1", "1e999999999", "1 2", "十"]
)
def test_points_that_cannot_be_read_are_refused(written: str) -> None:
    with pytest.raises(RuleError):
        rules.parse(field_named("message", "points"), written)


def test_points_may_have_two_decimals_and_any_digits() -> None:
    points = field_named("message", "points")
    assert rules.parse(points, "0.25") == 25
    assert rules.parse(points, "１.5") == 150
    with pytest.raises(RuleError):
        rules.parse(field_named("message", "per_day"), "1.5")


@pytest.mark.parametrize(
    ("written", "value"),
    [("yes", True), ("Off", False), ("是", True), ("否", False), ("0", False)],
)
def test_switches_are_written_in_either_language(written: str, value: bool) -> None:
    assert rules.parse(field_named("reply", "is_capped"), written) is value


def test_a_switch_takes_nothing_else() -> None:
    with pytest.raises(RuleError):
        rules.parse(field_named("reply", "is_capped"), "maybe")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("👍❤️", ("👍", "❤️")),
        ("👍 <:ty:123456789012345678>", ("👍", "<:ty:123456789012345678>")),
        ("👍🏽👍", ("👍🏽",)),
    ],
)
def test_helpful_emoji_are_read_as_written(written: str, found: tuple[str, ...]) -> None:
    assert rules.parse(field_named("helpful", "emoji"), written) == found


@pytest.mark.parametrize("written", ["", "thumbsup", "👍 nice", "<:ty:1>", "⭐" * 0])
def test_what_is_no_emoji_is_refused(written: str) -> None:
    with pytest.raises(RuleError):
        rules.parse(field_named("helpful", "emoji"), written)


def test_one_to_twenty_emoji_are_helpful() -> None:
    emoji = field_named("helpful", "emoji")
    many = [chr(0x1F400 + n) for n in range(21)]
    assert len(rules.parse(emoji, "".join(many[:20]))) == 20  # type: ignore[arg-type]
    with pytest.raises(RuleError):
        rules.parse(emoji, "".join(many))


def test_a_custom_emoji_counts_by_its_id() -> None:
    emoji = field_named("helpful", "emoji")
    changed = rules.with_value(DEFAULTS, emoji, ("<:ty:123456789012345678>",))
    assert rules.helpful_hashes(changed) == {emoji_hash("123456789012345678")}


@pytest.mark.parametrize("value", ["1", None, 1.5, True])
def test_a_number_of_another_type_is_refused(value: object) -> None:
    with pytest.raises(RuleError):
        rules.with_value(DEFAULTS, field_named("message", "per_day"), value)  # type: ignore[arg-type]


def test_every_default_is_within_its_bounds_and_every_value_can_be_changed() -> None:
    for field in FIELDS:
        rules.with_value(DEFAULTS, field, rules.value_of(DEFAULTS, field))
    named = {(field.rule, field.name) for field in FIELDS}
    stored = rules.to_dict(DEFAULTS)
    assert named == {(rule, name) for rule, section in stored.items() for name in section}


@given(st.data())
def test_a_rule_set_survives_being_stored(data: st.DataObject) -> None:
    changed = DEFAULTS
    for field in data.draw(st.lists(st.sampled_from(NUMBERS), max_size=8)):
        value = data.draw(st.integers(field.low, field.high))
        changed = rules.with_value(changed, field, value)
    assert rules.from_dict(rules.to_dict(changed)) == changed


def test_a_stored_rule_set_is_silent_about_what_it_does_not_know() -> None:
    assert rules.from_dict({"message": {"points": 300}}).message.points == 300
    assert rules.from_dict({}) == DEFAULTS


def test_a_stored_rule_set_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(RuleError):
        rules.from_dict({"message": {"points": -1}})
    with pytest.raises(KeyError):
        rules.from_dict({"message": {"pionts": 1}})


@pytest.mark.parametrize(("level", "points"), [(1, 100), (2, 255), (10, 4_675), (50, 268_375)])
def test_the_unscaled_curve_has_its_golden_totals(level: int, points: int) -> None:
    assert rules.level_total(level) == points * POINT


def test_the_defaults_take_a_fifth_of_the_curve() -> None:
    percent = DEFAULTS.general.level_percent
    assert rules.level_total(1, percent) == 20 * POINT
    assert rules.level_of(19_99, percent) == 0
    assert rules.level_of(20_00, percent) == 1
    assert rules.level_of(-500, percent) == 0
    assert rules.level_of(10**15, percent) == rules.LEVELS_MAX


@given(st.integers(0, 10**9), st.integers(1, 1_000))
def test_a_level_is_the_highest_whose_total_is_reached(amount: int, percent: int) -> None:
    level = rules.level_of(amount, percent)
    assert rules.level_total(level, percent) <= amount
    assert level == rules.LEVELS_MAX or amount < rules.level_total(level + 1, percent)


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        (1_772_409_600, "UTC", 20260302),
        (1_772_409_600 - 1, "UTC", 20260301),
        (1_772_409_600 - 1, "Asia/Shanghai", 20260302),
        (1_772_409_600, "America/New_York", 20260301),
        (1_772_409_600, "Not/AZone", 20260302),
        (1_772_409_600, "../etc/passwd", 20260302),
    ],
)
def test_a_day_is_the_guilds_own(at: float, zone: str, day: int) -> None:
    assert rules.day_of(at, zone) == day


def test_a_week_begins_on_monday_and_a_month_on_the_first() -> None:
    sunday_evening = 1_772_409_600 - 3600
    assert rules.first_day("week", sunday_evening, "UTC") == 20260223
    assert rules.first_day("week", sunday_evening, "Asia/Shanghai") == 20260302
    assert rules.first_day("month", sunday_evening, "UTC") == 20260301
    assert rules.first_day("all", sunday_evening, "UTC") == 0
