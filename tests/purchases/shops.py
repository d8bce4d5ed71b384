"""Shops as the bot hears them: in the words of their public documentation, really signed."""

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from bot.purchases import references

SECRETS = {
    "stripe": "whsec_stripe_0123456789",
    "patreon": "patreon-secret",
    "lemonsqueezy": "lemon-secret",
    "standard": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}
AFDIAN_USER, AFDIAN_TOKEN = "adf397fe8374811eaacee52540025c37", "token-of-ours"


@dataclass(frozen=True)
class Sent:
    """One message: where it goes, its headers and its body."""

    source: str
    headers: Mapping[str, str]
    body: bytes


def signed(source: str, payload: Any, now: float, *, secret: str = "", name: str = "") -> Sent:
    """Return a payload as its shop would send it now."""
    body = json.dumps(payload, ensure_ascii=False).encode()
    key, stamp = secret or SECRETS.get(source, ""), str(int(now))
    headers = {"Content-Type": "application/json"}
    match source:
        case "stripe":
            mac = hmac.new(key.encode(), f"{stamp}.".encode() + body, "sha256").hexdigest()
            headers["Stripe-Signature"] = f"t={stamp},v1={'0' * 64},v1={mac}"
        case "patreon":
            headers["X-Patreon-Signature"] = hmac.new(key.encode(), body, "md5").hexdigest()
            headers["X-Patreon-Event"] = name
        case "lemonsqueezy":
            headers["X-Signature"] = hmac.new(key.encode(), body, "sha256").hexdigest()
        case "standard":
            raw = base64.b64decode(key.removeprefix("whsec_"))
            number = name or f"msg_{hashlib.sha256(body).hexdigest()[:20]}"
            told = f"{number}.{stamp}.".encode() + body
            proof = base64.b64encode(hmac.digest(raw, told, "sha256")).decode()
            headers |= {"webhook-id": number, "webhook-timestamp": stamp}
            headers["webhook-signature"] = f"v1,AAAA v1,{proof}"
    return Sent(source, headers, body)


# ------------------------------------------------------------------------------ Stripe


def stripe(kind: str, now: float, one: Mapping[str, Any], key: str = "") -> Sent:
    event = {
        "id": key or f"evt_{kind}_{one['id']}",
        "object": "event",
        "api_version": "2025-03-31.basil",
        "created": int(now),
        "livemode": False,
        "type": kind,
        "data": {"object": one},
    }
    return signed("stripe", event, now)


def checkout(now: float, number: str = "1", **fields: Any) -> Sent:
    one = {
        "id": f"cs_{number}",
        "object": "checkout.session",
        "amount_total": 19_900,
        "currency": "cny",
        "client_reference_id": None,
        "customer_details": {"email": "Ann@Example.org", "name": None},
        "metadata": {},
        "mode": "payment",
        "payment_intent": f"pi_{number}",
        "payment_link": "plink_1",
        "payment_status": "paid",
        "subscription": None,
        "invoice": None,
    } | fields
    return stripe("checkout.session.completed", now, one)


def invoice(now: float, number: str, until: float, *, key: str = "", **fields: Any) -> Sent:
    one = {
        "id": f"in_{number}",
        "object": "invoice",
        "number": f"A1B2-{number}",
        "currency": "usd",
        "customer_email": "ann@example.org",
        "payment_intent": f"pi_{number}",
        "subscription": "sub_1",
        "status_transitions": {"paid_at": int(now)},
        "lines": {
            "data": [
                {
                    "amount": 1_500,
                    "period": {"start": int(now), "end": int(until)},
                    "price": {"id": "price_1", "product": "prod_1"},
                }
            ]
        },
    } | fields
    return stripe("invoice.paid", now, one, key)


def charge_refunded(now: float, number: str, amount: int, *, is_whole: bool = True) -> Sent:
    one = {
        "id": f"ch_{number}",
        "object": "charge",
        "amount_refunded": amount,
        "currency": "usd",
        "payment_intent": f"pi_{number}",
        "refunded": is_whole,
    }
    return stripe("charge.refunded", now, one)


def subscription_deleted(now: float) -> Sent:
    one = {"id": "sub_1", "object": "subscription", "ended_at": int(now), "status": "canceled"}
    return stripe("customer.subscription.deleted", now, one)


def invoice_payment(now: float, number: str) -> Sent:
    """Say by which payment a bill was paid: since 2025-03-31 the bill itself does not."""
    one = {
        "id": f"inpay_{number}",
        "object": "invoice_payment",
        "invoice": f"in_{number}",
        "payment": {"type": "payment_intent", "payment_intent": f"pi_{number}"},
        "status": "paid",
    }
    return stripe("invoice_payment.paid", now, one)


def dispute(now: float, number: str, event: str = "created", status: str = "lost") -> Sent:
    one = {
        "id": f"dp_{number}",
        "charge": f"ch_{number}",
        "payment_intent": f"pi_{number}",
        "status": "needs_response" if event == "created" and status == "lost" else status,
    }
    return stripe(f"charge.dispute.{event}", now, one)


# ---------------------------------------------------------------------- Standard Webhooks


def standard(kind: str, now: float, name: str = "", **data: Any) -> Sent:
    stamp = f"{iso(now)}Z"
    said = {"order": "S-1", "product": "pro"} | data
    return signed("standard", {"type": kind, "timestamp": stamp, "data": said}, now, name=name)


# -------------------------------------------------------------------------------- Patreon


