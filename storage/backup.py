"""Whole copies of a database beside the bot that uses it, for nobody else to read.

A copy is made by ``VACUUM INTO``: SQLite's own way to copy a file that is written meanwhile, in one
read transaction, which unlike its page-by-page copy takes along nothing of what was deleted and
needs no room but the copy's own. It has its final name only when it is complete, proved whole
and on the disk, and a manifest beside it that says what it is.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import identity, private, release, rotation
from storage.database import DatabaseLockedError, hold_instance
from storage.rotation import Named

PART = ".part"
MANIFEST = ".json"
_AT_ONCE = 1024**2
_SPARE_BYTES = 16 * 1024**2
"""What the disk keeps free beside a copy, so that the bot can go on writing."""


class BackupError(RuntimeError):
    """There is no copy; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is: enough to know it again and to know which release reads it."""

    file: str
    made_at: str
    sha256: str
    n_bytes: int
    schema: str
    release: str
    before: str = ""


def copy(path: Path, to: Path) -> None:
    """Write the database at `path`, as it is at this moment, into a new file.

    Whoever writes goes on meanwhile. The copy holds nothing of what was deleted.

    Raises
    ------
    SchemaError
        The database is not one of ours.
    BackupError
        There is a file already, or the copy cannot be written.
    """
    require_ours(path)
    if os.path.lexists(to):
        raise BackupError(f"{to} is there already and was left alone")
    private.make(to)
    try:
        with closing(identity.opened(path)) as connection:
            connection.execute("VACUUM INTO ?", (os.path.abspath(to),))
        prove(to)
        synced(to)
    except sqlite3.Error as error:
        to.unlink()
        raise BackupError(f"{to} cannot be written: {error}") from error
    except BaseException:
        to.unlink(missing_ok=True)
        raise


def make(path: Path, folder: Path, now: datetime, *, before: str = "") -> Path:
    """Put a proved copy of the database into `folder`, and take old ones away.

    Parameters
    ----------
    before
        The revision to which the database is upgraded next, which is the reason for the copy.

    Returns
    -------
    Path
        The copy; its manifest stands beside it.

    Raises
    ------
    SchemaError
        The database is not one of ours.
    BackupError
        The copy cannot be made; those that are there stay.
    """
    schema = require_ours(path)
    folder.mkdir(mode=private.FOLDER, parents=True, exist_ok=True)
    with _alone(path):
        _clear(folder)
        _require_room(path, folder)
        name = _free_name(folder, Named(now.astimezone(UTC).replace(microsecond=0), before))
        part = folder / f"{name}{PART}"
        try:
            copy(path, part)
            manifest = Manifest(
                file=str(name),
                made_at=name.made.isoformat(),
                sha256=digest(part),
                n_bytes=part.stat().st_size,
                schema=schema,
                release=release.name(),
                before=before,
            )
            _give_name(part, folder / str(name), manifest)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise BackupError(f"{folder} cannot be written: {error.strerror}") from error
        rotate(folder, now)
    return folder / str(name)


def require_ours(path: Path) -> str:
    """Return the revision of a database of ours, of this version or an older one.

    Raises
    ------
    SchemaError
        It is not one.
    """
    if (found := identity.look(path)).state not in ("ours", "older"):
        raise identity.refusal(path, found)
    return found.revision


def listed(folder: Path) -> list[Named]:
    """Return the backups in a folder, the oldest first; none where there is no folder."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return sorted(found for name in names if (found := rotation.read(name)))


def rotate(folder: Path, now: datetime) -> None:
    """Take away the backups that are not to be kept, and nothing else that is in the folder."""
    there = listed(folder)
    for each in set(there) - rotation.kept(there, now):
        # The file first: a manifest without one is harmless, and cleared by the next backup.
        for gone in (folder / str(each), folder / f"{each}{MANIFEST}"):
            gone.unlink(missing_ok=True)


def prove(file: Path) -> None:
    """Read a copy from beginning to end.

    Raises
    ------
    BackupError
        It is not whole.
    """
    try:
        with closing(identity.opened(file)) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            astray = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        verdict, astray = str(error), None
    if verdict != "ok":
        raise BackupError(f"{file} is damaged: {verdict}")
    if astray:
        raise BackupError(f"{file} is damaged: rows of {astray[0]} refer to missing ones")


def manifest_of(file: Path) -> Manifest | None:
    """Return what stands beside a backup, None where nothing does.

    Raises
    ------
    BackupError
        What stands there is no manifest.
    """
    try:
        text = Path(f"{file}{MANIFEST}").read_bytes()
    except FileNotFoundError:
        return None
    try:
        found = json.loads(text)
        return Manifest(**{key: found[key] for key in Manifest.__slots__ if key in found})
    except (ValueError, TypeError) as error:
        raise BackupError(f"{file}{MANIFEST} cannot be read: it is no manifest") from error


def digest(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def synced(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    try:
        with hold_instance(path, purpose="backup"):
            yield
    except DatabaseLockedError as error:
        raise BackupError(f"another backup is being made: {error}") from error


def _clear(folder: Path) -> None:
    """Take away what a killed backup left."""
    for name in os.listdir(folder):
        stem = name.removesuffix(PART).removesuffix(MANIFEST)
        is_left = name.endswith(PART) or (
            name.endswith(MANIFEST) and not os.path.lexists(folder / stem)
        )
        if is_left and rotation.read(stem):
            with suppress(OSError):
                (folder / name).unlink()


def _require_room(path: Path, folder: Path) -> None:
    wanted = path.stat().st_size + _SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise BackupError(
            f"{folder} has too little room: {free // 1024**2:,} MiB are free, a backup may take "
            f"{wanted // 1024**2:,}"
        )


def _free_name(folder: Path, name: Named) -> Named:
    while os.path.lexists(folder / str(name)):
        name = Named(name.made + timedelta(seconds=1), name.before)
    return name


def _give_name(part: Path, final: Path, manifest: Manifest) -> None:
    """Name a copy and its manifest; whoever sees the copy finds the manifest there, too."""
    beside = Path(f"{final}{MANIFEST}")
    written = Path(f"{beside}{PART}")
    written.unlink(missing_ok=True)
    private.make(written)
    written.write_text(json.dumps(asdict(manifest), indent=2) + "\n", "utf-8")
    synced(written)
    written.replace(beside)
    part.replace(final)
    if os.name == "posix":
        synced(final.parent)
