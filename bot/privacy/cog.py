"""`/privacy` and every button of its cards."""

import io
import re

import discord
from discord import app_commands
from discord.ext import commands

from bot import forms, ui
from bot.i18n import Speaker, label
from bot.privacy import views
from bot.privacy.notice import Notice
from bot.privacy.service import PrivacyService, Report


class PrivacyCog(commands.Cog):
    """What is stored about a member, in their own hands."""

    def __init__(
        self, client: commands.Bot, service: PrivacyService, speaker: Speaker, notice: Notice
    ) -> None:
        self.client = client
        self.notice = notice
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the cards' buttons, those of earlier runs included."""
        self.client.add_dynamic_items(
            ui.persistent(views.SHOW_ID, self.press_show, needs=ui.ANYBODY),
            ui.persistent(views.CARD_ID, self.press_card, needs=ui.ANYBODY),
            ui.persistent(views.EXPORT_ID, self.press_export, needs=ui.ANYBODY),
            ui.persistent(views.LEARN_TEMPLATE, self.press_learn, needs=ui.ANYBODY),
            ui.persistent(views.TRACK_TEMPLATE, self.press_track, needs=ui.ANYBODY),
            ui.persistent(views.ERASE_ID, self.press_erase, needs=ui.ANYBODY),
            ui.persistent(views.NOTICE_ID, self.press_notice, needs=ui.ANYBODY),
            ui.persistent(views.CONFIRM_TEMPLATE, self.press_confirm, needs=ui.ANYBODY),
        )

    @app_commands.command(
        name=label("privacy-cmd"),
        description=label("privacy-cmd-desc"),
        extras={"shows_consent": True},
    )
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def privacy(self, interaction: discord.Interaction) -> None:
        """Show what is stored about the member."""
        await self._send(interaction)

    async def press_show(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Show the card beside the one whose button was pressed."""
        await self._send(interaction)

    async def press_card(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Show the card again in place of a question."""
        await self._update(interaction, await self.service.report(*ui.who(interaction)))

    async def press_export(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Send everything as a file."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        export = await self.service.export(*ui.who(interaction))
        texts = await self.speaker.to(interaction)
        file = discord.File(io.BytesIO(export.content), export.name)
        await interaction.followup.send(texts("privacy-export"), file=file, ephemeral=True)

    async def press_notice(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Show the privacy notice."""
        view = self.notice.card(await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)

    async def press_learn(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Change what is learned from the member."""
        state = match["state"]
        report = await self.service.set_learning(
            *ui.who(interaction), is_on=state != "off", has_earlier=state == "all"
        )
        await self._update(interaction, report)

    async def press_track(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Switch tracking on or off."""
        is_on = match["state"] == "on"
        await self._update(
            interaction, await self.service.set_tracking(*ui.who(interaction), is_on=is_on)
        )

    async def press_erase(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Ask before erasing."""
        stake = await self.service.stake(*ui.who(interaction))
        texts = await self.speaker.to(interaction)
        await interaction.response.edit_message(view=views.confirm_card(stake, texts))

    async def press_confirm(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Erase, and say so in the language that was spoken until then."""
        texts = await self.speaker.to(interaction)
        is_stopped = match["how"] == "stop"
        await interaction.response.defer()
        forms.forget(interaction)
        who = interaction.user
        names = {who.name, who.global_name or "", who.display_name}
        erased = await self.service.erase(
            *ui.who(interaction), is_tracking_stopped=is_stopped, names=names
        )
        await interaction.edit_original_response(view=views.erased_card(erased, is_stopped, texts))

    async def _send(self, interaction: discord.Interaction) -> None:
        report = await self.service.report(*ui.who(interaction))
        card = await self._card(interaction, report)
        await interaction.response.send_message(view=card, ephemeral=True)

    async def _update(self, interaction: discord.Interaction, report: Report) -> None:
        await interaction.response.edit_message(view=await self._card(interaction, report))

    async def _card(
        self, interaction: discord.Interaction, report: Report
    ) -> discord.ui.LayoutView:
        return views.card(report, await self.speaker.to(interaction))
