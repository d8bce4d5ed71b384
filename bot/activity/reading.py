"""Reading back: what happened in a channel while nobody listened, from its cursor on.

A channel that is still to be read is in `Reading.unread`: live events in it are recorded, but its
cursor stays where it is, so a crash in between reads it again; what is read twice is stored once.
What goes wrong ends one channel's turn and nobody else's. It is tried again by a tick, after a
pause that grows; Discord's word that the channel is closed to us is taken until the next session,
or until our permissions in it change.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterator,
    Mapping,
    Sequence,
)
from datetime import datetime
from typing import TypeAlias

import aiohttp
import discord
from discord.ext import commands

from bot import gateway
from bot.activity import rules
from bot.activity.rules import Place, Posted, Reacted
from bot.activity.service import ActivityService
from bot.emoji import burst_of, emoji_hash
from bot.i18n import DEFAULT_LANGUAGE, language_of

log = logging.getLogger(__name__)

Channel: TypeAlias = (
    discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
)

TICK_S = 5
CLOSED = {50001, 50013}
"""Missing Access, Missing Permissions: what Discord says of a channel that is closed to us."""
EMOJI_MAX = 10
"""Emoji of a message whose users are read back; each costs a request."""
USERS_MAX = 100
"""Users of an emoji who are read back: one page."""


class Reading:
    """Reads channels back, one after another, and remembers which are left.

    Parameters
    ----------
    posted
        Returns what is kept of a message; None for one that does not count.
    record_thread
        Records who opened a thread.
    """

    def __init__(
        self,
        client: commands.Bot,
        service: ActivityService,
        posted: Callable[[discord.Message], Posted | None],
        record_thread: Callable[[discord.Thread], Awaitable[None]],
    ) -> None:
        self.client = client
        self.service = service
        self.posted = posted
        self.record_thread = record_thread
        # Channels whose history is still to be read; None before the first time.
        self.unread: set[int] | None = None
        self.is_connected = False
        self.turn = asyncio.Lock()
        self.missed = rules.Missed()
        self.session = 0
        self.refused: set[int] = set()
        self._waits: dict[int, rules.Wait] = {}
        # By channel, the oldest message that could not be stored, and that is to be read again:
        # others that waited beside it may be stored already, and the cursor with them be beyond.
        self._lost: dict[int, int] = {}
        self._from: dict[int, int] = {}

    def may_follow(self, channel_id: int) -> bool:
        """Say whether the channel's cursor may follow live messages: no gap is behind them."""
        return self.is_connected and self.unread is not None and channel_id not in self.unread

    def lose(self, channel_id: int, message_id: int) -> None:
        """Remember that a live message could not be stored: the channel is to be read back.

        However many are lost, the pause is that of what was tried.
        """
        if self.unread is not None:
            self.unread.add(channel_id)
            self._lost[channel_id] = min(message_id, self._lost.get(channel_id, message_id))
            if channel_id not in self._waits:
                self._postpone(channel_id)

    def stop(self) -> None:
        """End with the page being read; a later start reads what is left."""
        self.session += 1

    def lose_place(self, channel_id: int) -> None:
        """Forget a channel that is gone: there is nothing left to be read."""
        if self.turn.locked():
            self.missed.places.add(channel_id)
        if self.unread is not None:
            self.unread.discard(channel_id)
        self._lost.pop(channel_id, None)
        self._from.pop(channel_id, None)
        self._waits.pop(channel_id, None)

    # ----------------------------------------------------- what is taken away meanwhile

    def forget(self, message_ids: Collection[int]) -> None:
        """Remember what is deleted while history is read: it may be in a page already."""
        if self.turn.locked():
            self.missed.deleted.update(message_ids)

    def take(self, reacted: Reacted) -> None:
        """Remember a reaction that is taken back while history is read."""
        if self.turn.locked():
            self.missed.taken.add(reacted)

    def clear(self, message_id: int, emoji: int | None) -> None:
        """Remember that a message's reactions, or one emoji's, go while history is read."""
        if self.turn.locked():
            self.missed.cleared.add((message_id, emoji))

    # ---------------------------------------------------------------------- whose turn it is

    async def catch_up(self, guilds: Sequence[discord.Guild]) -> None:
        """Read every channel of the guilds; whatever cannot be read is left to `tick`."""
        session = self.session
        waiting = {channel.id for guild in guilds for channel in _channels(guild)}
        self.unread = (self.unread or set()) | waiting
        self.refused -= waiting
        for channel_id in waiting:
            self._waits.pop(channel_id, None)
        self.is_connected = True
        for guild in guilds:
            _tell_closed(guild)
        present = [guild for guild in guilds if not guild.unavailable]
        await self._read({guild: list(_channels(guild)) for guild in present}, session)

    async def tick(self, now: datetime) -> None:
        """Try the channels again whose pause is over."""
        if self.unread and self.is_connected and not self.turn.locked():
            due: defaultdict[discord.Guild, list[Channel]] = defaultdict(list)
            for channel_id in sorted(self.unread):
                channel = self.client.get_channel(channel_id)
                if isinstance(channel, Channel) and self._is_due(channel, now.timestamp()):
                    due[channel.guild].append(channel)
            if due:
                await self._read(due, self.session)

    def _is_due(self, channel: Channel, now: float) -> bool:
        if channel.guild.unavailable:
            return False
        if channel.id in self.refused:
            if may_read(channel):
                return False
            self.refused.discard(channel.id)  # when it is opened again, it is tried again
        wait = self._waits.get(channel.id)
        return wait is None or wait.is_over(now)

    async def _read(self, places: Mapping[discord.Guild, Sequence[Channel]], session: int) -> None:
        async with self.turn:
            self.missed = rules.Missed()
            plan = [one for guild in places for one in await self._plan(guild, places[guild])]
            for channel, cursor in plan:
                if session != self.session:
                    return  # a later start reads what is left, with nothing between
                await self._take_turn(channel, cursor, session)

    async def _plan(
        self, guild: discord.Guild, channels: Sequence[Channel]
    ) -> list[tuple[Channel, int]]:
        """Return the channels that hold something new, each with where to read on."""
        cursors = await self._cursors(guild, [one for one in channels if may_read(one)])
        plan: list[tuple[Channel, int]] = []
        for channel in channels:
            cursor = cursors.get(channel.id)
            if cursor is not None:
                cursor = self._behind(channel.id, cursor)
            if cursor is None or not await self._know(channel, cursor):
                self._postpone(channel.id)
            elif (channel.last_message_id or 0) > cursor:
                plan.append((channel, cursor))
            else:
                self._done(channel.id)
        return plan

    async def _cursors(self, guild: discord.Guild, channels: Sequence[Channel]) -> dict[int, int]:
        try:
            return await self.service.begin(
                guild.id, [place(channel) for channel in channels], language=language(guild)
            )
        except Exception as error:
            log.warning("guild %d waits to be read back: %s", guild.id, _why(error))
            return {}

    async def _know(self, channel: Channel, cursor: int) -> bool:
        """Record a thread that was opened meanwhile; False if that has to wait."""
        if isinstance(channel, discord.Thread) and cursor < channel.id:
            try:
                await self.record_thread(channel)
            except Exception as error:
                log.warning("thread %d waits to be read back: %s", channel.id, _why(error))
                return False
        return True

    async def _take_turn(self, channel: Channel, cursor: int, session: int) -> None:
        try:
            await self._read_back(channel, cursor, session)
        except discord.Forbidden as error:
            if error.code in CLOSED:
                self.refused.add(channel.id)
            log.warning("channel %d may not be read back: %s", channel.id, _why(error))
            self._postpone(channel.id)
        except Exception as error:  # refused, a reset, a full disk: the others have their turns
            log.warning("channel %d waits to be read back: %s", channel.id, _why(error))
            self._postpone(channel.id)
        else:
            if session == self.session:
                self._done(channel.id)

    async def _read_back(self, channel: Channel, cursor: int, session: int) -> None:
        """Record what a channel holds after `cursor`, until a new session begins."""
        async for page, last in gateway.pages(self.client, channel, cursor):
            if session != self.session:
                return
            posted = [found for found in map(self._posted, page) if found is not None]
            reactions = [found for message in page for found in await self._reactions(message)]
            await self.service.post(
                posted, reactions, (channel.guild.id, channel.id, last), self.missed
            )

    def _posted(self, message: discord.Message) -> Posted | None:
        try:
            return self.posted(message)
        except Exception as error:
            gateway.skipped("a message of the past", error)
            return None

    async def _reactions(self, message: discord.Message) -> list[Reacted]:
        """Ask Discord who reacted to a message, up to a page for each of its first emoji.

        Nobody where the message, or its emoji, was deleted since.
        """
        found: list[Reacted] = []
        for reaction in message.reactions[:EMOJI_MAX]:
            try:
                async with gateway.within():
                    found += [one async for one in _reacted(message, reaction)]
            except discord.NotFound as error:
                if not gateway.is_meant(error):
                    raise
        return found

    def _behind(self, channel_id: int, cursor: int) -> int:
        """Return where to read on from: before what was lost, although the cursor is beyond."""
        for known in (self._lost.pop(channel_id, None), self._from.get(channel_id)):
            if known is not None:
                cursor = min(cursor, known - 1)
                self._from[channel_id] = cursor + 1
        return cursor

    def _done(self, channel_id: int) -> None:
        self._from.pop(channel_id, None)
        if self.unread is not None and channel_id not in self._lost:
            self.unread.discard(channel_id)
            self._waits.pop(channel_id, None)

    def _postpone(self, channel_id: int) -> None:
        now = self.service.clock().timestamp()
        before = self._waits.get(channel_id)
        self._waits[channel_id] = rules.Wait(now, before.n_tries + 1 if before else 1)


