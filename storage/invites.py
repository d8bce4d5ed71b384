"""Invitations for buyers who are not in the server: which are due, which there are, which are over.

One is a row of `purchase_notices`, with its code.
"""

from typing import Any

from sqlalchemy import and_, exists, func, select, update

from storage.access import holds
from storage.connection import Connection
from storage.records import Reminder
from storage.schema import accesses
from storage.schema import purchase_notices as notices


def _same_access() -> Any:
    return and_(
        notices.c.guild_id == accesses.c.guild_id,
        notices.c.user_id == accesses.c.user_id,
        notices.c.product_id == accesses.c.product_id,
        notices.c.kind == "invite",
    )


async def due(
    conn: Connection, now: float, *, since: float, most: int, limit: int
) -> list[Reminder]:
    """Return who has something they bought, is not in the server, and has no invitation.

    Parameters
    ----------
    since
        Invitations made before this moment are over.
    most
        Who has had as many for a product gets no more.
    """
    has_one = exists().where(_same_access(), notices.c.claimed_at > since).correlate(accesses)
    n_had = select(func.count()).where(_same_access()).correlate(accesses).scalar_subquery()
    rows = await conn.execute(
        select(accesses.c.guild_id, accesses.c.user_id, accesses.c.product_id)
        .where(accesses.c.problem == "left", holds(now), ~has_one, n_had < most)
        .order_by(accesses.c.from_at, accesses.c.user_id)
        .limit(limit)
    )
    return [
        Reminder(
            guild_id=row.guild_id,
            user_id=row.user_id,
            kind="invite",
            product_id=row.product_id,
            about_at=now,
            claimed_at=now,
        )
        for row in rows
    ]


async def count(conn: Connection, guild_id: int, user_id: int) -> int:
    """Return how many invitations into a server somebody was ever made."""
    found = await conn.scalar(
        select(func.count()).where(
            notices.c.guild_id == guild_id,
            notices.c.user_id == user_id,
            notices.c.kind == "invite",
        )
    )
    return int(found or 0)


async def keep_code(conn: Connection, notice_id: int, code: str | None) -> None:
    """Remember how an invitation is called, or that it is there no more."""
    await conn.execute(update(notices).where(notices.c.notice_id == notice_id).values(code=code))


async def code(conn: Connection, notice_id: int) -> str | None:
    """Return how an invitation is called, None while it is not made."""
    found: str | None = await conn.scalar(
        select(notices.c.code).where(notices.c.notice_id == notice_id)
    )
    return found


async def open_ones(
    conn: Connection, guild_id: int, user_id: int, now: float, *, since: float
) -> list[tuple[int, str, float]]:
    """Return (product, code, made when) of the invitations that somebody can use now."""
    rows = await conn.execute(
        select(notices.c.product_id, notices.c.code, notices.c.claimed_at)
        .join(accesses, _same_access())
        .where(
            notices.c.guild_id == guild_id,
            notices.c.user_id == user_id,
            notices.c.code.is_not(None),
            notices.c.claimed_at > since,
            accesses.c.problem == "left",
            holds(now),
        )
        .order_by(notices.c.notice_id)
    )
    return [(row.product_id, row.code, row.claimed_at) for row in rows]


async def over(conn: Connection, now: float, *, since: float, limit: int) -> list[tuple[int, str]]:
    """Return (notice, code) of invitations of who has nothing of what they bought any more."""
    has = exists().where(_same_access(), holds(now)).correlate(notices)
    rows = await conn.execute(
        select(notices.c.notice_id, notices.c.code)
        .where(
            notices.c.kind == "invite",
            notices.c.code.is_not(None),
            notices.c.claimed_at > since,
            ~has,
        )
        .order_by(notices.c.notice_id)
        .limit(limit)
    )
    return [(row.notice_id, row.code) for row in rows]
