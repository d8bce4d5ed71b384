"""What points buy: items, the codes and times they hand out, and who redeemed what.

Every function that takes something away (`take_stock`, `take_code`, `take_time`) does so in one
statement that changes a row only while there is something left, so that a caller who runs several
in one transaction can neither oversell nor leave a half-done purchase behind.
"""

from collections.abc import Collection
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.moments import is_long_ago
from storage.records import ItemKind, Redemption, RoleEnd, ShopItem, ShopUnit
from storage.schema import guilds, ledger, redemptions, role_ends, shop_items, shop_units

BY_HAND: tuple[ItemKind, ...] = ("slot", "custom")
"""Items that a moderator delivers."""
_DAY_S = 86_400.0
UNIT_KINDS: tuple[ItemKind, ...] = ("coupon", "slot")
"""Items that hand out units, and whose stock is the units that are free."""
_ITEM_FIELDS = tuple(field.name for field in fields(ShopItem))
_REDEMPTION_FIELDS = tuple(field.name for field in fields(Redemption))


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


def _redemption(row: Row[Any]) -> Redemption:
    return Redemption(**{name: row._mapping[name] for name in _REDEMPTION_FIELDS})


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
    return ShopUnit(row.unit_id, item_id, row.code, row.starts_at) if row else None


async def free_unit(conn: Connection, unit_id: int) -> None:
    """Make a time bookable again. Codes stay taken: somebody has read them."""
    await conn.execute(
        update(shop_units)
        .where(shop_units.c.unit_id == unit_id, shop_units.c.code.is_(None))
        .values(taken_at=None)
    )


async def add_redemption(conn: Connection, bought: Redemption) -> int | None:
    """Store a redemption; return its id, None if its confirmation bought before."""
    values = asdict(bought)
    values.pop("redemption_id")
    statement = upsert(redemptions).values(values).on_conflict_do_nothing()
    found = await conn.execute(statement.returning(redemptions.c.redemption_id))
    redemption_id: int | None = found.scalar_one_or_none()
    return redemption_id


async def change_redemption(
    conn: Connection,
    redemption_id: int,
    now: float,
    *,
    was: Collection[str],
    **changes: Any,
) -> bool:
    """Set the named fields of a redemption that is in one of the states `was`.

    Returns
    -------
    bool
        False where it was in another state: somebody else came first.
    """
    found = await conn.execute(
        update(redemptions)
        .where(redemptions.c.redemption_id == redemption_id, redemptions.c.state.in_(was))
        .values(**changes, changed_at=now)
    )
    return bool(found.rowcount)


async def redemption(conn: Connection, guild_id: int, redemption_id: int) -> Redemption | None:
    """Return one redemption of the guild."""
    found = await _redemptions(
        conn,
        redemptions.c.guild_id == guild_id,
        redemptions.c.redemption_id == redemption_id,
    )
    return found[0] if found else None


async def confirmed(
    conn: Connection, guild_id: int, user_id: int, source_id: int
) -> Redemption | None:
    """Return what a confirmation bought, None if it has not."""
    found = await _redemptions(
        conn,
        redemptions.c.guild_id == guild_id,
        redemptions.c.user_id == user_id,
        redemptions.c.source_id == source_id,
    )
    return found[0] if found else None


async def of_member(conn: Connection, guild_id: int, user_id: int, limit: int) -> list[Redemption]:
    """Return what a member redeemed, the latest first."""
    return await _redemptions(
        conn,
        redemptions.c.guild_id == guild_id,
        redemptions.c.user_id == user_id,
        limit=limit,
        newest_first=True,
    )


async def count_of_member(conn: Connection, item_id: int, user_id: int) -> int:
    """Return how many of an item a member redeemed and was not refunded."""
    statement = select(func.count()).where(
        redemptions.c.item_id == item_id,
        redemptions.c.user_id == user_id,
        redemptions.c.state != "refunded",
    )
    return int((await conn.execute(statement)).scalar_one())


async def role_held(
    conn: Connection, guild_id: int, user_id: int, role_id: int
) -> list[Redemption]:
    """Return the redemptions by which a member has a role or is to get it, oldest first."""
    return await _redemptions(
        conn,
        redemptions.c.guild_id == guild_id,
        redemptions.c.user_id == user_id,
        redemptions.c.role_id == role_id,
        redemptions.c.state.in_(("owed", "active")),
    )


