"""What Discord really says of forums and posts: tags that are needed, moderated or many."""

import asyncio
from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord.backend.models.channel import Overwrite
from simcord.backend.serializers import channel_payload
from simcord.enums import OverwriteType

from bot.legible import is_blank
from bot.questions import rules
from bot.questions.rules import Actor
from storage.records import QuestionPlace
from tests.discord_sim import World, button_id, buttons_of, form_parts, send_form, texts_of
from tests.questions.scenes import Forum, award, open_forum
from tests.questions.test_absences import look
from tests.questions.test_asking import preview
from tests.questions.test_threads import answered, net

PINNED, REQUIRE_TAG = 1 << 1, 1 << 4


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


# ------------------------------------------------------------- what becomes of a thread


def tagged(world: World, thread: Any) -> list[int]:
    return list(world.env.backend.channels[thread.id].applied_tags)


async def set_tags(world: World, forum: Forum, *tags: tuple[int, str]) -> None:
    """Have a moderator change the forum's tags; Discord takes those that are gone off of posts."""
    blank = {"moderated": False, "emoji_id": None, "emoji_name": None}
    listed = [blank | {"id": str(number), "name": name} for number, name in tags]
    backend = world.env.backend
    backend.edit_channel(forum.channel.id, {"available_tags": listed})
    left = {number for number, _ in tags}
    for thread in forum.channel.threads:
        kept = [tag for tag in tagged(world, thread) if tag in left]
        backend.edit_channel(thread.id, {"applied_tags": kept})
    await world.env.settle()


@pytest.mark.parametrize("is_away", [False, True], ids=["listening", "away"])
async def test_a_tag_that_is_made_again_is_found_by_its_name_and_set(
    world: World, *, is_away: bool
) -> None:
    forum = await open_forum(world, "Solved", "sql")
    thread, answer = await answered(world, forum)
    await world.alice.context_menu(thread, "Accept as answer", answer)
    assert tagged(world, thread) == [50]

    async def become(*tags: tuple[int, str]) -> None:
        if is_away:
            backend = world.env.backend
            silent, backend.emit = backend.emit, lambda *_args, **_more: None
            try:
                await set_tags(world, forum, *tags)
            finally:
                backend.emit = silent
            await world.env.advance_time(60)
            await world.restart()
            await look(world, 3)
        else:
            await set_tags(world, forum, *tags)
        await forum.tick()

    await become((51, "sql"))
    assert tagged(world, thread) == []
    await become((51, "sql"), (60, "已解决"))
    assert tagged(world, thread) == [60]
    await become((51, "sql"), (60, "Done"), (61, "Solved"))  # renamed: it stays the one
    assert tagged(world, thread) == [60]


async def test_a_forum_without_the_tag_says_so_and_everything_else_works(world: World) -> None:
    forum = await open_forum(world)
    thread, answer = await answered(world, forum)
    await world.alice.context_menu(thread, "Accept as answer", answer)
    assert (await forum.question(thread)).state == "solved" and tagged(world, thread) == []
    screen = await world.moderator.slash(world.channel, "questions setup")
    assert "no tag says “solved”" in texts_of(screen.response)


@pytest.mark.parametrize("is_watched", [True, False], ids=["watched", "not watched"])
async def test_a_thread_whose_parent_changed_is_where_it_is_now(
    world: World, *, is_watched: bool
) -> None:
    forum = await open_forum(world, "Solved")
    thread, answer = await answered(world, forum)
    other = world.guild.create_forum_channel("elsewhere")
    everyone = discord.Permissions(view_channel=True).value
    backend = world.env.backend
    for number, allow, deny in (
        (world.guild.default_role.id, 0, everyone),
        (backend.bot_user.id, everyone, 0),
        (world.moderator.id, everyone, 0),
    ):
        kind = OverwriteType.MEMBER if allow else OverwriteType.ROLE
        backend.set_overwrite(other.id, Overwrite(number, kind, allow, deny))
    if is_watched:
        places = [
            QuestionPlace(guild_id=world.guild.id, channel_id=each, since_at=0.0, solved_tag_id=50)
            for each in (other.id,)
        ]
        watched = await forum.service.threads.watched(world.guild.id)
        await forum.service.watch(world.guild.id, world.moderator.id, [*watched, *places])
    await forum.change(thread, parent_id=other.id)
    question = await forum.question(thread)
    assert (question.channel_id, question.is_open_to_all) == (other.id, False)
    found = await world.bob.slash(world.channel, "questions search", query="index")
    assert "Why is my index" not in texts_of(found.response)
    await world.moderator.context_menu(thread, "Accept as answer", answer)
    await forum.tick()
    assert (await forum.question(thread)).state == "solved"
    assert len(forum.cards(thread)) == 1 and tagged(world, thread) == []


async def test_a_pinned_thread_and_one_whose_first_message_is_gone_stay_what_they_are(
    world: World,
) -> None:
    forum = await open_forum(world, "Solved")
    thread, answer = await answered(world, forum)
    before = await forum.question(thread)
    backend = world.env.backend
    pinned = {**channel_payload(backend, backend.channels[thread.id]), "flags": PINNED}
    backend.emit("THREAD_UPDATE", pinned)
    await world.env.settle()
    for _ in range(2):  # of the first message, whose id is the thread's, perhaps twice
        number = str(thread.id)
        gone = {"id": number, "channel_id": number, "guild_id": str(world.guild.id)}
        backend.emit("MESSAGE_DELETE", gone)
        await world.env.settle()
    await world.restart()
    await look(world)
    after = await forum.question(thread)
    assert (after.question_id, after.user_id, after.state) == (
        before.question_id,
        world.alice.id,
        "answered",
    )
    await world.alice.context_menu(thread, "Accept as answer", answer)
    assert (await forum.question(thread)).state == "solved" and tagged(world, thread) == [50]


