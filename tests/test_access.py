"""What is for a role, for moderators or for one member stays theirs, whichever way one comes."""

from typing import Any

import pytest

from bot import cards
from bot.catalog import views as catalog_views
from storage import catalog, events
from storage.records import Resource
from tests.discord_sim import World, button_id, texts_of

OPEN, SAVE = cards.OPEN_TEMPLATE, cards.PUBLIC_SAVE_TEMPLATE
TITLE = "Ownership in depth"


async def seed(world: World, **fields: Any) -> int:
    fields = {"tags": ("rust",)} | fields
    resource = Resource(world.guild.id, "course", TITLE, "https://paid.example/rust", **fields)
    return await world.app.database.write(lambda conn: catalog.add(conn, resource))


async def saved_by(world: World, member: Any) -> int:
    async with world.app.database.read() as conn:
        return len(await events.member_history(conn, world.guild.id, member.id, 0.0))


def give_roles(world: World, member: Any, *roles: Any) -> None:
    """Leave a member exactly these roles; interactions carry them."""
    stored = world.env.backend.guilds[world.guild.id].members[member.id]
    stored.role_ids = [role.id for role in roles]


async def suggestions(world: World, member: Any, command: str, option: str) -> list[Any]:
    found: list[Any] = await member.autocomplete(world.channel, command, option, "")
    return found


async def test_saving_a_shared_card_for_a_role_is_no_way_round_the_role(
    lenient_world: World,
) -> None:
    world = lenient_world
    role = world.guild.create_role("Paid")
    await seed(world, role_id=role.id)
    await world.moderator.slash(world.channel, "share", resource=TITLE)
    card = world.channel.last_message
    refused = await world.alice.click(card, custom_id=button_id(card, SAVE))
    assert f"<@&{role.id}>" in texts_of(refused.response)
    assert await saved_by(world, world.alice) == 0
    give_roles(world, world.bob, role)
    await world.bob.click(card, custom_id=button_id(card, SAVE))
    assert await saved_by(world, world.bob) == 1


async def test_who_loses_a_role_loses_what_it_opened(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Paid")
    number = await seed(world, role_id=role.id)
    give_roles(world, world.alice, role)
    shown = (await world.alice.slash(world.channel, "search", query="ownership")).response
    key = (world.guild.id, world.alice.id, number, 1)
    await world.app.services.library.toggle_shared(*key)
    assert TITLE in texts_of((await world.alice.slash(world.channel, "saved")).response)
    give_roles(world, world.alice)
    refused = await world.alice.click(shown, custom_id=button_id(shown, OPEN))
    assert f"<@&{role.id}>" in texts_of(refused.response)
    assert "paid.example" not in texts_of(refused.response)
    assert TITLE not in texts_of((await world.alice.slash(world.channel, "saved")).response)


async def test_suggestions_name_nothing_of_a_role_to_others(world: World) -> None:
    role = world.guild.create_role("Paid")
    await seed(world, role_id=role.id)
    for command, option in (("share", "resource"), ("similar", "resource"), ("recommend", "topic")):
        assert await suggestions(world, world.alice, command, option) == []
    give_roles(world, world.alice, role)
    for command, option in (("share", "resource"), ("similar", "resource"), ("recommend", "topic")):
        assert await suggestions(world, world.alice, command, option) != []


async def test_suggestions_for_moderators_are_checked_when_they_are_asked_for(
    lenient_world: World,
) -> None:
    world = lenient_world
    await seed(world, state="retired")
    # A server may hand a command to somebody without the permission; the bot does not.
    for stored in world.env.backend.commands[None].values():
        stored["default_member_permissions"] = None
    for command, option in (
        ("resource edit", "resource"),
        ("resource retire", "resource"),
        ("rules set", "rule"),
        ("rules set", "field"),
    ):
        assert await suggestions(world, world.alice, command, option) == [], command
    assert await suggestions(world, world.moderator, "resource edit", "resource") != []


async def test_a_button_that_posts_a_card_posts_that_card_or_none(lenient_world: World) -> None:
    world = lenient_world
    number = await seed(world)
    other = Resource(world.guild.id, "article", f"Chapter {number}", "https://doc.example/chapter")
    await world.app.database.write(lambda conn: catalog.add(conn, other))
    shown = await world.moderator.slash(world.channel, "resource edit", resource=TITLE, minutes=5)
    post = button_id(shown.response, catalog_views.POST_TEMPLATE)
    await world.app.services.catalog.set_state(world.guild.id, world.bob.id, number, "retired")
    refused = await world.moderator.click(shown.response, custom_id=post)
    assert refused.ephemeral
    assert "Chapter" not in texts_of(refused.response)


async def test_who_is_no_moderator_any_more_cannot_use_a_moderators_button(
    lenient_world: World,
) -> None:
    world = lenient_world
    await seed(world)
    shown = await world.moderator.slash(world.channel, "resource edit", resource=TITLE, minutes=5)
    post = button_id(shown.response, catalog_views.POST_TEMPLATE)
    give_roles(world, world.moderator)
    refused = await world.moderator.click(shown.response, custom_id=post)
    assert refused.ephemeral
    assert TITLE not in texts_of(refused.response)


async def test_another_guild_cannot_be_reached_by_its_numbers(lenient_world: World) -> None:
    world = lenient_world
    number = await seed(world)
    services, elsewhere = world.app.services, world.guild.id + 1
    calls = (
        services.links.open_shared(elsewhere, world.alice.id, 1, number),
        services.library.toggle_shared(elsewhere, world.alice.id, number, 1),
        services.recommend.similar(elsewhere, world.alice.id, number),
        services.catalog.live(elsewhere, number),
        services.catalog.pick(elsewhere, str(number)),
        services.catalog.edit(elsewhere, world.bob.id, number, {"title": "Mine now"}),
        services.catalog.set_state(elsewhere, world.bob.id, number, "retired"),
    )
    for call in calls:
        with pytest.raises(Exception, match=r"^error-"):
            await call
    async with world.app.database.read() as conn:
        known = await catalog.resource(conn, world.guild.id, number)
    assert known is not None and (known.title, known.state) == (TITLE, "live")
