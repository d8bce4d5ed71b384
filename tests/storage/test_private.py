"""Whatever holds members' data is readable by the user who runs the program, and by nobody else."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot import doctor
from storage.backup import BackupError, copy
from storage.database import hold_instance, open_database
from storage.identity import SchemaError, look
from storage.schema import meta

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there are no such modes")


@pytest.fixture(autouse=True)
def _everybody_may_read() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}


async def test_every_file_and_the_folder_are_made_for_one_user(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    path = folder / "db.sqlite3"
    with hold_instance(path):
        async with open_database(path) as database:
            await database.write(lambda conn: conn.execute(insert(meta).values(key="a", value="b")))
            found = modes(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    beside = ("", "-wal", "-shm", ".bot.lock", ".bot.holder")
    assert found == {f"db.sqlite3{suffix}": 0o600 for suffix in beside}


async def test_what_was_open_to_others_is_closed_at_the_next_start_and_doctor_says_so(
    tmp_path: Path,
) -> None:
    path = tmp_path / "db.sqlite3"
    async with open_database(path) as database:
        await database.write(lambda conn: conn.execute(insert(meta).values(key="a", value="b")))
        async with database.read() as conn:
            await conn.exec_driver_sql("SELECT 1")
        for suffix in ("", "-wal", "-shm"):
            os.chmod(f"{path}{suffix}", 0o644)
        told = doctor.modes(path)
        assert (told.state, told.subject) == ("note", "files")
        assert "db.sqlite3-wal (644)" in told.text
        assert "next start" in told.fix
    os.chmod(path, 0o666)
    async with open_database(path):
        assert set(modes(tmp_path).values()) == {0o600}
        assert doctor.modes(path).state == "good"


async def test_a_link_to_the_database_is_followed(tmp_path: Path) -> None:
    path, link = tmp_path / "db.sqlite3", tmp_path / "link"
    async with open_database(path):
        pass
    os.chmod(path, 0o644)
    link.symlink_to(path)
    assert doctor.modes(link).state == "note"
    async with open_database(link):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_copy_is_whole_for_one_user_and_overwrites_nothing(tmp_path: Path) -> None:
    path, to = tmp_path / "db.sqlite3", tmp_path / "copy ?.sqlite3"
    async with open_database(path) as database:
        await database.write(lambda conn: conn.execute(insert(meta).values(key="a", value="b")))
        copy(path, to)
        with pytest.raises(BackupError, match="is there already"):
            copy(path, to)
        with pytest.raises(OSError, match="none"):
            copy(path, tmp_path / "none" / "copy.sqlite3")
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert look(to).state == "ours"
    with closing(sqlite3.connect(to)) as raw:
        assert raw.execute("SELECT value FROM meta WHERE key = 'a'").fetchall() == [("b",)]
    with pytest.raises(SchemaError):
        copy(tmp_path / "none.sqlite3", tmp_path / "other.sqlite3")
    assert not (tmp_path / "other.sqlite3").exists()
