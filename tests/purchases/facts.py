"""Facts of purchases as tests write them down."""

from typing import Any

from bot.dates import DAY_S
from storage.records import Fact

GUILD = 2**60 + 1
PRO, BOOK = 1, 2


def day(n: float) -> float:
    return 1_700_000_000 + n * DAY_S


def fact(kind: Any, at: float, key: str = "", **fields: Any) -> Fact:
    """Return a fact on a day; of a payment with the product PRO for good, if nothing else."""
    if kind == "paid":
        fields = {"product_id": PRO, "term": "forever", "product_key": "pro"} | fields
    key = key or f"{kind}-{at}"
    return Fact(guild_id=GUILD, source="stripe", key=key, kind=kind, happened_at=day(at), **fields)


def paid(at: float, key: str = "", **fields: Any) -> Fact:
    return fact("paid", at, key, payments=fields.pop("payments", (f"pi-{key or at}",)), **fields)


def monthly(at: float, key: str = "", **fields: Any) -> Fact:
    """Return a payment for thirty days of a subscription."""
    return paid(at, key, term="subscription", until_at=day(at + 30), **fields)
