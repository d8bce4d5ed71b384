"""What is stored of how a server does."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.clock import Clock
from bot.dates import DAY_S
from bot.status.rules import Line as Line
from bot.status.rules import State as State
from storage import members, watching
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database
from storage.watching import Figures

WELCOME_WITHIN_S = 1.0 * DAY_S
"""For how long after meeting a server its moderators are greeted."""


@dataclass(frozen=True, slots=True)
class StatusService:
    """Looks; writes down only which servers were greeted."""

    database: Database
    clock: Clock

    async def figures(self, guild_id: int) -> tuple[Figures, bool]:
        """Return a guild's figures, and whether it has a channel for moderators."""
        async with self.database.read() as conn:
            found = await watching.figures(conn, self.clock().timestamp(), guild_id)
            guild = await members.guild(conn, guild_id)
        return found, guild.staff_channel_id is not None

    # --------------------------------------------------------------------------- the welcome

    async def to_welcome(self, guild_ids: Collection[int]) -> list[int]:
        """Return which of these servers the bot met lately and has not greeted.

        Those that it has known for longer are not greeted any more.
        """
        now, found = self.clock().timestamp(), []
        async with self.database.read() as conn:
            for guild_id in guild_ids:
                created_at = (await members.guild(conn, guild_id)).created_at
                is_met = bool(created_at) and now - created_at < WELCOME_WITHIN_S
                if is_met and await stored.value(conn, _welcome_key(guild_id)) is None:
                    found.append(guild_id)
        return found

    async def welcomed(self, guild_id: int) -> None:
        """Remember that a server was greeted, or that nobody there can be."""

        async def job(conn: Connection) -> None:
            await stored.set_value(conn, _welcome_key(guild_id), str(self.clock().timestamp()))

        await self.database.write(job)


def _welcome_key(guild_id: int) -> str:
    return f"welcome:{guild_id}"
