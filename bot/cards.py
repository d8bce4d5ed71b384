"""The card of a resource, the same wherever it is shown, and its buttons' ids.

`bot.links` answers Open, `bot.library` answers Save and Not for me. A private card's buttons
name its impression; a card posted in a channel names the resource, for anybody may press it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, get_args
from urllib.parse import urlsplit

import discord
from discord import app_commands

from bot import ids, sites, ui
from bot.i18n import Texts, label
from bot.money import decimals
from storage.folding import folded
from storage.records import UNLOGGED, EventKind, Resource, ResourceKind, Why

OPEN_ID = "card:open:{impression_id}"
SAVE_ID = "card:save:{impression_id}"
DISMISS_ID = "card:dismiss:{impression_id}"
OPEN_TEMPLATE = r"card:open:(?P<impression_id>\d+)"
SAVE_TEMPLATE = r"card:save:(?P<impression_id>\d+)"
DISMISS_TEMPLATE = r"card:dismiss:(?P<impression_id>\d+)"

PUBLIC_OPEN_ID = "shared:open:{resource_id}"
PUBLIC_SAVE_ID = "shared:save:{resource_id}"
PUBLIC_OPEN_TEMPLATE = r"shared:open:(?P<resource_id>\d+)"
PUBLIC_SAVE_TEMPLATE = r"shared:save:(?P<resource_id>\d+)"

MORE_ID = "card:more:{impression_id}"
MORE_TEMPLATE = r"card:more:(?P<impression_id>\d+)"
"""Shows all there is to know and to say of a resource: `bot.feedback` answers."""

KIND_CHOICES = [
    app_commands.Choice(name=label(f"kind-{kind}"), value=kind) for kind in get_args(ResourceKind)
]

ASK_ID = "ask:about:{topic}"
ASK_TEMPLATE = r"ask:about:(?P<topic>.*)"
"""Opens the form of a question about a topic: `bot.questions` answers."""

WISH_ID = "gaps:wish:{text}"
WISH_TEMPLATE = r"gaps:wish:(?P<text>.*)"
"""Asks for what was not found: `bot.gaps` answers."""
SEEK_ID = "expert:seek:{submission_id}"
SEEK_TEMPLATE = r"expert:seek:(?P<submission_id>\d+)"
"""Has experts asked for a review of what somebody proposed: `bot.experts` answers."""
BOOK_ID = "shop:show:{item_id}"
BOOK_TEMPLATE = r"shop:show:(?P<item_id>\d+)"
"""Shows an item of the shop: `bot.shop` answers."""

CARDS_MAX = 5
"""Cards in one message: each is a container of seven components, and Discord allows 40."""
_CARD_TEXT_MAX = 700
_ADDRESS_MAX = 40
_SIGNS = {
    "CNY": "¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "JPY": "JP¥",
    "TWD": "NT$",
    "USD": "US$",
}
"""How a price begins in either language; other currencies are written with their code."""
_WHY_EVENTS = {
    EventKind.SAVE: "save",
    EventKind.REACTION: "reaction",
    EventKind.MESSAGE: "comment",
    EventKind.COMMENT: "comment",
    EventKind.FOLLOW: "follow",
    EventKind.PURCHASE: "purchase",
    EventKind.USEFUL: "useful",
    EventKind.LIKED: "rated",
    EventKind.KNOWN: "known",
    EventKind.STARTED: "started",
    EventKind.DONE: "done",
}


@dataclass(frozen=True, slots=True)
class Card:
    """What one card shows. ``url`` is the tracked link, None where the Open button serves."""

    resource: Resource
    impression_id: int
    url: str | None = None
    why: str | None = None
    is_saved: bool = False


def price(resource: Resource, texts: Texts) -> str:
    """Return a price such as "¥129" or "US$59.99", "free", or nothing where none is known."""
    if not resource.price_minor:
        return texts("card-free") if resource.is_free else ""
    return money(resource.price_minor, resource.currency)


def money(amount_minor: int, currency: str | None) -> str:
    """Return an amount in a currency's minor unit as it is written in either language."""
    currency = currency or ""
    n = decimals(currency)
    # Never a float: an amount is written as it is, however large.
    amount = f"{Decimal(amount_minor).scaleb(-n):,.{n}f}".removesuffix("." + "0" * n)
    return f"{_SIGNS.get(currency, f'{currency} ')}{amount}"


