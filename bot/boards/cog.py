"""`/leaderboard`, its picture, and the buttons that show it as text or hide a member from it."""

import asyncio
import re
from io import BytesIO
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.boards import views
from bot.boards.rules import PERIODS, Period
from bot.boards.service import Board, BoardsService
from bot.boards.views import Names
from bot.i18n import Speaker, Texts, label
from bot.names import names_of

NAMES_WITHIN_S = 2.0
"""How long Discord may take to tell the names that the cache does not know."""
_PERIODS = [
    app_commands.Choice(name=label(f"boards-period-{period}"), value=period) for period in PERIODS
]


class BoardsCog(commands.Cog):
    """Boards as members see them."""

    def __init__(self, client: commands.Bot, service: BoardsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of every board, those of earlier runs included."""
        self.client.add_dynamic_items(
            ui.persistent(views.SHOW_TEMPLATE, self.press_show, needs=ui.ANYBODY),
            ui.persistent(views.TEXT_TEMPLATE, self.press_text, needs=ui.ANYBODY),
        )

    @app_commands.command(name=label("boards-cmd"), description=label("boards-cmd-desc"))
    @app_commands.rename(period=label("boards-opt-period"), share=label("boards-opt-share"))
    @app_commands.describe(
        period=label("boards-opt-period-desc"), share=label("boards-opt-share-desc")
    )
    @app_commands.choices(period=_PERIODS)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def leaderboard(
        self, interaction: discord.Interaction, period: str | None = None, share: bool = False
    ) -> None:
        """Show a board to the member, or post it in the guild's language."""
        await interaction.response.defer(ephemeral=not share)
        guild_id, user_id = ui.who(interaction)
        board = await self.service.board(guild_id, user_id, cast(Period | None, period))
        board = board.for_everybody if share else board
        names = await names_of(interaction, board.user_ids, within_s=NAMES_WITHIN_S)
        if share:
            texts = await self.speaker.to_guild(guild_id)
        else:
            texts = await self.speaker.to(interaction)
        file = await self._picture(interaction, board, names, texts, None if share else user_id)
        build = views.public_board if share else views.board
        await interaction.followup.send(
            view=build(board, names, texts, file.filename if file else None),
            files=[file] if file else [],
            ephemeral=not share,
            allowed_mentions=discord.AllowedMentions.none(),
        )

    @staticmethod
    async def _picture(
        interaction: discord.Interaction,
        board: Board,
        names: Names,
        texts: Texts,
        reader_id: int | None,
    ) -> discord.File | None:
        """Draw the board, unless it is empty or files may not be attached here."""
        if not board.top or not interaction.app_permissions.attach_files:
            return None
        png = await asyncio.to_thread(views.picture, board, names, texts, reader_id)
        alt = views.in_words(board, names, texts)
        return discord.File(BytesIO(png), views.PICTURE, description=alt)

    async def press_text(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show the board as it is now, in words, to whoever pressed."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id, user_id = ui.who(interaction)
        period = match["period"]
        board = await self.service.board(
            guild_id, user_id, cast(Period, period) if period in PERIODS else None
        )
        names = await names_of(interaction, board.user_ids, within_s=NAMES_WITHIN_S)
        view = views.board(board, names, await self.speaker.to(interaction), None)
        await interaction.followup.send(view=view, ephemeral=True)

    async def press_show(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Hide the member from boards or show them again, and say so to them alone."""
        guild_id, user_id = ui.who(interaction)
        is_hidden = match["state"] == "hide"
        await self.service.show(guild_id, user_id, not is_hidden)
        notice = views.notice(is_hidden, await self.speaker.to(interaction))
        if match["place"] == "notice":
            await interaction.response.edit_message(view=notice)
        else:
            await interaction.response.send_message(view=notice, ephemeral=True)
