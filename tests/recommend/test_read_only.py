"""A refit out of an installation in which nobody may write, as the process that it is."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest

from storage import snapshots
from storage.database import Database
from tests.discord_sim import START
from tests.recommend.community import settle
from tests.recommender.communities import ROOT

pytestmark = pytest.mark.slow

GUILD = 77


def installed(folder: Path) -> Path:
    """Copy the packages to where their caches cannot be made, also by who may do everything."""
    for name in ("bot", "storage", "recommender"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for package in [folder / name, *(p.parent for p in (folder / name).rglob("__init__.py"))]:
            (package / "__pycache__").write_text("not a directory")
    return folder


async def test_a_refit_needs_no_place_to_write_but_the_database(
    database: Database, tmp_path: Path
) -> None:
    await settle(database, GUILD)
    folder = installed(tmp_path / "installed")
    home = tmp_path / "home"
    home.write_text("not a directory")
    environment = os.environ | {
        "PYTHONPATH": str(folder),
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-P", "-m", "bot.recommend.refit"]
    asked = [
        "--database",
        str(database.path),
        "--guild",
        str(GUILD),
        "--now",
        str(START.timestamp()),
    ]
    process = await asyncio.create_subprocess_exec(
        *command, *asked, cwd=folder, env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()
    async with database.read() as conn:
        live = await snapshots.live(conn, GUILD)
    assert live is not None and live.reason == "accepted"


def test_every_compiled_loop_can_do_without_its_cache() -> None:
    for path in (ROOT / "recommender").glob("*.py"):
        if path.name != "compiling.py":
            assert "njit" not in path.read_text("utf-8"), path
