"""A count of what was earned in a process of its own: many decisions would keep the loop waiting.

``python -m bot.points.counting`` reads on its input what is asked, runs the recount, which writes
nothing, and says on its output how far it is and then what it wants, a line each. `count` starts
it where the log is long, and waits. What it says is carried out by whoever asked, so a process that
dies has done nothing; then the count is made here after all.
"""

import asyncio
import json
import logging
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot import child
from bot.points.recount import Recount, Scope, Seen
from bot.rewards import formats
from bot.rewards.kinds import ACTS
from bot.rewards.windows import Payment
from storage import rewards, rulebook
from storage.connection import Connection
from storage.database import Database, read_only
from storage.records import Rescore

log = logging.getLogger(__name__)

LONG = 5_000
"""From so many events on a count is made by a process of its own: to start it takes a second."""
NICENESS = 10
_AT_ONCE = 500
_LINE_MAX = 2**20
_SAID_MAX = 4_000
_COMMAND = (sys.executable, "-P", "-m", "bot.points.counting")

Wanted = dict[int, Payment | None]
"""By event what it is to be paid, None for nothing, where that may not be what it was paid."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which decision of which guild; the rest stands in the database."""

    database: str
    decision: dict[str, Any]


async def count(database: Database, decision: Rescore, seen: Seen, *, long: int = LONG) -> Wanted:
    """Return what a decision wants other than the ledger may hold it.

    Parameters
    ----------
    seen
        Told how many events were read, and of how many.
    long
        From how many events on a process of its own is started.
    """
    async with database.read() as conn:
        after = await rewards.last_before(conn, decision.since_at)
        n_events, _ = await rewards.extent(
            conn, ACTS, decision.guild_id, after, decision.until_event
        )
    if n_events >= long:
        found = await _in_a_process(database, decision, seen)
        if found is not None:
            return found
    async with database.read() as conn:
        return await _count(conn, decision, seen)


async def _count(conn: Connection, decision: Rescore, seen: Seen) -> Wanted:
    stored = await rulebook.rule_set(conn, decision.guild_id, decision.version)
    assert stored is not None, "a decision names a version that is there"
    scope = Scope(
        rules=formats.from_dict(stored.rules),
        version=decision.version,
        since=decision.since_at,
        until=decision.until_event,
    )
    recount = Recount(decision.guild_id, scope)
    async for stretch in recount.run(conn):
        seen(stretch.n_read, stretch.n_total)
    return recount.wanted


async def _in_a_process(database: Database, decision: Rescore, seen: Seen) -> Wanted | None:
    """Return what the process says, None where it ended without having said everything."""
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        env=child.environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_LINE_MAX,
    )
    assert process.stderr is not None
    complained = asyncio.ensure_future(process.stderr.read())
    try:
        found = await _listen(process, Asked(str(database.path), asdict(decision)), seen)
        await process.wait()
    except (ConnectionError, ValueError):
        found = None
    finally:
        if process.returncode is None:
            process.kill()
            await asyncio.shield(process.wait())
        said = (await asyncio.shield(complained)).decode(errors="replace").strip()
    if found is None:
        log.error("a count ended with code %s: %s", process.returncode, said[-_SAID_MAX:])
    return found


async def _listen(process: asyncio.subprocess.Process, asked: Asked, seen: Seen) -> Wanted | None:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(asdict(asked)).encode())
    process.stdin.close()
    found: Wanted = {}
    async for line in process.stdout:
        heard = json.loads(line)
        if heard is None:
            return found
        if isinstance(heard, dict):
            seen(*heard["seen"])
        for event_id, paid in heard if isinstance(heard, list) else ():
            found[event_id] = Payment(**paid) if paid else None
    return None


# --------------------------------------------------------------------- in the process


def main() -> int:
    """Count what standard input asks for, and print what comes of it."""
    os.nice(NICENESS)
    asyncio.run(_answer(Asked(**json.load(sys.stdin))))
    return 0


async def _answer(asked: Asked) -> None:
    def seen(n_done: int, n_total: int) -> None:
        _say({"seen": (n_done, n_total)})

    async with read_only(Path(asked.database)) as conn:
        found = await _count(conn, Rescore(**asked.decision), seen)
    wanted = [(event_id, paid and asdict(paid)) for event_id, paid in sorted(found.items())]
    for start in range(0, len(wanted), _AT_ONCE):
        _say(wanted[start : start + _AT_ONCE])
    _say(None)


def _say(what: Any) -> None:
    try:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(1)  # whoever asked is gone


if __name__ == "__main__":
    sys.exit(main())
