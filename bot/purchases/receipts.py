"""What a membership gave a member: counted from what is kept anyway, shown to them alone."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.dates import DAY_S
from bot.points.service import PointsService
from bot.purchases import receipt_rules as rules
from bot.purchases.receipt_rules import PERIODS as PERIODS
from bot.purchases.receipt_rules import Period as Period
from bot.purchases.receipt_rules import Span
from bot.purchases.use import USED
from storage import access, deeds, members, products, receipts, reminders
from storage.connection import Connection
from storage.database import Database
from storage.records import Reminder

SHOWN_MAX = 6
WANTING_BATCH = 200
_MONTH_AT_MOST_S = 32 * DAY_S


@dataclass(frozen=True, slots=True)
class Had:
    """Something bought that is open now: until when (None for good), and how much was used."""

    title: str
    ends_at: float | None
    n_used: int
    n_all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a member got, over a span; ``points`` in hundredths, ``level`` and ``had`` as of now.

    ``is_monthly`` says whether one comes every month, ``is_closed`` that the last did not arrive.
    """

    period: Period
    over: Span
    finished: int
    saved: int
    opened: int
    answers_got: int
    answers_given: int
    accepted: int
    points: int
    level: int
    had: tuple[Had, ...]
    is_tracked: bool
    is_monthly: bool
    is_closed: bool
    time_zone: str

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that happened in it."""
        return not any(
            (
                *(self.finished, self.saved, self.opened),
                *(self.answers_got, self.answers_given, self.points),
            )
        )


@dataclass(frozen=True, slots=True)
class Receipts:
    """Receipts, and who wants one every month."""

    database: Database
    clock: Clock
    points: PointsService

    async def receipt(self, guild_id: int, user_id: int, period: Period = "days") -> Receipt:
        """Return what a member got in a period."""
        async with self.database.read() as conn:
            zone = await _zone(conn, guild_id, user_id)
            over = rules.span(period, self._now, zone)
            return await self._receipt(conn, guild_id, user_id, period, over, zone)

    async def of_month(self, guild_id: int, user_id: int, about_at: float) -> Receipt | None:
        """Return the receipt of the last month, None where that is not the month any more."""
        found = await self.receipt(guild_id, user_id, "last")
        month = found.over.month
        return found if month is not None and rules.named(month) == about_at else None

    async def set_monthly(self, guild_id: int, user_id: int, is_on: bool) -> None:
        """Turn a member's monthly receipt on or off."""
        await self.database.write(
            lambda conn: receipts.set_monthly(conn, guild_id, user_id, is_on, self._now)
        )

    async def is_wanted(self, guild_id: int, user_id: int) -> bool:
        """Say whether a member wants a receipt every month."""
        async with self.database.read() as conn:
            return await receipts.is_monthly(conn, guild_id, user_id)

    async def due(self, limit: int) -> list[Reminder]:
        """Return whom to send the receipt of the month that is over where they live."""
        now, after, found = self._now, (0, 0), list[Reminder]()
        async with self.database.read() as conn:
            while len(found) < limit:
                some = await receipts.wanting(conn, after, now - _MONTH_AT_MOST_S, WANTING_BATCH)
                for guild_id, user_id, since in some:
                    zone = await _zone(conn, guild_id, user_id)
                    over = rules.due(now, zone, since)
                    if over is not None and over.month is not None:
                        found.append(_reminder(guild_id, user_id, rules.named(over.month), now))
                if len(some) < WANTING_BATCH:
                    break
                after = some[-1][:2]
        return found[:limit]

    async def _receipt(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        period: Period,
        over: Span,
        time_zone: str,
    ) -> Receipt:
        who = (conn, guild_id, user_id)
        done = rules.counted(await deeds.of(*who), over)
        given, accepted = await receipts.answers_given(*who, over.since, over.until)
        return Receipt(
            period=period,
            over=over,
            finished=done.finished,
            saved=done.saved,
            opened=done.opened,
            answers_got=await receipts.answers_got(*who, over.since, over.until),
            answers_given=given,
            accepted=accepted,
            points=await receipts.points(*who, over.since, over.until),
            level=await self.points.level(*who),
            had=tuple(await self._had(*who)),
            is_tracked=not await members.untracked(conn, guild_id, {user_id}),
            is_monthly=await receipts.is_monthly(*who),
            is_closed=await receipts.last_state(*who) == "closed",
            time_zone=time_zone,
        )

    async def _had(self, conn: Connection, guild_id: int, user_id: int) -> list[Had]:
        found = []
        for has in await access.of_member(conn, guild_id, user_id):
            product = await products.one(conn, guild_id, has.product_id)
            if product is None or not has.holds(self._now):
                continue
            used = await reminders.used(conn, guild_id, user_id, product.product_id, USED)
            n_used, n_all = used
            found.append(Had(title=product.title, ends_at=has.ends_at, n_used=n_used, n_all=n_all))
        return found[:SHOWN_MAX]

    @property
    def _now(self) -> float:
        return self.clock().timestamp()


async def _zone(conn: Connection, guild_id: int, user_id: int) -> str:
    own = (await members.member(conn, guild_id, user_id)).time_zone
    return own or (await members.guild(conn, guild_id)).time_zone


def _reminder(guild_id: int, user_id: int, about_at: float, now: float) -> Reminder:
    return Reminder(
        guild_id=guild_id,
        user_id=user_id,
        kind="receipt",
        product_id=0,
        about_at=about_at,
        claimed_at=now,
    )
