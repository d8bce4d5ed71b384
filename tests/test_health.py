"""What /readyz says of a database that is full, locked, read-only or gone, and what that costs."""

import asyncio
import resource
import signal
import sqlite3
import sys
from contextlib import closing

import aiohttp
import pytest

from bot import health
from bot.health import Health
from bot.i18n import Texts
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database
from tests.discord_sim import texts_of
from tests.patience import patient, turns
from tests.test_process import Scene, scene
from tests.test_run import Running, bot

__all__ = ["bot", "scene"]


async def pages(database: Database) -> int:
    async with database.read() as conn:
        return int((await conn.exec_driver_sql("PRAGMA page_count")).scalar_one())


async def now_and_then(checked: Health) -> bool:
    """Ask when the last answer is old enough."""
    await asyncio.sleep(health.EVERY_S)
    return await checked.is_well()


async def test_a_database_that_works_is_well_and_does_not_grow(database: Database) -> None:
    checked = Health(database)
    assert await checked.is_well()
    before = await pages(database)
    assert await now_and_then(checked)
    assert await pages(database) == before
    with closing(sqlite3.connect(database.path)) as raw:
        assert raw.execute("SELECT * FROM meta WHERE key = 'health'").fetchall() == []


async def test_a_full_database_is_unwell_until_there_is_room(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def limit(conn: Connection, more: int) -> None:
        n_pages = (await conn.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await conn.exec_driver_sql(f"PRAGMA max_page_count={n_pages + more}")

    checked = Health(database)
    await database.write(lambda conn: limit(conn, 0))
    assert not await checked.is_well()
    assert not await now_and_then(checked)
    await database.write(lambda conn: limit(conn, 1_000))
    assert await now_and_then(checked)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert "the database cannot be used: " in said[0] and "full" in said[0]


async def test_a_database_that_may_not_be_written_is_unwell(database: Database) -> None:
    async with database._writer.engine.connect() as conn:
        await conn.exec_driver_sql("PRAGMA query_only=ON")
    assert not await Health(database).is_well()


@pytest.mark.parametrize("is_replaced", [False, True], ids=["gone", "replaced"])
async def test_a_database_whose_file_is_gone_is_unwell(
    database: Database, is_replaced: bool
) -> None:
    checked = Health(database)
    assert await checked.is_well()
    database.path.rename(database.path.with_suffix(".old"))
    if is_replaced:
        database.path.touch()
    assert not await now_and_then(checked)


async def test_a_crowd_of_monitors_costs_one_write(database: Database) -> None:
    checked = Health(database)
    await database.write(stored.prove_writable)
    before = _n_written(database)
    answers = await asyncio.gather(*(checked.is_well() for _ in range(500)))
    assert all(answers)
    assert _n_written(database) - before < 20 * 4_096


def _n_written(database: Database) -> int:
    return database.path.with_name(database.path.name + "-wal").stat().st_size


async def test_a_database_locked_for_long_is_unwell_and_nothing_piles_up(
    database: Database,
) -> None:
    checked = Health(database, within_s=0.1)
    assert await checked.is_well()
    await asyncio.sleep(health.EVERY_S)
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(5):
            assert not any(await asyncio.gather(*(checked.is_well() for _ in range(50))))
        assert database.n_waiting == 0
        other.execute("ROLLBACK")
    checked.within_s = patient(5)
    assert await checked.is_well()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs prlimit")
async def test_the_real_process_is_unwell_while_its_disk_is_full(bot: Running) -> None:
    pid = bot.process.process.pid

    async def status() -> int:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{bot.port}/readyz") as answer:
                return answer.status

    async def becomes(wanted: int) -> None:
        async for _ in turns(10, 0.1):
            if await status() == wanted:
                return
        raise AssertionError(f"never {wanted}:\n" + "\n".join(bot.process.lines[-20:]))

    await becomes(200)
    limit = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4_096, limit[1]))  # no file may grow
    await becomes(503)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
    await becomes(200)
    bot.process.process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(bot.process.process.wait(), patient(15)) == 0
    assert "Traceback" not in "\n".join(bot.process.lines)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs prlimit")
async def test_what_a_full_disk_kept_from_being_stored_is_read_back_and_said_in_a_few_lines(
    scene: Scene,
) -> None:
    process = await scene.start()
    await process.says("bot is ready")
    pid = process.process.pid

    def write(n: int) -> None:
        for number in range(n):
            text = f"a long enough message, number {number}"
            scene.env.backend.create_message(scene.channel.id, scene.people[1].id, text)

    write(1)
    await scene.until("SELECT count(*) FROM events WHERE kind = 1", 1)
    limit = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4_096, limit[1]))
    write(30)
    await process.says("the database refuses")
    refused = await scene.people[2].slash(scene.channel, "checkin", note="I learned a lot today")
    assert texts_of(refused.response) == Texts("en")("error-storage")
    resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
    await scene.until("SELECT count(*) FROM events WHERE kind = 1", 31)
    assert await process.stop() == 0
    assert "Traceback" not in "\n".join(process.lines)
    assert len([line for line in process.lines if "refuses" in line]) < 10
