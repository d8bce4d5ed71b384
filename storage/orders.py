"""Who redeemed what: orders that are owed, held or over, and when bought roles end."""

from collections.abc import Collection
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.moments import is_long_ago
from storage.records import ItemKind, Redemption, RoleEnd
from storage.schema import accesses, guilds, ledger, products, redemptions, role_ends

BY_HAND: tuple[ItemKind, ...] = ("slot", "custom")
"""Items that a moderator delivers."""

_DAY_S = 86_400.0

_REDEMPTION_FIELDS = tuple(field.name for field in fields(Redemption))


def _redemption(row: Row[Any]) -> Redemption:
    return Redemption(**{name: row._mapping[name] for name in _REDEMPTION_FIELDS})


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
    """Remember that moderators were notified of these orders."""
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
    elsewhere = await _given_by_products(conn, guild_id, user_id, now)
    for role_id, until in elsewhere:
        if until is not None:
            ends[role_id] = max(ends.get(role_id, 0.0), until)
    for each in held:
        until = each.until_at
        if each.state == "owed" and each.days is not None:
            until = now + each.days * _DAY_S
        if each.role_id is not None and until is not None:
            ends[each.role_id] = max(ends.get(each.role_id, 0.0), until)
    for_good = {each.role_id for each in held if each.state == "active" and each.until_at is None}
    for_good |= {role_id for role_id, until in elsewhere if until is None}
    return [
        RoleEnd(guild_id=guild_id, user_id=user_id, role_id=role_id, ends_at=at)
        for role_id, at in ends.items()
        if role_id not in for_good
    ]


async def _given_by_products(
    conn: Connection, guild_id: int, user_id: int, now: float
) -> list[tuple[int, float | None]]:
    """Return the roles that a member has for what they bought elsewhere, and until when.

    A subscription of which nobody knows until when it is paid ends now: what its shop says of its
    end later finds nobody any more.
    """
    rows = await conn.execute(
        select(accesses.c.given_role_id, accesses.c.until_at, products.c.term)
        .join(products, products.c.product_id == accesses.c.product_id)
        .where(
            accesses.c.guild_id == guild_id,
            accesses.c.user_id == user_id,
            accesses.c.given_role_id.is_not(None),
        )
    )
    return [
        (
            int(row.given_role_id),
            now if row.until_at is None and row.term == "subscription" else row.until_at,
        )
        for row in rows
    ]


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
    return [
        RoleEnd(
            guild_id=row.guild_id, user_id=row.user_id, role_id=row.role_id, ends_at=row.ends_at
        )
        for row in rows
    ]


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
