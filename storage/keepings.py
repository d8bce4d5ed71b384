"""What members keep of resources for themselves: how far they are, and private notes."""

from dataclasses import asdict

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.records import Keeping
from storage.schema import keepings


async def of(conn: Connection, guild_id: int, user_id: int) -> list[Keeping]:
    """Return all a member keeps, what changed last first."""
    rows = await conn.execute(
        select(keepings)
        .where(keepings.c.guild_id == guild_id, keepings.c.user_id == user_id)
        .order_by(keepings.c.changed_at.desc(), keepings.c.resource_id.desc())
    )
    return [Keeping(**row._mapping) for row in rows]


async def one(conn: Connection, guild_id: int, user_id: int, resource_id: int) -> Keeping:
    """Return what a member keeps of a resource, an empty one for nothing."""
    found = await conn.execute(
        select(keepings).where(
            keepings.c.guild_id == guild_id,
            keepings.c.user_id == user_id,
            keepings.c.resource_id == resource_id,
        )
    )
    row = found.first()
    if row is None:
        return Keeping(guild_id=guild_id, user_id=user_id, resource_id=resource_id)
    return Keeping(**row._mapping)


async def keep(conn: Connection, kept: Keeping) -> None:
    """Store what a member keeps of a resource; nothing at all leaves no row."""
    key = ("guild_id", "user_id", "resource_id")
    values = asdict(kept)
    if kept.state is None and not kept.note:
        own = [keepings.c[name] == values[name] for name in key]
        await conn.execute(delete(keepings).where(*own))
        return
    changed = {name: value for name, value in values.items() if name not in key}
    statement = upsert(keepings).values(values)
    await conn.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))
