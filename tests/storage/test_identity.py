"""Whose a file is: what is not ours stays as it was, what is ours is known by its mark."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage import identity
from storage.database import hold_instance, instance_files, open_database, read_only
from storage.identity import APPLICATION_ID, SchemaError, look
from storage.migrate import head, migrate
from tests.files import UNUSABLE, encrypted

NAMES = (
    "with space.sqlite3",
    "question?mode=memory.sqlite3",
    "percent%20%41%.sqlite3",
    "hash#part.sqlite3",
    "~nobody.sqlite3",
    "quote'\";.sqlite3",
    "{braces}.sqlite3",
    "[bold]&=+@.sqlite3",
    r"C:\data\lyceum.sqlite3",
    "数据 库.sqlite3",
    "-dash.sqlite3",
    ":memory:",
    "file:x?mode=memory",
    "file::memory:",
    "new\nline.sqlite3",
    "bytes\udcff.sqlite3",
)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def mark(path: Path) -> int:
    with closing(sqlite3.connect(path)) as raw:
        return int(raw.execute("PRAGMA application_id").fetchone()[0])


@pytest.mark.parametrize("make", UNUSABLE, ids=lambda make: make.__name__)
async def test_what_is_not_ours_is_named_and_left_as_it_was(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "some.sqlite3"
    make(path)
    before = everything(tmp_path)
    for opening in (open_database, read_only):
        with pytest.raises(SchemaError) as caught:
            async with opening(path):
                pass
        assert UNUSABLE[make] in str(caught.value)
        assert "\n" not in str(caught.value)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("statements", [[], ["PRAGMA journal_mode=WAL", "VACUUM"]])
async def test_an_empty_file_is_nobodys_and_becomes_ours(
    tmp_path: Path, statements: list[str]
) -> None:
    path = tmp_path / "empty.sqlite3"
    path.touch()
    with closing(sqlite3.connect(path)) as raw:
        for statement in statements:
            raw.execute(statement)
    assert look(path).state == "empty"
    with pytest.raises(SchemaError, match="is empty"):
        async with read_only(path):
            pass
    async with open_database(path):
        pass
    assert (look(path).state, mark(path)) == ("ours", APPLICATION_ID)


async def test_a_file_from_before_there_was_a_mark_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    migrate(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA application_id=0")
    assert look(path).state == "ours"
    async with open_database(path):
        pass


def test_a_file_of_an_earlier_revision_is_older_and_its_upgrade_marks_it(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    migrate(path, to="0001")
    expected = "ours" if head() == "0001" else "older"
    assert look(path).state == expected
    migrate(path)
    assert (look(path).state, mark(path)) == ("ours", APPLICATION_ID)


async def test_reading_only_makes_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lyceum.sqlite3"
    with pytest.raises(SchemaError, match="there is no database at"):
        async with read_only(path):
            pass
    assert everything(tmp_path) == {}
    migrate(tmp_path / "first.sqlite3")
    with closing(sqlite3.connect(tmp_path / "first.sqlite3")) as raw:
        raw.execute("VACUUM INTO ?", (str(path),))  # a copy as backups are: not in WAL mode
    before = everything(tmp_path)
    async with read_only(path) as conn:
        await conn.exec_driver_sql("SELECT * FROM events")
    assert everything(tmp_path) == before


@pytest.mark.parametrize("name", NAMES, ids=repr)
async def test_a_path_is_a_path(tmp_path: Path, name: str) -> None:
    path = tmp_path / "fold?er%" / name
    async with open_database(path):
        pass
    async with read_only(path):
        pass
    assert list(everything(tmp_path)) == [f"fold?er%/{name}"]


async def test_a_path_in_the_folder_we_stand_in_is_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (":memory:", "file:x?mode=memory", "plain.sqlite3"):
        async with open_database(Path(name)):
            pass
        assert look(Path(name)).state == "ours"
    assert sorted(everything(tmp_path)) == [":memory:", "file:x?mode=memory", "plain.sqlite3"]


def test_a_file_that_others_lock_out_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "lyceum.sqlite3"
    migrate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        found = look(path, patience_s=0.1)
        assert found.sentence(path).startswith(identity.BUSY)
    assert look(path).state == "ours"


async def test_whoever_writes_keeps_nobody_from_opening_a_file_of_this_version(
    tmp_path: Path,
) -> None:
    path = tmp_path / "lyceum.sqlite3"
    async with open_database(path):
        pass
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with open_database(path) as database, database.read() as conn:
            await conn.exec_driver_sql("SELECT * FROM events")
        async with read_only(path):
            pass


def test_two_names_of_one_database_have_one_lock(tmp_path: Path) -> None:
    real, link = tmp_path / "real.sqlite3", tmp_path / "link.sqlite3"
    encrypted(real)
    link.symlink_to(real)
    assert instance_files(link) == instance_files(real)
    with hold_instance(link):
        with pytest.raises(RuntimeError, match="is in use by process"):
            with hold_instance(real):
                pass
