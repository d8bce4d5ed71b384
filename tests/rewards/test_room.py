import pytest

from bot.rewards import fields
from bot.rewards.room import has_room
from bot.rewards.ruleset import RuleSet
from bot.rewards.windows import Payment

WIDE = RuleSet()
NARROW = RuleSet()
for rule, name, value in (
    ("message", "per_day", 2),
    ("helpful", "pair_per_day", 1),
    ("general", "daily_cap", 500),
):
    NARROW = fields.with_value(NARROW, fields.field_of(rule, name), value)
DAY = 20_260_302


def paid(kind: str = "message", at: float = 0, **more: int) -> Payment:
    return Payment(
        kind=kind,
        user_id=10,
        giver_id=more.get("giver_id", 0),
        amount=more.get("amount", 100),
        source_id=1,
        day=more.get("day", DAY),
        earned_at=at,
        event_id=1,
        rule_set=more.get("rule_set", 1),
    )


@pytest.mark.parametrize(
    ("wanted", "standing", "has"),
    [
        (paid(), [], True),
        (paid(), [paid(at=60)], True),
        (paid(), [paid(at=59)], False),
        (paid(), [paid(at=-59, day=DAY - 1)], False),
        (paid(), [paid("reply", at=30)], False),
        (paid(), [paid("checkin", at=30)], True),
        (paid(), [paid(at=100), paid(at=200)], False),
        (paid(), [paid(at=100), paid(at=200, day=DAY + 1)], True),
        (paid(), [paid(at=100), paid(at=200, rule_set=2)], True),
        (paid(), [paid("checkin", amount=400)], True),
        (paid(), [paid("checkin", amount=401)], False),
        (paid(), [paid("checkin", amount=401, rule_set=2)], True),
        (paid(), [paid("answer", amount=900)], True),
        (paid("helpful", giver_id=7), [paid("helpful", giver_id=8)], True),
        (paid("helpful", giver_id=7), [paid("helpful", giver_id=7)], False),
        (paid("helpful", giver_id=7), [paid("helpful", giver_id=7, rule_set=2)], True),
    ],
)
def test_a_payment_has_room_beside_others(
    wanted: Payment, standing: list[Payment], has: bool
) -> None:
    assert has_room(wanted, standing, {1: NARROW, 2: WIDE}.__getitem__) is has
