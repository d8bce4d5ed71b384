"""Every command that takes a database, with databases that are not ours, busy, or oddly named."""

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer.main
from sqlalchemy import create_engine
from typer.testing import CliRunner, Result

from bot import cli, terminal
from bot.errors import NOT_AGAIN
from bot.settings import Settings
from storage.database import open_database
from storage.identity import BUSY
from tests.files import UNUSABLE, encrypted, newer, other_alembic, tables
from tests.patience import patient
from tests.storage.test_identity import NAMES, everything
from tests.wire import TOKEN

ROOT = Path(__file__).parent.parent
ARGUMENTS = {
    "run": (),
    "backup": ("copy.sqlite3",),
    "check": (),
    "doctor": (),
    "purge": ("7", "--yes"),
    "recommend": (),
    "refit": (),
    "report conversion": (),
    "report works": ("figures",),
    "restore": ("backup.sqlite3", "--yes"),
    "import catalog": ("catalog.csv",),
    "import interactions": ("past.csv",),
    "import points": ("points.csv", "--format", "csv"),
    "import purchases": ("purchases.csv",),
}
"""What each command needs beside the database."""
REPLACING = {"restore"}
"""What keeps whatever was there beside what it puts in its place: see storage/test_backup.py."""
MAKING = {"run", "import catalog", "import interactions", "import points"}
"""Those that make a database where there is none."""
INPUT = {
    "catalog.csv": "kind,title,url\narticle,Ownership,https://example.org/ownership\n",
    "past.csv": "timestamp,kind,resource,member\n2026-03-01T10:00:00Z,open,https://e.org/a,1\n",
    "points.csv": "user_id,points\n100000000000000001,12\n",
    "purchases.csv": "order,product,bought\nA-1,Course,2026-03-01\n",
}
Lyceum = Callable[..., Result]


