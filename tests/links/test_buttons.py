"""The Open buttons on cards, as members press them."""

from datetime import UTC, datetime
from typing import Any

from bot import cards
from storage import catalog, impressions, members
from storage.records import Link, Resource
from tests.discord_sim import World, button_id, buttons_of, set_locale, texts_of
from tests.links.rows import opens_of

OPEN = cards.OPEN_TEMPLATE
SHARED = cards.PUBLIC_OPEN_TEMPLATE


async def seed(world: World, **fields: Any) -> int:
    """Add one resource and return its id."""
    resource = Resource(
        guild_id=world.guild.id,
        kind="article",
        title="Owner_ship",
        url="https://doc.rust-lang.org/book/",
        **fields,
    )
    return await world.app.database.write(lambda conn: catalog.add(conn, resource))


async def test_open_answers_with_the_link_and_logs_once(world: World) -> None:
    await seed(world)
    shown = (await world.alice.slash(world.channel, "search", query="owner")).response
    for _ in range(2):
        opened = await world.alice.click(shown, custom_id=button_id(shown, OPEN))
        assert opened.ephemeral
        assert "**Owner\\_ship**" in texts_of(opened.response)
        (link,) = [button for button in buttons_of(opened.response) if button.url]
        assert (link.url, link.label) == (
            "https://doc.rust-lang.org/book/",
            "Go to doc.rust-lang.org",
        )
    (event,) = await opens_of(world.app.database)
    assert (event.user_id, event.resource_id) == (world.alice.id, 1)
    await world.env.advance_time(601)
    await world.restart()
    await world.alice.click(shown, custom_id=button_id(shown, OPEN))
    assert len(await opens_of(world.app.database)) == 2


async def test_open_answers_in_chinese(world: World) -> None:
    await seed(world)
    set_locale(world.alice, "zh-CN")
    shown = (await world.alice.slash(world.channel, "search", query="owner")).response
    opened = await world.alice.click(shown, custom_id=button_id(shown, OPEN))
    assert "前往 doc.rust-lang.org" in texts_of(opened.response)


async def test_anybody_opens_a_shared_card_each_once(world: World) -> None:
    await seed(world)
    await world.alice.slash(world.channel, "share", resource="owner")
    card = world.channel.last_message
    await world.restart()
    for person in (world.alice, world.bob, world.bob):
        opened = await person.click(card, custom_id=button_id(card, SHARED))
        assert opened.ephemeral and "Go to" in texts_of(opened.response)
    opens = await opens_of(world.app.database)
    assert [event.user_id for event in opens] == [world.alice.id, world.bob.id]
    assert {event.source_id for event in opens} == {card.id}


async def test_a_shared_card_for_a_role_refuses_others(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Paid")
    await seed(world, role_id=role.id)
    await world.moderator.slash(world.channel, "share", resource="owner")
    card = world.channel.last_message
    refused = await world.alice.click(card, custom_id=button_id(card, SHARED))
    assert f"only for <@&{role.id}>" in texts_of(refused.response)
    assert await opens_of(world.app.database) == []
    opened = await world.moderator.click(card, custom_id=button_id(card, SHARED))
    assert "Go to" in texts_of(opened.response)


async def test_what_was_retired_or_shown_to_another_is_not_opened(lenient_world: World) -> None:
    world = lenient_world
    number = await seed(world)
    shown = (await world.alice.slash(world.channel, "search", query="owner")).response
    await world.app.services.catalog.set_state(world.guild.id, world.bob.id, number, "retired")
    gone = await world.alice.click(shown, custom_id=button_id(shown, OPEN))
    assert "no longer in the catalogue" in texts_of(gone.response)
    set_locale(world.alice, "zh-CN")
    gone = await world.alice.click(shown, custom_id=button_id(shown, OPEN))
    assert "已经不在目录里了" in texts_of(gone.response)
    assert await opens_of(world.app.database) == []


async def test_the_impression_of_another_member_is_refused(lenient_world: World) -> None:
    world = lenient_world
    await seed(world)
    shown = (await world.alice.slash(world.channel, "search", query="owner")).response
    # Only the one who was shown an ephemeral card can press it; the check holds all the same.
    impression_id = int(button_id(shown, OPEN).rpartition(":")[2])
    try:
        await world.app.services.links.open(impression_id, world.bob.id, role_ids=())
    except Exception as error:
        assert str(error) == "error-links-not-yours"
    else:
        raise AssertionError("it was opened")


async def test_a_member_who_is_not_tracked_opens_without_a_trace(world: World) -> None:
    await seed(world)
    await world.app.database.write(
        lambda conn: members.change_member(
            conn, world.guild.id, world.alice.id, 0.0, is_tracked=False
        )
    )
    shown = (await world.alice.slash(world.channel, "search", query="owner")).response
    assert buttons_of(shown)[0].url == "https://doc.rust-lang.org/book/"
    await world.alice.slash(world.channel, "share", resource="owner")
    card = world.channel.last_message
    opened = await world.alice.click(card, custom_id=button_id(card, SHARED))
    assert "Go to" in texts_of(opened.response)
    assert await opens_of(world.app.database) == []


async def test_expired_links_are_dropped_and_live_ones_stay(world: World) -> None:
    number = await seed(world)

    async def job(conn: Any) -> None:
        for token, expires in (("old", 100.0), ("new", 200.0)):
            link = Link(
                token=token,
                guild_id=world.guild.id,
                user_id=world.alice.id,
                resource_id=number,
                impression_id=1,
                created_at=0.0,
                expires_at=expires,
            )
            await impressions.add_link(conn, link)

    await world.app.database.write(job)
    await world.app.services.links.drop_expired(datetime.fromtimestamp(150, UTC))
    async with world.app.database.read() as conn:
        assert await impressions.link(conn, "old") is None
        assert await impressions.link(conn, "new") is not None
