"""When moderators are told how things stand, and what that is: counts, and nobody's name."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage import deeds
from storage.connection import Connection
from storage.consent import is_allowed
from storage.orders import BY_HAND
from storage.records import Briefing, EventKind, Morning
from storage.schema import (
    accesses,
    briefings,
    events,
    experiments,
    link_checks,
    questions,
    ratings,
    redemptions,
    resources,
    snapshots,
    submissions,
)

WORTH = (EventKind.SAVE, EventKind.USEFUL, EventKind.LIKED, EventKind.DONE)


async def of(conn: Connection, guild_id: int) -> Briefing:
    """Return whether and when a guild's moderators are told."""
    row = (
        await conn.execute(select(briefings).where(briefings.c.guild_id == guild_id))
    ).one_or_none()
    return Briefing(**row._mapping) if row else Briefing(guild_id=guild_id)


async def wanted(conn: Connection) -> list[Briefing]:
    """Return the guilds that want to be told anything."""
    rows = await conn.execute(
        select(briefings).where(or_(briefings.c.hour.is_not(None), briefings.c.is_monthly))
    )
    return [Briefing(**row._mapping) for row in rows]


async def save(conn: Connection, one: Briefing) -> None:
    """Store when a guild is told."""
    values = asdict(one)
    await conn.execute(
        upsert(briefings)
        .values(values)
        .on_conflict_do_update(
            index_elements=["guild_id"],
            set_={name: each for name, each in values.items() if name != "guild_id"},
        )
    )


async def claim(conn: Connection, guild_id: int, *, day: str = "", month: str = "") -> bool:
    """Take a day, or a month, that is later than the last one; False where it is taken."""
    column, value = (briefings.c.day, day) if day else (briefings.c.month, month)
    found = await conn.execute(
        update(briefings)
        .where(briefings.c.guild_id == guild_id, column < value)
        .values({column: value})
    )
    return found.rowcount == 1


async def give_back(conn: Connection, one: Briefing, *, day: str = "", month: str = "") -> None:
    """Let a day, or a month, be taken again: nothing was posted."""
    column, value, before = (
        (briefings.c.day, day, one.day) if day else (briefings.c.month, month, one.month)
    )
    await conn.execute(
        update(briefings)
        .where(briefings.c.guild_id == one.guild_id, column == value)
        .values({column: before})
    )


async def morning(
    conn: Connection, guild_id: int, now: float, *, day_s: float, worth_s: float, enough: int
) -> Morning:
    """Return what waits, and what changed since ``day_s`` ago.

    Parameters
    ----------
    worth_s
        How far back it is counted what members found worth it.
    enough
        So many members make something worth a gem.
    """
    since = now - day_s
    unanswered = and_(
        questions.c.guild_id == guild_id,
        questions.c.state.in_(("open", "stale")),
        questions.c.first_answer_at.is_(None),
    )
    waiting = and_(submissions.c.guild_id == guild_id, submissions.c.state == "waiting")
    return Morning(
        asked=await _asked(conn, unanswered),
        n_asked=await _n(conn, unanswered),
        reviews=await _reviews(conn, waiting),
        n_reviews=await _n(conn, waiting),
        n_sentences=await _n(conn, ratings.c.guild_id == guild_id, ratings.c.state == "waiting"),
        n_reported=await _n(conn, *_reported(guild_id)),
        gems=await _gems(conn, guild_id, now - worth_s, enough),
        n_orders=await _n(conn, *_owed(guild_id)),
        n_roles=await _n_stuck(conn, guild_id),
        n_new=await _n(
            conn,
            resources.c.guild_id == guild_id,
            resources.c.state == "live",
            resources.c.created_at >= since,
        ),
        n_questions=await _n(conn, questions.c.guild_id == guild_id, questions.c.asked_at >= since),
        n_solved=await _n(conn, questions.c.guild_id == guild_id, questions.c.solved_at >= since),
        n_published=await _n(
            conn,
            submissions.c.guild_id == guild_id,
            submissions.c.state == "published",
            submissions.c.decided_at >= since,
        ),
        ended=await _n(
            conn,
            experiments.c.guild_id == guild_id,
            experiments.c.state == "ended",
            experiments.c.ended_at >= since,
        ),
        refit=await _refit(conn, guild_id, since),
    )


async def _n(conn: Connection, *conditions: ColumnElement[bool]) -> int:
    return int(await conn.scalar(select(func.count()).where(*conditions)) or 0)


async def _asked(
    conn: Connection, unanswered: ColumnElement[bool]
) -> tuple[tuple[str, int, float], ...]:
    rows = await conn.execute(
        select(questions.c.title, questions.c.thread_id, questions.c.asked_at)
        .where(unanswered, questions.c.is_open_to_all.is_(True))
        .order_by(questions.c.asked_at, questions.c.question_id)
        .limit(3)
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


async def _reviews(conn: Connection, waiting: ColumnElement[bool]) -> tuple[tuple[int, str], ...]:
    rows = await conn.execute(
        select(submissions.c.submission_id, submissions.c.fields["title"].as_string())
        .where(waiting)
        .order_by(submissions.c.submission_id)
        .limit(3)
    )
    return tuple((row[0], row[1] or "") for row in rows)


def _reported(guild_id: int) -> list[Any]:
    return [
        link_checks.c.guild_id == guild_id,
        link_checks.c.resource_id == resources.c.resource_id,
        resources.c.state == "live",
    ]


def _owed(guild_id: int) -> list[ColumnElement[bool]]:
    return [
        redemptions.c.guild_id == guild_id,
        redemptions.c.state == "owed",
        redemptions.c.kind.in_(BY_HAND),
    ]


async def _n_stuck(conn: Connection, guild_id: int) -> int:
    of_shop = await _n(
        conn,
        redemptions.c.guild_id == guild_id,
        redemptions.c.problem.is_not(None),
        redemptions.c.state.in_(("owed", "active")),
    )
    of_products = await _n(conn, accesses.c.guild_id == guild_id, accesses.c.problem.is_not(None))
    return of_shop + of_products


async def _gems(
    conn: Connection, guild_id: int, since: float, enough: int
) -> tuple[tuple[int, str, int], ...]:
    """Return what most members found worth it, of what is no gem and everybody may use."""
    number = deeds.standing_id()
    n_members = func.count(events.c.user_id.distinct()).label("n_members")
    worth = (
        select(number.label("resource_id"), n_members)
        .where(
            events.c.guild_id == guild_id,
            events.c.resource_id.is_not(None),
            events.c.kind.in_([int(kind) for kind in WORTH]),
            events.c.recorded_at >= since,
            events.c.is_imported.is_(False),
            is_allowed(events.c.user_id, events.c.occurred_at),
            deeds.stands(),
        )
        .group_by(number)
        .having(n_members >= enough)
        .subquery()
    )
    rows = await conn.execute(
        select(resources.c.resource_id, resources.c.title, worth.c.n_members)
        .join(worth, worth.c.resource_id == resources.c.resource_id)
        .where(
            resources.c.guild_id == guild_id,
            resources.c.state == "live",
            resources.c.is_gem.is_(False),
        )
        .order_by(worth.c.n_members.desc(), resources.c.resource_id)
        .limit(3),
        {"guild": guild_id},
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


async def _refit(conn: Connection, guild_id: int, since: float) -> str:
    found = await conn.scalar(
        select(snapshots.c.state)
        .where(snapshots.c.guild_id == guild_id, snapshots.c.created_at >= since)
        .order_by(snapshots.c.snapshot_id.desc())
        .limit(1)
    )
    return found or ""
