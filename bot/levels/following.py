"""Following the ledger's levels: who rose and is to be announced, whose roles change.

`follow` compares the levels of whoever the ledger moved with what was last known, in short
transactions that also move the cursor; what follows from it (a notice, a role to give or take)
is written down there and done by `bot.levels.delivery` afterwards.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial

from bot.clock import Clock
from bot.levels import rules
from bot.points.service import PointsService
from storage import ledger, levels, members
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database
from storage.records import GrantState, LevelNotice, LevelSettings, Moved

_CURSOR = "levels:entry"


@dataclass(frozen=True, slots=True)
class Following:
    """What the levels of members come to."""

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
            has_moved = await stored.value(conn, _CURSOR) != str(await ledger.last_entry(conn))
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
            await stored.set_value(conn, _CURSOR, str(await ledger.last_entry(conn)))
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
        """Write down who is to be announced; return who rose and has roles of a level."""
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
                    LevelNotice(
                        guild_id=settings.guild_id,
                        user_id=user_id,
                        level=after[user_id],
                        channel_id=channel_id,
                        made_at=now,
                    )
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
