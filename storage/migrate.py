"""Bring a database file to the newest schema with Alembic, all or nothing."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import create_engine, event
from sqlalchemy.exc import DatabaseError


class SchemaError(RuntimeError):
    """The file is not a database this version can use."""


_MIGRATIONS = Path(__file__).parent / "migrations"


def config() -> Config:
    """Return the Alembic configuration, without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(_MIGRATIONS))
    return made


def head() -> str:
    """Return the newest revision this code knows."""
    revision = ScriptDirectory.from_config(config()).get_current_head()
    assert revision is not None
    return revision


def revisions() -> list[str]:
    """Return every revision this code knows."""
    return [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()]


def migrate(path: Path, to: str = "head") -> None:
    """Upgrade the file at `path` in one transaction; a half-applied migration cannot remain.

    Parameters
    ----------
    to
        The revision to stop at; tests make files of earlier ones with it.

    Raises
    ------
    SchemaError
        The file was written by a newer version, or is not a database.
    """
    engine = create_engine(f"sqlite:///{path}")

    # Without these two, SQLite commits each DDL statement by itself.
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=5000")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as connection:
            alembic = config()
            alembic.attributes["connection"] = connection
            command.upgrade(alembic, to)
    except CommandError as error:
        raise SchemaError(f"{path} was written by a newer version of Lyceum: {error}") from error
    except DatabaseError as error:
        raise SchemaError(f"{path} is not a usable database: {error.orig}") from error
    finally:
        engine.dispose()
