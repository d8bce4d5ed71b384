"""Fitted models: at most one live for each guild, and how every attempt went."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import Snapshot
from storage.schema import resources, snapshots

N_ARRAYS_KEPT = 3
"""Newest snapshots of a guild whose arrays are kept, the live one among them."""
_LISTED = [column for column in snapshots.c if column.name != "arrays"]


async def store(conn: AsyncConnection, snapshot: Snapshot) -> int:
    """Store an attempt and return its id; a live one retires the one before it.

    Everything happens in the caller's transaction, so readers see one live snapshot or the
    other, never two and never none.
    """
    if snapshot.state == "live":
        await _retire(conn, snapshot.guild_id)
    values: dict[str, Any] = asdict(snapshot)
    del values["snapshot_id"]
    stored = await conn.execute(insert(snapshots).values(values).returning(snapshots.c.snapshot_id))
    snapshot_id: int = stored.scalar_one()
    await _drop_old_arrays(conn, snapshot.guild_id)
    return snapshot_id


async def extend(conn: AsyncConnection, snapshot_id: int, arrays: bytes, now: float) -> None:
    """Give a live snapshot arrays that know more resources; one that was retired stays as it is."""
    await conn.execute(
        update(snapshots)
        .where(snapshots.c.snapshot_id == snapshot_id, snapshots.c.state == "live")
        .values(arrays=arrays, extended_at=now)
    )


async def outgrown(conn: AsyncConnection) -> list[int]:
    """Return guilds in whose catalogue something changed since their live snapshot knew it."""
    changed = select(resources.c.resource_id).where(
        resources.c.guild_id == snapshots.c.guild_id,
        resources.c.state == "live",
        resources.c.updated_at > func.coalesce(snapshots.c.extended_at, snapshots.c.created_at),
    )
    rows = await conn.execute(
        select(snapshots.c.guild_id)
        .where(snapshots.c.state == "live", changed.exists())
        .order_by(snapshots.c.guild_id)
    )
    return list(rows.scalars())


async def live_id(conn: AsyncConnection, guild_id: int) -> int | None:
    """Return the id of the guild's live snapshot."""
    found: int | None = await conn.scalar(select(snapshots.c.snapshot_id).where(_is_live(guild_id)))
    return found


async def live(conn: AsyncConnection, guild_id: int) -> Snapshot | None:
    """Return the guild's live snapshot, its arrays included."""
    row = (await conn.execute(select(snapshots).where(_is_live(guild_id)))).one_or_none()
    return _record(row) if row else None


async def kept(conn: AsyncConnection, guild_id: int) -> list[Snapshot]:
    """Return the live snapshot and those that served before it whose arrays are kept.

    The live one first, the others newest first; the arrays themselves are left where they are.
    """
    rows = await conn.execute(
        select(*_LISTED)
        .where(
            snapshots.c.guild_id == guild_id,
            snapshots.c.state.in_(["live", "retired"]),
            snapshots.c.arrays.is_not(None),
        )
        .order_by(snapshots.c.state, snapshots.c.snapshot_id.desc())
    )
    return [_record(row) for row in rows]


async def arrays(conn: AsyncConnection, snapshot_id: int) -> bytes:
    """Return a snapshot's arrays, nothing where they are not kept."""
    found = select(snapshots.c.arrays).where(snapshots.c.snapshot_id == snapshot_id)
    return await conn.scalar(found) or b""


async def newest(conn: AsyncConnection, guild_id: int, limit: int = 5) -> list[Snapshot]:
    """Return the guild's last attempts, newest first, without their arrays."""
    rows = await conn.execute(
        select(*_LISTED)
        .where(snapshots.c.guild_id == guild_id)
        .order_by(snapshots.c.snapshot_id.desc())
        .limit(limit)
    )
    return [_record(row) for row in rows]


async def listed_live(conn: AsyncConnection, guild_id: int) -> Snapshot | None:
    """Return the guild's live snapshot without its arrays."""
    row = (await conn.execute(select(*_LISTED).where(_is_live(guild_id)))).one_or_none()
    return _record(row) if row else None


def _is_live(guild_id: int) -> Any:
    return (snapshots.c.guild_id == guild_id) & (snapshots.c.state == "live")


def _record(row: Row[Any]) -> Snapshot:
    return Snapshot(**row._mapping)


async def _retire(conn: AsyncConnection, guild_id: int) -> None:
    await conn.execute(update(snapshots).where(_is_live(guild_id)).values(state="retired"))


async def _drop_old_arrays(conn: AsyncConnection, guild_id: int) -> None:
    with_arrays = (
        select(snapshots.c.snapshot_id)
        .where(snapshots.c.guild_id == guild_id, snapshots.c.arrays.is_not(None))
        .order_by(snapshots.c.snapshot_id.desc())
    )
    kept = with_arrays.limit(N_ARRAYS_KEPT)
    await conn.execute(
        update(snapshots)
        .where(
            snapshots.c.guild_id == guild_id,
            snapshots.c.arrays.is_not(None),
            snapshots.c.state != "live",
            snapshots.c.snapshot_id.not_in(kept),
        )
        .values(arrays=None)
    )
