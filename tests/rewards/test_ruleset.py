import json
import tomllib
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emoji import burst_of, emoji_hash
from bot.rewards import calendar, fields, formats, kinds
from bot.rewards.calendar import Season
from bot.rewards.decisions import emoji_hashes
from bot.rewards.fields import FIELDS, Field, RuleError, UnknownFieldError
from bot.rewards.kinds import POINT
from bot.rewards.levels import LEVELS_MAX, level_of, level_total
from bot.rewards.ruleset import Levels, RuleSet, Seasons

DEFAULTS = RuleSet()
NUMBERS = [
    field
    for field in FIELDS
    if field.kind in ("points", "seconds", "count", "length", "days", "hours", "percent")
]


def field_named(rule: str, name: str) -> Field:
    return fields.field_of(rule, name)


@pytest.mark.parametrize("field", NUMBERS, ids=lambda f: f"{f.rule}.{f.name}")
def test_every_number_takes_its_bounds_and_nothing_beyond(field: Field) -> None:
    unit = POINT if field.kind == "points" else 1
    for value in (field.low, field.high):
        assert fields.parse(field, f" {value // unit} ") == value
        changed = fields.with_value(DEFAULTS, field, value)
        assert fields.value_of(changed, field) == value
    for value in (field.low - 1, field.high + 1):
        with pytest.raises(RuleError):
            fields.with_value(DEFAULTS, field, value)
    for written in (str(field.low // unit - 1), str(field.high // unit + 1)):
        with pytest.raises(RuleError):
            fields.parse(field, written)


@pytest.mark.parametrize(
    "written", ["", "one", "1.005", "1,5", "NaN", "inf", "-1", "1e999999999", "1 2", "十"]
)
def test_points_that_cannot_be_read_are_refused(written: str) -> None:
    with pytest.raises(RuleError):
        fields.parse(field_named("message", "points"), written)


def test_points_may_have_two_decimals_and_any_digits() -> None:
    points = field_named("message", "points")
    assert fields.parse(points, "0.25") == 25
    assert fields.parse(points, "１.5") == 150
    with pytest.raises(RuleError):
        fields.parse(field_named("message", "per_day"), "1.5")


@pytest.mark.parametrize(
    ("written", "value"),
    [("yes", True), ("Off", False), ("是", True), ("否", False), ("0", False)],
)
def test_switches_are_written_in_either_language(written: str, value: bool) -> None:
    assert fields.parse(field_named("reply", "is_capped"), written) is value


def test_a_switch_takes_nothing_else() -> None:
    with pytest.raises(RuleError):
        fields.parse(field_named("reply", "is_capped"), "maybe")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("👍❤️", ("👍", "❤️")),
        ("👍 <:ty:123456789012345678>", ("👍", "<:ty:123456789012345678>")),
        ("👍🏽👍", ("👍🏽",)),
    ],
)
def test_helpful_emoji_are_read_as_written(written: str, found: tuple[str, ...]) -> None:
    assert fields.parse(field_named("helpful", "emoji"), written) == found


@pytest.mark.parametrize("written", ["", "thumbsup", "👍 nice", "<:ty:1>", "⭐" * 0])
def test_what_is_no_emoji_is_refused(written: str) -> None:
    with pytest.raises(RuleError):
        fields.parse(field_named("helpful", "emoji"), written)


def test_one_to_twenty_emoji_are_helpful() -> None:
    emoji = field_named("helpful", "emoji")
    many = [chr(0x1F400 + n) for n in range(21)]
    assert len(fields.parse(emoji, "".join(many[:20]))) == 20  # type: ignore[arg-type]
    with pytest.raises(RuleError):
        fields.parse(emoji, "".join(many))


def test_a_custom_emoji_counts_by_its_id() -> None:
    emoji = field_named("helpful", "emoji")
    changed = fields.with_value(DEFAULTS, emoji, ("<:ty:123456789012345678>",))
    assert emoji_hashes(changed.helpful.emoji) == {
        emoji_hash("123456789012345678"),
        burst_of(emoji_hash("123456789012345678")),
    }


@pytest.mark.parametrize("value", ["1", None, 1.5, True])
def test_a_number_of_another_type_is_refused(value: object) -> None:
    with pytest.raises(RuleError):
        fields.with_value(DEFAULTS, field_named("message", "per_day"), value)  # type: ignore[arg-type]


def test_every_default_is_within_its_bounds_and_every_value_can_be_changed() -> None:
    for field in FIELDS:
        fields.with_value(DEFAULTS, field, fields.value_of(DEFAULTS, field))
    named = {(field.rule, field.name) for field in FIELDS}
    stored = formats.to_dict(DEFAULTS)
    assert named == {(rule, name) for rule, section in stored.items() for name in section}


