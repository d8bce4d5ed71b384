"""Roles that the bot has given to members, whatever for.

A level and a purchase may give the same role. What is taken back for one must not be what the other
still gives, so whoever takes one asks here first.
"""

from typing import Literal

from sqlalchemy import and_, literal, or_, select, union_all

from storage.connection import Connection
from storage.schema import level_grants, redemptions

Source = Literal["level", "purchase"]
_BY_LEVEL = ("granted", "doubtful", "kept")


async def reasons(
    conn: Connection, guild_id: int, user_id: int, role_id: int, now: float
) -> list[tuple[Source, int]]:
    """Return why a member has a role from the bot or is to get it.

    Returns
    -------
    list of (str, int)
        The grant of a level (its id), purchases that are not over (the redemptions' ids).
    """
    ends_at = redemptions.c.until_at
    is_lasting = or_(ends_at.is_(None), ends_at > now)
    of_level, bought = (
        [table.c.guild_id == guild_id, table.c.user_id == user_id, table.c.role_id == role_id]
        for table in (level_grants, redemptions)
    )
    rows = await conn.execute(
        union_all(
            select(literal("level"), level_grants.c.grant_id).where(
                *of_level, level_grants.c.state.in_(_BY_LEVEL)
            ),
            select(literal("purchase"), redemptions.c.redemption_id).where(
                *bought,
                or_(
                    redemptions.c.state == "owed",
                    and_(redemptions.c.state == "active", is_lasting),
                ),
            ),
        )
    )
    return [(source, number) for source, number in rows]
