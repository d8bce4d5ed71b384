"""Fixtures every test may use."""

import gc
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from storage.database import Database, open_database
from tests.beginnings import begin
from tests.compiled import compile_once
from tests.discord_sim import World, open_world
from tests.patience import TEST_S, patient

# A busy machine is no failure: what takes long is measured in benchmarks. Everybody tries the same
# examples; HYPOTHESIS_PROFILE=explore draws new ones.
settings.register_profile("lyceum", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "lyceum"))

# pytest-timeout's guard for tests that say nothing else; --timeout on the command line goes first.
os.environ.setdefault("PYTEST_TIMEOUT", str(patient(TEST_S)))

# A test leaves a simulated server behind, in circles, on top of half a million objects of
# libraries: looking through all of them again and again took a quarter of the time.
gc.set_threshold(5_000, 10, 100)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh, migrated database."""
    async with open_database(begin(tmp_path / "lyceum.sqlite3")) as opened:
        yield opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A simulated guild with Lyceum in it; a defect inside the bot fails the test."""
    async with open_world(tmp_path / "lyceum.sqlite3") as opened:
        yield opened


@pytest.fixture
async def lenient_world(tmp_path: Path) -> AsyncIterator[World]:
    """The same for tests of refused commands, which simcord reports as errors."""
    async with open_world(tmp_path / "lyceum.sqlite3", is_strict=False) as opened:
        yield opened


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile what is compiled before there are workers, which would all do so at once."""
    if session.config.getoption("numprocesses", None) and not hasattr(
        session.config, "workerinput"
    ):
        compile_once()


def pytest_collection_finish() -> None:
    """Never look again through what is imported by now."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, and mark what is quick: what touches no file."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
    for item in items:
        fixtures: list[str] = getattr(item, "fixturenames", [])
        if item.path not in slow and not {"tmp_path", "tmp_path_factory"} & set(fixtures):
            item.add_marker("quick")
