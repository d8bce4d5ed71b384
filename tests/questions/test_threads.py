"""Threads become questions by themselves, and what happens to them happens to the question."""

from typing import Any

import pytest
from sqlalchemy import func, select

from bot.errors import UserError
from storage.schema import ledger, question_answers, question_posts, questions
from tests.discord_sim import World, button_id, limit_bot, set_locale, texts_of
from tests.questions.scenes import Forum, award, open_forum


async def net(world: World, kind: str, member: Any) -> int:
    """Return what entries of a kind come to for a member, in hundredths."""
    async with world.app.database.read() as conn:
        found = await conn.scalar(
            select(func.sum(ledger.c.amount)).where(
                ledger.c.kind == kind, ledger.c.user_id == member.id
            )
        )
    return int(found or 0)


async def answered(world: World, forum: Forum) -> tuple[Any, Any]:
    """Return a thread that Alice began and the answer that Bob wrote."""
    thread = await forum.ask(world.alice)
    await world.bob.send(thread, "Because of the cast, which hides the column from the index.")
    return thread, next(m for m in thread.history() if m.author.id == world.bob.id)


# ---------------------------------------------------------------------------- noticing


async def test_a_post_in_a_watched_forum_is_a_question_and_says_nothing_yet(world: World) -> None:
    forum = await open_forum(world, "Solved", "sql")
    thread = await forum.ask(world.alice, tags=(51,))
    question = await forum.question(thread)
    assert (question.user_id, question.state, question.tags) == (world.alice.id, "open", ("sql",))
    assert forum.cards(thread) == []


async def test_a_thread_on_a_message_in_a_watched_channel_is_its_authors_question(
    world: World,
) -> None:
    await world.app.services.questions.watch(
        world.guild.id, world.moderator.id, [place(world, world.channel.id)]
    )
    await world.alice.send(world.channel, "How do lifetimes work?")
    said = world.channel.last_message
    backend = world.env.backend
    backend.create_thread(world.channel.id, "Lifetimes", world.bob.id, message_id=said.id)
    backend.create_thread(world.channel.id, "Chat", world.bob.id)
    await world.env.settle()
    found = await world.app.services.questions.threads.known(world.guild.id)
    assert list(found) == [said.id]
    known = await world.app.services.questions.decisions.of_thread(world.guild.id, said.id)
    assert known.question.user_id == world.alice.id


def place(world: World, channel_id: int) -> Any:
    from storage.records import QuestionPlace

    return QuestionPlace(world.guild.id, channel_id, world.app.clock().timestamp() - 1)


async def test_what_was_posted_while_nobody_listened_is_read_by_a_tick(world: World) -> None:
    forum = await open_forum(world)
    thread = await forum.ask(world.alice)
    backend = world.env.backend
    other = backend.create_thread(forum.channel.id, "Missed", world.bob.id, broadcast=False)
    backend.create_message(thread.id, world.bob.id, "missed, too", broadcast=False)
    await world.restart()
    await forum.tick()
    assert (await forum.question(thread)).state == "answered"
    assert (await forum.question(other)).user_id == world.bob.id
    assert len(forum.cards(thread)) == 1
    await forum.tick()
    assert len(forum.cards(thread)) == 1 and len(await forum.answers(thread)) == 1


async def test_of_a_member_who_is_not_tracked_nothing_is_noticed(world: World) -> None:
    forum = await open_forum(world)
    await world.app.services.privacy.set_tracking(world.guild.id, world.alice.id, is_on=False)
    thread = await forum.ask(world.alice)
    assert thread.id not in await forum.service.threads.known(world.guild.id)
    other = await forum.ask(world.bob)
    await world.alice.send(other, "Because of the cast.")
    assert await forum.answers(other) == []
    said = next(m for m in other.history() if m.author.id == world.alice.id)
    result = await world.bob.context_menu(other, "Accept as answer", said)
    assert "Nobody is paid" in texts_of(result.response)
    (row,) = await forum.answers(other)
    assert row.user_id == 0


