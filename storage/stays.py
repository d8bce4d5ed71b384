"""The guilds the bot has been in: which removed it, and the end of what was stored of those.

Nothing here lists tables: whatever has a column ``guild_id`` is purged, but the stay itself and the
counts of what changed, which are about nobody: were they to begin again, a process that remembers
the guild might take the new for what it knows.
"""

from collections.abc import Collection
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import MetaData, Table, delete, select, tuple_, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage import identity
from storage.connection import Connection
from storage.records import Stay
from storage.schema import guilds, ledger, metadata, rescores, stays, versions

_REFERRING_TO_THEMSELVES = (ledger, rescores)


async def of(conn: Connection, guild_id: int) -> Stay | None:
    """Return the stay in a guild, None where the bot never was."""
    row = (await conn.execute(select(stays).where(stays.c.guild_id == guild_id))).one_or_none()
    return Stay(**row._mapping) if row else None


async def waiting(conn: Connection) -> list[Stay]:
    """Return the stays of which something is left to be done: purging, or telling moderators."""
    rows = await conn.execute(
        select(stays)
        .where(stays.c.state.in_(("gone", "purging")) | stays.c.notice.is_not(None))
        .order_by(stays.c.guild_id)
    )
    return [Stay(**row._mapping) for row in rows]


async def here(conn: Connection) -> set[int]:
    """Return the guilds that the bot is in, as far as it knows."""
    return set(
        (await conn.execute(select(stays.c.guild_id).where(stays.c.state == "here"))).scalars()
    )


async def save(conn: Connection, stay: Stay) -> None:
    """Store a stay, replacing what was there."""
    values = asdict(stay)
    statement = upsert(stays).values(values)
    await conn.execute(statement.on_conflict_do_update(index_elements=["guild_id"], set_=values))


async def leave(
    conn: Connection, guild_ids: Collection[int], now: float, purge_at: float
) -> list[int]:
    """Say that these guilds have removed the bot; return those of which that is news."""
    left = await conn.execute(
        update(stays)
        .where(stays.c.guild_id.in_(guild_ids), stays.c.state == "here")
        .values(state="gone", left_at=now, purge_at=purge_at, notice=None)
        .returning(stays.c.guild_id)
    )
    return sorted(left.scalars())


def left_behind(path: Path) -> list[Stay]:
    """Return the stays that are over and not purged, from a file that may be in use."""
    if identity.look(path).state != "ours":
        return []
    with closing(identity.opened(path)) as connection:
        rows = connection.execute(
            "SELECT guild_id, state, left_at, purge_at FROM stays"
            " WHERE state IN ('gone', 'purging') ORDER BY guild_id"
        )
        return [Stay(*row) for row in rows]


# ---------------------------------------------------------------------------- the purge


def purged_tables(of: MetaData = metadata) -> list[Table]:
    """Return the tables with rows of a guild, those that refer to others before those.

    The guild itself comes at the end: by its language moderators are notified.
    """
    others = {stays.name, versions.name, guilds.name}
    found = [
        table
        for table in reversed(of.sorted_tables)
        if "guild_id" in table.c and table.name not in others
    ]
    return [*found, guilds]


async def purge_some(conn: Connection, guild_id: int, n_max: int) -> int:
    """Delete up to ``n_max`` rows of a guild, all of one table; return how many.

    0 says that nothing is left of it but its stay. Whatever is asked next goes on, after however
    long: where to is seen by what is left.
    """
    for table in purged_tables():
        keys = list(table.primary_key)
        chosen = select(*keys).where(table.c.guild_id == guild_id).limit(n_max)
        if table in _REFERRING_TO_THEMSELVES:
            chosen = chosen.order_by(*(key.desc() for key in keys))  # the newer refer to the older
        done = await conn.execute(delete(table).where(tuple_(*keys).in_(chosen)))
        if done.rowcount:
            return int(done.rowcount)
    return 0
