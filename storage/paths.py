"""Ordered lists of resources, and their steps."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from storage.connection import Connection
from storage.records import Path
from storage.schema import path_steps, paths, resources


async def add(conn: Connection, new: Path) -> int:
    """Store a new path with its steps and return its id."""
    values = asdict(new)
    del values["path_id"], values["steps"]
    statement = insert(paths).values(values).returning(paths.c.path_id)
    number = int((await conn.execute(statement)).scalar_one())
    await put_steps(conn, new.guild_id, number, new.steps)
    return number


async def change(conn: Connection, path_id: int, **changes: Any) -> None:
    """Set fields of a path."""
    await conn.execute(update(paths).where(paths.c.path_id == path_id).values(**changes))


async def put_steps(conn: Connection, guild_id: int, path_id: int, steps: Sequence[int]) -> None:
    """Store the steps of a path in the place of those it had."""
    await conn.execute(delete(path_steps).where(path_steps.c.path_id == path_id))
    rows = [
        {"guild_id": guild_id, "path_id": path_id, "position": place, "resource_id": number}
        for place, number in enumerate(steps, start=1)
    ]
    if rows:
        await conn.execute(insert(path_steps), rows)


async def one(conn: Connection, guild_id: int, path_id: int) -> Path | None:
    """Return a path of the guild with its steps."""
    found = await _found(conn, paths.c.guild_id == guild_id, paths.c.path_id == path_id)
    return found[0] if found else None


async def live(conn: Connection, guild_id: int) -> list[Path]:
    """Return the paths of a guild that members are shown, the newest first."""
    return await _found(conn, paths.c.guild_id == guild_id, paths.c.state == "live")


async def every(conn: Connection, guild_id: int) -> list[Path]:
    """Return all paths of a guild, the newest first."""
    return await _found(conn, paths.c.guild_id == guild_id)


async def chains(conn: Connection, guild_id: int) -> tuple[tuple[int, ...], ...]:
    """Return the steps of each live path as they stand now.

    What was merged or replaced is what stands for it, which is a step once.
    """
    standing = func.coalesce(resources.c.moved_to, resources.c.resource_id)
    rows = await conn.execute(
        select(path_steps.c.path_id, standing)
        .join(paths, paths.c.path_id == path_steps.c.path_id)
        .join(resources, resources.c.resource_id == path_steps.c.resource_id)
        .where(paths.c.guild_id == guild_id, paths.c.state == "live")
        .order_by(path_steps.c.path_id.desc(), path_steps.c.position)
    )
    found: dict[int, dict[int, None]] = {}
    for path_id, step in rows:
        found.setdefault(path_id, {})[step] = None
    return tuple(tuple(steps) for steps in found.values())


async def count(conn: Connection, guild_id: int) -> int:
    """Return how many paths a guild has."""
    statement = select(func.count()).select_from(paths).where(paths.c.guild_id == guild_id)
    return int((await conn.execute(statement)).scalar_one())


async def _found(conn: Connection, *conditions: ColumnElement[bool]) -> list[Path]:
    rows = (
        await conn.execute(select(paths).where(*conditions).order_by(paths.c.path_id.desc()))
    ).all()
    steps: dict[int, list[int]] = {row.path_id: [] for row in rows}
    placed = await conn.execute(
        select(path_steps.c.path_id, path_steps.c.resource_id)
        .where(path_steps.c.path_id.in_(select(paths.c.path_id).where(*conditions)))
        .order_by(path_steps.c.path_id, path_steps.c.position)
    )
    for path_id, resource_id in placed:
        steps[path_id].append(resource_id)
    return [Path(**row._mapping, steps=tuple(steps[row.path_id])) for row in rows]
