"""What is stored of how a server does."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.status.rules import Line as Line
from bot.status.rules import State as State
from storage import members, watching
from storage.database import Database
from storage.watching import Figures


@dataclass(frozen=True, slots=True)
class StatusService:
    """Looks; writes nothing."""

    database: Database
    clock: Clock

    async def figures(self, guild_id: int) -> tuple[Figures, bool]:
        """Return a guild's figures, and whether it has a channel for moderators."""
        async with self.database.read() as conn:
            found = await watching.figures(conn, self.clock().timestamp(), guild_id)
            guild = await members.guild(conn, guild_id)
        return found, guild.staff_channel_id is not None
