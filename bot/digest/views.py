"""The letter a member gets, its stop button, and the answers of the digest commands."""

from collections.abc import Sequence

import discord

from bot import mentions, ui
from bot.cards import Card, card_list, why_text
from bot.digest.claims import Parcel, Pick
from bot.digest.subscriptions import Status
from bot.i18n import Texts

STOP_TEMPLATE = r"digest:stop:(?P<delivery_id>\d+)"
_GUILD_NAME_MAX = 80


def stop_id(delivery_id: int) -> str:
    """Return the id of a letter's stop button, by which the letter is found again too."""
    return f"digest:stop:{delivery_id}"


def letter(guild_name: str, parcel: Parcel, texts: Texts) -> discord.ui.LayoutView:
    """Return the direct message of a claimed delivery."""
    guild = ui.clip(ui.plain(guild_name), _GUILD_NAME_MAX)
    view = card_list(
        texts("digest-greeting", guild=guild),
        _cards(parcel.picks, texts),
        texts,
        texts("digest-footer", guild=guild),
    )
    stop = ui.button(texts("digest-stop"), stop_id(parcel.delivery.delivery_id))
    view.add_item(discord.ui.ActionRow(stop))
    return ui.stateless(view)


def preview(picks: Sequence[Pick], texts: Texts) -> discord.ui.LayoutView:
    """Return what a digest would show, for a member who does not get them."""
    return card_list(
        texts("digest-preview"), _cards(picks, texts), texts, texts("digest-preview-footer")
    )


def turned_on(status: Status, texts: Texts) -> discord.ui.LayoutView:
    """Return the answer to turning digests on."""
    return ui.panel(
        texts("digest-on", **_when(status, texts)), texts("digest-on-how"), colour=ui.GOOD
    )


def time_set(status: Status, texts: Texts) -> discord.ui.LayoutView:
    """Return the answer to choosing a time."""
    key = "digest-time-on" if status.setting.is_on else "digest-time-off"
    return ui.panel(texts(key, **_when(status, texts)))


def status_panel(status: Status, texts: Texts) -> discord.ui.LayoutView:
    """Return whether, when and where the member gets digests."""
    setting = status.setting
    state = "off" if not setting.is_on else "closed" if setting.closed_at else "on"
    colour = {"on": ui.GOOD, "off": ui.ACCENT, "closed": ui.CAUTION}[state]
    last = texts("digest-last", when=mentions.moment(status.sent_at, "R")) if status.sent_at else ""
    return ui.panel(texts(f"digest-status-{state}", **_when(status, texts)), last, colour=colour)


def _cards(picks: Sequence[Pick], texts: Texts) -> list[Card]:
    return [
        Card(
            resource=pick.resource,
            impression_id=pick.item.impression_id,
            url=pick.item.url,
            why=why_text(pick.item.why, texts) if pick.item.why else None,
        )
        for pick in picks
    ]


def _when(status: Status, texts: Texts) -> dict[str, str]:
    setting = status.setting
    return {
        "weekday": texts(f"digest-weekday-{setting.weekday}"),
        "hour": f"{setting.hour:02d}:00",
        "zone": status.time_zone,
        "next": mentions.moment(setting.due_at, "F") if setting.due_at else "–",
    }
