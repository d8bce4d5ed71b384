"""Lemon Squeezy's events: orders, subscriptions, their invoices. Pure.

https://docs.lemonsqueezy.com/help/webhooks. A product is known by a variant. Orders say what was
paid first, invoices what was paid later, subscriptions until when; none of them has a time of its
own that is signed, so the body is its own name.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.purchases.rules import Heard
from bot.purchases.sources import (
    Adapter,
    Message,
    amount,
    currency,
    inside,
    is_signed,
    moment,
    names,
    needed,
    refuse,
    text,
)
from storage.records import Fact

_RUNNING = ("active", "on_trial")


def prove(message: Message, secret: str) -> None:
    """Refuse what Lemon Squeezy did not sign."""
    if not is_signed(secret.encode(), message.body, [message.headers.get("x-signature", "")]):
        refuse("signature")


def read(message: Message, payload: Mapping[str, Any]) -> Sequence[Heard]:
    """Return what an event says."""
    event = needed(inside(payload, "meta", "event_name"))
    number = needed(inside(payload, "data", "id"))
    known = inside(payload, "data", "attributes")
    reader = {
        "order_created": _order,
        "order_refunded": _order_refund,
        "subscription_created": _begun,
        "subscription_updated": _subscription,
        "subscription_resumed": _subscription,
        "subscription_expired": _expired,
        "subscription_payment_success": _invoice,
        "subscription_payment_refunded": _invoice_refund,
    }.get(event)
    if reader is None:
        return []
    refs, facts = reader(message, number, known)
    if not facts:
        return []
    order_number = text(inside(known, "order_number"))
    return [
        Heard(
            source="lemonsqueezy",
            number=order_number or refs[0],
            refs=refs,
            facts=tuple(facts),
            email=text(inside(known, "user_email")),
            reference=text(inside(payload, "meta", "custom_data", "reference")),
        )
    ]


_Read = tuple[tuple[str, ...], list[Fact]]


def _fact(message: Message, kind: Any, at: float | None, suffix: str = "", **fields: Any) -> Fact:
    return Fact(
        guild_id=0,
        source="lemonsqueezy",
        key=message.digest + suffix,
        kind=kind,
        happened_at=at or message.now,
        **fields,
    )


def _money(known: Any, name: str = "total") -> dict[str, Any]:
    return {
        "amount_minor": amount(inside(known, name)),
        "currency": currency(inside(known, "currency")),
    }


def _order(message: Message, number: str, known: Any) -> _Read:
    refs = names(f"order:{number}", inside(known, "identifier"), inside(known, "order_number"))
    if text(inside(known, "status")) != "paid":
        return refs, []
    paid = _fact(
        message,
        "paid",
        moment(inside(known, "created_at")),
        product_key=text(inside(known, "first_order_item", "variant_id")),
        payments=(refs[0],),
        **_money(known),
    )
    return refs, [paid]


def _order_refund(message: Message, number: str, known: Any) -> _Read:
    refs = names(f"order:{number}", inside(known, "identifier"), inside(known, "order_number"))
    return refs, _refunds(message, refs[0], known)


def _begun(message: Message, number: str, known: Any) -> _Read:
    return _subscription(message, number, known, is_first=True)


def _subscription(message: Message, number: str, known: Any, *, is_first: bool = False) -> _Read:
    order = f"order:{needed(inside(known, 'order_id'))}"
    refs = names(f"subscription:{number}", order)
    renews_at = moment(inside(known, "renews_at"))
    if text(inside(known, "status")) not in _RUNNING or renews_at is None:
        return refs, []
    runs = _fact(
        message,
        "paid",
        moment(inside(known, "updated_at")) or moment(inside(known, "created_at")),
        product_key=text(inside(known, "variant_id")),
        until_at=renews_at,
        # The order paid for what begins with it, so that its refund gives that back as well.
        payments=names(f"{refs[0]}:{renews_at:.0f}", order if is_first else None),
    )
    return refs, [runs]


def _expired(message: Message, number: str, known: Any) -> _Read:
    at = moment(inside(known, "ends_at"))
    return (f"subscription:{number}",), [_fact(message, "ended", at)]


def _invoice(message: Message, number: str, known: Any) -> _Read:
    refs = (f"subscription:{needed(inside(known, 'subscription_id'))}",)
    if text(inside(known, "billing_reason")) == "initial":
        return refs, []  # the order has said so
    paid = _fact(
        message,
        "paid",
        moment(inside(known, "created_at")),
        payments=(f"invoice:{number}",),
        **_money(known),
    )
    return refs, [paid]


def _invoice_refund(message: Message, number: str, known: Any) -> _Read:
    refs = (f"subscription:{needed(inside(known, 'subscription_id'))}",)
    return refs, _refunds(message, f"invoice:{number}", known)


def _refunds(message: Message, payment: str, known: Any) -> list[Fact]:
    """Return that a payment went back; what it had paid for of a subscription ends then."""
    at = moment(inside(known, "refunded_at"))
    total, back = amount(inside(known, "total")), amount(inside(known, "refunded_amount"))
    is_whole = back is None or total is None or back >= total
    refund = _fact(
        message,
        "refunded",
        at,
        payments=(payment,),
        is_whole=is_whole,
        amount_minor=total if back is None else back,
        currency=currency(inside(known, "currency")),
    )
    return [refund, _fact(message, "ended", at, ":end")] if is_whole else [refund]


ADAPTER = Adapter("lemonsqueezy", prove, read)
