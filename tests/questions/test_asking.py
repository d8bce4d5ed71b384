"""Asking: a form, what answers it already, and the post; lists, setup, reminders."""

from typing import Any

import discord
import pytest
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import select

from storage.records import EventKind
from storage.schema import events
from tests.discord_sim import (
    World,
    button_id,
    press_at_once,
    set_locale,
    texts_of,
)
from tests.questions.scenes import award, open_forum


async def preview(world: World, member: Any, title: str, **more: str) -> Any:
    form = await member.slash(world.channel, "ask")
    return await member.submit_modal(form, {"title": title, **more})


async def add(world: World, title: str, tags: str = "") -> None:
    raw = {"kind": "article", "title": title, "url": f"https://example.org/{len(title)}"}
    raw |= {"tags": tags} if tags else {}
    await world.app.services.catalog.add(world.guild.id, world.moderator.id, raw)


async def hide(world: World, channel: Any, **denied: bool) -> None:
    """Deny everybody what is named in a channel, or nothing any more."""
    _, deny = discord.PermissionOverwrite(**denied).pair()
    everyone = Overwrite(world.guild.default_role.id, OverwriteType.ROLE, 0, deny.value)
    world.env.backend.set_overwrite(channel.id, everyone)
    await world.env.settle()


async def test_a_question_is_posted_for_its_asker_and_only_after_the_press(world: World) -> None:
    forum = await open_forum(world, "Solved", "sql")
    shown = await preview(world, world.alice, "Why is my index not used?", tags="SQL")
    assert "Nothing is posted yet" in texts_of(shown.response) and shown.ephemeral
    assert forum.channel.threads == []
    post = button_id(shown.response, r"ask:post:\d+")
    done = await world.alice.click(shown.response, custom_id=post)
    assert "Your question is posted" in texts_of(done.response)
    (thread,) = forum.channel.threads
    question = await forum.question(thread)
    assert (question.user_id, question.tags) == (world.alice.id, ("SQL",))
    (first, *_) = thread.history()
    assert f"<@{world.alice.id}>" in texts_of(first)
    assert world.env.backend.channels[thread.id].applied_tags == [51]


async def test_two_presses_post_once(lenient_world: World) -> None:
    world = lenient_world
    forum = await open_forum(world)
    shown = await preview(world, world.alice, "Why is my index not used?")
    post = button_id(shown.response, r"ask:post:\d+")
    await press_at_once(world.env, [(world.alice, shown.response, post)] * 2)
    assert len(forum.channel.threads) == 1


async def test_what_answers_it_already_comes_first_and_may_end_it(world: World) -> None:
    forum = await open_forum(world)
    await add(world, "How Postgres uses an index", "sql, indexes")
    await add(world, "A loaf of bread")
    thread = await forum.ask(world.bob, "Postgres index on an expression")
    await world.alice.send(thread, "Write the expression in the query as it is in the index.")
    said = next(m for m in thread.history() if m.author.id == world.alice.id)
    await world.bob.context_menu(thread, "Accept as answer", said)
    shown = await preview(world, world.alice, "Why does Postgres not use my index?")
    text = texts_of(shown.response)
    assert "How Postgres uses an index" in text and "Postgres index on an expression" in text
    assert "bread" not in text
    ends = button_id(shown.response, r"ask:solved:\d+:resource:\d+")
    done = await world.alice.click(shown.response, custom_id=ends)
    assert "nothing was posted" in texts_of(done.response)
    assert len(forum.channel.threads) == 1
    async with world.app.database.read() as conn:
        kinds = (await conn.execute(select(events.c.kind, events.c.resource_id))).all()
    assert (EventKind.SOLVED, 1) in kinds


async def test_a_form_can_be_changed_before_it_is_posted(world: World) -> None:
    await open_forum(world)
    shown = await preview(world, world.alice, "Why is my index not used?")
    change = button_id(shown.response, r"ask:change:\d+")
    again = await world.alice.click(shown.response, custom_id=change)
    assert "Why is my index not used?" in str(again.modal)


