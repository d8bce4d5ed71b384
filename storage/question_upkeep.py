"""What a tick has to look at: what falls quiet, waits, or was not seen since an absence."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from storage.connection import Connection
from storage.questions import COLUMNS, question_of
from storage.records import Question
from storage.schema import questions


async def quiet(conn: Connection, before: float, limit: int) -> list[Question]:
    """Return open and answered questions without a word since a moment, the longest first."""
    at = questions.c.last_word_at
    return await _first(
        conn, limit, questions.c.state.in_(("open", "answered")), at <= before, by=(at,)
    )


async def staked(conn: Connection, before: float, limit: int) -> list[Question]:
    """Return questions asked before a moment whose bounty waits for an answer."""
    at = questions.c.asked_at
    return await _first(conn, limit, questions.c.bounty_state == "staked", at <= before, by=(at,))


async def unanswered(conn: Connection, before: float, limit: int) -> list[Question]:
    """Return open questions asked before a moment, the oldest first."""
    at = questions.c.asked_at
    return await _first(conn, limit, questions.c.state == "open", at <= before, by=(at,))


async def unshown(conn: Connection, limit: int, after: int = 0) -> list[Question]:
    """Return questions that their threads do not show as they are, by their ids."""
    number = questions.c.question_id
    return await _first(conn, limit, questions.c.is_shown.is_(False), number > after, by=(number,))


async def unshow(conn: Connection, guild_id: int, channel_id: int) -> None:
    """Have what ended in a channel shown again, where its thread is awake."""
    await conn.execute(
        update(questions)
        .where(
            questions.c.guild_id == guild_id,
            questions.c.channel_id == channel_id,
            questions.c.state.in_(("solved", "stale")),
            questions.c.is_asleep.is_(False),
        )
        .values(is_shown=False)
    )


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
    at = questions.c.checked_at
    return await _first(
        conn,
        limit,
        questions.c.guild_id == guild_id,
        at < before,
        or_(*active, *lately),
        by=(at, questions.c.question_id),
    )


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


async def _first(
    conn: Connection, limit: int, *conditions: ColumnElement[bool], by: Sequence[ColumnElement[Any]]
) -> list[Question]:
    rows = await conn.execute(select(*COLUMNS).where(*conditions).order_by(*by).limit(limit))
    return [question_of(row) for row in rows]
