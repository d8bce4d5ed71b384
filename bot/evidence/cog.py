"""`/rules evidence`, and what its menus, forms and buttons do."""

import re
from collections.abc import Mapping
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot import forms, ui
from bot.evidence import rules, views
from bot.evidence.service import EvidenceService, Verdict
from bot.i18n import Speaker, label


class EvidenceCog(commands.Cog):
    """Who pays whom, as moderators look at it."""

    def __init__(self, client: commands.Bot, service: EvidenceService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Put the command among the others of `/rules`, and answer menus and buttons."""
        book = self.client.tree.get_command("rules")
        assert isinstance(book, app_commands.Group)
        book.add_command(
            app_commands.Command(
                name=label("rulebook-evidence-cmd"),
                description=label("rulebook-evidence-desc"),
                callback=self.evidence,
            )
        )
        self.client.add_dynamic_items(
            ui.persistent(views.RING_TEMPLATE, self.on_ring, needs=ui.MODERATORS),
            ui.persistent(views.RINGS_TEMPLATE, self.on_rings, needs=ui.MODERATORS),
        )

    @app_commands.rename(
        days=label("rulebook-opt-days"),
        first=label("rulebook-opt-first"),
        second=label("rulebook-opt-second"),
        third=label("rulebook-opt-third"),
        fourth=label("rulebook-opt-fourth"),
    )
    @app_commands.describe(
        days=label("rulebook-opt-days-desc"),
        first=label("rulebook-opt-first-desc"),
        second=label("rulebook-opt-second-desc"),
        third=label("rulebook-opt-third-desc"),
        fourth=label("rulebook-opt-fourth-desc"),
    )
    @ui.may_manage
    async def evidence(
        self,
        interaction: discord.Interaction,
        days: app_commands.Range[int, rules.DAYS_MIN, rules.DAYS_MAX] = rules.DAYS,
        first: discord.User | None = None,
        second: discord.User | None = None,
        third: discord.User | None = None,
        fourth: discord.User | None = None,
    ) -> None:
        """Show what members' acts on each other look like, or those of a few who are named."""
        await interaction.response.defer(ephemeral=True)
        guild_id, texts = ui.who(interaction)[0], await self.speaker.to(interaction)
        people = [user.id for user in (first, second, third, fourth) if user is not None]
        if people:
            among = await self.service.among(guild_id, people, days)
            view = views.ring(among.ring, among.since, among.last, texts)
        else:
            view = views.evidence(await self.service.evidence(guild_id, days), texts)
        await interaction.followup.send(
            view=view, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
        )

    async def on_rings(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show the chosen ring, in an answer of its own."""
        key, since, last = ui.chosen(interaction), int(match["since"]), int(match["last"])
        await interaction.response.defer(ephemeral=True, thinking=True)
        shown = await self.service.ring(ui.who(interaction)[0], key, since, last)
        view = views.ring(shown, since, last, await self.speaker.to(interaction))
        await interaction.followup.send(
            view=view, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
        )

    async def on_ring(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask why, and hold, release or reverse what a ring's members paid each other."""
        guild_id, user_id = ui.who(interaction)
        since, last, verdict = (
            int(match["since"]),
            int(match["last"]),
            cast(Verdict, match["act"]),
        )
        texts = await self.speaker.to(interaction)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            await submitted.response.defer(ephemeral=True, thinking=True)
            made = await self.service.handle(
                guild_id,
                user_id,
                match["key"],
                since,
                last,
                verdict=verdict,
                reason=filled["reason"],
            )
            await submitted.followup.send(
                view=views.handled(made, since, last, texts), ephemeral=True
            )

        form = views.ring_form(verdict, texts)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)
