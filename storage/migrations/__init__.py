"""Alembic's folder: `env` and one file a version.

Which versions there are is asked at every start and by every command, and Alembic is needed only
where a file is older: it is imported there, for it takes as long as the database itself.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent


def config() -> "Config":
    """Return the Alembic configuration, without an ini file."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return made


def head() -> str:
    """Return the newest revision this code knows."""
    return _known()[0]


def revisions() -> list[str]:
    """Return every revision this code knows, the newest first."""
    return list(_known())


@cache
def _known() -> tuple[str, ...]:
    """Return what the files are numbered with, the newest first: each follows the one before."""
    files = (_FOLDER / "versions").glob("[0-9][0-9][0-9][0-9]_*.py")
    return tuple(sorted((path.name[:4] for path in files), reverse=True))