@pytest.mark.parametrize(
    ("filled", "sentence"),
    [
        ({"title": "\u2800"}, "at least one visible character"),
        ({"title": "Why?", "tags": "x" * 31}, "At most 5 tags"),
        ({"title": "Why?", "bounty": "lots"}, "whole number"),
        ({"title": "Why?", "bounty": "900"}, "900"),
    ],
)
async def test_what_is_refused_says_what_is_accepted(
    lenient_world: World, filled: dict[str, str], sentence: str
) -> None:
    world = lenient_world
    await open_forum(world)
    await award(world, world.alice, 20)
    form = await world.alice.slash(world.channel, "ask")
    refused = await world.alice.submit_modal(form, filled)
    assert sentence in texts_of(refused.response)


async def test_a_bounty_is_staked_with_the_post_and_said_on_the_card(world: World) -> None:
    forum = await open_forum(world)
    await award(world, world.alice, 20)
    shown = await preview(world, world.alice, "Why is my index not used?", bounty="12")
    post = button_id(shown.response, r"ask:post:\d+")
    await world.alice.click(shown.response, custom_id=post)
    (thread,) = forum.channel.threads
    card = next(m for m in forum.cards(thread) if "12 points" in texts_of(m))
    assert "for the accepted answer" in texts_of(card)
    account = await world.app.services.points.standing(world.guild.id, world.alice.id)
    assert account.spendable == 800


async def test_where_nobody_may_ask_it_is_said(lenient_world: World) -> None:
    world = lenient_world
    refused = await world.alice.slash(world.channel, "ask")
    assert "no channel here where you could ask" in texts_of(refused.response)
    set_locale(world.alice, "zh-CN")
    refused = await world.alice.slash(world.channel, "ask")
    assert "这里没有你可以提问的频道" in texts_of(refused.response)


async def test_where_the_bot_may_not_post_the_draft_is_kept(lenient_world: World) -> None:
    world = lenient_world
    forum = await open_forum(world)
    shown = await preview(world, world.alice, "Why is my index not used?")
    post = button_id(shown.response, r"ask:post:\d+")
    await hide(world, forum.channel, send_messages=False)
    refused = await world.alice.click(shown.response, custom_id=post)
    assert "I can't post in" in texts_of(refused.followups[-1])
    await hide(world, forum.channel)
    await world.alice.click(shown.response, custom_id=post)
    assert len(forum.channel.threads) == 1


# ------------------------------------------------------------------------------ the rest


async def test_open_questions_are_listed_for_others_not_for_their_asker(world: World) -> None:
    forum = await open_forum(world, "Solved", "sql")
    await forum.ask(world.alice, "First *bold* question")
    await forum.ask(world.alice, "About a join", tags=(51,))
    await world.app.services.profile.set_interests(world.guild.id, world.bob.id, "SQL")
    shown = texts_of((await world.bob.slash(world.channel, "questions open")).response)
    assert shown.index("About a join") < shown.index("First")
    mine = texts_of((await world.alice.slash(world.channel, "questions open")).response)
    assert "No question is waiting" in mine
    mine = texts_of((await world.alice.slash(world.channel, "questions mine")).response)
    assert "About a join" in mine


async def test_a_forum_one_cannot_see_is_searched_by_nobody(world: World) -> None:
    forum = await open_forum(world)
    await forum.ask(world.alice, "A secret question")
    await hide(world, forum.channel, view_channel=False)
    found = await world.bob.slash(world.channel, "questions search", query="secret")
    assert "A secret question" not in texts_of(found.response)


