"""Messages that the bot posts in a channel by itself: whether one arrived, and who may read it.

What is for moderators names members, so it is posted where not everybody may read it: that is asked
when the channel is chosen and again whenever something is posted.
"""

import logging
from collections.abc import Iterator
from typing import Literal, cast

import aiohttp
import discord

from bot import gateway, ui
from bot.i18n import Texts

log = logging.getLogger(__name__)

StaffProblem = Literal["closed", "public"]
"""The moderators' channel is gone or the bot may not write there; everybody may read it."""

Place = discord.abc.GuildChannel | discord.Thread


async def post(
    client: discord.Client, guild_id: int, channel_id: int, view: discord.ui.LayoutView, nonce: str
) -> bool | None:
    """Post a view that pings nobody; a repeat of its nonce within minutes makes no second message.

    Returns
    -------
    bool or None
        Whether it arrived; None where nobody can tell now. False is for good until somebody
        changes something: without the permission Discord is not asked.
    """
    guild = _guild(client, guild_id)
    if guild is None:
        return None
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None or not is_open(channel):
        return False
    try:
        async with gateway.within():
            await cast(discord.TextChannel, channel).send(
                view=view, nonce=nonce, allowed_mentions=discord.AllowedMentions.none()
            )
    except (discord.Forbidden, discord.NotFound) as error:
        return False if gateway.is_meant(error) else None
    except discord.HTTPException as error:
        if error.status < 500 and error.status != 429:
            log.exception("a message for channel %s is refused", channel_id)
            return False
        return None
    except (aiohttp.ClientError, OSError):
        return None
    return True


async def post_to_staff(
    client: discord.Client,
    guild_id: int,
    channel_id: int,
    view: discord.ui.LayoutView,
    nonce: str,
    texts: Texts,
) -> bool | None:
    """Post what is for moderators; where everybody may read it, only that something waits.

    Returns
    -------
    bool or None
        As `post`.
    """
    guild = _guild(client, guild_id)
    if guild is not None and staff_problem(guild, channel_id) == "public":
        log.warning("everybody may read the moderators' channel of guild %s", guild_id)
        why = texts("staff-public")
        view = ui.panel(texts("staff-waiting"), f"-# {why}", colour=ui.CAUTION)
    return await post(client, guild_id, channel_id, view, nonce)


def staff_problem(guild: discord.Guild, channel_id: int) -> StaffProblem | None:
    """Return what is wrong with a guild's moderators' channel as things stand."""
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None or not is_open(channel):
        return "closed"
    return "public" if is_public(channel) else None


def is_open(channel: Place) -> bool:
    """Say whether the bot may see a channel and write there."""
    may = channel.permissions_for(channel.guild.me)
    is_thread = isinstance(channel, discord.Thread)
    may_write = may.send_messages_in_threads if is_thread else may.send_messages
    return may.view_channel and may_write


NEEDED_FOR_QUESTIONS = (
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "create_public_threads",
    "read_message_history",
    "manage_threads",
)
"""What the bot must be allowed where questions are asked: tags of others' posts need the last."""


NEEDED_FOR_DIGESTS = ("view_channel", "send_messages", "read_message_history")
"""What the bot must be allowed where a digest is posted: by the last it finds what has arrived."""


def missing_for_digest(
    channel: discord.abc.GuildChannel, may: discord.Permissions | None = None
) -> list[str]:
    """Return what the bot is not allowed in a channel where a digest is posted."""
    may = channel.permissions_for(channel.guild.me) if may is None else may
    return [name for name in NEEDED_FOR_DIGESTS if not getattr(may, name)]


def missing(channel: discord.abc.GuildChannel) -> list[str]:
    """Return what the bot is not allowed in a channel where questions are asked.

    To post in a forum is what Discord calls to send messages there.
    """
    return lacking(channel, channel.permissions_for(channel.guild.me))


def lacking(channel: discord.abc.GuildChannel, may: discord.Permissions) -> list[str]:
    """Return which of these permissions are not among those that the bot has there."""
    is_forum = isinstance(channel, discord.ForumChannel)
    optional = {"create_public_threads"} if is_forum else {"manage_threads"}
    return [
        name for name in NEEDED_FOR_QUESTIONS if name not in optional and not getattr(may, name)
    ]


def is_public(channel: Place) -> bool:
    """Say whether everybody in the guild may read a channel."""
    return channel.permissions_for(channel.guild.default_role).view_channel


def other_readers(channel: Place) -> Iterator[discord.Role]:
    """Yield the roles of people whom a channel is open to though they are no moderators."""
    for role in reversed(channel.guild.roles):
        may = channel.permissions_for(role)
        if may.view_channel and not may.manage_guild and not role.managed:
            yield role


def _guild(client: discord.Client, guild_id: int) -> discord.Guild | None:
    guild = client.get_guild(guild_id) if client.is_ready() else None
    return None if guild is None or guild.unavailable else guild
