"""What members keep of resources for themselves: how far they are, and private notes."""

from dataclasses import asdict, replace

from sqlalchemy import delete, insert, select

from storage import standing
from storage.connection import Connection
from storage.records import Keeping
from storage.schema import keepings
from storage.standing import stood_for


async def of(conn: Connection, guild_id: int, user_id: int) -> list[Keeping]:
    """Return all a member keeps, what changed last first; of one thing they keep it once."""
    number = standing.now(keepings.c.resource_id).label("resource_id")
    rows = await conn.execute(
        select(*(column for column in keepings.c if column.name != "resource_id"), number)
        .where(keepings.c.guild_id == guild_id, keepings.c.user_id == user_id)
        .order_by(keepings.c.changed_at.desc(), number.desc())
    )
    found: dict[int, Keeping] = {}
    for row in rows:
        kept = Keeping(**row._mapping)
        newer = found.get(kept.resource_id)
        found[kept.resource_id] = kept if newer is None else _both(newer, kept)
    return list(found.values())


async def one(conn: Connection, guild_id: int, user_id: int, resource_id: int) -> Keeping:
    """Return what a member keeps of a resource and what it stands for, an empty one for nothing."""
    rows = await conn.execute(
        select(keepings)
        .where(
            keepings.c.guild_id == guild_id,
            keepings.c.user_id == user_id,
            keepings.c.resource_id.in_(stood_for(guild_id, resource_id)),
        )
        .order_by(keepings.c.changed_at.desc())
    )
    found: Keeping | None = None
    for row in rows:
        kept = replace(Keeping(**row._mapping), resource_id=resource_id)
        found = kept if found is None else _both(found, kept)
    return found or Keeping(guild_id=guild_id, user_id=user_id, resource_id=resource_id)


async def keep(conn: Connection, kept: Keeping) -> None:
    """Store what a member keeps of a resource; nothing at all leaves no row.

    What they kept of what it stands for is what they keep of it from then on.
    """
    await conn.execute(
        delete(keepings).where(
            keepings.c.guild_id == kept.guild_id,
            keepings.c.user_id == kept.user_id,
            keepings.c.resource_id.in_(stood_for(kept.guild_id, kept.resource_id)),
        )
    )
    if kept.state is not None or kept.note:
        await conn.execute(insert(keepings).values(asdict(kept)))


def _both(newer: Keeping, older: Keeping) -> Keeping:
    """Return what somebody keeps of two things that are one now."""
    return replace(newer, state=newer.state or older.state, note=newer.note or older.note)