async def waiting(conn: Connection, guild_id: int, limit: int) -> list[Redemption]:
    """Return what moderators have to look after, oldest first: owed, or with a problem."""
    return await _redemptions(
        conn,
        redemptions.c.guild_id == guild_id,
        or_(
            and_(redemptions.c.state == "owed", redemptions.c.kind.in_(BY_HAND)),
            and_(
                redemptions.c.problem.is_not(None),
                or_(redemptions.c.state.in_(("owed", "active")), redemptions.c.until_at > 0),
            ),
        ),
        limit=limit,
    )


async def due(
    conn: Connection, now: float, *, owed_before: float, tried_before: float, limit: int
) -> list[Redemption]:
    """Return roles to be granted still, or to be taken back, in any guild.

    Parameters
    ----------
    owed_before
        Those being granted at this very moment are younger.
    tried_before
        What was tried in vain later than this waits, unless a clock that ran ahead says so.
    """
    state, made_at = redemptions.c.state, redemptions.c.created_at
    is_owed = and_(state == "owed", is_long_ago(made_at, owed_before, now))
    is_over = and_(state.in_(("active", "refunded")), redemptions.c.until_at <= now)
    return await _redemptions(
        conn,
        redemptions.c.role_id.is_not(None),
        or_(is_owed, is_over),
        is_long_ago(redemptions.c.tried_at, tried_before, now),
        limit=limit,
    )


async def unseen(conn: Connection, now: float, *, before: float, limit: int) -> list[Redemption]:
    """Return roles that members have bought and have still, not looked at since a moment."""
    is_unseen = is_long_ago(redemptions.c.seen_at, before, now)
    return await _redemptions(conn, _is_held(now), is_unseen, limit=limit)


async def held_by(conn: Connection, guild_id: int, user_id: int, now: float) -> list[Redemption]:
    """Return the roles that a member has bought and has still."""
    of_member = and_(redemptions.c.guild_id == guild_id, redemptions.c.user_id == user_id)
    return await _redemptions(conn, of_member, _is_held(now))


def _is_held(now: float) -> ColumnElement[bool]:
    ends_at = redemptions.c.until_at
    return and_(
        redemptions.c.state == "active",
        redemptions.c.role_id.is_not(None),
        or_(ends_at.is_(None), ends_at > now),
    )


async def saw(conn: Connection, redemption_ids: Collection[int], now: float) -> None:
    """Remember that somebody looked whether these members have their roles."""
    of = redemptions.c.redemption_id.in_(redemption_ids)
    await conn.execute(update(redemptions).where(of).values(seen_at=now))


async def live_roles(conn: Connection, now: float) -> list[ShopItem]:
    """Return the items for sale that grant a role, of every guild."""
    rows = await conn.execute(
        _items(now).where(shop_items.c.state == "live", shop_items.c.role_id.is_not(None))
    )
    return [_item(row) for row in rows]


async def set_problem(conn: Connection, item_id: int, problem: str | None) -> None:
    """Remember why an item's role cannot be granted; moderators are to be told if it is new."""
    await conn.execute(
        update(shop_items)
        .where(shop_items.c.item_id == item_id, shop_items.c.role_problem.is_distinct_from(problem))
        .values(role_problem=problem, is_problem_told=False)
    )


async def untold_problems(conn: Connection, now: float) -> list[tuple[int, ShopItem]]:
    """Return (channel, item) for sale whose role cannot be granted, of which nobody was told.

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
    """Remember that moderators were told what is wrong with these items' roles."""
    of = shop_items.c.item_id.in_(item_ids)
    await conn.execute(update(shop_items).where(of).values(is_problem_told=True))


async def untold(conn: Connection, limit: int) -> list[tuple[int, Redemption]]:
    """Return (channel, order) of what a moderator has to deliver and was not notified of yet.

    Only of guilds whose moderators chose a channel, the guilds one after another.
    """
    rows = await conn.execute(
        select(redemptions, guilds.c.staff_channel_id)
        .join(guilds, guilds.c.guild_id == redemptions.c.guild_id)
        .where(
            redemptions.c.state == "owed",
            redemptions.c.kind.in_(BY_HAND),
            redemptions.c.is_told.is_(False),
            guilds.c.staff_channel_id.is_not(None),
        )
        .order_by(redemptions.c.guild_id, redemptions.c.redemption_id)
        .limit(limit)
    )
    return [(row.staff_channel_id, _redemption(row)) for row in rows]


async def set_told(conn: Connection, redemption_ids: Collection[int]) -> None:
    """Remember that moderators were told of these orders."""
    await conn.execute(
        update(redemptions)
        .where(redemptions.c.redemption_id.in_(redemption_ids))
        .values(is_told=True)
    )


