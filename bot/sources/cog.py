"""``/source``: where entries come from by themselves; threads that are deleted in a forum."""

import io
import re
from collections.abc import Callable
from typing import Any, TypeVar
from xml.etree import ElementTree

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards, files, ids, ui
from bot.errors import UserError
from bot.i18n import Speaker, label
from bot.sources import views
from bot.sources.delivery import posts_of
from bot.sources.service import DAILY_MAX, EACH, EVERY_H_MAX, SourcesService, Terms
from storage.records import Source, SourceTrust

Choices = list[app_commands.Choice[str]]
T = TypeVar("T")
TRUST_CHOICES = [
    app_commands.Choice(name=label(f"sources-trust-{each}"), value=each)
    for each in ("review", "earned", "publish")
]
KIND_CHOICES = [
    *cards.KIND_CHOICES,
    app_commands.Choice(name=label("sources-kind-each"), value=EACH),
]
"""Also that each entry says for itself, as when no kind was ever chosen."""
URL_MAX = 2_048
TAGS_MAX = 300


def _described(*names: str) -> Callable[[T], T]:
    return ui.described({name: f"sources-opt-{name.replace('_', '-')}" for name in names})


class ForumOption(app_commands.Transformer):
    """A forum of the server; discord.py's own would ask for media channels, too."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel, to Discord."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Forums only."""
        return [discord.ChannelType.forum]

    async def transform(
        self, interaction: discord.Interaction[Any], value: Any, /
    ) -> discord.ForumChannel | None:
        """Return the forum, None for what is none or cannot be seen."""
        found = interaction.guild.get_channel(value.id) if interaction.guild else None
        return found if isinstance(found, discord.ForumChannel) else None


