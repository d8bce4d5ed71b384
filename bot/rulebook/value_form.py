"""The form of one value of the draft: the present one, its bounds and unit."""

from typing import Any

import discord

from bot import forms
from bot.i18n import Texts
from bot.rewards.fields import Field, Value, write
from bot.rulebook import wording
from bot.rulebook.values import bounds

_TYPED_MAX = 2_000
_MAY_BE_EMPTY = frozenset({"zone", "weights", "amounts", "dates"})
_CHOSEN_MAX = 25


def change_form(field: Field, value: Value, texts: Texts) -> forms.Form:
    """Return the form of one value: the present one, its bounds and unit."""
    name = wording.field_name(field.name, texts)
    written = write(field, value)
    if field.kind in ("switch", "choice", "length"):
        fields = [forms.labelled(name, _menu(field, written, texts))]
    elif field.kind == "weights":
        fields = _weights(field, written, texts)
    else:
        fields = [
            forms.text_field(
                "value",
                name,
                hint=texts(f"error-points-{field.kind}", **bounds(field)),
                default=written,
                limit=_TYPED_MAX,
                is_long=field.kind in ("amounts", "dates", "emoji"),
                is_required=field.kind not in _MAY_BE_EMPTY,
            )
        ]
    return forms.Form("rulebook:change", wording.rule_name(field.rule, texts), fields)


def _menu(field: Field, written: str, texts: Texts) -> discord.ui.Select[Any]:
    match field.kind:
        case "switch":
            named = {each: texts(f"rulebook-value-{each}") for each in ("yes", "no")}
        case "length":
            named = {
                str(each): texts("rulebook-value-length", value=each)
                for each in range(field.low, field.high + 1)
            }
        case _:
            named = wording.choice_names(field, texts)
    options = [
        discord.SelectOption(label=label, value=each, default=each == written)
        for each, label in named.items()
    ]
    return discord.ui.Select(custom_id="value", options=options)


def _weights(field: Field, written: str, texts: Texts) -> list[discord.ui.Label[Any]]:
    chosen: Any = (
        discord.ui.ChannelSelect(
            custom_id="chosen", required=False, min_values=0, max_values=_CHOSEN_MAX
        )
        if field.name == "channels"
        else discord.ui.RoleSelect(
            custom_id="chosen", required=False, min_values=0, max_values=_CHOSEN_MAX
        )
    )
    return [
        forms.labelled(texts("rulebook-field-chosen"), chosen),
        forms.text_field(
            "percent",
            texts("rulebook-field-percent"),
            hint=texts("rulebook-field-percent-hint"),
            limit=4,
            is_required=False,
        ),
        forms.text_field(
            "value",
            texts("rulebook-field-value"),
            hint=texts("rulebook-field-value-hint"),
            default=written,
            limit=4_000,
            is_long=True,
            is_required=False,
        ),
    ]
