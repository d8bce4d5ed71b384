"""The Open buttons: they answer with the link, and log that it was asked for."""

import re

import discord
from discord.ext import commands

from bot import cards, ui
from bot.errors import UserError
from bot.i18n import Speaker
from bot.links import views
from bot.links.service import LinksService
from bot.membership import roles_of
from storage.records import Resource


class LinksCog(commands.Cog):
    """Answers Open where a card carries no link of its own."""

    def __init__(self, client: commands.Bot, service: LinksService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of every card ever shown."""
        self.client.add_dynamic_items(
            ui.persistent(cards.OPEN_TEMPLATE, self.on_open, needs=ui.ANYBODY),
            ui.persistent(cards.PUBLIC_OPEN_TEMPLATE, self.on_open_shared, needs=ui.ANYBODY),
        )

    async def on_open(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Open a card that was shown to one member, in the guild or in a digest."""
        number, user_id = int(match["impression_id"]), interaction.user.id
        guild_id = await self.service.place_of(number, user_id)
        role_ids = await roles_of(interaction, guild_id)
        resource = await self.service.open(number, user_id, role_ids=role_ids)
        await self._answer(interaction, resource)

    async def on_open_shared(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Open a card that stands in a channel."""
        if interaction.guild_id is None or interaction.message is None:
            raise UserError("error-links-not-yours")
        resource = await self.service.open_shared(
            interaction.guild_id,
            interaction.user.id,
            interaction.message.id,
            int(match["resource_id"]),
            role_ids=ui.role_ids(interaction),
        )
        await self._answer(interaction, resource)

    async def _answer(self, interaction: discord.Interaction, resource: Resource) -> None:
        guild_id, user_id = resource.guild_id, interaction.user.id
        said = await self.service.said(guild_id, user_id, resource.resource_id)
        texts = await self.speaker.to_member(guild_id, user_id, interaction.locale)
        view = views.opened(
            resource,
            said,
            texts,
            is_private=interaction.guild_id is None,
            archived=await self.service.archived(resource),
        )
        await interaction.response.send_message(view=view, ephemeral=True)