def duration(minutes: int, texts: Texts) -> str:
    """Return how long something takes, in hours from two hours on."""
    if minutes < 120:
        return texts("card-minutes", minutes=minutes)
    hours = round(minutes / 60, 1)
    return texts("card-hours", hours=int(hours) if hours.is_integer() else hours)


def facts(resource: Resource, texts: Texts) -> str:
    """Return kind, level, duration, language, price and creator in one line, if they are known."""
    parts = [
        texts(f"kind-{resource.kind}"),
        texts(f"level-{resource.level}") if resource.level else "",
        duration(resource.minutes, texts) if resource.minutes else "",
        texts(f"language-{resource.language}") if resource.language in ("en", "zh") else "",
        price(resource, texts),
        ui.plain(resource.creator),
    ]
    return " · ".join(part for part in parts if part)


def apart(resources: Sequence[Resource]) -> list[str]:
    """Return what tells each from others of its title: creator, site or address; "" for none.

    The address of what is sold is nobody's who has not bought it: its number stands for it.
    """
    titled: dict[str, list[Resource]] = {}
    for one in resources:
        titled.setdefault(folded(one.title), []).append(one)
    return [_apart(one, titled[folded(one.title)]) for one in resources]


def _apart(one: Resource, alike: Sequence[Resource]) -> str:
    if len(alike) == 1:
        return ""
    for detail in (lambda each: str(each.creator), _site):
        if detail(one) and len({folded(detail(each)) for each in alike}) == len(alike):
            return ui.bare(detail(one))
    return ui.bare(f"{_site(one)} #{one.resource_id}" if one.is_sold else _address(one))


def _site(resource: Resource) -> str:
    return sites.shown_host(urlsplit(resource.url).hostname or "")


def _address(resource: Resource) -> str:
    """Return an address without its scheme; of a long one both ends."""
    address = resource.url.partition("://")[2]
    return address if len(address) <= _ADDRESS_MAX else f"{address[:15]}…{address[-24:]}"


def choices(
    found: Sequence[Resource], named: Mapping[int, str] = MappingProxyType({})
) -> list[app_commands.Choice[str]]:
    """Return resources as suggestions of an option; what was chosen, `bot.ids.chosen` says.

    ``named`` holds the names of those that are not shown by their title, by id.
    """
    shown = list(found)[: ui.CHOICES_MAX]
    choices = []
    for one, detail in zip(shown, apart(shown), strict=True):
        tail = f" · {ui.clip(detail, _ADDRESS_MAX)}" if detail else ""
        name = named.get(one.resource_id, ui.bare(one.title))
        name = ui.clip(name, ui.CHOICE_NAME_MAX - len(tail)) + tail
        choices.append(app_commands.Choice(name=name, value=ids.choice(one.resource_id)))
    return choices


def card_text(resource: Resource, texts: Texts, why: str | None = None, *, detail: str = "") -> str:
    """Return a card's text in Discord markdown, at most 700 characters.

    ``detail`` tells it from another card of the same title (`apart`).
    """
    known = facts(resource, texts)
    if detail and detail != ui.bare(resource.creator):
        known += f" · {ui.plain(detail)}"
    mark = "💎 " if resource.is_gem else ""
    lines = [f"### {mark}{ui.clip(ui.plain(resource.title), 150)}", f"-# {known}"]
    if resource.summary:
        lines.append(ui.clip(ui.plain(resource.summary), 240))
    if resource.tags:
        lines.append(f"-# {tags(resource.tags[:6], texts)}")
    if resource.is_sold:
        lines.append("-# " + texts("card-sold"))
    if why:
        lines.append(f"-# 💡 {why}")
    return ui.clip("\n".join(lines), _CARD_TEXT_MAX)


