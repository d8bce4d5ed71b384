"""Giving and taking roles over the simulated Discord, and why it may be impossible."""

from typing import Any

import pytest

from bot.messenger import UnreachableError
from bot.roles import DiscordRoles, GoneError, RoleError, Wanted
from tests.discord_sim import World, lift_role, limit_bot, member_roles


def roles_of(world: World) -> DiscordRoles:
    return DiscordRoles(world.client)


def wanted(world: World, role_id: int, giver: Any = None) -> Wanted:
    return Wanted(world.guild.id, role_id, (giver or world.moderator).id)


async def test_a_role_is_given_and_taken_and_twice_changes_nothing(world: World) -> None:
    role = world.guild.create_role("Regular")
    await world.env.settle()
    roles = roles_of(world)
    assert roles.problem(world.guild.id, role.id) is None
    for _ in range(2):
        await roles.give(wanted(world, role.id), world.alice.id, "level 5")
        assert role.id in member_roles(world, world.alice)
    for _ in range(2):
        await roles.take(world.guild.id, world.alice.id, role.id, "below level 5")
        assert role.id not in member_roles(world, world.alice)


async def refused(world: World, role_id: int) -> tuple[str | None, str, int]:
    """Return what is foreseen, what happens, and how often Discord was asked for it."""
    foreseen = roles_of(world).problem(world.guild.id, role_id)
    before = len(world.env.http_requests)
    with pytest.raises(RoleError) as caught:
        await roles_of(world).give(wanted(world, role_id), world.alice.id, "level 5")
    asked = [r for r in world.env.http_requests[before:] if r.method == "PUT"]
    return foreseen, caught.value.problem, len(asked)


async def test_what_cannot_work_is_told_without_asking_discord(world: World) -> None:
    role = world.guild.create_role("Regular")
    await world.env.settle()
    assert await refused(world, world.guild.id) == ("managed", "managed", 0)
    assert await refused(world, 12345) == ("gone", "gone", 0)
    await lift_role(world, role)
    assert await refused(world, role.id) == ("above", "above", 0)
    await limit_bot(world, manage_roles=False)
    assert await refused(world, role.id) == ("permission", "permission", 0)


async def test_a_refusal_nobody_foresaw_is_a_refusal(world: World) -> None:
    role = world.guild.create_role("Regular")
    await world.env.settle()
    path = f"/guilds/{world.guild.id}/members/*/roles/*"
    world.env.inject_error("PUT", path, status=403, code=60003, times=1)
    assert await refused(world, role.id) == (None, "refused", 1)
    world.env.inject_error("PUT", path, status=404, code=10011, times=1)
    assert await refused(world, role.id) == (None, "gone", 1)


async def test_who_left_is_told_from_what_cannot_be_reached(world: World) -> None:
    role: Any = world.guild.create_role("Regular")
    await world.env.settle()
    roles = roles_of(world)
    with pytest.raises(GoneError):
        await roles.take(world.guild.id, 98765, role.id, "gone")
    path = f"/guilds/{world.guild.id}/members/*/roles/*"
    for status, code in ((500, 0), (403, 0), (403, 40333), (404, 0)):
        world.env.inject_error("PUT", path, status=status, code=code, times=1)
        with pytest.raises(UnreachableError):
            await roles.give(wanted(world, role.id), world.alice.id, "level 5")
    with pytest.raises(UnreachableError):
        roles.problem(404, role.id)
