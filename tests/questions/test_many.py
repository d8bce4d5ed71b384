"""Many questions, with the bot dying in between: nothing is lost, nothing comes twice.

Sixty of them in every run; ``HYPOTHESIS_PROFILE=explore`` before pytest makes it a thousand.
"""

import os
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.errors import UserError
from bot.experts.rules import WEEKLY_DEFAULT
from bot.questions import rules
from bot.questions.rules import Actor
from storage import consistency, ledger
from storage.connection import Connection
from storage.schema import invitations, question_posts, questions
from storage.schema import ledger as entries
from tests.discord_sim import World, texts_of
from tests.experts.test_invitations import card
from tests.experts.test_invitations import tick as invite
from tests.patience import patient
from tests.questions.scenes import Forum, award, open_forum

IS_EXPLORING = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
N_QUESTIONS = 1_005 if IS_EXPLORING else 60
N_A_ROUND = 15
SOLVED_TAG, STALE_TAG = 50, 51
TITLES = (
    "Why is my index not used?",
    "How do I write a window function in SQL?",
    "SQL 查询太慢怎么办",
    "Does anybody have a spare chair?",
)
DEEDS = ("answer", "answer", "accept", "accept", "delete answer", "close", "reopen", "delete")


@dataclass
class Many:
    """A forum in which many ask, and what is left of it."""

    world: World
    forum: Forum
    rng: Random
    threads: dict[int, Any] = field(default_factory=dict)
    """Those that were not deleted."""

    async def ask(self) -> None:
        """Ask something, a third of it with a bounty, as far as somebody has points."""
        asker = self.world.person(f"asker{self.rng.randrange(8)}")
        thread = await self.forum.ask(asker, self.rng.choice(TITLES))
        self.threads[thread.id] = thread
        if self.rng.random() < 0.3:
            asked = await self.forum.question(thread)
            try:
                await self.forum.service.threads.stake(asked, 100 * self.rng.randrange(1, 30))
            except UserError:
                assert (await self.forum.question(thread)).bounty_state == "none"

    async def act(self, thread: Any) -> None:
        """Do what somebody might do in a thread."""
        deed, answers = self.rng.choice(DEEDS), await self.forum.answers(thread)
        backend, decisions = self.world.env.backend, self.forum.service.decisions
        asked = await self.forum.question(thread)
        guild_id, number = self.forum.guild_id, asked.question_id
        if deed == "answer":
            helper = self.world.person(f"helper{self.rng.randrange(6)}")
            await helper.send(thread, f"Because of the cast, I think, number {self.rng.random()}.")
        elif deed == "accept" and answers:
            one = self.rng.choice(answers).message_id
            await decisions.accept_known(guild_id, self.forum.moderator(), number, one)
        elif deed == "delete answer" and answers:
            backend.delete_message(thread.id, self.rng.choice(answers).message_id)
        elif deed in ("close", "reopen"):
            await getattr(decisions, deed)(guild_id, Actor(asked.user_id), number)
        elif deed == "delete" and self.rng.random() < 0.3:
            backend.delete_channel(thread.id)
            del self.threads[thread.id]
        await self.world.env.settle()

    async def die(self) -> None:
        """Stop where it hurts: some of what was sent was not marked yet; then start again."""

        async def job(conn: Connection) -> None:
            for table, key in ((question_posts, "post_id"), (invitations, "invitation_id")):
                sent = await conn.execute(select(table.c[key]).where(table.c.state == "sent"))
                lost = [number for number in sent.scalars() if self.rng.random() < 0.3]
                unmarked = {"state": "claimed", "message_id": None}
                await conn.execute(update(table).where(table.c[key].in_(lost)).values(**unmarked))

        await self.world.app.database.write(job)
        await self.world.restart()

    async def live(self, n_questions: int) -> None:
        """Have everything happen, in rounds, with a death after each."""
        for _ in range(n_questions // N_A_ROUND):
            for _ in range(N_A_ROUND):
                await self.ask()
            await invite(self.world, minutes=31)
            lately = list(self.threads.values())[-4 * N_A_ROUND :]
            for thread in self.rng.sample(lately, len(lately) // 2):
                if thread.id in self.threads:
                    await self.act(thread)
            await self.die()
            await self.forum.tick(minutes=2)
            await invite(self.world)
        await self.forum.tick(hours=25)
        await invite(self.world)
        await self.forum.tick(hours=rules.BOUNTY_FOR_S / 3_600)


@pytest.mark.timeout(patient(7_200 if IS_EXPLORING else 300))
async def test_many_questions_and_crashes_lose_and_double_nothing(world: World) -> None:
    many = Many(world, await open_forum(world, "Solved", "Stale"), Random(11))
    for name in ("carol", "dan", "eve"):
        await card(world, world.person(name), reach="thread", languages=("en", "zh"))
    for n in range(8):
        await award(world, world.person(f"asker{n}"), 100)
    await many.live(N_QUESTIONS)
    for thread in many.threads.values():
        await written_once(many.forum, thread)
        await stands_as_told(many.forum, thread)
    async with world.app.database.read() as conn:
        kept = list((await conn.execute(select(questions.c.thread_id))).scalars())
        assert sorted(kept) == sorted(many.threads)
        await nobody_is_asked_too_often(conn)
        await bounties_are_somewhere_once(conn)
        await answers_are_paid_once(conn, many)
        assert await consistency.problems(conn) == []


async def written_once(forum: Forum, thread: Any) -> None:
    """A card, a reminder and an invitation of each expert at most."""
    written = [texts_of(message) for message in forum.cards(thread)]
    cards = [text for text in written if "Accept as answer" in text or "### " in text]
    nudges = [text for text in written if "did an answer help" in text]
    invited = Counter(text for text in written if "could you answer this" in text)
    assert len(cards) <= 1 and len(nudges) <= 1, written
    assert not invited or max(invited.values()) == 1, invited
    posts = await forum.service.upkeep.posts(await forum.question(thread))
    assert not cards or posts["card"].state == "sent"
    assert all(post.state != "claimed" for post in posts.values())


async def stands_as_told(forum: Forum, thread: Any) -> None:
    """The state is what the answers say, and the forum's tag says the same."""
    known = await forum.question(thread)
    assert known.state == rules.state(known, await forum.answers(thread))
    assert known.is_shown
    wanted = {"solved": {SOLVED_TAG}, "stale": {STALE_TAG}}.get(known.state, set())
    tags = set(forum.world.env.backend.channels[thread.id].applied_tags)
    assert tags & {SOLVED_TAG, STALE_TAG} == wanted, known.state


async def nobody_is_asked_too_often(conn: Connection) -> None:
    """Every invitation was sent or ended, each expert once a question and within their cap."""
    rows = (await conn.execute(select(invitations))).all()
    assert {row.state for row in rows} <= {"sent", "expired", "withdrawn"}
    assert all(n == 1 for n in Counter((r.question_id, r.user_id) for r in rows).values())
    weeks = Counter((r.user_id, int(r.claimed_at // (7 * 86_400))) for r in rows)
    assert max(weeks.values()) <= 2 * WEEKLY_DEFAULT  # of weeks that begin with anything
    assert len({r.user_id for r in rows}) == 3


async def bounties_are_somewhere_once(conn: Connection) -> None:
    """Of what was staked and won nothing is anywhere else, and balances are their entries' sums."""
    moved: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in await conn.execute(select(entries)):
        moved[row.kind][row.source_id] += row.amount
    n_won = 0
    for row in await conn.execute(select(questions)):
        staked = moved["stake"].pop(row.question_id, 0)
        won = moved["bounty"].pop(row.bounty_answer, 0) + moved["change"].pop(row.bounty_answer, 0)
        assert row.bounty_state != "staked"  # 72 hours are over
        assert (staked, won) == (
            (-row.bounty, row.bounty) if row.bounty_state == "paid" else (0, 0)
        )
        n_won += row.bounty_state == "paid"
    assert n_won > 0
    for kind in ("stake", "bounty", "change"):  # of threads that are gone
        assert set(moved[kind].values()) <= {0}


async def answers_are_paid_once(conn: Connection, many: Many) -> None:
    """An answer is paid while it is accepted, and only then."""
    paid: Counter[int] = Counter()
    for row in await conn.execute(select(entries).where(entries.c.kind == "answer")):
        paid[row.source_id] += row.amount
    accepted = set()
    for thread in many.threads.values():
        found = rules.accepted(await many.forum.answers(thread))
        assert len(found) <= 1
        accepted |= {answer.message_id for answer in found}
    assert {number for number, amount in paid.items() if amount} <= accepted
    assert accepted and any(paid[number] for number in accepted)
    for name in (f"asker{n}" for n in range(8)):
        assert await ledger.balance(conn, many.forum.guild_id, many.world.person(name).id) >= 0
