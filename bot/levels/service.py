"""Following the ledger's levels, and what moderators decide about notices and roles.

`follow` compares the levels of whoever the ledger moved with what was last known, in short
transactions that also move the cursor; what follows from it (a notice, a role to give or take)
is written down there and done by `bot.levels.delivery` afterwards.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial

from bot.clock import Clock
from bot.errors import UserError
from bot.levels import rules
from bot.points.service import PointsService
from storage import audit, levels, members, shop
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database
from storage.records import (
    AuditAction,
    AuditRow,
    GrantState,
    LevelGrant,
    LevelNotice,
    LevelReward,
    LevelSettings,
    Moved,
    NoticePlace,
)

_CURSOR = "levels:entry"
_LOOKED = "levels:looked"


@dataclass(frozen=True, slots=True)
class Overview:
    """What a guild decided about levels, and how many members wait for a moderator."""

    settings: LevelSettings
    rewards: tuple[LevelReward, ...]
    n_waiting: int


@dataclass(frozen=True, slots=True)
class Pending:
    """What moderators are to be told once: roles with a problem, members who wait."""

    settings: LevelSettings
    problems: tuple[LevelReward, ...]
    n_waiting: int


@dataclass(frozen=True, slots=True)
class LevelsService:
    """Levels, their notices and their roles."""

    database: Database
    clock: Clock
    points: PointsService

    # ------------------------------------------------------------- following the ledger

    async def follow(self) -> set[tuple[int, int]]:
        """Look at what the ledger moved since the last time, and go on with every sweep.

        Returns
        -------
        set of (int, int)
            Guild and member of who rose and has roles of a level, as far as is known.
        """
        risen: set[tuple[int, int]] = set()
        async with self.database.read() as conn:
            has_moved = await stored.value(conn, _CURSOR) != str(await levels.last_entry(conn))
            unswept = [
                guild.guild_id
                for guild in await levels.all_settings(conn)
                if guild.sweep_from is not None
                or guild.rule_set != (await self.points.rules_in_force(conn, guild.guild_id))[0]
            ]
        steps: list[Callable[[Connection], Awaitable[bool]]] = []
        if has_moved:
            steps.append(partial(self._follow_some, risen=risen))
        steps += [partial(self._sweep, guild_id=each) for each in unswept]
        for step in steps:
            for _ in range(rules.BATCHES_MAX):
                if not await self.database.write(step):
                    break
        return risen

    async def _follow_some(self, conn: Connection, risen: set[tuple[int, int]]) -> bool:
        """Look at the next entries; return whether there may be more."""
        cursor = await stored.value(conn, _CURSOR)
        if cursor is None or not await levels.all_settings(conn):
            # A guild that sets something is swept, so nothing before it matters.
            await stored.set_value(conn, _CURSOR, str(await levels.last_entry(conn)))
            return False
        moved = await levels.moved_since(conn, int(cursor), rules.BATCH)
        if not moved:
            return False
        by_guild: dict[int, list[Moved]] = {}
        for each in moved:
            by_guild.setdefault(each.guild_id, []).append(each)
        for guild_id, entries in by_guild.items():
            settings = await levels.settings(conn, guild_id)
            if settings is not None:
                found = await self._compare(conn, settings, entries, int(cursor))
                risen |= {(guild_id, user_id) for user_id in found}
        await stored.set_value(conn, _CURSOR, str(moved[-1].entry_id))
        return len(moved) == rules.BATCH

    async def _compare(
        self,
        conn: Connection,
        settings: LevelSettings,
        entries: Collection[Moved],
        cursor: int,
    ) -> set[int]:
        """Write down who is to be told of; return who rose and has roles of a level."""
        user_ids = {entry.user_id for entry in entries}
        before, after = await self._levels(conn, settings.guild_id, user_ids)
        is_swept = settings.sweep_from is None
        quiet = {entry.user_id for entry in entries if entry.kind in rules.SILENT}
        # What they have by now may come from a count of which later batches are to hear.
        lately = self.clock().timestamp() - rules.NOTICE_FOR_S
        quiet |= await levels.rescored_since(conn, settings.guild_id, user_ids, cursor, lately)
        quiet |= await members.private(conn, settings.guild_id, user_ids)
        came_from = {e.user_id: e.channel_id for e in entries if e.channel_id is not None}
        now = self.clock().timestamp()
        notices = []
        for user_id in sorted(user_ids - quiet):
            # Who was never looked at has risen from nothing only once everybody has been.
            was = before.get(user_id, 0 if is_swept else after[user_id])
            channel_id = (
                settings.channel_id if settings.place == "channel" else came_from.get(user_id)
            )
            if after[user_id] > was and settings.place != "off" and channel_id is not None:
                notices.append(
                    LevelNotice(settings.guild_id, user_id, after[user_id], channel_id, now)
                )
        await levels.add_notices(conn, notices)
        risen = {user_id for user_id in user_ids if after[user_id] > before.get(user_id, 0)}
        grants = await levels.grants_of(conn, settings.guild_id, risen)
        return {grant.user_id for grant in grants if grant.state in rules.HELD}

    async def _levels(
        self, conn: Connection, guild_id: int, user_ids: Collection[int]
    ) -> tuple[Mapping[int, int], Mapping[int, int]]:
        """Return the levels known and those of now, having remembered them and their roles."""
        before = await levels.known(conn, guild_id, user_ids)
        earned = await levels.earned(conn, guild_id, user_ids)
        after = await self.points.levels(conn, guild_id, earned)
        await levels.set_known(
            conn, guild_id, {u: level for u, level in after.items() if before.get(u) != level}
        )
        await self._reconcile(conn, guild_id, after)
        return before, after

    async def _reconcile(self, conn: Connection, guild_id: int, after: Mapping[int, int]) -> None:
        rewards = await levels.rewards(conn, guild_id)
        if not rewards:
            return
        states: dict[int, dict[int, GrantState]] = {}
        for grant in await levels.grants_of(conn, guild_id, after.keys()):
            states.setdefault(grant.user_id, {})[grant.role_id] = grant.state
        for user_id, level in after.items():
            changes = rules.reconcile(level, rewards, states.get(user_id, {}))
            await self._write_changes(conn, guild_id, user_id, changes)

    async def _write_changes(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        changes: Mapping[int, GrantState | None],
    ) -> None:
        now = self.clock().timestamp()
        for role_id, state in changes.items():
            await levels.set_grant(conn, guild_id, user_id, role_id, state, now)

    async def _sweep(self, conn: Connection, guild_id: int) -> bool:
        """Look at the next of all members, without a word; return whether there may be more."""
        settings = await levels.settings(conn, guild_id)
        if settings is None:
            return False
        version, _ = await self.points.rules_in_force(conn, guild_id)
        start = settings.sweep_from
        if version != settings.rule_set:  # the levels may have moved under everybody
            start = 0
        if start is None:
            return False
        user_ids = await levels.members_after(conn, guild_id, start, rules.BATCH)
        if user_ids:
            await self._levels(conn, guild_id, user_ids)
        is_over = len(user_ids) < rules.BATCH
        await levels.change_settings(
            conn, guild_id, sweep_from=None if is_over else user_ids[-1], rule_set=version
        )
        return not is_over

    # ------------------------------------------------------------------ who came back

    async def to_look_at(self) -> list[tuple[int, int]]:
        """Return guild and member of the next who have a level's role and were not seen lately."""
        now = self.clock().timestamp()
        before = now - rules.LOOK_EVERY_S
        async with self.database.read() as conn:
            found = await levels.unseen(conn, rules.HELD, before, now, rules.LOOKS_MAX)
        if found:
            numbers = [grant.grant_id for grant in found]
            await self.database.write(lambda conn: levels.saw(conn, numbers, now))
        return [(grant.guild_id, grant.user_id) for grant in found]

    async def seen(
        self, guild_id: int, user_id: int, joined_at: float, role_ids: Collection[int]
    ) -> None:
        """Have a member who left and came back get again what their level gives.

        Parameters
        ----------
        joined_at
            When they joined, UTC unix seconds.
        role_ids
            What they have now.
        """

        async def changes(conn: Connection) -> Mapping[int, GrantState | None]:
            rewards = await levels.rewards(conn, guild_id)
            if not rewards:
                return {}
            grants = await levels.grants_of(conn, guild_id, [user_id])
            lost = {each.role_id for each in rules.lost(grants, joined_at, role_ids)}
            states = {each.role_id: each.state for each in grants if each.role_id not in lost}
            earned = await levels.earned(conn, guild_id, [user_id])
            level = (await self.points.levels(conn, guild_id, earned))[user_id]
            return dict.fromkeys(lost) | rules.reconcile(level, rewards, states)

        async def job(conn: Connection) -> None:
            await self._write_changes(conn, guild_id, user_id, await changes(conn))

        async with self.database.read() as conn:
            has_changes = bool(await changes(conn))
        if has_changes:
            await self.database.write(job)

    # ----------------------------------------------------------------- what is to be done

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
            held = await shop.role_held(conn, grant.guild_id, grant.user_id, grant.role_id)
        return bool(held)

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

    async def to_tell(self) -> list[list[LevelNotice]]:
        """Return the levels to be told of, one list a message.

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

    async def told(self, notices: Collection[LevelNotice]) -> None:
        """Forget what one message told."""
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
        """Return by guild what its moderators have not been told yet."""
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
                    found.append(Pending(guild, problems, n_waiting))
        return found

    async def staff_told(self, pending: Pending) -> None:
        """Remember that moderators were told, so that they are told once."""
        guild_id, now = pending.settings.guild_id, self.clock().timestamp()

        async def job(conn: Connection) -> None:
            for reward in pending.problems:
                await levels.change_reward(conn, guild_id, reward.role_id, is_problem_told=True)
            changes = {"queue_told_at": now} if pending.n_waiting else {}
            await levels.change_settings(conn, guild_id, is_problem_told=True, **changes)

        await self.database.write(job)

    # ----------------------------------------------------------- what moderators decide

    async def overview(self, guild_id: int) -> Overview:
        """Return what a guild decided about levels."""
        async with self.database.read() as conn:
            settings = await levels.settings(conn, guild_id) or LevelSettings(guild_id)
            rewards = tuple(await levels.rewards(conn, guild_id))
            n_waiting = await levels.count_in_state(conn, guild_id, rules.WAITING)
        return Overview(settings, rewards, n_waiting)

    async def set_notices(
        self, guild_id: int, actor_id: int, place: NoticePlace, channel_id: int | None
    ) -> Overview:
        """Say where members hear that somebody rose; what waits to be told is dropped.

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
            settings = await self._settings(conn, guild_id)
            await levels.save_settings(conn, replace(settings, staff_channel_id=channel_id))
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
