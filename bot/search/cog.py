"""`/server synonyms`: the form in which moderators write what means the same on their server."""

from collections.abc import Mapping
from typing import Any

import discord
from discord.ext import commands

from bot import forms, ui
from bot.i18n import Speaker
from bot.search import views
from bot.search.lexicon import Lexicon


class SearchCog(commands.Cog):
    """What moderators add to searching."""

    def __init__(self, client: commands.Bot, lexicon: Lexicon, speaker: Speaker) -> None:
        self.client = client
        self.lexicon = lexicon
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Put the command among the others of `/server`."""
        ui.join(self.client, "server", ui.command("search-cmd-synonyms", self.synonyms))

    @ui.may_manage
    async def synonyms(self, interaction: discord.Interaction) -> None:
        """Open the form with the server's lines."""
        lines = await self.lexicon.lines(ui.who(interaction)[0])
        form = views.synonyms_form(lines, await self.speaker.to(interaction))
        await forms.ask(interaction, form, self._submit, needs=ui.MODERATORS)

    async def _submit(self, submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
        kept = await self.lexicon.replace(*ui.who(submitted), filled["lines"])
        card = views.synonyms_card(kept, await self.speaker.to(submitted))
        await forms.answer(submitted, card)
