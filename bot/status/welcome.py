"""The one message to moderators of a server that has the bot for the first time."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import discord

from bot import channels, jobs
from bot.i18n import Speaker
from bot.status import views
from bot.status.service import StatusService

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WelcomeRun:
    """Greets the servers that `StatusService` finds to be greeted, while the bot is connected."""

    service: StatusService
    client: discord.Client
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Greet whoever was not greeted yet."""
        if not self.client.is_ready():
            return
        there = {guild.id: guild for guild in self.client.guilds if not guild.unavailable}
        new = await self.service.to_welcome(there)
        await jobs.each("a welcome", new, lambda guild_id: self._greet(there[guild_id]))

    async def _greet(self, guild: discord.Guild) -> None:
        """Post where moderators read, else where Discord posts its own notices."""
        view = views.welcome(await self.speaker.to_guild(guild.id))
        for channel_id in _places(guild):
            is_sent = await channels.post(
                self.client, guild.id, channel_id, view, f"w{guild.id % 10**16}"
            )
            if is_sent is None:
                return
            if is_sent:
                break
        else:
            log.warning("guild %d: nobody could be greeted", guild.id)
        await self.service.welcomed(guild.id)


def _places(guild: discord.Guild) -> Iterator[int]:
    for channel in (guild.public_updates_channel, guild.system_channel):
        if channel is not None:
            yield channel.id
