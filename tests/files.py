"""Files that somebody might call a database, one for each way of not being ours to use."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from storage.migrate import migrate


def _made(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def tables(path: Path) -> None:
    _made(path, "CREATE TABLE xp (id INTEGER PRIMARY KEY, n INT)", "INSERT INTO xp VALUES (1, 2)")


def same_names(path: Path) -> None:
    """Tables that are called as some of ours are."""
    _made(path, "CREATE TABLE members (a)", "CREATE TABLE events (a)", "CREATE TABLE guilds (a)")


def other_alembic(path: Path) -> None:
    """Another program's file whose revision is called as our first is."""
    _made(
        path,
        "CREATE TABLE users (id INTEGER PRIMARY KEY)",
        "CREATE TABLE alembic_version (version_num TEXT NOT NULL)",
        "INSERT INTO alembic_version VALUES ('0001')",
    )


def other_mark(path: Path) -> None:
    _made(path, "PRAGMA application_id=1196444487", "PRAGMA user_version=10300")


def no_tables_yet(path: Path) -> None:
    """A file that another program has opened and not filled."""
    _made(path, "PRAGMA user_version=3")


def view_only(path: Path) -> None:
    _made(path, "CREATE VIEW v AS SELECT 1")


def newer(path: Path) -> None:
    migrate(path)
    _made(path, "UPDATE alembic_version SET version_num = '9999'")


def text(path: Path) -> None:
    path.write_text("user_id,points\n1,2\n" * 500, "utf-8")


def encrypted(path: Path) -> None:
    path.write_bytes(random.Random(5).randbytes(16 * 4096))


def damaged(path: Path) -> None:
    migrate(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 3996 + whole[4096:])


UNUSABLE: dict[Callable[[Path], None], str] = {
    tables: "belongs to another program",
    same_names: "belongs to another program",
    other_alembic: "belongs to another program",
    other_mark: "belongs to another program",
    no_tables_yet: "belongs to another program",
    view_only: "belongs to another program",
    newer: "written by a newer version",
    text: "is damaged, encrypted, or a file of another kind",
    encrypted: "is damaged, encrypted, or a file of another kind",
    damaged: "is damaged",
}
"""How to make each, and what is said of it."""
