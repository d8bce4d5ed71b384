"""A trial of a draft: the log replayed under the rules in force and under the draft.

``python -m bot.rulebook.trial`` is a process of its own, because a million decisions would keep
the bot's loop waiting, and starts a second one, so that each version of the rules has a core to
itself. Both read what was stored up to the same event, in chunks, and write nothing. What they
are asked stands on their input as JSON, what they have to say on their output, a line each: how
far they are, and in the end what came of it. `run_trial` starts the first and waits for it.
"""

import asyncio
import gc
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot import child
from bot.errors import UserError
from bot.points.service import replay
from bot.rewards import formats, levels, tally
from bot.rewards.ruleset import RuleSet
from bot.rewards.tally import Comparison, Figures, Place, Tally
from storage import rulebook
from storage.connection import Connection
from storage.database import read_only

log = logging.getLogger(__name__)

TIMEOUT_S = 840.0
"""An answer can be given for a quarter of an hour."""
NICENESS = 10
_STEPS = 200
"""Into how many parts the way is told, however long it is."""
_LINE_MAX = 2**20
_SAID_MAX = 4_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is tried: on which events, under which versions of the rules.

    ``since`` is the moment from which events count, ``last`` the last of them.
    """

    database: str
    guild_id: int
    since: float
    last: int
    before: dict[str, dict[str, Any]]
    after: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial came to; ``levels`` says how many members reach a higher and a lower one."""

    n_events: int
    found: Comparison
    levels: tuple[int, int]


async def run_trial(
    asked: Asked, told: Callable[[int, int], None], *, timeout_s: float = TIMEOUT_S
) -> Outcome:
    """Try rules in fresh processes, and wait for them.

    Parameters
    ----------
    told
        Called with how many events were replayed, and of how many, again and again.
    timeout_s
        After so long the processes are killed; so they are when the caller is cancelled.

    Raises
    ------
    UserError
        They ended without a result.
    """
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        env=child.environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_LINE_MAX,
    )
    assert process.stdout is not None and process.stderr is not None
    complained = asyncio.ensure_future(process.stderr.read())
    try:
        async with asyncio.timeout(timeout_s):
            found = await _listen(process, asked, told)
            await process.wait()
    except (TimeoutError, ConnectionError, ValueError):
        found = None
    finally:
        if process.returncode is None:
            process.kill()
            await asyncio.shield(process.wait())
        said = (await asyncio.shield(complained)).decode(errors="replace").strip()
    if found is None:
        log.error("a preview ended with code %s: %s", process.returncode, said[-_SAID_MAX:])
        raise UserError("error-rulebook-trial")
    return found


async def _listen(
    process: asyncio.subprocess.Process, asked: Asked, told: Callable[[int, int], None]
) -> Outcome | None:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(asdict(asked)).encode())
    process.stdin.close()
    async for line in process.stdout:
        heard = json.loads(line)
        if isinstance(heard, dict):
            return _outcome(heard)
        told(*heard)
    return None


def _outcome(heard: dict[str, Any]) -> Outcome:
    found = heard["found"]
    return Outcome(
        n_events=heard["n_events"],
        found=Comparison(
            minted=tuple((kind, before, after) for kind, before, after in found["minted"]),
            before=Figures(**found["before"]),
            after=Figures(**found["after"]),
            places=tuple(Place(**place) for place in found["places"]),
        ),
        levels=(heard["levels"][0], heard["levels"][1]),
    )


_COMMAND = (sys.executable, "-P", "-m", "bot.rulebook.trial")


# ------------------------------------------------------------------ in the processes


def main(arguments: list[str] | None = None) -> int:
    """Try what standard input asks for, and print what comes of it."""
    os.nice(NICENESS)
    # What a replay makes refers to nothing that refers back, and looking for it takes a third.
    gc.disable()
    asked = Asked(**json.load(sys.stdin))
    if (sys.argv[1:] if arguments is None else arguments) == ["--before"]:
        tally, _, _, _ = asyncio.run(_replay(asked, formats.from_dict(asked.before)))
        _say(_written(tally))
        return 0
    with subprocess.Popen(  # noqa: S603 (our own module)
        [*_COMMAND, "--before"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        try:
            _say(asdict(_try(asked, other)))
        finally:
            other.kill()
    return 0


def _try(asked: Asked, other: "subprocess.Popen[str]") -> Outcome:
    """Replay the draft's side here while the other process replays the other, and compare."""
    assert other.stdin is not None and other.stdout is not None
    json.dump(asdict(asked), other.stdin)
    other.stdin.close()
    live, draft = formats.from_dict(asked.before), formats.from_dict(asked.after)
    after, n_events, hidden, earned = asyncio.run(_replay(asked, draft))
    before = _read(other.stdout, live)
    moves = levels.level_moves(live.levels, draft.levels, earned)
    return Outcome(n_events, tally.compare(before, after, hidden), moves)


async def _replay(asked: Asked, tried: RuleSet) -> tuple[Tally, int, set[int], list[int]]:
    """Return what a replay comes to, and of whom it is: who is hidden, what all have earned."""
    tally, n_read, n_told = Tally(tried), 0, 0
    async with read_only(Path(asked.database)) as conn:
        async for stretch in replay(
            conn, asked.guild_id, [tried], since=asked.since, last=asked.last
        ):
            tally.add(stretch.moves[0])
            n_read = stretch.n_read
            if n_read * _STEPS >= n_told * stretch.n_total:
                n_told += 1
                _say((n_read, stretch.n_total))
        hidden, earned = await _members(conn, asked)
    return tally, n_read, hidden, earned


async def _members(conn: Connection, asked: Asked) -> tuple[set[int], list[int]]:
    earned = await rulebook.earned(conn, asked.guild_id)
    return await rulebook.hidden(conn, asked.guild_id), list(earned.values())


def _say(what: Any) -> None:
    try:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(1)  # whoever asked is gone


def _written(tally: Tally) -> dict[str, Any]:
    return {
        "minted": tally.minted,
        "totals": list(tally.totals.items()),
        "at_cap": list(tally.at_cap),
        "at_limit": list(tally.at_limit),
    }


def _read(said: Iterable[str], live: RuleSet) -> Tally:
    """Return the tally that the other process says at last; it tells how far it is before."""
    lines = [line for line in said if line.startswith("{")]
    if not lines:
        raise RuntimeError("the process for the rules in force died")
    heard, tally = json.loads(lines[-1]), Tally(live)
    tally.minted.update(heard["minted"])
    tally.totals.update(heard["totals"])
    tally.at_cap.update(heard["at_cap"])
    tally.at_limit.update(heard["at_limit"])
    return tally


if __name__ == "__main__":
    sys.exit(main())
