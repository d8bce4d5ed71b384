"""A whole copy of a database beside the bot that uses it, for nobody else to read."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage import identity, private


class BackupError(RuntimeError):
    """There is no copy; the message says why in one sentence."""


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
    if (found := identity.look(path)).state not in ("ours", "older"):
        raise identity.refusal(path, found)
    if os.path.lexists(to):
        raise BackupError(f"{to} is there already and was left alone")
    private.make(to)
    try:
        with closing(identity.opened(path)) as connection:
            connection.execute("VACUUM INTO ?", (os.path.abspath(to),))
    except sqlite3.Error as error:
        to.unlink()
        raise BackupError(f"{to} cannot be written: {error}") from error
