"""Bringing a catalogue of 50,000 lines: how long, how much memory, how late others are.

    python benchmarks/importing.py [--lines 50000]

Writes a CSV file, brings it into an empty catalogue, again unchanged, and again with every second
line changed. Each is a process of its own, so that its memory is its own. The floor, in the same
run: `csv` and one `executemany` into the same table by sqlite3 itself, without a look at a line.
"""

import argparse
import asyncio
import csv
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from preview import watch

from bot.catalog.importer import import_catalog
from storage.database import open_database

GUILD = 1
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
COLUMNS = ("kind", "title", "url", "summary", "tags", "language", "level", "minutes")
SUMMARY = "What it is about, at some length, as feeds and pages have it in their first lines. " * 3


def write(path: Path, n_lines: int, version: int) -> None:
    """Write a catalogue; in another version every second line differs."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for n in range(n_lines):
            title = f"Article {n} about topic {n % 300}" + (f", edition {version}" * (n % 2))
            url = f"https://blog{n % 500}.example.org/posts/{n}?utm_source=x"
            tags = f"topic-{n % 300}; reading; 教程"
            out.writerow(("article", title, url, SUMMARY, tags, "en", "beginner", n % 60 + 1))


def floor(source: Path, path: Path) -> None:
    """Print what reading the file and storing its cells takes without us."""
    started = time.perf_counter()
    with sqlite3.connect(path) as conn, source.open(newline="", encoding="utf-8") as file:
        conn.execute("PRAGMA journal_mode=WAL")
        conn.execute("PRAGMA synchronous=FULL")
        conn.execute(f"CREATE TABLE r ({', '.join(COLUMNS)}, UNIQUE (url))")
        rows = csv.reader(file)
        next(rows)
        conn.executemany("INSERT INTO r VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        conn.commit()
    print(f"floor (csv and executemany): {time.perf_counter() - started:.2f} s")


async def bring(source: Path, path: Path, name: str) -> None:
    """Bring a file and print what that took."""
    late: list[float] = []
    told = []
    async with open_database(path) as database:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        watcher = asyncio.create_task(watch(late))
        lasted: list[float] = []
        database.committed.append(lambda took_s, _: lasted.append(took_s))
        started, cpu = time.perf_counter(), time.process_time()
        report = await import_catalog(
            database,
            lambda: NOW,
            source,
            guild_id=GUILD,
            strict=True,
            progress=lambda done, of: told.append(done),
        )
        took, used = time.perf_counter() - started, time.process_time() - cpu
        watcher.cancel()
    late.sort()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{name}: {took:.1f} s ({used:.1f} s of a processor), {report.added:,} added,"
        f" {report.changed:,} changed, {len(told):,} times told how far; {before >> 10} MB before,"
        f" {peak >> 10} MB at most; a transaction {1000 * max(lasted, default=0):.0f} ms at most;"
        f" the loop late by {1000 * late[int(len(late) * 0.99)]:.0f} ms at p99,"
        f" {1000 * late[-1]:.0f} at most"
    )


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=50_000)
    parser.add_argument("--bring", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.bring:
        source, path, name = asked.bring
        asyncio.run(bring(Path(source), Path(path), name))
        return
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first.csv", Path(folder) / "second.csv"
        write(first, asked.lines, 1)
        write(second, asked.lines, 2)
        floor(first, Path(folder) / "floor.sqlite3")
        path = Path(folder) / "lyceum.sqlite3"
        for source, name in ((first, "new"), (first, "unchanged"), (second, "half changed")):
            own = ["--bring", str(source), str(path), name]
            subprocess.run([sys.executable, __file__, *own], check=True)


if __name__ == "__main__":
    main()
