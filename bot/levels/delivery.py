"""The tick of levels: follow the ledger, give and take roles, announce who rose, notify moderators.

Each step reads what is to be done, asks Discord, and then writes down that it was done. Giving a
role twice changes nothing, and a notice keeps its nonce until it was sent, so a crash between any
two steps loses nothing and repeats nothing that members see. A refusal is remembered with its
role or channel and not tried again until somebody changed something.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import discord

from bot import channels, jobs
from bot.i18n import Speaker
from bot.levels import rules, views
from bot.levels.duties import Pending
from bot.levels.service import LevelsService
from bot.messenger import UnreachableError
from bot.roles import (
    OF_GIVER,
    GoneError,
    Present,
    RoleError,
    RoleProblem,
    Roles,
    Wanted,
)
from storage.records import LevelGrant, LevelNotice

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LevelsRun:
    """Does what `LevelsService` wrote down."""

    service: LevelsService
    roles: Roles
    client: discord.Client
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Do everything that is due, a bounded part of it."""
        risen = await self.service.following.follow()
        await self._look_at_members([*risen, *await self.service.following.to_look_at()])
        await self._look_again()
        if await self.service.duties.must_look():
            await self._look_at_roles()
        await self._change_due()
        news = await self.service.duties.to_announce()
        await jobs.each("a notice of levels", news, self._announce)
        waiting = await self.service.duties.pending()
        await jobs.each("a staff notice", waiting, lambda one: self._notify_staff(one, now))

    # -------------------------------------------------------------------------- roles

    async def _change_due(self) -> None:
        refused: set[tuple[int, int]] = set()

        async def change(grant: LevelGrant) -> None:
            role = grant.guild_id, grant.role_id
            if role not in refused and await self.change(grant) is not None:
                refused.add(role)

        await jobs.each("a role of a level", await self.service.duties.changes_due(), change)

    async def _look_again(self) -> None:
        """Forget problems that were fixed, as far as that can be seen without asking."""
        for reward in await self.service.duties.with_problems():
            try:
                problem = self.roles.problem(reward.guild_id, reward.role_id)
            except UnreachableError:
                continue
            if problem is None and reward.problem not in (*OF_GIVER, "refused"):
                await self.service.duties.role_problem(reward.guild_id, reward.role_id, None)

    async def _look_at_roles(self) -> None:
        """See whether whoever set a role may have it given still, also where it is given rarely."""
        rewards = {
            Wanted(each.guild_id, each.role_id, each.set_by): each
            for each in await self.service.duties.all_rewards()
            if each.problem != "refused"
        }
        for wanted, problem in (await self.roles.judged(rewards)).items():
            if problem != rewards[wanted].problem:
                await self.service.duties.role_problem(wanted.guild_id, wanted.role_id, problem)

    async def _look_at_members(self, members: Sequence[tuple[int, int]]) -> None:
        """Ask for members who should have a role, in case they left and came back."""
        by_guild: dict[int, list[int]] = {}
        for guild_id, user_id in members:
            by_guild.setdefault(guild_id, []).append(user_id)
        for guild_id, user_ids in by_guild.items():
            try:
                found = await self.roles.present(guild_id, user_ids[: rules.LOOKS_MAX])
            except UnreachableError as error:
                log.info("levels: nobody can tell who is there: %s", error)
                continue
            for present in found:
                await self.seen(guild_id, present)

    async def seen(self, guild_id: int, present: Present) -> None:
        """Look at a member as they are now."""
        await self.service.following.seen(
            guild_id, present.user_id, present.joined_at, present.role_ids
        )

    async def change(self, grant: LevelGrant) -> RoleProblem | None:
        """Give or take one role; return what went wrong."""
        reason = "level reached" if grant.state == "due" else "level no longer reached"
        try:
            if grant.state == "due":
                giver = await self.service.duties.giver(grant)
                wanted = Wanted(grant.guild_id, grant.role_id, giver)
                await self.roles.give(wanted, grant.user_id, reason)
            elif not await self.service.duties.is_bought(grant):
                await self.roles.take(grant.guild_id, grant.user_id, grant.role_id, reason)
        except GoneError:
            await self.service.duties.left(grant)
        except UnreachableError as error:
            log.info("levels: a role waits, Discord cannot be reached: %s", error)
        except RoleError as error:
            log.warning(
                "levels: role %s in guild %s: %s", grant.role_id, grant.guild_id, error.problem
            )
            if grant.decided_by and error.problem in OF_GIVER:
                await self.service.duties.undecided(grant)
            else:
                await self.service.duties.role_problem(grant.guild_id, grant.role_id, error.problem)
            return error.problem
        else:
            await self.service.duties.done(grant)
        return None

    # ------------------------------------------------------------------------ notices

    async def _announce(self, notices: Sequence[LevelNotice]) -> None:
        guild_id, channel_id = notices[0].guild_id, notices[0].channel_id
        settings = (await self.service.decisions.overview(guild_id)).settings
        texts = await self.speaker.to_guild(guild_id)
        view = views.notice(notices, texts)
        is_sent = await channels.post(
            self.client, guild_id, channel_id, view, notices[0].nonce or ""
        )
        if is_sent is None:
            return
        await self.service.duties.announced(notices)
        if settings.place == "channel" and channel_id == settings.channel_id:
            problem = None if is_sent else "closed"
            if problem != settings.problem:
                await self.service.duties.channel_problem(guild_id, problem)

    async def _notify_staff(self, pending: Pending, now: datetime) -> None:
        settings, channel_id = pending.settings, pending.staff_channel_id
        if channel_id is None:
            return
        texts = await self.speaker.to_guild(settings.guild_id)
        view = views.staff(pending, texts)
        nonce = f"s{channel_id % 10**11}{int(now.timestamp()) % 10**9}"
        is_sent = await channels.post_to_staff(
            self.client, settings.guild_id, channel_id, view, nonce, texts
        )
        if is_sent is False:
            # `/levels view` shows the same; a closed channel is not asked again and again.
            log.warning("levels: moderators' channel of guild %s is closed", settings.guild_id)
        if is_sent is not None:
            await self.service.duties.staff_notified(pending)
