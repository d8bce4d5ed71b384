"""What a member has by what was heard of their purchases. Pure, and the order does not matter.

Every payment opens a stretch of time; refunds and ends cut it short. Whatever comes twice, late or
in another order makes the same set of facts, so it gives the same access.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.dates import DAY_S
from storage.records import Fact, PurchaseSource

DAYS_MAX = 3_650
GRACE_MAX = 90
INVITED_S = 7 * DAY_S
"""How long an invitation for a buyer who is not in the server lasts: as long as Discord lets it."""
_BY_WEIGHT = ("claimed", "referred", "assigned")
"""What says whose a purchase is, from what is believed least to what is believed most."""
_PART = re.compile(r":\d{1,4}$")
"""Ends the keys of what one message says of several products."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one message of a source says, before anybody knows which product or server that is.

    Attributes
    ----------
    number
        What the buyer knows the order by.
    refs
        All that the order, its payments and its subscription are called; what shares one of them
        is about one purchase.
    facts
        Of server 0, each with the source's id of its product.
    email
        The buyer's address, which is not kept.
    reference
        The buyer's signed reference as it came along.
    discord_id
        Who the source itself says the buyer is on Discord.
    """

    source: PurchaseSource
    number: str
    refs: tuple[str, ...]
    facts: tuple[Fact, ...]
    email: str = ""
    reference: str = ""
    discord_id: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """From when to when a member has something; None for never. See `storage.records.Access`."""

    from_at: float
    ends_at: float | None
    until_at: float | None
    is_bought: bool


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment for one product, whatever number of facts told of it.

    ``payments`` are all that it is called, ``told_by`` the messages that told of it.
    """

    at: float
    key: str
    payments: frozenset[str]
    term: str
    days: int | None
    until_at: float | None
    amount_minor: int | None
    currency: str | None
    product_id: int | None
    product_key: str
    told_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What one payment opens; ``cut_at`` is where it ends early."""

    paid: Paid
    cut_at: float | None
    is_refunded: bool


def effective(facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts of one purchase that nobody undid, each once, the oldest first."""
    known = {(fact.source, fact.key): fact for fact in facts}
    undone = {fact.undoes for fact in known.values() if fact.kind == "undone"}
    kept = [f for f in known.values() if named(f) not in undone and f.kind != "undone"]
    return sorted(kept, key=lambda fact: (fact.happened_at, fact.key))


def named(fact: Fact) -> str:
    """Return what a fact is called where it is undone."""
    return f"{fact.source}:{fact.key}"


def owner(facts: Iterable[Fact]) -> int | None:
    """Return whose a purchase is, None for nobody's yet, 0 for somebody's who was erased.

    The last assignment counts, else the first signed reference, else the first claim: a claim
    takes no more than a number that was seen, and may be made before the message that carries the
    buyer's reference arrives. What a shop goes on saying of somebody who was erased is not
    believed; what is claimed after that is, and what was claimed before it is not, for it was
    somebody else's.
    """
    told = [
        fact for fact in effective(facts) if fact.kind in _BY_WEIGHT and fact.user_id is not None
    ]
    by_kind: dict[str, list[Fact]] = {}
    for fact in told:
        by_kind.setdefault(fact.kind, []).append(fact)
    if assigned := by_kind.get("assigned"):
        if assigned[-1].user_id:
            return assigned[-1].user_id
    referred = by_kind.get("referred", [])
    if referred and all(fact.user_id for fact in referred):
        return referred[0].user_id
    said_at = max((fact.received_at for fact in referred), default=-1.0)
    for claim in by_kind.get("claimed", ()):
        if claim.user_id and claim.received_at > said_at:
            return claim.user_id
    return 0 if told else None


def payments(facts: Iterable[Fact], product_id: int | None = None) -> list[Paid]:
    """Return the payments of one purchase, for a product or for any; the oldest first."""
    paid = [fact for fact in effective(facts) if fact.kind == "paid"]
    names, ids = _names(paid), {f.product_key: f.product_id for f in paid if f.product_id}
    groups: dict[tuple[frozenset[str] | str, int | str], list[Fact]] = {}
    for fact in filter(_tells, paid):
        called = names[fact.payments[0]] if fact.payments else fact.key
        groups.setdefault((called, _product(fact, ids)), []).append(fact)
    found = [
        _one(group, called if isinstance(called, frozenset) else frozenset())
        for (called, product), group in groups.items()
        if product_id in (None, product)
    ]
    return sorted(found, key=lambda each: (each.at, each.key))


