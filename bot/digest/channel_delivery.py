"""Posts the digests of channels: each claimed before it is posted, looked up after a crash."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import aiohttp
import discord

from bot import channels, dates, gateway, jobs
from bot.digest import channel_views, rules
from bot.digest.channel import ChannelDigests, ChannelPost
from bot.i18n import Speaker
from bot.messenger import UnreachableError
from bot.roles import DiscordRoles, Roles
from storage.records import ChannelLetter

log = logging.getLogger(__name__)

HISTORY_MAX = 2_000
"""What is not among so many messages may have arrived all the same: rather none than two."""
SKEW = timedelta(hours=1)

Known = Literal["there", "not there", "nobody knows", "too many"]


@dataclass(frozen=True, slots=True)
class ChannelDigestsRun:
    """Posts what is due."""

    service: ChannelDigests
    client: discord.Client
    speaker: Speaker
    roles: Roles

    async def tick(self, now: datetime) -> None:
        """Finish what a crash left, then post what is due."""
        left = await self.service.unfinished(now)
        await jobs.each("a channel's digest", left, lambda one: self._resume(one, now))
        if not self.client.is_ready():
            return

        async def deliver(one: Any) -> None:
            guild = self.client.get_guild(one.guild_id)
            if guild is None or guild.unavailable:
                return
            claimed = await self.service.claim(one, now)
            if claimed is not None:
                await self._post(*claimed)

        await jobs.each("a channel's digest", await self.service.due(now), deliver)

    async def _post(self, letter: ChannelLetter, shown: ChannelPost) -> None:
        guild = self.client.get_guild(letter.guild_id)
        if guild is None:
            return
        texts = await self.speaker.to_guild(letter.guild_id)
        shown = await self._of_who_is_there(letter.guild_id, shown)
        view = channel_views.post(guild.name, shown, texts)
        arrived = await channels.post(
            self.client, letter.guild_id, letter.channel_id, view, letter.nonce
        )
        if arrived is False:
            await self.service.mark(letter, "failed", "closed")
        elif arrived:
            await self.service.mark(letter, "sent")

    async def _of_who_is_there(self, guild_id: int, shown: ChannelPost) -> ChannelPost:
        """Thank those who are in the server still; nobody where nobody can tell."""
        thanked = shown.roundup.thanked
        there = set[int]()
        if thanked:
            try:
                there = {one.user_id for one in await self.roles.present(guild_id, thanked)}
            except UnreachableError as error:
                log.info("a channel's digest thanks nobody, for nobody can tell: %s", error)
        named = tuple(user_id for user_id in thanked if user_id in there)
        return replace(shown, roundup=replace(shown.roundup, thanked=named))

    async def _resume(self, letter: ChannelLetter, now: datetime) -> None:
        """Finish a digest whose sender is gone; rather none than two."""
        known = await self._look(letter, now)
        if known == "there":
            await self.service.mark(letter, "sent")
            return
        is_late = rules.fate(now.timestamp() - letter.claimed_at) == "give up"
        is_late |= known == "too many"
        shown = None if is_late else await self.service.again(letter, now)
        if shown is None:
            await self.service.mark(letter, "failed")
        elif known == "not there":
            await self._post(letter, shown)

    async def _look(self, letter: ChannelLetter, now: datetime) -> Known:
        """Look for a digest in its channel, by its button."""
        guild = self.client.get_guild(letter.guild_id) if self.client.is_ready() else None
        channel = guild.get_channel(letter.channel_id) if guild is not None else None
        if guild is None or guild.unavailable:
            return "nobody knows"
        if not isinstance(channel, discord.TextChannel):
            return "not there"
        if not channel.permissions_for(guild.me).read_message_history:
            return "nobody knows"
        since = rules.looked_for_since(dates.utc(letter.claimed_at), now) - SKEW
        n_read = 0
        marker = channel_views.own_id(letter.period)
        try:
            after = discord.utils.time_snowflake(since)
            async for page, _ in gateway.pages(self.client, channel, after):
                for message in page:
                    if message.author.id == guild.me.id and marker in _ids(message.components):
                        return "there"
                n_read += gateway.PAGE
                if n_read >= HISTORY_MAX:
                    return "too many"
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("whether a channel's digest arrived is asked again: %s", error)
            return "nobody knows"
        return "not there"


def posting(service: ChannelDigests, client: discord.Client, speaker: Speaker) -> ChannelDigestsRun:
    """Return what posts them over Discord."""
    roles = DiscordRoles(client)
    return ChannelDigestsRun(service=service, client=client, speaker=speaker, roles=roles)


def _ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if custom_id := getattr(component, "custom_id", None):
            yield custom_id
        yield from _ids(getattr(component, "children", ()))
