"""What is taken away takes back what it paid: places, super reactions, texts posted again."""

from pathlib import Path
from typing import Any

import pytest
from simcord.backend import serializers

from storage import members
from tests.discord_sim import World, open_world

TEXT = "the borrow checker is right here because the reference outlives the owner"


async def points(world: World, who: Any) -> int:
    shown = await world.app.services.points.standing(world.guild.id, who.id)
    return shown.amount


async def a_place(world: World, is_thread: bool) -> Any:
    backend = world.env.backend
    if is_thread:
        place = backend.create_thread(world.channel.id, "spam", world.bob.id)
    else:
        place = backend.create_channel(world.guild.id, "spam")
    await world.env.settle()
    return place


async def say(world: World, place: Any, who: Any, text: str = TEXT) -> None:
    world.env.backend.create_message(place.id, who.id, text)
    await world.env.settle()


@pytest.mark.parametrize("is_thread", [True, False])
async def test_a_deleted_place_takes_back_what_was_paid_in_it(
    world: World, is_thread: bool
) -> None:
    place = await a_place(world, is_thread)
    await say(world, place, world.alice)
    assert await points(world, world.alice) > 0
    world.env.backend.delete_channel(place.id)
    await world.env.settle()
    assert await points(world, world.alice) == 0


async def test_a_deleted_channel_takes_its_threads_along(world: World) -> None:
    channel = await a_place(world, is_thread=False)
    thread = world.env.backend.create_thread(channel.id, "inside", world.bob.id)
    await world.env.settle()
    await say(world, thread, world.alice)
    assert await points(world, world.alice) > 0
    world.env.backend.delete_channel(channel.id)
    await world.env.settle()
    assert await points(world, world.alice) == 0


async def test_what_stands_elsewhere_is_left_alone(world: World) -> None:
    place = await a_place(world, is_thread=False)
    await say(world, world.channel, world.alice)
    earned = await points(world, world.alice)
    world.env.backend.delete_channel(place.id)
    await world.env.settle()
    assert await points(world, world.alice) == earned > 0


async def react(world: World, message: Any, event: str, *, is_super: bool) -> None:
    guild = world.env.backend.guilds[world.guild.id]
    payload = {
        "user_id": str(world.bob.id),
        "channel_id": str(world.channel.id),
        "message_id": str(message.id),
        "guild_id": str(world.guild.id),
        "emoji": serializers.emoji_payload("👍"),
        "burst": is_super,
        "type": int(is_super),
    }
    if event == "ADD":
        member = guild.members[world.bob.id]
        payload["member"] = serializers.member_payload(world.env.backend, guild, member)
    world.env.backend.emit(f"MESSAGE_REACTION_{event}", payload)
    await world.env.settle()


async def test_thanks_stand_until_the_last_reaction_plain_or_super_is_gone(world: World) -> None:
    message = await world.alice.send(world.channel, TEXT)
    written = await points(world, world.alice)
    await react(world, message, "ADD", is_super=False)
    thanked = await points(world, world.alice)
    assert thanked > written
    await react(world, message, "ADD", is_super=True)
    await react(world, message, "REMOVE", is_super=True)
    assert await points(world, world.alice) == thanked
    await react(world, message, "REMOVE", is_super=False)
    assert await points(world, world.alice) == written


async def test_a_super_reaction_thanks_like_a_plain_one(world: World) -> None:
    message = await world.alice.send(world.channel, TEXT)
    written = await points(world, world.alice)
    await react(world, message, "ADD", is_super=True)
    assert await points(world, world.alice) > written
    await react(world, message, "REMOVE_EMOJI", is_super=False)
    assert await points(world, world.alice) == written


async def test_what_is_deleted_and_posted_again_is_paid_once(world: World) -> None:
    right = world.guild.create_text_channel("questions")
    await world.env.settle()
    await world.alice.delete(await world.alice.send(world.channel, TEXT))
    assert await points(world, world.alice) == 0
    await world.env.advance_time(120)
    await world.alice.send(right, TEXT)
    assert await points(world, world.alice) == 100
    await world.env.advance_time(120)
    await world.alice.send(right, TEXT)
    assert await points(world, world.alice) == 100


