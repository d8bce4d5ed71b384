"""What is deleted, renamed, locked or hidden while nobody listens is taken back when they do."""

from typing import Any

import discord
import pytest
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import func, select

from bot.questions import checking
from storage import catalog, consistency
from storage.schema import events, questions
from tests.discord_sim import World, limit_bot
from tests.questions.scenes import Forum, award, open_forum
from tests.questions.test_asking import hide
from tests.questions.test_threads import answered, net

VIEW = discord.Permissions(view_channel=True)


async def look(world: World, n_ticks: int = 2) -> None:
    """Have the job of absences tick."""
    questions_cog: Any = world.client.get_cog("QuestionsCog")
    job = checking.Checking(world.app.services.questions, world.client, questions_cog.run)
    for _ in range(n_ticks):
        await job.tick(world.app.clock())
        await world.env.settle()


async def won(world: World) -> tuple[Forum, Any, Any]:
    """Return a question with a bounty that Bob won."""
    forum = await open_forum(world, "Solved")
    await award(world, world.alice, 20)
    thread, answer = await answered(world, forum)
    await forum.service.threads.stake(await forum.question(thread), 1_000)
    await world.alice.context_menu(thread, "Accept as answer", answer)
    assert await net(world, "bounty", world.bob) > 0 < await net(world, "answer", world.bob)
    return forum, thread, answer


async def is_paid(world: World) -> bool:
    kinds = ("answer", "bounty", "change")
    return any([await net(world, kind, who) for kind in kinds for who in (world.alice, world.bob)])


async def gone(world: World) -> bool:
    await world.env.settle()
    async with world.app.database.read() as conn:
        assert await consistency.problems(conn) == []
        return not await conn.scalar(select(func.count()).select_from(questions))


async def missed(world: World, *deeds: Any) -> None:
    """Have something happen while the bot is away, and the bot come back."""
    backend = world.env.backend
    silent, backend.emit = backend.emit, lambda *_args, **_more: None
    try:
        for deed in deeds:
            deed()
    finally:
        backend.emit = silent
    await world.env.advance_time(60)
    await world.restart()


async def test_an_answer_deleted_meanwhile_takes_back_what_it_was_paid(world: World) -> None:
    forum, thread, answer = await won(world)
    await missed(world, lambda: world.env.backend.delete_message(thread.id, answer.id))
    assert await is_paid(world)
    await look(world)
    question = await forum.question(thread)
    assert (question.state, question.bounty_state) == ("open", "staked")
    assert not await is_paid(world)
    assert await net(world, "reply", world.bob) == await net(world, "message", world.bob) == 0
    assert world.env.backend.channels[thread.id].applied_tags == []
    await look(world)
    assert (await forum.question(thread)).state == "open"


async def test_a_thread_deleted_meanwhile_is_forgotten(world: World) -> None:
    _, thread, _ = await won(world)
    await missed(world, lambda: world.env.backend.delete_channel(thread.id))
    await look(world)
    assert await gone(world) and not await is_paid(world)
    assert await net(world, "stake", world.alice) == 0


async def test_a_forum_deleted_meanwhile_is_forgotten_with_its_questions(world: World) -> None:
    forum, thread, _ = await won(world)
    backend = world.env.backend
    deeds = (lambda: backend.delete_channel(forum.channel.id),)
    await missed(world, lambda: backend.delete_channel(thread.id), *deeds)
    await look(world)
    assert await gone(world) and not await is_paid(world)
    assert await forum.service.threads.watched(world.guild.id) == []


async def test_what_a_sleeping_thread_missed_is_read(world: World) -> None:
    forum = await open_forum(world, "Solved", "sql")
    thread, answer = await answered(world, forum)
    backend = world.env.backend
    meta = {"archived": True, "locked": True}

    def change() -> None:
        backend.delete_message(thread.id, answer.id)
        backend.create_message(thread.id, world.moderator.id, "Cast the other side.")
        backend.edit_channel(
            thread.id, {"name": "Renamed", "applied_tags": [51]}, thread_metadata=meta
        )

    await missed(world, change)
    await look(world)
    question = await forum.question(thread)
    assert (question.title, question.tags, question.state) == ("Renamed", ("sql",), "closed")
    assert [a.user_id for a in await forum.answers(thread)] == [world.moderator.id]
    assert backend.channels[thread.id].thread_metadata.archived


