"""What the bot itself writes in threads: one card each, edited in place, and few reminders.

Each is claimed in the database before it is sent. A claim that nobody marked is looked up in the
thread by its button before it is sent again, so a crash neither loses nor doubles one. A thread
that is archived is left asleep: what has changed is shown once somebody wakes it.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

import aiohttp
import discord

from bot import channels, dates, gateway, jobs
from bot.i18n import Speaker
from bot.questions import rules, views
from bot.questions.hearing import thread_of, words_of
from bot.questions.known import Known
from bot.questions.looking import Fitting
from bot.questions.service import QuestionsService
from storage.records import PostKind, Question, QuestionPlace, QuestionPost

log = logging.getLogger(__name__)

HISTORY_MAX = 200
"""Messages of a thread that are read back, or looked through for one of ours."""
HEARD_S = 5.0
"""So long it is waited for the gateway to say what was asked for by a request."""
_LATER = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class QuestionsRun:
    """Shows questions in their threads as they are."""

    service: QuestionsService
    client: discord.Client
    speaker: Speaker
    _turns: WeakValueDictionary[int, asyncio.Lock] = field(
        default_factory=WeakValueDictionary, repr=False
    )

    async def tick(self, now: datetime) -> None:
        """Read what was missed, do what is due, and show what has changed."""
        await jobs.each("reading questions", list(self.client.guilds), self.catch_up)
        await self.service.upkeep.settle_bounties(now)
        await jobs.each("a claimed post", await self.service.upkeep.unfinished(now), self._resume)
        await jobs.each("a reminder", await self.service.upkeep.reminders(now), self._send_reminder)
        after = 0
        while found := await self.service.upkeep.unshown(after):
            await jobs.each("a question's card", found, self.show)
            after = found[-1].question_id

    # ----------------------------------------------------------------------- showing

    async def show_one(self, guild_id: int, question_id: int) -> None:
        """Show a question in its thread at once; a tick does it where that fails."""
        try:
            await self._show_in_turn(guild_id, question_id)
        except Exception:
            log.exception("question %s is shown later", question_id)

    async def show(self, question: Question) -> None:
        """Show a question in its thread as it is by now, if the thread is awake."""
        await self._show_in_turn(question.guild_id, question.question_id)

    async def _show_in_turn(self, guild_id: int, question_id: int) -> None:
        """One after the other: an older state must not arrive after a newer one."""
        async with self._turns.setdefault(question_id, asyncio.Lock()):
            question = await self.service.upkeep.question(guild_id, question_id)
            if question is not None and not question.is_shown:
                await self._show(question)

    async def _show(self, question: Question) -> None:
        thread = self._thread(question)
        if thread is None:
            if self._is_here(question.guild_id):
                await self.service.upkeep.shown(question)
            return
        is_whole = True
        try:
            is_whole = await self._show_card(question, thread)
            await self._tag(question, thread)
        except discord.HTTPException as error:
            if not gateway.is_meant(error) or error.status >= 500 or error.status == 429:
                return  # a tick tries again
            log.warning("question %s cannot be shown: %s", question.question_id, error)
        except _LATER as error:
            log.info("question %s is shown later: %s", question.question_id, error)
            return
        if is_whole:
            await self.service.upkeep.shown(question)

    def _is_here(self, guild_id: int) -> bool:
        guild = self.client.get_guild(guild_id) if self.client.is_ready() else None
        return guild is not None and not guild.unavailable

    def _thread(self, question: Question) -> discord.Thread | None:
        """Return a thread that is awake and that the bot may write in."""
        guild = self.client.get_guild(question.guild_id) if self.client.is_ready() else None
        thread = guild.get_thread(question.thread_id) if guild is not None else None
        if thread is None or thread.archived or thread.locked or not channels.is_open(thread):
            return None
        return thread

    async def _show_card(self, question: Question, thread: discord.Thread) -> bool:
        """Post or edit the card; False where it is to be done again: what fits is not known."""
        known = await self.service.decisions.known(question.guild_id, question.question_id)
        post = (await self.service.upkeep.posts(question)).get("card")
        fitting = await self._fitting(known, thread)
        if post is None:
            if not views.is_worth_posting(known, fitting):
                return fitting.is_whole
            post = await self.service.upkeep.claim(question, "card")
            if post is not None:
                await self._send(post, thread, await self._card(known, fitting))
        elif post.state == "sent" and post.message_id is not None:
            message = thread.get_partial_message(post.message_id)
            try:
                await message.edit(view=await self._card(known, fitting))
            except discord.NotFound as error:
                if not gateway.is_meant(error):
                    raise
                await self.service.upkeep.mark(post, "failed")  # somebody wanted it away
        return fitting.is_whole

    async def _fitting(self, known: Known, thread: discord.Thread) -> Fitting:
        """Return what fits and everybody who reads the thread may see."""
        if not known.settings.suggests or known.question.is_plain:
            return Fitting()
        places = await self.service.threads.watched(thread.guild.id)
        public = [place.channel_id for place in places if _is_public(thread.guild, place)]
        return await self.service.looking.fitting(
            known.question.guild_id,
            known.question.title,
            known.question.tags,
            channel_ids=public,
            role_ids=(),
            but=known.question.question_id,
        )

    async def _card(self, known: Known, fitting: Fitting) -> discord.ui.LayoutView:
        return views.card(known, fitting, await self.speaker.to_guild(known.question.guild_id))

    async def _tag(self, question: Question, thread: discord.Thread) -> None:
        """Set the forum's tag that says how a question stands."""
        parent = thread.guild.get_channel(question.channel_id)  # a cached thread never moves
        if not isinstance(parent, discord.ForumChannel):
            return
        place = await self.service.threads.place(question.guild_id, parent.id)
        if place is None:
            return
        wanted = rules.applied(
            [tag.id for tag in thread.applied_tags],
            state=question.state,
            solved_tag=_there(parent, place.solved_tag_id),
            stale_tag=_there(parent, place.stale_tag_id),
        )
        if wanted is not None and (wanted or not parent.flags.require_tag):
            tags = [tag for tag in map(parent.get_tag, wanted) if tag is not None]
            # The next turn reads the tags from what the gateway has said of them.
            heard = asyncio.ensure_future(
                self.client.wait_for(
                    "raw_thread_update",
                    check=lambda payload: payload.thread_id == thread.id,
                    timeout=HEARD_S,
                )
            )
            try:
                await thread.edit(applied_tags=tags)
                with suppress(TimeoutError):
                    await heard
            finally:
                heard.cancel()

    # ------------------------------------------------------------------------ posts

    async def _send(
        self, post: QuestionPost, thread: discord.Thread, view: discord.ui.LayoutView
    ) -> None:
        """Send what was claimed and mark it; what may have arrived stays claimed."""
        question = await self.service.upkeep.question(post.guild_id, post.question_id)
        if question is None:
            return
        is_reminder = post.kind != "card"  # which mentions the asker, and nobody else
        try:
            sent = await thread.send(
                view=view,
                nonce=f"q{post.post_id}",
                allowed_mentions=discord.AllowedMentions(
                    users=is_reminder, everyone=False, roles=False, replied_user=False
                ),
            )
        except discord.HTTPException as error:
            if gateway.is_meant(error) and error.status < 500 and error.status != 429:
                await self.service.upkeep.mark(post, "failed")
                log.warning("question %s: %s was refused: %s", post.question_id, post.kind, error)
            return
        await self.service.upkeep.mark(post, "sent", sent.id)

    async def _send_reminder(self, post: QuestionPost) -> None:
        question = await self.service.upkeep.question(post.guild_id, post.question_id)
        if question is None or not self._is_here(post.guild_id):
            return
        thread = self._thread(question)
        is_over = question.state not in ("open", "answered")
        is_parted = post.kind == "same" and question.duplicate_of is None
        if thread is None or is_over or is_parted:
            await self.service.upkeep.mark(post, "failed")  # asleep, over, or taken back
            return
        texts = await self.speaker.to_guild(post.guild_id)
        if post.kind == "same":
            known = await self.service.decisions.known(post.guild_id, post.question_id)
            view = views.same(known, texts)
        else:
            view = views.reminder(post.kind, question, texts)
        await self._send(post, thread, view)

    async def tell_linked(self, question: Question) -> None:
        """Tell the asker what their question was linked to; a tick does it where that fails."""
        post = (await self.service.upkeep.posts(question)).get("same")
        if post is not None and post.state == "claimed":
            try:
                await self._send_reminder(post)
            except Exception:
                log.exception("question %s: its asker is told later", question.question_id)

    async def _resume(self, post: QuestionPost) -> None:
        """Finish a post whose sender is gone, without a second message."""
        question = await self.service.upkeep.question(post.guild_id, post.question_id)
        if question is None or not self._is_here(post.guild_id):
            return
        thread = self._thread(question)
        if thread is None:
            await self.service.upkeep.mark(post, "failed")
            return
        message_id = await self._was_sent(post, thread)
        if message_id is not None:
            await self.service.upkeep.mark(post, "sent", message_id)
        elif post.kind == "card":
            known = await self.service.decisions.known(post.guild_id, post.question_id)
            fitting = await self._fitting(known, thread)
            await self._send(post, thread, await self._card(known, fitting))
        else:
            await self._send_reminder(post)

    async def _was_sent(self, post: QuestionPost, thread: discord.Thread) -> int | None:
        """Return the message in a thread that carries this post's buttons."""
        since = dates.utc(post.claimed_at - rules.HOUR_S)
        async for message in thread.history(limit=HISTORY_MAX, after=since):
            is_ours = self.client.user is not None and message.author.id == self.client.user.id
            if is_ours and _is_of(post, set(_ids(message.components))):
                return message.id
        return None

    # -------------------------------------------------------------------- catching up

    async def catch_up(self, guild: discord.Guild) -> None:
        """Notice questions and answers of a guild that came while nobody listened."""
        if not self._is_here(guild.id):
            return
        places = await self.service.threads.watched(guild.id)
        since = self.service.upkeep.behind.get(guild.id)
        known = await self.service.threads.known(guild.id) if places else {}
        for place in places:
            for thread in _threads(guild, place):
                await self.read(thread, known.get(thread.id))
        self.service.upkeep.caught_up(guild.id, since)

    async def read_on(self, thread: discord.Thread) -> Question | None:
        """Hear what a question's thread holds that was missed; None for no question's."""
        question = await self.service.threads.of(thread.guild.id, thread.id)
        if question is None:
            return None
        await self.read(thread, question.last_word_id)
        return await self.service.threads.of(thread.guild.id, thread.id)

    async def read(self, thread: discord.Thread, last_id: int | None) -> None:
        """Hear what a thread holds after a message; None begins its question, if it asks one."""
        if last_id is None:
            begun = await thread_of(self.client, thread)
            if begun is None or await self.service.threads.begin(begun) is None:
                return
            last_id = thread.id
        if thread.last_message_id is not None and thread.last_message_id > last_id:
            after = discord.Object(last_id)
            found = [m async for m in thread.history(limit=HISTORY_MAX, after=after)]
            await self.service.threads.hear(list(words_of(self.client, thread, found)))


def _threads(guild: discord.Guild, place: QuestionPlace) -> Sequence[discord.Thread]:
    channel = guild.get_channel(place.channel_id)
    if not isinstance(channel, discord.ForumChannel | discord.TextChannel):
        return ()
    return [thread for thread in channel.threads if not thread.archived]


def _is_public(guild: discord.Guild, place: QuestionPlace) -> bool:
    channel = guild.get_channel(place.channel_id)
    return channel is not None and channels.is_public(channel)


def _there(forum: discord.ForumChannel, tag_id: int | None) -> int | None:
    return tag_id if tag_id is not None and forum.get_tag(tag_id) is not None else None


def _is_of(post: QuestionPost, ids: set[str]) -> bool:
    number = post.question_id
    marks: dict[PostKind, set[str]] = {
        "card": {views.MORE_ID.format(question_id=number), views.do_id("reopen", number)},
        "nudge": {views.LIST_ID.format(by="nudge", question_id=number)},
        "still": {views.LIST_ID.format(by="still", question_id=number)},
        "same": {views.do_id("same", number)},
    }
    return not marks[post.kind].isdisjoint(ids)


def _ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if custom_id := getattr(component, "custom_id", None):
            yield custom_id
        yield from _ids(getattr(component, "children", ()))
