"""When backups are made by themselves: every so many hours, and before each upgrade."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.errors import StartError
from bot.settings import Settings
from storage import backup, identity
from storage.backup import BackupError
from storage.migrations import head

log = logging.getLogger(__name__)

TICK_S = 600


@dataclass(slots=True)
class Backups:
    """Makes a backup when the last one is old enough; what is in the folder says when that was.

    Parameters
    ----------
    every_hours
        0 for none.
    """

    path: Path
    folder: Path
    every_hours: int
    problem: str = field(default="", init=False)
    """Why the last one could not be made; empty when it could."""
    failing_since: datetime | None = field(default=None, init=False)

    async def tick(self, now: datetime) -> None:
        """Make a backup if one is due; a failure is told once, and tried again at each tick."""
        if not self.every_hours or not await asyncio.to_thread(self._is_due, now):
            return
        try:
            made = await asyncio.to_thread(backup.make, self.path, self.folder, now)
        except (BackupError, identity.SchemaError, OSError) as error:
            if str(error) != self.problem:
                log.error("the database could not be backed up: %s", error)
            self.problem, self.failing_since = str(error), self.failing_since or now
            return
        self.problem, self.failing_since = "", None
        log.info("backed up to %s", made.name)

    def age_s(self, now: datetime) -> float | None:
        """Return how old the newest backup is, in seconds; None where there is none."""
        made = backup.listed(self.folder)
        return max((now - made[-1].made).total_seconds(), 0.0) if made else None

    def _is_due(self, now: datetime) -> bool:
        made = [min(each.made, now) for each in backup.listed(self.folder)]
        return not made or now - made[-1] >= timedelta(hours=self.every_hours)


async def before_upgrade(settings: Settings, clock: Clock) -> None:
    """Back up a database of an older version, before whoever opens it next brings it up to date.

    Raises
    ------
    StartError
        There is no backup, so nothing is upgraded.
    """
    path = settings.database_path
    if (await asyncio.to_thread(identity.look, path)).state != "older":
        return
    folder = settings.backups_folder
    try:
        made = await asyncio.to_thread(backup.make, path, folder, clock(), before=head())
    except (BackupError, OSError) as error:
        raise StartError(
            f"{path} is of an older version and is not brought up to date without a backup: "
            f"{error}; make room, or set BACKUP_DIR"
        ) from error
    log.warning("backed up to %s before the upgrade to schema %s", made, head())