async def test_archived_and_locked_at_once_is_closed_and_woken_it_shows_what_it_is(
    world: World,
) -> None:
    forum = await open_forum(world, "Solved")
    thread, answer = await answered(world, forum)
    await forum.change(thread, archived=True, locked=True)
    for _ in range(2):
        await forum.change(thread, archived=True, locked=True)
    assert (await forum.question(thread)).state == "closed"
    number = (await forum.question(thread)).question_id
    await forum.service.decisions.accept_known(world.guild.id, forum.moderator(), number, answer.id)
    await forum.tick(hours=1)
    assert world.env.backend.channels[thread.id].thread_metadata.archived
    assert tagged(world, thread) == []
    await forum.change(thread, archived=False, locked=False)
    assert (await forum.question(thread)).state == "solved"
    assert tagged(world, thread) == [50] and "Solved" in texts_of(forum.cards(thread)[0])


# ------------------------------------------------------------------------------ titles


async def begin(world: World, forum: Forum, title: str) -> Any:
    """Have Discord tell of a new post with any name, as long as nobody could write it."""
    backend = world.env.backend
    thread = backend.create_thread(forum.channel.id, "x", world.alice.id, broadcast=False)
    thread.name = title
    backend.announce_thread_create(thread)
    await world.env.settle()
    return next(each for each in forum.channel.threads if each.id == thread.id)


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("x" * 10_000, "x" * 100),
        ("为什么" * 4_000, ("为什么" * 34)[:100]),
        ("  why\n\nso  slow  ", "why so slow"),
        ("👩‍👩‍👧‍👦" * 3_000, None),
        ("\u200b\u2800", None),
        ("", None),
        ("](https://evil.example) @everyone <@1>", "](https://evil.example) @everyone <@1>"),
    ],
    ids=["long", "han", "lines", "emoji", "blank", "empty", "marks"],
)
async def test_a_post_of_any_name_is_kept_in_a_line_that_can_be_read(
    world: World, title: str, kept: str | None
) -> None:
    forum = await open_forum(world)
    thread = await begin(world, forum, title)
    question = await forum.question(thread)
    assert 0 < len(question.title) <= 100
    assert kept is None or question.title == kept
    await world.bob.send(thread, "Because of the cast, which hides the column from the index.")
    assert len(forum.cards(thread)) == 1
    listed = await world.bob.slash(world.channel, "questions mine")
    said = texts_of(listed.response)
    assert f"](https://discord.com/channels/{world.guild.id}/{thread.id})" in said
    assert "[](" not in said and not is_blank(question.title)
    assert "](https://evil.example)" not in said.replace("\\", "|")


@pytest.mark.parametrize("title", ["", "   ", "\u200b\u2800", "x" * 10_000, "为" * 101])
async def test_a_title_that_no_thread_can_have_is_refused_and_comes_back_filled_in(
    lenient_world: World, title: str
) -> None:
    world = lenient_world
    await open_forum(world)
    form = await world.alice.slash(world.channel, "ask")
    parts = form_parts(world.alice, world.channel, form, {"title": "x", "tags": "sql"})
    fill(parts["components"], "title", title)
    refused = await send_form(world.env, world.alice, world.channel, parts)
    assert "at least one visible character and at most 100" in texts_of(refused.response)
    again = await world.alice.click(
        refused.response, custom_id=buttons_of(refused.response)[0].custom_id
    )
    assert again.modal is not None and "sql" in str(again.modal)


def fill(nodes: Any, custom_id: str, value: str) -> None:
    """Put a value into a form that Discord's own client would not let anybody type."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if node.get("custom_id") == custom_id:
            node["value"] = value
        stack += [
            *node.get("components", ()),
            *([node["component"]] if "component" in node else []),
        ]


# -------------------------------------------------------------------- two at the same time


@pytest.mark.parametrize("takes_several", [False, True], ids=["one", "several"])
async def test_two_accepts_at_once_leave_as_many_as_the_server_takes(
    world: World, *, takes_several: bool
) -> None:
    forum = await open_forum(world, "Solved")
    await forum.service.change(world.guild.id, world.moderator.id, takes_several=takes_several)
    thread, first = await answered(world, forum)
    carol = world.person("carol")
    await carol.send(thread, "The planner takes a sequential scan for small tables, always.")
    second = next(m for m in thread.history() if m.author.id == carol.id)
    decisions, asked = forum.service.decisions, await forum.question(thread)
    done = await asyncio.gather(
        *(
            decisions.accept_known(world.guild.id, who, asked.question_id, message.id)
            for who, message in (
                (Actor(world.alice.id), first),
                (forum.moderator(), second),
                (Actor(world.alice.id), first),
                (forum.moderator(), second),
            )
        )
    )
    assert len(done) == 4
    accepted = rules.accepted(await forum.answers(thread))
    assert len(accepted) == (2 if takes_several else 1)
    paid = {
        world.bob.id: await net(world, "answer", world.bob),
        carol.id: await net(world, "answer", carol),
    }
    assert {number for number, amount in paid.items() if amount} == {a.user_id for a in accepted}
    await forum.tick()
    assert tagged(world, thread) == [50] and len(forum.cards(thread)) == 1
