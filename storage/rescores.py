"""Decisions to re-score what was earned, how far each has been carried out, and what waits for it.

While one is not finished the guild's later events wait to be paid. What the ledger holds for the
events that one concerns is read by `storage.recounts`.
"""

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import insert, select, text, update

from storage.connection import Connection
from storage.records import Acts, Rescore
from storage.rewards import bears
from storage.schema import rescores

_FIELDS = tuple(field.name for field in fields(Rescore))


async def add(conn: Connection, decision: Rescore) -> int:
    """Store a decision that is to be carried out; return its id."""
    values = asdict(decision)
    values.pop("rescore_id")
    found = await conn.execute(insert(rescores).values(values).returning(rescores.c.rescore_id))
    return int(found.scalar_one())


async def decision(conn: Connection, guild_id: int, rescore_id: int) -> Rescore | None:
    """Return a decision of a guild, None where there is no such."""
    found = await conn.execute(
        _select().where(rescores.c.guild_id == guild_id, rescores.c.rescore_id == rescore_id)
    )
    row = found.one_or_none()
    return Rescore(**row._mapping) if row else None


async def of_guild(conn: Connection, guild_id: int) -> list[Rescore]:
    """Return all decisions of a guild, newest first: there are few."""
    rows = await conn.execute(
        _select().where(rescores.c.guild_id == guild_id).order_by(rescores.c.rescore_id.desc())
    )
    return [Rescore(**row._mapping) for row in rows]


async def unfinished(conn: Connection) -> list[Rescore]:
    """Return the decisions that are to be carried out, or to be gone on with."""
    rows = await conn.execute(_select().where(rescores.c.finished_at.is_(None)))
    return [Rescore(**row._mapping) for row in rows]


async def is_running(conn: Connection, guild_id: int) -> bool:
    """Say whether the guild's events have to wait; asked before any of them is paid."""
    found = await conn.execute(
        text("SELECT 1 FROM rescores WHERE finished_at IS NULL AND guild_id = :guild"),
        {"guild": guild_id},
    )
    return found.first() is not None


async def change(conn: Connection, rescore_id: int, **changes: Any) -> None:
    """Set the named fields of a decision."""
    of_id = rescores.c.rescore_id == rescore_id
    await conn.execute(update(rescores).where(of_id).values(changes))


async def last_event(conn: Connection) -> int:
    """Return the newest event's id, 0 for none."""
    found = await conn.execute(text("SELECT coalesce(max(event_id), 0) FROM events"))
    return int(found.scalar_one())


async def first_at(conn: Connection, acts: Acts, guild_id: int) -> float | None:
    """Return when the first event happened that a guild recorded, None where there is none."""
    found = await conn.execute(
        text(
            "SELECT e.occurred_at FROM events e WHERE +e.guild_id = :guild"
            f" AND {bears(acts)} ORDER BY e.event_id LIMIT 1"
        ),
        {"guild": guild_id},
    )
    at: float | None = found.scalar_one_or_none()
    return at


async def waiting(conn: Connection, acts: Acts, guild_id: int, after: int, limit: int) -> list[int]:
    """Return the next events of the log that wait to be paid."""
    rows = await conn.execute(
        text(
            "SELECT e.event_id FROM events e WHERE e.event_id > :after AND +e.guild_id = :guild"
            f" AND {bears(acts)} ORDER BY e.event_id LIMIT :limit"
        ),
        {"guild": guild_id, "after": after, "limit": limit},
    )
    return list(rows.scalars())


def _select() -> Any:
    return select(*(rescores.c[name] for name in _FIELDS))
