"""What a member may see in a server now, asked of Discord wherever they press or follow a link.

An interaction tells the roles somebody has in the server it happens in, and nothing of any other: a
card in a direct message, or a link in a browser, belongs to a server all the same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

import aiohttp
import discord

from bot import ui
from bot.errors import UserError

WITHIN_S = 2.0
"""An interaction has to be answered in three."""


@dataclass(slots=True)
class Present:
    """The client that is connected now; None while there is none."""

    client: discord.Client | None = None

    async def roles_in(self, guild_id: int, user_id: int) -> Collection[int] | None:
        """Ask Discord: the cache knows whoever is in a voice channel as they were when they came.

        Returns and raises as `bot.links.service.RolesIn` says.
        """
        client = self.client
        guild = client.get_guild(guild_id) if client is not None else None
        if guild is None and client is not None and client.is_ready():
            raise UserError("error-membership-without")
        if guild is None or guild.unavailable:
            raise UserError("error-membership-unsure")
        try:
            async with asyncio.timeout(WITHIN_S):
                member = await guild.fetch_member(user_id)
        except discord.NotFound as error:
            raise UserError("error-membership-left") from error
        except (TimeoutError, discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise UserError("error-membership-unsure") from error
        if member.guild_permissions.manage_guild:
            return None
        return [role.id for role in member.roles]


async def roles_of(interaction: discord.Interaction, guild_id: int) -> Collection[int] | None:
    """Return the roles whoever acts has in a server, which need not be the one they act in."""
    if interaction.guild_id == guild_id:
        return ui.role_ids(interaction)
    return await Present(interaction.client).roles_in(guild_id, interaction.user.id)


def asking(
    interaction: discord.Interaction,
) -> Callable[[int, int], Awaitable[Collection[int] | None]]:
    """Return `Present.roles_in` for whoever acts; where they act, the interaction tells."""

    async def roles_in(guild_id: int, _user_id: int) -> Collection[int] | None:
        return await roles_of(interaction, guild_id)

    return roles_in