async def test_bots_and_webhooks_neither_ask_nor_answer(lenient_world: World) -> None:
    world = lenient_world
    forum = await open_forum(world)
    thread = await forum.ask(world.alice)
    bot = world.guild.add_member(world.env.create_user("helperbot", bot=True))
    world.env.backend.create_message(thread.id, bot.id, "beep")
    await world.env.settle()
    assert (await forum.question(thread)).state == "open"
    beep = next(m for m in thread.history() if m.author.id == bot.id)
    result = await world.alice.context_menu(thread, "Accept as answer", beep)
    assert "bot's message" in texts_of(result.response)


# ---------------------------------------------------------------------------- the card


async def test_an_answer_brings_the_card_which_is_edited_in_place(world: World) -> None:
    forum = await open_forum(world, "Solved")
    thread, _ = await answered(world, forum)
    (card,) = forum.cards(thread)
    assert "Did one of the answers help?" in texts_of(card)
    await world.bob.send(thread, "Cast the other side.")
    (again,) = forum.cards(thread)
    assert again.id == card.id


async def test_a_card_that_was_deleted_stays_away(world: World) -> None:
    forum = await open_forum(world)
    thread, answer = await answered(world, forum)
    (card,) = forum.cards(thread)
    world.env.backend.delete_message(thread.id, card.id)
    await world.env.settle()
    await world.alice.context_menu(thread, "Accept as answer", answer)
    await forum.tick()
    assert forum.cards(thread) == []


async def test_the_card_speaks_the_servers_language(world: World) -> None:
    forum = await open_forum(world)
    await world.moderator.slash(world.channel, "server language", language="zh-CN")
    thread, _ = await answered(world, forum)
    (card,) = forum.cards(thread)
    assert "有帮到你的回答吗" in texts_of(card)


# --------------------------------------------------------------------------- accepting


async def test_accepting_by_the_messages_command_pays_tags_and_links(world: World) -> None:
    forum = await open_forum(world, "Solved")
    thread, answer = await answered(world, forum)
    result = await world.alice.context_menu(thread, "Accept as answer", answer)
    assert "They are paid" in texts_of(result.response)
    (card,) = forum.cards(thread)
    assert f"{thread.id}/{answer.id}" in texts_of(card)
    assert world.env.backend.channels[thread.id].applied_tags == [50]
    assert await net(world, "answer", world.bob) > 0


async def test_accepting_from_the_list_moves_and_reopening_takes_back(world: World) -> None:
    forum = await open_forum(world, "Solved")
    thread, answer = await answered(world, forum)
    carol = world.person("carol")
    await carol.send(thread, "Or make an index on the expression, which needs no change.")
    await world.alice.context_menu(thread, "Accept as answer", answer)
    first = await net(world, "answer", world.bob)
    (card,) = forum.cards(thread)
    later = next(m for m in thread.history() if m.author.id == carol.id)
    await world.alice.context_menu(thread, "Accept as answer", later)
    assert await net(world, "answer", world.bob) == 0
    assert await net(world, "answer", carol) == first > 0
    (card,) = forum.cards(thread)
    await world.alice.click(card, custom_id=button_id(card, r"question:do:reopen:\d+"))
    assert await net(world, "answer", carol) == 0
    assert world.env.backend.channels[thread.id].applied_tags == []
    (card,) = forum.cards(thread)
    shown = await world.alice.click(card, custom_id=button_id(card, r"question:list:card:\d+"))
    picking = str((await forum.question(thread)).question_id)
    done = await world.alice.select(
        shown.response, [str(answer.id)], custom_id=f"question:pick:{picking}"
    )
    assert "鲍勃" in texts_of(shown.response) or str(world.bob.id) in texts_of(shown.response)
    assert "They are paid" in texts_of(done.response)
    assert await net(world, "answer", world.bob) == first
    assert await net(world, "answer", carol) == 0


