"""The purge walks the schema: no table is forgotten, no guild is mixed up, no kill stops it."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, func, insert, select

from bot.activity.rules import Place, Posted
from bot.activity.service import ActivityService
from bot.departures import rules
from bot.departures.service import DeparturesService
from bot.i18n import LANGUAGES, Texts
from bot.points.service import PointsService
from storage import consistency, settings, stays
from storage.connection import Connection
from storage.database import Database, open_database
from storage.privacy import marks
from storage.records import Stay, StayState
from storage.schema import audit, events, ledger, metadata, rescores, versions
from tests.beginnings import begin
from tests.privacy.test_storage import ANN, BEN, make_row

ROOT = Path(__file__).parents[2]
HERE, ELSEWHERE = 11 << 56, 12 << 56
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GONE = Stay(
    guild_id=HERE,
    state="gone",
    left_at=NOW.timestamp() - 31 * 86_400,
    purge_at=NOW.timestamp() - 86_400,
)
WITHOUT_GUILD = {"meta"}
"""Tables that are about the program itself: each needs a reason to be here."""
KEPT = {"stays", "versions"}
"""When it was, and how often something changed: about nobody, and needed afterwards."""
OURS = [t for t in metadata.sorted_tables if t.name not in WITHOUT_GUILD | KEPT]


def service(database: Database) -> DeparturesService:
    return DeparturesService(database, lambda: NOW)


async def fill(conn: Connection) -> None:
    """Put two rows of two guilds into every table, the same members in both."""
    await conn.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
    for table in OURS:
        for guild_id in (HERE, ELSEWHERE):
            key = [column.name for column in table.primary_key]
            if key == ["guild_id"]:
                if not await count(conn, table, guild_id):
                    await make_row(conn, table, guild_id=guild_id)
                continue
            for user_id in (ANN, BEN):
                holders = dict.fromkeys(marks(table), user_id)
                await make_row(conn, table, guild_id=guild_id, **holders)
    await conn.exec_driver_sql("PRAGMA ignore_check_constraints=OFF")
    for guild_id in (HERE, ELSEWHERE):
        await chain(conn, ledger, "reverses", guild_id)
        await chain(conn, rescores, "undoes", guild_id)
        await stays.save(conn, replace(GONE, guild_id=guild_id))


async def chain(conn: Connection, table: Table, reference: str, guild_id: int) -> None:
    """Have a row undone, and the undoing undone."""
    key = next(iter(table.primary_key)).name
    row = await make_row(conn, table, guild_id=guild_id)
    for _ in range(2):
        row = await make_row(conn, table, guild_id=guild_id, **{reference: row[key]})


async def count(conn: Connection, table: Table, guild_id: int) -> int:
    statement = select(func.count()).select_from(table).where(table.c.guild_id == guild_id)
    return int(await conn.scalar(statement) or 0)


async def counts(database: Database, guild_id: int) -> dict[str, int]:
    async with database.read() as conn:
        return {table.name: await count(conn, table, guild_id) for table in OURS}


def test_every_table_says_of_which_guild_its_rows_are() -> None:
    assert {t.name for t in metadata.sorted_tables if "guild_id" not in t.c} == WITHOUT_GUILD
    assert {t.name for t in stays.purged_tables()} == {t.name for t in OURS}


def test_a_new_table_is_purged_without_another_line_before_what_it_refers_to() -> None:
    copy = MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(copy)
    invented = audit.to_metadata(copy, name="invented")
    names = [table.name for table in stays.purged_tables(copy)]
    assert invented.name in names
    for table in stays.purged_tables():
        for key in table.foreign_keys:
            if key.column.table is not table:
                assert names.index(table.name) < names.index(key.column.table.name)


@pytest.mark.parametrize("n_max", [1, 3, rules.PORTION_MAX])
async def test_nothing_of_a_purged_guild_is_left_and_every_other_is_as_it_was(
    database: Database, n_max: int
) -> None:
    await database.write(fill)
    before = await counts(database, ELSEWHERE)
    assert all(before.values()) and all((await counts(database, HERE)).values())
    while await database.write(lambda conn: stays.purge_some(conn, HERE, n_max)):
        pass
    assert set((await counts(database, HERE)).values()) == {0}
    assert await counts(database, ELSEWHERE) == before


async def test_the_counts_of_changes_go_on(database: Database) -> None:
    async def counted(conn: Connection) -> int:
        counts = select(versions.c.catalogue).where(versions.c.guild_id == HERE)
        return int(await conn.scalar(counts) or 0)

    await database.write(fill)
    async with database.read() as conn:
        before = await counted(conn)
    while await database.write(lambda conn: stays.purge_some(conn, HERE, 10)):
        pass
    async with database.read() as conn:
        assert await counted(conn) > before > 0


async def test_the_purge_says_when_it_was_and_asks_for_the_bytes(database: Database) -> None:
    await database.write(fill)
    departures = service(database)
    assert await departures.begin_purge(HERE, NOW.timestamp())
    await departures.purge(HERE)
    async with database.read() as conn:
        assert await stays.of(conn, HERE) == replace(GONE, state="purged")
        assert await settings.wanted_scrub(conn) is not None
    assert not await departures.begin_purge(HERE, NOW.timestamp())


async def test_a_guild_that_came_back_is_not_purged_by_who_began_it_before(
    database: Database,
) -> None:
    await database.write(fill)
    departures, before = service(database), await counts(database, HERE)
    await database.write(lambda conn: departures.arrive(conn, HERE))
    assert not await departures.begin_purge(HERE, NOW.timestamp())
    await departures.purge(HERE)
    assert await counts(database, HERE) == before


async def test_nothing_is_stored_of_a_guild_while_it_is_purged(database: Database) -> None:
    await database.write(fill)
    departures = service(database)
    await departures.begin_purge(HERE, NOW.timestamp())
    assert await database.write(lambda conn: departures.arrive(conn, HERE)) is None
    await departures.purge(HERE)
    assert await database.write(lambda conn: departures.arrive(conn, HERE)) is True
    async with database.read() as conn:
        assert await stays.of(conn, HERE) == replace(GONE, state="here", notice="purged")


async def test_who_comes_back_while_it_is_purged_waits_for_the_end_and_loses_nothing_new(
    database: Database,
) -> None:
    await database.write(fill)
    departures, clock = service(database), lambda: NOW
    activity = ActivityService(
        database=database, clock=clock, points=PointsService(database, clock), departures=departures
    )
    place = Place(channel_id=5, made=5, newest=9)
    await departures.begin_purge(HERE, NOW.timestamp())
    *_, met = await asyncio.gather(
        *(departures.purge(HERE) for _ in range(3)), activity.begin(HERE, [place])
    )
    assert met == {5: 9}
    posted = Posted(
        guild_id=HERE,
        channel_id=5,
        message_id=10,
        author_id=ANN,
        posted_at=NOW.timestamp(),
        length_class=2,
    )
    await activity.post((posted,), cursor=(HERE, 5, 10))
    await departures.purge(HERE)  # somebody who is late
    left = await counts(database, HERE)
    assert (left["events"], left["guilds"], left["cursors"], left["shop_items"]) == (1, 1, 1, 0)


@pytest.mark.parametrize("days", [0, 1, 29.99, 30, 400])
async def test_thirty_days_are_kept(database: Database, days: float) -> None:
    departures = service(database)
    await database.write(lambda conn: departures.arrive(conn, HERE))
    await departures.leave({HERE}, NOW.timestamp())
    at = NOW.timestamp() + days * 86_400
    assert await departures.begin_purge(HERE, at) == (days >= 30)


async def test_a_day_further_away_than_it_can_be_is_counted_from_now(database: Database) -> None:
    now = NOW.timestamp()
    stay = replace(GONE, left_at=now + 400 * 86_400, purge_at=now + 430 * 86_400)
    await database.write(lambda conn: stays.save(conn, stay))
    assert not await service(database).begin_purge(HERE, now)
    async with database.read() as conn:
        assert await stays.of(conn, HERE) == replace(
            stay, left_at=now, purge_at=rules.purge_at(now)
        )


@pytest.mark.parametrize("state", ["here", "purging", "purged"])
async def test_what_was_decided_meanwhile_stands(database: Database, state: StayState) -> None:
    decided = replace(GONE, state=state)
    await database.write(lambda conn: stays.save(conn, decided))
    assert await service(database).begin_purge(HERE, NOW.timestamp()) == (state == "purging")
    async with database.read() as conn:
        assert await stays.of(conn, HERE) == decided


async def test_only_who_ends_a_purge_says_that_nothing_is_stored(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await database.write(fill)
    departures = service(database)
    await departures.purge(HERE)  # nobody decided that
    assert "nothing is stored" not in caplog.text
    await departures.begin_purge(HERE, NOW.timestamp())
    await departures.purge(HERE)
    await departures.purge(HERE)  # somebody who is late
    assert caplog.text.count("nothing is stored") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_members_are_told_how_long_they_are_kept(language: str) -> None:
    assert f"{rules.KEPT_DAYS} " in Texts(language)("privacy-kept")


def test_a_transaction_that_took_long_is_followed_by_a_smaller_one() -> None:
    n_rows, seen = rules.PORTION_MAX, []
    for _ in range(15):
        n_rows = rules.next_portion(n_rows, took_s=1.0)
        seen.append(n_rows)
    assert seen[0] == rules.PORTION_MAX // 2 and seen[-1] == 1
    for _ in range(15):
        n_rows = rules.next_portion(n_rows, took_s=0.01)
    assert n_rows == rules.PORTION_MAX


# ---------------------------------------------------------------------- a killed process

N_EVENTS = 4_000


async def much(conn: Connection) -> None:
    for guild_id in (HERE, ELSEWHERE):
        rows = [
            {
                "guild_id": guild_id,
                "source_id": n,
                "kind": 1,
                "user_id": 7,
                "occurred_at": 1.0,
                "recorded_at": 1.0,
            }
            for n in range(N_EVENTS)
        ]
        await conn.execute(insert(events), rows)
        await stays.save(conn, replace(GONE, guild_id=guild_id))


async def purge(path: Path) -> None:
    """Purge in tiny transactions; what the killed process runs."""
    async with open_database(path) as database:
        await service(database).begin_purge(HERE, NOW.timestamp())
        while await database.write(lambda conn: stays.purge_some(conn, HERE, 2)):
            pass


def n_left(path: Path) -> int:
    with closing(sqlite3.connect(path)) as peek:
        statement = "SELECT count(*) FROM events WHERE guild_id = ?"
        return int(peek.execute(statement, (HERE,)).fetchone()[0])


@pytest.mark.slow
async def test_what_a_killed_process_began_to_purge_another_ends(tmp_path: Path) -> None:
    path = begin(tmp_path / "lyceum.sqlite3")
    async with open_database(path) as database:
        await database.write(much)
        await database.write(fill)
        before = await counts(database, ELSEWHERE)
    code = (
        "import asyncio; from pathlib import Path; from tests.departures import test_purge as t;"
        f" asyncio.run(t.purge(Path({str(path)!r})))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=ROOT)
    began = n_left(path)
    while n_left(path) > began - 100:
        assert process.returncode is None
        await asyncio.sleep(0.002)
    process.kill()
    await process.wait()
    assert 0 < n_left(path) < began
    async with open_database(path) as database:
        departures: Any = service(database)
        (stay,) = [stay for stay in await departures.waiting() if stay.state == "purging"]
        assert stay.guild_id == HERE
        await departures.purge(HERE)
        assert set((await counts(database, HERE)).values()) == {0}
        assert await counts(database, ELSEWHERE) == before
        async with database.read() as conn:
            assert not [p for p in await consistency.problems(conn) if "refer" in p]
