"""``/buy`` and ``/claim``: what members do about what is sold elsewhere."""

import re

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.i18n import Speaker, label
from bot.purchases import counter, views
from bot.purchases.service import PurchasesService
from bot.purchases.views import described

CLAIM_MAX = 254
"""The longest e-mail address there is."""


class BuyingCog(commands.Cog):
    """Buying on Discord, which happens elsewhere."""

    def __init__(self, client: commands.Bot, service: PurchasesService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of answers given before this start, too."""
        self.client.add_dynamic_items(
            ui.persistent(counter.OFFER_TEMPLATE, self.on_offer, needs=ui.ANYBODY),
            ui.persistent(counter.NOTED_TEMPLATE, self.on_noted, needs=ui.ANYBODY),
        )

    @app_commands.command(
        name=label("purchases-cmd-buy"), description=label("purchases-cmd-buy-desc")
    )
    @described("product")
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def buy(
        self,
        interaction: discord.Interaction,
        product: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        """Show what is sold, or one's own way to one product."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        if product is None:
            view = counter.shelf(await self.service.products.find(guild_id, ""), texts)
        else:
            known = await self.service.products.pick(guild_id, product)
            offer = await self.service.claims.offer(guild_id, user_id, known.product_id)
            view = counter.offer(offer, texts)
        await interaction.followup.send(view=view, ephemeral=True)

    @buy.autocomplete("product")
    async def suggest(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest what is sold."""
        guild_id, _ = ui.who(interaction)
        found = await self.service.products.find(guild_id, typed)
        return views.choices(found, await self.speaker.to(interaction))

    @app_commands.command(
        name=label("purchases-cmd-claim"), description=label("purchases-cmd-claim-desc")
    )
    @app_commands.rename(order=label("purchases-opt-claim"))
    @app_commands.describe(order=label("purchases-opt-claim-desc"))
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def claim(
        self, interaction: discord.Interaction, order: app_commands.Range[str, 1, CLAIM_MAX]
    ) -> None:
        """Make a purchase one's own."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        found = await self.service.claims.claim(guild_id, user_id, order, source_id=interaction.id)
        view = counter.claimed(found, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    async def on_offer(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show one product in place."""
        guild_id, user_id = ui.who(interaction)
        offer = await self.service.claims.offer(guild_id, user_id, int(match["product_id"]))
        view = counter.offer(offer, await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)

    async def on_noted(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Clear a reminder away; its end is not spoken of again."""
        texts = await self.speaker.to(interaction)
        await interaction.response.edit_message(view=counter.noted(texts))
