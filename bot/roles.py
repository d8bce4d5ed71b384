"""Members' roles, as features see them: given, taken, in whose name, or why that cannot be.

A role that the bot gives is given in somebody's name: of whoever set it, or of who confirmed it.
`judge` says whether they may, when they set it and again whenever it is given, for a role gains
permissions and a moderator loses theirs. Whoever gives roles asks first, mostly without asking
Discord. A 403 all the same is for good until somebody changes something; it must be remembered and
not tried again (10,000 invalid requests in ten minutes ban the address).
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

import aiohttp
import discord

from bot import gateway
from bot.errors import LyceumError, UserError
from bot.i18n import Texts
from bot.messenger import UnreachableError

RoleProblem = Literal[
    "permission",
    "above",
    "managed",
    "gone",
    "refused",
    "dangerous",
    "unpermitted",
    "outranked",
    "absent",
]
"""We lack Manage Roles; the role stands above ours; it belongs to an integration (or is
@everyone); it was deleted; Discord refused for another reason. Then of whom it is given for: it
holds what only the owner may hand out; they lack Manage Roles; it does not stand below their own;
they left, or nobody knows who it was."""

OF_GIVER = frozenset({"dangerous", "unpermitted", "outranked", "absent"})
"""Problems of whom a role is given for, not of the bot."""

DANGEROUS = frozenset(
    {
        "administrator",
        "ban_members",
        "deafen_members",
        "kick_members",
        "manage_channels",
        "manage_events",
        "manage_expressions",
        "manage_guild",
        "manage_messages",
        "manage_nicknames",
        "manage_roles",
        "manage_threads",
        "manage_webhooks",
        "mention_everyone",
        "moderate_members",
        "move_members",
        "mute_members",
        "view_audit_log",
        "view_creator_monetization_analytics",
        "view_guild_insights",
    }
)
"""Permissions by which a member could harm others or look behind the scenes. A role with one of
them, in the server or in a channel, is given for nobody but the owner."""
_DANGEROUS = discord.Permissions(**dict.fromkeys(DANGEROUS, True)).value

_NAMED_MAX = 3
_WITHIN_S = 10.0
_SIGHTINGS_MAX = 20_000
_UNKNOWN_MEMBER, _UNKNOWN_USER, _UNKNOWN_ROLE = 10007, 10013, 10011


class RoleError(LyceumError):
    """The role cannot be given or taken, whoever the member is; do not try again as it is."""

    def __init__(self, problem: RoleProblem) -> None:
        super().__init__(problem)
        self.problem: RoleProblem = problem


class GoneError(LyceumError):
    """The member is no longer in the guild."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A role that is to be given in the name of ``giver_id``, 0 for nobody known."""

    guild_id: int
    role_id: int
    giver_id: int


@dataclass(frozen=True, slots=True)
class Present:
    """A member as they are in the guild now; ``joined_at`` is 0 where nobody can tell."""

    user_id: int
    joined_at: float
    role_ids: frozenset[int]

    @classmethod
    def of(cls, member: discord.Member) -> "Present":
        """Read a member that Discord has just told of: with a message, a command, an answer."""
        joined_at = member.joined_at.timestamp() if member.joined_at else 0.0
        return cls(member.id, joined_at, frozenset(role.id for role in member.roles))


class Sightings:
    """Members seen since the bot started, as they were: to join again, or other roles, is news.

    Only so many are remembered; who was seen longest ago is news again.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[int, int], Present] = OrderedDict()

    def is_new(self, guild_id: int, present: Present) -> bool:
        """Say whether a member was not seen like this before, and remember it."""
        key = guild_id, present.user_id
        if self._seen.get(key) == present:
            return False
        self._seen[key] = present
        while len(self._seen) > _SIGHTINGS_MAX:
            self._seen.popitem(last=False)
        return True


class Roles(Protocol):
    """Gives and takes roles; tests hand in their own."""

    def problem(self, guild_id: int, role_id: int) -> RoleProblem | None:
        """Return why the bot cannot give or take a role, whoever it is for, without asking Discord.

        Raises
        ------
        UnreachableError
            Nobody can tell now.
        """
        ...

    async def judged(self, wanted: Iterable[Wanted]) -> dict[Wanted, RoleProblem | None]:
        """Return why roles cannot be given as things stand; those nobody can tell of are missing.

        Discord is asked once for each giver who is neither the owner nor superfluous.
        """
        ...

    async def present(self, guild_id: int, user_ids: Collection[int]) -> list[Present]:
        """Return those of up to 100 members who are in the guild, by one question to Discord.

        Raises
        ------
        UnreachableError
            Nobody can tell now.
        """
        ...

    async def give(self, wanted: Wanted, user_id: int, reason: str) -> None:
        """Give a member a role, if its giver may; giving what they have changes nothing.

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

    async def judged(self, wanted: Iterable[Wanted]) -> dict[Wanted, RoleProblem | None]:
        """Judge by the cache, and by asking for givers, whose roles it may have wrong."""
        found: dict[Wanted, RoleProblem | None] = {}
        givers: dict[tuple[int, int], discord.Member | None] = {}
        for each in wanted:
            try:
                found[each] = await self._judged(each, givers)
            except UnreachableError:
                continue
        return found

    async def _judged(
        self, wanted: Wanted, givers: dict[tuple[int, int], discord.Member | None]
    ) -> RoleProblem | None:
        guild = self._guild(wanted.guild_id)
        role = guild.get_role(wanted.role_id)
        if role is None:
            return "gone"
        problem = judge(role, wanted.giver_id, None)
        if problem != "absent" or wanted.giver_id == 0:
            return problem
        key = wanted.guild_id, wanted.giver_id
        if key not in givers:
            givers[key] = await _member(guild, wanted.giver_id)
        return judge(role, wanted.giver_id, givers[key])

    async def present(self, guild_id: int, user_ids: Collection[int]) -> list[Present]:
        """Ask over the gateway, which needs no intent."""
        guild = self._guild(guild_id)
        try:
            async with asyncio.timeout(_WITHIN_S):
                found = await guild.query_members(
                    user_ids=list(user_ids), limit=len(user_ids), cache=False
                )
        except (TimeoutError, discord.ClientException, aiohttp.ClientError, OSError) as error:
            raise UnreachableError(str(error) or "no answer in time") from error
        return [Present.of(member) for member in found]

    async def give(self, wanted: Wanted, user_id: int, reason: str) -> None:
        """Give a role; the reason stands in the guild's audit log."""
        problem = await self._judged(wanted, {})
        if problem is not None:
            raise RoleError(problem)
        # By id: without the members intent the cache has next to no member to ask.
        change = self.client.http.add_role
        await _changed(change(wanted.guild_id, user_id, wanted.role_id, reason=reason))

    async def take(self, guild_id: int, user_id: int, role_id: int, reason: str) -> None:
        """Take a role; the reason stands in the guild's audit log."""
        problem = self.problem(guild_id, role_id)
        if problem is not None:
            raise RoleError(problem)
        change = self.client.http.remove_role
        await _changed(change(guild_id, user_id, role_id, reason=reason))

    def _guild(self, guild_id: int) -> discord.Guild:
        guild = self.client.get_guild(guild_id) if self.client.is_ready() else None
        if guild is None or guild.unavailable:
            raise UnreachableError(f"guild {guild_id} is not available")
        return guild


