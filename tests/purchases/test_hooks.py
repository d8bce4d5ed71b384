"""What shops send, over a real socket: proved, stored once, and the same in every order."""

import itertools
import json
import logging
import random
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.errors import UserError
from bot.purchases import afdian, references, report, sources, standard
from bot.purchases.asking import AskingRun
from bot.purchases.sources import Message
from bot.settings import Settings
from storage import purchases
from tests.links.test_web import serving
from tests.purchases import shops
from tests.purchases.door import ANN, GUILD, KEY, MO, START, Shop
from tests.purchases.shops import SECRETS, Sent


def one_of_each(now: float) -> list[Sent]:
    return [
        shops.checkout(now),
        shops.standard("purchase.paid", now),
        shops.patreon("members:pledge:create", now),
        shops.lemon_order(now),
        shops.afdian(shops.order()),
    ]


EACH = [each.source for each in one_of_each(0)]


def of(source: str, now: float) -> Sent:
    return next(each for each in one_of_each(now) if each.source == source)


# ------------------------------------------------------------------------------- forgeries


def _without_signature(sent: Sent, _: float) -> Sent:
    plain = {"Content-Type": "application/json", "X-Patreon-Event": "members:pledge:create"}
    payload = json.loads(sent.body)
    if sent.source == "afdian":
        del payload["data"]["sign"]
    return Sent(sent.source, plain, json.dumps(payload).encode())


def _cut(sent: Sent, _: float) -> Sent:
    return replace(sent, body=sent.body[:-1])


def _spaced(sent: Sent, _: float) -> Sent:
    return replace(sent, body=sent.body.replace(b"5.00", b"9.00").replace(b": ", b":", 1) + b" ")


def _other_secret(sent: Sent, now: float) -> Sent:
    payload = json.loads(sent.body)
    if sent.source == "afdian":
        return shops.afdian(payload["data"]["order"], shops.rsa(2))
    secret = "whsec_" + "A" * 32 if sent.source == "standard" else "another"
    name = sent.headers.get("X-Patreon-Event", "")
    return shops.signed(sent.source, payload, now, secret=secret, name=name)


def _empty(sent: Sent, _: float) -> Sent:
    return replace(sent, body=b"")


def _of_another(sent: Sent, now: float) -> Sent:
    others = {"stripe": "lemonsqueezy"}
    return replace(of(others.get(sent.source, "stripe"), now), source=sent.source)


FORGERIES: list[Callable[[Sent, float], Sent]] = [
    _without_signature,
    _cut,
    _spaced,
    _other_secret,
    _empty,
    _of_another,
]


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda each: each.__name__)
@pytest.mark.parametrize("source", EACH)
async def test_what_a_shop_did_not_sign_is_refused(
    shop: Shop, source: str, forge: Callable[[Sent, float], Sent]
) -> None:
    await shop.sells(stripe="plink_1")
    forged = forge(of(source, shop.now), shop.now)
    if forge is _spaced and source == "afdian":
        forged = replace(forged, body=of(source, 0).body.replace(b'"5.00"', b'"9.00"'))
    assert await shop.send(forged) in (400, 401)
    assert shop.rows("SELECT count(*) FROM purchase_facts") == [(0,)]


@pytest.mark.parametrize("source", ["stripe", "standard"])
@pytest.mark.parametrize("skew_s", [-301, 301, 10**9])
async def test_a_message_of_another_time_is_refused(shop: Shop, source: str, skew_s: int) -> None:
    await shop.sells(stripe="plink_1")
    assert await shop.send(of(source, shop.now + skew_s)) == 401
    assert await shop.send(of(source, shop.now + 299)) == 200


