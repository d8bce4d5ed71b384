"""A database belongs to one bot: another one's token changes nothing, unless it is to take over."""

import sqlite3
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest

from bot import ownership
from bot.errors import NOT_AGAIN, StartError
from storage.database import Database
from tests.test_process import Scene, running, scene

__all__ = ["scene"]


def bot(number: int) -> Any:
    return SimpleNamespace(id=number, name=f"bot{number}")


async def test_the_first_bot_has_it_until_it_is_released(database: Database) -> None:
    await ownership.claim(database, bot(1))
    await ownership.claim(database, bot(1))
    with pytest.raises(StartError, match=r"\(bot2, 2\) than the one .* \(1\).*--new-bot"):
        await ownership.claim(database, bot(2))
    await ownership.claim(database, bot(1))
    await ownership.release(database)
    await ownership.claim(database, bot(2))
    with pytest.raises(StartError):
        await ownership.claim(database, bot(1))


@pytest.mark.slow
async def test_another_bots_token_ends_the_process_before_anybody_is_answered(
    scene: Scene,
) -> None:
    async with running(scene) as process:
        assert await process.stop() == 0
    with closing(sqlite3.connect(scene.database)) as other, other:
        other.execute("UPDATE meta SET value = '5' WHERE key = 'bot'")
    before = scene.rows("SELECT * FROM stays")
    n_before = len(scene.server.requests)
    process = await scene.start()
    assert await process.process.wait() == NOT_AGAIN
    await process._reading
    assert any("StartError: DISCORD_TOKEN is that of another bot" in one for one in process.lines)
    assert "Traceback" not in "\n".join(process.lines)
    assert {one.method for one in scene.server.requests[n_before:]} == {"GET"}
    assert scene.rows("SELECT * FROM stays") == before
