"""Digests of channels: where one is wanted, that each week has one, and what it is made of."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import and_, case, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage import deeds, identity
from storage.connection import Connection
from storage.consent import is_allowed
from storage.records import ChannelDigest, ChannelLetter, ChannelLetterState, EventKind
from storage.schema import (
    channel_digests,
    channel_letters,
    events,
    guilds,
    questions,
)
from storage.schema import question_answers as answers

GOOD = (EventKind.SAVE, EventKind.USEFUL, EventKind.LIKED, EventKind.DONE)
"""What says that something was worth it."""
FIRST = (EventKind.OPEN, *GOOD)


async def setting(conn: Connection, guild_id: int) -> ChannelDigest | None:
    """Return where and when a guild's digest is posted."""
    query = select(channel_digests).where(channel_digests.c.guild_id == guild_id)
    row = (await conn.execute(query)).one_or_none()
    return ChannelDigest(**row._mapping) if row else None


async def save(conn: Connection, wanted: ChannelDigest) -> None:
    """Store where and when, replacing what was there."""
    values = asdict(wanted)
    await conn.execute(
        upsert(channel_digests)
        .values(values)
        .on_conflict_do_update(
            index_elements=["guild_id"],
            set_={name: each for name, each in values.items() if name != "guild_id"},
        )
    )


async def drop(conn: Connection, guild_id: int) -> bool:
    """Have none posted any more; False where none was."""
    query = delete(channel_digests).where(channel_digests.c.guild_id == guild_id)
    return (await conn.execute(query)).rowcount == 1


async def set_problem(conn: Connection, guild_id: int, problem: str | None) -> None:
    """Remember what is wrong with a guild's channel; None for nothing."""
    await conn.execute(
        update(channel_digests)
        .where(channel_digests.c.guild_id == guild_id)
        .values(problem=problem)
    )


async def due(conn: Connection, now: float) -> list[ChannelDigest]:
    """Return the guilds whose moment has come, the longest waiting first."""
    rows = await conn.execute(
        select(channel_digests)
        .where(channel_digests.c.due_at <= now)
        .order_by(channel_digests.c.due_at)
    )
    return [ChannelDigest(**row._mapping) for row in rows]


async def misplanned(conn: Connection, now: float, latest: float) -> list[ChannelDigest]:
    """Return what is planned by a time zone that is the guild's no more, or for too late."""
    zone = func.coalesce(guilds.c.time_zone, "UTC")
    rows = await conn.execute(
        select(channel_digests)
        .outerjoin(guilds, guilds.c.guild_id == channel_digests.c.guild_id)
        .where(
            channel_digests.c.due_at > now,
            or_(channel_digests.c.due_zone != zone, channel_digests.c.due_at > latest),
        )
    )
    return [ChannelDigest(**row._mapping) for row in rows]


async def claim(conn: Connection, wanted: ChannelLetter) -> bool:
    """Store a guild's digest of a week; False if that is there already."""
    found = await conn.execute(
        upsert(channel_letters).values(asdict(wanted)).on_conflict_do_nothing()
    )
    return found.rowcount == 1


async def is_taken(conn: Connection, guild_id: int, period: str) -> bool:
    """Say whether a guild's week has a digest, whatever became of it."""
    found = await conn.execute(
        select(channel_letters.c.period).where(
            channel_letters.c.guild_id == guild_id, channel_letters.c.period == period
        )
    )
    return found.first() is not None


async def sent_at(conn: Connection, guild_id: int) -> float:
    """Return when a guild's newest digest was posted, or was to be; 0 for never."""
    moment = func.coalesce(channel_letters.c.sent_at, channel_letters.c.claimed_at)
    found = await conn.scalar(
        select(func.max(moment)).where(
            channel_letters.c.guild_id == guild_id,
            channel_letters.c.state.in_(("claimed", "sent")),
        )
    )
    return float(found or 0.0)


async def claimed(conn: Connection) -> list[ChannelLetter]:
    """Return what nobody has marked yet, the oldest first."""
    rows = await conn.execute(
        select(channel_letters)
        .where(channel_letters.c.state == "claimed")
        .order_by(channel_letters.c.claimed_at)
    )
    return [ChannelLetter(**row._mapping) for row in rows]


