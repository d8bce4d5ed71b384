"""The web server's door: how many may come in, how long each may take, and what is logged of it.

aiohttp bounds neither how many connections there are nor how long a visitor takes to say what
they want, and asyncio accepts until the process has no file left for Discord or the database.
Here a new connection that finds the house full takes the place of whoever has been quiet longest,
so that visitors who hold connections open keep nobody else out.
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

log = logging.getLogger(__name__)

BACKLOG = 128
RETRY_S = 0.1
TOLD_EVERY_S = 60.0
STOP_WITHIN_S = 2.0
"""How long a request under way may take when the server stops."""
CLOSED_WITHIN_S = 5.0
"""Within what time nobody is there any more, whatever they do."""
CONNECTIONS_MAX = 256
FILES_SHARE = 4
"""Visitors get at most one in so many of the files that the process may open."""


def connections_max() -> int:
    """Return how many visitors may be here at once, by how many files this process may open."""
    try:
        import resource
    except ImportError:  # Windows, where sockets are not files
        return CONNECTIONS_MAX
    n_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(1, min(CONNECTIONS_MAX, n_files // FILES_SHARE))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a visitor may take, in seconds, and how many there may be.

    Parameters
    ----------
    head_s
        Within what time a new connection must have made its first request.
    answer_s
        Within what time a request must be answered and the answer fetched.
    idle_s
        How long a connection may stay open between requests; proxies close theirs after 60.
    linger_s
        How long a body that nobody asked for is read, so that the answer before it arrives.
    quiet_s
        How long a connection need not make room for another one.
    """

    room: int = field(default_factory=connections_max)
    head_s: float = 10.0
    answer_s: float = 30.0
    idle_s: float = 75.0
    linger_s: float = 1.0
    quiet_s: float = 0.5


_NO_LOG: Any = None
_http_log = logging.getLogger(f"{__name__}.http")


def _without_visitor(record: logging.LogRecord) -> bool:
    """Keep of what aiohttp logs only which error it was: the rest may tell who asked for what.

    What our own handlers raise never gets here; `bot.links.routes` answers and logs it. That a
    visitor sends garbage is no news.
    """
    error = record.exc_info[1] if record.exc_info else None
    if record.levelno < logging.WARNING or isinstance(error, HttpProcessingError):
        return False
    record.msg, record.args = "a request broke off: %s", (type(error).__name__,)
    record.exc_info = record.exc_text = record.stack_info = None
    return True


_http_log.addFilter(_without_visitor)


class PlaceError(Exception):
    """The place cannot be listened on; the message says why."""


class Visitor(web.RequestHandler):
    """One connection; it leaves when it takes too long."""

    def __init__(self, door: "Door") -> None:
        super().__init__(
            door.server,
            loop=door.loop,
            access_log=_NO_LOG,
            logger=_http_log,
            keepalive_timeout=door.limits.idle_s,
            lingering_time=door.limits.linger_s,
        )
        self.door = door
        self.quiet_since = door.loop.time()
        self._looking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Come in."""
        super().connection_made(transport)
        self._looking = self.door.loop.call_later(self.door.limits.head_s, self._look)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Make room."""
        super().connection_lost(exc)
        if self._looking is not None:
            self._looking.cancel()
        self.door.left(self)

    def data_received(self, data: bytes) -> None:
        """Notice when a request is complete as far as we need it."""
        n_before = self._request_count
        super().data_received(data)
        if self._request_count > n_before:
            self.quiet_since = self.door.loop.time()

    @property
    def is_served(self) -> bool:
        """Whether a request is being answered."""
        return bool(self._request_in_progress)

    def leave(self) -> None:
        """End the connection at once, whatever is under way."""
        if self.transport is not None:
            self.transport.abort()

    def _look(self) -> None:
        quiet_s = self.door.loop.time() - self.quiet_since
        is_stuck = self._request_in_progress and quiet_s > self.door.limits.answer_s
        if is_stuck or not self._request_count:
            self.leave()
        else:
            self._looking = self.door.loop.call_later(self.door.limits.head_s, self._look)


