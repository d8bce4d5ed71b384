"""What the catalogue's commands show: an entry as a moderator sees it, pages of search results."""

from typing import Any

import discord
from discord import app_commands

from bot import cards, filters, mentions, ui
from bot.catalog.service import Page
from bot.i18n import Texts
from storage.records import Filters, Resource

POST_ID = "catalog:post:{resource_id}"
POST_TEMPLATE = r"catalog:post:(?P<resource_id>\d+)"
PAGE_ID = "catalog:page:{number}:{filters}:{query}"
PAGE_TEMPLATE = rf"catalog:page:(?P<number>\d{{1,6}}):{filters.KEPT}:(?P<query>.*)"


def entry(header: str, resource: Resource, texts: Texts) -> discord.ui.LayoutView:
    """Return a resource as it is stored now, with a button that posts it."""
    number = resource.resource_id
    role = (
        texts("catalog-for-role", role=mentions.role(resource.role_id)) if resource.role_id else ""
    )
    post = ui.button(texts("catalog-post"), POST_ID.format(resource_id=number))
    is_live = resource.state == "live"
    return ui.panel(
        header,
        cards.card_text(resource, texts),
        f"-# 🔒 {role}" if role else "",
        colour=ui.GOOD if is_live else ui.CAUTION,
        rows=[[post]] if is_live else (),
    )


def results(page: Page, query: str, narrowed: Filters, texts: Texts) -> discord.ui.LayoutView:
    """Return a page of search results, with buttons to the pages beside it."""
    if not page.shown:
        return _nothing(page, query, narrowed, texts)
    header = (
        texts("catalog-results", query=ui.plain(query)) if query else texts("catalog-everything")
    )
    if page.corrected is not None:
        header += "\n" + texts("catalog-corrected", query=ui.plain(page.corrected))
    if not narrowed.is_any:
        header += "\n-# " + " · ".join(filters.said(narrowed, texts))
    shown = [
        cards.Card(
            one.resource,
            one.impression_id,
            one.url,
            is_saved=one.resource.resource_id in page.saved,
        )
        for one in page.shown
    ]
    turning = _page_row(page, query, narrowed, texts)
    footer = texts("catalog-page", number=page.number) if turning else ""
    view = cards.card_list(header, shown, texts, footer)
    if page.is_poor:
        view.add_item(discord.ui.TextDisplay("-# " + texts("catalog-poor")))
        turning = [*turning, _wish(query, texts)]
    if turning:
        view.add_item(discord.ui.ActionRow(*turning))
    return view


def _wish(query: str, texts: Texts) -> discord.ui.Button[Any]:
    """Return the button that asks for what was not found, its words cut to what an id holds."""
    room = ui.CUSTOM_ID_MAX - len(cards.WISH_ID.format(text=""))
    return ui.button(texts("catalog-wish"), cards.WISH_ID.format(text=_cut(query, room)))


def _nothing(page: Page, query: str, narrowed: Filters, texts: Texts) -> discord.ui.LayoutView:
    """Return that nothing was found, and what to try."""
    asked = " · ".join(part for part in (query, *filters.said(narrowed, texts)) if part)
    if not asked:
        return ui.panel(texts("catalog-empty"), colour=ui.CAUTION)
    paragraphs = [texts("catalog-nothing", query=ui.plain(asked))]
    is_wish = query and page.is_poor and not page.fits_unfiltered
    rows = [[_wish(query, texts)]] if is_wish else []
    if page.fits_unfiltered:
        return ui.panel(*paragraphs, texts("catalog-unfiltered"), colour=ui.CAUTION)
    if page.nearest:
        words = " · ".join(f"`{word}`" for word in page.nearest)
        paragraphs.append(texts("catalog-nearest", words=words))
    paragraphs.append(texts("catalog-missing"))
    return ui.panel(*paragraphs, colour=ui.CAUTION, rows=rows)


def choices(found: list[Resource], texts: Texts) -> list[app_commands.Choice[str]]:
    """Return resources as suggestions of an option (`cards.choices`), retired ones marked."""
    retired = {
        one.resource_id: texts("catalog-choice-retired", title=ui.bare(one.title))
        for one in found
        if one.state != "live"
    }
    return cards.choices(found, retired)


def _page_row(
    page: Page, query: str, narrowed: Filters, texts: Texts
) -> list[discord.ui.Button[Any]]:
    row = []
    if page.number > 1:
        row.append(ui.button(texts("catalog-previous"), _page_id(page.number - 1, query, narrowed)))
    if page.has_more:
        row.append(ui.button(texts("catalog-next"), _page_id(page.number + 1, query, narrowed)))
    return row


def _page_id(number: int, query: str, narrowed: Filters) -> str:
    """Return the button's id; a query too long for it loses its last words."""
    kept = filters.kept(narrowed)
    room = ui.CUSTOM_ID_MAX - len(PAGE_ID.format(number=number, filters=kept, query=""))
    return PAGE_ID.format(number=number, filters=kept, query=_cut(query, room))


def _cut(query: str, room: int) -> str:
    while _length(query) > room:
        query = query[:-1].rstrip()
    return query


def _length(text: str) -> int:
    """Return the length as JavaScript counts it, which is never less than ours."""
    return len(text.encode("utf-16-le")) // 2
