"""Changing a tag that half of a big catalogue carries: how long others wait to write meanwhile.

    python benchmarks/tags.py [--resources 50000]

Renames a tag that half of the resources carry, merges it into another and undoes both. A member
writes one small thing after another beside it; what is printed is how long each waited, how long
each transaction took, and how late the event loop was. The floor: one UPDATE of the same rows in
the same file by sqlite3 itself, which says what SQLite and the triggers ask for.
"""

import argparse
import asyncio
import json
import sqlite3
import tempfile
import time
from collections.abc import Awaitable
from datetime import UTC, datetime
from pathlib import Path

from preview import watch

from bot.tags.service import TagsService
from storage import catalog, members
from storage.connection import Connection
from storage.database import Database, open_database
from storage.records import Member, Resource

GUILD, MODERATOR = 1, 7
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SUMMARY = "What it is about, at some length, as feeds and pages have it in their first lines. " * 3


async def fill(database: Database, n_resources: int) -> None:
    """Store resources of which every other carries the tag "py"."""
    for start in range(0, n_resources, 1_000):
        new = [_resource(number) for number in range(start, min(start + 1_000, n_resources))]

        async def job(conn: Connection, new: list[tuple[Resource, str]] = new) -> None:
            await catalog.add_all(conn, new)

        await database.write(job)


def _resource(number: int) -> tuple[Resource, str]:
    url = f"https://example.org/{number}"
    tags = ("py" if number % 2 else "go", f"topic-{number % 300}", "reading")
    now = NOW.timestamp()
    one = Resource(
        guild_id=GUILD,
        kind="article",
        title=f"Article {number} about topic {number % 300}",
        url=url,
        summary=SUMMARY,
        tags=tags,
        published_at=now,
        created_at=now,
        updated_at=now,
    )
    return one, url


async def write_beside(database: Database, waited: list[float]) -> None:
    """Write one small thing after another, as members do."""
    number = 100
    while True:
        number += 1

        async def job(conn: Connection, number: int = number) -> None:
            await members.save_member(conn, Member(guild_id=GUILD, user_id=number), NOW.timestamp())

        started = time.perf_counter()
        await database.write(job)
        waited.append(time.perf_counter() - started)
        await asyncio.sleep(0.005)


async def measured(name: str, database: Database, work: Awaitable[object]) -> None:
    """Print what a change costs itself and others."""
    late: list[float] = []
    waited: list[float] = []
    lasted: list[float] = []

    def told(took_s: float, _n_jobs: int) -> None:
        lasted.append(took_s)

    database.committed.append(told)
    beside = [asyncio.create_task(watch(late)), asyncio.create_task(write_beside(database, waited))]
    started = time.perf_counter()
    await work
    took = time.perf_counter() - started
    for task in beside:
        task.cancel()
    database.committed.remove(told)
    print(
        f"{name}: {took:.2f} s; a transaction {_ms(lasted, 1)} ms at most ({len(lasted)} of them),"
        f" others waited {_ms(waited, 0.5)} ms at the median, {_ms(waited, 1)} at most;"
        f" the loop late by {_ms(late, 0.99)} ms at p99, {_ms(late, 1)} at most"
    )


def _ms(found: list[float], share: float) -> str:
    rising = sorted(found) or [0.0]
    return f"{1000 * rising[min(int(len(rising) * share), len(rising) - 1)]:.0f}"


def floor(path: Path) -> None:
    """Print what SQLite itself takes to change the same rows in one transaction."""
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA synchronous=FULL")
    rows = conn.execute("SELECT resource_id, tags, folded FROM resources").fetchall()
    values = [(tags, folded, number) for number, tags, folded in rows if "py" in json.loads(tags)]
    started = time.perf_counter()
    conn.execute("BEGIN IMMEDIATE")
    conn.executemany("UPDATE resources SET tags = ?, folded = ? WHERE resource_id = ?", values)
    conn.execute("COMMIT")
    print(f"floor: one UPDATE of {len(values):,} rows {time.perf_counter() - started:.2f} s")
    conn.close()


async def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resources", type=int, default=50_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lyceum.sqlite3"
        async with open_database(path) as database:
            await fill(database, asked.resources)
            service = TagsService(database, lambda: NOW)
            await service.add(GUILD, MODERATOR, {"name": "snakes"})
            floor(path)
            made = {"name": "python", "aliases": "py"}
            await measured("add", database, service.add(GUILD, MODERATOR, made))
            renamed = {"name": "python3"}
            await measured("rename", database, service.edit(GUILD, MODERATOR, "python", renamed))
            await measured("merge", database, service.merge(GUILD, MODERATOR, "python3", "snakes"))
            for name in ("merge", "rename", "add"):
                last = (await service.history(GUILD))[0]
                undone = service.undo(GUILD, MODERATOR, last.change_id)
                await measured(f"undo {name}", database, undone)


if __name__ == "__main__":
    asyncio.run(main())
