"""A channel's digest as everybody sees it, and what moderators are answered about it."""

from collections.abc import Iterator
from typing import Any

import discord

from bot import cards, mentions, ui
from bot.digest.channel import ChannelPost
from bot.i18n import Texts
from storage.records import ChannelDigest

OWN_TEMPLATE = r"digest:own:(?P<period>[\w-]+)"
_GUILD_NAME_MAX, _TITLE_MAX, _SUMMARY_MAX = 80, 120, 110


def own_id(period: str) -> str:
    """Return the id of the button by which a channel's digest is found again."""
    return f"digest:own:{period}"


def post(guild_name: str, shown: ChannelPost, texts: Texts) -> discord.ui.LayoutView:
    """Return a channel's digest; whoever is named in it is not notified."""
    guild = ui.clip(ui.plain(guild_name), _GUILD_NAME_MAX)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(texts("digest-channel-greeting", guild=guild)))
    of = shown.roundup
    for name, liked in (("useful", of.useful), ("picks", of.picks)):
        heading = _heading(f"digest-channel-{name}", texts)
        for one in liked:
            for item in _card(one.resource_id, name, shown, heading, texts):
                view.add_item(item)
            heading = ""
    if of.solved:
        lines = [_heading("digest-channel-solved", texts)]
        for number in of.solved:
            question = shown.questions[number]
            title = ui.clip(ui.plain(question.title), _TITLE_MAX)
            address = f"https://discord.com/channels/{question.guild_id}/{question.thread_id}"
            lines.append(texts("digest-question", title=title, address=address))
        view.add_item(discord.ui.TextDisplay("\n".join(lines)))
    if of.thanked:
        names = " ".join(ui.mention(each, texts) for each in of.thanked)
        view.add_item(discord.ui.TextDisplay(texts("digest-channel-thanks", names=names)))
    view.add_item(
        discord.ui.ActionRow(ui.button(texts("digest-channel-own"), own_id(shown.period)))
    )
    return ui.stateless(view)


def _heading(key: str, texts: Texts) -> str:
    name = texts(key)
    return f"**{name}**"


def _card(
    number: int, section: str, shown: ChannelPost, heading: str, texts: Texts
) -> Iterator[Any]:
    """Yield a card's text, and Open and Save for everybody."""
    resource = shown.resources[number]
    lines = [heading, f"### {ui.clip(ui.plain(resource.title), _TITLE_MAX)}"]
    lines.append(f"-# {cards.facts(resource, texts)}")
    if resource.summary:
        lines.append(ui.clip(ui.plain(resource.summary), _SUMMARY_MAX))
    if number in shown.counts:
        said = texts(f"digest-channel-{section}-by", count=shown.counts[number])
        lines.append(f"-# 👥 {said}")
    yield discord.ui.TextDisplay("\n".join(line for line in lines if line))
    yield discord.ui.ActionRow(*cards.public_row(resource, texts))


def preview(
    guild_name: str, shown: ChannelPost, setting: ChannelDigest | None, texts: Texts
) -> discord.ui.LayoutView:
    """Return what would be posted now, and whether and where it would be."""
    view = post(guild_name, shown, texts)
    made = discord.ui.LayoutView(timeout=None)
    lines = [texts("digest-channel-preview"), *_where(setting, texts)]
    if not shown.roundup.is_worth_posting:
        lines.append(texts("digest-channel-too-little", count=shown.roundup.n_items))
    made.add_item(discord.ui.TextDisplay("\n".join(lines)))
    for item in list(view.children)[:-1]:
        view.remove_item(item)
        made.add_item(item)
    return ui.stateless(made)


def turned_on(setting: ChannelDigest, texts: Texts) -> discord.ui.LayoutView:
    """Return where and when it comes, after it was set up."""
    return ui.panel(*_where(setting, texts), texts("digest-channel-how"), colour=ui.GOOD)


def _where(setting: ChannelDigest | None, texts: Texts) -> list[str]:
    if setting is None:
        return [texts("digest-channel-is-off")]
    lines = [
        texts(
            "digest-channel-is-on",
            channel=mentions.channel(setting.channel_id),
            weekday=texts(f"digest-weekday-{setting.weekday}"),
            hour=f"{setting.hour:02d}:00",
            zone=setting.due_zone,
            next=mentions.moment(setting.due_at, "F"),
        )
    ]
    if setting.problem:
        lines.append(texts("digest-channel-problem"))
    return lines
