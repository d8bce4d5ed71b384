"""Patreon's events about members of a campaign. Pure.

https://docs.patreon.com/#webhooks. There is one thing for a patron and a campaign, whose tiers and
charges change; a product is known by a tier. Who linked Discord there is known at once. Patreon
gives its messages no name and no time, so the body is its own name.
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
    needed,
    refuse,
    text,
)
from storage.records import Fact

_SAID = ("members:create", "members:update", "members:pledge:create", "members:pledge:update")
_ENDED = ("members:delete", "members:pledge:delete")


def prove(message: Message, secret: str) -> None:
    """Refuse what Patreon did not sign; its signature is an HMAC with MD5."""
    given = message.headers.get("x-patreon-signature", "")
    if not is_signed(secret.encode(), message.body, [given], "md5"):
        refuse("signature")


def read(message: Message, payload: Mapping[str, Any]) -> Sequence[Heard]:
    """Return what became of a patron."""
    event = message.headers.get("x-patreon-event", "")
    if event not in (*_SAID, *_ENDED):
        return []
    number = needed(inside(payload, "data", "id"))
    known = inside(payload, "data", "attributes")
    charged_at = moment(inside(known, "last_charge_date"))
    facts = _facts(message, event, number, payload, known, charged_at)
    if not facts:
        return []
    return [
        Heard(
            source="patreon",
            number=number,
            refs=(number,),
            facts=tuple(facts),
            email=text(inside(known, "email")),
            discord_id=_discord_id(payload),
        )
    ]


def _facts(
    message: Message,
    event: str,
    number: str,
    payload: Mapping[str, Any],
    known: Any,
    charged_at: float | None,
) -> list[Fact]:
    next_at = moment(inside(known, "next_charge_date"))
    status = text(inside(known, "last_charge_status"))
    common: dict[str, Any] = {"guild_id": 0, "source": "patreon", "received_at": message.now}
    payment = f"{number}:{charged_at:.0f}" if charged_at else ""
    if event in _ENDED:
        # What was paid for runs until the next charge would have come.
        at = next_at if next_at and next_at > message.now else message.now
        return [Fact(key=message.digest, kind="ended", happened_at=at, **common)]
    if status == "Refunded" and payment:
        at = message.now
        return [
            Fact(key=message.digest, kind="refunded", happened_at=at, payments=(payment,), **common)
        ]
    if status != "Paid" or not payment or charged_at is None:
        return []
    tiers = inside(payload, "data", "relationships", "currently_entitled_tiers", "data")
    cents = amount(inside(known, "currently_entitled_amount_cents"))
    code = currency(inside(known, "campaign_currency"))
    return [
        Fact(
            key=f"{message.digest}:{n}",
            kind="paid",
            happened_at=charged_at,
            product_key=needed(inside(tier, "id")),
            until_at=next_at,
            payments=(payment,),
            amount_minor=cents if n == 0 else None,  # it is for all tiers together
            currency=code,
            **common,
        )
        for n, tier in enumerate(tiers if isinstance(tiers, list) else ())
    ]


def _discord_id(payload: Mapping[str, Any]) -> int | None:
    included = payload.get("included")
    for one in included if isinstance(included, list) else ():
        if inside(one, "type") == "user":
            found = inside(one, "attributes", "social_connections", "discord", "user_id")
            if isinstance(found, str) and found.isascii() and found.isdecimal():
                number = int(found)
                return number if 10**14 < number < 2**63 else None
    return None


ADAPTER = Adapter("patreon", prove, read)