def _why(error: Exception) -> str:
    """Say what went wrong in words where Discord or the network says them, else where it did."""
    is_told = isinstance(error, discord.HTTPException | aiohttp.ClientError | OSError)
    return f"{type(error).__name__} {error}".strip() if is_told else gateway.whereabouts(error)


async def _reacted(message: discord.Message, reaction: discord.Reaction) -> AsyncIterator[Reacted]:
    assert message.guild is not None
    plain, n_super = hash_of(reaction.emoji), reaction.burst_count
    # Asked without a type, Discord names those of plain reactions only.
    for kind, emoji, count in (
        (discord.ReactionType.normal, plain, reaction.count - n_super),
        (discord.ReactionType.burst, burst_of(plain), n_super),
    ):
        if count > 0:
            async for user in reaction.users(limit=min(count, USERS_MAX), type=kind):
                if not user.bot:
                    yield Reacted(
                        guild_id=message.guild.id,
                        channel_id=message.channel.id,
                        message_id=message.id,
                        user_id=user.id,
                        emoji=emoji,
                    )


def _tell_closed(guild: discord.Guild) -> None:
    n_closed = sum(not may_read(channel) for channel in _channels(guild))
    if n_closed and not guild.unavailable:
        log.warning(
            "guild %d: %d channels are not read back (View Channel and Read Message History)",
            guild.id,
            n_closed,
        )


