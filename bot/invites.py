"""Invitations into a server that carry a role and let in one person only.

discord.py knows neither, so they are asked for as Discord's page "Create Channel Invite" says: the
roles in ``role_ids``, and who may use it in a file of one column.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
import discord
from discord.http import Route

from bot import gateway
from bot.errors import LyceumError
from bot.messenger import UnreachableError


class NoDoorError(LyceumError):
    """There is no channel into which the bot may invite anybody, or Discord refuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Whom to let in where, with a role or without, and for how many seconds, a week at most."""

    guild_id: int
    user_id: int
    role_id: int | None
    lasts_s: int


class Invites(Protocol):
    """Makes invitations and takes them back; tests hand in their own."""

    async def make(self, invited: Invited, reason: str) -> str:
        """Return the code of a new invitation.

        Raises
        ------
        NoDoorError, UnreachableError
            Why there is none.
        """
        ...

    async def drop(self, code: str) -> None:
        """Take an invitation back; one that is used or over already is no error.

        Raises
        ------
        UnreachableError
            Discord cannot be reached now.
        """
        ...

    def server(self, guild_id: int) -> str:
        """Return what a server is called; raises UnreachableError where nobody can tell now."""
        ...


@dataclass(frozen=True, slots=True)
class DiscordInvites:
    """Invitations over Discord."""

    client: discord.Client

    async def make(self, invited: Invited, reason: str) -> str:
        """Ask Discord for an invitation that one account can use once."""
        channel = next(_doors(self._guild(invited.guild_id)), None)
        if channel is None:
            raise NoDoorError("no channel to invite into")
        payload: dict[str, Any] = {"max_age": invited.lasts_s, "max_uses": 1, "unique": True}
        if invited.role_id is not None:
            payload["role_ids"] = [str(invited.role_id)]
        form: list[dict[str, Any]] = [
            {
                "name": "payload_json",
                "value": json.dumps(payload),
                "content_type": "application/json",
            },
            {
                "name": "target_users_file",
                "value": f"user_id\n{invited.user_id}\n".encode(),
                "filename": "users.csv",
                "content_type": "text/csv",
            },
        ]
        route = Route("POST", "/channels/{channel_id}/invites", channel_id=channel.id)
        try:
            async with gateway.within():
                made = await self.client.http.request(route, form=form, reason=reason)
        except discord.HTTPException as error:
            if gateway.is_meant(error) and error.status < 500 and error.status != 429:
                raise NoDoorError(str(error)) from error
            raise UnreachableError(str(error)) from error
        except (aiohttp.ClientError, OSError) as error:
            raise UnreachableError(str(error)) from error
        return str(made["code"])

    async def drop(self, code: str) -> None:
        """Delete an invitation."""
        try:
            async with gateway.within():
                await self.client.http.delete_invite(code)
        except discord.HTTPException as error:
            if error.status >= 500 or error.status == 429:
                raise UnreachableError(str(error)) from error
        except (aiohttp.ClientError, OSError) as error:
            raise UnreachableError(str(error)) from error

    def server(self, guild_id: int) -> str:
        """Return a server's name."""
        return self._guild(guild_id).name

    def _guild(self, guild_id: int) -> discord.Guild:
        guild = self.client.get_guild(guild_id) if self.client.is_ready() else None
        if guild is None or guild.unavailable:
            raise UnreachableError(f"guild {guild_id} is not available")
        return guild


def _doors(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    """Yield channels we may invite into, those that are meant for newcomers first."""
    meant = (guild.rules_channel, guild.system_channel)
    for channel in dict.fromkeys((*meant, *guild.text_channels)):
        if channel is None:
            continue
        is_seen = channel.permissions_for(guild.default_role).view_channel
        if is_seen and channel.permissions_for(guild.me).create_instant_invite:
            yield channel
