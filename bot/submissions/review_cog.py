"""The buttons by which moderators decide on submissions, wherever they are shown."""

import re
from collections.abc import Mapping
from typing import Any

import discord
from discord.ext import commands

from bot import forms, ids, ui
from bot.errors import UserError
from bot.i18n import Speaker
from bot.submissions import desk, views
from bot.submissions.cog import written
from bot.submissions.deciding import Case
from bot.submissions.service import SubmissionsService, edited


class ReviewCog(commands.Cog):
    """Deciding on Discord."""

    def __init__(self, client: commands.Bot, service: SubmissionsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of what was posted before this start, too."""
        self.client.add_dynamic_items(
            ui.persistent(desk.CASE_TEMPLATE, self.on_case, needs=ui.MODERATORS),
            ui.persistent(desk.QUEUE_ID, self.on_queue, needs=ui.MODERATORS),
            ui.persistent(desk.ASKED_TEMPLATE, self.on_asked, needs=ui.MODERATORS),
        )

    async def on_queue(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show what was chosen in the queue, in place."""
        guild_id, _ = ui.who(interaction)
        case = await self.service.deciding.case(guild_id, ui.chosen_number(interaction))
        await interaction.response.edit_message(view=await self._view(interaction, case))

    async def on_case(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Decide, correct, ask, or take a decision back."""
        guild_id, user_id = ui.who(interaction)
        number, step = int(match["submission_id"]), match["step"]
        deciding = self.service.deciding
        if step in ("publish", "undo"):
            await interaction.response.defer()
            act = deciding.publish if step == "publish" else deciding.undo
            case = await act(guild_id, user_id, number)
            await interaction.edit_original_response(view=await self._view(interaction, case))
            return
        case = await deciding.case(guild_id, number)
        if step == "ask":
            texts = await self.speaker.to(interaction)
            await interaction.response.send_message(
                view=desk.ask(case.submission, texts), ephemeral=True
            )
        elif step == "reject":
            await self._reject(interaction, case)
        else:
            await self._edit(interaction, case, step)

    async def on_asked(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask whoever was chosen."""
        guild_id, user_id = ui.who(interaction)
        chosen = ids.whole(ui.chosen(interaction))
        member = interaction.guild.get_member(chosen) if interaction.guild and chosen else None
        if chosen is None or (member is not None and member.bot):
            raise UserError("error-submissions-bot")
        await self.service.deciding.ask(guild_id, user_id, int(match["submission_id"]), chosen)
        texts = await self.speaker.to(interaction)
        said = texts("submissions-asked", who=ui.mention(chosen, texts))
        await interaction.response.edit_message(view=ui.panel(said, colour=ui.GOOD))

    async def _reject(self, interaction: discord.Interaction, case: Case) -> None:
        guild_id, user_id = ui.who(interaction)
        number = case.submission.submission_id

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            await forms.wait(submitted)
            done = await self.service.deciding.reject(guild_id, user_id, number, filled["reason"])
            await forms.answer(submitted, await self._view(submitted, done))

        form = desk.reject_form(case.submission, await self.speaker.to(interaction))
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def _edit(self, interaction: discord.Interaction, case: Case, step: str) -> None:
        guild_id, user_id = ui.who(interaction)
        number, texts = case.submission.submission_id, await self.speaker.to(interaction)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            await forms.wait(submitted)
            now = await self.service.deciding.case(guild_id, number)
            changed = edited(now.submission, written(filled))
            done = await self.service.deciding.edit(guild_id, user_id, number, changed)
            await forms.answer(submitted, await self._view(submitted, done))

        make = views.words_form if step == "edit" else views.details_form
        form = make(case.submission.written, texts("submissions-case-form"), texts)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def _view(self, interaction: discord.Interaction, case: Case) -> discord.ui.LayoutView:
        """Return a case in the language of whoever decides, or of the channel it stands in."""
        message = interaction.message
        is_private = message is not None and message.flags.ephemeral
        guild_id, _ = ui.who(interaction)
        texts = await (
            self.speaker.to(interaction) if is_private else self.speaker.to_guild(guild_id)
        )
        return desk.case(case, texts, await self.service.alike(case.submission))
