"""What moderators see of their tags: the tree, one tag, what was changed."""

from collections.abc import Sequence

import discord
from discord import app_commands

from bot import mentions, ui
from bot.i18n import Texts
from bot.tags.service import Done, Forest, key
from storage.records import Tag, TagChange

LIST_ID = "tags:list:{number}"
LIST_TEMPLATE = r"tags:list:(?P<number>\d{1,4})"
UNDO_ID = "tags:undo:{change_id}"
UNDO_TEMPLATE = r"tags:undo:(?P<change_id>\d{1,18})"
PAGE_SIZE = 30
LOOSE_SHOWN = 15
_INDENT = "\u2003"


def tree(forest: Forest, number: int, texts: Texts, under: str = "") -> discord.ui.LayoutView:
    """Return a page of the tree, or of a part of it, and what is in use beside it."""
    lines = _lines(forest, texts, under)
    loose = _loose(forest, texts) if not under else ""
    closed = texts("tags-are-closed" if forest.tree.closed else "tags-are-open")
    if not lines:
        return ui.panel(texts("tags-none"), loose, f"-# {closed}")
    n_pages = -(-len(lines) // PAGE_SIZE)
    number = min(max(1, number), n_pages)
    row = []
    if number > 1:
        row.append(ui.button(texts("catalog-previous"), LIST_ID.format(number=number - 1)))
    if number < n_pages:
        row.append(ui.button(texts("catalog-next"), LIST_ID.format(number=number + 1)))
    return ui.panel(
        "## " + texts("tags-head", count=len(forest.tree.tags)),
        "\n".join(lines[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]),
        loose if number == n_pages else "",
        f"-# {closed}",
        rows=[row] if row and not under else (),
    )


def done(what: str, found: Done, forest: Forest, texts: Texts) -> discord.ui.LayoutView:
    """Return a tag after a change, with the button that undoes that."""
    tag = found.tag
    undo = ui.button(texts("tags-undo"), UNDO_ID.format(change_id=found.change_id))
    is_there = tag.tag_id in forest.tree.tags
    return ui.panel(
        texts(f"tags-{what}", tag=ui.plain(tag.name)),
        _line(tag, forest, texts) if is_there else "",
        texts("tags-moved", count=found.n_moved) if found.n_moved else "",
        rows=[[undo]],
        colour=ui.GOOD,
    )


def history(changes: Sequence[TagChange], texts: Texts) -> discord.ui.LayoutView:
    """Return what was done last; the latest can be undone, then the one before it."""
    if not changes:
        return ui.panel(texts("tags-history-none"))
    lines = [
        f"- {mentions.moment(each.changed_at, 'R')} · {_told(each, texts)}"
        f" · {ui.mention(each.changed_by or 0, texts)}"
        for each in changes
    ]
    last = UNDO_ID.format(change_id=changes[0].change_id)
    return ui.panel(
        "### " + texts("tags-history"),
        "\n".join(lines),
        rows=[[ui.button(texts("tags-undo"), last)]],
    )


def undone(change: TagChange, texts: Texts) -> discord.ui.LayoutView:
    """Return that a change was undone."""
    return ui.panel(texts("tags-undone", what=_told(change, texts)), colour=ui.GOOD)


def closed(is_closed: bool, texts: Texts) -> discord.ui.LayoutView:
    """Return whether other tags may be carried."""
    return ui.panel(texts("tags-are-closed" if is_closed else "tags-are-open"), colour=ui.GOOD)


def choices(
    forest: Forest, typed: str, texts: Texts, *, loose: bool = False
) -> list[app_commands.Choice[str]]:
    """Return tags as suggestions of an option; ``loose``: those that nobody looks after yet."""
    tree, wanted = forest.tree, key(typed)
    names = [n for n in forest.counts if not tree.knows(n)] if loose else list(tree.ids)
    fitting = [name for name in names if any(wanted in each for each in _words(forest, name))]
    fitting.sort(key=lambda name: (key(name) != wanted, -forest.counts.get(name, 0), name))
    return [
        app_commands.Choice(name=ui.clip(ui.bare(_shown(forest, name)), 100), value=name)
        for name in fitting[: ui.CHOICES_MAX]
    ]


def _words(forest: Forest, name: str) -> list[str]:
    tag = forest.tree.tag(name)
    words = (name,) if tag is None else (tag.name, tag.english, tag.chinese, *tag.aliases)
    return [key(word) for word in words if word]


def _shown(forest: Forest, name: str) -> str:
    tag = forest.tree.tag(name)
    others = () if tag is None else (tag.english, tag.chinese)
    return " · ".join(dict.fromkeys(filter(None, (name, *others))))


def _lines(forest: Forest, texts: Texts, under: str) -> list[str]:
    """Return the tree line by line, parts below and right of what they are parts of."""
    tree = forest.tree
    parts: dict[int | None, list[Tag]] = {}
    for tag in tree.tags.values():
        parts.setdefault(tag.under_id, []).append(tag)
    lines: list[str] = []

    def walk(tag: Tag, depth: int) -> None:
        lines.append(f"{_INDENT * depth}{'• ' if depth else ''}{_line(tag, forest, texts)}")
        for part in sorted(parts.get(tag.tag_id, ()), key=lambda each: each.name):
            walk(part, depth + 1)

    top = tree.tag(under) if under else None
    tops = [top] if top is not None else sorted(parts.get(None, ()), key=lambda each: each.name)
    for tag in tops:
        walk(tag, 0)
    return lines


def _line(tag: Tag, forest: Forest, texts: Texts) -> str:
    called = " · ".join(
        ui.plain(word) for word in dict.fromkeys((tag.english, tag.chinese)) if word
    )
    others = ", ".join(ui.plain(alias) for alias in tag.aliases)
    count = texts("tags-count", count=forest.counts.get(tag.name, 0))
    facts = filter(None, (called, count, others and texts("tags-also", words=others)))
    return f"`{ui.bare(tag.name)}` {ui.clip(' · '.join(facts), 200)}"


def _loose(forest: Forest, texts: Texts) -> str:
    """Return the most used tags that nobody looks after."""
    found = [(n, name) for name, n in forest.counts.items() if not forest.tree.knows(name)]
    found.sort(key=lambda one: (-one[0], one[1]))
    if not found:
        return ""
    named = " ".join(f"`{ui.bare(name)}` {n}" for n, name in found[:LOOSE_SHOWN])
    return texts("tags-loose", count=len(found), tags=named)


def _told(change: TagChange, texts: Texts) -> str:
    return texts(
        f"tags-did-{change.action}",
        tag=ui.plain(change.name) if change.name else "",
        other=ui.plain(change.other) if change.other else "",
    )
