"""``/checkin``: the member's public line of the day."""

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.checkins import rules, views
from bot.checkins.service import CheckinsService
from bot.i18n import Speaker, label


class CheckinsCog(commands.Cog):
    """Check-ins on Discord."""

    def __init__(self, client: commands.Bot, service: CheckinsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    @app_commands.command(name=label("checkins-cmd"), description=label("checkins-cmd-desc"))
    @app_commands.rename(note=label("checkins-opt-note"))
    @app_commands.describe(note=label("checkins-opt-note-desc"))
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def checkin(
        self, interaction: discord.Interaction, note: app_commands.Range[str, 1, rules.NOTE_MAX]
    ) -> None:
        """Check in, post the note, and tell the member how the streak stands."""
        guild_id, user_id = ui.who(interaction)
        done = await self.service.check_in(
            guild_id, user_id, note, source_id=interaction.id, channel_id=interaction.channel_id
        )
        view = views.line(done, note, await self.speaker.to_guild(guild_id))
        nobody = discord.AllowedMentions.none()
        await interaction.response.send_message(view=view, allowed_mentions=nobody)
        view = views.receipt(done, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)
