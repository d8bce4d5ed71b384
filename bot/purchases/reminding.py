"""Writes who wants it that something bought by days ends: two weeks and three days before.

Claimed in the database first, looked up in the conversation after a crash, so that none is lost and
none comes twice. The limit on conversations that the bot may open counts these, too.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from bot import dates
from bot.dates import DAY_S
from bot.i18n import Speaker
from bot.messenger import ClosedError, Letter, Messenger, TooManyError, UnreachableError
from bot.opening import FIRST_LIMITS, first_allowance
from bot.purchases import counter
from bot.purchases.claims import Claims, Offer
from storage import direct, reminders
from storage.connection import Connection
from storage.records import EventKind, Reminder

log = logging.getLogger(__name__)

ENDING_S = 3 * DAY_S
RENEWAL_S = 14 * DAY_S
BATCH = 5
STALE_S = 300.0
_USED = (int(EventKind.OPEN), int(EventKind.SAVE), int(EventKind.SOLVED))


@dataclass(frozen=True, slots=True)
class RemindingRun:
    """Reminds buyers of an end."""

    claims: Claims
    messenger: Messenger
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Send what was claimed before a crash, then what is due, a few at a time."""
        at = now.timestamp()
        try:
            async with self.claims.database.read() as conn:
                waiting = await reminders.claimed(conn, BATCH)
            for one in waiting:
                if abs(at - one.claimed_at) >= STALE_S:
                    await self._send(one, is_stale=True)
            for kind, within_s in (("ending", ENDING_S), ("renewal", RENEWAL_S)):
                async with self.claims.database.read() as conn:
                    found = await reminders.due(conn, at, kind, within_s, BATCH)
                for one in found:
                    claimed = await self._claim(one)
                    if claimed is not None:
                        await self._send(claimed)
        except TooManyError as error:
            log.warning("no more reminders for now, Discord limits us: %s", error)
        except UnreachableError as error:
            log.info("a reminder waits for the next tick: %s", error)

    async def _claim(self, one: Reminder) -> Reminder | None:
        async def job(conn: Connection) -> Reminder | None:
            is_known = await direct.was_written_to(conn, one.guild_id, one.user_id)
            if not is_known:
                counts = [
                    await direct.count_first(conn, one.claimed_at - span, until=one.claimed_at)
                    for span, _ in FIRST_LIMITS
                ]
                if first_allowance(counts) < 1:
                    return None
            claimed = replace(one, is_first=not is_known)
            notice_id = await reminders.claim(conn, claimed)
            return None if notice_id is None else replace(claimed, notice_id=notice_id)

        return await self.claims.database.write(job)

    async def _send(self, one: Reminder, *, is_stale: bool = False) -> None:
        """Send one message, if what it is about still stands."""
        offer = await self.claims.still(one.guild_id, one.user_id, one.product_id)
        if offer is None or offer.access is None or offer.access.ends_at != one.about_at:
            await self._mark(one, "failed")
            return
        recipient = await self.messenger.recipient(one.guild_id, one.user_id)
        if recipient is None:
            await self._mark(one, "failed")
            return
        marker = counter.NOTED_ID.format(notice_id=one.notice_id)
        sent_id = None
        if is_stale:
            since = dates.utc(one.claimed_at)
            sent_id = await self.messenger.was_sent(one.user_id, marker, since)
        if sent_id is None:
            sent_id = await self._write(one, offer, recipient.guild_name, marker)
        if sent_id is not None:
            now = self.claims.clock().timestamp()
            await self._mark(one, "sent", sent_at=now, message_id=sent_id)

    async def _write(self, one: Reminder, offer: Offer, guild_name: str, marker: str) -> int | None:
        async with self.claims.database.read() as conn:
            used = await reminders.used(conn, one.guild_id, one.user_id, one.product_id, _USED)
        texts = await self.speaker.to_member(one.guild_id, one.user_id)
        view = counter.reminder(one, offer, used, guild_name, texts)
        letter = Letter(user_id=one.user_id, view=view, nonce=f"e{one.notice_id}", marker=marker)
        try:
            return await self.messenger.send(letter)
        except ClosedError:
            await self._mark(one, "closed")
            return None

    async def _mark(self, one: Reminder, state: str, **changes: float | int) -> None:
        await self.claims.database.write(
            lambda conn: reminders.mark(conn, one.notice_id, state, **changes)
        )
