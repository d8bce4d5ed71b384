"""A bounty is spent once, whoever deletes, takes back or closes what afterwards."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.discord_sim import World
from tests.questions.scenes import Forum, award, open_forum
from tests.questions.test_threads import net

STAKE = 2_000
WHY = "Because of the cast, which hides the column from the index here."

Deed = Callable[[World, Forum, Any, Any], Awaitable[None]]


async def delete_answer(world: World, forum: Forum, thread: Any, answer: Any) -> None:
    world.env.backend.delete_message(thread.id, answer.id)
    await world.env.settle()
    known = await forum.question(thread)
    await forum.service.decisions.close(forum.guild_id, forum.moderator(), known.question_id)


async def delete_thread(world: World, forum: Forum, thread: Any, answer: Any) -> None:
    world.env.backend.delete_channel(thread.id)
    await world.env.settle()


async def reopen_and_close(world: World, forum: Forum, thread: Any, answer: Any) -> None:
    number = (await forum.question(thread)).question_id
    await forum.service.decisions.reopen(forum.guild_id, forum.moderator(), number)
    await forum.service.decisions.close(forum.guild_id, forum.moderator(), number)


async def accept_another(world: World, forum: Forum, thread: Any, answer: Any) -> None:
    other = world.person("other")
    await other.send(thread, "The planner takes a sequential scan for small tables.")
    said = next(m for m in thread.history() if m.author.id == other.id)
    await world.alice.context_menu(thread, "Accept as answer", said)


async def with_bounty(world: World, forum: Forum) -> tuple[Any, Any]:
    """Have Bob win what Alice staked."""
    await award(world, world.alice, STAKE // 100)
    thread = await forum.ask(world.alice)
    await forum.service.threads.stake(await forum.question(thread), STAKE)
    await world.bob.send(thread, WHY)
    answer = next(m for m in thread.history() if m.author.id == world.bob.id)
    await world.alice.context_menu(thread, "Accept as answer", answer)
    return thread, answer


@pytest.mark.parametrize("deed", [delete_answer, delete_thread, reopen_and_close, accept_another])
@pytest.mark.parametrize("is_spent", [True, False], ids=["spent", "kept"])
async def test_what_a_bounty_bought_is_not_returned_as_well(
    world: World, deed: Deed, *, is_spent: bool
) -> None:
    forum = await open_forum(world)
    thread, answer = await with_bounty(world, forum)
    entries, spendable = world.app.services.points.entries, forum.service.spendable
    before = await spendable(forum.guild_id, world.alice.id)
    spent = await spendable(forum.guild_id, world.bob.id) if is_spent else 0
    if spent:
        await world.app.database.write(
            lambda conn: entries.spend(
                conn, forum.guild_id, world.bob.id, amount=spent, source_id=9
            )
        )
    await deed(world, forum, thread, answer)
    after = await spendable(forum.guild_id, world.alice.id)
    if is_spent:
        assert after == before
        assert await net(world, "bounty", world.person("other")) == 0
    elif deed is not accept_another:
        assert after == STAKE
