"""What members see of points: an account, and why it is so."""

from typing import Any

import discord

from bot import ui
from bot.i18n import Texts
from bot.mentions import moment
from bot.points.service import Account, Line, Statement
from bot.rewards.kinds import KINDS, Rule

BOARDS_ID = "points:{state}"
BOARDS_TEMPLATE = r"points:(?P<state>hide|show)"
_BAR_STEPS = 12
_EMOJI_SHOWN = 5
WHY_ID = "points:why:{page}"
WHY_TEMPLATE = r"points:why:(?P<page>\d{1,6})"
_STAKES = ("stake", "bounty", "change")
_SPOKEN = {*KINDS, *_STAKES, "award", "deduct", "opening", "spend", "hold", "rescore"}
"""Kinds of entries that have words of their own."""


def account(shown: Account, texts: Texts) -> discord.ui.LayoutView:
    """Return a member's own account, with the button that takes them off the boards."""
    entries = "\n".join(_entry(line, texts) for line in shown.entries)
    return ui.panel(
        f"## 🏅 {ui.amount_text(shown.amount, texts)}",
        f"{_level(shown, texts)}\n{_progress(shown, texts)}",
        "\n".join((_rank(shown, texts), _today(shown, texts))),
        f"### {texts('points-last')}\n{entries}"
        if entries
        else texts("points-how", emoji=" ".join(shown.helpful_emoji[:_EMOJI_SHOWN])),
        rows=[
            [
                ui.button(texts("points-why"), WHY_ID.format(page=1)),
                _boards_button(shown.is_hidden, texts),
            ]
        ],
    )


def statement(shown: Statement, texts: Texts) -> discord.ui.LayoutView:
    """Return a page of entries, newest first, with why each came to what it did."""
    if not shown.lines:
        return ui.panel(texts("points-why-none"))
    rules = {line.entry.kind: line.rule for line in shown.lines if line.rule is not None}
    terms = "\n".join(f"-# {_terms(kind, rule, texts)}" for kind, rule in rules.items())
    before, after = (WHY_ID.format(page=shown.page + step) for step in (-1, 1))
    turning = [
        ui.button(texts("points-why-newer"), before, disabled=shown.page <= 1),
        ui.button(texts("points-why-older"), after, disabled=not shown.has_more),
    ]
    return ui.panel(
        f"## {texts('points-why-title')}",
        *(_reasoned(line, texts) for line in shown.lines),
        terms,
        _good_day(shown, texts),
        rows=[turning] if shown.page > 1 or shown.has_more else (),
    )


def other_account(shown: Account, texts: Texts) -> discord.ui.LayoutView:
    """Return what one member may see of another: balance, level and rank, or nothing."""
    member = f"<@{shown.user_id}>"
    if shown.is_hidden:
        return ui.panel(texts("points-other-hidden", member=member))
    amount = ui.amount_text(shown.amount, texts)
    return ui.panel(
        f"## {texts('points-title-other', member=member, amount=amount)}",
        f"{_level(shown, texts)}\n{_rank(shown, texts)}",
    )


def rule_name(rule: str, texts: Texts) -> str:
    """Return a rule's name in words."""
    return texts(f"points-rule-{rule}")


def _level(shown: Account, texts: Texts) -> str:
    return f"**{texts('points-level', level=shown.level)}**"


def _progress(shown: Account, texts: Texts) -> str:
    if shown.ceiling is None:
        return texts("points-progress-top")
    done = (shown.amount - shown.floor) / (shown.ceiling - shown.floor)
    filled = min(max(int(done * _BAR_STEPS), 0), _BAR_STEPS)
    return texts(
        "points-progress",
        bar="▰" * filled + "▱" * (_BAR_STEPS - filled),
        amount=ui.amount_text(shown.ceiling - shown.amount, texts),
        next=shown.level + 1,
    )


def _rank(shown: Account, texts: Texts) -> str:
    if shown.is_hidden:
        return texts("points-rank-hidden")
    if shown.rank is None:
        return texts("points-rank-none")
    return texts("points-rank", rank=shown.rank)