@given(st.data())
def test_a_rule_set_survives_being_stored(data: st.DataObject) -> None:
    changed = DEFAULTS
    for field in data.draw(st.lists(st.sampled_from(NUMBERS), max_size=8)):
        value = data.draw(st.integers(field.low, field.high))
        changed = fields.with_value(changed, field, value)
    assert formats.from_dict(formats.to_dict(changed)) == changed


def test_a_stored_rule_set_is_silent_about_what_it_does_not_know() -> None:
    assert formats.from_dict({"message": {"points": 300}}).message.points == 300


FORMER = {
    "reply": {"pair_full": 1, "pair_step": 1, "pair_back": 0, "silent_days": 0},
    "helpful": {"pair_full": 1, "pair_step": 1, "pair_back": 0},
    "answer": {"pair_full": 1, "pair_step": 1, "pair_back": 100},
    "answered": {"answerers": 0, "answer_days": 30, "percent": 25, "known_to": 0, "circle": 0},
    "small": {"others": 0, "few_days": 7},
}
"""What fields mean in rules that were published before there were such fields."""


def test_rules_published_before_a_field_was_there_keep_their_meaning() -> None:
    stored = formats.to_dict(DEFAULTS)
    for rule, section in FORMER.items():
        for name in section:
            del stored[rule][name]
    found = formats.to_dict(formats.from_dict(stored))
    assert {r: {name: found[r][name] for name in each} for r, each in FORMER.items()} == FORMER
    for rule, section in FORMER.items():
        stored[rule] |= section
    assert found == stored


@pytest.mark.parametrize(("rule", "name"), [(r, n) for r, each in FORMER.items() for n in each])
def test_a_field_says_what_it_meant_before_it_was_there(rule: str, name: str) -> None:
    assert fields.field_of(rule, name).before == FORMER[rule][name]
    assert sum(each.before is not None for each in fields.FIELDS) == sum(map(len, FORMER.values()))


def test_a_stored_rule_set_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(RuleError):
        formats.from_dict({"message": {"points": -1}})
    with pytest.raises(KeyError):
        formats.from_dict({"message": {"pionts": 1}})


@pytest.mark.parametrize(("level", "points"), [(1, 100), (2, 255), (10, 4_675), (50, 268_375)])
def test_the_unscaled_curve_has_its_golden_totals(level: int, points: int) -> None:
    assert level_total(Levels(percent=100), level) == points * POINT


def test_the_defaults_take_a_fifth_of_the_curve() -> None:
    levels = DEFAULTS.levels
    assert level_total(levels, 1) == 20 * POINT
    assert level_of(levels, 19_99) == 0
    assert level_of(levels, 20_00) == 1
    assert level_of(levels, -500) == 0
    assert level_of(levels, 10**15) == LEVELS_MAX


@given(st.integers(0, 10**9), st.integers(1, 1_000))
def test_a_level_is_the_highest_whose_total_is_reached(amount: int, percent: int) -> None:
    levels = Levels(percent=percent)
    level = level_of(levels, amount)
    reached, next_total = (level_total(levels, level + n) for n in (0, 1))
    assert reached is not None
    assert reached <= amount
    assert next_total is None or amount < next_total


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
    assert calendar.day_of(at, zone) == day


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("multipliers.channels", "<#123> 150, <#4>=0%", ((123, 150), (4, 0))),
        ("multipliers.roles", "<@&77>: 200", ((77, 200),)),
        ("multipliers.roles", "-", ()),
        ("levels.thresholds", "5, 20.5 65", (500, 2_050, 6_500)),
        ("levels.thresholds", "无", ()),
        ("levels.curve", " Skool ", "skool"),
        ("seasons.starts", "2026-01-01，2026-09-01", (20260101, 20260901)),
        ("general.zone", "北京", "Asia/Shanghai"),
        ("general.zone", "-", ""),
    ],
)
def test_lists_choices_and_zones_are_read_as_moderators_write_them(
    name: str, written: str, value: Any
) -> None:
    assert fields.parse(field_named(*name.split(".")), written) == value


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("multipliers.channels", "general 150"),
        ("multipliers.channels", "123=1001"),
        ("multipliers.channels", "123=100, 123=50"),
        ("levels.thresholds", "20, 5"),
        ("levels.thresholds", "5, five"),
        ("levels.curve", "steep"),
        ("seasons.starts", "2026-02-30"),
        ("seasons.starts", "2026-09-01, 2026-01-01"),
        ("seasons.kind", "yearly"),
        ("general.zone", "Nowhere"),
    ],
)
def test_lists_choices_and_zones_that_make_no_sense_are_refused(name: str, written: str) -> None:
    with pytest.raises(RuleError):
        fields.parse(field_named(*name.split(".")), written)


