"""``/insights`` and ``/experiment``: what works, and trying a change out."""

import asyncio
import re
from io import BytesIO
from typing import Any, get_args

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.i18n import Speaker, Texts, label
from bot.insights import rules, views
from bot.insights.service import InsightsService
from storage.records import MetricName, PolicyName

_DAYS = [app_commands.Choice(name=label(f"insights-span-{n}"), value=n) for n in rules.SPANS]
_POLICIES = [
    app_commands.Choice(name=label(f"insights-choice-{each}"), value=each)
    for each in get_args(PolicyName)
]
_METRICS = [
    app_commands.Choice(name=label(f"insights-metric-{each}"), value=each)
    for each in get_args(MetricName)
]


class InsightsCog(commands.Cog):
    """Figures and experiments on Discord."""

    insights = ui.group("insights-cmd", "insights-cmd-desc", needs=ui.MODERATORS)
    experiment = ui.group("insights-cmd-trial", "insights-cmd-trial-desc", needs=ui.MODERATORS)

    def __init__(self, client: commands.Bot, service: InsightsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of earlier answers, too."""
        self.client.add_dynamic_items(
            ui.persistent(views.SPAN_TEMPLATE, self.on_span, needs=ui.MODERATORS)
        )

    @insights.command(name=label("insights-cmd-show"), description=label("insights-cmd-show-desc"))
    @app_commands.rename(days=label("insights-opt-days"))
    @app_commands.describe(days=label("insights-opt-days-desc"))
    @app_commands.choices(days=_DAYS)
    @ui.may_manage
    async def show(self, interaction: discord.Interaction, days: int = 30) -> None:
        """Show what works, in a picture and in words."""
        await interaction.response.defer(ephemeral=True)
        view, file = await self._figures(interaction, days if days in rules.SPANS else 30)
        if file is None:
            await interaction.followup.send(view=view, ephemeral=True)
        else:
            await interaction.followup.send(view=view, file=file, ephemeral=True)

    async def on_span(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show the figures of another span."""
        await interaction.response.defer()
        view, file = await self._figures(interaction, int(match["days"]))
        await interaction.edit_original_response(view=view, attachments=[file] if file else [])

    async def _figures(
        self, interaction: discord.Interaction, days: int
    ) -> tuple[Any, discord.File | None]:
        texts = await self.speaker.to(interaction)
        found = await self.service.figures(ui.who(interaction)[0], days)
        if not found.get("reach"):
            return views.insights(found, days, texts, None), None
        png = await asyncio.to_thread(views.picture, found, days, texts)
        file = discord.File(
            BytesIO(png), views.PICTURE, description=texts("insights-alt", days=days)
        )
        return views.insights(found, days, texts, views.PICTURE), file

    @insights.command(
        name=label("insights-cmd-exposure"), description=label("insights-cmd-exposure-desc")
    )
    @app_commands.rename(days=label("insights-opt-days"))
    @app_commands.describe(days=label("insights-opt-days-desc"))
    @app_commands.choices(days=_DAYS)
    @ui.may_manage
    async def exposure(self, interaction: discord.Interaction, days: int = 30) -> None:
        """Show how showings and opens are spread over creators."""
        await interaction.response.defer(ephemeral=True)
        days = days if days in rules.SPANS else 30
        texts = await self.speaker.to(interaction)
        found = await self.service.figures(ui.who(interaction)[0], days)
        await interaction.followup.send(view=views.exposure(found, days, texts), ephemeral=True)

    @app_commands.command(
        name=label("insights-cmd-creator"), description=label("insights-cmd-creator-desc")
    )
    @app_commands.rename(days=label("insights-opt-days"))
    @app_commands.describe(days=label("insights-opt-days-desc"))
    @app_commands.choices(days=_DAYS)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def creator(self, interaction: discord.Interaction, days: int = 30) -> None:
        """Show a creator what became of their own resources."""
        await interaction.response.defer(ephemeral=True)
        days = days if days in rules.SPANS else 30
        found = await self.service.made(*ui.who(interaction), days)
        missing = await self.service.missing(ui.who(interaction)[0], found)
        view = views.creator(found, days, await self.speaker.to(interaction), missing)
        await interaction.followup.send(view=view, ephemeral=True)

    @insights.command(
        name=label("insights-cmd-holdout"), description=label("insights-cmd-holdout-desc")
    )
    @app_commands.rename(percent=label("insights-opt-percent"))
    @app_commands.describe(percent=label("insights-opt-percent-desc"))
    @ui.may_manage
    async def holdout(
        self,
        interaction: discord.Interaction,
        percent: app_commands.Range[int, 0, rules.HOLDOUT_MAX_PERCENT] | None = None,
    ) -> None:
        """Choose the share of members that is held out."""
        policy = await self.service.hold_out(*ui.who(interaction), percent)
        texts: Texts = await self.speaker.to(interaction)
        await interaction.response.send_message(view=views.held_out(policy, texts), ephemeral=True)

    @experiment.command(
        name=label("insights-cmd-start"), description=label("insights-cmd-start-desc")
    )
    @app_commands.rename(
        policy=label("insights-opt-policy"),
        value=label("insights-opt-value"),
        weeks=label("insights-opt-weeks"),
        percent=label("insights-opt-share"),
        metric=label("insights-opt-metric"),
    )
    @app_commands.describe(
        policy=label("insights-opt-policy-desc"),
        value=label("insights-opt-value-desc"),
        weeks=label("insights-opt-weeks-desc"),
        percent=label("insights-opt-share-desc"),
        metric=label("insights-opt-metric-desc"),
    )
    @app_commands.choices(policy=_POLICIES, metric=_METRICS)
    @ui.may_manage
    async def start(
        self,
        interaction: discord.Interaction,
        policy: str,
        value: app_commands.Range[float, 0, 2] = 0.0,
        weeks: app_commands.Range[int, 1, rules.WEEKS_MAX] = 8,
        percent: app_commands.Range[int, rules.SHARES[0], rules.SHARES[1]] = 50,
        metric: str = "open",
    ) -> None:
        """Start an experiment, where this server could see what it does."""
        await interaction.response.defer(ephemeral=True)
        names: tuple[PolicyName, ...] = get_args(PolicyName)
        measures: tuple[MetricName, ...] = get_args(MetricName)
        begun = await self.service.start(
            *ui.who(interaction),
            policy=next((each for each in names if each == policy), names[0]),
            value=value,
            percent=percent,
            weeks=weeks,
            metric=next((each for each in measures if each == metric), measures[0]),
        )
        texts = await self.speaker.to(interaction)
        await interaction.followup.send(view=views.started(begun, texts), ephemeral=True)

    @experiment.command(
        name=label("insights-cmd-look"), description=label("insights-cmd-look-desc")
    )
    @ui.may_manage
    async def look(self, interaction: discord.Interaction) -> None:
        """Show what experiments have found."""
        await interaction.response.defer(ephemeral=True)
        found = await self.service.look(ui.who(interaction)[0])
        texts = await self.speaker.to(interaction)
        await interaction.followup.send(view=views.experiments(found, texts), ephemeral=True)

    @experiment.command(
        name=label("insights-cmd-stop"), description=label("insights-cmd-stop-desc")
    )
    @ui.may_manage
    async def stop(self, interaction: discord.Interaction) -> None:
        """End the experiment that runs."""
        await interaction.response.defer(ephemeral=True)
        looked = await self.service.stop(*ui.who(interaction))
        texts = await self.speaker.to(interaction)
        await interaction.followup.send(view=views.experiments([looked], texts), ephemeral=True)
