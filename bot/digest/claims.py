"""Claims: which digest is due, what it shows, that it goes out once, and what became of it.

A weekly digest is claimed in one transaction with what it shows and with the moment of the next
one, so whatever happens afterwards it is either resumed or known to have arrived. Sending is
`bot.digest.delivery`'s.
"""

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import dates, mentions, opening, zones
from bot.clock import Clock
from bot.digest import rules
from bot.digest.subscriptions import Subscriptions
from bot.errors import UserError
from bot.links.service import LinksService, may_use
from bot.recommend.service import Ranked, RecommendService, Request
from storage import catalog, digests, direct
from storage.connection import Connection
from storage.database import Database
from storage.records import Delivery, DeliveryState, DigestItem, DigestSetting, Resource

NONCE_BYTES = 12
"""24 hexadecimal characters; Discord takes 25."""
_ERROR_MAX = 200


@dataclass(frozen=True, slots=True)
class Pick:
    """One card of a digest."""

    resource: Resource
    item: DigestItem


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery and what its letter shows."""

    delivery: Delivery
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Claims the digests that are due and remembers what became of them."""

    database: Database
    clock: Clock
    recommend: RecommendService
    links: LinksService
    subscriptions: Subscriptions
    _sending: set[int] = field(default_factory=set, init=False, repr=False)

    # What is due

    async def due(self, now: datetime) -> list[DigestSetting]:
        """Return who is due and may be written to now, the longest waiting first."""
        async with self.database.read() as conn:
            waiting = await digests.due(conn, now.timestamp())
            allowance = await self._allowance(conn, now)
            chosen = []
            for setting in waiting:
                if not await digests.was_ever_sent(conn, setting.guild_id, setting.user_id):
                    allowance -= 1
                    if allowance < 0:
                        continue
                chosen.append(setting)
        return chosen

    async def unfinished(self, now: datetime) -> list[Delivery]:
        """Return claims that nobody marked and nobody is sending right now."""
        async with self.database.read() as conn:
            return [
                found
                for found in await digests.claimed(conn)
                if found.delivery_id not in self._sending
                and rules.fate(now.timestamp() - found.claimed_at) != "wait"
            ]

    @contextmanager
    def sending(self, delivery_id: int) -> Iterator[bool]:
        """Hold a delivery while it is being sent; False if somebody else here holds it."""
        if delivery_id in self._sending:
            yield False
            return
        self._sending.add(delivery_id)
        try:
            yield True
        finally:
            self._sending.discard(delivery_id)

    # Claiming

    async def claim_due(
        self, guild_id: int, user_id: int, role_ids: Collection[int], now: datetime
    ) -> Parcel | None:
        """Claim the member's due digest; None if there is nothing to send.

        The period is spent either way once it was the member's turn: with too little to
        recommend it is skipped.
        """
        async with self.database.read() as conn:
            if not rules.is_due(await digests.setting(conn, guild_id, user_id), now):
                return None
            since = now.timestamp() - rules.REPEAT_AFTER_S
            known = await digests.resources_sent(conn, guild_id, user_id, since)
            ranked = await self._rank(conn, guild_id, user_id, role_ids, known)

        async def job(conn: Connection) -> Parcel | None:
            setting = await digests.setting(conn, guild_id, user_id)
            if not rules.is_due(setting, now) or not await self._may_write(conn, setting, now):
                return None
            parcel = await self._claim(conn, setting, _period(setting), ranked, now)
            await self.subscriptions.plan(conn, setting, now)
            return parcel

        return await self.database.write(job)

    async def claim_now(
        self,
        guild_id: int,
        user_id: int,
        role_ids: Collection[int],
        interaction_id: int,
        now: datetime,
    ) -> Parcel:
        """Claim a digest the member asked for at once.

        Raises
        ------
        UserError
            They did not opt in, take no messages, had one just now, nothing is worth it, or
            too many conversations were opened.
        """
        async with self.database.read() as conn:
            ranked = await self._rank(conn, guild_id, user_id, role_ids)

        async def job(conn: Connection) -> Parcel:
            setting = await digests.setting(conn, guild_id, user_id)
            if setting is None or not setting.is_on:
                raise UserError("error-digest-off")
            if setting.closed_at is not None:
                raise UserError("error-digest-closed")
            await self._refuse_if_too_soon(conn, setting, now)
            if not await self._may_write(conn, setting, now):
                raise UserError("error-digest-busy")
            period = rules.period_now(interaction_id)
            parcel = await self._claim(conn, setting, period, ranked, now)
            if parcel is None:
                raise UserError("error-digest-too-little")
            return parcel

        return await self.database.write(job)

    async def preview(
        self, guild_id: int, user_id: int, role_ids: Collection[int]
    ) -> tuple[Pick, ...]:
        """Return what a digest would show now; its impressions are logged, nothing is claimed.

        Raises
        ------
        UserError
            There is too little to recommend.
        """
        async with self.database.read() as conn:
            ranked = await self._rank(conn, guild_id, user_id, role_ids)
        if not rules.is_worth_sending(len(ranked.picks)):
            raise UserError("error-digest-too-little")
        return await self.database.write(lambda conn: self._show(conn, guild_id, user_id, ranked))

    async def skip_due(self, guild_id: int, user_id: int, reason: str, now: datetime) -> None:
        """Let the member's due period pass without a digest."""

        async def job(conn: Connection) -> None:
            setting = await digests.setting(conn, guild_id, user_id)
            if rules.is_due(setting, now):
                skipped = _delivery(setting, _period(setting), "skipped", now, reason)
                await digests.claim(conn, skipped)
                await self.subscriptions.plan(conn, setting, now)

        await self.database.write(job)

    # Sending

    async def picks(self, delivery: Delivery, role_ids: Collection[int]) -> tuple[Pick, ...]:
        """Return what a claimed delivery shows, less what the member may not see any more.

        Parameters
        ----------
        role_ids
            The member's roles now.
        """
        async with self.database.read() as conn:
            found = await catalog.by_ids(
                conn, delivery.guild_id, [item.resource_id for item in delivery.items]
            )
        open_now = {
            number
            for number, one in found.items()
            if one.state == "live" and may_use(one, role_ids)
        }
        return tuple(
            Pick(found[item.resource_id], item)
            for item in delivery.items
            if item.resource_id in open_now
        )

    async def wanted(self, delivery: Delivery) -> DigestSetting | None:
        """Return the settings by which a claimed delivery may go out.

        None if the member stopped it or was erased, or if it was marked meanwhile.
        """
        async with self.database.read() as conn:
            found = await digests.delivery(conn, delivery.delivery_id)
            setting = await digests.setting(conn, delivery.guild_id, delivery.user_id)
        is_claimed = found is not None and found.state == "claimed"
        return setting if is_claimed and rules.may_send(setting) else None

    async def mark(
        self,
        delivery: Delivery,
        state: DeliveryState,
        reason: str | None = None,
        *,
        message_id: int | None = None,
        is_told: bool = False,
    ) -> None:
        """Remember what became of a claimed delivery.

        ``closed`` also ends the member's digests until they turn them on again.

        Parameters
        ----------
        is_told
            The member knows already that their messages are closed.
        """
        now_s = self.clock().timestamp()

        async def job(conn: Connection) -> None:
            await digests.mark(
                conn,
                delivery.delivery_id,
                state,
                error=reason[:_ERROR_MAX] if reason else None,
                sent_at=now_s if state == "sent" else None,
                message_id=message_id,
            )
            if state == "closed":
                closed = {"closed_at": now_s, "closed_told_at": now_s if is_told else None}
                await digests.change_setting(
                    conn, delivery.guild_id, delivery.user_id, **closed, due_at=None
                )

        await self.database.write(job)

    # Pieces

    async def _claim(
        self,
        conn: Connection,
        setting: DigestSetting,
        period: str,
        ranked: Ranked,
        now: datetime,
    ) -> Parcel | None:
        """Insert the claim with what it shows; None if it was not won or is skipped."""
        if not rules.is_worth_sending(len(ranked.picks)):
            reason = f"only {len(ranked.picks)} to recommend"
            await digests.claim(conn, _delivery(setting, period, "skipped", now, reason))
            return None
        wanted = _delivery(setting, period, "claimed", now)
        is_first = not await digests.was_ever_sent(conn, setting.guild_id, setting.user_id)
        wanted = replace(wanted, is_first=is_first)
        delivery_id = await digests.claim(conn, wanted)
        if delivery_id is None:
            return None
        picks = await self._show(conn, setting.guild_id, setting.user_id, ranked)
        items = tuple(pick.item for pick in picks)
        await digests.set_items(conn, delivery_id, items)
        return Parcel(replace(wanted, delivery_id=delivery_id, items=items), picks)

    async def _show(
        self, conn: Connection, guild_id: int, user_id: int, ranked: Ranked
    ) -> tuple[Pick, ...]:
        shown = await self.links.show(
            conn,
            guild_id,
            user_id,
            [resource for resource, _ in ranked.picks],
            "digest",
            arm=ranked.arm,
            snapshot_id=ranked.snapshot_id,
        )
        return tuple(
            Pick(
                s.resource,
                DigestItem(
                    resource_id=s.resource.resource_id,
                    impression_id=s.impression_id,
                    url=s.url,
                    why=why,
                ),
            )
            for s, (_, why) in zip(shown, ranked.picks, strict=True)
        )

    async def _rank(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        role_ids: Collection[int],
        known: Collection[int] = (),
    ) -> Ranked:
        request = Request(
            guild_id=guild_id,
            user_id=user_id,
            role_ids=role_ids,
            limit=rules.CARDS,
            without=known,
        )
        return await self.recommend.rank(conn, request)

    async def _allowance(self, conn: Connection, now: datetime) -> int:
        """Return how many members may get their first message now."""
        counts = [
            await direct.count_first(
                conn, now.timestamp() - within_s, until=now.timestamp() + within_s
            )
            for within_s, _ in opening.FIRST_LIMITS
        ]
        return opening.first_allowance(counts)

    async def _may_write(self, conn: Connection, setting: DigestSetting, now: datetime) -> bool:
        if await digests.was_ever_sent(conn, setting.guild_id, setting.user_id):
            return True
        return await self._allowance(conn, now) > 0

    async def _refuse_if_too_soon(
        self, conn: Connection, setting: DigestSetting, now: datetime
    ) -> None:
        latest = await digests.latest(
            conn, setting.guild_id, setting.user_id, ("claimed", "sent"), rules.NOW_PREFIX
        )
        if latest and abs(now.timestamp() - latest.claimed_at) < rules.NOW_EVERY_S:
            again_at = latest.claimed_at + rules.NOW_EVERY_S
            raise UserError("error-digest-too-soon", when=mentions.moment(again_at))


def _period(setting: DigestSetting) -> str:
    due_at = dates.utc(setting.due_at or 0)
    return rules.period(due_at, zones.zone_of(setting.due_zone or zones.DEFAULT_ZONE))


def _delivery(
    setting: DigestSetting,
    period: str,
    state: DeliveryState,
    now: datetime,
    error: str | None = None,
) -> Delivery:
    return Delivery(
        guild_id=setting.guild_id,
        user_id=setting.user_id,
        period=period,
        state=state,
        nonce=secrets.token_hex(NONCE_BYTES),
        items=(),
        claimed_at=now.timestamp(),
        error=error,
    )
