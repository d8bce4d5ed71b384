"""What waits for moderators this morning, and whether their channel is told of it by itself."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot import dates, zones
from bot.clock import Clock
from bot.errors import UserError
from bot.insights import today_rules
from bot.insights.today_rules import Thing as Thing
from bot.insights.today_rules import things as things
from storage import audit, briefings, members
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditRow, Briefing, Morning


@dataclass(frozen=True, slots=True)
class Due:
    """A guild that is to be told: of its day, or of a month; ``zone`` is the guild's."""

    briefing: Briefing
    zone: str
    day: str = ""
    month: str = ""


@dataclass(frozen=True, slots=True)
class TodayService:
    """Looks at what waits; claims the days and months that are told of."""

    database: Database
    clock: Clock

    async def morning(self, guild_id: int) -> Morning:
        """Return what waits, and what has changed since yesterday."""
        async with self.database.read() as conn:
            return await briefings.morning(
                conn,
                guild_id,
                self.clock().timestamp(),
                day_s=dates.DAY_S,
                worth_s=today_rules.WORTH_S,
                enough=today_rules.GEM_MIN,
            )

    async def setting(self, guild_id: int) -> Briefing:
        """Return whether and when the channel is told."""
        async with self.database.read() as conn:
            return await briefings.of(conn, guild_id)

    async def change(
        self,
        guild_id: int,
        actor_id: int,
        *,
        is_daily: bool | None,
        hour: int | None,
        is_monthly: bool | None,
    ) -> Briefing:
        """Store when moderators' channel is told; None leaves a thing as it is.

        Raises
        ------
        UserError
            There is no such channel yet.
        """
        now = self.clock()

        async def job(conn: Connection) -> Briefing:
            known = await briefings.of(conn, guild_id)
            guild = await members.guild(conn, guild_id)
            if (is_daily or is_monthly) and guild.staff_channel_id is None:
                raise UserError("error-insights-today-no-channel")
            local = now.astimezone(zones.zone_of(guild.time_zone or zones.DEFAULT_ZONE))
            wanted = known
            if is_daily is False:
                wanted = replace(wanted, hour=None)
            elif is_daily or (hour is not None and known.hour is not None):
                at = hour if hour is not None else known.hour
                wanted = replace(wanted, hour=today_rules.HOUR if at is None else at)
            if is_monthly is not None:
                wanted = replace(wanted, is_monthly=is_monthly)
                begun = today_rules.month_due(replace(wanted, month=""), local)
                # Of the month that is over when somebody turns it on, nobody asked.
                wanted = replace(wanted, month=max(known.month, begun or ""))
            await briefings.save(conn, wanted)
            said = {"hour": wanted.hour, "is_monthly": wanted.is_monthly}
            row = AuditRow(
                guild_id=guild_id,
                actor_id=actor_id,
                action="insights.today",
                occurred_at=now.timestamp(),
                details=said,
            )
            await audit.append(conn, row)
            return wanted

        return await self.database.write(job)

    # ------------------------------------------------------------------------ by itself

    async def due(self, now: datetime) -> list[Due]:
        """Return whom to tell now of their day, or of last month."""
        found = []
        async with self.database.read() as conn:
            for one in await briefings.wanted(conn):
                zone = (await members.guild(conn, one.guild_id)).time_zone or zones.DEFAULT_ZONE
                local = now.astimezone(zones.zone_of(zone))
                if (day := today_rules.day_due(one, local)) is not None:
                    found.append(Due(one, zone, day=day))
                if (month := today_rules.month_due(one, local)) is not None:
                    found.append(Due(one, zone, month=month))
        return found

    async def once(self, due: Due, work: Callable[[], Awaitable[bool | None]]) -> None:
        """Do a due thing once; it is due again only where nothing can have come of it.

        Parameters
        ----------
        work
            Returns None where nobody could be reached now.
        """
        guild_id, kind = due.briefing.guild_id, {"day": due.day, "month": due.month}
        is_ours = await self.database.write(lambda conn: briefings.claim(conn, guild_id, **kind))
        if is_ours and await work() is None:
            await self.database.write(lambda conn: briefings.give_back(conn, due.briefing, **kind))

    async def staff_channel(self, guild_id: int) -> int | None:
        """Return the channel that moderators chose."""
        async with self.database.read() as conn:
            return (await members.guild(conn, guild_id)).staff_channel_id
