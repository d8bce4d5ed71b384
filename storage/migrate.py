"""Bring a database file to the newest schema with Alembic, all or nothing."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.exc import DatabaseError

from storage import identity, private, release
from storage.identity import Found
from storage.identity import SchemaError as SchemaError
from storage.migrations import config
from storage.migrations import head as head
from storage.migrations import revisions as revisions
from storage.scrub import SECURE


def migrate(path: Path, to: str = "head") -> None:
    """Upgrade the file at `path` in one transaction; a half-applied migration cannot remain.

    A file that is at the newest revision is only looked at, so that nobody has to wait for
    whoever is writing.

    Parameters
    ----------
    to
        The revision to stop at; tests make files of earlier ones with it.

    Raises
    ------
    SchemaError
        As of `storage.identity.require`.
    """
    if identity.require(path).state == "ours":
        return
    engine = create_engine("sqlite://", creator=lambda: _opened(path))

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as connection:
            # Somebody may have come first while we waited.
            raw: Any = connection.connection.driver_connection
            if (found := identity.within(raw)).state not in identity.TO_USE:
                raise identity.refusal(path, found)
            from alembic import command

            alembic = config()
            alembic.attributes["connection"] = connection
            command.upgrade(alembic, to)
            connection.exec_driver_sql(f"PRAGMA application_id={identity.APPLICATION_ID}")
            connection.exec_driver_sql(
                "INSERT INTO meta (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (identity.RELEASE_KEY, release.name()),
            )
    except DatabaseError as error:
        raise identity.refusal(path, Found.of(error.orig)) from error
    finally:
        engine.dispose()


def _opened(path: Path) -> sqlite3.Connection:
    # Without an isolation level of its own, or it commits each DDL statement by itself.
    private.make(path)
    patience_s = identity.BUSY_S["writer"]
    made = sqlite3.connect(os.path.abspath(path), timeout=patience_s, isolation_level=None)
    made.execute("PRAGMA journal_mode=WAL")  # from its first page on, so that nobody waits for it
    made.execute(SECURE)
    return made
