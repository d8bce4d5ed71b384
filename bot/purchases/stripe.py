"""Stripe's events: checkouts, invoices, refunds, disputes, the end of subscriptions. Pure.

https://docs.stripe.com/webhooks#verify-manually and the API reference of each object. A product is
known by a price (``price_…``, of invoices) or by a payment link (``plink_…``, of checkouts), or
by what the seller wrote into the checkout's metadata as ``product``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.purchases.money import shares
from bot.purchases.rules import Heard
from bot.purchases.sources import (
    Adapter,
    Message,
    amount,
    currency,
    inside,
    is_signed,
    names,
    needed,
    refuse,
    require_fresh,
    seconds,
    text,
)
from storage.records import Fact

_PAID = ("paid", "no_payment_required")
_WON = ("won", "warning_closed")
"""How a dispute ends that takes no money; one whose status begins with "warning" asks only."""
_DISPUTED, _WITHDRAWN = "dispute", "withdrawn"
_IN_HUNDREDTHS = frozenset({"ISK", "UGX"})
_WHOLE = frozenset({"MGA"})
"""Currencies that Stripe counts otherwise than ISO 4217: https://docs.stripe.com/currencies."""


def prove(message: Message, secret: str) -> None:
    """Refuse what Stripe did not sign within five minutes."""
    header = message.headers.get("stripe-signature", "")
    fields = [part.partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in fields if name.strip() == "t"]
    given = [value for name, _, value in fields if name.strip() == "v1"]
    if len(stamps) != 1 or not given:
        refuse("signature")
    require_fresh(stamps[0], message.now)
    signed = stamps[0].encode() + b"." + message.body
    if not is_signed(secret.encode(), signed, given):
        refuse("signature")


def read(message: Message, payload: Mapping[str, Any]) -> Sequence[Heard]:
    """Return what an event says."""
    key, kind = needed(payload.get("id")), needed(payload.get("type"))
    one = inside(payload, "data", "object")
    at = seconds(payload.get("created")) or message.now
    match kind:
        case "checkout.session.completed" | "checkout.session.async_payment_succeeded":
            return _checkout(key, at, one) if text(inside(one, "payment_status")) in _PAID else []
        case "invoice.paid" | "invoice.payment_succeeded":
            return _invoice(key, at, one)
        case "charge.refunded":
            return _refund(key, at, one)
        case "charge.dispute.created":
            return [] if _status(one).startswith("warning") else _dispute(at, one)
        case "charge.dispute.funds_withdrawn":
            return _dispute(at, one, _WITHDRAWN)
        case "charge.dispute.funds_reinstated":
            return _dispute(at, one, is_over=True)
        case "charge.dispute.closed":
            return _dispute(at, one, is_over=True) if _status(one) in _WON else []
        case "invoice_payment.paid":
            return _payment(key, at, one)
        case "customer.subscription.deleted":
            number = needed(inside(one, "id"))
            ended_at = seconds(inside(one, "ended_at")) or at
            return [_heard(number, (number,), _fact(key, "ended", ended_at))]
    return []


def _fact(key: str, kind: Any, at: float, **fields: Any) -> Fact:
    return Fact(guild_id=0, source="stripe", key=key, kind=kind, happened_at=at, **fields)


def _heard(number: str, refs: tuple[str, ...], *facts: Fact, **fields: Any) -> Heard:
    return Heard(source="stripe", number=number, refs=refs, facts=facts, **fields)


def _checkout(key: str, at: float, one: Any) -> list[Heard]:
    number = needed(inside(one, "id"))
    paid_by = names(inside(one, "payment_intent"), inside(one, "invoice"))
    refs = names(number, *paid_by, inside(one, "subscription"))
    paid = _fact(
        key,
        "paid",
        at,
        product_key=text(inside(one, "metadata", "product")) or text(inside(one, "payment_link")),
        payments=paid_by or (number,),
        **_money(one, amount(inside(one, "amount_total"))),
    )
    return [
        _heard(
            paid_by[0] if paid_by else number,
            refs,
            paid,
            email=text(inside(one, "customer_details", "email")),
            reference=text(inside(one, "client_reference_id")),
        )
    ]


