"""What is to be finished before what, outside of paths."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.records import Prerequisite
from storage.schema import prerequisites, resources
from storage.standing import stood_for


async def add(conn: Connection, new: Prerequisite) -> None:
    """Say that one resource comes before another; saying it again changes nothing."""
    await conn.execute(upsert(prerequisites).values(asdict(new)).on_conflict_do_nothing())


async def remove(conn: Connection, guild_id: int, resource_id: int, needs_id: int) -> bool:
    """Say that one does not come before the other; False where nobody said so.

    Either may have been said of what was merged into them.
    """
    gone = await conn.execute(
        delete(prerequisites).where(
            prerequisites.c.guild_id == guild_id,
            prerequisites.c.resource_id.in_(stood_for(guild_id, resource_id)),
            prerequisites.c.needs_id.in_(stood_for(guild_id, needs_id)),
        )
    )
    return bool(gone.rowcount)


async def of(conn: Connection, guild_id: int) -> dict[int, frozenset[int]]:
    """Return what is to be finished before each live resource, as they stand now.

    What was merged or replaced counts as what stands for it; what is gone is needed no more.
    """
    (after, before), (last, first) = _both("asked"), _both("live")
    later, sooner = _now(after), _now(before)
    rows = await conn.execute(
        select(last.c.resource_id, first.c.resource_id.label("needs_id"))
        .select_from(prerequisites)
        .join(after, after.c.resource_id == prerequisites.c.resource_id)
        .join(before, before.c.resource_id == prerequisites.c.needs_id)
        .join(last, and_(last.c.resource_id == later, last.c.state == "live"))
        .join(first, and_(first.c.resource_id == sooner, first.c.state == "live"))
        .where(prerequisites.c.guild_id == guild_id, last.c.resource_id != first.c.resource_id)
        .order_by(prerequisites.c.created_at, first.c.resource_id)
    )
    found: dict[int, dict[int, None]] = {}
    for row in rows:
        found.setdefault(row.resource_id, {})[row.needs_id] = None
    return {number: frozenset(needed) for number, needed in found.items()}


async def said(conn: Connection, guild_id: int) -> dict[int, list[int]]:
    """Return what is to be finished before each resource, by the ids by which it was said."""
    rows = await conn.execute(
        select(prerequisites.c.resource_id, prerequisites.c.needs_id)
        .where(prerequisites.c.guild_id == guild_id)
        .order_by(prerequisites.c.resource_id, prerequisites.c.needs_id)
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.resource_id, []).append(row.needs_id)
    return found


def reached(needs: Mapping[int, Collection[int]], start: int) -> set[int]:
    """Return all that is to be finished before a resource, by way of others too, and itself."""
    found, left = {start}, [start]
    while left:
        new = set(needs.get(left.pop(), ())) - found
        found |= new
        left += new
    return found


def _both(name: str) -> tuple[Any, Any]:
    return resources.alias(f"{name}_after"), resources.alias(f"{name}_before")


def _now(one: Any) -> ColumnElement[int]:
    """Return what stands for a resource: itself, unless it was merged or replaced."""
    return func.coalesce(one.c.moved_to, one.c.resource_id)