VALUES = {
    "switch": st.booleans(),
    "emoji": st.lists(st.sampled_from(kinds.HELPFUL_EMOJI), min_size=1, unique=True).map(tuple),
    "zone": st.sampled_from(["", "Asia/Shanghai", "Europe/Berlin"]),
    "weights": st.dictionaries(st.integers(1, 2**63 - 1), st.integers(0, 1_000), max_size=5).map(
        lambda found: tuple(found.items())
    ),
    "amounts": st.sets(st.integers(0, 10**9), max_size=9).map(lambda found: tuple(sorted(found))),
    "dates": st.sets(st.dates(), max_size=5).map(
        lambda found: tuple(
            sorted(d.year * 10_000 + d.month * 100 + d.day for d in found if d.year >= 2_000)
        )
    ),
}


def values(field: Field) -> st.SearchStrategy[Any]:
    if field.kind == "choice":
        return st.sampled_from(field.choices)
    return VALUES[field.kind] if field.kind in VALUES else st.integers(field.low, field.high)


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    drawn = DEFAULTS
    for field in draw(st.lists(st.sampled_from(FIELDS), unique=True)):
        drawn = fields.with_value(drawn, field, draw(values(field)))
    return drawn


@given(rule_sets())
def test_any_rule_set_survives_json_toml_and_being_typed(drawn: RuleSet) -> None:
    assert formats.from_json(json.dumps(formats.to_dict(drawn))) == drawn
    assert formats.from_toml(formats.to_toml(drawn)) == drawn
    for field in FIELDS:
        value = fields.value_of(drawn, field)
        assert fields.parse(field, fields.write(field, value)) == value


def test_toml_speaks_of_points_and_is_silent_where_the_defaults_do() -> None:
    written = formats.from_toml(
        """
        [message]
        points = 1.5
        [multipliers.channels]
        123456789012345678 = 150
        [seasons]
        kind = "dates"
        starts = [2026-03-01, 2026-09-01]
        """
    )
    assert written.message.points == 150
    assert written.message.per_day == DEFAULTS.message.per_day
    assert written.small == DEFAULTS.small
    assert written.multipliers.channels == ((123456789012345678, 150),)
    assert written.seasons.starts == (20260301, 20260901)


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ("[message", tomllib.TOMLDecodeError),
        ("message = 1", UnknownFieldError),
        ("[pages]\npoints = 1", UnknownFieldError),
        ("[message]\npionts = 1", UnknownFieldError),
        ("[message]\npoints = '1'", RuleError),
        ("[message]\npoints = true", RuleError),
        ("[message]\npoints = 1.005", RuleError),
        ("[message]\npoints = nan", RuleError),
        ("[message]\nper_day = 2.0", RuleError),
        ("[message]\nis_capped = 1", RuleError),
        ("[multipliers.channels]\ngeneral = 150", RuleError),
        ("[multipliers]\nchannels = [150]", RuleError),
        ("[seasons]\nstarts = ['2026-01-01']", RuleError),
        ("[levels]\nthresholds = [5, 'many']", RuleError),
        ("[helpful]\nemoji = [1]", RuleError),
    ],
)
def test_toml_that_makes_no_sense_is_refused(written: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        formats.from_toml(written)


CURVES = (
    Levels(),
    Levels("linear", 100),
    Levels("skool"),
    Levels("list", thresholds=(100, 250, 1_000)),
    Levels("list"),
)


@pytest.mark.parametrize("levels", CURVES, ids=lambda levels: levels.curve)
def test_every_curve_rises_and_levels_agree_with_it(levels: Levels) -> None:
    totals = [level_total(levels, level) for level in range(LEVELS_MAX + 2)]
    assert totals[0] == 0
    assert totals[-1] is None
    known = [total for total in totals if total is not None]
    assert all(a < b for a, b in pairwise(known[1:]))
    for level in (1, 2, len(known) - 1):
        if 0 < level < len(known):
            assert level_of(levels, known[level]) == level
            assert level_of(levels, known[level] - 1) == level - 1


def test_skools_levels_begin_where_skools_do() -> None:
    skool = Levels("skool")
    assert level_of(skool, 0) == 1
    assert level_of(skool, 499) == 1
    assert level_of(skool, 500) == 2
    assert level_of(skool, 3_301_500) == level_of(skool, 10**12) == 9


@pytest.mark.parametrize(
    ("seasons", "day", "season"),
    [
        (Seasons(), 20260302, None),
        (Seasons("monthly"), 20261231, Season("2026-12", 20261201, 20270101)),
        (Seasons("quarterly"), 20260331, Season("2026-Q1", 20260101, 20260401)),
        (Seasons("quarterly"), 20261001, Season("2026-Q4", 20261001, 20270101)),
        (Seasons("dates"), 20260302, None),
        (Seasons("dates", (20260401,)), 20260302, None),
        (
            Seasons("dates", (20260301, 20260901)),
            20260831,
            Season("2026-03-01", 20260301, 20260901),
        ),
        (Seasons("dates", (20260301,)), 20270101, Season("2026-03-01", 20260301, None)),
    ],
)
def test_a_day_belongs_to_its_season(seasons: Seasons, day: int, season: Season | None) -> None:
    assert calendar.season_of(seasons, day) == season
