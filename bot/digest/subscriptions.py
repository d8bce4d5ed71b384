"""Who wants digests and when: what members decide, and the next moment that follows from it."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot import zones
from bot.clock import Clock
from bot.digest import rules
from bot.errors import UserError
from storage import audit, digests, members
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditAction, AuditRow, DigestSetting


@dataclass(frozen=True, slots=True)
class Status:
    """A member's digest as they see it."""

    setting: DigestSetting
    time_zone: str
    sent_at: float | None = None


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The digest settings of members."""

    database: Database
    clock: Clock

    async def turn_on(self, guild_id: int, user_id: int, locale: str | None = None) -> Status:
        """Record the opt-in (again after closed messages) and plan the next digest.

        Parameters
        ----------
        locale
            Of the member's Discord: the letter's language unless they choose another.
        """
        now = self.clock()

        async def job(conn: Connection) -> Status:
            known = await self._setting(conn, guild_id, user_id)
            if not known.is_on:
                await _audit(conn, guild_id, user_id, "digest.on", now)
            opted_in_at = known.opted_in_at if known.is_on else now.timestamp()
            wanted = replace(
                known,
                is_on=True,
                opted_in_at=opted_in_at,
                locale=locale or known.locale,
                closed_at=None,
                closed_told_at=None,
            )
            return await self._status(conn, await self.plan(conn, wanted, now))

        return await self.database.write(job)

    async def turn_off(self, guild_id: int, user_id: int) -> bool:
        """Record the opt-out; False if digests were off already."""
        now = self.clock()

        async def job(conn: Connection) -> bool:
            known = await digests.setting(conn, guild_id, user_id)
            if known is None or not known.is_on:
                return False
            await _audit(conn, guild_id, user_id, "digest.off", now)
            off = replace(known, is_on=False, opted_in_at=None, due_at=None)
            await digests.save_setting(conn, off)
            return True

        return await self.database.write(job)

    async def stop(self, delivery_id: int, user_id: int) -> int | None:
        """Turn off what sent a delivery; return its guild, None if it is not the member's."""
        async with self.database.read() as conn:
            found = await digests.delivery(conn, delivery_id)
        if found is None or found.user_id != user_id:
            return None
        await self.turn_off(found.guild_id, user_id)
        return found.guild_id

    async def set_time(
        self, guild_id: int, user_id: int, weekday: int, hour: int, time_zone: str | None
    ) -> Status:
        """Store when the member wants digests; it turns nothing on.

        Raises
        ------
        UserError
            There is no such time zone.
        """
        zone = None if time_zone is None else zones.zone_name(time_zone)
        if time_zone is not None and zone is None:
            raise UserError("error-digest-time-zone", value=time_zone[:100])
        now = self.clock()

        async def job(conn: Connection) -> Status:
            if zone is not None:
                await members.change_member(
                    conn, guild_id, user_id, now.timestamp(), time_zone=zone
                )
            known = await self._setting(conn, guild_id, user_id)
            wanted = replace(known, weekday=weekday, hour=hour)
            return await self._status(conn, await self.plan(conn, wanted, now))

        return await self.database.write(job)

    async def status(self, guild_id: int, user_id: int) -> Status:
        """Return whether and when the member gets digests."""
        await self.replan(self.clock())
        async with self.database.read() as conn:
            return await self._status(conn, await self._setting(conn, guild_id, user_id))

    async def claim_notice(self, guild_id: int, user_id: int) -> bool:
        """Say, once, whether the member must be notified that their messages are closed."""
        async with self.database.read() as conn:
            if not rules.is_unnotified(await digests.setting(conn, guild_id, user_id)):
                return False

        async def job(conn: Connection) -> bool:
            if not rules.is_unnotified(await digests.setting(conn, guild_id, user_id)):
                return False
            told_at = self.clock().timestamp()
            await digests.change_setting(conn, guild_id, user_id, closed_told_at=told_at)
            return True

        return await self.database.write(job)

    async def replan(self, now: datetime) -> None:
        """Find the next moment again for members whose time zone has changed.

        And for whom it lies further ahead than a week: the clock was put back, perhaps.
        """
        at = now.timestamp(), now.timestamp() + rules.AHEAD_S
        async with self.database.read() as conn:
            found = await digests.misplanned(conn, *at)
            if [await self._planned(conn, setting, now) for setting in found] == found:
                return

        async def job(conn: Connection) -> None:
            for setting in await digests.misplanned(conn, *at):
                await self.plan(conn, setting, now)

        await self.database.write(job)

    async def plan(self, conn: Connection, setting: DigestSetting, now: datetime) -> DigestSetting:
        """Store a setting with its next moment."""
        planned = await self._planned(conn, setting, now)
        await digests.save_setting(conn, planned)
        return planned

    async def _planned(
        self, conn: Connection, setting: DigestSetting, now: datetime
    ) -> DigestSetting:
        """Return `setting` with its next moment whose period is still free, if it is on."""
        guild_id, user_id = setting.guild_id, setting.user_id
        name = await digests.zone(conn, guild_id, user_id)
        due_at = None
        if rules.may_send(setting):
            zone = zones.zone_of(name)
            due = rules.next_due(now, zone, setting.weekday, setting.hour)
            while await digests.is_taken(conn, guild_id, user_id, rules.period(due, zone)):
                due = rules.next_due(due, zone, setting.weekday, setting.hour)
            due_at = due.timestamp()
        return replace(setting, due_at=due_at, due_zone=name)

    async def _setting(self, conn: Connection, guild_id: int, user_id: int) -> DigestSetting:
        return await digests.setting(conn, guild_id, user_id) or DigestSetting(
            guild_id=guild_id,
            user_id=user_id,
            is_on=False,
            weekday=rules.DEFAULT_WEEKDAY,
            hour=rules.DEFAULT_HOUR,
        )

    async def _status(self, conn: Connection, setting: DigestSetting) -> Status:
        zone = await digests.zone(conn, setting.guild_id, setting.user_id)
        latest = await digests.latest(conn, setting.guild_id, setting.user_id, ("sent",))
        return Status(setting, zone, latest.sent_at if latest else None)


async def _audit(
    conn: Connection, guild_id: int, user_id: int, action: AuditAction, now: datetime
) -> None:
    await audit.append(
        conn,
        AuditRow(guild_id=guild_id, actor_id=user_id, action=action, occurred_at=now.timestamp()),
    )
