"""What points buy: items, and the codes and times they hand out.

Every function that takes something away (`take_stock`, `take_unit`) does so in one statement that
changes a row only while there is something left, so that a caller who runs several in one
transaction can neither oversell nor leave a half-done purchase behind.
"""

from collections.abc import Collection
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.records import ItemKind, ShopItem, ShopUnit
from storage.schema import guilds, shop_items, shop_units

UNIT_KINDS: tuple[ItemKind, ...] = ("coupon", "slot")
"""Items that hand out units, and whose stock is the units that are free."""

_ITEM_FIELDS = tuple(field.name for field in fields(ShopItem))


def _is_free(now: float) -> ColumnElement[bool]:
    """Say that a unit can still be handed out; a time only before it comes."""
    late = and_(shop_units.c.starts_at.is_not(None), shop_units.c.starts_at <= now)
    return and_(shop_units.c.taken_at.is_(None), ~late)


def _items(now: float) -> Any:
    free = (
        select(func.count())
        .where(shop_units.c.item_id == shop_items.c.item_id, _is_free(now))
        .scalar_subquery()
    )
    left = case((shop_items.c.kind.in_(UNIT_KINDS), free), else_=shop_items.c.stock)
    others = [column for column in shop_items.c if column.name != "stock"]
    return select(*others, left.label("stock"))


def _item(row: Row[Any]) -> ShopItem:
    return ShopItem(**{name: row._mapping[name] for name in _ITEM_FIELDS})


async def add_item(conn: Connection, item: ShopItem) -> int:
    """Store a new item and return its id."""
    values = asdict(item)
    values.pop("item_id")
    statement = insert(shop_items).values(values).returning(shop_items.c.item_id)
    return int((await conn.execute(statement)).scalar_one())


async def change_item(
    conn: Connection, guild_id: int, item_id: int, now: float, **changes: Any
) -> None:
    """Set the named fields of an item."""
    await conn.execute(
        update(shop_items)
        .where(shop_items.c.guild_id == guild_id, shop_items.c.item_id == item_id)
        .values(**changes, updated_at=now)
    )


async def item(conn: Connection, guild_id: int, item_id: int, now: float) -> ShopItem | None:
    """Return one item of the guild, live or retired, with what is left of it."""
    statement = _items(now).where(
        shop_items.c.guild_id == guild_id, shop_items.c.item_id == item_id
    )
    found = (await conn.execute(statement)).one_or_none()
    return _item(found) if found else None


async def items(
    conn: Connection, guild_id: int, now: float, *, states: Collection[str] = ("live",)
) -> list[ShopItem]:
    """Return a guild's items, the cheapest first."""
    rows = await conn.execute(
        _items(now)
        .where(shop_items.c.guild_id == guild_id, shop_items.c.state.in_(states))
        .order_by(shop_items.c.price, shop_items.c.item_id)
    )
    return [_item(row) for row in rows]


async def take_stock(conn: Connection, item_id: int) -> bool:
    """Take one of an item's stock; False where nothing is left. Unlimited stock stays so."""
    found = await conn.execute(
        update(shop_items)
        .where(
            shop_items.c.item_id == item_id,
            or_(shop_items.c.stock.is_(None), shop_items.c.stock > 0),
        )
        .values(stock=shop_items.c.stock - 1)
    )
    return bool(found.rowcount)


async def put_back(conn: Connection, item_id: int) -> None:
    """Return one to an item's stock; unlimited stock stays so."""
    await conn.execute(
        update(shop_items)
        .where(shop_items.c.item_id == item_id)
        .values(stock=shop_items.c.stock + 1)
    )


async def add_units(
    conn: Connection,
    guild_id: int,
    item_id: int,
    *,
    codes: Collection[str] = (),
    times: Collection[float] = (),
) -> int:
    """Add codes or times to an item; return how many were new."""
    rows = [
        {"guild_id": guild_id, "item_id": item_id, "code": code, "starts_at": None}
        for code in codes
    ] + [
        {"guild_id": guild_id, "item_id": item_id, "code": None, "starts_at": time}
        for time in times
    ]
    if not rows:
        return 0
    before = await _count_units(conn, item_id)
    await conn.execute(upsert(shop_units).on_conflict_do_nothing(), rows)
    return await _count_units(conn, item_id) - before


