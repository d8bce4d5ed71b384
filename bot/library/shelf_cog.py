"""``/library``: all a member keeps, with filters, pages and a file; and how far they are."""

import asyncio
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards, forms, saying, tables, ui
from bot.i18n import Speaker, Texts, label
from bot.library import shelf_screen
from bot.library.keeping import SHELVES, Keepings
from bot.library.rules import Shelf
from bot.membership import asking, roles_of
from storage.records import KeepingState, ResourceKind

SHELF_CHOICES = [
    app_commands.Choice(name=label(f"library-shelf-{each}"), value=each) for each in SHELVES
]


class ShelfCog(commands.Cog):
    """A member's library, on Discord."""

    def __init__(self, client: commands.Bot, service: Keepings, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the menus of every library, and the buttons of every card that was opened."""
        self.client.add_dynamic_items(
            ui.persistent(shelf_screen.PAGE_TEMPLATE, self.on_page, needs=ui.ANYBODY),
            ui.persistent(shelf_screen.SHELF_TEMPLATE, self.on_shelf, needs=ui.ANYBODY),
            ui.persistent(shelf_screen.FILE_TEMPLATE, self.on_file, needs=ui.ANYBODY),
            ui.persistent(saying.KEEP_TEMPLATE, self.on_keep, needs=ui.ANYBODY),
        )

    @app_commands.command(
        name=label("library-cmd-library"), description=label("library-cmd-library-desc")
    )
    @app_commands.rename(show=label("library-opt-show"), kind=label("catalog-opt-kind"))
    @app_commands.describe(show=label("library-opt-show-desc"), kind=label("catalog-opt-kind-desc"))
    @app_commands.choices(show=SHELF_CHOICES, kind=cards.KIND_CHOICES)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def library(
        self, interaction: discord.Interaction, show: str = "all", kind: str | None = None
    ) -> None:
        """Show what the member keeps."""
        await interaction.response.defer(ephemeral=True)
        view = await self._page(interaction, show, kind, 1)
        await interaction.followup.send(view=view, ephemeral=True)

    async def on_page(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn a page."""
        await interaction.response.defer()
        view = await self._page(interaction, match["shelf"], match["kind"], int(match["page"]))
        await interaction.edit_original_response(view=view)

    async def on_shelf(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show another shelf."""
        shelf = ui.chosen(interaction)
        await interaction.response.defer()
        view = await self._page(interaction, shelf, match["kind"], 1)
        await interaction.edit_original_response(view=view)

    async def on_file(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Send what is shown as a file."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        texts = await self.speaker.to(interaction)
        found = await self.service.everything(
            *ui.who(interaction),
            cast(Shelf, match["shelf"]),
            cast(ResourceKind, match["kind"]) or None,
            role_ids=ui.role_ids(interaction),
        )
        rows = shelf_screen.file_rows(found, texts)
        content = await asyncio.to_thread(tables.written, rows)
        await interaction.followup.send(
            texts("library-file", count=len(found)),
            file=discord.File(BytesIO(content), "lyceum-library.csv"),
            ephemeral=True,
        )

    async def on_keep(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Say how far one is, or open the form of one's note."""
        guild_id, resource_id = int(match["guild_id"]), int(match["resource_id"])
        if match["what"] == "note":
            await self._note(interaction, guild_id, resource_id)
            return
        said = await self.service.turn(
            guild_id,
            interaction.user.id,
            resource_id,
            cast(KeepingState, match["what"]),
            interaction.id,
            roles_in=asking(interaction),
        )
        texts = await self._texts(interaction, guild_id)
        view = saying.again(interaction, guild_id, resource_id, said, texts)
        await interaction.response.edit_message(view=view)

    async def _note(
        self, interaction: discord.Interaction, guild_id: int, resource_id: int
    ) -> None:
        user_id = interaction.user.id
        kept, resource = await self.service.kept(guild_id, user_id, resource_id)
        texts = await self._texts(interaction, guild_id)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            said, note = await self.service.note(
                guild_id, user_id, resource_id, filled["note"], roles_in=asking(submitted)
            )
            view = saying.again(submitted, guild_id, resource_id, said, texts, note=note)
            await submitted.response.edit_message(view=view)

        form = shelf_screen.note_form(kept.note, resource, texts)
        await forms.ask(interaction, form, submit, needs=ui.ANYBODY)

    async def _page(
        self, interaction: discord.Interaction, shelf: str, kind: str | None, page: int
    ) -> discord.ui.LayoutView:
        guild_id, user_id = ui.who(interaction)
        found = await self.service.page(
            guild_id,
            user_id,
            cast(Shelf, shelf),
            cast(ResourceKind, kind) or None,
            page,
            role_ids=await roles_of(interaction, guild_id),
        )
        return shelf_screen.page(found, await self.speaker.to(interaction))

    async def _texts(self, interaction: discord.Interaction, guild_id: int) -> Texts:
        return await self.speaker.to_member(guild_id, interaction.user.id, interaction.locale)