class Door:
    """Accepts connections on some sockets, as many as there is room for."""

    def __init__(self, server: web.Server, sockets: list[socket.socket], limits: Limits) -> None:
        self.server = server
        self.loop = asyncio.get_running_loop()
        self.sockets = sockets
        self.limits = limits
        self._visitors: set[Visitor] = set()
        self._coming: set[asyncio.Task[Any]] = set()
        self._told_at = -TOLD_EVERY_S
        for listening in sockets:
            self.loop.add_reader(listening, self._knock, listening)

    def close(self) -> None:
        """Let nobody in any more, and send away whoever is not being served."""
        for listening in self.sockets:
            self.loop.remove_reader(listening)
            listening.close()
        self.sockets.clear()
        for task in self._coming:
            task.cancel()
        for visitor in list(self._visitors):
            if not visitor.is_served:
                visitor.leave()

    async def emptied(self) -> None:
        """Send everybody away."""
        for visitor in list(self._visitors):
            visitor.leave()
        await asyncio.gather(*self._coming, return_exceptions=True)

    def left(self, visitor: Visitor) -> None:
        """Forget a visitor who is gone."""
        self._visitors.discard(visitor)

    def _knock(self, listening: socket.socket) -> None:
        if len(self._visitors) >= self.limits.room and not self._make_room():
            self._rest(listening)
            return
        try:
            connection, _ = listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError as error:  # no file is left, or no memory
            self._tell("nobody is let in for now: %s", error.strerror)
            self._rest(listening)
            return
        connection.setblocking(False)
        visitor = Visitor(self)
        self._visitors.add(visitor)
        task = self.loop.create_task(self._let_in(visitor, connection))
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)

    async def _let_in(self, visitor: Visitor, connection: socket.socket) -> None:
        try:
            await self.loop.connect_accepted_socket(lambda: visitor, connection)
        except (OSError, asyncio.CancelledError):
            connection.close()
            self.left(visitor)

    def _make_room(self) -> bool:
        """Send away whoever has been quiet longest; False if all have only just come."""
        longest = min(self._visitors, key=lambda visitor: visitor.quiet_since)
        if self.loop.time() - longest.quiet_since < self.limits.quiet_s:
            return False
        self._tell("all %d places are taken: whoever is quiet longest makes room", self.limits.room)
        longest.leave()
        self.left(longest)
        return True

    def _rest(self, listening: socket.socket) -> None:
        self.loop.remove_reader(listening)
        self.loop.call_later(RETRY_S, self._go_on, listening)

    def _go_on(self, listening: socket.socket) -> None:
        if listening in self.sockets:
            self.loop.add_reader(listening, self._knock, listening)

    def _tell(self, message: str, *values: object) -> None:
        if self.loop.time() - self._told_at >= TOLD_EVERY_S:
            self._told_at = self.loop.time()
            log.warning(message, *values)


@asynccontextmanager
async def serving(
    app: web.Application, host: str, port: int, limits: Limits | None = None
) -> AsyncIterator[int]:
    """Serve `app` while the context is open; gives the port, which is another one for 0.

    Raises
    ------
    PlaceError
        The place cannot be listened on.
    """
    try:
        sockets = await _listening(host, port)
    except OSError as error:
        raise PlaceError(error.strerror) from error
    runner = web.AppRunner(app, shutdown_timeout=STOP_WITHIN_S)
    await runner.setup()
    assert runner.server is not None
    port = sockets[0].getsockname()[1]
    door = Door(runner.server, sockets, limits or Limits())
    try:
        yield port
    finally:
        door.close()
        try:
            async with asyncio.timeout(CLOSED_WITHIN_S):
                await runner.cleanup()
        except TimeoutError:
            log.warning("visitors were sent away while they were served")
        await door.emptied()


async def _listening(host: str, port: int) -> list[socket.socket]:
    """Return a socket for each address of the host."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    made: list[socket.socket] = []
    try:
        for family, address in dict.fromkeys((one[0], one[4]) for one in found):
            made.append(socket.create_server(address, family=family, backlog=BACKLOG))
            made[-1].setblocking(False)
    except OSError:
        for one in made:
            one.close()
        raise
    return made
