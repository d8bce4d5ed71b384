"""A statement crosses to SQLite's thread once, and everything else stays as it was."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from storage.connection import N_ROWS_AT_ONCE, OneCrossingConnection, connect
from storage.database import Database
from storage.schema import meta

MANY = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT i FROM n"
)


class Counting(OneCrossingConnection):
    n_crossings = 0

    async def cross(self, call: Any, *values: Any) -> Any:
        self.n_crossings += 1
        return await super().cross(call, *values)


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[Counting]:
    made = await connect(tmp_path / "db.sqlite3")
    made.__class__ = Counting
    assert isinstance(made, Counting)
    yield made
    await made.close()


async def test_a_statement_with_few_rows_crosses_once(connection: Counting) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute("SELECT 1, 2 UNION SELECT 3, ?", (4,))
        assert [column[0] for column in cursor.description] == ["1", "2"]
        assert await cursor.fetchall() == [(1, 2), (3, 4)]
        assert await cursor.fetchall() == []
    assert connection.n_crossings == 1


@pytest.mark.parametrize("n_rows", [0, 1, N_ROWS_AT_ONCE - 1, N_ROWS_AT_ONCE, N_ROWS_AT_ONCE + 1])
async def test_every_row_comes_once_however_they_are_fetched(
    connection: Counting, n_rows: int
) -> None:
    expected = [(i,) for i in range(1, max(1, n_rows) + 1)]
    async with connection.cursor() as cursor:
        await cursor.execute(MANY.format(n_rows))
        assert await cursor.fetchall() == expected
        await cursor.execute(MANY.format(n_rows))
        found = [await cursor.fetchone()]
        while rows := await cursor.fetchmany(300):
            found += rows
        assert found == expected
        await cursor.execute(MANY.format(n_rows))  # and what is left is let go of


async def test_a_statement_that_fails_leaves_the_connection_usable(connection: Counting) -> None:
    async with connection.cursor() as cursor:
        with pytest.raises(Exception, match="syntax error"):
            await cursor.execute("SELEKT")
        await cursor.execute("SELECT 5")
        assert await cursor.fetchone() == (5,)


async def test_a_stream_of_many_rows_is_whole_and_reads_in_portions(database: Database) -> None:
    n_rows, portions = 3 * N_ROWS_AT_ONCE + 7, []
    async with database.read() as conn:
        result = await conn.stream(text(MANY.format(n_rows)))
        async for portion in result.partitions(500):
            portions.append(len(portion))
    assert sum(portions) == n_rows and max(portions) == 500


async def test_counts_and_ids_of_written_rows_are_told(database: Database) -> None:
    async def job(conn: Any) -> tuple[int, int, int]:
        await conn.execute(delete(meta))
        await conn.execute(insert(meta), [{"key": f"k{i}", "value": ""} for i in range(5)])
        changed = await conn.execute(update(meta).values(value="x"))
        returned = await conn.execute(update(meta).values(value="y").returning(meta.c.key))
        found = await conn.scalar(select(func.count()).select_from(meta))
        return changed.rowcount, len(returned.all()), int(found)

    assert await database.write(job) == (5, 5, 5)
    with pytest.raises(IntegrityError):
        await database.write(lambda conn: conn.execute(insert(meta).values(key="k0", value="")))
