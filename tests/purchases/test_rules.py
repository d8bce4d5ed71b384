"""What a member has, by every order and doubling of what was heard."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.purchases import money, rules
from bot.purchases.rules import Held
from storage.records import Fact
from tests.purchases.facts import BOOK, PRO, day, fact, monthly, paid


def ends(*facts: Fact, grace: int = 0) -> float | None:
    """Return on which day what was bought ends, None for never."""
    found = rules.standing([facts], PRO, grace)
    assert found is not None
    return None if found.until_at is None else (found.until_at - day(0)) / 86_400


by_days: dict[str, Any] = {"term": "days", "days": 30}
open_ended: dict[str, Any] = {"term": "subscription"}


@pytest.mark.parametrize(
    ("facts", "end"),
    [
        pytest.param([paid(0)], None, id="for good"),
        pytest.param([paid(0), fact("refunded", 5)], 5, id="given back"),
        pytest.param([paid(0), fact("refunded", 5, is_whole=False)], None, id="a part of it"),
        pytest.param([paid(0, **by_days)], 30, id="for days"),
        pytest.param([paid(0, **by_days), paid(1, "b", **by_days)], 60, id="days add up"),
        pytest.param([paid(0, **by_days), paid(50, "b", **by_days)], 80, id="with a pause"),
        pytest.param([monthly(0)], 30, id="a month"),
        pytest.param([monthly(0), monthly(30)], 60, id="renewed"),
        pytest.param([monthly(0), fact("ended", 12)], 12, id="ended at once"),
        pytest.param([monthly(0), fact("ended", 30)], 30, id="ended when it was over"),
        pytest.param([monthly(0), fact("ended", 12), monthly(20)], 50, id="begun again"),
        pytest.param(
            [monthly(0), monthly(30, "b"), fact("refunded", 31, payments=("pi-b",))],
            31,
            id="the renewal given back",
        ),
        pytest.param(
            [monthly(0, "a"), monthly(30), fact("refunded", 31, payments=("pi-a",))],
            60,
            id="an earlier month given back",
        ),
        pytest.param([paid(0, **open_ended)], None, id="nobody said until when"),
        pytest.param([paid(0, **open_ended), monthly(0, "b")], 30, id="the bill says"),
        pytest.param([paid(0, **open_ended), fact("ended", 9)], 9, id="until the end"),
        pytest.param(
            [paid(0, "a"), fact("refunded", 5), fact("undone", 6, undoes="stripe:refunded-5")],
            None,
            id="the refund undone",
        ),
        pytest.param([paid(9), fact("refunded", 5, payments=("pi-9",))], 9, id="a clock apart"),
    ],
)
def test_an_end(facts: list[Fact], end: float | None) -> None:
    for order in permutations(facts):
        assert ends(*order) == ends(*order, *order) == end


def test_access_stays_for_the_days_of_grace() -> None:
    assert ends(monthly(0), grace=3) == 33
    assert ends(paid(0), fact("refunded", 5), grace=3) == 8


def test_a_refund_of_one_product_of_an_order_leaves_the_other() -> None:
    book = paid(0, "book", product_id=BOOK, payments=("pi-2",))
    told = [paid(0), book, fact("refunded", 3, payments=("pi-2",))]
    assert rules.standing([told], PRO, 0) == Held(
        from_at=day(0), ends_at=None, until_at=None, is_bought=True
    )
    assert rules.standing([told], BOOK, 0) == Held(
        from_at=day(0), ends_at=day(3), until_at=day(3), is_bought=False
    )


def test_nothing_paid_is_nothing() -> None:
    assert rules.standing([[fact("refunded", 1)]], PRO, 0) is None
    assert rules.standing([[paid(0, product_id=BOOK)]], PRO, 0) is None


def whose(kind: str, at: float, user_id: int, key: str = "") -> Fact:
    key = key or f"{kind}-{user_id}-{at}"
    return fact(kind, at, key, user_id=user_id, received_at=day(at))


@pytest.mark.parametrize(
    ("facts", "owner"),
    [
        ([], None),
        ([whose("said", 0, 1)], None),
        ([whose("referred", 0, 1), whose("referred", 1, 2)], 1),
        ([whose("claimed", 2, 1), whose("claimed", 1, 2)], 2),
        ([whose("referred", 0, 1), whose("claimed", 2, 2)], 1),
        ([whose("claimed", 0, 2), whose("referred", 1, 1)], 1),
        ([whose("claimed", 0, 2), whose("referred", 1, 0)], 0),
        ([whose("claimed", 0, 0), whose("referred", 1, 1)], 1),
        ([whose("claimed", 0, 0)], 0),
        ([whose("claimed", 0, 2), whose("referred", 1, 1), whose("assigned", 3, 2)], 2),
        ([whose("claimed", 0, 1), whose("assigned", 2, 2), whose("assigned", 3, 3)], 3),
        ([whose("referred", 0, 0)], 0),
        ([whose("referred", 0, 0), whose("referred", 9, 1)], 0),
        ([whose("referred", 0, 0), whose("claimed", 9, 1)], 1),
        ([whose("assigned", 0, 1, "a"), fact("undone", 1, undoes="stripe:a")], None),
    ],
)
def test_whose_it_is(facts: list[Fact], owner: int | None) -> None:
    for order in permutations(facts):
        assert rules.owner(order) == owner


def test_money_is_counted_once_and_what_was_given_back_not() -> None:
    usd = {"amount_minor": 4_900, "currency": "USD"}
    twice = [paid(0, "a", payments=("in_1",), **usd), paid(0, "b", payments=("in_1",), **usd)]
    assert money.amounts(twice) == (("USD", 4_900),)
    part = fact("refunded", 2, is_whole=False, amount_minor=900, currency="USD")
    assert money.amounts([*twice, part]) == (("USD", 4_000),)
    assert money.amounts([*twice, fact("refunded", 2)]) == ()
    other = paid(3, "c", amount_minor=100, currency="CNY")
    assert money.amounts([*twice, other]) == (("CNY", 100), ("USD", 4_900))


@st.composite
def heard(draw: st.DrawFn) -> list[Fact]:
    """Draw a subscription's life: payments, refunds of some, ends, claims."""
    moments = draw(st.lists(st.integers(0, 90), min_size=1, max_size=6, unique=True))
    told: list[Fact] = []
    for at in moments:
        kind = draw(st.sampled_from(("paid", "open", "days", "refund", "all", "ended", "whose")))
        match kind:
            case "paid":
                told.append(monthly(at))
            case "open":
                told.append(paid(at, term="subscription"))
            case "days":
                told.append(paid(at, term="days", days=draw(st.integers(1, 40))))
            case "refund":
                name = f"pi-{draw(st.sampled_from(moments))}"
                told.append(fact("refunded", at, payments=(name,)))
            case "all":
                told.append(fact("refunded", at))
            case "ended":
                told.append(fact("ended", at))
            case "whose":
                how = draw(st.sampled_from(("referred", "claimed", "assigned")))
                told.append(whose(how, at, draw(st.integers(1, 3))))
    return told


@given(heard(), st.data())
def test_order_and_doubling_change_nothing(told: list[Fact], data: st.DataObject) -> None:
    doubled = told + data.draw(st.lists(st.sampled_from(told), max_size=4))
    shuffled = data.draw(st.permutations(doubled))
    assert rules.standing([shuffled], PRO, 3) == rules.standing([told], PRO, 3)
    assert rules.owner(shuffled) == rules.owner(told)
    assert money.amounts(shuffled) == money.amounts(told)
