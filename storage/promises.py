"""What members were promised, noted beside the backups: a restored one was made before.

A line of `NAME` says that somebody of a server was erased, or allowed less from then on, and when;
it knows them again by a salted hash. Their id stands nowhere. It stays for `KEPT_DAYS`, and longer
where a backup from before is still there.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, get_args

from filelock import FileLock, Timeout

from storage import backup, private, rotation
from storage.rotation import KEPT_DAYS

NAME = "erased.jsonl"
LOCK_S = 10.0
"""How long to wait for another process that notes something."""
_DAY_S = 86_400.0
_EPOCH_MS = 1_420_070_400_000
_DATABASES = {".sqlite3", ".sqlite", ".db"}

Kind = Literal["erased", "erased-untracked", "untracked", "tracked", "unlearned", "learned"]
"""What happened: erased, with tracking stopped or not; tracking stopped, resumed; learning too."""


class NotesError(RuntimeError):
    """What was promised cannot be read or noted; the message says why in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What somebody was promised; ``salt`` also tells it from every other."""

    salt: str
    guild_id: int
    who: str
    kind: Kind
    made_at: float

    @classmethod
    def to(cls, guild_id: int, user_id: int, kind: Kind, made_at: float) -> "Promise":
        """Return a promise to a member."""
        salt = secrets.token_hex(16)
        return cls(
            salt=salt, guild_id=guild_id, who=_hash(salt, user_id), kind=kind, made_at=made_at
        )

    def is_to(self, guild_id: int, user_id: int) -> bool:
        """Say whether it was this member."""
        return guild_id == self.guild_id and _hash(self.salt, user_id) == self.who

    def is_over(self, now: float, oldest_at: float | None) -> bool:
        """Say whether no backup is left that was made before.

        Parameters
        ----------
        oldest_at
            When the oldest backup that is there was made; None where there is none.
        """
        is_held = oldest_at is not None and oldest_at < self.made_at
        return not is_held and now - self.made_at > KEPT_DAYS * _DAY_S


@dataclass(frozen=True, slots=True)
class Standing:
    """What comes of all promises to one member."""

    is_erased: bool = False
    is_untracked: bool = False
    is_unlearned: bool = False

    @classmethod
    def after(cls, promises: Iterable[Promise]) -> "Standing":
        """Return where a member stands after promises, in whatever order they are given.

        What lets more in than before is not brought back: it only ends what kept it out.
        """
        found = cls()
        for each in sorted(promises, key=lambda each: each.made_at):
            match each.kind:
                case "erased" | "erased-untracked":
                    found = cls(is_erased=True, is_untracked=each.kind == "erased-untracked")
                case "untracked" | "tracked":
                    is_untracked = each.kind == "untracked"
                    found = cls(found.is_erased, is_untracked, found.is_unlearned)
                case "unlearned" | "learned":
                    is_unlearned = each.kind == "unlearned"
                    found = cls(found.is_erased, found.is_untracked, is_unlearned)
        return found


@dataclass(slots=True)
class Again:
    """Promises that a restored database did not know: what they kept out is not taken in again.

    Discord still has it, and whoever reads channels back meets it once more.
    """

    promises: list[Promise] = field(default_factory=list)

    def covers(
        self, guild_id: int, user_id: int | None, source_id: int, at: float, *, is_past: bool
    ) -> bool:
        """Say whether something was done by a member before they were erased, or while untracked.

        Parameters
        ----------
        source_id
            The message it is about.
        is_past
            It is read back: reactions then do not say when they were added, and count as old as
            their message. What happens now happened after every promise.
        """
        if not self.promises or user_id is None:
            return False
        if is_past:
            at = min(at, ((source_id >> 22) + _EPOCH_MS) / 1_000)
        is_erased = any(
            at < each.made_at and each.kind.startswith("erased") and each.is_to(guild_id, user_id)
            for each in self.promises
        )
        return is_erased or (is_past and self._was_untracked(guild_id, user_id, at))

    def _was_untracked(self, guild_id: int, user_id: int, at: float) -> bool:
        before = (each for each in self.promises if each.made_at <= at)
        theirs = (each for each in before if each.is_to(guild_id, user_id))
        return Standing.after(theirs).is_untracked


def _hash(salt: str, user_id: int) -> str:
    return hashlib.sha256(f"{salt}:{user_id}".encode()).hexdigest()


def read(folder: Path) -> list[Promise]:
    """Return what is noted in a folder; a line that nobody can read is left out.

    Raises
    ------
    NotesError
        There is something that cannot be read.
    """
    path = folder / NAME
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise NotesError(
            f"{path} cannot be read ({error.strerror}): what members erased or stopped since a "
            "backup would be back if that were restored"
        ) from error
    return [found for found in map(_parsed, lines) if found is not None]


def _parsed(line: str) -> Promise | None:
    try:
        row = json.loads(line)
        if "erased_at" in row:  # as noted before there were other kinds
            is_stopped = row.pop("is_tracking_stopped")
            row["kind"] = "erased-untracked" if is_stopped else "erased"
            row["made_at"] = row.pop("erased_at")
        found = Promise(**row)
        is_whole = (
            isinstance(found.salt, str)
            and isinstance(found.who, str)
            and type(found.guild_id) is int
            and found.kind in get_args(Kind)
        )
        return found if is_whole and abs(float(found.made_at)) < 1e12 else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def oldest_backup_at(folder: Path, database: Path | None = None) -> float | None:
    """Return when the oldest backup in a folder was made, None where there is none.

    Other databases in the folder count, too, as old as their files are, and the former ones that
    restoring left beside ``database``.
    """
    made = [each.made.timestamp() for each in backup.listed(folder)]
    there = list(_beside(folder, lambda name: Path(name).suffix in _DATABASES))
    if database is not None:
        before = f"{database.name}.before-restore-"
        there += _beside(database.parent, lambda name: name.startswith(before))
    made += [each.stat().st_mtime for each in there if rotation.read(each.name) is None]
    return min(made, default=None)


def _beside(folder: Path, is_meant: Callable[[str], bool]) -> Iterator[Path]:
    try:
        names = os.listdir(folder)
    except OSError:
        return
    yield from (folder / name for name in names if is_meant(name) and (folder / name).is_file())


def note(
    folder: Path,
    new: Iterable[Promise],
    now: float,
    database: Path | None = None,
    *,
    keeps_all: bool = False,
) -> list[Promise]:
    """Add to what is noted in a folder and return all of it; what is over is taken away.

    Parameters
    ----------
    database
        Whose former ones are backups, too; see `oldest_backup_at`.
    keeps_all
        Nothing is over: an old backup from elsewhere is about to be restored.

    Raises
    ------
    NotesError
        It cannot be written; what was noted before is as it was.
    """
    path = folder / NAME
    try:
        private.make_folder(path)
        with _alone(folder):
            oldest_at = oldest_backup_at(folder, database)
            all_noted = {each.salt: each for each in (*read(folder), *new)}.values()
            kept = [each for each in all_noted if keeps_all or not each.is_over(now, oldest_at)]
            part = path.with_name(f"{NAME}.part")
            part.unlink(missing_ok=True)
            private.make(part)
            with part.open("w", encoding="utf-8") as file:
                file.writelines(f"{json.dumps(asdict(each))}\n" for each in kept)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            if os.name == "posix":
                backup.synced(folder)
    except Timeout:
        raise NotesError(f"{path} is being written by another process for too long") from None
    except OSError as error:
        raise NotesError(
            f"{path} cannot be written ({error.strerror}): what members erase or stop cannot be "
            "noted beside the backups"
        ) from error
    return kept


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with FileLock(folder / f".{NAME}.lock", timeout=LOCK_S, mode=private.FILE):
        yield
