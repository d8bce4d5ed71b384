"""How rules and their values are put into words, on every screen."""

from collections.abc import Sequence
from typing import Any

from bot import ui
from bot.i18n import Texts
from bot.rewards.fields import Field, Value, write
from bot.rulebook.versions import Difference

_CHANGES_SHOWN = 20
_VALUE_MAX = 300


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


def value_text(field: Field, value: Value, texts: Texts) -> str:
    """Return a rule's value in words."""
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
    if field.kind == "weights":
        mark = "#" if field.name == "channels" else "@&"
        weights: Any = value
        told = ", ".join(f"<{mark}{who}> {percent}%" for who, percent in weights)
    else:
        told = write(field, value)
    return ui.clip(told, _VALUE_MAX) or texts("rulebook-value-nothing")


def changes(found: Sequence[Difference], texts: Texts) -> str:
    """Return what differs from the rules in force, a line each."""
    lines = [
        texts(
            "rulebook-change",
            rule=rule_name(each.field.rule, texts),
            field=field_name(each.field.name, texts),
            before=value_text(each.field, each.before, texts),
            after=value_text(each.field, each.after, texts),
        )
        for each in found[:_CHANGES_SHOWN]
    ]
    left = len(found) - len(lines)
    return "\n".join([*lines, texts("rulebook-more", count=left)] if left else lines)


def signed(amount: int) -> str:
    """Return an amount with its sign, as it is added to another."""
    return f"{'−' if amount < 0 else '+'}{ui.number_text(abs(amount))}"
