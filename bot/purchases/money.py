"""What a purchase came to: each payment once, less what went back, by currency. Pure.

A payment of several products is told of in parts or as a whole, by one message or by several, and
what went back is told of all of it; here it is counted once, and shared out in whole minor units.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate, groupby

from bot.purchases import rules
from bot.purchases.rules import Paid
from storage.records import Fact, Product

Amounts = tuple[tuple[str, int], ...]
"""(currency, minor units), by currency."""
_WITHOUT = frozenset({"hand", "role"})
"""Sources that tell of no money."""


def amounts(facts: Iterable[Fact], product_id: int | None = None) -> Amounts:
    """Return what was paid for one purchase and not given back.

    What was given back in full counts nothing, whatever the source says it came to. Of what was
    said of parts that went back the greatest counts, for shops say how much did so far.

    Parameters
    ----------
    product_id
        For one product of the order only, None for all. A payment that names no product is for the
        only one there is.
    """
    told = rules.effective(facts)
    paid = rules.payments(told)
    only = {each.product_id for each in paid if each.product_id is not None}
    sole = only.pop() if len(only) == 1 else None
    sums: dict[str, int] = {}
    for each, left in _left(rules.kept_payments(told), _parts_back(told, paid)):
        whose = each.product_id if each.product_key or each.product_id is not None else sole
        if product_id in (None, whose) and each.currency is not None:
            sums[each.currency] = sums.get(each.currency, 0) + left
    return tuple(sorted(sums.items()))


def first(purchases: Iterable[Collection[Fact]], product: Product) -> Fact | None:
    """Return the first payment by which money came for a product and was kept, None for none.

    What moderators give, roles that are held, trials and what costs nothing bring none. Who tells
    of no amount is believed where the order came to something; Discord, which tells of none at
    all, where the product has a price.

    Parameters
    ----------
    purchases
        The facts of each purchase that is the member's.
    """
    found = [
        fact
        for told in purchases
        for paid in rules.kept_payments(told, product.product_id)
        for fact in told
        if fact.key == paid.key
        and fact.source not in _WITHOUT
        and _is_kept(told, paid, fact, product)
    ]
    return min(found, key=lambda fact: (fact.happened_at, fact.fact_id), default=None)


def _is_kept(told: Collection[Fact], paid: Paid, fact: Fact, product: Product) -> bool:
    """Say whether anything is left of a payment for a product."""
    if paid.amount_minor is None:
        if fact.source == "discord":
            return product.price_minor > 0
        return any(minor > 0 for _, minor in amounts(told))
    if paid.currency is None:
        return paid.amount_minor > 0
    return dict(amounts(told, product.product_id)).get(paid.currency, 0) > 0


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Return a whole amount shared out by weights, which are not negative; the sum is exact."""
    whole = sum(weights) or len(weights)
    bounds = [
        total * each // whole for each in accumulate(weights if sum(weights) else [1] * whole)
    ]
    return [after - before for before, after in zip([0, *bounds], bounds, strict=False)]


def _left(kept: Iterable[Paid], back: dict[str, list[Fact]]) -> list[tuple[Paid, int]]:
    """Return payments with what is left of each; what only tells again of others is not among."""
    priced = [each for each in kept if each.amount_minor is not None and each.currency]
    found: list[tuple[Paid, int]] = []
    for same in _orders(priced):
        once = _told_once(same)
        known = [each.amount_minor or 0 for each in once]
        named = [f for name in once[0].payments for f in back.get(name, ())]
        gone = min(_greatest(named, once[0].currency), sum(known))
        found += zip(once, shares(sum(known) - gone, known), strict=True)
    return _less_of_any(found, back.get("", []))


def _less_of_any(found: list[tuple[Paid, int]], back: list[Fact]) -> list[tuple[Paid, int]]:
    """Take off what went back of nobody knows which payment: of the last ones before."""
    left = []
    gone = {each.currency: _greatest(back, each.currency) for each, _ in found}
    for each, amount in sorted(found, key=lambda one: (-one[0].at, one[0].key)):
        off = min(amount, gone[each.currency])
        gone[each.currency] -= off
        left.append((each, amount - off))
    return left


def _parts_back(told: Iterable[Fact], paid: Iterable[Paid]) -> dict[str, list[Fact]]:
    """Return what tells of parts that went back, by payment, those of none we know under ""."""
    known = {name for each in paid for name in each.payments}
    found: dict[str, list[Fact]] = {}
    for fact in told:
        if fact.kind == "refunded" and not fact.is_whole:
            for name in set(fact.payments) & known or {""}:
                found.setdefault(name, []).append(fact)
    return found


def _greatest(back: Iterable[Fact], currency: str | None) -> int:
    return max((f.amount_minor or 0 for f in back if f.currency in (None, currency)), default=0)


def _orders(paid: Iterable[Paid]) -> list[list[Paid]]:
    """Return what is one payment in one currency together."""

    def order(each: Paid) -> tuple[str, ...]:
        return (each.currency or "", *(sorted(each.payments) or (each.key,)))

    return [list(same) for _, same in groupby(sorted(paid, key=order), key=order)]


def _told_once(same: Sequence[Paid]) -> Sequence[Paid]:
    """Return of one payment what is not told of again: where products are known, those.

    A checkout says what came to be paid for all, the bill what for each.
    """
    known = [each for each in same if each.product_id is not None]
    if known:
        messages = {name for each in known for name in each.told_by}
        return known + [e for e in same if e.product_id is None and e.told_by & messages]
    return [max(same, key=lambda each: (each.amount_minor or 0, each.key))]