def tags(said: Sequence[str], texts: Texts) -> str:
    """Return topics as they are shown, in the reader's language."""
    shown = dict.fromkeys(map(texts.topic, said))
    return " ".join(f"`{ui.bare(name)}`" for name in shown)


def card_row(card: Card, texts: Texts) -> list[discord.ui.Button[Any]]:
    """Return Open, Save, Not for me and More for a card shown to one member.

    A member who is not tracked gets Open alone: there is nothing the others could remember.
    """
    number = card.impression_id
    opening = opener(card, texts)
    if number >= UNLOGGED:
        return [opening]
    return [
        opening,
        ui.button(
            texts("card-saved" if card.is_saved else "card-save"),
            SAVE_ID.format(impression_id=number),
        ),
        ui.button(texts("card-dismiss"), DISMISS_ID.format(impression_id=number)),
        ui.button(texts("card-more"), MORE_ID.format(impression_id=number)),
    ]


def opener(card: Card, texts: Texts) -> discord.ui.Button[Any]:
    """Return Open alone: the tracked link, or the button that answers with it."""
    if card.url:
        return ui.link_button(texts("card-open"), card.url)
    number = card.impression_id
    return ui.button(
        texts("card-get" if card.resource.is_sold else "card-open"),
        OPEN_ID.format(impression_id=number)
        if number < UNLOGGED
        else PUBLIC_OPEN_ID.format(resource_id=card.resource.resource_id),
        discord.ButtonStyle.primary,
    )


def card_list(
    header: str,
    cards: list[Card],
    texts: Texts,
    footer: str = "",
    *,
    below: discord.ui.Button[Any] | None = None,
) -> discord.ui.LayoutView:
    """Return a message of up to `CARDS_MAX` cards under a header, each with its buttons.

    One more button, about all of them, stands `below`.
    """
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(ui.clip(header, 300)))
    shown = cards[:CARDS_MAX]
    for card, detail in zip(shown, apart([card.resource for card in shown]), strict=True):
        view.add_item(
            discord.ui.Container(
                discord.ui.TextDisplay(card_text(card.resource, texts, card.why, detail=detail)),
                discord.ui.ActionRow(*card_row(card, texts)),
                accent_colour=ui.ACCENT,
            )
        )
    if below is not None:
        view.add_item(discord.ui.ActionRow(below))
    if footer:
        view.add_item(discord.ui.TextDisplay(ui.clip(f"-# {footer}", 200)))
    return ui.stateless(view)


def public_card(resource: Resource, texts: Texts, header: str = "") -> discord.ui.LayoutView:
    """Return a card for a channel, where anybody may press Open and Save."""
    return ui.panel(header, card_text(resource, texts), rows=[public_row(resource, texts)])


def public_row(resource: Resource, texts: Texts) -> list[discord.ui.Button[Any]]:
    """Return Open and Save for a resource that stands in a channel."""
    number = resource.resource_id
    return [
        ui.button(
            texts("card-open"),
            PUBLIC_OPEN_ID.format(resource_id=number),
            discord.ButtonStyle.primary,
        ),
        ui.button(texts("card-save"), PUBLIC_SAVE_ID.format(resource_id=number)),
    ]


def why_text(why: Why, texts: Texts) -> str:
    """Return the reason in words, such as "because you saved …"."""
    if why.kind == "because" and why.title is not None and why.event is not None:
        title = ui.clip(ui.plain(why.title), 80)
        return texts(f"why-because-{_WHY_EVENTS.get(why.event, 'open')}", title=title)
    if why.title is not None and why.kind in ("interest", "together", "follows", "favourite"):
        is_topic = why.kind in ("interest", "favourite")
        title = texts.topic(why.title) if is_topic else why.title
        named = ui.clip(ui.plain(title), 80)
        return texts(f"why-{why.kind}-named", title=named)
    return texts(f"why-{why.kind}" if why.kind not in ("because", "together") else "why-popular")
