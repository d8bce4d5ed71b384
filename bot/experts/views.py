"""Expert cards, the list of who fits a topic, invitations, and what moderators approve."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import cards, forms, ui
from bot.experts.service import FEW, OFFER_MAX, Candidate, Mine, url_in
from bot.i18n import Texts
from bot.mentions import moment
from bot.rewards.kinds import POINT
from storage.records import Expert, Invitation, Question, Submission

YES_ID = "expert:yes:{invitation_id}"
NO_ID = "expert:no:{invitation_id}"
ANSWER_TEMPLATE = r"expert:(?P<answer>yes|no):(?P<invitation_id>\d+)"
DECIDE_ID = "experts:{answer}:{user_id}"
DECIDE_TEMPLATE = r"experts:(?P<answer>approve|decline):(?P<user_id>\d+)"

SHOWN = 5
_WEEKDAYS = range(7)


def card_form(before: Expert | None, tags: Sequence[str], texts: Texts) -> forms.Form:
    """Return the form of a card, filled in with what it says now."""
    return forms.Form(
        "experts:card",
        texts("experts-card-title"),
        [
            forms.text_field(
                "topics",
                texts("experts-field-topics"),
                hint=texts("experts-field-topics-hint"),
                placeholder=_named(tags[:6], texts),
                default=", ".join(before.topics) if before else "",
                limit=320,
            ),
            forms.labelled(texts("experts-field-days"), _days_menu(before, texts)),
            forms.text_field(
                "hours",
                texts("experts-field-hours"),
                hint=texts("experts-field-hours-hint"),
                default=f"{before.from_hour}-{before.to_hour}" if before else "18-22",
                limit=15,
            ),
            forms.labelled(texts("experts-field-reach"), _reach_menu(before, texts)),
            forms.text_field(
                "offer",
                texts("experts-field-offer"),
                hint=texts("experts-field-offer-hint"),
                default=before.offer if before else "",
                limit=OFFER_MAX,
                is_required=False,
            ),
        ],
    )


def _named(tags: Sequence[str], texts: Texts) -> str:
    return texts("experts-and").join(map(texts.topic, tags))


def _days_menu(before: Expert | None, texts: Texts) -> discord.ui.Select[Any]:
    chosen = set(before.weekdays) if before else set(_WEEKDAYS)
    options = [
        discord.SelectOption(
            label=texts(f"digest-weekday-{day}"), value=str(day), default=day in chosen
        )
        for day in _WEEKDAYS
    ]
    return discord.ui.Select(custom_id="days", max_values=7, options=options)


def _reach_menu(before: Expert | None, texts: Texts) -> discord.ui.Select[Any]:
    chosen = before.reach if before else "thread"
    options = [
        discord.SelectOption(
            label=texts(f"experts-reach-{each}"), value=each, default=each == chosen
        )
        for each in ("thread", "dm")
    ]
    return discord.ui.Select(custom_id="reach", options=options)


def own(mine: Mine, texts: Texts) -> discord.ui.LayoutView:
    """Return a member's own card as others see it, and what they were asked."""
    card = mine.card
    if card is None:
        return ui.panel(texts("experts-none-yet"), colour=ui.CAUTION)
    record = mine.record
    notes = [texts(f"experts-state-{card.state}")]
    if card.closed_at is not None:
        notes.append(texts("experts-closed"))
    asked = texts(
        "experts-asked", week=record.n_week, most=card.weekly_max, accepted=record.n_accepted
    )
    colour = ui.GOOD if card.state == "live" else ui.CAUTION
    return ui.panel(
        f"## {texts('experts-card-title')}",
        _told(card, texts),
        "\n".join(notes),
        f"-# {asked}",
        colour=colour,
    )


def _told(card: Expert, texts: Texts) -> str:
    """Return what a card says."""
    languages = " / ".join(texts(f"language-{each}") for each in card.languages)
    lines = [
        f"{cards.tags(card.topics, texts)} · {languages}",
        texts(
            "experts-hours",
            days=_days(card.weekdays, texts),
            first=card.from_hour,
            last=card.to_hour,
            zone=card.time_zone,
        ),
    ]
    if card.offer:
        lines.append(texts("experts-offer", offer=ui.plain(card.offer)))
    return "\n".join(lines)


def _days(weekdays: Sequence[int], texts: Texts) -> str:
    if len(weekdays) == 7:
        return texts("experts-every-day")
    if tuple(weekdays) == (0, 1, 2, 3, 4):
        return texts("experts-workdays")
    return texts("experts-and").join(texts(f"digest-weekday-{day}") for day in weekdays)


def found(topic: str, candidates: Sequence[Candidate], texts: Texts) -> discord.ui.LayoutView:
    """Return who fits a topic, why, when they are there, with buttons Ask and Book."""
    shown = list(candidates)[:SHOWN]
    named = ui.clip(ui.plain(topic), 60)
    if not shown:
        return ui.panel(texts("experts-find-none", topic=named), colour=ui.CAUTION)
    view = discord.ui.LayoutView(timeout=None)
    title = texts("experts-find-title", topic=named)
    view.add_item(discord.ui.TextDisplay(f"## {title}"))
    for each in shown:
        view.add_item(_candidate(topic, each, texts))
    return ui.stateless(view)


