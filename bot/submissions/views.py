"""What members see of what they propose: a sheet of what is known, forms, what became of it."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args
from urllib.parse import urlsplit

import discord

from bot import cards, forms, mentions, sites, topics, ui
from bot.i18n import Texts
from bot.submissions.service import SCORE_MAX, SCORES, SENTENCE_MAX, Begun, lacking, price_text
from storage.records import Level, Resource, ResourceKind, Review, Submission

DRAFT_ID = "submissions:draft:{step}:{submission_id}"
DRAFT_TEMPLATE = r"submissions:draft:(?P<step>submit|edit|details|own|drop):(?P<submission_id>\d+)"
EXPERT_ID = "submissions:expert:{step}:{submission_id}"
EXPERT_TEMPLATE = r"submissions:expert:(?P<step>review|sign|unsign):(?P<submission_id>\d+)"

LINES_SHOWN = 10


def sheet(fields: Mapping[str, str], texts: Texts) -> str:
    """Return what is known of a page, and what is not."""
    unknown = texts("submissions-unknown")
    language = fields.get("language", "")
    facts = {
        "kind": texts(f"kind-{fields['kind']}") if fields.get("kind") else "",
        "language": texts(f"language-{language}") if language in ("en", "zh") else language,
        "level": texts(f"level-{fields['level']}") if fields.get("level") else "",
        "minutes": fields.get("minutes", ""),
        "price": price_text(fields),
        "creator": fields.get("creator", ""),
    }
    lines = [f"### {ui.clip(ui.plain(fields.get('title') or unknown), 200)}"]
    lines.append(f"-# {ui.plain(host_of(fields['url']))}")
    if fields.get("summary"):
        lines.append(ui.clip(ui.plain(fields["summary"]), 300))
    lines += [
        texts("submissions-fact", name=texts(f"submissions-field-{name}"), value=shown)
        for name, shown in ((n, ui.plain(v) or unknown) for n, v in facts.items())
    ]
    if fields.get("tags"):
        lines.append(
            texts(
                "submissions-fact",
                name=texts("submissions-field-tags"),
                value=cards.tags(topics.split(fields["tags"]), texts),
            )
        )
    return "\n".join(lines)


def host_of(url: str) -> str:
    """Return the host of an address, in letters that can be taken for no others."""
    return sites.shown_host(urlsplit(url).hostname or "")


def draft(
    submission: Submission,
    texts: Texts,
    *,
    problem: str = "",
    alike: Sequence[Resource] = (),
) -> discord.ui.LayoutView:
    """Return a draft with the buttons that correct it and hand it in."""
    number, is_ready = submission.submission_id, not lacking(submission.fields)

    def button(step: str, style: Any = discord.ButtonStyle.secondary, **more: Any) -> Any:
        custom_id = DRAFT_ID.format(step=step, submission_id=number)
        return ui.button(texts(f"submissions-{step}"), custom_id, style, **more)

    primary = discord.ButtonStyle.primary
    submit = button("submit", primary, disabled=not is_ready)
    edit = button("edit", discord.ButtonStyle.secondary if is_ready else primary)
    own_key = "submissions-own-yes" if submission.is_own else "submissions-own"
    own = ui.button(texts(own_key), DRAFT_ID.format(step="own", submission_id=number))
    return ui.panel(
        texts("submissions-draft-title"),
        f"⚠️ {problem}" if problem else "",
        sheet(submission.written, texts),
        alike_text(alike, texts),
        f"-# {texts('submissions-draft-ready' if is_ready else 'submissions-draft-lacking')}",
        colour=ui.ACCENT if is_ready else ui.CAUTION,
        rows=[[submit, edit, button("details")], [own, button("drop")]],
    )


def alike_text(alike: Sequence[Resource], texts: Texts) -> str:
    """Return which resources have nearly the same title, "" for none."""
    if not alike:
        return ""
    named = "\n".join(
        f"- {ui.clip(ui.plain(each.title), 100)} · {ui.plain(host_of(each.url))}" for each in alike
    )
    return f"{texts('submissions-alike')}\n{named}"


def known(begun: Begun, texts: Texts) -> discord.ui.LayoutView:
    """Return that a page is waiting, or was taken out, where no card can be shown."""
    key = "submissions-waiting-already" if begun.is_waiting else "submissions-known-retired"
    title = ui.plain(begun.known.title) if begun.known is not None else ""
    return ui.panel(texts(key, title=title), colour=ui.CAUTION)


def handed_in(submission: Submission, texts: Texts) -> discord.ui.LayoutView:
    """Return what becomes of a submission now."""
    key = "submissions-published-now" if submission.state == "published" else "submissions-sent"
    return ui.panel(texts(key, title=ui.plain(submission.title)), colour=ui.GOOD)


def dropped(texts: Texts) -> discord.ui.LayoutView:
    """Return that a draft is gone."""
    return ui.panel(texts("submissions-dropped"))


def words_form(known: Mapping[str, str], title: str, texts: Texts) -> forms.Form:
    """Return the form of what something is."""
    return forms.Form(
        "submissions:words",
        title,
        [
            forms.text_field(
                "title",
                texts("submissions-field-title"),
                default=known.get("title", ""),
                limit=200,
            ),
            _menu("kind", get_args(ResourceKind), known, texts, is_required=True),
            forms.text_field(
                "summary",
                texts("submissions-field-summary"),
                default=known.get("summary", ""),
                limit=500,
                is_long=True,
                is_required=False,
            ),
            forms.text_field(
                "tags",
                texts("submissions-field-tags"),
                hint=texts("submissions-field-tags-hint"),
                default=known.get("tags", ""),
                limit=300,
                is_required=False,
            ),
            forms.text_field(
                "creator",
                texts("submissions-field-creator"),
                default=known.get("creator", ""),
                limit=100,
                is_required=False,
            ),
        ],
    )


def details_form(known: Mapping[str, str], title: str, texts: Texts) -> forms.Form:
    """Return the form of what else is known of it; what stays empty stays unknown."""
    hints = {"language": 10, "minutes": 6, "price": 20}
    fields = {
        name: forms.text_field(
            name,
            texts(f"submissions-field-{name}"),
            hint=texts(f"submissions-field-{name}-hint"),
            default=price_text(known) if name == "price" else known.get(name, ""),
            limit=limit,
            is_required=False,
        )
        for name, limit in hints.items()
    }
    level = _menu("level", get_args(Level), known, texts, is_required=False)
    return forms.Form(
        "submissions:details",
        title,
        [fields["language"], level, fields["minutes"], fields["price"]],
    )


def _menu(
    name: str,
    values: Sequence[str],
    known: Mapping[str, str],
    texts: Texts,
    *,
    is_required: bool,
) -> discord.ui.Label[Any]:
    options = [
        discord.SelectOption(
            label=texts(f"{name}-{value}"), value=value, default=known.get(name) == value
        )
        for value in values
    ]
    menu: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=name, options=options, required=is_required, min_values=int(is_required)
    )
    return forms.labelled(texts(f"submissions-field-{name}"), menu)


def mine(found: Sequence[Submission], texts: Texts) -> discord.ui.LayoutView:
    """Return what became of a member's submissions, the latest first."""
    if not found:
        return ui.panel(texts("submissions-mine-none"))
    lines = []
    for each in found[:LINES_SHOWN]:
        at = mentions.moment(each.decided_at or each.submitted_at or each.created_at, "R")
        state = texts(f"submissions-state-{each.state}")
        lines.append(f"- **{ui.clip(ui.plain(each.title), 100)}** · {state} · {at}")
        if each.reason:
            lines.append(f"  -# {ui.clip(ui.plain(each.reason), 200)}")
    return ui.panel(f"## {texts('submissions-mine')}", "\n".join(lines))


