"""Products, what they open, and what moderators do by hand, as they are seen on Discord."""

from typing import Any

import discord
import pytest

from bot.recommend.service import Request
from storage import access, audit, deeds
from storage.records import AuditAction, AuditRow, EventKind
from tests.discord_sim import (
    World,
    button_id,
    buttons_of,
    member_roles,
    press_at_once,
    set_locale,
    texts_of,
)
from tests.purchases.scenes import COURSE, URL, grant, later, shelved, sold, tick


async def opened(world: World, who: Any) -> str:
    """Return what somebody reads who searches for the course and presses its button."""
    found = await who.slash(world.channel, "search", query=COURSE)
    assert URL not in str([b.url for b in buttons_of(found.response)])
    pressed = await who.click(
        found.response, custom_id=button_id(found.response, r"card:open:\d+|shared:open:\d+")
    )
    return texts_of(pressed.response) + " ".join(str(b.url) for b in buttons_of(pressed.response))


async def test_what_is_sold_has_a_price_for_others_and_a_link_for_who_has_it(
    lenient_world: World,
) -> None:
    world = lenient_world
    await shelved(world)
    slash = world.moderator.slash
    role = world.guild.create_role("Rustaceans")
    made = await slash(
        world.channel,
        "product add",
        title="Rust course",
        price=199,
        currency="CNY",
        role=role,
        grace=3,
    )
    assert "¥199 · permanently" in texts_of(made.response)
    added = await slash(world.channel, "product opens", product="Rust course", resource=COURSE)
    assert "Opens 1 resource" in texts_of(added.response)

    found = await world.alice.slash(world.channel, "search", query=COURSE)
    assert "¥199" in texts_of(found.response) and "/buy" in texts_of(found.response)
    assert "Get it" in texts_of(found.response)
    refused = await opened(world, world.alice)
    assert "Rust course" in refused and URL not in refused
    assert URL in await opened(world, world.moderator)

    given = await grant(world, world.alice)
    assert "has **Rust course** now" in texts_of(given.response)
    assert URL in await opened(world, world.alice)
    found = await world.alice.slash(world.channel, "search", query=COURSE)
    assert "/buy" not in texts_of(found.response)
    assert URL not in await opened(world, world.bob)
    await tick(world)
    assert role.id in member_roles(world, world.alice)

    undo = button_id(given.response, r"purchase:undo:\d+")
    await press_at_once(world.env, [(world.moderator, given.response, undo)] * 2)
    assert len(await trail(world, "purchase.undo")) == 1
    assert URL not in await opened(world, world.alice)
    await tick(world)
    assert role.id not in member_roles(world, world.alice)


async def test_a_refund_takes_access_after_grace_and_its_undoing_gives_it_back(
    lenient_world: World,
) -> None:
    world = lenient_world
    role = world.guild.create_role("Rustaceans")
    await sold(world, "Rust course", await shelved(world), role_id=role.id, grace_days=2)
    number = (await texts(world, await grant(world, world.alice))).split("`")[1]
    await tick(world)
    taken = await world.moderator.slash(
        world.channel, "purchase refund", order=number, reason="she changed her mind"
    )
    later(world, days=1)
    await tick(world)
    assert role.id in member_roles(world, world.alice)
    assert URL in await opened(world, world.alice)
    later(world, days=1.1)
    await tick(world)
    assert role.id not in member_roles(world, world.alice)
    assert URL not in await opened(world, world.alice)
    twice = await world.moderator.slash(
        world.channel, "purchase refund", order=number, reason="again"
    )
    assert "taken back already" in texts_of(twice.response)
    undo = button_id(taken.response, r"purchase:undo:\d+")
    await world.moderator.click(taken.response, custom_id=undo)
    await tick(world)
    assert role.id in member_roles(world, world.alice)
    assert URL in await opened(world, world.alice)
    shown = await world.moderator.slash(world.channel, "purchase show", member=world.alice)
    assert number in texts_of(shown.response) and "refunded" not in texts_of(shown.response)


async def trail(world: World, action: AuditAction) -> list[AuditRow]:
    """Return what the log says that was done so."""
    async with world.app.database.read() as conn:
        found = await audit.rows(conn, world.guild.id, limit=50)
    return [row for row in found if row.action == action]


async def texts(world: World, result: Any) -> str:
    return texts_of(result.response)