@pytest.mark.parametrize("emoji", ["✅", "🙏"])
async def test_the_askers_mark_offers_to_accept_what_it_is_on(world: World, emoji: str) -> None:
    forum = await open_forum(world)
    thread, answer = await answered(world, forum)
    await world.bob.react(answer, emoji)
    assert (await forum.question(thread)).offered_id is None
    await world.alice.react(answer, emoji)
    (card,) = forum.cards(thread)
    assert "Was that the answer?" in texts_of(card)
    await world.alice.click(card, custom_id=button_id(card, r"question:take:\d+:\d+"))
    assert (await forum.question(thread)).state == "solved"


async def test_a_mark_that_is_taken_back_offers_nothing_unless_another_one_does(
    world: World,
) -> None:
    forum = await open_forum(world)
    thread, answer = await answered(world, forum)
    backend = world.env.backend

    async def offered() -> int | None:
        await world.env.settle()
        (card,) = forum.cards(thread)
        found = (await forum.question(thread)).offered_id
        assert ("Was that the answer?" in texts_of(card)) is (found is not None)
        return found

    for emoji in ("✅", "🙏"):
        await world.alice.react(answer, emoji)
    await world.bob.react(answer, "✅")
    await world.bob.unreact(answer, "✅")
    await world.alice.unreact(answer, "✅")
    assert await offered() == answer.id  # the other mark stands
    await world.alice.unreact(answer, "🙏")
    assert await offered() is None
    await world.alice.react(answer, "✅")
    assert await offered() == answer.id
    backend.clear_reaction(thread.id, answer.id, "✅")
    assert await offered() is None
    await world.alice.react(answer, "🙏")
    backend.clear_reactions(thread.id, answer.id)
    assert await offered() is None


async def test_thanks_in_a_reply_offer_to_accept_and_the_words_are_not_kept(world: World) -> None:
    forum = await open_forum(world)
    thread, answer = await answered(world, forum)
    await world.alice.send(thread, "thank you, xylophone", reply_to=answer)
    (card,) = forum.cards(thread)
    assert "Was that the answer?" in texts_of(card)
    raw = world.app.settings.database_path.read_bytes()
    wal = world.app.settings.database_path.with_name("lyceum.sqlite3-wal")
    assert b"xylophone" not in raw + (wal.read_bytes() if wal.exists() else b"")


async def test_others_may_not_accept_and_moderators_may(lenient_world: World) -> None:
    world = lenient_world
    forum = await open_forum(world)
    thread, answer = await answered(world, forum)
    carol = world.person("carol")
    refused = await carol.context_menu(thread, "Accept as answer", answer)
    assert "Only whoever asked" in texts_of(refused.response)
    (card,) = forum.cards(thread)
    refused = await carol.click(card, custom_id=button_id(card, r"question:list:card:\d+"))
    assert "Only whoever asked" in texts_of(refused.response)
    done = await world.moderator.context_menu(thread, "Accept as answer", answer)
    assert "They are paid" in texts_of(done.response)
    log = await world.moderator.slash(world.channel, "server log", kind="questions")
    assert "accepted an answer for its asker" in texts_of(log.response)


async def test_a_moderators_own_answer_may_be_marked_and_is_not_paid(world: World) -> None:
    forum = await open_forum(world)
    thread = await forum.ask(world.alice)
    await world.moderator.send(thread, "Because of the cast, which hides the column.")
    mine = next(m for m in thread.history() if m.author.id == world.moderator.id)
    result = await world.moderator.context_menu(thread, "Accept as answer", mine)
    assert "Nobody is paid" in texts_of(result.response)
    assert (await forum.question(thread)).state == "solved"
    assert await net(world, "answer", world.moderator) == 0


async def test_an_asker_may_mark_their_own_message(world: World) -> None:
    forum = await open_forum(world)
    thread = await forum.ask(world.alice)
    await world.alice.send(thread, "Found it: the cast hides the column.")
    mine = next(m for m in thread.history() if m.author.id == world.alice.id)
    result = await world.alice.context_menu(thread, "Accept as answer", mine)
    assert "Nobody is paid" in texts_of(result.response)
    assert (await forum.question(thread)).state == "solved"


