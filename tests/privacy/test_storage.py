"""Walks the schema: every table that holds a member's id is exported and erased, or says so."""

import itertools
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
)

from storage import privacy
from storage.connection import Connection
from storage.database import Database
from storage.privacy import ANOTHER_MEMBER, UnmarkedTableError
from storage.schema import (
    ERASED,
    catalogue_changes,
    metadata,
    question_changes,
    submissions,
    versions,
    wishes,
)

HERE, ELSEWHERE = 11 << 56, 12 << 56
ANN, BEN, CLEO = (2**60 + n for n in (1, 2, 3))
COLUMNS = [
    (table, column)
    for table in metadata.sorted_tables
    for column in table.columns
    if column.info.get("member")
]
PERSONAL = list(dict.fromkeys(table for table, _ in COLUMNS))
NUMBERS = itertools.count(1)
DAN = 4_000_000
"""From this id on there is somebody new for each row of a table with one row a member."""


def _is_one_a_member(table: Table) -> bool:
    """Say whether a member has one row of a table at most."""
    return {key.name for key in table.primary_key} == {"guild_id", "user_id"}


async def make_row(conn: Connection, table: Table, **fixed: Any) -> dict[str, Any]:
    """Insert a row of values by the columns' types, with the rows it must refer to."""
    row = dict(fixed)
    for column in table.columns:
        if column.name not in row:
            value = await make_value(conn, column, fixed["guild_id"])
            if value is not None:
                row[column.name] = value
    result = await conn.execute(insert(table).values(row))
    keys = result.inserted_primary_key
    assert keys is not None
    return row | dict(zip((key.name for key in table.primary_key), keys, strict=True))


async def make_value(conn: Connection, column: Column[Any], guild_id: int) -> Any:
    for key in column.foreign_keys:
        if column.nullable:
            return None
        of = key.column.table
        if _is_one_a_member(of):
            known = await conn.scalar(select(key.column).where(of.c.guild_id == guild_id).limit(1))
            if known is not None:
                return known
        parent = await make_row(conn, of, guild_id=guild_id)
        return parent[key.column.name]
    if column.info.get("member"):
        someone = DAN + next(NUMBERS) if _is_one_a_member(column.table) else CLEO
        return None if column.nullable else someone
    if column.autoincrement is True:
        return None
    return "" if column.info.get("words") is True else plain(column)


def plain(column: Column[Any]) -> Any:
    """Return a value by the column's type; what becomes of words is tried in test_traces."""
    n = next(NUMBERS)
    match column.type:
        case Boolean():
            return True
        case Integer() | BigInteger():
            return n
        case Float():
            return float(n)
        case JSON():
            return []
        case LargeBinary():
            return b"x"
        case _:
            return f"text {n}"


async def fill(conn: Connection) -> None:
    """Insert for every member column a row of Ann here, of Ben here, and of Ann elsewhere."""
    # What a column may say is no matter here, and so no new table needs a line here.
    await conn.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
    for table, column in COLUMNS:
        for guild_id, user_id in ((HERE, ANN), (HERE, BEN), (ELSEWHERE, ANN)):
            fields: dict[str, Any] = {"guild_id": guild_id, column.name: user_id}
            if table is submissions:
                fields["state"] = "published"  # others are withdrawn: see test_taking_part
            await make_row(conn, table, **fields)
    await conn.exec_driver_sql("PRAGMA ignore_check_constraints=OFF")


async def rows_of(database: Database, table: Table) -> list[dict[str, Any]]:
    async with database.read() as conn:
        found = await conn.execute(select(table).order_by(*table.primary_key))
        return [dict(row._mapping) for row in found]


async def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    return {table.name: await rows_of(database, table) for table in metadata.sorted_tables}


