import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, cast

import aiohttp
import discord
import pytest
from simcord.backend import serializers
from simcord.backend.models import Overwrite, Reaction
from simcord.enums import OverwriteType

from bot.activity import reading as reading_module
from bot.activity.rules import PAUSES_S
from storage import events, ledger, members
from storage.records import EventKind
from tests.activity.test_cog import card, kinds, rows
from tests.discord_sim import World, open_world
from tests.points.deliveries import PLAIN, go_by


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


@pytest.fixture
async def world(world: World) -> World:
    await go_by(world.app.database, PLAIN, world.guild.id)
    return world


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
    reading = world.client.capture.reading
    first = await world.alice.send(world.channel, "all caught up")
    reading.unread = {world.channel.id}
    second = await world.alice.send(world.channel, "live, with a gap before me")
    assert (await cursors(world))[world.channel.id] == first.id
    assert await sources(world) == [first.id, second.id]
    reading.unread = set()
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


RESET = ConnectionResetError(104, "reset by peer")
FAULTS: dict[str, Any] = {
    "another 403": {"status": 403, "code": 40333},
    "500": {"status": 500, "code": 0},
    "503": {"status": 503, "code": 0},
    "404": {"status": 404, "code": 0},
    "a reset": RESET,
    "a server that hangs up": aiohttp.ServerDisconnectedError(),
    "half an answer": aiohttp.ClientPayloadError(),
    "an answer that never comes": TimeoutError(),
    "an answer that is no JSON": ValueError("Expecting value: line 1 column 1 (char 0)"),
}
HISTORY = discord.Permissions(read_message_history=True).value


def fail(world: World, place: Any, fault: Any, times: int | None = 1) -> None:
    """Let reading a channel fail, by Discord's answer or by the connection."""
    if isinstance(fault, dict):
        path = f"/channels/{place.id}/messages"
        world.env.inject_error("GET", path, times=times, **fault)
        return
    real = world.client.http.logs_from
    left = [times or 99]

    async def logs_from(channel_id: int, *rest: Any, **options: Any) -> Any:
        if channel_id == place.id and left[0]:
            left[0] -= 1
            raise fault
        return await real(channel_id, *rest, **options)

    client: Any = Between(world.client, _nothing)
    client.get_channel = world.client.get_channel
    client.logs_from = logs_from
    world.client.capture.reading.client = client


async def _nothing() -> None:
    return None


async def outage(world: World, *, is_over: bool) -> None:
    """Let Discord lose the guild, or bring it back."""
    backend = world.env.backend
    if is_over:
        guild = backend.guilds[world.guild.id]
        backend.emit("GUILD_CREATE", serializers.guild_create_payload(backend, guild))
    else:
        backend.emit("GUILD_DELETE", {"id": str(world.guild.id), "unavailable": True})
    await world.env.settle()


async def later(world: World, seconds: float) -> None:
    """Let time pass and the job of reading back tick."""
    await world.env.advance_time(seconds)
    await world.client.capture.reading.tick(world.env.now())
    await world.env.settle()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_what_goes_wrong_ends_one_channels_turn_and_is_tried_again(
    world: World, fault: Any
) -> None:
    other = world.guild.create_text_channel("other")
    for channel in (world.channel, other):
        await world.alice.send(channel, "before")
    await outage(world, is_over=False)
    missed = say(world, "meanwhile")
    missed_there = say(world, "meanwhile, elsewhere", channel=other)
    fail(world, world.channel, fault)
    await outage(world, is_over=True)
    assert missed_there.id in await sources(world)
    assert missed.id not in await sources(world)
    live = await world.bob.send(world.channel, "live, with a gap before me")
    assert (await cursors(world))[world.channel.id] < missed.id
    await later(world, PAUSES_S[0])
    assert (await sources(world))[-2:] == [live.id, missed.id]
    assert (await cursors(world))[world.channel.id] == live.id


