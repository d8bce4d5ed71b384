"""Promises to members in the database: those still to be noted, and those whose member is unknown.

`storage.promises` says what a promise is, and notes it beside the backups. It is made in the
transaction that carries it out, and waits here until it is noted there: what failed was never
promised. After a restore a promise to somebody whom the database does not know waits here, too,
until they are met.
"""

import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.dialects.sqlite import insert as upsert

from storage import identity, settings
from storage.connection import Connection
from storage.promises import Promise, Standing
from storage.schema import promises


async def make(conn: Connection, promise: Promise) -> None:
    """Write down a promise that this transaction carries out; it is to be noted afterwards."""
    await conn.execute(upsert(promises).values(asdict(promise) | {"is_noted": False}))
    await settings.know_promise(conn, promise.salt, promise.made_at, is_again=False)


async def to_note(conn: Connection) -> list[Promise]:
    """Return the promises that are to be noted beside the backups."""
    return await _of(conn, is_noted=False)


def unnoted(path: Path) -> list[Promise]:
    """Return what `to_note` does of a file that no bot uses; nothing of one that is damaged."""
    if identity.look(path).state != "ours":
        return []
    try:
        with closing(identity.opened(path)) as connection:
            rows = connection.execute(
                "SELECT salt, guild_id, who, kind, made_at FROM promises WHERE NOT is_noted"
            ).fetchall()
    except sqlite3.DatabaseError:
        return []
    return [
        Promise(salt=salt, guild_id=guild_id, who=who, kind=kind, made_at=made_at)
        for salt, guild_id, who, kind, made_at in rows
    ]


async def set_noted(conn: Connection, salts: Collection[str]) -> None:
    """Take away what is noted by now."""
    await conn.execute(
        delete(promises).where(promises.c.salt.in_(salts), promises.c.is_noted.is_(False))
    )


async def wait_for(conn: Connection, unmet: Iterable[Promise]) -> None:
    """Keep promises to members who are not known here until they are met."""
    for each in unmet:
        statement = upsert(promises).values(asdict(each) | {"is_noted": True})
        await conn.execute(statement.on_conflict_do_nothing())
        await settings.know_promise(conn, each.salt, each.made_at, is_again=True)


async def standings(
    conn: Connection, guild_id: int, user_ids: Collection[int]
) -> dict[int, Standing]:
    """Return where members stand by the promises that wait for them; only those who have one."""
    if not user_ids or not await conn.scalar(select(exists().where(*_waiting(guild_id)))):
        return {}
    waiting = await _of(conn, is_noted=True, guild_id=guild_id)
    found = {
        user_id: [each for each in waiting if each.is_to(guild_id, user_id)] for user_id in user_ids
    }
    return {user_id: Standing.after(theirs) for user_id, theirs in found.items() if theirs}


async def forget(conn: Connection, guild_id: int, user_id: int) -> None:
    """Forget the promises that wait for a member: they are met, or erased once more."""
    waiting = await _of(conn, is_noted=True, guild_id=guild_id)
    salts = [each.salt for each in waiting if each.is_to(guild_id, user_id)]
    if salts:
        await conn.execute(delete(promises).where(*_waiting(guild_id), promises.c.salt.in_(salts)))


def _waiting(guild_id: int) -> tuple[ColumnElement[bool], ...]:
    return promises.c.guild_id == guild_id, promises.c.is_noted.is_(True)


async def _of(conn: Connection, *, is_noted: bool, guild_id: int | None = None) -> list[Promise]:
    columns = (
        promises.c.salt,
        promises.c.guild_id,
        promises.c.who,
        promises.c.kind,
        promises.c.made_at,
    )
    statement = select(*columns).where(promises.c.is_noted.is_(is_noted))
    if guild_id is not None:
        statement = statement.where(promises.c.guild_id == guild_id)
    rows = await conn.execute(statement.order_by(promises.c.made_at))
    return [Promise(**row._mapping) for row in rows]
