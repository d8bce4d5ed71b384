"""What members propose for the catalogue, and what experts are asked and say of it."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.records import Review, Submission
from storage.schema import ERASED, reviews, submissions


async def add(conn: Connection, new: Submission) -> int:
    """Store a new submission and return its id."""
    values = asdict(new)
    del values["submission_id"]
    statement = insert(submissions).values(values).returning(submissions.c.submission_id)
    return int((await conn.execute(statement)).scalar_one())


async def change(conn: Connection, submission_id: int, was: str, **changes: Any) -> bool:
    """Set fields of a submission in the state `was`; False where it is in another by now."""
    found = await conn.execute(
        update(submissions)
        .where(submissions.c.submission_id == submission_id, submissions.c.state == was)
        .values(**changes)
    )
    return bool(found.rowcount)


async def one(conn: Connection, guild_id: int, submission_id: int) -> Submission | None:
    """Return one submission of the guild."""
    found = await _found(
        conn, submissions.c.guild_id == guild_id, submissions.c.submission_id == submission_id
    )
    return found[0] if found else None


async def waiting_at(conn: Connection, guild_id: int, url_key: str) -> Submission | None:
    """Return what waits for a decision on a page."""
    found = await _found(
        conn,
        submissions.c.guild_id == guild_id,
        submissions.c.state == "waiting",
        submissions.c.url_key == url_key,
    )
    return found[0] if found else None


async def queue(conn: Connection, guild_id: int, limit: int) -> list[Submission]:
    """Return what waits for a decision, the oldest first."""
    return await _found(
        conn,
        submissions.c.guild_id == guild_id,
        submissions.c.state == "waiting",
        limit=limit,
    )


async def count_waiting(conn: Connection, guild_id: int, user_id: int | None = None) -> int:
    """Return how many submissions wait, of one member or of all."""
    conditions = [submissions.c.guild_id == guild_id, submissions.c.state == "waiting"]
    if user_id is not None:
        conditions.append(submissions.c.user_id == user_id)
    statement = select(func.count()).select_from(submissions).where(*conditions)
    return int((await conn.execute(statement)).scalar_one())


async def count_trusted(conn: Connection, guild_id: int, user_id: int, since: float) -> int:
    """Return how many of a member's submissions were published at once since a moment."""
    statement = select(func.count()).where(
        submissions.c.guild_id == guild_id,
        submissions.c.user_id == user_id,
        submissions.c.is_trusted,
        submissions.c.submitted_at >= since,
    )
    return int((await conn.execute(statement)).scalar_one())


async def of_member(
    conn: Connection, guild_id: int, user_id: int, limit: int = 10
) -> list[Submission]:
    """Return what a member submitted, the latest first, without drafts."""
    return await _found(
        conn,
        submissions.c.guild_id == guild_id,
        submissions.c.user_id == user_id,
        submissions.c.state != "draft",
        limit=limit,
        is_newest_first=True,
    )


async def outcomes(conn: Connection, guild_id: int, user_id: int, limit: int) -> list[bool]:
    """Return whether what somebody decided on was published, the latest decision first."""
    found = await conn.execute(
        select(submissions.c.state)
        .where(
            submissions.c.guild_id == guild_id,
            submissions.c.user_id == user_id,
            submissions.c.decided_by.is_not(None),
            submissions.c.state.in_(("published", "rejected")),
        )
        .order_by(submissions.c.decided_at.desc())
        .limit(limit)
    )
    return [state == "published" for state in found.scalars()]


async def finder_of(conn: Connection, guild_id: int, resource_id: int) -> int | None:
    """Return who proposed a resource, None where nobody did or they were erased."""
    found = await conn.execute(
        select(submissions.c.user_id).where(
            submissions.c.guild_id == guild_id, submissions.c.resource_id == resource_id
        )
    )
    user_id: int | None = found.scalars().first()
    return None if user_id == ERASED else user_id


