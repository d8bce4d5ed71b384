"""What the bot wrote about questions: claimed before it is sent, each kind once a question."""

from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.records import PostKind, QuestionPost
from storage.schema import question_posts


async def of(conn: Connection, question_id: int) -> dict[PostKind, QuestionPost]:
    """Return what the bot wrote about a question, by kind."""
    rows = await conn.execute(
        select(question_posts).where(question_posts.c.question_id == question_id)
    )
    return {row.kind: QuestionPost(**row._mapping) for row in rows}


async def claim(
    conn: Connection, guild_id: int, question_id: int, kind: PostKind, now: float
) -> QuestionPost | None:
    """Claim what is to be written once; None if it was claimed before."""
    made = QuestionPost(
        guild_id=guild_id, question_id=question_id, kind=kind, state="claimed", claimed_at=now
    )
    values = asdict(made)
    del values["post_id"]
    statement = upsert(question_posts).values(values).on_conflict_do_nothing()
    row = (await conn.execute(statement.returning(question_posts))).one_or_none()
    return QuestionPost(**row._mapping) if row else None


async def mark(conn: Connection, post_id: int, state: str, message_id: int | None = None) -> None:
    """Say what became of a claimed post."""
    await conn.execute(
        update(question_posts)
        .where(question_posts.c.post_id == post_id)
        .values(state=state, message_id=message_id)
    )


async def claimed(conn: Connection, before: float) -> list[QuestionPost]:
    """Return posts claimed before a moment of which nobody said what became."""
    rows = await conn.execute(
        select(question_posts)
        .where(question_posts.c.state == "claimed", question_posts.c.claimed_at <= before)
        .order_by(question_posts.c.claimed_at)
    )
    return [QuestionPost(**row._mapping) for row in rows]


async def drop(conn: Connection, guild_id: int, message_id: int) -> None:
    """Take note that a message of the bot's was deleted: its card is not posted again."""
    await conn.execute(
        update(question_posts)
        .where(question_posts.c.guild_id == guild_id, question_posts.c.message_id == message_id)
        .values(state="failed", message_id=None)
    )


async def is_posted(conn: Connection, guild_id: int, message_ids: Collection[int]) -> bool:
    """Say whether one of the messages is the bot's own about a question."""
    found = await conn.execute(
        select(question_posts.c.post_id)
        .where(question_posts.c.guild_id == guild_id, question_posts.c.message_id.in_(message_ids))
        .limit(1)
    )
    return found.first() is not None
