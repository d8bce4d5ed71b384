"""What the system tells of an encrypted disk, and what is said of backups."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import volumes
from storage import backup
from storage.migrate import migrate

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@pytest.mark.skipif(os.name != "posix", reason="there are no such devices")
@pytest.mark.parametrize(
    ("uuid", "below", "state", "words"),
    [
        ("CRYPT-LUKS2-ab", None, "good", "is on an encrypted"),
        ("LVM-xy", "CRYPT-LUKS2-ab", "good", "is on an encrypted"),
        ("LVM-xy", "LVM-z", "note", "is not on an encrypted"),
        (None, None, "note", "may be on any kind"),
    ],
)
def test_an_encrypted_volume_is_known_however_deep_it_is(
    tmp_path: Path, uuid: str | None, below: str | None, state: str, words: str
) -> None:
    device = os.stat(tmp_path).st_dev
    block = tmp_path / "sys" / f"{os.major(device)}:{os.minor(device)}"
    for place, said in ((block, uuid), (block / "slaves" / "sda3", below)):
        if said:
            (place / "dm").mkdir(parents=True)
            (place / "dm" / "uuid").write_text(said)
    found = volumes.encryption(tmp_path, tmp_path / "sys")
    assert (found.state, words in found.text) == (state, True)


def test_backups_that_are_old_or_off_are_found(tmp_path: Path) -> None:
    migrate(tmp_path / "db.sqlite3")
    folder = tmp_path / "backups"
    assert volumes.backups(folder, NOW, 0).state == "note"
    assert volumes.backups(folder, NOW, 24).state == "good"
    backup.make(tmp_path / "db.sqlite3", folder, NOW)
    assert volumes.backups(folder, NOW, 24).state == "good"
    assert "3 days old" in volumes.backups(folder, NOW + timedelta(days=3), 24).text