async def test_a_question_is_linked_to_an_earlier_one(lenient_world: World) -> None:
    world = lenient_world
    forum = await open_forum(world)
    first = await forum.ask(world.bob, "Why is my index not used?")
    second = await forum.ask(world.alice, "Index is ignored")
    earlier = f"https://discord.com/channels/{world.guild.id}/{first.id}"
    refused = await world.alice.slash(second, "questions link", earlier=earlier)
    assert "Only whoever asked" in texts_of(refused.response)
    await world.moderator.slash(second, "questions link", earlier=earlier)
    card, notice = forum.cards(second)
    assert "Asked before" in texts_of(card) and str(first.id) in texts_of(card)
    assert f"<@{world.alice.id}>, this was asked before" in texts_of(notice)
    await world.moderator.slash(second, "questions link", earlier=earlier)
    await world.restart()
    await forum.tick(hours=1)
    assert len(forum.cards(second)) == 2
    press = button_id(notice, r"question:do:same:\d+")
    stranger = await world.bob.click(notice, custom_id=press)
    assert "Only whoever asked" in texts_of(stranger.response)
    await world.alice.click(notice, custom_id=press)
    assert (await forum.question(second)).state == "solved"
    refused = await world.moderator.slash(
        first, "questions link", earlier=f"https://discord.com/channels/1/{second.id}"
    )
    assert "asked before this one" in texts_of(refused.response)


async def test_reminders_come_once_and_through_restarts(world: World) -> None:
    forum = await open_forum(world, "Solved", "Stale")
    thread = await forum.ask(world.alice)
    await world.bob.send(thread, "Because of the cast.")
    assert len(forum.cards(thread)) == 1
    await forum.tick(hours=25)
    await world.restart()
    await forum.tick()
    nudges = [m for m in forum.cards(thread) if "did an answer help" in texts_of(m)]
    assert len(nudges) == 1
    await forum.tick(days=4)
    await forum.tick(hours=1)
    still = [m for m in forum.cards(thread) if "still need help" in texts_of(m)]
    assert len(still) == 1
    await forum.tick(days=2)
    assert (await forum.question(thread)).state == "stale"
    assert world.env.backend.channels[thread.id].applied_tags == [51]
    await world.alice.send(thread, "Still here.")
    assert (await forum.question(thread)).state == "answered"
    assert world.env.backend.channels[thread.id].applied_tags == []
    assert len(forum.cards(thread)) == 3


async def test_a_post_that_a_crash_left_claimed_comes_once(world: World) -> None:
    forum = await open_forum(world)
    thread = await forum.ask(world.alice)
    await world.bob.send(thread, "Because of the cast.")
    (card,) = forum.cards(thread)
    question = await forum.question(thread)
    from storage.schema import question_posts

    async def forget(conn: Any) -> None:
        await conn.execute(question_posts.update().values(state="claimed", message_id=None))

    await world.app.database.write(forget)
    await forum.tick(minutes=5)
    assert [m.id for m in forum.cards(thread)] == [card.id]
    posts = await forum.service.upkeep.posts(question)
    assert (posts["card"].state, posts["card"].message_id) == ("sent", card.id)


async def test_me_too_is_counted_once_a_member_and_by_others_only(lenient_world: World) -> None:
    world = lenient_world
    forum = await open_forum(world)
    thread = await forum.ask(world.alice)
    await world.bob.send(thread, "I have this, too.")
    (card,) = forum.cards(thread)
    follow = button_id(card, r"question:follow:\d+")
    await world.bob.click(card, custom_id=follow)
    (card,) = forum.cards(thread)
    assert "Me too · 1" in texts_of(card)
    refused = await world.alice.click(card, custom_id=follow)
    assert "your question already" in texts_of(refused.response)
    await world.bob.click(card, custom_id=follow)
    assert "Me too · 1" not in texts_of(forum.cards(thread)[0])


@pytest.mark.parametrize(
    ("deed", "state"), [("self", "solved"), ("close", "closed"), ("plain", "answered")]
)
async def test_it_can_end_otherwise(world: World, deed: str, state: str) -> None:
    forum = await open_forum(world)
    thread = await forum.ask(world.alice)
    await world.bob.send(thread, "Because of the cast.")
    (card,) = forum.cards(thread)
    more = await world.alice.click(card, custom_id=button_id(card, r"question:more:\d+"))
    press = button_id(more.response, rf"question:do:{deed}:\d+")
    await world.alice.click(more.response, custom_id=press)
    assert (await forum.question(thread)).state == state


