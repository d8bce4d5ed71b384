"""Which resources may be shown to a member, and the tags they carry."""

import operator
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    select,
    true,
)

from storage.catalog import is_open, occurs, passes, since
from storage.connection import Connection
from storage.folding import folded
from storage.records import Filters
from storage.schema import resources

_ANY = Filters()
NOBODY = -1
"""Stands in `Listed` where a resource needs no role to be shown, or nobody of the guild made
or added it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Every live resource of a guild by column, each a comma-separated text, ordered by id.

    ``names``, of the creators, ``tags`` and ``levels`` are JSON lists.
    """

    ids: str
    times: str
    creators: str
    adders: str
    roles: str
    languages: str
    names: str
    tags: str
    levels: str


async def listed(conn: Connection, guild_id: int, now: float) -> Listed:
    """Return what decides to whom a live resource may be shown; times as in `catalog.since`."""
    return Listed(*(await conn.execute(_listed(), {"guild": guild_id, "now": now})).one())


def _language_code() -> ColumnElement[int]:
    """Return a resource's language as a number, 0 for none; see `recommend.rules.language_code`."""
    first = func.unicode(resources.c.language)
    second = func.unicode(func.substr(resources.c.language, 2, 1))
    return func.coalesce(first, 0) * 256 + func.coalesce(second, 0)


@cache
def _listed() -> Select[Any]:
    part = (
        select(
            resources.c.resource_id.label("id"),
            cast(since(bindparam("now", type_=Float)), Integer).label("at"),
            func.coalesce(resources.c.creator_id, NOBODY).label("creator"),
            func.coalesce(resources.c.added_by, NOBODY).label("adder"),
            case(
                (resources.c.is_sold, NOBODY), else_=func.coalesce(resources.c.role_id, NOBODY)
            ).label("role"),
            _language_code().label("language"),
            resources.c.creator.label("name"),
            resources.c.tags.label("tags"),
            resources.c.level.label("level"),
        )
        .where(resources.c.guild_id == bindparam("guild"), resources.c.state == "live")
        .order_by(resources.c.resource_id)
        .subquery()
    )
    columns: list[Any] = [
        func.coalesce(func.aggregate_strings(cast(column, Text), ","), "")
        for column in part.c
        if column.name not in ("name", "tags", "level")
    ]
    listed = (part.c.name, func.json(part.c.tags), part.c.level)
    return select(*columns, *(cast(func.json_group_array(each), Text) for each in listed))


async def candidates(
    conn: Connection,
    guild_id: int,
    user_id: int | None = None,
    *,
    role_ids: Collection[int] | None = None,
    filters: Filters = _ANY,
) -> tuple[str, str]:
    """Return ids and publication times of what may be shown, each as comma-separated text.

    Text, because SQLite joins it outside the interpreter's lock and numpy parses it in one go:
    20,000 resources cost the event loop a few milliseconds.

    Parameters
    ----------
    user_id
        Whose own resources (made or added by them) are left out; None: nobody's.
    role_ids
        Roles the member has: a resource that needs another is left out; None: none is.

    Returns
    -------
    tuple of str
        Ids, and unix seconds, in the same order.
    """
    conditions = [
        resources.c.guild_id == guild_id,
        resources.c.state == "live",
        is_open(role_ids),
        passes(filters),
    ]
    if user_id is not None:
        conditions.append(resources.c.creator_id.is_distinct_from(user_id))
        conditions.append(resources.c.added_by.is_distinct_from(user_id))
    part = (
        select(resources.c.resource_id, cast(resources.c.published_at, Integer).label("at"))
        .where(and_(*conditions))
        .order_by(resources.c.resource_id)
        .subquery()
    )
    found = await conn.execute(
        select(
            func.coalesce(func.aggregate_strings(cast(part.c.resource_id, Text), ","), ""),
            func.coalesce(func.aggregate_strings(cast(part.c.at, Text), ","), ""),
        )
    )
    ids, times = found.one()
    return ids, times


async def sharing_tags(
    conn: Connection, guild_id: int, tags: Collection[str], limit: int, now: float
) -> list[int]:
    """Return live resources that carry any of `tags`, those with most of them first."""
    carries = [case((occurs(f"\n{folded(tag)}\n"), 1), else_=0) for tag in tags]
    if not carries:
        return []
    n_shared = reduce(operator.add, carries)
    rows = await conn.execute(
        select(resources.c.resource_id)
        .where(resources.c.guild_id == guild_id, resources.c.state == "live", n_shared > 0)
        .order_by(n_shared.desc(), since(now).desc(), resources.c.resource_id)
        .limit(limit)
    )
    return list(rows.scalars())


async def tags(
    conn: Connection, guild_id: int, *, role_ids: Collection[int] | None = None
) -> list[str]:
    """Return the tags of what may be shown, the most used first.

    ``role_ids`` as in `candidates`.
    """
    return list(await tags_used(conn, guild_id, role_ids=role_ids))


async def tags_used(
    conn: Connection, guild_id: int, *, role_ids: Collection[int] | None = None
) -> dict[str, int]:
    """Return on how much of what may be shown each tag is, the most used first."""
    tag = func.json_each(resources.c.tags).table_valued("value", name="tag")
    rows = await conn.execute(
        select(tag.c.value, func.count())
        .select_from(resources)
        .join(tag, true())
        .where(resources.c.guild_id == guild_id, resources.c.state == "live", is_open(role_ids))
        .group_by(tag.c.value)
        .order_by(func.count().desc(), tag.c.value)
    )
    return {name: n for name, n in rows}
