"""What members see of wishes, and what moderators and creators see of what is missing."""

from typing import Any

import discord
from discord import app_commands

from bot import cards, ids, ui
from bot.gaps.service import BEHIND_MIN, Gaps, Listed
from bot.i18n import Texts
from storage.records import Resource, TopicGap, Wish

LIST_ID = "gaps:list:{number}"
LIST_TEMPLATE = r"gaps:list:(?P<number>\d{1,6})"
VOICE_ID = "gaps:voice:{number}"
VOICE_TEMPLATE = r"gaps:voice:(?P<number>\d{1,6})"


def noted(wish: Wish, texts: Texts) -> discord.ui.LayoutView:
    """Return that a wish is kept, with how many others stand behind it."""
    others = max(0, wish.n_wished - 1)
    return ui.panel(
        texts("gaps-noted", text=ui.plain(wish.text), others=others),
        "-# " + texts("gaps-noted-how"),
        colour=ui.GOOD,
        rows=[[ui.button(texts("gaps-see-all"), LIST_ID.format(number=1))]],
    )


def wishes(found: Listed, texts: Texts, said: str = "") -> discord.ui.LayoutView:
    """Return a page of open wishes, with a menu to stand behind one, or no more."""
    if not found.wishes and found.number == 1:
        return ui.panel(said, texts("gaps-none"))
    lines = [_line(one, one.wish_id in found.mine, texts) for one in found.wishes]
    options = [
        discord.SelectOption(
            label=ui.clip(ui.bare(one.text), ui.OPTION_LABEL_MAX),
            value=str(one.wish_id),
            description=texts("gaps-take-back" if one.wish_id in found.mine else "gaps-me-too"),
        )
        for one in found.wishes
    ]
    rows: list[list[Any]] = []
    if options:
        custom_id = VOICE_ID.format(number=found.number)
        rows.append([ui.select(custom_id, options, texts("gaps-choose"))])
    turning = []
    if found.number > 1:
        turning.append(
            ui.button(texts("catalog-previous"), LIST_ID.format(number=found.number - 1))
        )
    if found.has_more:
        turning.append(ui.button(texts("catalog-next"), LIST_ID.format(number=found.number + 1)))
    if turning:
        rows.append(turning)
    head = "## " + texts("gaps-wishes") + "\n-# " + texts("gaps-wishes-how")
    return ui.panel(said, head, "\n".join(lines), rows=rows)


def _line(wish: Wish, is_mine: bool, texts: Texts) -> str:
    mark = "🙋" if is_mine else "▫️"
    behind = texts("gaps-behind", count=wish.n_wished)
    return f"{mark} **{ui.plain(wish.text)}** · {behind}"


def missing(found: Gaps, texts: Texts) -> discord.ui.LayoutView:
    """Return what is missing, or that nothing is known to be."""
    parts = ["## " + texts("gaps-title"), "-# " + texts("gaps-title-how", min=BEHIND_MIN)]
    if found.wished:
        lines = [
            f"- **{ui.plain(one.text)}** · " + texts("gaps-behind", count=one.n_wished)
            for one in found.wished
        ]
        parts.append("\n".join(["### " + texts("gaps-head-wished"), *lines]))
    if found.missed:
        lines = [
            f"- **{ui.plain(one.text)}** · " + texts("gaps-searched", count=one.n_missed)
            for one in found.missed
        ]
        parts.append("\n".join(["### " + texts("gaps-head-missed"), *lines]))
    if found.topics:
        lines = [_topic(one, texts) for one in found.topics]
        parts.append("\n".join(["### " + texts("gaps-head-topics"), *lines]))
    if len(parts) == 2:
        parts.append(texts("gaps-nothing"))
    if found.n_small:
        parts.append("-# " + texts("gaps-small", count=found.n_small, min=BEHIND_MIN))
    parts.append("-# " + texts("gaps-what-next"))
    return ui.panel(*parts, rows=[[ui.button(texts("gaps-see-all"), LIST_ID.format(number=1))]])


def _topic(one: TopicGap, texts: Texts) -> str:
    facts = [
        texts("gaps-readers", count=one.n_readers) if one.n_readers else "",
        texts("gaps-resources", count=one.n_resources),
        texts("gaps-askers", count=one.n_askers) if one.n_askers else "",
        texts("gaps-hard", count=one.n_hard) if one.n_hard else "",
    ]
    return f"- {cards.tags([one.tag], texts)} · " + " · ".join(filter(None, facts))


def fulfilled(wish: Wish, resource: Resource, texts: Texts) -> discord.ui.LayoutView:
    """Return that a wish came true, and that those who wished are notified."""
    return ui.panel(
        texts("gaps-fulfilled", text=ui.plain(wish.text), title=ui.plain(resource.title)),
        "-# " + texts("gaps-fulfilled-how", count=wish.n_wished),
        colour=ui.GOOD,
    )


def dropped(wish: Wish, texts: Texts) -> discord.ui.LayoutView:
    """Return that a wish was put aside."""
    return ui.panel(texts("gaps-dropped", text=ui.plain(wish.text)))


def letter(wish: Wish, resource: Resource, guild_name: str, texts: Texts) -> discord.ui.LayoutView:
    """Return the letter that says that a wish came true."""
    said = texts("gaps-letter", text=ui.plain(wish.text), guild=ui.plain(guild_name))
    # What is sold opens in its server alone, where it is asked who has bought it.
    opening = [] if resource.is_sold else [ui.link_button(texts("card-open"), resource.url)]
    return ui.panel(
        said,
        cards.card_text(resource, texts),
        "-# " + texts("gaps-letter-sold" if resource.is_sold else "gaps-letter-how"),
        colour=ui.GOOD,
        rows=[opening] if opening else (),
    )


def choices(found: list[Wish]) -> list[app_commands.Choice[str]]:
    """Return wishes as suggestions of an option."""
    return [
        app_commands.Choice(
            name=ui.clip(ui.bare(one.text), ui.CHOICE_NAME_MAX), value=ids.choice(one.wish_id)
        )
        for one in found
    ]
