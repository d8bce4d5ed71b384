"""More on every card, what members press below it, and what moderators decide."""

import re
from collections.abc import Mapping
from typing import Any, cast

import discord
from discord.ext import commands

from bot import cards, forms, saying, ui
from bot.feedback import views
from bot.feedback.service import FeedbackService, Spoken
from bot.i18n import Speaker, Texts
from bot.membership import asking
from storage.records import Mark, Said


class FeedbackCog(commands.Cog):
    """What members say of resources, on Discord."""

    def __init__(self, client: commands.Bot, service: FeedbackService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Put the command among those of `/resource`; answer the buttons of every card."""
        ui.join(
            self.client,
            "resource",
            ui.command("feedback-cmd-sentences", self.sentences),
            ui.command("feedback-cmd-reported", self.reported),
        )
        self.client.add_dynamic_items(
            ui.persistent(cards.MORE_TEMPLATE, self.on_more, needs=ui.ANYBODY),
            ui.persistent(saying.MARK_TEMPLATE, self.on_mark, needs=ui.ANYBODY),
            ui.persistent(saying.RATE_TEMPLATE, self.on_rate, needs=ui.ANYBODY),
            ui.persistent(views.DECIDE_TEMPLATE, self.on_decide, needs=ui.MODERATORS),
            ui.persistent(views.QUEUE_ID, self.on_queue, needs=ui.MODERATORS),
            ui.persistent(views.WORKS_TEMPLATE, self.on_works, needs=ui.MODERATORS),
        )

    @ui.may_manage
    async def sentences(self, interaction: discord.Interaction) -> None:
        """Show the sentences that wait for a moderator."""
        await interaction.response.defer(ephemeral=True)
        found = await self.service.deciding.waiting(ui.who(interaction)[0])
        view = views.queue(found, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @ui.may_manage
    async def reported(self, interaction: discord.Interaction) -> None:
        """Show the links that members report as broken."""
        await interaction.response.defer(ephemeral=True)
        found = await self.service.deciding.reported(ui.who(interaction)[0])
        view = views.reported(found, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    async def on_works(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Settle what was reported of a link, and show what is left."""
        guild_id, user_id = ui.who(interaction)
        await self.service.deciding.works(guild_id, user_id, int(match["resource_id"]))
        found = await self.service.deciding.reported(guild_id)
        view = views.reported(found, await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)

    async def on_more(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show all about what a member was shown, beside the card."""
        number, user_id = int(match["impression_id"]), interaction.user.id
        guild_id, resource_id = await self.service.shown(user_id, number, interaction.guild_id)
        found = await self.service.about(
            guild_id, user_id, resource_id, roles_in=asking(interaction)
        )
        texts = await self._texts(interaction, guild_id)
        view = views.about(found, number, texts, is_private=interaction.guild_id is None)
        await interaction.response.send_message(view=view, ephemeral=True)

    async def on_mark(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Say something of a resource, or take it back."""
        guild_id, resource_id = int(match["guild_id"]), int(match["resource_id"])
        said = await self.service.toggle(
            guild_id,
            interaction.user.id,
            resource_id,
            cast(Mark, match["what"]),
            interaction.id,
            roles_in=asking(interaction),
        )
        await self._again(interaction, guild_id, resource_id, said)

    async def on_rate(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Rate a resource, or write a sentence beside the rating."""
        guild_id, resource_id = int(match["guild_id"]), int(match["resource_id"])
        if match["what"] == "sentence":
            await self._sentence(interaction, guild_id, resource_id)
            return
        said = await self.service.rate(
            guild_id,
            interaction.user.id,
            resource_id,
            ui.chosen_number(interaction),
            interaction.id,
            roles_in=asking(interaction),
        )
        await self._again(interaction, guild_id, resource_id, said)

    async def on_queue(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show the sentence that was chosen."""
        found = await self.service.deciding.one(
            ui.who(interaction)[0], ui.chosen_number(interaction)
        )
        await self._case(interaction, found)

    async def on_decide(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Let others read a sentence, or not."""
        guild_id, user_id = ui.who(interaction)
        found = await self.service.deciding.decide(
            guild_id, user_id, int(match["rating_id"]), match["step"] == "show"
        )
        await self._case(interaction, found)

    async def _sentence(
        self, interaction: discord.Interaction, guild_id: int, resource_id: int
    ) -> None:
        user_id, asked = interaction.user.id, asking(interaction)
        found = await self.service.about(guild_id, user_id, resource_id, roles_in=asked)
        rating = await self.service.rating(guild_id, user_id, resource_id)
        texts = await self._texts(interaction, guild_id)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            said = await self.service.say(guild_id, user_id, resource_id, filled["sentence"])
            await self._again(submitted, guild_id, resource_id, said)

        form = views.sentence_form(rating, found.resource.title, texts)
        await forms.ask(interaction, form, submit, needs=ui.ANYBODY)

    async def _again(
        self, interaction: discord.Interaction, guild_id: int, resource_id: int, said: Said
    ) -> None:
        texts = await self._texts(interaction, guild_id)
        view = saying.again(interaction, guild_id, resource_id, said, texts)
        await interaction.response.edit_message(view=view)

    async def _case(self, interaction: discord.Interaction, found: Spoken) -> None:
        """Show a sentence in the language of whoever decides, or of the channel it stands in."""
        message = interaction.message
        is_private = message is not None and message.flags.ephemeral
        texts = await (
            self.speaker.to(interaction)
            if is_private
            else self.speaker.to_guild(found.rating.guild_id)
        )
        await interaction.response.edit_message(view=views.case(found, texts))

    async def _texts(self, interaction: discord.Interaction, guild_id: int) -> Texts:
        # A digest's buttons are pressed in a direct message, where Discord names no guild.
        return await self.speaker.to_member(guild_id, interaction.user.id, interaction.locale)
