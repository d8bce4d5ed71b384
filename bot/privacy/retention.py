"""Once a night, what is over is deleted: in small transactions, and for a minute at most."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from bot.dates import DAY_S
from storage import retention
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database

log = logging.getLogger(__name__)

TICK_S = 600
FROM_HOUR = 3
"""In UTC; a night that was missed is made up for at the next tick."""
WITHIN_S = 60.0
"""For one tick; the next one goes on."""
PORTION = 500
REST_S = 0.05
"""Between two transactions, in which others write."""
_KEY = "retention:day"
_SCRUB_WEEKDAY = 6


@dataclass(frozen=True, slots=True)
class RetentionRun:
    """Deletes what `storage.retention` says is over. Where it stopped is seen by what is left."""

    database: Database
    within_s: float = WITHIN_S

    async def tick(self, now: datetime) -> None:
        """Delete what is over, if this night's turn is not done yet."""
        day = now.date().isoformat()
        if now.hour < FROM_HOUR or await self._done_on() == day:
            return
        n_rows, is_done = await self._delete(now)
        if n_rows:
            log.info("deleted %d rows whose time was over", n_rows)
        if is_done:
            await self.database.write(lambda conn: self._note(conn, now))

    async def _done_on(self) -> str | None:
        async with self.database.read() as conn:
            return await stored.value(conn, _KEY)

    async def _note(self, conn: Connection, now: datetime) -> None:
        await stored.set_value(conn, _KEY, now.date().isoformat())
        if now.weekday() == _SCRUB_WEEKDAY:
            # Deleted bytes are overwritten at once; a weekly rewrite gives back their room, and
            # takes away copies in pages that were divided.
            await stored.ask_for_scrub(conn, now.timestamp())

    async def _delete(self, now: datetime) -> tuple[int, bool]:
        """Return how many rows were deleted, and whether nothing is left to be."""
        n_rows, end = 0, monotonic() + self.within_s
        for table in retention.ending():
            before = now.timestamp() - (retention.kept(table).days or 0) * DAY_S
            while True:
                async with self.database.read() as conn:
                    keys = await retention.over(conn, table, before, PORTION)
                if not keys:
                    break
                n_rows += await self.database.write(
                    lambda conn, table=table, keys=keys: retention.drop(conn, table, keys)  # type: ignore[misc]
                )
                if monotonic() > end:
                    return n_rows, False
                await asyncio.sleep(REST_S)
        return n_rows, True
