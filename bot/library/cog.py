"""``/saved``, and the cards' buttons Save, Not for me and Undo."""

import re

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards, ui
from bot.i18n import Speaker, Texts, label
from bot.library import views
from bot.library.service import LibraryService
from bot.membership import asking


class LibraryCog(commands.Cog):
    """What members keep, on Discord."""

    def __init__(self, client: commands.Bot, service: LibraryService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of every card ever shown."""
        self.client.add_dynamic_items(
            ui.persistent(cards.SAVE_TEMPLATE, self.on_save, needs=ui.ANYBODY),
            ui.persistent(cards.DISMISS_TEMPLATE, self.on_dismiss, needs=ui.ANYBODY),
            ui.persistent(views.UNDO_TEMPLATE, self.on_undo, needs=ui.ANYBODY),
            ui.persistent(cards.PUBLIC_SAVE_TEMPLATE, self.on_save_shared, needs=ui.ANYBODY),
            ui.persistent(views.PAGE_TEMPLATE, self.on_page, needs=ui.ANYBODY),
        )

    @app_commands.command(
        name=label("library-cmd-saved"), description=label("library-cmd-saved-desc")
    )
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def saved(self, interaction: discord.Interaction) -> None:
        """Show what the member saved."""
        await interaction.response.defer(ephemeral=True)
        view = await self._saved_page(interaction, 1)
        await interaction.followup.send(view=view, ephemeral=True)

    async def on_save(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Save or unsave a card shown to one member, and say so on its button."""
        choice = await self.service.toggle_save(
            interaction.user.id,
            int(match["impression_id"]),
            interaction.id,
            interaction.guild_id,
            roles_in=asking(interaction),
        )
        texts = await self._texts(interaction, choice.guild_id)
        view = views.with_saved(_message(interaction), match.string, choice.is_saved, texts)
        await interaction.response.edit_message(view=view)

    async def on_dismiss(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Never show a resource to this member again, unless they undo it."""
        impression_id = int(match["impression_id"])
        choice = await self.service.dismiss(
            interaction.user.id,
            impression_id,
            interaction.id,
            interaction.guild_id,
            roles_in=asking(interaction),
        )
        texts = await self._texts(interaction, choice.guild_id)
        view = views.with_dismissed(_message(interaction), impression_id, choice.resource, texts)
        await interaction.response.edit_message(view=view)

    async def on_undo(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Take a dismissal back and show the card again."""
        impression_id = int(match["impression_id"])
        choice = await self.service.dismiss(
            interaction.user.id,
            impression_id,
            interaction.id,
            interaction.guild_id,
            roles_in=asking(interaction),
            is_undo=True,
        )
        texts = await self._texts(interaction, choice.guild_id)
        shown = cards.Card(choice.resource, impression_id, is_saved=choice.is_saved)
        view = views.with_card(_message(interaction), shown, texts)
        await interaction.response.edit_message(view=view)

    async def on_save_shared(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Save or unsave a card that stands in a channel."""
        guild_id, user_id = ui.who(interaction)
        choice = await self.service.toggle_shared(
            guild_id,
            user_id,
            int(match["resource_id"]),
            interaction.id,
            role_ids=ui.role_ids(interaction),
        )
        texts = await self.speaker.to(interaction)
        key = "library-shared-saved" if choice.is_saved else "library-shared-unsaved"
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
            *ui.who(interaction), page, role_ids=ui.role_ids(interaction)
        )
        return views.saved(found, texts)

    async def _texts(self, interaction: discord.Interaction, guild_id: int) -> Texts:
        # A digest's buttons are pressed in a direct message, where Discord names no guild.
        return await self.speaker.to_member(guild_id, interaction.user.id, interaction.locale)


def _message(interaction: discord.Interaction) -> discord.Message:
    assert interaction.message is not None, "a button stands on a message"
    return interaction.message
