"""What moderators see of the shop: an item, pending orders, and what they are notified of."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import mentions, ui
from bot.i18n import Texts
from bot.legible import isolated
from bot.shop import wording
from bot.shop.delivery import NewOrders
from bot.shop.goods import Stocked
from storage.records import Redemption, ShopItem

ITEM_ID = "shop:item:{step}:{item_id}"
ITEM_TEMPLATE = r"shop:item:(?P<step>edit|terms|stock|retire|restore):(?P<item_id>\d+)"
QUEUE_ID = "shop:queue:{step}:{redemption_id}"
QUEUE_TEMPLATE = r"shop:queue:(?P<step>done|refund|list):(?P<redemption_id>\d+)"
QUEUED_ID = "shop:queued"
QUEUED_TEMPLATE = r"shop:queued"

_ROLES_SHOWN = 10
_ORDERS_SHOWN = 10


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
    terms = wording.terms(
        item, texts, with_stock=False, resource_title=shown.resource.title if shown.resource else ""
    )
    anybody = [texts("shop-item-anybody")] if len(terms) == 1 else []
    is_access = item.kind == "resource" and item.role_id is not None
    gives = [texts("shop-item-gives", role=mentions.role(item.role_id))] if is_access else []
    steps = ["edit", "terms", "stock", "retire" if is_live else "restore"]
    labels = {"edit": "shop-edit", "terms": "shop-terms", "stock": "shop-restock"}
    buttons = [
        ui.button(
            texts(labels.get(step, f"shop-{step}")),
            ITEM_ID.format(step=step, item_id=item.item_id),
        )
        for step in steps
    ]
    return ui.panel(
        f"## {wording.title(item.title)} · {ui.amount_text(item.price, texts)}",
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
        Where moderators are notified of new orders, None for nowhere.
    staff_problem
        What is wrong with that channel.
    """
    warnings = "\n".join(
        _broken_line(item, problem, texts) for item, problem in problems[:_ROLES_SHOWN]
    )
    lines = [_queue_line(bought, texts) for bought in waiting]
    channel = f"<#{staff_channel_id}>"
    where = (
        texts("shop-queue-channel", channel=channel)
        if staff_channel_id
        else texts("shop-queue-no-channel")
    )
    if staff_problem is not None:
        where = "⚠️ " + texts(f"staff-problem-{staff_problem}", channel=channel)
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
        f"-# {where}",
        colour=ui.CAUTION if warnings else ui.ACCENT,
        rows=rows,
    )


def queued(bought: Redemption, texts: Texts) -> discord.ui.LayoutView:
    """Return one thing to deliver, with Done and Refund."""
    number = bought.redemption_id
    buttons: list[discord.ui.Item[Any]] = []
    if bought.state == "owed" and bought.kind in ("slot", "custom"):
        done = QUEUE_ID.format(step="done", redemption_id=number)
        buttons.append(ui.button(texts("shop-queue-done"), done, discord.ButtonStyle.success))
    if bought.state != "refunded":
        refund = QUEUE_ID.format(step="refund", redemption_id=number)
        buttons.append(ui.button(texts("shop-queue-refund"), refund, discord.ButtonStyle.danger))
    buttons.append(
        ui.button(texts("shop-queue-back"), QUEUE_ID.format(step="list", redemption_id=number))
    )
    return ui.panel(_queue_line(bought, texts), rows=[buttons])


def handled(bought: Redemption, texts: Texts) -> discord.ui.LayoutView:
    """Return what a moderator did about a redemption."""
    member, title = f"<@{bought.user_id}>", wording.title(bought.title)
    if bought.state == "refunded":
        text = texts(
            "shop-refunded",
            price=ui.amount_text(bought.price, texts),
            member=member,
            reason=ui.plain(bought.note),
        )
    else:
        text = texts("shop-fulfilled", title=title, member=member)
    back = QUEUE_ID.format(step="list", redemption_id=bought.redemption_id)
    return ui.panel(text, colour=ui.GOOD, rows=[[ui.button(texts("shop-queue-back"), back)]])


def orders(new: NewOrders, texts: Texts) -> discord.ui.LayoutView:
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


def broken(items: Sequence[ShopItem], texts: Texts) -> discord.ui.LayoutView:
    """Return the notice of roles for sale that cannot be given, and of the fix."""
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
        title=wording.title(item.title),
        role=mentions.role(item.role_id),
        problem=texts(f"shop-problem-{problem}"),
    )


def _queue_line(bought: Redemption, texts: Texts) -> str:
    line = texts(
        "shop-queue-line",
        title=wording.title(bought.title),
        member=f"<@{bought.user_id}>",
        when=mentions.moment(bought.created_at),
    )
    if bought.starts_at is not None:
        line = texts("shop-queue-slot", line=line, at=mentions.moment(bought.starts_at, "f"))
    if bought.problem:
        problem = texts(f"shop-problem-{bought.problem}")
        trouble = texts("shop-queue-trouble", role=mentions.role(bought.role_id), problem=problem)
        line += f"\n-# ⚠️ {trouble}"
    return line
