"""Who paid and is not in the server is invited: with the role, alone, once a week, taken back."""

from typing import Any

from bot.app import make_jobs
from bot.demo.simulator import INVITED
from tests.discord_sim import World, member_roles, texts_of
from tests.experts.test_invitations import letters
from tests.purchases.scenes import grant, later, sold, tick


async def invite(world: World) -> None:
    jobs = {job.name: job for job in make_jobs(world.app, world.client)}
    await jobs["doors"].run(world.app.clock())
    await world.env.settle()


async def show(world: World, member: Any) -> str:
    result = await world.moderator.slash(world.channel, "purchase show", member=member)
    return texts_of(result.response)


async def test_a_buyer_outside_is_let_in_with_the_role_and_nobody_else_is(
    lenient_world: World,
) -> None:
    world = lenient_world
    role = world.guild.create_role("Pro")
    product = await sold(world, "Pro", role_id=role.id)
    world.guild.remove_member(world.bob)
    await world.env.settle()
    for member in (world.alice, world.bob.user):
        await grant(world, member, "Pro")
    await tick(world)
    before = set(INVITED)
    await invite(world)
    await invite(world)
    (code,) = set(INVITED) - before
    assert INVITED[code] == ([role.id], [world.bob.id])
    made = world.env.backend.invites[code]
    assert (made.max_uses, made.max_age) == (1, 7 * 24 * 3_600)
    (letter,) = letters(world.bob)
    assert "for you alone" in texts_of(letter) and f"discord.gg/{code}" in str(letter.components)
    assert f"discord.gg/{code}" in await show(world, world.bob.user)
    assert "discord.gg" not in await show(world, world.alice)
    # Still outside: another one a week later, without another message; the list shows the new one.
    later(world, days=7, minutes=1)
    await invite(world)
    (again,) = set(INVITED) - before - {code}
    told = await show(world, world.bob.user)
    assert again in told and code not in told and len(letters(world.bob)) == 1
    # Who comes in has the role by the invitation, and it is remembered to be taken back.
    back = world.guild.add_member(world.bob.user, roles=[role])
    await back.slash(world.channel, "buy")
    await tick(world)
    assert again not in await show(world, world.bob.user)
    assert role.id in member_roles(world, back)
    service = world.app.services.purchases.by_hand
    (bought,) = await service.of_member(world.guild.id, world.bob.id)
    who = (world.guild.id, world.moderator.id)
    await service.refund(*who, bought.purchase.purchase_id, source_id=5, reason="a mistake")
    await tick(world)
    assert role.id not in member_roles(world, back)
    assert product.role_id == role.id


async def test_an_invitation_is_taken_back_with_what_was_bought(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Pro")
    await sold(world, "Pro", role_id=role.id)
    world.guild.remove_member(world.bob)
    await world.env.settle()
    await grant(world, world.bob.user, "Pro")
    await tick(world)
    before = set(world.env.backend.invites)
    await invite(world)
    (code,) = set(world.env.backend.invites) - before
    service = world.app.services.purchases.by_hand
    (bought,) = await service.of_member(world.guild.id, world.bob.id)
    who = (world.guild.id, world.moderator.id)
    await service.refund(*who, bought.purchase.purchase_id, source_id=5, reason="a mistake")
    await invite(world)
    assert code not in world.env.backend.invites
    assert "discord.gg" not in await show(world, world.bob.user)
    await invite(world)


async def test_what_has_no_role_brings_its_buyer_in_too(lenient_world: World) -> None:
    world = lenient_world
    await sold(world, "Book")
    world.guild.remove_member(world.bob)
    await world.env.settle()
    for member in (world.alice, world.bob.user):
        await grant(world, member, "Book")
    before = set(INVITED)
    await tick(world)
    await tick(world)
    await invite(world)
    await invite(world)
    (code,) = set(INVITED) - before
    assert INVITED[code] == ([], [world.bob.id])
    (letter,) = letters(world.bob)
    assert f"discord.gg/{code}" in str(letter.components)
    back = world.guild.add_member(world.bob.user)
    await back.slash(world.channel, "buy")
    await world.env.settle()
    assert code not in await show(world, world.bob.user)
    later(world, days=8)
    await tick(world)
    await invite(world)
    assert set(INVITED) - before == {code}, "who is there is not invited again"
