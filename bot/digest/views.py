"""The letter a member gets, its buttons and menus, and the answers of the digest commands."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import discord

from bot import cards, mentions, ui
from bot.cards import Card
from bot.digest.answers import WORDS
from bot.digest.claims import Parcel, Preview
from bot.digest.ends import End
from bot.digest.gathering import Week
from bot.digest.showing import Pick
from bot.digest.subscriptions import Status
from bot.i18n import Texts
from storage.records import UNLOGGED, Question

STOP_TEMPLATE = r"digest:stop:(?P<delivery_id>\d+)"
KEEP_TEMPLATE = r"digest:keep:(?P<delivery_id>\d+)"
SAY_TEMPLATE = r"digest:say:(?P<impression_id>\d+)"
_GUILD_NAME_MAX = 80
_TITLE_MAX = 120
_SUMMARY_MAX = 110


def stop_id(delivery_id: int) -> str:
    """Return the id of a letter's stop button, by which the letter is found again too."""
    return f"digest:stop:{delivery_id}"


def letter(
    guild_name: str,
    parcel: Parcel,
    texts: Texts,
    week: Week | None = None,
    ending: Sequence[End] = (),
) -> discord.ui.LayoutView:
    """Return the direct message of a claimed delivery."""
    guild = ui.clip(ui.plain(guild_name), _GUILD_NAME_MAX)
    number, note = parcel.delivery.delivery_id, parcel.delivery.note
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(texts("digest-greeting", guild=guild)))
    _add_items(view, parcel.picks, texts)
    if week is not None:
        view.add_item(discord.ui.TextDisplay(week_line(week, texts)))
    _add_ends(view, ending, texts)
    if note is not None:
        view.add_item(discord.ui.TextDisplay(texts(f"digest-note-{note}")))
    footer = texts("digest-footer", guild=guild)
    view.add_item(discord.ui.TextDisplay(f"-# {footer}"))
    row = [ui.button(texts("digest-stop"), stop_id(number))]
    if note == "asking":
        keep = ui.button(texts("digest-keep"), f"digest:keep:{number}", discord.ButtonStyle.primary)
        row.insert(0, keep)
    view.add_item(discord.ui.ActionRow(*row))
    return ui.stateless(view)


def preview(
    shown: Preview,
    texts: Texts,
    *,
    is_on: bool,
    week: Week | None = None,
    ending: Sequence[End] = (),
) -> discord.ui.LayoutView:
    """Return what the next digest would show, and whether it would be sent."""
    view = discord.ui.LayoutView(timeout=None)
    key = "digest-preview-next" if is_on else "digest-preview"
    view.add_item(discord.ui.TextDisplay(texts(key)))
    if not shown.is_worth_sending:
        view.add_item(discord.ui.TextDisplay(_too_little(len(shown.picks), shown.n_gated, texts)))
    _add_items(view, shown.picks, texts)
    if week is not None:
        view.add_item(discord.ui.TextDisplay(week_line(week, texts)))
    _add_ends(view, ending, texts)
    footer = texts("digest-preview-footer")
    view.add_item(discord.ui.TextDisplay(f"-# {footer}"))
    return ui.stateless(view)


def _add_items(view: discord.ui.LayoutView, picks: Sequence[Pick], texts: Texts) -> None:
    """Add the items by section: cards with their buttons and menu, questions as lines."""
    for section, own in groupby(picks, key=lambda pick: pick.item.section):
        name = texts(f"digest-section-{_dashed(section)}")
        heading = f"**{name}**"
        lines = []
        for pick in own:
            if pick.question is not None:
                lines.append(_question_line(pick.question, texts))
            elif pick.resource is not None:
                for item in _card(pick, heading, texts):
                    view.add_item(item)
                heading = ""
        if lines:
            view.add_item(discord.ui.TextDisplay("\n".join([heading, *lines])))


def _card(pick: Pick, heading: str, texts: Texts) -> Iterator[Any]:
    """Yield a card's parts: its text, Open and Save, and what the member may say of it."""
    resource, item = pick.resource, pick.item
    assert resource is not None
    lines = [heading, f"### {ui.clip(ui.plain(resource.title), _TITLE_MAX)}"]
    lines.append(f"-# {cards.facts(resource, texts)}")
    if resource.summary:
        lines.append(ui.clip(ui.plain(resource.summary), _SUMMARY_MAX))
    if item.why is not None:
        lines.append(f"-# 💡 {cards.why_text(item.why, texts)}")
    yield discord.ui.TextDisplay("\n".join(line for line in lines if line))
    shown = Card(resource=resource, impression_id=item.impression_id, url=item.url)
    yield discord.ui.ActionRow(*cards.card_row(shown, texts)[:2])
    if item.impression_id < UNLOGGED:
        options = [
            discord.SelectOption(label=texts(f"digest-say-{_dashed(word)}"), value=word)
            for word in WORDS
        ]
        menu = ui.select(f"digest:say:{item.impression_id}", options, texts("digest-say"))
        yield discord.ui.ActionRow(menu)


