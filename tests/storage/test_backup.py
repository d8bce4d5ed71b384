"""Backups: proved copies with a manifest, rotated, and back in the database's place."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import backup, rotation
from storage import restore as places
from storage.backup import BackupError
from storage.database import DatabaseLockedError, hold_instance, open_database
from storage.identity import SchemaError, look
from storage.migrate import head, migrate
from tests import releases
from tests.storage.test_migrations import counts, fill, is_whole

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
KEY = "INSERT INTO meta VALUES ('a', ?)"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "db.sqlite3"
    migrate(made)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def said(path: Path) -> str | None:
    with closing(sqlite3.connect(path)) as raw:
        row = raw.execute("SELECT value FROM meta WHERE key = 'a'").fetchone()
    return row[0] if row else None


def say(path: Path, value: str) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM meta WHERE key = 'a'")
        raw.execute(KEY, (value,))


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


# ---------------------------------------------------------------------------- made


def test_a_backup_says_what_it_is_and_another_tool_agrees(path: Path, folder: Path) -> None:
    fill(path)
    made = backup.make(path, folder, NOW)
    assert names(folder) == [
        "lyceum-20261125T030000Z.sqlite3",
        "lyceum-20261125T030000Z.sqlite3.json",
    ]
    told = json.loads(Path(f"{made}.json").read_text("utf-8"))
    hashed = subprocess.run(("sha256sum", made), capture_output=True, text=True, check=True)
    assert told["sha256"] == hashed.stdout.split()[0]
    assert (told["schema"], told["n_bytes"]) == (head(), made.stat().st_size)
    assert told["release"].startswith("0.")
    assert counts(made) == counts(path)
    assert is_whole(made)


def test_backups_of_one_second_have_names_of_their_own(path: Path, folder: Path) -> None:
    assert backup.make(path, folder, NOW) != backup.make(path, folder, NOW)


def test_old_ones_go_and_what_else_is_there_stays(path: Path, folder: Path) -> None:
    folder.mkdir()
    (folder / "notes.txt").touch()
    (folder / "lyceum.sqlite3").touch()
    for hours in range(0, 24 * 40, 21):
        backup.make(path, folder, NOW + timedelta(hours=hours))
    found = backup.listed(folder)
    assert len(found) in (9, 10)
    assert {f"{each}{suffix}" for each in found for suffix in ("", ".json")} | {
        "notes.txt",
        "lyceum.sqlite3",
    } == set(names(folder))


def test_what_a_killed_one_left_is_cleared_by_the_next(path: Path, folder: Path) -> None:
    folder.mkdir()
    stem = "lyceum-20261124T030000Z.sqlite3"
    for left in (f"{stem}.part", f"{stem}.json.part", f"{stem}.json"):
        (folder / left).touch()
    (folder / "other.part").touch()
    made = backup.make(path, folder, NOW)
    assert names(folder) == [made.name, f"{made.name}.json", "other.part"]


def test_a_damaged_database_is_not_backed_up_over_good_ones(path: Path, folder: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        page = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'events'").fetchone()[0]
        size = raw.execute("PRAGMA page_size").fetchone()[0]
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    good = backup.make(path, folder, NOW)
    with path.open("r+b") as stream:
        stream.seek((page - 1) * size)
        stream.write(b"\x0d" + b"\xff" * 200)
    with pytest.raises((BackupError, SchemaError)):
        backup.make(path, folder, NOW + timedelta(days=1))
    assert names(folder) == [good.name, f"{good.name}.json"]


def test_there_is_one_at_a_time(path: Path, folder: Path) -> None:
    with (
        hold_instance(path, purpose="backup"),
        pytest.raises(BackupError, match="another backup is being made"),
    ):
        backup.make(path, folder, NOW)


@pytest.mark.skipif(os.name != "posix", reason="there are no such limits")
def test_a_disk_without_room_is_said_and_leaves_nothing(path: Path, folder: Path) -> None:
    """The limit of a file's size is what a full disk is to a process, without needing root."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(KEY, ("x" * 3_000_000,))
    program = (
        "import resource, signal, sys; from datetime import datetime, UTC;"
        "from pathlib import Path;"
        "from storage import backup;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000));"
        "backup.make(Path(sys.argv[1]), Path(sys.argv[2]), datetime.now(UTC))"
    )
    done = subprocess.run(
        (sys.executable, "-c", program, path, folder), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "BackupError" in done.stderr.splitlines()[-1]
    assert names(folder) == []
    assert is_whole(path)


async def test_writers_go_on_and_the_copy_is_one_moment(path: Path, folder: Path) -> None:
    async with open_database(path) as database:
        for n in range(30):
            await database.write(
                lambda conn, n=n: conn.exec_driver_sql(  # type: ignore[misc]
                    "INSERT INTO meta VALUES (?, ?), (?, ?)", (f"l{n}", n, f"r{n}", n)
                )
            )
            if n == 15:
                made = backup.make(path, folder, NOW)
    with closing(sqlite3.connect(made)) as raw:
        left, right = (
            raw.execute(f"SELECT count(*) FROM meta WHERE key GLOB '{side}[0-9]*'").fetchone()[0]
            for side in "lr"
        )
    assert left == right == 16


# ---------------------------------------------------------------------------- restored


def test_a_restore_puts_it_back_and_keeps_what_was_there(path: Path, folder: Path) -> None:
    say(path, "then")
    made = backup.make(path, folder, NOW)
    say(path, "now")
    done = places.restore(path, made, NOW)
    assert said(path) == "then"
    assert done.aside is not None and said(done.aside) == "now"
    assert done.aside.name == "db.sqlite3.before-restore-20261125T030000Z"
    assert made.exists()
    assert not list(path.parent.glob("*.restoring*"))
    back = places.restore(path, done.aside, NOW + timedelta(seconds=1))
    assert said(path) == "now" and back.aside is not None


def test_what_was_written_last_is_kept_aside_also_from_the_log(path: Path, folder: Path) -> None:
    """A process that was killed leaves its last commits in the log."""
    made = backup.make(path, folder, NOW)
    program = (
        "import os, sqlite3, sys; raw = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "raw.execute('PRAGMA journal_mode=WAL'); raw.execute('PRAGMA wal_autocheckpoint=0');"
        f'raw.execute("{KEY}", ("last",)); os._exit(9)'
    )
    subprocess.run((sys.executable, "-c", program, path), check=False)
    assert Path(f"{path}-wal").stat().st_size
    aside = places.restore(path, made, NOW).aside
    assert said(path) is None
    assert aside is not None and said(aside) == "last"


def test_a_damaged_database_is_replaced_and_its_log_is_not_read_by_the_restored_one(
    path: Path, folder: Path
) -> None:
    say(path, "then")
    made = backup.make(path, folder, NOW)
    path.write_bytes(b"\0" * 50_000)
    Path(f"{path}-wal").write_bytes(b"log")
    aside = places.restore(path, made, NOW).aside
    assert not Path(f"{path}-wal").exists()
    assert said(path) == "then"
    assert aside is not None and aside.stat().st_size == 50_000


def test_there_need_be_no_database_yet(path: Path, folder: Path, tmp_path: Path) -> None:
    made = backup.make(path, folder, NOW)
    new = tmp_path / "elsewhere" / "lyceum.sqlite3"
    assert places.restore(new, made, NOW).aside is None
    assert counts(new) == counts(path)


def test_a_link_to_the_database_stays_a_link(path: Path, folder: Path, tmp_path: Path) -> None:
    say(path, "then")
    made = backup.make(path, folder, NOW)
    say(path, "now")
    link = tmp_path / "link"
    link.symlink_to(path)
    places.restore(link, made, NOW)
    assert link.is_symlink() and said(path) == "then"


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _other(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("CREATE TABLE xp (a)")


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.execute("UPDATE meta SET value = '7.1.0 (abc)' WHERE key = 'release'")


def _in_use(file: Path) -> None:
    Path(f"{file}-wal").write_bytes(b"x" * 100)


@pytest.mark.parametrize("has_manifest", [True, False])
@pytest.mark.parametrize(
    ("harm", "said_with", "said_without"),
    [
        (_flip, "SHA-256", None),
        (_cut, "SHA-256", "is damaged"),
        (_other, "SHA-256", "belongs to another program"),
        (_newer, "SHA-256", r"by a newer version of Lyceum: 7\.1\.0 \(abc\), schema 9999; this is"),
        (_in_use, "copied while it was used", "copied while it was used"),
    ],
)
def test_what_is_not_whole_is_refused_and_nothing_is_changed(
    path: Path,
    folder: Path,
    harm: Callable[[Path], None],
    said_with: str,
    said_without: str | None,
    has_manifest: bool,
) -> None:
    say(path, "now")
    made = backup.make(path, folder, NOW)
    harm(made)
    if not has_manifest:
        Path(f"{made}.json").unlink()
    expected = said_with if has_manifest else said_without
    if expected is None:
        return  # what a manifest is for
    before = names(path.parent)
    for attempt in (places.restore, lambda p, m, _: places.check(m, p)):
        with pytest.raises((BackupError, SchemaError), match=expected):
            attempt(path, made, NOW)
    assert said(path) == "now"
    assert names(path.parent) == sorted({*before, "db.sqlite3.bot.lock"})


def test_no_restore_under_a_running_bot_or_into_itself(path: Path, folder: Path) -> None:
    made = backup.make(path, folder, NOW)
    with hold_instance(path), pytest.raises(DatabaseLockedError, match="in use by process"):
        places.restore(path, made, NOW)
    with pytest.raises(BackupError, match="is the database itself"):
        places.restore(path, path, NOW)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BackupError, match="in use"):
            places.restore(path, made, NOW)


def test_another_programs_file_is_not_replaced(path: Path, folder: Path, tmp_path: Path) -> None:
    made = backup.make(path, folder, NOW)
    theirs = tmp_path / "theirs.sqlite3"
    with closing(sqlite3.connect(theirs)) as raw:
        raw.execute("CREATE TABLE xp (a)")
    with pytest.raises(SchemaError, match="another program"):
        places.restore(theirs, made, NOW)


@pytest.mark.parametrize("packed", releases.made(), ids=lambda packed: packed.stem)
async def test_a_backup_of_each_past_release_is_restored_today(
    tmp_path: Path, packed: Path
) -> None:
    file = releases.unpack(packed, tmp_path)
    before = counts(file)
    path = tmp_path / "lyceum.sqlite3"
    done = places.restore(path, file, NOW)
    assert done.manifest is not None and done.manifest.schema == done.schema_before
    assert (look(path).state, is_whole(path)) == ("ours", True)
    after = counts(path)
    assert all(after[table] >= n for table, n in before.items() if table in after)
    async with open_database(path):
        pass


def test_a_backup_on_a_medium_that_cannot_be_written_is_restored(
    path: Path, folder: Path, tmp_path: Path
) -> None:
    say(path, "then")
    made = backup.make(path, folder, NOW)
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    shutil.copy(made, shelf)
    os.chmod(shelf / made.name, 0o444)
    os.chmod(shelf, 0o555)
    try:
        assert places.restore(tmp_path / "new.sqlite3", shelf / made.name, NOW).manifest is None
    finally:
        os.chmod(shelf, 0o755)
    assert said(tmp_path / "new.sqlite3") == "then"


@pytest.fixture(autouse=True)
def _names_are_read(folder: Path) -> Iterator[None]:
    yield
    if folder.exists():
        assert all(rotation.read(str(each)) for each in backup.listed(folder))
