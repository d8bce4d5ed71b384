"""Listens to the gateway, and reads back at start what happened while nobody listened.

Raw events are preferred: the cache forgets. While a channel has not been read back, live
events in it are recorded but leave its cursor where it is, so a crash in between reads it
again; what is read twice is stored once.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from typing import TypeAlias

import discord
from discord.ext import commands

from bot.activity import rules
from bot.activity.rules import Place, Posted, Reacted
from bot.activity.service import ActivityService
from bot.emoji import emoji_hash
from bot.i18n import DEFAULT_LANGUAGE, Speaker, language_of

log = logging.getLogger(__name__)

Channel: TypeAlias = (
    discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
)

BATCH = 100
"""Messages read back per transaction: one page of Discord's history."""
EMOJI_MAX = 10
"""Emoji of a message whose users are read back; each costs a request."""
USERS_MAX = 100
"""Users of an emoji who are read back: one page."""


class ActivityCog(commands.Cog):
    """Capture of messages, reactions and threads."""

    def __init__(self, client: commands.Bot, service: ActivityService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
        # Channels whose history is still to be read; None before the first time.
        self.unread: set[int] | None = None
        self.is_connected = False
        self.reading = asyncio.Lock()
        self.missed = rules.Missed()
        self.session = 0
        self.heard = rules.Heard(secrets.randbits(64))

    def may_follow(self, channel_id: int) -> bool:
        """Say whether the channel's cursor may follow live messages: no gap is behind them."""
        return self.is_connected and self.unread is not None and channel_id not in self.unread

    # ------------------------------------------------------------------ what members do

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Record a message: who, where, how long, in answer to whom; never the text."""
        posted = self._posted(message)
        if posted is None:
            return
        cursor = (posted.guild_id, posted.channel_id, posted.message_id)
        follows = self.may_follow(posted.channel_id)
        try:
            await self.service.post((posted,), cursor=cursor if follows else None)
        except Exception:
            if self.unread is not None:
                self.unread.add(posted.channel_id)  # the cursor waits: the next start reads it
            raise

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Record that a captured message is gone."""
        if payload.guild_id is not None:
            self._forget({payload.message_id})
            await self.service.delete(payload.guild_id, (payload.message_id,))

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Record that captured messages are gone."""
        if payload.guild_id is not None:
            self._forget(payload.message_ids)
            await self.service.delete(payload.guild_id, sorted(payload.message_ids))

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Record a member's reaction."""
        is_bot = payload.member is not None and payload.member.bot
        if payload.guild_id is not None and not is_bot and not self._is_me(payload.user_id):
            reacted = _reacted(payload, payload.guild_id)
            self.missed.taken.discard(reacted)
            await self.service.react(reacted)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Record that a member took a reaction back."""
        if payload.guild_id is not None:
            reacted = _reacted(payload, payload.guild_id)
            if self.reading.locked():
                self.missed.taken.add(reacted)
            await self.service.unreact(reacted)

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """Record that all reactions of a message are gone."""
        if payload.guild_id is not None:
            if self.reading.locked():
                self.missed.cleared.add((payload.message_id, None))
            await self.service.clear_reactions(payload.guild_id, payload.message_id)

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(
        self, payload: discord.RawReactionClearEmojiEvent
    ) -> None:
        """Record that all of one emoji's reactions are gone."""
        if payload.guild_id is not None:
            emoji = _hash(payload.emoji)
            if self.reading.locked():
                self.missed.cleared.add((payload.message_id, emoji))
            await self.service.clear_reactions(payload.guild_id, payload.message_id, emoji)

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Record who opened a thread, and follow it from its beginning."""
        await self._record_thread(thread)
        if self.may_follow(thread.id):
            await self.service.follow_channel(thread.guild.id, thread.id)

    @commands.Cog.listener()
    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """Follow a new channel from its beginning."""
        if self.may_follow(channel.id):
            await self.service.follow_channel(channel.guild.id, channel.id)

    # ------------------------------------------------------------- what happened meanwhile

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Meet a new guild; nothing older than this moment is read."""
        places = [_place(channel) for channel in _readable(guild)]
        await self.service.begin(guild.id, places, language=_language(guild), is_new=True)

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Stop following: what comes next may have a gap behind it."""
        self.is_connected = False

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Follow again: Discord has sent what we missed."""
        self.is_connected = True

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Read back what happened while nobody listened, one channel after another."""
        self.session += 1
        await self._catch_up(self.client.guilds)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Read back a guild that came back after an outage; at start, `on_ready` does."""
        if self.is_connected and self.unread is not None:
            await self._catch_up((guild,))

    async def _catch_up(self, guilds: Sequence[discord.Guild]) -> None:
        session = self.session
        waiting = {channel.id for guild in guilds for channel in _channels(guild)}
        self.unread = (self.unread or set()) | waiting
        self.is_connected = True
        async with self.reading:
            self.missed = rules.Missed()
            present = [guild for guild in guilds if not guild.unavailable]
            plan = [place for guild in present for place in await self._plan(guild)]
            self.unread -= waiting - {channel.id for channel, _ in plan}
            for channel, cursor in plan:
                if session != self.session:
                    return  # a later start reads what is left, with nothing between
                if await self._read_back(channel, cursor) and session == self.session:
                    self.unread.discard(channel.id)

    async def _plan(self, guild: discord.Guild) -> list[tuple[Channel, int]]:
        """Return the channels that hold something new, each with where to read on."""
        channels = _readable(guild)
        n_closed = sum(1 for _ in _channels(guild)) - len(channels)
        if n_closed:
            log.warning(
                "guild %d: %d channels are not read back (View Channel and Read Message History)",
                guild.id,
                n_closed,
            )
        cursors = await self.service.begin(
            guild.id, [_place(channel) for channel in channels], language=_language(guild)
        )
        for channel in channels:
            if isinstance(channel, discord.Thread) and cursors[channel.id] < channel.id:
                await self._record_thread(channel)
        return [
            (channel, cursors[channel.id])
            for channel in channels
            if (channel.last_message_id or 0) > cursors[channel.id]
        ]

    async def _read_back(self, channel: Channel, cursor: int) -> bool:
        """Record what a channel holds after `cursor`; False if it must be tried again."""
        try:
            async for batch in _pages(channel, cursor):
                posted = [found for found in map(self._posted, batch) if found is not None]
                reactions = [found for message in batch for found in await self._reactions(message)]
                cursor_now = (channel.guild.id, channel.id, batch[-1].id)
                await self.service.post(posted, reactions, cursor_now, self.missed)
        except discord.Forbidden:
            log.warning("channel %d may not be read back", channel.id)
        except (discord.HTTPException, OSError) as error:  # refused, or the connection broke
            log.warning("channel %d waits for the next start: %s", channel.id, error)
            return False
        return True

    def _forget(self, message_ids: Collection[int]) -> None:
        """Remember what is deleted while history is read: it may be in a page already."""
        if self.reading.locked():
            self.missed.deleted.update(message_ids)

    async def _record_thread(self, thread: discord.Thread) -> None:
        owner = thread.owner
        if thread.owner_id and thread.parent_id and not (owner and owner.bot):
            if not self._is_me(thread.owner_id):
                await self.service.open_thread(
                    thread.guild.id,
                    thread.id,
                    thread.parent_id,
                    thread.owner_id,
                    discord.utils.snowflake_time(_made(thread)).timestamp(),
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
                guild.id, message.author.id, text, message.created_at.timestamp()
            ),
            role_ids=_role_ids(message.author),
            thread_owner=owner_id if owner_id and not self._is_me(owner_id) else None,
        )

    def _text(self, message: discord.Message) -> str | None:
        return message.content if self.client.intents.message_content else None

    async def _reactions(self, message: discord.Message) -> list[Reacted]:
        """Ask Discord who reacted to a message, up to a page for each of its first emoji.

        Nobody where the message, or its emoji, was deleted since.
        """
        guild = message.guild
        assert guild is not None
        found: list[Reacted] = []
        for reaction in message.reactions[:EMOJI_MAX]:
            emoji = _hash(reaction.emoji)
            try:
                async for user in reaction.users(limit=min(reaction.count, USERS_MAX)):
                    if not user.bot:
                        place = guild.id, message.channel.id, message.id
                        found.append(Reacted(*place, user.id, emoji))
            except discord.NotFound:
                continue
        return found


