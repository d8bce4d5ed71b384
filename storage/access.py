"""What members own: by what they bought elsewhere, by a role that stands for it, by points.

Whoever shows or opens something that is sold asks here.
"""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    func,
    or_,
    select,
    tuple_,
    union,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from storage import standing
from storage.connection import Connection
from storage.moments import is_long_ago
from storage.opened import opened
from storage.records import Access, EventKind
from storage.schema import (
    accesses,
    events,
    product_keys,
    products,
    purchase_facts,
    purchases,
    redemptions,
)


async def owned(
    conn: Connection,
    guild_id: int,
    user_id: int,
    role_ids: Collection[int] | None,
    now: float,
    among: Collection[int] | None = None,
) -> set[int]:
    """Return the resources that a member has bought and has still.

    Parameters
    ----------
    role_ids
        Their roles now: some count as bought while they are held. None where nobody knows them.
    among
        Which resources are asked about; None for all.
    """
    bought = [
        _opened(_has_access(guild_id, user_id, role_ids, now)),
        select(standing.now(redemptions.c.resource_id)).where(
            redemptions.c.guild_id == guild_id,
            redemptions.c.user_id == user_id,
            redemptions.c.resource_id.is_not(None),
            redemptions.c.state.in_(("active", "done")),
        ),
    ]
    if role_ids:
        bought.append(_opened(_by_role(guild_id, role_ids)))
    found = union(*bought).subquery()
    (number,) = found.c
    statement = select(number)
    if among is not None:
        statement = statement.where(number.in_(list(among)))
    return set((await conn.execute(statement)).scalars())


async def since(conn: Connection, guild_id: int, user_id: int, now: float) -> dict[int, float]:
    """Return since when a member has had what products they bought open, by resource."""
    what = opened()
    rows = await conn.execute(
        select(what.c.resource_id, func.min(accesses.c.from_at))
        .join(accesses, accesses.c.product_id == what.c.product_id)
        .where(accesses.c.guild_id == guild_id, accesses.c.user_id == user_id, holds(now))
        .group_by(what.c.resource_id)
    )
    return {resource_id: at for resource_id, at in rows}


def _opened(of: ColumnElement[bool]) -> Select[Any]:
    return select(opened().c.resource_id).where(of)


def _has_access(
    guild_id: int, user_id: int, role_ids: Collection[int] | None, now: float
) -> ColumnElement[bool]:
    held = select(accesses.c.product_id).where(
        accesses.c.guild_id == guild_id, accesses.c.user_id == user_id, holds(now)
    )
    if role_ids is not None:
        # What counts because of a role counts by the roles they have now, not when last seen. What
        # has an end rests on no role that is held: of one that was lost these are days of grace.
        held = held.where(
            accesses.c.until_at.is_not(None)
            | select(purchase_facts.c.fact_id)
            .join(purchases, purchases.c.purchase_id == purchase_facts.c.purchase_id)
            .where(
                purchases.c.guild_id == guild_id,
                purchases.c.user_id == user_id,
                purchases.c.source != "role",
                purchase_facts.c.kind == "paid",
                purchase_facts.c.product_id == accesses.c.product_id,
            )
            .correlate(accesses)
            .exists()
        )
    return opened().c.product_id.in_(held)


def _by_role(guild_id: int, role_ids: Collection[int]) -> ColumnElement[bool]:
    named = select(product_keys.c.product_id).where(
        product_keys.c.guild_id == guild_id,
        product_keys.c.source == "role",
        product_keys.c.key.in_([str(role_id) for role_id in role_ids]),
    )
    return opened().c.product_id.in_(named)


def holds(now: float) -> ColumnElement[bool]:
    """Say that an access opens something now."""
    until = accesses.c.until_at
    return and_(accesses.c.from_at <= now, or_(until.is_(None), until > now))


async def of_member(conn: Connection, guild_id: int, user_id: int) -> list[Access]:
    """Return all a member has or had, by product."""
    return await _found(conn, accesses.c.guild_id == guild_id, accesses.c.user_id == user_id)


async def one(conn: Connection, guild_id: int, user_id: int, product_id: int) -> Access | None:
    """Return what a member has of a product, None where they never bought it."""
    found = await _found(
        conn,
        accesses.c.guild_id == guild_id,
        accesses.c.user_id == user_id,
        accesses.c.product_id == product_id,
    )
    return found[0] if found else None


async def keep(conn: Connection, access: Access) -> None:
    """Store what a member has of a product now."""
    values = asdict(access)
    statement = upsert(accesses).values(values)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["guild_id", "user_id", "product_id"],
            set_={
                name: statement.excluded[name]
                for name in values
                if name not in ("guild_id", "user_id", "product_id")
            },
        )
    )


async def mark_bought(conn: Connection, event_ids: Collection[int]) -> None:
    """Mark what members bought as paid for, or not, as the events say by which money came for it.

    What the trainer reads are the purchases of resources; what a rule pays for is the payment.
    """
    payment, has = events.alias(), accesses.alias()
    of_same = and_(
        has.c.guild_id == events.c.guild_id,
        has.c.user_id == events.c.user_id,
        has.c.event_id == events.c.source_id,
    )
    is_paid = (
        select(func.max(payment.c.is_rewarded))
        .join_from(has, payment, payment.c.event_id == has.c.paid_event_id)
        .where(of_same)
        .scalar_subquery()
    )
    whose = select(accesses.c.guild_id, accesses.c.event_id, accesses.c.user_id).where(
        accesses.c.paid_event_id.in_(list(event_ids)), accesses.c.event_id.is_not(None)
    )
    await conn.execute(
        update(events)
        .where(
            events.c.kind == int(EventKind.PURCHASE),
            tuple_(events.c.guild_id, events.c.source_id, events.c.user_id).in_(whose),
        )
        .values(is_rewarded=is_paid)
    )


