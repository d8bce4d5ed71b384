"""The trail is found by what, by whom, about whom and since when, a page at a time."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import audit, privacy
from storage.database import Database, open_database
from storage.migrate import migrate
from storage.records import AuditAction, AuditFilter, AuditRow

GUILD, MO, ANA, BEN = 1 << 60, 2**60 + 1, 2**60 + 2, 2**60 + 3
ALL: tuple[AuditAction, ...] = ("points.award", "points.deduct", "ring.hold", "server-language")


async def add(
    database: Database, action: AuditAction, *about: int, at: float = 0.0, by: int = MO
) -> None:
    row = AuditRow(guild_id=GUILD, actor_id=by, action=action, occurred_at=at, about=about)
    await database.write(lambda conn: audit.append(conn, row))


async def found(database: Database, wanted: AuditFilter) -> list[tuple[str, tuple[int, ...]]]:
    async with database.read() as conn:
        return [(row.action, row.about) for row in await audit.rows(conn, GUILD, wanted)]


@pytest.fixture
async def filled(database: Database) -> Database:
    await add(database, "points.award", ANA, at=1)
    await add(database, "points.award", BEN, at=2, by=BEN)
    await add(database, "ring.hold", ANA, BEN, at=3)
    await add(database, "consent-granted", at=4, by=ANA)
    await add(database, "server-language", at=5)
    return database


async def test_rows_are_found_by_every_filter_and_by_all_of_them(filled: Database) -> None:
    award, hold = ("points.award", (ANA,)), ("ring.hold", (ANA, BEN))
    assert await found(filled, AuditFilter(("ring.hold",))) == [hold]
    assert await found(filled, AuditFilter(ALL, about_id=ANA)) == [hold, award]
    assert await found(filled, AuditFilter(ALL, actor_id=BEN)) == [("points.award", (BEN,))]
    assert await found(filled, AuditFilter(ALL, since=3)) == [("server-language", ()), hold]
    assert await found(filled, AuditFilter(ALL, actor_id=MO, about_id=ANA, since=2)) == [hold]
    assert await found(filled, AuditFilter(ALL, about_id=MO)) == []


async def test_pages_go_both_ways_and_miss_nothing(database: Database) -> None:
    for n in range(7):
        await add(database, "server-language", at=n)
    async with database.read() as conn:
        newest = await audit.rows(conn, GUILD, limit=3)
        older = await audit.rows(conn, GUILD, limit=3, before=newest[-1].audit_id)
        back = await audit.rows(conn, GUILD, limit=3, after=older[0].audit_id)
        elsewhere = await audit.rows(conn, GUILD + 1)
    assert [row.occurred_at for row in newest] == [6, 5, 4]
    assert [row.occurred_at for row in older] == [3, 2, 1]
    assert back == newest
    assert elsewhere == []


async def test_who_was_erased_stays_in_the_count_and_not_in_the_row(filled: Database) -> None:
    await filled.write(lambda conn: privacy.erase(conn, GUILD, ANA))
    await filled.write(lambda conn: privacy.erase(conn, GUILD, BEN))
    assert await found(filled, AuditFilter(ALL, since=1)) == [
        ("server-language", ()),
        ("ring.hold", (0, 0)),
        ("points.award", (0,)),
        ("points.award", (0,)),
    ]
    assert await found(filled, AuditFilter(ALL, about_id=ANA)) == []


async def test_a_file_from_before_learns_whom_its_entries_are_about(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to="0001")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(
            "INSERT INTO ledger (entry_id, guild_id, user_id, kind, amount, source_id, rule_set,"
            " day, earned_at, recorded_at) VALUES (7, ?, ?, 'award', 1, 1, 0, 0, 0, 0)",
            (GUILD, ANA),
        )
        for action, subject in (
            ("points.award", "7"),
            ("points.undo", "8"),
            ("shop.fulfil", "9"),
            ("levels.notices", "same"),
            ("levels.staff", "123"),
            ("levels.reward", "55: 4 ?"),
            ("levels.decide", "55: declined"),
            ("ring.hold", "abcdef"),
        ):
            raw.execute(
                "INSERT INTO audit (guild_id, actor_id, action, subject, occurred_at)"
                " VALUES (?, ?, ?, ?, 0)",
                (GUILD, MO, action, subject),
            )
        raw.commit()
    async with open_database(path) as database, database.read() as conn:
        rows = await audit.rows(conn, GUILD)
    told = {row.action: (row.subject, json.dumps(row.details), row.about) for row in rows}
    assert told == {
        "points.award": ("7", "{}", (ANA,)),
        "points.undo": ("8", "{}", (0,)),
        "shop.fulfil": ("9", "{}", (0,)),
        "levels.notices": ("", '{"place": "same"}', ()),
        "levels.staff": ("", '{"channel_id": 123}', ()),
        "levels.reward": ("55", '{"level": 4, "confirm": true}', ()),
        "levels.decide": ("55", '{"state": "declined"}', ()),
        "ring.hold": ("", "{}", ()),
    }
