"""How the running process does: since when it runs and is connected, and whether it may serve."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic

from storage import watching
from storage.database import Database
from storage.migrations import head

log = logging.getLogger(__name__)

BEAT_S = 0.5
FREE_BYTES_MIN = 64 * 1024**2
"""Below this nothing more is promised to be stored."""
_LATE_S = 5.0
"""A loop that is so late is told in the log."""


@dataclass(slots=True)
class Pulse:
    """What is known of the process. One loop ticks it; everybody may read it."""

    started_at: datetime | None = None
    is_connected: Callable[[], bool] = field(default=lambda: False)
    """Whether Discord's gateway is there now; the client says it."""
    connected_at: datetime | None = None
    late_s: float = 0.0
    """How late the loop was at the last beat, in seconds."""
    beats: list[Callable[[float], None]] = field(default_factory=list)
    """What each beat is told to: how late it was, in seconds."""

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Look every half second how late the loop is, while the context is open."""
        task = asyncio.create_task(self._beat(), name="pulse")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _beat(self) -> None:
        while True:
            began = monotonic()
            await asyncio.sleep(BEAT_S)
            self.late_s = max(monotonic() - began - BEAT_S, 0.0)
            if self.late_s > _LATE_S:
                log.warning("nothing was done for %.0f s: this machine is too busy", self.late_s)
            for told in self.beats:
                told(self.late_s)


async def readiness(
    pulse: Pulse, database: Database, is_well: Callable[[], Awaitable[bool]]
) -> dict[str, bool]:
    """Return what has to hold so that members are served, each with whether it does.

    Parameters
    ----------
    is_well
        Proves that the database can be written.
    """
    is_written = await is_well()
    return {
        "gateway": pulse.is_connected(),
        "database": is_written,
        "schema": is_written and await _is_newest(database),
        "disk": await asyncio.to_thread(_has_room, database.path),
    }


async def _is_newest(database: Database) -> bool:
    async with database.read() as conn:
        return await watching.schema(conn) == head()


def _has_room(path: Path) -> bool:
    try:
        return watching.room(path).free >= FREE_BYTES_MIN
    except OSError:
        return False
