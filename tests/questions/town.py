"""A town of people who ask and answer, over the services that the bot itself is made of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select

from bot.activity.rules import Posted
from bot.app import make_services
from bot.questions.known import Said
from bot.questions.rules import Actor
from bot.questions.threads import Thread, Word
from bot.services import Services
from bot.settings import Settings
from storage import ledger
from storage.database import Database
from storage.records import Question
from storage.schema import ledger as entries
from tests.points.deliveries import GUILD, START, message

DAY_S = 86_400.0
CHANNEL = 5
MODERATOR = 99


@dataclass
class Town:
    """A guild in which time passes as it is told to."""

    database: Database
    now: float = START
    n_acts: int = 10**6
    services: Services = field(init=False)

    def __post_init__(self) -> None:
        clock = lambda: datetime.fromtimestamp(self.now, UTC)  # noqa: E731
        rng = np.random.default_rng(0)
        self.services = make_services(Settings(_env_file=None), self.database, clock, rng)

    async def know(self, members: Iterable[int]) -> None:
        """Have members who have been here for two months."""
        known = [message(10**9 + n, n, START - 60 * DAY_S, length_class=0) for n in members]
        await self.services.activity.record(known)

    def next_id(self) -> int:
        self.n_acts += 1
        return self.n_acts

    async def give(self, member: int, points: int) -> None:
        """Give a member points that they earned in former days."""
        give, number = self.services.points.entries.give, self.next_id()
        await self.database.write(
            lambda conn: give(
                conn, GUILD, member, kind="award", amount=100 * points, source_id=number
            )
        )

    async def spend(self, member: int, amount: int) -> None:
        """Spend hundredths of points."""
        spend, number = self.services.points.entries.spend, self.next_id()
        await self.database.write(
            lambda conn: spend(conn, GUILD, member, amount=amount, source_id=number)
        )

    async def ask(self, asker: int, *, bounty: int = 0) -> Question:
        """Ask something, with a bounty in points."""
        thread = Thread(
            guild_id=GUILD,
            channel_id=CHANNEL,
            thread_id=self.next_id(),
            asker_id=asker,
            title=f"Why {self.n_acts}?",
            tags=(),
            asked_at=self.now,
        )
        begin = self.services.questions.threads.begin
        made = await begin(thread, bounty=100 * bounty, is_asked_here=True)
        assert made is not None
        return made

    async def answer(self, question: Question, author: int) -> int:
        """Write something new in a question's thread; return the message."""
        number = self.next_id()
        posted = Posted(
            guild_id=GUILD,
            channel_id=question.thread_id,
            message_id=number,
            author_id=author,
            posted_at=self.now,
            length_class=3,
            novelty=1,
            in_thread=True,
            thread_owner=question.user_id,
        )
        word = Word(
            guild_id=GUILD,
            thread_id=question.thread_id,
            message_id=number,
            author_id=author,
            written_at=self.now,
        )
        await self.services.activity.post([posted])
        await self.services.questions.threads.hear((word,))
        return number

    async def accept(self, question: Question, message_id: int, by: int | None = None) -> None:
        """Have the asker, or somebody else, accept an answer."""
        actor = Actor(question.user_id if by is None else by, is_moderator=by == MODERATOR)
        number = question.question_id
        await self.services.questions.decisions.accept_known(GUILD, actor, number, message_id)

    async def decide(self, deed: str, question: Question, *args: Any) -> None:
        """Have the asker do something else about their question."""
        decide = getattr(self.services.questions.decisions, deed)
        await decide(GUILD, Actor(question.user_id), question.question_id, *args)

    async def delete(self, message_id: int) -> None:
        """Delete a message, of which both listeners hear."""
        await self.services.questions.threads.lose_messages(GUILD, [message_id])
        await self.services.activity.delete(GUILD, [message_id])

    async def spendable(self, *members: int) -> int:
        """Return what members could spend, in hundredths."""
        async with self.database.read() as conn:
            return sum([await ledger.balance(conn, GUILD, member) for member in members])

    async def came_to(self, *members: int, kinds: Iterable[str]) -> int:
        """Return what entries of some kinds come to for members, in hundredths."""
        async with self.database.read() as conn:
            found = await conn.scalar(
                select(func.sum(entries.c.amount)).where(
                    entries.c.user_id.in_(members), entries.c.kind.in_(tuple(kinds))
                )
            )
        return int(found or 0)

    async def earned(self, *members: int) -> int:
        """Return what members earned, which is what levels and boards show, in hundredths."""
        found = [await self.services.points.standing(GUILD, member) for member in members]
        return sum(account.amount for account in found)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, and bounties be settled."""
        self.now += seconds
        now = datetime.fromtimestamp(self.now, UTC)
        await self.services.questions.upkeep.settle_bounties(now)

    def said(self, question: Question, message_id: int, author: int) -> Said:
        return Said(
            thread_id=question.thread_id,
            message_id=message_id,
            author_id=author,
            written_at=self.now,
        )
