"""``/path``: going along the paths of a server, and making them."""

import re

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.cards import choices as resource_choices
from bot.i18n import Speaker, label
from bot.paths import views
from bot.paths.service import STEPS_MAX, SUMMARY_MAX, TITLE_MAX, PathsService
from storage.records import Path, Resource

Choices = list[app_commands.Choice[str]]
TYPED_MAX = 100
Title = app_commands.Range[str, 1, TITLE_MAX]
Summary = app_commands.Range[str, 1, SUMMARY_MAX]
Typed = app_commands.Range[str, 1, TYPED_MAX]


def _labelled(**keys: str) -> dict[str, app_commands.locale_str]:
    return {name: label(key) for name, key in keys.items()}


class PathsCog(commands.Cog):
    """Paths on Discord."""

    group = ui.group("paths-cmd", "paths-cmd-desc", needs=ui.ANYBODY)

    def __init__(self, client: commands.Bot, service: PathsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of every path ever shown."""
        self.client.add_dynamic_items(
            ui.persistent(views.SHOW_TEMPLATE, self.on_show, needs=ui.ANYBODY)
        )

    @group.command(name=label("paths-cmd-list"), description=label("paths-cmd-list-desc"))
    async def list_(self, interaction: discord.Interaction) -> None:
        """Show all paths with the member's progress."""
        await interaction.response.defer(ephemeral=True)
        found = await self.service.walks(*ui.who(interaction), role_ids=ui.role_ids(interaction))
        view = views.listed(found, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @group.command(name=label("paths-cmd-show"), description=label("paths-cmd-show-desc"))
    @ui.described({"path": "paths-opt-path"})
    async def show(self, interaction: discord.Interaction, path: Typed) -> None:
        """Show one path with its steps."""
        await interaction.response.defer(ephemeral=True)
        guild_id, _ = ui.who(interaction)
        found = await self.service.meant(guild_id, path)
        await self._answer(interaction, found)

    @group.command(name=label("paths-cmd-new"), description=label("paths-cmd-new-desc"))
    @ui.described(
        {"title": "paths-opt-title", "summary": "paths-opt-summary", "course": "paths-opt-course"}
    )
    async def new(
        self,
        interaction: discord.Interaction,
        title: Title,
        summary: Summary | None = None,
        course: Typed | None = None,
    ) -> None:
        """Make a path."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        about = await self._picked(interaction, course) if course else None
        made = await self.service.make(
            guild_id, user_id, title, summary or "", about, is_moderator=ui.moderates(interaction)
        )
        await self._answer(interaction, made, "made")

    @group.command(name=label("paths-cmd-add"), description=label("paths-cmd-add-desc"))
    @ui.described(
        {"path": "paths-opt-path", "resource": "catalog-opt-resource", "place": "paths-opt-place"}
    )
    async def add(
        self,
        interaction: discord.Interaction,
        path: Typed,
        resource: Typed,
        place: app_commands.Range[int, 1, STEPS_MAX] | None = None,
    ) -> None:
        """Put a resource into a path, or move it there."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        found = await self.service.meant(guild_id, path, is_any=True)
        step = await self._picked(interaction, resource)
        changed = await self.service.place(
            guild_id,
            user_id,
            found.path_id,
            step.resource_id,
            place,
            is_moderator=ui.moderates(interaction),
        )
        await self._answer(interaction, changed, "changed")

    @group.command(name=label("paths-cmd-remove"), description=label("paths-cmd-remove-desc"))
    @ui.described({"path": "paths-opt-path", "resource": "catalog-opt-resource"})
    async def remove(self, interaction: discord.Interaction, path: Typed, resource: Typed) -> None:
        """Take a resource out of a path."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        found = await self.service.meant(guild_id, path, is_any=True)
        step = await self._picked(interaction, resource)
        changed = await self.service.drop(
            guild_id,
            user_id,
            found.path_id,
            step.resource_id,
            is_moderator=ui.moderates(interaction),
        )
        await self._answer(interaction, changed, "changed")

    @group.command(name=label("paths-cmd-edit"), description=label("paths-cmd-edit-desc"))
    @ui.described(
        {"path": "paths-opt-path", "title": "paths-opt-title", "summary": "paths-opt-summary"}
    )
    async def edit(
        self,
        interaction: discord.Interaction,
        path: Typed,
        title: Title | None = None,
        summary: Summary | None = None,
    ) -> None:
        """Change what a path is called, or says of itself."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        found = await self.service.meant(guild_id, path, is_any=True)
        changed = await self.service.edit(
            guild_id, user_id, found.path_id, title, summary, is_moderator=ui.moderates(interaction)
        )
        await self._answer(interaction, changed, "changed")

    @group.command(name=label("paths-cmd-retire"), description=label("paths-cmd-retire-desc"))
    @ui.described({"path": "paths-opt-path", "restore": "catalog-opt-restore"})
    async def retire(
        self, interaction: discord.Interaction, path: Typed, restore: bool = False
    ) -> None:
        """Take a path out of sight, or bring it back."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        found = await self.service.meant(guild_id, path, is_any=True)
        changed = await self.service.retire(
            guild_id, user_id, found.path_id, restore, is_moderator=ui.moderates(interaction)
        )
        await self._answer(interaction, changed, "changed")

    @group.command(name=label("paths-cmd-before"), description=label("paths-cmd-before-desc"))
    @ui.described(
        {
            "first": "paths-opt-first",
            "then": "paths-opt-then",
            "off": "paths-opt-off",
        }
    )
    async def before(
        self, interaction: discord.Interaction, first: Typed, then: Typed, off: bool = False
    ) -> None:
        """Say what is to be finished before what."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        sooner = await self._picked(interaction, first)
        later = await self._picked(interaction, then)
        say = self.service.before.take if off else self.service.before.put
        await say(guild_id, user_id, sooner, later, is_moderator=ui.moderates(interaction))
        roles = ui.role_ids(interaction)
        found = await self.service.before.needed(guild_id, user_id, later, roles)
        view = views.needed(found, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @show.autocomplete("path")
    async def complete_live(self, interaction: discord.Interaction, current: str) -> Choices:
        """Offer the paths that members are shown."""
        found = await self.service.named(ui.who(interaction)[0], current)
        return views.choices(found, await self.speaker.to(interaction))

    @add.autocomplete("path")
    @remove.autocomplete("path")
    @edit.autocomplete("path")
    @retire.autocomplete("path")
    async def complete_any(self, interaction: discord.Interaction, current: str) -> Choices:
        """Offer all paths, retired ones marked."""
        found = await self.service.named(ui.who(interaction)[0], current, is_any=True)
        return views.choices(found, await self.speaker.to(interaction))

    @new.autocomplete("course")
    @add.autocomplete("resource")
    @remove.autocomplete("resource")
    @before.autocomplete("first")
    @before.autocomplete("then")
    async def complete_resource(self, interaction: discord.Interaction, current: str) -> Choices:
        """Offer resources by title."""
        guild_id, _ = ui.who(interaction)
        found = await self.service.catalog.find(
            guild_id, current, role_ids=ui.role_ids(interaction), is_typing=True
        )
        return resource_choices(found)

    async def on_show(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show a path, or the card of its next step."""
        guild_id, user_id = ui.who(interaction)
        number, roles = int(match["path_id"]), ui.role_ids(interaction)
        texts = await self.speaker.to(interaction)
        if match["step"] == "go":
            await interaction.response.defer(ephemeral=True, thinking=True)
            shown = await self.service.go_on(guild_id, user_id, number, role_ids=roles)
            walk = await self.service.walk(guild_id, user_id, number, role_ids=roles)
            view = views.one(walk, texts) if shown is None else views.step(shown, False, texts)
            await interaction.followup.send(view=view, ephemeral=True)
            return
        walk = await self.service.walk(guild_id, user_id, number, role_ids=roles)
        await interaction.response.send_message(view=views.one(walk, texts), ephemeral=True)

    async def _picked(self, interaction: discord.Interaction, text: str) -> Resource:
        guild_id, _ = ui.who(interaction)
        return await self.service.catalog.pick(guild_id, text, role_ids=ui.role_ids(interaction))

    async def _answer(self, interaction: discord.Interaction, path: Path, key: str = "") -> None:
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        if path.state != "live":
            view = views.retired(path, texts)
        else:
            walk = await self.service.walk(
                guild_id, user_id, path.path_id, role_ids=ui.role_ids(interaction)
            )
            view = views.changed(path, walk, key, texts) if key else views.one(walk, texts)
        await interaction.followup.send(view=view, ephemeral=True)
