"""What members name in an option: topics as they type, titles, and the resource that is meant."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot import ids
from bot.clock import Clock
from bot.errors import UserError
from bot.recommend import rules
from bot.recommend.arrays import Shelf
from bot.search.service import Asked, SearchService
from storage import candidates
from storage.connection import Connection
from storage.database import Database
from storage.folding import folded
from storage.records import Resource

TAGS_MAX = 25
"""Tags suggested at once."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Understands what was typed into ``topic`` and ``resource``."""

    database: Database
    clock: Clock
    words: SearchService

    async def topics(self, guild_id: int, typed: str, role_ids: Collection[int]) -> list[str]:
        """Return the tags that fit what was typed so far, of what the member may use."""
        async with self.database.read() as conn:
            by_use = await candidates.tags(conn, guild_id, role_ids=role_ids)
            return await self.words.tags(conn, guild_id, by_use, typed, TAGS_MAX)

    async def interests(
        self, conn: Connection, guild_id: int, told: Sequence[str], shelf: Shelf
    ) -> tuple[str, ...]:
        """Return the server's topics that a member's interests stand for, each once.

        What is no topic may be another word for one, as "c++" is for cpp, or name some; an interest
        that nothing is about is none that a list could heed.
        """
        found: list[str] = []
        for word, tag in zip(told, rules.interest_tags(told), strict=True):
            topic = shelf.named(tag)
            if len(shelf.carrying(topic)):
                found.append(topic)
            else:
                found += await self.words.topics_in(conn, guild_id, word, shelf.by_topic)
        return tuple(dict.fromkeys(found))

    async def titled(
        self, guild_id: int, text: str, role_ids: Collection[int], *, is_typing: bool = False
    ) -> list[Resource]:
        """Return up to 25 resources the member may use that fit a text."""
        asked = Asked(guild_id=guild_id, text=text, role_ids=role_ids, is_typing=is_typing)
        async with self.database.read() as conn:
            return (await self.words.resources(conn, asked, self.clock().timestamp())).resources

    async def meant(self, guild_id: int, text: str, role_ids: Collection[int]) -> int:
        """Return the id of the suggestion that was chosen, or of whose title or number was typed.

        Raises
        ------
        UserError
            No resource, or more than one, is called so.
        """
        number = ids.chosen(text)
        if number is not None:
            return number
        found = await self.titled(guild_id, text, role_ids)
        titled = [one for one in found if folded(one.title) == folded(text.strip())]
        if len(titled) == 1:
            return titled[0].resource_id
        number = ids.whole(text.strip())
        if found or number is None:
            raise UserError("error-recommend-unknown")
        return number
