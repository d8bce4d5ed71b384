"""One writer with group commit, readers that cannot write, migrations, the instance lock."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from storage.connection import Connection
from storage.database import (
    Database,
    DatabaseClosedError,
    DatabaseLockedError,
    hold_instance,
    open_database,
)
from storage.identity import RELEASE_KEY
from storage.migrate import SchemaError
from storage.schema import TRIGGERS, meta, metadata
from storage.writer import TOGETHER_MAX


async def put(conn: Connection, key: str, size: int = 0) -> str:
    await conn.execute(insert(meta).values(key=key, value="x" * size))
    return key


async def count(database: Database) -> int:
    async with database.read() as conn:
        theirs = meta.c.key != RELEASE_KEY
        return int(await conn.scalar(select(func.count()).select_from(meta).where(theirs)) or 0)


async def test_concurrent_writes_are_all_there_and_answer_their_own_caller(
    database: Database,
) -> None:
    keys = [f"k{i}" for i in range(500)]
    results = await asyncio.gather(*(database.write(partial(put, key=key)) for key in keys))
    assert results == keys
    assert await count(database) == 500


async def test_concurrent_writes_share_transactions(database: Database) -> None:
    seen: set[int] = set()

    async def job(conn: Connection) -> None:
        raw = await conn.get_raw_connection()
        seen.add(id(conn))
        assert raw is not None

    await asyncio.gather(*(database.write(job) for _ in range(200)))
    assert len(seen) < 20


async def test_the_same_for_many_is_done_together_and_in_order(database: Database) -> None:
    done: list[list[str]] = []

    async def put_all(conn: Connection, keys: list[str]) -> list[str]:
        done.append(keys)
        return [await put(conn, key) for key in keys]

    async def other(conn: Connection) -> str:
        done.append(["other"])
        return await put(conn, "other")

    before = [database.write_together(put_all, f"a{i}") for i in range(TOGETHER_MAX + 1)]
    after = [database.write_together(put_all, f"b{i}") for i in range(3)]
    results = await asyncio.gather(*before, database.write(other), *after)
    firsts = [f"a{i}" for i in range(TOGETHER_MAX + 1)]
    assert results == [*firsts, "other", "b0", "b1", "b2"]
    assert done == [firsts[:-1], firsts[-1:], ["other"], ["b0", "b1", "b2"]]


async def test_what_fails_together_is_done_one_by_one_and_takes_nobody_along(
    database: Database,
) -> None:
    async def put_all(conn: Connection, keys: list[str]) -> list[str]:
        for key in keys:
            await put(conn, key)
        if "bad" in keys:
            raise ValueError("bad")
        return keys

    writes = [database.write_together(put_all, key) for key in ("one", "bad", "two", "one")]
    results = await asyncio.gather(*writes, return_exceptions=True)
    assert results[0] == "one" and results[2] == "two"
    assert isinstance(results[1], ValueError) and isinstance(results[3], IntegrityError)
    assert await count(database) == 2


async def test_a_failing_write_takes_nobody_along(database: Database) -> None:
    await database.write(lambda c: put(c, "taken"))
    results = await asyncio.gather(
        database.write(lambda c: put(c, "a")),
        database.write(lambda c: put(c, "taken")),
        database.write(lambda c: put(c, "b")),
        return_exceptions=True,
    )
    assert results[0] == "a" and results[2] == "b"
    assert isinstance(results[1], IntegrityError)
    assert await count(database) == 3


async def test_a_cancelled_caller_does_not_lose_the_write_or_block_the_next(
    database: Database,
) -> None:
    async def slow(conn: Connection) -> None:
        await put(conn, "slow")
        for _ in range(50):
            await conn.execute(select(meta))

    task = asyncio.ensure_future(database.write(slow))
    await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await database.write(lambda c: put(c, "next"))
    assert await count(database) == 2


async def test_readers_cannot_write(database: Database) -> None:
    async with database.read() as conn:
        with pytest.raises(OperationalError, match="readonly"):
            await put(conn, "x")


async def test_the_file_is_as_safe_as_we_say(database: Database) -> None:
    async def pragmas(conn: Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return {name: (await conn.exec_driver_sql(f"PRAGMA {name}")).scalar() for name in names}

    assert await database.write(pragmas) == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


async def limit_size(conn: Connection, more_pages: int) -> None:
    n_pages = (await conn.exec_driver_sql("PRAGMA page_count")).scalar_one()
    await conn.exec_driver_sql(f"PRAGMA max_page_count={n_pages + more_pages}")


@pytest.mark.parametrize("together", [False, True])
async def test_a_full_disk_loses_nothing_acknowledged_and_hinders_nobody_afterwards(
    database: Database, together: bool
) -> None:
    def size(key: str) -> int:
        return 1_000_000 if int(key) % 5 == 2 else 1

    async def put_all(conn: Connection, keys: list[str]) -> list[str]:
        return [await put(conn, key, size(key)) for key in keys]

    def write(key: str) -> Awaitable[str]:
        if together:
            return database.write_together(put_all, key)
        return database.write(partial(put, key=key, size=size(key)))

    await database.write(partial(limit_size, more_pages=4))
    results = await asyncio.gather(*(write(str(n)) for n in range(20)), return_exceptions=True)
    full = [n for n, result in enumerate(results) if isinstance(result, OperationalError)]
    assert full == [2, 7, 12, 17]
    assert all("full" in str(results[n]) for n in full)
    async with database.read() as conn:
        stored = set((await conn.execute(select(meta.c.key))).scalars()) - {RELEASE_KEY}
    assert stored == {result for result in results if isinstance(result, str)}
    await database.write(partial(limit_size, more_pages=10_000))
    assert await database.write(partial(put, key="room again", size=1_000_000)) == "room again"


@pytest.mark.slow
async def test_a_write_waits_for_another_process_longer_than_a_reader_would(
    database: Database,
) -> None:
    await database.write(partial(put, key="before"))
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.ensure_future(database.write(partial(put, key="patient")))
    await asyncio.sleep(6)
    assert not waiting.done()
    other.execute("COMMIT")
    other.close()
    assert await waiting == "patient"


async def test_what_was_stored_stays_out_of_error_messages(database: Database) -> None:
    await database.write(partial(put, key="a secret wish"))
    with pytest.raises(IntegrityError) as caught:
        await database.write(partial(put, key="a secret wish"))
    assert "secret" not in str(caught.value)


async def test_migrations_make_exactly_the_schema(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    async with open_database(path):
        pass
    with create_engine(f"sqlite:///{path}").connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
        made = conn.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        assert sorted(made.scalars()) == sorted(TRIGGERS)


async def test_no_writer_can_change_a_catalogue_or_who_may_train_unnoticed(
    database: Database,
) -> None:
    def versions() -> dict[int, tuple[int, int]]:
        rows = raw.execute("SELECT guild_id, catalogue, training FROM versions")
        return {row[0]: row[1:] for row in rows}

    resource = (
        "INSERT INTO resources (resource_id, guild_id, kind, title, url, url_key, published_at,"
        " created_at, updated_at) VALUES (1, 5, 'tool', 'T', '', '', 0, 0, 0)"
    )
    member = "INSERT INTO members (guild_id, user_id, consent, created_at) VALUES (5, 7, ?, 0)"
    event = (
        "INSERT INTO events (guild_id, source_id, kind, user_id, occurred_at, recorded_at)"
        " VALUES (5, 1, 10, 7, 0, 0)"
    )
    with closing(sqlite3.connect(database.path, isolation_level=None)) as raw:
        for statement, expected in [
            (resource, {5: (1, 0)}),
            ("UPDATE resources SET title = 'U'", {5: (3, 0)}),
            ("UPDATE resources SET guild_id = 6", {5: (4, 0), 6: (1, 0)}),
            ("DELETE FROM resources", {5: (4, 0), 6: (2, 0)}),
            (member.replace("?", "'unknown'"), {5: (4, 0), 6: (2, 0)}),
            ("UPDATE members SET language = 'en'", {5: (4, 0), 6: (2, 0)}),
            ("UPDATE members SET consent = 'granted'", {5: (4, 2), 6: (2, 0)}),
            ("UPDATE members SET consent_at = 9", {5: (4, 4), 6: (2, 0)}),
            ("UPDATE members SET has_earlier = 1", {5: (4, 6), 6: (2, 0)}),
            ("UPDATE members SET asked_at = 9", {5: (4, 8), 6: (2, 0)}),
            ("DELETE FROM members", {5: (4, 9), 6: (2, 0)}),
            (member.replace("?", "'declined'"), {5: (4, 10), 6: (2, 0)}),
            (event, {5: (4, 10), 6: (2, 0)}),
            ("DELETE FROM events", {5: (4, 11), 6: (2, 0)}),
        ]:
            raw.execute(statement)
            assert versions() == expected, statement


async def test_no_writer_can_change_what_questions_are_found_by_unnoticed(
    database: Database,
) -> None:
    question = (
        "INSERT INTO questions (question_id, guild_id, user_id, channel_id, thread_id, title,"
        " asked_at, last_word_at, last_word_id) VALUES (?, 5, 7, 1, ?, 'T', 0, 0, 0)"
    )
    with closing(sqlite3.connect(database.path, isolation_level=None)) as raw:
        raw.execute(question, (1, 1))
        raw.execute(question, (2, 2))
        for statement, expected in [
            ("UPDATE questions SET state = 'solved'", {1: 1, 2: 2}),
            ("UPDATE questions SET title = 'U' WHERE question_id = 1", {1: 4, 2: 2}),
            ("UPDATE questions SET tags = '[]' WHERE question_id = 2", {1: 4, 2: 6}),
            ("DELETE FROM questions WHERE question_id = 1", {1: 7, 2: 6}),
        ]:
            raw.execute(statement)
            rows = raw.execute("SELECT question_id, version FROM question_changes")
            assert dict(rows.fetchall()) == expected, statement


async def test_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    async with open_database(path):
        pass
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaError, match="newer version"):
        async with open_database(path):
            pass


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    path.write_bytes(b"this is not a database at all, not even a little bit" * 100)
    with pytest.raises(SchemaError, match="not a usable database"):
        async with open_database(path):
            pass


def test_a_second_instance_is_told_who_holds_the_file(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    code = (
        "import sys, time; from pathlib import Path; from storage.database import hold_instance\n"
        "with hold_instance(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        with pytest.raises(DatabaseLockedError, match=f"process {other.pid} on"):
            with hold_instance(path):
                pass
    finally:
        other.kill()
        other.wait()
    with hold_instance(path):
        pass


async def test_closing_finishes_what_was_begun_and_refuses_what_comes_after(
    tmp_path: Path,
) -> None:
    async with open_database(tmp_path / "db.sqlite3") as database:
        under_way = asyncio.ensure_future(database.write(partial(put, key="begun")))
        await asyncio.sleep(0)
    assert await under_way == "begun"
    with pytest.raises(DatabaseClosedError):
        await database.write(partial(put, key="late"))
    with pytest.raises(DatabaseClosedError):
        async with database.read():
            pass
