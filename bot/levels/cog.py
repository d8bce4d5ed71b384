"""`/levels` for moderators, and the buttons of the queue."""

import re
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot import channels, mentions, ui
from bot.errors import UserError
from bot.i18n import Speaker, label
from bot.levels import views
from bot.levels.decisions import Overview
from bot.levels.delivery import LevelsRun
from bot.levels.service import LevelsService
from bot.roles import DiscordRoles, Present, require_giver
from storage.records import NoticePlace

_PLACES = [
    app_commands.Choice(name=label(f"levels-place-{place}"), value=place)
    for place in ("off", "same", "channel")
]
LEVEL_MAX = 1_000


class LevelsCog(commands.Cog):
    """What moderators decide about levels."""

    levels = ui.group("levels-cmd", "levels-cmd-desc", needs=ui.MODERATORS)

    def __init__(self, client: commands.Bot, service: LevelsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
        self.run = LevelsRun(
            service=service, roles=DiscordRoles(client), client=client, speaker=speaker
        )

    async def cog_load(self) -> None:
        """Answer the queue's buttons, those of earlier runs included."""
        self.client.add_dynamic_items(
            ui.persistent(views.DECIDE_TEMPLATE, self.press_decide, needs=ui.MODERATORS),
            ui.persistent(views.QUEUE_TEMPLATE, self.press_queue, needs=ui.MODERATORS),
        )

    @levels.command(name=label("levels-view-cmd"), description=label("levels-view-desc"))
    @ui.may_manage
    async def view(self, interaction: discord.Interaction) -> None:
        """Show what is set and any problems."""
        await self._show(interaction, await self.service.decisions.overview(ui.who(interaction)[0]))

    @levels.command(name=label("levels-notices-cmd"), description=label("levels-notices-desc"))
    @app_commands.rename(place=label("levels-opt-place"), channel=label("levels-opt-channel"))
    @app_commands.describe(
        place=label("levels-opt-place-desc"), channel=label("levels-opt-channel-desc")
    )
    @app_commands.choices(place=_PLACES)
    @ui.may_manage
    async def notices(
        self,
        interaction: discord.Interaction,
        place: str,
        channel: discord.TextChannel | None = None,
    ) -> None:
        """Say where members hear that somebody rose."""
        guild_id, user_id = ui.who(interaction)
        _require_open(interaction, channel)
        shown = await self.service.decisions.set_notices(
            guild_id, user_id, cast(NoticePlace, place), channel.id if channel else None
        )
        await self._show(interaction, shown)

    @levels.command(name=label("levels-staff-cmd"), description=label("levels-staff-desc"))
    @app_commands.rename(channel=label("levels-opt-channel"))
    @app_commands.describe(channel=label("levels-opt-staff-desc"))
    @ui.may_manage
    async def staff(
        self, interaction: discord.Interaction, channel: discord.TextChannel | None = None
    ) -> None:
        """Say where moderators are notified of what to decide or fix: where not everybody reads."""
        guild_id, user_id = ui.who(interaction)
        _require_open(interaction, channel)
        if channel is not None and channels.is_public(channel):
            raise UserError("error-levels-public", channel=channel.mention)
        shown = await self.service.decisions.set_staff(
            guild_id, user_id, channel.id if channel else None
        )
        await self._show(interaction, shown)

    @levels.command(name=label("levels-reward-cmd"), description=label("levels-reward-desc"))
    @app_commands.rename(
        role=label("levels-opt-role"),
        level=label("levels-opt-level"),
        confirm=label("levels-opt-confirm"),
    )
    @app_commands.describe(
        role=label("levels-opt-role-desc"),
        level=label("levels-opt-level-desc"),
        confirm=label("levels-opt-confirm-desc"),
    )
    @ui.may_manage
    async def reward(
        self,
        interaction: discord.Interaction,
        role: discord.Role,
        level: app_commands.Range[int, 1, LEVEL_MAX],
        confirm: bool = False,
    ) -> None:
        """Have a level give a role that whoever asks may give, and the bot can."""
        guild_id, user_id = ui.who(interaction)
        require_giver(interaction, role.id, await self.speaker.to(interaction))
        shown = await self.service.decisions.set_reward(
            guild_id, user_id, role.id, level, needs_confirm=confirm
        )
        await self._show(interaction, shown)

    @levels.command(name=label("levels-unreward-cmd"), description=label("levels-unreward-desc"))
    @app_commands.rename(role=label("levels-opt-role"))
    @app_commands.describe(role=label("levels-opt-role-desc"))
    @ui.may_manage
    async def unreward(self, interaction: discord.Interaction, role: discord.Role) -> None:
        """Have no level give a role any more."""
        guild_id, user_id = ui.who(interaction)
        shown = await self.service.decisions.drop_reward(guild_id, user_id, role.id)
        await self._show(interaction, shown)

    @levels.command(name=label("levels-queue-cmd"), description=label("levels-queue-desc"))
    @ui.may_manage
    async def queue(self, interaction: discord.Interaction) -> None:
        """Show who waits for a moderator."""
        await interaction.response.send_message(view=await self._queue(interaction), ephemeral=True)

    async def _show(self, interaction: discord.Interaction, shown: Overview) -> None:
        """Answer with what is set, and who may read the moderators' channel as things stand."""
        channel_id, guild = shown.staff_channel_id, interaction.guild
        problem, readers = None, []
        if channel_id is not None and guild is not None:
            problem = channels.staff_problem(guild, channel_id)
            channel = guild.get_channel(channel_id)
            if channel is not None and problem != "public":
                readers = list(channels.other_readers(channel))
        view = views.overview(shown, await self.speaker.to(interaction), problem, readers)
        await interaction.response.send_message(view=view, ephemeral=True)

    async def _queue(self, interaction: discord.Interaction) -> discord.ui.LayoutView:
        guild_id, _ = ui.who(interaction)
        waiting = await self.service.decisions.queue(guild_id)
        shown = await self.service.decisions.overview(guild_id)
        return views.queue(waiting, shown, await self.speaker.to(interaction))

    async def press_queue(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Open the queue for a moderator."""
        await interaction.response.send_message(view=await self._queue(interaction), ephemeral=True)

    async def press_decide(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Give or take a role, or not, and show who waits next."""
        await interaction.response.defer()
        guild_id, user_id = ui.who(interaction)
        if match["answer"] == "yes":
            await self._require_giver(interaction, int(match["grant_id"]))
        decided = await self.service.decisions.decide(
            guild_id, user_id, int(match["grant_id"]), is_yes=match["answer"] == "yes"
        )
        problem = None
        if decided is not None and decided.state in ("due", "undue"):
            problem = await self.run.change(decided)
        await interaction.edit_original_response(view=await self._queue(interaction))
        if decided is None:
            raise UserError("error-levels-decided")
        if problem is not None:
            raise UserError(f"levels-problem-{problem}", role=mentions.role(decided.role_id))

    async def _require_giver(self, interaction: discord.Interaction, grant_id: int) -> None:
        """Refuse whoever confirms a role that they may not give themselves."""
        grant = await self.service.decisions.grant(ui.who(interaction)[0], grant_id)
        if grant is not None and grant.state == "eligible":
            require_giver(interaction, grant.role_id, await self.speaker.to(interaction))

    @commands.Cog.listener()
    async def on_lyceum_seen(self, guild_id: int, present: Present) -> None:
        """Have who came back get again what their level gives."""
        await self.run.seen(guild_id, present)


def _require_open(interaction: discord.Interaction, channel: discord.TextChannel | None) -> None:
    """Refuse a channel that the bot cannot write to, while somebody can fix it."""
    if channel is None or interaction.guild is None:
        return
    if not channels.is_open(channel):
        raise UserError("error-levels-closed", channel=channel.mention)
