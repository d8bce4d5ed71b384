import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import discord
import pytest
from simcord.backend import serializers
from simcord.backend.models import Reaction

from bot.activity import cog as cog_module
from bot.activity.cog import ActivityCog
from storage import events, ledger, members
from storage.records import EventKind
from tests.activity.test_cog import card, kinds, rows
from tests.discord_sim import World, open_world


def say(world: World, text: str, *, channel: Any = None, author: Any = None) -> Any:
    """Post a message that the gateway never tells the bot of."""
    place = channel or world.channel
    return world.env.backend.create_message(
        place.id, (author or world.alice).id, text, broadcast=False
    )


async def cursors(world: World) -> dict[int, int]:
    async with world.app.database.read() as conn:
        return await events.cursors(conn, world.guild.id)


async def sources(world: World) -> list[int]:
    return [row.source_id for row in await rows(world) if row.kind == EventKind.MESSAGE]


async def test_the_cursor_follows_live_messages(world: World) -> None:
    sent = await world.alice.send(world.channel, "hello")
    assert (await cursors(world))[world.channel.id] == sent.id


async def test_what_was_said_while_the_bot_was_down_is_read_back_in_order(world: World) -> None:
    live = await world.alice.send(world.channel, "before")
    missed = [say(world, f"meanwhile {n}") for n in range(120)]
    say(world, "beep", author=world.env.backend.bot_user)
    await world.restart()
    assert await sources(world) == [live.id, *(message.id for message in missed)]
    assert {row.length_class for row in await rows(world)} == {1, 2}
    after = await world.bob.send(world.channel, "and after")
    assert (await sources(world))[-1] == after.id == (await cursors(world))[world.channel.id]


async def test_reading_back_twice_changes_nothing(world: World) -> None:
    say(world, "meanwhile")
    await world.restart()
    before = await rows(world)
    reads = _history_requests(world)
    await world.restart()
    assert await rows(world) == before
    assert _history_requests(world) == reads


def _history_requests(world: World) -> int:
    return sum(
        request.method == "GET" and request.path.endswith("/messages")
        for request in world.env.http_requests
    )


async def test_history_from_before_the_bot_came_is_never_read(tmp_path: Any) -> None:
    async with open_world(tmp_path / "lyceum.sqlite3") as world:
        quiet = world.guild.create_text_channel("quiet")
        await world.env.settle()
        assert _history_requests(world) == 0
        say(world, "the first word in here", channel=quiet)
        await world.restart()
        assert len(await sources(world)) == 1

        elsewhere = world.env.create_guild("Elsewhere")
        old = world.env.backend.create_channel(elsewhere.id, "archive", announce=False)
        somebody = elsewhere.add_member(world.env.create_user("somebody"))
        world.env.backend.create_message(old.id, somebody.id, "long ago", broadcast=False)
        await world.restart()
        assert len(await sources(world)) == 1


async def test_channels_and_threads_made_while_down_are_read_from_their_beginning(
    world: World,
) -> None:
    starter = await world.alice.send(world.channel, "an old message")
    backend = world.env.backend
    channel = backend.create_channel(world.guild.id, "new", announce=False)
    thread = backend.create_thread(
        world.channel.id, "From the old one", world.bob.id, message_id=starter.id, broadcast=False
    )
    said = [
        say(world, "first in the channel", channel=channel),
        say(world, "first in the thread", channel=thread),
    ]
    await world.restart()
    found = await sources(world)
    assert sorted(found) == sorted([starter.id, *(message.id for message in said)])
    (opened,) = [row for row in await rows(world) if row.kind == EventKind.THREAD]
    assert (opened.source_id, opened.user_id) == (thread.id, world.bob.id)


def like(world: World, message_id: int, *people: Any) -> None:
    """Add reactions that the gateway never tells the bot of."""
    message = world.env.backend.get_message(world.channel.id, message_id)
    message.reactions.append(Reaction(emoji="❤️", user_ids=[person.id for person in people]))


async def test_who_reacted_meanwhile_is_read_back_too(world: World) -> None:
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    number, posted = await card(world)
    asked = say(world, "does this help?")
    like(world, asked.id, world.bob, world.moderator, robot)
    like(world, posted.id, world.bob)
    assert await rows(world) == []
    await world.restart()
    likes = [row for row in await rows(world) if row.kind == EventKind.REACTION]
    assert {(row.source_id, row.user_id, row.target_id, row.resource_id) for row in likes} == {
        (asked.id, world.bob.id, world.alice.id, None),
        (asked.id, world.moderator.id, world.alice.id, None),
        (posted.id, world.bob.id, None, number),
    }