async def unposted(conn: Connection, limit: int = 20) -> list[Submission]:
    """Return what moderators are to be shown, the oldest first, of every guild."""
    return await _found(
        conn,
        submissions.c.state == "waiting",
        submissions.c.posted_at.is_(None),
        limit=limit,
    )


async def untold(conn: Connection, before: float, limit: int = 20) -> list[Submission]:
    """Return decisions made before a moment of which the member has not heard."""
    return await _found(
        conn,
        submissions.c.decided_at <= before,
        submissions.c.told_at.is_(None),
        submissions.c.user_id != ERASED,
        submissions.c.state.in_(("published", "rejected")),
        limit=limit,
    )


async def sought(conn: Connection, limit: int = 100) -> list[Submission]:
    """Return what waits for reviews that experts are to be asked for, the oldest first."""
    return await _found(
        conn, submissions.c.state == "waiting", submissions.c.n_sought > 0, limit=limit
    )


async def drop_drafts(conn: Connection, before: float) -> None:
    """Delete what was begun before a moment and never submitted."""
    await conn.execute(
        delete(submissions).where(submissions.c.state == "draft", submissions.c.created_at < before)
    )


async def drop_draft(conn: Connection, submission_id: int) -> None:
    """Delete one that was never submitted."""
    await conn.execute(
        delete(submissions).where(
            submissions.c.submission_id == submission_id, submissions.c.state == "draft"
        )
    )


# ------------------------------------------------------------------------------- reviews


async def ask(conn: Connection, asked: Review) -> bool:
    """Remember that somebody is asked; False where they were before."""
    values = asdict(asked)
    del values["review_id"]
    found = await conn.execute(upsert(reviews).values(values).on_conflict_do_nothing())
    return bool(found.rowcount)


async def change_review(conn: Connection, review_id: int, **changes: Any) -> None:
    """Set fields of a review."""
    await conn.execute(update(reviews).where(reviews.c.review_id == review_id).values(**changes))


async def review_by(conn: Connection, submission_id: int, user_id: int) -> Review | None:
    """Return what one member is asked, or said, of a submission."""
    found = await _reviews(
        conn, reviews.c.submission_id == submission_id, reviews.c.user_id == user_id
    )
    return found[0] if found else None


async def reviews_of(conn: Connection, submission_id: int) -> list[Review]:
    """Return everybody's of a submission, asked and done, the first asked first."""
    return await _reviews(conn, reviews.c.submission_id == submission_id)


async def asked_of(conn: Connection, guild_id: int, user_id: int) -> list[Review]:
    """Return what a member is asked and has not done, of submissions that wait."""
    waiting = select(submissions.c.submission_id).where(
        submissions.c.guild_id == guild_id, submissions.c.state == "waiting"
    )
    return await _reviews(
        conn,
        reviews.c.guild_id == guild_id,
        reviews.c.user_id == user_id,
        reviews.c.reviewed_at.is_(None),
        reviews.c.submission_id.in_(waiting),
    )


async def untold_reviewers(conn: Connection, limit: int = 20) -> list[Review]:
    """Return who has not been notified yet that they are asked."""
    return await _reviews(
        conn,
        reviews.c.told_at.is_(None),
        reviews.c.reviewed_at.is_(None),
        limit=limit,
    )


async def _found(
    conn: Connection,
    *conditions: ColumnElement[bool],
    limit: int = 1,
    is_newest_first: bool = False,
) -> list[Submission]:
    order = submissions.c.submission_id
    rows = await conn.execute(
        select(submissions)
        .where(*conditions)
        .order_by(order.desc() if is_newest_first else order)
        .limit(limit)
    )
    return [_submission(row) for row in rows]


async def _reviews(
    conn: Connection, *conditions: ColumnElement[bool], limit: int = 50
) -> list[Review]:
    rows = await conn.execute(
        select(reviews).where(*conditions).order_by(reviews.c.review_id).limit(limit)
    )
    return [Review(**row._mapping) for row in rows]


def _submission(row: Row[Any]) -> Submission:
    return Submission(**row._mapping)
