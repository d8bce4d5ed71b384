"""``/award`` and ``/deduct``, and the button that undoes either."""

import re

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.awards import rules, views
from bot.awards.service import AwardsService
from bot.errors import UserError
from bot.i18n import Speaker, label

_POINTS = app_commands.Range[float, 0.01, None]
_REASON = app_commands.Range[str, 1, rules.REASON_MAX]
_OPTIONS = {name: label(f"awards-opt-{name}") for name in ("member", "points", "reason")}
_DESCRIBED = {name: label(f"awards-opt-{name}-desc") for name in _OPTIONS}


class AwardsCog(commands.Cog):
    """Points by hand on Discord."""

    def __init__(self, client: commands.Bot, service: AwardsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of earlier runs, too."""
        self.client.add_dynamic_items(
            ui.persistent(views.UNDO_TEMPLATE, self.on_undo, needs=ui.MODERATORS)
        )

    @app_commands.command(name=label("awards-cmd"), description=label("awards-cmd-desc"))
    @app_commands.rename(share=label("awards-opt-share"), **_OPTIONS)
    @app_commands.describe(share=label("awards-opt-share-desc"), **_DESCRIBED)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.default_permissions(manage_guild=True)
    @ui.may_manage
    async def award(
        self,
        interaction: discord.Interaction,
        member: discord.Member,
        points: _POINTS,
        reason: _REASON,
        share: bool = False,
    ) -> None:
        """Give a member points, and tell the channel if asked to and the member does not hide."""
        guild_id, user_id = ui.who(interaction)
        done = await self.service.give(
            guild_id, user_id, _person(member), points, reason, source_id=interaction.id
        )
        texts = await self.speaker.to(interaction)
        view = views.given(done, texts, is_unsaid=share and done.is_private)
        await interaction.response.send_message(view=view, ephemeral=True)
        if share and not done.is_private:
            view = views.shared(done, user_id, await self.speaker.to_guild(guild_id))
            nobody = discord.AllowedMentions.none()
            await interaction.followup.send(view=view, allowed_mentions=nobody)

    @app_commands.command(
        name=label("awards-deduct-cmd"), description=label("awards-deduct-cmd-desc")
    )
    @app_commands.rename(**_OPTIONS)
    @app_commands.describe(**_DESCRIBED)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.default_permissions(manage_guild=True)
    @ui.may_manage
    async def deduct(
        self,
        interaction: discord.Interaction,
        member: discord.Member,
        points: _POINTS,
        reason: _REASON,
    ) -> None:
        """Take points from a member."""
        done = await self.service.give(
            *ui.who(interaction),
            _person(member),
            points,
            reason,
            source_id=interaction.id,
            is_deduction=True,
        )
        view = views.given(done, await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)

    async def on_undo(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Undo what the button's message says was done."""
        entry = await self.service.undo(*ui.who(interaction), int(match["entry_id"]))
        view = views.undone(entry, await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)


def _person(member: discord.Member) -> int:
    if member.bot:
        raise UserError("error-points-bot")
    return member.id
