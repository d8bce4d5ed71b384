"""The forms in which moderators write what an item is, who may redeem it, and why not."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import forms
from bot.i18n import Texts
from bot.rewards.kinds import POINT
from bot.shop.goods import Stocked
from storage.records import ItemKind, ShopItem


def add_form(kind: ItemKind, time_zone: str, texts: Texts) -> forms.Form:
    """Return the form of a new item, with what its kind needs."""
    title = texts("shop-form-add", kind=texts(f"shop-kind-{kind}"))
    fields = [*_said(None, texts), *_kind_fields(kind, None, time_zone, texts)]
    return forms.Form("shop:add", title, fields)


def edit_form(shown: Stocked, texts: Texts) -> forms.Form:
    """Return the form of an item's words, price and days."""
    fields = _said(shown.item, texts)
    if shown.item.role_id is not None:
        fields.append(_days_field(shown.item.days, texts))
    return forms.Form("shop:edit", texts("shop-form-edit"), fields)


def stock_form(shown: Stocked, texts: Texts) -> forms.Form:
    """Return the form that restocks an item: a number, codes or times."""
    kind = shown.item.kind
    if kind in ("coupon", "slot"):
        fields = _kind_fields(kind, shown.item, shown.time_zone, texts, must=False)
    else:
        fields = [_stock_field(shown.item.stock, texts)]
    return forms.Form("shop:stock", texts("shop-form-stock"), fields)


def terms_form(shown: Stocked, moments: Sequence[str], texts: Texts) -> forms.Form:
    """Return the form of who may redeem an item, how often and when."""
    item, hint = shown.item, texts("shop-field-moment-hint", zone=shown.time_zone)
    role: discord.ui.RoleSelect[Any] = discord.ui.RoleSelect(
        custom_id="needs_role",
        required=False,
        min_values=0,
        max_values=1,
        default_values=[discord.Object(item.needs_role_id)] if item.needs_role_id else [],
    )
    fields = [
        forms.text_field(
            "per_member",
            texts("shop-field-per-member"),
            hint=texts("shop-field-per-member-hint"),
            default=str(item.per_member or ""),
            limit=6,
            is_required=False,
        ),
        forms.text_field(
            "min_level",
            texts("shop-field-min-level"),
            hint=texts("shop-field-min-level-hint"),
            default=str(item.min_level or ""),
            limit=6,
            is_required=False,
        ),
        forms.labelled(texts("shop-field-needs-role"), role, texts("shop-field-needs-role-hint")),
        *(
            forms.text_field(
                name,
                texts(key),
                hint=hint,
                default=written,
                limit=40,
                is_required=False,
            )
            for name, key, written in zip(
                ("from_at", "until_at"),
                ("shop-field-from", "shop-field-until"),
                moments,
                strict=True,
            )
        ),
    ]
    return forms.Form("shop:terms", texts("shop-form-terms"), fields)


def refund_form(texts: Texts) -> forms.Form:
    """Return the form that asks why something is refunded."""
    hint = texts("shop-field-reason-hint")
    field = forms.text_field("reason", texts("shop-field-reason"), hint=hint, limit=200)
    return forms.Form("shop:refund", texts("shop-form-refund"), [field])


def _said(item: ShopItem | None, texts: Texts) -> list[discord.ui.Label[Any]]:
    return [
        forms.text_field(
            "title", texts("shop-field-title"), default=item.title if item else "", limit=80
        ),
        forms.text_field(
            "description",
            texts("shop-field-description"),
            default=item.description if item else "",
            limit=600,
            is_long=True,
            is_required=False,
        ),
        forms.text_field(
            "price",
            texts("shop-field-price"),
            default=_number(item.price) if item else "",
            limit=12,
        ),
    ]


def _kind_fields(
    kind: ItemKind, item: ShopItem | None, time_zone: str, texts: Texts, *, must: bool = True
) -> list[discord.ui.Label[Any]]:
    """Return the one or two fields that items of a kind have besides words and price."""
    match kind:
        case "role" | "resource":
            return [
                _days_field(item.days if item else None, texts),
                _stock_field(item.stock if item else None, texts),
            ]
        case "coupon":
            upload: discord.ui.FileUpload[Any] = discord.ui.FileUpload(
                custom_id="file", required=False, min_values=0, max_values=1
            )
            return [
                forms.text_field(
                    "units",
                    texts("shop-field-codes"),
                    hint=texts("shop-field-codes-hint"),
                    limit=4_000,
                    is_long=True,
                    is_required=False,
                ),
                forms.labelled(texts("shop-field-file"), upload),
            ]
        case "slot":
            return [
                forms.text_field(
                    "units",
                    texts("shop-field-times"),
                    hint=texts("shop-field-times-hint", zone=time_zone),
                    limit=2_000,
                    is_long=True,
                    is_required=must,
                )
            ]
        case "custom":
            return [_stock_field(item.stock if item else None, texts)]


def _days_field(days: int | None, texts: Texts) -> discord.ui.Label[Any]:
    return forms.text_field(
        "days",
        texts("shop-field-days"),
        hint=texts("shop-field-days-hint"),
        default=str(days or ""),
        limit=6,
        is_required=False,
    )


def _stock_field(stock: int | None, texts: Texts) -> discord.ui.Label[Any]:
    return forms.text_field(
        "stock",
        texts("shop-field-stock"),
        hint=texts("shop-field-stock-hint"),
        default="" if stock is None else str(stock),
        limit=6,
        is_required=False,
    )


def _number(amount: int) -> str:
    return f"{amount / POINT:.2f}".rstrip("0").rstrip(".")
