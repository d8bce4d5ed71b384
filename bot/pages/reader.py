"""Reads pages in a process of its own: whoever made a page may have made it to stop its reader.

``python -m bot.pages.reader`` loads the parser once and reads page after page, each within bounds
that the system keeps: seconds, memory, no files. What passes them ends the process, and the next
page begins another. It knows nothing of the bot, not even its environment. `Reader` starts it when
there is a page, and ends it when there was none for a while.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from bot import child
from bot.errors import UserError
from bot.pages.fetch import Answer
from bot.pages.rules import Entry, Feed, Page

BODY_MAX: Final = 2**20
"""Bytes of a page that are read: what it says of itself stands at its beginning."""
FEED_MAX: Final = 2 * 2**20
"""Bytes of a feed that are read."""
CPU_S: Final = 2
MEMORY: Final = 512 * 2**20
TIMEOUT_S: Final = 6.0
IDLE_S: Final = 600.0
_SAID_MAX = 2**22
_COMMAND = (sys.executable, "-P", "-m", "bot.pages.reader")

log = logging.getLogger(__name__)


class Reader:
    """The process that reads, begun when it is needed; pages are read one after the other."""

    def __init__(self, idle_s: float = IDLE_S) -> None:
        self._idle_s = idle_s
        self._process: asyncio.subprocess.Process | None = None
        self._resting: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._ending: asyncio.TimerHandle | None = None

    async def read(self, answer: Answer) -> Page:
        """Return what a page says of itself.

        Raises
        ------
        UserError
            It is made so that it cannot be read within bounds.
        """
        return Page(**await self._found(answer, "page", BODY_MAX))

    async def feed(self, answer: Answer) -> Feed:
        """Return what a feed or a list holds; raises as `read`."""
        found = await self._found(answer, "feed", FEED_MAX)
        entries = (Entry(**{**one, "tags": tuple(one["tags"])}) for one in found.pop("entries"))
        return Feed(**found, entries=tuple(entries))

    async def _found(self, answer: Answer, what: str, limit: int) -> dict[str, Any]:
        async with self._turn:
            self._keep()
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    found = await self._ask(answer, what, limit)
            except (TimeoutError, ConnectionError, ValueError):
                found = None
                await self._end()
            except BaseException:
                await self._end()  # half of an answer may be on its way
                raise
            self._rest()
        if found is None:
            raise UserError("error-pages-unreadable")
        return found

    async def close(self) -> None:
        """End the process."""
        async with self._turn:
            await self._end()
            if self._resting is not None:
                await asyncio.shield(self._resting.wait())

    async def _ask(self, answer: Answer, what: str, limit: int) -> dict[str, Any] | None:
        process = await self._running()
        assert process.stdin is not None and process.stdout is not None
        body = answer.body[:limit]
        asked = {
            "what": what,
            "url": answer.url,
            "charset": answer.charset,
            "language": answer.language,
            "content_type": answer.content_type,
            "size": len(body),
        }
        process.stdin.write(json.dumps(asked).encode() + b"\n" + body)
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line:
            raise ConnectionError("the reader ended")
        found: dict[str, Any] | None = json.loads(line)
        return found

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *_COMMAND,
                env=child.bare_environment(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_SAID_MAX,
                start_new_session=True,
            )
        return self._process

    async def _end(self) -> None:
        self._keep()
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await asyncio.shield(process.wait())

    def _keep(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

    def _rest(self) -> None:
        """Let the process end where nothing is to be read for a while."""
        loop = asyncio.get_running_loop()
        self._ending = loop.call_later(self._idle_s, self._stop)

    def _stop(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()  # it ends by itself
            self._resting, self._process = self._process, None


# ------------------------------------------------------------------------- in the process


def main() -> int:
    """Read the pages that stand on standard input, until there are no more."""
    import resource

    from bot.pages import feeds, metadata

    reading: dict[str, Callable[..., Any]] = {"page": metadata.read, "feed": feeds.read}
    metadata.read("<title>课程</title>".encode("gbk") * 9, url="https://example.org/")  # loads more
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while line := source.readline():
        asked = json.loads(line)
        body = source.read(asked.pop("size"))
        read = reading[asked.pop("what")]
        used = resource.getrusage(resource.RUSAGE_SELF)
        until = int(used.ru_utime + used.ru_stime) + 1 + CPU_S
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
        try:
            found = json.dumps(asdict(read(body, **asked)))
        except Exception:  # whatever it is, it is the page's
            found = "null"
        target.write(found.encode() + b"\n")
        target.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
