"""The rounds: sources whose turn it is are looked at, some at once; trouble is announced once.

A forum of the server is read here, for only Discord knows it: its threads' titles, tags and links,
and only while everybody may read them.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import aiohttp
import discord

from bot import channels, gateway
from bot.i18n import Speaker
from bot.sources import views
from bot.sources.looking import AT_ONCE, Post
from bot.sources.service import SourcesService
from storage.records import Source

log = logging.getLogger(__name__)

THREADS_MAX = 50


@dataclass(frozen=True, slots=True)
class SourcesRun:
    """Looks at what is due."""

    service: SourcesService
    client: discord.Client
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Look at every source whose turn it is; one's trouble is no other's."""
        turns = asyncio.Semaphore(AT_ONCE)

        async def take(source: Source) -> None:
            async with turns:
                try:
                    await self.look(source)
                except Exception:
                    log.exception("looking at source %d failed", source.source_id)

        await asyncio.gather(*(take(source) for source in await self.service.looking.due()))
        for source in await self.service.looking.to_announce():
            await self._announce(source)

    async def look(self, source: Source) -> None:
        """Look at one."""
        if source.kind != "forum":
            await self.service.looking.look(source)
            return
        guild = self.client.get_guild(source.guild_id) if self.client.is_ready() else None
        if guild is None or guild.unavailable:
            return
        forum = guild.get_channel(source.channel_id or 0)
        try:
            posts = await posts_of(forum) if isinstance(forum, discord.ForumChannel) else None
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("a forum waits for the next round: %s", error)
            return
        await self.service.looking.look_at_forum(source, posts)

    async def _announce(self, source: Source) -> None:
        """Post once that a source rests until a moderator looks at it."""
        channel_id = await self.service.staff_channel(source.guild_id)
        if channel_id is not None:
            texts = await self.speaker.to_guild(source.guild_id)
            nonce = f"src{source.source_id}.{int(source.looked_at or 0)}"[:25]
            arrived = await channels.post_to_staff(
                self.client,
                source.guild_id,
                channel_id,
                views.quarantined(source, texts),
                nonce,
                texts,
            )
            if arrived is None:
                return
        await self.service.looking.announced(source)


async def posts_of(forum: discord.ForumChannel) -> Sequence[Post] | None:
    """Return a forum's threads, the newest first; None where not everybody may read it."""
    if not channels.is_public(forum):
        return None
    threads = {thread.id: thread for thread in forum.threads}
    if forum.permissions_for(forum.guild.me).read_message_history:
        async with gateway.within():
            async for thread in forum.archived_threads(limit=THREADS_MAX):
                threads[thread.id] = thread
    newest = sorted(threads.values(), key=lambda thread: thread.id, reverse=True)
    return [_post(thread) for thread in newest[:THREADS_MAX]]


def _post(thread: discord.Thread) -> Post:
    begun = discord.utils.snowflake_time(thread.id)
    return Post(
        title=thread.name,
        url=f"https://discord.com/channels/{thread.guild.id}/{thread.id}",
        tags=tuple(tag.name for tag in thread.applied_tags),
        day=begun.date().isoformat(),
    )
