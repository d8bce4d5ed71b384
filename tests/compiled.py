"""The recommender's loops, compiled once before many processes need them at the same time.

``python -m tests.compiled`` runs a whole refit of the tests' community, which leaves every loop in
numba's cache, where the tests' workers and the processes that they start find it. In a new clone
four workers and their children would otherwise compile the same at once, for half a minute of a
processor each. `conftest.py` does so before it starts workers.
"""

import asyncio
import contextlib
import hashlib
import io
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).parent.parent
GUILD = 77


def compile_once() -> None:
    """Fill numba's cache in a process of its own, if that was not done for these sources."""
    folder = Path(os.environ.get("NUMBA_CACHE_DIR", ROOT / "recommender" / "__pycache__"))
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "compiled"
    with FileLock(folder / "compiled.lock"):
        if not done.exists() or done.read_text("utf-8") != sources():
            subprocess.run([sys.executable, "-m", "tests.compiled"], cwd=ROOT, check=True)
            done.write_text(sources(), "utf-8")


def sources() -> str:
    """Return what numba's cache depends on, as a hash: the files with loops, and what compiles."""
    digest = hashlib.sha256(f"{version('numba')} {sys.version} {platform.machine()}".encode())
    for path in sorted((ROOT / "recommender").glob("*.py")):
        if "compiled" in (text := path.read_text("utf-8")):
            digest.update(f"{path} {path.stat().st_mtime_ns} {text}".encode())
    return digest.hexdigest()


def refit(path: Path) -> int:
    """Refit the tests' community in this process, as the bot's child would."""
    from bot.recommend import refit as child
    from storage.database import open_database
    from tests.beginnings import START, begin
    from tests.recommend.community import settle

    async def fill() -> None:
        async with open_database(begin(path)) as database:
            await settle(database, GUILD)

    asyncio.run(fill())
    asked = ["--database", str(path), "--guild", str(GUILD), "--now", str(START.timestamp())]
    with contextlib.redirect_stdout(io.StringIO()):
        return child.main(asked)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        sys.exit(refit(Path(directory) / "lyceum.sqlite3"))