def _question_line(question: Question, texts: Texts) -> str:
    title = ui.clip(ui.plain(question.title), _TITLE_MAX)
    address = f"https://discord.com/channels/{question.guild_id}/{question.thread_id}"
    return texts("digest-question", title=title, address=address)


def _add_ends(view: discord.ui.LayoutView, ending: Sequence[End], texts: Texts) -> None:
    if ending:
        view.add_item(discord.ui.TextDisplay("\n".join(_end_line(end, texts) for end in ending)))


def _end_line(end: End, texts: Texts) -> str:
    title = ui.clip(ui.plain(end.title), _TITLE_MAX)
    when = mentions.moment(end.notice.about_at, "D")
    return texts("digest-renews" if end.is_renewed else "digest-ends", title=title, when=when)


def week_line(week: Week, texts: Texts) -> str:
    """Return a member's own week in one line."""
    parts = [texts("digest-week-points", count=ui.points(week.amount))]
    if week.streak:
        parts.append(texts("digest-week-streak", count=week.streak))
    if week.place is not None:
        parts.append(texts("digest-week-place", place=week.place))
    return texts("digest-week", parts=" · ".join(parts))


def _too_little(n_left: int, n_gated: int, texts: Texts) -> str:
    if n_gated:
        return texts("digest-gated", left=n_left, gated=n_gated)
    return texts("digest-too-little", left=n_left)


def answered(word: str, title: str, texts: Texts) -> discord.ui.LayoutView:
    """Return the answer to something said of a card."""
    return ui.panel(
        texts(f"digest-said-{_dashed(word)}", title=ui.clip(ui.plain(title), _TITLE_MAX))
    )


def turned_on(status: Status, texts: Texts) -> discord.ui.LayoutView:
    """Return the answer to turning digests on."""
    return ui.panel(
        texts("digest-on", **_when(status, texts)), texts("digest-on-how"), colour=ui.GOOD
    )


def time_set(status: Status, texts: Texts) -> discord.ui.LayoutView:
    """Return the answer to choosing a time."""
    key = "digest-time-on" if status.setting.is_on else "digest-time-off"
    return ui.panel(texts(key, **_when(status, texts)))


def status_panel(status: Status, texts: Texts) -> discord.ui.LayoutView:
    """Return whether, when and where the member gets digests."""
    setting = status.setting
    state = "off" if not setting.is_on else "closed" if setting.closed_at else "on"
    colour = {"on": ui.GOOD, "off": ui.ACCENT, "closed": ui.CAUTION}[state]
    last = texts("digest-last", when=mentions.moment(status.sent_at, "R")) if status.sent_at else ""
    skipped = status.skipped
    why = ""
    if skipped is not None and setting.is_on:
        n_left = _number_in(skipped.error)
        reason = _too_little(n_left, skipped.n_gated, texts)
        why = texts("digest-skipped", when=mentions.moment(skipped.claimed_at, "R"), reason=reason)
    return ui.panel(
        texts(f"digest-status-{state}", **_when(status, texts)),
        _pace(status, texts),
        last,
        why,
        colour=colour,
    )


def pace_set(status: Status, texts: Texts) -> discord.ui.LayoutView:
    """Return the answer to choosing how often, or a pause."""
    key = "digest-time-on" if status.setting.is_on else "digest-time-off"
    return ui.panel(texts(key, **_when(status, texts)), _pace(status, texts))


def _pace(status: Status, texts: Texts) -> str:
    """Return what is to be known of how often letters come, beside when."""
    setting = status.setting
    lines = []
    if status.is_given_up:
        lines.append(texts("digest-pace-stopped"))
    elif status.is_slowed:
        lines.append(texts("digest-pace-slowed", every=texts(f"digest-every-{setting.cadence}")))
    if setting.paused_until and setting.paused_until > status.now:
        day = mentions.moment(setting.paused_until, "D")
        lines.append(texts("digest-pace-paused", until=day))
    return "\n".join(lines)


def _number_in(reason: str | None) -> int:
    found = re.match(r"only (\d+)", reason or "")
    return int(found[1]) if found else 0


def _when(status: Status, texts: Texts) -> dict[str, str]:
    setting = status.setting
    return {
        "every": texts(f"digest-every-{status.every}"),
        "weekday": texts(f"digest-weekday-{setting.weekday}"),
        "hour": f"{setting.hour:02d}:00",
        "zone": status.time_zone,
        "next": mentions.moment(setting.due_at, "F") if setting.due_at else "–",
    }


def _dashed(word: str) -> str:
    return word.replace("_", "-")
