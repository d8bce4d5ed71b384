"""``/tags``: moderators look after the words by which resources are sorted."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.i18n import Speaker, label
from bot.tags import views
from bot.tags.service import Done, TagsService

Choices = list[app_commands.Choice[str]]
Word = app_commands.Range[str, 1, 30]
Words = app_commands.Range[str, 1, 200]
UNKNOWN_CHOICES = [
    app_commands.Choice(name=label(f"tags-unknown-{each}"), value=each)
    for each in ("allowed", "refused")
]
T = TypeVar("T")
_OPTIONS = ("english", "chinese", "aliases", "under")


def _labels(*names: str) -> tuple[dict[str, Any], dict[str, Any]]:
    keys = {name: f"tags-opt-{name}" for name in names}
    return (
        {name: label(key) for name, key in keys.items()},
        {name: label(f"{key}-desc") for name, key in keys.items()},
    )


def _labelled(*names: str) -> Callable[[T], T]:
    """Return a decorator that names and describes options by their texts."""
    named, described = _labels(*names)

    def decorate(function: T) -> T:
        renamed: T = app_commands.rename(**named)(function)
        return app_commands.describe(**described)(renamed)

    return decorate


class TagsCog(commands.Cog):
    """A server's own tags on Discord."""

    group = ui.group("tags-cmd", "tags-cmd-desc", needs=ui.MODERATORS)

    def __init__(self, client: commands.Bot, service: TagsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of answers given before this start, too."""
        self.client.add_dynamic_items(
            ui.persistent(views.LIST_TEMPLATE, self.on_list, needs=ui.MODERATORS),
            ui.persistent(views.UNDO_TEMPLATE, self.on_undo, needs=ui.MODERATORS),
        )

    @group.command(name=label("tags-cmd-list"), description=label("tags-cmd-list-desc"))
    @_labelled("tag")
    @ui.may_manage
    async def list_(self, interaction: discord.Interaction, tag: Word | None = None) -> None:
        """Show the tree, or a part of it."""
        await interaction.response.defer(ephemeral=True)
        forest = await self.service.forest(ui.who(interaction)[0])
        view = views.tree(forest, 1, await self.speaker.to(interaction), tag or "")
        await interaction.followup.send(view=view, ephemeral=True)

    @group.command(name=label("tags-cmd-add"), description=label("tags-cmd-add-desc"))
    @_labelled("name", *_OPTIONS)
    @ui.may_manage
    async def add(
        self,
        interaction: discord.Interaction,
        name: Word,
        english: Word | None = None,
        chinese: Word | None = None,
        aliases: Words | None = None,
        under: Word | None = None,
    ) -> None:
        """Make a tag."""
        written = _filled(locals())
        await interaction.response.defer(ephemeral=True)
        done = await self.service.add(*ui.who(interaction), written)
        await self._answer(interaction, "added", done)

    @group.command(name=label("tags-cmd-edit"), description=label("tags-cmd-edit-desc"))
    @_labelled("tag", "name", *_OPTIONS)
    @ui.may_manage
    async def edit(
        self,
        interaction: discord.Interaction,
        tag: Word,
        name: Word | None = None,
        english: Word | None = None,
        chinese: Word | None = None,
        aliases: Words | None = None,
        under: Word | None = None,
    ) -> None:
        """Change what a tag is called, or what it is a part of."""
        written = _filled(locals())
        await interaction.response.defer(ephemeral=True)
        done = await self.service.edit(*ui.who(interaction), tag, written)
        await self._answer(interaction, "changed", done)

    @group.command(name=label("tags-cmd-merge"), description=label("tags-cmd-merge-desc"))
    @_labelled("tag", "into")
    @ui.may_manage
    async def merge(self, interaction: discord.Interaction, tag: Word, into: Word) -> None:
        """Make one tag another."""
        await interaction.response.defer(ephemeral=True)
        done = await self.service.merge(*ui.who(interaction), tag, into)
        await self._answer(interaction, "merged", done)

    @group.command(name=label("tags-cmd-remove"), description=label("tags-cmd-remove-desc"))
    @_labelled("tag")
    @ui.may_manage
    async def remove(self, interaction: discord.Interaction, tag: Word) -> None:
        """Look after a tag no more."""
        await interaction.response.defer(ephemeral=True)
        done = await self.service.remove(*ui.who(interaction), tag)
        await self._answer(interaction, "removed", done)

    @group.command(name=label("tags-cmd-history"), description=label("tags-cmd-history-desc"))
    @ui.may_manage
    async def history(self, interaction: discord.Interaction) -> None:
        """Show what was changed, and let the last of it be undone."""
        await interaction.response.defer(ephemeral=True)
        found = await self.service.history(ui.who(interaction)[0])
        view = views.history(found, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @group.command(name=label("tags-cmd-policy"), description=label("tags-cmd-policy-desc"))
    @_labelled("unknown")
    @app_commands.choices(unknown=UNKNOWN_CHOICES)
    @ui.may_manage
    async def policy(self, interaction: discord.Interaction, unknown: str) -> None:
        """Say whether resources may carry tags that are not in the tree."""
        await interaction.response.defer(ephemeral=True)
        is_closed = unknown == "refused"
        await self.service.set_closed(*ui.who(interaction), is_closed)
        view = views.closed(is_closed, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @list_.autocomplete("tag")
    @edit.autocomplete("tag")
    @edit.autocomplete("under")
    @add.autocomplete("under")
    @merge.autocomplete("tag")
    @merge.autocomplete("into")
    @remove.autocomplete("tag")
    @ui.may_manage
    async def suggest(self, interaction: discord.Interaction, current: str) -> Choices:
        """Suggest tags by any of their words, the most used first."""
        return await self._choices(interaction, current)

    @add.autocomplete("name")
    @ui.may_manage
    async def suggest_loose(self, interaction: discord.Interaction, current: str) -> Choices:
        """Suggest tags that are in use and not in the tree yet."""
        return await self._choices(interaction, current, loose=True)

    async def on_list(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn to another page."""
        await interaction.response.defer()
        forest = await self.service.forest(ui.who(interaction)[0])
        view = views.tree(forest, int(match["number"]), await self.speaker.to(interaction))
        await interaction.edit_original_response(view=view)

    async def on_undo(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Undo a change, if it is the last."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        change = await self.service.undo(*ui.who(interaction), int(match["change_id"]))
        view = views.undone(change, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    async def _choices(
        self, interaction: discord.Interaction, current: str, *, loose: bool = False
    ) -> Choices:
        forest = await self.service.forest(ui.who(interaction)[0])
        return views.choices(forest, current, await self.speaker.to(interaction), loose=loose)

    async def _answer(self, interaction: discord.Interaction, what: str, done: Done) -> None:
        forest = await self.service.forest(ui.who(interaction)[0])
        view = views.done(what, done, forest, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)


def _filled(options: dict[str, Any]) -> dict[str, str]:
    """Return what was filled in of a tag, by name."""
    return {name: options[name] for name in ("name", *_OPTIONS) if options[name] is not None}
