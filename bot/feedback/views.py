"""What is known and said of a resource, and the sentences that moderators read."""

from collections.abc import Sequence

import discord

from bot import cards, forms, saying, ui
from bot.feedback.service import SENTENCE_MAX, SHOWN_MIN, About, Spoken, shown_marks
from bot.i18n import Texts
from storage.records import Rating, Resource

DECIDE_ID = "feedback:{step}:{rating_id}"
DECIDE_TEMPLATE = r"feedback:(?P<step>show|hide):(?P<rating_id>\d+)"
QUEUE_ID = "feedback:queue"
WORKS_ID = "feedback:works:{resource_id}"
WORKS_TEMPLATE = r"feedback:works:(?P<resource_id>\d+)"
REPORTED_SHOWN = 10


def about(
    found: About, impression_id: int, texts: Texts, *, is_private: bool
) -> discord.ui.LayoutView:
    """Return all there is to know of a resource, with every button about it."""
    resource = found.resource
    card = cards.Card(resource, impression_id, is_saved=found.is_saved)
    opening = [each for each in cards.card_row(card, texts) if each.custom_id != _more(card)]
    said = saying.rows(
        resource.guild_id, resource.resource_id, found.said, texts, is_private=is_private
    )
    return ui.panel(
        cards.card_text(resource, texts),
        _first(found, texts),
        opinion(found, texts),
        sentences(found.sentences, texts),
        f"-# {texts('feedback-how')}",
        saying.note_text(found.note),
        rows=[opening, *said],
    )


def _more(card: cards.Card) -> str:
    return cards.MORE_ID.format(impression_id=card.impression_id)


def _first(found: About, texts: Texts) -> str:
    """Return what comes before a resource, and what of it the member has finished."""
    named = [
        f"{'✅' if is_done else '▫️'} {ui.clip(ui.plain(one.title), 80)}"
        for one, is_done in found.first
    ]
    return texts("feedback-first", titles=" · ".join(named)) if named else ""


def opinion(found: About, texts: Texts) -> str:
    """Return what members say, as far as enough of them do."""
    voices = found.voices
    rated = (
        texts("feedback-stars", mean=f"{found.mean:.1f}", count=voices.n_ratings)
        if found.mean is not None
        else texts("feedback-stars-few", least=SHOWN_MIN)
    )
    given = " · ".join(
        texts("feedback-count", what=texts(f"say-{mark.replace('_', '-')}"), n=n)
        for mark, n in shown_marks(voices)
    )
    marks = (
        texts("feedback-marks", count=voices.n_members, marks=given)
        if given
        else texts("feedback-marks-few", least=SHOWN_MIN)
    )
    return f"{rated}\n{marks}"


def sentences(found: Sequence[Rating], texts: Texts) -> str:
    """Return what members wrote, without names."""
    lines = [f"> {saying.stars_text(each.stars)} {ui.plain(each.sentence)}" for each in found]
    return "\n".join(lines)


def sentence_form(rating: Rating, title: str, texts: Texts) -> forms.Form:
    """Return the form in which a member says why."""
    field = forms.text_field(
        "sentence",
        texts("feedback-sentence"),
        hint=texts("feedback-sentence-hint"),
        default=rating.sentence,
        limit=SENTENCE_MAX,
        is_long=True,
        is_required=False,
    )
    return forms.Form("feedback:sentence", ui.bare(title), [field])


def queue(waiting: Sequence[Spoken], texts: Texts) -> discord.ui.LayoutView:
    """Return a menu of the sentences that wait."""
    if not waiting:
        return ui.panel(texts("feedback-queue-none"), colour=ui.GOOD)
    options = [
        discord.SelectOption(
            label=ui.clip(ui.bare(each.rating.sentence), ui.OPTION_LABEL_MAX),
            description=ui.clip(ui.bare(each.resource.title), ui.OPTION_LABEL_MAX),
            value=str(each.rating.rating_id),
        )
        for each in waiting
    ]
    menu = ui.select(QUEUE_ID, options, texts("feedback-queue-choose"))
    return ui.panel(texts("feedback-queue", count=len(waiting)), rows=[[menu]])


def case(found: Spoken, texts: Texts) -> discord.ui.LayoutView:
    """Return one sentence with the buttons that decide on it, which stay: either can be undone."""
    rating = found.rating

    def button(step: str, style: discord.ButtonStyle) -> discord.ui.Button[discord.ui.LayoutView]:
        number = DECIDE_ID.format(step=step, rating_id=rating.rating_id)
        is_so = rating.state == {"show": "shown", "hide": "hidden"}[step]
        return ui.button(texts(f"feedback-{step}"), number, style, disabled=is_so)

    decided = (
        texts(f"feedback-is-{rating.state}", who=ui.mention(rating.decided_by or 0, texts))
        if rating.state in ("shown", "hidden")
        else ""
    )
    colours = {"shown": ui.GOOD, "hidden": ui.CAUTION}
    return ui.panel(
        texts(
            "feedback-case",
            who=ui.mention(rating.user_id, texts),
            title=ui.clip(ui.plain(found.resource.title), 150),
        ),
        f"{saying.stars_text(rating.stars)}\n> {ui.plain(rating.sentence)}",
        f"-# {decided}" if decided else "",
        colour=colours.get(rating.state, ui.ACCENT),
        rows=[
            [
                button("show", discord.ButtonStyle.success),
                button("hide", discord.ButtonStyle.danger),
            ]
        ],
    )


def reported(found: Sequence[Resource], texts: Texts) -> discord.ui.LayoutView:
    """Return the links that members report as broken, each with a button that settles it."""
    if not found:
        return ui.panel(texts("feedback-reported-none"), colour=ui.GOOD)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(texts("feedback-reported", count=len(found))))
    for resource in found[:REPORTED_SHOWN]:
        title = ui.clip(ui.plain(resource.title), 150)
        address = f"<{resource.url}>" if len(resource.url) <= ui.LINK_URL_MAX else ""
        number = WORKS_ID.format(resource_id=resource.resource_id)
        view.add_item(
            discord.ui.Section(
                discord.ui.TextDisplay(f"**{title}**\n-# {address}"),
                accessory=ui.button(texts("feedback-works"), number),
            )
        )
    return ui.stateless(view)
