"""No name is found: DNS is gone at the start, and again while the bot runs."""

from pathlib import Path

import pytest

from tests.faults.nameless import GATEWAY
from tests.test_process import Scene
from tests.test_process import scene as scene

MESSAGES = "SELECT count(*) FROM events WHERE kind = 1"


@pytest.mark.slow
async def test_without_dns_it_waits_and_goes_on_when_names_are_found_again(
    scene: Scene, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    scene.server.host = GATEWAY

    def say(words: str) -> None:
        scene.env.backend.create_message(scene.channel.id, scene.people[1].id, words)

    gone.touch()
    process = await scene.start(module=("tests.faults.nameless", str(gone)))
    await process.says("Discord cannot be reached")
    gone.unlink()
    await process.says("bot is ready")
    say("a message before names are gone again")
    await scene.until(MESSAGES, 1)
    gone.touch()
    await scene.server.drop_connections()
    await process.says("Attempting a reconnect")
    say("a message while no name is found")
    gone.unlink()
    await scene.until(MESSAGES, 2, within_s=60)
    assert await process.stop() == 0
