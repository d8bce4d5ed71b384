import pytest
import simcord

from storage import audit
from storage.records import AuditRow
from tests.discord_sim import World, set_locale, texts_of


async def trail(world: World) -> list[AuditRow]:
    async with world.app.database.read() as conn:
        return await audit.rows(conn, world.guild.id)


async def test_moderators_see_the_servers_settings(world: World) -> None:
    result = await world.moderator.slash(world.channel, "server view")
    assert result.ephemeral
    text = texts_of(result.response)
    assert "**Language:** English" in text
    assert "**Time zone for days and weeks:** UTC (09:00)" in text
    assert "ask first; only members who said yes train the recommendations" in text


@pytest.mark.parametrize(
    ("command", "option", "value", "line", "action", "before"),
    [
        ("language", "language", "zh-CN", "✓ English → 中文", "server-language", "en"),
        ("timezone", "timezone", "tokyo", "✓ UTC → Asia/Tokyo", "server-time-zone", "UTC"),
        (
            "consent",
            "policy",
            "notice",
            "✓ Ask first → On by default, with opt-out",
            "server-consent-policy",
            "ask",
        ),
    ],
)
async def test_a_change_shows_before_and_after_and_is_audited(
    world: World, command: str, option: str, value: str, line: str, action: str, before: str
) -> None:
    value = {"tokyo": "asia/tokyo"}.get(value, value)
    result = await world.moderator.slash(world.channel, f"server {command}", **{option: value})
    assert line in texts_of(result.response)
    (row,) = await trail(world)
    assert (row.actor_id, row.action) == (world.moderator.id, action)
    assert row.details["before"] == before
    again = await world.moderator.slash(world.channel, f"server {command}", **{option: value})
    assert "It's already set that way." in texts_of(again.response)
    assert len(await trail(world)) == 1


async def test_the_servers_language_is_that_of_members_without_one(world: World) -> None:
    set_locale(world.bob, "fr")
    await world.moderator.slash(world.channel, "server language", language="zh-CN")
    result = await world.bob.slash(world.channel, "profile view")
    assert "你的个人资料" in texts_of(result.response)


async def test_the_servers_settings_read_chinese(world: World) -> None:
    set_locale(world.moderator, "zh-CN")
    result = await world.moderator.slash(world.channel, "server consent", policy="notice")
    text = texts_of(result.response)
    assert "✓ 先征求同意 → 默认使用，可以退出" in text
    assert "下次使用命令后看到一次新的说明" in text


@pytest.mark.parametrize(("zone", "says"), [("Mars", "“Mars”"), ("auto", "“auto”")])
async def test_a_server_needs_a_real_time_zone(lenient_world: World, zone: str, says: str) -> None:
    world = lenient_world
    result = await world.moderator.slash(world.channel, "server timezone", timezone=zone)
    assert says in result.response.content
    assert "pick one from the list" in result.response.content
    assert await trail(world) == []


async def test_zones_are_suggested_to_moderators(world: World) -> None:
    choices = await world.moderator.autocomplete(world.channel, "server timezone", "timezone", "")
    assert choices[0]["value"] == "UTC"


async def test_members_do_not_see_the_command(world: World) -> None:
    with pytest.raises(simcord.SetupError):
        await world.alice.slash(world.channel, "server view")


async def test_members_who_were_let_in_by_the_server_are_still_refused(
    lenient_world: World,
) -> None:
    world = lenient_world
    # A server may show the command to everybody; the check when it runs holds all the same.
    for command in world.env.backend.commands[None].values():
        if command["name"] == "server":
            command["default_member_permissions"] = None
    for sub, options in (
        ("view", {}),
        ("language", {"language": "zh-CN"}),
        ("timezone", {"timezone": "UTC"}),
        ("consent", {"policy": "notice"}),
    ):
        result = await world.alice.slash(world.channel, f"server {sub}", **options)
        assert "Manage Server" in result.response.content
    assert await trail(world) == []
