"""Proves that what members have follows from what was heard; `lyceum check` runs it."""

from bot.purchases import rules
from storage import access, opened, products, purchases
from storage.connection import Connection

_BATCH = 500


async def problems(conn: Connection) -> list[str]:
    """Return what does not follow, a sentence each; empty where all is well."""
    found = [
        f"resource {number} says wrongly whether a product opens it"
        for number in await opened.mismarked(conn)
    ]
    async for purchase, told in purchases.everything(conn, _BATCH):
        if rules.owner(told) != purchase.user_id:
            found.append(
                f"guild {purchase.guild_id}: what was heard says that purchase "
                f"{purchase.purchase_id} is somebody else's"
            )
    for guild_id, user_id in await purchases.owners(conn):
        found += await _of_member(conn, guild_id, user_id)
    return found


async def _of_member(conn: Connection, guild_id: int, user_id: int) -> list[str]:
    theirs = await purchases.of_member(conn, guild_id, user_id)
    told = await purchases.facts(conn, [each.purchase_id for each in theirs])
    has = {each.product_id: each for each in await access.of_member(conn, guild_id, user_id)}
    paid_for = {
        fact.product_id
        for facts in told.values()
        for fact in facts
        if fact.kind == "paid" and fact.product_id is not None
    }
    found = []
    for number in sorted(paid_for | has.keys()):
        product, kept = await products.one(conn, guild_id, number), has.get(number)
        grace = product.grace_days if product is not None else 0
        due = rules.standing(told.values(), number, grace)
        if due is None:
            agrees = kept is None or (kept.until_at is not None and not kept.is_bought)
        else:
            agrees = kept is not None and due == rules.Held(
                from_at=kept.from_at,
                ends_at=kept.ends_at,
                until_at=kept.until_at,
                is_bought=kept.is_bought,
            )
        if not agrees:
            found.append(
                f"guild {guild_id}, member {user_id}: access to product {number} does not follow "
                "from their purchases"
            )
    return found
