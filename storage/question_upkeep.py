"""What a tick has to look at: what falls quiet, waits, or was not seen since an absence."""

from sqlalchemy import or_, select, update

from storage.connection import Connection
from storage.questions import COLUMNS, question_of
from storage.records import Question
from storage.schema import questions


async def quiet(conn: Connection, before: float, limit: int) -> list[Question]:
    """Return open and answered questions without a word since a moment, the longest first."""
    rows = await conn.execute(
        select(*COLUMNS)
        .where(questions.c.state.in_(("open", "answered")), questions.c.last_word_at <= before)
        .order_by(questions.c.last_word_at)
        .limit(limit)
    )
    return [question_of(row) for row in rows]


async def staked(conn: Connection, before: float, limit: int) -> list[Question]:
    """Return questions asked before a moment whose bounty waits for an answer."""
    rows = await conn.execute(
        select(*COLUMNS)
        .where(questions.c.bounty_state == "staked", questions.c.asked_at <= before)
        .order_by(questions.c.asked_at)
        .limit(limit)
    )
    return [question_of(row) for row in rows]


async def unanswered(conn: Connection, before: float, limit: int) -> list[Question]:
    """Return open questions asked before a moment, the oldest first."""
    rows = await conn.execute(
        select(*COLUMNS)
        .where(questions.c.state == "open", questions.c.asked_at <= before)
        .order_by(questions.c.asked_at)
        .limit(limit)
    )
    return [question_of(row) for row in rows]


async def unshown(conn: Connection, limit: int, after: int = 0) -> list[Question]:
    """Return questions that their threads do not show as they are, by their ids."""
    rows = await conn.execute(
        select(*COLUMNS)
        .where(questions.c.is_shown.is_(False), questions.c.question_id > after)
        .order_by(questions.c.question_id)
        .limit(limit)
    )
    return [question_of(row) for row in rows]


async def to_check(
    conn: Connection, guild_id: int, before: float, since: float, limit: int
) -> list[Question]:
    """Return questions last seen in Discord before a moment, the longest ago first.

    Parameters
    ----------
    since
        What ended or slept before it, without a bounty that waits, is left out.
    """
    active = (questions.c.state.in_(("open", "answered")), questions.c.bounty_state == "staked")
    lately = (questions.c[name] >= since for name in ("last_word_at", "solved_at", "closed_at"))
    rows = await conn.execute(
        select(*COLUMNS)
        .where(
            questions.c.guild_id == guild_id,
            questions.c.checked_at < before,
            or_(*active, *lately),
        )
        .order_by(questions.c.checked_at, questions.c.question_id)
        .limit(limit)
    )
    return [question_of(row) for row in rows]


async def set_checked(conn: Connection, guild_id: int, question_id: int, at: float) -> None:
    """Say when a question was last seen in Discord."""
    await conn.execute(
        update(questions)
        .where(questions.c.guild_id == guild_id, questions.c.question_id == question_id)
        .values(checked_at=at)
    )


async def opened_otherwise(
    conn: Connection, guild_id: int, channel_id: int, *, is_open_to_all: bool
) -> list[int]:
    """Return the questions of a channel that say otherwise of who may read them, by id."""
    rows = await conn.execute(
        select(questions.c.question_id).where(
            questions.c.guild_id == guild_id,
            questions.c.channel_id == channel_id,
            questions.c.is_open_to_all.is_not(is_open_to_all),
        )
    )
    return list(rows.scalars())