async def test_pauses_grow_and_a_step_of_the_clock_does_not_lengthen_them(world: World) -> None:
    await world.alice.send(world.channel, "before")
    say(world, "meanwhile")
    world.env.inject_error(
        "GET", f"/channels/{world.channel.id}/messages", status=503, code=0, times=None
    )
    await world.restart()
    n_asked = _history_requests(world)
    for pause_s in (*PAUSES_S, PAUSES_S[-1]):
        await later(world, pause_s - 1)
        assert _history_requests(world) == n_asked
        await later(world, 1)
        n_asked += 1
        assert _history_requests(world) == n_asked
    before = world.env.now() - timedelta(hours=1)
    await world.client.capture.reading.tick(before)
    assert _history_requests(world) == n_asked + 1


@pytest.mark.parametrize("code", [50001, 50013])
async def test_a_channel_closed_to_us_stays_unread_and_is_not_asked_again(
    world: World, code: int
) -> None:
    await world.alice.send(world.channel, "before")
    missed = say(world, "meanwhile")
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("GET", path, status=403, code=code, times=1)
    await world.restart()
    n_asked = _history_requests(world)
    live = await world.bob.send(world.channel, "live")
    await later(world, 3_600)
    assert _history_requests(world) == n_asked
    assert (await cursors(world))[world.channel.id] < missed.id
    await world.restart()
    assert (await sources(world))[-2:] == [live.id, missed.id]


async def test_a_page_whose_reactions_are_refused_is_not_lost(world: World) -> None:
    await world.alice.send(world.channel, "before")
    missed = [say(world, f"meanwhile {n}") for n in range(12)]
    like(world, missed[8].id, world.bob)
    path = f"/channels/{world.channel.id}/messages/{missed[8].id}/reactions/*"
    world.env.inject_error("GET", path, status=403, code=0, times=1)
    await world.restart()
    await world.bob.send(world.channel, "live, and no cursor moves")
    await later(world, PAUSES_S[0])
    assert {message.id for message in missed} <= set(await sources(world))


async def test_what_could_not_be_stored_is_read_again_although_the_cursor_is_beyond(
    world: World,
) -> None:
    reading = world.client.capture.reading
    await world.alice.send(world.channel, "before")
    lost = [say(world, "one that the disk refused"), say(world, "and another")]
    beyond = await world.bob.send(world.channel, "waited beside them, and was stored")
    assert (await cursors(world))[world.channel.id] == beyond.id
    for message in reversed(lost):  # as `on_message` does where the write fails
        reading.lose(world.channel.id, message.id)
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("GET", path, status=403, code=0, times=1)
    await later(world, PAUSES_S[0])
    assert not {message.id for message in lost} & set(await sources(world))
    await later(world, PAUSES_S[-1])
    assert {message.id for message in lost} <= set(await sources(world))
    assert (await cursors(world))[world.channel.id] == beyond.id
    live = await world.bob.send(world.channel, "and the cursor follows again")
    assert (await cursors(world))[world.channel.id] == live.id


async def test_a_channel_whose_history_is_closed_for_a_while_is_read_when_it_opens(
    world: World,
) -> None:
    first = await world.alice.send(world.channel, "before")
    me = world.env.backend.bot_user.id
    closed = Overwrite(me, OverwriteType.MEMBER, deny=HISTORY)
    world.env.backend.set_overwrite(world.channel.id, closed)
    await world.env.settle()
    missed = say(world, "meanwhile")
    await world.restart()
    live = await world.bob.send(world.channel, "heard, with a gap before me")
    assert (await cursors(world))[world.channel.id] == first.id
    world.env.backend.delete_overwrite(world.channel.id, me)
    await world.env.settle()
    await later(world, PAUSES_S[-1])
    assert (await sources(world))[-2:] == [live.id, missed.id]
    assert (await cursors(world))[world.channel.id] == live.id


