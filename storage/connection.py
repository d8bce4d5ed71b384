"""A connection to SQLite that crosses to its thread once for a statement, not four times.

aiosqlite makes a cursor, executes, fetches and closes by one crossing each, and each costs the
event loop more than a small statement costs SQLite. SQLAlchemy asks for nothing else than what
stands here (its `async_creator` takes any connection with aiosqlite's interface). Results of more
than `N_ROWS_AT_ONCE` rows are still read in portions, so that a stream does not fill the memory.
"""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import aiosqlite
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.identity import BUSY, is_busy

Connection: TypeAlias = AsyncConnection
"""What the functions of storage read and write by, inside a transaction. Nobody else opens one."""

N_ROWS_AT_ONCE = 1_000


def refusal(error: Exception) -> str | None:
    """Say in one line what an operator can act on: a full disk, a busy or a damaged file.

    None for every other error: the other kinds are defects of ours.
    """
    if not isinstance(error, DatabaseError) or type(error) not in (DatabaseError, OperationalError):
        return None
    if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:  # ours: no such table
        return None
    return BUSY if is_busy(error) else f"the database refuses: {error.orig}"


class OneCrossingCursor:
    """What `AsyncAdapt_dbapi_cursor` of SQLAlchemy needs of a cursor."""

    def __init__(self, connection: "OneCrossingConnection") -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> "OneCrossingCursor":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def execute(self, statement: str, values: Any = ()) -> "OneCrossingCursor":
        """Execute a statement and read the first rows it gives."""
        return await self._run(lambda cursor: cursor.execute(statement, values))

    async def executemany(self, statement: str, values: Any) -> "OneCrossingCursor":
        """Execute a statement for many rows of values."""
        return await self._run(lambda cursor: cursor.executemany(statement, values))

    async def fetchone(self) -> Any:
        """Return the next row, None behind the last."""
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return up to `size` further rows."""
        wanted = self.arraysize if size is None else size
        if self._cursor is not None and len(self._rows) < wanted:
            self._rows += await self._connection.cross(self._cursor.fetchmany, wanted)
        rows, self._rows = self._rows[:wanted], self._rows[wanted:]
        return rows

    async def fetchall(self) -> list[Any]:
        """Return all further rows."""
        rows, self._rows = self._rows, []
        if self._cursor is not None:
            rows += await self._connection.cross(self._cursor.fetchall)
        return rows

    async def close(self) -> None:
        """Let go of the statement; crosses only where rows were left."""
        cursor, self._cursor, self._rows = self._cursor, None, []
        if cursor is not None:
            await self._connection.cross(cursor.close)

    async def _run(self, execute: Callable[[sqlite3.Cursor], object]) -> "OneCrossingCursor":
        await self.close()
        await self._connection.cross(self._run_there, execute)
        return self

    def _run_there(self, execute: Callable[[sqlite3.Cursor], object]) -> None:
        cursor = self._connection.driver.cursor()
        try:
            execute(cursor)
            self.description, self.lastrowid = cursor.description, cursor.lastrowid
            if cursor.description is not None:
                self._rows = cursor.fetchmany(N_ROWS_AT_ONCE)
            self.rowcount = cursor.rowcount
            if len(self._rows) == N_ROWS_AT_ONCE:
                self._cursor, cursor = cursor, None  # type: ignore[assignment]
        finally:
            if cursor is not None:
                cursor.close()


class OneCrossingConnection(aiosqlite.Connection):
    """A connection whose cursors are `OneCrossingCursor`s."""

    @property
    def driver(self) -> sqlite3.Connection:
        """The connection of the standard library; to be used in its thread only."""
        return self._conn

    def cursor(self) -> OneCrossingCursor:  # type: ignore[override]
        """Return a cursor; SQLite is not asked yet."""
        return OneCrossingCursor(self)

    async def cross(self, call: Callable[..., Any], *values: Any) -> Any:
        """Return what a call returns in the connection's thread."""
        return await self._execute(call, *values)  # type: ignore[no-untyped-call]


async def connect(path: Path) -> OneCrossingConnection:
    """Open a file; its thread does not keep a process alive that forgets to close."""
    made = OneCrossingConnection(
        # A full path: ":memory:" and "file:" are names of files to us.
        lambda: sqlite3.connect(os.path.abspath(path), check_same_thread=False),
        iter_chunk_size=N_ROWS_AT_ONCE,
    )
    made._thread.daemon = True
    await made
    return made
