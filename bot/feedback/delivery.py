"""Sentences that wait are posted where moderators read; without a channel they wait in a list."""

from dataclasses import dataclass
from datetime import datetime

import discord

from bot import channels
from bot.feedback import views
from bot.feedback.service import FeedbackService, Spoken
from bot.i18n import Speaker


@dataclass(frozen=True, slots=True)
class FeedbackRun:
    """Posts what moderators have not been shown."""

    service: FeedbackService
    client: discord.Client
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Post each once."""
        for one in await self.service.deciding.to_post():
            await self._post(one)

    async def _post(self, one: Spoken) -> None:
        guild_id, rating_id = one.rating.guild_id, one.rating.rating_id
        channel_id = await self.service.deciding.staff_channel(guild_id)
        if channel_id is not None:
            texts = await self.speaker.to_guild(guild_id)
            nonce = f"say{rating_id}{int(one.rating.rated_at)}"[:25]
            arrived = await channels.post_to_staff(
                self.client, guild_id, channel_id, views.case(one, texts), nonce, texts
            )
            if arrived is None:
                return
        await self.service.deciding.posted(rating_id)
