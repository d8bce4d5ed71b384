"""A member's library as they see it, as a file, and the form of a note."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import cards, dates, forms, ui
from bot.i18n import Texts
from bot.library.keeping import NOTE_MAX, SHELVES, Entry, GoingOn, Kept, LibraryPage
from storage.records import UNLOGGED, Resource

PAGE_ID = "library:page:{shelf}:{kind}:{page}"
PAGE_TEMPLATE = r"library:page:(?P<shelf>[a-z]+):(?P<kind>[a-z]*):(?P<page>\d{1,6})"
SHELF_ID = "library:shelf:{kind}"
SHELF_TEMPLATE = r"library:shelf:(?P<kind>[a-z]*)"
FILE_ID = "library:file:{shelf}:{kind}"
FILE_TEMPLATE = r"library:file:(?P<shelf>[a-z]+):(?P<kind>[a-z]*)"
_MARKS = {"saved": "🔖", "started": "▶️", "done": "✅", "noted": "📝", "bought": "🛒"}
_NOTE_SHOWN = 150


def page(found: LibraryPage, texts: Texts) -> discord.ui.LayoutView:
    """Return a page of ``/library``: a line or two for each resource, and the way to its card."""
    kind = found.kind or ""
    view = discord.ui.LayoutView(timeout=None)
    count = found.counts[found.shelf]
    head = texts("library-header", count=count)
    details = [texts(f"kind-{found.kind}")] if found.kind else []
    if found.n_pages > 1:
        details.append(texts("library-saved-page", page=found.page, pages=found.n_pages))
    if details:
        head += f"\n-# {' · '.join(details)}"
    view.add_item(discord.ui.TextDisplay(head))
    if found.onward is not None:
        view.add_item(_onward(found.onward, texts))
    if found.kept:
        container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=ui.ACCENT)
        for kept in found.kept:
            container.add_item(_line(kept, texts))
        view.add_item(container)
    else:
        empty = "library-none" if not found.counts["all"] else "library-shelf-empty"
        view.add_item(discord.ui.TextDisplay(texts(empty)))
    if found.counts["all"]:
        view.add_item(discord.ui.ActionRow(_shelves(found, texts)))
    row = _turning(found, texts) if found.n_pages > 1 else []
    if found.kept:
        row.append(
            ui.button(texts("library-file-make"), FILE_ID.format(shelf=found.shelf, kind=kind))
        )
    if row:
        view.add_item(discord.ui.ActionRow(*row))
    return ui.stateless(view)


def _onward(on: GoingOn, texts: Texts) -> discord.ui.Section[Any]:
    resource = on.shown.resource
    named = f"**{ui.clip(ui.plain(resource.title), 120)}**"
    lines = [texts("library-onward"), named]
    if on.course is not None:
        course = ui.clip(ui.plain(on.course.title), 80)
        lines.append("-# " + texts("library-onward-course", title=course))
    card = cards.Card(resource, on.shown.impression_id, on.shown.url)
    opener = cards.opener(card, texts)
    return discord.ui.Section(discord.ui.TextDisplay("\n".join(lines)), accessory=opener)


def _line(kept: Kept, texts: Texts) -> discord.ui.Section[Any]:
    resource, number = kept.shown.resource, kept.shown.impression_id
    marks = "".join(mark for shelf, mark in _MARKS.items() if shelf in kept.entry.shelves)
    lines = [
        f"{marks} **{ui.clip(ui.plain(resource.title), 120)}**",
        f"-# {cards.facts(resource, texts)}",
    ]
    if kept.lessons is not None:
        n_done, n_all = kept.lessons
        lines.append("-# " + texts("library-lessons", done=n_done, count=n_all))
    if kept.entry.note:
        note = " ".join(kept.entry.note.split())
        lines.append(f"> {ui.clip(ui.plain(note), _NOTE_SHOWN)}")
    button: discord.ui.Button[Any]
    if number < UNLOGGED:
        button = ui.button(texts("card-more"), cards.MORE_ID.format(impression_id=number))
    else:
        opening = cards.PUBLIC_OPEN_ID.format(resource_id=resource.resource_id)
        button = ui.button(texts("card-open"), opening)
    return discord.ui.Section(discord.ui.TextDisplay("\n".join(lines)), accessory=button)


def _shelves(found: LibraryPage, texts: Texts) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=texts(f"library-shelf-{shelf}"),
            description=texts("library-shelf-count", count=found.counts[shelf]),
            value=shelf,
            emoji=_MARKS.get(shelf),
            default=shelf == found.shelf,
        )
        for shelf in SHELVES
    ]
    number = SHELF_ID.format(kind=found.kind or "")
    return ui.select(number, options, texts("library-shelf-choose"))


def _turning(found: LibraryPage, texts: Texts) -> list[discord.ui.Button[Any]]:
    def button(key: str, number: int) -> discord.ui.Button[Any]:
        custom_id = PAGE_ID.format(shelf=found.shelf, kind=found.kind or "", page=number)
        return ui.button(texts(key), custom_id, disabled=not 1 <= number <= found.n_pages)

    return [
        button("library-saved-before", found.page - 1),
        button("library-saved-after", found.page + 1),
    ]


def file_rows(found: Sequence[tuple[Entry, Resource]], texts: Texts) -> list[list[str]]:
    """Return a library as the rows of a table, with a header."""
    names = ("title", "kind", "address", "shelves", "note", "changed")
    rows = [[texts(f"library-column-{name}") for name in names]]
    for entry, resource in found:
        shelves = [texts(f"library-shelf-{each}") for each in _MARKS if each in entry.shelves]
        rows.append(
            [
                resource.title,
                texts(f"kind-{resource.kind}"),
                resource.url,
                ", ".join(shelves),
                entry.note,
                dates.day_written(entry.at, "UTC"),
            ]
        )
    return rows


def note_form(note: str, resource: Resource, texts: Texts) -> forms.Form:
    """Return the form of a private note."""
    field = forms.text_field(
        "note",
        texts("library-note"),
        hint=texts("library-note-hint"),
        default=note,
        limit=NOTE_MAX,
        is_long=True,
        is_required=False,
    )
    return forms.Form("library:note", ui.bare(resource.title), [field])
