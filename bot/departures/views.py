"""What moderators read when the bot is back in a server that had removed it."""

import discord

from bot import mentions, ui
from bot.departures.service import KEPT_DAYS
from bot.i18n import Texts
from storage.records import Stay


def back(stay: Stay, texts: Texts) -> discord.ui.LayoutView:
    """Return what became of what was there before."""
    left, purged = (mentions.moment(at or 0, "D") for at in (stay.left_at, stay.purge_at))
    what = texts(f"departures-{stay.notice}", left=left, purged=purged)
    hint = texts("departures-again", days=KEPT_DAYS)
    return ui.panel(f"## {texts('departures-title')}", what, f"-# {hint}", colour=ui.CAUTION)