async def test_a_channel_being_read_keeps_its_cursor_while_live_events_arrive(
    world: World,
) -> None:
    cog = world.client.get_cog("ActivityCog")
    assert isinstance(cog, ActivityCog)
    first = await world.alice.send(world.channel, "all caught up")
    cog.unread = {world.channel.id}
    second = await world.alice.send(world.channel, "live, with a gap before me")
    assert (await cursors(world))[world.channel.id] == first.id
    assert await sources(world) == [first.id, second.id]
    cog.unread = set()
    third = await world.alice.send(world.channel, "caught up again")
    assert (await cursors(world))[world.channel.id] == third.id


async def test_after_a_lost_connection_cursors_wait_until_it_is_resumed(world: World) -> None:
    first = await world.alice.send(world.channel, "connected")
    world.client.dispatch("disconnect")
    await world.env.settle()
    await world.alice.send(world.channel, "there may be a gap before me")
    assert (await cursors(world))[world.channel.id] == first.id
    world.client.dispatch("resumed")
    await world.env.settle()
    third = await world.alice.send(world.channel, "no gap any more")
    assert (await cursors(world))[world.channel.id] == third.id


async def test_a_channel_that_fails_is_read_at_the_next_start(world: World) -> None:
    await world.alice.send(world.channel, "before")
    missed = say(world, "meanwhile")
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("GET", path, status=500, code=0, times=1)
    await world.restart()
    live = await world.bob.send(world.channel, "live")
    assert missed.id not in await sources(world)
    assert (await cursors(world))[world.channel.id] < missed.id
    await world.restart()
    assert sorted(await sources(world))[-2:] == [missed.id, live.id]


async def test_a_connection_that_breaks_in_one_channel_leaves_the_others_to_be_read(
    world: World,
) -> None:
    class Broken:
        id = world.channel.id

        async def history(self, **_: Any) -> Any:
            raise ConnectionResetError("reset by peer")
            yield

    cog = world.client.get_cog("ActivityCog")
    assert isinstance(cog, ActivityCog)
    channel: Any = Broken()
    assert not await cog._read_back(channel, 0)


async def test_a_message_that_could_not_be_stored_is_read_at_the_next_start(
    lenient_world: World,
) -> None:
    world = lenient_world

    async def run(statement: str) -> None:
        await world.app.database.write(lambda conn: conn.exec_driver_sql(statement))

    await run("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'full'); END")
    lost = await world.alice.send(world.channel, "the disk is full")
    await run("DROP TRIGGER full")
    kept = await world.alice.send(world.channel, "there is room again")
    assert await sources(world) == [kept.id]
    await world.restart()
    assert sorted(await sources(world)) == [lost.id, kept.id]


