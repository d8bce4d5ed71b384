"""`/status`, for moderators."""

import asyncio

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.backups import Backups
from bot.health import Health
from bot.i18n import Speaker, label
from bot.pulse import Pulse
from bot.status import rules, views
from bot.status.rules import Seen
from bot.status.service import StatusService


class StatusCog(commands.Cog):
    """What works, since when, and what needs a moderator."""

    def __init__(
        self,
        service: StatusService,
        speaker: Speaker,
        pulse: Pulse,
        backups: Backups,
        wanted: discord.Permissions,
    ) -> None:
        self.service = service
        self.speaker = speaker
        self.pulse = pulse
        self.backups = backups
        self.wanted = wanted
        self.health = Health(service.database)

    @app_commands.command(name=label("status-cmd"), description=label("status-cmd-desc"))
    @app_commands.default_permissions(ui.MODERATORS)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @ui.may_manage
    async def status(self, interaction: discord.Interaction) -> None:
        """Look at everything and say it."""
        await interaction.response.defer(ephemeral=True)
        seen = await self._look(ui.who(interaction)[0], interaction.app_permissions)
        lines = rules.lines(seen, self.service.clock().timestamp())
        view = views.report(lines, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    async def _look(self, guild_id: int, may: discord.Permissions) -> Seen:
        found, has_staff_channel = await self.service.figures(guild_id)
        now = self.service.clock()
        backup_age_s = await asyncio.to_thread(self.backups.age_s, now)
        at = now.timestamp()
        connected = self.pulse.connected_at if self.pulse.is_connected() else None
        return Seen(
            running_since=(self.pulse.started_at or now).timestamp(),
            connected_at=connected.timestamp() if connected else None,
            is_stored=await self.health.is_well(),
            missing=tuple(
                name.replace("_", " ").title()
                for name, is_wanted in self.wanted
                if is_wanted and not getattr(may, name)
            ),
            has_staff_channel=has_staff_channel,
            deliveries=found.deliveries,
            overdue_s=found.overdue_s,
            model_at=None if found.model_age_s is None else at - found.model_age_s,
            failing_s=found.failing_s,
            n_waiting=found.n_waiting,
            n_owed=found.n_owed,
            backup_at=None if backup_age_s is None else at - backup_age_s,
            backups_are_on=self.backups.every_hours > 0,
            is_backup_failing=bool(self.backups.problem),
        )
