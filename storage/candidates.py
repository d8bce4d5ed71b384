"""Which resources may be shown to a member, and the tags they carry."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Integer, Text, and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import ResourceKind
from storage.schema import resources


async def candidates(
    conn: AsyncConnection,
    guild_id: int,
    user_id: int | None = None,
    *,
    role_ids: Collection[int] | None = None,
    words: Sequence[str] = (),
    kind: ResourceKind | str | None = None,
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
    words
        Each must occur in title, summary or a tag.

    Returns
    -------
    tuple of str
        Ids, and unix seconds, in the same order.
    """
    conditions = [
        resources.c.guild_id == guild_id,
        resources.c.state == "live",
        *(_occurs(word) for word in words),
    ]
    if user_id is not None:
        conditions.append(resources.c.creator_id.is_distinct_from(user_id))
        conditions.append(resources.c.added_by.is_distinct_from(user_id))
    if role_ids is not None:
        needed = resources.c.role_id
        conditions.append(or_(needed.is_(None), needed.in_(list(role_ids))))
    if kind is not None:
        conditions.append(resources.c.kind == kind)
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
    conn: AsyncConnection, guild_id: int, tags: Collection[str], limit: int
) -> list[int]:
    """Return live resources that carry any of `tags`, those with most of them first."""
    tag = func.json_each(resources.c.tags).table_valued("value", name="tag")
    rows = await conn.execute(
        select(resources.c.resource_id)
        .select_from(resources)
        .join(tag, tag.c.value.in_(list(tags)))
        .where(resources.c.guild_id == guild_id, resources.c.state == "live")
        .group_by(resources.c.resource_id)
        .order_by(func.count().desc(), resources.c.published_at.desc(), resources.c.resource_id)
        .limit(limit)
    )
    return list(rows.scalars())


async def tags(conn: AsyncConnection, guild_id: int, words: str, limit: int = 25) -> list[str]:
    """Return tags of live resources that contain `words`, the most used first."""
    tag = func.json_each(resources.c.tags).table_valued("value", name="tag")
    rows = await conn.execute(
        select(tag.c.value)
        .select_from(resources)
        .join(tag, tag.c.value.icontains(words, autoescape=True))
        .where(resources.c.guild_id == guild_id, resources.c.state == "live")
        .group_by(tag.c.value)
        .order_by(func.count().desc(), tag.c.value)
        .limit(limit)
    )
    return list(rows.scalars())


def _occurs(word: str) -> ColumnElement[bool]:
    # json_each, not LIKE on the column: JSON text may hold Chinese as \u escapes.
    tag = func.json_each(resources.c.tags).table_valued("value", name="tag")
    return or_(
        resources.c.title.icontains(word, autoescape=True),
        resources.c.summary.icontains(word, autoescape=True),
        select(tag.c.value).where(tag.c.value.icontains(word, autoescape=True)).exists(),
    )
