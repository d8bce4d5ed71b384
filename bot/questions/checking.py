"""After an absence: whether threads and answers are still there, and are what they were.

Discord tells of a deletion once. Whatever was deleted, renamed, locked or hidden while nobody
listened is asked for when the bot hears a server again: of every question that is open, or ended
lately, a few a tick, the one not seen for longest first, so that a crash in between goes on where
it was. What is gone is announced as Discord would have done, to every listener, and so takes back
exactly what it would have taken.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import aiohttp
import discord

from bot import channels, gateway, jobs
from bot.questions.delivery import QuestionsRun
from bot.questions.hearing import forum_tags, tags_of
from bot.questions.service import QuestionsService
from storage.records import Answer, Question

log = logging.getLogger(__name__)

A_TICK = 20
"""Questions of a guild that are looked at by one tick: two requests each, as a rule."""
FAILED_MAX = 3
"""After so many that Discord did not answer for, a guild waits for the next tick."""
PAGES_MAX = 5
"""Pages of a thread that are read; of longer ones accepted answers are asked for one by one."""
MISSED_MAX = 20
"""Answers of a question that one tick asks for one by one; the next tick goes on."""
UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
_LATER = (aiohttp.ClientError, OSError)


@dataclass(frozen=True, slots=True)
class Checking:
    """Looks at questions in Discord after the bot was away."""

    service: QuestionsService
    client: discord.Client
    run: QuestionsRun

    async def tick(self, now: datetime) -> None:
        """Look at some of the questions of every guild that the bot came back to."""
        if self.client.is_ready():
            present = [guild for guild in self.client.guilds if not guild.unavailable]

            async def look(guild: discord.Guild) -> None:
                await self._look(guild, now)

            await jobs.each("questions after an absence", present, look)

    async def _look(self, guild: discord.Guild, now: datetime) -> None:
        found = await self.service.upkeep.to_check(guild.id, now, A_TICK)
        n_failed = 0
        for question in found:
            try:
                is_done = await self._look_at(guild, question)
            except (discord.HTTPException, *_LATER) as error:
                log.info("question %s is looked at later: %s", question.question_id, error)
                is_done, n_failed = False, n_failed + 1
            await self.service.upkeep.checked(question, is_done=is_done)
            if n_failed >= FAILED_MAX:
                return
        if not found and guild.id in self.service.upkeep.returns:
            await self._look_at_places(guild)
            self.service.upkeep.all_checked(guild.id)

    # -------------------------------------------------------------------------- threads

    async def _look_at(self, guild: discord.Guild, question: Question) -> bool:
        """Compare a question with its thread; False where something is left for another tick.

        Raises
        ------
        HTTPException, ClientError, OSError
            Discord cannot answer now.
        """
        try:
            async with gateway.within():
                thread = await guild.fetch_channel(question.thread_id)
        except discord.NotFound as error:
            if error.code != UNKNOWN_CHANNEL:
                raise
            await self._lost(question)
            return True
        except discord.Forbidden as error:
            if not gateway.is_meant(error):
                raise
            return True  # closed to us, which says nothing of whether it is there
        if not isinstance(thread, discord.Thread) or thread.parent is None:
            return True
        changed = await self.service.threads.change(
            guild.id,
            thread.id,
            channel_id=thread.parent_id,
            title=" ".join(thread.name.split()),
            tags=tags_of(thread) if isinstance(thread.parent, discord.ForumChannel) else None,
            is_locked=thread.locked,
            is_asleep=thread.archived,
            is_open_to_all=channels.is_public(thread.parent) and not thread.is_private(),
        )
        is_done = await self._look_at_answers(question, thread)
        if changed is not None:
            await self.run.show_one(guild.id, question.question_id)
        return is_done

    async def _lost(self, question: Question) -> None:
        """Announce that a question's thread is gone, and forget it."""
        gone = {
            "id": question.thread_id,
            "guild_id": question.guild_id,
            "parent_id": question.channel_id,
            "type": discord.ChannelType.public_thread.value,
        }
        self.client.dispatch("raw_thread_delete", discord.RawThreadDeleteEvent(gone))  # type: ignore[arg-type]
        await self.service.threads.lose_thread(question.guild_id, question.thread_id)

    async def _look_at_places(self, guild: discord.Guild) -> None:
        """Forget channels that are gone, and take note of who may read the others."""
        for place in await self.service.threads.watched(guild.id):
            channel = guild.get_channel(place.channel_id)
            if channel is not None:
                await self.service.threads.open(
                    guild.id, channel.id, is_open_to_all=channels.is_public(channel)
                )
                if isinstance(channel, discord.ForumChannel):
                    await self.service.retag(guild.id, channel.id, forum_tags(channel))
                continue
            try:
                async with gateway.within():
                    await guild.fetch_channel(place.channel_id)
            except discord.NotFound as error:
                if error.code == UNKNOWN_CHANNEL:
                    await self.service.threads.lose_place(guild.id, place.channel_id)

    # -------------------------------------------------------------------------- answers

    async def _look_at_answers(self, question: Question, thread: discord.Thread) -> bool:
        """Hear what was written meanwhile, and forget what was deleted; False for not all of it."""
        may = thread.permissions_for(thread.guild.me)
        if not may.view_channel or not may.read_message_history:
            return True  # Discord shows an empty thread then
        known = await self.service.decisions.known(question.guild_id, question.question_id)
        newest = thread.last_message_id or 0
        if not known.answers and newest <= question.last_word_id:
            return True
        missing = await self._missing(thread, known.answers)
        gone = [number for number in missing[:MISSED_MAX] if await self._is_gone(thread, number)]
        if gone:
            self._announce(question, gone)
            for lost in await self.service.threads.lose_messages(question.guild_id, gone):
                await self.run.show_one(lost.guild_id, lost.question_id)
        await self.run.read(thread, question.last_word_id)
        return len(missing) <= MISSED_MAX

    async def _missing(self, thread: discord.Thread, answers: Sequence[Answer]) -> list[int]:
        """Return the answers that are not on the pages of a thread, as far as those were read."""
        if not answers:
            return []
        seen: set[int] = set()
        last, n_pages = min(answer.message_id for answer in answers) - 1, 0
        async for page, read_to in gateway.pages(self.client, thread, last):
            seen |= {message.id for message in page}
            last, n_pages = read_to, n_pages + 1
            if n_pages == PAGES_MAX:
                break
        is_all = n_pages < PAGES_MAX
        return [
            answer.message_id
            for answer in answers
            if answer.message_id not in seen
            and (is_all or answer.message_id <= last or answer.accepted_at is not None)
        ]

    async def _is_gone(self, thread: discord.Thread, message_id: int) -> bool:
        """Ask for one message: a page may leave out what cannot be parsed, or may not be read."""
        try:
            async with gateway.within():
                await self.client.http.get_message(thread.id, message_id)
        except discord.NotFound as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
            return True
        return False

    def _announce(self, question: Question, message_ids: Collection[int]) -> None:
        for message_id in message_ids:
            gone = {
                "id": message_id,
                "channel_id": question.thread_id,
                "guild_id": question.guild_id,
            }
            self.client.dispatch("raw_message_delete", discord.RawMessageDeleteEvent(gone))  # type: ignore[arg-type]
