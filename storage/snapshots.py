"""Fitted models: at most one live for each guild, and how every attempt went."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from storage.connection import Connection
from storage.consent import UNLEARNED_WITHIN_S
from storage.records import Snapshot
from storage.schema import learned_from, resources, snapshots

N_LOOKED_AT = 5
"""Newest attempts that are asked for what they learned of chances."""
N_ARRAYS_KEPT = 3
"""Newest snapshots of a guild whose arrays are kept, the live one among them."""
WITHDRAWN = "withdrawn"
"""The reason of a snapshot that served until somebody it learned from had withdrawn for a day."""
_LISTED = [column for column in snapshots.c if column.name != "arrays"]


async def store(conn: Connection, snapshot: Snapshot) -> int:
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


async def calibration(conn: Connection, guild_id: int) -> Any:
    """Return what the newest attempt that learned chances of opening said; None for none."""
    rows = await conn.execute(
        select(snapshots.c.metrics)
        .where(snapshots.c.guild_id == guild_id)
        .order_by(snapshots.c.snapshot_id.desc())
        .limit(N_LOOKED_AT)
    )
    found = (metrics.get("calibration") for metrics in rows.scalars())
    return next((each for each in found if each), None)


async def extend(conn: Connection, snapshot_id: int, arrays: bytes, now: float) -> None:
    """Give a live snapshot arrays that know more resources; one that was retired stays as it is."""
    await conn.execute(
        update(snapshots)
        .where(snapshots.c.snapshot_id == snapshot_id, snapshots.c.state == "live")
        .values(arrays=arrays, extended_at=now)
    )


async def outgrown(conn: Connection) -> list[int]:
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


async def is_any_over(conn: Connection, now: float) -> bool:
    """Say whether `end` has something to do."""
    over = select(snapshots.c.snapshot_id).where(or_(_is_over(now), _is_too_far(now)))
    return bool(await conn.scalar(select(over.exists())))


async def end(conn: Connection, now: float) -> None:
    """Retire and empty the snapshots that may not serve any longer, for somebody withdrew.

    An end that is further away than it may be was set before the clock was put back: it is moved.
    """
    latest = now + UNLEARNED_WITHIN_S
    await conn.execute(update(snapshots).where(_is_too_far(now)).values(until_at=latest))
    await conn.execute(
        update(snapshots)
        .where(_is_over(now))
        .values(
            arrays=None,
            reason=case((snapshots.c.state == "live", WITHDRAWN), else_=snapshots.c.reason),
            state=case((snapshots.c.state == "live", "retired"), else_=snapshots.c.state),
        )
    )
    await _forget_teachers(conn, true())


async def to_replace(conn: Connection, attempted_before: float, now: float) -> list[int]:
    """Return guilds whose model has an end, or has come to it, and no attempt was made lately.

    Lately is at `attempted_before` or later; an attempt in the future was made before the clock was
    put back, and does not count.
    """
    other = snapshots.alias("other")
    of_guild = other.c.guild_id == snapshots.c.guild_id
    is_late = other.c.created_at.between(attempted_before, now)
    lately = select(other.c.snapshot_id).where(of_guild, is_late)
    serves = select(other.c.snapshot_id).where(of_guild, other.c.state == "live")
    has_end = and_(snapshots.c.state == "live", snapshots.c.until_at.is_not(None))
    rows = await conn.execute(
        select(snapshots.c.guild_id)
        .where(
            or_(has_end, and_(snapshots.c.reason == WITHDRAWN, ~serves.exists())),
            ~lately.exists(),
        )
        .distinct()
        .order_by(snapshots.c.guild_id)
    )
    return list(rows.scalars())


async def live_id(conn: Connection, guild_id: int) -> int | None:
    """Return the id of the guild's live snapshot."""
    found: int | None = await conn.scalar(select(snapshots.c.snapshot_id).where(_is_live(guild_id)))
    return found


async def live(conn: Connection, guild_id: int) -> Snapshot | None:
    """Return the guild's live snapshot, its arrays included."""
    row = (await conn.execute(select(snapshots).where(_is_live(guild_id)))).one_or_none()
    return _record(row) if row else None


async def kept(conn: Connection, guild_id: int, now: float) -> list[Snapshot]:
    """Return the live snapshot and those that served before it whose arrays are kept.

    The live one first, the others newest first; the arrays themselves are left where they are.
    What learned from somebody who has withdrawn since is among them only while it is live and its
    end has not come.
    """
    rows = await conn.execute(
        select(*_LISTED)
        .where(
            snapshots.c.guild_id == guild_id,
            snapshots.c.state.in_(["live", "retired"]),
            snapshots.c.arrays.is_not(None),
            or_(
                snapshots.c.until_at.is_(None),
                and_(snapshots.c.state == "live", snapshots.c.until_at > now),
            ),
        )
        .order_by(snapshots.c.state, snapshots.c.snapshot_id.desc())
    )
    return [_record(row) for row in rows]


async def arrays(conn: Connection, snapshot_id: int) -> bytes:
    """Return a snapshot's arrays, nothing where they are not kept."""
    found = select(snapshots.c.arrays).where(snapshots.c.snapshot_id == snapshot_id)
    return await conn.scalar(found) or b""


async def newest(conn: Connection, guild_id: int, limit: int = 5) -> list[Snapshot]:
    """Return the guild's last attempts, newest first, without their arrays."""
    rows = await conn.execute(
        select(*_LISTED)
        .where(snapshots.c.guild_id == guild_id)
        .order_by(snapshots.c.snapshot_id.desc())
        .limit(limit)
    )
    return [_record(row) for row in rows]


async def listed_live(conn: Connection, guild_id: int) -> Snapshot | None:
    """Return the guild's live snapshot without its arrays."""
    row = (await conn.execute(select(*_LISTED).where(_is_live(guild_id)))).one_or_none()
    return _record(row) if row else None


def _is_live(guild_id: int) -> Any:
    return (snapshots.c.guild_id == guild_id) & (snapshots.c.state == "live")


def _is_over(now: float) -> Any:
    return (snapshots.c.until_at <= now) & snapshots.c.arrays.is_not(None)


def _is_too_far(now: float) -> Any:
    return (snapshots.c.until_at > now + UNLEARNED_WITHIN_S) & snapshots.c.arrays.is_not(None)


def _record(row: Row[Any]) -> Snapshot:
    return Snapshot(**row._mapping)


async def _retire(conn: Connection, guild_id: int) -> None:
    await conn.execute(update(snapshots).where(_is_live(guild_id)).values(state="retired"))


async def _drop_old_arrays(conn: Connection, guild_id: int) -> None:
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
    await _forget_teachers(conn, learned_from.c.guild_id == guild_id)


async def _forget_teachers(conn: Connection, where: ColumnElement[bool]) -> None:
    """Forget whom snapshots learned from whose arrays are gone."""
    kept = select(snapshots.c.snapshot_id).where(snapshots.c.arrays.is_not(None))
    await conn.execute(delete(learned_from).where(where, learned_from.c.snapshot_id.not_in(kept)))
