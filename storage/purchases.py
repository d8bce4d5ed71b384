"""What was heard of purchases: the log of facts, and which of them are about one purchase."""

from collections.abc import AsyncIterator, Collection
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from storage import identity
from storage.connection import Connection
from storage.records import Fact, Product, Purchase
from storage.schema import accesses, claim_tries, products, purchase_facts, purchase_refs, purchases

_FACT = list(purchase_facts.c)


async def of_refs(conn: Connection, source: str, refs: Collection[str]) -> list[Purchase]:
    """Return the purchases that a source calls by any of these names, the oldest first."""
    named = select(purchase_refs.c.purchase_id).where(
        purchase_refs.c.source == source, purchase_refs.c.ref.in_(list(refs))
    )
    return await _purchases(conn, purchases.c.purchase_id.in_(named))


async def one(conn: Connection, guild_id: int, purchase_id: int) -> Purchase | None:
    """Return one purchase of the guild."""
    found = await _purchases(
        conn, purchases.c.guild_id == guild_id, purchases.c.purchase_id == purchase_id
    )
    return found[0] if found else None


async def add(conn: Connection, new: Purchase) -> int:
    """Store a new purchase and return its id."""
    values = asdict(new)
    del values["purchase_id"]
    statement = insert(purchases).values(values).returning(purchases.c.purchase_id)
    return int((await conn.execute(statement)).scalar_one())


async def change(conn: Connection, purchase_id: int, **changes: Any) -> None:
    """Set fields of a purchase."""
    await conn.execute(
        update(purchases).where(purchases.c.purchase_id == purchase_id).values(**changes)
    )


async def name(
    conn: Connection, guild_id: int, source: str, refs: Collection[str], purchase_id: int
) -> None:
    """Remember what a purchase is called; a name that is taken stays."""
    if refs:
        rows = [
            {"source": source, "ref": ref, "guild_id": guild_id, "purchase_id": purchase_id}
            for ref in refs
        ]
        await conn.execute(upsert(purchase_refs).on_conflict_do_nothing(), rows)


async def merge(conn: Connection, kept: int, others: Collection[int]) -> None:
    """Make several purchases one, for something was heard that is about all of them."""
    for table in (purchase_refs, purchase_facts):
        await conn.execute(
            update(table).where(table.c.purchase_id.in_(list(others))).values(purchase_id=kept)
        )
    await conn.execute(delete(purchases).where(purchases.c.purchase_id.in_(list(others))))


async def append(conn: Connection, fact: Fact) -> int | None:
    """Add a fact to the log and return its id; None where it is there already."""
    values = asdict(fact) | {"payments": list(fact.payments)}
    del values["fact_id"]
    statement = upsert(purchase_facts).values(values).on_conflict_do_nothing()
    found = await conn.execute(statement.returning(purchase_facts.c.fact_id))
    fact_id: int | None = found.scalar_one_or_none()
    return fact_id


async def facts(conn: Connection, purchase_ids: Collection[int]) -> dict[int, list[Fact]]:
    """Return what was heard of purchases, by purchase."""
    rows = await conn.execute(
        select(*_FACT)
        .where(purchase_facts.c.purchase_id.in_(list(purchase_ids)))
        .order_by(purchase_facts.c.fact_id)
    )
    found: dict[int, list[Fact]] = {number: [] for number in purchase_ids}
    for row in rows:
        found[row.purchase_id].append(_fact(row))
    return found


async def fact(conn: Connection, guild_id: int, fact_id: int) -> Fact | None:
    """Return one fact of the guild's log."""
    row = (
        await conn.execute(
            select(*_FACT).where(
                purchase_facts.c.guild_id == guild_id, purchase_facts.c.fact_id == fact_id
            )
        )
    ).one_or_none()
    return _fact(row) if row else None


async def of_member(
    conn: Connection, guild_id: int, user_id: int, limit: int | None = None
) -> list[Purchase]:
    """Return a member's purchases, the latest first."""
    return await _purchases(
        conn, purchases.c.guild_id == guild_id, purchases.c.user_id == user_id, limit=limit
    )


