"""``/today``: what waits for moderators, and whether their channel is told by itself."""

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.i18n import Speaker, label
from bot.insights import today_views
from bot.insights.today import TodayService


class TodayCog(commands.Cog):
    """The morning's card."""

    def __init__(self, service: TodayService, speaker: Speaker) -> None:
        self.service = service
        self.speaker = speaker

    @app_commands.command(
        name=label("insights-cmd-today"), description=label("insights-cmd-today-desc")
    )
    @app_commands.rename(
        daily=label("insights-opt-daily"),
        hour=label("insights-opt-hour"),
        monthly=label("insights-opt-monthly"),
    )
    @app_commands.describe(
        daily=label("insights-opt-daily-desc"),
        hour=label("insights-opt-hour-desc"),
        monthly=label("insights-opt-monthly-desc"),
    )
    @app_commands.default_permissions(ui.MODERATORS)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @ui.may_manage
    async def today(
        self,
        interaction: discord.Interaction,
        daily: bool | None = None,
        hour: app_commands.Range[int, 0, 23] | None = None,
        monthly: bool | None = None,
    ) -> None:
        """Show what waits; with an option, say when the channel is told."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        if daily is None and hour is None and monthly is None:
            seen = await self.service.morning(guild_id)
            setting = await self.service.setting(guild_id)
            view = today_views.card(seen, texts, guild_id=guild_id, setting=setting)
        else:
            setting = await self.service.change(
                guild_id, user_id, is_daily=daily, hour=hour, is_monthly=monthly
            )
            view = today_views.changed(setting, texts)
        await interaction.followup.send(view=view, ephemeral=True)
