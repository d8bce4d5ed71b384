"""The topics that narrow a search: suggested as they are typed, and read from an option."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.search.service import SearchService
from storage import candidates
from storage.database import Database
from storage.records import Filters

TOPICS_MAX = 25


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Understands the topic of a search by the server's own tags."""

    database: Database
    words: SearchService

    async def topics(
        self, guild_id: int, typed: str, role_ids: Collection[int] | None
    ) -> list[str]:
        """Return the tags that fit what was typed so far, of what the member may see."""
        async with self.database.read() as conn:
            by_use = await candidates.tags(conn, guild_id, role_ids=role_ids)
            return await self.words.tags(conn, guild_id, by_use, typed, TOPICS_MAX)

    async def narrowed(self, guild_id: int, filters: Filters) -> Filters:
        """Return filters with the topic's name and its parts."""
        async with self.database.read() as conn:
            return await self.words.narrowed(conn, guild_id, filters)
