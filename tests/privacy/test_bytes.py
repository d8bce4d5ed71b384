"""Erased is gone from the bytes of the database, its log and its index, while the bot runs.

Every table is filled with a member's unmistakable id, message ids and words, by what the bot does
and by hand, so that a new table or column cannot be forgotten; the member erases it all with the
buttons, and then the files are read as they are.
"""

import random
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Table, Text, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.app import make_jobs
from bot.privacy import rules
from storage import privacy, scrub
from storage.connection import Connection
from storage.database import Database, open_database
from storage.records import Event, EventKind
from storage.schema import accesses, events, metadata
from tests.discord_sim import World, staff_channel, texts_of
from tests.privacy.test_storage import make_row

NAME = "Zaphroxine Quux"
WORD = "zzWORDzz"
TABLES = [table for table in metadata.sorted_tables if table.name != "role_ends"]
"""All but the ends of roles that were bought, which stay until then: see the last test."""


def files(path: Path) -> bytes:
    """Return the bytes of the database file, its write-ahead log and its index, as they are."""
    found = [Path(f"{path}{suffix}") for suffix in ("", "-wal", "-shm")]
    return b"".join(each.read_bytes() for each in found if each.exists())


def writings(number: int) -> dict[str, bytes]:
    """Return how a number may stand in a file: in SQLite's records, as text, in an array."""
    return {
        "as a record has it": number.to_bytes(8, "big"),
        "as text": str(number).encode(),
        "as an array has it": number.to_bytes(8, "little"),
    }


def left(path: Path, *numbers: int) -> list[str]:
    """Return what of the member is still in the files, in words."""
    content = files(path)
    found = [
        f"{number} {how}: {content.count(written)}"
        for number in numbers
        for how, written in writings(number).items()
        if written in content
    ]
    words = (WORD, NAME, NAME.lower(), NAME.upper())
    return found + [
        f"{word}: {content.count(word.encode())}" for word in words if word.encode() in content
    ]


def told(column: Column[Any], *, is_own: bool) -> dict[str, Any]:
    """Return what the member's row says in a column of text: a word nobody else would use."""
    if column.info.get("words") is True:
        return {column.name: f"{WORD} in {column.table.name}, by {NAME}"}
    if column.info.get("words"):
        return {column.name: {column.info["words"]: f"{WORD}: {NAME.upper()}", "title": "T"}}
    if not is_own or column.foreign_keys:
        return {}
    if isinstance(column.type, JSON):
        return {column.name: [f"{WORD} {column.name}"]}
    if isinstance(column.type, Text):
        return {column.name: f"{WORD} {column.table.name}.{column.name}"}
    return {}


async def fill(conn: Connection, guild_id: int, user_id: int) -> None:
    """Put into every table, for every column that holds members, a row with the member in it."""
    await conn.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
    for table in TABLES:
        own = {name for name, action in privacy.marks(table).items() if action == "delete"}
        for name in privacy.marks(table):
            row: dict[str, Any] = {"guild_id": guild_id, name: user_id}
            if table is events:
                row["kind"] = int(EventKind.REACTION)
            if table is accesses:
                row["given_role_id"] = None  # else the end of that role stays
            for column in table.columns:
                row |= told(column, is_own=name in own)
                if column.info.get("name_in"):
                    row |= {column.name: user_id, column.info["name_in"]: NAME}
            await put(conn, table, **row)
        for column in table.columns:
            if column.info.get("passes"):
                await put(conn, table, guild_id=guild_id)
                await conn.execute(update(table).values({column.name: user_id}))
    await conn.exec_driver_sql("PRAGMA ignore_check_constraints=OFF")


async def put(conn: Connection, table: Table, **row: Any) -> None:
    """Make a row, unless what the bot did has made that very one."""
    with suppress(IntegrityError):
        async with conn.begin_nested():
            await make_row(conn, table, **row)


