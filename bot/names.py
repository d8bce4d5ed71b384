"""Members' names, for pictures and texts: from the cache, else by one question to Discord."""

import asyncio
import logging
from collections.abc import Sequence

import aiohttp
import discord

from bot.legible import is_blank

log = logging.getLogger(__name__)


def name_of(person: discord.User | discord.Member) -> str:
    """Return the name that others see of somebody; the user name where nothing of it is seen."""
    return person.name if is_blank(person.display_name) else person.display_name


async def names_of(
    interaction: discord.Interaction, user_ids: Sequence[int], *, within_s: float
) -> dict[int, str | None]:
    """Return display names: those the cache knows, and the rest by one question to Discord.

    The question goes over the gateway, for any hundred members at once, and needs no intent.
    Whoever left has None; where no answer comes ``within_s``, or the gateway is gone, who is
    unknown is missing.
    """
    guild = interaction.guild
    assert guild is not None
    known = {m.id: m for m in (interaction.user, *map(guild.get_member, user_ids)) if m}
    names: dict[int, str | None] = {
        user_id: name_of(known[user_id]) for user_id in user_ids if user_id in known
    }
    unknown = [user_id for user_id in user_ids if user_id not in known]
    if unknown:
        try:
            async with asyncio.timeout(within_s):
                found = await guild.query_members(user_ids=unknown, limit=len(unknown), cache=True)
        except (TimeoutError, discord.ClientException, aiohttp.ClientError, OSError) as error:
            log.warning("names for a picture are missing: %s", error or "no answer in time")
        else:
            names |= dict.fromkeys(unknown) | {m.id: name_of(m) for m in found}
    return names
