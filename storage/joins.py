"""What goes along when resources are merged, replaced, and parted again."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.schema import resource_joins, resources


async def move(conn: Connection, guild_id: int, from_id: int, to_id: int) -> None:
    """Have another resource stand for all that one stood for, and have its editions.

    What goes along is remembered; see `part`.
    """
    moved = await _ids(conn, resources.c.guild_id == guild_id, resources.c.moved_to == from_id)
    editions = await _ids(conn, resources.c.guild_id == guild_id, resources.c.edition_of == from_id)
    values = {
        "guild_id": guild_id,
        "moved_ids": moved,
        "edition_ids": [number for number in editions if number != to_id],
        "was_edition": to_id in editions,
    }
    statement = upsert(resource_joins).values(resource_id=from_id, **values)
    await conn.execute(statement.on_conflict_do_update(index_elements=["resource_id"], set_=values))
    await conn.execute(
        update(resources).where(resources.c.resource_id.in_(moved)).values(moved_to=to_id)
    )
    await follow_edition(conn, guild_id, from_id, to_id)
    if to_id in editions:
        await _set_edition(conn, [to_id], None)


async def part(conn: Connection, guild_id: int, from_id: int, to_id: int) -> None:
    """Give back what went along, as far as it is still where it went."""
    found = await conn.execute(
        select(resource_joins).where(
            resource_joins.c.guild_id == guild_id, resource_joins.c.resource_id == from_id
        )
    )
    row = found.one_or_none()
    if row is None:
        return
    await conn.execute(
        update(resources)
        .where(
            resources.c.guild_id == guild_id,
            resources.c.resource_id.in_(row.moved_ids),
            resources.c.moved_to == to_id,
        )
        .values(moved_to=from_id)
    )
    still = await _ids(
        conn, resources.c.resource_id.in_(row.edition_ids), resources.c.edition_of == to_id
    )
    first = await _ids(conn, resources.c.resource_id == to_id, resources.c.edition_of.is_(None))
    await _set_edition(conn, [*still, *(first if row.was_edition else [])], from_id)
    await conn.execute(delete(resource_joins).where(resource_joins.c.resource_id == from_id))


async def follow_edition(conn: Connection, guild_id: int, from_id: int, to_id: int) -> None:
    """Make the editions of one resource editions of another."""
    await conn.execute(
        update(resources)
        .where(
            resources.c.guild_id == guild_id,
            resources.c.edition_of == from_id,
            resources.c.resource_id != to_id,
        )
        .values(edition_of=to_id)
    )


async def _set_edition(conn: Connection, ids: Collection[int], of_id: int | None) -> None:
    await conn.execute(
        update(resources).where(resources.c.resource_id.in_(list(ids))).values(edition_of=of_id)
    )


async def _ids(conn: Connection, *conditions: ColumnElement[bool]) -> list[int]:
    rows = await conn.execute(
        select(resources.c.resource_id).where(*conditions).order_by(resources.c.resource_id)
    )
    return list(rows.scalars())