def _today(shown: Account, texts: Texts) -> str:
    points, cap = ui.number_text(shown.capped_today), ui.number_text(shown.daily_cap)
    return texts("points-today", points=points, cap=cap)


def _entry(line: Line, texts: Texts) -> str:
    entry = line.entry
    sign = "+" if entry.amount >= 0 else "−"
    is_own = entry.reverses is None and not line.n_events
    at = entry.earned_at if is_own else entry.recorded_at
    return texts(
        "points-entry",
        change=f"**{sign}{ui.number_text(abs(entry.amount))}**",
        what=_what(line, texts),
        when=moment(at),
    )


def _what(line: Line, texts: Texts) -> str:
    kind, rescore = line.entry.kind, line.rescore
    if line.n_events and rescore is not None:
        state = "rescored" if rescore.undoes is None else "undone"
        since = moment(rescore.since_at, "D")
        return texts(f"points-entry-{state}", count=line.n_events, since=since)
    state = "entry" if line.entry.reverses is None else "back"
    if kind in _SPOKEN:
        return texts(f"points-{state}-{kind}")
    return texts("points-entry-other", kind=kind)


def _reasoned(line: Line, texts: Texts) -> str:
    """Return an entry with a link to its message and the reasons behind it."""
    entry, notes = line.entry, []
    is_hold = entry.kind == "hold"
    if line.is_held or (is_hold and entry.reverses is None):
        notes.append(texts("points-why-held"))
    notes += _explained(line, texts)
    if entry.reason and not is_hold:  # what a moderator suspects is no verdict
        key = "points-why-bought" if entry.kind == "spend" else "points-why-reason"
        notes.append(texts(key, reason=ui.plain(entry.reason)))
    if line.rescore is not None:
        reason = ui.plain(line.rescore.reason) or texts("points-why-erased")
        notes.append(texts("points-why-reason", reason=reason))
    if line.rule is not None:
        notes.append(texts("points-why-version", version=entry.rule_set))
    told = _entry(line, texts)
    if line.channel_id is not None:
        url = f"https://discord.com/channels/{entry.guild_id}/{line.channel_id}/{entry.source_id}"
        told += f" · [{texts('points-why-message')}]({url})"
    return "\n-# ".join((told, " · ".join(notes))) if notes else told


def _explained(line: Line, texts: Texts) -> list[str]:
    """Return why an entry was not paid in full, a sentence for each reason."""
    why = line.explained
    if why is None or why.why == "full":
        return []
    told = [texts(f"points-why-{why.why}", n=why.n)]
    if why.why in ("newcomer", "unanswered") and why.n > 1:
        told.append(texts("points-why-share", n=why.n))
    return told


def _good_day(shown: Statement, texts: Texts) -> str:
    """Return what a good day looks like here, in one sentence; nothing where nothing pays."""
    if not shown.day:
        return ""
    parts = [
        texts(f"points-day-{part.kind}", n=part.n, points=ui.number_text(part.amount))
        for part in shown.day
    ]
    whole = ui.amount_text(sum(part.amount for part in shown.day), texts)
    return "-# " + texts("points-day", parts=texts("points-day-and").join(parts), amount=whole)


def _terms(kind: str, rule: Rule, texts: Texts) -> str:
    told = texts(
        "points-why-terms",
        rule=rule_name(kind, texts),
        amount=ui.amount_text(rule.points, texts),
        count=rule.per_day,
    )
    cooldown = texts("points-why-cooldown", count=rule.cooldown_s) if rule.cooldown_s else ""
    capped = texts("points-why-capped") if rule.is_capped else ""
    return " · ".join(part for part in (told, cooldown, capped) if part)


def _boards_button(is_hidden: bool, texts: Texts) -> discord.ui.Button[Any]:
    state = "show" if is_hidden else "hide"
    return ui.button(texts(f"points-{state}"), BOARDS_ID.format(state=state))