# ------------------------------------------------------------------------------ experts


def to_review(found: Sequence[Submission], texts: Texts) -> discord.ui.LayoutView:
    """Return what a member is asked to review, with a button each."""
    if not found:
        return ui.panel(texts("submissions-review-none"))
    shown = found[:5]
    lines = [
        f"{n}. **{ui.clip(ui.plain(each.title), 100)}**\n{each.fields['url']}"
        for n, each in enumerate(shown, 1)
    ]
    row = [
        ui.button(
            texts("submissions-review-button", n=n),
            EXPERT_ID.format(step="review", submission_id=each.submission_id),
            discord.ButtonStyle.primary,
        )
        for n, each in enumerate(shown, 1)
    ]
    return ui.panel(f"## {texts('submissions-review-asked')}", "\n".join(lines), rows=[row])


def review_form(submission: Submission, review: Review, texts: Texts) -> forms.Form:
    """Return the form of four answers and a sentence, filled in with what was said before."""
    fields = []
    for name in SCORES:
        given = getattr(review, name)
        options = [
            discord.SelectOption(
                label=texts(f"submissions-score-{score}"), value=str(score), default=score == given
            )
            for score in range(SCORE_MAX, 0, -1)
        ]
        menu: discord.ui.Select[Any] = discord.ui.Select(custom_id=name, options=options)
        fields.append(forms.labelled(texts(f"submissions-{name.replace('_', '-')}"), menu))
    fields.append(
        forms.text_field(
            "sentence",
            texts("submissions-sentence"),
            default=review.sentence,
            limit=SENTENCE_MAX,
            is_long=True,
        )
    )
    return forms.Form("submissions:review", ui.clip(submission.title, ui.MODAL_TITLE_MAX), fields)


def reviewed(review: Review, texts: Texts) -> discord.ui.LayoutView:
    """Return that a review was stored, and a button that signs it or takes the name away."""
    step = "unsign" if review.is_signed else "sign"
    sign = ui.button(
        texts(f"submissions-{step}"),
        EXPERT_ID.format(step=step, submission_id=review.submission_id),
    )
    said = texts("submissions-reviewed-signed" if review.is_signed else "submissions-reviewed")
    return ui.panel(said, colour=ui.GOOD, rows=[[sign]])
