"""The log as moderators read it, on a page and in a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot import dates, mentions, ui
from bot.audit.service import Asked, Page, kind_of
from bot.i18n import Texts
from storage.records import AuditRow

TURN_ID = "audit:{way}:{pivot}:{kind}:{member}:{moderator}:{since}"
_ASKED = r"(?P<kind>[a-z]*):(?P<member>\d{1,20}):(?P<moderator>\d{1,20}):(?P<since>\d{1,11})"
TURN_TEMPLATE = rf"audit:(?P<way>newest|older|newer):(?P<pivot>\d{{1,19}}):{_ASKED}"
FILE_ID = "audit:file:{kind}:{member}:{moderator}:{since}"
FILE_TEMPLATE = rf"audit:file:{_ASKED}"
ENTRY_MAX = 450
TITLE_MAX = 80
CHANGES_SHOWN = 3
NAMED_MAX = 3
"""Members whom an entry names one by one; of more it says how many."""

COLUMNS = ("time", "moderator", "moderator-name", "kind", "what", "members", "reason")


@dataclass(frozen=True, slots=True)
class _Hand:
    """How an entry is written: for Discord, or for a file that knows no markdown."""

    plain: Callable[[str], str]
    moment: Callable[[float], str]
    day: Callable[[float], str]


_DISCORD = _Hand(
    plain=ui.plain,
    moment=lambda at: mentions.moment(at, "f"),
    day=lambda at: mentions.moment(at, "D"),
)
_FILE = _Hand(
    plain=ui.bare,
    moment=lambda at: dates.utc(at).isoformat(timespec="seconds"),
    day=lambda at: dates.utc(at).date().isoformat(),
)


def page(shown: Page, texts: Texts) -> discord.ui.LayoutView:
    """Return a page of the log with buttons that turn it and one that makes a file of it."""
    title = f"## {texts('audit-title')}\n-# {_filters(shown.asked, texts)}"
    if not shown.rows:
        back = [[_turn("newest", 0, shown, texts)]] if shown.has_newer or shown.has_older else []
        return ui.panel(title, texts("audit-none"), rows=back)
    newer = _turn("newer", shown.rows[0].audit_id, shown, texts, disabled=not shown.has_newer)
    older = _turn("older", shown.rows[-1].audit_id, shown, texts, disabled=not shown.has_older)
    file = ui.button(texts("audit-file"), FILE_ID.format(**_carried(shown.asked)))
    return ui.panel(title, *(_entry(row, texts) for row in shown.rows), rows=[[newer, older, file]])


def table(
    rows: Sequence[AuditRow], names: Mapping[int, str | None], texts: Texts
) -> list[list[str]]:
    """Return entries as rows of text below their heads, with the known names of who decided."""
    heads = [texts(f"audit-column-{column}") for column in COLUMNS]
    return [heads, *(_cells(row, names, texts) for row in rows)]


def exported(n_rows: int, is_all: bool, texts: Texts) -> str:
    """Return what stands beside the file."""
    return texts("audit-exported" if is_all else "audit-exported-newest", n=n_rows)


def _entry(row: AuditRow, texts: Texts) -> str:
    line = texts(
        "audit-line",
        when=_DISCORD.moment(row.occurred_at),
        who=ui.mention(row.actor_id, texts),
        what=_what(row, texts, _DISCORD),
    )
    reason = _reason(row, _DISCORD)
    return ui.clip(f"{line}\n-# {reason}" if reason else line, ENTRY_MAX)


def _cells(row: AuditRow, names: Mapping[int, str | None], texts: Texts) -> list[str]:
    return [
        _FILE.moment(row.occurred_at),
        ui.mention(row.actor_id, texts),
        ui.bare(names.get(row.actor_id) or ""),
        texts(f"audit-kind-{kind_of(row.action)}"),
        _what(row, texts, _FILE),
        " ".join(ui.mention(user_id, texts) for user_id in row.about),
        _reason(row, _FILE),
    ]


def _reason(row: AuditRow, hand: _Hand) -> str:
    return hand.plain(str(row.details.get("reason") or ""))


def _what(row: AuditRow, texts: Texts, hand: _Hand) -> str:
    """Return what was done, in words, with whatever the entry knows of it."""
    key = f"audit-action-{row.action.replace('.', '-')}"
    return texts(key, **_told(row, texts, hand))


def _told(row: AuditRow, texts: Texts, hand: _Hand) -> dict[str, str | int]:
    """Return the variables of every text of an action; what an entry lacks is a dash."""
    known, nothing = row.details, texts("audit-unknown")
    return {
        "subject": hand.plain(row.subject) or nothing,
        "title": ui.clip(hand.plain(str(known.get("title") or "")), TITLE_MAX) or nothing,
        "before": _value(row, "before", texts),
        "after": _value(row, "after", texts),
        "members": _people(row, texts),
        "amount": ui.amount_text(abs(int(known.get("amount") or 0)), texts),
        "entries": int(known.get("entries") or 0),
        "n": int(known.get("n") or 0),
        "changed": int(known.get("changed") or 0),
        "version": int(known.get("version") or 0),
        "since": hand.day(known["since"]) if known.get("since") else nothing,
        "fields": _fields(row, texts, hand) or nothing,
        "changes": _changes(known.get("changes") or {}, texts, hand),
        "place": _word(f"levels-place-{known.get('place')}", nothing, texts),
        "channel": f"<#{known['channel_id']}>" if known.get("channel_id") else 0,
        "role": mentions.role(row.subject),
        "level": int(known.get("level") or 0),
        "confirm": str(bool(known.get("confirm"))).lower(),
        "state": str(known.get("state") or ""),
    }


def _people(row: AuditRow, texts: Texts) -> str:
    if 0 < len(row.about) <= NAMED_MAX:
        return ", ".join(ui.mention(user_id, texts) for user_id in row.about)
    n_members = len(row.about) or int(row.details.get("members") or 0)
    return texts("audit-members", n=n_members)


def _value(row: AuditRow, side: str, texts: Texts) -> str:
    value = str(row.details.get(side, ""))
    match row.action:
        case "server-language":
            return _word(f"profile-language-{value}", value, texts)
        case "server-consent-policy":
            return _word(f"profile-policy-{value}", value, texts)
    return value


def _word(key: str, stored: str, texts: Texts) -> str:
    """Return a stored word as members read it; the log outlives what is called so today."""
    try:
        return texts(key)
    except KeyError:
        return stored


_OF_SHOP = {"from_at": "from", "until_at": "until", "needs_role_id": "needs-role"}
_OF_PRODUCT = {
    "price_minor": "price",
    "role_id": "role",
    "grace_days": "grace",
    "buy_url": "link",
    "keys": "key",
    "resources": "resource",
}
_OF_RESOURCE = {"price_minor": "price", "creator_id": "creator-member", "role_id": "role"}

_VOCABULARIES: Mapping[str, tuple[Mapping[str, str], str]] = {
    "shop": (_OF_SHOP, "shop-field"),
    "product": (_OF_PRODUCT, "purchases-opt"),
}
"""By the beginning of an action: how its fields are called, and where their words stand."""


def _fields(row: AuditRow, texts: Texts, hand: _Hand) -> str:
    """Return which fields were changed, with what they were and became where that is kept."""
    named, kept = row.details.get("fields") or (), row.details.get("values") or {}
    words, room = _VOCABULARIES.get(row.action.partition(".")[0], (_OF_RESOURCE, "catalog-opt"))
    told = []
    for name in named:
        key = words.get(name, name.replace("_", "-"))
        word = _word(f"{room}-{key}", key, texts)
        if name in kept:
            before, after = (_field_value(name, value, hand) for value in kept[name])
            word = f"{word} {before} → {after}"
        told.append(word)
    return ", ".join(told)


def _field_value(name: str, value: str | int | float | None, hand: _Hand) -> str:
    """Return what a field was or became, as moderators read it."""
    if value is None or value == "":
        return "–"
    if name.endswith("_at"):
        return hand.moment(float(value))
    if name.endswith("role_id"):
        return mentions.role(str(value))
    if name == "price":
        return str(ui.points(int(value)))
    return hand.plain(str(value))


def _changes(changes: Mapping[str, Sequence[Any]], texts: Texts, hand: _Hand) -> str:
    """Return the first of the rules' values that changed, and how many more did."""
    told = []
    for path, (before, after) in list(changes.items())[:CHANGES_SHOWN]:
        rule, _, field = path.partition(".")
        told.append(
            texts(
                "audit-change",
                rule=_word(f"points-rule-{rule}", rule, texts),
                field=_word(f"points-field-{field}", field, texts),
                before=ui.clip(hand.plain(str(before)), TITLE_MAX) or "–",
                after=ui.clip(hand.plain(str(after)), TITLE_MAX) or "–",
            )
        )
    if len(changes) > CHANGES_SHOWN:
        told.append(texts("audit-changes-more", n=len(changes) - CHANGES_SHOWN))
    return texts("audit-between").join(told) or texts("audit-unknown")


def _filters(asked: Asked, texts: Texts) -> str:
    told = [texts(f"audit-kind-{asked.kind}") if asked.kind else texts("audit-everything")]
    if asked.member_id:
        told.append(texts("audit-about", member=ui.mention(asked.member_id, texts)))
    if asked.moderator_id:
        told.append(texts("audit-by", member=ui.mention(asked.moderator_id, texts)))
    if asked.since:
        told.append(texts("audit-since", day=_DISCORD.day(asked.since)))
    return " · ".join(told)


def _carried(asked: Asked) -> dict[str, str | int]:
    return {
        "kind": asked.kind,
        "member": asked.member_id,
        "moderator": asked.moderator_id,
        "since": asked.since,
    }


def _turn(
    way: str, pivot: int, shown: Page, texts: Texts, *, disabled: bool = False
) -> discord.ui.Button[Any]:
    custom_id = TURN_ID.format(way=way, pivot=pivot, **_carried(shown.asked))
    return ui.button(texts(f"audit-{way}"), custom_id, disabled=disabled)
