"""Roles that the bot has given to members, whatever for.

A level, a purchase with points and a product may give the same role. What is taken back for one
must not be what another still gives, so whoever takes one asks here first.
"""

from typing import Literal

from sqlalchemy import and_, literal, or_, select, union_all

from storage.connection import Connection
from storage.schema import accesses, level_grants, level_rewards, products, redemptions, shop_items

Source = Literal["level", "purchase", "product"]
_BY_LEVEL = ("granted", "doubtful", "kept")


async def reasons(
    conn: Connection, guild_id: int, user_id: int, role_id: int, now: float
) -> list[tuple[Source, int]]:
    """Return why a member has a role from the bot or is to get it.

    Returns
    -------
    list of (str, int)
        The grant of a level (its id), purchases with points that are not over (the redemptions'
        ids), products that they have (theirs).
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
            select(literal("product"), accesses.c.product_id)
            .join(products, products.c.product_id == accesses.c.product_id)
            .where(
                accesses.c.guild_id == guild_id,
                accesses.c.user_id == user_id,
                products.c.role_id == role_id,
                accesses.c.from_at <= now,
                or_(accesses.c.until_at.is_(None), accesses.c.until_at > now),
            ),
        )
    )
    return [(source, number) for source, number in rows]


async def is_given(conn: Connection, guild_id: int, role_id: int) -> bool:
    """Say whether a level or the shop gives a role to whoever comes to it."""
    found = await conn.execute(
        union_all(
            *(
                select(table.c.role_id).where(
                    table.c.guild_id == guild_id, table.c.role_id == role_id
                )
                for table in (level_rewards, shop_items, level_grants, redemptions)
            )
        ).limit(1)
    )
    return found.first() is not None
