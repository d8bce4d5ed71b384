"""What members see of questions: the card in a thread, its reminders, what its buttons ask."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bot import cards, ui
from bot.i18n import Texts
from bot.mentions import moment
from bot.questions.known import Known
from bot.questions.looking import Fitting
from bot.rewards.kinds import POINT
from storage.records import Answer, PostKind, Question, Resource

LIST_ID = "question:list:{by}:{question_id}"
LIST_TEMPLATE = r"question:list:(?P<by>card|nudge|still):(?P<question_id>\d+)"
PICK_ID = "question:pick:{question_id}"
PICK_TEMPLATE = r"question:pick:(?P<question_id>\d+)"
TAKE_ID = "question:take:{question_id}:{message_id}"
TAKE_TEMPLATE = r"question:take:(?P<question_id>\d+):(?P<message_id>\d+)"
DO_ID = "question:do:{deed}:{question_id}"
DO_TEMPLATE = r"question:do:(?P<deed>self|same|close|open|plain|reopen|bounty):(?P<question_id>\d+)"
MORE_ID = "question:more:{question_id}"
MORE_TEMPLATE = r"question:more:(?P<question_id>\d+)"
FOLLOW_ID = "question:follow:{question_id}"
FOLLOW_TEMPLATE = r"question:follow:(?P<question_id>\d+)"
RESOURCE_ID = "question:resource:{question_id}"
RESOURCE_TEMPLATE = r"question:resource:(?P<question_id>\d+)"

_SUGGESTED = 3
_MARKS = {"open": "💬", "answered": "💡", "solved": "✅", "stale": "💤", "closed": "⚪"}


def url_of(question: Question, message_id: int | None = None) -> str:
    """Return where a question is asked, or one message in its thread."""
    address = f"https://discord.com/channels/{question.guild_id}/{question.thread_id}"
    return f"{address}/{message_id}" if message_id is not None else address


def link(question: Question) -> str:
    """Return a question's title as a link to its thread."""
    return f"[{ui.clip(ui.plain(question.title), 100)}]({url_of(question)})"


# ---------------------------------------------------------------------------- the card


def is_worth_posting(known: Known, fitting: Fitting) -> bool:
    """Say whether a card has anything good to say yet."""
    question = known.question
    is_told = question.bounty > 0 or question.duplicate_of is not None or question.n_asked > 0
    has_news = question.state != "open" or is_told
    return has_news or bool(fitting.resources or fitting.questions)


def card(known: Known, fitting: Fitting, texts: Texts) -> discord.ui.LayoutView:
    """Return a question's card, the same for everybody who reads the thread."""
    question = known.question
    mark = _MARKS[question.state]
    paragraphs = [
        f"### {mark} {texts(f'questions-card-{question.state}')}",
        "\n".join(_facts(known, texts)),
    ]
    is_over = question.state in ("solved", "closed")
    resources = () if question.is_plain or is_over else fitting.resources[:_SUGGESTED]
    if resources or (fitting.questions and not question.is_plain and not is_over):
        paragraphs.append(_suggested(fitting, resources, texts))
    if not is_over:
        paragraphs.append(f"-# {texts('questions-card-how')}")
    is_one = len(resources) == 1
    opening = [
        _open_button(one, texts, None if is_one else n) for n, one in enumerate(resources, 1)
    ]
    rows = [opening] if opening else []
    rows.append(_card_row(known, texts))
    colour = ui.GOOD if question.state == "solved" else ui.ACCENT
    return ui.panel(*filter(None, paragraphs), colour=colour, rows=rows)


def _facts(known: Known, texts: Texts) -> list[str]:
    """Return what is to be said of a question, a line each."""
    question = known.question
    lines = [
        texts(
            "questions-card-accepted",
            member=ui.mention(answer.user_id, texts),
            url=url_of(question, answer.message_id),
        )
        for answer in known.accepted
    ]
    if question.solved_by == "resource" and known.resource is not None:
        title = ui.clip(ui.plain(known.resource.title), 100)
        lines.append(texts("questions-card-resource", title=title))
    elif question.solved_by is not None:
        lines.append(texts(f"questions-card-by-{question.solved_by}"))
    if known.original is not None:
        lines.append(texts("questions-card-original", link=link(known.original)))
    if (offered := _offered(known)) is not None:
        lines.append(
            texts(
                "questions-card-offered",
                asker=ui.mention(question.user_id, texts),
                member=ui.mention(offered.user_id, texts),
            )
        )
    if question.n_asked and question.state in ("open", "answered", "stale"):
        lines.append(
            texts("questions-card-asked", count=question.n_asked, coming=question.n_coming)
        )
    if question.bounty_state != "none":
        lines.append(bounty_line(question, texts))
    return lines


