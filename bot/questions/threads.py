"""Threads that ask: noticing them, hearing who answers, and losing what is deleted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from bot.clock import Clock
from bot.questions import rules
from bot.questions.keeping import Keeping
from storage import events, members, question_posts, question_upkeep, questions
from storage.connection import Connection
from storage.database import Database
from storage.promises import Again
from storage.records import Answer, Question, QuestionPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread as Discord shows it; ``is_open_to_all``: everybody in the server may read it."""

    guild_id: int
    channel_id: int
    thread_id: int
    asker_id: int
    title: str
    tags: tuple[str, ...]
    asked_at: float
    is_open_to_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A message in a thread, without what it says.

    ``thanks_for`` is the message that the asker thanks for by it, None for none.
    """

    guild_id: int
    thread_id: int
    message_id: int
    author_id: int
    written_at: float
    is_ours: bool = False
    """A bot's, or a webhook's: it is no answer, and nobody's word."""
    thanks_for: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Threads:
    """Follows the threads of the channels that are watched."""

    database: Database
    clock: Clock
    keeping: Keeping
    again: Again = field(default_factory=Again)

    async def place(self, guild_id: int, channel_id: int) -> QuestionPlace | None:
        """Return how a channel is watched, None where it is not."""
        async with self.database.read() as conn:
            found = await questions.places(conn, guild_id)
        return next((place for place in found if place.channel_id == channel_id), None)

    async def of(self, guild_id: int, thread_id: int) -> Question | None:
        """Return the question of a thread, None where nobody asks anything."""
        async with self.database.read() as conn:
            return await questions.of_thread(conn, guild_id, thread_id)

    async def begin(
        self, thread: Thread, *, bounty: int = 0, is_asked_here: bool = False
    ) -> Question | None:
        """Take a thread for a question; None where it is one already, or is none.

        Parameters
        ----------
        bounty
            Hundredths that the asker stakes.
        is_asked_here
            The asker used ``/ask``: it is theirs although they are not tracked, and however old.

        Raises
        ------
        UserError
            They have less than they stake; the question is kept, without a bounty.
        """

        async def job(conn: Connection) -> Question | None:
            if not is_asked_here:
                watched = {p.channel_id: p for p in await questions.places(conn, thread.guild_id)}
                place = watched.get(thread.channel_id)
                hidden = await self._hidden(
                    conn, thread.guild_id, thread.asker_id, thread.thread_id, thread.asked_at
                )
                if place is None or thread.asked_at < place.since_at or hidden:
                    return None
            new = _question(thread)
            number = await questions.add(conn, new)
            if number is None:
                return None
            return await self.keeping.keep(conn, replace(new, question_id=number))

        made = await self.database.write(job)
        if made is None or not bounty:
            return made
        return await self.stake(made, bounty)

    async def stake(self, question: Question, bounty: int) -> Question:
        """Take a bounty from the asker of a new question; once."""

        async def job(conn: Connection) -> Question:
            found = await self.keeping.of(conn, question.guild_id, question.question_id)
            if found.bounty_state != "none":
                return found
            entry_id = await self.keeping.points.entries.stake(
                conn,
                found.guild_id,
                found.user_id,
                amount=bounty,
                source_id=found.question_id,
            )
            staked = replace(found, bounty=bounty, bounty_state="staked", bounty_entry=entry_id)
            return await self.keeping.keep(conn, staked)

        return await self.database.write(job)

    async def hear(self, words: Sequence[Word]) -> Question | None:
        """Take note of messages in one thread, the oldest first; return its question, if any.

        Heard again they change nothing. What people write wakes a stale question up.
        """
        if not words:
            return None
        guild_id, thread_id = words[0].guild_id, words[0].thread_id
        async with self.database.read() as conn:
            if await questions.of_thread(conn, guild_id, thread_id) is None:
                return None

        async def job(conn: Connection) -> Question | None:
            found = await questions.of_thread(conn, guild_id, thread_id)
            if found is None:
                return None
            heard = found
            for word in words:
                heard = await self._hear(conn, heard, word)
            if heard == found:
                return found
            before = (found.state, found.offered_id)
            kept = await self.keeping.keep(conn, heard)
            if (kept.state, kept.offered_id) == before and found.is_shown:
                await questions.set_shown(conn, guild_id, found.question_id)
            return kept

        return await self.database.write(job)

    async def _hear(self, conn: Connection, question: Question, word: Word) -> Question:
        is_first = word.message_id == question.thread_id  # what a post or a thread begins with
        if word.is_ours or is_first:
            return replace(question, last_word_id=max(question.last_word_id, word.message_id))
        is_askers = rules.is_asked_by(question, word.author_id)
        hidden = await self._hidden(
            conn, question.guild_id, word.author_id, word.message_id, word.written_at
        )
        if not is_askers and not hidden:
            answer = Answer(
                guild_id=question.guild_id,
                message_id=word.message_id,
                question_id=question.question_id,
                user_id=word.author_id,
                written_at=word.written_at,
            )
            await questions.add_answer(conn, answer)
        if word.message_id > question.last_word_id:
            question = replace(
                question,
                last_word_id=word.message_id,
                last_word_at=max(question.last_word_at, word.written_at),
                is_last_askers=is_askers,
                stale_at=None,
            )
        if is_askers and word.thanks_for is not None:
            return await self._offered(conn, question, word.thanks_for)
        return question

    async def _hidden(
        self, conn: Connection, guild_id: int, user_id: int, message_id: int, at: float
    ) -> bool:
        """Say whether nothing is kept of it: of who is not tracked, or was erased since."""
        was_erased = self.again.covers(guild_id, user_id, message_id, at, is_past=True)
        return was_erased or bool(await members.untracked(conn, guild_id, {user_id}))

    async def offer(self, guild_id: int, thread_id: int, message_id: int, user_id: int) -> bool:
        """Offer the asker to accept what they reacted to; say whether that is news."""

        async def job(conn: Connection) -> bool:
            found = await questions.of_thread(conn, guild_id, thread_id)
            if found is None or not rules.is_asked_by(found, user_id):
                return False
            offered = await self._offered(conn, found, message_id)
            if offered == found:
                return False
            await self.keeping.keep(conn, offered)
            return True

        return await self.database.write(job)

    async def take_back_offer(
        self, guild_id: int, message_id: int, user_id: int | None, emoji: int | None
    ) -> Question | None:
        """Offer an answer no more whose mark was taken back; return its question, None if no news.

        Parameters
        ----------
        user_id, emoji
            Whose mark, and its hash; None for everybody's, and for every mark, which moderators
            clear. Another mark of the asker's that offers it, too, keeps it offered.
        """
        async with self.database.read() as conn:
            if await questions.answer(conn, guild_id, message_id) is None:
                return None

        async def job(conn: Connection) -> Question | None:
            answer = await questions.answer(conn, guild_id, message_id)
            found = answer and await questions.question(conn, guild_id, answer.question_id)
            if not found or found.offered_id != message_id:
                return None
            is_askers = user_id is None or rules.is_asked_by(found, user_id)
            left = await events.reactions_of(conn, guild_id, message_id, found.user_id)
            is_left = emoji is not None and not rules.OFFERING.isdisjoint(left - {emoji})
            if not is_askers or is_left:
                return None
            return await self.keeping.keep(conn, replace(found, offered_id=None))

        return await self.database.write(job)

    async def _offered(self, conn: Connection, question: Question, message_id: int) -> Question:
        answer = await questions.answer(conn, question.guild_id, message_id)
        is_ours = answer is not None and answer.question_id == question.question_id
        if not is_ours or question.state == "solved":
            return question
        return replace(question, offered_id=message_id)

    # ------------------------------------------------------------------------- losing

    async def lose_messages(self, guild_id: int, message_ids: Collection[int]) -> list[Question]:
        """Forget answers that were deleted and what accepting them did; return their questions."""
        async with self.database.read() as conn:
            is_ours = await question_posts.is_posted(conn, guild_id, message_ids)
            if not is_ours and not await questions.answers_among(conn, guild_id, message_ids):
                return []

        async def job(conn: Connection) -> list[Question]:
            kept = {}
            for message_id in message_ids:
                await question_posts.drop(conn, guild_id, message_id)
            for answer in await questions.answers_among(conn, guild_id, message_ids):
                found = await self.keeping.of(conn, guild_id, answer.question_id)
                if answer.accepted_at is not None:
                    await self.keeping.release(conn, found, answer)
                await questions.drop_answer(conn, guild_id, answer.message_id)
                if found.offered_id == answer.message_id:
                    found = replace(found, offered_id=None)
                kept[found.question_id] = await self.keeping.keep(conn, found)
            return list(kept.values())

        return await self.database.write(job)

    async def lose_thread(self, guild_id: int, thread_id: int) -> None:
        """Forget the question of a thread that was deleted."""

        async def job(conn: Connection) -> None:
            found = await questions.of_thread(conn, guild_id, thread_id)
            if found is not None:
                await self.keeping.forget(conn, found)

        await self.database.write(job)

    async def lose_place(self, guild_id: int, channel_id: int) -> None:
        """Forget a channel that was deleted, with its questions, one after another."""
        async with self.database.read() as conn:
            there = await questions.of_place(conn, guild_id, channel_id)
        for question in there:
            await self.lose_thread(guild_id, question.thread_id)
        await self.database.write(lambda conn: questions.drop_place(conn, guild_id, channel_id))

    async def change(
        self,
        guild_id: int,
        thread_id: int,
        *,
        channel_id: int,
        title: str,
        tags: tuple[str, ...] | None,
        is_locked: bool,
        is_asleep: bool,
        is_open_to_all: bool,
    ) -> Question | None:
        """Take note of what a thread is called and tagged, where it is, and that it was locked.

        Parameters
        ----------
        tags
            None where threads have none: what the asker said stays.
        is_asleep
            It is archived: nobody wrote for long, which changes nothing; woken up it is shown as
            it is by then.
        """
        async with self.database.read() as conn:
            if await questions.of_thread(conn, guild_id, thread_id) is None:
                return None

        async def job(conn: Connection) -> Question | None:
            found = await questions.of_thread(conn, guild_id, thread_id)
            if found is None:
                return None
            closed_at = found.closed_at
            if is_locked:
                closed_at = closed_at or self.keeping.now
            elif found.is_locked:
                closed_at = None
            changed = replace(
                found,
                channel_id=channel_id,
                title=rules.name_of(title) if title else found.title,
                tags=found.tags if not tags else tags[: rules.TAGS_MAX],
                closed_at=closed_at,
                is_locked=is_locked,
                is_open_to_all=is_open_to_all,
                is_asleep=is_asleep,
            )
            if changed == found:
                return found
            return await self.keeping.keep(conn, changed)

        return await self.database.write(job)

    async def open(self, guild_id: int, channel_id: int, *, is_open_to_all: bool) -> None:
        """Take note of whether everybody may read a channel, one question after another."""
        async with self.database.read() as conn:
            found = await question_upkeep.opened_otherwise(
                conn, guild_id, channel_id, is_open_to_all=is_open_to_all
            )

        async def job(conn: Connection, number: int) -> None:
            question = await questions.question(conn, guild_id, number)
            if question is not None:
                await self.keeping.keep(conn, replace(question, is_open_to_all=is_open_to_all))

        for number in found:
            await self.database.write(lambda conn, n=number: job(conn, n))  # type: ignore[misc]

    async def known(self, guild_id: int) -> dict[int, int]:
        """Return the newest message heard of each question, by thread."""
        async with self.database.read() as conn:
            return await questions.known_threads(conn, guild_id)

    async def watched(self, guild_id: int) -> list[QuestionPlace]:
        """Return the channels of a guild that are watched."""
        async with self.database.read() as conn:
            return await questions.places(conn, guild_id)


def _question(thread: Thread) -> Question:
    return Question(
        guild_id=thread.guild_id,
        user_id=thread.asker_id,
        channel_id=thread.channel_id,
        thread_id=thread.thread_id,
        title=rules.name_of(thread.title),
        tags=thread.tags[: rules.TAGS_MAX],
        asked_at=thread.asked_at,
        last_word_at=thread.asked_at,
        last_word_id=thread.thread_id,
        is_open_to_all=thread.is_open_to_all,
    )
