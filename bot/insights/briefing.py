"""Tells moderators' channel of its day and of last month, each once, where they want it."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord

from bot import channels, dates, jobs
from bot.errors import UserError
from bot.i18n import Speaker
from bot.insights import today_rules, today_views
from bot.insights.service import InsightsService
from bot.insights.today import Due, TodayService

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BriefingRun:
    """Posts what is due. A day or a month is claimed first: rather none than two."""

    today: TodayService
    insights: InsightsService
    client: discord.Client
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Post what is due in the servers that can be reached."""
        if not self.client.is_ready():
            return

        async def tell(due: Due) -> None:
            guild = self.client.get_guild(due.briefing.guild_id)
            if guild is not None and not guild.unavailable:
                await self.today.once(due, lambda: self._tell(due))

        await jobs.each("a morning's card", await self.today.due(now), tell)

    async def _tell(self, due: Due) -> bool | None:
        guild_id = due.briefing.guild_id
        channel_id = await self.today.staff_channel(guild_id)
        view = await (self._month(due) if due.month else self._day(due))
        if channel_id is None or view is None:
            return False
        texts = await self.speaker.to_guild(guild_id)
        nonce = f"b{guild_id % 10**12}{(due.day or due.month).replace('-', '')}"
        is_posted = await channels.post_to_staff(
            self.client, guild_id, channel_id, view, nonce, texts
        )
        if is_posted is False:
            log.warning("guild %d: moderators' channel could not be told", guild_id)
        return is_posted

    async def _day(self, due: Due) -> Any:
        guild_id = due.briefing.guild_id
        seen = await self.today.morning(guild_id)
        if today_rules.is_quiet(seen):
            return None
        return today_views.card(seen, await self.speaker.to_guild(guild_id), guild_id=guild_id)

    async def _month(self, due: Due) -> Any:
        guild_id = due.briefing.guild_id
        first, after = (dates.day_start(day, due.zone) for day in today_rules.span(due.month))
        assert first is not None and after is not None
        try:
            found = await self.insights.between(guild_id, first, after)
        except UserError as error:
            log.warning("guild %d: a month could not be counted: %s", guild_id, error)
            return None
        texts = await self.speaker.to_guild(guild_id)
        return today_views.month(found, due.month, round((after - first) / dates.DAY_S), texts)