async def lately(conn: Connection, guild_id: int, text: str, limit: int) -> list[Purchase]:
    """Return the guild's purchases whose number holds a text, the latest first."""
    holds = func.instr(func.lower(purchases.c.number), text.lower()) > 0
    return await _purchases(conn, purchases.c.guild_id == guild_id, holds, limit=limit)


async def unclaimed(conn: Connection, guild_id: int, limit: int) -> list[Purchase]:
    """Return purchases of products we know that nobody has claimed, the latest first."""
    known = select(purchase_facts.c.purchase_id).where(
        purchase_facts.c.guild_id == guild_id,
        purchase_facts.c.kind == "paid",
        purchase_facts.c.product_id.is_not(None),
    )
    return await _purchases(
        conn,
        purchases.c.guild_id == guild_id,
        purchases.c.user_id.is_(None),
        purchases.c.purchase_id.in_(known),
        limit=limit,
    )


async def claimable(
    conn: Connection, guild_id: int, numbers: Collection[str], email_hash: str | None
) -> list[Purchase]:
    """Return what nobody has claimed, or somebody who was erased, with such a number or e-mail.

    Parameters
    ----------
    numbers
        As the order may be called.
    email_hash
        Of what was typed, None where that is no address.
    """
    # Names of our own making hold a colon; nobody claims by those.
    plain = [number for number in numbers if ":" not in number]
    called = or_(
        purchases.c.number.in_(list(numbers)),
        purchases.c.purchase_id.in_(
            select(purchase_refs.c.purchase_id).where(
                purchase_refs.c.guild_id == guild_id, purchase_refs.c.ref.in_(plain)
            )
        ),
    )
    if email_hash is not None:
        called = or_(called, purchases.c.email_hash == email_hash)
    return await _purchases(
        conn,
        purchases.c.guild_id == guild_id,
        or_(purchases.c.user_id.is_(None), purchases.c.user_id == 0),
        # Whose these are is known from the start, and their numbers are no secret.
        purchases.c.source.not_in(("role", "hand", "discord")),
        called,
    )


async def guilds_of(conn: Connection) -> list[int]:
    """Return the guilds that have products."""
    return list((await conn.execute(select(products.c.guild_id).distinct())).scalars())


async def unanswered(conn: Connection, source: str, since: float, limit: int) -> list[Fact]:
    """Return what a source said and has not been asked back about, the oldest first."""
    answer = purchase_facts.alias("answer")
    named = literal(f"{source}:") + purchase_facts.c.key
    is_answered = (
        select(answer.c.fact_id)
        .where(
            or_(
                and_(
                    answer.c.source == source,
                    answer.c.key == func.substr(purchase_facts.c.key, len("said:") + 1),
                ),
                and_(
                    answer.c.source == source,
                    answer.c.key == literal("no:") + purchase_facts.c.key,
                    answer.c.undoes == named,
                ),
            )
        )
        .exists()
    )
    rows = await conn.execute(
        select(*_FACT)
        .where(
            purchase_facts.c.source == source,
            purchase_facts.c.kind == "said",
            purchase_facts.c.received_at >= since,
            ~is_answered,
        )
        .order_by(purchase_facts.c.fact_id)
        .limit(limit)
    )
    return [_fact(row) for row in rows]


async def count_tries(conn: Connection, guild_id: int, user_id: int, since: float) -> int:
    """Return how often a member has tried to claim something since a moment."""
    found = await conn.scalar(
        select(func.count()).where(
            claim_tries.c.guild_id == guild_id,
            claim_tries.c.user_id == user_id,
            claim_tries.c.tried_at > since,
        )
    )
    return int(found or 0)


async def add_try(conn: Connection, guild_id: int, user_id: int, now: float, since: float) -> None:
    """Remember that a member tries to claim something, and forget tries before a moment."""
    old = [claim_tries.c.guild_id == guild_id, claim_tries.c.tried_at <= since]
    await conn.execute(delete(claim_tries).where(*old))
    values = {"guild_id": guild_id, "user_id": user_id, "tried_at": now}
    await conn.execute(upsert(claim_tries).values(values).on_conflict_do_nothing())


