"""What counts as activity, and how much a message says. Pure policy.

The text of a message is measured here and goes no further: all that is kept of it is its
length class.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.information import information as information
from bot.information import length_class as length_class
from storage.records import Event, EventKind


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it arrived, its text already reduced to a length class.

    ``reply_to`` is the message replied to and ``reply_author`` its author where Discord said
    so (None for a bot). ``thread_owner`` is None outside threads and where unknown.
    """

    guild_id: int
    channel_id: int
    message_id: int
    author_id: int
    posted_at: float
    length_class: int | None = None
    has_attachment: bool = False
    reply_to: int | None = None
    reply_author: int | None = None
    in_thread: bool = False
    thread_owner: int | None = None


@dataclass(frozen=True, slots=True)
class Reacted:
    """A reaction as it arrived; ``emoji`` is a hash (`bot.emoji`)."""

    guild_id: int
    channel_id: int
    message_id: int
    user_id: int
    emoji: int


@dataclass(frozen=True, slots=True)
class Place:
    """A channel the bot may read: when it was made, as a snowflake, and its newest message.

    A thread started from a message has that message's id, so ``made`` is not always the id.
    """

    channel_id: int
    made: int
    newest: int | None = None


def is_counted(
    *, in_guild: bool, is_bot: bool, is_webhook: bool, is_written: bool, is_command: bool
) -> bool:
    """Say whether a message is a member's own contribution.

    Parameters
    ----------
    is_written
        Somebody wrote it; False for what Discord itself posts (joins, pins, boosts).
    is_command
        It is the answer to a command.
    """
    return in_guild and is_written and not (is_bot or is_webhook or is_command)


def message_event(posted: Posted, reply_author: int | None, resource_id: int | None) -> Event:
    """Return the event of a message.

    Parameters
    ----------
    reply_author
        Who wrote the message replied to, as far as we or Discord know.
    resource_id
        The resource whose card was replied to, or started the thread: a comment on it.
    """
    target = reply_author or posted.thread_owner
    return Event(
        guild_id=posted.guild_id,
        source_id=posted.message_id,
        kind=EventKind.MESSAGE,
        user_id=posted.author_id,
        occurred_at=posted.posted_at,
        channel_id=posted.channel_id,
        resource_id=resource_id,
        target_id=target if target != posted.author_id else None,
        length_class=posted.length_class,
        is_reply=posted.reply_to is not None,
        in_thread=posted.in_thread,
        has_attachment=posted.has_attachment,
    )


def reaction_event(
    reacted: Reacted, now: float, author_id: int | None, resource_id: int | None
) -> Event:
    """Return the event of a reaction added; on a resource's card it is a like of it."""
    return Event(
        guild_id=reacted.guild_id,
        source_id=reacted.message_id,
        kind=EventKind.REACTION,
        user_id=reacted.user_id,
        occurred_at=now,
        qualifier=reacted.emoji,
        channel_id=reacted.channel_id,
        resource_id=resource_id,
        target_id=author_id,
    )


def undone(event: Event, kind: EventKind, now: float) -> Event:
    """Return the event that takes `event` back: same source, member, qualifier and resource."""
    return Event(
        guild_id=event.guild_id,
        source_id=event.source_id,
        kind=kind,
        user_id=event.user_id,
        occurred_at=now,
        qualifier=event.qualifier,
        channel_id=event.channel_id,
        resource_id=event.resource_id,
        target_id=event.target_id,
    )


def first_cursors(
    known: Mapping[int, int], places: Iterable[Place], *, is_new: bool
) -> dict[int, int]:
    """Return where reading begins in the channels that have no cursor yet.

    A channel younger than every cursor was made while the bot was away and is read from its
    beginning. Any other was there before us, or was hidden from us: what it holds is not ours
    to read, and reading begins behind it. Only a beginning is less than the channel's id: a
    forum post's first message has the thread's own id.

    Parameters
    ----------
    known
        The guild's cursors: newest message processed, by channel.
    is_new
        The bot has just been let in, perhaps again: every channel begins behind its end.
    """
    latest = max(known.values(), default=None)
    begin: dict[int, int] = {}
    for place in places:
        if is_new or place.channel_id not in known:
            is_younger = not is_new and latest is not None and place.made > latest
            end = place.newest or place.channel_id
            begin[place.channel_id] = place.channel_id - 1 if is_younger else end
    return begin