def _invoice(key: str, at: float, one: Any) -> list[Heard]:
    parent = inside(one, "parent", "subscription_details", "subscription")
    subscription = text(inside(one, "subscription")) or text(parent)
    paid_by = names(needed(inside(one, "id")), inside(one, "payment_intent"), inside(one, "charge"))
    number = text(inside(one, "number")) or paid_by[0]
    paid_at = seconds(inside(one, "status_transitions", "paid_at")) or at
    lines = {n: line for n, line in enumerate(_list(inside(one, "lines", "data"))) if _pays(line)}
    facts = [
        _fact(
            f"{key}:{n}",
            "paid",
            paid_at,
            product_key=text(inside(line, "price", "id"))
            or text(inside(line, "pricing", "price_details", "price")),
            until_at=seconds(inside(line, "period", "end")) if subscription else None,
            payments=paid_by,
            **_money(one, worth),
        )
        for (n, line), worth in zip(lines.items(), _worth(one, list(lines.values())), strict=True)
    ]
    if not facts:
        return []
    email = text(inside(one, "customer_email"))
    return [_heard(number, names(number, *paid_by, subscription), *facts, email=email)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _pays(line: Any) -> bool:
    """Say whether a line pays for something: a change in the middle of a period gives back."""
    worth = inside(line, "amount")
    return not isinstance(worth, int) or worth >= 0


def _worth(one: Any, lines: Sequence[Any]) -> list[int | None]:
    """Return what was paid for each line: discounts, taxes and credits are of the whole bill."""
    written = [amount(inside(line, "amount")) for line in lines]
    total = amount(inside(one, "amount_paid"))
    if total is None:
        return written
    return list(shares(total, [each or 0 for each in written])) if lines else []


def _payment(key: str, at: float, one: Any) -> list[Heard]:
    """Return that a bill is called after its payment, too: refunds name that alone."""
    paid_by = names(
        needed(inside(one, "invoice")),
        inside(one, "payment", "payment_intent"),
        inside(one, "payment", "charge"),
    )
    return [_heard(paid_by[0], paid_by, _fact(key, "paid", at, payments=paid_by))]


def _money(one: Any, worth: int | None) -> dict[str, Any]:
    """Return an amount in the minor unit of ISO 4217, and its currency."""
    code = currency(inside(one, "currency"))
    if worth is not None and code in _IN_HUNDREDTHS:
        worth = round(worth / 100)
    if worth is not None and code in _WHOLE:
        worth *= 100
    return {"amount_minor": worth, "currency": code}


def _status(one: Any) -> str:
    return text(inside(one, "status"))


def _refund(key: str, at: float, one: Any) -> list[Heard]:
    paid_by = names(
        needed(inside(one, "id")), inside(one, "payment_intent"), inside(one, "invoice")
    )
    back = _fact(
        key,
        "refunded",
        at,
        payments=paid_by,
        **_money(one, amount(inside(one, "amount_refunded"))),
        is_whole=inside(one, "refunded") is True,
    )
    return [_heard(paid_by[-1], paid_by, back)]


def _dispute(at: float, one: Any, how: str = _DISPUTED, *, is_over: bool = False) -> list[Heard]:
    number = needed(inside(one, "id"))
    paid_by = names(inside(one, "charge"), inside(one, "payment_intent"))
    if not paid_by:
        refuse("missing", 400)
    if is_over:
        facts = [
            _fact(f"won:{each}:{number}", "undone", at, undoes=f"stripe:{each}:{number}")
            for each in (_DISPUTED, _WITHDRAWN)
        ]
    else:
        facts = [_fact(f"{how}:{number}", "refunded", at, payments=paid_by)]
    return [_heard(paid_by[-1], paid_by, *facts)]


ADAPTER = Adapter("stripe", prove, read)