async def test_erasing_leaves_no_column_with_the_member_and_touches_nobody_else(
    database: Database,
) -> None:
    await database.write(fill)
    before = await everything(database)
    touched = await database.write(lambda conn: privacy.erase(conn, HERE, ANN))
    after = await everything(database)
    for table in metadata.sorted_tables:
        holders = [c.name for c in table.columns if c.info.get("member")]
        expected = []
        for row in before[table.name]:
            if holders and row["guild_id"] == HERE:
                actions = {privacy.marks(table)[name] for name in holders if row[name] == ANN}
                if "delete" in actions:
                    continue
                hers = [name for name in holders if row[name] == ANN]
                named = [table.c[name].info["name_in"] for name in hers]
                row = row | dict.fromkeys(hers, ERASED) | dict.fromkeys(filter(None, named), "")
            if table is versions and row["guild_id"] == HERE:
                row = after[table.name][0]  # erasing is a change, and is counted
            if table is wishes and row["wish_id"] not in {w["wish_id"] for w in after["wishes"]}:
                voices = [v for v in before["wish_voices"] if v["wish_id"] == row["wish_id"]]
                assert voices and {v["user_id"] for v in voices} == {ANN}
                continue  # nobody else stood behind it
            if table in (catalogue_changes, question_changes) and row["guild_id"] == HERE:
                key = "resource_id" if table is catalogue_changes else "question_id"
                row = {one[key]: one for one in after[table.name]}[row[key]]
            expected.append(row)
        assert after[table.name] == expected, table.name
    assert set(touched) == {table.name for table in PERSONAL}
    for table, column in COLUMNS:
        assert touched[table.name] >= 1
        assert all(row[column.name] != ANN for row in after[table.name] if row["guild_id"] == HERE)


async def test_erasing_twice_finds_nothing_more(database: Database) -> None:
    await database.write(fill)
    await database.write(lambda conn: privacy.erase(conn, HERE, ANN))
    again = await database.write(lambda conn: privacy.erase(conn, HERE, ANN))
    assert set(again.values()) == {0}


async def test_the_export_has_every_row_that_carries_the_member(database: Database) -> None:
    await database.write(fill)
    async with database.read() as conn:
        exported = await privacy.export(conn, HERE, ANN)
        counted = await privacy.counts(conn, HERE, ANN)
    assert list(exported) == [table.name for table in metadata.tables.values() if table in PERSONAL]
    stored = await everything(database)
    for table in PERSONAL:
        holders = [c.name for c in table.columns if c.info.get("member")]
        mine = [
            row
            for row in stored[table.name]
            if row["guild_id"] == HERE and ANN in [row[name] for name in holders]
        ]
        rows = exported[table.name]
        assert len(rows) == counted[table.name] == len(mine) >= 1, table.name
        for row, original in zip(rows, mine, strict=True):
            assert list(row) == list(table.columns.keys())
            assert [row[h] for h in holders if original[h] == ANN] == [str(ANN)] * (
                sum(original[h] == ANN for h in holders)
            )


async def test_the_export_names_nobody_else(database: Database) -> None:
    await database.write(fill)
    async with database.read() as conn:
        exported = await privacy.export(conn, HERE, ANN)
    text = repr(exported)
    assert str(BEN) not in text
    assert str(CLEO) not in text
    assert ANOTHER_MEMBER in text


async def test_times_are_readable_and_large_ids_are_exact(database: Database) -> None:
    await database.write(fill)
    async with database.read() as conn:
        (row,) = (await privacy.export(conn, HERE, ANN))["members"]
    assert row["guild_id"] == str(HERE)
    assert row["created_at"].startswith("1970-01-01T0")
    assert row["created_at"].endswith("+00:00")


def test_a_table_that_does_not_say_how_it_is_erased_is_refused() -> None:
    def table(name: str, *columns: Column[Any], **info: Any) -> Table:
        return Table(name, MetaData(), *columns, info=info)

    def ids(*names: str) -> list[Column[Any]]:
        return [Column(name, Integer, info={"member": True}) for name in names]

    def guild() -> Column[Any]:
        return Column("guild_id", Integer)

    for broken in (
        table("silent", guild(), *ids("user_id")),
        table("vague", guild(), *ids("user_id"), erase="hide"),
        table("half", guild(), *ids("user_id", "giver_id"), erase={"user_id": "delete"}),
        table("nowhere", *ids("user_id"), erase="delete"),
    ):
        with pytest.raises(UnmarkedTableError, match=broken.name):
            privacy.marks(broken)
        with pytest.raises(UnmarkedTableError):
            privacy.personal_tables(broken.metadata)
    assert privacy.marks(table("fine", guild(), Column("n", Integer))) == {}


