"""``/receipt``: what one's membership gave one, and whether that comes every month."""

import asyncio
import re
from io import BytesIO
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.i18n import Speaker, Texts, label
from bot.purchases import receipt_screen
from bot.purchases.receipts import PERIODS, Period, Receipt, Receipts

PERIOD_CHOICES = [
    app_commands.Choice(name=label(f"purchases-receipt-period-{each}"), value=each)
    for each in PERIODS
]


class ReceiptCog(commands.Cog):
    """A member's receipt, on Discord."""

    def __init__(self, client: commands.Bot, service: Receipts, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of every receipt, those of earlier runs included."""
        self.client.add_dynamic_items(
            ui.persistent(receipt_screen.SHOW_TEMPLATE, self.on_show, needs=ui.ANYBODY),
            ui.persistent(receipt_screen.MONTHLY_TEMPLATE, self.on_monthly, needs=ui.ANYBODY),
            ui.persistent(receipt_screen.STOP_TEMPLATE, self.on_stop, needs=ui.ANYBODY),
        )

    @app_commands.command(
        name=label("purchases-cmd-receipt"), description=label("purchases-cmd-receipt-desc")
    )
    @app_commands.rename(period=label("purchases-opt-period"))
    @app_commands.describe(period=label("purchases-opt-period-desc"))
    @app_commands.choices(period=PERIOD_CHOICES)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def receipt(self, interaction: discord.Interaction, period: str = "days") -> None:
        """Show the member what their membership gave them."""
        await interaction.response.defer(ephemeral=True)
        texts = await self.speaker.to(interaction)
        shown = await self.service.receipt(*ui.who(interaction), cast(Period, period))
        file = await _picture(interaction, shown, texts)
        await interaction.followup.send(
            view=receipt_screen.receipt(shown, texts, file.filename if file else None),
            files=[file] if file else [],
            ephemeral=True,
        )

    async def on_show(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show another period in place."""
        await interaction.response.defer()
        await self._again(interaction, cast(Period, match["period"]))

    async def on_monthly(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn the monthly receipt on or off."""
        await interaction.response.defer()
        await self.service.set_monthly(*ui.who(interaction), match["answer"] == "on")
        await self._again(interaction, cast(Period, match["period"]))

    async def on_stop(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn the monthly receipt off, from a direct message."""
        guild_id, user_id = int(match["guild_id"]), interaction.user.id
        await self.service.set_monthly(guild_id, user_id, False)
        texts = await self.speaker.to_member(guild_id, user_id, interaction.locale)
        await interaction.response.edit_message(view=receipt_screen.stopped(texts), attachments=[])

    async def _again(self, interaction: discord.Interaction, period: Period) -> None:
        texts = await self.speaker.to(interaction)
        shown = await self.service.receipt(*ui.who(interaction), period)
        file = await _picture(interaction, shown, texts)
        await interaction.edit_original_response(
            view=receipt_screen.receipt(shown, texts, file.filename if file else None),
            attachments=[file] if file else [],
        )


async def _picture(
    interaction: discord.Interaction, shown: Receipt, texts: Texts
) -> discord.File | None:
    """Draw a receipt, unless nothing is in it or files may not be attached here."""
    if (shown.is_empty and not shown.had) or not interaction.app_permissions.attach_files:
        return None
    png = await asyncio.to_thread(receipt_screen.picture, shown, texts)
    alt = receipt_screen.in_words(shown, texts)
    return discord.File(BytesIO(png), receipt_screen.PICTURE, description=alt)
