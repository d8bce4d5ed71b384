"""Capture: what Discord reports becomes events, rewards and a moved cursor in one transaction.

Nothing waits in memory once a method has returned, and nothing happens twice: an event that
is there already is neither stored nor rewarded again.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.activity import rules
from bot.activity.batches import Batch, Cursor, Fate, tally
from bot.activity.rules import Missed, Place, Posted, Reacted
from bot.clock import Clock
from bot.departures.service import DeparturesService
from bot.points.service import PointsService
from storage import catalog, events, members
from storage.connection import Connection
from storage.database import Database
from storage.promises import Again
from storage.records import Event, EventKind, Guild

DELETED_MAX = 200
"""Messages of a deleted channel that are undone in one transaction: others write between."""


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
    again: Again = field(default_factory=Again)
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
        return await self._written(lambda conn: self._record(conn, happened, cursor))

    async def _written(self, job: Callable[[Connection], Awaitable[list[Fate]]]) -> int:
        return tally(self.counted, await self.database.write(job))

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
            They are read back, and this was taken away since. It is asked when they are
            written, and may grow until then: what is taken away later finds them stored.
        """
        batch = Batch(
            messages=tuple(messages),
            reactions=tuple(reactions),
            cursor=cursor,
            missed=missed or Missed(),
            is_past=missed is not None,
        )
        fates: list[Fate] = await self.database.write_together(self._post, batch)
        return tally(self.counted, fates)

    async def _post(self, conn: Connection, batches: Sequence[Batch]) -> list[list[Fate]]:
        """Record what several calls brought, and return what became of each one's."""
        there = [
            (n, posted)
            for n, batch in enumerate(batches)
            for posted in batch.messages
            if not batch.missed.is_gone(posted.message_id, posted.channel_id, posted.parent_id)
        ]
        happened = await self._messages(conn, [posted for _, posted in there])
        past = {n for n, batch in enumerate(batches) if batch.is_past}
        fates = await self._append(conn, happened, [n in past for n, _ in there])
        # After the messages: a reaction's event names the author of what it is on.
        standing = [
            (n, reacted)
            for n, batch in enumerate(batches)
            for reacted in batch.reactions
            if not batch.missed.is_taken(reacted)
        ]
        likes = await self._reactions(conn, [reacted for _, reacted in standing])
        fates += await self._append(conn, likes, [n in past for n, _ in standing])
        moved = [batch.cursor for batch in batches if batch.cursor is not None]
        await events.move_cursors(conn, moved, self.clock().timestamp())
        of = [n for n, _ in there] + [n for n, _ in standing]
        found: list[list[Fate]] = [[] for _ in batches]
        for n, fate in zip(of, fates, strict=True):
            found[n].append(fate)
        return found

    async def react(self, reacted: Reacted) -> int:
        """Record a reaction added; returns the number of new events."""
        return await self.post((), (reacted,))

    async def unreact(self, reacted: Reacted) -> int:
        """Record that a member took a reaction back, even before we hear that it was added.

        Of reactions to messages that we never saw, and of untracked members' that were never
        recorded, there is no trace.
        """

        async def job(conn: Connection) -> list[Fate]:
            (added,) = await self._reactions(conn, (reacted,))
            guild_id, user_id = reacted.guild_id, reacted.user_id
            is_known = await events.reactions_of(conn, guild_id, reacted.message_id, user_id)
            if not is_known and (
                added.target_id is None or await members.untracked(conn, guild_id, {user_id})
            ):
                return []
            return await self._record(conn, self._undone((added,), EventKind.REACTION_REMOVED))

        return await self._written(job)

    async def clear_reactions(
        self, guild_id: int, message_id: int, emoji: Collection[int] | None = None
    ) -> int:
        """Record that a moderator removed a message's reactions, all or those with these emoji."""

        async def job(conn: Connection) -> list[Fate]:
            found = await events.standing_reactions(conn, guild_id, message_id, emoji)
            return await self._record(conn, self._undone(found, EventKind.REACTION_REMOVED))

        return await self._written(job)

    async def delete(self, guild_id: int, message_ids: Sequence[int]) -> int:
        """Record that messages were deleted; those never captured leave no trace."""

        async def job(conn: Connection) -> list[Fate]:
            found = await events.messages(conn, guild_id, message_ids)
            return await self._record(conn, self._undone(found, EventKind.MESSAGE_DELETED))

        return await self._written(job)

    async def empty(self, guild_id: int, message_id: int) -> bool:
        """Record that nothing was left to read of a message, as if it had been deleted.

        Returns
        -------
        bool
            Whether it was captured and said something; what never did is as it was.
        """

        async def job(conn: Connection) -> list[Fate]:
            found = await events.messages(conn, guild_id, (message_id,))
            said = [event for event in found if event.length_class]
            return await self._record(conn, self._undone(said, EventKind.MESSAGE_DELETED))

        fates = await self.database.write(job)
        tally(self.counted, fates)
        return bool(fates)

    async def delete_place(self, guild_id: int, channel_id: int) -> AsyncIterator[list[int]]:
        """Record that everything captured in a channel or thread, and in its threads, was deleted.

        Yields
        ------
        list of int
            The messages of each transaction, at most `DELETED_MAX`, when it is done.
        """
        # Through the writer: what waits there was said before, and is to be found.
        found = await self.database.write(
            lambda conn: events.standing_in(conn, guild_id, channel_id)
        )
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
            placed_at = [(guild_id, channel_id, last) for channel_id, last in first.items()]
            await events.move_cursors(conn, placed_at, now)
            placed = await events.cursors(conn, guild_id)
            return {place.channel_id: placed[place.channel_id] for place in places}

        while (cursors := await self.database.write(job)) is None:
            await self.departures.purge(guild_id)
        return cursors

    async def _record(
        self, conn: Connection, happened: Sequence[Event], cursor: Cursor | None = None
    ) -> list[Fate]:
        fates = await self._append(conn, happened)
        if cursor is not None:
            await events.move_cursors(conn, (cursor,), self.clock().timestamp())
        return fates

    async def _append(
        self, conn: Connection, happened: Sequence[Event], past: Sequence[bool] = ()
    ) -> list[Fate]:
        """Append and reward events that are ours to keep.

        What takes back something recorded is kept of everybody, or tracking could be stopped to
        keep what was paid for it.

        Parameters
        ----------
        past
            Whether each is read back; empty where all happen now.

        Returns
        -------
        list
            What became of each, in their order.
        """
        if not happened:
            return []
        hidden = await self._untracked(conn, happened)
        kept = {
            n: replace(event, target_id=None)
            if (event.guild_id, event.target_id) in hidden
            # Whose the message is was so when it was written, whenever somebody reacts to it.
            or self._was_erased(event, event.target_id, is_past=True)
            else event
            for n, event in enumerate(happened)
            if event.kind in rules.TAKEN_BACK or (event.guild_id, event.user_id) not in hidden
            if not self._was_erased(event, event.user_id, is_past=bool(past) and past[n])
        }
        ids = await events.append_many(conn, list(kept.values()), self.clock().timestamp())
        found = dict(zip(kept, ids, strict=True))
        new = [(event, found[n]) for n, event in kept.items()]
        await self.points.award_many(conn, [(event, id_) for event, id_ in new if id_ is not None])
        return [
            Fate(found[n], event.kind.name.lower(), "new" if found[n] else "known")
            if n in kept
            else Fate(None, "any", "untracked")
            for n, event in enumerate(happened)
        ]

    def _was_erased(self, event: Event, user_id: int | None, *, is_past: bool) -> bool:
        return self.again.covers(
            event.guild_id, user_id, event.source_id, event.occurred_at, is_past=is_past
        )

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

    async def _messages(self, conn: Connection, posted: Sequence[Posted]) -> list[Event]:
        """Return the events of messages, in their order."""
        made: dict[int, Event] = {}
        for guild_id, numbers in _by_guild(each.guild_id for each in posted).items():
            of_guild = [posted[n] for n in numbers]
            answered = {each.reply_to for each in of_guild if each.reply_to is not None}
            authors = {each.message_id: each.author_id for each in of_guild}
            authors |= await events.authors_of(conn, guild_id, answered)
            # A thread started from a message has that message's id.
            begun = {each.channel_id for each in of_guild if each.in_thread}
            about = await catalog.resources_of_messages(conn, guild_id, answered | begun)
            has_roles = any(each.role_ids for each in of_guild)
            named = await self.points.named_roles(conn, guild_id) if has_roles else frozenset()
            for n, each in zip(numbers, of_guild, strict=True):
                resource_id = about.get(each.reply_to or 0)
                if resource_id is None and each.in_thread:
                    resource_id = about.get(each.channel_id)
                author_id = authors.get(each.reply_to or 0) or each.reply_author
                made[n] = rules.message_event(each, author_id, resource_id, named)
        return [made[n] for n in range(len(posted))]

    async def _reactions(self, conn: Connection, reacted: Sequence[Reacted]) -> list[Event]:
        """Return the events of reactions, in their order."""
        made: dict[int, Event] = {}
        now = self.clock().timestamp()
        for guild_id, numbers in _by_guild(each.guild_id for each in reacted).items():
            ids = {reacted[n].message_id for n in numbers}
            found = await events.messages(conn, guild_id, ids)
            messages = {event.source_id: event for event in found}
            about = await catalog.resources_of_messages(conn, guild_id, ids)
            for n in numbers:
                message_id = reacted[n].message_id
                made[n] = rules.reaction_event(
                    reacted[n], now, messages.get(message_id), about.get(message_id)
                )
        return [made[n] for n in range(len(reacted))]

    def _undone(self, found: Sequence[Event], kind: EventKind) -> list[Event]:
        now = self.clock().timestamp()
        return [rules.undone(event, kind, now) for event in found]


def _by_guild(guild_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the numbers of what belongs to each guild."""
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for n, guild_id in enumerate(guild_ids):
        numbers[guild_id].append(n)
    return numbers