async def stop_tracking(world: World, who: Any) -> None:
    async def job(conn: Any) -> None:
        await members.change_member(
            conn, world.guild.id, who.id, world.env.now().timestamp(), is_tracked=False
        )

    await world.app.database.write(job)


async def test_who_stopped_tracking_keeps_nothing_for_what_they_delete(world: World) -> None:
    message = await world.alice.send(world.channel, TEXT)
    assert await points(world, world.alice) > 0
    await stop_tracking(world, world.alice)
    await world.alice.delete(message)
    assert await points(world, world.alice) == 0


async def test_who_stopped_tracking_takes_back_their_thanks(world: World) -> None:
    message = await world.alice.send(world.channel, TEXT)
    written = await points(world, world.alice)
    await world.bob.react(message, "👍")
    assert await points(world, world.alice) > written
    await stop_tracking(world, world.bob)
    await world.bob.unreact(message, "👍")
    assert await points(world, world.alice) == written


@pytest.mark.parametrize("left", ["", " ", ".", "\u200b", "👍", "<:ok:123456789012345678>"])
async def test_an_edit_that_leaves_nothing_to_read_is_a_deletion(world: World, left: str) -> None:
    sent = await world.alice.send(world.channel, TEXT)
    await world.bob.react(sent, "👍")
    assert await points(world, world.alice) > 0
    await world.alice.edit(sent, left)
    assert await points(world, world.alice) == 0
    await world.alice.edit(sent, "")  # any number of times
    world.env.backend.delete_message(world.channel.id, sent.id)
    await world.env.settle()
    assert await points(world, world.alice) == 0


@pytest.mark.parametrize("left", [f"{TEXT}, I think", "solved", "https://doc.rust-lang.org/book/"])
async def test_an_edit_that_leaves_something_changes_nothing(world: World, left: str) -> None:
    sent = await world.alice.send(world.channel, TEXT)
    earned = await points(world, world.alice)
    await world.alice.edit(sent, left)
    assert await points(world, world.alice) == earned > 0


async def test_a_message_of_a_picture_alone_is_not_emptied_by_its_edit(world: World) -> None:
    sent = await world.alice.send(world.channel, TEXT, attachments=[("a.png", b"png")])
    earned = await points(world, world.alice)
    await world.alice.edit(sent, "")
    assert await points(world, world.alice) == earned > 0


async def test_what_never_said_anything_is_not_emptied(world: World) -> None:
    sent = await world.alice.send(world.channel, "👍")
    await world.bob.react(sent, "👍")
    earned = await points(world, world.alice)
    await world.alice.edit(sent, "🎉")
    assert await points(world, world.alice) == earned


async def test_who_is_not_tracked_any_more_keeps_nothing_for_what_they_empty(world: World) -> None:
    sent = await world.alice.send(world.channel, TEXT)
    await world.app.services.privacy.set_tracking(world.guild.id, world.alice.id, is_on=False)
    await world.alice.edit(sent, ".")
    assert await points(world, world.alice) == 0


async def test_a_text_that_was_emptied_may_be_posted_again(world: World) -> None:
    sent = await world.alice.send(world.channel, TEXT)
    earned = await points(world, world.alice)
    await world.alice.edit(sent, ".")
    await world.env.advance_time(120)
    await world.alice.send(world.channel, TEXT)
    assert await points(world, world.alice) == earned


async def test_without_the_intent_nobody_knows_what_an_edit_leaves(tmp_path: Path) -> None:
    path = tmp_path / "lyceum.sqlite3"
    async with open_world(path, message_content_intent=False) as world:
        sent = await world.alice.send(world.channel, TEXT)
        earned = await points(world, world.alice)
        await world.alice.edit(sent, ".")
        assert await points(world, world.alice) == earned > 0


async def test_a_preview_of_a_link_or_a_pin_is_no_edit(world: World) -> None:
    sent = await world.alice.send(world.channel, TEXT)
    earned = await points(world, world.alice)
    stored = world.env.backend.get_message(world.channel.id, sent.id)
    payload = dict(serializers.message_payload(world.env.backend, stored))
    world.env.backend.emit("MESSAGE_UPDATE", payload | {"content": "", "edited_timestamp": None})
    await world.env.settle()
    assert await points(world, world.alice) == earned > 0
