"""``/product``: what is sold, as moderators describe it."""

from collections.abc import Mapping
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.errors import UserError
from bot.i18n import Speaker, label
from bot.purchases import rules, views
from bot.purchases.service import PurchasesService
from bot.purchases.views import described
from bot.roles import require_giver
from storage.records import Product, PurchaseSource

TITLE_MAX = 100
KEY_MAX = 200
SOURCES = ("stripe", "patreon", "lemonsqueezy", "afdian", "standard", "discord", "role", "csv")
SOURCE_CHOICES = [
    app_commands.Choice(name=label(f"purchases-source-{source}"), value=source)
    for source in SOURCES
]
TERM_CHOICES = [
    app_commands.Choice(name=label(f"purchases-choice-{term}"), value=term)
    for term in ("forever", "days", "subscription")
]
_DESCRIBING = ("title", "price", "currency", "term", "days", "grace", "role", "link")

Title = app_commands.Range[str, 1, TITLE_MAX]
Days = app_commands.Range[int, 1, rules.DAYS_MAX]
Grace = app_commands.Range[int, 0, rules.GRACE_MAX]
Link = app_commands.Range[str, 1, 1_000]
Choices = list[app_commands.Choice[str]]


class ProductsCog(commands.Cog):
    """Products on Discord."""

    product = ui.group("purchases-cmd-product", "purchases-cmd-product-desc", needs=ui.MODERATORS)

    def __init__(self, client: commands.Bot, service: PurchasesService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    @product.command(name=label("purchases-cmd-add"), description=label("purchases-cmd-add-desc"))
    @described(*_DESCRIBING)
    @app_commands.choices(term=TERM_CHOICES)
    @ui.may_manage
    async def add(
        self,
        interaction: discord.Interaction,
        title: Title,
        price: float | None = None,
        currency: str | None = None,
        term: str | None = None,
        days: Days | None = None,
        grace: Grace | None = None,
        role: discord.Role | None = None,
        link: Link | None = None,
    ) -> None:
        """Add a product and show it."""
        options = locals()
        await interaction.response.defer(ephemeral=True)
        raw, extra = await self._filled_in(interaction, options)
        guild_id, user_id = ui.who(interaction)
        added = await self.service.products.add(guild_id, user_id, raw, **extra)
        await self._answer(interaction, "purchases-added", added)

    @product.command(name=label("purchases-cmd-edit"), description=label("purchases-cmd-edit-desc"))
    @described("product", *_DESCRIBING)
    @app_commands.choices(term=TERM_CHOICES)
    @ui.may_manage
    async def edit(
        self,
        interaction: discord.Interaction,
        product: str,
        title: Title | None = None,
        price: float | None = None,
        currency: str | None = None,
        term: str | None = None,
        days: Days | None = None,
        grace: Grace | None = None,
        role: discord.Role | None = None,
        link: Link | None = None,
    ) -> None:
        """Change what is filled in and show the product."""
        options = locals()
        await interaction.response.defer(ephemeral=True)
        raw, extra = await self._filled_in(interaction, options)
        guild_id, user_id = ui.who(interaction)
        known = await self._pick(interaction, product)
        changed = await self.service.products.edit(
            guild_id, user_id, known.product_id, raw, **extra
        )
        await self._answer(interaction, "purchases-edited", changed)

    @product.command(
        name=label("purchases-cmd-opens"), description=label("purchases-cmd-opens-desc")
    )
    @described("product", "resource", "remove")
    @ui.may_manage
    async def opens(
        self, interaction: discord.Interaction, product: str, resource: str, remove: bool = False
    ) -> None:
        """Let a product open a resource, or no more."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        known = await self._pick(interaction, product)
        found = await self.service.resource(guild_id, resource)
        changed = await self.service.products.open_resource(
            guild_id, user_id, known.product_id, found, is_open=not remove
        )
        key = "purchases-closes" if remove else "purchases-opened"
        await self._answer(interaction, key, changed)

    @product.command(name=label("purchases-cmd-id"), description=label("purchases-cmd-id-desc"))
    @described("product", "source", "key", "role", "remove")
    @app_commands.choices(source=SOURCE_CHOICES)
    @ui.may_manage
    async def identify(
        self,
        interaction: discord.Interaction,
        product: str,
        source: str,
        key: app_commands.Range[str, 1, KEY_MAX] | None = None,
        role: discord.Role | None = None,
        remove: bool = False,
    ) -> None:
        """Say how a source calls a product."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        known = await self._pick(interaction, product)
        if source == "role":
            if role is None or role.is_default():
                raise UserError("error-purchases-which-role")
            key = str(role.id)
        if key is None:
            raise UserError("error-purchases-key")
        changed, n_waited = await self.service.products.identify(
            guild_id,
            user_id,
            known.product_id,
            cast(PurchaseSource, source),
            key,
            is_known=not remove,
        )
        texts = await self.speaker.to(interaction)
        said = texts("purchases-unnamed" if remove else "purchases-named")
        if n_waited:
            said += " " + texts("purchases-waited", count=n_waited)
        view = views.product(changed, said, texts)
        await interaction.followup.send(view=view, ephemeral=True)

    @product.command(
        name=label("purchases-cmd-retire"), description=label("purchases-cmd-retire-desc")
    )
    @described("product")
    @ui.may_manage
    async def retire(self, interaction: discord.Interaction, product: str) -> None:
        """Take a product off the list."""
        await self._set_state(interaction, product, is_live=False)

    @product.command(
        name=label("purchases-cmd-restore"), description=label("purchases-cmd-restore-desc")
    )
    @described("product")
    @ui.may_manage
    async def restore(self, interaction: discord.Interaction, product: str) -> None:
        """Put a product back on the list."""
        await self._set_state(interaction, product, is_live=True)

    @product.command(name=label("purchases-cmd-list"), description=label("purchases-cmd-list-desc"))
    @ui.may_manage
    async def show(self, interaction: discord.Interaction) -> None:
        """Show every product, and ids nobody knows."""
        await interaction.response.defer(ephemeral=True)
        guild_id, _ = ui.who(interaction)
        found = await self.service.products.listed(guild_id)
        unknown = await self.service.products.unknown(guild_id)
        view = views.listed(found, unknown, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @product.command(
        name=label("purchases-cmd-renewals"), description=label("purchases-cmd-renewals-desc")
    )
    @ui.may_manage
    async def renewals(self, interaction: discord.Interaction) -> None:
        """Show how much what was bought is used, in numbers."""
        await interaction.response.defer(ephemeral=True)
        found = await self.service.renewals.renewals(ui.who(interaction)[0])
        view = views.renewals(found, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @edit.autocomplete("product")
    @opens.autocomplete("product")
    @identify.autocomplete("product")
    @retire.autocomplete("product")
    @restore.autocomplete("product")
    @ui.may_manage
    async def suggest(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest products, retired ones among them."""
        guild_id, _ = ui.who(interaction)
        found = await self.service.products.find(guild_id, typed, is_live=None)
        return views.choices(found, await self.speaker.to(interaction))

    @opens.autocomplete("resource")
    @ui.may_manage
    async def suggest_resource(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest resources of the catalogue."""
        guild_id, _ = ui.who(interaction)
        return views.resources(await self.service.resources(guild_id, typed))

    async def _set_state(
        self, interaction: discord.Interaction, product: str, *, is_live: bool
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        known = await self._pick(interaction, product)
        changed = await self.service.products.set_state(
            guild_id, user_id, known.product_id, is_live=is_live
        )
        key = "purchases-restored" if is_live else "purchases-was-retired"
        await self._answer(interaction, key, changed)

    async def _pick(self, interaction: discord.Interaction, product: str) -> Product:
        guild_id, _ = ui.who(interaction)
        return await self.service.products.pick(guild_id, product, is_live=None)

    async def _filled_in(
        self, interaction: discord.Interaction, options: Mapping[str, Any]
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """Return what was filled in: texts by field, and the fields that need no checking."""
        raw = {
            name: str(options[option])
            for name, option in (
                ("title", "title"),
                ("price", "price"),
                ("currency", "currency"),
                ("url", "link"),
            )
            if options[option] is not None
        }
        if "price" in raw:
            raw["price"] = raw["price"].removesuffix(".0")
        extra = {name: options[name] for name in ("term", "days") if options[name] is not None}
        if options["grace"] is not None:
            extra["grace_days"] = options["grace"]
        role: discord.Role | None = options["role"]
        if role is not None:
            if not role.is_default():
                require_giver(interaction, role.id, await self.speaker.to(interaction))
            extra["role_id"] = None if role.is_default() else role.id
        return raw, extra

    async def _answer(self, interaction: discord.Interaction, key: str, one: Product) -> None:
        texts = await self.speaker.to(interaction)
        view = views.product(one, texts(key), texts)
        await interaction.followup.send(view=view, ephemeral=True)
