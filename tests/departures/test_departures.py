"""A server removes the bot, or seems to, and invites it again, early, late and half way."""

from datetime import timedelta
from typing import Any

import discord
import pytest
from sqlalchemy import func, select

from bot.app import make_jobs
from bot.jobs import Job
from storage import members, stays
from storage.records import Guild, Stay
from storage.schema import events
from tests.discord_sim import World, limit_bot, staff_channel, texts_of

LONG = "a long enough message about generators and iterators"


async def stay_of(world: World) -> Stay | None:
    async with world.app.database.read() as conn:
        return await stays.of(conn, world.guild.id)


async def n_events(world: World, guild_id: int) -> int:
    async with world.app.database.read() as conn:
        statement = select(func.count()).where(events.c.guild_id == guild_id)
        return int(await conn.scalar(statement) or 0)


async def remove(world: World, guild: Any = None) -> None:
    world.env.backend.remove_guild((guild or world.guild).id)
    await tick(world)


async def invite(world: World, language: str = "en-US") -> Any:
    """Invite the bot into the same server again; simcord gives no id twice by itself."""
    world.env.backend._reserved_ids.discard(world.guild.id)
    guild = world.env.create_guild("Lyceum", id=world.guild.id, preferred_locale=language)
    await world.env.settle()
    return guild


async def tick(world: World, days: float = 0.0) -> None:
    """Let days go by, on Discord's clock and on ours, and do what is due."""
    await world.env.advance_time(days * 86_400)
    await job(world).run(world.app.clock())
    await world.env.settle()


def job(world: World) -> Job:
    """Return the tick, as a process that has just started has it."""
    (found,) = [one for one in make_jobs(world.app, world.client) if one.name == "departures"]
    return found


async def leave(world: World) -> None:
    """Have it stored that the server removed the bot, though it is in it."""
    now = world.app.clock().timestamp()
    await world.app.services.departures.leave({world.guild.id}, now)


def system_channel(world: World, guild: Any) -> Any:
    channel = guild.create_text_channel("welcome")
    world.env.backend.edit_guild(guild.id, {"system_channel_id": channel.id})
    return channel


def posts(channel: Any) -> list[str]:
    return [texts_of(message) for message in channel.history() if message.author.bot]


async def test_a_server_that_removes_the_bot_is_remembered_from_that_moment(world: World) -> None:
    now = world.app.clock().timestamp()
    await remove(world)
    left = await stay_of(world)
    assert left is not None and left.left_at is not None
    assert left.state == "gone" and abs(left.left_at - now) < 60


async def test_an_outage_is_no_departure(world: World) -> None:
    world.env.backend.emit("GUILD_DELETE", {"id": str(world.guild.id), "unavailable": True})
    await world.env.settle()
    await tick(world)
    assert await stay_of(world) == Stay(world.guild.id)


async def test_who_removed_the_bot_while_it_was_away_is_found_when_it_is_back(
    world: World,
) -> None:
    other = world.env.create_guild("Other")
    await world.env.settle()
    imported = Guild(404, created_at=1.0)
    await world.app.database.write(lambda conn: members.save_guild(conn, imported))
    del world.env.backend.guilds[world.guild.id]
    await world.restart()
    await tick(world)
    left = await stay_of(world)
    assert left is not None and left.state == "gone"
    async with world.app.database.read() as conn:
        assert await stays.of(conn, other.id) == Stay(other.id)
        assert await stays.of(conn, 404) is None  # only an import is about it


async def test_what_a_server_left_behind_is_purged_after_thirty_days_and_not_before(
    world: World,
) -> None:
    await world.alice.send(world.channel, LONG)
    other = world.env.create_guild("Other")
    place = other.create_text_channel("general")
    await other.add_member(world.alice.user).send(place, LONG)
    await remove(world)
    await tick(world, days=29.9)
    assert await n_events(world, world.guild.id) == 1
    await tick(world, days=0.2)
    assert await n_events(world, world.guild.id) == 0
    assert await n_events(world, other.id) == 1
    left = await stay_of(world)
    assert left is not None and left.state == "purged"
    await tick(world, days=30)
    assert await stay_of(world) == left


async def test_it_goes_from_the_bytes_too(world: World) -> None:
    await world.alice.slash(world.channel, "profile interests", interests="zaphroxine")
    path = world.app.settings.database_path
    await remove(world)
    await tick(world, days=31)
    await world.app.services.privacy.scrub_due(world.app.clock())
    content = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    assert b"zaphroxine" not in content and world.alice.id.to_bytes(8, "big") not in content


async def test_nothing_is_purged_while_the_bot_may_be_in_the_server(world: World) -> None:
    await world.alice.send(world.channel, LONG)
    guild = world.env.backend.guilds[world.guild.id]
    await leave(world)  # a word that was wrong: it is in the cache
    await tick(world, days=31)
    assert await n_events(world, world.guild.id) == 1
    world.client._connection._guilds.pop(world.guild.id)
    await tick(world)  # it is not in the cache, but Discord knows better
    assert await n_events(world, world.guild.id) == 1
    del world.env.backend.guilds[world.guild.id]
    world.env.inject_error("GET", f"/guilds/{world.guild.id}", status=503, code=0, times=1)
    await tick(world)  # nobody can tell
    assert await n_events(world, world.guild.id) == 1
    await tick(world)
    assert await n_events(world, world.guild.id) == 0
    world.env.backend.guilds[world.guild.id] = guild