async def test_a_few_a_tick_and_a_crash_in_between_goes_on_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "A_TICK", 2)
    forum = await open_forum(world)
    threads = [await forum.ask(world.alice, f"Why {n}?") for n in range(5)]
    world_threads = [thread.id for thread in threads]

    async def left() -> list[int]:
        known = await forum.service.threads.known(world.guild.id)
        return [number for number in world_threads if number in known]

    await missed(world, *(lambda t=t: world.env.backend.delete_channel(t) for t in world_threads))
    await look(world, 1)
    assert await left() == world_threads[2:]
    await world.restart()
    await look(world, 1)
    assert await left() == world_threads[4:]
    await look(world, 2)
    assert await left() == []


async def test_what_discord_does_not_answer_for_comes_last_and_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "A_TICK", 2)
    forum = await open_forum(world)
    threads = [await forum.ask(world.alice, f"Why {n}?") for n in range(3)]
    backend = world.env.backend
    for status, code in ((500, 0), (404, 0)):
        await missed(world)
        fault = {
            "method": "GET",
            "path": f"/channels/{threads[0].id}",
            "status": status,
            "code": code,
            "message": "no",
            "times": None,
        }
        backend.faults.append(fault)
        await look(world, 3)
        known = await forum.service.threads.known(world.guild.id)
        assert len(known) == 3
        assert await forum.service.upkeep.to_check(world.guild.id, world.app.clock(), 9)
        backend.faults.remove(fault)
        await look(world, 2)
        assert not await forum.service.upkeep.to_check(world.guild.id, world.app.clock(), 9)


async def test_a_history_that_may_not_be_read_takes_nothing_back(world: World) -> None:
    forum, thread, _ = await won(world)
    await limit_bot(world, read_message_history=False)
    await missed(world)
    await look(world)
    assert await is_paid(world) and (await forum.question(thread)).state == "solved"
    await hide(world, forum.channel, view_channel=False)
    await missed(world)
    await look(world)
    assert await is_paid(world) and (await forum.question(thread)).state == "solved"


async def test_what_is_there_is_as_it_was_and_nothing_is_said_twice(world: World) -> None:
    forum, thread, _ = await won(world)
    async with world.app.database.read() as conn:
        before = await conn.scalar(select(func.count()).select_from(events))
    written = [m.id for m in thread.history()]
    await missed(world)
    await look(world)
    async with world.app.database.read() as conn:
        assert before == await conn.scalar(select(func.count()).select_from(events))
    assert written == [m.id for m in thread.history()]
    assert await is_paid(world) and (await forum.question(thread)).state == "solved"


@pytest.mark.parametrize("is_away", [True, False], ids=["away", "listening"])
async def test_a_forum_that_is_hidden_shows_its_questions_nowhere_else(
    world: World, is_away: bool
) -> None:
    forum = await open_forum(world)
    await forum.service.change(world.guild.id, world.moderator.id, makes_resources=True)
    thread, answer = await answered(world, forum)
    await world.alice.context_menu(thread, "Accept as answer", answer)
    looking = forum.service.looking
    async with world.app.database.read() as conn:
        assert await looking.public(conn, world.guild.id, is_solved=True)
    everyone = Overwrite(world.guild.default_role.id, OverwriteType.ROLE, 0, VIEW.value)
    if is_away:
        await missed(world, lambda: world.env.backend.set_overwrite(forum.channel.id, everyone))
        await look(world)
    else:
        world.env.backend.set_overwrite(forum.channel.id, everyone)
        await world.env.settle()
    async with world.app.database.read() as conn:
        assert not await looking.public(conn, world.guild.id, is_solved=True)
        made_id = (await forum.question(thread)).made_resource_id
        assert made_id is not None
        made = await catalog.resource(conn, world.guild.id, made_id)
    assert made is not None and made.state == "retired"


async def test_what_was_missed_is_read_although_somebody_writes_before_the_tick_reads_it(
    world: World,
) -> None:
    forum = await open_forum(world)
    thread = await forum.ask(world.alice)
    carol = world.person("carol")
    backend = world.env.backend
    await missed(world, lambda: backend.create_message(thread.id, world.bob.id, "Cast the side."))
    await carol.send(thread, "The planner takes a sequential scan for small tables.")
    await forum.tick()
    await look(world)
    assert {a.user_id for a in await forum.answers(thread)} == {world.bob.id, carol.id}