async def at_stake(conn: Connection, guild_id: int, user_id: int) -> tuple[int, int]:
    """Return how many orders of a member a moderator still owes, and how many codes they have."""
    is_owed = and_(redemptions.c.state == "owed", redemptions.c.kind.in_(BY_HAND))
    has_code = and_(redemptions.c.state != "refunded", redemptions.c.code.is_not(None))
    found = await conn.execute(
        select(func.count().filter(is_owed), func.count().filter(has_code)).where(
            redemptions.c.guild_id == guild_id, redemptions.c.user_id == user_id
        )
    )
    n_owed, n_codes = found.one()
    return n_owed, n_codes


async def ends_of(conn: Connection, guild_id: int, user_id: int, now: float) -> list[RoleEnd]:
    """Return when the roles end that a member bought for a time, each at its latest.

    One that is being granted at this very moment ends as if it had been granted now; one that
    the member bought for good does not end.
    """
    held = await _redemptions(
        conn,
        redemptions.c.guild_id == guild_id,
        redemptions.c.user_id == user_id,
        redemptions.c.role_id.is_not(None),
        redemptions.c.state.in_(("owed", "active", "refunded")),
    )
    kept = await conn.execute(
        select(role_ends).where(role_ends.c.guild_id == guild_id, role_ends.c.user_id == user_id)
    )
    ends = {row.role_id: float(row.ends_at) for row in kept}
    for each in held:
        until = each.until_at
        if each.state == "owed" and each.days is not None:
            until = now + each.days * _DAY_S
        if each.role_id is not None and until is not None:
            ends[each.role_id] = max(ends.get(each.role_id, 0.0), until)
    for each in held:
        if each.role_id in ends and each.state == "active" and each.until_at is None:
            del ends[each.role_id]
    return [RoleEnd(guild_id, user_id, role_id, at) for role_id, at in ends.items()]


async def keep_ends(conn: Connection, ends: Collection[RoleEnd]) -> None:
    """Store when roles end whose buyers were erased."""
    if ends:
        await conn.execute(insert(role_ends), [asdict(each) for each in ends])


async def ends_due(
    conn: Connection, now: float, *, tried_before: float, limit: int
) -> list[RoleEnd]:
    """Return the roles of erased buyers whose time is over; what was tried lately waits."""
    rows = await conn.execute(
        select(role_ends)
        .where(
            role_ends.c.ends_at <= now,
            is_long_ago(role_ends.c.tried_at, tried_before, now),
        )
        .order_by(role_ends.c.ends_at)
        .limit(limit)
    )
    return [RoleEnd(row.guild_id, row.user_id, row.role_id, row.ends_at) for row in rows]


async def end_tried(conn: Connection, end: RoleEnd, tried_at: float) -> None:
    """Remember that a role could not be taken back."""
    await conn.execute(update(role_ends).where(_is_end(end)).values(tried_at=tried_at))


async def drop_end(conn: Connection, end: RoleEnd) -> None:
    """Forget the end of a role that was taken back."""
    await conn.execute(role_ends.delete().where(_is_end(end)))


def _is_end(end: RoleEnd) -> ColumnElement[bool]:
    return and_(
        role_ends.c.guild_id == end.guild_id,
        role_ends.c.user_id == end.user_id,
        role_ends.c.role_id == end.role_id,
    )


async def differences(conn: Connection) -> list[Redemption]:
    """Return the redemptions that the ledger says something else about.

    Each has paid its price, and has it back if and only if it was refunded.
    """
    paid, back = ledger.alias("paid"), ledger.alias("back")
    joined = redemptions.outerjoin(paid, paid.c.entry_id == redemptions.c.entry_id).outerjoin(
        back, back.c.reverses == redemptions.c.entry_id
    )
    rows = await conn.execute(
        select(redemptions)
        .select_from(joined)
        .where(
            or_(
                paid.c.entry_id.is_(None),
                paid.c.amount != -redemptions.c.price,
                (redemptions.c.state == "refunded") != back.c.entry_id.is_not(None),
            )
        )
        .order_by(redemptions.c.redemption_id)
    )
    return [_redemption(row) for row in rows]


async def _redemptions(
    conn: Connection,
    *conditions: ColumnElement[bool],
    limit: int | None = None,
    newest_first: bool = False,
) -> list[Redemption]:
    number = redemptions.c.redemption_id
    statement = (
        select(redemptions)
        .where(*conditions)
        .order_by(number.desc() if newest_first else number)
        .limit(limit)
    )
    return [_redemption(row) for row in await conn.execute(statement)]
