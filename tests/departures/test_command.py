"""``lyceum purge``: at once, asked back, and never while the bot is in the server."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from storage import members, settings, stays
from storage.connection import Connection
from storage.database import open_database
from storage.records import Guild, Stay, StayState
from tests.test_cli import Lyceum
from tests.test_cli import lyceum as lyceum

PATH = Path("lyceum.sqlite3")
WORD = "Zaphroxine"


async def _prepare(state: StayState | None) -> None:
    async def job(conn: Connection) -> None:
        for guild_id in (7, 8):
            await members.save_guild(conn, Guild(guild_id, created_at=1.0))
            await members.change_member(conn, guild_id, 5, 1.0, interests=(WORD,))
        if state is not None:
            await stays.save(conn, Stay(guild_id=7, state=state, left_at=1.0, purge_at=2e9))

    async with open_database(PATH) as database:
        await database.write(job)


async def _interests(guild_id: int) -> Any:
    async with open_database(PATH) as database, database.read() as conn:
        return (await members.member(conn, guild_id, 5)).interests


@pytest.mark.parametrize("state", [None, "gone", "purging"])
def test_what_is_stored_of_a_guild_without_the_bot_is_deleted(
    lyceum: Lyceum, state: StayState | None
) -> None:
    asyncio.run(_prepare(state))
    done = lyceum("purge", "7", "--yes")
    assert done.exit_code == 0, done.output
    assert asyncio.run(_interests(7)) == () and asyncio.run(_interests(8)) == (WORD,)
    again = lyceum("purge", "7", "--yes")
    assert again.exit_code == 1 and "knows no server 7" in again.stderr


def test_a_guild_that_the_bot_is_in_is_left_alone(lyceum: Lyceum) -> None:
    asyncio.run(_prepare("here"))
    refused = lyceum("purge", "7", "--yes")
    assert refused.exit_code == 1 and "the bot is in server 7" in refused.stderr
    assert asyncio.run(_interests(7)) == (WORD,)


def test_right_after_an_upgrade_nobody_knows_where_the_bot_is(lyceum: Lyceum) -> None:
    asyncio.run(_prepare(None))

    async def has_run(bot_id: int | None) -> None:
        async def job(conn: Connection) -> None:
            await settings.set_value(conn, "commands:5", "told")
            await settings.set_owner(conn, bot_id)

        async with open_database(PATH) as database:
            await database.write(job)

    asyncio.run(has_run(None))
    refused = lyceum("purge", "7", "--yes")
    assert refused.exit_code == 1 and "let it run once" in refused.stderr
    assert asyncio.run(_interests(7)) == (WORD,)
    asyncio.run(has_run(5))
    assert lyceum("purge", "7", "--yes").exit_code == 0
    assert asyncio.run(_interests(7)) == ()


@pytest.mark.usefixtures("lyceum")
@pytest.mark.parametrize("answer", ["", "n\n", "y\n"])
def test_it_asks_back(answer: str) -> None:
    asyncio.run(_prepare("gone"))
    CliRunner().invoke(app, ["purge", "7"], input=answer)
    assert asyncio.run(_interests(7)) == (() if answer == "y\n" else (WORD,))
