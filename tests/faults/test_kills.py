"""Whatever is killed, at whatever step, leaves a whole database: the former one or the new one."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import backup, restore
from storage.identity import look
from storage.migrate import head, migrate
from tests import releases
from tests.faults.killing import at_each_file_step, at_each_statement
from tests.storage.test_migrations import counts, fill, is_whole

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes of our own")
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
FIRST = "0001"
EVERY = 4
"""Of the statements of all revisions, every so manieth is killed."""


def schema(path: Path) -> str:
    with closing(sqlite3.connect(path)) as raw:
        return str(raw.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_a_migration_leaves_the_old_schema_or_the_new_one(tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite3"
    migrate(old, to=FIRST)
    fill(old)
    before, n_killed = counts(old), 0
    path = tmp_path / "db.sqlite3"
    shutil.copy(old, path)
    for is_killed in at_each_statement(lambda: migrate(path), EVERY):
        assert schema(path) == (FIRST if is_killed else head())
        assert is_whole(path)
        assert not is_killed or counts(path) == before
        n_killed += is_killed
        if is_killed:
            for beside in tmp_path.glob("db.sqlite3*"):
                beside.unlink()
            shutil.copy(old, path)
    assert n_killed > 20


def test_a_backup_is_whole_or_has_no_name_and_the_next_one_clears_up(tmp_path: Path) -> None:
    path, folder = tmp_path / "db.sqlite3", tmp_path / "backups"
    migrate(path)
    fill(path)
    n_killed = 0
    for is_killed in at_each_file_step(lambda: backup.make(path, folder, NOW)):
        n_killed += is_killed
        for each in backup.listed(folder):
            file = folder / str(each)
            manifest = backup.manifest_of(file)
            assert manifest is not None and manifest.sha256 == backup.digest(file)
            assert is_whole(file)
    assert n_killed > 20
    assert is_whole(path)
    assert {each.suffix for each in folder.iterdir()} == {".sqlite3", ".json"}


def test_a_restore_leaves_what_was_there_or_what_is_restored(tmp_path: Path) -> None:
    (packed, *_) = releases.made()
    file = releases.unpack(packed, tmp_path)
    path = tmp_path / "db" / "lyceum.sqlite3"
    path.parent.mkdir()
    migrate(tmp_path / "now.sqlite3")
    with closing(sqlite3.connect(tmp_path / "now.sqlite3")) as raw, raw:
        raw.execute("INSERT INTO meta VALUES ('now', '1')")

    def is_now() -> bool:
        with closing(sqlite3.connect(path)) as raw:
            return bool(raw.execute("SELECT 1 FROM meta WHERE key = 'now'").fetchone())

    seen = set()
    shutil.copy(tmp_path / "now.sqlite3", path)
    for is_killed in at_each_file_step(lambda: restore.restore(path, file, NOW)):
        assert (look(path).state, is_whole(path)) == ("ours", True)
        seen.add((is_killed, is_now()))
        asides = list(path.parent.glob("*before-restore*"))
        assert is_now() or asides
        if is_killed:
            for beside in (*path.parent.glob("lyceum.sqlite3.before*"), path):
                beside.unlink()
            shutil.copy(tmp_path / "now.sqlite3", path)
    assert seen >= {(True, True), (False, False)}
    assert {each.name.split(".before")[0] for each in path.parent.iterdir()} == {
        "lyceum.sqlite3",
        "lyceum.sqlite3.bot.lock",
    }
