"""What was stored under keys of an earlier form is found under today's, and nothing is lost."""

import logging
from pathlib import Path

import pytest

from bot.app import open_app
from bot.catalog.rules import KEY_FORM, url_key
from bot.errors import UserError
from storage import catalog
from storage import settings as stored
from storage.connection import Connection
from storage.database import open_database
from storage.records import Resource, ResourceState
from tests.discord_sim import settings_for

GUILD, MOD = 7, 70
ROWS: list[tuple[str, str, ResourceState]] = [
    # The url, its key as the first version made it, and its state.
    ("https://app.example/#/course/1", "https://app.example", "live"),
    ("https://example.org./a/../b", "https://example.org./a/../b", "retired"),
    ("https://example.org/%62", "https://example.org/%62", "live"),
    ("https://example.org/b/", "https://example.org/b", "live"),
    ("https://example.org/c", "https://example.org/%62 3", "live"),
]


async def fill(path: Path, guild_id: int = GUILD) -> list[int]:
    async with open_database(path) as database:

        async def job(conn: Connection) -> list[int]:
            return [
                await catalog.add(
                    conn,
                    Resource(guild_id=guild_id, kind="article", title=url, url=url, state=state),
                    key,
                )
                for url, key, state in ROWS
            ]

        return await database.write(job)


async def keys(path: Path) -> dict[str, int]:
    async with open_database(path) as database, database.read() as conn:
        assert await stored.value(conn, "catalog.key_form") == KEY_FORM
        return {key: one.resource_id for key, one in (await catalog.keyed(conn, GUILD)).items()}


async def test_every_row_is_kept_and_found_by_todays_key(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "db.sqlite3"
    app, retired, first, second, last = await fill(path)
    await fill(path, GUILD + 1)
    with caplog.at_level(logging.WARNING, "bot.catalog.service"):
        async with open_app(settings_for(path)):
            pass
    found = await keys(path)
    assert found[url_key("https://app.example/#/course/1")] == app
    assert found[url_key("https://example.org/b")] == first  # live before retired, then the oldest
    assert set(found.values()) == {app, retired, first, second, last}
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 4  # two in each guild
    assert f"resources {first} and {retired} of guild {GUILD} are one page" in "\n".join(said)

    caplog.clear()
    async with open_app(settings_for(path)):
        pass
    assert (await keys(path), caplog.records) == (found, [])


async def test_what_has_become_one_page_can_still_be_changed_and_retired(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    _, _, first, second, _ = await fill(path)
    async with open_app(settings_for(path)) as lyceum:
        service = lyceum.services.catalog
        edited = await service.edit(GUILD, MOD, second, {"title": "The other one"})
        assert edited.title == "The other one"
        with pytest.raises(UserError, match="error-catalog-duplicate"):
            await service.edit(GUILD, MOD, second, {"url": "https://example.org/b"})
        assert (await service.set_state(GUILD, MOD, second, "retired")).state == "retired"
        assert (await service.set_state(GUILD, MOD, second, "live")).state == "live"
        assert (await service.set_state(GUILD, MOD, first, "retired")).state == "retired"
