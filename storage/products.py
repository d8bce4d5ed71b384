"""Products that are sold elsewhere: what they open, and how sources call them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage import opened
from storage.connection import Connection
from storage.records import Product, Terms
from storage.schema import product_keys, product_resources, products


async def add(conn: Connection, new: Product) -> int:
    """Store a new product, without what it opens and how it is called; return its id."""
    values = {
        column.name: getattr(new, column.name)
        for column in products.c
        if column.name != "product_id"
    }
    statement = insert(products).values(values).returning(products.c.product_id)
    return int((await conn.execute(statement)).scalar_one())


async def change(conn: Connection, guild_id: int, product_id: int, **changes: Any) -> None:
    """Set fields of a product of the guild."""
    await conn.execute(
        update(products)
        .where(products.c.guild_id == guild_id, products.c.product_id == product_id)
        .values(**changes)
    )


async def one(conn: Connection, guild_id: int, product_id: int) -> Product | None:
    """Return one product of the guild, live or retired."""
    found = await _found(conn, products.c.guild_id == guild_id, products.c.product_id == product_id)
    return found[0] if found else None


async def listed(
    conn: Connection, guild_id: int, *, is_live: bool | None = None, limit: int | None = None
) -> list[Product]:
    """Return the guild's products, the live ones first and by title; None for any state."""
    conditions = [products.c.guild_id == guild_id]
    if is_live is not None:
        conditions.append(products.c.state == ("live" if is_live else "retired"))
    return await _found(conn, *conditions, limit=limit)


async def opening(conn: Connection, guild_id: int, resource_id: int) -> list[Product]:
    """Return the live products that open a resource, the cheapest first."""
    opens = select(product_resources.c.product_id).where(
        product_resources.c.guild_id == guild_id,
        product_resources.c.resource_id.in_(opened.stood_for(guild_id, resource_id)),
    )
    found = await _found(
        conn,
        products.c.guild_id == guild_id,
        products.c.state == "live",
        products.c.product_id.in_(opens),
    )
    return sorted(found, key=lambda each: (each.price_minor, each.product_id))


async def troubled(conn: Connection, limit: int) -> list[Product]:
    """Return the products of any guild whose role cannot be given, which nobody was told yet."""
    return await _found(
        conn,
        products.c.role_problem.is_not(None),
        products.c.is_problem_told.is_(False),
        limit=limit,
    )


async def called(
    conn: Connection, source: str, keys: Collection[str], guild_id: int | None = None
) -> dict[str, Product]:
    """Return by id the products that a source calls so; of two servers' the older one.

    ``guild_id`` None asks every server.
    """
    of_guild = [] if guild_id is None else [product_keys.c.guild_id == guild_id]
    rows = (
        await conn.execute(
            select(product_keys.c.key, product_keys.c.product_id)
            .where(product_keys.c.source == source, product_keys.c.key.in_(list(keys)), *of_guild)
            .order_by(product_keys.c.product_id.desc())
        )
    ).all()
    found = await _found(conn, products.c.product_id.in_([row.product_id for row in rows]))
    by_id = {each.product_id: each for each in found}
    return {row.key: by_id[row.product_id] for row in rows}


async def terms(
    conn: Connection, source: str, keys: Collection[str], guild_id: int
) -> dict[str, Terms]:
    """Return by id as what a source's ids are sold: all that taking in a payment needs to know."""
    if not keys:
        return {}
    rows = await conn.execute(
        select(product_keys.c.key, products.c.product_id, products.c.term, products.c.days)
        .join(products, products.c.product_id == product_keys.c.product_id)
        .where(
            product_keys.c.guild_id == guild_id,
            product_keys.c.source == source,
            product_keys.c.key.in_(list(keys)),
        )
    )
    return {row.key: Terms(row.product_id, row.term, row.days) for row in rows}


async def guild_called(conn: Connection, source: str, keys: Collection[str]) -> int | None:
    """Return the guild of the product that a source calls so; of two servers' the older one."""
    found: int | None = await conn.scalar(
        select(product_keys.c.guild_id)
        .where(product_keys.c.source == source, product_keys.c.key.in_(list(keys)))
        .order_by(product_keys.c.product_id)
        .limit(1)
    )
    return found


async def is_called_by(conn: Connection, source: str) -> bool:
    """Say whether a source has a name for any product."""
    found = select(product_keys.c.key).where(product_keys.c.source == source).limit(1)
    return (await conn.execute(found)).first() is not None


async def open_resource(conn: Connection, product: Product, resource_id: int) -> None:
    """Let a product open one more resource."""
    await conn.execute(
        upsert(product_resources)
        .values(product_id=product.product_id, resource_id=resource_id, guild_id=product.guild_id)
        .on_conflict_do_nothing()
    )
    await opened.mark(conn, product.guild_id, [resource_id])


async def close_resource(conn: Connection, product: Product, resource_id: int) -> None:
    """Let a product open a resource no more, nor what that stands for."""
    stood_for = opened.stood_for(product.guild_id, resource_id)
    gone = await conn.execute(
        delete(product_resources)
        .where(
            product_resources.c.product_id == product.product_id,
            product_resources.c.resource_id.in_(stood_for),
        )
        .returning(product_resources.c.resource_id)
    )
    await opened.mark(conn, product.guild_id, [resource_id, *gone.scalars()])


async def call(conn: Connection, product: Product, source: str, key: str) -> bool:
    """Say how a source calls a product; False where another one of the guild is called so."""
    await conn.execute(
        upsert(product_keys)
        .values(guild_id=product.guild_id, source=source, key=key, product_id=product.product_id)
        .on_conflict_do_nothing()
    )
    holder = await conn.scalar(
        select(product_keys.c.product_id).where(
            product_keys.c.guild_id == product.guild_id,
            product_keys.c.source == source,
            product_keys.c.key == key,
        )
    )
    return holder == product.product_id


async def uncall(conn: Connection, product: Product, source: str, key: str) -> bool:
    """Forget how a source calls a product; False where it did not."""
    found = await conn.execute(
        delete(product_keys).where(
            product_keys.c.product_id == product.product_id,
            product_keys.c.source == source,
            product_keys.c.key == key,
        )
    )
    return bool(found.rowcount)


async def _found(
    conn: Connection, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[Product]:
    rows = (
        await conn.execute(
            select(products)
            .where(and_(*conditions))
            .order_by(products.c.state, func.lower(products.c.title), products.c.product_id)
            .limit(limit)
        )
    ).all()
    numbers = [row.product_id for row in rows]
    opens: dict[int, list[int]] = {}
    what = opened.opened()
    for each in await conn.execute(
        select(what.c.product_id, what.c.resource_id)
        .where(what.c.product_id.in_(numbers))
        .order_by(what.c.resource_id)
    ):
        opens.setdefault(each.product_id, []).append(each.resource_id)
    named: dict[int, list[tuple[str, str]]] = {}
    for number, source, key in await conn.execute(
        select(product_keys.c.product_id, product_keys.c.source, product_keys.c.key)
        .where(product_keys.c.product_id.in_(numbers))
        .order_by(product_keys.c.source, product_keys.c.key)
    ):
        named.setdefault(number, []).append((source, key))
    return [
        Product(
            **row._mapping,
            resource_ids=tuple(dict.fromkeys(opens.get(row.product_id, ()))),
            keys=tuple(named.get(row.product_id, ())),
        )
        for row in rows
    ]
