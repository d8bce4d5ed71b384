"""What becomes of a server that removed the bot, and of one that invites it again."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot import dates
from bot.clock import Clock
from bot.departures import rules
from bot.departures.rules import KEPT_DAYS as KEPT_DAYS
from bot.errors import StartError
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

    async def known(self) -> set[int]:
        """Return the servers that the bot is in, as far as it knows."""
        async with self.database.read() as conn:
            return await stays.here(conn)

    async def leave(self, guild_ids: Collection[int], at: float) -> None:
        """Remember that these servers have removed the bot; of those it never met there is nothing.

        To hear it again changes nothing.

        Parameters
        ----------
        at
            The moment, in unix seconds by Discord's clock.
        """
        purge_at = rules.purge_at(at)
        left = await self.database.write(lambda conn: stays.leave(conn, guild_ids, at, purge_at))
        day = dates.utc(purge_at).date()
        for guild_id in left:
            log.warning(
                "guild %d has removed the bot: what is stored of it is deleted on %s,"
                " unless it invites the bot again",
                guild_id,
                day,
            )

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

    async def begin_purge(self, guild_id: int, at: float) -> bool:
        """Decide that what a server left behind goes, if it has been away for long enough.

        From then on there is no way back: what is left after a crash goes, too.

        Parameters
        ----------
        at
            When Discord said that the bot is not in it, in unix seconds by Discord's clock. A day
            of the purge that is further away than it can be is corrected.
        """

        async def job(conn: Connection) -> bool:
            stay = await stays.of(conn, guild_id)
            if stay is None or stay.state != "gone":
                return stay is not None and stay.state == "purging"
            latest = rules.purge_at(at)
            if stay.purge_at is None or stay.purge_at > latest:
                stay = replace(stay, left_at=at, purge_at=latest)
                await stays.save(conn, stay)
            is_over = stay.purge_at is not None and at >= stay.purge_at
            if is_over:
                await stays.save(conn, replace(stay, state="purging"))
            return is_over

        return await self.database.write(job)

    async def purge_at_once(self, guild_id: int) -> bool:
        """Purge a server without waiting for its day, or one that only imports were about.

        Returns
        -------
        bool
            False, and nothing is done, where the bot is in it.

        Raises
        ------
        StartError
            Nobody can tell: the bot has not been connected since it is kept where it is.
        """
        now = self.clock().timestamp()

        async def job(conn: Connection) -> bool:
            found = await stays.of(conn, guild_id)
            if found is None and await stored.is_from_before(conn):
                raise StartError(
                    f"nobody knows yet whether the bot is in server {guild_id}: let it run once"
                )
            stay = found or Stay(guild_id, "gone", now)
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

    async def _replace(self, seen: Stay, by: Stay) -> None:
        """Store a stay where it still is as it was seen: what was decided meanwhile stands."""

        async def job(conn: Connection) -> None:
            if await stays.of(conn, seen.guild_id) == seen:
                await stays.save(conn, by)

        await self.database.write(job)