class SourcesCog(commands.Cog):
    """Sources on Discord."""

    source = ui.group("sources-cmd", "sources-cmd-desc", needs=ui.MODERATORS)

    def __init__(self, client: commands.Bot, service: SourcesService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of answers given before this start, too."""
        self.client.add_dynamic_items(
            ui.persistent(views.LIST_TEMPLATE, self.on_list, needs=ui.MODERATORS)
        )

    @source.command(name=label("sources-cmd-add"), description=label("sources-cmd-add-desc"))
    @_described("url", "tags", "kind", "trust", "hours", "daily")
    @app_commands.choices(kind=cards.KIND_CHOICES, trust=TRUST_CHOICES)
    @ui.may_manage
    async def add(
        self,
        interaction: discord.Interaction,
        url: app_commands.Range[str, 1, URL_MAX],
        tags: app_commands.Range[str, 1, TAGS_MAX] | None = None,
        kind: str | None = None,
        trust: str | None = None,
        hours: app_commands.Range[int, 1, EVERY_H_MAX] | None = None,
        daily: app_commands.Range[int, 1, DAILY_MAX] | None = None,
    ) -> None:
        """Look at an address and keep it as a source."""
        terms = _terms(locals())
        await interaction.response.defer(ephemeral=True)
        added = await self.service.add(*ui.who(interaction), url, terms)
        view = views.added(added, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @source.command(name=label("sources-cmd-forum"), description=label("sources-cmd-forum-desc"))
    @_described("forum", "tags", "trust", "hours", "daily")
    @app_commands.choices(trust=TRUST_CHOICES)
    @ui.may_manage
    async def forum(
        self,
        interaction: discord.Interaction,
        forum: app_commands.Transform[discord.ForumChannel | None, ForumOption],
        tags: app_commands.Range[str, 1, TAGS_MAX] | None = None,
        trust: str | None = None,
        hours: app_commands.Range[int, 1, EVERY_H_MAX] | None = None,
        daily: app_commands.Range[int, 1, DAILY_MAX] | None = None,
    ) -> None:
        """Keep a forum of the server as a source."""
        terms = _terms(locals())
        await interaction.response.defer(ephemeral=True)
        posts = await posts_of(forum) if forum is not None else None
        if forum is None or posts is None:
            raise UserError("error-sources-forum")
        who = ui.who(interaction)
        added = await self.service.add_forum(*who, forum.id, forum.name, posts, terms)
        view = views.added(added, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @source.command(name=label("sources-cmd-list"), description=label("sources-cmd-list-desc"))
    @ui.may_manage
    async def list_(self, interaction: discord.Interaction) -> None:
        """Show all sources with how each went last."""
        await interaction.response.defer(ephemeral=True)
        view = await self._list(interaction, 1)
        await interaction.followup.send(view=view, ephemeral=True)

    @source.command(name=label("sources-cmd-edit"), description=label("sources-cmd-edit-desc"))
    @_described("source", "tags", "kind", "trust", "hours", "daily", "paused")
    @app_commands.choices(kind=KIND_CHOICES, trust=TRUST_CHOICES)
    @ui.may_manage
    async def edit(
        self,
        interaction: discord.Interaction,
        source: str,
        tags: app_commands.Range[str, 1, TAGS_MAX] | None = None,
        kind: str | None = None,
        trust: str | None = None,
        hours: app_commands.Range[int, 1, EVERY_H_MAX] | None = None,
        daily: app_commands.Range[int, 1, DAILY_MAX] | None = None,
        paused: bool | None = None,
    ) -> None:
        """Change how a source is treated, pause it, or let it go on."""
        terms = _terms(locals())
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        known = await self._picked(guild_id, source)
        changed = await self.service.edit(guild_id, user_id, known.source_id, terms, paused)
        view = views.one(changed, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @source.command(name=label("sources-cmd-remove"), description=label("sources-cmd-remove-desc"))
    @_described("source")
    @ui.may_manage
    async def remove(self, interaction: discord.Interaction, source: str) -> None:
        """Forget a source; what came of it stays."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        known = await self._picked(guild_id, source)
        gone = await self.service.remove(guild_id, user_id, known.source_id)
        view = views.removed(gone, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @source.command(name=label("sources-cmd-import"), description=label("sources-cmd-import-desc"))
    @_described("file")
    @ui.may_manage
    async def bring(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Keep the feeds of an OPML file."""
        await interaction.response.defer(ephemeral=True)
        if file.size > files.BYTES_MAX // 8:
            raise UserError("error-file-large", limit=files.BYTES_MAX // 8 // 10**6)
        found = await self.service.bring(*ui.who(interaction), await files.uploaded(file))
        view = views.brought(found, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @source.command(name=label("sources-cmd-export"), description=label("sources-cmd-export-desc"))
    @ui.may_manage
    async def export(self, interaction: discord.Interaction) -> None:
        """Hand out all feeds as OPML."""
        await interaction.response.defer(ephemeral=True)
        guild_id, _ = ui.who(interaction)
        found = [one for one in await self.service.all_of(guild_id) if one.url]
        texts = await self.speaker.to(interaction)
        if not found:
            raise UserError("error-sources-nothing")
        attached = discord.File(io.BytesIO(opml(found)), "sources.opml")
        await interaction.followup.send(
            texts("sources-exported", count=len(found)), file=attached, ephemeral=True
        )

    @edit.autocomplete("source")
    @remove.autocomplete("source")
    @ui.may_manage
    async def suggest(self, interaction: discord.Interaction, current: str) -> Choices:
        """Suggest sources by title and address."""
        guild_id, _ = ui.who(interaction)
        return views.choices(await self._named(guild_id, current))

    async def on_list(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn to another page."""
        await interaction.response.defer()
        view = await self._list(interaction, int(match["number"]))
        await interaction.edit_original_response(view=view)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, gone: discord.RawThreadDeleteEvent) -> None:
        """Take a deleted thread of a forum out of the catalogue."""
        url = f"https://discord.com/channels/{gone.guild_id}/{gone.thread_id}"
        await self.service.looking.thread_gone(gone.guild_id, gone.parent_id, url)

    async def _list(self, interaction: discord.Interaction, number: int) -> discord.ui.LayoutView:
        guild_id, _ = ui.who(interaction)
        found = await self.service.all_of(guild_id)
        return views.listed(found, number, await self.speaker.to(interaction))

    async def _named(self, guild_id: int, typed: str) -> list[Source]:
        words = typed.strip().casefold()
        found = await self.service.all_of(guild_id)
        fitting = [one for one in found if words in f"{one.title}\n{one.url}".casefold()]
        return fitting[: ui.CHOICES_MAX]

    async def _picked(self, guild_id: int, text: str) -> Source:
        number = ids.chosen(text)
        if number is not None:
            return await self.service.one(guild_id, number)
        found = await self._named(guild_id, text)
        if len(found) != 1:
            raise UserError("error-sources-pick", value=text[:60])
        return found[0]


def opml(found: list[Source]) -> bytes:
    """Return sources as OPML, which other readers and `/source import` take."""
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = "Lyceum"
    body = ElementTree.SubElement(root, "body")
    for one in found:
        fields = {"type": "rss", "text": one.title, "title": one.title, "xmlUrl": one.url}
        ElementTree.SubElement(body, "outline", fields)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _terms(options: dict[str, Any]) -> Terms:
    """Return what a command's options say of how a source is treated."""
    trust: SourceTrust | None = options["trust"]
    return Terms(
        tags=options["tags"],
        makes=options.get("kind"),
        trust=trust,
        every_h=options["hours"],
        daily_max=options["daily"],
    )
