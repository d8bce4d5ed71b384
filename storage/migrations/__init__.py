"""Alembic's folder: `env` and one file a version."""

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
    revision = ScriptDirectory.from_config(config()).get_current_head()
    assert revision is not None
    return revision


def revisions() -> list[str]:
    """Return every revision this code knows, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()]
