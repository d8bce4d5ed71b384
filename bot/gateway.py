"""What Discord sends and discord.py cannot read: reported without its content, and skipped.

One payload of a new shape ends neither the connection nor the reading of a channel: whoever
waits for the others gets them.
"""

import asyncio
import logging
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import monotonic
from typing import Any

import discord

log = logging.getLogger(__name__)

PAGE = 100
"""Messages of a page of history, Discord's maximum."""
ANSWER_WITHIN_S = 60.0
"""For one request, its place in the queue of Discord's rate limit included."""
NEEDED = {"READY"}
"""Without these a session is of no use; `bot.client` opens another one."""
PAUSES_S = (5, 15, 60, 300)
"""Before another session is opened; Discord allows 1,000 a day."""
STEADY_S = 600.0
"""After a session that lasted so long, pauses begin again."""
_NOBODYS = (0, 40333)
"""Codes of answers that are not about what was asked: none at all, and "internal network error"."""
_seen: Counter[str] = Counter()

Parser = Callable[[Any], None]


def whereabouts(error: BaseException) -> str:
    """Return the kind of an error and where it arose: its message may repeat what was read."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def skipped(what: str, error: BaseException) -> None:
    """Log that something was skipped: the first time, and then ever more rarely."""
    report = f"{what} cannot be read and is skipped: {whereabouts(error)}"
    _seen[report] += 1
    if _seen[report].bit_count() == 1:
        log.error("%s (%d so far)", report, _seen[report])


def is_meant(error: discord.HTTPException) -> bool:
    """Say whether Discord itself refuses: what stands before it has no code, and it passes."""
    return error.code not in _NOBODYS


@asynccontextmanager
async def within() -> AsyncIterator[None]:
    """Bound a request that others wait behind: discord.py waits a limit out, for hours if it must.

    Raises
    ------
    TimeoutError
        There was no answer in time, which is an OSError as every outage is.
    """
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            yield
    except TimeoutError as error:
        raise TimeoutError(f"no answer from Discord within {ANSWER_WITHIN_S:.0f} s") from error


def moment(refused: discord.HTTPException) -> float | None:
    """Return when Discord answered, in unix seconds by its own clock; None where it is not said."""
    try:
        return parsedate_to_datetime(refused.response.headers.get("Date", "")).timestamp()
    except (TypeError, ValueError):
        return None


class Pauses:
    """How long to wait after each of several failures in a row."""

    def __init__(self) -> None:
        self._n_failed = 0
        self._began = monotonic()

    async def rest(self, say: Callable[[int], None]) -> None:
        """Tell how long the pause is, in seconds, and make it."""
        if monotonic() - self._began > STEADY_S:
            self._n_failed = 0
        pause_s = PAUSES_S[min(self._n_failed, len(PAUSES_S) - 1)]
        self._n_failed += 1
        say(pause_s)
        await asyncio.sleep(pause_s)
        self._began = monotonic()


def guarded(parsers: Mapping[str, Parser]) -> dict[str, Parser]:
    """Return discord.py's parsers of events, none of which ends the connection any more."""

    def guard(event: str, parse: Parser) -> Parser:
        def parse_or_skip(data: Any) -> None:
            try:
                parse(data)
            except Exception as error:
                skipped(f"a payload of {event}", error)

        return parse if event in NEEDED else parse_or_skip

    return {event: guard(event, parse) for event, parse in parsers.items()}


async def pages(
    client: discord.Client, channel: Any, after: int
) -> AsyncIterator[tuple[list[discord.Message], int]]:
    """Read a channel's messages after one, oldest first, a page at a time.

    Yields
    ------
    tuple
        The messages that can be read, and the id of the last one of the page.
    """
    while True:
        async with within():
            page = await client.http.logs_from(channel.id, PAGE, after=after)
        if not page:
            return
        page.sort(key=lambda data: int(data["id"]))
        after = int(page[-1]["id"])
        yield [found for data in page if (found := _message(client, channel, data))], after
        if len(page) < PAGE:
            return


def _message(client: discord.Client, channel: Any, data: Any) -> discord.Message | None:
    try:
        return client._connection.create_message(channel=channel, data=data)
    except Exception as error:
        skipped("a message of the past", error)
        return None
