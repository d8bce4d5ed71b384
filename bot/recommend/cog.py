"""``/recommend``, ``/similar``, ``/saved`` and ``/model``, and what the cards' buttons do."""

import asyncio
import re
from collections.abc import Iterable

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards, ui
from bot.errors import UserError
from bot.i18n import Speaker, Texts, label
from bot.recommend import views
from bot.recommend.service import RecommendService, Suggestion

KIND_CHOICES = [
    app_commands.Choice(name=label(f"kind-{kind}"), value=kind)
    for kind in ("article", "course", "ebook", "video", "tool", "thread", "consultation")
]
TOPIC_MAX = 100
PATIENCE_S = 13 * 60
"""How long ``/model refit`` waits: Discord takes an answer for fifteen minutes."""

may_manage = app_commands.checks.has_permissions(manage_guild=True)
Choices = list[app_commands.Choice[str]]


class RecommendCog(commands.Cog):
    """Recommendations on Discord."""

    model = app_commands.Group(
        name=label("recommend-cmd-model"),
        description=label("recommend-cmd-model-desc"),
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )

    def __init__(self, client: commands.Bot, service: RecommendService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of every card ever shown."""
        self.client.add_dynamic_items(
            ui.persistent_button(cards.SAVE_TEMPLATE, self.on_save),
            ui.persistent_button(cards.DISMISS_TEMPLATE, self.on_dismiss),
            ui.persistent_button(views.UNDO_TEMPLATE, self.on_undo),
            ui.persistent_button(cards.PUBLIC_SAVE_TEMPLATE, self.on_save_shared),
            ui.persistent_button(views.PAGE_TEMPLATE, self.on_page),
        )

    @app_commands.command(
        name=label("recommend-cmd-recommend"), description=label("recommend-cmd-recommend-desc")
    )
    @app_commands.rename(topic=label("recommend-opt-topic"), kind=label("recommend-opt-kind"))
    @app_commands.describe(
        topic=label("recommend-opt-topic-desc"), kind=label("recommend-opt-kind-desc")
    )
    @app_commands.choices(kind=KIND_CHOICES)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def recommend(
        self,
        interaction: discord.Interaction,
        topic: app_commands.Range[str, 1, TOPIC_MAX] | None = None,
        kind: str | None = None,
    ) -> None:
        """Recommend what to read or take next."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = _who(interaction)
        texts = await self.speaker.to(interaction)
        found = await self.service.recommend(
            guild_id,
            user_id,
            role_ids=_roles(interaction),
            topic=topic,
            kind=kind,
            language=texts.language,
        )
        if found.empty is not None:
            tags = await self.service.topics(guild_id, "", _roles(interaction))
            view = views.nothing(found.empty, texts, topic=topic, tags=tags)
        else:
            shown = _cards(found.suggestions, texts)
            has_model = found.snapshot_id is not None
            view = views.recommendation(
                shown, texts, topic=topic, arm=found.arm, has_model=has_model
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
        guild_id, user_id = _who(interaction)
        texts = await self.speaker.to(interaction)
        role_ids = _roles(interaction)
        resource_id = await self._resource_id(guild_id, resource, role_ids)
        about, found = await self.service.similar(guild_id, user_id, resource_id, role_ids=role_ids)
        view = views.similar(about, _cards(found.suggestions, texts), texts)
        await interaction.followup.send(view=view, ephemeral=True)

    @app_commands.command(
        name=label("recommend-cmd-saved"), description=label("recommend-cmd-saved-desc")
    )
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def saved(self, interaction: discord.Interaction) -> None:
        """Show what the member saved."""
        await interaction.response.defer(ephemeral=True)
        view = await self._saved_page(interaction, 1)
        await interaction.followup.send(view=view, ephemeral=True)

    @model.command(
        name=label("recommend-cmd-status"), description=label("recommend-cmd-status-desc")
    )
    @may_manage
    async def status(self, interaction: discord.Interaction) -> None:
        """Show what serves and how the last refits went."""
        texts = await self.speaker.to(interaction)
        known = await self.service.status(_who(interaction)[0])
        view = views.status(known.live, known.attempts, texts)
        await interaction.response.send_message(view=view, ephemeral=True)

    @model.command(name=label("recommend-cmd-refit"), description=label("recommend-cmd-refit-desc"))
    @may_manage
    async def refit(self, interaction: discord.Interaction) -> None:
        """Refit now and say what came of it."""
        await interaction.response.defer(ephemeral=True)
        texts = await self.speaker.to(interaction)
        work = asyncio.create_task(self.service.refit(_who(interaction)[0]))
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
        tags = await self.service.topics(_who(interaction)[0], current, _roles(interaction))
        usable = [tag for tag in tags if len(tag) <= TOPIC_MAX][: ui.CHOICES_MAX]
        return [app_commands.Choice(name=tag, value=tag) for tag in usable]

    @similar.autocomplete("resource")
    async def complete_resource(self, interaction: discord.Interaction, current: str) -> Choices:
        """Offer resources by title."""
        found = await self.service.titled(_who(interaction)[0], current, _roles(interaction))
        return [
            app_commands.Choice(
                name=ui.clip(resource.title, ui.CHOICE_NAME_MAX), value=str(resource.resource_id)
            )
            for resource in found[: ui.CHOICES_MAX]
        ]

    async def on_save(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Save or unsave a card shown to one member, and say so on its button."""
        choice = await self.service.toggle_save(
            interaction.user.id,
            int(match["impression_id"]),
            interaction.id,
            interaction.guild_id,
        )
        texts = await self._texts(interaction, choice.guild_id)
        view = views.with_saved(_message(interaction), match.string, choice.is_saved, texts)
        await interaction.response.edit_message(view=view)

    async def on_dismiss(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Never show a resource to this member again, unless they undo it."""
        impression_id = int(match["impression_id"])
        choice = await self.service.dismiss(
            interaction.user.id, impression_id, interaction.id, interaction.guild_id
        )
        texts = await self._texts(interaction, choice.guild_id)
        view = views.with_dismissed(_message(interaction), impression_id, choice.resource, texts)
        await interaction.response.edit_message(view=view)

    async def on_undo(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Take a dismissal back and show the card again."""
        impression_id = int(match["impression_id"])
        choice = await self.service.dismiss(
            interaction.user.id, impression_id, interaction.id, interaction.guild_id, is_undo=True
        )
        texts = await self._texts(interaction, choice.guild_id)
        shown = cards.Card(choice.resource, impression_id, is_saved=choice.is_saved)
        view = views.with_card(_message(interaction), shown, texts)
        await interaction.response.edit_message(view=view)

    async def on_save_shared(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Save or unsave a card that stands in a channel."""
        guild_id, user_id = _who(interaction)
        choice = await self.service.toggle_shared(
            guild_id,
            user_id,
            int(match["resource_id"]),
            interaction.id,
            role_ids=ui.role_ids(interaction),
        )
        texts = await self.speaker.to(interaction)
        key = "recommend-shared-saved" if choice.is_saved else "recommend-shared-unsaved"
        answer = texts(key, title=ui.clip(ui.plain(choice.resource.title), 150))
        await interaction.response.send_message(answer, ephemeral=True)

    async def on_page(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn a page of what the member saved."""
        await interaction.response.defer()
        view = await self._saved_page(interaction, int(match["page"]))
        await interaction.edit_original_response(view=view)

    async def _saved_page(
        self, interaction: discord.Interaction, page: int
    ) -> discord.ui.LayoutView:
        texts = await self.speaker.to(interaction)
        found = await self.service.saved(
            *_who(interaction), page, role_ids=ui.role_ids(interaction)
        )
        return views.saved(
            _cards(found.suggestions, texts),
            texts,
            page=found.page,
            n_pages=found.n_pages,
            n_saved=found.n_saved,
        )

    async def _resource_id(self, guild_id: int, value: str, role_ids: Iterable[int]) -> int:
        """Return what was picked from the suggestions, or the one whose title was typed out."""
        if value.isascii() and value.isdigit() and len(value) < 19:
            return int(value)
        for resource in await self.service.titled(guild_id, value, list(role_ids)):
            if resource.title.casefold() == value.strip().casefold():
                return resource.resource_id
        raise UserError("error-recommend-unknown")

    async def _texts(self, interaction: discord.Interaction, guild_id: int) -> Texts:
        # A digest's buttons are pressed in a direct message, where Discord names no guild.
        return await self.speaker.to_member(guild_id, interaction.user.id, interaction.locale)


def _who(interaction: discord.Interaction) -> tuple[int, int]:
    assert interaction.guild_id is not None, "commands and cards in channels are guild only"
    return interaction.guild_id, interaction.user.id


def _roles(interaction: discord.Interaction) -> list[int]:
    member = interaction.user
    return [role.id for role in member.roles] if isinstance(member, discord.Member) else []


def _message(interaction: discord.Interaction) -> discord.Message:
    assert interaction.message is not None, "a button stands on a message"
    return interaction.message


def _cards(suggestions: Iterable[Suggestion], texts: Texts) -> list[cards.Card]:
    return [
        views.card(s.resource, s.impression_id, s.url, s.why, s.is_saved, texts)
        for s in suggestions
    ]
