"""Listens to the gateway; what happened while nobody listened is `Reading`'s.

Raw events are preferred: the cache forgets.
"""

import secrets

import discord
from discord.ext import commands

from bot.activity import rules
from bot.activity.reading import Reading, hash_of, language, place, places
from bot.activity.rules import Posted, Reacted
from bot.activity.service import ActivityService
from bot.emoji import burst_of
from bot.i18n import Speaker


class ActivityCog(commands.Cog):
    """Capture of messages, reactions and threads."""

    def __init__(self, client: commands.Bot, service: ActivityService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
        self.reading = Reading(client, service, self._posted, self._record_thread)
        self.heard = rules.Heard(secrets.randbits(64))

    # ------------------------------------------------------------------ what members do

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Record a message: who, where, how long, in answer to whom; never the text."""
        posted = self._posted(message)
        if posted is None:
            return
        cursor = (posted.guild_id, posted.channel_id, posted.message_id)
        follows = self.reading.may_follow(posted.channel_id)
        try:
            await self.service.post((posted,), cursor=cursor if follows else None)
        except Exception:
            self.reading.lose(posted.channel_id, posted.message_id)
            raise

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Record that a captured message is gone."""
        if payload.guild_id is not None:
            self.reading.forget({payload.message_id})
            self.heard.drop(payload.guild_id, {payload.message_id})
            await self.service.delete(payload.guild_id, (payload.message_id,))

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Record that captured messages are gone."""
        if payload.guild_id is not None:
            self.reading.forget(payload.message_ids)
            self.heard.drop(payload.guild_id, payload.message_ids)
            await self.service.delete(payload.guild_id, sorted(payload.message_ids))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Take an edit after which nothing is left to read for a deletion, where we may read it.

        Discord sends the same event for previews of links and for pins, without an edit's moment.
        """
        message, guild_id = payload.message, payload.guild_id
        text = self._text(message)
        if guild_id is None or text is None or message.edited_at is None:
            return
        more = message.attachments or message.stickers or message.poll or message.message_snapshots
        if rules.is_empty(text, has_more=bool(more)):
            self.reading.forget({message.id})
            if await self.service.empty(guild_id, message.id):
                self.heard.drop(guild_id, {message.id})

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Record a member's reaction."""
        is_bot = payload.member is not None and payload.member.bot
        if payload.guild_id is not None and not is_bot and not self._is_me(payload.user_id):
            reacted = _reacted(payload, payload.guild_id)
            self.reading.missed.taken.discard(reacted)
            await self.service.react(reacted)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Record that a member took a reaction back."""
        if payload.guild_id is not None:
            reacted = _reacted(payload, payload.guild_id)
            self.reading.take(reacted)
            await self.service.unreact(reacted)

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """Record that all reactions of a message are gone."""
        if payload.guild_id is not None:
            self.reading.clear(payload.message_id, None)
            await self.service.clear_reactions(payload.guild_id, payload.message_id)

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(
        self, payload: discord.RawReactionClearEmojiEvent
    ) -> None:
        """Record that all of one emoji's reactions are gone."""
        if payload.guild_id is not None:
            both = (plain := hash_of(payload.emoji)), burst_of(plain)
            for emoji in both:
                self.reading.clear(payload.message_id, emoji)
            await self.service.clear_reactions(payload.guild_id, payload.message_id, both)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Record that a thread is gone with all that was written in it."""
        await self._lose_place(payload.guild_id, payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Record that a channel is gone with its threads and all that was written in them."""
        await self._lose_place(channel.guild.id, channel.id)

    async def _lose_place(self, guild_id: int, channel_id: int) -> None:
        self.reading.lose_place(channel_id)
        async for message_ids in self.service.delete_place(guild_id, channel_id):
            self.heard.drop(guild_id, message_ids)

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Record who opened a thread, and follow it from its beginning."""
        await self._record_thread(thread)
        if self.reading.may_follow(thread.id):
            await self.service.follow_channel(thread.guild.id, thread.id)

    @commands.Cog.listener()
    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """Follow a new channel from its beginning."""
        if self.reading.may_follow(channel.id):
            await self.service.follow_channel(channel.guild.id, channel.id)

    # ------------------------------------------------------------- what happened meanwhile

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Meet a new guild; nothing older than this moment is read."""
        await self.service.begin(guild.id, places(guild), language=language(guild), is_new=True)

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Stop following: what comes next may have a gap behind it."""
        self.reading.is_connected = False

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Follow again: Discord has sent what we missed."""
        self.reading.is_connected = True

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Read back what happened while nobody listened, one channel after another."""
        self.reading.stop()
        await self.reading.catch_up(self.client.guilds)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Read back a guild that came back after an outage; at start, `on_ready` does."""
        if self.reading.is_connected and self.reading.unread is not None:
            await self.reading.catch_up((guild,))

    async def _record_thread(self, thread: discord.Thread) -> None:
        owner = thread.owner
        if thread.owner_id and thread.parent_id and not (owner and owner.bot):
            if not self._is_me(thread.owner_id):
                await self.service.open_thread(
                    thread.guild.id,
                    thread.id,
                    thread.parent_id,
                    thread.owner_id,
                    discord.utils.snowflake_time(place(thread).made).timestamp(),
                )

    # ---------------------------------------------------------------------- translation

    def _is_me(self, user_id: int) -> bool:
        return self.client.user is not None and user_id == self.client.user.id

    def _posted(self, message: discord.Message) -> Posted | None:
        """Return what is kept of a message; None for one that does not count."""
        is_reply = message.type is discord.MessageType.reply
        guild = message.guild
        if guild is None or not rules.is_counted(
            in_guild=True,
            is_bot=message.author.bot,
            is_webhook=message.webhook_id is not None,
            is_written=is_reply or message.type is discord.MessageType.default,
            is_command=message.interaction_metadata is not None,
        ):
            return None
        reference = message.reference if is_reply else None
        answered = reference.resolved if reference else None
        author = answered.author if isinstance(answered, discord.Message) else None
        thread = message.channel if isinstance(message.channel, discord.Thread) else None
        owner_id = thread.owner_id if thread else None
        text = self._text(message)
        return Posted(
            guild_id=guild.id,
            channel_id=message.channel.id,
            message_id=message.id,
            author_id=message.author.id,
            posted_at=message.created_at.timestamp(),
            length_class=rules.length_class(text),
            has_attachment=bool(message.attachments),
            reply_to=reference.message_id if reference else None,
            reply_author=author.id if author and not author.bot else None,
            in_thread=thread is not None,
            parent_id=thread.parent_id if thread else None,
            novelty=self.heard.novelty(
                guild.id, message.author.id, text, message.created_at.timestamp(), message.id
            ),
            role_ids=_role_ids(message.author),
            thread_owner=owner_id if owner_id and not self._is_me(owner_id) else None,
        )

    def _text(self, message: discord.Message) -> str | None:
        return message.content if self.client.intents.message_content else None


def _reacted(payload: discord.RawReactionActionEvent, guild_id: int) -> Reacted:
    emoji = hash_of(payload.emoji)
    return Reacted(
        guild_id=guild_id,
        channel_id=payload.channel_id,
        message_id=payload.message_id,
        user_id=payload.user_id,
        emoji=burst_of(emoji) if payload.burst else emoji,
    )


def _role_ids(author: discord.Member | discord.User) -> tuple[int, ...]:
    return tuple(role.id for role in author.roles) if isinstance(author, discord.Member) else ()
