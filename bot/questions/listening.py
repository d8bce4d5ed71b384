"""What Discord reports of threads and of the messages in them: each with its opposite."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakValueDictionary

import discord
from discord.ext import commands

from bot import channels
from bot.emoji import hash_of
from bot.questions import rules
from bot.questions.delivery import QuestionsRun
from bot.questions.hearing import forum_tags, thread_of, word_of
from bot.questions.service import QuestionsService

Unmarked = (
    discord.RawReactionActionEvent
    | discord.RawReactionClearEvent
    | discord.RawReactionClearEmojiEvent
)


class QuestionsListener(commands.Cog):
    """Hears questions and answers; what is missed, the tick reads."""

    def __init__(self, client: commands.Bot, service: QuestionsService, run: QuestionsRun) -> None:
        self.client = client
        self.service = service
        self.run = run
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def _turn(self, thread_id: int) -> asyncio.Lock:
        """Return the turn of a thread: events are tasks, and a later one must not be first."""
        return self._turns.setdefault(thread_id, asyncio.Lock())

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Take a thread in a watched channel for a question; our own is begun by whoever asks."""
        if self.client.user is not None and thread.owner_id == self.client.user.id:
            return
        async with self._turn(thread.id):
            place = await self.service.threads.place(thread.guild.id, thread.parent_id)
            begun = await thread_of(self.client, thread) if place is not None else None
            question = await self.service.threads.begin(begun) if begun is not None else None
        if question is not None:
            await self.run.show_one(thread.guild.id, question.question_id)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Hear a word in a question's thread."""
        thread = message.channel
        if not isinstance(thread, discord.Thread) or message.guild is None:
            return
        async with self._turn(thread.id):
            if message.guild.id in self.service.upkeep.behind:  # what was missed comes first
                question = await self.run.read_on(thread)
            else:
                said = word_of(self.client, thread, message)
                question = await self.service.threads.hear((said,))
        if question is not None and not question.is_shown:
            await self.run.show_one(message.guild.id, question.question_id)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Offer the asker to accept what they marked with ✅ or 🙏."""
        if payload.guild_id is None or hash_of(_written(payload.emoji)) not in rules.OFFERING:
            return
        thread_id, message_id = payload.channel_id, payload.message_id
        async with self._turn(thread_id):
            is_news = await self.service.threads.offer(
                payload.guild_id, thread_id, message_id, payload.user_id
            )
        if is_news:
            known = await self.service.decisions.of_thread(payload.guild_id, thread_id)
            await self.run.show_one(payload.guild_id, known.question.question_id)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Offer no more what the asker no longer marks."""
        emoji = hash_of(_written(payload.emoji))
        await self._unmark(payload, payload.user_id, emoji)

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """Offer no more what nothing marks any more."""
        await self._unmark(payload, None, None)

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(
        self, payload: discord.RawReactionClearEmojiEvent
    ) -> None:
        """Offer no more what one mark was taken off of."""
        emoji = hash_of(_written(payload.emoji))
        await self._unmark(payload, None, emoji)

    async def _unmark(self, payload: Unmarked, user_id: int | None, emoji: int | None) -> None:
        guild_id = payload.guild_id
        if guild_id is None or (emoji is not None and emoji not in rules.OFFERING):
            return
        take_back = self.service.threads.take_back_offer
        async with self._turn(payload.channel_id):
            question = await take_back(guild_id, payload.message_id, user_id, emoji)
        if question is not None:
            await self.run.show_one(guild_id, question.question_id)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Forget an answer that was deleted."""
        if payload.guild_id is not None:
            await self._lose(payload.guild_id, payload.channel_id, (payload.message_id,))

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Forget answers that were deleted together."""
        if payload.guild_id is not None:
            await self._lose(payload.guild_id, payload.channel_id, sorted(payload.message_ids))

    async def _lose(self, guild_id: int, channel_id: int, message_ids: Sequence[int]) -> None:
        async with self._turn(channel_id):
            found = await self.service.threads.lose_messages(guild_id, message_ids)
        for question in found:
            await self.run.show_one(guild_id, question.question_id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Forget the question of a thread that was deleted."""
        async with self._turn(payload.thread_id):
            await self.service.threads.lose_thread(payload.guild_id, payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget a channel that was deleted, and what was asked there."""
        await self.service.threads.lose_place(channel.guild.id, channel.id)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Follow who may read a channel: what is hidden is shown nowhere else; and its tags."""
        if before.overwrites != after.overwrites:
            await self._open(after)
        names = forum_tags(after)
        if names != forum_tags(before):
            async with self._turn(after.id):
                await self.service.retag(after.guild.id, after.id, names)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Follow what everybody may see."""
        if after.is_default() and before.permissions != after.permissions:
            for channel in after.guild.channels:
                await self._open(channel)

    async def _open(self, channel: discord.abc.GuildChannel) -> None:
        if await self.service.threads.place(channel.guild.id, channel.id) is not None:
            await self.service.threads.open(
                channel.guild.id, channel.id, is_open_to_all=channels.is_public(channel)
            )

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Take note that something was missed in every guild."""
        for guild in self.client.guilds:
            self.service.upkeep.returned(guild.id)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Take note that something was missed in a guild."""
        self.service.upkeep.returned(guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Take note that something was missed in a guild that has the bot again."""
        self.service.upkeep.returned(guild.id)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """Follow a thread's name, tags, place and lock; show what has changed once it is awake."""
        data: Mapping[str, Any] = payload.data
        meta: Mapping[str, Any] = data.get("thread_metadata", {})
        guild = self.client.get_guild(payload.guild_id)
        parent = guild.get_channel(payload.parent_id) if guild is not None else None
        async with self._turn(payload.thread_id):
            question = await self.service.threads.change(
                payload.guild_id,
                payload.thread_id,
                channel_id=payload.parent_id,
                title=" ".join(str(data.get("name", "")).split()),
                tags=_names(parent, data.get("applied_tags", ())),
                is_locked=bool(meta.get("locked")),
                is_asleep=bool(meta.get("archived")),
                is_open_to_all=parent is not None and channels.is_public(parent),
            )
        if question is not None and not question.is_shown and not meta.get("archived"):
            await self.run.show_one(payload.guild_id, question.question_id)


def _written(emoji: discord.PartialEmoji) -> str:
    return str(emoji.id) if emoji.id else emoji.name


def _names(parent: object, tag_ids: Any) -> tuple[str, ...] | None:
    """Return the names of a post's tags, without those that say how it stands."""
    if not isinstance(parent, discord.ForumChannel):
        return None
    ours = {*rules.SOLVED_NAMES, *rules.STALE_NAMES}
    found = (parent.get_tag(int(tag_id)) for tag_id in tag_ids)
    names = (" ".join(tag.name.split()) for tag in found if tag is not None)
    return tuple(name for name in names if name.casefold() not in ours)
