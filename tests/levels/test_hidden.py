"""Who hides from boards is in no news of levels either, however they came to be there."""

from bot.services import Services
from tests.discord_sim import World
from tests.levels.test_levels import LEVEL, pay, said, tell, tick


def services(world: World) -> Services:
    return world.app.services


async def test_who_hides_rises_without_the_channel_knowing(world: World) -> None:
    await tell(world)
    await services(world).points.show_on_boards(world.guild.id, world.alice.id, False)
    await pay(world, world.alice, LEVEL[1])
    await pay(world, world.bob, LEVEL[1])
    await tick(world, 2)
    (news,) = said(world.channel)
    assert f"<@{world.bob.id}>" in news
    assert str(world.alice.id) not in news
    assert "more member" not in news


async def test_who_hides_before_the_news_is_out_is_left_out_of_it(world: World) -> None:
    await tell(world)
    for member in (world.alice, world.bob):
        await pay(world, member, LEVEL[1])
    await services(world).levels.following.follow()
    await services(world).points.show_on_boards(world.guild.id, world.alice.id, False)
    await tick(world, 2)
    (news,) = said(world.channel)
    assert f"<@{world.bob.id}>" in news
    assert str(world.alice.id) not in news


async def test_who_hides_while_the_news_waits_for_discord_is_left_out_of_it(world: World) -> None:
    await tell(world)
    await pay(world, world.alice, LEVEL[1])
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("POST", path, status=500, code=0, times=1)
    await tick(world)
    await services(world).points.show_on_boards(world.guild.id, world.alice.id, False)
    await tick(world, 2)
    assert said(world.channel) == []
