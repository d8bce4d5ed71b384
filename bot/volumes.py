"""Whether a disk is encrypted, and when the last backup was made, as far as the system tells."""

import os
from datetime import datetime
from pathlib import Path

from bot.dates import DAY_S
from bot.findings import Finding
from storage import backup, promises

SYSTEM = Path("/sys/dev/block")
OLD_DAYS = 2


def encryption(folder: Path, system: Path = SYSTEM) -> Finding:
    """See whether the volume of a folder is encrypted.

    Parameters
    ----------
    system
        Where Linux describes block devices.
    """
    device = os.stat(folder).st_dev
    block = system / f"{os.major(device)}:{os.minor(device)}"
    if _is_encrypted(block):
        return Finding("good", "encryption", "the database is on an encrypted volume")
    seen = "is not on an encrypted volume" if block.exists() else "may be on any kind of volume"
    return Finding(
        state="note",
        subject="encryption",
        text=f"the database {seen}, as far as this system tells",
        fix="Discord's Developer Policy asks for encryption at rest: keep it on an encrypted disk",
    )


def _is_encrypted(block: Path) -> bool:
    """Say whether a block device, or one it is made of, is encrypted by the device mapper."""
    try:
        if (block / "dm" / "uuid").read_text("ascii").startswith("CRYPT-"):
            return True
    except (OSError, UnicodeDecodeError):
        pass
    try:
        below = sorted((block / "slaves").iterdir())
    except OSError:
        return False
    return any(_is_encrypted(each) for each in below)


def backups(folder: Path, now: datetime, every_hours: int) -> Finding:
    """See when the newest backup was made."""
    made = backup.listed(folder)
    if not every_hours and not made:
        return Finding(
            state="note",
            subject="backups",
            text="none are made",
            fix="set BACKUP_EVERY_HOURS to 24, or call lyceum backup yourself",
        )
    if not made:
        return Finding("good", "backups", f"the first is made in {folder} when the bot runs")
    age_s = (now - made[-1].made).total_seconds()
    if age_s > OLD_DAYS * DAY_S:
        return Finding(
            state="note",
            subject="backups",
            text=f"the newest in {folder} is {age_s / DAY_S:.0f} days old",
            fix="lyceum backup makes one now, or says why it cannot",
        )
    return Finding("good", "backups", f"{len(made)} in {folder}, the newest {made[-1]}")


def notes(folder: Path) -> Finding:
    """See whether what members erase or stop can be noted beside the backups, and read."""
    path = folder / promises.NAME
    try:
        n_noted = len(promises.read(folder))
    except promises.NotesError as error:
        return Finding(
            state="bad",
            subject="erasures",
            text=str(error),
            fix=f"make {path} a file that this user may read and write",
        )
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Finding(
            state="bad",
            subject="erasures",
            text=f"{path} cannot be written: what members erase cannot be noted beside the backups",
            fix=f"make {there} a folder that this user may write, or set BACKUP_DIR",
        )
    return Finding("good", "erasures", f"{n_noted} promises to members are noted in {path}")