async def test_outside_a_question_nothing_can_be_accepted(lenient_world: World) -> None:
    world = lenient_world
    await open_forum(world)
    await world.bob.send(world.channel, "hello")
    said = world.channel.last_message
    result = await world.alice.context_menu(world.channel, "Accept as answer", said)
    assert "Nobody asks anything here" in texts_of(result.response)
    set_locale(world.alice, "zh-CN")
    result = await world.alice.context_menu(world.channel, "Accept as answer", said)
    assert "这里没有人提问" in texts_of(result.response)


# ----------------------------------------------------------------------------- losing


async def test_a_deleted_answer_takes_everything_back(world: World) -> None:
    forum = await open_forum(world, "Solved")
    thread, answer = await answered(world, forum)
    await world.alice.context_menu(thread, "Accept as answer", answer)
    world.env.backend.delete_message(thread.id, answer.id)
    await world.env.settle()
    assert await net(world, "answer", world.bob) == 0
    assert (await forum.question(thread)).state == "open"
    assert world.env.backend.channels[thread.id].applied_tags == []
    await forum.service.threads.lose_messages(world.guild.id, [answer.id])
    assert await net(world, "answer", world.bob) == 0


async def test_a_deleted_thread_forgets_the_question(world: World) -> None:
    forum = await open_forum(world)
    thread, answer = await answered(world, forum)
    await world.alice.context_menu(thread, "Accept as answer", answer)
    world.env.backend.delete_channel(thread.id)
    await world.env.settle()
    assert await net(world, "answer", world.bob) == 0
    async with world.app.database.read() as conn:
        for table in (questions, question_answers, question_posts):
            assert await conn.scalar(select(func.count()).select_from(table)) == 0


async def test_a_deleted_channel_forgets_its_questions_and_is_watched_no_more(
    world: World,
) -> None:
    forum = await open_forum(world)
    await answered(world, forum)
    world.env.backend.delete_channel(forum.channel.id)
    await world.env.settle()
    assert await forum.service.threads.known(world.guild.id) == {}
    assert await forum.service.threads.watched(world.guild.id) == []


async def test_an_erased_asker_takes_the_title_along(world: World) -> None:
    forum = await open_forum(world)
    thread = await forum.ask(world.alice, "Zygomorphic indexes?")
    await world.bob.send(thread, "Because of the cast.")
    await world.app.services.privacy.erase(
        world.guild.id, world.alice.id, is_tracking_stopped=False
    )
    async with world.app.database.read() as conn:
        assert (await conn.execute(select(questions))).all() == []
    await forum.tick()
    answer = next(m for m in thread.history() if m.author.id == world.bob.id)
    await world.bob.send(thread, "And this.")
    assert answer is not None


async def test_an_erased_author_leaves_the_question_as_it_is(world: World) -> None:
    forum = await open_forum(world)
    thread, answer = await answered(world, forum)
    await world.alice.context_menu(thread, "Accept as answer", answer)
    await world.app.services.privacy.erase(world.guild.id, world.bob.id, is_tracking_stopped=False)
    question = await forum.question(thread)
    assert await forum.answers(thread) == []
    assert question.state == "solved"
    await world.bob.send(thread, "back again")
    assert (await forum.question(thread)).state == "answered"


# --------------------------------------------------------------- archived, locked, renamed


async def test_a_sleeping_thread_is_not_woken_and_shows_what_changed_when_it_is(
    world: World,
) -> None:
    forum = await open_forum(world, "Solved")
    thread, answer = await answered(world, forum)
    (before,) = forum.cards(thread)
    await forum.change(thread, archived=True)
    known = await forum.service.decisions.of_thread(world.guild.id, thread.id)
    await forum.service.decisions.accept_known(
        world.guild.id, forum.moderator(), known.question.question_id, answer.id
    )
    await forum.tick()
    meta = world.env.backend.channels[thread.id].thread_metadata
    assert meta.archived and texts_of(forum.cards(thread)[0]) == texts_of(before)
    await forum.change(thread, archived=False)
    assert f"{thread.id}/{answer.id}" in texts_of(forum.cards(thread)[0])
    assert world.env.backend.channels[thread.id].applied_tags == [50]


