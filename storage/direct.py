"""What the bot has written to members by itself, whatever for: conversations opened, letters begun.

Discord counts the former together, members the latter.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select, union_all

from storage import digests
from storage.connection import Connection
from storage.records import Begun
from storage.schema import deliveries, invitations, purchase_notices

LATE_S = 86_400.0
"""So long after it was claimed something may be sent still: Discord was out of reach."""


async def count_first(conn: Connection, since: float, *, until: float) -> int:
    """Return how many members got their first direct message between two moments."""
    n_digests = await digests.count_first(conn, since, until=until)
    n_invitations = await conn.scalar(
        select(func.count()).where(
            invitations.c.is_first,
            invitations.c.reach == "dm",
            invitations.c.claimed_at > since,
            invitations.c.claimed_at <= until,
            invitations.c.state != "failed",
        )
    )
    n_reminders = await conn.scalar(
        select(func.count()).where(
            purchase_notices.c.is_first,
            purchase_notices.c.claimed_at > since,
            purchase_notices.c.claimed_at <= until,
            purchase_notices.c.state != "failed",
        )
    )
    return n_digests + int(n_invitations or 0) + int(n_reminders or 0)


async def was_written_to(conn: Connection, guild_id: int, user_id: int) -> bool:
    """Say whether a digest or an invitation ever reached a member by direct message."""
    if await digests.was_ever_sent(conn, guild_id, user_id):
        return True
    found = await conn.execute(
        select(invitations.c.invitation_id)
        .where(
            invitations.c.guild_id == guild_id,
            invitations.c.user_id == user_id,
            invitations.c.reach == "dm",
            invitations.c.sent_at.is_not(None),
        )
        .limit(1)
    )
    return found.first() is not None


async def begun(
    conn: Connection, user_ids: Collection[int], since: float, until: float
) -> list[Begun]:
    """Return what was begun with members between two moments, by any server.

    A digest that its member asked for, and whatever was never sent, is not among it. What was
    claimed up to a day before and was late is.
    """
    since -= LATE_S
    purpose = case((purchase_notices.c.kind == "receipt", "receipt"), else_="reminder")
    found = union_all(
        _rows(deliveries, literal("digest")).where(
            deliveries.c.user_id.in_(list(user_ids)),
            deliveries.c.claimed_at.between(since, until),
            deliveries.c.state.in_(("claimed", "sent")),
            deliveries.c.period.not_like("now-%"),
        ),
        _rows(purchase_notices, purpose).where(
            purchase_notices.c.user_id.in_(list(user_ids)),
            purchase_notices.c.claimed_at.between(since, until),
            purchase_notices.c.state.in_(("claimed", "sent")),
            purchase_notices.c.kind.in_(("ending", "renewal", "receipt")),
        ),
        _rows(invitations, literal("invitation")).where(
            invitations.c.user_id.in_(list(user_ids)),
            invitations.c.claimed_at.between(since, until),
            invitations.c.reach == "dm",
            or_(invitations.c.state == "claimed", invitations.c.sent_at.is_not(None)),
        ),
    )
    return [Begun(*row) for row in await conn.execute(found)]


def _rows(of: Any, purpose: ColumnElement[str]) -> Select[Any]:
    at = func.coalesce(of.c.sent_at, of.c.claimed_at).label("at")
    is_on_its_way = (of.c.state == "claimed").label("is_on_its_way")
    return select(of.c.guild_id, of.c.user_id, purpose.label("purpose"), at, is_on_its_way)
