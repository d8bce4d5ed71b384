"""Whoever is told of a transaction changes nothing about it; whether a refusal is for good."""

from pathlib import Path

import pytest

from storage import identity, settings
from storage.database import open_database
from storage.identity import Found, State


async def test_what_is_stored_is_reported_so_whatever_a_listener_raises(tmp_path: Path) -> None:
    def failing(took_s: float, n_jobs: int) -> None:
        raise RuntimeError("a listener of our own")

    heard: list[int] = []
    async with open_database(tmp_path / "db.sqlite3") as database:
        database.committed.extend([failing, lambda _, n_jobs: heard.append(n_jobs)])
        await database.write(lambda conn: settings.set_value(conn, "a", "1"))
        async with database.read() as conn:
            assert await settings.value(conn, "a") == "1"
    assert heard == [1]


@pytest.mark.parametrize(
    ("state", "is_for_good"),
    [
        *[("newer", True), ("foreign", True), ("nameless", True), ("damaged", True)],
        *[("busy", False), ("shut", False)],
    ],
)
def test_a_refusal_says_whether_waiting_helps(state: State, is_for_good: bool) -> None:
    assert identity.refusal(Path("db"), Found(state)).is_for_good == is_for_good


def test_the_audit_asks_about_every_locked_version() -> None:
    makefile = (Path(__file__).parents[2] / "Makefile").read_text("utf-8")
    (audit,) = (line for line in makefile.splitlines() if "pip-audit --strict" in line)
    assert "wildcard requirements/*.txt" in audit
