"""Whether the database can be read and written: really, for a full disk is seen by nothing less.

However often it is asked, there is one proof at a time and one in a second at most, so that
neither a crowd of monitors nor a database that hangs makes anything grow.
"""

import asyncio
import logging
import os
from time import monotonic

from storage import settings as stored
from storage.database import Database

log = logging.getLogger(__name__)

EVERY_S = 1.0


class Health:
    """Proves now and then that a database works.

    Parameters
    ----------
    within_s
        How long a proof may take.
    """

    def __init__(self, database: Database, within_s: float = 2.0) -> None:
        self.database = database
        self.within_s = within_s
        self._file = _identity(database)
        self._proof: asyncio.Task[None] | None = None
        self._proved_at = -EVERY_S
        self._problem: str | None = None

    async def is_well(self) -> bool:
        """Return whether something could be written just now."""
        if self._proof is None and monotonic() - self._proved_at < EVERY_S:
            return self._problem is None
        proof = self._proof = self._proof or self._begin()
        done, _ = await asyncio.wait({proof}, timeout=self.within_s)
        if not done:
            self._say("no answer: another process is writing, or the disk is stuck")
        elif self._proof is proof:
            self._proof, self._proved_at = None, monotonic()
            error = None if proof.cancelled() else proof.exception()
            self._say(f"{error}".splitlines()[0] if error else None)
        return self._problem is None

    def _begin(self) -> asyncio.Task[None]:
        begun = asyncio.create_task(self._prove())
        begun.add_done_callback(lambda proof: proof.cancelled() or proof.exception())
        return begun

    async def _prove(self) -> None:
        if _identity(self.database) != self._file:
            raise FileNotFoundError(f"{self.database.path} is another file than the one in use")
        async with self.database.read() as conn:
            await stored.value(conn, "health")
        await self.database.write(stored.prove_writable)

    def _say(self, problem: str | None) -> None:
        """Log what is wrong once, and that it is over."""
        if problem and self._problem is None:
            log.error("the database cannot be used: %s", problem)
        elif problem is None and self._problem:
            log.warning("the database can be used again")
        self._problem = problem


def _identity(database: Database) -> tuple[int, int] | None:
    try:
        found = os.stat(database.path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