def hash_of(emoji: discord.PartialEmoji | discord.Emoji | str) -> int:
    """Return what is kept of an emoji."""
    if isinstance(emoji, str):
        return emoji_hash(emoji)
    return emoji_hash(str(emoji.id) if emoji.id else emoji.name)


def language(guild: discord.Guild) -> str:
    """Return the language a guild begins with."""
    return language_of(guild.preferred_locale) or DEFAULT_LANGUAGE


def _channels(guild: discord.Guild) -> Iterator[Channel]:
    yield from guild.text_channels
    yield from guild.voice_channels
    yield from guild.stage_channels
    yield from guild.threads


def places(guild: discord.Guild) -> list[Place]:
    """Return every channel of a guild that the bot may read."""
    return [place(channel) for channel in _channels(guild) if may_read(channel)]


def place(channel: Channel) -> Place:
    """Return what decides where reading a channel begins."""
    made_at = channel.created_at if isinstance(channel, discord.Thread) else None
    made = discord.utils.time_snowflake(made_at, high=True) if made_at else channel.id
    return Place(channel.id, made, channel.last_message_id)


def may_read(channel: Channel) -> bool:
    """Say whether the channel's history is open to the bot, by what Discord told so far."""
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return False
    allowed = channel.permissions_for(channel.guild.me)
    return allowed.view_channel and allowed.read_message_history
