"""What a search index reads of a catalogue, or of a server's questions, and since when."""

import json
from collections.abc import AsyncIterator, Collection
from typing import Any, Literal, NamedTuple

from sqlalchemy import Select, func, select, text

from storage import deeds, standing
from storage.connection import Connection
from storage.records import EventKind
from storage.schema import (
    catalogue_changes,
    events,
    guilds,
    question_changes,
    questions,
    resources,
    versions,
)

Source = Literal["resources", "questions"]

_INTERESTED = (
    EventKind.OPEN,
    EventKind.REACTION,
    EventKind.MESSAGE,
    EventKind.COMMENT,
    EventKind.FOLLOW,
    EventKind.SAVE,
    EventKind.PURCHASE,
    EventKind.USEFUL,
    EventKind.LIKED,
    EventKind.STARTED,
    EventKind.DONE,
)
"""Kinds of what a member does to a resource that interests them."""
N_ROWS_PER_CHUNK = 2_000


class Version(NamedTuple):
    """What tells whether an index is up to date: how often its source changed, and synonyms."""

    n_changes: int
    synonyms: str


class Described(NamedTuple):
    """What a resource, or a question, is found by, whatever its state."""

    resource_id: int
    title: str
    tags: tuple[str, ...]
    creator: str = ""
    summary: str = ""
    kind: str = ""
    level: str | None = None


_SOURCES: dict[Source, tuple[Any, ...]] = {
    "resources": (resources, resources.c.resource_id, catalogue_changes, versions.c.catalogue),
    "questions": (questions, questions.c.question_id, question_changes, versions.c.questions),
}


async def version(conn: Connection, guild_id: int, of: Source = "resources") -> Version:
    """Return the version of a guild's catalogue, or of its questions."""
    count = select(_SOURCES[of][3]).where(versions.c.guild_id == guild_id)
    own = select(guilds.c.synonyms).where(guilds.c.guild_id == guild_id)
    found = (
        await conn.execute(
            select(
                func.coalesce(count.scalar_subquery(), 0),
                func.coalesce(own.scalar_subquery(), ""),
            )
        )
    ).one()
    return Version(*found)


async def count(conn: Connection, guild_id: int, of: Source = "resources") -> int:
    """Return how many resources, or questions, a guild has, in whatever state."""
    table = _SOURCES[of][0]
    found = await conn.scalar(
        select(func.count()).select_from(table).where(table.c.guild_id == guild_id)
    )
    return int(found or 0)


async def large(conn: Connection, at_least: int, limit: int) -> list[tuple[int, Source]]:
    """Return the guilds and sources that have so many documents, the largest first."""
    found: list[tuple[int, int, Source]] = []
    for of, (table, *_) in _SOURCES.items():
        n = func.count()
        rows = await conn.execute(
            select(n, table.c.guild_id).group_by(table.c.guild_id).having(n >= at_least)
        )
        found += ((n_there, guild_id, of) for n_there, guild_id in rows)
    return [(guild_id, of) for _, guild_id, of in sorted(found, reverse=True)[:limit]]


async def changed(
    conn: Connection, guild_id: int, after: int, of: Source = "resources"
) -> list[int]:
    """Return what changed, came or went after a count of `version`."""
    _, number, changes, _ = _SOURCES[of]
    found = await conn.execute(
        select(changes.c[number.name]).where(
            changes.c.guild_id == guild_id, changes.c.version > after
        )
    )
    return list(found.scalars())


async def described(
    conn: Connection,
    guild_id: int,
    ids: Collection[int] | None = None,
    of: Source = "resources",
) -> AsyncIterator[list[Described]]:
    """Yield what the guild's resources or questions, or those among `ids`, are found by."""
    table, number, _, _ = _SOURCES[of]
    columns = [table.c[name] for name in Described._fields[1:] if name in table.c]
    after = 0
    while True:
        statement = (
            select(number.label("resource_id"), *columns)
            .where(table.c.guild_id == guild_id, number > after)
            .order_by(number)
            .limit(N_ROWS_PER_CHUNK)
        )
        if ids is not None:
            wanted = sorted(one for one in ids if one > after)[:N_ROWS_PER_CHUNK]
            statement = statement.where(number.in_(wanted))
        rows = [
            Described(**row._mapping)._replace(tags=tuple(row.tags))
            for row in await conn.execute(statement)
        ]
        if rows:
            yield rows
        if len(rows) < N_ROWS_PER_CHUNK and (ids is None or len(wanted) < N_ROWS_PER_CHUNK):
            return
        after = wanted[-1] if ids is not None else rows[-1].resource_id


class Suited(NamedTuple):
    """What of a resource may suit a member; an empty language is unknown."""

    resource_id: int
    language: str
    level: str | None
    tags: tuple[str, ...]


async def suited(conn: Connection, guild_id: int, ids: Collection[int]) -> list[Suited]:
    """Return what of some resources may suit a member, in no order."""
    rows = await conn.execute(
        select(*(resources.c[name] for name in Suited._fields)).where(
            resources.c.guild_id == guild_id, resources.c.resource_id.in_(_listed(ids))
        )
    )
    return [
        Suited(
            resource_id=row.resource_id,
            language=row.language or "",
            level=row.level,
            tags=tuple(row.tags),
        )
        for row in rows
    ]


async def turned_to(conn: Connection, guild_id: int, user_id: int, limit: int) -> list[int]:
    """Return the resources that a member turned to last and did not take back."""
    last, number = func.max(events.c.event_id), standing.now(events.c.resource_id)
    rows = await conn.execute(
        select(number)
        .where(
            events.c.guild_id == guild_id,
            events.c.user_id == user_id,
            events.c.resource_id.is_not(None),
            events.c.kind.in_([int(kind) for kind in _INTERESTED]),
            deeds.stands(),
        )
        .group_by(number)
        .order_by(last.desc())
        .limit(limit)
    )
    return list(rows.scalars())


async def titles(conn: Connection, guild_id: int, ids: Collection[int]) -> dict[int, str]:
    """Return what some resources are called, by id."""
    rows = await conn.execute(
        select(resources.c.resource_id, resources.c.title).where(
            resources.c.guild_id == guild_id, resources.c.resource_id.in_(_listed(ids))
        )
    )
    return {resource_id: title for resource_id, title in rows}


async def used(conn: Connection, guild_id: int, ids: Collection[int]) -> dict[int, int]:
    """Return how many members saved each of some resources, without those that nobody did."""
    rows = await conn.execute(
        select(events.c.resource_id, func.count(events.c.user_id.distinct()))
        .where(
            events.c.guild_id == guild_id,
            events.c.resource_id.in_(_listed(ids)),
            text("kind IN (11, 12)"),  # in the words of the index that it asks
        )
        .group_by(events.c.resource_id)
    )
    return {resource_id: n for resource_id, n in rows}


def _listed(ids: Collection[int]) -> Select[tuple[int]]:
    """Return ids as one value, however many: a statement holds only so many."""
    listed = func.json_each(json.dumps(sorted(ids))).table_valued("value", name="listed")
    return select(listed.c.value)
