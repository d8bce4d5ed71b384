"""What members see of the shop: its pages, an item, what redeeming it gave."""

from collections.abc import Iterable, Sequence
from typing import Any

import discord
from discord import app_commands

from bot import dates, ids, mentions, ui
from bot.i18n import Texts
from bot.legible import isolated
from bot.shop import wording
from bot.shop.orders import Receipt
from bot.shop.shelf import Counter, Offer, Shelf
from storage.records import Redemption, ShopItem

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

Row = list[discord.ui.Item[Any]]


def shelf(shown: Shelf, texts: Texts) -> discord.ui.LayoutView:
    """Return a page of the shop: what there is, a menu to choose from, and pages."""
    balance = texts("shop-balance", points=ui.amount_text(shown.balance, texts))
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
        notes.append(texts("shop-chosen-time", when=mentions.moment(chosen.starts_at, "F")))
    buttons: Row = []
    if may_redeem and (item.kind != "slot" or chosen is not None):
        buy = BUY_ID.format(
            item_id=item.item_id, unit_id=unit_id, price=item.price, source_id=source_id
        )
        label = texts("shop-confirm", price=ui.amount_text(item.price, texts))
        buttons.append(ui.button(label, buy, discord.ButtonStyle.success))
    return ui.panel(
        f"## {wording.title(item.title)} · {ui.amount_text(item.price, texts)}",
        isolated(item.description),
        "\n".join(wording.terms(item, texts)),
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
        "shop-receipt-paid",
        price=ui.amount_text(bought.price, texts),
        left=ui.amount_text(shown.balance, texts),
    )
    return ui.panel(
        f"## {texts(key, title=wording.title(bought.title))}",
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
            title=wording.title(each.redemption.title),
            price=ui.amount_text(each.redemption.price, texts),
            when=mentions.moment(each.redemption.created_at, "d"),
        )
        + f"\n{_got(each, texts)}"
        for each in shown
    ]
    return ui.panel(
        f"## {texts('shop-redeemed-title')}",
        *entries,
        rows=[[*_links(shown, texts), back]],
    )


def choices(found: Iterable[ShopItem], texts: Texts) -> list[app_commands.Choice[str]]:
    """Return items as suggestions of an option; what was chosen, `bot.ids.chosen` says."""
    items = list(found)[: ui.CHOICES_MAX]
    names = [f"{ui.bare(item.title)} · {ui.amount_text(item.price, texts)}" for item in items]
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


def _shelf_line(offer: Offer, texts: Texts) -> str:
    item = offer.item
    line = texts(
        "shop-line", title=wording.title(item.title), price=ui.amount_text(item.price, texts)
    )
    left = wording.stock(item, texts)
    found = offer.hindrance
    locked = f"\n-# 🔒 {texts(found.key, **found.params)}" if found and item.stock != 0 else ""
    return f"{line} · {left}{locked}" if left else f"{line}{locked}"


def _option(item: ShopItem, texts: Texts) -> discord.SelectOption:
    about = " · ".join(
        part
        for part in (
            ui.amount_text(item.price, texts),
            texts(f"shop-kind-{item.kind}"),
            wording.stock(item, texts),
        )
        if part
    )
    return discord.SelectOption(
        label=ui.clip(ui.bare(item.title), ui.OPTION_LABEL_MAX),
        value=str(item.item_id),
        description=ui.clip(about, ui.OPTION_LABEL_MAX),
    )


def _balance_line(item: ShopItem, balance: int, texts: Texts) -> str:
    have = ui.amount_text(balance, texts)
    if balance < item.price:
        return texts("shop-short", have=have, missing=ui.amount_text(item.price - balance, texts))
    return texts("shop-after-balance", have=have, left=ui.amount_text(balance - item.price, texts))


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
        parts.append(_got_resource(shown, texts))
    if bought.starts_at is not None:
        parts.append(texts("shop-got-slot", when=mentions.moment(bought.starts_at, "F")))
    if bought.kind == "custom":
        parts.append(texts("shop-got-custom" if bought.state == "owed" else "shop-got-done"))
    return "\n".join(parts)


def _got_resource(shown: Receipt, texts: Texts) -> str:
    resource = shown.resource
    if resource is None or resource.state != "live":
        return texts("shop-got-resource-gone")
    if not shown.is_open:
        return texts("error-links-role", role=mentions.role(resource.role_id))
    return texts("shop-got-resource", title=wording.title(resource.title))


def _got_role(bought: Redemption, texts: Texts) -> str:
    role = mentions.role(bought.role_id)
    if bought.state == "owed":
        return texts("shop-got-role-soon", role=role)
    if bought.until_at is None:
        return texts("shop-got-role-good", role=role)
    key = "shop-got-role" if bought.state == "active" else "shop-got-over"
    when = mentions.moment(bought.until_at, "f")
    return texts(key, role=role, when=when) if key == "shop-got-role" else texts(key, when=when)


def _links(shown: Sequence[Receipt], texts: Texts) -> Row:
    """Return the link of what access was bought to last; Discord allows few buttons in a row."""
    for each in shown:
        resource = each.resource if each.is_open else None
        if resource and resource.state == "live" and each.redemption.state in ("active", "done"):
            return [ui.link_button(texts("shop-open"), resource.url)]
    return []


def _local(at: float | None, shown: Counter, texts: Texts) -> str:
    moment = dates.local(at or 0.0, shown.time_zone)
    return texts("shop-time", when=f"{moment:%Y-%m-%d %H:%M}", zone=shown.time_zone)
