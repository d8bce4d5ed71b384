"""Checking in: once a day, paid by the rule ``checkin``, with a streak that freezes protect."""

from collections import Counter
from dataclasses import dataclass

from bot import dates, information, mentions
from bot.checkins import rules
from bot.checkins.rules import Day
from bot.clock import Clock
from bot.errors import UserError
from bot.points.service import PointsService
from bot.rewards import calendar
from storage import checkins, events, ledger, members
from storage.connection import Connection
from storage.database import Database
from storage.records import Event, EventKind


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What a check-in did.

    Attributes
    ----------
    streak, total
        Check-ins that follow each other up to this one, and all there were.
    amount
        What it paid, in hundredths; 0 where a cap or the rules left nothing.
    n_frozen
        Missed days that freezes covered just now.
    freezes_left
        Of this month.
    next_at
        When the next one is possible.
    """

    user_id: int
    streak: int
    total: int
    amount: int
    n_frozen: int
    freezes_left: int
    next_at: float


@dataclass(frozen=True, slots=True)
class CheckinsService:
    """Keeps the days that members checked in."""

    database: Database
    clock: Clock
    points: PointsService

    async def check_in(
        self, guild_id: int, user_id: int, note: str, *, source_id: int, channel_id: int | None
    ) -> CheckIn:
        """Check a member in for today; the note is measured here and kept nowhere.

        Parameters
        ----------
        source_id
            Of the interaction, which becomes the event's.

        Raises
        ------
        UserError
            The member has checked in today, the note says too little, or they are not tracked.
        """
        length = information.length_class(note)

        async def job(conn: Connection) -> CheckIn:
            now = self.clock().timestamp()
            if await members.untracked(conn, guild_id, {user_id}):
                raise UserError("error-checkins-untracked")
            _, in_force = await self.points.rules_in_force(conn, guild_id)
            if length is not None and length < in_force.checkin.min_length:
                raise UserError("error-checkins-short")
            zone = calendar.zone_of(in_force, (await members.guild(conn, guild_id)).time_zone)
            today, next_at = dates.day_of(now, zone), dates.next_day_at(now, zone)
            known = [Day(*each) for each in await checkins.days(conn, guild_id, user_id)]
            # A clock that ran ahead for a while may have left days that are still to come.
            days = [each for each in known if each.day <= today]
            if days and days[0].day == today:
                raise UserError("error-checkins-again", when=mentions.moment(next_at))
            used = Counter(rules.month_of(each.day) for each in days if each.is_frozen)
            last = days[0].day if days else None
            frozen = rules.frozen_days(last, today, used) or []
            await checkins.add(conn, guild_id, user_id, today, now, frozen_days=frozen)
            used.update(rules.month_of(day) for day in frozen)
            covered = [Day(day, is_frozen=True) for day in reversed(frozen)]
            days = [Day(today), *covered, *days]
            event = Event(
                guild_id=guild_id,
                source_id=source_id,
                kind=EventKind.CHECKIN,
                user_id=user_id,
                occurred_at=now,
                channel_id=channel_id,
                length_class=length,
            )
            return CheckIn(
                user_id,
                streak=rules.streak(days),
                total=sum(not each.is_frozen for each in days),
                amount=await self._pay(conn, event, now),
                n_frozen=len(frozen),
                freezes_left=rules.FREEZES_A_MONTH - used[rules.month_of(today)],
                next_at=next_at,
            )

        return await self.database.write(job)

    async def streak(self, guild_id: int, user_id: int) -> int:
        """Return how many check-ins follow each other up to today or yesterday, 0 for none."""
        async with self.database.read() as conn:
            _, in_force = await self.points.rules_in_force(conn, guild_id)
            zone = calendar.zone_of(in_force, (await members.guild(conn, guild_id)).time_zone)
            today = dates.day_of(self.clock().timestamp(), zone)
            known = [Day(*each) for each in await checkins.days(conn, guild_id, user_id)]
        days = [each for each in known if each.day <= today]
        is_unbroken = bool(days) and days[0].day >= dates.later(today, -1)
        return rules.streak(days) if is_unbroken else 0

    async def _pay(self, conn: Connection, event: Event, now: float) -> int:
        event_id = await events.append(conn, event, now)
        assert event_id is not None, "a member checks in once a day, and an interaction is one"
        await self.points.award(conn, event, event_id)
        paid = await ledger.of_source(
            conn, event.guild_id, event.user_id, kind="checkin", source_id=event.source_id
        )
        return paid.amount if paid is not None else 0
