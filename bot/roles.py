"""Members' roles, as features see them: given, taken, or why that cannot be.

Whoever gives roles asks `Roles.problem` first, which costs nothing: most refusals can be told
from what Discord said of the guild. A 403 all the same is for good until somebody changes
something; it must be remembered and not tried again (10,000 invalid requests in ten minutes ban
the address).
"""

from dataclasses import dataclass
from typing import Literal, Protocol

import aiohttp
import discord

from bot.errors import LyceumError
from bot.messenger import UnreachableError

RoleProblem = Literal["permission", "above", "managed", "gone", "refused"]
"""We lack Manage Roles; the role stands above ours; it belongs to an integration (or is
@everyone); it was deleted; Discord refused for another reason."""

_UNKNOWN_MEMBER, _UNKNOWN_USER, _UNKNOWN_ROLE = 10007, 10013, 10011


class RoleError(LyceumError):
    """The role cannot be given or taken, whoever the member is; do not try again as it is."""

    def __init__(self, problem: RoleProblem) -> None:
        super().__init__(problem)
        self.problem: RoleProblem = problem


class GoneError(LyceumError):
    """The member is no longer in the guild."""


class Roles(Protocol):
    """Gives and takes roles; tests hand in their own."""

    def problem(self, guild_id: int, role_id: int) -> RoleProblem | None:
        """Return why a role cannot be given or taken as things stand, without asking Discord.

        Raises
        ------
        UnreachableError
            Nobody can tell now.
        """
        ...

    async def give(self, guild_id: int, user_id: int, role_id: int, reason: str) -> None:
        """Give a member a role; giving what they have changes nothing.

        Raises
        ------
        RoleError, GoneError, UnreachableError
            What kept it from being done.
        """
        ...

    async def take(self, guild_id: int, user_id: int, role_id: int, reason: str) -> None:
        """Take a role from a member; taking what they have not changes nothing.

        Raises
        ------
        RoleError, GoneError, UnreachableError
            What kept it from being done.
        """
        ...


@dataclass(frozen=True, slots=True)
class DiscordRoles:
    """The roles over Discord."""

    client: discord.Client

    def problem(self, guild_id: int, role_id: int) -> RoleProblem | None:
        """Judge by the cache, which knows every guild's roles and ours without any intent."""
        guild = self._guild(guild_id)
        role = guild.get_role(role_id)
        if role is None:
            return "gone"
        return problem_of(role, guild.me)

    async def give(self, guild_id: int, user_id: int, role_id: int, reason: str) -> None:
        """Give a role; the reason stands in the guild's audit log."""
        await self._change(guild_id, user_id, role_id, reason, is_given=True)

    async def take(self, guild_id: int, user_id: int, role_id: int, reason: str) -> None:
        """Take a role; the reason stands in the guild's audit log."""
        await self._change(guild_id, user_id, role_id, reason, is_given=False)

    async def _change(
        self, guild_id: int, user_id: int, role_id: int, reason: str, *, is_given: bool
    ) -> None:
        problem = self.problem(guild_id, role_id)
        if problem is not None:
            raise RoleError(problem)
        # By id: without the members intent the cache has next to no member to ask.
        change = self.client.http.add_role if is_given else self.client.http.remove_role
        try:
            await change(guild_id, user_id, role_id, reason=reason)
        except discord.Forbidden as error:
            raise RoleError("refused") from error
        except discord.NotFound as error:
            if error.code in (_UNKNOWN_MEMBER, _UNKNOWN_USER):
                raise GoneError(str(error)) from error
            raise RoleError("gone" if error.code == _UNKNOWN_ROLE else "refused") from error
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise UnreachableError(str(error)) from error

    def _guild(self, guild_id: int) -> discord.Guild:
        guild = self.client.get_guild(guild_id) if self.client.is_ready() else None
        if guild is None or guild.unavailable:
            raise UnreachableError(f"guild {guild_id} is not available")
        return guild


def problem_of(role: discord.Role, me: discord.Member) -> RoleProblem | None:
    """Return why `me` cannot give or take `role`; moderators are told before they choose it."""
    if role.managed or role.is_default():
        return "managed"
    if not me.guild_permissions.manage_roles:
        return "permission"
    return "above" if role >= me.top_role else None
