"""What is on the disk when the power goes, and what becomes of it."""

import random
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import insert

from storage.connection import Connection
from storage.database import open_database
from storage.schema import meta

N_WRITES = 20


async def _put(conn: Connection, number: int) -> None:
    await conn.execute(insert(meta).values(key=f"put {number:02}", value="x" * 500 * number))


@dataclass
class Written:
    """The file and its log after some writes, and how long the log was after each."""

    file: bytes
    log: bytes
    sizes: list[int]


async def write(path: Path) -> Written:
    log, sizes = Path(f"{path}-wal"), []
    async with open_database(path) as database:
        await database.write(partial(_put, number=0))
        for number in range(1, N_WRITES):
            await database.write(partial(_put, number=number))
            sizes.append(len(_bytes(log)))
        return Written(_bytes(path), _bytes(log), sizes)


def _bytes(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def stored(image: Path, file: bytes, log: bytes) -> list[str]:
    """Return what a database holds whose file and log were found like this."""
    image.write_bytes(file)
    Path(f"{image}-wal").write_bytes(log)
    Path(f"{image}-shm").unlink(missing_ok=True)
    with closing(sqlite3.connect(image)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        query = "SELECT key FROM meta WHERE key LIKE 'put %' ORDER BY key"
        return [key for (key,) in connection.execute(query)]


async def test_a_power_cut_anywhere_in_the_log_leaves_all_that_was_acknowledged_before(
    tmp_path: Path,
) -> None:
    """The log is cut, at its end stands what a disk leaves of a page half written, or nothing."""
    written = await write(tmp_path / "lyceum.sqlite3")
    sizes, rng = written.sizes, random.Random(1)
    assert sizes == sorted(sizes) and len(written.log) == sizes[-1]
    for cut in {each + by for each in sizes[::3] for by in (-4_000, -1, 0, 1, 2_000)}:
        for rest in (b"", rng.randbytes(5_000), bytes(5_000)):
            found = stored(tmp_path / "image.sqlite3", written.file, written.log[:cut] + rest)
            assert found == [f"put {n:02}" for n in range(1 + sum(size <= cut for size in sizes))]
