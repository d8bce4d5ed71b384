"""Who leaves and comes back has again what their level gives and what they bought."""

from typing import Any

import pytest
import simcord

from tests.discord_sim import World, button_id, give_permissions, member_roles, texts_of
from tests.levels.test_levels import LEVEL, pay, reward, tick
from tests.shop import test_commands as shop

HOUR_S = 3_700


async def leave(world: World) -> Any:
    user = world.env.backend.users[world.alice.id]
    world.guild.remove_member(world.alice)
    await world.env.settle()
    return user


async def come_back(world: World) -> Any:
    user = await leave(world)
    await world.env.advance_time(60)
    return world.guild.add_member(simcord.builders.UserHandle(world.env, user))


async def at_level(world: World, **options: Any) -> Any:
    role = world.guild.create_role("Regular")
    await world.env.advance_time(60)
    await reward(world, role, 1, **options)
    await pay(world, world.alice, LEVEL[1])
    await tick(world, 3)
    return role


async def bought(world: World, days: str = "30") -> Any:
    role = world.guild.create_role("VIP")
    await world.env.advance_time(60)
    await shop.add(world, "role", {"title": "VIP", "days": days}, role=role)
    await shop.pay(world, world.alice, 12)
    await shop.press_buy(world, world.alice, await shop.counter(world, world.alice, "VIP"))
    assert role.id in member_roles(world, world.alice)
    return role


@pytest.mark.parametrize("how", ["write", "ask", "rise", "wait"])
@pytest.mark.parametrize("is_restarted", [False, True])
async def test_a_levels_role_comes_back(world: World, how: str, is_restarted: bool) -> None:
    role = await at_level(world)
    assert role.id in member_roles(world, world.alice)
    alice = await come_back(world)
    if is_restarted:
        await world.restart()
    if how == "write":
        await alice.send(world.channel, "hi")  # too short to be paid
    elif how == "ask":
        await alice.slash(world.channel, "points")
    elif how == "rise":
        await pay(world, alice, LEVEL[2])
    else:
        await world.env.advance_time(HOUR_S)
    await tick(world, 2)
    assert role.id in member_roles(world, alice)


@pytest.mark.parametrize("how", ["write", "ask", "wait"])
async def test_a_bought_role_comes_back(world: World, how: str) -> None:
    role = await bought(world)
    alice = await come_back(world)
    if how == "write":
        await alice.send(world.channel, "hi")
    elif how == "ask":
        await alice.slash(world.channel, "redeem")
    else:
        await world.env.advance_time(HOUR_S)
        await shop.tick(world)
    assert role.id in member_roles(world, alice)


async def test_it_comes_back_as_often_as_they_do(world: World) -> None:
    role = await bought(world)
    for _ in range(3):
        alice = await come_back(world)
        await alice.send(world.channel, "hi")
        assert role.id in member_roles(world, alice)


async def test_what_was_taken_by_hand_stays_taken(world: World) -> None:
    by_level, by_shop = await at_level(world), await bought(world)
    stored = world.env.backend.guilds[world.guild.id].members[world.alice.id]
    stored.role_ids = []
    await world.alice.send(world.channel, "hi")
    await world.env.advance_time(HOUR_S)
    await tick(world, 2)
    await shop.tick(world)
    assert not {by_level.id, by_shop.id} & set(member_roles(world, world.alice))


async def test_who_stays_away_is_left_alone(world: World) -> None:
    await at_level(world)
    await bought(world)
    await leave(world)
    before = len(world.env.http_requests)
    for _ in range(3):
        await world.env.advance_time(HOUR_S)
        await tick(world)
        await shop.tick(world)
    asked = [r for r in world.env.http_requests[before:] if r.method in ("PUT", "DELETE")]
    assert asked == []


async def test_a_role_whose_time_is_over_does_not_come_back(world: World) -> None:
    role = await bought(world, days="1")
    alice = await come_back(world)
    await world.env.advance_time(2 * 86_400)
    await alice.send(world.channel, "hi")
    await shop.tick(world)
    assert role.id not in member_roles(world, alice)


async def test_a_role_that_a_moderator_confirms_waits_for_one_again(world: World) -> None:
    role = await at_level(world, confirm=True)
    opened = await world.moderator.slash(world.channel, "levels queue")
    await world.moderator.click(
        opened.response, custom_id=button_id(opened.response, r"levels:yes:\d+")
    )
    assert role.id in member_roles(world, world.alice)
    alice = await come_back(world)
    await alice.send(world.channel, "hi")
    await tick(world, 2)
    assert role.id not in member_roles(world, alice)
    opened = await world.moderator.slash(world.channel, "levels queue")
    assert f"<@{alice.id}> reached level 1" in texts_of(opened.response)


async def test_who_fell_below_the_level_meanwhile_does_not_get_its_role(world: World) -> None:
    role = await at_level(world)
    user = await leave(world)
    await pay(world, world.alice, -LEVEL[1], kind="deduct")
    await tick(world, 2)
    alice = world.guild.add_member(simcord.builders.UserHandle(world.env, user))
    await alice.send(world.channel, "hi")
    await tick(world, 2)
    assert role.id not in member_roles(world, alice)


async def test_what_cannot_be_given_again_is_shown_to_moderators(world: World) -> None:
    role = await bought(world)
    await give_permissions(world, "VIP", ban_members=True)
    alice = await come_back(world)
    await alice.send(world.channel, "hi")
    assert role.id not in member_roles(world, alice)
    queue = await world.moderator.slash(world.channel, "shop-admin queue")
    assert f"<@{alice.id}>" in texts_of(queue.response)
    await give_permissions(world, "VIP")
    await world.env.advance_time(HOUR_S)
    await shop.tick(world)
    assert role.id in member_roles(world, alice)
    queue = await world.moderator.slash(world.channel, "shop-admin queue")
    assert f"<@{alice.id}>" not in texts_of(queue.response)
