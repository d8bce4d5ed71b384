"""``/purchase``: what moderators do about single purchases, and the button that undoes it."""

import re

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.i18n import Speaker, label
from bot.purchases import rules, standing_roles, views
from bot.purchases.by_hand import Invitation
from bot.purchases.giving import PurchasesRun
from bot.purchases.service import PurchasesService
from bot.purchases.standing_roles import Entitlement
from bot.purchases.views import described
from bot.roles import DiscordRoles, Present

REASON_MAX = 200
ORDER_MAX = 100

Choices = list[app_commands.Choice[str]]
_FREE = frozenset(
    {
        discord.EntitlementType.developer_gift,
        discord.EntitlementType.test_mode_purchase,
        discord.EntitlementType.free_purchase,
    }
)
"""Entitlements that nobody paid for."""


class PurchasesCog(commands.Cog):
    """Purchases on Discord."""

    purchase = ui.group(
        "purchases-cmd-purchase", "purchases-cmd-purchase-desc", needs=ui.MODERATORS
    )

    def __init__(self, client: commands.Bot, service: PurchasesService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
        self.giving = PurchasesRun(service.owed, DiscordRoles(client))

    async def cog_load(self) -> None:
        """Answer the buttons of answers given before this start, too."""
        self.client.add_dynamic_items(
            ui.persistent(views.UNDO_TEMPLATE, self.on_undo, needs=ui.MODERATORS)
        )

    @purchase.command(
        name=label("purchases-cmd-grant"), description=label("purchases-cmd-grant-desc")
    )
    @described("member", "product", "reason", "days")
    @ui.may_manage
    async def grant(
        self,
        interaction: discord.Interaction,
        member: discord.User,
        product: str,
        reason: app_commands.Range[str, 1, REASON_MAX],
        days: app_commands.Range[int, 1, rules.DAYS_MAX] | None = None,
    ) -> None:
        """Give somebody a product."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        known = await self.service.products.pick(guild_id, product)
        bought = await self.service.by_hand.grant(
            guild_id,
            user_id,
            member.id,
            known.product_id,
            source_id=interaction.id,
            reason=reason,
            days=days,
        )
        texts = await self.speaker.to(interaction)
        who = ui.mention(member.id, texts)
        said = texts("purchases-granted", member=who, title=views.title(known.title))
        await interaction.followup.send(view=views.done(bought, said, texts), ephemeral=True)

    @purchase.command(
        name=label("purchases-cmd-refund"), description=label("purchases-cmd-refund-desc")
    )
    @described("order", "reason")
    @ui.may_manage
    async def refund(
        self,
        interaction: discord.Interaction,
        order: app_commands.Range[str, 1, ORDER_MAX],
        reason: app_commands.Range[str, 1, REASON_MAX],
    ) -> None:
        """Take a purchase back."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        known = await self.service.by_hand.numbered(guild_id, order)
        bought = await self.service.by_hand.refund(
            guild_id,
            user_id,
            known.purchase.purchase_id,
            source_id=interaction.id,
            reason=reason,
        )
        texts = await self.speaker.to(interaction)
        view = views.done(bought, texts("purchases-was-refunded"), texts)
        await interaction.followup.send(view=view, ephemeral=True)

    @purchase.command(
        name=label("purchases-cmd-assign"), description=label("purchases-cmd-assign-desc")
    )
    @described("order", "member", "reason")
    @ui.may_manage
    async def assign(
        self,
        interaction: discord.Interaction,
        order: app_commands.Range[str, 1, ORDER_MAX],
        member: discord.User,
        reason: app_commands.Range[str, 1, REASON_MAX],
    ) -> None:
        """Say whose a purchase is."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        known = await self.service.by_hand.numbered(guild_id, order)
        bought = await self.service.by_hand.assign(
            guild_id,
            user_id,
            known.purchase.purchase_id,
            member.id,
            source_id=interaction.id,
            reason=reason,
        )
        texts = await self.speaker.to(interaction)
        who = ui.mention(member.id, texts)
        view = views.done(bought, texts("purchases-was-assigned", member=who), texts)
        await interaction.followup.send(view=view, ephemeral=True)

    @purchase.command(
        name=label("purchases-cmd-show"), description=label("purchases-cmd-show-desc")
    )
    @described("member")
    @ui.may_manage
    async def show(
        self, interaction: discord.Interaction, member: discord.User | None = None
    ) -> None:
        """Show what somebody bought, or what nobody has claimed."""
        await interaction.response.defer(ephemeral=True)
        guild_id, _ = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        waiting: list[Invitation] = []
        if member is None:
            found = await self.service.by_hand.unclaimed(guild_id)
            head = texts("purchases-unclaimed", count=len(found))
        else:
            found = await self.service.by_hand.of_member(guild_id, member.id)
            head = texts("purchases-of", member=ui.mention(member.id, texts))
            waiting = await self.service.by_hand.invitations(guild_id, member.id)
        view = views.bought(found, head, texts, waiting)
        await interaction.followup.send(view=view, ephemeral=True)

    @grant.autocomplete("product")
    @ui.may_manage
    async def suggest(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest products that are sold."""
        guild_id, _ = ui.who(interaction)
        found = await self.service.products.find(guild_id, typed)
        return views.choices(found, await self.speaker.to(interaction))

    @refund.autocomplete("order")
    @assign.autocomplete("order")
    @ui.may_manage
    async def suggest_order(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest the latest orders by number."""
        guild_id, _ = ui.who(interaction)
        found = await self.service.by_hand.lately(guild_id, typed)
        return views.orders(found, await self.speaker.to(interaction))

    async def on_undo(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Undo what a moderator did."""
        await interaction.response.defer()
        guild_id, user_id = ui.who(interaction)
        bought = await self.service.by_hand.undo(
            guild_id, user_id, int(match["fact_id"]), source_id=interaction.id
        )
        texts = await self.speaker.to(interaction)
        view = views.undone(bought, texts)
        await interaction.edit_original_response(view=view)

    @commands.Cog.listener()
    async def on_lyceum_seen(self, guild_id: int, present: Present) -> None:
        """Note roles that stand for a purchase; give who came back what they bought."""
        await self.service.standing_roles.sighted(guild_id, present.user_id, present.role_ids)
        await self.giving.seen(guild_id, present)

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Note a role given or taken by another bot; Discord says so with the members intent."""
        if before.roles != after.roles:
            held = [role.id for role in after.roles]
            await self.service.standing_roles.sighted(after.guild.id, after.id, held)

    @commands.Cog.listener()
    async def on_entitlement_create(self, entitlement: discord.Entitlement) -> None:
        """Note what was bought of Discord."""
        await self._entitled(entitlement)

    @commands.Cog.listener()
    async def on_entitlement_update(self, entitlement: discord.Entitlement) -> None:
        """Note what goes on, or ends some day."""
        await self._entitled(entitlement)

    @commands.Cog.listener()
    async def on_entitlement_delete(self, entitlement: discord.Entitlement) -> None:
        """Note what Discord took back."""
        await self._entitled(entitlement, is_deleted=True)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Ask Discord what it sold meanwhile, if anything of it is for sale."""
        if await self.service.sells_on("discord"):
            async for each in self.client.entitlements(limit=None):
                await self._entitled(each)

    async def _entitled(self, one: discord.Entitlement, *, is_deleted: bool = False) -> None:
        if one.user_id is None:
            return  # of a whole server
        said = Entitlement(
            number=one.id,
            sku_id=one.sku_id,
            user_id=one.user_id,
            begins_at=one.starts_at,
            ends_at=one.ends_at,
            is_deleted=is_deleted or one.deleted,
            is_free=one.type in _FREE,
        )
        await standing_roles.hear(self.service.hearing, said)