def _candidate(topic: str, each: Candidate, texts: Texts) -> discord.ui.Container[Any]:
    card = each.expert
    there = "experts-there-now" if each.n_hours == 0 else "experts-there-in"
    record = each.record
    why = [texts(there, hours=each.n_hours)]
    if record.n_answered >= FEW:
        why.append(texts("experts-accepts", n=record.n_accepted, of=record.n_answered))
    else:
        why.append(texts("experts-new"))
    about = ui.clip(topic.replace(":", " "), 60)
    row: list[discord.ui.Button[Any]] = [
        ui.button(texts("experts-ask"), cards.ASK_ID.format(topic=about)),
    ]
    if (url := url_in(card.offer)) is not None:
        row.append(ui.link_button(texts("experts-book"), url))
    elif each.item_id is not None:
        row.append(ui.button(texts("experts-book"), cards.BOOK_ID.format(item_id=each.item_id)))
    told = f"### {ui.mention(card.user_id, texts)}\n{_told(card, texts)}\n-# {' · '.join(why)}"
    return discord.ui.Container(
        discord.ui.TextDisplay(ui.clip(told, 700)),
        discord.ui.ActionRow(*row),
        accent_colour=ui.GOOD if each.n_hours == 0 else ui.ACCENT,
    )


# ------------------------------------------------------------------------- invitations


def invitation(
    asked: Invitation, question: Question, guild_name: str, until: float, texts: Texts
) -> discord.ui.LayoutView:
    """Return what an expert is asked, the same in a thread and as a direct message."""
    number = asked.invitation_id
    lines = [
        texts(
            f"experts-invitation-{asked.reach}",
            member=ui.mention(asked.user_id, texts),
            guild=ui.clip(ui.plain(guild_name), 80),
        )
    ]
    if asked.reach == "dm":
        lines.append(f"**{_link(question)}**")
    if question.tags:
        lines.append(f"-# {cards.tags(question.tags, texts)}")
    if question.bounty_state == "staked":
        lines.append(texts("experts-invitation-bounty", count=question.bounty // POINT))
    lines.append(f"-# {texts('experts-invitation-until', until=moment(until))}")
    return ui.panel("\n".join(lines), rows=[_yes_or_no(number, texts("experts-yes"), texts)])


def review_invitation(
    asked: Invitation, submission: Submission, guild_name: str, until: float, texts: Texts
) -> discord.ui.LayoutView:
    """Return the letter that asks an expert for a review, with the page to look at."""
    title = ui.clip(ui.plain(submission.title), 150)
    guild = ui.clip(ui.plain(guild_name), 80)
    row = _yes_or_no(asked.invitation_id, texts("experts-review-yes"), texts)
    return ui.panel(
        texts("experts-review-dm", guild=guild, title=title),
        submission.fields["url"],
        f"-# {texts('experts-invitation-until', until=moment(until))}",
        rows=[row],
    )


def _yes_or_no(number: int, yes: str, texts: Texts) -> list[discord.ui.Button[Any]]:
    return [
        ui.button(yes, YES_ID.format(invitation_id=number), discord.ButtonStyle.success),
        ui.button(texts("experts-no"), NO_ID.format(invitation_id=number)),
    ]


def _link(question: Question) -> str:
    address = f"https://discord.com/channels/{question.guild_id}/{question.thread_id}"
    return f"[{ui.clip(ui.plain(question.title), 100)}]({address})"


def answered(question: Question, texts: Texts, *, is_yes: bool) -> discord.ui.LayoutView:
    """Return what follows from an answer to an invitation."""
    if not is_yes:
        return ui.panel(texts("experts-passed"))
    return ui.panel(texts("experts-accepted", link=_link(question)), colour=ui.GOOD)


def review_answered(
    submission: Submission, guild_name: str, texts: Texts, *, is_yes: bool
) -> discord.ui.LayoutView:
    """Return what follows from an answer to the invitation to review."""
    if not is_yes:
        return ui.panel(texts("experts-review-passed"))
    guild = ui.clip(ui.plain(guild_name), 80)
    said = texts("experts-review-accepted", guild=guild, url=submission.fields["url"])
    return ui.panel(said, colour=ui.GOOD)


# -------------------------------------------------------------------------- moderators


def queue(waiting: Sequence[Expert], texts: Texts) -> discord.ui.LayoutView:
    """Return cards that wait, each with the buttons that decide."""
    if not waiting:
        return ui.panel(texts("experts-queue-none"))
    view = discord.ui.LayoutView(timeout=None)
    title = texts("experts-queue-title")
    view.add_item(discord.ui.TextDisplay(f"## {title}"))
    for card in waiting[:SHOWN]:
        told = f"### {ui.mention(card.user_id, texts)}\n{_told(card, texts)}"
        view.add_item(
            discord.ui.Container(
                discord.ui.TextDisplay(ui.clip(told, 700)),
                discord.ui.ActionRow(
                    ui.button(
                        texts("experts-approve"),
                        DECIDE_ID.format(answer="approve", user_id=card.user_id),
                        discord.ButtonStyle.success,
                    ),
                    ui.button(
                        texts("experts-decline"),
                        DECIDE_ID.format(answer="decline", user_id=card.user_id),
                    ),
                ),
                accent_colour=ui.ACCENT,
            )
        )
    return ui.stateless(view)