async def _count_units(conn: Connection, item_id: int) -> int:
    statement = select(func.count()).where(shop_units.c.item_id == item_id)
    return int((await conn.execute(statement)).scalar_one())


async def free_times(conn: Connection, item_id: int, now: float, limit: int) -> list[ShopUnit]:
    """Return an item's free times to come, the next first."""
    rows = await conn.execute(
        select(shop_units.c.unit_id, shop_units.c.item_id, shop_units.c.starts_at)
        .where(shop_units.c.item_id == item_id, shop_units.c.starts_at.is_not(None), _is_free(now))
        .order_by(shop_units.c.starts_at)
        .limit(limit)
    )
    return [ShopUnit(row.unit_id, row.item_id, starts_at=row.starts_at) for row in rows]


async def take_unit(
    conn: Connection, item_id: int, now: float, unit_id: int | None = None
) -> ShopUnit | None:
    """Take one free unit of an item, the first for None; None where there is none (any more)."""
    wanted = select(func.min(shop_units.c.unit_id)).where(
        shop_units.c.item_id == item_id, _is_free(now)
    )
    if unit_id is not None:
        wanted = wanted.where(shop_units.c.unit_id == unit_id)
    found = await conn.execute(
        update(shop_units)
        .where(shop_units.c.unit_id == wanted.scalar_subquery())
        .values(taken_at=now)
        .returning(shop_units.c.unit_id, shop_units.c.code, shop_units.c.starts_at)
    )
    row = found.one_or_none()
    return (
        ShopUnit(unit_id=row.unit_id, item_id=item_id, code=row.code, starts_at=row.starts_at)
        if row
        else None
    )


async def free_unit(conn: Connection, unit_id: int) -> None:
    """Make a time bookable again. Codes stay taken: somebody has read them."""
    await conn.execute(
        update(shop_units)
        .where(shop_units.c.unit_id == unit_id, shop_units.c.code.is_(None))
        .values(taken_at=None)
    )


async def live_roles(conn: Connection, now: float) -> list[ShopItem]:
    """Return the items for sale that grant a role, of every guild."""
    rows = await conn.execute(
        _items(now).where(shop_items.c.state == "live", shop_items.c.role_id.is_not(None))
    )
    return [_item(row) for row in rows]


async def set_problem(conn: Connection, item_id: int, problem: str | None) -> None:
    """Remember why an item's role cannot be granted; moderators are to be notified if it is new."""
    await conn.execute(
        update(shop_items)
        .where(shop_items.c.item_id == item_id, shop_items.c.role_problem.is_distinct_from(problem))
        .values(role_problem=problem, is_problem_told=False)
    )


async def untold_problems(conn: Connection, now: float) -> list[tuple[int, ShopItem]]:
    """Return (channel, item) for sale whose role cannot be granted, of which nobody was notified.

    Only of guilds whose moderators chose a channel, the guilds one after another.
    """
    columns = _items(now).add_columns(guilds.c.staff_channel_id)
    rows = await conn.execute(
        columns.join(guilds, guilds.c.guild_id == shop_items.c.guild_id)
        .where(
            shop_items.c.state == "live",
            shop_items.c.role_problem.is_not(None),
            shop_items.c.is_problem_told.is_(False),
            guilds.c.staff_channel_id.is_not(None),
        )
        .order_by(shop_items.c.guild_id, shop_items.c.item_id)
    )
    return [(row.staff_channel_id, _item(row)) for row in rows]


async def set_problem_told(conn: Connection, item_ids: Collection[int]) -> None:
    """Remember that moderators were notified of what is wrong with these items' roles."""
    of = shop_items.c.item_id.in_(item_ids)
    await conn.execute(update(shop_items).where(of).values(is_problem_told=True))
