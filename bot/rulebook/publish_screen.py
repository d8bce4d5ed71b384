"""Publishing: what it would change, the forms that ask why, and what came of it."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import forms, ui
from bot.i18n import Texts
from bot.mentions import moment
from bot.rulebook import draft_screen, rule_table, wording
from bot.rulebook.draft_screen import OPEN_ID, PREVIEW_ID, SECTION_ID
from bot.rulebook.drafts import Draft
from bot.rulebook.history_screen import PAGE_ID
from bot.rulebook.publishing import Publication
from bot.rulebook.versions import Difference
from storage.records import Rescore

PUBLISH_ID = "rulebook:{screen}:{stamp}"
PUBLISH_TEMPLATE = r"rulebook:(?P<screen>publish|previewed):(?P<stamp>\w+)"
"""From the question whether to publish, which the answer replaces; from a preview, which stays."""
SINCE_ID = "rulebook:since"
SINCE_TEMPLATE = r"rulebook:since"
RESCORE_ID = "rulebook:rescore:{stamp}:{since}"
RESCORE_TEMPLATE = r"rulebook:rescore:(?P<stamp>\w+):(?P<since>\d{1,11})"
TAKEBACK_ID = "rulebook:takeback:{version}:{before}"
TAKEBACK_TEMPLATE = r"rulebook:takeback:(?P<version>\d{1,7}):(?P<before>\d{1,7})"
_REASON_MAX = 200


def ask(shown: Draft, texts: Texts) -> discord.ui.LayoutView:
    """Return what publishing the draft would change, from when, and the button that does it."""
    if not shown.is_drafted:
        return _nothing(shown, texts)
    publish = ui.button(
        texts("rulebook-publish-go"),
        PUBLISH_ID.format(screen="publish", stamp=shown.stamp),
        discord.ButtonStyle.success,
    )
    trying = ui.button(texts("rulebook-preview-go"), PREVIEW_ID)
    rescored = ui.button(texts("rulebook-rescore-go"), SINCE_ID)
    back = ui.button(texts("rulebook-draft-back"), OPEN_ID.format(step="draft"))
    return ui.panel(
        wording.heading(texts("rulebook-publish-title", version=shown.newest.version + 1)),
        draft_screen.later(shown, texts),
        wording.changes(shown.differences, texts) or texts("rulebook-draft-same"),
        texts("rulebook-publish-when"),
        levels_note(shown.differences, texts),
        rows=[[publish, trying, rescored, back] if shown.differences else [publish, back]],
    )


def _nothing(shown: Draft, texts: Texts) -> discord.ui.LayoutView:
    """Return that there is no draft, and the ways on from there."""
    return ui.panel(
        wording.heading(texts("rulebook-publish-none-title")),
        texts("rulebook-publish-none", version=shown.live.version),
        draft_screen.later(shown, texts),
        rows=[
            [rule_table.sections(SECTION_ID, texts("rulebook-draft-choose"), texts)],
            [
                ui.button(texts("rulebook-list-open"), OPEN_ID.format(step="list")),
                ui.button(texts("rulebook-history-open"), PAGE_ID.format(page=1)),
            ],
        ],
    )


def levels_note(found: Sequence[Difference], texts: Texts) -> str:
    """Return what a change of the level curve does to everybody, "" where it stays."""
    is_changed = any(each.field.rule == "levels" for each in found)
    return texts("rulebook-publish-levels") if is_changed else ""


def since_form(texts: Texts, day: str = "") -> forms.Form:
    """Return the form that asks from which day on what was earned is to be re-scored."""
    field = forms.text_field(
        "day",
        texts("rulebook-rescore-day"),
        hint=texts("rulebook-rescore-day-hint"),
        default=day,
        limit=20,
    )
    return forms.Form("rulebook:since", texts("rulebook-rescore-form"), [field])


def anew_form(version: int, texts: Texts) -> forms.Form:
    """Return the form that asks why a version is published and earlier points re-scored."""
    title = texts("rulebook-publish-form", version=version)
    return forms.Form("rulebook:rescore", title, [_reason(texts)])


def undo_form(texts: Texts) -> forms.Form:
    """Return the form that asks why a count is taken back."""
    return forms.Form("rulebook:undo", texts("rulebook-undo-form"), [_reason(texts)])


def rollback_form(
    version: int, newest: int, found: Sequence[Difference], texts: Texts
) -> forms.Form:
    """Return the form that asks why an old version is published again."""
    hint = texts("rulebook-rollback-hint", version=newest + 1, count=len(found))
    title = texts("rulebook-rollback-form", version=version)
    return forms.Form("rulebook:rollback", title, [_reason(texts, hint)])


def publish_form(shown: Draft, days: int, texts: Texts) -> forms.Form:
    """Return the form that asks why, and from when."""
    at = forms.text_field(
        "at",
        texts("rulebook-field-at"),
        hint=texts("rulebook-field-at-hint", zone=shown.time_zone, days=days),
        limit=40,
        is_required=False,
    )
    title = texts("rulebook-publish-form", version=shown.newest.version + 1)
    return forms.Form("rulebook:publish", title, [_reason(texts), at])


def _reason(texts: Texts, hint: str = "") -> discord.ui.Label[Any]:
    return forms.text_field(
        "reason",
        texts("rulebook-field-reason"),
        hint=hint or texts("rulebook-field-reason-hint"),
        limit=_REASON_MAX,
    )


def rescored(
    made: Publication | None, done: Rescore, day: str, texts: Texts
) -> discord.ui.LayoutView:
    """Return what a count came to, and the version that was published with it, None for none."""
    key = "rulebook-undo-done" if done.undoes else "rulebook-rescore-done"
    told = texts(
        key,
        day=day,
        entries=done.n_entries,
        members=done.n_members,
        amount=wording.signed(done.amount),
    )
    if made is None:
        return ui.panel(told, colour=ui.GOOD)
    when = moment(made.effective_at, "f")
    return ui.panel(
        wording.heading(texts("rulebook-title", version=made.version)),
        wording.changes(made.differences, texts),
        texts("rulebook-rescore-published", version=made.version, when=when),
        _withdrawn(made, texts),
        told,
        colour=ui.GOOD,
    )


def published(made: Publication, texts: Texts, *, may_undo: bool = False) -> discord.ui.LayoutView:
    """Return what a new version changed and from when, and the button that undoes it."""
    key = "rulebook-published-later" if made.is_later else "rulebook-published"
    when = moment(made.effective_at, "f")
    undo = ui.button(
        texts("rulebook-takeback-go"),
        TAKEBACK_ID.format(version=made.version, before=made.before),
    )
    return ui.panel(
        wording.heading(texts("rulebook-title", version=made.version)),
        wording.changes(made.differences, texts),
        texts(key, version=made.version, when=when),
        _withdrawn(made, texts),
        colour=ui.GOOD,
        rows=[[undo]] if may_undo else [],
    )


def taken_back(made: Publication, undone: int, before: int, texts: Texts) -> discord.ui.LayoutView:
    """Return that a version was undone, and by which."""
    return ui.panel(
        texts("rulebook-takeback-done", undone=undone, version=made.version, before=before),
        wording.changes(made.differences, texts),
        colour=ui.GOOD,
    )


def _withdrawn(made: Publication, texts: Texts) -> str:
    """Return which scheduled versions never come into force, a line each."""
    return "\n".join(texts("rulebook-withdrawn", version=each) for each in made.withdrawn)
