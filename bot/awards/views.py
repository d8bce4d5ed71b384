"""What moderators and the channel see of points by hand."""

import discord

from bot import ui
from bot.awards.service import Given
from bot.i18n import Texts
from storage.records import LedgerEntry

UNDO_ID = "awards:undo:{entry_id}"
UNDO_TEMPLATE = r"awards:undo:(?P<entry_id>\d+)"


def given(shown: Given, texts: Texts, *, is_unsaid: bool = False) -> discord.ui.LayoutView:
    """Return what was done, how much of the day is used, and a button that undoes it.

    Parameters
    ----------
    is_unsaid
        Whether the channel was to be told and was not, for the member hides.
    """
    undo = ui.button(texts("awards-undo"), UNDO_ID.format(entry_id=shown.entry_id))
    used = texts(
        "awards-used", used=ui.amount_text(shown.used, texts), daily=ui.points(shown.daily)
    )
    return ui.panel(
        _said(shown, texts),
        texts("awards-unsaid", member=f"<@{shown.user_id}>") if is_unsaid else "",
        f"-# {used}",
        colour=ui.GOOD,
        rows=[[undo]],
    )


def shared(shown: Given, by: int, texts: Texts) -> discord.ui.LayoutView:
    """Return an award for the channel."""
    return ui.panel(
        texts(
            "awards-shared",
            member=f"<@{shown.user_id}>",
            amount=ui.amount_text(shown.amount, texts),
            by=f"<@{by}>",
            reason=ui.plain(shown.reason),
        ),
        colour=ui.GOOD,
    )


def undone(entry: LedgerEntry, texts: Texts) -> discord.ui.LayoutView:
    """Return what was undone."""
    member, amount = f"<@{entry.user_id}>", ui.amount_text(abs(entry.amount), texts)
    key = "awards-undone-award" if entry.amount > 0 else "awards-undone-deduct"
    return ui.panel(texts(key, member=member, amount=amount))


def _said(shown: Given, texts: Texts) -> str:
    return texts(
        "awards-given" if shown.amount > 0 else "awards-taken",
        member=f"<@{shown.user_id}>",
        amount=ui.amount_text(abs(shown.amount), texts),
        reason=ui.plain(shown.reason),
    )
