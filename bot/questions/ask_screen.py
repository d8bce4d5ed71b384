"""The form of a new question, and what is shown before it is posted."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import cards, forms, ui
from bot.cards import Card
from bot.i18n import Texts
from bot.questions import views
from storage.records import Question

POST_ID = "ask:post:{number}"
POST_TEMPLATE = r"ask:post:(?P<number>\d+)"
CHANGE_ID = "ask:change:{number}"
CHANGE_TEMPLATE = r"ask:change:(?P<number>\d+)"
SOLVED_ID = "ask:solved:{number}:{kind}:{of}"
SOLVED_TEMPLATE = r"ask:solved:(?P<number>\d+):(?P<kind>resource|question):(?P<of>\d+)"

_TITLE_MAX = 100
_TAGS_MAX = 160
_TAGS_SHOWN = 6


def form(
    places: Sequence[tuple[int, str]],
    tags: Sequence[str],
    spendable: int,
    texts: Texts,
    *,
    filled: tuple[str, str, str] = ("", "", ""),
) -> forms.Form:
    """Return the form: a title, tags, a bounty, and where, if there is a choice.

    Parameters
    ----------
    places
        Ids and names of the channels in which they may ask.
    tags
        What resources are tagged with, the most used first.
    spendable
        Points that they could stake.
    filled
        Title, tags and bounty as they were typed before.
    """
    title, typed_tags, bounty = filled
    fields = [
        forms.text_field(
            "title",
            texts("questions-field-title"),
            hint=texts("questions-field-title-hint"),
            default=title,
            limit=_TITLE_MAX,
        ),
        forms.text_field(
            "tags",
            texts("questions-field-tags"),
            hint=texts("questions-field-tags-hint"),
            placeholder=_named(tags[:_TAGS_SHOWN], texts),
            default=typed_tags,
            limit=_TAGS_MAX,
            is_required=False,
        ),
    ]
    if spendable > 0:
        fields.append(
            forms.text_field(
                "bounty",
                texts("questions-field-bounty"),
                hint=texts("questions-field-bounty-hint", count=spendable),
                default=bounty,
                limit=6,
                is_required=False,
            )
        )
    if len(places) > 1:
        fields.append(forms.labelled(texts("questions-field-channel"), _where(places)))
    return forms.Form("questions:ask", texts("questions-ask-title"), fields)


def _named(tags: Sequence[str], texts: Texts) -> str:
    return ", ".join(map(texts.topic, tags))


def _where(places: Sequence[tuple[int, str]]) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=ui.clip(f"#{ui.bare(name)}", ui.OPTION_LABEL_MAX), value=str(channel_id)
        )
        for channel_id, name in places[: ui.CHOICES_MAX]
    ]
    options[0].default = True
    return discord.ui.Select(custom_id="channel", options=options)


def preview(
    number: int,
    title: str,
    bounty: int,
    shown: Sequence[Card],
    solved: Sequence[Question],
    texts: Texts,
    *,
    is_whole: bool = True,
) -> discord.ui.LayoutView:
    """Return what is there already, each with what ends the search, and what posts the question.

    Not ``is_whole``: there may be more, which is found only when the indexes are built.
    """
    view = discord.ui.LayoutView(timeout=None)
    if shown or solved:
        view.add_item(discord.ui.TextDisplay(f"### {texts('questions-before-title')}"))
    for question in solved:
        view.add_item(_solved(number, question, texts))
    for card in shown:
        view.add_item(_fitting(number, card, texts))
    if not is_whole:
        view.add_item(discord.ui.TextDisplay(texts("questions-before-reading")))
    staked = texts("questions-before-bounty", count=bounty) if bounty else ""
    told = texts("questions-before-post", title=ui.plain(title))
    view.add_item(discord.ui.TextDisplay("\n".join(filter(None, (told, staked)))))
    view.add_item(
        discord.ui.ActionRow(
            ui.button(
                texts("questions-post"), POST_ID.format(number=number), discord.ButtonStyle.success
            ),
            ui.button(texts("questions-change"), CHANGE_ID.format(number=number)),
        )
    )
    return ui.stateless(view)


def _solved(number: int, question: Question, texts: Texts) -> discord.ui.Container[Any]:
    told = f"✅ **{views.link(question)}**\n-# {texts('questions-before-solved')}"
    look = ui.link_button(texts("card-open"), views.url_of(question))
    return discord.ui.Container(
        discord.ui.TextDisplay(told),
        discord.ui.ActionRow(look, _ends(number, "question", question.question_id, texts)),
        accent_colour=ui.GOOD,
    )


def _fitting(number: int, card: Card, texts: Texts) -> discord.ui.Container[Any]:
    return discord.ui.Container(
        discord.ui.TextDisplay(cards.card_text(card.resource, texts)),
        discord.ui.ActionRow(
            cards.card_row(card, texts)[0],
            _ends(number, "resource", card.resource.resource_id, texts),
        ),
        accent_colour=ui.ACCENT,
    )


def _ends(number: int, kind: str, of: int, texts: Texts) -> discord.ui.Button[Any]:
    return ui.button(
        texts("questions-solved-it"), SOLVED_ID.format(number=number, kind=kind, of=of)
    )


def posted(question: Question, texts: Texts) -> discord.ui.LayoutView:
    """Return where the question was posted, and that its thread is the place for the details."""
    return ui.panel(
        texts("questions-posted", link=views.link(question)),
        texts("questions-posted-next"),
        colour=ui.GOOD,
    )
