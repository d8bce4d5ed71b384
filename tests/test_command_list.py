"""Discord lists our commands as they are, whoever else changed them, and is told within bounds."""

import logging
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from bot.commands import LOOK_EVERY_S, SYNCS_MAX
from tests.discord_sim import World
from tests.test_client import syncs
from tests.test_process import Scene, running, scene

__all__ = ["scene"]


def listed(world: World) -> list[Any]:
    return deepcopy(list(world.env.backend.commands[None].values()))


def replaced(world: World, payloads: list[Any]) -> None:
    """Let another program tell Discord other commands."""
    known = [{k: v for k, v in one.items() if k != "nsfw"} for one in payloads]
    world.env.backend.register_commands(None, deepcopy(known))


def told(world: World) -> list[Any]:
    """Return what was last told."""
    found: list[Any] = deepcopy(syncs(world)[-1].json)
    return found


CHANGES: dict[str, Callable[[list[Any]], list[Any]]] = {
    "all gone": lambda ours: [],
    "one gone": lambda ours: ours[1:],
    "another program's": lambda ours: [{"name": "rank", "description": "x", "type": 1}],
    "one more": lambda ours: [*ours, {"name": "rank", "description": "x", "type": 1}],
    "a description": lambda ours: [ours[0] | {"description": "changed by hand"}, *ours[1:]],
    "a translation": lambda ours: [ours[0] | {"name_localizations": {"zh-CN": "别的"}}, *ours[1:]],
    "a permission": lambda ours: [ours[0] | {"default_member_permissions": "8"}, *ours[1:]],
    "an option": lambda ours: [one | {"options": one.get("options", [])[:1]} for one in ours],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_whoever_changes_discords_list_is_noticed_at_the_next_start(
    world: World, change: Callable[[list[Any]], list[Any]]
) -> None:
    ours, known = told(world), listed(world)
    replaced(world, change(ours))
    await world.restart()
    assert len(syncs(world)) == 2
    assert [(c["name"], c["description"]) for c in listed(world)] == [
        (c["name"], c["description"]) for c in known
    ]
    await world.restart()
    assert len(syncs(world)) == 2


async def test_a_change_is_noticed_within_an_hour_without_a_restart(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced(world, told(world)[1:])
    await world.client.command_list.tick(world.env.now())
    assert len(syncs(world)) == 1
    world.client.command_list._looked_at -= LOOK_EVERY_S
    await world.client.command_list.tick(world.env.now())
    assert len(syncs(world)) == 2


async def test_two_programs_that_disagree_do_not_use_up_the_days_creates(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(SYNCS_MAX + 5):
        replaced(world, told(world)[1:])
        await world.client.command_list.look()
    assert len(syncs(world)) == SYNCS_MAX
    assert "somebody else keeps changing our commands" in caplog.text
    await world.env.advance_time(86_400)
    await world.client.command_list.look()
    assert len(syncs(world)) == SYNCS_MAX + 1


async def test_a_client_that_is_made_again_says_what_discord_py_would(world: World) -> None:
    made: Any = world.client.tree
    first = await made.payload()
    await world.restart()
    tree: Any = world.client.tree
    again = await tree.payload()
    assert again is first
    named = sorted(tree.get_commands(), key=lambda command: command.name)
    assert again == [await each.get_translated_payload(tree, tree.translator) for each in named]
    tree.remove_command("wish")
    assert await tree.payload() == [each for each in again if each["name"] != "wish"] != again


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_trouble_with_the_list_keeps_nobody_from_being_served(
    world: World, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    replaced(world, told(world)[1:])
    path = "/applications/*/commands"
    world.env.inject_error(method, path, status=503, code=0, times=1)
    with caplog.at_level(logging.INFO):
        await world.restart()
    assert len(world.env.backend.commands[None]) == len(told(world)) - 1
    assert "our commands could not be synced" in caplog.text
    assert (await world.alice.slash(world.channel, "points")).response is not None
    await world.client.command_list.tick(world.env.now())
    assert len(world.env.backend.commands[None]) == len(told(world))


@pytest.mark.slow
async def test_a_limit_of_hours_does_not_keep_the_bot_from_starting(scene: Scene) -> None:
    limit = {"message": "You are being rate limited.", "retry_after": 7_200.0, "global": False}
    refusal = {
        "method": "PUT",
        "path": "/commands",
        "status": 429,
        "times": 99,
        "body": limit,
        "headers": {"Retry-After": "7200", "X-RateLimit-Scope": "user", "Via": "1.1 wire"},
    }
    scene.server.refusals.append(refusal)
    async with running(scene) as process:
        await process.says("our commands could not be synced")
        assert await process.stop() == 0
    assert "Traceback" not in "\n".join(process.lines)
