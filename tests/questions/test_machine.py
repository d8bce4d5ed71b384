"""Bounties whatever happens next: the ledger's state machine, which asks and answers, too.

Asking with a bounty, answering, accepting twice at once, deciding otherwise, deleting answers and
threads and settling come among everything that members, moderators and Discord do to points
(`tests.points.test_machine`). After each step every bounty is somewhere exactly once.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from bot.activity.rules import Posted
from bot.errors import UserError
from bot.questions.known import Known, Said
from bot.questions.rules import Actor
from bot.questions.threads import Thread, Word
from storage.connection import Connection
from storage.database import open_database
from storage.schema import questions as asked
from tests.points import proofs
from tests.points.deliveries import GUILD
from tests.points.proofs import Books
from tests.points.test_machine import MODERATOR, PEOPLE, Engine, of_size, people, picks


class Asking(Engine):
    """The same guild, in which people ask."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[int] = []
        self.answers: list[tuple[int, int, int]] = []

    @rule(asker=people, points=st.integers(0, 4))
    def ask(self, asker: int, points: int) -> None:
        """Ask a question, with a bounty or without."""
        thread = Thread(
            guild_id=GUILD,
            channel_id=5,
            thread_id=self.next_id(),
            asker_id=asker,
            title="Why?",
            tags=(),
            asked_at=self.now,
        )
        threads = self.services.questions.threads
        self.threads.append(thread.thread_id)
        self.attempt(threads.begin(thread, bounty=100 * points, is_asked_here=True))

    @precondition(lambda self: self.threads)
    @rule(pick=picks, author=people)
    def answer(self, pick: int, author: int) -> None:
        """Write in a question's thread; who captures it first does not matter."""
        thread_id, number = self.threads[pick % len(self.threads)], self.next_id()
        self.answers.append((thread_id, number, author))
        posted = Posted(
            guild_id=GUILD,
            channel_id=thread_id,
            message_id=number,
            author_id=author,
            posted_at=self.now,
            length_class=2,
            novelty=1,
            in_thread=True,
        )
        word = Word(
            guild_id=GUILD,
            thread_id=thread_id,
            message_id=number,
            author_id=author,
            written_at=self.now,
        )
        heard = self.services.questions.threads.hear((word,))
        acts = [heard, self.services.activity.post([posted])]
        for act in acts if pick % 2 else acts[::-1]:
            self.run(act)

    @precondition(lambda self: self.answers)
    @rule(pick=picks, actor=st.sampled_from((*PEOPLE, MODERATOR)), n_presses=st.integers(1, 2))
    def take_answer(self, pick: int, actor: int, n_presses: int) -> None:
        """Accept an answer, perhaps twice at the same moment, perhaps not being allowed to."""
        thread_id, number, author = self.answers[pick % len(self.answers)]
        said = Said(thread_id=thread_id, message_id=number, author_id=author, written_at=self.now)
        who = Actor(actor, is_moderator=actor == MODERATOR)
        accept = self.services.questions.decisions.accept

        async def press() -> list[Any]:
            calls = [accept(GUILD, who, said) for _ in range(n_presses)]
            return await asyncio.gather(*calls, return_exceptions=True)

        done = self.run(press())
        assert all(isinstance(each, UserError | Known) for each in done), done

    @precondition(lambda self: self.threads)
    @rule(pick=picks, deed=st.sampled_from(("reopen", "close", "solve", "keep_open", "end_bounty")))
    def decide_on_a_question(self, pick: int, deed: str) -> None:
        questions = self.services.questions

        async def act() -> None:
            thread_id = self.threads[pick % len(self.threads)]
            known = await questions.decisions.of_thread(GUILD, thread_id)
            number = known.question.question_id
            who = Actor(MODERATOR, is_moderator=True)
            await getattr(questions.decisions, deed)(GUILD, who, number)

        self.attempt(act())

    @precondition(lambda self: self.answers)
    @rule(pick=picks)
    def delete_answer(self, pick: int) -> None:
        """Delete an answer, of which two listeners hear, in either order, perhaps twice."""
        _, number, _ = self.answers[pick % len(self.answers)]
        acts = [
            self.services.questions.threads.lose_messages(GUILD, [number]),
            self.services.activity.delete(GUILD, [number]),
        ]
        for act in acts if pick % 2 else acts[::-1]:
            self.run(act)

    @precondition(lambda self: self.threads)
    @rule(pick=picks)
    def delete_thread(self, pick: int) -> None:
        self.run(
            self.services.questions.threads.lose_thread(
                GUILD, self.threads[pick % len(self.threads)]
            )
        )

    @rule()
    def settle_bounties(self) -> None:
        now = datetime.fromtimestamp(self.now, UTC)
        self.run(self.services.questions.upkeep.settle_bounties(now))

    async def prove_bounties(self, conn: Connection, found: Books) -> None:
        """Of each bounty everything is somewhere once: staked, won, or back."""
        moved: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
        for e in found.entries:
            if e.kind in ("stake", "bounty", "change"):
                moved[e.kind][e.source_id] += e.amount
        known = list(await conn.execute(select(asked)))
        for row in known:
            is_waiting = row.bounty_state in ("staked", "paid")
            staked = moved["stake"].pop(row.question_id, 0)
            assert staked == (-row.bounty if is_waiting else 0)
            won = moved["bounty"].get(row.bounty_answer, 0)
            rest = moved["change"].get(row.bounty_answer, 0)
            if row.bounty_state == "paid" and row.bounty_answer > 0 and not self.was_erased:
                assert won + rest == row.bounty
        if self.was_erased:
            return
        holding = {row.bounty_answer for row in known if row.bounty_state == "paid"}
        spent = -sum(moved["stake"].values())  # of threads that are gone
        spent += sum(row.bounty for row in known if row.bounty_answer < 0)
        for kind in ("bounty", "change"):
            spent -= sum(n for number, n in moved[kind].items() if number not in holding)
        assert spent == 0

    @invariant()
    def bounties_hold(self) -> None:
        self.run(self.prove_all_bounties())

    async def prove_all_bounties(self) -> None:
        async with self.database.read() as conn:
            await self.prove_bounties(conn, await proofs.books(conn, GUILD))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[type[Asking]]:
    """The machine with a migrated database to begin from."""

    async def migrate() -> None:
        async with open_database(tmp_path / "new.sqlite3"):
            pass

    with asyncio.Runner() as runner:
        runner.run(migrate())
        Asking.runner, Asking.folder = runner, tmp_path
        yield Asking


def test_every_bounty_is_somewhere_once_whatever_happens_next(engine: type[Asking]) -> None:
    run_state_machine_as_test(engine, settings=of_size(5, 25))


@pytest.mark.slow
def test_every_bounty_is_somewhere_once_for_longer(engine: type[Asking]) -> None:
    run_state_machine_as_test(engine, settings=of_size(30, 50))
