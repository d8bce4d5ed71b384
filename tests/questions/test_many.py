"""Many questions at once, with the bot dying in between: nothing is lost, nothing comes twice."""

from collections import Counter
from random import Random
from typing import Any

from sqlalchemy import select, update

from bot.experts.rules import WEEKLY_DEFAULT
from bot.questions import rules
from bot.questions.known import Said
from bot.questions.rules import Actor
from storage import consistency
from storage.schema import invitations, question_answers, question_posts, questions
from tests.discord_sim import World, texts_of
from tests.experts.test_invitations import card
from tests.experts.test_invitations import tick as invite
from tests.questions.scenes import Forum, open_forum

N_QUESTIONS = 60
N_ROUNDS = 4
TITLES = (
    "Why is my index not used?",
    "How do I write a window function in SQL?",
    "SQL 查询太慢怎么办",
    "Does anybody have a spare chair?",
)


async def die(world: World, rng: Random) -> None:
    """Stop where it hurts: some of what was sent was not marked yet; then start again."""

    async def job(conn: Any) -> None:
        for table, key in ((question_posts, "post_id"), (invitations, "invitation_id")):
            sent = await conn.execute(select(table.c[key]).where(table.c.state == "sent"))
            lost = [number for number in sent.scalars() if rng.random() < 0.3]
            unmarked = {"state": "claimed", "message_id": None}
            await conn.execute(update(table).where(table.c[key].in_(lost)).values(**unmarked))

    await world.app.database.write(job)
    await world.restart()


async def act(world: World, forum: Forum, thread: Any, rng: Random) -> bool:
    """Do what somebody might do in a thread; say whether it is still there."""
    deed = rng.choice(("answer", "answer", "accept", "accept", "take back", "close", "delete"))
    answers = await forum.answers(thread)
    if deed == "answer":
        await world.person(f"helper{rng.randrange(6)}").send(
            thread, "Because of the cast, I think."
        )
    elif deed == "accept" and answers:
        one = rng.choice(answers)
        said = Said(
            thread_id=thread.id,
            message_id=one.message_id,
            author_id=one.user_id,
            written_at=one.written_at,
        )
        await forum.service.decisions.accept(forum.guild_id, forum.moderator(), said)
    elif deed == "take back" and answers:
        world.env.backend.delete_message(thread.id, rng.choice(answers).message_id)
    elif deed == "close":
        known = await forum.question(thread)
        await forum.service.decisions.close(forum.guild_id, Actor(known.user_id), known.question_id)
    elif deed == "delete":
        world.env.backend.delete_channel(thread.id)
    await world.env.settle()
    return deed != "delete"


async def test_many_questions_and_crashes_lose_and_double_nothing(world: World) -> None:
    rng = Random(11)
    forum = await open_forum(world, "Solved", "Stale")
    experts = [world.person(name) for name in ("carol", "dan", "eve")]
    for each in experts:
        await card(world, each, reach="thread", languages=("en", "zh"))
    threads: list[Any] = []
    for _ in range(N_ROUNDS):
        for _ in range(N_QUESTIONS // N_ROUNDS):
            asker = world.person(f"asker{rng.randrange(8)}")
            threads.append(await forum.ask(asker, rng.choice(TITLES)))
        await invite(world, minutes=31)
        for thread in rng.sample(threads, len(threads) // 2):
            if not await act(world, forum, thread, rng):
                threads.remove(thread)
        await die(world, rng)
        await forum.tick(minutes=2)
        await invite(world)
    await forum.tick(hours=25)
    await invite(world)

    for thread in threads:
        written = [texts_of(message) for message in forum.cards(thread)]
        cards = [text for text in written if "Accept as answer" in text or "### " in text]
        nudges = [text for text in written if "did an answer help" in text]
        invited = Counter(text for text in written if "could you answer this" in text)
        assert len(cards) <= 1 and len(nudges) <= 1, written
        assert not invited or max(invited.values()) == 1, invited
        known = await forum.question(thread)
        assert known.state == rules.state(known, await forum.answers(thread))
        assert known.is_shown
    async with world.app.database.read() as conn:
        kept = list((await conn.execute(select(questions.c.thread_id))).scalars())
        assert sorted(kept) == sorted(thread.id for thread in threads)
        asked = Counter((await conn.execute(select(invitations.c.user_id))).scalars())
        assert all(n <= WEEKLY_DEFAULT for n in asked.values()) and len(asked) == len(experts)
        paid = await conn.execute(
            select(question_answers.c.message_id).where(question_answers.c.accepted_at.is_not(None))
        )
        assert list(paid.scalars())
        assert await consistency.problems(conn) == []
