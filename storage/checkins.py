"""The days that members checked in, and those that a freeze covered."""

from collections.abc import Collection

from sqlalchemy import insert, select

from storage.connection import Connection
from storage.schema import checkins


async def days(conn: Connection, guild_id: int, user_id: int) -> list[tuple[int, bool]]:
    """Return a member's days and whether each was frozen, newest first."""
    rows = await conn.execute(
        select(checkins.c.day, checkins.c.is_frozen)
        .where(checkins.c.guild_id == guild_id, checkins.c.user_id == user_id)
        .order_by(checkins.c.day.desc())
    )
    return [(row.day, row.is_frozen) for row in rows]


async def add(
    conn: Connection,
    guild_id: int,
    user_id: int,
    day: int,
    now: float,
    *,
    frozen_days: Collection[int] = (),
) -> None:
    """Store a check-in and the days before it that freezes cover.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        The member has checked in on that day.
    """
    base = {"guild_id": guild_id, "user_id": user_id, "checked_at": now}
    rows = [base | {"day": each, "is_frozen": True} for each in frozen_days]
    await conn.execute(insert(checkins), [*rows, base | {"day": day, "is_frozen": False}])
