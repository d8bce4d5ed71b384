"""Tells moderators once, in their channel, that a product's role cannot be given, and the fix."""

import logging
from dataclasses import dataclass
from datetime import datetime

import discord

from bot import channels, jobs
from bot.i18n import Speaker
from bot.purchases import views
from bot.purchases.owed import Owed
from storage.records import Product

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NoticingRun:
    """Notices for moderators about products."""

    client: discord.Client
    owed: Owed
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Tell of what nobody was told of yet; a closed channel is not asked again and again."""
        await jobs.each("a product's trouble", await self.owed.untold(), self._tell)

    async def _tell(self, found: tuple[Product, int]) -> None:
        product, channel_id = found
        texts = await self.speaker.to_guild(product.guild_id)
        nonce = f"r{product.product_id % 10**9}{product.role_problem}"[:25]
        is_sent = await channels.post_to_staff(
            self.client,
            product.guild_id,
            channel_id,
            views.trouble(product, texts),
            nonce,
            texts,
        )
        if is_sent is False:
            log.warning("purchases: moderators' channel of guild %s is closed", product.guild_id)
        if is_sent is not None:
            await self.owed.told(product)