async def mark(
    conn: Connection, letter: ChannelLetter, state: ChannelLetterState, sent_at: float | None
) -> None:
    """Move a claimed digest to `state`, unless it was marked before."""
    await conn.execute(
        update(channel_letters)
        .where(
            channel_letters.c.guild_id == letter.guild_id,
            channel_letters.c.period == letter.period,
            channel_letters.c.state == "claimed",
        )
        .values(state=state, sent_at=sent_at)
    )


async def useful(
    conn: Connection, guild_id: int, since: float, limit: int
) -> list[tuple[int, int]]:
    """Return what most members found worth it since a moment, as (resource, members)."""
    n_members = func.count(events.c.user_id.distinct())
    number = deeds.standing_id()
    rows = await conn.execute(
        select(number, n_members)
        .where(*_done(guild_id, since), events.c.kind.in_(GOOD))
        .group_by(number)
        .order_by(n_members.desc(), number)
        .limit(limit),
        {"guild": guild_id},
    )
    return [(row[0], row[1]) for row in rows]


async def first_picks(
    conn: Connection, guild_id: int, since: float, limit: int
) -> list[tuple[int, int]]:
    """Return what members who are new since a moment opened first, as (resource, members)."""
    later = events.alias()
    known_before = (
        select(later.c.event_id)
        .where(
            later.c.guild_id == guild_id,
            later.c.user_id == events.c.user_id,
            later.c.occurred_at < since,
        )
        .exists()
    )
    first = (
        select(
            events.c.user_id,
            deeds.standing_id().label("resource_id"),
            func.row_number()
            .over(partition_by=events.c.user_id, order_by=(events.c.occurred_at, events.c.event_id))
            .label("place"),
        )
        .where(*_done(guild_id, since), events.c.kind.in_(FIRST), ~known_before)
        .subquery()
    )
    n_members = func.count()
    rows = await conn.execute(
        select(first.c.resource_id, n_members)
        .where(first.c.place == 1)
        .group_by(first.c.resource_id)
        .order_by(n_members.desc(), first.c.resource_id)
        .limit(limit),
        {"guild": guild_id},
    )
    return [(row[0], row[1]) for row in rows]


def _done(guild_id: int, since: float) -> Sequence[Any]:
    """Say that a member did something to a resource since a moment, which stands.

    And which they allow to count for others: a channel shows it to everybody.
    """
    return (
        events.c.guild_id == guild_id,
        events.c.recorded_at >= since,
        events.c.occurred_at >= since,
        events.c.resource_id.is_not(None),
        events.c.is_imported.is_(False),
        is_allowed(events.c.user_id, events.c.occurred_at),
        deeds.stands(),
    )


async def helpers(conn: Connection, guild_id: int, since: float) -> list[tuple[int, int, int]]:
    """Return who answered questions that everybody may read, as (member, questions, accepted).

    Their own questions do not count.
    """
    accepted = func.sum(case((answers.c.accepted_at >= since, 1), else_=0))
    rows = await conn.execute(
        select(answers.c.user_id, func.count(answers.c.question_id.distinct()), accepted)
        .join(questions, questions.c.question_id == answers.c.question_id)
        .where(
            answers.c.guild_id == guild_id,
            or_(answers.c.written_at >= since, answers.c.accepted_at >= since),
            answers.c.user_id != 0,
            and_(
                questions.c.is_open_to_all.is_(True),
                questions.c.user_id != answers.c.user_id,
                questions.c.state == "solved",
            ),
        )
        .group_by(answers.c.user_id)
        .order_by(answers.c.user_id)
    )
    return [(row[0], row[1], int(row[2] or 0)) for row in rows]


def channels(path: Path) -> dict[int, int]:
    """Return each guild's channel from a file that may be in use; {} without one."""
    if identity.look(path).state != "ours":
        return {}
    with closing(identity.opened(path)) as connection:
        return dict(
            connection.execute(
                "SELECT guild_id, channel_id FROM channel_digests ORDER BY guild_id"
            ).fetchall()
        )