async def test_channels_closed_to_the_bot_are_skipped_with_one_line(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("one", "two"):
        world.guild.create_text_channel(
            name,
            overwrites={
                world.guild.default_role: discord.PermissionOverwrite(view_channel=False),
                world.guild.roles[world.env.backend.bot_user.name]: discord.PermissionOverwrite(
                    view_channel=False
                ),
            },
        )
    with caplog.at_level(logging.WARNING, logger=cog_module.__name__):
        await world.restart()
    (line,) = [record.getMessage() for record in caplog.records if "read back" in record.message]
    assert "2 channels are not read back" in line


async def test_a_guild_gets_its_row_once_and_in_its_language(world: World) -> None:
    async def language(guild_id: int) -> tuple[str, float]:
        async with world.app.database.read() as conn:
            guild = await members.guild(conn, guild_id)
            return guild.language, guild.created_at

    assert (await language(world.guild.id))[0] == "en"
    chinese = world.env.create_guild("学园", preferred_locale="zh-CN")
    await world.env.settle()
    spoken, made_at = await language(chinese.id)
    assert (spoken, made_at > 0) == ("zh-CN", True)
    await world.env.advance_time(3600)
    await world.restart()
    assert await language(chinese.id) == ("zh-CN", made_at)


async def test_a_guild_that_lets_the_bot_in_is_met_without_reading(world: World) -> None:
    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("hall")
    somebody = elsewhere.add_member(world.env.create_user("somebody"))
    last = world.env.backend.create_message(channel.id, somebody.id, "long ago", broadcast=False)
    await world.env.settle()
    payload = dict(
        serializers.guild_create_payload(world.env.backend, world.env.backend.guilds[elsewhere.id])
    )
    del payload["unavailable"]  # that is how Discord tells a join from an outage's end
    world.env.backend.emit("GUILD_CREATE", payload)
    await world.env.settle()
    async with world.app.database.read() as conn:
        assert (await events.cursors(conn, elsewhere.id))[channel.id] == last.id
    assert await kinds(world) == []


TEXTS = (
    "an index helps where few rows match",
    "vacuum gives the pages back to the system",
    "readers never wait for the writer here",
    "a savepoint undoes one job and keeps the rest",
)


class Page:
    """A channel whose last page of history has been sent when something else happens."""

    def __init__(self, channel: Any, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self.channel, self.meanwhile = channel, meanwhile
        self.id, self.guild = channel.id, channel.guild

    async def history(self, **options: Any) -> AsyncIterator[discord.Message]:
        async for message in self.channel.history(**options):
            yield message
        await self.meanwhile()


async def read_page(world: World, cursor: int, meanwhile: Callable[[], Awaitable[None]]) -> None:
    """Read the channel back from the cursor; what happens meanwhile is told by the gateway."""
    cog = world.client.get_cog("ActivityCog")
    assert isinstance(cog, ActivityCog)
    real = world.client.get_channel(world.channel.id)
    page: Any = Page(real, meanwhile)
    async with cog.reading:
        assert await cog._read_back(page, cursor)
    await world.env.settle()


async def test_what_is_deleted_between_reading_a_page_and_storing_it_is_not_paid(
    world: World,
) -> None:
    first = await world.alice.send(world.channel, "before the connection was lost")
    before = await balance(world)
    await world.env.advance_time(60)
    missed = [say(world, text) for text in TEXTS]
    like(world, missed[0].id, world.bob)

    async def meanwhile() -> None:
        world.env.backend.delete_message(world.channel.id, missed[0].id)
        world.env.backend.bulk_delete_messages(world.channel.id, [missed[1].id, missed[2].id])
        await world.env.settle()

    await read_page(world, first.id, meanwhile)
    assert await sources(world) == [first.id, missed[3].id]
    assert EventKind.REACTION not in await kinds(world)
    assert (await cursors(world))[world.channel.id] == missed[3].id
    assert await balance(world) == before + 100
    world.env.backend.delete_message(world.channel.id, missed[3].id)
    await world.env.settle()
    assert await balance(world) == before


async def test_what_is_deleted_once_the_page_is_stored_is_taken_back(world: World) -> None:
    first = await world.alice.send(world.channel, "before the connection was lost")
    before = await balance(world)
    await world.env.advance_time(60)
    missed = say(world, TEXTS[0])

    async def nothing() -> None:
        return None

    await read_page(world, first.id, nothing)
    assert await sources(world) == [first.id, missed.id]
    world.env.backend.delete_message(world.channel.id, missed.id)
    await world.env.settle()
    assert await kinds(world) == [
        EventKind.MESSAGE,
        EventKind.MESSAGE,
        EventKind.MESSAGE_DELETED,
    ]
    assert await balance(world) == before


async def test_reactions_taken_back_after_they_were_read_and_before_they_are_stored_do_not_count(
    world: World,
) -> None:
    await world.alice.send(world.channel, "before the connection was lost")
    missed = [say(world, text) for text in TEXTS]
    for message in missed:
        like(world, message.id, world.bob, world.moderator)
    cog = world.client.get_cog("ActivityCog")
    assert isinstance(cog, ActivityCog)
    real: Any = world.client.get_channel(world.channel.id)
    after = discord.Object(missed[0].id - 1)
    async with cog.reading:
        page = [message async for message in real.history(after=after, oldest_first=True)]
        posted = [found for found in map(cog._posted, page) if found is not None]
        read = [found for message in page for found in await cog._reactions(message)]
        assert (len(posted), len(read)) == (4, 8)
        backend, place = world.env.backend, world.channel.id
        backend.remove_reaction(place, missed[0].id, "❤️", world.bob.id)
        backend.clear_reactions(place, missed[1].id)
        backend.clear_reaction(place, missed[2].id, "❤️")
        backend.remove_reaction(place, missed[3].id, "❤️", world.bob.id)
        backend.add_reaction(place, missed[3].id, "❤️", world.bob.id)
        await world.env.settle()
        cursor = (world.guild.id, place, page[-1].id)
        await cog.service.post(posted, read, cursor, cog.missed)
    likes = [row for row in await rows(world) if row.kind == EventKind.REACTION]
    assert {(row.source_id, row.user_id) for row in likes} == {
        (missed[0].id, world.moderator.id),
        (missed[3].id, world.moderator.id),
        (missed[3].id, world.bob.id),
    }


async def balance(world: World) -> int:
    """Return what alice has."""
    async with world.app.database.read() as conn:
        return await ledger.balance(conn, world.guild.id, world.alice.id)
