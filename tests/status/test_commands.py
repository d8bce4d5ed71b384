"""`/status` as moderators see it."""

from datetime import timedelta

from bot.app import make_jobs
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


async def greeted(world: World) -> int:
    (job,) = [job for job in make_jobs(world.app, world.client) if job.name == "welcome"]
    before = len(world.env.http_requests)
    await job.tick(world.app.clock())
    sent = world.env.http_requests[before:]
    return sum("Three things for moderators" in str(request) for request in sent)


async def test_a_server_is_greeted_once_with_what_to_do_first(world: World) -> None:
    world.client.get_guild(world.guild.id)._system_channel_id = world.channel.id  # type: ignore[union-attr]
    assert [await greeted(world), await greeted(world)] == [1, 0]
    await world.restart()
    assert await greeted(world) == 0


async def test_a_server_that_is_known_for_long_is_not_greeted(world: World) -> None:
    world.client.get_guild(world.guild.id)._system_channel_id = world.channel.id  # type: ignore[union-attr]
    await world.env.advance_time(timedelta(days=2).total_seconds())
    assert await greeted(world) == 0
