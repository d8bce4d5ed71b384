"""What Discord's threads and messages are to us: who asks, who says a word, never what it says."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

import discord

from bot import channels
from bot.questions import rules
from bot.questions.known import Said
from bot.questions.threads import Thread, Word

Parent = discord.ForumChannel | discord.TextChannel


async def thread_of(client: discord.Client, thread: discord.Thread) -> Thread | None:
    """Return a thread as one that asks something; None for one that nobody asks in.

    In a forum whoever posted asks; in a text channel whoever wrote the message that the thread
    was begun on. What the bot posted for somebody mentions them first.
    """
    parent = thread.parent
    if not isinstance(parent, Parent):
        return None
    starter: discord.Message | None = None
    with suppress(discord.NotFound, discord.Forbidden):
        starter = await (
            thread if isinstance(parent, discord.ForumChannel) else parent
        ).fetch_message(thread.id)
    asker_id = _asker(client, thread, starter)
    if asker_id is None:
        return None
    return Thread(
        guild_id=thread.guild.id,
        channel_id=parent.id,
        thread_id=thread.id,
        asker_id=asker_id,
        title=" ".join(thread.name.split()),
        tags=tags_of(thread),
        asked_at=(thread.created_at or discord.utils.snowflake_time(thread.id)).timestamp(),
        is_open_to_all=channels.is_public(parent) and not thread.is_private(),
    )


def _asker(
    client: discord.Client, thread: discord.Thread, starter: discord.Message | None
) -> int | None:
    me = client.user.id if client.user is not None else 0
    if starter is None:
        is_forum = isinstance(thread.parent, discord.ForumChannel)
        is_bot = thread.owner_id == me or (thread.owner is not None and thread.owner.bot)
        return thread.owner_id if is_forum and not is_bot else None
    if starter.author.id == me:
        return starter.raw_mentions[0] if starter.raw_mentions else None
    if starter.author.bot or starter.webhook_id is not None:
        return None
    return starter.author.id


def tags_of(thread: discord.Thread) -> tuple[str, ...]:
    """Return the names of a post's tags, without those that say how it stands."""
    ours = {*rules.SOLVED_NAMES, *rules.STALE_NAMES}
    names = (" ".join(tag.name.split()) for tag in thread.applied_tags)
    return tuple(name for name in names if name.casefold() not in ours)


def forum_tags(channel: discord.abc.GuildChannel) -> tuple[tuple[int, str], ...]:
    """Return the ids and names of a forum's tags; none of what is no forum."""
    if not isinstance(channel, discord.ForumChannel):
        return ()
    return tuple((tag.id, tag.name) for tag in channel.available_tags)


def words_of(
    client: discord.Client, thread: discord.Thread, messages: Iterable[discord.Message]
) -> Iterator[Word]:
    """Yield messages as words in a thread, the oldest first."""
    for message in sorted(messages, key=lambda each: each.id):
        yield word_of(client, thread, message)


def word_of(client: discord.Client, thread: discord.Thread, message: discord.Message) -> Word:
    """Return a message without what it says; of a reply, whether it gives thanks is read here."""
    is_written = message.type in (discord.MessageType.default, discord.MessageType.reply)
    text = message.content if client.intents.message_content else None
    reference = message.reference if message.type is discord.MessageType.reply else None
    return Word(
        guild_id=thread.guild.id,
        thread_id=thread.id,
        message_id=message.id,
        author_id=message.author.id,
        written_at=message.created_at.timestamp(),
        is_ours=message.author.bot or message.webhook_id is not None or not is_written,
        thanks_for=reference.message_id if reference and rules.is_thanks(text) else None,
    )


def said_of(message: discord.Message) -> Said:
    """Return a message that somebody wants to accept."""
    return Said(
        thread_id=message.channel.id,
        message_id=message.id,
        author_id=message.author.id,
        written_at=message.created_at.timestamp(),
        is_bots=message.author.bot or message.webhook_id is not None,
    )
