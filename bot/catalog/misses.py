"""Notes a search that found nothing good, for `bot.gaps`; of who is not tracked, nothing."""

from bot.catalog import rules
from bot.search.service import Asked
from storage import gaps, members
from storage.connection import Connection

MISSED_MAX = 200
"""So many different searches of a member that found nothing good are remembered."""


async def note(conn: Connection, asked: Asked, now: float) -> None:
    """Remember it, unless it was narrowed by filters or may be about something else."""
    user_id = asked.user_id
    if user_id is None or not asked.filters.is_any or not rules.is_worth_noting(asked.text):
        return
    if await members.untracked(conn, asked.guild_id, {user_id}):
        return
    if await gaps.count_of_member(conn, asked.guild_id, user_id, "missed") < MISSED_MAX:
        await gaps.speak(conn, asked.guild_id, user_id, asked.text, "missed", now)
