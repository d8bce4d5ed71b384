"""`/points`, and the button that hides a member from boards."""

import re

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.errors import UserError
from bot.i18n import Speaker, label
from bot.points import views
from bot.points.service import PointsService


class PointsCog(commands.Cog):
    """Points as members see them."""

    def __init__(self, client: commands.Bot, service: PointsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the hide and show buttons, those of earlier runs included."""
        self.client.add_dynamic_items(
            ui.persistent(views.BOARDS_TEMPLATE, self.press_boards, needs=ui.ANYBODY),
            ui.persistent(views.WHY_TEMPLATE, self.press_why, needs=ui.ANYBODY),
        )

    @app_commands.command(name=label("points-cmd"), description=label("points-cmd-desc"))
    @app_commands.rename(member=label("points-opt-member"), why=label("points-opt-why"))
    @app_commands.describe(member=label("points-opt-member-desc"), why=label("points-opt-why-desc"))
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def points(
        self,
        interaction: discord.Interaction,
        member: discord.Member | None = None,
        why: bool = False,
    ) -> None:
        """Show the member's own points, or why; or what may be seen of somebody else's."""
        if member is not None and member.bot:
            raise UserError("error-points-bot")
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        if why:
            view = views.statement(await self.service.why(guild_id, user_id), texts)
        elif member is None or member.id == user_id:
            view = views.account(await self.service.standing(guild_id, user_id), texts)
        else:
            view = views.other_account(await self.service.standing(guild_id, member.id), texts)
        await interaction.response.send_message(view=view, ephemeral=True)

    async def press_why(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn to a page of why the member's points are what they are, in place."""
        shown = await self.service.why(*ui.who(interaction), int(match["page"]))
        view = views.statement(shown, await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)

    async def press_boards(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Hide the member from boards or show them again, and show the account that changed."""
        guild_id, user_id = ui.who(interaction)
        await self.service.show_on_boards(guild_id, user_id, match["state"] == "show")
        texts = await self.speaker.to(interaction)
        account = await self.service.standing(guild_id, user_id)
        await interaction.response.edit_message(view=views.account(account, texts))