@pytest.mark.parametrize("source", EACH)
async def test_types_sizes_and_names_are_refused(shop: Shop, source: str) -> None:
    await shop.sells(stripe="plink_1")
    sent = of(source, shop.now)
    assert await shop.send(sent, **{"Content-Type": "text/plain"}) == 415
    assert await shop.send(sent, **{"Content-Encoding": "identity"}) == 415
    assert await shop.send(replace(sent, body=b" " * (256 * 1024 + 1))) == 413
    assert await shop.send(replace(sent, source="another")) == 404

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b" " * 64 * 1024

    address, headers = f"{shop.root}/hooks/{source}", dict(sent.headers)
    async with shop.browser.post(address, data=pieces(), headers=headers) as answer:
        assert answer.status == 413
    assert shop.rows("SELECT count(*) FROM purchase_facts") == [(0,)]


HOSTILE: list[Any] = [
    [],
    "text",
    {"id": ["x"], "type": "invoice.paid"},
    {"id": "x", "type": "checkout.session.completed", "created": 10**30, "data": {"object": {}}},
    {"id": "x", "type": "charge.refunded", "data": {"object": {"id": "ch", "currency": "dollars"}}},
    {"id": "y" * 9_999, "type": "invoice.paid"},
    {"id": "a\nb", "type": "invoice.paid"},
]


@pytest.mark.parametrize("payload", HOSTILE, ids=range(len(HOSTILE)))
async def test_what_is_signed_and_makes_no_sense_is_refused(shop: Shop, payload: Any) -> None:
    await shop.sells(stripe="plink_1")
    assert await shop.send(shops.signed("stripe", payload, shop.now)) == 400
    for amount in (-1, 2**70, 1.5, True, "5"):
        assert await shop.send(shops.checkout(shop.now, amount_total=amount)) == 400
    assert shop.rows("SELECT count(*) FROM purchase_facts") == [(0,)]


def test_bodies_that_are_no_objects_are_refused() -> None:
    for body in (b"[" * 100_000, b'{"a": NaN}', b"\xff", b'"x"', b""):
        with pytest.raises(sources.RefusedError):
            sources.parsed(body)


def test_the_signature_is_what_the_library_of_the_standard_makes() -> None:
    body, stamp = b'{"test": 2432232314}', 1_614_240_914
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": str(stamp),
        "webhook-signature": "v1,QhPg7PPhiWcUhlOWvCiY/6rP/1ry7dWHjW7oZFWYmYY=",
    }
    standard.prove(Message(headers, body, stamp), SECRETS["standard"])


@pytest.mark.parametrize("secret", ["whsec_", "whsec_AAAA", "x"])
def test_a_secret_that_anybody_guesses_proves_nothing(secret: str) -> None:
    sent = shops.signed("standard", {"type": "ping"}, START.timestamp(), secret="whsec_AAAA")
    headers = {name.lower(): each for name, each in sent.headers.items()}
    with pytest.raises(sources.RefusedError, match="secret"):
        standard.prove(Message(headers, sent.body, START.timestamp()), secret)
    with pytest.raises(ValueError, match="at least 6"):
        Settings(_env_file=None, stripe_webhook_secret=SecretStr(" "))


