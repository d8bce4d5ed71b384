"""A role that a product gave for a time ends although whoever bought it was erased since."""

import pytest
from sqlalchemy import select

from storage.schema import role_ends
from tests.discord_sim import World, member_roles
from tests.purchases.scenes import grant, later, shelved, sold, tick


@pytest.mark.parametrize("is_for_good", [False, True])
async def test_a_products_role_ends_when_it_was_to_and_one_for_good_stays(
    lenient_world: World, is_for_good: bool
) -> None:
    world = lenient_world
    role = world.guild.create_role("Rustaceans")
    resource = await shelved(world)
    await sold(world, "Rust course", resource, role_id=role.id)
    await sold(world, "Everything", resource, role_id=role.id)
    await grant(world, world.alice, days=1)
    if is_for_good:
        await grant(world, world.alice, "Everything")
    await tick(world)
    assert role.id in member_roles(world, world.alice)
    who = (world.guild.id, world.alice.id)
    await world.app.services.privacy.erase(*who, is_tracking_stopped=False)
    for days, has_role in ((0.5, True), (2, is_for_good)):
        later(world, days=days)
        await tick(world)
        await tick(world, "shop")
        assert (role.id in member_roles(world, world.alice)) == has_role
    async with world.app.database.read() as conn:
        assert (await conn.execute(select(role_ends))).all() == []


async def test_who_buys_it_again_after_erasing_keeps_the_role(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Rustaceans")
    await sold(world, "Rust course", await shelved(world), role_id=role.id)
    await grant(world, world.alice, days=1)
    await tick(world)
    who = (world.guild.id, world.alice.id)
    await world.app.services.privacy.erase(*who, is_tracking_stopped=False)
    await grant(world, world.alice, days=9)
    await tick(world)
    later(world, days=2)
    await tick(world, "shop")
    assert role.id in member_roles(world, world.alice)


async def test_the_role_of_a_subscription_without_a_known_end_goes_at_once(
    lenient_world: World,
) -> None:
    world = lenient_world
    role = world.guild.create_role("Rustaceans")
    await sold(world, "Rust club", term="subscription", role_id=role.id)
    await grant(world, world.alice, "Rust club")
    await tick(world)
    assert role.id in member_roles(world, world.alice)
    who = (world.guild.id, world.alice.id)
    await world.app.services.privacy.erase(*who, is_tracking_stopped=False)
    await tick(world, "shop")
    assert role.id not in member_roles(world, world.alice)
    async with world.app.database.read() as conn:
        assert (await conn.execute(select(role_ends))).all() == []
