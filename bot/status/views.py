"""How `/status` looks."""

from collections.abc import Sequence

import discord

from bot import mentions, ui
from bot.i18n import Texts
from bot.status.service import Line, State

_MARKS: dict[State, str] = {"good": "🟢", "note": "🟡", "bad": "🔴"}


def report(lines: Sequence[Line], texts: Texts) -> discord.ui.LayoutView:
    """Return all lines, what needs somebody above."""
    n_owed = sum(line.state != "good" for line in lines)
    return ui.panel(
        f"### {texts('status-title')}",
        texts("status-needs", n=n_owed) if n_owed else texts("status-well"),
        "\n".join(f"{_MARKS[line.state]} {_said(line, texts)}" for line in lines),
        colour=ui.CAUTION if any(line.state == "bad" for line in lines) else ui.GOOD,
    )


def _said(line: Line, texts: Texts) -> str:
    values = {
        name: mentions.moment(value, "R") if name == "at" and not isinstance(value, str) else value
        for name, value in line.values.items()
    }
    return texts(f"status-{line.key}", **values)


def welcome(texts: Texts) -> discord.ui.LayoutView:
    """Return the three things that moderators do first."""
    steps = [texts(f"status-welcome-{step}") for step in ("language", "staff", "resources")]
    return ui.panel(
        f"## {texts('status-welcome-title')}",
        texts("status-welcome"),
        "\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1)),
        f"-# {texts('status-welcome-more')}",
    )
