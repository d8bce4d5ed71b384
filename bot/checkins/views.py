"""What the channel and the member see of a check-in."""

import discord

from bot import mentions, ui
from bot.checkins.service import CheckIn
from bot.i18n import Texts

_FLAME_FROM = 3


def line(done: CheckIn, note: str, texts: Texts) -> discord.ui.LayoutView:
    """Return the member's public line: who, the streak, and the note, which is kept only there."""
    flame = " 🔥" if done.streak >= _FLAME_FROM else ""
    streak = texts("checkins-streak", count=done.streak) + flame
    said = ui.plain(" ".join(note.split()))
    return ui.panel(texts("checkins-line", member=f"<@{done.user_id}>", streak=streak), f"> {said}")


def receipt(done: CheckIn, texts: Texts) -> discord.ui.LayoutView:
    """Return what it paid and how the streak stands, for the member alone."""
    paid = (
        texts("checkins-paid", amount=ui.amount_text(done.amount, texts))
        if done.amount
        else texts("checkins-unpaid")
    )
    bridged = texts("checkins-bridged", count=done.n_frozen) if done.n_frozen else ""
    left = texts("checkins-freezes", count=done.freezes_left)
    soon = texts("checkins-next", when=mentions.moment(done.next_at))
    stands = texts("checkins-stands", streak=done.streak, total=done.total)
    return ui.panel(
        f"✅ {paid}",
        "\n".join(part for part in (stands, bridged, left) if part),
        f"-# {soon}",
        colour=ui.GOOD,
    )
