"""The versions of the rules, page by page: who, when, why, what each changed, and the way back."""

from collections.abc import Iterator, Sequence
from typing import Any

import discord

from bot import ui
from bot.i18n import Texts
from bot.mentions import moment
from bot.rulebook import wording
from bot.rulebook.versions import Entry, History
from storage.records import Rescore

ROLLBACK_ID = "rulebook:rollback:{version}:{newest}"
ROLLBACK_TEMPLATE = r"rulebook:rollback:(?P<version>\d{1,7}):(?P<newest>\d{1,7})"
UNDO_ID = "rulebook:undo:{rescore}"
UNDO_TEMPLATE = r"rulebook:undo:(?P<rescore>\d+)"
PAGE_ID = "rulebook:page:{page}"
PAGE_TEMPLATE = r"rulebook:page:(?P<page>\d{1,6})"
_CHANGES_SHOWN = 3
"""How much of what a version changed is named."""
_CHANGES_ROOM = 240
_REASON_MAX = 140
_ENTRY_MAX = 740
"""What one version takes of a message's text at most, so that a page fits."""


def history(shown: History, texts: Texts) -> discord.ui.LayoutView:
    """Return a page of versions, each with the button that publishes it again."""
    return ui.panel(
        wording.heading(texts("rulebook-history-title")),
        *(_entry(each, shown, texts) for each in shown.entries),
        "" if shown.entries else texts("rulebook-history-end"),
        rows=[*_turning(shown, texts), *_undo(shown, texts)],
    )


def _entry(
    entry: Entry, shown: History, texts: Texts
) -> str | discord.ui.Section[discord.ui.LayoutView]:
    """Return a version and what it did, beside the button that publishes it again, if any does."""
    lines = (_line(entry, texts), *_details(entry, shown.rescores, texts))
    told = ui.clip("\n".join(lines), _ENTRY_MAX)
    if entry.state != "past":
        return told
    back = ui.button(
        texts("rulebook-rollback-go"),
        ROLLBACK_ID.format(version=entry.version.version, newest=shown.newest),
    )
    return discord.ui.Section(discord.ui.TextDisplay(told), accessory=back)


def _line(entry: Entry, texts: Texts) -> str:
    parts = [f"**{entry.version.version}**", _state(entry, texts), _origin(entry, texts)]
    return " · ".join(part for part in parts if part)


def _state(entry: Entry, texts: Texts) -> str:
    published = entry.version.published
    if entry.state == "past":
        return ""
    at = moment(published.effective_at, "f") if published is not None else ""
    return texts(f"rulebook-history-{entry.state}", at=at)


def _origin(entry: Entry, texts: Texts) -> str:
    published = entry.version.published
    if published is None:
        return texts("rulebook-history-zero")
    return texts(
        "rulebook-history-line",
        when=moment(published.at, "f"),
        member=ui.mention(published.by, texts),
        reason=ui.clip(wording.reason_text(published.reason, texts), _REASON_MAX),
    )


def _details(entry: Entry, decided: Sequence[Rescore], texts: Texts) -> Iterator[str]:
    """Yield what a version changed, then a line for each count by it or taking back, in order."""
    changed = wording.changes(entry.differences, texts, at_most=_CHANGES_SHOWN, room=_CHANGES_ROOM)
    yield from (f"-# {line}" for line in changed.split("\n") if line)
    for each in reversed(decided):
        if each.version == entry.version.version:
            yield f"-# ↻ {_decided(each, texts)}"


def _decided(each: Rescore, texts: Texts) -> str:
    state = "running" if each.finished_at is None else "undone" if each.undoes else "rescore"
    return texts(
        f"rulebook-history-{state}",
        since=moment(each.since_at, "D"),
        when=moment(each.created_at, "f"),
        member=ui.mention(each.created_by, texts),
        entries=each.n_entries,
        members=each.n_members,
        amount=wording.signed(each.amount),
        reason=ui.clip(wording.reason_text(each.reason, texts), _REASON_MAX),
    )


def _turning(shown: History, texts: Texts) -> list[list[Any]]:
    if shown.page == 1 and not shown.has_more:
        return []
    newer, older = (PAGE_ID.format(page=shown.page + step) for step in (-1, 1))
    return [
        [
            ui.button(texts("rulebook-newer"), newer, disabled=shown.page <= 1),
            ui.button(texts("rulebook-older"), older, disabled=not shown.has_more),
        ]
    ]


def _undo(shown: History, texts: Texts) -> list[list[Any]]:
    if shown.undoable is None:
        return []
    label = texts("rulebook-undo-go", version=shown.undoable.version)
    undo = UNDO_ID.format(rescore=shown.undoable.rescore_id)
    return [[ui.button(label, undo, discord.ButtonStyle.danger)]]


def version_choices(
    shown: History, typed: str, texts: Texts
) -> list[discord.app_commands.Choice[int]]:
    """Return versions as suggestions of an option, the defaults last."""
    named = {
        each.version.version: texts(
            "rulebook-history-choice",
            version=each.version.version,
            reason=ui.bare(published.reason) or texts("rulebook-value-nothing"),
        )
        for each in shown.entries
        if (published := each.version.published) is not None
    } | {0: texts("rulebook-history-defaults")}
    wanted = typed.strip().casefold()
    return [
        discord.app_commands.Choice(name=ui.clip(name, ui.CHOICE_NAME_MAX), value=version)
        for version, name in named.items()
        if wanted in name.casefold()
    ][: ui.CHOICES_MAX]