async def test_what_is_bought_counts_most_is_recommended_no_more_and_a_refund_counts_back(
    world: World,
) -> None:
    resource = await shelved(world)
    other = await shelved(world, "Go from scratch", "https://courses.example/go")
    made = await sold(world, "Rust course", resource)
    asked = Request(guild_id=world.guild.id, user_id=world.alice.id)
    service = world.app.services

    async def picks() -> set[int]:
        async with world.app.database.read() as conn:
            ranked = await service.recommend.rank(conn, asked)
        return {one.resource_id for one, _ in ranked.picks}

    async def stands() -> list[tuple[EventKind, bool]]:
        async with world.app.database.read() as conn:
            done = await deeds.of(conn, world.guild.id, world.alice.id)
        return [(each.kind, each.stands) for each in done]

    assert await picks() == {resource.resource_id, other.resource_id}
    who = (world.guild.id, world.moderator.id)
    bought = await service.purchases.by_hand.grant(
        *who, world.alice.id, made.product_id, source_id=7, reason="a gift"
    )
    assert await picks() == {other.resource_id}
    assert await stands() == [(EventKind.PURCHASE, True)]
    await service.purchases.by_hand.refund(
        *who, bought.purchase.purchase_id, source_id=8, reason="no"
    )
    assert await stands() == [(EventKind.PURCHASE, False), (EventKind.REFUND, True)]
    again = await service.purchases.by_hand.grant(
        *who, world.alice.id, made.product_id, source_id=9, reason="after all"
    )
    assert again.purchase.purchase_id != bought.purchase.purchase_id
    assert (EventKind.PURCHASE, True) in await stands()


async def test_what_a_level_or_points_gave_as_well_stays(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Rustaceans")
    resource = await shelved(world)
    await sold(world, "Rust course", resource, role_id=role.id)
    await sold(world, "Everything", resource, role_id=role.id)
    await grant(world, world.alice, days=1)
    await grant(world, world.alice, "Everything", days=3)
    await tick(world)
    for days, has_role in ((1.5, True), (2, False)):
        later(world, days=days)
        await tick(world)
        assert (role.id in member_roles(world, world.alice)) == has_role
        assert (URL in await opened(world, world.alice)) == has_role


async def test_a_role_of_the_resource_opens_it_too_and_is_not_needed_to_see_it(
    lenient_world: World,
) -> None:
    world = lenient_world
    role = world.guild.create_role("Staff")
    await sold(world, "Rust course", await shelved(world, role_id=role.id))
    assert URL not in await opened(world, world.alice)
    world.env.backend.guilds[world.guild.id].members[world.bob.id].role_ids.append(role.id)
    assert URL in await opened(world, world.bob)


async def test_a_role_that_cannot_be_given_is_told_and_given_when_it_can(
    lenient_world: World,
) -> None:
    world = lenient_world
    role = world.guild.create_role("Rustaceans")
    await sold(world, "Rust course", role_id=role.id, **{})
    await grant(world, world.alice)
    world.env.backend.edit_role(
        world.guild.id, role.id, {"permissions": discord.Permissions(ban_members=True).value}
    )
    await world.env.settle()
    await tick(world)
    listed = await world.moderator.slash(world.channel, "product list")
    assert "only the server's owner" in texts_of(listed.response)
    set_locale(world.moderator, "zh-CN")
    listed = await world.moderator.slash(world.channel, "product list")
    assert "只能由服务器所有者" in texts_of(listed.response)
    world.env.backend.edit_role(world.guild.id, role.id, {"permissions": 0})
    later(world, hours=2)
    await tick(world)
    assert role.id in member_roles(world, world.alice)


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        ("product add", {"title": "​"}, "visible character"),
        ("product add", {"title": "X", "term": "days"}, "how many days"),
        ("product add", {"title": "X", "price": 9}, "currency"),
        ("product add", {"title": "X", "link": "javascript:x"}, "http"),
        ("product add", {"title": "Rust course"}, "already"),
        ("product edit", {"product": "Rust"}, "Nothing changes"),
        ("product edit", {"product": "nothing like it", "grace": 1}, "No single product"),
        ("product id", {"product": "Rust", "source": "discord", "id": "abc"}, "SKU"),
        ("product id", {"product": "Rust", "source": "role"}, "not @everyone"),
        ("purchase refund", {"order": "nope", "reason": "x"}, "No single purchase"),
    ],
)
async def test_what_is_refused(
    lenient_world: World, command: str, options: dict[str, Any], said: str
) -> None:
    await sold(lenient_world)
    refused = await lenient_world.moderator.slash(lenient_world.channel, command, **options)
    assert said in texts_of(refused.response)


async def test_access_through_a_link_is_asked_when_it_is_followed(lenient_world: World) -> None:
    world = lenient_world
    await sold(world, "Rust course", await shelved(world), grace_days=0)
    await grant(world, world.alice, days=1)
    async with world.app.database.read() as conn:
        now = world.app.clock().timestamp()
        who = (world.guild.id, world.alice.id)
        assert await access.owned(conn, *who, None, now) != set()
        assert await access.owned(conn, *who, None, now + 2 * 86_400) == set()
