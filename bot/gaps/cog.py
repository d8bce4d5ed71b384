"""``/gaps`` and ``/wish``, and the buttons of their answers."""

import re

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards, ids, ui
from bot.errors import UserError
from bot.gaps import views
from bot.gaps.service import TEXT_MAX, GapsService
from bot.i18n import Speaker, label

Choices = list[app_commands.Choice[str]]


class GapsCog(commands.Cog):
    """What is missing, on Discord."""

    wish = ui.group("gaps-cmd-wish", "gaps-cmd-wish-desc", needs=ui.ANYBODY)

    def __init__(self, client: commands.Bot, service: GapsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of answers given before this start, too."""
        self.client.add_dynamic_items(
            ui.persistent(cards.WISH_TEMPLATE, self.on_wish, needs=ui.ANYBODY),
            ui.persistent(views.LIST_TEMPLATE, self.on_list, needs=ui.ANYBODY),
            ui.persistent(views.VOICE_TEMPLATE, self.on_voice, needs=ui.ANYBODY),
        )

    @app_commands.command(name=label("gaps-cmd-gaps"), description=label("gaps-cmd-gaps-desc"))
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def gaps(self, interaction: discord.Interaction) -> None:
        """Show what is missing to moderators and to members who made something."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        await self.service.must_see(guild_id, user_id, is_moderator=ui.moderates(interaction))
        view = views.missing(
            await self.service.missing(guild_id), await self.speaker.to(interaction)
        )
        await interaction.followup.send(view=view, ephemeral=True)

    @wish.command(name=label("gaps-cmd-ask"), description=label("gaps-cmd-ask-desc"))
    @app_commands.rename(text=label("gaps-opt-text"))
    @app_commands.describe(text=label("gaps-opt-text-desc"))
    async def ask(
        self, interaction: discord.Interaction, text: app_commands.Range[str, 1, TEXT_MAX]
    ) -> None:
        """Ask for something that is not in the catalogue."""
        await interaction.response.defer(ephemeral=True)
        await self._ask(interaction, text)

    @wish.command(name=label("gaps-cmd-list"), description=label("gaps-cmd-list-desc"))
    async def list_(self, interaction: discord.Interaction) -> None:
        """Show what members wish for."""
        await interaction.response.defer(ephemeral=True)
        view = await self._list(interaction, 1)
        await interaction.followup.send(view=view, ephemeral=True)

    @wish.command(name=label("gaps-cmd-fulfil"), description=label("gaps-cmd-fulfil-desc"))
    @app_commands.rename(wish=label("gaps-opt-wish"), resource=label("gaps-opt-resource"))
    @app_commands.describe(
        wish=label("gaps-opt-wish-desc"), resource=label("gaps-opt-resource-desc")
    )
    async def fulfil(self, interaction: discord.Interaction, wish: str, resource: str) -> None:
        """Say what a wish is fulfilled by."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        is_moderator = ui.moderates(interaction)
        await self.service.must_see(guild_id, user_id, is_moderator=is_moderator)
        number = await self._chosen(guild_id, wish)
        found = await self.service.catalog.pick(
            guild_id, resource, role_ids=ui.role_ids(interaction)
        )
        done = await self.service.fulfil(
            guild_id, user_id, number, found, is_moderator=is_moderator
        )
        view = views.fulfilled(done, found, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @wish.command(name=label("gaps-cmd-drop"), description=label("gaps-cmd-drop-desc"))
    @app_commands.rename(wish=label("gaps-opt-wish"))
    @app_commands.describe(wish=label("gaps-opt-wish-desc"))
    @ui.may_manage
    async def drop(self, interaction: discord.Interaction, wish: str) -> None:
        """Put a wish aside."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        gone = await self.service.drop(guild_id, user_id, await self._chosen(guild_id, wish))
        view = views.dropped(gone, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @fulfil.autocomplete("wish")
    @drop.autocomplete("wish")
    async def suggest_wish(self, interaction: discord.Interaction, current: str) -> Choices:
        """Suggest what is wished for."""
        guild_id, _ = ui.who(interaction)
        found = await self.service.suggested(guild_id, current, ui.CHOICES_MAX)
        return views.choices(found)

    @fulfil.autocomplete("resource")
    async def suggest_resource(self, interaction: discord.Interaction, current: str) -> Choices:
        """Suggest what whoever asks may see."""
        guild_id, _ = ui.who(interaction)
        found = await self.service.catalog.find(
            guild_id, current, role_ids=ui.role_ids(interaction), is_typing=True
        )
        return cards.choices(found)

    async def on_wish(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask for what a search did not find."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._ask(interaction, match["text"])

    async def on_list(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn to a page of wishes."""
        await interaction.response.defer()
        view = await self._list(interaction, max(1, int(match["number"])))
        await interaction.edit_original_response(view=view)

    async def on_voice(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Stand behind a wish, or no more."""
        guild_id, user_id = ui.who(interaction)
        number = ui.chosen_number(interaction)
        await interaction.response.defer()
        wish, is_mine = await self.service.toggle(guild_id, user_id, number)
        texts = await self.speaker.to(interaction)
        said = texts("gaps-voiced" if is_mine else "gaps-unvoiced", text=ui.plain(wish.text))
        view = await self._list(interaction, max(1, int(match["number"])), said)
        await interaction.edit_original_response(view=view)

    async def _ask(self, interaction: discord.Interaction, text: str) -> None:
        wish = await self.service.ask(*ui.who(interaction), text)
        view = views.noted(wish, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    async def _list(
        self, interaction: discord.Interaction, number: int, said: str = ""
    ) -> discord.ui.LayoutView:
        found = await self.service.listed(*ui.who(interaction), number)
        return views.wishes(found, await self.speaker.to(interaction), said)

    async def _chosen(self, guild_id: int, text: str) -> int:
        """Return the wish that an option means: a suggestion, or its words."""
        number = ids.chosen(text)
        if number is None:
            found = await self.service.suggested(guild_id, text, 2)
            if len(found) != 1:
                raise UserError("error-gaps-pick", value=text[:60])
            number = found[0].wish_id
        return number
