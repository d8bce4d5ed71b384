"""What moderators see of links and of what is old."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import cards, mentions, ui
from bot.fresh.service import Due
from bot.i18n import Texts
from storage.records import Check

PICK_ID = "fresh:pick"
DO_ID = "fresh:do:{step}:{resource_id}"
DO_TEMPLATE = r"fresh:do:(?P<step>current|check|retire):(?P<resource_id>\d+)"


def for_review(broken: Sequence[Due], aged: Sequence[Due], texts: Texts) -> discord.ui.LayoutView:
    """Return what is due for review, with a menu of it."""
    if not broken and not aged:
        return ui.panel(texts("fresh-none"), colour=ui.GOOD)
    parts = ["## " + texts("fresh-title")]
    if broken:
        parts.append("### " + texts("fresh-broken", count=len(broken)))
        parts.append("\n".join(_broken_line(one, texts) for one in broken))
    if aged:
        parts.append("### " + texts("fresh-aged", count=len(aged)))
        parts.append("\n".join(_aged_line(one) for one in aged))
    options = [
        discord.SelectOption(
            label=ui.clip(ui.bare(one.resource.title), ui.OPTION_LABEL_MAX),
            value=str(one.resource.resource_id),
        )
        for one in [*broken, *aged]
    ]
    return ui.panel(*parts, rows=[[ui.select(PICK_ID, options, texts("fresh-choose"))]])


def one(due: Due, texts: Texts, said: str = "") -> discord.ui.LayoutView:
    """Return a resource with what is known of its link, and what can be done."""
    resource, is_live = due.resource, due.resource.state == "live"

    def button(step: str, style: Any = discord.ButtonStyle.secondary) -> Any:
        custom_id = DO_ID.format(step=step, resource_id=resource.resource_id)
        return ui.button(texts(f"fresh-{step}"), custom_id, style)

    row = [
        button("current", discord.ButtonStyle.success),
        button("check"),
        button("retire", discord.ButtonStyle.danger),
    ]
    return ui.panel(
        said,
        cards.card_text(resource, texts),
        resource.url,
        _known(due.check, texts),
        "-# " + texts("fresh-replace") if is_live else texts("fresh-retired"),
        colour=ui.ACCENT if is_live else ui.CAUTION,
        rows=[row] if is_live else (),
    )


def _broken_line(due: Due, texts: Texts) -> str:
    title = ui.clip(ui.plain(due.resource.title), 80)
    archived = f" · [📦]({due.check.archived_url})" if due.check and due.check.archived_url else ""
    return f"- **{title}** · {_problem(due.check, texts)}{archived}"


def _aged_line(due: Due) -> str:
    since = max(due.resource.published_at, due.check.reviewed_at or 0 if due.check else 0)
    return f"- **{ui.clip(ui.plain(due.resource.title), 80)}** · {mentions.moment(since, 'R')}"


def _known(check: Check | None, texts: Texts) -> str:
    if check is None or check.checked_at is None:
        return texts("fresh-state-unknown")
    when = mentions.moment(check.checked_at, "R")
    lines = [texts(f"fresh-state-{check.state}", when=when)]
    if check.problem:
        lines.append("-# " + _problem(check, texts))
    if check.moved_url:
        lines.append(f"-# → {ui.plain(check.moved_url)}")
    if check.archived_url:
        lines.append(texts("fresh-archived", url=check.archived_url))
    return "\n".join(lines)


def _problem(check: Check | None, texts: Texts) -> str:
    if check is None or not check.problem:
        return ""
    return texts(check.problem, status=check.status or 0)
