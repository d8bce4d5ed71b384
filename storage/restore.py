"""A backup takes the database's place: proved first, brought up to date, and in one step.

At every moment there is a whole database at the path: the former one, then the restored one. The
former one is kept under another name.
"""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage import backup, identity, private
from storage.backup import BackupError, Manifest
from storage.database import hold_instance
from storage.migrate import migrate
from storage.migrations import head

RESTORING = ".restoring"
_BESIDE = ("-wal", "-shm", "-journal")
_PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done.

    Parameters
    ----------
    aside
        Where the former database is kept; None where there was none.
    manifest
        What stood beside the backup; None where nothing did.
    """

    aside: Path | None
    manifest: Manifest | None
    schema_before: str
    schema: str


def examine(file: Path, *, by: Path) -> tuple[str, Manifest | None]:
    """Prove that a file can be restored, with a copy of it at `by`, which is left there.

    Returns
    -------
    tuple
        The revision of its schema; what stands beside it, None where nothing does.

    Raises
    ------
    SchemaError
        It is no database of ours, or of a newer version.
    BackupError
        It is not what its manifest says, not whole, or in use.
    """
    _require_at_rest(file)
    manifest = backup.manifest_of(file)
    _copied(file, by)
    if manifest is not None and backup.digest(by) != manifest.sha256:
        raise BackupError(
            f"{file} is not what was backed up: its SHA-256 is not the one of its manifest"
        )
    found = identity.look(by)
    if found.state not in ("ours", "older"):
        raise identity.refusal(file, found)
    try:
        backup.prove(by)
    except BackupError as error:
        raise BackupError(str(error).replace(str(by), str(file))) from error
    return found.revision, manifest


def check(file: Path, beside: Path) -> tuple[str, Manifest | None]:
    """Do what `examine` does, beside a database, and leave nothing there."""
    with _leaving_nothing(_part_of(Path(os.path.realpath(beside)))) as part:
        return examine(file, by=part)


def restore(path: Path, file: Path, now: datetime) -> Restored:
    """Put the backup `file` in the place of the database at `path`.

    Raises
    ------
    DatabaseLockedError
        A bot runs on the database.
    SchemaError, BackupError
        As of `examine`; or the former database is another program's, or in use. Nothing was
        changed.
    """
    path = Path(os.path.realpath(path))
    found = identity.look(path)
    if found.state in ("foreign", "busy"):
        raise identity.refusal(path, found)
    if os.path.lexists(path) and os.path.samefile(path, file):
        raise BackupError(f"{file} is the database itself")
    with hold_instance(path), _leaving_nothing(_part_of(path)) as part:
        before, manifest = examine(file, by=part)
        migrate(part)
        backup.prove(part)
        backup.synced(part)
        aside = _kept_aside(path, now, is_usable=found.state in ("ours", "older", "newer"))
        part.replace(path)
        if os.name == "posix":
            backup.synced(path.parent)
    return Restored(aside=aside, manifest=manifest, schema_before=before, schema=head())


def _part_of(path: Path) -> Path:
    return path.with_name(path.name + RESTORING)


@contextmanager
def _leaving_nothing(part: Path) -> Iterator[Path]:
    private.make_folder(part)
    _gone(part)
    try:
        yield part
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise BackupError(f"{part.parent} has too little room for a copy") from error
        raise
    except sqlite3.Error as error:
        raise BackupError(f"{part} cannot be written: {error}") from error
    finally:
        _gone(part)


def _gone(file: Path) -> None:
    for suffix in ("", *_BESIDE):
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def _require_at_rest(file: Path) -> None:
    """Refuse a file of which part stands in a log: what the log holds would be lost."""
    for suffix in ("-wal", "-journal"):
        log = Path(f"{file}{suffix}")
        if log.exists() and log.stat().st_size:
            raise BackupError(
                f"{file} was copied while it was used: part of it is in {log.name}. Restore what "
                "lyceum backup made"
            )


def _copied(file: Path, to: Path) -> None:
    private.make(to)
    with file.open("rb") as source, to.open("r+b") as target:
        shutil.copyfileobj(source, target, 1024**2)
        target.flush()
        os.fsync(target.fileno())


def _kept_aside(path: Path, now: datetime, *, is_usable: bool) -> Path | None:
    """Give the database at `path` a second name, with nothing of it left in a log."""
    if not path.exists():
        return None
    if is_usable:
        _settle(path)
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}.before-restore-{stamp}")
    try:
        os.link(path, aside)
    except FileExistsError:
        raise BackupError(f"{aside} is there already: wait a second") from None
    except OSError:  # a disk without second names
        _copied(path, aside)
    for suffix in _BESIDE:
        log = Path(f"{path}{suffix}")
        if not log.exists():
            continue
        # A log that could not be brought into a damaged file stays with it, and must not be taken
        # for the restored one's.
        if suffix == "-shm" or not log.stat().st_size:
            log.unlink()
        else:
            log.replace(f"{aside}{suffix}")
    return aside


def _settle(path: Path) -> None:
    try:
        with closing(identity.opened(path, _PATIENCE_S)) as connection:
            is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{path} is in use: {error}") from error
    if is_busy:
        raise BackupError(f"{path} is in use by another process: stop it first")
