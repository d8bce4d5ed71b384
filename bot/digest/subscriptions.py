"""Who wants digests and when: what members decide, and the next moment that follows from it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import dates, outbox, zones
from bot.clock import Clock
from bot.digest import patience, rules
from bot.errors import UserError
from storage import audit, digests, members
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditAction, AuditRow, Cadence, Delivery, DigestSetting


@dataclass(frozen=True, slots=True)
class Status:
    """A member's digest as they see it; ``skipped`` is the last one, where it was not sent."""

    setting: DigestSetting
    time_zone: str
    sent_at: float | None = None
    skipped: Delivery | None = None
    now: float = 0.0

    @property
    def every(self) -> str:
        """How often letters come now, as texts call it."""
        return patience.every(self.setting)

    @property
    def is_slowed(self) -> bool:
        """Whether they come half as often, for none was opened."""
        return self.setting.stage in (patience.SLOWED, patience.ASKED)

    @property
    def is_given_up(self) -> bool:
        """Whether they stopped for that."""
        return self.setting.stage == patience.STOPPED and not self.setting.is_on


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
                stage=patience.READ if not known.is_on else known.stage,
                stage_at=now.timestamp() if not known.is_on else known.stage_at,
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
            await digests.save_setting(conn, _off(known))
            return True

        return await self.database.write(job)

    async def give_up(self, conn: Connection, setting: DigestSetting, now: datetime) -> None:
        """Turn off the letters of a member who opened none, as the last one told them."""
        await _audit(conn, setting.guild_id, setting.user_id, "digest.off", now)
        stopped = replace(_off(setting), stage=patience.STOPPED, stage_at=now.timestamp())
        await digests.save_setting(conn, stopped)

    async def keep(self, delivery_id: int, user_id: int) -> int | None:
        """Go on as before, for who was asked and wants letters; return the guild as `stop` does."""
        now = self.clock()

        async def job(conn: Connection) -> int | None:
            found = await digests.delivery(conn, delivery_id)
            if found is None or found.user_id != user_id:
                return None
            known = await self._setting(conn, found.guild_id, user_id)
            if not known.is_on:
                await _audit(conn, found.guild_id, user_id, "digest.on", now)
            opted_in_at = known.opted_in_at if known.is_on else now.timestamp()
            wanted = replace(known, is_on=True, opted_in_at=opted_in_at, stage=patience.READ)
            await self.plan(conn, replace(wanted, stage_at=now.timestamp()), now)
            return found.guild_id

        return await self.database.write(job)

    async def set_cadence(self, guild_id: int, user_id: int, cadence: Cadence) -> Status:
        """Store how often the member wants digests; it turns nothing on, and begins afresh."""
        now = self.clock()

        async def job(conn: Connection) -> Status:
            known = await self._setting(conn, guild_id, user_id)
            wanted = replace(known, cadence=cadence, stage=patience.READ, stage_at=now.timestamp())
            return await self._status(conn, await self.plan(conn, wanted, now))

        return await self.database.write(job)

    async def pause(self, guild_id: int, user_id: int, until: str | None) -> Status:
        """Let no digest come before a day, written as YYYY-MM-DD; None ends a pause.

        Raises
        ------
        UserError
            It is no day of the coming year.
        """
        now = self.clock()

        async def job(conn: Connection) -> Status:
            known = await self._setting(conn, guild_id, user_id)
            end = None
            if until is not None:
                zone = await digests.zone(conn, guild_id, user_id)
                end = dates.day_start(until, zone)
                if end is None or not 0 < end - now.timestamp() <= rules.PAUSE_MAX_S:
                    raise UserError("error-digest-pause", value=until[:100])
            wanted = replace(known, paused_until=end)
            return await self._status(conn, await self.plan(conn, wanted, now))

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
        at_s = now.timestamp()
        at = at_s, at_s + rules.AHEAD_S, at_s + rules.AHEAD_OF_ANY_S
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
            last = await self._last(conn, setting, zone)
            free_at = await outbox.free_from(conn, "digest", guild_id, user_id, now.timestamp())
            begin = max(now, dates.utc(max(setting.paused_until or 0, free_at - 1)))
            due = rules.next_due(begin, zone, setting.weekday, setting.hour)
            while not patience.is_in_step(
                due.astimezone(zone).date(), last, setting.cadence, setting.stage
            ) or await digests.is_taken(conn, guild_id, user_id, rules.period(due, zone)):
                due = rules.next_due(due, zone, setting.weekday, setting.hour)
            due_at = due.timestamp()
        return replace(setting, due_at=due_at, due_zone=name)

    async def _last(self, conn: Connection, setting: DigestSetting, zone: ZoneInfo) -> date | None:
        """Return the day of the member's last letter by plan, None for none that bears a step.

        A letter from the future was sent before the clock was put back.
        """
        found = await digests.latest_planned(conn, setting.guild_id, setting.user_id)
        if found is None or found.claimed_at > self.clock().timestamp():
            return None
        return dates.utc(found.claimed_at).astimezone(zone).date()

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
        key = setting.guild_id, setting.user_id
        latest = await digests.latest(conn, *key, ("sent",))
        last = await digests.latest(conn, *key, ("sent", "skipped"))
        skipped = last if last is not None and last.state == "skipped" else None
        now = self.clock().timestamp()
        return Status(
            setting=setting,
            time_zone=zone,
            sent_at=latest.sent_at if latest else None,
            skipped=skipped,
            now=now,
        )


def _off(known: DigestSetting) -> DigestSetting:
    return replace(known, is_on=False, opted_in_at=None, due_at=None)


async def _audit(
    conn: Connection, guild_id: int, user_id: int, action: AuditAction, now: datetime
) -> None:
    await audit.append(
        conn,
        AuditRow(guild_id=guild_id, actor_id=user_id, action=action, occurred_at=now.timestamp()),
    )
