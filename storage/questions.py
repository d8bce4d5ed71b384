"""Questions, their answers, who has the same one, and what the bot wrote about them."""

from collections.abc import Collection
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.folding import words_of
from storage.records import (
    Answer,
    Question,
    QuestionPlace,
    QuestionSettings,
    QuestionState,
)
from storage.schema import (
    question_answers,
    question_followers,
    question_places,
    question_settings,
    questions,
)

COLUMNS = [questions.c[field.name] for field in fields(Question)]
ACTIVE: tuple[QuestionState, ...] = ("open", "answered", "stale")
"""Whoever asked still has the question."""


def question_of(row: Row[Any]) -> Question:
    """Return the question that a row of `COLUMNS` holds."""
    values = dict(row._mapping)
    return Question(**values | {"tags": tuple(values["tags"])})


# ---------------------------------------------------------------------------- settings


async def settings(conn: Connection, guild_id: int) -> QuestionSettings:
    """Return how a guild's questions are looked after, the defaults where nobody said."""
    found = await conn.execute(
        select(question_settings).where(question_settings.c.guild_id == guild_id)
    )
    row = found.one_or_none()
    return QuestionSettings(**row._mapping) if row else QuestionSettings(guild_id)


async def save_settings(conn: Connection, changed: QuestionSettings) -> None:
    """Store a guild's settings, replacing what was there."""
    values = asdict(changed)
    statement = upsert(question_settings).values(values)
    await conn.execute(statement.on_conflict_do_update(index_elements=["guild_id"], set_=values))


async def places(conn: Connection, guild_id: int | None = None) -> list[QuestionPlace]:
    """Return the channels that are watched, in a guild or in all."""
    statement = select(question_places).order_by(question_places.c.channel_id)
    if guild_id is not None:
        statement = statement.where(question_places.c.guild_id == guild_id)
    return [QuestionPlace(**row._mapping) for row in await conn.execute(statement)]


async def save_place(conn: Connection, place: QuestionPlace) -> None:
    """Watch a channel, or change the tags of one that is watched."""
    values = asdict(place)
    tags = {name: values[name] for name in ("solved_tag_id", "stale_tag_id")}
    statement = upsert(question_places).values(values)
    await conn.execute(
        statement.on_conflict_do_update(index_elements=["guild_id", "channel_id"], set_=tags)
    )


async def drop_place(conn: Connection, guild_id: int, channel_id: int) -> None:
    """Watch a channel no more; its questions stay."""
    await conn.execute(
        delete(question_places).where(
            question_places.c.guild_id == guild_id, question_places.c.channel_id == channel_id
        )
    )


# --------------------------------------------------------------------------- questions


def _values(question: Question) -> dict[str, Any]:
    values = asdict(question) | {"tags": list(question.tags)}
    values["folded"] = words_of(question.title, question.tags, "")
    if not values["question_id"]:
        del values["question_id"]
    return values


async def add(conn: Connection, question: Question) -> int | None:
    """Store a new question and return its id; None if its thread has one already."""
    values = _values(question) | {"checked_at": question.asked_at}
    statement = upsert(questions).values(values).on_conflict_do_nothing()
    found = await conn.execute(statement.returning(questions.c.question_id))
    number: int | None = found.scalar_one_or_none()
    return number


async def change(conn: Connection, question: Question) -> None:
    """Store every field of a question that exists."""
    await conn.execute(
        update(questions)
        .where(
            questions.c.guild_id == question.guild_id,
            questions.c.question_id == question.question_id,
        )
        .values(_values(question))
    )


async def question(conn: Connection, guild_id: int, question_id: int) -> Question | None:
    """Return one question of the guild."""
    return await _one(conn, questions.c.guild_id == guild_id, _is(question_id))


async def of_thread(conn: Connection, guild_id: int, thread_id: int) -> Question | None:
    """Return the question that a thread asks."""
    return await _one(conn, questions.c.guild_id == guild_id, questions.c.thread_id == thread_id)


