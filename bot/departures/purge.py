"""The tick of departures: who removed the bot, whom to notify of its return, whose time is over.

A purge cannot be taken back, so Discord itself is asked whether the bot is in a server, and what
day it is: the gateway's word, the cache and this machine's clock are not enough. A server is away
from when Discord first said so, and is purged when it says so 30 days later, by Discord's clock.
"""

import logging
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

import aiohttp
import discord

from bot import channels, gateway, jobs
from bot.departures import rules, views
from bot.departures.service import DeparturesService
from bot.i18n import Speaker
from storage.records import Stay

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeparturesRun:
    """Finds who left and does what `DeparturesService` wrote down, while the bot is connected."""

    service: DeparturesService
    client: discord.Client
    speaker: Speaker
    answered: dict[int, float] = field(default_factory=dict)
    """When Discord last said of a server whether the bot is in it, by the clock nobody sets."""

    async def tick(self, now: datetime) -> None:
        """Find who left, notify whoever has the bot again, purge what was left behind long ago."""
        if not self.client.is_ready():
            return
        present = {guild.id for guild in self.client.guilds}  # those in an outage are among them
        missing = sorted(await self.service.known() - present)
        await jobs.each("a departure", missing, self._miss)
        waiting = await self.service.waiting()
        owed = [stay for stay in waiting if stay.notice is not None]
        await jobs.each("a notice of a return", owed, self._notify)
        left = [stay for stay in waiting if stay.notice is None]
        await jobs.each("a purge", left, lambda stay: self._look_at(stay, present))

    async def _miss(self, guild_id: int) -> None:
        at = await self._absent_at(guild_id)
        if at is not None and self.client.get_guild(guild_id) is None:
            await self.service.leave({guild_id}, at)

    async def _look_at(self, stay: Stay, present: Set[int]) -> None:
        if stay.state == "gone":
            at = None if stay.guild_id in present else await self._absent_at(stay.guild_id)
            if at is None or not await self.service.begin_purge(stay.guild_id, at):
                return
        await self.service.purge(stay.guild_id)

    async def _absent_at(self, guild_id: int) -> float | None:
        """Return when, by its own clock, Discord says that the bot is not in a server.

        None where the bot may be in it, nobody can tell, or this was answered a short while ago.
        """
        last = self.answered.get(guild_id)
        if last is not None and monotonic() - last < rules.ASKED_EVERY_S:
            return None
        try:
            async with gateway.within():
                await self.client.fetch_guild(guild_id, with_counts=False)
            at = None
        except (discord.NotFound, discord.Forbidden) as error:
            at = gateway.moment(error) if gateway.is_meant(error) else None
            if at is None:
                return None
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            return None
        self.answered[guild_id] = monotonic()
        return at

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
