"""What members say of resources: marks, ratings with a sentence, and links that need a look."""

from collections.abc import Collection
from dataclasses import asdict
from functools import cache
from typing import Any, get_args

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from storage import keepings, standing
from storage.connection import Connection
from storage.consent import is_allowed
from storage.records import EventKind, Mark, Rating, Said, Voices
from storage.schema import events, link_checks, opinions, ratings, resources
from storage.standing import stood_for

_MET = (EventKind.OPEN, EventKind.STARTED, EventKind.DONE, EventKind.SOLVED, EventKind.COMMENT)
"""What shows that a member has seen what is behind a card."""


async def marks_of(conn: Connection, guild_id: int, user_id: int, resource_id: int) -> set[Mark]:
    """Return what a member says of a resource."""
    rows = await conn.execute(select(opinions.c.mark).where(_own(guild_id, user_id, resource_id)))
    return set(rows.scalars())


async def mark(
    conn: Connection, guild_id: int, user_id: int, resource_id: int, given: Mark, now: float
) -> None:
    """Store what a member says of a resource."""
    values = {"guild_id": guild_id, "resource_id": resource_id, "user_id": user_id}
    statement = upsert(opinions).values(**values, mark=given, given_at=now)
    await conn.execute(statement.on_conflict_do_nothing())


async def unmark(
    conn: Connection, guild_id: int, user_id: int, resource_id: int, taken: Collection[Mark]
) -> None:
    """Delete what a member said of a resource."""
    own = _own(guild_id, user_id, resource_id)
    await conn.execute(delete(opinions).where(own, opinions.c.mark.in_(taken)))


async def has_met(conn: Connection, guild_id: int, user_id: int, resource_id: int) -> bool:
    """Say whether a member has opened a resource, or otherwise seen what it is."""
    found = exists().where(
        events.c.guild_id == guild_id,
        events.c.user_id == user_id,
        events.c.resource_id.in_(stood_for(guild_id, resource_id)),
        events.c.kind.in_([int(kind) for kind in _MET]),
    )
    return bool(await conn.scalar(select(found)))


async def said(conn: Connection, guild_id: int, user_id: int, resource_id: int) -> Said:
    """Return all that a member says of a resource, and how far they are with it."""
    rated = await rating_of(conn, guild_id, user_id, resource_id)
    kept = await keepings.one(conn, guild_id, user_id, resource_id)
    return Said(
        marks=frozenset(await marks_of(conn, guild_id, user_id, resource_id)),
        stars=rated.stars if rated else None,
        has_sentence=bool(rated and rated.sentence),
        state=kept.state,
        has_note=bool(kept.note),
    )


async def rating_of(
    conn: Connection, guild_id: int, user_id: int, resource_id: int
) -> Rating | None:
    """Return a member's rating of a resource, the latest where it stands for others."""
    found = await _ratings(
        conn,
        ratings.c.guild_id == guild_id,
        ratings.c.resource_id.in_(stood_for(guild_id, resource_id)),
        ratings.c.user_id == user_id,
    )
    return found[0] if found else None


async def rating(conn: Connection, guild_id: int, rating_id: int) -> Rating | None:
    """Return a rating of the guild by its number."""
    found = await _ratings(conn, ratings.c.guild_id == guild_id, ratings.c.rating_id == rating_id)
    return found[0] if found else None


async def rate(conn: Connection, given: Rating) -> None:
    """Store a rating in the place of the member's last one of that resource."""
    values = asdict(given)
    del values["rating_id"]
    statement = upsert(ratings).values(values)
    key = ("guild_id", "resource_id", "user_id")
    changed = {name: value for name, value in values.items() if name not in key}
    await conn.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))


async def unrate(conn: Connection, guild_id: int, user_id: int, resource_id: int) -> None:
    """Delete a member's rating of a resource, and its sentence."""
    await conn.execute(
        delete(ratings).where(
            ratings.c.guild_id == guild_id,
            ratings.c.resource_id.in_(stood_for(guild_id, resource_id)),
            ratings.c.user_id == user_id,
        )
    )


async def change_rating(conn: Connection, rating_id: int, **changes: Any) -> None:
    """Set fields of a rating."""
    await conn.execute(update(ratings).where(ratings.c.rating_id == rating_id).values(**changes))


async def said_of(conn: Connection, guild_id: int, resource_id: int, limit: int) -> list[Rating]:
    """Return the ratings of a resource whose sentences others may read, the latest first."""
    return await _ratings(
        conn,
        ratings.c.guild_id == guild_id,
        ratings.c.resource_id.in_(stood_for(guild_id, resource_id)),
        ratings.c.state == "shown",
        limit=limit,
    )


async def waiting(conn: Connection, guild_id: int, limit: int) -> list[Rating]:
    """Return the ratings of a guild whose sentences wait for a moderator."""
    return await _ratings(
        conn, ratings.c.state == "waiting", ratings.c.guild_id == guild_id, limit=limit
    )


async def unposted(conn: Connection, limit: int = 20) -> list[Rating]:
    """Return sentences that no moderator was shown, of every guild."""
    return await _ratings(
        conn, ratings.c.state == "waiting", ratings.c.posted_at.is_(None), limit=limit
    )


async def voices(conn: Connection, guild_id: int, resource_id: int) -> Voices:
    """Return what the guild's members say of a resource."""
    bound = {"guild": guild_id, "resource": resource_id}
    given = (await conn.execute(_given(), bound)).mappings().first() or {}
    rated = (await conn.execute(_rated(), bound)).mappings().first() or {}
    return Voices(**{"resource_id": resource_id} | dict(given) | dict(rated))


