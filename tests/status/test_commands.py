"""`/status` as moderators see it."""

from tests.discord_sim import World, set_locale, texts_of


async def test_moderators_see_what_works_and_what_needs_them(world: World) -> None:
    result = await world.moderator.slash(world.channel, "status")
    said = texts_of(result.response)
    assert result.ephemeral
    assert "Connected to Discord since <t:" in said or "Not connected" in said
    assert "Running and storing" in said
    assert "`/levels staff`" in said
    assert "I lack permissions" not in said
    set_locale(world.moderator, "zh-CN")
    assert "正在运行并保存记录" in texts_of(
        (await world.moderator.slash(world.channel, "status")).response
    )
