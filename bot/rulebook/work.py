"""Answers that take long, previews and re-scores: they say how far it is until it is done."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from io import BytesIO
from typing import TypeVar

import discord

from bot import ui
from bot.errors import UserError
from bot.i18n import Speaker, Texts
from bot.names import names_of
from bot.rewards import tally
from bot.rulebook import picture, preview_screen, publish_screen, rules
from bot.rulebook.publishing import Publication
from bot.rulebook.rescoring import Progress
from bot.rulebook.service import RulebookService
from storage.records import Rescore

PROGRESS_EVERY_S = 3.0
"""How often an answer is edited while a preview runs."""
NAMES_WITHIN_S = 3.0

T = TypeVar("T")


class Work:
    """Previews, one at a time in a guild, and re-scores."""

    def __init__(self, service: RulebookService, speaker: Speaker) -> None:
        self.service = service
        self.speaker = speaker
        self._previewing: set[int] = set()

    async def preview(
        self, interaction: discord.Interaction, days: int = rules.DAYS, since: str | None = None
    ) -> None:
        """Run a preview, one at a time in a guild, and say every few seconds how far it is."""
        guild_id, _ = ui.who(interaction)
        if guild_id in self._previewing:
            raise UserError("error-rulebook-busy")
        self._previewing.add(guild_id)
        try:
            await interaction.response.defer(ephemeral=True, thinking=True)
            texts, seen = await self.speaker.to(interaction), Progress()
            work = asyncio.create_task(
                self.service.previews.of_days(guild_id, days, seen)
                if since is None
                else self.service.previews.of_rescore(guild_id, since, seen)
            )
            try:
                shown = await self._watched(
                    interaction, work, lambda: preview_screen.progress(seen, texts)
                )
            finally:
                work.cancel()  # where nobody waits any more, nothing is worked out
        finally:
            self._previewing.discard(guild_id)
        known = await names_of(
            interaction,
            [each.user_id for each in shown.places[: tally.TOP]],
            within_s=NAMES_WITHIN_S,
        )
        names = {user_id: name for user_id, name in known.items() if name is not None}
        title = preview_screen.preview_title(shown, texts)
        png = await asyncio.to_thread(picture.draw_preview, shown, names, title, texts)
        await interaction.edit_original_response(
            view=preview_screen.preview(shown, texts),
            attachments=[discord.File(BytesIO(png), preview_screen.PICTURE)],
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def _watched(
        self,
        interaction: discord.Interaction,
        work: Awaitable[T],
        shown: Callable[[], discord.ui.LayoutView],
    ) -> T:
        """Wait for a long piece of work, editing the deferred answer every few seconds."""
        task = asyncio.ensure_future(work)
        while not (await asyncio.wait({task}, timeout=PROGRESS_EVERY_S))[0]:
            with suppress(discord.HTTPException):  # what is being done goes on without an answer
                await interaction.edit_original_response(view=shown())
        return await task

    async def rescore(
        self,
        interaction: discord.Interaction,
        decision: Rescore,
        made: Publication | None,
        texts: Texts,
    ) -> None:
        """Carry out a decision, telling how far it is; what stops here is gone on with later."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        seen = Progress()
        done = await self._watched(
            interaction,
            self.service.rescoring.carry_out(decision, seen),
            lambda: preview_screen.progress(seen, texts, "rulebook-rescore-busy"),
        )
        day = await self.service.rescoring.day_of(done)
        await interaction.edit_original_response(
            view=publish_screen.rescored(made, done, day, texts)
        )
