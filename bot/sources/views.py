"""What moderators see of sources."""

from collections.abc import Sequence

import discord
from discord import app_commands

from bot import cards, ids, mentions, ui
from bot.i18n import Texts
from bot.sources.service import Added, Brought
from storage.records import Source

LIST_ID = "sources:list:{number}"
LIST_TEMPLATE = r"sources:list:(?P<number>\d{1,4})"
PAGE_SIZE = 10
_MARKS = {"live": "🟢", "paused": "⏸️", "quarantined": "🚧"}


def added(found: Added, texts: Texts) -> discord.ui.LayoutView:
    """Return a new source, what it shows, and what becomes of it."""
    sample = "\n".join(f"- {ui.clip(ui.plain(title), 120)}" for title in found.sample)
    taken = texts("sources-added-taken", count=found.n_taken, shown=found.n_shown)
    return ui.panel(
        texts("sources-added", title=ui.plain(found.source.title)),
        sample,
        f"{taken}\n{_terms(found.source, texts)}",
        "-# " + texts(f"sources-trust-{found.source.trust}-how"),
        colour=ui.GOOD,
    )


def brought(found: Brought, texts: Texts) -> discord.ui.LayoutView:
    """Return what came of an OPML file."""
    numbers = {
        "added": found.n_added,
        "known": found.n_known,
        "refused": found.n_refused,
        "beyond": found.n_beyond,
    }
    lines = [texts(f"sources-brought-{name}", count=n) for name, n in numbers.items() if n]
    return ui.panel("\n".join(lines) or texts("sources-brought-added", count=0), colour=ui.GOOD)


def listed(found: Sequence[Source], number: int, texts: Texts) -> discord.ui.LayoutView:
    """Return a page of sources, with how each went last; those in quarantine come first."""
    if not found:
        return ui.panel(texts("sources-none"))
    order = {"quarantined": 0, "live": 1, "paused": 2}
    ordered = sorted(found, key=lambda one: order[one.state])
    n_pages = -(-len(ordered) // PAGE_SIZE)
    number = min(max(1, number), n_pages)
    shown = ordered[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    row = []
    if number > 1:
        row.append(ui.button(texts("catalog-previous"), LIST_ID.format(number=number - 1)))
    if number < n_pages:
        row.append(ui.button(texts("catalog-next"), LIST_ID.format(number=number + 1)))
    return ui.panel(
        "## " + texts("sources-list", count=len(found)),
        "\n".join(_line(one, texts) for one in shown),
        rows=[row] if row else (),
    )


def one(source: Source, texts: Texts) -> discord.ui.LayoutView:
    """Return a source after it was changed."""
    is_well = source.state != "quarantined"
    return ui.panel(
        texts("sources-changed"),
        _line(source, texts),
        _terms(source, texts),
        colour=ui.GOOD if is_well else ui.CAUTION,
    )


def removed(source: Source, texts: Texts) -> discord.ui.LayoutView:
    """Return that a source is gone."""
    return ui.panel(texts("sources-removed", title=ui.plain(source.title)))


def quarantined(source: Source, texts: Texts) -> discord.ui.LayoutView:
    """Return the notice that a source rests until somebody looks at it."""
    return ui.panel(
        texts("sources-quarantined", title=ui.plain(source.title)),
        _result(source, texts),
        "-# " + texts("sources-quarantined-how"),
        colour=ui.CAUTION,
    )


def choices(found: Sequence[Source]) -> list[app_commands.Choice[str]]:
    """Return sources as suggestions of an option."""
    return [
        app_commands.Choice(
            name=ui.clip(f"{_MARKS[one.state]} {ui.bare(one.title)}", ui.CHOICE_NAME_MAX),
            value=ids.choice(one.source_id),
        )
        for one in found
    ]


def _line(source: Source, texts: Texts) -> str:
    place = f"<#{source.channel_id}>" if source.channel_id else ui.plain(source.url)
    looked = mentions.moment(source.looked_at, "R") if source.looked_at else texts("sources-never")
    said = f"{_MARKS[source.state]} **{ui.clip(ui.plain(source.title), 80)}** · {looked}"
    return f"{said}\n-# {ui.clip(place, 120)}\n-# {_result(source, texts)}"


def _result(source: Source, texts: Texts) -> str:
    if not source.result:
        return texts("sources-result-none")
    said = texts(source.result, **source.result_params)
    return f"⚠️ {said}" if source.result.startswith("error-") else said


def _terms(source: Source, texts: Texts) -> str:
    terms = texts(
        "sources-terms",
        hours=source.every_s // 3_600,
        daily=source.daily_max,
        trust=texts(f"sources-trust-{source.trust}"),
    )
    makes = texts(f"kind-{source.makes}") if source.makes else ""
    return "-# " + " · ".join(filter(None, (terms, makes, cards.tags(source.tags, texts))))
