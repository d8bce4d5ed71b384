"""The tick of departures: moderators who are to be notified, servers whose time is over.

A purge cannot be taken back, so before it begins Discord itself is asked whether the bot is in the
server: the clock, the cache and an earlier word of the gateway are not enough.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

import aiohttp
import discord

from bot import channels, gateway, jobs
from bot.departures import views
from bot.departures.service import DeparturesService
from bot.i18n import Speaker
from storage.records import Stay

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeparturesRun:
    """Does what `DeparturesService` wrote down, while the bot is connected."""

    service: DeparturesService
    client: discord.Client
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Notify whoever has the bot again, and purge what was left behind for long enough."""
        if not self.client.is_ready():
            return
        waiting = await self.service.waiting()
        owed = [stay for stay in waiting if stay.notice is not None]
        await jobs.each("a notice of a return", owed, self._notify)
        left = [stay for stay in waiting if stay.notice is None]
        await jobs.each("a purge", left, lambda stay: self._look_at(stay, now.timestamp()))

    async def _look_at(self, stay: Stay, now: float) -> None:
        await self.service.set_back(stay, now)
        if not self.service.is_over(stay, now):
            return
        if stay.state == "gone" and not await self._is_absent(stay.guild_id):
            log.warning("guild %d is not purged: the bot may be in it", stay.guild_id)
            return
        if await self.service.begin_purge(stay.guild_id, now):
            await self.service.purge(stay.guild_id)

    async def _is_absent(self, guild_id: int) -> bool:
        """Say whether the bot is certainly not in a server; nobody can tell means no."""
        if self.client.get_guild(guild_id) is not None:
            return False
        try:
            await self.client.fetch_guild(guild_id, with_counts=False)
        except (discord.NotFound, discord.Forbidden) as error:
            return gateway.is_meant(error)
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            return False
        return False

    async def _notify(self, stay: Stay) -> None:
        """Post where moderators are notified, else where Discord posts its own notices."""
        guild = self.client.get_guild(stay.guild_id)
        if guild is None or guild.unavailable:
            return
        view = views.back(stay, await self.speaker.to_guild(stay.guild_id))
        nonce = f"d{stay.guild_id % 10**12}{int(stay.left_at or 0) % 10**9}"
        system = guild.system_channel.id if guild.system_channel else None
        for channel_id in (await self.service.staff_channel(stay.guild_id), system):
            if channel_id is None:
                continue
            is_sent = await channels.post(self.client, guild.id, channel_id, view, nonce)
            if is_sent is None:
                return
            if is_sent:
                break
        else:
            log.warning("guild %d: nobody could be notified that the bot is back", guild.id)
        await self.service.notified(stay)