async def numbered(conn: Connection, guild_id: int, number: str) -> list[Purchase]:
    """Return the guild's purchases that are called so, whoever's they are."""
    named = select(purchase_refs.c.purchase_id).where(
        purchase_refs.c.guild_id == guild_id, purchase_refs.c.ref == number
    )
    return await _purchases(
        conn,
        purchases.c.guild_id == guild_id,
        or_(purchases.c.purchase_id.in_(named), purchases.c.number == number),
    )


async def unknown_keys(conn: Connection, guild_id: int, limit: int) -> list[tuple[str, str, int]]:
    """Return (source, id, payments) of what was paid for and no product is called, most first."""
    rows = await conn.execute(
        select(purchase_facts.c.source, purchase_facts.c.product_key, func.count().label("n"))
        .where(
            purchase_facts.c.guild_id == guild_id,
            purchase_facts.c.kind == "paid",
            purchase_facts.c.product_id.is_(None),
            purchase_facts.c.product_key != "",
        )
        .group_by(purchase_facts.c.source, purchase_facts.c.product_key)
        .order_by(func.count().desc(), purchase_facts.c.product_key)
        .limit(limit)
    )
    return [(row.source, row.product_key, row.n) for row in rows]


async def resolve(conn: Connection, product: Product, source: str, key: str) -> list[int]:
    """Say of payments that waited for it which product they are for; return their purchases."""
    rows = await conn.execute(
        update(purchase_facts)
        .where(
            purchase_facts.c.guild_id == product.guild_id,
            purchase_facts.c.kind == "paid",
            purchase_facts.c.source == source,
            purchase_facts.c.product_key == key,
            purchase_facts.c.product_id.is_(None),
        )
        .values(
            product_id=product.product_id,
            term=product.term,
            days=product.days and product.days * func.coalesce(purchase_facts.c.days, 1),
        )
        .returning(purchase_facts.c.purchase_id)
    )
    return list(dict.fromkeys(rows.scalars()))


async def of_product(conn: Connection, product_id: int) -> list[int]:
    """Return the purchases with a payment for a product."""
    rows = await conn.execute(
        select(purchase_facts.c.purchase_id)
        .where(purchase_facts.c.product_id == product_id, purchase_facts.c.kind == "paid")
        .distinct()
    )
    return list(rows.scalars())


async def owners(conn: Connection) -> list[tuple[int, int]]:
    """Return everybody, as (guild, member), who has or had something bought."""
    bought = select(purchases.c.guild_id, purchases.c.user_id).where(purchases.c.user_id > 0)
    have = select(accesses.c.guild_id, accesses.c.user_id)
    rows = await conn.execute(union(bought, have).order_by("guild_id", "user_id"))
    return [(guild_id, user_id) for guild_id, user_id in rows]


async def everything(conn: Connection, limit: int) -> AsyncIterator[tuple[Purchase, list[Fact]]]:
    """Yield every purchase with what was heard of it, `limit` at a time."""
    after = 0
    while True:
        rows = await conn.execute(
            select(purchases)
            .where(purchases.c.purchase_id > after)
            .order_by(purchases.c.purchase_id)
            .limit(limit)
        )
        found = [Purchase(**row._mapping) for row in rows]
        if not found:
            return
        after = found[-1].purchase_id
        told = await facts(conn, [each.purchase_id for each in found])
        for each in found:
            yield each, told[each.purchase_id]


def heard(path: Path) -> dict[str, float]:
    """Return when each source was last heard of, from a file that may be in use."""
    if identity.look(path).state != "ours":
        return {}
    with closing(identity.opened(path)) as connection:
        rows = connection.execute(
            "SELECT source, max(received_at) FROM purchase_facts GROUP BY source"
        )
        return {source: float(at) for source, at in rows}


async def _purchases(
    conn: Connection, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[Purchase]:
    rows = await conn.execute(
        select(purchases)
        .where(and_(*conditions))
        .order_by(purchases.c.created_at.desc(), purchases.c.purchase_id.desc())
        .limit(limit)
    )
    return [Purchase(**row._mapping) for row in rows]


def _fact(row: Row[Any]) -> Fact:
    values = dict(row._mapping)
    values["payments"] = tuple(values["payments"])
    return Fact(**values)
