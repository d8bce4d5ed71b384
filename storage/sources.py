"""Where entries come from by themselves, and what of them was seen and taken."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.records import EntryState, Source, SourceEntry, Submission
from storage.schema import reviews, source_entries, sources, submissions


async def add(conn: Connection, new: Source) -> int | None:
    """Store a new source and return its id, None where the guild has it already."""
    values = _values(new)
    statement = upsert(sources).values(values).on_conflict_do_nothing()
    found = await conn.execute(statement.returning(sources.c.source_id))
    number: int | None = found.scalar_one_or_none()
    return number


async def change(conn: Connection, source_id: int, **changes: Any) -> None:
    """Set fields of a source."""
    await conn.execute(update(sources).where(sources.c.source_id == source_id).values(**changes))


async def one(conn: Connection, guild_id: int, source_id: int) -> Source | None:
    """Return one source of the guild."""
    found = await _found(conn, sources.c.guild_id == guild_id, sources.c.source_id == source_id)
    return found[0] if found else None


async def of_channel(conn: Connection, guild_id: int, channel_id: int) -> Source | None:
    """Return the source that a forum is."""
    found = await _found(
        conn,
        sources.c.guild_id == guild_id,
        sources.c.kind == "forum",
        sources.c.channel_id == channel_id,
    )
    return found[0] if found else None


async def of_guild(conn: Connection, guild_id: int, limit: int = 1_000) -> list[Source]:
    """Return a guild's sources, in the order of their titles."""
    return await _found(
        conn,
        sources.c.guild_id == guild_id,
        order=(sources.c.title, sources.c.source_id),
        limit=limit,
    )


async def count(conn: Connection, guild_id: int) -> int:
    """Return how many sources a guild has."""
    statement = select(func.count()).where(sources.c.guild_id == guild_id)
    return int((await conn.execute(statement)).scalar_one())


async def due(conn: Connection, now: float, limit: int) -> list[Source]:
    """Return the sources to be looked at, whoever's they are, the longest overdue first."""
    return await _found(
        conn,
        sources.c.state == "live",
        sources.c.next_at <= now,
        order=(sources.c.next_at, sources.c.source_id),
        limit=limit,
    )


async def unannounced(conn: Connection, limit: int = 20) -> list[Source]:
    """Return sources in quarantine of which moderators have not been notified."""
    return await _found(
        conn, sources.c.state == "quarantined", sources.c.told_at.is_(None), limit=limit
    )


async def remove(conn: Connection, source_id: int) -> None:
    """Delete a source and what was seen of it; what came of it stays."""
    await conn.execute(
        update(submissions).where(submissions.c.source_id == source_id).values(source_id=None)
    )
    await conn.execute(delete(sources).where(sources.c.source_id == source_id))


async def titles(conn: Connection, guild_id: int, ids: Sequence[int]) -> dict[int, str]:
    """Return what sources are called, by id."""
    rows = await conn.execute(
        select(sources.c.source_id, sources.c.title).where(
            sources.c.guild_id == guild_id, sources.c.source_id.in_(ids)
        )
    )
    return {source_id: title for source_id, title in rows}


# ------------------------------------------------------------------------------- entries


async def seen(conn: Connection, source_id: int, tokens: Sequence[str]) -> set[str]:
    """Return those of some entries that a source has shown before."""
    found: set[str] = set()
    for start in range(0, len(tokens), 500):
        rows = await conn.execute(
            select(source_entries.c.token).where(
                source_entries.c.source_id == source_id,
                source_entries.c.token.in_(tokens[start : start + 500]),
            )
        )
        found |= set(rows.scalars())
    return found


async def note(conn: Connection, new: Sequence[SourceEntry]) -> None:
    """Remember entries; those seen before stay as they are."""
    if new:
        statement = upsert(source_entries).on_conflict_do_nothing()
        await conn.execute(statement, [_entry_values(each) for each in new])


