"""`/digest`, the letter's stop button, and telling a member once that their messages are closed."""

import logging
import re
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui, zones
from bot.digest import views
from bot.digest.delivery import DigestRun
from bot.digest.service import DigestService
from bot.i18n import Speaker, label
from bot.messenger import DiscordMessenger

log = logging.getLogger(__name__)

_WEEKDAYS = [
    app_commands.Choice(name=label(f"digest-weekday-{number}"), value=number) for number in range(7)
]


class DigestCog(commands.Cog):
    """Digests as members command them."""

    digest = ui.group("digest-cmd", "digest-cmd-desc", needs=ui.ANYBODY)

    def __init__(self, client: commands.Bot, service: DigestService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
        self.run = DigestRun(service, DiscordMessenger(client), speaker)

    async def cog_load(self) -> None:
        """Answer the stop button of every letter, however old."""
        self.client.add_dynamic_items(
            ui.persistent(views.STOP_TEMPLATE, self.press_stop, needs=ui.ANYBODY),
        )

    @digest.command(name=label("digest-cmd-on"), description=label("digest-cmd-on-desc"))
    async def on(self, interaction: discord.Interaction) -> None:
        """Opt in."""
        status = await self.service.subscriptions.turn_on(
            *ui.who(interaction), interaction.locale.value
        )
        texts = await self.speaker.to(interaction)
        await interaction.response.send_message(view=views.turned_on(status, texts), ephemeral=True)

    @digest.command(name=label("digest-cmd-off"), description=label("digest-cmd-off-desc"))
    async def off(self, interaction: discord.Interaction) -> None:
        """Opt out."""
        was_on = await self.service.subscriptions.turn_off(*ui.who(interaction))
        texts = await self.speaker.to(interaction)
        answer = ui.panel(texts("digest-off" if was_on else "digest-off-already"))
        await interaction.response.send_message(view=answer, ephemeral=True)

    @digest.command(name=label("digest-cmd-time"), description=label("digest-cmd-time-desc"))
    @app_commands.rename(
        weekday=label("digest-opt-weekday"),
        hour=label("digest-opt-hour"),
        time_zone=label("digest-opt-zone"),
    )
    @app_commands.describe(
        weekday=label("digest-opt-weekday-desc"),
        hour=label("digest-opt-hour-desc"),
        time_zone=label("digest-opt-zone-desc"),
    )
    @app_commands.choices(weekday=_WEEKDAYS)
    async def time(
        self,
        interaction: discord.Interaction,
        weekday: int,
        hour: app_commands.Range[int, 0, 23],
        time_zone: str | None = None,
    ) -> None:
        """Choose weekday, hour and time zone."""
        status = await self.service.subscriptions.set_time(
            *ui.who(interaction), weekday, hour, time_zone
        )
        texts = await self.speaker.to(interaction)
        await interaction.response.send_message(view=views.time_set(status, texts), ephemeral=True)

    @time.autocomplete("time_zone")
    async def suggest_zones(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest time zones for what was typed so far."""
        names = zones.matching(current, ui.CHOICES_MAX)
        return [app_commands.Choice(name=name, value=name) for name in names]

    @digest.command(name=label("digest-cmd-status"), description=label("digest-cmd-status-desc"))
    async def status(self, interaction: discord.Interaction) -> None:
        """Show whether and when digests come."""
        status = await self.service.subscriptions.status(*ui.who(interaction))
        texts = await self.speaker.to(interaction)
        await interaction.response.send_message(
            view=views.status_panel(status, texts), ephemeral=True
        )

    @digest.command(name=label("digest-cmd-now"), description=label("digest-cmd-now-desc"))
    async def now(self, interaction: discord.Interaction) -> None:
        """Send one at once, or show one here to whoever did not opt in."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        if not (await self.service.subscriptions.status(guild_id, user_id)).setting.is_on:
            roles = [role.id for role in getattr(interaction.user, "roles", ())]
            picks = await self.service.claims.preview(guild_id, user_id, roles)
            await interaction.followup.send(view=views.preview(picks, texts), ephemeral=True)
            return
        outcome = await self.run.now(guild_id, user_id, interaction.id)
        answer = ui.panel(texts(f"digest-now-{outcome}"))
        await interaction.followup.send(view=answer, ephemeral=True)

    async def press_stop(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Opt out by a letter's button, in the conversation it came by."""
        guild_id = await self.service.subscriptions.stop(
            int(match["delivery_id"]), interaction.user.id
        )
        if guild_id is None:
            texts = await self.speaker.to(interaction)
            answer = ui.panel(texts("digest-stopped-unknown"))
        else:
            texts = await self.speaker.to_member(guild_id, interaction.user.id, interaction.locale)
            guild = self.client.get_guild(guild_id)
            name = ui.plain(guild.name) if guild else texts("digest-that-server")
            answer = ui.panel(texts("digest-stopped", guild=name))
        await interaction.response.send_message(view=answer, ephemeral=True)

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: discord.Interaction, command: Any
    ) -> None:
        """Tell a member whose messages are closed, once, below the next answer they get."""
        if interaction.guild_id is None:
            return
        if not await self.service.subscriptions.claim_notice(
            interaction.guild_id, interaction.user.id
        ):
            return
        texts = await self.speaker.to(interaction)
        try:
            await interaction.followup.send(
                view=ui.panel(texts("digest-closed"), colour=ui.CAUTION), ephemeral=True
            )
        except discord.HTTPException as error:
            log.warning("could not tell a member that their messages are closed: %s", error)
