"""What was deleted leaves the bytes, too: the file is rewritten and its log cut to nothing.

With ``secure_delete`` SQLite overwrites what it deletes where that stands. Two kinds of copies are
left: the write-ahead log holds pages as they were, and a page that was divided in two may still
hold, in its unused middle, copies of what moved to the other. Only rewriting the file removes them.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from storage.identity import BUSY_S, opened

SECURE = "PRAGMA secure_delete=ON"
"""Said by every connection that may write."""
_READERS_WITHIN_S = 0.1


def rewrite(path: Path) -> str:
    """Write the whole file again; return why not, empty when it is done.

    Nobody else can write meanwhile. It needs as much room again as the file takes.
    """
    try:
        # A connection of its own: the copy it makes is too large for memory, where others keep
        # their temporary tables.
        with closing(opened(path, BUSY_S["writer"])) as connection:
            connection.execute(SECURE)
            connection.execute("VACUUM")
    except sqlite3.Error as error:
        return str(error)
    return ""


def cut_log(path: Path) -> bool:
    """Bring the write-ahead log into the file and cut it to nothing, unless somebody reads it."""
    try:
        with closing(opened(path, _READERS_WITHIN_S)) as connection:
            is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error:
        return False
    return not is_busy
