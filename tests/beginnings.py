"""Where tests begin: a moment, and a migrated database.

Alembic runs once a process, every test gets a copy.
"""

import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from storage.migrate import migrate

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


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
