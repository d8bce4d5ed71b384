"""Capture: what Discord reports becomes events, rewards and a moved cursor in one transaction.

Nothing waits in memory once a method has returned, and nothing happens twice: an event that
is there already is neither stored nor rewarded again.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field, replace

from bot.activity import rules
from bot.activity.rules import Missed, Place, Posted, Reacted
from bot.clock import Clock
from bot.departures.service import DeparturesService
from bot.points.service import PointsService
from storage import catalog, events, members
from storage.connection import Connection
from storage.database import Database
from storage.records import Event, EventKind, Guild

DELETED_MAX = 200
"""Messages of a deleted channel that are undone in one transaction: others write between."""

Cursor = tuple[int, int, int]
"""Guild, channel, and the newest message of it that has been processed."""


@dataclass(frozen=True, slots=True)
class ActivityService:
    """Records what members do."""

    database: Database
    clock: Clock
    points: PointsService
    departures: DeparturesService
    language: str | None = None
    time_zone: str = "UTC"
    """What a guild begins with that is met for the first time; None for its own language."""
    counted: Counter[tuple[str, str]] = field(default_factory=Counter, repr=False)
    """How many events there were since the start: by kind, and what became of them."""

    async def record(self, happened: Sequence[Event], cursor: Cursor | None = None) -> int:
        """Record events and move a cursor, all or nothing; concurrent calls share a commit.

        Parameters
        ----------
        happened
            In the order they happened. Those of members who are not tracked are dropped.
        cursor
            How far a channel has been processed with them; it never moves back.

        Returns
        -------
        int
            How many events were new.
        """

        async def job(conn: Connection) -> int:
            return await self._record(conn, happened, cursor)

        return await self.database.write(job)

    async def post(
        self,
        messages: Sequence[Posted],
        reactions: Sequence[Reacted] = (),
        cursor: Cursor | None = None,
        missed: Missed | None = None,
    ) -> int:
        """Record messages and the reactions they already carry; see `record`.

        Parameters
        ----------
        missed
            What was taken away since they were read. It is asked when they are written, and
            may grow until then: what is taken away later finds them stored.
        """
        lost = missed or Missed()

        async def job(conn: Connection) -> int:
            there = [
                posted
                for posted in messages
                if not lost.is_gone(posted.message_id, posted.channel_id, posted.parent_id)
            ]
            happened = [await self._message(conn, posted) for posted in there]
            n_new = await self._record(conn, happened)
            # After the messages: a reaction's event names the author of what it is on.
            standing = [reacted for reacted in reactions if not lost.is_taken(reacted)]
            likes = [await self._reaction(conn, reacted) for reacted in standing]
            return n_new + await self._record(conn, likes, cursor)

        return await self.database.write(job)

    async def react(self, reacted: Reacted) -> int:
        """Record a reaction added; returns the number of new events."""
        return await self.post((), (reacted,))

    async def unreact(self, reacted: Reacted) -> int:
        """Record that a member took a reaction back, even before we hear that it was added.

        Of reactions to messages that we never saw, and of untracked members' that were never
        recorded, there is no trace.
        """

        async def job(conn: Connection) -> int:
            added = await self._reaction(conn, reacted)
            guild_id, user_id = reacted.guild_id, reacted.user_id
            is_known = await events.reactions_of(conn, guild_id, reacted.message_id, user_id)
            if not is_known and (
                added.target_id is None or await members.untracked(conn, guild_id, {user_id})
            ):
                return 0
            return await self._record(conn, self._undone((added,), EventKind.REACTION_REMOVED))

        return await self.database.write(job)

    async def clear_reactions(
        self, guild_id: int, message_id: int, emoji: Collection[int] | None = None
    ) -> int:
        """Record that a moderator removed a message's reactions, all or those with these emoji."""

        async def job(conn: Connection) -> int:
            found = await events.standing_reactions(conn, guild_id, message_id, emoji)
            return await self._record(conn, self._undone(found, EventKind.REACTION_REMOVED))

        return await self.database.write(job)

    async def delete(self, guild_id: int, message_ids: Sequence[int]) -> int:
        """Record that messages were deleted; those never captured leave no trace."""

        async def job(conn: Connection) -> int:
            found = await events.messages(conn, guild_id, message_ids)
            return await self._record(conn, self._undone(found, EventKind.MESSAGE_DELETED))

        return await self.database.write(job)

    async def empty(self, guild_id: int, message_id: int) -> bool:
        """Record that nothing was left to read of a message, as if it had been deleted.

        Returns
        -------
        bool
            Whether it was captured and said something; what never did is as it was.
        """

        async def job(conn: Connection) -> bool:
            found = await events.messages(conn, guild_id, (message_id,))
            said = [event for event in found if event.length_class]
            await self._record(conn, self._undone(said, EventKind.MESSAGE_DELETED))
            return bool(said)

        return await self.database.write(job)

    async def delete_place(self, guild_id: int, channel_id: int) -> AsyncIterator[list[int]]:
        """Record that everything captured in a channel or thread, and in its threads, was deleted.

        Yields
        ------
        list of int
            The messages of each transaction, at most `DELETED_MAX`, when it is done.
        """
        async with self.database.read() as conn:
            found = await events.standing_in(conn, guild_id, channel_id)
        for start in range(0, len(found), DELETED_MAX):
            gone = found[start : start + DELETED_MAX]
            await self.delete(guild_id, gone)
            yield gone

    async def open_thread(
        self, guild_id: int, thread_id: int, parent_id: int, owner_id: int, opened_at: float
    ) -> int:
        """Record that a member opened a thread."""
        event = Event(
            guild_id=guild_id,
            source_id=thread_id,
            kind=EventKind.THREAD,
            user_id=owner_id,
            occurred_at=opened_at,
            channel_id=parent_id,
        )
        return await self.record((event,))

    async def follow_channel(self, guild_id: int, channel_id: int) -> None:
        """Begin a channel's cursor at its beginning: it was made while we looked on."""
        await self.record((), (guild_id, channel_id, channel_id - 1))

    async def begin(
        self,
        guild_id: int,
        places: Sequence[Place],
        *,
        language: str = "en",
        is_new: bool = False,
    ) -> dict[int, int]:
        """Meet a guild: make its row if it has none, and a cursor for every channel without.

        All cursors are placed in one transaction, so a crash while channels are read back
        cannot make one of them look as if it had been there before. A guild that had removed the
        bot is met as a new one; where its purge has begun, that ends first.

        Parameters
        ----------
        places
            Every channel the bot may read.
        language
            Of a guild that has no row yet.
        is_new
            The bot has just been let in: nothing older is read.

        Returns
        -------
        dict
            The cursor of every place by its channel: read on from there.
        """
        now = self.clock().timestamp()

        async def job(conn: Connection) -> dict[int, int] | None:
            is_back = await self.departures.arrive(conn, guild_id)
            if is_back is None:
                return None
            if not (await members.guild(conn, guild_id)).created_at:
                new = Guild(guild_id, self.language or language, self.time_zone, created_at=now)
                await members.save_guild(conn, new)
            known = await events.cursors(conn, guild_id)
            first = rules.first_cursors(known, places, is_new=is_new or is_back)
            for channel_id, message_id in first.items():
                await events.move_cursor(conn, guild_id, channel_id, message_id, now)
            placed = await events.cursors(conn, guild_id)
            return {place.channel_id: placed[place.channel_id] for place in places}

        while (cursors := await self.database.write(job)) is None:
            await self.departures.purge(guild_id)
        return cursors

    async def _record(
        self, conn: Connection, happened: Sequence[Event], cursor: Cursor | None = None
    ) -> int:
        appended = await self._append(conn, happened)
        if cursor is not None:
            await events.move_cursor(conn, *cursor, self.clock().timestamp())
        return sum(event_id is not None for event_id in appended)

    async def _append(self, conn: Connection, happened: Sequence[Event]) -> list[int | None]:
        """Append and reward events that are ours to keep; None for one that is there already.

        What takes back something recorded is kept of everybody, or tracking could be stopped to
        keep what was paid for it.
        """
        hidden = await self._untracked(conn, happened)
        kept = [
            replace(event, target_id=None) if (event.guild_id, event.target_id) in hidden else event
            for event in happened
            if event.kind in rules.TAKEN_BACK or (event.guild_id, event.user_id) not in hidden
        ]
        found = await events.append_many(conn, kept, self.clock().timestamp())
        self._count(happened, kept, found)
        new = [(event, event_id) for event, event_id in zip(kept, found, strict=True) if event_id]
        await self.points.award_many(conn, new)
        return found

    def _count(
        self, happened: Sequence[Event], kept: Sequence[Event], found: Sequence[int | None]
    ) -> None:
        for event, event_id in zip(kept, found, strict=True):
            self.counted[event.kind.name.lower(), "new" if event_id else "known"] += 1
        if len(kept) < len(happened):
            self.counted["any", "untracked"] += len(happened) - len(kept)

    async def _untracked(
        self, conn: Connection, happened: Sequence[Event]
    ) -> set[tuple[int, int | None]]:
        """Return (guild, member) of everybody concerned who asked not to be tracked."""
        people: defaultdict[int, set[int]] = defaultdict(set)
        for event in happened:
            people[event.guild_id] |= {event.user_id, event.target_id or event.user_id}
        return {
            (guild_id, user_id)
            for guild_id, concerned in people.items()
            for user_id in await members.untracked(conn, guild_id, concerned)
        }

    async def _message(self, conn: Connection, posted: Posted) -> Event:
        author_id, resource_id = posted.reply_author, None
        if posted.reply_to is not None:
            known = await events.author_of(conn, posted.guild_id, posted.reply_to)
            author_id = known or author_id
            resource_id = await catalog.resource_of_message(conn, posted.guild_id, posted.reply_to)
        if resource_id is None and posted.in_thread:
            # A thread started from a message has that message's id.
            resource_id = await catalog.resource_of_message(
                conn, posted.guild_id, posted.channel_id
            )
        named = await self.points.named_roles(conn, posted.guild_id) if posted.role_ids else None
        return rules.message_event(posted, author_id, resource_id, named or frozenset())

    async def _reaction(self, conn: Connection, reacted: Reacted) -> Event:
        guild_id, message_id = reacted.guild_id, reacted.message_id
        found = await events.messages(conn, guild_id, (message_id,))
        return rules.reaction_event(
            reacted,
            self.clock().timestamp(),
            found[0] if found else None,
            await catalog.resource_of_message(conn, guild_id, message_id),
        )

    def _undone(self, found: Sequence[Event], kind: EventKind) -> list[Event]:
        now = self.clock().timestamp()
        return [rules.undone(event, kind, now) for event in found]
