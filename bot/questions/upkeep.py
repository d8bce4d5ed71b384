"""What a tick finds to be done: who is reminded, what falls asleep, which bounties are due."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.clock import Clock
from bot.dates import DAY_S
from bot.questions import rules
from bot.questions.keeping import Keeping
from storage import question_posts, question_upkeep, questions
from storage.connection import Connection
from storage.database import Database
from storage.records import PostKind, Question, QuestionPost

BATCH = 200
CLAIM_FOR_S = 60.0
"""A claim that nobody marked for so long is looked up before it is sent again."""

CHECKED_FOR_S = 30 * DAY_S
"""A question that ended, or slept, for so long is not looked for in Discord after an absence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """Looks after questions by the clock; whatever it does twice happens once."""

    database: Database
    clock: Clock
    keeping: Keeping
    returns: dict[int, float] = field(default_factory=dict)
    """When the bot came back to a guild in which there may still be something to look at."""

    behind: dict[int, float] = field(default_factory=dict)
    """When the bot came back to a guild whose threads were not read since: what is heard before
    they are must not pass for the newest that was read."""

    async def reminders(self, now: datetime) -> list[QuestionPost]:
        """Let stale what nobody wrote in for long, and claim the reminders that are due."""
        at = now.timestamp()
        async with self.database.read() as conn:
            found = await question_upkeep.quiet(conn, at - rules.HOUR_S, BATCH)
        claimed = []
        for question in found:
            post = await self.database.write(
                lambda conn, q=question: self._remind(conn, q, at)  # type: ignore[misc]
            )
            if post is not None:
                claimed.append(post)
        return claimed

    async def _remind(self, conn: Connection, seen: Question, now: float) -> QuestionPost | None:
        question = await questions.question(conn, seen.guild_id, seen.question_id)
        if question is None:
            return None
        settings = await questions.settings(conn, question.guild_id)
        said = await question_posts.of(conn, question.question_id)
        deed = rules.due(question, settings, said, now)
        if deed == "stale":
            await self.keeping.keep(conn, replace(question, stale_at=now))
        if deed is None or deed == "stale":
            return None
        return await question_posts.claim(conn, question.guild_id, question.question_id, deed, now)

    async def settle_bounties(self, now: datetime) -> None:
        """Pay bounties whose answer waited for a re-score, and return those nobody won."""
        at = now.timestamp()
        async with self.database.read() as conn:
            found = await question_upkeep.staked(conn, at, BATCH)
        for question in found:
            await self.database.write(
                lambda conn, q=question: self._settle(conn, q, at)  # type: ignore[misc]
            )

    async def _settle(self, conn: Connection, seen: Question, now: float) -> None:
        question = await questions.question(conn, seen.guild_id, seen.question_id)
        if question is None or question.bounty_state != "staked":
            return
        answers = await questions.answers(conn, question.question_id)
        is_won = any(rules.is_paid(question, a) for a in rules.accepted(answers))
        if is_won:
            await self.keeping.keep(conn, question)
        elif now - question.asked_at >= rules.BOUNTY_FOR_S:
            await self.keeping.keep(conn, await self.keeping.give_back(conn, question))

    # --------------------------------------------------------------- after an absence

    def returned(self, guild_id: int) -> None:
        """Take note that the bot hears a guild again, having missed what was said before."""
        self.returns[guild_id] = self.behind[guild_id] = self.clock().timestamp()

    def caught_up(self, guild_id: int, since: float | None) -> None:
        """Take note that all threads of a guild were read, unless the bot was away again since."""
        if since is not None and self.behind.get(guild_id) == since:
            del self.behind[guild_id]

    async def to_check(self, guild_id: int, now: datetime, limit: int) -> list[Question]:
        """Return questions that were not seen in Discord since the bot came back.

        None are left once all that are open, or ended within `CHECKED_FOR_S`, have been.
        """
        before = self.returns.get(guild_id)
        if before is None:
            return []
        since = now.timestamp() - CHECKED_FOR_S
        async with self.database.read() as conn:
            return await question_upkeep.to_check(conn, guild_id, before, since, limit)

    def all_checked(self, guild_id: int) -> None:
        """Take note that nothing is left to be looked at in a guild."""
        self.returns.pop(guild_id, None)

    async def checked(self, question: Question, *, is_done: bool = True) -> None:
        """Take note that a question was looked at; one that could not be comes last."""
        at = self.clock().timestamp()
        if not is_done:
            at = min(at, self.returns.get(question.guild_id, at) - 1e-3)
        guild_id, number = question.guild_id, question.question_id
        await self.database.write(
            lambda conn: question_upkeep.set_checked(conn, guild_id, number, at)
        )

    async def unshown(self, after: int = 0) -> Sequence[Question]:
        """Return questions that their threads do not show as they are."""
        async with self.database.read() as conn:
            return await question_upkeep.unshown(conn, BATCH, after)

    async def shown(self, question: Question) -> None:
        """Take note that a thread shows its question as it is, unless it has changed since."""

        async def job(conn: Connection) -> None:
            now = await questions.question(conn, question.guild_id, question.question_id)
            if now is not None and replace(now, is_shown=False) == replace(
                question, is_shown=False
            ):
                await questions.set_shown(conn, question.guild_id, question.question_id)

        await self.database.write(job)

    async def posts(self, question: Question) -> dict[PostKind, QuestionPost]:
        """Return what the bot wrote about a question."""
        async with self.database.read() as conn:
            return await question_posts.of(conn, question.question_id)

    async def claim(self, question: Question, kind: PostKind) -> QuestionPost | None:
        """Claim what is to be written once; None if somebody did."""
        return await self.database.write(
            lambda conn: question_posts.claim(
                conn, question.guild_id, question.question_id, kind, self.clock().timestamp()
            )
        )

    async def mark(self, post: QuestionPost, state: str, message_id: int | None = None) -> None:
        """Say what became of a claimed post."""
        await self.database.write(
            lambda conn: question_posts.mark(conn, post.post_id, state, message_id)
        )

    async def unfinished(self, now: datetime) -> list[QuestionPost]:
        """Return posts that were claimed and never marked: somebody stopped in between."""
        async with self.database.read() as conn:
            return await question_posts.claimed(conn, now.timestamp() - CLAIM_FOR_S)

    # ------------------------------------------------------------ for whoever asks experts

    async def unanswered(self, now: datetime) -> list[Question]:
        """Return questions that nobody answered for so long that experts may be asked."""
        at = now.timestamp()
        async with self.database.read() as conn:
            found = await question_upkeep.unanswered(conn, at, BATCH)
            settings = {q.guild_id: await questions.settings(conn, q.guild_id) for q in found}
        return [q for q in found if rules.may_be_passed_on(q, settings[q.guild_id], at)]

    async def of(self, conn: Connection, guild_id: int, question_id: int) -> Question | None:
        """Return a question in the caller's transaction, None if it is gone."""
        return await questions.question(conn, guild_id, question_id)

    async def asked(
        self, conn: Connection, question: Question, n_asked: int, n_coming: int
    ) -> None:
        """Have a question's card say how many experts were asked, and how many are coming."""
        now = await questions.question(conn, question.guild_id, question.question_id)
        if now is not None and (now.n_asked, now.n_coming) != (n_asked, n_coming):
            changed = replace(now, n_asked=n_asked, n_coming=n_coming, is_shown=False)
            await questions.change(conn, changed)

    async def question(self, guild_id: int, question_id: int) -> Question | None:
        """Return a question, None if it is gone."""
        async with self.database.read() as conn:
            return await questions.question(conn, guild_id, question_id)
