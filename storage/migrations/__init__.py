"""Alembic's folder: `env` and one file a version."""

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory


def config() -> Config:
    """Return the Alembic configuration, without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return made


def head() -> str:
    """Return the newest revision this code knows."""
    return _known()[0]


def revisions() -> list[str]:
    """Return every revision this code knows, the newest first."""
    return list(_known())


@cache
def _known() -> tuple[str, ...]:
    scripts = ScriptDirectory.from_config(config())
    return tuple(script.revision for script in scripts.walk_revisions())
