"""What levels leave to be done on Discord: roles to give and take, and news to announce.

`bot.levels.delivery` does it, and says here how it went.
"""

from collections.abc import Collection
from dataclasses import dataclass

from bot.clock import Clock
from bot.levels import rules
from storage import levels, members, roles
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database
from storage.records import GrantState, LevelGrant, LevelNotice, LevelReward, LevelSettings

_LOOKED = "levels:looked"


@dataclass(frozen=True, slots=True)
class Pending:
    """What moderators are to be notified of once: roles with a problem, members who wait."""

    settings: LevelSettings
    problems: tuple[LevelReward, ...]
    n_waiting: int
    staff_channel_id: int | None


@dataclass(frozen=True, slots=True)
class Duties:
    """Roles that are due or undue, and notices to members and moderators."""

    database: Database
    clock: Clock

    # ------------------------------------------------------------------------------ roles

    async def changes_due(self) -> list[LevelGrant]:
        """Return roles to give and take, oldest first, a tick's worth."""
        async with self.database.read() as conn:
            return await levels.in_state(conn, ("due", "undue"), rules.CHANGES_MAX)

    async def giver(self, grant: LevelGrant) -> int:
        """Return in whose name a role is given: of who confirmed it, else of who set it."""
        async with self.database.read() as conn:
            reward = await levels.reward(conn, grant.guild_id, grant.role_id)
        return grant.decided_by or (reward.set_by if reward else 0)

    async def undecided(self, grant: LevelGrant) -> None:
        """Have a role wait for a moderator again: whoever confirmed it may not give it any more."""
        await self._set(grant, "eligible")

    async def is_bought(self, grant: LevelGrant) -> bool:
        """Say whether the member has the role from the shop, too."""
        async with self.database.read() as conn:
            reasons = await roles.reasons(
                conn, grant.guild_id, grant.user_id, grant.role_id, self.clock().timestamp()
            )
        return any(source == "purchase" for source, _ in reasons)

    async def done(self, grant: LevelGrant) -> None:
        """Remember that a role was given or taken, unless its state changed meanwhile."""
        state: GrantState | None = "granted" if grant.state == "due" else None
        await self._set(grant, state, decided_by=grant.decided_by)

    async def left(self, grant: LevelGrant) -> None:
        """Forget where somebody stands who left: Discord took their roles."""
        await self._set(grant, None)

    async def _set(
        self, grant: LevelGrant, state: GrantState | None, *, decided_by: int = 0
    ) -> bool:
        now = self.clock().timestamp()
        return await self.database.write(
            lambda conn: levels.set_grant(
                conn,
                grant.guild_id,
                grant.user_id,
                grant.role_id,
                state,
                now,
                decided_by=decided_by,
                was=grant.state,
            )
        )

    async def role_problem(self, guild_id: int, role_id: int, problem: str | None) -> None:
        """Remember why a role cannot be given or taken, or that it can again."""
        await self.database.write(
            lambda conn: levels.change_reward(
                conn, guild_id, role_id, problem=problem, is_problem_told=False
            )
        )

    async def with_problems(self) -> list[LevelReward]:
        """Return every reward whose role could not be given or taken."""
        return [reward for reward in await self.all_rewards() if reward.problem is not None]

    async def all_rewards(self) -> list[LevelReward]:
        """Return every role that a level gives, of every guild."""
        async with self.database.read() as conn:
            guilds = await levels.all_settings(conn)
            return [r for g in guilds for r in await levels.rewards(conn, g.guild_id)]

    async def must_look(self) -> bool:
        """Say whether it is time to look whether roles may be given, and that it was done."""
        now = self.clock().timestamp()
        async with self.database.read() as conn:
            last = float(await stored.value(conn, _LOOKED) or 0.0)
        if abs(now - last) < rules.LOOK_EVERY_S:
            return False
        await self.database.write(lambda conn: stored.set_value(conn, _LOOKED, str(now)))
        return True

    # ---------------------------------------------------------------------------- notices

    async def to_announce(self) -> list[list[LevelNotice]]:
        """Return the levels to announce, one list a message.

        What is stale is dropped, and what is of members who hide by now.
        """
        now = self.clock().timestamp()

        async def claim(conn: Connection) -> list[list[LevelNotice]]:
            for guild in await levels.all_settings(conn):
                await levels.drop_notices(conn, guild.guild_id, before=now - rules.NOTICE_FOR_S)
            await self._drop_private(conn)
            for notice in await levels.notices(conn):
                if notice.nonce is None:
                    await levels.claim_notices(
                        conn, notice.guild_id, notice.channel_id, rules.nonce_of(notice)
                    )
            messages: dict[tuple[int, str], list[LevelNotice]] = {}
            for notice in await levels.notices(conn):
                messages.setdefault((notice.channel_id, notice.nonce or ""), []).append(notice)
            return list(messages.values())

        async with self.database.read() as conn:
            if not await levels.notices(conn):
                return []
        return await self.database.write(claim)

    async def _drop_private(self, conn: Connection) -> None:
        by_guild: dict[int, set[int]] = {}
        for notice in await levels.notices(conn):
            by_guild.setdefault(notice.guild_id, set()).add(notice.user_id)
        for guild_id, user_ids in by_guild.items():
            for user_id in await members.private(conn, guild_id, user_ids):
                await levels.drop_notices(conn, guild_id, user_id=user_id)

    async def announced(self, notices: Collection[LevelNotice]) -> None:
        """Forget what one message announced."""
        first = next(iter(notices))
        await self.database.write(
            lambda conn: levels.drop_notices(conn, first.guild_id, nonce=first.nonce or "")
        )

    async def channel_problem(self, guild_id: int, problem: str | None) -> None:
        """Remember that the chosen channel cannot be written to, or that it can again."""
        await self.database.write(
            lambda conn: levels.change_settings(
                conn, guild_id, problem=problem, is_problem_told=False
            )
        )

    async def pending(self) -> list[Pending]:
        """Return by guild what its moderators have not been notified of yet."""
        now = self.clock().timestamp()
        found = []
        async with self.database.read() as conn:
            for guild in await levels.all_settings(conn):
                rewards = await levels.rewards(conn, guild.guild_id)
                problems = tuple(r for r in rewards if r.problem and not r.is_problem_told)
                n_waiting = 0
                since = rules.told_at(guild.queue_told_at, now)
                if now - since >= rules.QUEUE_TOLD_EVERY_S:
                    if await levels.count_in_state(conn, guild.guild_id, rules.WAITING, since):
                        n_waiting = await levels.count_in_state(conn, guild.guild_id, rules.WAITING)
                is_new = guild.problem is not None and not guild.is_problem_told
                if problems or n_waiting or is_new:
                    staff = (await members.guild(conn, guild.guild_id)).staff_channel_id
                    found.append(
                        Pending(
                            settings=guild,
                            problems=problems,
                            n_waiting=n_waiting,
                            staff_channel_id=staff,
                        )
                    )
        return found

    async def staff_notified(self, pending: Pending) -> None:
        """Remember that moderators were notified, so that it happens once."""
        guild_id, now = pending.settings.guild_id, self.clock().timestamp()

        async def job(conn: Connection) -> None:
            for reward in pending.problems:
                await levels.change_reward(conn, guild_id, reward.role_id, is_problem_told=True)
            changes = {"queue_told_at": now} if pending.n_waiting else {}
            await levels.change_settings(conn, guild_id, is_problem_told=True, **changes)

        await self.database.write(job)
