"""What moderators decide about levels: where they are announced, which roles they give to whom."""

from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.errors import UserError
from bot.levels import rules
from storage import audit, levels, members
from storage.connection import Connection
from storage.database import Database
from storage.records import (
    AuditAction,
    AuditRow,
    GrantState,
    LevelGrant,
    LevelReward,
    LevelSettings,
    NoticePlace,
)


@dataclass(frozen=True, slots=True)
class Overview:
    """What a guild decided about levels, and how many members wait for a moderator."""

    settings: LevelSettings
    rewards: tuple[LevelReward, ...]
    n_waiting: int
    staff_channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class Decisions:
    """A guild's settings of levels, and its queue of members who wait."""

    database: Database
    clock: Clock

    async def overview(self, guild_id: int) -> Overview:
        """Return what a guild decided about levels."""
        async with self.database.read() as conn:
            settings = await levels.settings(conn, guild_id) or LevelSettings(guild_id)
            rewards = tuple(await levels.rewards(conn, guild_id))
            n_waiting = await levels.count_in_state(conn, guild_id, rules.WAITING)
            staff_channel_id = (await members.guild(conn, guild_id)).staff_channel_id
        return Overview(
            settings=settings,
            rewards=rewards,
            n_waiting=n_waiting,
            staff_channel_id=staff_channel_id,
        )

    async def set_notices(
        self, guild_id: int, actor_id: int, place: NoticePlace, channel_id: int | None
    ) -> Overview:
        """Say where members hear that somebody rose; what waits to be announced is dropped.

        Raises
        ------
        UserError
            ``place`` is "channel" and none is named.
        """
        if place == "channel" and channel_id is None:
            raise UserError("error-levels-channel")

        async def job(conn: Connection) -> None:
            settings = await self._settings(conn, guild_id)
            await levels.save_settings(
                conn,
                replace(
                    settings,
                    place=place,
                    channel_id=channel_id if place == "channel" else None,
                    problem=None,
                    is_problem_told=False,
                ),
            )
            await levels.drop_notices(conn, guild_id)
            await self._audit(
                conn, guild_id, actor_id, "levels.notices", place=place, channel_id=channel_id
            )

        await self.database.write(job)
        return await self.overview(guild_id)

    async def set_staff(self, guild_id: int, actor_id: int, channel_id: int | None) -> Overview:
        """Say where moderators are notified of what they must decide or fix; None for nowhere."""

        async def job(conn: Connection) -> None:
            known = await members.guild(conn, guild_id)
            await members.save_guild(conn, replace(known, staff_channel_id=channel_id))
            await self._audit(conn, guild_id, actor_id, "levels.staff", channel_id=channel_id)

        await self.database.write(job)
        return await self.overview(guild_id)

    async def set_reward(
        self, guild_id: int, actor_id: int, role_id: int, level: int, *, needs_confirm: bool
    ) -> Overview:
        """Have a level give a role, and look at everybody who has that level already.

        Raises
        ------
        UserError
            There are `rules.REWARDS_MAX` other roles.
        """

        async def job(conn: Connection) -> None:
            known = await levels.rewards(conn, guild_id)
            if len(known) >= rules.REWARDS_MAX and role_id not in {r.role_id for r in known}:
                raise UserError("error-levels-rewards", most=rules.REWARDS_MAX)
            settings = await self._settings(conn, guild_id)
            await levels.save_settings(conn, replace(settings, sweep_from=0))
            reward = LevelReward(
                guild_id=guild_id,
                role_id=role_id,
                level=level,
                needs_confirm=needs_confirm,
                set_by=actor_id,
            )
            await levels.save_reward(conn, reward)
            await self._audit(
                conn,
                guild_id,
                actor_id,
                "levels.reward",
                role_id,
                level=level,
                confirm=needs_confirm,
            )

        await self.database.write(job)
        return await self.overview(guild_id)

    async def drop_reward(self, guild_id: int, actor_id: int, role_id: int) -> Overview:
        """Have no level give a role any more; who has it keeps it.

        Raises
        ------
        UserError
            No level gives it.
        """

        async def job(conn: Connection) -> None:
            if not await levels.drop_reward(conn, guild_id, role_id):
                raise UserError("error-levels-no-reward")
            await self._audit(conn, guild_id, actor_id, "levels.unreward", role_id)

        await self.database.write(job)
        return await self.overview(guild_id)

    async def queue(self, guild_id: int) -> list[LevelGrant]:
        """Return the first members who wait for a moderator."""
        async with self.database.read() as conn:
            return await levels.in_state(conn, rules.WAITING, rules.QUEUE_SIZE, guild_id)

    async def grant(self, guild_id: int, grant_id: int) -> LevelGrant | None:
        """Return where a member stands with a role, None where that is not known any more."""
        async with self.database.read() as conn:
            return await levels.grant(conn, guild_id, grant_id)

    async def decide(
        self, guild_id: int, actor_id: int, grant_id: int, *, is_yes: bool
    ) -> LevelGrant | None:
        """Follow a level (give the role, or take it) or not; return the row as it is now.

        None where another moderator, or the member's level, was faster.
        """

        async def job(conn: Connection) -> LevelGrant | None:
            grant = await levels.grant(conn, guild_id, grant_id)
            if grant is None or grant.state not in rules.WAITING:
                return None
            if grant.state == "eligible":
                state: GrantState = "due" if is_yes else "declined"
            else:
                state = "undue" if is_yes else "kept"
            now = self.clock().timestamp()
            await levels.set_grant(
                conn, guild_id, grant.user_id, grant.role_id, state, now, decided_by=actor_id
            )
            decided = (grant.user_id,)
            await self._audit(
                conn, guild_id, actor_id, "levels.decide", grant.role_id, about=decided, state=state
            )
            return replace(grant, state=state, decided_by=actor_id)

        return await self.database.write(job)

    async def _settings(self, conn: Connection, guild_id: int) -> LevelSettings:
        return await levels.settings(conn, guild_id) or LevelSettings(guild_id)

    async def _audit(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        action: AuditAction,
        role_id: int | None = None,
        *,
        about: tuple[int, ...] = (),
        **details: str | int | None,
    ) -> None:
        row = AuditRow(
            guild_id=guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self.clock().timestamp(),
            subject=str(role_id or ""),
            details=details,
            about=about,
        )
        await audit.append(conn, row)
