"""What moderators see of a server's synonyms."""

from collections.abc import Sequence

import discord

from bot import forms, ui
from bot.i18n import Texts
from bot.search.lexicon import TEXT_MAX

SHOWN_MAX = 1_500
"""Characters of the lines that the answer repeats."""


def synonyms_form(lines: Sequence[str], texts: Texts) -> forms.Form:
    """Return the form that holds all lines of a server."""
    field = forms.text_field(
        "lines",
        texts("search-synonyms-label"),
        hint=texts("search-synonyms-hint"),
        placeholder=texts("search-synonyms-placeholder"),
        default="\n".join(lines),
        limit=TEXT_MAX,
        is_long=True,
        is_required=False,
    )
    return forms.Form("search:synonyms", texts("search-synonyms-title"), [field])


def synonyms_card(lines: Sequence[str], texts: Texts) -> discord.ui.LayoutView:
    """Return what is kept now."""
    listed = "\n".join(f"- {ui.plain(line)}" for line in lines)
    return ui.panel(
        "### " + texts("search-synonyms-title"),
        texts("search-synonyms-saved", n=len(lines)),
        ui.clip(listed, SHOWN_MAX),
        colour=ui.GOOD,
    )
