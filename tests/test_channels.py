"""What is for moderators is told where not everybody reads, also when that has changed."""

import discord

from bot import channels
from tests.discord_sim import World, open_channel, set_locale, staff_channel, texts_of
from tests.levels.test_levels import LEVEL, pay, reward, tick
from tests.shop import test_commands as shop


async def choose(world: World, channel: object) -> str:
    answer = await world.moderator.slash(world.channel, "levels staff", channel=channel)
    return texts_of(answer.response)


def told(channel: object) -> list[str]:
    return [texts_of(message) for message in channel.history()]  # type: ignore[attr-defined]


async def test_a_channel_that_everybody_reads_is_refused(lenient_world: World) -> None:
    world = lenient_world
    refused = await choose(world, world.channel)
    assert f"Everybody can read <#{world.channel.id}>" in refused
    set_locale(world.moderator, "zh-CN")
    assert f"所有人都能看到 <#{world.channel.id}>" in await choose(world, world.channel)
    shown = await world.app.services.levels.decisions.overview(world.guild.id)
    assert shown.staff_channel_id is None


async def test_who_else_can_read_it_is_said(world: World) -> None:
    place = staff_channel(world)
    await world.env.settle()
    shown = await choose(world, place)
    assert f"<#{place.id}>" in shown
    assert "can read it" not in shown
    allowed = discord.Permissions(view_channel=True, send_messages=True)
    helpers = world.guild.create_role("Helpers", permissions=allowed)
    await world.env.settle()
    assert "can read it" not in await choose(world, place)  # @everyone's denial holds for them
    wider = staff_channel(world, helpers, name="wider")
    await world.env.settle()
    assert f"can read it, too: <@&{helpers.id}>" in await choose(world, wider)


async def test_where_everybody_reads_by_now_nobody_is_named(world: World) -> None:
    place = staff_channel(world)
    await world.env.settle()
    await choose(world, place)
    await open_channel(world, place)
    await shop.add(world, "slot", {"title": "Hour", "units": "2026-03-05 14:00"})
    await shop.pay(world, world.alice, 12)
    shown = await shop.counter(world, world.alice, "Hour")
    chosen = await world.alice.select(shown.response, ["1"], custom_id="shop:time:1")
    await shop.press_buy(world, world.alice, chosen)
    role = world.guild.create_role("Expert")
    await world.env.settle()
    await reward(world, role, confirm=True)
    await pay(world, world.bob, LEVEL[1])
    for _ in range(2):
        await shop.tick(world)
        await tick(world, 2)
    orders, levels = told(place)
    for news in (orders, levels):
        assert "Something is waiting for moderators" in news
        assert "everybody can read this channel" in news
        assert not any(str(one.id) in news for one in (world.alice, world.bob, role))
        assert "Hour" not in news
    for command in ("levels view", "shop-admin queue"):
        answer = await world.moderator.slash(world.channel, command)
        assert f"⚠️ Everybody can read <#{place.id}>" in texts_of(answer.response)
        set_locale(world.moderator, "en-US")


async def test_a_moderators_channel_that_is_gone_is_said(world: World) -> None:
    place = staff_channel(world)
    await world.env.settle()
    await choose(world, place)
    world.env.backend.delete_channel(place.id)
    await world.env.settle()
    answer = await world.moderator.slash(world.channel, "levels view")
    assert "I can't post in the moderators' channel" in texts_of(answer.response)
    guild = world.client.get_guild(world.guild.id)
    assert guild is not None
    assert channels.staff_problem(guild, place.id) == "closed"
