"""``/recommend``, ``/similar`` and ``/model``."""

import asyncio
import re
from collections.abc import Iterable
from io import BytesIO

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards, filters, ui
from bot.i18n import Speaker, Texts, label
from bot.recommend import views
from bot.recommend.service import RecommendService, Request, Suggestion
from storage.records import Filters

TOPIC_MAX = 100
PATIENCE_S = 13 * 60
"""How long ``/model refit`` waits: Discord takes an answer for fifteen minutes."""

Choices = list[app_commands.Choice[str]]


class RecommendCog(commands.Cog):
    """Recommendations on Discord."""

    model = ui.group("recommend-cmd-model", "recommend-cmd-model-desc", needs=ui.MODERATORS)

    def __init__(self, client: commands.Bot, service: RecommendService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the button below an answer, also of before a restart."""
        others = ui.persistent(views.OTHERS_TEMPLATE, self.on_others, needs=ui.ANYBODY)
        self.client.add_dynamic_items(others)

    @app_commands.command(
        name=label("recommend-cmd-recommend"), description=label("recommend-cmd-recommend-desc")
    )
    @app_commands.rename(topic=label("recommend-opt-topic"))
    @app_commands.describe(topic=label("recommend-opt-topic-desc"))
    @filters.options
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def recommend(
        self,
        interaction: discord.Interaction,
        topic: app_commands.Range[str, 1, TOPIC_MAX] | None = None,
        kind: str | None = None,
        level: str | None = None,
        language: str | None = None,
        minutes: app_commands.Range[int, 1, filters.MINUTES_MAX] | None = None,
        price: str | None = None,
        gem: bool | None = None,
    ) -> None:
        """Recommend what to read or take next."""
        narrowed = filters.read(locals())
        await interaction.response.defer(ephemeral=True)
        await self._answer(interaction, topic, narrowed)

    async def on_others(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show other cards for the same question than those shown just now."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        topic = match["topic"][:TOPIC_MAX] or None
        narrowed = filters.restored(match["filters"])
        await self._answer(interaction, topic, narrowed, wants_others=True)

    async def _answer(
        self,
        interaction: discord.Interaction,
        topic: str | None,
        narrowed: Filters,
        *,
        wants_others: bool = False,
    ) -> None:
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        request = Request(
            guild_id=guild_id,
            user_id=user_id,
            role_ids=_roles(interaction),
            topic=topic,
            filters=narrowed,
            language=texts.language,
            wants_others=wants_others,
        )
        found = await self.service.recommend(request)
        if found.empty is not None:
            tags = await self.service.naming.topics(guild_id, "", _roles(interaction))
            view = views.nothing(found.empty, texts, topic=topic, tags=tags)
        else:
            shown = _cards(found.suggestions, texts)
            view = views.recommendation(
                shown,
                texts,
                topic=topic,
                arm=found.arm,
                goes_by_interests=found.goes_by_interests,
                has_model=found.is_proven,
                corrected=found.corrected,
                narrowed=narrowed,
            )
        await interaction.followup.send(view=view, ephemeral=True)

    @app_commands.command(
        name=label("recommend-cmd-similar"), description=label("recommend-cmd-similar-desc")
    )
    @app_commands.rename(resource=label("recommend-opt-resource"))
    @app_commands.describe(resource=label("recommend-opt-resource-desc"))
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def similar(self, interaction: discord.Interaction, resource: str) -> None:
        """Show what is like a resource."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        role_ids = _roles(interaction)
        resource_id = await self.service.naming.meant(guild_id, resource, role_ids)
        about, found = await self.service.similar(guild_id, user_id, resource_id, role_ids=role_ids)
        view = views.similar(about, _cards(found.suggestions, texts), texts)
        await interaction.followup.send(view=view, ephemeral=True)

    @model.command(
        name=label("recommend-cmd-status"), description=label("recommend-cmd-status-desc")
    )
    @ui.may_manage
    async def status(self, interaction: discord.Interaction) -> None:
        """Show what serves and how the last refits went."""
        texts = await self.speaker.to(interaction)
        await interaction.response.defer(ephemeral=True)
        known = await self.service.models.status(ui.who(interaction)[0])
        chances = views.calibrated(known.attempts)
        if chances is None or not chances["reliability"]:
            view = views.status(known.live, known.attempts, texts)
            await interaction.followup.send(view=view, ephemeral=True)
            return
        png = await asyncio.to_thread(views.reliability, chances, texts)
        file = discord.File(BytesIO(png), views.RELIABILITY)
        view = views.status(known.live, known.attempts, texts, views.RELIABILITY)
        await interaction.followup.send(view=view, file=file, ephemeral=True)

    @model.command(name=label("recommend-cmd-refit"), description=label("recommend-cmd-refit-desc"))
    @ui.may_manage
    async def refit(self, interaction: discord.Interaction) -> None:
        """Refit now and say what came of it."""
        await interaction.response.defer(ephemeral=True)
        texts = await self.speaker.to(interaction)
        guild_id, user_id = ui.who(interaction)
        work = asyncio.create_task(self.service.models.refit(guild_id, actor_id=user_id))
        try:
            done, _ = await asyncio.wait({work}, timeout=PATIENCE_S)
        except asyncio.CancelledError:
            work.cancel()
            raise
        if not done:
            await interaction.followup.send(texts("recommend-refit-long"), ephemeral=True)
            return
        outcome = work.result()
        view = views.refitted(
            outcome.state, outcome.reason, outcome.metrics, outcome.duration_s, texts
        )
        await interaction.followup.send(view=view, ephemeral=True)

    @recommend.autocomplete("topic")
    async def complete_topic(self, interaction: discord.Interaction, current: str) -> Choices:
        """Offer the tags that members can ask for."""
        tags = await self.service.naming.topics(
            ui.who(interaction)[0], current, _roles(interaction)
        )
        usable = [tag for tag in tags if len(tag) <= TOPIC_MAX][: ui.CHOICES_MAX]
        texts = await self.speaker.to(interaction)
        named = [(tag, texts.topic(tag)) for tag in usable]
        return [app_commands.Choice(name=ui.bare(name), value=tag) for tag, name in named]

    @similar.autocomplete("resource")
    async def complete_resource(self, interaction: discord.Interaction, current: str) -> Choices:
        """Offer resources by title."""
        found = await self.service.naming.titled(
            ui.who(interaction)[0], current, _roles(interaction), is_typing=True
        )
        return cards.choices(found)


def _roles(interaction: discord.Interaction) -> list[int]:
    member = interaction.user
    return [role.id for role in member.roles] if isinstance(member, discord.Member) else []


def _cards(suggestions: Iterable[Suggestion], texts: Texts) -> list[cards.Card]:
    return [
        views.card(s.resource, s.impression_id, s.url, s.why, s.is_saved, texts)
        for s in suggestions
    ]
