"""What is handed in, as whoever marks it sees it: the queue, one, and the form of a mark."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import forms, mentions, ui
from bot.i18n import Texts
from bot.tasks import views
from bot.tasks.marking import MARKS
from bot.tasks.service import SENTENCE_MAX, Doing, is_late
from storage.records import Task, Verdict, Work

QUEUE_ID = "tasks:queue"
CASE_ID = "tasks:case:{work_id}"
CASE_TEMPLATE = r"tasks:case:(?P<work_id>\d+)"
MARK_ID = "tasks:mark:{mark}:{work_id}:{at}"
MARK_TEMPLATE = r"tasks:mark:(?P<mark>done|again|excellent):(?P<work_id>\d+):(?P<at>\d+)"
_STYLES = {
    "done": discord.ButtonStyle.success,
    "excellent": discord.ButtonStyle.primary,
    "again": discord.ButtonStyle.secondary,
}


def queue(
    waiting: Sequence[tuple[Task, Work]], n_all: int, texts: Texts, last: Work | None = None
) -> discord.ui.LayoutView:
    """Return what waits for a mark, the oldest first, and a menu of it, after what was marked."""
    head, rows = "", []
    if last is not None:
        who = ui.mention(last.user_id, texts)
        head = texts("tasks-marked", who=who, mark=views.marked(last, texts))
        rows = [[ui.button(texts("tasks-remark"), CASE_ID.format(work_id=last.work_id))]]
    if not waiting:
        return ui.panel(head, texts("tasks-queue-none"), colour=ui.GOOD, rows=rows)
    options = [
        discord.SelectOption(
            label=ui.clip(f"{place}. {ui.bare(task.title)}", ui.OPTION_LABEL_MAX),
            description=ui.clip(ui.bare(work.text or work.link), ui.OPTION_LABEL_MAX) or None,
            value=str(work.work_id),
        )
        for place, (task, work) in enumerate(waiting, start=1)
    ]
    menu = ui.select(QUEUE_ID, options, texts("tasks-queue-choose"))
    return ui.panel(head, texts("tasks-queue", count=n_all), rows=[[menu], *rows])


def case(doing: Doing, work: Work, texts: Texts) -> discord.ui.LayoutView:
    """Return what somebody handed in, whole, and the buttons that mark it."""
    late = texts("tasks-late") if is_late(doing.task, work) else ""
    when = mentions.moment(work.handed_in_at, "R")
    head = texts("tasks-case", who=ui.mention(work.user_id, texts), when=when)
    said = f"**{views.marked(work, texts)}**" if work.mark else ""
    sentence = texts("tasks-said", sentence=ui.plain(work.sentence)) if work.sentence else ""
    return ui.panel(
        f"### 📝 {ui.clip(ui.plain(doing.task.title), 100)}",
        " · ".join(filter(None, (head, late))),
        ui.quoted(work.text) if work.text else "",
        work.link,
        "\n".join(filter(None, (said, sentence))),
        colour=ui.GOOD if work.is_done else ui.ACCENT,
        rows=[_buttons(work, texts)],
    )


def mark_form(doing: Doing, mark: Verdict, work: Work, texts: Texts) -> forms.Form:
    """Return the form of a sentence; who should do it again needs one."""
    sentence = forms.text_field(
        "sentence",
        texts("tasks-field-sentence"),
        hint=texts(f"tasks-field-sentence-{mark}"),
        default=work.sentence,
        limit=SENTENCE_MAX,
        is_long=True,
        is_required=mark == "again",
    )
    return forms.Form(
        "tasks:mark", ui.clip(ui.bare(doing.task.title), ui.MODAL_TITLE_MAX), [sentence]
    )


def _buttons(work: Work, texts: Texts) -> list[discord.ui.Button[Any]]:
    """Return a button a mark; what it has already can be said otherwise, and only that."""
    return [
        ui.button(
            texts(f"tasks-as-{mark}"),
            MARK_ID.format(mark=mark, work_id=work.work_id, at=int(work.handed_in_at)),
            _STYLES[mark],
        )
        for mark in MARKS
    ]
