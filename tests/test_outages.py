"""The real process while Discord refuses, breaks off, or says what nobody understands."""

import asyncio
import inspect
import random
import signal
import time
from contextlib import suppress
from typing import Any

import pytest
from discord.state import ConnectionState

from tests.patience import patient
from tests.test_process import Process, Scene, _save, _talk, running, scene

__all__ = ["scene"]

pytestmark = pytest.mark.slow
SECRET = "a word about wombats"
EVENTS = sorted(
    name.removeprefix("parse_").upper()
    for name, _ in inspect.getmembers(ConnectionState)
    if name.startswith("parse_")
)
JUNK: tuple[Any, ...] = (
    {},
    {"id": SECRET, "guild_id": SECRET, "channel_id": SECRET, "content": SECRET},
    {"id": "7", "channel_id": "7", "user": 5, "author": SECRET, "d": [SECRET]},
    [SECRET],
    None,
    7,
)
MESSAGES = "SELECT count(*) FROM events WHERE kind = 1"


def say(scene: Scene, channel: Any, text: str) -> Any:
    return scene.env.backend.create_message(channel.id, scene.people[1].id, text)


def told(process: Process) -> str:
    return "\n".join(process.lines)


async def test_payloads_that_nobody_can_read_are_told_without_their_words_and_skipped(
    scene: Scene,
) -> None:
    async with running(scene) as process:
        for event in [name for name in EVENTS if name not in ("READY", "RESUMED")]:
            for junk in JUNK:
                scene.server._emit(event, junk)
        say(scene, scene.channel, "and a message")
        await scene.until(MESSAGES, 1)
        assert (await scene.people[1].slash(scene.channel, "points")).response is not None
        assert "a payload of MESSAGE_CREATE cannot be read and is skipped" in told(process)
        assert "new session" not in told(process)
        assert await process.stop() == 0
    assert SECRET not in told(process)
    assert "Traceback" not in told(process)


@pytest.mark.parametrize("what", ["no JSON", "no object", "an opcode without data", "READY"])
async def test_what_breaks_a_session_costs_no_more_than_that(scene: Scene, what: str) -> None:
    async with running(scene) as process:
        say(scene, scene.channel, "before")
        await scene.until(MESSAGES, 1)
        if what == "READY":
            scene.server._emit("READY", {"user": SECRET})
        else:
            frames = {"no JSON": f"<{SECRET}>", "no object": "[1]"}
            await scene.server.send_raw(frames.get(what, '{"op": 10, "d": null}'))
        await process.says("the gateway sent what cannot be read")
        say(scene, scene.channel, "while there was no session")
        await scene.until(MESSAGES, 2, 30)
        assert await process.stop() == 0
    assert SECRET not in told(process)
    assert "Traceback" not in told(process)


async def test_what_goes_wrong_while_reading_back_loses_no_message(scene: Scene) -> None:
    other = scene.guild.create_text_channel("other")
    third = scene.guild.create_text_channel("third")
    channels = (scene.channel, other, third)
    async with running(scene) as process:
        for channel in channels:
            say(scene, channel, "before")
        await scene.until(MESSAGES, 3)
        await process.stop()
    for number in range(12):
        say(scene, channels[number % 3], f"meanwhile {number}")
    refusals: list[dict[str, Any]] = [
        {"status": 403, "body": {"message": "internal network error", "code": 40333}},
        {"is_reset": True, "status": 500, "body": {}, "times": 2},  # aiohttp asks again once
        {"status": 503, "body": {}},
    ]
    for channel, refusal in zip(channels, refusals, strict=True):
        path = f"/channels/{channel.id}/messages"
        scene.server.refusals.append({"method": "GET", "path": path, "times": 1} | refusal)
    async with running(scene) as process:
        for channel in channels:
            say(scene, channel, "live, with a gap before it")
        await scene.until(MESSAGES, 3 + 12 + 3, 40)
        waiting = [line for line in process.lines if "be read back" in line]
        assert len(waiting) == 3, waiting
        assert await process.stop() == 0


async def test_stopping_under_load_is_quiet_quick_and_loses_nothing(scene: Scene) -> None:
    chance = random.Random(11)
    acknowledged: set[int] = set()
    shown: list[tuple[Any, Any]] = []
    for number in range(3):
        process = await scene.start()
        await process.says("bot is ready")
        if not shown:
            shown = await _shown(scene)
        work = [
            asyncio.ensure_future(_talk(scene, chance)),
            asyncio.ensure_future(_save(process, chance, shown, acknowledged)),
            asyncio.ensure_future(_ask(scene)),
        ]
        await asyncio.sleep(1.5 + number)
        before = time.monotonic()
        process.process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.process.wait(), patient(20))
        took_s = time.monotonic() - before
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await process.kill()
        assert (code, "Traceback" in told(process)) == (0, False), told(process)
        assert took_s < 10
    saved = {row[0] for row in scene.rows("SELECT source_id FROM events WHERE kind IN (11, 12)")}
    assert acknowledged <= saved
    assert acknowledged


async def _shown(scene: Scene) -> list[tuple[Any, Any]]:
    """Give everybody a card whose buttons can be pressed."""
    moderator = scene.people[0]
    for number in range(3):
        await moderator.slash(
            scene.channel,
            "resource add",
            kind="article",
            title=f"Article {number}",
            url=f"https://example.org/{number}",
        )
    return [
        (person, (await person.slash(scene.channel, "recommend")).response)
        for person in scene.people[1:]
    ]


async def _ask(scene: Scene) -> None:
    while True:
        with suppress(Exception):
            await scene.people[2].slash(scene.channel, "leaderboard")