def kept_payments(facts: Iterable[Fact], product_id: int | None = None) -> list[Paid]:
    """Return the payments of one purchase, for a product or for any, not given back in full."""
    told = effective(facts)
    paid = payments(told, product_id)
    names = {name for each in payments(told) for name in each.payments}
    refunds = [fact for fact in told if fact.kind == "refunded" and fact.is_whole]
    return [each for each in paid if not any(_gives_back(f, each, names) for f in refunds)]


def _product(fact: Fact, known: Mapping[str, int]) -> int | str:
    """Return what tells the product of a payment from others of the same order."""
    return fact.product_id or known.get(fact.product_key) or fact.product_key


def _names(paid: Iterable[Fact]) -> dict[str, frozenset[str]]:
    """Return by each name of a payment all it is called, whichever message says so."""
    found: dict[str, frozenset[str]] = {}
    for fact in paid:
        names = frozenset(fact.payments).union(*(found.get(name, ()) for name in fact.payments))
        found |= dict.fromkeys(names, names)
    return found


def _tells(fact: Fact) -> bool:
    """Say whether a fact is of a payment itself: some only say what else one is called."""
    return bool(fact.product_id or fact.product_key or fact.amount_minor is not None)


def _one(group: Sequence[Fact], names: frozenset[str]) -> Paid:
    first = min(group, key=lambda fact: (fact.happened_at, fact.key))
    ends = [fact.until_at for fact in group if fact.until_at is not None]
    amounts = [(f.amount_minor, f.currency or "") for f in group if f.amount_minor is not None]
    amount, currency = max(amounts, default=(None, None))
    return Paid(
        at=first.happened_at,
        key=first.key,
        payments=names,
        term=first.term or "forever",
        days=first.days,
        until_at=max(ends, default=None),
        amount_minor=amount,
        currency=currency or None,
        product_id=next((fact.product_id for fact in group if fact.product_id), None),
        product_key=first.product_key,
        told_by=frozenset(_PART.sub("", fact.key) for fact in group),
    )


def standing(
    purchases: Iterable[Collection[Fact]], product_id: int, grace_days: int
) -> Held | None:
    """Return what a member has by all their purchases of a product; None for nothing ever.

    What is sold by days adds up: each begins where the one before ends.

    Parameters
    ----------
    purchases
        The facts of each purchase that is theirs.
    """
    stretches = [each for facts in purchases for each in _stretches(facts, product_id)]
    if not stretches:
        return None
    stretches.sort(key=lambda each: (each.paid.at, each.paid.key))
    ends: list[float | None] = []
    cursor = 0.0
    for each in stretches:
        if each.paid.term == "days":
            start = max(each.paid.at, cursor)
            cursor = _cut(start, start + (each.paid.days or 0) * DAY_S, each.cut_at) or start
            ends.append(cursor)
        else:
            until = each.paid.until_at if each.paid.term == "subscription" else None
            ends.append(_cut(each.paid.at, until, each.cut_at))
    ends_at = None if None in ends else max(end for end in ends if end is not None)
    return Held(
        from_at=stretches[0].paid.at,
        ends_at=ends_at,
        until_at=None if ends_at is None else ends_at + grace_days * DAY_S,
        is_bought=any(not each.is_refunded for each in stretches),
    )


def _cut(start: float, end: float | None, cut_at: float | None) -> float | None:
    if cut_at is not None and (end is None or cut_at < end):
        end = cut_at
    return None if end is None else max(start, end)


def _stretches(facts: Collection[Fact], product_id: int) -> list[_Stretch]:
    told = effective(facts)
    paid = payments(told, product_id)
    all_names = {name for each in payments(told) for name in each.payments}
    refunds = [fact for fact in told if fact.kind == "refunded" and fact.is_whole]
    ends = [fact.happened_at for fact in told if fact.kind == "ended"]
    # Who signed up and who was billed are told apart: the bill alone says until when.
    is_dated = any(each.until_at is not None for each in paid)
    found = []
    for each in paid:
        if each.term == "subscription" and is_dated and each.until_at is None:
            continue
        backs = [fact.happened_at for fact in refunds if _gives_back(fact, each, all_names)]
        cuts = list(backs)
        if each.term == "subscription":
            cuts += [at for at in ends if at >= each.at]
        found.append(_Stretch(each, min(cuts, default=None), bool(backs)))
    return found


def _gives_back(refund: Fact, paid: Paid, all_names: Collection[str]) -> bool:
    """Say whether a refund is of a payment; one of no payment we know is of all before it."""
    names = set(refund.payments)
    if names & set(all_names):
        return bool(names & paid.payments)
    return paid.at <= refund.happened_at
