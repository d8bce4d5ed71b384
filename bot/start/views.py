"""The choice of interests, and what the bot can do, by who asks."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import ui
from bot.i18n import LANGUAGES, Texts
from bot.start.service import Topics

TOPIC_ID = "start:topic:{topic}"
TOPIC_TEMPLATE = r"start:topic:(?P<topic>.{1,60})"
DONE_ID = "start:done"
HELP_ID = "start:help:{part}"
HELP_TEMPLATE = r"start:help:(?P<part>member|ask|expert|moderator)"
INTERESTS_ID = "profile:interests"
"""Answered by `bot.profile`: a form for what is no topic of the server."""
_IN_A_ROW = 4


def choice(topics: Topics, texts: Texts, *, is_welcome: bool = False) -> discord.ui.LayoutView:
    """Return the server's topics as buttons, those chosen in colour; also as the welcome."""
    rows = [
        [_topic(topic, topics, texts) for topic in topics.offered[at : at + _IN_A_ROW]]
        for at in range(0, len(topics.offered), _IN_A_ROW)
    ]
    n_chosen = len(topics.interests)
    end = texts("start-done" if n_chosen else "start-skip")
    rows.append([ui.button(texts("start-other"), INTERESTS_ID), ui.button(end, DONE_ID)])
    return ui.panel(
        texts("start-welcome") if is_welcome else "",
        "### " + texts("start-question"),
        "-# " + texts("start-how", n=n_chosen),
        rows=rows,
    )


def chosen(topics: Topics, texts: Texts) -> discord.ui.LayoutView:
    """Return what replaces the choice when it is made, or was skipped."""
    if not topics.interests:
        return ui.panel(texts("start-skipped"))
    named = " · ".join(
        ui.plain(texts.topics.interest(interest, texts.language)) for interest in topics.interests
    )
    return ui.panel(texts("start-chosen", interests=named), colour=ui.GOOD)


def abilities(
    texts: Texts, *, part: str = "member", is_moderator: bool, is_expert: bool = False
) -> discord.ui.LayoutView:
    """Return what the bot can do for whoever asks: a few lines, and buttons for the other parts."""
    may_be = {"member": True, "ask": True, "expert": is_expert, "moderator": is_moderator}
    others = [
        ui.button(texts(f"start-help-to-{other}"), HELP_ID.format(part=other))
        for other, is_for_them in may_be.items()
        if is_for_them and other != part
    ]
    return ui.panel(
        "### " + texts(f"start-help-title-{part}"),
        texts(f"start-help-{part}"),
        "-# " + texts("start-help-more"),
        rows=[others],
    )


def mentioned(texts: Sequence[Texts]) -> discord.ui.LayoutView:
    """Return the short answer to a mention or a direct message, in one language or each."""
    return ui.panel(*(each("start-mentioned") for each in texts))


def every_language() -> list[Texts]:
    """Return the texts of every language, for whoever's is not known."""
    return [Texts(language) for language in LANGUAGES]


def _topic(topic: str, topics: Topics, texts: Texts) -> discord.ui.Button[Any]:
    style = discord.ButtonStyle.primary if topic in topics.chosen else discord.ButtonStyle.secondary
    name = ui.bare(texts.topic(topic))
    return ui.button(name, TOPIC_ID.format(topic=topic), style)
