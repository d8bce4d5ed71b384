from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rewards import decisions, fields
from bot.rewards.decisions import Paid
from bot.rewards.kinds import KINDS, POINT
from bot.rewards.ruleset import Multipliers, RuleSet
from storage.records import Event, EventKind
from tests.points.deliveries import START, deleted, message, reaction, reply, snowflake, unreaction

DEFAULTS = RuleSet()
field_named = fields.field_of


def falls_under(rules: RuleSet, event: Event) -> str | None:
    index = decisions.qualifies(decisions.by_kind(rules), event)
    return None if index is None else KINDS[index]


def pays(rules: RuleSet, kind: str, paid: Paid) -> int:
    return decisions.decide(getattr(rules, kind), rules.general.daily_cap, rules.small, paid)


def act(kind: EventKind, user: int = 11, target: int = 10) -> Event:
    return Event(
        guild_id=1,
        source_id=50,
        kind=kind,
        user_id=user,
        occurred_at=START,
        target_id=target,
        resource_id=50,
    )


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
        (replace(reaction(1, giver=11), length_class=0, novelty=0), "helpful"),
        (replace(reaction(1, giver=11), length_class=0, has_attachment=True), "helpful"),
        (replace(message(1), novelty=0), None),
        (replace(message(1), novelty=1), "message"),
        (replace(reply(1), novelty=0), None),
        (act(EventKind.ACCEPTED), "answer"),
        (act(EventKind.ACCEPTED, target=11), None),
        (act(EventKind.PUBLISHED), "resource"),
        (act(EventKind.SAVE), "savers"),
        (act(EventKind.REVIEWED), "review"),
        (act(EventKind.CHECKIN), "checkin"),
        (act(EventKind.PAID), None),
        (act(EventKind.TASK_DONE), None),
        (act(EventKind.UNACCEPTED), None),
        (unreaction(1, giver=11), None),
        (deleted(1), None),
        (replace(message(1), kind=EventKind.OPEN), None),
    ],
)
def test_which_rule_an_event_falls_under(event: Event, kind: str | None) -> None:
    assert falls_under(DEFAULTS, event) == kind


def test_buying_falls_under_a_rule_once_it_pays_anything() -> None:
    on = fields.with_value(DEFAULTS, field_named("purchase", "points"), 20 * POINT)
    assert falls_under(on, act(EventKind.PAID)) == "purchase"
    assert falls_under(on, act(EventKind.PURCHASE)) is None
    assert pays(on, "purchase", Paid(n_today=2)) == 20 * POINT
    assert pays(on, "purchase", Paid(n_today=3)) == 0


def test_a_task_falls_under_a_rule_once_it_pays_anything() -> None:
    on = fields.with_value(DEFAULTS, field_named("task", "points"), 5 * POINT)
    assert falls_under(on, act(EventKind.TASK_DONE)) == "task"
    assert falls_under(on, act(EventKind.TASK_DONE, target=11)) is None
    assert pays(on, "task", Paid(n_today=2)) == 5 * POINT
    assert pays(on, "task", Paid(n_today=3)) == 0


@pytest.mark.parametrize("kind", ["message", "reply", "helpful"])
def test_a_rule_that_pays_nothing_takes_no_event(kind: str) -> None:
    off = fields.with_value(DEFAULTS, field_named(kind, "points"), 0)
    event = {"message": message(1), "reply": reply(1), "helpful": reaction(1, giver=11)}[kind]
    assert falls_under(off, event) is None


@pytest.mark.parametrize(
    ("kind", "paid", "amount"),
    [
        ("message", Paid(), 100),
        ("message", Paid(nearest_s=60), 100),
        ("message", Paid(nearest_s=59.9), 0),
        ("message", Paid(nearest_s=0), 0),
        ("message", Paid(n_today=1), 50),
        ("message", Paid(n_today=2), 33),
        ("message", Paid(n_today=9), 10),
        ("message", Paid(n_today=10), 0),
        ("message", Paid(capped_today=99 * POINT), 100),
        ("message", Paid(capped_today=9_950), 50),
        ("message", Paid(capped_today=100 * POINT), 0),
        ("message", Paid(capped_today=200 * POINT), 0),
        ("message", Paid(percent=150), 150),
        ("message", Paid(percent=0), 0),
        ("message", Paid(n_today=1, percent=50), 25),
        ("reply", Paid(), 200),
        ("reply", Paid(n_today=9), 66),
        ("reply", Paid(n_today=10), 0),
        ("reply", Paid(nearest_s=10), 0),
        ("reply", Paid(n_pair=1, n_pair_today=1), 200),
        ("reply", Paid(n_pair=2), 66),
        ("reply", Paid(n_pair=3), 40),
        ("reply", Paid(n_pair=2, n_today=4), 33),
        ("reply", Paid(n_pair_today=3), 0),
        ("reply", Paid(n_pair=9), 11),
        ("reply", Paid(n_pair=9, n_others=5), 18),
        ("reply", Paid(n_pair=9, n_others=2), 50),
        ("reply", Paid(n_back=9), 200),
        ("reply", Paid(n_silent=1), 100),
        ("reply", Paid(n_silent=9), 20),
        ("reply", Paid(n_silent=1, n_pair=2), 33),
        ("helpful", Paid(), 250),
        ("helpful", Paid(n_pair=1, n_pair_today=1), 250),
        ("helpful", Paid(n_pair=3), 250),
        ("helpful", Paid(n_pair=4), 62),
        ("helpful", Paid(n_pair=5), 35),
        ("helpful", Paid(n_back=2), 250),
        ("helpful", Paid(n_back=3), 50),
        ("helpful", Paid(n_pair=1, n_back=2), 62),
        ("helpful", Paid(n_pair=14, n_back=14), 2),
        ("helpful", Paid(n_pair=14, n_back=14, n_others=2), 11),
        ("helpful", Paid(n_pair=2, n_pair_today=2), 0),
        ("helpful", Paid(n_today=19), 250),
        ("helpful", Paid(n_today=20), 125),
        ("helpful", Paid(n_today=29), 125),
        ("helpful", Paid(n_today=30), 0),
        ("helpful", Paid(n_pair=200), 0),
        ("helpful", Paid(capped_today=9_900), 100),
        ("helpful", Paid(is_locked=True), 0),
        ("helpful", Paid(percent=25), 62),
        ("answer", Paid(), 1_500),
        ("answer", Paid(capped_today=100 * POINT), 1_500),
        ("answer", Paid(n_pair=2), 500),
        ("answer", Paid(n_back=2), 500),
        ("answer", Paid(n_pair=1, n_back=1), 500),
        ("answer", Paid(n_today=2), 750),
        ("answer", Paid(n_giver=1), 1_500),
        ("answer", Paid(n_giver=2), 750),
        ("answer", Paid(n_giver=4, n_pair=1), 250),
        ("resource", Paid(), 1_000),
        ("savers", Paid(), 100),
        ("savers", Paid(n_today=5), 0),
        ("review", Paid(), 500),
        ("checkin", Paid(), 200),
        ("checkin", Paid(n_today=1), 0),
    ],
)
def test_what_an_event_earns(kind: str, paid: Paid, amount: int) -> None:
    assert pays(DEFAULTS, kind, paid) == amount


