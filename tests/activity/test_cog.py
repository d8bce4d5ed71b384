from pathlib import Path
from typing import Any

import pytest
from simcord.enums import MessageType
from sqlalchemy import select

from bot.emoji import emoji_hash
from storage import catalog, members
from storage.records import EventKind, Resource
from storage.schema import events as table
from tests.discord_sim import World, open_world


async def rows(world: World) -> list[Any]:
    async with world.app.database.read() as conn:
        return list((await conn.execute(select(table).order_by(table.c.event_id))).all())


async def kinds(world: World) -> list[EventKind]:
    return [EventKind(row.kind) for row in await rows(world)]


async def test_a_message_leaves_who_where_and_how_long_but_not_what(world: World) -> None:
    sent = await world.alice.send(world.channel, "a secret nobody else should keep")
    (row,) = await rows(world)
    assert (row.kind, row.source_id, row.user_id) == (EventKind.MESSAGE, sent.id, world.alice.id)
    assert (row.guild_id, row.channel_id) == (world.guild.id, world.channel.id)
    assert (row.length_class, row.is_reply, row.in_thread, row.target_id) == (2, False, False, None)
    assert row.occurred_at == pytest.approx(sent.created_at.timestamp())
    for file in world.app.settings.database_path.parent.glob("lyceum.sqlite3*"):
        assert b"secret" not in file.read_bytes()


async def test_attachments_are_noted(world: World) -> None:
    await world.alice.send(world.channel, "", attachments=[("a.png", b"png")])
    (row,) = await rows(world)
    assert (row.has_attachment, row.length_class) == (True, 0)


async def test_without_the_intent_a_message_has_no_length(tmp_path: Path) -> None:
    path = tmp_path / "lyceum.sqlite3"
    async with open_world(path, message_content_intent=False) as world:
        await world.alice.send(world.channel, "hello")
        await world.bob.send(world.channel, f"<@{world.client.application_id}> can you read this?")
        assert [row.length_class for row in await rows(world)] == [None, None]


async def test_a_reply_is_aimed_at_who_wrote_before(world: World) -> None:
    question = await world.alice.send(world.channel, "how do I borrow twice?")
    await world.bob.send(world.channel, "with a cell", reply_to=question)
    row = (await rows(world))[1]
    assert (row.is_reply, row.target_id) == (True, world.alice.id)


async def test_a_reply_to_a_message_from_before_us_is_aimed_too(world: World) -> None:
    world.env.backend.create_message(
        world.channel.id, world.alice.id, "before you came", broadcast=False
    )
    old = world.channel.last_message
    await world.bob.send(world.channel, "still true", reply_to=old)
    (row,) = await rows(world)
    assert row.target_id == world.alice.id


async def test_a_thread_and_what_is_said_in_it_belong_to_its_owner(world: World) -> None:
    thread = world.env.backend.create_thread(world.channel.id, "Lifetimes", world.alice.id)
    await world.env.settle()
    world.env.backend.create_message(thread.id, world.bob.id, "let me explain them")
    await world.env.settle()
    opened, said = await rows(world)
    assert (opened.kind, opened.source_id, opened.user_id, opened.channel_id) == (
        (EventKind.THREAD, thread.id, world.alice.id, world.channel.id)
    )
    assert (said.in_thread, said.channel_id, said.target_id) == (True, thread.id, world.alice.id)


async def test_bots_webhooks_and_discords_own_notes_are_no_activity(world: World) -> None:
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    await world.env.settle()
    sent = await robot.send(world.channel, "beep")
    await robot.react(sent, "👍")
    await world.guild.create_webhook(world.channel).send("news from the feed")
    world.guild.create_system_message(world.channel, MessageType.NEW_MEMBER, author=world.bob)
    await world.env.settle()
    assert await rows(world) == []


async def test_direct_messages_are_nobodys_business(world: World) -> None:
    await world.alice.send_dm("just between us")
    assert await rows(world) == []


async def test_a_reaction_and_its_removal_are_both_kept(world: World) -> None:
    sent = await world.alice.send(world.channel, "a helpful answer")
    await world.bob.react(sent, "👍🏽")
    await world.bob.unreact(sent, "👍🏽")
    _, added, removed = await rows(world)
    assert (added.kind, removed.kind) == (EventKind.REACTION, EventKind.REACTION_REMOVED)
    for row in (added, removed):
        assert (row.source_id, row.user_id, row.target_id) == (
            (sent.id, world.bob.id, world.alice.id)
        )
        assert row.qualifier == emoji_hash("👍")


