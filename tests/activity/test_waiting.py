"""What still waits for the writer when its channel is deleted goes with it."""

import asyncio
from pathlib import Path

from bot.app import App
from storage import events
from tests.privacy.test_restored import CHANNEL, GUILD, OTHER, authors, opening, said


async def _delete_place(app: App) -> None:
    async for _ in app.services.activity.delete_place(GUILD, CHANNEL):
        pass


async def test_a_message_that_waits_goes_with_its_channel(tmp_path: Path) -> None:
    async with opening(tmp_path, 1) as app:
        told = asyncio.create_task(app.services.activity.post((said(OTHER, 0),)))
        await asyncio.sleep(0)
        await _delete_place(app)
        await told
        async with app.database.read() as conn:
            assert await events.standing_in(conn, GUILD, CHANNEL) == []
        assert len(await authors(app)) == 2, "said, and deleted"
