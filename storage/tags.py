"""A server's own tags, the resources that carry them, and what moderators changed."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select, true, update

from storage.connection import Connection
from storage.folding import words_of
from storage.records import Tag, TagChange, TagMove
from storage.schema import guilds, resources, tag_changes, tag_moves, tags, versions

_CHANGE = {
    "name": "tag",
    "other": "other_tag",
    "before": "tags_before",
    "made": "tags_made",
    "told": "told_words",
}
_MOVE = {"given": "given_tag", "taken": "taken_tags", "had": "had_tag"}


async def every(conn: Connection, guild_id: int) -> list[Tag]:
    """Return all tags of a guild, merged ones too, in the order in which they were made."""
    rows = await conn.execute(
        select(tags).where(tags.c.guild_id == guild_id).order_by(tags.c.tag_id)
    )
    return [Tag(**{**row._mapping, "aliases": tuple(row.aliases)}) for row in rows]


async def are_closed(conn: Connection, guild_id: int) -> bool:
    """Say whether resources carry only tags that moderators look after."""
    found = await conn.scalar(select(guilds.c.has_closed_tags).where(guilds.c.guild_id == guild_id))
    return bool(found)


async def version(conn: Connection, guild_id: int) -> int:
    """Return a number that is another one whenever tags have changed."""
    found = await conn.scalar(select(versions.c.catalogue).where(versions.c.guild_id == guild_id))
    return int(found or 0)


async def add(conn: Connection, new: Tag) -> int:
    """Store a new tag, under its own id where it has one, and return the id."""
    values = _values(new)
    if not new.tag_id:
        del values["tag_id"]
    found = await conn.execute(insert(tags).values(values).returning(tags.c.tag_id))
    return int(found.scalar_one())


async def change(conn: Connection, changed: Tag) -> None:
    """Store every field of a tag that exists."""
    await conn.execute(
        update(tags)
        .where(tags.c.guild_id == changed.guild_id, tags.c.tag_id == changed.tag_id)
        .values(_values(changed))
    )


async def remove(conn: Connection, guild_id: int, ids: Collection[int]) -> None:
    """Delete tags to which no other tag points any more."""
    await conn.execute(delete(tags).where(tags.c.guild_id == guild_id, tags.c.tag_id.in_(ids)))


# ------------------------------------------------------------------------------- changes


async def note(conn: Connection, done: TagChange) -> int:
    """Store what was done and return its id."""
    values = {_CHANGE.get(name, name): value for name, value in asdict(done).items()}
    del values["change_id"]
    statement = insert(tag_changes).values(values).returning(tag_changes.c.change_id)
    return int((await conn.execute(statement)).scalar_one())


async def changes(conn: Connection, guild_id: int, limit: int) -> list[TagChange]:
    """Return what was done to tags, the latest first, without what was undone."""
    rows = await conn.execute(
        select(tag_changes)
        .where(tag_changes.c.guild_id == guild_id, tag_changes.c.undone_at.is_(None))
        .order_by(tag_changes.c.change_id.desc())
        .limit(limit)
    )
    return [_change(row) for row in rows]


async def followed(conn: Connection, guild_id: int | None = None) -> list[TagChange]:
    """Return changes that resources still follow, of one guild or of all, the oldest first."""
    rows = await conn.execute(
        select(tag_changes)
        .where(
            tag_changes.c.followed_at.is_(None),
            true() if guild_id is None else tag_changes.c.guild_id == guild_id,
        )
        .order_by(tag_changes.c.guild_id, tag_changes.c.change_id)
    )
    return [_change(row) for row in rows]


async def mark_followed(
    conn: Connection, change_id: int, *, to: int, followed_at: float | None
) -> None:
    """Say up to which resource a change has been followed, and when by all."""
    await conn.execute(
        update(tag_changes)
        .where(tag_changes.c.change_id == change_id)
        .values(followed_to=to, followed_at=followed_at)
    )


async def mark_undone(conn: Connection, change_id: int, now: float) -> None:
    """Say that a change was undone; resources follow that, too."""
    await conn.execute(
        update(tag_changes)
        .where(tag_changes.c.change_id == change_id)
        .values(undone_at=now, followed_to=0, followed_at=None)
    )


async def moves(conn: Connection, change_id: int, after: int, n_resources: int) -> list[TagMove]:
    """Return which resources carry another tag since a change: the next ones after an id."""
    some = (
        select(tag_moves.c.resource_id)
        .distinct()
        .where(tag_moves.c.change_id == change_id, tag_moves.c.resource_id > after)
        .order_by(tag_moves.c.resource_id)
        .limit(n_resources)
    )
    rows = await conn.execute(
        select(tag_moves)
        .where(tag_moves.c.change_id == change_id, tag_moves.c.resource_id.in_(some))
        .order_by(tag_moves.c.resource_id)
    )
    names = {column: name for name, column in _MOVE.items()}
    return [
        TagMove(**{names.get(key, key): value for key, value in row._mapping.items()})
        for row in rows
    ]


async def note_moves(conn: Connection, moved: Sequence[TagMove]) -> None:
    """Store which resources carry another tag."""
    if moved:
        rows = [
            {_MOVE.get(name, name): value for name, value in asdict(one).items()} for one in moved
        ]
        await conn.execute(insert(tag_moves), rows)


async def n_moved(conn: Connection, change_id: int) -> int:
    """Return how many resources carry another tag since a change."""
    found = select(func.count(tag_moves.c.resource_id.distinct()))
    return int(await conn.scalar(found.where(tag_moves.c.change_id == change_id)) or 0)


async def drop_moves(conn: Connection, change_id: int, to: int) -> None:
    """Forget what was taken off resources up to an id: it is given back."""
    await conn.execute(
        delete(tag_moves).where(tag_moves.c.change_id == change_id, tag_moves.c.resource_id <= to)
    )


# ---------------------------------------------------------------------------- resources


async def carried_after(
    conn: Connection, guild_id: int, after: int, limit: int
) -> dict[int, tuple[str, ...]]:
    """Return the tags of the next resources after an id, in any state, in the order of ids."""
    rows = await conn.execute(
        select(resources.c.resource_id, resources.c.tags)
        .where(resources.c.guild_id == guild_id, resources.c.resource_id > after)
        .order_by(resources.c.resource_id)
        .limit(limit)
    )
    return {row.resource_id: tuple(row.tags) for row in rows}


async def carried_by(
    conn: Connection, guild_id: int, ids: Collection[int]
) -> dict[int, tuple[str, ...]]:
    """Return the tags of some resources."""
    rows = await conn.execute(
        select(resources.c.resource_id, resources.c.tags)
        .where(resources.c.guild_id == guild_id, resources.c.resource_id.in_(_listed(ids)))
        .order_by(resources.c.resource_id)
    )
    return {row.resource_id: tuple(row.tags) for row in rows}


async def put_on(conn: Connection, changed: dict[int, tuple[str, ...]], now: float) -> None:
    """Have resources carry other tags."""
    rows = await conn.execute(
        select(resources.c.resource_id, resources.c.title, resources.c.summary).where(
            resources.c.resource_id.in_(_listed(changed))
        )
    )
    values = [
        {
            "number": row.resource_id,
            "new": list(changed[row.resource_id]),
            "words": words_of(row.title, changed[row.resource_id], row.summary),
        }
        for row in rows
    ]
    if values:
        await conn.execute(
            update(resources)
            .where(resources.c.resource_id == bindparam("number"))
            .values(
                tags=bindparam("new", type_=resources.c.tags.type),
                folded=bindparam("words"),
                updated_at=now,
            ),
            values,
        )


def _listed(ids: Iterable[int]) -> Select[Any]:
    """Return ids as a query: one value however many, for a statement holds only so many."""
    listed = func.json_each(json.dumps(sorted(ids))).table_valued("value", name="listed")
    return select(listed.c.value)


def _change(row: Row[Any]) -> TagChange:
    names = {column: name for name, column in _CHANGE.items()}
    return TagChange(**{names.get(key, key): value for key, value in row._mapping.items()})


def _values(one: Tag) -> dict[str, Any]:
    return asdict(one) | {"aliases": list(one.aliases)}
