"""What is for a role, for moderators or for one member stays theirs, whichever way one comes."""

from typing import Any

import pytest

from bot import cards, ui
from bot.catalog import views as catalog_views
from bot.errors import UserError
from bot.library import views as library_views
from bot.links.service import LinksService
from bot.membership import Present
from bot.messenger import DiscordMessenger
from storage import catalog, deeds
from storage.records import Resource
from tests.discord_sim import World, button_id, buttons_of, texts_of

OPEN, SAVE = cards.OPEN_TEMPLATE, cards.PUBLIC_SAVE_TEMPLATE
TITLE = "Ownership in depth"


async def seed(world: World, **fields: Any) -> int:
    fields = {"tags": ("rust",)} | fields
    resource = Resource(
        guild_id=world.guild.id,
        kind="course",
        title=TITLE,
        url="https://paid.example/rust",
        **fields,
    )
    return await world.app.database.write(lambda conn: catalog.add(conn, resource))


async def saved_by(world: World, member: Any) -> int:
    async with world.app.database.read() as conn:
        return len(await deeds.of(conn, world.guild.id, member.id))


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
    other = Resource(
        guild_id=world.guild.id,
        kind="article",
        title=f"Chapter {number}",
        url="https://doc.example/chapter",
    )
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


async def press_in_private(world: World, member: Any, impression_id: int) -> str:
    """Press Open on a card that stands in a direct message; return all that is answered."""
    number = cards.OPEN_ID.format(impression_id=impression_id)
    user = await world.client.fetch_user(member.id)
    await user.send(view=ui.panel("card", rows=[[ui.button("Open", number)]]))
    await world.env.settle()
    card = list(member.user.dm_channel.history())[-1]
    answer = (await member.user.click(card, custom_id=number)).response
    return texts_of(answer) + "".join(str(button.url) for button in buttons_of(answer))


async def test_a_card_in_a_direct_message_opens_what_the_server_shows_now(
    lenient_world: World,
) -> None:
    world = lenient_world
    role = world.guild.create_role("Paid")
    await seed(world, role_id=role.id)
    give_roles(world, world.alice, role)
    shown = (await world.alice.slash(world.channel, "search", query="ownership")).response
    number = int(button_id(shown, OPEN).rpartition(":")[2])
    opened = await press_in_private(world, world.alice, number)
    assert "paid.example" in opened
    give_roles(world, world.alice)
    refused = await press_in_private(world, world.alice, number)
    assert "paid.example" not in refused and f"<@&{role.id}>" in refused


async def test_a_link_asks_for_the_role_when_it_is_followed(world: World) -> None:
    role = world.guild.create_role("Paid")
    number = await seed(world, role_id=role.id)
    present = Present(world.client)
    links = LinksService(world.app.database, world.app.clock, "https://learn.example")

    async def job(conn: Any) -> Any:
        found = await catalog.resource(conn, world.guild.id, number)
        assert found is not None
        return await links.show(conn, world.guild.id, world.alice.id, [found], "search", arm="x")

    (shown,) = await world.app.database.write(job)
    token = str(shown.url).rpartition("/")[2]
    give_roles(world, world.alice, role)
    assert await links.follow(token, "GET", {}, present.roles_in) == "https://paid.example/rust"
    give_roles(world, world.alice)
    with pytest.raises(UserError, match="error-links-role"):
        await links.follow(token, "GET", {}, present.roles_in)
    with pytest.raises(UserError, match="error-membership-unsure"):
        await links.follow(token, "GET", {}, Present().roles_in)
    world.guild.remove_member(world.alice)
    await world.env.settle()
    with pytest.raises(UserError, match="error-membership-left"):
        await links.follow(token, "GET", {}, present.roles_in)
    world.env.backend.remove_guild(world.guild.id)
    await world.env.settle()
    with pytest.raises(UserError, match="error-membership-without"):
        await links.follow(token, "GET", {}, present.roles_in)


OWN_BUTTONS = {
    "save": cards.SAVE_TEMPLATE,
    "dismiss": cards.DISMISS_TEMPLATE,
    "undo": library_views.UNDO_TEMPLATE,
}
"""What acts on a card that one member was shown; Open is tried above."""


@pytest.mark.parametrize("press", sorted(OWN_BUTTONS))
async def test_no_button_of_a_card_acts_on_what_is_for_another_role_by_now(
    lenient_world: World, press: str
) -> None:
    world = lenient_world
    number = await seed(world)
    shown = (await world.alice.slash(world.channel, "search", query="ownership")).response
    if press == "undo":
        dismiss = button_id(shown, cards.DISMISS_TEMPLATE)
        shown = (await world.alice.click(shown, custom_id=dismiss)).response or shown
    before = await saved_by(world, world.alice)
    role = world.guild.create_role("Paid")
    await world.app.services.catalog.edit(
        world.guild.id, world.bob.id, number, {"title": "Staff plans"}, role_id=role.id
    )
    button = button_id(shown, OWN_BUTTONS[press])
    refused = await world.alice.click(shown, custom_id=button)
    assert f"<@&{role.id}>" in texts_of(refused.response)
    assert "Staff plans" not in texts_of(refused.response)
    assert await saved_by(world, world.alice) == before
    give_roles(world, world.alice, role)
    await world.alice.click(shown, custom_id=button)
    assert await saved_by(world, world.alice) > before


async def test_what_was_saved_is_let_go_of_whatever_became_of_it(lenient_world: World) -> None:
    world = lenient_world
    number = await seed(world)
    shown = (await world.alice.slash(world.channel, "search", query="ownership")).response
    save = button_id(shown, cards.SAVE_TEMPLATE)
    await world.alice.click(shown, custom_id=save)
    await world.app.services.catalog.set_state(world.guild.id, world.bob.id, number, "retired")
    await world.alice.click(shown, custom_id=save)
    assert await saved_by(world, world.alice) == 2
    refused = await world.alice.click(shown, custom_id=save)
    assert refused.ephemeral
    assert await saved_by(world, world.alice) == 2


async def test_who_sits_in_a_voice_channel_is_not_taken_for_who_they_were_when_they_came(
    world: World,
) -> None:
    role = world.guild.create_role("Paid")
    give_roles(world, world.alice, role)
    room = world.guild.create_voice_channel("Talk")
    await world.env.settle()
    world.env.backend.set_voice_state(world.guild.id, world.alice.id, room.id)
    await world.env.settle()
    guild = world.client.get_guild(world.guild.id)
    assert guild is not None
    cached = guild.get_member(world.alice.id)
    assert cached is not None and role.id in [each.id for each in cached.roles]
    give_roles(world, world.alice)
    where = world.guild.id, world.alice.id
    assert role.id not in (await Present(world.client).roles_in(*where) or ())
    recipient = await DiscordMessenger(world.client).recipient(*where)
    assert recipient is not None and role.id not in recipient.role_ids
