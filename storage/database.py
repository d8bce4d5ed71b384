"""Connections: one writer with group commit, a pool of readers, and the instance lock.

Every write goes through `Database.write` or `write_together`. Everything that waits is committed
together (`storage.writer`), so a burst of events costs one fsync and nothing is acknowledged
before it is on disk.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, StaticPool

from storage import identity, private
from storage.connection import Connection, connect
from storage.identity import BUSY_S
from storage.migrate import migrate
from storage.scrub import SECURE, cut_log, rewrite
from storage.writer import Item, Job, JobOfMany, T, Writer

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA journal_size_limit=67108864",
    SECURE,
)
_ONLY_READING = ("PRAGMA temp_store=MEMORY",)
_KEEPING = ("PRAGMA cache_size=-65536", "PRAGMA mmap_size=268435456")
_PASSING = ("PRAGMA cache_size=-8192", "PRAGMA mmap_size=0")
N_READERS = 4


CLOSE_WITHIN_S = 5.0
"""How long closing waits for readers."""
CUT_WITHIN_S = 5.0
"""How long `scrub` waits for readers of the log."""
_CUT_AGAIN_S = 0.05
_TIDY_WITHIN_MS = 500
"""How long closing waits for another process before it leaves SQLite's statistics as they are."""


class DatabaseClosedError(RuntimeError):
    """Something asked for the database after it was closed."""


class DatabaseLockedError(RuntimeError):
    """Another instance holds the database; the message says which."""


@dataclass(slots=True)
class Database:
    """An open database. Make one with `open_database`, which also closes it."""

    path: Path
    _writer: Writer
    _readers: AsyncEngine
    _reading: set[object] = field(default_factory=set)
    _unread: asyncio.Event = field(default_factory=asyncio.Event)
    _is_closed: bool = False

    @property
    def n_waiting(self) -> int:
        """Return how many jobs wait for the writer."""
        return self._writer.n_waiting

    @property
    def committed(self) -> list[Callable[[float, int], None]]:
        """Who is told of each transaction: the seconds it took, and how many jobs shared it."""
        return self._writer.committed

    async def write(self, job: Job[T]) -> T:
        """Run `job` in the next transaction and return its result once that is committed.

        Concurrent calls share one transaction. `job` may run statements only: it must not
        await Discord, HTTP or a thread, and nothing it does may outlive a rollback, after which
        it may be run again. A job that raises is rolled back alone. Cancelling the caller does
        not cancel the job: once called, it is written.
        """
        self._require_open()
        return await self._writer.write(job)

    async def write_together(self, of_many: JobOfMany[Item, T], item: Item) -> T:
        """Do the same to `item` as to those that wait beside it, and return what became of it.

        As `write`, but items that wait for the same function are handed to it together, in their
        order, at most `storage.writer.TOGETHER_MAX`: it runs a few statements where each by itself
        would run as many. Where it raises, each item is done by itself, so it may be run again.
        """
        self._require_open()
        return await self._writer.write_together(of_many, item)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """Give a connection that sees one consistent state and cannot write."""
        self._require_open()
        me = object()
        self._reading.add(me)
        try:
            async with self._readers.connect() as conn, conn.begin():
                yield conn
        finally:
            self._reading.discard(me)
            if not self._reading:
                self._unread.set()

    async def scrub(self, *, is_whole: bool, within_s: float = CUT_WITHIN_S) -> str:
        """Leave nothing of what was deleted in the bytes of the file and its log.

        Parameters
        ----------
        is_whole
            Rewrite the file, too, which takes a second for every 40 megabytes and lets writers
            wait; without it copies may be left in pages that were divided.
        within_s
            How long to wait for readers, who hold the log. Nobody waits for us meanwhile.

        Returns
        -------
        str
            Why it could not be done now; empty when it is done.
        """
        self._require_open()
        if is_whole:
            async with self._writer.turn:
                problem = await asyncio.to_thread(rewrite, self.path)
            if problem:
                return problem
        clock = asyncio.get_running_loop().time
        end = clock() + within_s
        while True:
            async with self._writer.turn:
                if await asyncio.to_thread(cut_log, self.path):
                    return ""
            if clock() >= end:
                return "the log is being read"
            await asyncio.sleep(_CUT_AGAIN_S)

    def _require_open(self) -> None:
        if self._is_closed:
            raise DatabaseClosedError("the database is closed")

    async def close(self) -> None:
        """Finish what was begun, refuse what comes after, and close every connection.

        A connection left open would keep its thread, and so the process, alive for ever.
        """
        self._is_closed = True
        await self._writer.finish()
        if self._writer.has_written:
            async with self._writer.turn:
                with suppress(Exception):
                    await self._tidy()
        if self._reading:
            self._unread.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._unread.wait(), CLOSE_WITHIN_S)
        await self._readers.dispose()
        await self._writer.engine.dispose()

    async def _tidy(self) -> None:
        async with self._writer.engine.connect() as conn:
            raw: Any = (await conn.get_raw_connection()).driver_connection
            await raw.execute(f"PRAGMA busy_timeout={_TIDY_WITHIN_MS}")
            await conn.exec_driver_sql("PRAGMA optimize")


