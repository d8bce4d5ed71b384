"""How many conversations the bot has opened lately, whatever for: Discord counts them together."""

from sqlalchemy import func, select

from storage import digests
from storage.connection import Connection
from storage.schema import invitations, purchase_notices


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
