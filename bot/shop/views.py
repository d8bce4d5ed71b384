"""What members see of the shop, and the panels and forms of its moderators."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import discord
from discord import app_commands

from bot import forms, ids, ui, zones
from bot.i18n import Texts
from bot.legible import isolated
from bot.shop.service import Counter, Offer, Orders, Receipt, Shelf, Stocked
from storage.records import ItemKind, Redemption, ShopItem

SHELF_ID = "shop:page:{page}"
SHELF_TEMPLATE = r"shop:page:(?P<page>\d{1,6})"
PICK_ID = "shop:pick"
PICK_TEMPLATE = r"shop:pick"
MINE_ID = "shop:mine"
MINE_TEMPLATE = r"shop:mine"
TIME_ID = "shop:time:{item_id}"
TIME_TEMPLATE = r"shop:time:(?P<item_id>\d+)"
BUY_ID = "shop:buy:{item_id}:{unit_id}:{price}:{source_id}"
BUY_TEMPLATE = r"shop:buy:(?P<item_id>\d+):(?P<unit_id>\d+):(?P<price>\d{1,12}):(?P<source_id>\d+)"
ITEM_ID = "shop:item:{deed}:{item_id}"
ITEM_TEMPLATE = r"shop:item:(?P<deed>edit|terms|stock|retire|restore):(?P<item_id>\d+)"
QUEUE_ID = "shop:queue:{deed}:{redemption_id}"
QUEUE_TEMPLATE = r"shop:queue:(?P<deed>done|refund|list):(?P<redemption_id>\d+)"
QUEUED_ID = "shop:queued"
QUEUED_TEMPLATE = r"shop:queued"

_POINT = 100
_LINE_MAX = 120
_ROLES_SHOWN = 10
_ORDERS_SHOWN = 10

Row = list[discord.ui.Item[Any]]


def shelf(shown: Shelf, texts: Texts) -> discord.ui.LayoutView:
    """Return a page of the shop: what there is, a menu to choose from, and pages."""
    balance = texts("shop-balance", points=_amount(shown.balance, texts))
    mine = ui.button(texts("shop-mine"), MINE_ID)
    if not shown.offers:
        return ui.panel(f"## {texts('shop-title')}", balance, texts("shop-empty"), rows=[[mine]])
    options = [_option(offer.item, texts) for offer in shown.offers]
    rows: list[Row] = [[ui.select(PICK_ID, options, texts("shop-choose"))]]
    turning: Row = [mine]
    if shown.n_pages > 1:
        before, after = (SHELF_ID.format(page=shown.page + step) for step in (-1, 1))
        turning += [
            ui.button(texts("shop-before"), before, disabled=shown.page <= 1),
            ui.button(texts("shop-after"), after, disabled=shown.page >= shown.n_pages),
        ]
    where = texts("shop-page", page=shown.page, pages=shown.n_pages) if len(turning) > 1 else ""
    return ui.panel(
        f"## {texts('shop-title')}",
        balance,
        "\n".join(_shelf_line(offer, texts) for offer in shown.offers),
        f"-# {where}" if where else "",
        rows=[*rows, turning],
    )


def counter(
    shown: Counter, source_id: int, texts: Texts, unit_id: int = 0
) -> discord.ui.LayoutView:
    """Return one item, with a button that redeems it or what keeps one from it.

    Parameters
    ----------
    source_id
        Of the interaction that shows it: the button buys once for it.
    unit_id
        The time that was chosen, 0 for none.
    """
    item, offer = shown.offer.item, shown.offer
    back = ui.button(texts("shop-to-shop"), SHELF_ID.format(page=1))
    chosen = next((time for time in shown.times if time.unit_id == unit_id), None)
    is_affordable = shown.balance >= item.price
    rows: list[Row] = []
    notes = []
    if offer.hindrance is not None:
        notes.append(f"🔒 {texts(offer.hindrance.key, **offer.hindrance.params)}")
    else:
        notes.append(_balance_line(item, shown.balance, texts))
    may_redeem = offer.hindrance is None and is_affordable
    if item.kind == "slot" and may_redeem:
        if shown.times:
            options = [
                discord.SelectOption(
                    label=_local(time.starts_at, shown, texts),
                    value=str(time.unit_id),
                    default=time is chosen,
                )
                for time in shown.times
            ]
            menu = ui.select(
                TIME_ID.format(item_id=item.item_id), options, texts("shop-choose-time")
            )
            rows.append([menu])
        else:
            notes.append(texts("shop-no-times"))
    if chosen is not None and chosen.starts_at is not None:
        notes.append(texts("shop-chosen-time", when=f"<t:{int(chosen.starts_at)}:F>"))
    buttons: Row = []
    if may_redeem and (item.kind != "slot" or chosen is not None):
        buy = BUY_ID.format(
            item_id=item.item_id, unit_id=unit_id, price=item.price, source_id=source_id
        )
        label = texts("shop-confirm", price=_amount(item.price, texts))
        buttons.append(ui.button(label, buy, discord.ButtonStyle.success))
    return ui.panel(
        f"## {_title(item.title)} · {_amount(item.price, texts)}",
        isolated(item.description),
        "\n".join(_terms(item, texts)),
        "\n".join(notes),
        colour=ui.ACCENT if may_redeem else ui.CAUTION,
        rows=[*rows, [*buttons, back]],
    )


def receipt(shown: Receipt, texts: Texts) -> discord.ui.LayoutView:
    """Return what redeeming gave, which only the member sees."""
    bought = shown.redemption
    key = "shop-receipt" if shown.is_new else "shop-receipt-again"
    is_back = bought.state == "refunded"
    paid = texts(
        "shop-receipt-paid", price=_amount(bought.price, texts), left=_amount(shown.balance, texts)
    )
    return ui.panel(
        f"## {texts(key, title=_title(bought.title))}",
        _got(shown, texts),
        f"-# {paid} {texts('shop-again')}" if not is_back else "",
        colour=ui.CAUTION if is_back else ui.GOOD,
        rows=[[*_links([shown], texts), ui.button(texts("shop-to-shop"), SHELF_ID.format(page=1))]],
    )


def redeemed(shown: Sequence[Receipt], texts: Texts) -> discord.ui.LayoutView:
    """Return what a member redeemed last, the codes with it."""
    back = ui.button(texts("shop-to-shop"), SHELF_ID.format(page=1))
    if not shown:
        return ui.panel(texts("shop-redeemed-none"), rows=[[back]])
    entries = [
        texts(
            "shop-redeemed-line",
            title=_title(each.redemption.title),
            price=_amount(each.redemption.price, texts),
            when=f"<t:{int(each.redemption.created_at)}:d>",
        )
        + f"\n{_got(each, texts)}"
        for each in shown
    ]
    return ui.panel(
        f"## {texts('shop-redeemed-title')}",
        *entries,
        rows=[[*_links(shown, texts), back]],
    )


def stocked(shown: Stocked, texts: Texts) -> discord.ui.LayoutView:
    """Return an item as moderators see it, with the buttons that change it."""
    item = shown.item
    is_live = item.state == "live"
    left = (
        texts("shop-item-stock-any")
        if item.stock is None
        else texts("shop-item-stock", count=item.stock)
    )
    state = texts("shop-item-live" if is_live else "shop-item-retired")
    added = texts("shop-item-added", count=shown.n_added) if shown.n_added is not None else ""
    terms = _terms(
        item, texts, with_stock=False, title=shown.resource.title if shown.resource else ""
    )
    anybody = [texts("shop-item-anybody")] if len(terms) == 1 else []
    is_access = item.kind == "resource" and item.role_id is not None
    gives = [texts("shop-item-gives", role=f"<@&{item.role_id}>")] if is_access else []
    deeds = ["edit", "terms", "stock", "retire" if is_live else "restore"]
    labels = {"edit": "shop-edit", "terms": "shop-terms", "stock": "shop-restock"}
    buttons = [
        ui.button(
            texts(labels.get(deed, f"shop-{deed}")),
            ITEM_ID.format(deed=deed, item_id=item.item_id),
        )
        for deed in deeds
    ]
    return ui.panel(
        f"## {_title(item.title)} · {_amount(item.price, texts)}",
        isolated(item.description),
        "\n".join([*gives, *terms, *anybody]),
        f"{state} · {left} {added}".strip(),
        colour=ui.GOOD if is_live else ui.CAUTION,
        rows=[buttons],
    )


def queue(
    waiting: Sequence[Redemption],
    problems: Sequence[tuple[ShopItem, str]],
    staff_channel_id: int | None,
    texts: Texts,
    staff_problem: str | None = None,
) -> discord.ui.LayoutView:
    """Return pending orders, and the roles that cannot be given as things stand.

    Parameters
    ----------
    staff_channel_id
        Where moderators are told of new orders, None for nowhere.
    staff_problem
        What is wrong with that channel.
    """
    warnings = "\n".join(
        _broken_line(item, problem, texts) for item, problem in problems[:_ROLES_SHOWN]
    )
    lines = [_queue_line(bought, texts) for bought in waiting]
    channel = f"<#{staff_channel_id}>"
    told = (
        texts("shop-queue-told", channel=channel)
        if staff_channel_id
        else texts("shop-queue-untold")
    )
    if staff_problem is not None:
        told = "⚠️ " + texts(f"staff-problem-{staff_problem}", channel=channel)
    options = [
        discord.SelectOption(
            label=ui.clip(
                texts("shop-queue-option", title=ui.bare(each.title), number=each.redemption_id),
                ui.OPTION_LABEL_MAX,
            ),
            value=str(each.redemption_id),
        )
        for each in waiting
    ]
    rows = [[ui.select(QUEUED_ID, options, texts("shop-queue-choose"))]] if options else []
    return ui.panel(
        f"## {texts('shop-queue-title')}",
        "\n".join(lines) or texts("shop-queue-empty"),
        warnings,
        f"-# {told}",
        colour=ui.CAUTION if warnings else ui.ACCENT,
        rows=rows,
    )


def broken(items: Sequence[ShopItem], texts: Texts) -> discord.ui.LayoutView:
    """Return what moderators are told once: roles for sale that cannot be given, and the fix."""
    lines = [
        _broken_line(item, item.role_problem, texts)
        for item in items[:_ROLES_SHOWN]
        if item.role_problem is not None
    ]
    if len(items) > len(lines):
        lines.append(texts("shop-orders-more", n=len(items) - len(lines)))
    hint = texts("shop-problems-hint")
    title = texts("shop-problems-title")
    return ui.panel(f"## {title}", "\n".join(lines), f"-# {hint}", colour=ui.CAUTION)


def _broken_line(item: ShopItem, problem: str, texts: Texts) -> str:
    return texts(
        "shop-queue-problem",
        title=_title(item.title),
        role=f"<@&{item.role_id}>",
        problem=texts(f"shop-problem-{problem}"),
    )


def orders(new: Orders, texts: Texts) -> discord.ui.LayoutView:
    """Return what moderators are notified of once: orders to deliver, and where to do that."""
    shown = new.redemptions[:_ORDERS_SHOWN]
    lines = [_queue_line(bought, texts) for bought in shown]
    if len(new.redemptions) > len(shown):
        lines.append(texts("shop-orders-more", n=len(new.redemptions) - len(shown)))
    return ui.panel(
        f"## {texts('shop-orders-title', n=len(new.redemptions))}",
        "\n".join(lines),
        f"-# {texts('shop-orders-hint')}",
    )


def queued(bought: Redemption, texts: Texts) -> discord.ui.LayoutView:
    """Return one thing to deliver, with Done and Refund."""
    number = bought.redemption_id
    buttons: Row = []
    if bought.state == "owed" and bought.kind in ("slot", "custom"):
        done = QUEUE_ID.format(deed="done", redemption_id=number)
        buttons.append(ui.button(texts("shop-queue-done"), done, discord.ButtonStyle.success))
    if bought.state != "refunded":
        refund = QUEUE_ID.format(deed="refund", redemption_id=number)
        buttons.append(ui.button(texts("shop-queue-refund"), refund, discord.ButtonStyle.danger))
    buttons.append(
        ui.button(texts("shop-queue-back"), QUEUE_ID.format(deed="list", redemption_id=number))
    )
    return ui.panel(_queue_line(bought, texts), rows=[buttons])


def handled(bought: Redemption, texts: Texts) -> discord.ui.LayoutView:
    """Return what a moderator did about a redemption."""
    member, title = f"<@{bought.user_id}>", _title(bought.title)
    if bought.state == "refunded":
        text = texts(
            "shop-refunded",
            price=_amount(bought.price, texts),
            member=member,
            reason=ui.plain(bought.note),
        )
    else:
        text = texts("shop-fulfilled", title=title, member=member)
    back = QUEUE_ID.format(deed="list", redemption_id=bought.redemption_id)
    return ui.panel(text, colour=ui.GOOD, rows=[[ui.button(texts("shop-queue-back"), back)]])


def choices(found: Iterable[ShopItem], texts: Texts) -> list[app_commands.Choice[str]]:
    """Return items as suggestions of an option; what was chosen, `bot.ids.chosen` says."""
    items = list(found)[: ui.CHOICES_MAX]
    names = [f"{ui.bare(item.title)} · {_amount(item.price, texts)}" for item in items]
    tails = [
        f" · {item.item_id}" if names.count(n) > 1 else ""
        for n, item in zip(names, items, strict=True)
    ]
    return [
        app_commands.Choice(
            name=ui.clip(name, ui.CHOICE_NAME_MAX - len(tail)) + tail,
            value=ids.choice(item.item_id),
        )
        for name, tail, item in zip(names, tails, items, strict=True)
    ]


# ---------------------------------------------------------------------------------- forms


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


# ----------------------------------------------------------------------------------- lines


def _amount(amount: int, texts: Texts) -> str:
    return texts("points-amount", count=amount / _POINT if amount % _POINT else amount // _POINT)


def _number(amount: int) -> str:
    return f"{amount / _POINT:.2f}".rstrip("0").rstrip(".")


def _title(text: str) -> str:
    return ui.clip(ui.plain(text), _LINE_MAX)


def _stock(item: ShopItem, texts: Texts) -> str:
    if item.stock is None:
        return ""
    return texts("shop-left", count=item.stock) if item.stock else texts("shop-sold-out")


def _shelf_line(offer: Offer, texts: Texts) -> str:
    item = offer.item
    line = texts("shop-line", title=_title(item.title), price=_amount(item.price, texts))
    left = _stock(item, texts)
    found = offer.hindrance
    locked = f"\n-# 🔒 {texts(found.key, **found.params)}" if found and item.stock != 0 else ""
    return f"{line} · {left}{locked}" if left else f"{line}{locked}"


def _option(item: ShopItem, texts: Texts) -> discord.SelectOption:
    about = " · ".join(
        part
        for part in (
            _amount(item.price, texts),
            texts(f"shop-kind-{item.kind}"),
            _stock(item, texts),
        )
        if part
    )
    return discord.SelectOption(
        label=ui.clip(ui.bare(item.title), ui.OPTION_LABEL_MAX),
        value=str(item.item_id),
        description=ui.clip(about, ui.OPTION_LABEL_MAX),
    )


def _balance_line(item: ShopItem, balance: int, texts: Texts) -> str:
    have = _amount(balance, texts)
    if balance < item.price:
        return texts("shop-short", have=have, missing=_amount(item.price - balance, texts))
    return texts("shop-after-balance", have=have, left=_amount(balance - item.price, texts))


def _terms(item: ShopItem, texts: Texts, *, with_stock: bool = True, title: str = "") -> list[str]:
    """Return what an item gives, and its conditions, a line each."""
    role = f"<@&{item.role_id}>"
    if item.kind == "role":
        about = (
            texts("shop-about-role", role=role, count=item.days)
            if item.days
            else texts("shop-about-role-good", role=role)
        )
    elif item.kind == "resource":
        about = texts("shop-about-resource", title=_title(title or item.title))
    else:
        about = texts(f"shop-about-{item.kind}")
    lines = [
        about,
        _stock(item, texts) if with_stock else "",
        texts("shop-per-member", count=item.per_member) if item.per_member else "",
        texts("shop-min-level", level=item.min_level) if item.min_level else "",
        texts("shop-needs-role", role=f"<@&{item.needs_role_id}>") if item.needs_role_id else "",
        texts("shop-from", when=f"<t:{int(item.from_at)}:f>") if item.from_at else "",
        texts("shop-until", when=f"<t:{int(item.until_at)}:f>") if item.until_at else "",
    ]
    return [line for line in lines if line]


def _got(shown: Receipt, texts: Texts) -> str:
    """Return what a redemption gives as things are now."""
    bought = shown.redemption
    if bought.state == "refunded":
        if bought.problem:
            return texts("shop-got-role-back")
        note = ui.plain(bought.note)
        return texts("shop-got-refunded-note", note=note) if note else texts("shop-got-refunded")
    if bought.code is not None:
        return texts("shop-got-code", code=bought.code.replace("`", "ˋ"))
    parts = []
    if bought.role_id is not None:
        parts.append(_got_role(bought, texts))
    if bought.kind == "resource":
        there = shown.resource is not None and shown.resource.state == "live"
        parts.append(
            texts("shop-got-resource", title=_title(shown.resource.title))
            if there and shown.resource
            else texts("shop-got-resource-gone")
        )
    if bought.starts_at is not None:
        parts.append(texts("shop-got-slot", when=f"<t:{int(bought.starts_at)}:F>"))
    if bought.kind == "custom":
        parts.append(texts("shop-got-custom" if bought.state == "owed" else "shop-got-done"))
    return "\n".join(parts)


def _got_role(bought: Redemption, texts: Texts) -> str:
    role = f"<@&{bought.role_id}>"
    if bought.state == "owed":
        return texts("shop-got-role-soon", role=role)
    if bought.until_at is None:
        return texts("shop-got-role-good", role=role)
    key = "shop-got-role" if bought.state == "active" else "shop-got-over"
    when = f"<t:{int(bought.until_at)}:f>"
    return texts(key, role=role, when=when) if key == "shop-got-role" else texts(key, when=when)


def _links(shown: Sequence[Receipt], texts: Texts) -> Row:
    """Return the link of what access was bought to last; Discord allows few buttons in a row."""
    for each in shown:
        resource = each.resource
        if resource and resource.state == "live" and each.redemption.state in ("active", "done"):
            return [ui.link_button(texts("shop-open"), resource.url)]
    return []


def _local(at: float | None, shown: Counter, texts: Texts) -> str:
    moment = datetime.fromtimestamp(at or 0.0, zones.zone_of(shown.time_zone))
    return texts("shop-time", when=f"{moment:%Y-%m-%d %H:%M}", zone=shown.time_zone)


def _queue_line(bought: Redemption, texts: Texts) -> str:
    line = texts(
        "shop-queue-line",
        title=_title(bought.title),
        member=f"<@{bought.user_id}>",
        when=f"<t:{int(bought.created_at)}:R>",
    )
    if bought.starts_at is not None:
        line = texts("shop-queue-slot", line=line, at=f"<t:{int(bought.starts_at)}:f>")
    if bought.problem:
        problem = texts(f"shop-problem-{bought.problem}")
        told = texts("shop-queue-trouble", role=f"<@&{bought.role_id}>", problem=problem)
        line += f"\n-# ⚠️ {told}"
    return line
