"""How rules and their values are put into words, on every screen."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from bot import ui
from bot.i18n import Texts
from bot.rewards.fields import Field, Value, write
from bot.rulebook.versions import Difference

_CHANGES_SHOWN = 20
_ROOM = 2_500
"""How many characters the lines of changes take at most."""
_VALUE_MAX = 300
_CHANGED_MAX = 100
"""How long a value is where it stands beside another."""


def heading(text: str) -> str:
    """Return a screen's title."""
    return f"## {text}"


def rule_name(rule: str, texts: Texts) -> str:
    """Return a rule's name in words."""
    return texts(f"points-rule-{rule}")


def field_name(name: str, texts: Texts) -> str:
    """Return the name of a rule's field in words."""
    return texts(f"points-field-{name}")


def choice_names(field: Field, texts: Texts) -> dict[str, str]:
    """Return what a field may be, in words, by id; nothing for a field that is typed."""
    return {each: texts(f"rulebook-choice-{each}") for each in field.choices}


def value_text(field: Field, value: Value, texts: Texts, limit: int = _VALUE_MAX) -> str:
    """Return a rule's value in words; of a list as many entries as `limit` characters hold."""
    if isinstance(value, bool):
        return texts("rulebook-value-yes" if value else "rulebook-value-no")
    if isinstance(value, int):
        match field.kind:
            case "points":
                return ui.number_text(value)
            case "length":
                return texts("rulebook-value-length", value=value)
            case _:
                return f"{value:,}"
    if field.kind == "choice":
        return texts(f"rulebook-choice-{value}")
    if isinstance(value, str):
        return ui.clip(value, limit) or texts("rulebook-value-nothing")
    entries: tuple[Any, ...] = value
    return _listed([_entry(field, each) for each in entries], field, texts, limit)


def _entry(field: Field, entry: Any) -> str:
    if field.kind == "weights":
        who, percent = entry
        return f"<{'#' if field.name == 'channels' else '@&'}{who}> {percent}%"
    return write(field, (entry,))


def _listed(entries: Sequence[str], field: Field, texts: Texts, limit: int) -> str:
    """Return the first entries and how many more there are, so that none is cut in two."""
    if not entries:
        return texts("rulebook-value-nothing")
    between = " " if field.kind == "emoji" else ", "
    ends = accumulate(len(each) + len(between) for each in entries)
    n_shown = max(sum(end <= limit for end in ends), 1)
    shown = between.join(entries[:n_shown])
    left = len(entries) - n_shown
    return texts("rulebook-value-more", shown=shown, count=left) if left else shown


def changes(
    found: Sequence[Difference], texts: Texts, *, at_most: int = _CHANGES_SHOWN, room: int = _ROOM
) -> str:
    """Return what differs, a line each, as many as `room` characters hold, then how many more."""
    lines = [
        texts(
            "rulebook-change",
            rule=rule_name(each.field.rule, texts),
            field=field_name(each.field.name, texts),
            before=value_text(each.field, each.before, texts, _CHANGED_MAX),
            after=value_text(each.field, each.after, texts, _CHANGED_MAX),
        )
        for each in found[:at_most]
    ]
    ends = accumulate(len(line) + 1 for line in lines)
    lines = lines[: sum(end <= room for end in ends)]
    left = len(found) - len(lines)
    return "\n".join([*lines, texts("rulebook-more", count=left)] if left else lines)


def reason_text(reason: str, texts: Texts) -> str:
    """Return why somebody did something, a dash where that was erased."""
    return ui.plain(reason) or texts("rulebook-value-nothing")


def signed(amount: int) -> str:
    """Return an amount with its sign, as it is added to another."""
    return f"{'−' if amount < 0 else '+'}{ui.number_text(abs(amount))}"
