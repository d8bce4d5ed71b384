"""``/shop``, ``/redeem`` and ``/shop-admin``, and what their buttons, menus and forms do.

A confirmation carries what it is for, the price it was shown with and a number of its own, so it
works after a restart and buys once however often it is pressed.
"""

import re
from collections.abc import Mapping
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards, channels, files, forms, ui
from bot.errors import UserError
from bot.i18n import Speaker, label
from bot.roles import DiscordRoles, Present, require_giver
from bot.shop import desk, item_forms, rules, views
from bot.shop.goods import Stocked
from bot.shop.grants import Grants
from bot.shop.service import ShopService
from storage.records import ItemKind

FILE_BYTES_MAX = 1_000_000
KIND_CHOICES = [
    app_commands.Choice(name=label(f"shop-kind-{kind}"), value=kind) for kind in rules.KINDS
]

Choices = list[app_commands.Choice[str]]


class ShopCog(commands.Cog):
    """The shop on Discord."""

    admin = ui.group("shop-admin-cmd", "shop-admin-cmd-desc", needs=ui.MODERATORS)

    def __init__(self, client: commands.Bot, service: ShopService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
        self.grants = Grants(service.delivery, DiscordRoles(client))

    async def cog_load(self) -> None:
        """Answer the buttons and menus of every answer ever given."""
        self.client.add_dynamic_items(
            ui.persistent(views.SHELF_TEMPLATE, self.on_page, needs=ui.ANYBODY),
            ui.persistent(views.MINE_TEMPLATE, self.on_mine, needs=ui.ANYBODY),
            ui.persistent(views.BUY_TEMPLATE, self.on_buy, needs=ui.ANYBODY),
            ui.persistent(cards.BOOK_TEMPLATE, self.on_show, needs=ui.ANYBODY),
            ui.persistent(desk.ITEM_TEMPLATE, self.on_item, needs=ui.MODERATORS),
            ui.persistent(desk.QUEUE_TEMPLATE, self.on_queue, needs=ui.MODERATORS),
            ui.persistent(views.PICK_TEMPLATE, self.on_pick, needs=ui.ANYBODY),
            ui.persistent(views.TIME_TEMPLATE, self.on_time, needs=ui.ANYBODY),
            ui.persistent(desk.QUEUED_TEMPLATE, self.on_queued, needs=ui.MODERATORS),
        )

    # ------------------------------------------------------------------------ members

    @app_commands.command(name=label("shop-cmd"), description=label("shop-cmd-desc"))
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def shop(self, interaction: discord.Interaction) -> None:
        """Show the first page of the shop."""
        view = await self._shelf(interaction, 1)
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command(name=label("shop-redeem-cmd"), description=label("shop-redeem-cmd-desc"))
    @app_commands.rename(item=label("shop-opt-item"))
    @app_commands.describe(item=label("shop-opt-item-desc"))
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def redeem(
        self, interaction: discord.Interaction, item: app_commands.Range[str, 1, 100] | None = None
    ) -> None:
        """Ask whether to redeem an item, or show what was redeemed."""
        if item is None:
            view = await self._mine(interaction)
        else:
            item_id = await self.service.goods.pick(ui.who(interaction)[0], item)
            view = await self._counter(interaction, item_id)
        await interaction.response.send_message(view=view, ephemeral=True)

    @redeem.autocomplete("item")
    async def suggest_item(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest what is for sale."""
        found = await self.service.goods.find(ui.who(interaction)[0], typed)
        return views.choices(found, await self.speaker.to(interaction))

    async def on_page(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn to a page of the shop in place."""
        view = await self._shelf(interaction, int(match["page"]))
        await interaction.response.edit_message(view=view)

    async def on_mine(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show what the member redeemed, in place."""
        await interaction.response.edit_message(view=await self._mine(interaction))

    async def on_pick(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show the item that was chosen, in place."""
        view = await self._counter(interaction, ui.chosen_number(interaction))
        await interaction.response.edit_message(view=view)

    async def on_show(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show an item that a button elsewhere names, to whoever pressed."""
        view = await self._counter(interaction, int(match["item_id"]))
        await interaction.response.send_message(view=view, ephemeral=True)

    async def on_time(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show the item with the time that was chosen, in place."""
        unit_id = ui.chosen_number(interaction)
        view = await self._counter(interaction, int(match["item_id"]), unit_id)
        await interaction.response.edit_message(view=view)

    async def on_buy(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Redeem what the button names, and deliver it."""
        guild_id, user_id = ui.who(interaction)
        item_id = int(match["item_id"])
        await interaction.response.defer()
        await self._must_be_grantable(guild_id, item_id)
        receipt = await self.service.orders.redeem(
            guild_id,
            user_id,
            item_id,
            price=int(match["price"]),
            source_id=int(match["source_id"]),
            unit_id=int(match["unit_id"]) or None,
            role_ids=_roles_of(interaction),
        )
        receipt = await self.grants.hand_over(receipt)
        view = views.receipt(receipt, await self.speaker.to(interaction))
        await interaction.edit_original_response(view=view)

    async def _must_be_grantable(self, guild_id: int, item_id: int) -> None:
        """Take nobody's points for a role that cannot be given as things stand."""
        item = (await self.service.goods.stocked(guild_id, item_id)).item
        if await self.grants.problems([item]):
            raise UserError("error-shop-role-broken")

    @commands.Cog.listener()
    async def on_lyceum_seen(self, guild_id: int, present: Present) -> None:
        """Give who came back what they bought and have still."""
        await self.grants.seen(guild_id, present)

    async def _shelf(self, interaction: discord.Interaction, page: int) -> discord.ui.LayoutView:
        shelf = await self.service.shelves.shelf(
            *ui.who(interaction), page, role_ids=_roles_of(interaction)
        )
        return views.shelf(shelf, await self.speaker.to(interaction))

    async def _counter(
        self, interaction: discord.Interaction, item_id: int, unit_id: int = 0
    ) -> discord.ui.LayoutView:
        counter = await self.service.shelves.counter(
            *ui.who(interaction), item_id, role_ids=_roles_of(interaction)
        )
        texts = await self.speaker.to(interaction)
        return views.counter(counter, interaction.id, texts, unit_id)

    async def _mine(self, interaction: discord.Interaction) -> discord.ui.LayoutView:
        receipts = await self.service.orders.redeemed(
            *ui.who(interaction), role_ids=ui.role_ids(interaction)
        )
        return views.redeemed(receipts, await self.speaker.to(interaction))

    # --------------------------------------------------------------------- moderators

    @admin.command(name=label("shop-admin-add-cmd"), description=label("shop-admin-add-desc"))
    @app_commands.rename(
        kind=label("shop-opt-kind"),
        role=label("shop-opt-role"),
        resource=label("shop-opt-resource"),
    )
    @app_commands.describe(
        kind=label("shop-opt-kind-desc"),
        role=label("shop-opt-role-desc"),
        resource=label("shop-opt-resource-desc"),
    )
    @app_commands.choices(kind=KIND_CHOICES)
    @ui.may_manage
    async def add(
        self,
        interaction: discord.Interaction,
        kind: str,
        role: discord.Role | None = None,
        resource: str | None = None,
    ) -> None:
        """Open the form of a new item."""
        guild_id, user_id = ui.who(interaction)
        if kind == "role" and (role is None or role.is_default()):
            raise UserError("error-shop-which-role")
        found = (
            await self.service.goods.resources(guild_id, resource or "", 2)
            if kind == "resource"
            else []
        )
        if kind == "resource" and (not resource or len(found) != 1):
            raise UserError("error-shop-which-resource")
        resource_id = found[0].resource_id if found else None
        role_id = found[0].role_id if found else role.id if role and kind == "role" else None
        texts = await self.speaker.to(interaction)
        if role_id is not None:
            require_giver(interaction, role_id, texts)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            if role_id is not None:
                require_giver(submitted, role_id, texts)
            written = await _written(submitted, filled)
            item = await self.service.goods.add(
                guild_id,
                user_id,
                cast(ItemKind, kind),
                written,
                role_id=role_id,
                resource_id=resource_id,
            )
            await self._show(submitted, item)

        zone = await self.service.goods.time_zone(guild_id)
        form = item_forms.add_form(cast(ItemKind, kind), zone, texts)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    @admin.command(name=label("shop-admin-edit-cmd"), description=label("shop-admin-edit-desc"))
    @app_commands.rename(item=label("shop-opt-item"))
    @app_commands.describe(item=label("shop-opt-admin-item-desc"))
    @ui.may_manage
    async def edit(
        self, interaction: discord.Interaction, item: app_commands.Range[str, 1, 100]
    ) -> None:
        """Show an item with the buttons that change it."""
        guild_id, _ = ui.who(interaction)
        item_id = await self.service.goods.pick(guild_id, item, any_state=True)
        view = desk.stocked(
            await self.service.goods.stocked(guild_id, item_id), await self.speaker.to(interaction)
        )
        await interaction.response.send_message(view=view, ephemeral=True)

    @admin.command(name=label("shop-admin-queue-cmd"), description=label("shop-admin-queue-desc"))
    @ui.may_manage
    async def queue(self, interaction: discord.Interaction) -> None:
        """Show pending orders."""
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(view=await self._queue(interaction), ephemeral=True)

    @add.autocomplete("resource")
    @ui.may_manage
    async def suggest_resource(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest resources of the catalogue."""
        found = await self.service.goods.resources(ui.who(interaction)[0], typed, ui.CHOICES_MAX)
        return cards.choices(found)

    @edit.autocomplete("item")
    @ui.may_manage
    async def suggest_any_item(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest every item, retired ones too."""
        found = await self.service.goods.find(ui.who(interaction)[0], typed, any_state=True)
        return views.choices(found, await self.speaker.to(interaction))

    async def on_item(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Open the form that a button of an item names, or retire or restore it."""
        guild_id, user_id = ui.who(interaction)
        item_id, step = int(match["item_id"]), match["step"]
        shown = await self.service.goods.stocked(guild_id, item_id)
        texts = await self.speaker.to(interaction)
        role_id = shown.item.role_id if step != "retire" else None
        if role_id is not None:
            require_giver(interaction, role_id, texts)
        if step in ("retire", "restore"):
            state = "live" if step == "restore" else "retired"
            item = await self.service.goods.edit(guild_id, user_id, item_id, {}, state=state)
            await interaction.response.edit_message(view=desk.stocked(item, texts))
            return

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            if role_id is not None:
                require_giver(submitted, role_id, texts)
            extra: dict[str, Any] = {}
            if "needs_role" in filled:
                roles = [role for role in filled["needs_role"] if not role.is_default()]
                extra["needs_role_id"] = roles[0].id if roles else None
            written = await _written(submitted, filled)
            item = await self.service.goods.edit(guild_id, user_id, item_id, written, **extra)
            await self._show(submitted, item)

        match step:
            case "edit":
                form = item_forms.edit_form(shown, texts)
            case "stock":
                form = item_forms.stock_form(shown, texts)
            case _:
                moments = [
                    rules.written_moment(at, shown.time_zone)
                    for at in (shown.item.from_at, shown.item.until_at)
                ]
                form = item_forms.terms_form(shown, moments, texts)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def on_queued(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show what was chosen in the queue, in place."""
        guild_id, _ = ui.who(interaction)
        bought = await self.service.orders.queued(guild_id, ui.chosen_number(interaction))
        view = desk.queued(bought, await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)

    async def on_queue(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Deliver, ask why something is refunded, or go back to the queue."""
        guild_id, user_id = ui.who(interaction)
        number = int(match["redemption_id"])
        texts = await self.speaker.to(interaction)
        if match["step"] == "list":
            await interaction.response.defer()
            await interaction.edit_original_response(view=await self._queue(interaction))
        elif match["step"] == "done":
            bought = await self.service.orders.fulfil(guild_id, user_id, number)
            await interaction.response.edit_message(view=desk.handled(bought, texts))
        else:

            async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
                await submitted.response.defer()
                bought = await self.service.orders.refund(
                    guild_id, user_id, number, filled["reason"]
                )
                if bought.role_id is not None and bought.until_at is not None:
                    await self.grants.take_back(bought)
                await submitted.edit_original_response(view=desk.handled(bought, texts))

            form = item_forms.refund_form(texts)
            await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def _queue(self, interaction: discord.Interaction) -> discord.ui.LayoutView:
        guild_id, _ = ui.who(interaction)
        waiting = await self.service.orders.queue(guild_id)
        problems = await self.grants.problems(await self.service.goods.live_roles(guild_id))
        channel_id, guild = await self.service.orders.staff_channel(guild_id), interaction.guild
        wrong = channels.staff_problem(guild, channel_id) if channel_id and guild else None
        texts = await self.speaker.to(interaction)
        return desk.queue(waiting, problems, channel_id, texts, wrong)

    async def _show(self, submitted: discord.Interaction, item: Stocked) -> None:
        await forms.answer(submitted, desk.stocked(item, await self.speaker.to(submitted)))


def _roles_of(interaction: discord.Interaction) -> list[int]:
    """Return the member's own roles: a moderator has to meet conditions like anybody."""
    user = interaction.user
    return [role.id for role in user.roles] if isinstance(user, discord.Member) else []


async def _written(submitted: discord.Interaction, filled: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of a form; an uploaded file's lines come behind the typed ones."""
    written = {name: value for name, value in filled.items() if isinstance(value, str)}
    for upload in filled.get("file", ()):
        if upload.size > FILE_BYTES_MAX:
            raise UserError("error-shop-file")
        await forms.wait(submitted)
        try:
            text = (await files.uploaded(upload)).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UserError("error-shop-file") from None
        written["units"] = f"{text}\n{written.get('units', '')}"
    return written