async def test_a_server_that_only_the_cache_lost_has_not_removed_the_bot(world: World) -> None:
    guild = world.client._connection._guilds.pop(world.guild.id)
    await tick(world)
    assert await stay_of(world) == Stay(world.guild.id)
    world.client._connection._guilds[world.guild.id] = guild


async def test_a_clock_that_is_put_forward_purges_nothing(world: World) -> None:
    await world.alice.send(world.channel, LONG)
    await remove(world)
    ahead = world.app.clock() + timedelta(days=400)
    for _ in range(3):
        await job(world).run(ahead)
    assert await n_events(world, world.guild.id) == 1
    left = await stay_of(world)
    assert left is not None and left.state == "gone"


async def test_a_clock_that_was_behind_when_the_bot_was_removed_purges_nothing_early(
    world: World,
) -> None:
    await world.alice.send(world.channel, LONG)
    world.env.backend.remove_guild(world.guild.id)
    await job(world).run(world.app.clock() - timedelta(days=400))
    await tick(world, days=29)
    assert await n_events(world, world.guild.id) == 1


async def test_discord_is_asked_now_and_then_and_not_at_every_tick(world: World) -> None:
    await remove(world)
    ticks = job(world)
    before = len(world.env.http_requests)
    for _ in range(5):
        await ticks.run(world.app.clock())
    asked = [each for each in world.env.http_requests[before:] if each.method == "GET"]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("language", "said"), [("en-US", "is still here"), ("zh-CN", "之前的记录都还在")]
)
async def test_who_invites_the_bot_again_is_told_that_everything_is_still_there(
    world: World, language: str, said: str
) -> None:
    if language == "zh-CN":
        await world.moderator.slash(world.channel, "server language", language="zh-CN")
    await world.alice.send(world.channel, LONG)
    await remove(world)
    guild = await invite(world)
    channel = system_channel(world, guild)
    await world.env.settle()
    await tick(world)
    await tick(world)
    (told,) = posts(channel)
    assert said in told and "<t:" in told
    assert await n_events(world, guild.id) == 1
    assert await stay_of(world) == Stay(guild.id)


async def test_moderators_have_a_channel_of_their_own_for_it(world: World) -> None:
    private = staff_channel(world)
    await world.moderator.slash(world.channel, "levels staff", channel=private)
    await leave(world)
    await world.restart()
    await tick(world)
    assert sum("is still here" in text for text in posts(private)) == 1
    assert posts(world.channel) == []


async def test_where_the_chosen_channel_is_closed_the_systems_one_is_taken(world: World) -> None:
    private = staff_channel(world)
    await world.moderator.slash(world.channel, "levels staff", channel=private)
    welcome = system_channel(world, world.guild)
    world.env.backend.delete_channel(private.id)
    await leave(world)
    await world.restart()
    await tick(world)
    assert sum("is still here" in text for text in posts(welcome)) == 1


async def test_where_nobody_can_be_told_it_is_not_tried_for_ever(world: World) -> None:
    await limit_bot(world, send_messages=False)
    await leave(world)
    await world.restart()
    await tick(world)
    assert await stay_of(world) == Stay(world.guild.id)


async def test_a_notice_waits_while_discord_cannot_be_reached(world: World) -> None:
    welcome = system_channel(world, world.guild)
    await leave(world)
    await world.restart()
    path = f"/channels/{welcome.id}/messages"
    world.env.inject_error("POST", path, status=503, code=0, times=1)
    await tick(world)
    assert posts(welcome) == []
    await tick(world)
    assert len(posts(welcome)) == 1


async def test_what_was_written_while_the_bot_was_out_is_not_read(world: World) -> None:
    await world.alice.send(world.channel, LONG)
    await leave(world)
    for n in range(3):
        world.env.backend.create_message(
            world.channel.id, world.alice.id, f"{LONG}, number {n}", broadcast=False
        )
    await world.restart()
    assert await n_events(world, world.guild.id) == 1
    await world.alice.send(world.channel, "and a long enough message that is ours to read again")
    assert await n_events(world, world.guild.id) == 2


@pytest.mark.parametrize(
    ("language", "said"), [("en-US", "everything begins again"), ("zh-CN", "一切从头开始")]
)
async def test_who_invites_the_bot_after_that_is_told_that_all_is_gone(
    world: World, language: str, said: str
) -> None:
    await world.alice.send(world.channel, LONG)
    await remove(world)
    await tick(world, days=31)
    guild = await invite(world, language)
    channel = system_channel(world, guild)
    await world.env.settle()
    await tick(world)
    (told,) = posts(channel)
    assert said in told
    assert await stay_of(world) == Stay(guild.id)


async def test_who_invites_the_bot_half_way_through_the_purge_begins_again(world: World) -> None:
    await world.alice.send(world.channel, LONG)
    await remove(world)
    at = (world.app.clock() + timedelta(days=31)).timestamp()
    assert await world.app.services.departures.begin_purge(world.guild.id, at)
    guild = await invite(world)
    assert await n_events(world, guild.id) == 0
    place = guild.create_text_channel("general")
    await guild.add_member(world.alice.user).send(place, LONG)
    await tick(world, days=31)
    assert await n_events(world, guild.id) == 1


async def test_removed_again_before_anybody_was_told_the_days_begin_again(world: World) -> None:
    await remove(world)
    await invite(world)
    await world.env.advance_time(86_400)
    now = world.app.clock().timestamp()
    await remove(world)
    left = await stay_of(world)
    assert left is not None and left.left_at is not None
    assert (left.state, left.notice) == ("gone", None) and abs(left.left_at - now) < 60


def test_the_bot_hears_of_departures_without_a_privileged_intent() -> None:
    assert discord.Intents.default().guilds