def _engine(
    path: Path, role: Literal["reader", "writer"], pragmas: Sequence[str], busy_s: float
) -> AsyncEngine:
    is_writer = role == "writer"
    engine = create_async_engine(
        "sqlite+aiosqlite://",
        async_creator=partial(connect, path),
        hide_parameters=True,  # what members told us does not belong in a log
        poolclass=StaticPool if is_writer else AsyncAdaptedQueuePool,
        **({} if is_writer else {"pool_size": N_READERS, "max_overflow": 0}),
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={1_000 * busy_s:.0f}")
        for pragma in pragmas:
            cursor.execute(pragma)
        if not is_writer:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    return engine


@asynccontextmanager
async def open_database(path: Path, *, is_passing: bool = False) -> AsyncIterator[Database]:
    """Migrate the file at `path` (made if absent), open it, and close it at the end.

    Parameters
    ----------
    is_passing
        For a process that reads everything once: keeps little of the file in memory, where a
        process that serves would keep up to a third of a gigabyte.

    Raises
    ------
    storage.identity.SchemaError
        As of `storage.identity.require`.
    """
    private.make_folder(path)
    await asyncio.to_thread(migrate, path)
    private.narrow(path)
    pragmas = _PRAGMAS + (_PASSING if is_passing else _KEEPING)
    writer = _engine(path, "writer", pragmas, BUSY_S["writer"])
    readers = _engine(path, "reader", pragmas, BUSY_S["reader"])
    database = Database(path, Writer(writer), readers)
    try:
        yield database
    finally:
        await asyncio.shield(database.close())


@asynccontextmanager
async def read_only(path: Path) -> AsyncIterator[Connection]:
    """Give one connection to an existing file that sees one consistent state and cannot write.

    For a process that reads everything once beside the one that writes; nothing is migrated, and
    nobody who writes is waited for.

    Raises
    ------
    storage.identity.SchemaError
        There is no database, or not one of this very version.
    """
    await asyncio.to_thread(identity.require_newest, path)
    engine = _engine(path, "reader", _ONLY_READING + _PASSING, BUSY_S["writer"])
    try:
        async with engine.connect() as conn, conn.begin():
            yield conn
    finally:
        await asyncio.shield(engine.dispose())


def instance_files(path: Path, purpose: str = "bot") -> tuple[Path, Path]:
    """Return the lock of whoever does `purpose` on a database, and the file that says who it is.

    They are the same for every name of the database: a link to it, a relative path.
    """
    real = os.path.realpath(path)
    return Path(f"{real}.{purpose}.lock"), Path(f"{real}.{purpose}.holder")


@contextmanager
def hold_instance(path: Path, *, purpose: str = "bot") -> Iterator[None]:
    """Hold the right to be the one process doing `purpose` on the database at `path`.

    The operating system lets go of the lock when the process ends, however it ends.

    Raises
    ------
    DatabaseLockedError
        Somebody else holds it; the message names process, host and start.
    """
    private.make_folder(path)
    lock_path, holder = instance_files(path, purpose)
    lock = FileLock(lock_path, mode=private.FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        who = holder.read_text("utf-8") if holder.exists() else "an unknown process"
        raise DatabaseLockedError(f"{path} is in use by {who}") from None
    try:
        started = datetime.now(UTC).isoformat(timespec="seconds")
        private.make(holder)
        holder.write_text(
            f"process {os.getpid()} on {socket.gethostname()} since {started}", "utf-8"
        )
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()
