"""`/resource review` and `/resource check`, and the buttons of their answers."""

import re

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards, ui
from bot.fresh import views
from bot.fresh.service import FreshService
from bot.i18n import Speaker, label

Choices = list[app_commands.Choice[str]]


class FreshCog(commands.Cog):
    """Keeping the catalogue current, on Discord."""

    def __init__(self, client: commands.Bot, service: FreshService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Put the commands among the others of `/resource`; answer buttons of earlier answers."""
        suggest = type(self).suggest
        ui.join(
            self.client,
            "resource",
            ui.command("fresh-cmd-review", self.review),
            ui.command("fresh-cmd-check", self.check, resource=suggest),
        )
        self.client.add_dynamic_items(
            ui.persistent(views.PICK_ID, self.on_pick, needs=ui.MODERATORS),
            ui.persistent(views.DO_TEMPLATE, self.on_do, needs=ui.MODERATORS),
        )

    @ui.may_manage
    async def review(self, interaction: discord.Interaction) -> None:
        """Show what is due for review."""
        await interaction.response.defer(ephemeral=True)
        guild_id, _ = ui.who(interaction)
        found = await self.service.for_review(guild_id)
        view = views.for_review(*found, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @app_commands.rename(resource=label("catalog-opt-resource"))
    @app_commands.describe(resource=label("catalog-opt-resource-desc"))
    @ui.may_manage
    async def check(self, interaction: discord.Interaction, resource: str) -> None:
        """Look at a link now."""
        await interaction.response.defer(ephemeral=True)
        guild_id, _ = ui.who(interaction)
        found = await self.service.catalog.pick(guild_id, resource)
        await self.service.ask(guild_id, found.resource_id)
        due = await self.service.one(guild_id, found.resource_id)
        view = views.one(due, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @ui.may_manage
    async def suggest(self, interaction: discord.Interaction, current: str) -> Choices:
        """Suggest live resources."""
        guild_id, _ = ui.who(interaction)
        return cards.choices(await self.service.catalog.find(guild_id, current, is_typing=True))

    async def on_pick(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show one of the list."""
        guild_id, _ = ui.who(interaction)
        due = await self.service.one(guild_id, ui.chosen_number(interaction))
        view = views.one(due, await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)

    async def on_do(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Say that it is current, look again, or retire it."""
        await interaction.response.defer()
        guild_id, user_id = ui.who(interaction)
        number, step, said = int(match["resource_id"]), match["step"], ""
        texts = await self.speaker.to(interaction)
        if step == "current":
            due = await self.service.current(guild_id, user_id, number)
            said = texts("fresh-kept")
        elif step == "retire":
            due = await self.service.retire(guild_id, user_id, number)
        else:
            await self.service.ask(guild_id, number)
            due = await self.service.one(guild_id, number)
        await interaction.edit_original_response(view=views.one(due, texts, said))