def _reacted(payload: discord.RawReactionActionEvent, guild_id: int) -> Reacted:
    return Reacted(
        guild_id, payload.channel_id, payload.message_id, payload.user_id, _hash(payload.emoji)
    )


def _role_ids(author: discord.Member | discord.User) -> tuple[int, ...]:
    return tuple(role.id for role in author.roles) if isinstance(author, discord.Member) else ()


def _hash(emoji: discord.PartialEmoji | discord.Emoji | str) -> int:
    if isinstance(emoji, str):
        return emoji_hash(emoji)
    return emoji_hash(str(emoji.id) if emoji.id else emoji.name)


def _language(guild: discord.Guild) -> str:
    return language_of(guild.preferred_locale) or DEFAULT_LANGUAGE


def _channels(guild: discord.Guild) -> Iterator[Channel]:
    yield from guild.text_channels
    yield from guild.voice_channels
    yield from guild.stage_channels
    yield from guild.threads


def _readable(guild: discord.Guild) -> list[Channel]:
    return [channel for channel in _channels(guild) if _may_read(channel, guild.me)]


def _place(channel: Channel) -> Place:
    return Place(channel.id, _made(channel), channel.last_message_id)


def _made(channel: Channel) -> int:
    made_at = channel.created_at if isinstance(channel, discord.Thread) else None
    return discord.utils.time_snowflake(made_at, high=True) if made_at else channel.id


def _may_read(channel: Channel, me: discord.Member) -> bool:
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return False
    allowed = channel.permissions_for(me)
    return allowed.view_channel and allowed.read_message_history


async def _pages(channel: Channel, cursor: int) -> AsyncIterator[list[discord.Message]]:
    """Read a channel's messages after `cursor`, oldest first, a page at a time."""
    page: list[discord.Message] = []
    after = discord.Object(cursor)
    async for message in channel.history(limit=None, after=after, oldest_first=True):
        page.append(message)
        if len(page) == BATCH:
            yield page
            page = []
    if page:
        yield page
