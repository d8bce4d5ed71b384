"""``/resource``, ``/share`` and ``/search``, and the buttons of their answers."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards, channels, filters, ids, mentions, ui
from bot.catalog import views
from bot.catalog.joining import Joining
from bot.catalog.narrowing import Narrowing
from bot.catalog.rules import NOTHING
from bot.catalog.service import ANY_STATE, CatalogService
from bot.errors import UserError
from bot.i18n import Speaker, label
from bot.names import name_of
from storage.records import Filters, Resource

_LEVELS_OR_NONE = [
    *filters.LEVEL_CHOICES,
    app_commands.Choice(name=label("catalog-level-unknown"), value=NOTHING),
]
LANGUAGES = (("en", "English"), ("zh", "中文"))
QUERY_MAX = 60
_WRITTEN = "kind title url summary tags language level minutes price currency creator".split()
_DESCRIBING = (*_WRITTEN, "creator_member", "role")

T = TypeVar("T")
Choices = list[app_commands.Choice[str]]


def _described(*names: str) -> Callable[[T], T]:
    """Return a decorator that names and describes options by their texts."""
    return ui.described({name: f"catalog-opt-{name.replace('_', '-')}" for name in names})


class CatalogCog(commands.Cog):
    """The catalogue on Discord."""

    resource = ui.group("catalog-cmd-resource", "catalog-cmd-resource-desc", needs=ui.MODERATORS)

    def __init__(self, client: commands.Bot, service: CatalogService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.joining = Joining(service)
        self.narrowing = Narrowing(service.database, service.words)
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of answers given before this start, too."""
        self.client.add_dynamic_items(
            ui.persistent(views.POST_TEMPLATE, self.on_post, needs=ui.MODERATORS),
            ui.persistent(views.PAGE_TEMPLATE, self.on_page, needs=ui.ANYBODY),
        )

    @resource.command(name=label("catalog-cmd-add"), description=label("catalog-cmd-add-desc"))
    @_described(*_DESCRIBING)
    @app_commands.choices(kind=cards.KIND_CHOICES, level=filters.LEVEL_CHOICES)
    @ui.may_manage
    async def add(
        self,
        interaction: discord.Interaction,
        kind: str,
        title: str,
        url: str,
        summary: str | None = None,
        tags: str | None = None,
        language: str | None = None,
        level: str | None = None,
        minutes: int | None = None,
        price: float | None = None,
        currency: str | None = None,
        creator: str | None = None,
        creator_member: discord.Member | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Add a resource and show its card."""
        options = locals()
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        raw, extra = _filled_in(options)
        added = await self.service.add(guild_id, user_id, raw, **extra)
        await self._answer(interaction, "catalog-added", added)

    @resource.command(name=label("catalog-cmd-edit"), description=label("catalog-cmd-edit-desc"))
    @_described("resource", *_DESCRIBING)
    @app_commands.choices(kind=cards.KIND_CHOICES, level=_LEVELS_OR_NONE)
    @ui.may_manage
    async def edit(
        self,
        interaction: discord.Interaction,
        resource: str,
        title: str | None = None,
        url: str | None = None,
        kind: str | None = None,
        summary: str | None = None,
        tags: str | None = None,
        language: str | None = None,
        level: str | None = None,
        minutes: int | None = None,
        price: float | None = None,
        currency: str | None = None,
        creator: str | None = None,
        creator_member: discord.Member | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Change what is filled in and show the card."""
        options = locals()
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        raw, extra = _filled_in(options)
        known = await self.service.pick(guild_id, resource, states=ANY_STATE)
        changed = await self.service.edit(guild_id, user_id, known.resource_id, raw, **extra)
        await self._answer(interaction, "catalog-edited", changed)

    @resource.command(
        name=label("catalog-cmd-retire"), description=label("catalog-cmd-retire-desc")
    )
    @_described("resource", "restore", "replacement")
    @ui.may_manage
    async def retire(
        self,
        interaction: discord.Interaction,
        resource: str,
        restore: bool = False,
        replacement: str | None = None,
    ) -> None:
        """Take a resource out, with what replaces it, or bring it back."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        known = await self.service.pick(guild_id, resource, states=ANY_STATE)
        if replacement is not None and not restore:
            by = await self.service.pick(guild_id, replacement)
            await self.joining.replace(guild_id, user_id, known.resource_id, by.resource_id)
            await self._answer(interaction, "catalog-replaced", by)
            return
        changed = await self.service.set_state(
            guild_id, user_id, known.resource_id, "live" if restore else "retired"
        )
        await self._answer(
            interaction, "catalog-restored" if restore else "catalog-retired", changed
        )

    @app_commands.command(
        name=label("catalog-cmd-share"), description=label("catalog-cmd-share-desc")
    )
    @_described("resource")
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def share(self, interaction: discord.Interaction, resource: str) -> None:
        """Post a public card; of what is for a role, only moderators where everybody reads."""
        guild_id, _ = ui.who(interaction)
        found = await self.service.pick(guild_id, resource, role_ids=ui.role_ids(interaction))
        is_moderator = ui.moderates(interaction)
        if found.role_id is not None and not is_moderator and _is_public(interaction):
            raise UserError("error-catalog-share-role", role=mentions.role(found.role_id))
        await self._post(interaction, found)

    @app_commands.command(
        name=label("catalog-cmd-search"), description=label("catalog-cmd-search-desc")
    )
    @app_commands.rename(query=label("catalog-opt-query"), topic=label("filters-opt-topic"))
    @app_commands.describe(
        query=label("catalog-opt-query-desc"), topic=label("filters-opt-topic-desc")
    )
    @filters.options
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def search(
        self,
        interaction: discord.Interaction,
        query: app_commands.Range[str, 1, QUERY_MAX],
        kind: str | None = None,
        level: str | None = None,
        language: str | None = None,
        minutes: app_commands.Range[int, 1, filters.MINUTES_MAX] | None = None,
        price: str | None = None,
        gem: bool | None = None,
        topic: app_commands.Range[str, 1, 30] | None = None,
    ) -> None:
        """Show what fits, five cards a page."""
        narrowed = filters.of_search(locals())
        await interaction.response.defer(ephemeral=True)
        view = await self._page(interaction, " ".join(query.split()), narrowed, 1)
        await interaction.followup.send(view=view, ephemeral=True)

    @add.autocomplete("language")
    @edit.autocomplete("language")
    async def suggest_language(self, interaction: discord.Interaction, current: str) -> Choices:
        """Suggest our two languages; any other code may be typed."""
        typed = current.strip().lower()
        found = [
            app_commands.Choice(name=name, value=code)
            for code, name in LANGUAGES
            if typed in f"{code} {name.lower()}"
        ]
        if not found and typed:
            code = ui.clip(typed, 20)
            found = [app_commands.Choice(name=ui.bare(code), value=code)]
        return found

    @edit.autocomplete("resource")
    @retire.autocomplete("resource")
    @retire.autocomplete("replacement")
    @ui.may_manage
    async def suggest_any(self, interaction: discord.Interaction, current: str) -> Choices:
        """Suggest every resource, retired ones too."""
        guild_id, _ = ui.who(interaction)
        found = await self.service.find(guild_id, current, states=ANY_STATE, is_typing=True)
        return views.choices(found, await self.speaker.to(interaction))

    @share.autocomplete("resource")
    async def suggest(self, interaction: discord.Interaction, current: str) -> Choices:
        """Suggest what the member may see."""
        return await self._titles(interaction, current)

    @search.autocomplete("query")
    async def suggest_query(self, interaction: discord.Interaction, current: str) -> Choices:
        """Suggest titles below the typed words themselves: Enter takes the first suggestion."""
        titles = await self._titles(interaction, current)
        typed = ui.clip(" ".join(current.split()), QUERY_MAX)
        if not typed or not titles:
            return titles
        asked = app_commands.Choice(
            name=ui.clip(f"🔎 {ui.bare(typed)}", ui.CHOICE_NAME_MAX), value=typed
        )
        return [asked, *titles][: ui.CHOICES_MAX]

    @search.autocomplete("topic")
    async def suggest_topic(self, interaction: discord.Interaction, current: str) -> Choices:
        """Suggest the tags of what the member may see."""
        guild_id, _ = ui.who(interaction)
        found = await self.narrowing.topics(guild_id, current, ui.role_ids(interaction))
        texts = await self.speaker.to(interaction)
        return [app_commands.Choice(name=ui.bare(texts.topic(tag)), value=tag) for tag in found]

    async def _titles(self, interaction: discord.Interaction, current: str) -> Choices:
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        found = await self.service.find(
            guild_id,
            current,
            user_id=user_id,
            language=texts.language,
            filters=await self.narrowing.narrowed(guild_id, filters.of(interaction)),
            role_ids=ui.role_ids(interaction),
            is_typing=True,
        )
        return views.choices(found, texts)

    async def on_post(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Post the card a moderator was just shown."""
        guild_id, _ = ui.who(interaction)
        await self._post(interaction, await self.service.live(guild_id, int(match["resource_id"])))

    async def on_page(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn to another page in place."""
        await interaction.response.defer()
        view = await self._page(
            interaction, match["query"], filters.restored(match["filters"]), int(match["number"])
        )
        await interaction.edit_original_response(view=view)

    async def _page(
        self, interaction: discord.Interaction, query: str, narrowed: Filters, number: int
    ) -> discord.ui.LayoutView:
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        narrowed = await self.narrowing.narrowed(guild_id, narrowed)
        page = await self.service.search(
            guild_id,
            user_id,
            query,
            filters=narrowed,
            role_ids=ui.role_ids(interaction),
            language=texts.language,
            number=number,
        )
        is_chosen = ids.chosen(query) is not None and bool(page.shown)
        named = page.shown[0].resource.title if is_chosen else query
        return views.results(page, named, narrowed, texts)

    async def _post(self, interaction: discord.Interaction, resource: Resource) -> None:
        guild_id, _ = ui.who(interaction)
        texts = await self.speaker.to_guild(guild_id)
        answer = await interaction.response.send_message(view=cards.public_card(resource, texts))
        if answer.message_id is not None and interaction.channel_id is not None:
            await self.service.posted(
                guild_id, answer.message_id, interaction.channel_id, resource.resource_id
            )

    async def _answer(self, interaction: discord.Interaction, key: str, resource: Resource) -> None:
        texts = await self.speaker.to(interaction)
        view = views.entry(texts(key, title=ui.plain(resource.title)), resource, texts)
        await interaction.followup.send(view=view, ephemeral=True)


def _filled_in(options: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Return what was filled in: texts by field, and the fields that need no checking.

    Parameters
    ----------
    options
        Of a command that describes a resource, by name; choosing @everyone takes the role away,
        and 0 minutes are minutes nobody knows.
    """
    member: discord.Member | None = options["creator_member"]
    role: discord.Role | None = options["role"]
    written = {name: str(options[name]) for name in _WRITTEN if options[name] is not None}
    if options["minutes"] == 0 and "resource" in options:  # is edited
        written["minutes"] = NOTHING
    extra: dict[str, Any] = {}
    if member is not None:
        written.setdefault("creator", name_of(member))
        extra["creator_id"] = member.id
    if role is not None:
        extra["role_id"] = None if role.is_default() else role.id
    return written, extra


def _is_public(interaction: discord.Interaction) -> bool:
    """Say whether everybody reads where a command was given; unknown places count as such."""
    place = interaction.channel
    if isinstance(place, discord.abc.GuildChannel | discord.Thread):
        return channels.is_public(place)
    return True
