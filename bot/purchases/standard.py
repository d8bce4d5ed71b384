"""Standard Webhooks: any shop that signs so, with what it says in the words below. Pure.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md; its
library asks the machine's clock, so the dozen lines are our own. Types: ``purchase.paid`` (also a
renewal), ``purchase.refunded``, ``subscription.ended``. In ``data``: ``order`` (the order or
subscription), ``product``, ``payment``, ``amount`` in minor units and ``currency``, ``until``
(ISO 8601), ``email``, ``reference``, ``is_partial`` of a refund.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from bot.purchases.rules import Heard
from bot.purchases.sources import (
    Adapter,
    Message,
    amount,
    currency,
    inside,
    moment,
    names,
    needed,
    refuse,
    require_fresh,
    text,
)
from storage.records import Fact

_KINDS: Mapping[str, Any] = {
    "purchase.paid": "paid",
    "purchase.refunded": "refunded",
    "subscription.ended": "ended",
}

_KEY_MIN = 16
"""Bytes; the specification asks for 24, and some shops make fewer."""


def prove(message: Message, secret: str) -> None:
    """Refuse what was not signed with the secret within five minutes."""
    number = message.headers.get("webhook-id", "")
    stamp = message.headers.get("webhook-timestamp", "")
    if not number or len(number) > 200 or not number.isascii():
        refuse("signature")
    require_fresh(stamp, message.now)
    try:
        key = base64.b64decode(secret.removeprefix("whsec_") + "==")
    except binascii.Error:
        refuse("secret", 500)
    if len(key) < _KEY_MIN:
        refuse("secret", 500)  # what signs nothing would be signed by anybody
    signed = f"{number}.{stamp}.".encode() + message.body
    wanted = base64.b64encode(hmac.digest(key, signed, "sha256"))
    given = [
        part.removeprefix("v1,").encode("utf-8", "surrogateescape")
        for part in message.headers.get("webhook-signature", "").split(" ")
        if part.startswith("v1,")
    ]
    if not any([hmac.compare_digest(wanted, each) for each in given]):
        refuse("signature")


def read(message: Message, payload: Mapping[str, Any]) -> Sequence[Heard]:
    """Return what a message says."""
    kind = _KINDS.get(needed(payload.get("type")))
    if kind is None:
        return []
    said = payload.get("data")
    order = needed(inside(said, "order"))
    until = moment(inside(said, "until"))
    payment = text(inside(said, "payment"))
    if kind == "paid" and not payment:
        payment = f"{order}:{until or ''}"
    fact = Fact(
        guild_id=0,
        source="standard",
        key=message.headers["webhook-id"],
        kind=kind,
        happened_at=moment(payload.get("timestamp")) or message.now,
        product_key=needed(inside(said, "product")) if kind == "paid" else "",
        until_at=until if kind == "paid" else None,
        payments=names(payment),
        amount_minor=amount(inside(said, "amount")) if kind != "ended" else None,
        currency=currency(inside(said, "currency")),
        is_whole=inside(said, "is_partial") is not True,
    )
    return [
        Heard(
            source="standard",
            number=order,
            refs=names(order, payment),
            facts=(fact,),
            email=text(inside(said, "email")),
            reference=text(inside(said, "reference")),
        )
    ]


ADAPTER = Adapter("standard", prove, read)
