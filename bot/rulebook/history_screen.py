"""The versions of the rules, page by page: who, when, why, and what each changed."""

from collections.abc import Sequence

import discord

from bot import ui
from bot.i18n import Texts
from bot.rulebook import wording
from bot.rulebook.versions import History, Version
from storage.records import Rescore

UNDO_ID = "rulebook:undo:{rescore}"
UNDO_TEMPLATE = r"rulebook:undo:(?P<rescore>\d+)"
PAGE_ID = "rulebook:page:{page}"
PAGE_TEMPLATE = r"rulebook:page:(?P<page>\d{1,6})"
_CHANGES_SHOWN = 3
"""How much of what a version changed is named."""


def history(shown: History, now: float, texts: Texts) -> discord.ui.LayoutView:
    """Return a page of versions, the newest first: who, when, why, and how much changed."""
    if not shown.versions:
        return ui.panel(
            wording.heading(texts("rulebook-history-title")), texts("rulebook-history-none")
        )
    turning = [
        ui.button(
            texts("rulebook-newer"), PAGE_ID.format(page=shown.page - 1), disabled=shown.page <= 1
        ),
        ui.button(
            texts("rulebook-older"),
            PAGE_ID.format(page=shown.page + 1),
            disabled=not shown.has_more,
        ),
    ]
    rows = [turning] if shown.page > 1 or shown.has_more else []
    if shown.undoable is not None:
        version = shown.undoable.version
        undo = ui.button(
            texts("rulebook-undo-go", version=version),
            UNDO_ID.format(rescore=shown.undoable.rescore_id),
            discord.ButtonStyle.danger,
        )
        rows.append([undo])
    return ui.panel(
        wording.heading(texts("rulebook-history-title")),
        *(
            _version_lines(each, now, texts) + _decided(each, shown.rescores, texts)
            for each in shown.versions
        ),
        rows=rows,
    )


def _decided(shown: Version, decided: Sequence[Rescore], texts: Texts) -> str:
    """Return a line for each count by this version, and each that was taken back, in order."""
    lines = []
    for each in reversed(decided):
        if each.version != shown.version:
            continue
        state = "running" if each.finished_at is None else "undone" if each.undoes else "anew"
        told = texts(
            f"rulebook-history-{state}",
            since=f"<t:{int(each.since_at)}:D>",
            when=f"<t:{int(each.created_at)}:f>",
            member=ui.mention(each.created_by, texts),
            entries=each.n_entries,
            members=each.n_members,
            amount=wording.signed(each.amount),
            reason=ui.plain(each.reason),
        )
        lines.append(f"\n↻ {told}")
    return "".join(lines)


def _version_lines(shown: Version, now: float, texts: Texts) -> str:
    published = shown.published
    assert published is not None, "the defaults are not in the history"
    told: dict[str, str | int] = {
        "version": shown.version,
        "when": f"<t:{int(published.at)}:f>",
        "member": ui.mention(published.by, texts),
        "count": len(shown.differences),
        "reason": ui.plain(published.reason),
    }
    state = "live" if shown.is_live else "line"
    if not shown.is_live and published.effective_at > now:
        state = "later"
        told["at"] = f"<t:{int(published.effective_at)}:f>"
    first = wording.changes(shown.differences[:_CHANGES_SHOWN], texts)
    small = "".join(f"\n-# {line}" for line in first.split("\n") if line)
    return texts(f"rulebook-history-{state}", **told) + small


def version_choices(
    shown: History, typed: str, texts: Texts
) -> list[discord.app_commands.Choice[int]]:
    """Return versions as suggestions of an option, the defaults last."""
    named = {
        each.version: texts(
            "rulebook-history-choice", version=each.version, reason=ui.bare(each.published.reason)
        )
        for each in shown.versions
        if each.published is not None
    } | {0: texts("rulebook-history-defaults")}
    wanted = typed.strip().casefold()
    return [
        discord.app_commands.Choice(name=ui.clip(name, ui.CHOICE_NAME_MAX), value=version)
        for version, name in named.items()
        if wanted in name.casefold()
    ][: ui.CHOICES_MAX]