async def test_a_resource_can_be_what_solved_it_and_reopening_takes_that_back(
    world: World,
) -> None:
    forum = await open_forum(world)
    await add(world, "How Postgres uses an index", "sql")
    thread = await forum.ask(world.alice, "Postgres index is not used")
    (card,) = forum.cards(thread)
    assert "How Postgres uses an index" in texts_of(card)
    more = await world.alice.click(card, custom_id=button_id(card, r"question:more:\d+"))
    number = (await forum.question(thread)).question_id
    await world.alice.select(more.response, ["1"], custom_id=f"question:resource:{number}")
    (card,) = forum.cards(thread)
    assert "Solved by" in texts_of(card)
    await world.alice.click(card, custom_id=button_id(card, r"question:do:reopen:\d+"))
    async with world.app.database.read() as conn:
        kinds = (await conn.execute(select(events.c.kind))).scalars().all()
    assert kinds.count(EventKind.SOLVED) == kinds.count(EventKind.UNSOLVED) == 1


async def test_setup_takes_the_one_forum_and_its_solved_tag_and_changes_what_is_pressed(
    world: World,
) -> None:
    forum = await open_forum(world, "Solved")
    (place,) = await forum.service.threads.watched(world.guild.id)
    assert (place.channel_id, place.solved_tag_id) == (forum.channel.id, 50)
    screen = await world.moderator.slash(world.channel, "questions setup")
    await world.moderator.click(screen.response, custom_id="questions:switch:reminds")
    settings, _ = await forum.service.setup(world.guild.id)
    assert not settings.reminds
    form = await world.moderator.click(screen.response, custom_id="questions:times")
    filled = {"nudge_h": "12", "still_d": "3", "stale_d": "6", "invite_min": "20"}
    await world.moderator.submit_modal(form, filled)
    settings, _ = await forum.service.setup(world.guild.id)
    assert (settings.nudge_h, settings.invite_min) == (12, 20)


async def test_a_solved_question_is_a_resource_where_the_server_wants_it(world: World) -> None:
    forum = await open_forum(world)
    await forum.service.change(world.guild.id, world.moderator.id, makes_resources=True)
    thread = await forum.ask(world.alice, "Why is my index not used?")
    await world.bob.send(thread, "Because of the cast.")
    said = next(m for m in thread.history() if m.author.id == world.bob.id)
    await world.alice.context_menu(thread, "Accept as answer", said)
    found = await world.bob.slash(world.channel, "search", query="index")
    assert "Why is my index not used?" in texts_of(found.response)
    world.env.backend.delete_channel(thread.id)
    await world.env.settle()
    found = await world.bob.slash(world.channel, "search", query="index")
    assert "Why is my index not used?" not in texts_of(found.response)


# ------------------------------------------------------------------ just after a start


@pytest.mark.parametrize(
    ("locale", "sentence"), [("en-US", "still reading what there is"), ("zh-CN", "还在读取")]
)
async def test_who_asks_before_a_large_index_is_built_waits_for_nothing_and_misses_nothing(
    world: World, locale: str, sentence: str
) -> None:
    forum = await open_forum(world)
    words = world.app.services.search
    object.__setattr__(words, "large", 1)  # one resource is a large catalogue
    await add(world, "How Postgres uses an index", "sql, indexes")
    set_locale(world.alice, locale)
    shown = await preview(world, world.alice, "Why does Postgres not use my index?")
    assert sentence in texts_of(shown.response)
    assert "How Postgres" not in texts_of(shown.response)
    await world.alice.click(shown.response, custom_id=button_id(shown.response, r"ask:post:\d+"))
    (thread,) = forum.channel.threads
    assert len(forum.cards(thread)) == 1  # what it begins with
    await forum.tick()
    assert len(forum.cards(thread)) == 1
    await words.prepare(world.app.clock())
    await forum.tick()
    (_, card) = forum.cards(thread)
    assert "How Postgres uses an index" in texts_of(card)
    await forum.tick()
    assert len(forum.cards(thread)) == 2
    again = await preview(world, world.alice, "Why does Postgres not use my index?")
    assert sentence not in texts_of(again.response)
    assert "How Postgres" in texts_of(again.response)
