"""`/digest`, the letter's stop button, and telling a member once that their messages are closed."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, get_args

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui, zones
from bot.digest import ends, views
from bot.digest.delivery import DigestRun
from bot.digest.service import DigestService
from bot.errors import UserError
from bot.i18n import Speaker, label
from bot.membership import asking
from bot.messenger import DiscordMessenger
from storage.records import Cadence

log = logging.getLogger(__name__)

_WEEKDAYS = [
    app_commands.Choice(name=label(f"digest-weekday-{number}"), value=number) for number in range(7)
]

_CADENCES = [
    app_commands.Choice(name=label(f"digest-every-{each}"), value=each)
    for each in get_args(Cadence)
]
DAY_MAX = 20
"""Characters of a day that is typed."""


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
            ui.persistent(views.KEEP_TEMPLATE, self.press_keep, needs=ui.ANYBODY),
            ui.persistent(views.SAY_TEMPLATE, self.say, needs=ui.ANYBODY),
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
            found = await self.service.claims.preview(
                guild_id, user_id, _roles(interaction), is_asked=True
            )
            if not found.is_worth_sending:
                raise UserError("error-digest-too-little")
            view = views.preview(found, texts, is_on=False)
            await interaction.followup.send(view=view, ephemeral=True)
            return
        outcome = await self.run.now(guild_id, user_id, interaction.id)
        answer = ui.panel(texts(f"digest-now-{outcome}"))
        await interaction.followup.send(view=answer, ephemeral=True)

    @digest.command(name=label("digest-cmd-preview"), description=label("digest-cmd-preview-desc"))
    async def preview(self, interaction: discord.Interaction) -> None:
        """Show what the next one would be, and whether it would be sent."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        status = await self.service.subscriptions.status(guild_id, user_id)
        found = await self.service.claims.preview(guild_id, user_id, _roles(interaction))
        week = await self.service.claims.gathering.week(guild_id, user_id)
        database, now = self.service.claims.database, self.service.claims.clock().timestamp()
        ending = await ends.of_member(database, guild_id, user_id, now)
        view = views.preview(found, texts, is_on=status.setting.is_on, week=week, ending=ending)
        await interaction.followup.send(view=view, ephemeral=True)

    @digest.command(name=label("digest-cmd-pace"), description=label("digest-cmd-pace-desc"))
    @app_commands.rename(every=label("digest-opt-every"))
    @app_commands.describe(every=label("digest-opt-every-desc"))
    @app_commands.choices(every=_CADENCES)
    async def pace(self, interaction: discord.Interaction, every: str) -> None:
        """Choose how often."""
        cadences: tuple[Cadence, ...] = get_args(Cadence)
        cadence: Cadence = next((each for each in cadences if each == every), "weekly")
        status = await self.service.subscriptions.set_cadence(*ui.who(interaction), cadence)
        texts = await self.speaker.to(interaction)
        await interaction.response.send_message(view=views.pace_set(status, texts), ephemeral=True)

    @digest.command(name=label("digest-cmd-pause"), description=label("digest-cmd-pause-desc"))
    @app_commands.rename(until=label("digest-opt-until"))
    @app_commands.describe(until=label("digest-opt-until-desc"))
    async def pause(
        self,
        interaction: discord.Interaction,
        until: app_commands.Range[str, 1, DAY_MAX] | None = None,
    ) -> None:
        """Let none come before a day, or end a pause."""
        status = await self.service.subscriptions.pause(*ui.who(interaction), until)
        texts = await self.speaker.to(interaction)
        await interaction.response.send_message(view=views.pace_set(status, texts), ephemeral=True)

    async def say(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Log what a member says of a card, from the menu below it."""
        word = ui.chosen(interaction)
        guild_id, resource = await self.service.answers.say(
            interaction.user.id,
            int(match["impression_id"]),
            word,
            interaction.id,
            roles_in=asking(interaction),
        )
        texts = await self.speaker.to_member(guild_id, interaction.user.id, interaction.locale)
        view = views.answered(word, resource.title, texts)
        await interaction.response.send_message(view=view, ephemeral=True)

    async def press_keep(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Go on as before, for who was asked whether letters are wanted."""
        keep = self.service.subscriptions.keep
        await self._pressed(interaction, match, keep, "digest-kept", ui.GOOD)

    async def press_stop(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Opt out by a letter's button, in the conversation it came by."""
        await self._pressed(interaction, match, self.service.subscriptions.stop, "digest-stopped")

    async def _pressed(
        self,
        interaction: discord.Interaction,
        match: "re.Match[str]",
        act: Callable[[int, int], Awaitable[int | None]],
        key: str,
        colour: discord.Colour = ui.ACCENT,
    ) -> None:
        """Do what a letter's button says, and answer in the words of the letter's server."""
        guild_id = await act(int(match["delivery_id"]), interaction.user.id)
        if guild_id is None:
            texts = await self.speaker.to(interaction)
            answer = ui.panel(texts("digest-stopped-unknown"))
        else:
            texts = await self.speaker.to_member(guild_id, interaction.user.id, interaction.locale)
            guild = self.client.get_guild(guild_id)
            name = ui.plain(guild.name) if guild else texts("digest-that-server")
            answer = ui.panel(texts(key, guild=name), colour=colour)
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


def _roles(interaction: discord.Interaction) -> list[int]:
    return [role.id for role in getattr(interaction.user, "roles", ())]
