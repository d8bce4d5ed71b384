"""How products look to members: what is sold, how to get it, what a claim came to."""

from collections.abc import Sequence

import discord

from bot import mentions, ui
from bot.i18n import Texts
from bot.purchases.claims import Offer
from bot.purchases.views import price, title
from storage.records import Product, Reminder

OFFER_ID = "purchase:offer:{product_id}"
OFFER_TEMPLATE = r"purchase:offer:(?P<product_id>\d+)"
NOTED_ID = "purchase:noted:{notice_id}"
NOTED_TEMPLATE = r"purchase:noted:(?P<notice_id>\d+)"
_SHOWN = 10
_IN_ROW = 5
_OPENS_SHOWN = 8


def shelf(found: Sequence[Product], texts: Texts) -> discord.ui.LayoutView:
    """Return what is sold, with a button for each."""
    if not found:
        return ui.panel(texts("purchases-shelf-empty"), colour=ui.CAUTION)
    shown = found[:_SHOWN]
    lines = [f"- **{title(one.title)}** · {price(one, texts)}" for one in shown]
    buttons = [
        ui.button(ui.bare(one.title), OFFER_ID.format(product_id=one.product_id)) for one in shown
    ]
    rows = [buttons[at : at + _IN_ROW] for at in range(0, len(buttons), _IN_ROW)]
    more = texts("purchases-shelf-more") if len(found) > _SHOWN else ""
    return ui.panel(texts("purchases-shelf"), "\n".join(lines), more, rows=rows)


def offer(one: Offer, texts: Texts) -> discord.ui.LayoutView:
    """Return what a product costs and opens, and the member's own way to buy it."""
    product = one.product
    parts = [f"### {title(product.title)}", f"-# {price(product, texts)}"]
    if one.opens:
        named = "\n".join(f"- {title(each.title)}" for each in one.opens[:_OPENS_SHOWN])
        parts.append(texts("purchases-offer-opens") + "\n" + named)
    if product.role_id:
        parts.append(texts("purchases-gives", role=mentions.role(product.role_id)))
    if one.access is not None:
        parts.append(_has(one, texts))
    if not one.url:
        return ui.panel("\n".join(parts), texts("purchases-offer-nowhere"))
    known = texts("purchases-offer-known" if one.is_known else "purchases-offer-claim")
    if len(one.url) > ui.LINK_URL_MAX:
        return ui.panel("\n".join(parts), f"<{one.url}>", f"-# {known}")
    link = ui.link_button(texts("purchases-offer-buy"), one.url)
    return ui.panel("\n".join(parts), f"-# {known}", rows=[[link]])


def _has(one: Offer, texts: Texts) -> str:
    assert one.access is not None
    if one.access.ends_at is None:
        return texts("purchases-offer-has")
    return texts("purchases-offer-until", when=mentions.moment(one.access.ends_at, "D"))


def claimed(found: Sequence[Product], texts: Texts) -> discord.ui.LayoutView:
    """Return what a claim came to."""
    if not found:
        return ui.panel(texts("purchases-claimed-unknown"), colour=ui.CAUTION)
    named = "\n".join(f"- **{title(one.title)}** · {price(one, texts)}" for one in found)
    return ui.panel(texts("purchases-claimed"), named, colour=ui.GOOD)


def reminder(
    one: Reminder, offer: Offer, used: tuple[int, int], guild_name: str, texts: Texts
) -> discord.ui.LayoutView:
    """Return the message that something ends soon, with what it gave and a way to renew it."""
    n_used, n_all = used
    is_renewed = offer.product.term == "subscription"
    ask = "purchases-reminder-ask" if one.kind == "renewal" else "purchases-reminder-last"
    lines = [
        texts(
            "purchases-reminder-renews" if is_renewed else "purchases-reminder",
            title=title(offer.product.title),
            when=mentions.moment(one.about_at, "D"),
            server=ui.plain(guild_name),
        ),
        texts("purchases-reminder-used", used=n_used, count=n_all) if n_all else "",
        texts("purchases-reminder-decide" if is_renewed else ask),
    ]
    row = [ui.button(texts("purchases-noted"), NOTED_ID.format(notice_id=one.notice_id))]
    is_sold = offer.product.state == "live" and offer.url and not is_renewed
    if is_sold and len(offer.url) <= ui.LINK_URL_MAX:
        row.insert(0, ui.link_button(texts("purchases-offer-again"), offer.url))
    return ui.panel("\n".join(line for line in lines if line), rows=[row])


def invitation(
    one: Reminder, product: Product, code: str, guild_name: str, texts: Texts
) -> discord.ui.LayoutView:
    """Return the message with which somebody who bought something comes into the server."""
    said = texts("purchases-invitation", title=title(product.title), server=ui.plain(guild_name))
    row = [
        ui.link_button(texts("purchases-invitation-join"), mentions.invitation(code)),
        ui.button(texts("purchases-noted"), NOTED_ID.format(notice_id=one.notice_id)),
    ]
    return ui.panel(said, "-# " + texts("purchases-invitation-how"), rows=[row])


def noted(texts: Texts) -> discord.ui.LayoutView:
    """Return what is left of a reminder that was read."""
    return ui.panel(texts("purchases-noted-done"))