def test_every_column_that_looks_like_a_members_id_is_marked() -> None:
    people = {"user", "member", "author", "actor", "giver", "target", "creator", "owner", "asker"}
    for table in metadata.sorted_tables:
        for column in table.columns:
            name = column.name
            if not isinstance(column.type, BigInteger | Integer):
                continue
            if name.removesuffix("_id") in people or name.endswith("_by"):
                assert column.info.get("member"), f"{table.name}.{name}"
    assert len(PERSONAL) >= 12


async def test_erasing_takes_reversals_along_and_keeps_the_sums_of_others(
    database: Database,
) -> None:
    ledger = metadata.tables["ledger"]
    common = {
        "guild_id": HERE,
        "kind": "helpful",
        "rule_set": 1,
        "day": 20260302,
        "earned_at": 1.0,
        "recorded_at": 1.0,
    }

    async def job(conn: Connection) -> None:
        rows = [
            {"entry_id": 1, "user_id": ANN, "giver_id": BEN, "amount": 200, "source_id": 5},
            {"entry_id": 2, "user_id": BEN, "giver_id": ANN, "amount": 300, "source_id": 6},
            {"entry_id": 3, "user_id": BEN, "giver_id": CLEO, "amount": 100, "source_id": 6},
        ]
        await conn.execute(insert(ledger), [common | row for row in rows])
        back = {"user_id": ANN, "giver_id": BEN, "amount": -200, "source_id": 5, "reverses": 1}
        await conn.execute(insert(ledger), [common | back | {"entry_id": 4}])

    await database.write(job)
    await database.write(lambda conn: privacy.erase(conn, HERE, ANN))
    # A second giver of the same message may be erased too: neither blocks the other.
    await database.write(lambda conn: privacy.erase(conn, HERE, CLEO))
    async with database.read() as conn:
        found = (await conn.execute(select(ledger.c.entry_id, ledger.c.giver_id))).all()
        total = (await conn.execute(select(func.sum(ledger.c.amount)))).scalar_one()
    assert [tuple(row) for row in found] == [(2, ERASED), (3, ERASED)]
    assert total == 400


async def test_holdings_say_what_and_since_when(database: Database) -> None:
    async with database.read() as conn:
        nothing = await privacy.holdings(conn, HERE, ANN)
    assert nothing.since is None
    assert nothing.events == {}
    assert not any(nothing.rows.values())
    events = metadata.tables["events"]
    one = {"guild_id": HERE, "recorded_at": 99.0, "channel_id": 1}

    async def job(conn: Connection) -> None:
        for n, (kind, user, target) in enumerate(
            ((1, ANN, None), (1, ANN, BEN), (3, BEN, ANN), (12, ANN, None))
        ):
            values = {"source_id": n, "kind": kind, "user_id": user, "target_id": target}
            await conn.execute(insert(events).values(one | values | {"occurred_at": 50.0 - n}))

    await database.write(job)
    async with database.read() as conn:
        some = await privacy.holdings(conn, HERE, ANN)
    assert some.since == 47.0
    assert {kind.name: n for kind, n in some.events.items()} == {"MESSAGE": 2, "UNSAVE": 1}
    assert some.rows["events"] == 4


async def test_erasing_a_creator_takes_their_name_off_what_they_made_and_nobody_elses(
    database: Database,
) -> None:
    resources = metadata.tables["resources"]
    names = {ANN: "Ann A.", BEN: "Ben B.", None: "Nobody here"}

    async def job(conn: Connection) -> dict[Any, str]:
        for creator_id, name in names.items():
            row = {"guild_id": HERE, "creator_id": creator_id, "creator": name, "added_by": ANN}
            described = {"kind": "article", "level": "beginner", "state": "live", "price_minor": 0}
            await make_row(conn, resources, **row, **described)
        await privacy.erase(conn, HERE, ANN)
        rows = await conn.execute(select(resources.c.creator_id, resources.c.creator))
        return {creator_id: name for creator_id, name in rows}

    assert await database.write(job) == {ERASED: "", BEN: "Ben B.", None: "Nobody here"}