async def live(world: World) -> list[int]:
    """Let the member do, and have done to her, what the bot writes down; return her messages."""
    alice, mod, channel = world.alice, world.moderator, world.channel
    world.env.backend.users[alice.id].global_name = NAME
    mine = []
    for n in range(6):
        await alice.send(channel, f"a long enough question, number {n}, about {WORD} in Python")
        mine.append(channel.last_message)
    for message in mine:
        await world.bob.react(message, "👍")
    await world.bob.unreact(mine[0], "👍")
    await world.bob.send(channel, "a long enough answer about generators", reply_to=mine[1])
    await alice.react(channel.last_message, "👍")
    await alice.slash(channel, "profile interests", interests=WORD)
    await alice.slash(channel, "checkin", note=f"today I learned about {WORD} and generators")
    reason = f"for {NAME.lower()}, who said {WORD}"
    for member in (alice, world.bob):
        await mod.slash(channel, "award", member=member, points=50, reason=reason)
    await mod.slash(channel, "deduct", member=alice, points=1, reason=f"{WORD}: spam")
    await mod.slash(channel, "rules set", rule="message", field="points", value="2", reason=reason)
    await mod.slash(channel, "levels staff", channel=staff_channel(world))
    added = {"kind": "article", "title": "Ownership", "url": "https://doc.example/1"}
    named = {"creator-member": alice}
    await mod.slash(channel, "resource add", **added, **named)
    await alice.slash(channel, "digest on")
    await sell(world)
    return [message.id for message in mine]


async def sell(world: World) -> None:
    """Have her buy a code and two things, of which one is refunded and one is still owed."""
    shop, here = world.app.services.shop, world.guild.id
    award = {"member": world.alice, "points": 50, "reason": "to spend"}
    await world.moderator.slash(world.channel, "award", **award)
    for kind, more in (("coupon", {"units": "CODE-ONE"}), ("custom", {})):
        written = {"title": "Thing", "description": "", "price": "5"} | more
        made = await shop.goods.add(here, world.moderator.id, kind, written)  # type: ignore[arg-type]
        for source_id in (made.item.item_id, made.item.item_id + 100)[: 2 - (kind == "coupon")]:
            await shop.orders.redeem(
                here, world.alice.id, made.item.item_id, price=500, source_id=source_id
            )
    (first, *_) = await shop.orders.queue(here)
    await shop.orders.refund(here, world.moderator.id, first.redemption_id, f"{WORD} for {NAME}")


async def erase(world: World, how: str = "all") -> Any:
    """Press the buttons that erase."""
    card = await world.alice.slash(world.channel, "privacy")
    question = await world.alice.click(card.response, custom_id="privacy:erase")
    return await world.alice.click(question.response, custom_id=f"privacy:erase:{how}")


async def tick(world: World) -> None:
    (job,) = [job for job in make_jobs(world.app, world.client) if job.name == "erasures"]
    await job.run(world.env.now())


async def test_nothing_of_a_member_is_left_in_the_files(world: World) -> None:
    path, alice = world.app.settings.database_path, world.alice.id
    mine = await live(world)
    await world.app.database.write(lambda conn: fill(conn, world.guild.id, alice))
    assert len(left(path, alice, *mine)) > len(mine)
    done = await erase(world)
    assert "deleted or no longer" in texts_of(done.response)
    assert left(path, alice, *mine) == []


async def test_who_stops_being_tracked_leaves_their_id_on_the_list_and_nothing_else(
    world: World,
) -> None:
    path, alice = world.app.settings.database_path, world.alice.id
    mine = await live(world)
    await erase(world, "stop")
    list_and_its_index = 2
    assert left(path, alice, *mine) == [f"{alice} as a record has it: {list_and_its_index}"]


async def test_who_reads_meanwhile_delays_it_until_the_next_tick(world: World) -> None:
    path, alice = world.app.settings.database_path, world.alice.id
    mine = await live(world)
    async with world.app.database.read() as conn:
        assert await conn.scalar(select(events.c.user_id).limit(1)) == alice
        await erase(world)
        assert left(path, alice, *mine) != []
    await tick(world)
    assert left(path, alice, *mine) == []