def bounty_line(question: Question, texts: Texts) -> str:
    """Return what became of a bounty."""
    return texts(
        f"questions-bounty-{question.bounty_state}",
        amount=ui.amount_text(question.bounty, texts),
        until=moment(question.asked_at + 72 * 3_600),
    )


def _offered(known: Known) -> Answer | None:
    if known.question.state == "solved":
        return None
    wanted = known.question.offered_id
    return next((a for a in known.answers if a.message_id == wanted), None)


def _suggested(fitting: Fitting, resources: Sequence[Resource], texts: Texts) -> str:
    lines = [f"**{texts('questions-card-fitting')}**"]
    lines += [f"- ✅ {link(each)}" for each in fitting.questions[:2]]
    lines += [
        f"{n}. {ui.clip(ui.plain(one.title), 100)}\n-# {cards.facts(one, texts)}"
        for n, one in enumerate(resources, 1)
    ]
    return "\n".join(lines)


def _open_button(resource: Resource, texts: Texts, n: int | None) -> discord.ui.Button[Any]:
    """Return the button that opens a suggestion, by its number where there are several."""
    return ui.button(
        texts("card-open") if n is None else texts("questions-open", n=n),
        cards.PUBLIC_OPEN_ID.format(resource_id=resource.resource_id),
    )


def _card_row(known: Known, texts: Texts) -> list[discord.ui.Button[Any]]:
    question = known.question
    number = question.question_id
    if question.state in ("solved", "closed"):
        return [
            ui.button(texts("questions-reopen"), do_id("reopen", number)),
            _follow(known, texts),
        ]
    row = []
    if (offered := _offered(known)) is not None:
        taking = TAKE_ID.format(question_id=number, message_id=offered.message_id)
        row.append(ui.button(texts("questions-take"), taking, discord.ButtonStyle.success))
    if known.answers:
        row.append(
            ui.button(
                texts("questions-accept"),
                LIST_ID.format(by="card", question_id=number),
                discord.ButtonStyle.secondary if row else discord.ButtonStyle.success,
            )
        )
    row.append(_follow(known, texts))
    row.append(ui.button(texts("questions-more"), MORE_ID.format(question_id=number)))
    return row


def _follow(known: Known, texts: Texts) -> discord.ui.Button[Any]:
    label = texts("questions-follow", count=known.n_followers)
    return ui.button(label, FOLLOW_ID.format(question_id=known.question.question_id))


def do_id(deed: str, question_id: int) -> str:
    """Return the id of the button that does something about a question."""
    return DO_ID.format(deed=deed, question_id=question_id)


# --------------------------------------------------------------------------- reminders


def reminder(kind: PostKind, question: Question, texts: Texts) -> discord.ui.LayoutView:
    """Return a reminder to the asker, who is mentioned."""
    number = question.question_id
    told = texts(f"questions-{kind}", member=ui.mention(question.user_id, texts))
    row = [
        ui.button(
            texts("questions-accept"),
            LIST_ID.format(by=kind, question_id=number),
            discord.ButtonStyle.success,
        ),
        ui.button(texts("questions-do-self"), do_id("self", number)),
    ]
    if kind == "still":
        row.append(ui.button(texts("questions-do-open"), do_id("open", number)))
    return ui.panel(told, rows=[row])


def same(known: Known, texts: Texts) -> discord.ui.LayoutView:
    """Return the notice to the asker that this was asked before, and where."""
    question, original = known.question, known.original
    told = texts(
        "questions-same",
        member=ui.mention(question.user_id, texts),
        link=link(original) if original is not None else "",
    )
    answers = ui.button(
        texts("questions-do-same"),
        do_id("same", question.question_id),
        discord.ButtonStyle.success,
    )
    row = [answers]
    if original is not None:
        row.append(ui.link_button(texts("card-open"), url_of(original)))
    return ui.panel(told, rows=[row])


# ---------------------------------------------------------------- what the buttons ask


