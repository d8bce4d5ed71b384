"""Letters about purchases: each claimed in the database before it is sent, and then marked."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot import outbox
from bot.clock import Clock
from storage import direct, reminders
from storage.connection import Connection
from storage.database import Database
from storage.records import NoticeKind, Purpose, Reminder


def purpose_of(kind: NoticeKind) -> Purpose:
    """Return what a letter is for, as all that is sent is counted."""
    if kind in ("ending", "renewal"):
        return "reminder"
    return "receipt" if kind == "receipt" else "answer"


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
        """Claim a letter; None where that was done, or it has to wait."""
        async with self.database.read() as conn:
            if await self._waits(conn, one):
                return None

        async def job(conn: Connection) -> Reminder | None:
            if await self._waits(conn, one):
                return None
            is_known = await direct.was_written_to(conn, one.guild_id, one.user_id)
            if not is_known and await outbox.allowance(conn, one.claimed_at) < 1:
                return None
            claimed = replace(one, is_first=not is_known)
            notice_id = await reminders.claim(conn, claimed)
            return None if notice_id is None else replace(claimed, notice_id=notice_id)

        return await self.database.write(job)

    async def _waits(self, conn: Connection, one: Reminder) -> bool:
        purpose = purpose_of(one.kind)
        at = one.guild_id, one.user_id, one.claimed_at
        return await outbox.waits(conn, purpose, *at) is not None

    async def waits_again(self, one: Reminder) -> bool:
        """Say whether what was claimed earlier is too near to what another server sent."""
        at = one.guild_id, one.user_id, self.clock().timestamp()
        async with self.database.read() as conn:
            return await outbox.waits_again(conn, purpose_of(one.kind), *at)

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