@pytest.fixture
def lyceum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lyceum:
    """The command, in a folder with something to import."""
    for name, content in INPUT.items():
        (tmp_path / name).write_text(content, "utf-8")
    monkeypatch.chdir(tmp_path)
    for key in Settings.model_fields:
        monkeypatch.delenv(key.upper(), raising=False)

    def run(command: str, *more: str) -> Result:
        if command == "run":  # so that it comes as far as the database
            monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
        result = CliRunner().invoke(
            cli.app, [*command.split(), *ARGUMENTS[command], *more], prog_name="lyceum"
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def taking_a_database(command: Any = None, path: str = "") -> Iterator[str]:
    command = command or typer.main.get_command(cli.app)
    if any(parameter.name == "database" for parameter in command.params):
        yield path.strip()
    for name, inner in getattr(command, "commands", {}).items():
        yield from taking_a_database(inner, f"{path} {name}")


def said(result: Result) -> str:
    """Return the one line that says what is wrong; the doctor says more than one thing."""
    lines = [line for line in result.output.splitlines() if line.startswith("✗")]
    return next(line for line in lines if "database" in line or len(lines) == 1)


def test_every_command_that_takes_a_database_is_tried_here() -> None:
    assert set(taking_a_database()) == ARGUMENTS.keys()


@pytest.mark.parametrize("make", [tables, other_alembic, newer, encrypted])
@pytest.mark.parametrize("command", sorted(ARGUMENTS.keys() - REPLACING))
def test_no_command_takes_a_file_over_that_is_not_ours(
    lyceum: Lyceum, tmp_path: Path, command: str, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "some.sqlite3")
    before = everything(tmp_path)
    result = lyceum(command, "--database", "some.sqlite3")
    assert result.exit_code == (1 if command == "doctor" else NOT_AGAIN)  # which finds, and goes on
    assert UNUSABLE[make] in said(result)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("is_there", [False, True], ids=["absent", "empty"])
@pytest.mark.parametrize("command", sorted(ARGUMENTS.keys() - REPLACING - {"run", "doctor"}))
def test_only_what_brings_something_makes_a_database(
    lyceum: Lyceum, tmp_path: Path, command: str, is_there: bool
) -> None:
    path = tmp_path / "new.sqlite3"
    if is_there:
        path.touch()
    result = lyceum(command, "--database", "new.sqlite3")
    if command in MAKING:
        assert result.exit_code == 0, result.output
        assert lyceum("check", "--database", "new.sqlite3").exit_code == 0
    else:
        expected = "is empty" if is_there else "there is no database at new.sqlite3"
        assert (result.exit_code, expected in said(result)) == (1, True)
        assert not is_there or path.stat().st_size == 0
        assert is_there or not path.exists()


@pytest.mark.parametrize(
    ("name", "by_setting"), [(n, False) for n in NAMES] + [(n, True) for n in NAMES[::4]]
)
def test_a_path_is_a_path_for_every_way_of_giving_it(
    lyceum: Lyceum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, by_setting: bool
) -> None:
    option = () if by_setting else (f"--database={name}",)
    if by_setting:
        monkeypatch.setenv("DATABASE_PATH", name)
    assert lyceum("import points", *option).exit_code == 0
    assert lyceum("check", *option).exit_code == 0
    assert everything(tmp_path).keys() == {*INPUT, name}


@pytest.mark.parametrize("by_setting", [False, True], ids=["option", "setting"])
def test_a_tilde_is_the_home_folder(
    lyceum: Lyceum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_setting: bool
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_PATH", "~/data/l.sqlite3" if by_setting else "other.sqlite3")
    option = () if by_setting else ("--database", "~/data/l.sqlite3")
    assert lyceum("import points", *option).exit_code == 0
    assert everything(tmp_path).keys() == {*INPUT, "home/data/l.sqlite3"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["-a b?c%20#d.sqlite3", ":memory:"])
def test_processes_beside_the_bot_are_given_the_same_path(
    lyceum: Lyceum, tmp_path: Path, name: str
) -> None:
    assert lyceum("import points", f"--database={name}").exit_code == 0
    result = lyceum("refit", f"--database={name}")
    assert (result.exit_code, "nothing changes" in result.stderr) == (0, True)
    assert {one.split(".refit")[0] for one in everything(tmp_path)} == {*INPUT, name}


# --------------------------------------------------------------------------- somebody writes


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@pytest.mark.parametrize("command", ["check", "recommend"])
def test_who_only_reads_does_not_wait_for_who_writes(
    lyceum: Lyceum, tmp_path: Path, command: str
) -> None:
    assert lyceum("import catalog", "--database", "l.sqlite3").exit_code == 0
    with writing(tmp_path / "l.sqlite3"):
        started = time.monotonic()
        assert lyceum(command, "--database", "l.sqlite3").exit_code == 0
        assert time.monotonic() - started < 4


@pytest.mark.slow
def test_who_writes_waits_longer_than_five_seconds(lyceum: Lyceum, tmp_path: Path) -> None:
    assert lyceum("import catalog", "--database", "l.sqlite3").exit_code == 0
    import_points = [sys.executable, "-m", "bot", "import", *"points points.csv".split()]
    with writing(tmp_path / "l.sqlite3") as other:
        waiting = subprocess.Popen(
            [*import_points, "--format", "csv", "--database", "l.sqlite3"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            text=True,
        )
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(9)
        other.execute("ROLLBACK")
        assert "1 member opened with 12.00 points" in waiting.communicate(timeout=patient(60))[0]
    assert waiting.returncode == 0


def test_a_database_that_stays_busy_is_called_busy(
    lyceum: Lyceum, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "l.sqlite3"
    assert lyceum("import catalog", "--database", str(path)).exit_code == 0
    impatient = create_engine(f"sqlite:///{path}", connect_args={"timeout": 0.1})

    async def work() -> None:
        with impatient.connect() as conn:
            conn.exec_driver_sql("BEGIN IMMEDIATE")

    with writing(path), pytest.raises(typer.Exit):
        terminal.do(work)
    assert BUSY in capsys.readouterr().err


def test_another_programs_file_is_not_even_locked(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sqlite3"
    tables(path)

    async def opening() -> None:
        async with open_database(path):
            pass

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RuntimeError, match="another program"):
            asyncio.run(opening())
