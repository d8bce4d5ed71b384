"""Commands are told once, in both languages; a defect is answered with a reference."""

import logging
import re
import sqlite3
from typing import Any

import pytest
from discord import app_commands

from tests.discord_sim import World, set_locale, texts_of


def syncs(world: World) -> list[Any]:
    return [
        request
        for request in world.env.http_requests
        if request.method == "PUT" and request.path.endswith("/commands")
    ]


async def test_commands_are_told_to_discord_only_when_they_changed(world: World) -> None:
    assert len(syncs(world)) == 1
    await world.restart()
    assert len(syncs(world)) == 1
    assert (await world.alice.slash(world.channel, "points")).response is not None


async def test_every_command_and_option_has_a_chinese_name(world: World) -> None:
    def nameless(node: dict[str, Any], path: str) -> list[str]:
        here = f"{path} {node['name']}".strip()
        missing = [] if (node.get("name_localizations") or {}).get("zh-CN") else [here]
        for option in node.get("options") or []:
            missing += nameless(option, here)
        return missing

    (sync,) = syncs(world)
    assert [name for command in sync.json for name in nameless(command, "")] == []


async def test_moderators_commands_are_guarded_twice(world: World) -> None:
    guarded = set(
        "award channel-digest deduct experiment insights levels model product purchase resource"
        " rules server shop-admin source status tags today".split()
    )
    for command in world.client.tree.get_commands():
        permissions = getattr(command, "default_permissions", None)
        assert (permissions is not None and permissions.manage_guild) == (command.name in guarded)
        if command.name in guarded and isinstance(command, app_commands.Group):
            children: list[Any] = list(command.walk_commands())
            assert all(child.checks for child in children), command.name


async def test_commands_work_in_a_guild_only(world: World) -> None:
    for command in world.client.tree.get_commands():
        assert getattr(command, "guild_only", False), command.name


@pytest.mark.parametrize(("locale", "words"), [("en-US", "went wrong"), ("zh-CN", "出了点问题")])
async def test_a_defect_is_answered_with_a_reference_that_the_log_carries(
    lenient_world: World, caplog: pytest.LogCaptureFixture, locale: str, words: str
) -> None:
    world = lenient_world
    set_locale(world.alice, locale)
    with sqlite3.connect(world.app.settings.database_path) as broken:
        broken.execute("DROP TABLE balances")
    with caplog.at_level(logging.ERROR):
        result = await world.alice.slash(world.channel, "points")
    text = texts_of(result.response)
    assert words in text
    assert result.ephemeral
    (reference,) = re.findall(r"[0-9a-f]{8}", text)
    assert f"reference {reference}" in caplog.text