def test_a_rule_outside_the_daily_cap_pays_beyond_it() -> None:
    free = fields.with_value(DEFAULTS, field_named("helpful", "is_capped"), False)
    assert pays(free, "helpful", Paid(capped_today=100 * POINT)) == 250
    assert decisions.capped_kinds(free) == set(KINDS) - {"helpful", "answer"}


@given(
    st.sampled_from(sorted(decisions.capped_kinds(DEFAULTS))),
    st.builds(
        Paid,
        n_today=st.integers(0, 50),
        capped_today=st.integers(0, 20_000),
        nearest_s=st.none() | st.floats(0, 1e6),
        n_pair_today=st.integers(0, 50),
        n_pair=st.integers(0, 50),
        n_back=st.integers(0, 50),
        n_silent=st.integers(0, 50),
        n_giver=st.integers(0, 50),
        is_locked=st.booleans(),
        percent=st.integers(0, 1_000),
        n_others=st.integers(0, 6),
    ),
)
def test_nothing_ever_earns_less_than_nothing_or_more_than_the_cap_leaves(
    kind: str, paid: Paid
) -> None:
    amount = pays(DEFAULTS, kind, paid)
    assert 0 <= amount <= max(0, 100 * POINT - paid.capped_today)


@pytest.mark.parametrize(
    ("user_id", "first_at", "is_new"),
    [
        (10, START - 3 * 86_400, False),
        (10, START - 3 * 86_400 + 1, True),
        (10, START, True),
        (snowflake(START - 7 * 86_400), START - 30 * 86_400, False),
        (snowflake(START - 6 * 86_400), START - 30 * 86_400, True),
    ],
)
def test_who_is_new_here_or_on_discord(user_id: int, first_at: float, is_new: bool) -> None:
    assert decisions.is_newcomer(DEFAULTS.newcomer, user_id, START, first_at) is is_new


@pytest.mark.parametrize(
    ("n_answerers", "n_others", "percent"),
    [
        (0, 0, 25),
        (1, 0, 50),
        (2, 0, 75),
        (3, 0, 100),
        (9, 0, 100),
        (0, 6, 25),
        (1, 6, 62),
        (2, 6, 100),
        (0, 3, 25),
        (1, 3, 100),
        (0, 2, 100),
    ],
)
def test_how_much_a_click_counts_of_somebody_whom_so_many_answered(
    n_answerers: int, n_others: int, percent: int
) -> None:
    found = decisions.weight(DEFAULTS.answered, DEFAULTS.small, n_answerers, n_others)
    assert found == percent


def test_a_click_counts_in_full_where_nobody_has_to_be_answered() -> None:
    off = fields.with_value(DEFAULTS, field_named("answered", "answerers"), 0)
    assert decisions.weight(off.answered, off.small, 0, 0) == 100


@pytest.mark.parametrize(
    ("channels", "role_ids", "percent"),
    [
        ((1, None), None, 100),
        ((5, None), None, 150),
        ((7, 5), None, 150),
        ((6, 5), None, 0),
        ((1, None), (8,), 120),
        ((5, None), (8, 9), 300),
        ((5, None), (8, 10), 0),
        ((1, None), (99,), 100),
    ],
)
def test_channels_and_roles_multiply(
    channels: tuple[int | None, ...], role_ids: tuple[int, ...] | None, percent: int
) -> None:
    weights = Multipliers(((6, 0), (5, 150)), ((8, 120), (9, 200), (10, 0)))
    assert decisions.multiplier(weights, channels, role_ids) == percent