def answers(known: Known, names: Mapping[int, str | None], texts: Texts) -> discord.ui.LayoutView:
    """Return the last answers by author and time, to choose the one that helped."""
    question = known.question
    shown = list(known.answers)[-ui.CHOICES_MAX :][::-1][:10]
    if not shown:
        return ui.panel(texts("questions-no-answers"), colour=ui.CAUTION)
    lines = [
        f"{n}. {ui.mention(answer.user_id, texts)} · {moment(answer.written_at)}"
        f" · [{texts('questions-look')}]({url_of(question, answer.message_id)})"
        for n, answer in enumerate(shown, 1)
    ]
    options = [
        discord.SelectOption(
            label=ui.clip(
                f"{n}. {ui.bare(names.get(answer.user_id) or texts('questions-somebody'))}",
                ui.OPTION_LABEL_MAX,
            ),
            value=str(answer.message_id),
            emoji="✅" if answer.accepted_at is not None else None,
        )
        for n, answer in enumerate(shown, 1)
    ]
    picking = PICK_ID.format(question_id=question.question_id)
    return ui.panel(
        f"**{texts('questions-which')}**",
        "\n".join(lines),
        rows=[[ui.select(picking, options, texts("questions-which"))]],
    )


def more(
    known: Known, fitting: Fitting, texts: Texts, *, is_moderator: bool
) -> discord.ui.LayoutView:
    """Return what else can be said about a question."""
    question = known.question
    number = question.question_id
    row = [
        ui.button(texts("questions-do-self"), do_id("self", number)),
        ui.button(texts("questions-do-close"), do_id("close", number)),
        ui.button(
            texts("questions-do-suggest" if question.is_plain else "questions-do-plain"),
            do_id("plain", number),
        ),
    ]
    if is_moderator and question.bounty_state == "staked":
        row.append(ui.button(texts("questions-do-bounty"), do_id("bounty", number)))
    rows: list[Any] = [row]
    if fitting.resources:
        options = [
            discord.SelectOption(
                label=ui.clip(ui.bare(one.title), ui.OPTION_LABEL_MAX), value=str(one.resource_id)
            )
            for one in fitting.resources
        ]
        solving = RESOURCE_ID.format(question_id=number)
        rows.append([ui.select(solving, options, texts("questions-which-resource"))])
    return ui.panel(texts("questions-more-text"), rows=rows)


def done(key: str, texts: Texts, **variables: Any) -> discord.ui.LayoutView:
    """Return a short sentence that something is done."""
    return ui.panel(texts(key, **variables), colour=ui.GOOD)


def accepted(known: Known, message_id: int, texts: Texts) -> discord.ui.LayoutView:
    """Return that an answer is accepted, and what its author gets."""
    question = known.question
    answer = next((a for a in known.answers if a.message_id == message_id), None)
    member = ui.mention(answer.user_id if answer else 0, texts)
    is_paid = answer is not None and answer.turn > 0
    key = "questions-accepted" if is_paid else "questions-accepted-unpaid"
    lines = [texts(key, member=member)]
    if question.bounty_answer == message_id:
        lines.append(
            texts("questions-accepted-bounty", amount=ui.amount_text(question.bounty, texts))
        )
    return ui.panel("\n".join(lines), colour=ui.GOOD)


# ------------------------------------------------------------------------------- lists


def found(
    header: str,
    questions: Sequence[Question],
    n_followers: Mapping[int, int],
    texts: Texts,
    *,
    n_all: int,
    empty: str,
) -> discord.ui.LayoutView:
    """Return a list of questions, each with how it stands."""
    if not questions:
        return ui.panel(empty, colour=ui.CAUTION)
    lines = [
        _line(question, n_followers.get(question.question_id, 0), texts) for question in questions
    ]
    footer = (
        texts("questions-more-there", count=n_all - len(questions))
        if n_all > len(questions)
        else ""
    )
    return ui.panel(f"## {header}", "\n".join(lines), f"-# {footer}" if footer else "")


def _line(question: Question, n_followers: int, texts: Texts) -> str:
    details = [texts(f"questions-state-{question.state}"), moment(question.asked_at)]
    if question.tags:
        details.append(cards.tags(question.tags[:3], texts))
    if n_followers:
        details.append(texts("questions-n-too", count=n_followers))
    if question.bounty_state == "staked":
        details.append(f"🪙 {question.bounty // POINT}")
    return f"{_MARKS[question.state]} **{link(question)}**\n-# {' · '.join(details)}"