async def waiting(conn: Connection, source_id: int, limit: int) -> list[SourceEntry]:
    """Return the entries of a source that wait for their day, the first seen first."""
    rows = await conn.execute(
        select(source_entries)
        .where(source_entries.c.source_id == source_id, source_entries.c.state == "waiting")
        .order_by(source_entries.c.seen_at, source_entries.c.token)
        .limit(limit)
    )
    return [SourceEntry(**row._mapping) for row in rows]


async def count_waiting(conn: Connection, source_id: int) -> int:
    """Return how many of a source's entries wait for their day."""
    statement = select(func.count()).where(
        source_entries.c.source_id == source_id, source_entries.c.state == "waiting"
    )
    return int((await conn.execute(statement)).scalar_one())


async def count_taken(conn: Connection, source_id: int, since: float) -> int:
    """Return how many of a source's entries were taken since a moment."""
    statement = select(func.count()).where(
        source_entries.c.source_id == source_id,
        source_entries.c.state == "taken",
        source_entries.c.taken_at >= since,
    )
    return int((await conn.execute(statement)).scalar_one())


async def settle(conn: Connection, entry: SourceEntry, state: EntryState, now: float) -> None:
    """Take an entry, or pass it over; what it said is forgotten either way."""
    await conn.execute(
        update(source_entries)
        .where(source_entries.c.source_id == entry.source_id, source_entries.c.token == entry.token)
        .values(state=state, fields=None, taken_at=now)
    )


# ---------------------------------------------------------------------- what came of them


async def outcomes(conn: Connection, guild_id: int, source_id: int, limit: int) -> list[bool]:
    """Return whether what somebody decided on was published, the latest decision first."""
    found = await conn.execute(
        select(submissions.c.state)
        .where(
            submissions.c.guild_id == guild_id,
            submissions.c.source_id == source_id,
            submissions.c.decided_by.is_not(None),
            submissions.c.state.in_(("published", "rejected")),
        )
        .order_by(submissions.c.decided_at.desc())
        .limit(limit)
    )
    return [state == "published" for state in found.scalars()]


async def has_been_proposed(conn: Connection, guild_id: int, url_key: str) -> bool:
    """Say whether a page waits for a decision, or was rejected."""
    found = await conn.scalar(
        select(submissions.c.submission_id)
        .where(
            submissions.c.guild_id == guild_id,
            submissions.c.url_key == url_key,
            submissions.c.state.in_(("waiting", "rejected")),
        )
        .limit(1)
    )
    return found is not None


async def waiting_at(conn: Connection, guild_id: int, url_key: str) -> Submission | None:
    """Return what came from a source and waits for a decision on a page."""
    row = (
        await conn.execute(
            select(submissions).where(
                submissions.c.guild_id == guild_id,
                submissions.c.url_key == url_key,
                submissions.c.state == "waiting",
                submissions.c.source_id.is_not(None),
            )
        )
    ).first()
    return Submission(**row._mapping) if row else None


async def withdraw(conn: Connection, submission_id: int) -> None:
    """Delete what waits and leads nowhere any more, with what experts were asked of it."""
    await conn.execute(delete(reviews).where(reviews.c.submission_id == submission_id))
    await conn.execute(delete(submissions).where(submissions.c.submission_id == submission_id))


async def _found(
    conn: Connection, *conditions: Any, order: Any = (sources.c.source_id,), limit: int = 1
) -> list[Source]:
    rows = await conn.execute(select(sources).where(*conditions).order_by(*order).limit(limit))
    return [_source(row) for row in rows]


def _source(row: Any) -> Source:
    values = dict(row._mapping)
    values["tags"] = tuple(values["tags"])
    return Source(**values)


def _values(source: Source) -> dict[str, Any]:
    values = asdict(source) | {"tags": list(source.tags)}
    values["result_params"] = dict(source.result_params)
    if not values["source_id"]:
        del values["source_id"]
    return values


def _entry_values(entry: SourceEntry) -> dict[str, Any]:
    values = asdict(entry)
    values["fields"] = dict(entry.fields) if entry.fields is not None else None
    return values
