"""A migrated database to begin from: Alembic runs once a process, every test gets a copy."""

import tempfile
from functools import cache
from pathlib import Path

from storage.migrate import migrate


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.sqlite3"
        migrate(path)
        return path.read_bytes()


def begin(path: Path) -> Path:
    """Put a fresh database where there is none, and return its path."""
    if not path.exists():
        path.write_bytes(_migrated())
    return path
