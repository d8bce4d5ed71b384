"""Keeping a question as its answers say it stands: the one place through which all changes go.

Whatever happened, and in whatever order, a question is told again from what is there: its state,
who has its bounty, whether it is a resource. So what is undone takes back exactly what was done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.errors import StaleError
from bot.points.service import PointsService
from bot.questions import rules
from bot.topics import Tree
from storage import catalog, deeds, events, members, questions, tags
from storage.connection import Connection
from storage.records import Answer, Event, EventKind, Question, Resource, ResourceState

_PAID = ("bounty", "change")
_PRAISE = (EventKind.SOLVED, EventKind.UNSOLVED)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Stores questions and what follows from them, in the caller's transaction."""

    clock: Clock
    points: PointsService

    async def of(self, conn: Connection, guild_id: int, question_id: int) -> Question:
        """Return a question that a button names.

        Raises
        ------
        StaleError
            It is there no more.
        """
        found = await questions.question(conn, guild_id, question_id)
        if found is None:
            raise StaleError("error-questions-gone")
        return found

    async def keep(self, conn: Connection, question: Question) -> Question:
        """Store a question after any change, and do what follows from how it stands now."""
        answers = await questions.answers(conn, question.question_id)
        state = rules.state(question, answers)
        solved_at = (question.solved_at or self.now) if state == "solved" else None
        others = [a.written_at for a in answers if a.user_id != question.user_id]
        changed = replace(
            question,
            state=state,
            solved_at=solved_at,
            first_answer_at=min(others, default=None),
            stale_at=question.stale_at if state == "stale" else None,
            is_shown=False,
        )
        changed = await self._settle(conn, changed, answers)
        changed = await self._show_as_resource(conn, changed)
        await questions.change(conn, changed)
        return changed

    # -------------------------------------------------------------------- acceptance

    async def pay(self, conn: Connection, question: Question, answer: Answer) -> Answer:
        """Have the rules pay for an accepted answer; return it with the turn that says so."""
        people = {question.user_id, answer.user_id}
        if not rules.is_paid(question, answer) or await members.untracked(
            conn, question.guild_id, people
        ):
            return replace(answer, turn=0)
        kinds = (EventKind.ACCEPTED, EventKind.UNACCEPTED)
        last = await events.last_turn(conn, question.guild_id, answer.message_id, kinds)
        turn = (last or 0) + 1
        said = await events.messages(conn, question.guild_id, (answer.message_id,))
        event = _event(question, answer, EventKind.ACCEPTED, turn, self.now)
        if said:
            event = replace(event, length_class=said[0].length_class, novelty=said[0].novelty)
        await self.points.record(conn, event)
        return replace(answer, turn=turn)

    async def unpay(self, conn: Connection, question: Question, answer: Answer) -> None:
        """Take back what an acceptance paid."""
        if answer.turn:
            event = _event(question, answer, EventKind.UNACCEPTED, answer.turn, self.now)
            await self.points.record(conn, event)

    async def release(self, conn: Connection, question: Question, answer: Answer) -> Answer:
        """Accept an answer no more, and return it as it is then."""
        await self.unpay(conn, question, answer)
        changed = replace(answer, accepted_at=None, accepted_by=0, turn=0)
        await questions.change_answer(conn, changed)
        return changed

    # ------------------------------------------------------------- solved by a resource

    async def praise(self, conn: Connection, question: Question, resource: Resource) -> None:
        """Record that a resource solved what a member asked: nothing speaks more for it."""
        last = await events.last_turn(conn, question.guild_id, question.question_id, _PRAISE)
        source_id, turn = question.question_id, (last or 0) + 1
        await self.found(conn, question.user_id, resource, source_id=source_id, turn=turn)

    async def found(
        self, conn: Connection, user_id: int, resource: Resource, *, source_id: int, turn: int = 1
    ) -> None:
        """Record that a resource solved something for a member, unless that says nothing of it."""
        guild_id, since = resource.guild_id, self.now - rules.SOLVED_AGAIN_S
        lately = await deeds.solved_by(conn, guild_id, user_id, since)
        if rules.counts_as_solved(resource, user_id, lately, self.now):
            number = resource.resource_id
            await self._record(conn, guild_id, user_id, number, source_id=source_id, turn=turn)

    async def unpraise(self, conn: Connection, question: Question) -> None:
        """Take back that a resource solved a question, where one did."""
        last = await events.last_turn(conn, question.guild_id, question.question_id, _PRAISE)
        if question.solved_resource_id is not None and last is not None:
            await self._record(
                conn,
                question.guild_id,
                question.user_id,
                question.solved_resource_id,
                source_id=question.question_id,
                turn=last,
                kind=EventKind.UNSOLVED,
            )

    async def _record(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        resource_id: int,
        *,
        source_id: int,
        turn: int,
        kind: EventKind = EventKind.SOLVED,
    ) -> None:
        """Record that a resource solved what a member asked, or did not after all."""
        if await members.untracked(conn, guild_id, {user_id}):
            return
        event = Event(
            guild_id=guild_id,
            source_id=source_id,
            kind=kind,
            user_id=user_id,
            occurred_at=self.now,
            qualifier=turn,
            resource_id=resource_id,
        )
        await events.append(conn, event, self.now)

    # ------------------------------------------------------------------------ bounty

    async def _settle(
        self, conn: Connection, question: Question, answers: Sequence[Answer]
    ) -> Question:
        """See that whoever the bounty is due to has it, and nobody else."""
        if question.bounty_state not in ("staked", "paid") or question.bounty_answer < 0:
            return question  # the last: for good, for it was spent, or who had it was erased
        due = [a for a in rules.accepted(answers) if rules.is_paid(question, a)]
        due_to = due[0].message_id if due else 0
        if question.bounty_answer != due_to and question.bounty_answer:
            if not await self.points.entries.is_there(
                conn, question.guild_id, kind="bounty", source_id=question.bounty_answer
            ):
                # What was spent cannot be returned as well: one stake would buy without end.
                return replace(question, bounty_answer=-question.question_id)
            await self.points.entries.take_back(
                conn, question.guild_id, kinds_of=_PAID, source_id=question.bounty_answer
            )
            question = replace(question, bounty_state="staked", bounty_answer=0)
        if due and not question.bounty_answer:
            return await self._hand_over(conn, question, due[0])
        is_over = question.solved_by is not None or rules.is_closed(question)
        return await self.give_back(conn, question) if is_over and not due else question

    async def _hand_over(self, conn: Connection, question: Question, answer: Answer) -> Question:
        """Pay the bounty by the share that the answer was paid by; the asker gets the rest."""
        share = await self.points.share_of_answer(conn, question.guild_id, answer.message_id)
        if share is None:
            return question  # the server is being re-scored: a tick tries again
        won = round(question.bounty * share)
        shares = (
            ("bounty", answer.user_id, won, question.user_id),
            ("change", question.user_id, question.bounty - won, 0),
        )
        for kind, user_id, amount, giver_id in shares:
            await self.points.entries.pass_on(
                conn,
                question.guild_id,
                user_id,
                kind=kind,
                amount=amount,
                source_id=answer.message_id,
                giver_id=giver_id,
            )
        return replace(question, bounty_state="paid", bounty_answer=answer.message_id)

    async def give_back(self, conn: Connection, question: Question) -> Question:
        """Return a bounty that waits to its asker, for good."""
        if question.bounty_state != "staked":
            return question
        await self.points.entries.reverse(conn, question.bounty_entry)
        return replace(question, bounty_state="returned")

    # ---------------------------------------------------------------------- resource

    async def _show_as_resource(self, conn: Connection, question: Question) -> Question:
        """Make a solved question a resource where the server wants it, and retire it when not."""
        wanted = (await questions.settings(conn, question.guild_id)).makes_resources
        is_wanted = wanted and question.state == "solved" and question.is_open_to_all
        tree = Tree.of(await tags.every(conn, question.guild_id))
        question_tags = tree.names_of(question.tags)
        made = (
            await catalog.resource(conn, question.guild_id, question.made_resource_id)
            if question.made_resource_id is not None
            else None
        )
        if made is None:
            if not is_wanted:
                return question
            new = replace(_resource(question, self.now), tags=question_tags)
            added = await catalog.add(conn, new)
            return replace(question, made_resource_id=added)
        state: ResourceState = "live" if is_wanted else "retired"
        if made.moved_to is not None:
            return question  # something else stands for it, as moderators said
        if (made.state, made.title, made.tags) != (state, question.title, question_tags):
            await catalog.change(
                conn,
                replace(
                    made,
                    state=state,
                    title=question.title,
                    tags=question_tags,
                    updated_at=self.now,
                ),
            )
        return question

    async def forget(self, conn: Connection, question: Question) -> None:
        """Forget a question whose thread is gone, having taken back what rests on it."""
        for answer in rules.accepted(await questions.answers(conn, question.question_id)):
            await self.release(conn, question, answer)
        await self.unpraise(conn, question)
        question = await self.keep(conn, question)
        await self.give_back(conn, question)
        if question.made_resource_id is not None:
            await catalog.forget_words(conn, question.guild_id, question.made_resource_id)
        await questions.drop(conn, question.guild_id, question.question_id)

    @property
    def now(self) -> float:
        """Now, in unix seconds."""
        return self.clock().timestamp()


def _event(question: Question, answer: Answer, kind: EventKind, turn: int, now: float) -> Event:
    return Event(
        guild_id=question.guild_id,
        source_id=answer.message_id,
        kind=kind,
        user_id=question.user_id,
        occurred_at=now,
        qualifier=turn,
        channel_id=question.thread_id,
        target_id=answer.user_id,
        in_thread=True,
        parent_id=question.channel_id,
    )


def _resource(question: Question, now: float) -> Resource:
    return Resource(
        guild_id=question.guild_id,
        kind="thread",
        title=question.title,
        url=f"https://discord.com/channels/{question.guild_id}/{question.thread_id}",
        tags=question.tags,
        published_at=question.asked_at,
        created_at=now,
        updated_at=now,
    )
