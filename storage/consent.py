"""From when on what each member did may train the model, in SQL.

`bot.profile.rules.trains_from` decides; `is_allowed` says the same of a row, and a test compares
them. Whatever looks at what others did goes by it: `storage.training`, and the counts of what was
shown in `storage.impressions`.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import guilds, members


def is_allowed(user_id: ColumnElement[int], at: ColumnElement[Any]) -> ColumnElement[bool]:
    """Say that what a member of the guild that the parameter "guild" names did may train.

    Parameters
    ----------
    user_id, at
        Columns of one table: who, and when (unix seconds).
    """
    # One look-up by the primary key a row: joined, SQLite would go from members to events.
    allowed = select(members.c.user_id).where(
        members.c.guild_id == bindparam("guild"),
        members.c.user_id == user_id,
        members.c.is_tracked.is_(True),
        at >= trains_from(),
    )
    return allowed.correlate(user_id.table).exists()


def trains_from() -> ColumnElement[float]:
    """Return the moment of a row of members who are tracked, NULL where nothing may train."""
    is_from_the_start = members.c.has_earlier.is_(True) | members.c.consent_at.is_(None)
    said = case((is_from_the_start, 0.0), else_=members.c.consent_at)
    is_told = and_(members.c.consent == "unknown", policy() == "notice")
    return case((members.c.consent == "granted", said), (is_told, members.c.asked_at))


def policy() -> ColumnElement[str]:
    """Return the consent policy of the guild that the parameter "guild" names."""
    said = select(guilds.c.consent_policy).where(guilds.c.guild_id == bindparam("guild"))
    return func.coalesce(said.scalar_subquery(), "ask")


async def windows(conn: AsyncConnection, guild_id: int) -> dict[int, float]:
    """Return from when on what each member did may train, by member; no others' may."""
    moment = trains_from()
    rows = await conn.execute(
        select(members.c.user_id, moment).where(
            members.c.guild_id == bindparam("guild"),
            members.c.is_tracked.is_(True),
            moment.is_not(None),
        ),
        {"guild": guild_id},
    )
    return {user_id: from_at for user_id, from_at in rows}
