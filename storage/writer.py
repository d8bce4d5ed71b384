"""The one writer, with group commit: whoever waits shares the next transaction.

Jobs that share a transaction run inside savepoints: one that fails takes nobody else along. A job
that is alone has none: below a savepoint SQLite keeps in memory what each further statement
changes, and goes through all of it, so that 25,000 updates took nine minutes. Long work comes in
portions for that reason, too. Where SQLite itself gives the transaction up (a full disk), every
job of it gets one of its own. Jobs that do the same to different things may be done together, as
one: a busy minute then costs a few statements, where each by itself would cost as many.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from storage.connection import Connection

log = logging.getLogger(__name__)

T = TypeVar("T")
Item = TypeVar("Item")
Job = Callable[[Connection], Awaitable[T]]
JobOfMany = Callable[[Connection, list[Item]], Awaitable[list[T]]]
"""Does the same to many things, and returns what became of each."""

MAX_BATCH = 512
"""Jobs that share one transaction at most; bounds how long a reader of the WAL waits."""
TOGETHER_MAX = 128
"""Things that are done together at most: if it fails, each is done again by itself."""


class _LostError(Exception):
    """SQLite has rolled the whole transaction back by itself; the cause says why."""


@dataclass(slots=True)
class _Waiting:
    """Something to be done: ``of_many`` to ``item``, or a job of its own."""

    done: asyncio.Future[Any]
    job: Job[Any] | None = None
    of_many: JobOfMany[Any, Any] | None = None
    item: Any = None
    is_alone: bool = False

    def fail(self, error: BaseException) -> None:
        self.done.set_exception(error)
        self.done.exception()  # the caller may be gone; that is no warning


_Outcome = tuple[_Waiting, Any, BaseException | None]


@dataclass(slots=True)
class Writer:
    """Everything that is written goes through here."""

    engine: AsyncEngine
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Whoever has it is alone with the file."""
    committed: list[Callable[[float, int], None]] = field(default_factory=list)
    has_written: bool = False
    _queue: deque[_Waiting] = field(default_factory=deque)
    _draining: asyncio.Task[None] | None = None

    @property
    def n_waiting(self) -> int:
        """Return how many jobs wait."""
        return len(self._queue)

    async def write(self, job: Job[T]) -> T:
        """Do a job in the next transaction; see `storage.database.Database.write`."""
        result: T = await self._wait(_Waiting(_future(), job=job))
        return result

    async def write_together(self, of_many: JobOfMany[Item, T], item: Item) -> T:
        """Do the same to an item as to those that wait beside it; see `Database`."""
        result: T = await self._wait(_Waiting(_future(), of_many=of_many, item=item))
        return result

    async def finish(self) -> None:
        """Write all that waits."""
        async with self.turn:
            while self._queue:
                await self._commit_next()

    async def _wait(self, waiting: _Waiting) -> Any:
        self._queue.append(waiting)
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._drain())
        return await asyncio.shield(waiting.done)

    async def _drain(self) -> None:
        while self._queue:
            async with self.turn:
                await self._commit_next()

    async def _commit_next(self) -> None:
        size = min(len(self._queue), MAX_BATCH)
        if size and self._queue[0].is_alone:
            size = 1
        if size:
            await self._commit([self._queue.popleft() for _ in range(size)])

    async def _commit(self, batch: list[_Waiting]) -> None:
        """Write `batch` in one transaction; a future is settled only after COMMIT."""
        try:
            outcomes = await self._transact(batch)
        except _LostError as lost:
            if len(batch) == 1:
                batch[0].fail(lost.__cause__ or lost)
                return
            for waiting in batch:
                waiting.is_alone = True
            self._queue.extendleft(reversed(batch))
            return
        except BaseException as error:
            for waiting in batch:
                waiting.fail(error)
            if not isinstance(error, Exception):
                raise
            return
        for waiting, result, failure in outcomes:
            if failure is None:
                waiting.done.set_result(result)
            else:
                waiting.fail(failure)

    async def _transact(self, batch: list[_Waiting]) -> list[_Outcome]:
        """Run every job of `batch` and commit.

        Raises
        ------
        _LostError
            Nothing was written. Going on would let the jobs that follow commit alone, and
            acknowledge those before although they are gone.
        """
        outcomes: list[_Outcome] = []
        self.has_written = True
        began = monotonic()
        async with self.engine.connect() as conn, conn.begin():
            raw: Any = (await conn.get_raw_connection()).driver_connection
            if len(batch) == 1:
                outcomes.append((batch[0], await _alone(conn, raw, batch[0]), None))
            else:
                for group in _groups(batch):
                    outcomes += await _attempt(conn, raw, group)
        for told in self.committed:
            try:
                told(monotonic() - began, len(batch))
            except Exception:  # it is stored, whoever listens
                log.exception("whoever is told of transactions failed")
        return outcomes


def _future() -> asyncio.Future[Any]:
    return asyncio.get_running_loop().create_future()


def _groups(batch: list[_Waiting]) -> Iterator[list[_Waiting]]:
    """Cut a batch into what is done together: neighbours only, so that all keep their order."""
    rest = iter(batch)
    group = list(islice(rest, 1))
    for waiting in rest:
        same = waiting.of_many is not None and waiting.of_many == group[0].of_many
        if same and len(group) < TOGETHER_MAX:
            group.append(waiting)
        else:
            yield group
            group = [waiting]
    yield group


async def _alone(conn: Connection, raw: Any, only: _Waiting) -> Any:
    """Do what has the transaction to itself: if it fails, all of that is rolled back."""
    (result,) = await _results(conn, [only])
    if not raw.in_transaction:
        raise _LostError
    return result


async def _attempt(conn: Connection, raw: Any, group: list[_Waiting]) -> list[_Outcome]:
    """Do what belongs together; if that fails, each by itself."""
    failure: Exception | None = None
    results: list[Any] = []
    try:
        async with conn.begin_nested():
            try:
                results = await _results(conn, group)
            except Exception as error:
                failure = error
                raise
    except Exception as error:
        # Where the savepoint is gone too, why is what failed first.
        failure = failure or error
    if not raw.in_transaction:
        raise _LostError from failure
    if failure is None:
        return [(one, result, None) for one, result in zip(group, results, strict=True)]
    if len(group) == 1:
        return [(group[0], None, failure)]
    return [outcome for one in group for outcome in await _attempt(conn, raw, [one])]


async def _results(conn: Connection, group: list[_Waiting]) -> list[Any]:
    first = group[0]
    if first.of_many is not None:
        return await first.of_many(conn, [one.item for one in group])
    assert first.job is not None
    return [await first.job(conn)]
