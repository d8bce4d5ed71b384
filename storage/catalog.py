"""Resources, and which message shows which of them."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.folding import words_of
from storage.records import Filters, Resource, ResourceState
from storage.schema import resource_messages, resources

_LOOKUP_BATCH = 500
_HOPS_MAX = 5
_DERIVED = ("url_key", "folded")
_COLUMNS = [column for column in resources.c if column.name not in _DERIVED]
_LIVE: tuple[ResourceState, ...] = ("live",)
_ANY = Filters()


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


async def change_all(conn: Connection, changed: Sequence[tuple[Resource, str]]) -> None:
    """Store every field of many resources that exist, each with its normalised URL."""
    if not changed:
        return
    names = {column.name: f"new_{column.name}" for column in resources.c}
    rows = [{names[name]: value for name, value in _values(*one).items()} for one in changed]
    await conn.execute(
        update(resources)
        .where(
            resources.c.guild_id == bindparam(names["guild_id"]),
            resources.c.resource_id == bindparam(names["resource_id"]),
        )
        .values(
            {
                column.name: bindparam(names[column.name], type_=column.type)
                for column in resources.c
                if column.name not in ("guild_id", "resource_id")
            }
        ),
        rows,
    )


async def forget_words(conn: Connection, guild_id: int, resource_id: int) -> None:
    """Retire a resource, leaving nothing of what it was called and where."""
    await conn.execute(
        update(resources)
        .where(resources.c.guild_id == guild_id, resources.c.resource_id == resource_id)
        .values(
            state="retired",
            title="",
            summary="",
            tags=[],
            folded="",
            url="",
            url_key=literal("gone ") + cast(resources.c.resource_id, Text),
        )
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


async def standing(conn: Connection, guild_id: int, resource_id: int) -> Resource | None:
    """Return a resource, or what stands for it since it was retired."""
    found = await resource(conn, guild_id, resource_id)
    for _ in range(_HOPS_MAX):
        if found is None or found.state == "live" or found.moved_to is None:
            break
        found = await resource(conn, guild_id, found.moved_to)
    return found


async def standing_for(
    conn: Connection, guild_id: int, ids: Collection[int]
) -> dict[int, Resource]:
    """Return what stands now for each of some resources, where anything does, by their ids."""
    known = await by_ids(conn, guild_id, ids)
    moved = {one.moved_to for one in known.values() if one.state != "live" and one.moved_to}
    known |= await by_ids(conn, guild_id, moved - known.keys())
    found = {}
    for number in ids:
        one = known.get(number)
        if one is not None and one.state != "live":
            one = known.get(one.moved_to or 0)
        if one is not None and one.state == "live":
            found[number] = one
    return found


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


async def keyed(
    conn: Connection, guild_id: int, keys: Collection[str] | None = None
) -> dict[str, Resource]:
    """Return resources of the guild, live or retired, by their normalised URLs; None: all."""
    asked: ColumnElement[bool] = true()
    if keys is not None:
        listed = func.json_each(json.dumps(list(keys))).table_valued("value", name="listed")
        asked = resources.c.url_key.in_(select(listed.c.value))
    rows = await conn.execute(
        select(resources.c.url_key, *_COLUMNS).where(resources.c.guild_id == guild_id, asked)
    )
    return {row.url_key: _record(row) for row in rows}


async def add_all(conn: Connection, new: Sequence[tuple[Resource, str]]) -> None:
    """Store many new resources, each with its normalised URL, in one statement."""
    if new:
        await conn.execute(insert(resources), [_values(*one) for one in new])


async def narrowed(
    conn: Connection,
    guild_id: int,
    ids: Iterable[int] | None,
    *,
    filters: Filters = _ANY,
    limit: int = 25,
    offset: int = 0,
    role_ids: Collection[int] | None = None,
    states: Collection[ResourceState] = _LIVE,
    now: float | None = None,
    folds: bool = False,
) -> list[Resource]:
    """Return those resources among `ids` that may be shown, in their order.

    Parameters
    ----------
    ids
        None: all, the newest first.
    role_ids
        Roles of whoever asks: resources that need another role are left out. None: all.
    now
        By which a date to come is none, see `since`.
    folds
        Of the editions of a work only the first is returned.
    """
    statement = select(*_COLUMNS).where(
        resources.c.guild_id == guild_id,
        resources.c.state.in_(states),
        passes(filters),
        is_open(role_ids),
    )
    order: tuple[ColumnElement[Any], ...]
    order = since(now).desc(), resources.c.resource_id.desc()
    if ids is not None:
        # One value however many ids: a statement holds only so many.
        wanted = func.json_each(json.dumps(list(ids))).table_valued("key", "value", name="wanted")
        statement = statement.join(wanted, wanted.c.value == resources.c.resource_id)
        order = (wanted.c.key,)
    if folds:
        work = func.coalesce(resources.c.edition_of, resources.c.resource_id)
        place = func.row_number().over(order_by=order).label("place")
        among = func.row_number().over(partition_by=work, order_by=order).label("among")
        part = statement.add_columns(place, among).subquery()
        folded = select(*(part.c[column.name] for column in _COLUMNS))
        statement, order = folded.where(part.c.among == 1), (part.c.place,)
    rows = await conn.execute(statement.order_by(*order).limit(limit).offset(offset))
    return [_record(row) for row in rows]


def passes(filters: Filters) -> ColumnElement[bool]:
    """Say that a resource is known to be what the filters ask for."""
    asked = [
        resources.c.kind == filters.kind if filters.kind else None,
        resources.c.level == filters.level if filters.level else None,
        func.substr(resources.c.language, 1, 2) == filters.language[:2]
        if filters.language
        else None,
        resources.c.minutes <= filters.minutes_max if filters.minutes_max is not None else None,
        _costs(filters.is_free) if filters.is_free is not None else None,
        resources.c.is_gem == filters.is_gem if filters.is_gem is not None else None,
        _carries(filters.within) if filters.within else None,
    ]
    return and_(true(), *(one for one in asked if one is not None))


def _carries(tags: Collection[str]) -> ColumnElement[bool]:
    own = func.json_each(resources.c.tags).table_valued("value", name="own")
    found = select(literal(1)).select_from(own).where(own.c.value.in_(list(tags)))
    return found.correlate(resources).exists()


def _costs(is_free: bool) -> ColumnElement[bool]:
    return resources.c.is_free if is_free else resources.c.price_minor > 0


def is_open(role_ids: Collection[int] | None) -> ColumnElement[bool]:
    """Say that a resource may be shown to who has these roles; None: to whom whatever.

    What is sold is shown to everybody, as `bot.links.service.may_use` says.
    """
    if role_ids is None:
        return true()
    has_role = resources.c.role_id.in_(list(role_ids))
    return or_(resources.c.role_id.is_(None), resources.c.is_sold, has_role)


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


async def resources_of_messages(
    conn: Connection, guild_id: int, message_ids: Collection[int]
) -> dict[int, int]:
    """Return the ids of the resources that messages show, by message."""
    if not message_ids:
        return {}
    found = await conn.execute(
        select(resource_messages.c.message_id, resource_messages.c.resource_id).where(
            resource_messages.c.guild_id == guild_id,
            resource_messages.c.message_id.in_(message_ids),
        )
    )
    return {message_id: resource_id for message_id, resource_id in found}


def since(now: float | ColumnElement[float] | None) -> ColumnElement[float]:
    """Return `storage.records.Resource.since` as SQL; None takes every date as it stands."""
    published: ColumnElement[float] = resources.c.published_at
    if now is None:
        return published
    return case((published <= now, published), else_=resources.c.created_at)


def occurs(word: str) -> ColumnElement[bool]:
    """Say that a folded word occurs in a resource's title, tags or summary."""
    return func.instr(resources.c.folded, word) > 0


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
