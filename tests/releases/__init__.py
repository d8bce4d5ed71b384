"""Backups that past releases made, each with two rows in every table of its schema.

Add one with each release: ``python -m tests.releases`` writes it here.
"""

import gzip
import shutil
from pathlib import Path

HERE = Path(__file__).parent


def made() -> list[Path]:
    """Return the packed backups, the oldest first."""
    return sorted(HERE.glob("*.sqlite3.gz"))


def unpack(packed: Path, folder: Path) -> Path:
    """Put a backup and its manifest into a folder, as the release left them."""
    file = folder / packed.stem
    with gzip.open(packed) as source, file.open("wb") as target:
        shutil.copyfileobj(source, target)
    shutil.copy(HERE / f"{packed.stem}.json", folder)
    return file
