"""Resources follow a change of tags in portions: whatever happens in between, and nothing twice."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.tags.following import WRITTEN_AT_ONCE
from bot.tags.service import TagsService
from storage import catalog, tags
from storage.connection import Connection
from storage.database import Database, open_database
from storage.records import Resource
from tests.faults.killing import at_each_statement

GUILD, MODERATOR = 1, 7
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MANY = 2 * WRITTEN_AT_ONCE + 50
CARRIED = (("py",), ("ＰＹ", "web"), ("web", "python", "py"), ("go",))
"""What every fourth resource carries."""
FOLLOWED = {("python",), ("python", "web"), ("web", "python"), ("go",)}


def service_of(database: Database) -> TagsService:
    return TagsService(database, lambda: NOW)


async def fill(database: Database) -> None:
    async def job(conn: Connection) -> None:
        await catalog.add_all(conn, [_resource(number) for number in range(MANY)])

    await database.write(job)


def _resource(number: int) -> tuple[Resource, str]:
    url = f"https://doc.example/{number}"
    own = CARRIED[number % len(CARRIED)]
    return Resource(guild_id=GUILD, kind="article", title="A page", url=url, tags=own), url


async def carried(database: Database) -> list[tuple[str, ...]]:
    async with database.read() as conn:
        return [one.tags for one in await catalog.live(conn, GUILD)]


async def n_waiting(database: Database) -> int:
    async with database.read() as conn:
        return len(await tags.followed(conn))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes of our own")
def test_a_change_that_is_killed_at_any_step_is_gone_on_with_and_undone_whole(
    tmp_path: Path,
) -> None:
    path = tmp_path / "db.sqlite3"

    async def begin() -> None:
        async with open_database(path) as database:
            await fill(database)

    async def work() -> None:
        async with open_database(path) as database:
            service = service_of(database)
            await service.go_on()
            if not await service.history(GUILD):
                await service.add(GUILD, MODERATOR, {"name": "python", "aliases": "py"})

    async def undo() -> None:
        async with open_database(path) as database:
            service = service_of(database)
            await service.go_on()
            for change in await service.history(GUILD):
                await service.undo(GUILD, MODERATOR, change.change_id)

    async def look() -> list[tuple[str, ...]]:
        async with open_database(path) as database:
            assert await n_waiting(database) == 0
            return await carried(database)

    asyncio.run(begin())
    before = asyncio.run(look())
    # Each process goes on with what the one before it left, and is killed a little later.
    n_killed = sum(at_each_statement(lambda: asyncio.run(work()), 3))
    assert n_killed > 5
    assert set(asyncio.run(look())) == FOLLOWED
    n_killed = sum(at_each_statement(lambda: asyncio.run(undo()), 3))
    assert n_killed > 5
    assert asyncio.run(look()) == before


async def test_others_write_while_resources_follow(tmp_path: Path) -> None:
    async with open_database(tmp_path / "db.sqlite3") as database:
        await fill(database)
        seen = []

        async def look(conn: Connection) -> int:
            left = await tags.followed(conn, GUILD)
            return left[0].followed_to if left else -1

        made = {"name": "python", "aliases": "py"}
        change = asyncio.create_task(service_of(database).add(GUILD, MODERATOR, made))
        while not change.done():
            seen.append(await database.write(look))
        done = await change
        assert done.n_moved == sum(CARRIED[n % 4] != ("go",) for n in range(MANY))
        assert any(to > 0 for to in seen)  # some had followed by then, others not


async def test_changes_that_are_made_at_once_follow_one_another(tmp_path: Path) -> None:
    async with open_database(tmp_path / "db.sqlite3") as database:
        await fill(database)
        before = await carried(database)
        service = service_of(database)
        await service.add(GUILD, MODERATOR, {"name": "snakes"})
        await asyncio.gather(
            service.add(GUILD, MODERATOR, {"name": "python", "aliases": "py"}),
            service.add(GUILD, MODERATOR, {"name": "golang", "aliases": "go"}),
            service.edit(GUILD, MODERATOR, "snakes", {"name": "reptiles", "aliases": "web"}),
            service.go_on(),
        )
        await asyncio.gather(
            service.merge(GUILD, MODERATOR, "python", "reptiles"),
            service.merge(GUILD, MODERATOR, "golang", "reptiles"),
        )
        assert set(await carried(database)) == {("reptiles",)}
        for _ in range(6):
            (last, *_) = await service.history(GUILD)
            await service.undo(GUILD, MODERATOR, last.change_id)
        assert [set(own) for own in await carried(database)] == [set(own) for own in before]