def patreon(event: str, now: float, discord_id: int | None = None, **fields: Any) -> Sent:
    known: dict[str, Any] = {
        "patron_status": "active_patron",
        "last_charge_status": "Paid",
        "last_charge_date": f"{iso(now)}+00:00",
        "next_charge_date": f"{iso(now + 30 * 86_400)}+00:00",
        "currently_entitled_amount_cents": 500,
        "campaign_currency": "USD",
        "email": "ann@example.org",
    } | fields
    linked = {"discord": {"user_id": str(discord_id)} if discord_id else None}
    payload = {
        "data": {
            "id": "03ca69c3-ebea-4b9a-8fac-e4a837873254",
            "type": "member",
            "attributes": known,
            "relationships": {
                "currently_entitled_tiers": {"data": [{"id": "54873", "type": "tier"}]},
                "user": {"data": {"id": "32187", "type": "user"}},
            },
        },
        "included": [{"id": "32187", "type": "user", "attributes": {"social_connections": linked}}],
    }
    return signed("patreon", payload, now, name=event)


# --------------------------------------------------------------------------- Lemon Squeezy


def lemon(event: str, now: float, kind: str, number: str, reference: str = "", **f: Any) -> Sent:
    custom = {"custom_data": {"reference": reference}} if reference else {}
    payload = {
        "meta": {"event_name": event, "test_mode": True} | custom,
        "data": {"type": kind, "id": number, "attributes": {"user_email": "ann@example.org"} | f},
    }
    return signed("lemonsqueezy", payload, now)


def lemon_order(now: float, reference: str = "", **fields: Any) -> Sent:
    known: dict[str, Any] = {
        "identifier": "104e18a2-d755-4d4b-80c4-a6c1dcbe1c10",
        "order_number": 52_001,
        "status": "paid",
        "currency": "USD",
        "total": 999,
        "first_order_item": {"variant_id": 77, "product_id": 5},
        "created_at": iso(now) + ".000000Z",
    } | fields
    return lemon("order_created", now, "orders", "9", reference, **known)


def lemon_refund(now: float, back: int = 999) -> Sent:
    known: dict[str, Any] = {
        "identifier": "104e18a2-d755-4d4b-80c4-a6c1dcbe1c10",
        "order_number": 52_001,
        "currency": "USD",
        "total": 999,
        "refunded_amount": back,
        "refunded_at": iso(now) + ".000000Z",
    }
    return lemon("order_refunded", now, "orders", "9", **known)


def lemon_subscription(event: str, now: float, renews: float, status: str = "active") -> Sent:
    known: dict[str, Any] = {
        "order_id": 9,
        "variant_id": 77,
        "status": status,
        "renews_at": iso(renews) + "Z",
        "ends_at": None if status == "active" else iso(renews) + "Z",
        "updated_at": iso(now) + "Z",
    }
    return lemon(event, now, "subscriptions", "4", **known)


# -------------------------------------------------------------------------------- 爱发电


def order(number: str = "202106232138371083454010626", **fields: Any) -> dict[str, Any]:
    return {
        "out_trade_no": number,
        "custom_order_id": "",
        "user_id": AFDIAN_USER,
        "plan_id": "a45353328af911eb973052540025c377",
        "month": 1,
        "total_amount": "5.00",
        "show_amount": "5.00",
        "status": 2,
        "product_type": 0,
        "remark": "",
        "sku_detail": [],
    } | fields


def afdian(one: Mapping[str, Any], key: "Rsa | None" = None) -> Sent:
    names = ("out_trade_no", "user_id", "plan_id", "total_amount")
    text = "".join(str(one[name]) for name in names)
    data = {"type": "order", "order": dict(one), "sign": (key or rsa()).sign(text.encode())}
    return signed("afdian", {"ec": 200, "em": "ok", "data": data}, 0)


@dataclass(frozen=True)
class Rsa:
    """A key pair that signs as RFC 8017, 8.2 says; made for these tests, and small."""

    n: int
    d: int

    def sign(self, text: bytes) -> str:
        prefix = bytes.fromhex("3031300d060960864801650304020105000420")
        size = (self.n.bit_length() + 7) // 8
        tail = b"\x00" + prefix + hashlib.sha256(text).digest()
        padded = b"\x00\x01" + b"\xff" * (size - 2 - len(tail)) + tail
        return base64.b64encode(pow(int.from_bytes(padded), self.d, self.n).to_bytes(size)).decode()

    @property
    def pem(self) -> str:
        number = self.n.to_bytes(self.n.bit_length() // 8 + 1)
        pair = _der(0x30, _der(2, number), _der(2, (65_537).to_bytes(3)))
        kind = bytes.fromhex("300d06092a864886f70d0101010500")
        return (
            "-----BEGIN PUBLIC KEY-----\n"
            + base64.encodebytes(_der(0x30, kind, _der(3, b"\x00" + pair))).decode()
            + "-----END PUBLIC KEY-----"
        )


def _der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8)
    head = bytes([len(body)]) if len(body) < 128 else bytes([0x80 | len(size)]) + size
    return bytes([tag]) + head + body


@cache
def rsa(seed: int = 1) -> Rsa:
    chance = random.Random(seed)
    p, q = _prime(chance), _prime(chance)
    return Rsa(p * q, pow(65_537, -1, (p - 1) * (q - 1)))


def _prime(chance: random.Random) -> int:
    while True:
        number = chance.getrandbits(512) | (1 << 511) | 1
        if all(pow(base, number - 1, number) == 1 for base in (2, 3, 5, 7, 11)):
            return number


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def reference_of(key: str, guild_id: int, user_id: int) -> str:
    return references.reference(key.encode(), guild_id, user_id)
