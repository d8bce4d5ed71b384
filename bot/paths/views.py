"""Paths as members see them: the list, one with its steps, and the card of the next step."""

from collections.abc import Sequence

import discord
from discord import app_commands

from bot import cards, ids, ui
from bot.i18n import Texts
from bot.paths.service import Needed, Shown, Walk
from storage.records import Path

SHOW_ID = "paths:{step}:{path_id}"
SHOW_TEMPLATE = r"paths:(?P<step>show|go):(?P<path_id>\d+)"
LISTED = 10
STEPS_SHOWN = 25


def listed(walks: Sequence[Walk], texts: Texts) -> discord.ui.LayoutView:
    """Return the paths of a server with a member's progress."""
    if not walks:
        return ui.panel(texts("paths-none"))
    lines = [
        (
            f"**{ui.clip(ui.plain(walk.path.title), 150)}**\n-# {progress(walk, texts)}",
            ui.button(texts("paths-show"), SHOW_ID.format(step="show", path_id=walk.path.path_id)),
        )
        for walk in walks[:LISTED]
    ]
    n_more = len(walks) - LISTED
    more = texts("paths-more", count=n_more) if n_more > 0 else ""
    return ui.listing(texts("paths-header", count=len(walks)), lines, more)


def progress(walk: Walk, texts: Texts) -> str:
    """Return how far a member is, as a bar and in words."""
    n_steps, n_done = len(walk.steps), walk.n_done
    filled = round(8 * n_done / n_steps) if n_steps else 0
    return f"{'▰' * filled}{'▱' * (8 - filled)} " + texts("paths-done", done=n_done, count=n_steps)


def one(walk: Walk, texts: Texts, head: str = "") -> discord.ui.LayoutView:
    """Return a path with its steps, and the way on."""
    path, coming = walk.path, walk.next
    number = path.path_id
    lines = []
    for place, step in enumerate(walk.steps[:STEPS_SHOWN], start=1):
        is_next = coming is not None and step.resource_id == coming.resource_id
        mark = "✅" if step.resource_id in walk.done else "▶️" if is_next else "▫️"
        details = " · ".join(
            part
            for part in (
                texts(f"kind-{step.kind}"),
                cards.duration(step.minutes, texts) if step.minutes else "",
            )
            if part
        )
        lines.append(f"{mark} {place}. {ui.clip(ui.plain(step.title), 90)} · {details}")
    if len(walk.steps) > STEPS_SHOWN:
        lines.append("-# " + texts("paths-more", count=len(walk.steps) - STEPS_SHOWN))
    course = (
        texts("paths-course", title=ui.clip(ui.plain(walk.course.title), 100))
        if walk.course is not None
        else ""
    )
    key = "paths-continue" if walk.n_done else "paths-start"
    go = ui.button(
        texts(key),
        SHOW_ID.format(step="go", path_id=number),
        discord.ButtonStyle.primary,
    )
    return ui.panel(
        head,
        f"### 🧭 {ui.clip(ui.plain(path.title), 150)}",
        ui.clip(ui.plain(path.summary), 300) if path.summary else "",
        f"-# {course}" if course else "",
        "\n".join(lines) or texts("paths-empty"),
        f"-# {progress(walk, texts)}" if walk.steps else "",
        "" if coming or not walk.steps else texts("paths-finished"),
        rows=[[go]] if coming else (),
    )


def step(shown: Shown, is_saved: bool, texts: Texts) -> discord.ui.LayoutView:
    """Return the card of the next step; marking it as done makes the one after it the next."""
    card = cards.Card(shown.resource, shown.impression_id, shown.url, is_saved=is_saved)
    return cards.card_list(texts("paths-next"), [card], texts, texts("paths-next-how"))


def changed(path: Path, walk: Walk, key: str, texts: Texts) -> discord.ui.LayoutView:
    """Return a path after its maker changed it."""
    return one(walk, texts, texts(f"paths-{key}", title=ui.clip(ui.plain(path.title), 100)))


def retired(path: Path, texts: Texts) -> discord.ui.LayoutView:
    """Return that a path is out of sight."""
    said = texts("paths-retired", title=ui.clip(ui.plain(path.title), 100))
    return ui.panel(said, colour=ui.CAUTION)


def needed(found: Needed, texts: Texts) -> discord.ui.LayoutView:
    """Return what comes before a resource, with what the member did of it."""
    title = ui.clip(ui.plain(found.resource.title), 150)
    if not found.first:
        return ui.panel(texts("paths-needs-nothing", title=title), colour=ui.GOOD)
    lines = [
        f"{'✅' if one.resource_id in found.done else '▫️'} {ui.clip(ui.plain(one.title), 120)}"
        for one in found.first
    ]
    return ui.panel(texts("paths-needs", title=title), "\n".join(lines), colour=ui.GOOD)


def choices(found: Sequence[Path], texts: Texts) -> list[app_commands.Choice[str]]:
    """Return paths as suggestions of an option."""
    return [
        app_commands.Choice(
            name=ui.clip(
                ui.bare(path.title)
                if path.state == "live"
                else texts("catalog-choice-retired", title=ui.bare(path.title)),
                ui.CHOICE_NAME_MAX,
            ),
            value=ids.choice(path.path_id),
        )
        for path in found[: ui.CHOICES_MAX]
    ]
