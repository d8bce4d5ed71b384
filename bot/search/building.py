"""The index of a large catalogue is built by a process of its own, which reads the database.

Building takes half a minute of Python where there are tens of thousands of documents: in a thread
it would share the interpreter with everybody who waits for an answer, and hold it for more than
a second at a time. ``python -m bot.search.building`` reads on its input what is asked and says the
segment on its output, in pieces so small that taking one in holds up nobody. Only large ones are
worth the second that a process takes to start; one that dies has done nothing.
"""

import asyncio
import json
import logging
import os
import struct
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot import child
from bot.search import index
from bot.search.index import Document, Segment
from storage import search
from storage.database import read_only
from storage.search import Source

log = logging.getLogger(__name__)

LARGE = 5_000
"""From so many documents on an index is built by a process of its own."""
NICENESS = 10
_AT_ONCE = 5_000
"""Words in a piece: taking one in holds the interpreter for a few milliseconds."""
_BYTES_AT_ONCE = 2**20
_SAID_MAX = 2_000
_COMMAND = (sys.executable, "-P", "-m", "bot.search.building")
_HEAD = struct.Struct("<BI")
"""Before each piece: of which of `_PARTS` it is, and how many bytes."""
_ARRAYS = {"ids": np.int64, "bounds": np.int64, "docs": np.int32, "weights": np.float32}
_LISTS = ("titles", "rows", "words", "counts", "sorted")
_N_CHANGES = "n_changes"
_PARTS = (*_ARRAYS, *_LISTS, _N_CHANGES)

Piece = tuple[str, bytes]
"""The name of a part and the next of what is in it: bytes of an array, a list as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which index of which database."""

    database: str
    guild_id: int
    of: Source


async def build(database: Path, guild_id: int, of: Source) -> tuple[Segment, int] | None:
    """Return a segment of everything and the count of changes it is of; None where it failed.

    Cancelled, it ends the process.
    """
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        env=child.environment(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    complained = asyncio.ensure_future(process.stderr.read())
    try:
        asked = Wanted(database=str(database), guild_id=guild_id, of=of)
        process.stdin.write(json.dumps(asdict(asked)).encode())
        process.stdin.close()
        pieces = [piece async for piece in _heard(process.stdout)]
        await process.wait()
        return await asyncio.to_thread(_joined, pieces)
    except (ConnectionError, EOFError, IndexError, ValueError):
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await asyncio.shield(process.wait())
        said = (await asyncio.shield(complained)).decode(errors="replace").strip()
        if process.returncode:
            log.error("an index ended with code %s: %s", process.returncode, said[-_SAID_MAX:])


async def _heard(stream: asyncio.StreamReader) -> AsyncIterator[Piece]:
    """Yield pieces as they were said; an end in the middle of one is an error (EOFError)."""
    while first := await stream.read(1):
        head = first + await stream.readexactly(_HEAD.size - 1)
        part, n_bytes = _HEAD.unpack(head)
        yield _PARTS[part], await stream.readexactly(n_bytes)


def _joined(pieces: Sequence[Piece]) -> tuple[Segment, int]:
    """Put a segment together, piece by piece.

    Raises
    ------
    EOFError, ValueError
        Something is missing.
    """
    arrays: dict[str, list[bytes]] = {name: [] for name in _ARRAYS}
    lists: dict[str, list[Any]] = {name: [] for name in _LISTS}
    n_changes: int | None = None
    for name, part in pieces:
        if name in arrays:
            arrays[name].append(part)
        elif name in lists:
            lists[name] += json.loads(part)
        else:
            n_changes = json.loads(part)
    if n_changes is None:
        raise EOFError("the process did not come to its end")
    made = {name: _array(parts, _ARRAYS[name]) for name, parts in arrays.items()}
    segment = index.segment_of(
        titles=lists["titles"],
        rows=dict(zip(lists["rows"], range(len(lists["rows"])), strict=True)),
        written=dict(zip(lists["words"], lists["counts"], strict=True)),
        in_order=lists["sorted"],
        **made,
    )
    return segment, n_changes


def _array(parts: Sequence[bytes], dtype: Any) -> NDArray[Any]:
    return np.frombuffer(b"".join(parts), dtype)


# --------------------------------------------------------------------- in the process


def main() -> int:
    """Build what standard input asks for, and say it."""
    os.nice(NICENESS)
    asyncio.run(_answer(Wanted(**json.load(sys.stdin))))
    return 0


async def _answer(wanted: Wanted) -> None:
    found: list[Document] = []
    async with read_only(Path(wanted.database)) as conn:
        n_changes = (await search.version(conn, wanted.guild_id, wanted.of)).n_changes
        async for rows in search.described(conn, wanted.guild_id, None, wanted.of):
            found += (Document(**row._asdict()) for row in rows)
    for piece in _pieces(index.build(found)):
        _say(piece)
    _say((_N_CHANGES, json.dumps(n_changes).encode()))  # the last: without it nothing was said


def _pieces(segment: Segment) -> Iterator[Piece]:
    for name in _ARRAYS:
        raw = getattr(segment, name).tobytes()
        for start in range(0, len(raw), _BYTES_AT_ONCE):
            yield name, raw[start : start + _BYTES_AT_ONCE]
    counts = segment.vocabulary.counts
    lists: dict[str, Any] = {
        "titles": segment.titles,
        "rows": segment.rows,  # in the order of their numbers
        "words": counts,
        "counts": counts.values(),
        "sorted": segment._sorted,
    }
    for name in _LISTS:
        words = iter(lists[name])
        while some := list(islice(words, _AT_ONCE)):
            yield name, json.dumps(some).encode()


def _say(piece: Piece) -> None:
    name, part = piece
    try:
        sys.stdout.buffer.write(_HEAD.pack(_PARTS.index(name), len(part)) + part)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(1)  # whoever asked is gone


if __name__ == "__main__":
    sys.exit(main())
