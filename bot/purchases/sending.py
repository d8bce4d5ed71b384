"""Sends the letters of purchases: what a crash left first, then what is due, a few at a time.

Claimed in the database first, looked up in the conversation after a crash, so that none is lost and
none comes twice.
"""

import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

import discord

from bot import dates
from bot.messenger import (
    ClosedError,
    GuildAwayError,
    Letter,
    Messenger,
    Recipient,
    TooManyError,
    UnreachableError,
)
from bot.purchases.outbox import Outbox, purpose_of
from storage.records import NoticeKind, Reminder

log = logging.getLogger(__name__)

BATCH = 5
LOOKED_AT = 200
"""So many that are due are looked at for that: some wait, and are in nobody's way."""
STALE_S = 300.0


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it is to be sent; ``marker`` is the id of one of its buttons."""

    view: discord.ui.LayoutView
    marker: str
    pictures: tuple[tuple[str, str, bytes], ...] = ()


Compose = Callable[[Reminder, Recipient | None], Awaitable[Written | None]]
"""Writes a letter, None where what it is about does not stand any more. Whom it is for is None
where nobody asks whether they are in the server."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends letters that are claimed."""

    outbox: Outbox
    messenger: Messenger
    compose: Compose
    is_for_members: bool = True
    """Whether a letter to who is not in the server is moot."""

    async def tick(
        self,
        kinds: Collection[NoticeKind],
        *due: Callable[[], Awaitable[Collection[Reminder]]],
    ) -> None:
        """Send what was claimed before a crash, then what is due."""
        try:
            now = self.outbox.clock().timestamp()
            for one in await self.outbox.waiting(kinds, BATCH):
                if abs(now - one.claimed_at) >= STALE_S:
                    await self._send_or_wait(one, is_stale=True)
            for find in due:
                n_left = BATCH
                for one in await find():
                    claimed = await self.outbox.claim(one) if n_left else None
                    if claimed is not None:
                        n_left -= 1
                        await self._send_or_wait(claimed)
        except TooManyError as error:
            log.warning("no more letters for now, Discord limits us: %s", error)
        except UnreachableError as error:
            log.info("a letter waits for the next tick: %s", error)

    async def _send_or_wait(self, one: Reminder, *, is_stale: bool = False) -> None:
        try:
            await self._send(one, is_stale=is_stale)
        except GuildAwayError as error:
            log.info("a letter waits, the others have their turns: %s", error)

    async def _send(self, one: Reminder, *, is_stale: bool = False) -> None:
        recipient = await self._recipient(one)
        is_moot = recipient is None and self.is_for_members
        written = None if is_moot else await self.compose(one, recipient)
        if written is None:
            await self.outbox.mark(one, "failed")
            return
        sent_id = None
        if is_stale:
            since = dates.utc(one.claimed_at)
            sent_id = await self.messenger.was_sent(one.user_id, written.marker, since)
            if sent_id is None and await self.outbox.waits_again(one):
                return
        if sent_id is None:
            sent_id = await self._write(one, written)
        if sent_id is not None:
            await self.outbox.sent(one, sent_id)

    async def _recipient(self, one: Reminder) -> Recipient | None:
        if not self.is_for_members:
            return None
        return await self.messenger.recipient(one.guild_id, one.user_id)

    async def _write(self, one: Reminder, written: Written) -> int | None:
        letter = Letter(
            user_id=one.user_id,
            view=written.view,
            nonce=f"e{one.notice_id}",
            marker=written.marker,
            purpose=purpose_of(one.kind),
            pictures=written.pictures,
        )
        try:
            return await self.messenger.send(letter)
        except ClosedError:
            await self.outbox.mark(one, "closed")
            return None