async def _changed(change: Awaitable[object]) -> None:
    try:
        async with gateway.within():
            await change
    except (discord.Forbidden, discord.NotFound) as error:
        if not gateway.is_meant(error):
            raise UnreachableError(str(error)) from error
        if error.status == 403:
            raise RoleError("refused") from error
        if error.code in (_UNKNOWN_MEMBER, _UNKNOWN_USER):
            raise GoneError(str(error)) from error
        raise RoleError("gone" if error.code == _UNKNOWN_ROLE else "refused") from error
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise UnreachableError(str(error)) from error


async def _member(guild: discord.Guild, user_id: int) -> discord.Member | None:
    try:
        async with gateway.within():
            return await guild.fetch_member(user_id)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        if isinstance(error, discord.NotFound) and gateway.is_meant(error):
            return None
        raise UnreachableError(str(error)) from error


def judge(role: discord.Role, giver_id: int, giver: discord.Member | None) -> RoleProblem | None:
    """Return why `role` may not be given in somebody's name, None where it may.

    Whoever has the bot give a role must be allowed to give it themselves; the owner always is.

    Parameters
    ----------
    giver_id
        Whose name it is, 0 for nobody known.
    giver
        Them as Discord tells of them now, None for who is not there.
    """
    guild = role.guild
    problem = problem_of(role, guild.me)
    if problem is not None:
        return problem
    if giver_id == guild.owner_id:
        return None
    if dangers(role):
        return "dangerous"
    if giver is None:
        return "absent"
    if not giver.guild_permissions.manage_roles:
        return "unpermitted"
    return "outranked" if role >= giver.top_role else None


def require_giver(interaction: discord.Interaction, role_id: int, texts: Texts) -> None:
    """Refuse whoever would have the bot give a role that they may not give themselves.

    Raises
    ------
    UserError
        What is missing, and what helps.
    """
    guild = interaction.guild
    role = guild.get_role(role_id) if guild is not None else None
    if role is None:
        raise UserError("error-role-gone")
    user = interaction.user
    problem = judge(role, user.id, user if isinstance(user, discord.Member) else None)
    if problem == "dangerous":
        keys = [name.replace("_", "-") for name in dangers(role)[:_NAMED_MAX]]
        named = ", ".join(texts(f"permission-{key}") for key in keys)
        raise UserError("error-role-dangerous", role=role.mention, permissions=named)
    if problem is not None:
        raise UserError(f"error-role-{problem}", role=role.mention)


def dangers(role: discord.Role) -> list[str]:
    """Return which of `DANGEROUS` a role holds that not everybody has, in the order of names.

    What it may do in one channel counts like what it may do in all.
    """
    guild = role.guild
    held = role.permissions.value & ~guild.default_role.permissions.value & _DANGEROUS
    for channel in guild.channels:
        allowed = channel.overwrites_for(role).pair()[0].value & _DANGEROUS
        if allowed:
            held |= allowed & ~channel.permissions_for(guild.default_role).value
    return sorted(name for name in DANGEROUS if held & discord.Permissions(**{name: True}).value)


def problem_of(role: discord.Role, me: discord.Member) -> RoleProblem | None:
    """Return why `me` cannot give or take `role`."""
    if role.managed or role.is_default():
        return "managed"
    if not me.guild_permissions.manage_roles:
        return "permission"
    return "above" if role >= me.top_role else None
