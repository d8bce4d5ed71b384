"""Make the backup of this release, to be kept."""

import gzip
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from storage import backup
from storage.migrate import migrate
from storage.migrations import head
from tests.releases import HERE
from tests.storage.test_migrations import fill


def main() -> None:
    """Make the backup of this release."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "lyceum.sqlite3"
        migrate(path)
        fill(path)
        file = backup.make(path, Path(name) / "backups", datetime.now(UTC))
        shutil.copy(f"{file}.json", HERE)
        with file.open("rb") as source, gzip.GzipFile(HERE / f"{file.name}.gz", "wb", 9) as target:
            shutil.copyfileobj(source, target)
    print(f"{file.name}, schema {head()}")  # noqa: T201


if __name__ == "__main__":
    main()
