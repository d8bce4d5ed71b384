"""Tasks as members see them: the list, one with what they handed in, forms, and the letter."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands

from bot import forms, ids, mentions, ui
from bot.i18n import Texts
from bot.tasks.service import LINK_MAX, TEXT_MAX, TITLE_MAX, WORK_MAX, Doing, is_late
from storage.records import Task, Work

SHOW_ID = "tasks:{step}:{task_id}"
SHOW_TEMPLATE = r"tasks:(?P<step>show|hand-in|share|works):(?P<task_id>\d+)"
LISTED = 8
WORKS_SHOWN = 5
WORK_CLIP = 600
DAY_HINT = "2026-12-31"


def listed(found: Sequence[Doing], texts: Texts) -> discord.ui.LayoutView:
    """Return the tasks a member can do, with how far they are."""
    if not found:
        return ui.panel(texts("tasks-none"))
    lines = [
        (
            f"**{ui.clip(ui.plain(each.task.title), TITLE_MAX)}**\n"
            f"-# {ui.clip(ui.plain(each.resource.title), 80)} · {state(each, texts)}",
            ui.button(texts("tasks-show"), SHOW_ID.format(step="show", task_id=each.task.task_id)),
        )
        for each in found[:LISTED]
    ]
    n_more = len(found) - LISTED
    more = texts("tasks-more", count=n_more) if n_more > 0 else ""
    return ui.listing(texts("tasks-header", count=len(found)), lines, more)


def state(doing: Doing, texts: Texts) -> str:
    """Return in a few words how far a member is with a task, or until when it is due."""
    if doing.work is not None:
        return marked(doing.work, texts)
    if doing.task.due_at is None:
        return texts("tasks-open")
    return texts("tasks-due", when=mentions.moment(doing.task.due_at, "R"))


def marked(work: Work, texts: Texts) -> str:
    """Return what was said of something that was handed in, in a few words."""
    return texts(f"tasks-mark-{work.mark or 'none'}")


def one(doing: Doing, texts: Texts, head: str = "") -> discord.ui.LayoutView:
    """Return a task with what the member handed in, and what they can do now."""
    task, work = doing.task, doing.work
    beside = texts("tasks-beside", title=ui.clip(ui.plain(doing.resource.title), 100))
    due = texts("tasks-until", when=mentions.moment(task.due_at, "f")) if task.due_at else ""
    return ui.panel(
        head,
        f"### 📝 {ui.clip(ui.plain(task.title), TITLE_MAX)}",
        ui.clip(ui.plain_lines(task.text), TEXT_MAX + 200),
        "-# " + " · ".join(filter(None, (beside, due))),
        _own(doing, work, texts) if work is not None else "",
        texts("tasks-to-mark", count=doing.n_waiting) if doing.n_waiting else "",
        rows=_rows(doing, texts),
    )


def _own(doing: Doing, work: Work, texts: Texts) -> str:
    """Return what the member handed in, and what was said of it."""
    late = texts("tasks-late") if is_late(doing.task, work) else ""
    head = (texts("tasks-yours"), marked(work, texts), late)
    lines = [" · ".join(filter(None, head)), _words(work)]
    if work.sentence:
        lines.append(texts("tasks-said", sentence=ui.plain(work.sentence)))
    shown = "tasks-is-shown" if work.is_shown else "tasks-is-private"
    return "\n".join(filter(None, lines)) + f"\n-# {texts(shown)}"


def _words(work: Work) -> str:
    """Return what was handed in, clipped, line by line as it was, for it may be a program."""
    text = ui.quoted(ui.clip(work.text, WORK_CLIP)) if work.text else ""
    return "\n".join(filter(None, (text, work.link)))


def _rows(doing: Doing, texts: Texts) -> list[list[discord.ui.Button[Any]]]:
    def button(step: str, label: str, style: Any = discord.ButtonStyle.secondary) -> Any:
        return ui.button(label, SHOW_ID.format(step=step, task_id=doing.task.task_id), style)

    work = doing.work
    row = []
    if doing.task.state == "live" and (work is None or not work.is_done):
        key = "tasks-hand-in" if work is None else "tasks-hand-in-again"
        row.append(button("hand-in", texts(key), discord.ButtonStyle.primary))
    if work is not None:
        row.append(button("share", texts("tasks-unshare" if work.is_shown else "tasks-share")))
    if doing.n_shown:
        row.append(button("works", texts("tasks-works", count=doing.n_shown)))
    return [row] if row else []


def works(doing: Doing, found: Sequence[Work], texts: Texts) -> discord.ui.LayoutView:
    """Return what members let others see of a task."""
    title = ui.clip(ui.plain(doing.task.title), TITLE_MAX)
    if not found:
        return ui.panel(texts("tasks-works-none", title=title))
    parts = [
        f"{ui.mention(each.user_id, texts)} · {marked(each, texts)}\n{_words(each)}"
        for each in found[:WORKS_SHOWN]
    ]
    more = len(found) - WORKS_SHOWN
    return ui.panel(
        texts("tasks-works-of", title=title),
        *parts,
        texts("tasks-works-more", count=more) if more > 0 else "",
    )


def ended(doing: Doing, texts: Texts) -> discord.ui.LayoutView:
    """Return that a task is out of sight."""
    title = ui.clip(ui.plain(doing.task.title), TITLE_MAX)
    return ui.panel(texts("tasks-ended", title=title), colour=ui.CAUTION)


def task_form(name: str, known: Task | None, due: str, texts: Texts) -> forms.Form:
    """Return the form of what there is to do; ``name`` is of the resource it is beside."""
    return forms.Form(
        "tasks:task",
        ui.clip(ui.bare(name), ui.MODAL_TITLE_MAX),
        [
            forms.text_field(
                "title",
                texts("tasks-field-title"),
                default=known.title if known else "",
                limit=TITLE_MAX,
            ),
            forms.text_field(
                "text",
                texts("tasks-field-text"),
                hint=texts("tasks-field-text-hint"),
                default=known.text if known else "",
                limit=TEXT_MAX,
                is_long=True,
            ),
            forms.text_field(
                "due",
                texts("tasks-field-due"),
                hint=texts("tasks-field-due-hint"),
                placeholder=DAY_HINT,
                default=due,
                limit=20,
                is_required=False,
            ),
        ],
    )


def work_form(doing: Doing, texts: Texts) -> forms.Form:
    """Return the form in which a member hands in, filled in with what they had."""
    known = doing.work
    return forms.Form(
        "tasks:work",
        ui.clip(ui.bare(doing.task.title), ui.MODAL_TITLE_MAX),
        [
            forms.text_field(
                "text",
                texts("tasks-field-work"),
                hint=texts("tasks-field-work-hint"),
                default=known.text if known else "",
                limit=WORK_MAX,
                is_long=True,
                is_required=False,
            ),
            forms.text_field(
                "link",
                texts("tasks-field-link"),
                hint=texts("tasks-field-link-hint"),
                default=known.link if known else "",
                limit=LINK_MAX,
                is_required=False,
            ),
        ],
    )


def letter(task: Task, work: Work, guild_name: str, texts: Texts) -> discord.ui.LayoutView:
    """Return the letter that says how something was marked."""
    return ui.panel(
        texts(
            f"tasks-letter-{work.mark}",
            title=ui.clip(ui.plain(task.title), TITLE_MAX),
            guild=ui.plain(guild_name),
        ),
        texts("tasks-said", sentence=ui.plain(work.sentence)) if work.sentence else "",
        colour=ui.CAUTION if work.mark == "again" else ui.GOOD,
    )


def choices(found: Sequence[Task], texts: Texts) -> list[app_commands.Choice[str]]:
    """Return tasks as suggestions of an option, ended ones marked."""
    return [
        app_commands.Choice(
            name=ui.clip(
                ui.bare(task.title)
                if task.state == "live"
                else texts("tasks-choice-ended", title=ui.bare(task.title)),
                ui.CHOICE_NAME_MAX,
            ),
            value=ids.choice(task.task_id),
        )
        for task in found[: ui.CHOICES_MAX]
    ]