async def ranking(conn: Connection, guild_id: int) -> list[Voices]:
    """Return what members say of every resource that anybody spoke of, where that may train."""
    found: dict[int, dict[str, int]] = {}
    for statement in (_given(is_ranking=True), _rated(is_ranking=True)):
        for row in (await conn.execute(statement, {"guild": guild_id})).mappings():
            found.setdefault(row["resource_id"], {}).update(row)
    return [Voices(**fields) for fields in found.values()]


async def mean_stars(conn: Connection, guild_id: int) -> tuple[int, int]:
    """Return how many ratings a guild has, and their stars in all."""
    statement = select(func.count(), func.coalesce(func.sum(ratings.c.stars), 0))
    n, stars = (await conn.execute(statement.where(ratings.c.guild_id == guild_id))).one()
    return int(n), int(stars)


# -------------------------------------------------------------------- links that need a look


async def ask_check(conn: Connection, guild_id: int, resource_id: int, now: float) -> None:
    """Ask whoever checks links to look at one soon; asking again changes nothing."""
    values = {"guild_id": guild_id, "resource_id": resource_id, "asked_at": now}
    await conn.execute(upsert(link_checks).values(values).on_conflict_do_nothing())


async def drop_check(conn: Connection, guild_id: int, resource_id: int) -> None:
    """Take that back, or say that it was done."""
    await conn.execute(
        delete(link_checks).where(
            link_checks.c.guild_id == guild_id, link_checks.c.resource_id == resource_id
        )
    )


async def checks_due(
    conn: Connection, guild_id: int | None = None, limit: int = 20
) -> list[tuple[int, int, str]]:
    """Return guild, resource and address of live resources to look at, those that wait longest.

    ``guild_id`` None is for every guild.
    """
    statement = (
        select(link_checks.c.guild_id, link_checks.c.resource_id, resources.c.url)
        .join(resources, resources.c.resource_id == link_checks.c.resource_id)
        .where(resources.c.state == "live")
        .order_by(link_checks.c.asked_at)
        .limit(limit)
    )
    if guild_id is not None:
        statement = statement.where(link_checks.c.guild_id == guild_id)
    return [(row.guild_id, row.resource_id, row.url) for row in await conn.execute(statement)]


async def checked(
    conn: Connection, guild_id: int, resource_id: int, *, is_alive: bool, looked_at: float
) -> None:
    """Say that a link was looked at; where it works, what was reported before is settled."""
    await drop_check(conn, guild_id, resource_id)
    if is_alive:
        await conn.execute(
            delete(opinions).where(
                opinions.c.guild_id == guild_id,
                opinions.c.resource_id.in_(stood_for(guild_id, resource_id)),
                opinions.c.mark == "broken",
                opinions.c.given_at <= looked_at,
            )
        )


# Statements are built once: building one costs the event loop more than running it.


@cache
def _given(*, is_ranking: bool = False) -> Select[Any]:
    number, own = standing.now(opinions.c.resource_id).label("resource_id"), opinions.c.user_id
    counts: list[Any] = [
        func.count(func.distinct(case((opinions.c.mark == name, own)))).label(name)
        for name in get_args(Mark)
    ]
    counts = [number, func.count(func.distinct(own)).label("n_members"), *counts]
    statement: Select[Any] = select(*counts)
    is_meant = _is_meant(opinions.c.resource_id)
    statement = statement.where(
        opinions.c.guild_id == bindparam("guild"),
        is_allowed(own, opinions.c.given_at) if is_ranking else is_meant,
    )
    return statement.group_by(number)


@cache
def _rated(*, is_ranking: bool = False) -> Select[Any]:
    """Count ratings and their stars; who rated two things that are one now counts once."""
    number = standing.now(ratings.c.resource_id).label("resource_id")
    latest = func.row_number().over(
        partition_by=(number, ratings.c.user_id), order_by=ratings.c.rated_at.desc()
    )
    own = (
        select(number, ratings.c.stars, latest.label("place"))
        .where(
            ratings.c.guild_id == bindparam("guild"),
            is_allowed(ratings.c.user_id, ratings.c.rated_at)
            if is_ranking
            else _is_meant(ratings.c.resource_id),
        )
        .subquery()
    )
    return (
        select(
            own.c.resource_id,
            func.count().label("n_ratings"),
            func.sum(own.c.stars).label("stars"),
        )
        .where(own.c.place == 1)
        .group_by(own.c.resource_id)
    )


def _is_meant(column: Any) -> ColumnElement[bool]:
    """Say that a row is about the resource that is asked for, or what it stands for."""
    moved = select(resources.c.resource_id).where(
        resources.c.guild_id == bindparam("guild"),
        resources.c.moved_to == bindparam("resource"),
    )
    return or_(column == bindparam("resource"), column.in_(moved))


def _own(guild_id: int, user_id: int, resource_id: int) -> ColumnElement[bool]:
    return (
        (opinions.c.guild_id == guild_id)
        & opinions.c.resource_id.in_(stood_for(guild_id, resource_id))
        & (opinions.c.user_id == user_id)
    )


async def _ratings(
    conn: Connection, *conditions: ColumnElement[bool], limit: int = 1
) -> list[Rating]:
    rows = await conn.execute(
        select(ratings).where(*conditions).order_by(ratings.c.rated_at.desc()).limit(limit)
    )
    return [Rating(**row._mapping) for row in rows]
