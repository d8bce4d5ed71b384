"""Which lines moderators read, and what needs them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.status.rules import Seen, lines

NOW = 1_000_000.0
WELL = Seen(
    running_since=NOW - 60,
    connected_at=NOW - 50,
    is_stored=True,
    missing=(),
    has_staff_channel=True,
    deliveries={"sent": 3},
    overdue_s=0,
    model_at=NOW - 9,
    failing_s=0,
    n_waiting=0,
    n_owed=0,
    backup_at=NOW - 3_600,
    backups_are_on=True,
    is_backup_failing=False,
)


def test_what_works_needs_nobody() -> None:
    assert {line.state for line in lines(WELL, NOW)} == {"good"}


@pytest.mark.parametrize(
    ("change", "key", "state"),
    [
        ({"connected_at": None}, "gateway-away", "bad"),
        ({"is_stored": False}, "stored-not", "bad"),
        ({"missing": ("Manage Roles",)}, "missing", "bad"),
        ({"has_staff_channel": False}, "staff", "note"),
        ({"n_waiting": 2}, "waiting", "note"),
        ({"n_owed": 1}, "owed", "note"),
        ({"failing_s": 3 * 86_400}, "refits-fail", "bad"),
        ({"model_at": None}, "model-none", "good"),
        ({"overdue_s": 4 * 3_600}, "digests-late", "bad"),
        ({"deliveries": {"sent": 1, "failed": 2}}, "digests-failed", "note"),
        ({"backup_at": None}, "backup-none", "note"),
        ({"backup_at": None, "is_backup_failing": True}, "backup-fails", "note"),
        ({"backup_at": NOW - 3 * 86_400}, "backup-old", "bad"),
        ({"is_backup_failing": True}, "backup-old", "bad"),
    ],
)
def test_what_needs_somebody_stands_first(change: dict[str, Any], key: str, state: str) -> None:
    found = lines(replace(WELL, **change), NOW)
    (line,) = [line for line in found if line.key == key]
    assert line.state == state
    assert state == "good" or found[0] is line


def test_backups_that_are_off_are_not_spoken_of() -> None:
    off = replace(WELL, backups_are_on=False, backup_at=None)
    assert not [line for line in lines(off, NOW) if line.key.startswith("backup")]
