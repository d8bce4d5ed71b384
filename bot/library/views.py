"""What a member saved, and cards after a press on their buttons."""

from collections.abc import Iterator

import discord

from bot import cards, ui
from bot.cards import Card
from bot.i18n import Texts
from bot.library.service import SavedPage
from storage.records import Resource

UNDO_ID = "card:undo:{impression_id}"
UNDO_TEMPLATE = r"card:undo:(?P<impression_id>\d+)"
PAGE_ID = "saved:page:{page}"
PAGE_TEMPLATE = r"saved:page:(?P<page>\d{1,6})"


def saved(found: SavedPage, texts: Texts) -> discord.ui.LayoutView:
    """Return a page of ``/saved``."""
    if not found.shown:
        return ui.panel(texts("library-saved-none"))
    page, n_pages = found.page, found.n_pages
    shown = [Card(s.resource, s.impression_id, s.url, is_saved=True) for s in found.shown]
    view = cards.card_list(texts("library-saved-header", count=found.n_saved), shown, texts)
    if n_pages > 1:
        before = PAGE_ID.format(page=page - 1)
        after = PAGE_ID.format(page=page + 1)
        where = texts("library-saved-page", page=page, pages=n_pages)
        view.add_item(discord.ui.TextDisplay(f"-# {where}"))
        view.add_item(
            discord.ui.ActionRow(
                ui.button(texts("library-saved-before"), before, disabled=page <= 1),
                ui.button(texts("library-saved-after"), after, disabled=page >= n_pages),
            )
        )
    return view


def with_saved(
    message: discord.Message, custom_id: str, is_saved: bool, texts: Texts
) -> discord.ui.LayoutView:
    """Return the message again, its Save button telling what is true now."""
    view = _again(message)
    for item in view.walk_children():
        if isinstance(item, discord.ui.Button) and item.custom_id == custom_id:
            item.label = texts("card-saved" if is_saved else "card-save")
    return view


def with_dismissed(
    message: discord.Message, impression_id: int, resource: Resource, texts: Texts
) -> discord.ui.LayoutView:
    """Return the message again, one card reduced to its title and Undo."""
    view = _again(message)
    title = ui.clip(ui.plain(resource.title), 150)
    undo = ui.button(texts("library-undo"), UNDO_ID.format(impression_id=impression_id))
    for container in _cards_of(view, cards.DISMISS_ID.format(impression_id=impression_id)):
        container.clear_items()
        container.add_item(discord.ui.TextDisplay(texts("library-dismissed", title=title)))
        container.add_item(discord.ui.ActionRow(undo))
    return view


def with_card(message: discord.Message, shown: Card, texts: Texts) -> discord.ui.LayoutView:
    """Return the message again, a dismissed card shown as it was."""
    view = _again(message)
    for container in _cards_of(view, UNDO_ID.format(impression_id=shown.impression_id)):
        container.clear_items()
        container.add_item(discord.ui.TextDisplay(cards.card_text(shown.resource, texts)))
        container.add_item(discord.ui.ActionRow(*cards.card_row(shown, texts)))
    return view


def _again(message: discord.Message) -> discord.ui.LayoutView:
    return ui.stateless(discord.ui.LayoutView.from_message(message, timeout=None))


def _cards_of(
    view: discord.ui.LayoutView, custom_id: str
) -> Iterator[discord.ui.Container[discord.ui.LayoutView]]:
    for container in list(view.children):
        if isinstance(container, discord.ui.Container) and any(
            isinstance(item, discord.ui.Button) and item.custom_id == custom_id
            for item in container.walk_children()
        ):
            yield container