def _is(question_id: int) -> ColumnElement[bool]:
    return questions.c.question_id == question_id


async def _one(conn: Connection, *conditions: ColumnElement[bool]) -> Question | None:
    row = (await conn.execute(select(*COLUMNS).where(*conditions))).one_or_none()
    return question_of(row) if row else None


async def by_ids(conn: Connection, guild_id: int, ids: Collection[int]) -> dict[int, Question]:
    """Return the guild's questions among `ids`, by id, in the order given."""
    rows = await conn.execute(
        select(*COLUMNS).where(questions.c.guild_id == guild_id, questions.c.question_id.in_(ids))
    )
    found = {row.question_id: question_of(row) for row in rows}
    return {number: found[number] for number in ids if number in found}


async def of_place(conn: Connection, guild_id: int, channel_id: int) -> list[Question]:
    """Return every question asked in a channel."""
    rows = await conn.execute(
        select(*COLUMNS).where(
            questions.c.guild_id == guild_id, questions.c.channel_id == channel_id
        )
    )
    return [question_of(row) for row in rows]


async def drop(conn: Connection, guild_id: int, question_id: int) -> None:
    """Forget a question and everything about it."""
    await conn.execute(delete(questions).where(questions.c.guild_id == guild_id, _is(question_id)))


async def known_threads(conn: Connection, guild_id: int) -> dict[int, int]:
    """Return the newest message looked at of each question that is not over, by thread."""
    rows = await conn.execute(
        select(questions.c.thread_id, questions.c.last_word_id, questions.c.state).where(
            questions.c.guild_id == guild_id
        )
    )
    return {thread_id: last_id for thread_id, last_id, _ in rows}


async def set_shown(
    conn: Connection, guild_id: int, question_id: int, *, is_shown: bool = True
) -> None:
    """Say whether a thread shows its question as it is."""
    await conn.execute(
        update(questions)
        .where(questions.c.guild_id == guild_id, _is(question_id))
        .values(is_shown=is_shown)
    )


async def listed(
    conn: Connection,
    guild_id: int,
    channel_ids: Collection[int],
    *,
    states: Collection[QuestionState],
    user_id: int | None = None,
    limit: int = 100,
) -> list[Question]:
    """Return questions of these channels and states, the oldest first."""
    conditions = [
        questions.c.guild_id == guild_id,
        questions.c.channel_id.in_(channel_ids),
        questions.c.state.in_(states),
    ]
    if user_id is not None:
        conditions.append(questions.c.user_id == user_id)
    rows = await conn.execute(
        select(*COLUMNS).where(*conditions).order_by(questions.c.asked_at).limit(limit)
    )
    return [question_of(row) for row in rows]


async def public(
    conn: Connection, guild_id: int, *, is_solved: bool, since: float, limit: int = 50
) -> list[Question]:
    """Return questions that everybody may read: the oldest that wait, or the newest solved ones."""
    wanted = (
        [questions.c.state == "solved", questions.c.solved_at >= since]
        if is_solved
        else [questions.c.state == "open", questions.c.asked_at >= since]
    )
    order = questions.c.solved_at.desc() if is_solved else questions.c.asked_at
    rows = await conn.execute(
        select(*COLUMNS)
        .where(questions.c.guild_id == guild_id, questions.c.is_open_to_all.is_(True), *wanted)
        .order_by(order)
        .limit(limit)
    )
    return [question_of(row) for row in rows]


async def n_answered(conn: Connection, guild_id: int, user_id: int) -> int:
    """Return how many answers of a member there are."""
    found = await conn.scalar(
        select(func.count()).where(
            question_answers.c.guild_id == guild_id, question_answers.c.user_id == user_id
        )
    )
    return int(found or 0)


