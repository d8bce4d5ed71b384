"""What moderators see of submissions: the queue, one with all that bears on it, and letters."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import cards, forms, mentions, ui
from bot.i18n import Texts
from bot.submissions import views
from bot.submissions.deciding import Case
from bot.submissions.service import (
    REASON_MAX,
    REVIEWERS_OF_PAID,
    SCORES,
    is_paid,
    mean_score,
    n_reviewers,
)
from storage.records import Resource, Review, Submission

CASE_ID = "submissions:case:{step}:{submission_id}"
CASE_TEMPLATE = (
    r"submissions:case:(?P<step>publish|reject|edit|details|undo|ask):(?P<submission_id>\d+)"
)
QUEUE_ID = "submissions:queue"
ASKED_ID = "submissions:asked:{submission_id}"
ASKED_TEMPLATE = r"submissions:asked:(?P<submission_id>\d+)"


def queue(waiting: Sequence[Submission], n_all: int, texts: Texts) -> discord.ui.LayoutView:
    """Return what waits for a decision, the oldest first, and a menu of it."""
    if not waiting:
        return ui.panel(texts("submissions-queue-none"), colour=ui.GOOD)
    options = [
        discord.SelectOption(
            label=ui.clip(ui.bare(each.title), ui.OPTION_LABEL_MAX),
            description=ui.clip(views.host_of(each.fields["url"]), ui.OPTION_LABEL_MAX),
            value=str(each.submission_id),
        )
        for each in waiting
    ]
    menu = ui.select(QUEUE_ID, options, texts("submissions-queue-choose"))
    return ui.panel(texts("submissions-queue", count=n_all), rows=[[menu]])


def case(found: Case, texts: Texts, alike: Sequence[Resource] = ()) -> discord.ui.LayoutView:
    """Return a submission with what speaks for and against it, and the buttons that decide."""
    one = found.submission
    is_open = one.state == "waiting" or (one.is_trusted and one.decided_by is None)
    who = f"📡 {ui.plain(found.source)}" if found.source else ui.mention(one.user_id, texts)
    at = mentions.moment(one.submitted_at or one.created_at, "R")
    head = texts("submissions-case", who=who, when=at)
    own = texts("submissions-case-own") if one.is_own else ""
    record = texts("submissions-case-record", good=sum(found.outcomes), count=len(found.outcomes))
    return ui.panel(
        f"{head}\n-# {' · '.join(filter(None, (record, own)))}",
        f"{views.sheet(one.written, texts)}\n{one.fields['url']}",
        views.alike_text(alike, texts),
        _reviews(found, texts),
        _sought(found, texts) if is_open else "",
        _standing(found, texts) if is_open else _decision(one, texts),
        colour=ui.ACCENT if is_open else ui.GOOD if one.state == "published" else ui.CAUTION,
        rows=_rows(one, is_open, texts),
    )


def _rows(one: Submission, is_open: bool, texts: Texts) -> list[list[discord.ui.Button[Any]]]:
    def button(step: str, style: Any = discord.ButtonStyle.secondary) -> Any:
        custom_id = CASE_ID.format(step=step, submission_id=one.submission_id)
        return ui.button(texts(f"submissions-case-{step}"), custom_id, style)

    if not is_open:
        return [[button("undo")]]
    yes, no = discord.ButtonStyle.success, discord.ButtonStyle.danger
    return [
        [button("publish", yes), button("reject", no), button("ask")],
        [button("edit"), button("details")],
    ]


def _sought(found: Case, texts: Texts) -> str:
    """Return for how many reviews experts are being asked."""
    n_open = found.submission.n_sought - len(found.reviews)
    return texts("submissions-case-sought", count=n_open) if n_open > 0 else ""


def _standing(found: Case, texts: Texts) -> str:
    """Return what has to be known before deciding."""
    one = found.submission
    if one.state == "published":
        return texts("submissions-case-sample")
    if not is_paid(one.fields):
        return ""
    done = n_reviewers(found.reviews, one)
    return texts("submissions-case-paid", done=done, needed=REVIEWERS_OF_PAID)


def _decision(one: Submission, texts: Texts) -> str:
    who = ui.mention(one.decided_by or 0, texts)
    said = texts(f"submissions-case-{one.state}", who=who)
    return f"{said}\n-# {ui.plain(one.reason)}" if one.reason else said


def _reviews(found: Case, texts: Texts) -> str:
    lines = []
    for review in found.reviews:
        if review.reviewed_at is None:
            lines.append(texts("submissions-review-open", who=ui.mention(review.user_id, texts)))
            continue
        lines.append(_review(review, texts))
    return "\n".join(lines)


def _review(review: Review, texts: Texts) -> str:
    who = ui.mention(review.user_id, texts) if review.is_signed else texts("submissions-an-expert")
    given = " · ".join(
        texts(
            "submissions-given",
            name=texts(f"submissions-{name.replace('_', '-')}"),
            score=getattr(review, name) or 0,
        )
        for name in SCORES
    )
    mean = mean_score(review) or 0
    line = texts("submissions-review-line", who=who, mean=round(mean, 1))
    said = f"\n> {ui.plain(review.sentence)}" if review.sentence else ""
    return f"{line}\n-# {given}{said}"


def ask(submission: Submission, texts: Texts) -> discord.ui.LayoutView:
    """Return a menu of members, of whom one is asked."""
    menu: discord.ui.UserSelect[Any] = discord.ui.UserSelect(
        custom_id=ASKED_ID.format(submission_id=submission.submission_id),
        placeholder=ui.clip(texts("submissions-ask-choose"), ui.OPTION_LABEL_MAX),
    )
    text = texts("submissions-ask", title=ui.plain(submission.title))
    seek = ui.button(
        texts("submissions-seek"), cards.SEEK_ID.format(submission_id=submission.submission_id)
    )
    return ui.panel(text, f"-# {texts('submissions-ask-how')}", rows=[[menu], [seek]])


def reject_form(submission: Submission, texts: Texts) -> forms.Form:
    """Return the form that asks why."""
    reason = forms.text_field(
        "reason",
        texts("submissions-reason"),
        hint=texts("submissions-reason-hint"),
        limit=REASON_MAX,
        is_long=True,
    )
    return forms.Form("submissions:reject", ui.bare(submission.title), [reason])


def outcome(one: Submission, guild_name: str, texts: Texts) -> discord.ui.LayoutView:
    """Return the letter that says what was decided."""
    key = "submissions-letter-published" if one.state == "published" else "submissions-letter-no"
    reason = texts("submissions-letter-reason", reason=ui.plain(one.reason)) if one.reason else ""
    return ui.panel(
        texts(key, title=ui.plain(one.title), guild=ui.plain(guild_name)),
        reason,
        colour=ui.GOOD if one.state == "published" else ui.CAUTION,
    )


def asked(one: Submission, guild_name: str, texts: Texts) -> discord.ui.LayoutView:
    """Return the letter that asks for a review."""
    return ui.panel(
        texts("submissions-letter-ask", title=ui.plain(one.title), guild=ui.plain(guild_name))
    )