async def test_a_moderator_clearing_one_emoji_or_all_takes_reactions_back(world: World) -> None:
    sent = await world.alice.send(world.channel, "a helpful answer")
    await world.bob.react(sent, "👍")
    await world.moderator.react(sent, "👍")
    await world.bob.react(sent, "🎉")
    world.env.backend.clear_reaction(world.channel.id, sent.id, "👍")
    await world.env.settle()
    assert (await kinds(world)).count(EventKind.REACTION_REMOVED) == 2
    world.env.backend.clear_reactions(world.channel.id, sent.id)
    await world.env.settle()
    assert (await kinds(world)).count(EventKind.REACTION_REMOVED) == 3


async def test_deleting_one_or_many_messages_is_noted(world: World) -> None:
    sent = [await world.alice.send(world.channel, f"number {n}") for n in range(3)]
    await world.alice.delete(sent[0])
    world.env.backend.bulk_delete_messages(world.channel.id, [sent[1].id, sent[2].id])
    await world.env.settle()
    gone = [row for row in await rows(world) if row.kind == EventKind.MESSAGE_DELETED]
    assert [row.source_id for row in gone] == [message.id for message in sent]
    assert {row.user_id for row in gone} == {world.alice.id}


async def test_the_same_gateway_events_again_change_nothing(world: World) -> None:
    sent = await world.alice.send(world.channel, "hello there")
    await world.bob.react(sent, "👍")
    await world.bob.unreact(sent, "👍")
    await world.alice.delete(sent)
    before = await rows(world)
    replayed = [
        (entry[1], entry[2])
        for entry in list(world.env.backend.transcript)
        if entry[0] == "GATEWAY" and entry[1].startswith("MESSAGE_")
    ]
    assert len(replayed) == 4
    for event, payload in replayed * 2:
        world.env.backend.emit(event, payload)
        await world.env.settle()
    assert await rows(world) == before


async def test_who_asked_not_to_be_tracked_leaves_no_trace(world: World) -> None:
    now = world.app.clock().timestamp()
    await world.app.database.write(
        lambda conn: members.change_member(
            conn, world.guild.id, world.alice.id, now, is_tracked=False
        )
    )
    sent = await world.alice.send(world.channel, "do not write this down")
    await world.alice.react(sent, "👍")
    await world.alice.delete(sent)
    assert await rows(world) == []


async def card(world: World) -> tuple[int, Any]:
    """Post what stands for a resource's card; return the resource's id and the message."""
    posted = world.env.backend.create_message(
        world.channel.id, world.env.backend.bot_user.id, "The Rust Book"
    )
    await world.env.settle()
    guild_id, now = world.guild.id, world.app.clock().timestamp()

    async def job(conn: Any) -> int:
        book = Resource(
            guild_id=guild_id,
            kind="ebook",
            title="The Rust Book",
            url="https://doc.rust-lang.org/book",
        )
        number = await catalog.add(conn, book)
        await catalog.remember_message(conn, guild_id, posted.id, world.channel.id, number, now)
        return number

    return await world.app.database.write(job), world.channel.last_message


async def test_likes_and_comments_of_a_card_are_about_its_resource(world: World) -> None:
    number, posted = await card(world)
    await world.alice.react(posted, "❤️")
    await world.alice.send(world.channel, "chapter ten is the best", reply_to=posted)
    thread = world.env.backend.create_thread(
        world.channel.id, "About it", world.bob.id, message_id=posted.id
    )
    await world.env.settle()
    world.env.backend.create_message(thread.id, world.alice.id, "and chapter four?")
    await world.env.settle()
    await world.alice.unreact(posted, "❤️")
    found = {(row.kind, row.resource_id, row.target_id) for row in await rows(world)}
    assert found == {
        (EventKind.REACTION, number, None),
        (EventKind.MESSAGE, number, None),
        (EventKind.THREAD, None, None),
        (EventKind.MESSAGE, number, world.bob.id),
        (EventKind.REACTION_REMOVED, number, None),
    }
