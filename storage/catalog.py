"""Resources, and which message shows which of them."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    bindparam,
    case,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.folding import folded, words_of
from storage.records import Resource, ResourceKind, ResourceState
from storage.schema import resource_messages, resources

WORDS_MAX = 8
"""Words of a search that count; the rest of a long question is ignored."""
_LOOKUP_BATCH = 500
_DERIVED = ("url_key", "folded")
_COLUMNS = [column for column in resources.c if column.name not in _DERIVED]
_LIVE: tuple[ResourceState, ...] = ("live",)


async def add(conn: Connection, resource: Resource, url_key: str | None = None) -> int:
    """Store a new resource and return its id.

    Parameters
    ----------
    url_key
        The normalised URL (`bot.catalog.rules.url_key`), by which a second entry of the same
        page is refused; None where ``resource.url`` is known to be in that form.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        The guild has a resource with that `url_key` already.
    """
    statement = insert(resources).values(_values(resource, url_key))
    return int((await conn.execute(statement.returning(resources.c.resource_id))).scalar_one())


async def change(conn: Connection, resource: Resource, url_key: str | None = None) -> None:
    """Store every field of a resource that exists, found by guild and id.

    ``url_key`` as in `add`, but None leaves the one that is stored.
    """
    values = _values(resource, url_key)
    if url_key is None:
        del values["url_key"]
    await conn.execute(
        update(resources)
        .where(
            resources.c.guild_id == resource.guild_id,
            resources.c.resource_id == resource.resource_id,
        )
        .values(values)
    )


async def rekey(conn: Connection, key_of: Callable[[str], str]) -> list[tuple[Resource, Resource]]:
    """Store every resource's key again, as `key_of` its URL; no row is lost.

    Returns
    -------
    list of (Resource, Resource)
        What has become one page: the one that has the key now, live before retired and the
        oldest first, and another, whose key is made different by its id.
    """
    rows = await conn.execute(
        select(resources.c.url_key, *_COLUMNS).order_by(resources.c.state, resources.c.resource_id)
    )
    first: dict[tuple[int, str], Resource] = {}
    moved: list[dict[str, Any]] = []
    doubled = []
    for row in rows:
        one = _record(row)
        key = key_of(one.url)
        holder = first.setdefault((one.guild_id, key), one)
        if holder is not one:
            doubled.append((holder, one))
            key = f"{key} {one.resource_id}"  # no key that is an address holds a space
        if key != row.url_key:
            moved.append({"id": one.resource_id, "key": key})
    # By way of keys that nothing has: the new one of a row may be the old one of another.
    way = update(resources).where(resources.c.resource_id == bindparam("id"))
    if moved:
        await conn.execute(way.values(url_key=literal(" ") + bindparam("key")), moved)
        await conn.execute(way.values(url_key=bindparam("key")), moved)
    return doubled


async def resource(conn: Connection, guild_id: int, resource_id: int) -> Resource | None:
    """Return one resource of the guild, live or retired."""
    return (await by_ids(conn, guild_id, (resource_id,))).get(resource_id)


async def by_ids(conn: Connection, guild_id: int, ids: Iterable[int]) -> dict[int, Resource]:
    """Return the guild's resources among `ids`, live or retired, by id."""
    wanted, found = list(dict.fromkeys(ids)), {}
    for start in range(0, len(wanted), _LOOKUP_BATCH):
        rows = await conn.execute(
            select(*_COLUMNS).where(
                resources.c.guild_id == guild_id,
                resources.c.resource_id.in_(wanted[start : start + _LOOKUP_BATCH]),
            )
        )
        found.update({row.resource_id: _record(row) for row in rows})
    return found


async def live(conn: Connection, guild_id: int) -> list[Resource]:
    """Return every live resource of the guild, oldest row first."""
    rows = await conn.execute(
        select(*_COLUMNS)
        .where(resources.c.guild_id == guild_id, resources.c.state == "live")
        .order_by(resources.c.resource_id)
    )
    return [_record(row) for row in rows]


async def by_url_key(conn: Connection, guild_id: int, url_key: str) -> Resource | None:
    """Return the guild's resource at a normalised URL, live or retired."""
    row = (
        await conn.execute(
            select(*_COLUMNS).where(
                resources.c.guild_id == guild_id, resources.c.url_key == url_key
            )
        )
    ).one_or_none()
    return _record(row) if row else None


async def keyed(conn: Connection, guild_id: int) -> dict[str, Resource]:
    """Return every resource of the guild, live or retired, by its normalised URL."""
    rows = await conn.execute(
        select(resources.c.url_key, *_COLUMNS).where(resources.c.guild_id == guild_id)
    )
    return {row.url_key: _record(row) for row in rows}


async def add_all(conn: Connection, new: Sequence[tuple[Resource, str]]) -> None:
    """Store many new resources, each with its normalised URL, in one statement."""
    if new:
        await conn.execute(insert(resources), [_values(*one) for one in new])