async def test_no_secret_and_no_body_is_logged(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for source in EACH:
            await shop.send(_other_secret(of(source, shop.now), shop.now))
            await shop.send(of(source, shop.now))
    said = caplog.text.lower()
    assert "was refused" in said
    for hidden in (*SECRETS.values(), "ann@example.org", "out_trade", "cs_1", "127.0.0.1"):
        assert hidden.lower() not in said
    assert b"ann@example.org" not in shop.database.path.read_bytes().lower()


# ----------------------------------------------------------------------------------- lives


async def test_a_purchase_with_a_reference_opens_and_a_refund_closes(shop: Shop) -> None:
    await shop.sells(stripe="plink_1")
    bought = shops.checkout(shop.now, client_reference_id=shop.reference)
    assert [await shop.send(bought) for _ in range(3)] == [200] * 3
    assert await shop.until() == [None]
    assert shop.rows("SELECT amount_minor, currency FROM purchase_facts WHERE kind='paid'") == [
        (19_900, "CNY")
    ]
    part = shops.charge_refunded(shop.later(days=1), "1", 100, is_whole=False)
    assert await shop.send(part) == 200
    assert await shop.until() == [None]
    assert await shop.send(shops.dispute(shop.later(days=1), "1")) == 200
    assert await shop.until() == []
    assert await shop.send(shops.dispute(shop.later(days=1), "1", "funds_reinstated", "won")) == 200
    assert await shop.until() == [None]


@pytest.mark.parametrize(
    ("told", "is_open"),
    [
        ([("created", "warning_needs_response")], True),
        ([("created", "warning_needs_response"), ("closed", "warning_closed")], True),
        ([("created", "warning_needs_response"), ("funds_withdrawn", "needs_response")], False),
        ([("created", "lost"), ("funds_withdrawn", "needs_response"), ("closed", "lost")], False),
        ([("created", "lost"), ("funds_withdrawn", "needs_response"), ("closed", "won")], True),
        ([("created", "lost"), ("funds_reinstated", "won"), ("closed", "won")], True),
    ],
)
async def test_a_dispute_takes_access_while_it_keeps_the_money(
    shop: Shop, told: list[tuple[str, str]], is_open: bool
) -> None:
    """An inquiry asks and takes no money; nobody says afterwards that it came back."""
    await shop.sells(stripe="plink_1")
    for order in itertools.permutations(told):
        await shop.send(shops.checkout(shop.now, client_reference_id=shop.reference))
        for event, status in order:
            assert await shop.send(shops.dispute(shop.now, "1", event, status)) == 200
        assert await shop.until() == ([None] if is_open else []), order
        _forget(shop)


async def test_a_bill_and_its_payment_find_together_though_neither_names_the_other(
    shop: Shop,
) -> None:
    await shop.sells(term="subscription", stripe="price_1")
    month = 30 * 86_400
    since_2025: dict[str, Any] = {
        "payment_intent": None,
        "subscription": None,
        "parent": {"subscription_details": {"subscription": "sub_1"}},
    }
    now = shop.now
    signup: dict[str, Any] = {"mode": "subscription", "payment_intent": None, "invoice": "in_1"}
    told = [
        shops.checkout(now, client_reference_id=shop.reference, subscription="sub_1", **signup),
        shops.invoice(now, "1", now + month, **since_2025),
        shops.invoice(now + month, "2", now + 2 * month, **since_2025),
        shops.invoice_payment(now + month, "2"),
        shops.charge_refunded(now + month + 60, "2", 1_500),
    ]
    for order in itertools.permutations(told):
        for sent in order:
            await _believed(shop, sent)
        # The second month went back, the first did not: it ends a minute into the second.
        assert shop.rows("SELECT ends_at - 60, is_bought FROM accesses") == [(now + month, 1)]
        ((told_of,),) = [await shop.service.by_hand.of_member(GUILD, ANN)]
        assert told_of.amounts == (("CNY", 19_900), ("USD", 1_500))
        _forget(shop)


async def test_the_refund_of_a_first_order_gives_its_period_back_too(shop: Shop) -> None:
    product = await shop.sells(term="subscription", lemonsqueezy="77")
    now, month = shop.now, 30 * 86_400
    begun = shops.lemon_subscription("subscription_created", now, now + month)
    again = shops.lemon_subscription("subscription_updated", now + 5, now + month)
    told = [shops.lemon_order(now, shop.reference), begun, again, shops.lemon_refund(now + 60)]
    for order in itertools.permutations(told):
        for sent in order:
            assert await shop.send(sent) == 200
        assert shop.rows("SELECT is_bought, ends_at FROM accesses") == [(0, now + 60)]
        async with shop.database.read() as conn:
            assert await report.buys(conn, product) == []
        _forget(shop)


async def test_a_renewal_that_names_no_product_counts_for_the_one_there_is(shop: Shop) -> None:
    product = await shop.sells(term="subscription", lemonsqueezy="77")
    now, month = shop.now, 30 * 86_400
    known: dict[str, Any] = {
        "subscription_id": 4,
        "billing_reason": "renewal",
        "currency": "USD",
        "total": 700,
    }
    stamp = shops.iso(now + month) + "Z"
    for sent in (
        shops.lemon_order(now, shop.reference),
        shops.lemon_subscription("subscription_created", now, now + month),
        shops.lemon_subscription("subscription_updated", now + month, now + 2 * month),
        shops.lemon(
            "subscription_payment_success",
            now + month,
            "subscription-invoices",
            "8",
            **known,
            created_at=stamp,
        ),
    ):
        assert await shop.send(sent) == 200
    async with shop.database.read() as conn:
        (bought,) = await report.buys(conn, product)
    assert bought.amounts == (("USD", 999 + 700),)


async def test_an_unpaid_checkout_and_a_strangers_reference_open_nothing(shop: Shop) -> None:
    await shop.sells(stripe="plink_1")
    unpaid = shops.checkout(shop.now, payment_status="unpaid", client_reference_id=shop.reference)
    assert await shop.send(unpaid) == 200
    forged = references.reference(b"another", GUILD, ANN)
    assert await shop.send(shops.checkout(shop.now, "2", client_reference_id=forged)) == 200
    assert await shop.until() == []
    (waiting,) = await shop.service.by_hand.unclaimed(GUILD)
    assert waiting.purchase.user_id is None


def stripe_life(now: float, reference: str) -> list[Sent]:
    month = 30 * 86_400
    signup: dict[str, Any] = {
        "mode": "subscription",
        "payment_intent": None,
        "subscription": "sub_1",
    }
    signup |= {"client_reference_id": reference, "invoice": "in_1", "payment_link": "plink_9"}
    return [
        shops.checkout(now, **signup),
        shops.invoice(now, "1", now + month),
        shops.invoice(now + month, "2", now + 2 * month),
        shops.charge_refunded(now + month + 60, "2", 1_500),
        shops.invoice(now + month + 90, "3", now + 2 * month),
        shops.subscription_deleted(now + 2 * month),
    ]


def lemon_life(now: float, reference: str) -> list[Sent]:
    month = 30 * 86_400
    return [
        shops.lemon_order(now, reference),
        shops.lemon_subscription("subscription_created", now, now + month),
        shops.lemon_subscription("subscription_updated", now + month, now + 2 * month),
        shops.lemon_subscription("subscription_expired", now + month, now + 2 * month, "expired"),
    ]


def patreon_life(now: float, _: str) -> list[Sent]:
    month = 30 * 86_400
    return [
        shops.patreon("members:pledge:create", now, ANN),
        shops.patreon("members:update", now + month, ANN),
        shops.patreon(
            "members:update", now + month, ANN, last_charge_status="Declined", note="later"
        ),
    ]


def standard_life(now: float, reference: str) -> list[Sent]:
    month, until = 30 * 86_400, shops.iso
    paid: dict[str, Any] = {"reference": reference, "amount": 900, "currency": "EUR"}
    return [
        shops.standard("purchase.paid", now, until=until(now + month), **paid),
        shops.standard("purchase.paid", now + month, until=until(now + 2 * month), **paid),
        shops.standard("subscription.ended", now + 2 * month),
    ]


LIVES: list[tuple[Callable[[float, str], list[Sent]], dict[str, str], float]] = [
    (stripe_life, {"stripe": "price_1"}, 60),
    (lemon_life, {"lemonsqueezy": "77"}, 60),
    (patreon_life, {"patreon": "54873"}, 60),
    (standard_life, {"standard": "pro"}, 60),
]


@pytest.mark.parametrize(
    ("life", "keys", "days"), LIVES, ids=lambda each: getattr(each, "__name__", "")
)
async def test_a_life_ends_alike_in_every_order_and_however_often_it_is_told(
    shop: Shop, life: Any, keys: dict[str, str], days: float
) -> None:
    """Tell it straight, then shuffled and doubled to servers of their own."""
    told = life(shop.now, shop.reference)
    orders = [list(told), list(reversed(told))]
    chance = random.Random(4)
    for _ in range(8):
        doubled = [*told, *chance.choices(told, k=3)]
        chance.shuffle(doubled)
        orders.append(doubled)
    results = []
    await shop.sells(term="subscription", **keys)
    for order in orders:
        for sent in order:
            await _believed(shop, sent)
        results.append(
            shop.rows(
                "SELECT user_id, product_id, from_at, ends_at, until_at, is_bought FROM accesses"
            )
        )
        if len(results) == 1:
            (only,) = results[0]
            assert (only[0], only[3]) == (ANN, shop.now + days * 86_400)
            assert shop.rows("SELECT count(*) FROM purchases") == [(1,)]
        _forget(shop)
    assert all(each == results[0] for each in results)


async def _believed(shop: Shop, sent: Sent) -> None:
    """Send as if it were the moment it was signed at: late messages are sent again by shops."""
    stamp = sent.headers.get("webhook-timestamp")
    if sent.source == "stripe":
        stamp = sent.headers["Stripe-Signature"][2:].partition(",")[0]
    before, shop.at = shop.at, datetime.fromtimestamp(float(stamp or shop.now), UTC)
    assert await shop.send(sent) == 200
    shop.at = before


def _forget(shop: Shop) -> None:
    with closing(sqlite3.connect(shop.database.path)) as raw:
        for table in ("accesses", "purchase_facts", "purchase_refs", "purchases", "events"):
            raw.execute(f"DELETE FROM {table}")
        raw.commit()


async def test_parts_of_one_purchase_find_together(shop: Shop) -> None:
    await shop.sells(term="subscription", stripe="price_1")
    told = stripe_life(shop.now, shop.reference)[:3]
    for order in itertools.permutations(told):
        for sent in order:
            await _believed(shop, sent)
        assert shop.rows("SELECT count(*), min(user_id) FROM purchases") == [(1, ANN)]
        _forget(shop)


# ------------------------------------------------------------------------ unknown and broken


async def test_what_is_paid_before_anybody_knows_the_product_waits_for_it(shop: Shop) -> None:
    await shop.sells("Another", stripe="price_0")
    await shop.send(shops.checkout(shop.now, client_reference_id=shop.reference))
    assert await shop.until() == []
    assert await shop.service.products.unknown(GUILD) == [("stripe", "plink_1", 1)]
    await shop.sells("Pro", stripe="plink_1")
    assert await shop.until() == [None]
    assert await shop.service.products.unknown(GUILD) == []


async def test_nobody_knows_for_whom_so_the_shop_comes_again(shop: Shop) -> None:
    assert await shop.send(shops.checkout(shop.now)) == 503
    await shop.sells(stripe="plink_1")
    assert await shop.send(shops.checkout(shop.now)) == 200


async def test_a_failure_of_ours_is_no_acknowledgement(shop: Shop) -> None:
    await shop.sells(stripe="plink_1")
    trigger = "BEFORE INSERT ON accesses BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    with closing(sqlite3.connect(shop.database.path)) as raw:
        raw.execute(f"CREATE TRIGGER full {trigger}")
    bought = shops.checkout(shop.now, client_reference_id=shop.reference)
    assert await shop.send(bought) == 500
    assert shop.rows("SELECT count(*) FROM purchase_facts") == [(0,)]
    with closing(sqlite3.connect(shop.database.path)) as raw:
        raw.execute("DROP TRIGGER full")
    assert await shop.send(bought) == 200
    assert await shop.until() == [None]


async def test_events_of_no_interest_are_acknowledged(shop: Shop) -> None:
    await shop.sells(stripe="plink_1")
    assert await shop.send(shops.stripe("customer.created", shop.now, {"id": "cus_1"})) == 200
    assert await shop.send(shops.patreon("posts:publish", shop.now)) == 200
    assert await shop.send(shops.lemon("license_key_created", shop.now, "x", "1")) == 200
    assert await shop.send(shops.standard("ping", shop.now)) == 200
    assert shop.rows("SELECT count(*) FROM purchases") == [(0,)]


# --------------------------------------------------------------------------------- claiming


async def test_a_signed_reference_that_comes_late_beats_who_claimed_meanwhile(shop: Shop) -> None:
    await shop.sells(stripe="price_1", term="subscription")
    month = shop.now + 30 * 86_400
    assert await shop.send(shops.invoice(shop.now, "2", month)) == 200
    shop.later(minutes=1)
    await shop.service.claims.claim(GUILD, MO, "pi_2", source_id=1)  # a number that was seen
    assert await shop.until(MO) == [30.0] and await shop.until(ANN) == []
    late = shops.checkout(
        shop.now,
        "9",
        client_reference_id=shop.reference,
        mode="subscription",
        payment_intent=None,
        subscription="sub_1",
        invoice="in_2",
    )
    for _ in range(2):
        assert await shop.send(late) == 200
    assert await shop.until(MO) == [] and await shop.until(ANN) == [30.0]
    with pytest.raises(UserError, match="error-purchases-claim"):
        await shop.service.claims.claim(GUILD, MO, "pi_2", source_id=2)


async def test_an_order_is_claimed_by_number_or_address_and_by_one_only(shop: Shop) -> None:
    await shop.sells(stripe="plink_1")
    claims = shop.service.claims
    for number in ("1", "2", "3"):
        await shop.send(shops.checkout(shop.now, number))
    await claims.claim(GUILD, ANN, " #pi_2 ", source_id=1)
    assert await shop.until() == [None]
    with pytest.raises(UserError, match="error-purchases-claim"):
        await claims.claim(GUILD, MO, "pi_2", source_id=2)
    with pytest.raises(UserError, match="error-purchases-claim"):
        await claims.claim(GUILD, MO, "bob@example.org", source_id=3)
    await claims.claim(GUILD, MO, "ANN@example.org", source_id=4)
    assert shop.rows("SELECT number, user_id FROM purchases ORDER BY number") == [
        ("pi_1", MO),
        ("pi_2", ANN),
        ("pi_3", MO),
    ]


async def test_five_tries_an_hour_whether_they_help_or_not(shop: Shop) -> None:
    await shop.sells(stripe="plink_1")
    await shop.send(shops.checkout(shop.now))
    for n in range(5):
        with pytest.raises(UserError, match="error-purchases-claim"):
            await shop.service.claims.claim(GUILD, ANN, f"guess-{n}", source_id=n)
        shop.later(seconds=1)
    with pytest.raises(UserError, match="error-purchases-tries"):
        await shop.service.claims.claim(GUILD, ANN, "pi_1", source_id=9)
    shop.later(hours=1)
    await shop.service.claims.claim(GUILD, ANN, "pi_1", source_id=10)
    assert await shop.until() == [None]


@pytest.mark.parametrize(
    ("url", "parameter"),
    [
        ("https://buy.stripe.com/abc?locale=en#x", "&client_reference_id=REF#x"),
        ("https://my.lemonsqueezy.com/buy/1", "?checkout%5Bcustom%5D%5Breference%5D=REF"),
        ("https://afdian.com/order/create?plan_id=1", "&custom_order_id=REF"),
        ("https://shop.example/{reference}/pay", "/REF/"),
        ("https://shop.example/pay", ""),
        ("https://evil-buy.stripe.com.example/pay", ""),
    ],
)
def test_a_link_carries_the_reference_where_the_shop_gives_it_back(
    url: str, parameter: str
) -> None:
    made = references.link(url, "REF")
    assert parameter in made and ("REF" in made) == bool(parameter)


def test_a_reference_is_somebodys_and_nobody_makes_one() -> None:
    made = references.reference(KEY, GUILD, ANN)
    assert references.referred(KEY, made) == (GUILD, ANN)
    assert len(made) <= 200 and made.replace("-", "").replace("_", "").isalnum()
    for forged in (
        made[:-1],
        "A" + made[1:],
        made + "A",
        "",
        "é",
        references.reference(b"x", 1, 2),
    ):
        assert references.referred(KEY, forged) is None


# ------------------------------------------------------------------------------------ 爱发电


@dataclass
class Platform:
    """爱发电's interface, which says what it knows."""

    orders: list[dict[str, Any]]
    asked: list[dict[str, Any]]

    async def answer(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.asked.append(asked)
        number = json.loads(asked["params"])["out_trade_no"]
        found = [one for one in self.orders if one["out_trade_no"] == number]
        data = {"list": found, "total_count": len(found), "total_page": 1}
        return web.json_response({"ec": 200, "em": "ok", "data": data})


def asking(shop: Shop, api: str) -> AskingRun:
    return AskingRun(
        hearing=shop.service.hearing,
        user_id=shops.AFDIAN_USER,
        token=shops.AFDIAN_TOKEN,
        api=api,
    )


async def test_an_order_of_afdian_counts_once_they_say_it_too(shop: Shop) -> None:
    await shop.sells(term="subscription", afdian=shops.order()["plan_id"])
    told = shops.order(month=12, custom_order_id=shop.reference)
    assert await shop.send(shops.afdian(told)) == 200
    assert await shop.until() == []
    platform = Platform([shops.order(custom_order_id=shop.reference)], [])
    app = web.Application()
    app.router.add_post("/ask", platform.answer)
    async with serving(app) as root:
        run = asking(shop, f"{root}/ask")
        await run.tick(shop.at)
        await run.tick(shop.at)
    assert len(platform.asked) == 1  # what was answered is not asked again
    ends = await shop.until()
    assert ends and ends[0] is not None and 30 < ends[0] < 32  # a month, whatever they sent us
    assert shop.rows("SELECT amount_minor, currency FROM purchase_facts WHERE kind='paid'") == [
        (500, "CNY")
    ]


async def test_an_order_that_afdian_does_not_know_is_nothing(shop: Shop) -> None:
    await shop.sells(afdian=shops.order()["plan_id"])
    await shop.send(shops.afdian(shops.order(custom_order_id=shop.reference)))
    platform = Platform([], [])
    app = web.Application()
    app.router.add_post("/ask", platform.answer)
    async with serving(app) as root:
        for address in (f"{root}/nothing", f"{root}/ask", f"{root}/ask"):
            run = asking(shop, address)
            shop.later(minutes=20)
            await run.tick(shop.at)
            await run.tick(shop.at)
    assert len(platform.asked) == 1  # what was denied is not asked again
    assert await shop.until() == []
    async with shop.database.read() as conn:
        assert await purchases.unanswered(conn, "afdian", 0, 10) == []


async def test_an_order_that_afdian_lists_late_is_not_lost(shop: Shop) -> None:
    await shop.sells(afdian=shops.order()["plan_id"])
    await shop.send(shops.afdian(shops.order(custom_order_id=shop.reference)))
    platform = Platform([], [])
    app = web.Application()
    app.router.add_post("/ask", platform.answer)
    async with serving(app) as root:
        for _ in range(3):
            await asking(shop, f"{root}/ask").tick(shop.at)
            shop.later(minutes=5)
        assert await shop.until() == []
        platform.orders.append(shops.order(custom_order_id=shop.reference))
        await asking(shop, f"{root}/ask").tick(shop.at)
    assert await shop.until() == [None]


def test_afdian_is_asked_as_its_documentation_says() -> None:
    asked = afdian.question("abc", "123", "n", 1_624_339_905)
    assert asked["params"] == '{"out_trade_no":"n"}'
    assert len(asked["sign"]) == 32


def test_the_platforms_key_can_be_read() -> None:
    modulus, exponent = afdian.public_key(afdian.PLATFORM_KEY)
    assert (modulus.bit_length(), exponent) == (2_048, 65_537)
