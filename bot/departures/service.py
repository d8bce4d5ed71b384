"""What becomes of a server that removed the bot, and of one that invites it again."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot import dates
from bot.clock import Clock
from bot.departures import rules
from bot.departures.rules import KEPT_DAYS as KEPT_DAYS
from storage import members, stays
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database
from storage.records import ReturnNotice, Stay

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeparturesService:
    """Knows in which servers the bot is, and purges those that it has left for long."""

    database: Database
    clock: Clock

    async def leave(self, guild_ids: Collection[int]) -> None:
        """Remember that these servers have removed the bot; of those it never met there is nothing.

        To hear it again changes nothing.
        """
        now = self.clock().timestamp()
        purge_at = rules.purge_at(now)
        left = await self.database.write(lambda conn: stays.leave(conn, guild_ids, now, purge_at))
        day = dates.utc(purge_at).date()
        for guild_id in left:
            log.warning(
                "guild %d has removed the bot: what is stored of it is deleted on %s,"
                " unless it invites the bot again",
                guild_id,
                day,
            )

    async def compare(self, present: Collection[int]) -> None:
        """Find who removed the bot while nobody listened: ``present`` are all it is in now."""
        async with self.database.read() as conn:
            missing = await stays.here(conn) - set(present)
        if missing:
            await self.leave(missing)

    async def arrive(self, conn: Connection, guild_id: int) -> bool | None:
        """Say that the bot is in a server.

        Returns
        -------
        bool or None
            Whether it had left, so that it is to be met as a new one. None where what was there
            is being purged: nothing may be stored before `purge` is done.
        """
        stay = await stays.of(conn, guild_id)
        if stay is None:
            await stays.save(conn, Stay(guild_id))
        if stay is None or stay.state == "here":
            return False
        if stay.state == "purging":
            return None
        notice: ReturnNotice = "kept" if stay.state == "gone" else "purged"
        await stays.save(conn, replace(stay, state="here", notice=notice))
        return True

    # -------------------------------------------------------------------------- the notice

    async def waiting(self) -> list[Stay]:
        """Return what is left to be done: servers to purge one day, moderators to notify."""
        async with self.database.read() as conn:
            return await stays.waiting(conn)

    async def staff_channel(self, guild_id: int) -> int | None:
        """Return the channel where moderators are notified, None where none was chosen."""
        async with self.database.read() as conn:
            return (await members.guild(conn, guild_id)).staff_channel_id

    async def notified(self, stay: Stay) -> None:
        """Say that moderators know what became of what was there before."""
        await self._replace(stay, Stay(stay.guild_id))

    # --------------------------------------------------------------------------- the purge

    def is_over(self, stay: Stay, now: float) -> bool:
        """Say whether the time is over for which what a server left behind is kept."""
        if stay.state == "purging":
            return True
        return stay.state == "gone" and stay.purge_at is not None and now >= stay.purge_at

    async def begin_purge(self, guild_id: int, now: float) -> bool:
        """Decide that what a server left behind goes, if it is still away for long enough.

        From then on there is no way back: what is left after a crash goes, too.
        """

        async def job(conn: Connection) -> bool:
            stay = await stays.of(conn, guild_id)
            if stay is None or not self.is_over(stay, now):
                return False
            await stays.save(conn, replace(stay, state="purging"))
            return True

        return await self.database.write(job)

    async def purge_at_once(self, guild_id: int) -> bool:
        """Purge a server without waiting for its day, or one that only imports were about.

        Returns
        -------
        bool
            False, and nothing is done, where the bot is in it.
        """
        now = self.clock().timestamp()

        async def job(conn: Connection) -> bool:
            stay = await stays.of(conn, guild_id) or Stay(guild_id, "gone", now)
            if stay.state == "here":
                return False
            await stays.save(conn, replace(stay, state="purging", purge_at=now))
            return True

        is_away = await self.database.write(job)
        if is_away:
            await self.purge(guild_id)
        return is_away

    async def purge(self, guild_id: int) -> None:
        """Delete all that is stored of a server, in small transactions; then from the bytes, too.

        Nothing but the stay itself is left, which says when it was. What a killed process began
        this goes on with. Of members only what belongs to that server is deleted.
        """
        n_max, clock = rules.PORTION_MAX, asyncio.get_running_loop().time
        now = self.clock().timestamp()

        async def job(conn: Connection) -> bool | None:
            """Say whether this ended it; None while there may be more."""
            stay = await stays.of(conn, guild_id)
            if stay is None or stay.state != "purging":
                return False
            if await stays.purge_some(conn, guild_id, n_max):
                return None
            await stays.save(conn, replace(stay, state="purged"))
            await stored.ask_for_scrub(conn, now)
            return True

        began = clock()
        while (is_ended := await self.database.write(job)) is None:
            n_max = rules.next_portion(n_max, clock() - began)
            began = clock()
        if is_ended:
            log.warning("guild %d: nothing is stored of it any more", guild_id)

    async def set_back(self, stay: Stay, now: float) -> None:
        """Count from now where a server left in the future, which a clock that ran ahead said."""
        if stay.state == "gone" and stay.left_at is not None and stay.left_at > now:
            await self._replace(stay, replace(stay, left_at=now, purge_at=rules.purge_at(now)))

    async def _replace(self, seen: Stay, by: Stay) -> None:
        """Store a stay where it still is as it was seen: what was decided meanwhile stands."""

        async def job(conn: Connection) -> None:
            if await stays.of(conn, seen.guild_id) == seen:
                await stays.save(conn, by)

        await self.database.write(job)
