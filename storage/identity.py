"""Whose a database file is: looked at before anything is done to it, and left as it is.

A file of ours carries our mark in its header (`PRAGMA application_id`) and names its revision;
files made before there was a mark are known by their tables. Whatever else there is belongs to
somebody, and nothing is ever made in it.
"""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from storage import release
from storage.migrations import head, revisions

APPLICATION_ID = 0x4C796365
"""Our mark: "Lyce"."""
BUSY_S = {"reader": 5, "writer": 30}
"""How long to wait for another process, such as an import: longer where events would be lost."""
BUSY = "the database is busy: another process is writing; try again"
RELEASE_KEY = "release"
"""In ``meta``: the release that brought the file to its schema."""
_WRITER_MAX = 60
_OURS = {"events", "ledger", "balances", "rule_sets"}
"""Tables that every revision has had."""

State = Literal[
    "absent", "empty", "ours", "older", "newer", "foreign", "nameless", "damaged", "shut", "busy"
]
TO_USE: set[State] = {"absent", "empty", "older", "ours"}
"""What may be opened: ours, or nobody's yet."""
_FOR_GOOD: set[State] = {"newer", "foreign", "nameless", "damaged"}
"""What no waiting makes better: a busy file is freed, a closed one may be a disk that went."""
_SENTENCES: dict[State, str] = {
    "absent": "there is no database at {path}; say where with --database",
    "empty": "{path} is empty: run the bot or import something first",
    "older": "{path} is of an older version of Lyceum: the bot's next start brings it up to date",
    "newer": "{path} was written by a newer version of Lyceum{writer}",
    "foreign": "{path} is not a Lyceum database: it belongs to another program and was left alone",
    "nameless": (
        "{path} is not a usable database: it is damaged, encrypted, or a file of another kind"
    ),
    "damaged": "{path} is damaged: {reason}",
    "shut": "{path} cannot be used: {reason}",
    "busy": BUSY + " ({path})",
}


def is_busy(error: BaseException) -> bool:
    """Say whether an error means that another process kept us from the file for too long."""
    return Found.of(getattr(error, "orig", error)).state == "busy"


class SchemaError(RuntimeError):
    """The file is not a database this version can use; the message is one sentence.

    ``is_for_good``: it will not be before somebody changed something.
    """

    is_for_good = False


class BusyError(SchemaError):
    """Another process does not let go of the file."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is, and why where that is not plain.

    Parameters
    ----------
    revision
        Of its schema; empty where it has none.
    writer
        The release that wrote it last, empty where it does not say.
    """

    state: State
    reason: str = ""
    revision: str = ""
    writer: str = ""

    @classmethod
    def of(cls, error: BaseException | None) -> "Found":
        """Say what SQLite's refusal tells about the file."""
        reason = str(error)
        match getattr(error, "sqlite_errorcode", 0) & 0xFF:
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                return cls("busy", reason)
            case sqlite3.SQLITE_NOTADB:
                return cls("nameless", reason)
            case sqlite3.SQLITE_CORRUPT:
                return cls("damaged", reason)
        return cls("shut", reason)

    def sentence(self, path: Path) -> str:
        """Say what is wrong; empty for a file of ours at the newest revision."""
        told = ""
        if self.state == "newer":
            by = self.writer or "one that does not say which"
            told = f": {by}, schema {self.revision}; this is {release.name()}, schema {head()}"
        return _SENTENCES.get(self.state, "").format(path=path, reason=self.reason, writer=told)


def opened(path: Path, patience_s: float = BUSY_S["writer"]) -> sqlite3.Connection:
    """Open an existing file; none is made, and no character of its path has a meaning."""
    # A full path, for ":memory:" and "file:" are names of files to us; as_uri escapes the rest.
    address = f"{Path(os.path.abspath(path)).as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, timeout=patience_s, isolation_level=None)


def look(path: Path, *, patience_s: float = BUSY_S["writer"]) -> Found:
    """Say what there is at `path`; nothing is made or changed.

    Parameters
    ----------
    patience_s
        How long somebody else may lock all others out, in seconds.
    """
    # os.path and not Path: in a folder that is closed to us the latter raises.
    if not os.path.exists(path):
        return Found("absent")
    if not os.path.isfile(path):
        return Found("shut", "it is not a file")
    try:
        if os.path.getsize(path) == 0:
            return Found("empty")
        with closing(opened(path, patience_s)) as connection:
            return within(connection)
    except sqlite3.DatabaseError as error:
        return Found.of(error)


def within(connection: sqlite3.Connection) -> Found:
    """Say what an open file is."""
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if not names:
        (used,) = connection.execute("PRAGMA user_version").fetchone()
        return Found("foreign" if used or mark not in (0, APPLICATION_ID) else "empty")
    is_ours = mark == APPLICATION_ID or (mark == 0 and names >= _OURS)
    if not is_ours or "alembic_version" not in names:
        return Found("foreign")
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        return Found("damaged", "it does not say which version of Lyceum wrote it")
    is_known = row[0] in revisions()
    state: State = "ours" if row[0] == head() else "older" if is_known else "newer"
    return Found(state, revision=row[0], writer="" if is_known else _writer(connection))


def _writer(connection: sqlite3.Connection) -> str:
    """Return which release wrote a file whose schema nobody here knows; empty if it is not said."""
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = ?", (RELEASE_KEY,)).fetchone()
    except sqlite3.OperationalError:
        return ""
    return str(row[0])[:_WRITER_MAX] if row else ""


def refusal(path: Path, found: Found) -> SchemaError:
    """Return the error that says why the file at `path` is not used."""
    kind = BusyError if found.state == "busy" else SchemaError
    error = kind(found.sentence(path))
    error.is_for_good = found.state in _FOR_GOOD
    return error


def require(path: Path) -> Found:
    """Return what there is at `path` if it is ours to use or to make.

    Raises
    ------
    BusyError
        Another process does not let go of it.
    SchemaError
        It belongs to another program, is damaged, or was written by a newer version.
    """
    found = look(path)
    if found.state not in TO_USE:
        raise refusal(path, found)
    return found


def require_newest(path: Path) -> None:
    """Raise what `require` does, and also where the file is absent, empty or older."""
    found = look(path)
    if found.state != "ours":
        raise refusal(path, found)
