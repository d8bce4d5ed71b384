"""Sends who turned it on their receipt of the month before: from nine on its first day, once.

A month in which nothing happened brings no letter.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from bot.i18n import Speaker
from bot.messenger import Messenger, Recipient
from bot.purchases import receipt_screen
from bot.purchases.outbox import Outbox
from bot.purchases.receipts import Receipts
from bot.purchases.sending import LOOKED_AT, Sending, Written
from storage.records import NoticeKind, Reminder

KINDS: tuple[NoticeKind, ...] = ("receipt",)


@dataclass(frozen=True, slots=True)
class ReceiptRun:
    """Sends monthly receipts."""

    receipts: Receipts
    messenger: Messenger
    speaker: Speaker
    sending: Sending = field(init=False)

    def __post_init__(self) -> None:
        """Have the letters written here."""
        outbox = Outbox(self.receipts.database, self.receipts.clock)
        object.__setattr__(self, "sending", Sending(outbox, self.messenger, self._compose))

    async def tick(self, now: datetime) -> None:
        """Send what was claimed before a crash, then what is due, a few at a time."""

        async def due() -> Collection[Reminder]:
            return await self.receipts.due(LOOKED_AT)

        await self.sending.tick(KINDS, due)

    async def _compose(self, one: Reminder, recipient: Recipient | None) -> Written | None:
        if recipient is None or not await self.receipts.is_wanted(one.guild_id, one.user_id):
            return None
        shown = await self.receipts.of_month(one.guild_id, one.user_id, one.about_at)
        if shown is None or shown.is_empty:
            return None
        texts = await self.speaker.to_member(one.guild_id, one.user_id)
        png = await asyncio.to_thread(receipt_screen.picture, shown, texts)
        alt = receipt_screen.in_words(shown, texts)
        view = receipt_screen.letter(
            shown, one.guild_id, one.notice_id, recipient.guild_name, texts
        )
        marker = receipt_screen.STOP_ID.format(guild_id=one.guild_id, notice_id=one.notice_id)
        return Written(view, marker, ((receipt_screen.PICTURE, alt, png),))
