"""What Discord really says of forums and posts: tags that are needed, moderated or many."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.discord_sim import World, button_id, texts_of
from tests.questions.scenes import Forum, award, open_forum
from tests.questions.test_asking import preview
from tests.questions.test_threads import answered, net

REQUIRE_TAG = 1 << 4


async def describe(world: World, forum: Forum, *, is_tag_needed: bool, moderated: bool) -> None:
    """Have Discord describe the forum anew, as it does when a moderator changes it."""
    state: Any = world.client._connection
    channel: Any = world.client.get_channel(forum.channel.id)
    tags = [
        {
            "id": str(tag.id),
            "name": tag.name,
            "moderated": moderated,
            "emoji_id": None,
            "emoji_name": None,
        }
        for tag in channel.available_tags
    ]
    state.parse_channel_update(
        {
            "id": str(channel.id),
            "guild_id": str(world.guild.id),
            "type": 15,
            "name": channel.name,
            "position": 0,
            "permission_overwrites": [],
            "flags": REQUIRE_TAG if is_tag_needed else 0,
            "available_tags": tags,
        }
    )
    await world.env.settle()


async def test_a_forum_that_needs_a_tag_and_has_none_for_members_keeps_the_draft(
    lenient_world: World,
) -> None:
    world = lenient_world
    forum = await open_forum(world, "announcement")
    await describe(world, forum, is_tag_needed=True, moderated=True)
    shown = await preview(world, world.alice, "Why is my index not used?")
    post = button_id(shown.response, r"ask:post:\d+")
    refused = await world.alice.click(shown.response, custom_id=post)
    assert "wants a tag" in texts_of(refused.followups[-1])
    assert forum.channel.threads == []
    await describe(world, forum, is_tag_needed=True, moderated=False)
    done = await world.alice.click(shown.response, custom_id=post)
    assert len(forum.channel.threads) == 1, [texts_of(m) for m in done.followups]


async def test_a_forum_with_twenty_tags_takes_questions_and_is_set_up(world: World) -> None:
    forum = await open_forum(world, *(f"topic {n}" for n in range(19)), "Solved")
    (place,) = await forum.service.threads.watched(world.guild.id)
    assert place.solved_tag_id == 69
    thread, answer = await answered(world, forum)
    await world.alice.context_menu(thread, "Accept as answer", answer)
    assert world.env.backend.channels[thread.id].applied_tags == [69]


async def test_where_a_tag_is_needed_the_last_one_stays(world: World) -> None:
    forum = await open_forum(world, "Solved")
    thread, answer = await answered(world, forum)
    await world.alice.context_menu(thread, "Accept as answer", answer)
    await describe(world, forum, is_tag_needed=True, moderated=False)
    world.env.backend.delete_message(thread.id, answer.id)
    await world.env.settle()
    assert (await forum.question(thread)).state == "open"
    assert world.env.backend.channels[thread.id].applied_tags == [50]


async def test_a_webhooks_message_neither_asks_nor_answers(lenient_world: World) -> None:
    world = lenient_world
    forum = await open_forum(world)
    thread = await forum.ask(world.alice)
    backend = world.env.backend
    hook = backend.create_webhook(forum.channel.id, "relay", world.moderator.id)
    backend.create_message(thread.id, hook.id, "beep", webhook_id=hook.id)
    await world.env.settle()
    question = await forum.question(thread)
    assert question.state == "open" and await forum.answers(thread) == []
    beep = next(m for m in thread.history() if m.author.id == hook.id)
    result = await world.alice.context_menu(thread, "Accept as answer", beep)
    assert "bot's message" in texts_of(result.response)


async def test_an_asker_who_left_leaves_a_question_that_others_can_end(world: World) -> None:
    forum = await open_forum(world, "Solved", "Stale")
    await award(world, world.alice, 20)
    thread, answer = await answered(world, forum)
    await forum.service.threads.stake(await forum.question(thread), 1_000)
    world.env.backend.remove_member(world.guild.id, world.alice.id)
    await world.env.settle()
    await forum.tick(hours=25)
    result = await world.moderator.context_menu(thread, "Accept as answer", answer)
    assert (await forum.question(thread)).state == "solved", texts_of(result.response)
    won, rest = await net(world, "bounty", world.bob), await net(world, "change", world.alice)
    assert won > 0 and won + rest == 1_000


@pytest.mark.parametrize("is_first", [True, False], ids=["accepted first", "returned first"])
async def test_an_accept_in_the_second_of_the_refund_moves_the_bounty_once(
    world: World, is_first: bool
) -> None:
    forum = await open_forum(world)
    await award(world, world.alice, 20)
    thread, answer = await answered(world, forum)
    staked = await forum.service.threads.stake(await forum.question(thread), 1_000)
    await world.env.advance_time(timedelta(hours=72).total_seconds())
    decisions, upkeep = forum.service.decisions, forum.service.upkeep
    accept = decisions.accept_known(
        world.guild.id, forum.moderator(), staked.question_id, answer.id
    )
    settle = upkeep.settle_bounties(world.app.clock())
    await asyncio.gather(*((accept, settle) if is_first else (settle, accept)))
    question = await forum.question(thread)
    moved = await net(world, "bounty", world.bob) + await net(world, "change", world.alice)
    stake = await net(world, "stake", world.alice)
    assert question.state == "solved"
    assert (question.bounty_state, moved, stake) in (
        ("paid", 1_000, -1_000),
        ("returned", 0, 0),
    )