async def search(
    conn: Connection,
    guild_id: int,
    words: str,
    *,
    kind: ResourceKind | str | None = None,
    limit: int = 25,
    offset: int = 0,
    role_ids: Collection[int] | None = None,
    states: Collection[ResourceState] = _LIVE,
    now: float | None = None,
) -> list[Resource]:
    """Return resources in which every word occurs, titles first, then the newest.

    Parameters
    ----------
    words
        Free text, split at white space. A word may occur inside title, tags, summary or
        creator, so Chinese needs no word breaks; case and width of letters make no difference. No
        words: everything, newest first.
    role_ids
        Roles of whoever asks: resources that need another role are left out. None: all.
    now
        By which a date to come is none, see `since`.
    """
    split = folded(words).split()[:WORDS_MAX]
    names = await _creators(conn, guild_id) if split else []
    conditions = [
        resources.c.guild_id == guild_id,
        resources.c.state.in_(states),
        *(or_(occurs(word), _is_by(word, names)) for word in split),
    ]
    if kind is not None:
        conditions.append(resources.c.kind == kind)
    if role_ids is not None:
        conditions.append(
            or_(resources.c.role_id.is_(None), resources.c.role_id.in_(list(role_ids)))
        )
    rows = await conn.execute(
        select(*_COLUMNS)
        .where(and_(*conditions))
        .order_by(
            _rank(" ".join(split), split),
            since(now).desc(),
            resources.c.resource_id.desc(),
        )
        .limit(limit)
        .offset(offset)
    )
    return [_record(row) for row in rows]


async def remember_message(
    conn: Connection,
    guild_id: int,
    message_id: int,
    channel_id: int,
    resource_id: int,
    now: float,
) -> None:
    """Remember that a message shows a resource, so that reactions to it count as interest."""
    await conn.execute(
        upsert(resource_messages)
        .values(
            guild_id=guild_id,
            message_id=message_id,
            channel_id=channel_id,
            resource_id=resource_id,
            posted_at=now,
        )
        .on_conflict_do_nothing()
    )


async def resource_of_message(conn: Connection, guild_id: int, message_id: int) -> int | None:
    """Return the id of the resource a message shows."""
    found = await conn.execute(
        select(resource_messages.c.resource_id).where(
            resource_messages.c.guild_id == guild_id,
            resource_messages.c.message_id == message_id,
        )
    )
    return found.scalar_one_or_none()


async def _creators(conn: Connection, guild_id: int) -> list[tuple[str, str]]:
    """Return the names of creators, each folded and as it stands.

    They are folded here, not stored so: erasing a creator empties one column, and no other.
    """
    found = await conn.execute(
        select(resources.c.creator)
        .distinct()
        .where(resources.c.guild_id == guild_id, resources.c.creator != "")
    )
    return [(folded(name), name) for name in found.scalars()]


def _is_by(word: str, names: list[tuple[str, str]]) -> ColumnElement[bool]:
    wanted = [name for plain, name in names if word in plain]
    if not wanted:
        return false()
    # One value however many names: a statement holds only so many.
    listed = func.json_each(json.dumps(wanted)).table_valued("value", name="name")
    return resources.c.creator.in_(select(listed.c.value))


def since(now: float | ColumnElement[float] | None) -> ColumnElement[float]:
    """Return `storage.records.Resource.since` as SQL; None takes every date as it stands."""
    published: ColumnElement[float] = resources.c.published_at
    if now is None:
        return published
    return case((published <= now, published), else_=resources.c.created_at)


def occurs(word: str) -> ColumnElement[bool]:
    """Say that a folded word occurs in a resource's title, tags or summary."""
    return func.instr(resources.c.folded, word) > 0


def _rank(phrase: str, split: list[str]) -> ColumnElement[int]:
    if not split:
        return literal(0)
    words = resources.c.folded
    title_ends, tags_end = func.instr(words, "\n"), func.instr(words, "\n\n")
    places = [func.instr(words, word) for word in split]
    return case(
        (func.instr(words, phrase + "\n") == 1, 0),
        (func.instr(words, phrase) == 1, 1),
        (func.instr(words, phrase).between(1, title_ends), 2),
        (and_(*(place.between(1, title_ends) for place in places)), 3),
        (and_(*(place.between(1, tags_end) for place in places)), 4),
        else_=5,
    )


def _values(resource: Resource, url_key: str | None) -> dict[str, Any]:
    values = asdict(resource) | {
        "tags": list(resource.tags),
        "url_key": url_key or resource.url,
        "folded": words_of(resource.title, resource.tags, resource.summary),
    }
    if not values["resource_id"]:
        del values["resource_id"]
    return values


def _record(row: Row[Any]) -> Resource:
    values = dict(row._mapping)
    values.pop("url_key", None)
    values["tags"] = tuple(values["tags"])
    return Resource(**values)