async def test_a_message_of_the_past_that_cannot_be_read_is_skipped_without_its_words(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.alice.send(world.channel, "before")
    await outage(world, is_over=False)
    missed = [say(world, text) for text in TEXTS]

    async def logs_from(*place: Any, **options: Any) -> Any:
        page = await real(*place, **options)
        for data in page:
            if int(data["id"]) == missed[1].id:
                data["author"] = cast("Any", data["content"])
        return page

    real = world.client.http.logs_from
    client: Any = Between(world.client, _nothing)
    client.logs_from = logs_from
    world.client.capture.reading.client = client
    await outage(world, is_over=True)
    found = await sources(world)
    assert [message.id in found for message in missed] == [True, False, True, True]
    assert "a message of the past cannot be read and is skipped" in caplog.text
    assert TEXTS[1] not in caplog.text


async def test_a_message_that_could_not_be_stored_is_read_back_and_is_no_repetition_of_itself(
    lenient_world: World,
) -> None:
    world = lenient_world

    async def run(statement: str) -> None:
        await world.app.database.write(lambda conn: conn.exec_driver_sql(statement))

    await run("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'full'); END")
    lost = await world.alice.send(world.channel, TEXTS[0])
    await run("DROP TRIGGER full")
    kept = await world.bob.send(world.channel, TEXTS[1])
    assert await sources(world) == [kept.id]
    await later(world, PAUSES_S[0])
    assert sorted(await sources(world)) == [lost.id, kept.id]
    assert {row.novelty for row in await rows(world)} == {1}
    assert (await cursors(world))[world.channel.id] == kept.id


async def test_a_guild_that_cannot_be_planned_leaves_the_others_to_be_read(
    lenient_world: World,
) -> None:
    world = lenient_world
    elsewhere = world.env.create_guild("Elsewhere")
    hall = elsewhere.create_text_channel("hall")
    somebody = elsewhere.add_member(world.env.create_user("somebody"))
    for channel, author in ((world.channel, world.alice), (hall, somebody)):
        await author.send(channel, "before")

    async def run(statement: str) -> None:
        await world.app.database.write(lambda conn: conn.exec_driver_sql(statement))

    await run(
        "CREATE TRIGGER stuck BEFORE INSERT ON cursors WHEN new.guild_id = "
        f"{world.guild.id} BEGIN SELECT RAISE(ABORT, 'stuck'); END"
    )
    world.guild.create_text_channel("makes a cursor necessary")
    missed = [say(world, "meanwhile"), say(world, "meanwhile", channel=hall, author=somebody)]
    await world.restart()
    async with world.app.database.read() as conn:
        assert (await events.cursors(conn, elsewhere.id))[hall.id] == missed[1].id
    await run("DROP TRIGGER stuck")
    await later(world, PAUSES_S[0])
    assert (await cursors(world))[world.channel.id] == missed[0].id


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
    with caplog.at_level(logging.WARNING, logger=reading_module.__name__):
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


class Between:
    """A client beside which something happens once Discord has sent a page of history."""

    def __init__(self, client: Any, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self.client, self.meanwhile = client, meanwhile
        self.http, self._connection = self, client._connection

    async def logs_from(self, *place: Any, **options: Any) -> Any:
        page = await self.client.http.logs_from(*place, **options)
        await self.meanwhile()
        return page


async def read_page(world: World, cursor: int, meanwhile: Callable[[], Awaitable[None]]) -> None:
    """Read the channel back from the cursor; what happens meanwhile is told by the gateway."""
    reading = world.client.capture.reading
    channel: Any = world.client.get_channel(world.channel.id)
    reading.client = cast("Any", Between(world.client, meanwhile))
    async with reading.turn:
        await reading._read_back(channel, cursor, reading.session)
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

    await read_page(world, first.id, _nothing)
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
    cog, reading = world.client.capture, world.client.capture.reading
    real: Any = world.client.get_channel(world.channel.id)
    after = discord.Object(missed[0].id - 1)
    async with reading.turn:
        page = [message async for message in real.history(after=after, oldest_first=True)]
        posted = [found for found in map(cog._posted, page) if found is not None]
        read = [found for message in page for found in await reading._reactions(message)]
        assert (len(posted), len(read)) == (4, 8)
        backend, place = world.env.backend, world.channel.id
        backend.remove_reaction(place, missed[0].id, "❤️", world.bob.id)
        backend.clear_reactions(place, missed[1].id)
        backend.clear_reaction(place, missed[2].id, "❤️")
        backend.remove_reaction(place, missed[3].id, "❤️", world.bob.id)
        backend.add_reaction(place, missed[3].id, "❤️", world.bob.id)
        await world.env.settle()
        cursor = (world.guild.id, place, page[-1].id)
        await cog.service.post(posted, read, cursor, reading.missed)
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