async def of_product(conn: Connection, product_id: int) -> list[Access]:
    """Return what everybody has of a product."""
    return await _found(conn, accesses.c.product_id == product_id)


async def due(
    conn: Connection, now: float, *, tried_before: float, left_before: float, limit: int
) -> list[Access]:
    """Return whose role is to be given or taken back, in any guild.

    What was tried in vain later than `tried_before` waits, unless a clock that ran ahead says so;
    of who was not in the server, later than `left_before`.
    """
    given, wanted = accesses.c.given_role_id, products.c.role_id
    lacks = and_(holds(now), wanted.is_not(None), given.is_distinct_from(wanted))
    keeps = and_(given.is_not(None), or_(~holds(now), given.is_distinct_from(wanted)))
    is_there = or_(
        accesses.c.problem.is_distinct_from("left"),
        is_long_ago(accesses.c.tried_at, left_before, now),
    )
    is_due = [or_(lacks, keeps), is_there, is_long_ago(accesses.c.tried_at, tried_before, now)]
    rows = await conn.execute(
        select(accesses)
        .join(products, products.c.product_id == accesses.c.product_id)
        .where(*is_due)
        .order_by(accesses.c.from_at, accesses.c.user_id)
        .limit(limit)
    )
    return [Access(**row._mapping) for row in rows]


async def settled(
    conn: Connection, access: Access, role_id: int | None, now: float, problem: str | None = None
) -> None:
    """Remember which role somebody was given for a product, and what went wrong."""
    await conn.execute(
        update(accesses)
        .where(
            accesses.c.guild_id == access.guild_id,
            accesses.c.user_id == access.user_id,
            accesses.c.product_id == access.product_id,
        )
        .values(given_role_id=role_id, problem=problem, tried_at=now if problem else None)
    )


async def unseen(conn: Connection, now: float, *, before: float, limit: int) -> list[Access]:
    """Return whose roles nobody has looked at since a moment."""
    return await _found(
        conn,
        accesses.c.given_role_id.is_not(None),
        holds(now),
        is_long_ago(accesses.c.seen_at, before, now),
        limit=limit,
    )


async def unplaced(conn: Connection, now: float, *, before: float, limit: int) -> list[Access]:
    """Return who has something without a role and of whom nobody knows whether they are there.

    Nor were they looked for since a moment. Who was not there is looked for again.
    """
    without_role = products.c.role_id.is_(None)
    rows = await conn.execute(
        select(accesses)
        .join(products, products.c.product_id == accesses.c.product_id)
        .where(
            without_role,
            holds(now),
            or_(accesses.c.tried_at.is_(None), accesses.c.problem == "left"),
            is_long_ago(accesses.c.seen_at, before, now),
        )
        .order_by(accesses.c.seen_at, accesses.c.guild_id, accesses.c.user_id)
        .limit(limit)
    )
    return [Access(**row._mapping) for row in rows]


async def placed(conn: Connection, access: Access, now: float, *, is_there: bool) -> None:
    """Remember whether who has something without a role is in the server."""
    await conn.execute(
        update(accesses)
        .where(
            accesses.c.guild_id == access.guild_id,
            accesses.c.user_id == access.user_id,
            accesses.c.product_id == access.product_id,
        )
        .values(tried_at=now, problem=None if is_there else "left")
    )


async def saw(conn: Connection, seen: Collection[Access], now: float) -> None:
    """Remember that somebody looked whether these members have their roles."""
    for each in seen:
        await conn.execute(
            update(accesses)
            .where(
                accesses.c.guild_id == each.guild_id,
                accesses.c.user_id == each.user_id,
                accesses.c.product_id == each.product_id,
            )
            .values(seen_at=now)
        )


async def problems(conn: Connection, guild_id: int, limit: int) -> list[Access]:
    """Return whose role could not be given or taken back."""
    return await _found(
        conn, accesses.c.guild_id == guild_id, accesses.c.problem.is_not(None), limit=limit
    )


async def counts(conn: Connection, guild_id: int, now: float) -> dict[int, int]:
    """Return how many members have each product now, by product."""
    rows = await conn.execute(
        select(accesses.c.product_id, func.count())
        .where(accesses.c.guild_id == guild_id, holds(now))
        .group_by(accesses.c.product_id)
    )
    return {product_id: n for product_id, n in rows}


async def counted_roles(conn: Connection, guild_id: int) -> dict[int, int]:
    """Return every role that counts as buying something, with its product."""
    rows = await conn.execute(
        select(cast(product_keys.c.key, Text), product_keys.c.product_id).where(
            product_keys.c.guild_id == guild_id, product_keys.c.source == "role"
        )
    )
    return {int(key): product_id for key, product_id in rows}


async def _found(
    conn: Connection, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[Access]:
    rows = await conn.execute(
        select(accesses)
        .where(*conditions)
        .order_by(accesses.c.guild_id, accesses.c.user_id, accesses.c.product_id)
        .limit(limit)
    )
    return [Access(**row._mapping) for row in rows]