async def test_a_stop_in_between_delays_it_until_the_next_run(tmp_path: Path) -> None:
    path, ann, here = tmp_path / "db.sqlite3", 2**60 + 5, 2**60
    async with open_database(path) as database:
        await database.write(lambda conn: fill(conn, here, ann))
        await database.write(lambda conn: privacy.erase(conn, here, ann, (NAME,)))
        assert left(path, ann) != []
        assert await database.scrub(is_whole=True) == ""
        assert left(path, ann) == []


async def insert_all(conn: Connection, values: list[dict[str, Any]]) -> None:
    await conn.execute(insert(events), values)


async def test_a_busy_years_pages_hold_no_copies(database: Database) -> None:
    chance, here = random.Random(5), 2**60 + 1
    people = [2**60 + chance.getrandbits(58) for _ in range(40)]

    def event(n: int) -> Event:
        author, other = chance.sample(people, 2)
        kind = chance.choice((EventKind.MESSAGE, EventKind.REACTION))
        return Event(
            guild_id=here,
            source_id=chance.getrandbits(60),
            kind=kind,
            user_id=author,
            occurred_at=float(n),
            target_id=other,
        )

    for start in range(0, 12_000, 1_000):
        rows = [event(n) for n in range(start, start + 1_000)]
        values = [
            {"guild_id": here, "source_id": e.source_id, "kind": int(e.kind), "user_id": e.user_id}
            | {"occurred_at": e.occurred_at, "recorded_at": 0.0, "target_id": e.target_id}
            for e in rows
        ]
        await database.write(partial(insert_all, values=values))
    async with database.read() as conn:
        hers = select(events.c.source_id).where(
            events.c.user_id == people[0], events.c.kind == int(EventKind.MESSAGE)
        )
        mine = list((await conn.execute(hers)).scalars())
    await database.write(lambda conn: privacy.erase(conn, here, people[0]))
    assert await database.scrub(is_whole=True) == ""
    assert left(database.path, people[0], *mine) == []


async def test_whoever_writes_overwrites_what_is_deleted(database: Database) -> None:
    async def asked(conn: Connection) -> int:
        return int((await conn.exec_driver_sql("PRAGMA secure_delete")).scalar_one())

    assert await database.write(asked) == 1


@pytest.mark.parametrize(
    ("n_bytes", "since_asked", "since_event", "may"),
    [
        (1_000, 0.0, 0.0, True),
        (10**9, 0.0, 0.0, False),
        (10**9, 0.0, 60.0, True),
        (10**9, 20 * 3_600.0, 0.0, True),
    ],
)
def test_a_large_file_is_rewritten_when_nobody_does_anything(
    n_bytes: int, since_asked: float, since_event: float, may: bool
) -> None:
    now = 1e9
    assert rules.may_rewrite(n_bytes, now, now - since_asked, now - since_event) == may


async def test_what_cannot_be_rewritten_says_why(tmp_path: Path) -> None:
    async with open_database(tmp_path / "db.sqlite3") as database:
        assert scrub.rewrite(tmp_path / "other.sqlite3") != ""
        assert not scrub.cut_log(tmp_path / "other.sqlite3")
        async with database.read() as conn:
            await conn.scalar(select(events.c.user_id))
            await database.write(lambda conn: fill(conn, 2**60, 2**60 + 5))
            assert await database.scrub(is_whole=False, within_s=0.0) == "the log is being read"


async def test_the_end_of_a_bought_role_stays_until_then_and_is_gone_afterwards(
    world: World,
) -> None:
    path, alice = world.app.settings.database_path, world.alice.id
    role = world.guild.create_role("Patron")
    await world.moderator.slash(world.channel, "award", member=world.alice, points=50, reason="x")
    shop, here = world.app.services.shop, world.guild.id
    written = {"title": "Thing", "description": "", "price": "5", "days": "1"}
    made = await shop.goods.add(here, world.moderator.id, "role", written, role_id=role.id)
    await shop.orders.redeem(here, alice, made.item.item_id, price=500, source_id=1)
    await erase(world)
    assert left(path, alice) != []
    (grants,) = [job for job in make_jobs(world.app, world.client) if job.name == "shop"]
    await world.env.advance_time(2 * 86_400)
    await grants.run(world.env.now())
    await tick(world)
    assert left(path, alice) == []
