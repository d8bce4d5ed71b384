"""Publishing: what it would change, the forms that ask why, and what came of it."""

from typing import Any

import discord

from bot import forms, ui
from bot.i18n import Texts
from bot.rulebook import draft_screen, wording
from bot.rulebook.draft_screen import OPEN_ID, PREVIEW_ID
from bot.rulebook.drafts import Draft
from bot.rulebook.publishing import Publication
from storage.records import Rescore

PUBLISH_ID = "rulebook:publish:{stamp}"
PUBLISH_TEMPLATE = r"rulebook:publish:(?P<stamp>\w+)"
SINCE_ID = "rulebook:since"
SINCE_TEMPLATE = r"rulebook:since"
ANEW_ID = "rulebook:anew:{stamp}:{since}"
ANEW_TEMPLATE = r"rulebook:anew:(?P<stamp>\w+):(?P<since>\d{1,11})"
_REASON_MAX = 200


def ask(shown: Draft, texts: Texts) -> discord.ui.LayoutView:
    """Return what publishing the draft would change, from when, and the button that does it."""
    if not shown.differences:
        return draft_screen.draft(shown, texts)
    has_levels = any(each.field.rule == "levels" for each in shown.differences)
    publish = ui.button(
        texts("rulebook-publish-go"),
        PUBLISH_ID.format(stamp=shown.stamp),
        discord.ButtonStyle.success,
    )
    trying = ui.button(texts("rulebook-preview-go"), PREVIEW_ID)
    anew = ui.button(texts("rulebook-anew-go"), SINCE_ID)
    back = ui.button(texts("rulebook-draft-back"), OPEN_ID.format(deed="draft"))
    return ui.panel(
        wording.heading(texts("rulebook-publish-title", version=shown.newest.version + 1)),
        draft_screen.later(shown, texts),
        wording.changes(shown.differences, texts),
        texts("rulebook-publish-when"),
        texts("rulebook-publish-levels") if has_levels else "",
        rows=[[publish, trying, anew, back]],
    )


def since_form(texts: Texts, day: str = "") -> forms.Form:
    """Return the form that asks from which day on what was earned is to be counted anew."""
    field = forms.text_field(
        "day",
        texts("rulebook-anew-day"),
        hint=texts("rulebook-anew-day-hint"),
        default=day,
        limit=20,
    )
    return forms.Form("rulebook:since", texts("rulebook-anew-form"), [field])


def anew_form(version: int, texts: Texts) -> forms.Form:
    """Return the form that asks why a version is published and earlier points counted anew."""
    title = texts("rulebook-publish-form", version=version)
    return forms.Form("rulebook:anew", title, [_reason(texts)])


def undo_form(texts: Texts) -> forms.Form:
    """Return the form that asks why a count is taken back."""
    return forms.Form("rulebook:undo", texts("rulebook-undo-form"), [_reason(texts)])


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


def _reason(texts: Texts) -> discord.ui.Label[Any]:
    return forms.text_field(
        "reason",
        texts("rulebook-field-reason"),
        hint=texts("rulebook-field-reason-hint"),
        limit=_REASON_MAX,
    )


def rescored(
    made: Publication | None, done: Rescore, day: str, texts: Texts
) -> discord.ui.LayoutView:
    """Return what a count came to, and the version that was published with it, None for none."""
    key = "rulebook-undo-done" if done.undoes else "rulebook-anew-done"
    told = texts(
        key,
        day=day,
        entries=done.n_entries,
        members=done.n_members,
        amount=wording.signed(done.amount),
    )
    if made is None:
        return ui.panel(told, colour=ui.GOOD)
    when = f"<t:{int(made.effective_at)}:f>"
    return ui.panel(
        wording.heading(texts("rulebook-title", version=made.version)),
        wording.changes(made.differences, texts),
        texts("rulebook-anew-published", version=made.version, when=when),
        told,
        colour=ui.GOOD,
    )


def published(made: Publication, texts: Texts) -> discord.ui.LayoutView:
    """Return what a new version changed and from when."""
    key = "rulebook-published-later" if made.is_later else "rulebook-published"
    when = f"<t:{int(made.effective_at)}:f>"
    return ui.panel(
        wording.heading(texts("rulebook-title", version=made.version)),
        wording.changes(made.differences, texts),
        texts(key, version=made.version, when=when),
        colour=ui.GOOD,
    )