async def test_a_locked_thread_is_closed_and_opens_with_it(world: World) -> None:
    forum = await open_forum(world)
    thread, _ = await answered(world, forum)
    await forum.change(thread, locked=True)
    assert (await forum.question(thread)).state == "closed"
    await forum.change(thread, locked=False)
    assert (await forum.question(thread)).state == "answered"


@pytest.mark.parametrize("is_spent", [False, True], ids=["no bounty", "a bounty"])
async def test_a_locked_thread_is_closed_whatever_was_accepted_and_deleted_in_it(
    lenient_world: World, *, is_spent: bool
) -> None:
    world = lenient_world
    forum = await open_forum(world)
    await award(world, world.alice, 20)
    thread, answer = await answered(world, forum)
    if is_spent:
        await forum.service.threads.stake(await forum.question(thread), 1_000)
    await forum.change(thread, locked=True)
    await world.moderator.context_menu(thread, "Accept as answer", answer)
    assert (await forum.question(thread)).state == "solved"
    question = await forum.question(thread)
    with pytest.raises(UserError, match="locked"):
        number = question.question_id
        await forum.service.decisions.reopen(forum.guild_id, forum.moderator(), number)
    world.env.backend.delete_message(thread.id, answer.id)
    await world.env.settle()
    question = await forum.question(thread)
    assert question.state == "closed"
    assert question.bounty_state == ("returned" if is_spent else "none")
    assert await net(world, "stake", world.alice) == 0 == await net(world, "answer", world.bob)
    await forum.change(thread, locked=False)
    assert (await forum.question(thread)).state == "open"


async def test_a_renamed_and_tagged_thread_is_found_by_its_new_name(world: World) -> None:
    forum = await open_forum(world, "Solved", "sql")
    thread = await forum.ask(world.alice, "Old name")
    await forum.change(thread, name="New name", applied_tags=[51, 50])
    question = await forum.question(thread)
    assert (question.title, question.tags) == ("New name", ("sql",))
    found = await world.bob.slash(world.channel, "questions search", query="new")
    assert "New name" in texts_of(found.response)


async def test_a_full_set_of_tags_and_a_missing_permission_lose_nothing(world: World) -> None:
    forum = await open_forum(world, "Solved", "a", "b", "c", "d", "e")
    thread, answer = await answered(world, forum)
    await forum.change(thread, applied_tags=[51, 52, 53, 54, 55])
    await world.alice.context_menu(thread, "Accept as answer", answer)
    assert world.env.backend.channels[thread.id].applied_tags == [51, 52, 53, 54, 55]
    other, said = await answered(world, forum)
    await limit_bot(world, manage_threads=False)
    await world.alice.context_menu(other, "Accept as answer", said)
    assert (await forum.question(other)).state == "solved"
    screen = await world.moderator.slash(world.channel, "questions setup")
    assert "allow me Manage Threads" in texts_of(screen.response)


async def test_a_bounty_is_staked_won_moved_and_taken_back_exactly(world: World) -> None:
    forum = await open_forum(world)
    await award(world, world.alice, 20)
    thread, answer = await answered(world, forum)
    question = await forum.question(thread)
    await forum.service.threads.stake(question, 1_000)
    assert await net(world, "stake", world.alice) == -1_000
    await world.alice.context_menu(thread, "Accept as answer", answer)
    won = await net(world, "bounty", world.bob)
    assert won > 0 and won + await net(world, "change", world.alice) == 1_000
    world.env.backend.delete_message(thread.id, answer.id)
    await world.env.settle()
    assert await net(world, "bounty", world.bob) == await net(world, "change", world.alice) == 0
    await forum.tick(hours=71)
    assert await net(world, "stake", world.alice) == -1_000
    await forum.tick(hours=2)
    assert await net(world, "stake", world.alice) == 0
    await forum.tick(hours=2)
    assert await net(world, "stake", world.alice) == 0
