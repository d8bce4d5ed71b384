"""Writes who wants it that something bought ends or renews itself: two weeks and three days before.

What is sold by days ends, and is spoken of twice. A subscription paid for long renews itself, and
its owner is asked once before: who pays every month would be asked every month.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from bot.dates import DAY_S
from bot.i18n import Speaker
from bot.messenger import Messenger, Recipient
from bot.purchases import counter
from bot.purchases.claims import Claims
from bot.purchases.outbox import Outbox
from bot.purchases.sending import LOOKED_AT, Sending, Written
from bot.purchases.use import USED
from storage import reminders
from storage.records import NoticeKind, Reminder

KINDS: tuple[NoticeKind, ...] = ("ending", "renewal")
ENDING_S = 3 * DAY_S
RENEWAL_S = 14 * DAY_S
LONG_S = 60 * DAY_S
"""For how long at least a subscription is paid for, so that its owner is asked before it renews."""


@dataclass(frozen=True, slots=True)
class RemindingRun:
    """Reminds buyers of an end."""

    claims: Claims
    messenger: Messenger
    speaker: Speaker
    sending: Sending = field(init=False)

    def __post_init__(self) -> None:
        """Have the letters written here."""
        outbox = Outbox(self.claims.database, self.claims.clock)
        object.__setattr__(self, "sending", Sending(outbox, self.messenger, self._compose))

    async def tick(self, now: datetime) -> None:
        """Send what was claimed before a crash, then what is due, a few at a time."""
        at = now.timestamp()
        await self.sending.tick(
            KINDS, self._due(at, "ending", ENDING_S), self._due(at, "renewal", RENEWAL_S)
        )

    def _due(
        self, at: float, kind: NoticeKind, within_s: float
    ) -> Callable[[], Awaitable[Collection[Reminder]]]:
        async def find() -> Collection[Reminder]:
            async with self.claims.database.read() as conn:
                return await reminders.due(
                    conn, at, kind, within_s=within_s, long_s=LONG_S, limit=LOOKED_AT
                )

        return find

    async def _compose(self, one: Reminder, recipient: Recipient | None) -> Written | None:
        """Write a letter, if what it is about still stands."""
        offer = await self.claims.still(one.guild_id, one.user_id, one.product_id)
        if recipient is None or offer is None or offer.access is None:
            return None
        if offer.access.ends_at != one.about_at:
            return None
        async with self.claims.database.read() as conn:
            used = await reminders.used(conn, one.guild_id, one.user_id, one.product_id, USED)
        texts = await self.speaker.to_member(one.guild_id, one.user_id)
        view = counter.reminder(one, offer, used, recipient.guild_name, texts)
        return Written(view, counter.NOTED_ID.format(notice_id=one.notice_id))
