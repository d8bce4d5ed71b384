"""Files that hold members' data are for the user who runs the program, and for nobody else.

SQLite gives the log and its index the mode of the database, so it is enough that this is made
right; what was made wider by earlier versions, or by somebody's copying, is narrowed when it is
opened. Where there are no such modes, nothing is done.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FILE, FOLDER = 0o600, 0o700
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_BESIDE = ("", "-wal", "-shm", "-journal")


def make_folder(path: Path) -> None:
    """Make the folder of a file; one that exists stays as it is."""
    path.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)


def make(path: Path) -> None:
    """Make an empty file of ours where there is none.

    One that exists is not even opened: closing it would let go of SQLite's locks on it.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))


def narrow(path: Path) -> None:
    """Take the database at `path` and what stands beside it from other users."""
    for each, mode in opened_wide(path):
        with suppress(OSError):  # it is somebody else's; doctor says so
            os.chmod(each, mode & ~_OTHERS)


def opened_wide(path: Path) -> Iterator[tuple[Path, int]]:
    """Yield the database's files that other users may read or write, with their modes."""
    if os.name != "posix":
        return
    real = os.path.realpath(path)
    for each in (Path(f"{real}{suffix}") for suffix in _BESIDE):
        with suppress(OSError):
            mode = stat.S_IMODE(os.stat(each).st_mode)
            if mode & _OTHERS:
                yield each, mode
