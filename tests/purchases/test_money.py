"""Money recomputed by hand: payments, parts that went back, products, currencies."""

import json
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import cards, money
from bot.catalog import rules as catalog
from bot.catalog.rules import CURRENCIES, Refused
from bot.purchases import stripe
from bot.purchases.money import amounts, shares
from bot.purchases.sources import Message
from storage.records import Fact
from tests.purchases.facts import BOOK, PRO, fact, paid

USD: dict[str, Any] = {"currency": "USD"}


def part(at: float, amount: int, *payments: str, currency: str | None = "USD") -> Fact:
    fields = {"payments": payments, "amount_minor": amount, "currency": currency}
    return fact("refunded", at, f"part-{at}", is_whole=False, **fields)


def line(n: int, product_id: int | None, amount: int, **fields: Any) -> Fact:
    key = {"product_id": product_id, "product_key": f"price-{n}", "payments": ("in_1",)}
    return paid(0, f"evt_1:{n}", amount_minor=amount, **USD, **key, **fields)


CHECKOUT = paid(
    *(0, "evt_0"),
    product_id=None,
    product_key="plink",
    payments=("in_1",),
    amount_minor=1_500,
    **USD,
)
TWO = [line(0, PRO, 1_000), line(1, BOOK, 500)]


@pytest.mark.parametrize(
    ("facts", "all_of_it", "of_pro", "of_book"),
    [
        pytest.param(TWO, 1_500, 1_000, 500, id="two products of one bill"),
        pytest.param([CHECKOUT, *TWO], 1_500, 1_000, 500, id="told by the checkout, too"),
        pytest.param([CHECKOUT], 1_500, 0, 0, id="of a product nobody knows"),
        pytest.param([*TWO, part(1, 300, "in_1")], 1_200, 800, 400, id="a part of it once"),
        pytest.param(
            [*TWO, part(1, 300, "in_1"), part(2, 450, "in_1")], 1_050, 700, 350, id="so far"
        ),
        pytest.param(
            [line(0, PRO, 1_000), line(1, None, 500)], 1_500, 1_000, 0, id="one known, one not"
        ),
        pytest.param(
            [
                paid(0, "a", amount_minor=900, **USD),
                paid(9, "b", amount_minor=900, **USD),
                part(10, 300),
            ],
            *(1_500, 1_500, 0),
            id="a part of nobody knows which, once",
        ),
        pytest.param(
            [paid(0, "a", amount_minor=900, **USD), part(1, 5_000, "pi-a")], 0, 0, 0, id="too much"
        ),
    ],
)
def test_what_a_purchase_came_to(
    facts: list[Fact], all_of_it: int, of_pro: int, of_book: int
) -> None:
    for order in permutations(facts):
        told = [*order, *order]
        assert sum(n for _, n in amounts(told)) == all_of_it
        assert sum(n for _, n in amounts(told, PRO)) == of_pro
        assert sum(n for _, n in amounts(told, BOOK)) == of_book


def test_nothing_is_added_or_taken_off_across_currencies() -> None:
    told = [paid(0, "a", amount_minor=900, **USD), paid(1, "b", amount_minor=700, currency="JPY")]
    assert amounts(told) == (("JPY", 700), ("USD", 900))
    assert amounts([*told, part(2, 100, currency="JPY")]) == (("JPY", 600), ("USD", 900))
    assert amounts([*told, part(2, 100, "pi-a", currency="JPY")]) == (("JPY", 700), ("USD", 900))


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=9))
def test_shares_are_whole_and_come_to_the_whole(total: int, weights: list[int]) -> None:
    found = shares(total, weights)
    assert sum(found) == total and min(found) >= 0 and len(found) == len(weights)
    if sum(weights):
        exact = [total * each / sum(weights) for each in weights]
        assert all(abs(a - b) < 1 + 1e-6 * total for a, b in zip(found, exact, strict=True))


# ------------------------------------------------------------------------------ currencies


@pytest.mark.parametrize(
    ("currency", "typed", "minor", "shown"),
    [
        ("USD", "19.99", 1_999, "US$19.99"),
        ("JPY", "1200", 1_200, "JP¥1,200"),
        ("KRW", "15000", 15_000, "KRW 15,000"),
        ("KWD", "1.234", 1_234, "KWD 1.234"),
        ("KWD", "5", 5_000, "KWD 5"),
        ("USD", "1000000", 100_000_000, "US$1,000,000"),
    ],
)
def test_prices_are_in_the_minor_unit_of_their_currency(
    currency: str, typed: str, minor: int, shown: str
) -> None:
    assert catalog.parse_price(typed, currency) == minor
    assert cards.money(minor, currency) == shown
    assert catalog.parse_price(catalog.major(minor, currency), currency) == minor


def test_every_currency_writes_what_it_reads() -> None:
    assert (money.WITHOUT | money.THOUSANDTHS) <= set(CURRENCIES)
    for code in CURRENCIES:
        for minor in (1, 10, 999_999):
            assert catalog.parse_price(catalog.major(minor, code), code) == minor
        with pytest.raises(Refused):
            catalog.parse_price("1." + "0" * money.decimals(code) + "5", code)
    assert cards.money(2**53 - 1, "USD") == "US$90,071,992,547,409.91"


def heard(kind: str, one: dict[str, Any]) -> list[Fact]:
    payload = {"id": "evt_1", "type": kind, "created": 1_700_000_000, "data": {"object": one}}
    (said,) = stripe.read(Message({}, json.dumps(payload).encode(), 0.0), payload)
    return list(said.facts)


@pytest.mark.parametrize(
    ("code", "sent", "kept"),
    [
        ("usd", 1_999, 1_999),
        ("jpy", 700, 700),
        ("kwd", 5_120, 5_120),
        ("isk", 70_000, 700),
        ("ugx", 500_000, 5_000),
        ("mga", 900, 90_000),
    ],
)
def test_stripe_counts_some_currencies_otherwise(code: str, sent: int, kept: int) -> None:
    checkout = {"id": "cs", "payment_status": "paid", "amount_total": sent, "currency": code}
    (bought,) = heard("checkout.session.completed", checkout)
    back = {"id": "ch", "amount_refunded": sent, "currency": code, "refunded": True}
    (refund,) = heard("charge.refunded", back)
    for each in (bought, refund):
        assert (each.amount_minor, each.currency) == (kept, code.upper())


def test_a_bill_is_worth_what_was_paid_whatever_its_lines_say() -> None:
    """Half off, taxes, and the rest of a cheaper plan taken off: the lines know nothing of it."""
    lines = [
        {"amount": -700, "price": {"id": "price_old"}},
        {"amount": 2_000, "price": {"id": "price_pro"}},
        {"amount": 1_000, "price": {"id": "price_book"}},
    ]
    bill = {"id": "in_1", "currency": "usd", "amount_paid": 1_151, "lines": {"data": lines}}
    found = heard("invoice.paid", bill)
    assert [(f.product_key, f.amount_minor) for f in found] == [
        ("price_pro", 767),
        ("price_book", 384),
    ]
    free = heard("invoice.paid", bill | {"amount_paid": 0})
    assert [f.amount_minor for f in free] == [0, 0]
