"""What a form that is not taken is answered: what is wrong, and everything that was typed.

Short texts stand beside their labels, long ones in blocks to be copied, very long ones in a file.
"""

from collections.abc import Sequence
from typing import Any

import discord

from bot import ui
from bot.i18n import Texts, plain, quoted
from bot.tree import as_file, explain, tell, texts_of

AGAIN_ID = "form:again:{number}"
AGAIN_TEMPLATE = r"form:again:(?P<number>\d+)"

_LINE_MAX = 100
"""Longer answers are shown in a block of their own, to be copied."""
_SHOWN_MAX = 3_000
"""Longer ones together are attached as a file."""

Typed = Sequence[tuple[str, str]]
"""Labels, or "", and what was typed below them."""


def sent(interaction: discord.Interaction[Any]) -> dict[str, dict[str, Any]]:
    """Return the fields that a form was sent with, as Discord sends them, by their ids."""
    data: Any = interaction.data
    parts = [label.get("component", {}) for label in data.get("components", ())]
    return {str(part.get("custom_id")): part for part in parts}


def typed(
    interaction: discord.Interaction[Any], labels: Sequence[discord.ui.Label[Any]] = ()
) -> list[tuple[str, str]]:
    """Return what was typed in a form, each below its label, or below "" in an unknown form."""
    named = {getattr(label.component, "custom_id", ""): label.text for label in labels}
    return [
        (named.get(custom_id, ""), part["value"])
        for custom_id, part in sent(interaction).items()
        if isinstance(part.get("value"), str) and part["value"].strip()
    ]


def has_file(interaction: discord.Interaction[Any]) -> bool:
    """Return whether a form was sent with a file."""
    upload = discord.ComponentType.file_upload.value
    parts = sent(interaction).values()
    return any(part.get("type") == upload and part.get("values") for part in parts)


async def refuse(
    interaction: discord.Interaction[Any],
    error: Exception,
    written: Typed,
    *,
    title: str = "",
    again: int | None = None,
    is_file_lost: bool = False,
    is_in_place: bool = False,
) -> None:
    """Answer a form with what is wrong and all that was typed.

    Parameters
    ----------
    again
        The number of the form that can be opened again, None for none.
    is_in_place
        The form was opened from a refusal, which this one replaces.
    """
    texts = await texts_of(interaction)
    shown = "\n".join(_line(label, text, texts) for label, text in written)
    files = [as_file([text for _, text in written])] if len(shown) > _SHOWN_MAX else []
    button = ui.button(
        texts("form-again"), AGAIN_ID.format(number=again), discord.ButtonStyle.primary
    )
    view = ui.panel(
        f"**{title}**" if title else "",
        explain(error, texts),
        texts("form-typed") if written else "",
        discord.ui.File(files[0]) if files else shown,
        texts("form-file") if is_file_lost else "",
        "-# " + texts("form-kept") if again is not None else "",
        colour=ui.CAUTION,
        rows=[[button]] if again is not None else [],
    )
    await tell(interaction, view=view, files=files, is_in_place=is_in_place)


def _line(label: str, text: str, texts: Texts) -> str:
    if label and len(text) <= _LINE_MAX and "\n" not in text:
        return texts("form-typed-line", field=label, value=plain(text))
    return f"**{label}**\n{quoted(text)}" if label else quoted(text)
