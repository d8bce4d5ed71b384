"""Messages that the bot posts in a channel by itself: whether one arrived."""

import logging
from typing import cast

import aiohttp
import discord

log = logging.getLogger(__name__)


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
    guild = client.get_guild(guild_id) if client.is_ready() else None
    if guild is None or guild.unavailable:
        return None
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None:
        return False
    allowed = channel.permissions_for(guild.me)
    is_thread = isinstance(channel, discord.Thread)
    may = allowed.send_messages_in_threads if is_thread else allowed.send_messages
    if not may or not allowed.view_channel:
        return False
    try:
        await cast(discord.TextChannel, channel).send(
            view=view, nonce=nonce, allowed_mentions=discord.AllowedMentions.none()
        )
    except (discord.Forbidden, discord.NotFound):
        return False
    except discord.HTTPException as error:
        if error.status < 500 and error.status != 429:
            log.exception("a message for channel %s is refused", channel_id)
            return False
        return None
    except (aiohttp.ClientError, OSError):
        return None
    return True
