"""What people decide about a question: which answer helped, that it is solved, closed, or known.

Each decision is one transaction, may be made any number of times, and can be taken back.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.links.service import may_use
from bot.questions import rules
from bot.questions.keeping import Keeping
from bot.questions.known import Known, Said, known_of
from bot.questions.rules import Actor
from storage import audit, catalog, events, members, question_posts, questions
from storage.connection import Connection
from storage.database import Database
from storage.records import (
    Answer,
    AuditAction,
    AuditRow,
    Question,
    QuestionSettings,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Accepting, solving, closing, linking, and taking each of them back."""

    database: Database
    clock: Clock
    keeping: Keeping

    # ------------------------------------------------------------------------ reading

    async def known(self, guild_id: int, question_id: int) -> Known:
        """Return a question with what its card shows."""
        async with self.database.read() as conn:
            return await known_of(conn, await self.keeping.of(conn, guild_id, question_id))

    async def of_thread(self, guild_id: int, thread_id: int) -> Known:
        """Return the question of a thread.

        Raises
        ------
        UserError
            Nobody asks anything there.
        """
        async with self.database.read() as conn:
            found = await questions.of_thread(conn, guild_id, thread_id)
            if found is None:
                raise UserError("error-questions-not-one")
            return await known_of(conn, found)

    # ---------------------------------------------------------------------- accepting

    async def accept(self, guild_id: int, actor: Actor, said: Said) -> Known:
        """Accept an answer; where a question has one, it moves there from another.

        Raises
        ------
        UserError
            It is no answer, is gone, or is not for them to accept.
        """

        async def job(conn: Connection) -> Known:
            found = await questions.of_thread(conn, guild_id, said.thread_id)
            if found is None:
                raise UserError("error-questions-not-one")
            settings = await self._must_decide(conn, actor, found)
            answer = await self._answer(conn, found, said)
            if answer.accepted_at is None:
                if not settings.takes_several:
                    for other in rules.accepted(await questions.answers(conn, found.question_id)):
                        await self.keeping.release(conn, found, other)
                taken = replace(answer, accepted_at=self.keeping.now, accepted_by=actor.user_id)
                paid = await self.keeping.pay(conn, found, taken)
                await questions.change_answer(conn, paid)
                await self._note(conn, actor, found, "questions.accept", answer.user_id)
            await self.keeping.unpraise(conn, found)
            changed = replace(
                found, offered_id=None, solved_by=None, solved_resource_id=None, closed_at=None
            )
            return await known_of(conn, await self.keeping.keep(conn, changed))

        return await self.database.write(job)

    async def _answer(self, conn: Connection, question: Question, said: Said) -> Answer:
        """Return the answer that a message is, taking note of it if nobody has."""
        if said.is_bots:
            raise UserError("error-questions-bots")
        if said.message_id == question.thread_id:
            raise UserError("error-questions-itself")
        if await events.is_deleted(conn, question.guild_id, said.message_id):
            raise StaleError("error-questions-answer-gone")
        known = await questions.answer(conn, question.guild_id, said.message_id)
        if known is not None:
            return known
        hidden = await members.untracked(conn, question.guild_id, {said.author_id})
        new = Answer(
            guild_id=question.guild_id,
            message_id=said.message_id,
            question_id=question.question_id,
            user_id=0 if hidden else said.author_id,
            written_at=said.written_at,
        )
        await questions.add_answer(conn, new)
        return new

    async def accept_known(
        self, guild_id: int, actor: Actor, question_id: int, message_id: int
    ) -> Known:
        """Accept an answer that was chosen from a list, or offered."""
        async with self.database.read() as conn:
            found = await self.keeping.of(conn, guild_id, question_id)
            answer = await questions.answer(conn, guild_id, message_id)
        if answer is None or answer.question_id != question_id:
            raise StaleError("error-questions-answer-gone")
        said = Said(
            thread_id=found.thread_id,
            message_id=message_id,
            author_id=answer.user_id,
            written_at=answer.written_at,
        )
        return await self.accept(guild_id, actor, said)

    async def reopen(self, guild_id: int, actor: Actor, question_id: int) -> Known:
        """Take back whatever ended a question: it waits for an answer again.

        Raises
        ------
        UserError
            Its thread is locked, or it is not theirs.
        """

        async def change(conn: Connection, found: Question) -> Question:
            _must_be_unlocked(found)
            for answer in rules.accepted(await questions.answers(conn, found.question_id)):
                await self.keeping.release(conn, found, answer)
                await self._note(conn, actor, found, "questions.reopen", answer.user_id)
            await self.keeping.unpraise(conn, found)
            return replace(
                found,
                solved_by=None,
                solved_resource_id=None,
                closed_at=None,
                stale_at=None,
                duplicate_of=None,
                last_word_at=self.keeping.now,
            )

        return await self._decide(guild_id, actor, question_id, change)

    # ------------------------------------------------------------------ solved otherwise

    async def solve(
        self,
        guild_id: int,
        actor: Actor,
        question_id: int,
        resource_id: int | None = None,
        *,
        role_ids: Collection[int] | None = None,
    ) -> Known:
        """Say that a question is solved without an answer: by a resource, or by oneself."""

        async def change(conn: Connection, found: Question) -> Question:
            for answer in rules.accepted(await questions.answers(conn, found.question_id)):
                await self.keeping.release(conn, found, answer)
            await self.keeping.unpraise(conn, found)
            if resource_id is not None:
                resource = await catalog.standing(conn, guild_id, resource_id)
                if resource is None or resource.state != "live" or not may_use(resource, role_ids):
                    raise StaleError("error-links-gone")
                if rules.is_asked_by(found, actor.user_id):  # others' word is not the asker's
                    await self.keeping.praise(conn, found, resource)
            return replace(
                found,
                solved_by="self" if resource_id is None else "resource",
                solved_resource_id=resource_id,
                closed_at=None,
                offered_id=None,
            )

        return await self._decide(guild_id, actor, question_id, change)

    async def found_resource(
        self,
        guild_id: int,
        user_id: int,
        resource_id: int,
        *,
        source_id: int,
        role_ids: Collection[int] | None,
    ) -> None:
        """Record that a resource solved what a member was about to ask."""

        async def job(conn: Connection) -> None:
            resource = await catalog.standing(conn, guild_id, resource_id)
            if resource is None or resource.state != "live" or not may_use(resource, role_ids):
                raise StaleError("error-links-gone")
            await self.keeping.found(conn, user_id, resource, source_id=source_id)

        await self.database.write(job)

    async def found_question(self, guild_id: int, user_id: int, question_id: int) -> None:
        """Record that a solved question solved what a member was about to ask."""

        async def job(conn: Connection) -> None:
            found = await self.keeping.of(conn, guild_id, question_id)
            is_theirs = rules.is_asked_by(found, user_id)
            hidden = await members.untracked(conn, guild_id, {user_id})
            if is_theirs or hidden:
                return
            now = self.keeping.now
            if not await questions.toggle_follower(conn, guild_id, question_id, user_id, now):
                await questions.toggle_follower(conn, guild_id, question_id, user_id, now)
            await questions.set_shown(conn, guild_id, question_id, is_shown=False)

        await self.database.write(job)

    async def close(self, guild_id: int, actor: Actor, question_id: int) -> Known:
        """End a question without an answer; a bounty that waits is returned."""

        async def change(conn: Connection, found: Question) -> Question:
            await self._note(conn, actor, found, "questions.close", found.user_id)
            return replace(found, closed_at=found.closed_at or self.keeping.now)

        return await self._decide(guild_id, actor, question_id, change)

    async def keep_open(self, guild_id: int, actor: Actor, question_id: int) -> Known:
        """Say that help is still needed: the question counts as asked today."""

        async def change(conn: Connection, found: Question) -> Question:
            _must_be_unlocked(found)
            return replace(
                found,
                last_word_at=self.keeping.now,
                is_last_askers=True,
                stale_at=None,
                closed_at=None,
            )

        return await self._decide(guild_id, actor, question_id, change)

    async def be_plain(self, guild_id: int, actor: Actor, question_id: int) -> Known:
        """Show no suggestions on a question's card, or show them again."""

        async def change(conn: Connection, found: Question) -> Question:
            return replace(found, is_plain=not found.is_plain)

        return await self._decide(guild_id, actor, question_id, change)

    async def end_bounty(self, guild_id: int, actor: Actor, question_id: int) -> Known:
        """Return a bounty that waits to whoever staked it, by a moderator's decision."""
        if not actor.is_moderator:
            raise UserError("error-not-allowed")

        async def change(conn: Connection, found: Question) -> Question:
            if found.bounty_state != "staked":
                raise StaleError("error-questions-no-bounty")
            await self._note(conn, actor, found, "questions.bounty", found.user_id)
            return await self.keeping.give_back(conn, found)

        return await self._decide(guild_id, actor, question_id, change)

    # ----------------------------------------------------------------------- linking

    async def link(self, guild_id: int, actor: Actor, question_id: int, original_id: int) -> Known:
        """Say that a question was asked before, and have its asker told.

        Raises
        ------
        UserError
            It is the same question, one asked later, or they may not.
        """

        async def job(conn: Connection) -> Known:
            found = await self.keeping.of(conn, guild_id, question_id)
            original = await self.keeping.of(conn, guild_id, original_id)
            if not rules.may_tidy(actor, await questions.settings(conn, guild_id)):
                raise UserError("error-questions-not-yours")
            if original.duplicate_of is not None:
                original = await self.keeping.of(conn, guild_id, original.duplicate_of)
            if original.asked_at > found.asked_at or original.question_id == question_id:
                raise UserError("error-questions-link-later")
            await self._note(conn, actor, found, "questions.link", found.user_id)
            changed = replace(found, duplicate_of=original.question_id)
            kept = await self.keeping.keep(conn, changed)
            if kept.user_id and not rules.is_asked_by(kept, actor.user_id):
                # Told once, whatever it is linked to later: the card always says to what.
                await question_posts.claim(conn, guild_id, question_id, "same", self.keeping.now)
            return await known_of(conn, kept)

        return await self.database.write(job)

    async def follow(self, guild_id: int, user_id: int, question_id: int) -> tuple[Known, bool]:
        """Say that a member has the question, too, or not any more; return which."""

        async def job(conn: Connection) -> tuple[Known, bool]:
            found = await self.keeping.of(conn, guild_id, question_id)
            if rules.is_asked_by(found, user_id):
                raise UserError("error-questions-own")
            if await members.untracked(conn, guild_id, {user_id}):
                raise UserError("error-questions-untracked")
            now = self.keeping.now
            is_on = await questions.toggle_follower(conn, guild_id, question_id, user_id, now)
            await questions.set_shown(conn, guild_id, question_id, is_shown=False)
            return await known_of(conn, found), is_on

        return await self.database.write(job)

    # ------------------------------------------------------------------------- pieces

    async def _decide(
        self,
        guild_id: int,
        actor: Actor,
        question_id: int,
        change: Callable[[Connection, Question], Any],
    ) -> Known:
        async def job(conn: Connection) -> Known:
            found = await self.keeping.of(conn, guild_id, question_id)
            await self._must_decide(conn, actor, found)
            changed = await change(conn, found)
            return await known_of(conn, await self.keeping.keep(conn, changed))

        return await self.database.write(job)

    def must_decide(self, actor: Actor, known: Known) -> None:
        """Refuse whoever may not say what answered a question."""
        if not rules.may_decide(actor, known.question, known.settings):
            raise UserError("error-questions-not-yours")

    async def _must_decide(
        self, conn: Connection, actor: Actor, question: Question
    ) -> QuestionSettings:
        settings = await questions.settings(conn, question.guild_id)
        if not rules.may_decide(actor, question, settings):
            raise UserError("error-questions-not-yours")
        return settings

    async def _note(
        self,
        conn: Connection,
        actor: Actor,
        question: Question,
        action: AuditAction,
        about: int,
    ) -> None:
        """Write down what was decided for others; of one's own question nothing is."""
        if rules.is_asked_by(question, actor.user_id):
            return
        row = AuditRow(
            guild_id=question.guild_id,
            actor_id=actor.user_id,
            action=action,
            occurred_at=self.keeping.now,
            subject=str(question.thread_id),
            about=(about,) if about else (),
        )
        await audit.append(conn, row)


def _must_be_unlocked(question: Question) -> None:
    """Refuse to open a question in whose thread nobody could write."""
    if question.is_locked:
        raise UserError("error-questions-locked")
