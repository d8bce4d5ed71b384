"""Letters about purchases: each claimed in the database before it is sent, and then marked."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.opening import FIRST_LIMITS, first_allowance
from storage import direct, reminders
from storage.connection import Connection
from storage.database import Database
from storage.records import NoticeKind, Reminder


@dataclass(frozen=True, slots=True)
class Outbox:
    """Which letters go out, each once; the limit on new conversations counts these, too."""

    database: Database
    clock: Clock

    async def waiting(self, kinds: Collection[NoticeKind], limit: int) -> list[Reminder]:
        """Return what was claimed and is not known to have been sent, the oldest first."""
        async with self.database.read() as conn:
            return await reminders.claimed(conn, kinds, limit)

    async def claim(self, one: Reminder) -> Reminder | None:
        """Claim a letter; None where that was done, or no more conversations may be opened now."""

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

        return await self.database.write(job)

    async def mark(self, one: Reminder, state: str) -> None:
        """Remember that a letter could not be sent."""
        await self.database.write(lambda conn: reminders.mark(conn, one.notice_id, state))

    async def sent(self, one: Reminder, message_id: int) -> None:
        """Remember that a letter was sent."""
        now = self.clock().timestamp()
        await self.database.write(
            lambda conn: reminders.mark(
                conn, one.notice_id, "sent", sent_at=now, message_id=message_id
            )
        )