async def involving(conn: Connection, guild_id: int, user_id: int, limit: int) -> list[Question]:
    """Return what a member asked, answered or has, too, the newest first."""
    answered = select(question_answers.c.question_id).where(
        question_answers.c.guild_id == guild_id, question_answers.c.user_id == user_id
    )
    follows = select(question_followers.c.question_id).where(
        question_followers.c.guild_id == guild_id, question_followers.c.user_id == user_id
    )
    is_theirs = or_(
        questions.c.user_id == user_id,
        questions.c.question_id.in_(answered),
        questions.c.question_id.in_(follows),
    )
    rows = await conn.execute(
        select(*COLUMNS)
        .where(questions.c.guild_id == guild_id, is_theirs)
        .order_by(questions.c.asked_at.desc())
        .limit(limit)
    )
    return [question_of(row) for row in rows]


async def solved(conn: Connection, guild_id: int) -> list[tuple[int, int, str]]:
    """Return id, channel and folded words of every solved question of the guild."""
    rows = await conn.execute(
        select(questions.c.question_id, questions.c.channel_id, questions.c.folded)
        .where(questions.c.guild_id == guild_id, questions.c.state == "solved")
        .order_by(questions.c.question_id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


# ----------------------------------------------------------------------------- answers


async def add_answer(conn: Connection, answer: Answer) -> bool:
    """Store an answer; False if it was there."""
    statement = upsert(question_answers).values(asdict(answer)).on_conflict_do_nothing()
    return (await conn.execute(statement)).rowcount > 0


async def change_answer(conn: Connection, answer: Answer) -> None:
    """Store every field of an answer that exists."""
    await conn.execute(
        update(question_answers)
        .where(_that(answer.guild_id, answer.message_id))
        .values(asdict(answer))
    )


def _that(guild_id: int, message_id: int) -> ColumnElement[bool]:
    return and_(
        question_answers.c.guild_id == guild_id, question_answers.c.message_id == message_id
    )


async def answer(conn: Connection, guild_id: int, message_id: int) -> Answer | None:
    """Return one answer."""
    found = await conn.execute(select(question_answers).where(_that(guild_id, message_id)))
    row = found.one_or_none()
    return Answer(**row._mapping) if row else None


async def answers(conn: Connection, question_id: int) -> list[Answer]:
    """Return a question's answers, the oldest first."""
    rows = await conn.execute(
        select(question_answers)
        .where(question_answers.c.question_id == question_id)
        .order_by(question_answers.c.written_at, question_answers.c.message_id)
    )
    return [Answer(**row._mapping) for row in rows]


async def answers_among(
    conn: Connection, guild_id: int, message_ids: Collection[int]
) -> list[Answer]:
    """Return those of the messages that are answers."""
    rows = await conn.execute(
        select(question_answers).where(
            question_answers.c.guild_id == guild_id,
            question_answers.c.message_id.in_(message_ids),
        )
    )
    return [Answer(**row._mapping) for row in rows]


async def drop_answer(conn: Connection, guild_id: int, message_id: int) -> None:
    """Forget an answer."""
    await conn.execute(delete(question_answers).where(_that(guild_id, message_id)))


# --------------------------------------------------------------------------- followers


async def toggle_follower(
    conn: Connection, guild_id: int, question_id: int, user_id: int, now: float
) -> bool:
    """Say that a member has the question too, or has not any more; return which."""
    mine = and_(
        question_followers.c.question_id == question_id, question_followers.c.user_id == user_id
    )
    if (await conn.execute(delete(question_followers).where(mine))).rowcount:
        return False
    await conn.execute(
        insert(question_followers).values(
            guild_id=guild_id, question_id=question_id, user_id=user_id, followed_at=now
        )
    )
    return True


async def n_followers(conn: Connection, ids: Collection[int]) -> dict[int, int]:
    """Return how many others have each question, too; those without any are missing."""
    rows = await conn.execute(
        select(question_followers.c.question_id, func.count())
        .where(question_followers.c.question_id.in_(ids))
        .group_by(question_followers.c.question_id)
    )
    return {question_id: n for question_id, n in rows}
