"""Counting again: what was earned since a moment, as another version of the rules would pay it.

A recount runs the fold over the log and says for which events the ledger holds something else. It
writes nothing: a preview shows what it found, and `rescore` writes it. Three things make it harder
than a replay from nothing.

**It begins in the middle.** The fold begins with what was paid before the moment, read from the
ledger, as far as the windows of the rules look back; who was here before is read from the log. What
is undone later of something earlier is met when the event that concerns it is read (`_meet`), a
chunk at a time, so that memory grows with what would change and not with the log.

**Not every event is decided.** Some are read without being decided: they happened before the moment
but were stored after it, or their payment is *settled*, for a moderator holds it or took it back,
or somebody was erased, so that it cannot be decided again. What they paid stays as it is and keeps
the room it takes; the fold only takes note that they happened (`_note`). A settled payment of a
later event is given to the fold when its event is reached, not before (`_later`), for what came
before it cannot have undone it.

**Deliveries are late.** Clocks differ, and what happened after the moment may have been stored
before it, by as much as a clock is behind. So reading starts a little earlier than the moment.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.points import gathering, replaying
from bot.points.replaying import STRETCH
from bot.rewards import calendar
from bot.rewards.fold import Fold, MarkKey, Move
from bot.rewards.kinds import ACTS, CLAIMING, GIVER_DAYS, SILENT, VOICED
from bot.rewards.ruleset import DAY_S, RuleSet
from bot.rewards.versions import timeline
from bot.rewards.windows import Payment
from storage import members, recounts, rewards
from storage.connection import Connection
from storage.payments import PaidRow
from storage.records import Logged

Seen = Callable[[int, int], None]
"""Called with how far a long piece of work is: done, of how many."""
_DAYS_BEFORE = 3
_LOOKED_UP_AT_ONCE = 1_000
_OF_GIVER = frozenset(event for pair in ACTS.by_giver for event in pair)
_OF_SOURCE = frozenset(event for pair in ACTS.by_source for event in pair)
_ADDS = frozenset(adds for adds, _ in ACTS.by_count)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted again: events from a moment on, up to one of the log, and by which rules."""

    rules: RuleSet
    version: int
    since: float
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of a count: how far it is, what the ledger holds for it, and the moves instead.

    ``n_since`` counts the events in it that happened since the moment.
    """

    n_read: int
    n_total: int
    n_since: int
    held: list[PaidRow]
    moves: list[Move]


@dataclass(slots=True)
class Recount:
    """Runs a count and gathers where the ledger holds something else.

    Attributes
    ----------
    wanted
        By event what it is to be paid, None for nothing, where that may not be what it was paid.
    """

    guild_id: int
    scope: Scope
    wanted: dict[int, Payment | None] = field(default_factory=dict)
    _low: int = 0
    """The last event that is not read."""
    _settled: set[int] = field(default_factory=set)
    """Events whose payments stay as they are."""
    _later: dict[int, Payment] = field(default_factory=dict)
    """Settled payments that the fold has not been given yet, by event."""
    _sources: set[int] = field(default_factory=set)
    """Messages and resources whose earlier payments the fold knows."""
    _marked: set[MarkKey] = field(default_factory=set)
    """Marks whose earlier events the fold knows."""

    async def run(self, conn: Connection) -> AsyncIterator[Stretch]:
        """Count again, writing nothing; in between the caller's loop turns.

        Memory grows with what is kept of windows and with what would change, not with the log.
        """
        since, until = self.scope.since, self.scope.until
        self._low = await rewards.last_before(conn, since - replaying.SKEW_S)
        n_total, late_s = await rewards.extent(conn, ACTS, self.guild_id, self._low, until)
        fold = await self._fold(conn)
        n_read, latest, swept, after = 0, 0.0, 0.0, self._low
        async for chunk in rewards.log(conn, ACTS, self.guild_id, self._low, until):
            first, last = chunk[0].event_id, chunk[-1].event_id
            held = await recounts.standing(conn, self.guild_id, after, last)
            after = last
            await self._meet(conn, fold, chunk)
            for start in range(0, len(chunk), STRETCH):
                rows = chunk[start : start + STRETCH]
                n_read += len(rows)
                moves = [move for row in rows for move in self._step(fold, row)]
                stands = [row.event_id for row in rows if self._is_open(row, held)]
                self._weigh(held, stands, moves, first)
                yield Stretch(
                    n_read=n_read,
                    n_total=n_total,
                    n_since=sum(row.occurred_at >= since for row in rows),
                    held=[held[each] for each in stands],
                    moves=moves,
                )
                await asyncio.sleep(0)  # the loop has others to serve
            latest = max(latest, chunk[-1].recorded_at)
            if latest - swept > DAY_S / 4:
                swept = latest
                fold.forget(latest - late_s)

    async def _fold(self, conn: Connection) -> Fold:
        """Return a fold that knows what was paid before, as far as the rules look back."""
        scope = self.scope
        zones = await members.zones(conn, self.guild_id)
        counted = (float("-inf"), scope.version, scope.rules)
        fold = Fold(timeline([counted], zones), zones[0][1])
        windows = fold.windows
        await replaying.know_everybody(
            conn, self.guild_id, fold, scope.since - replaying.SKEW_S, self._low
        )
        reach_s = max(DAY_S * GIVER_DAYS, fold.versions.silent_s, *fold.versions.reach_s)
        reach = await rewards.last_before(conn, scope.since - reach_s - replaying.SKEW_S)
        oldest = calendar.day_of(scope.since - _DAYS_BEFORE * DAY_S, "UTC")
        for row in await recounts.kept(
            conn,
            ACTS,
            self.guild_id,
            since=scope.since,
            low=self._low,
            until=scope.until,
            reach=reach,
        ):
            paid = gathering.payment_of(row.paid)
            if paid.earned_at >= scope.since:
                self._settled.add(row.event_id)
            if paid.is_back:
                continue
            if paid.day >= oldest:
                windows.note(paid)
            if paid.giver_id:
                windows.note_pair(paid.giver_id, paid.user_id, paid.kind, paid.earned_at)
                if paid.kind in SILENT:
                    windows.note_owed(paid.user_id, paid.giver_id, paid.earned_at)
                if paid.kind in VOICED:
                    windows.note_voice(paid.giver_id, paid.kind, paid.earned_at)
        return fold

    # ------------------------------------------------------------- what came before

    async def _meet(self, conn: Connection, fold: Fold, rows: Sequence[Logged]) -> None:
        """Let the fold know what these events add to or undo of what came before the count."""
        sources = {row.source_id for row in rows if _concerns_earlier(row)}
        resources = gathering.kept_resources(rows)
        new = (sources | resources) - self._sources
        if new:
            await self._meet_payments(conn, fold, new, rows[0].event_id)
        await self._meet_siblings(conn, fold, rows)
        unseen = resources - self._sources
        if unseen:
            savers = await rewards.savers(conn, ACTS, self.guild_id, unseen, self._low + 1)
            for resource_id, user_id in savers:
                fold.savers.setdefault(resource_id, set()).add(user_id)
        self._sources |= new

    async def _meet_payments(
        self, conn: Connection, fold: Fold, sources: Iterable[int], first: int
    ) -> None:
        """Let the fold know what these sources were paid and keep, before the event ``first``."""
        found = []
        for kept in await recounts.kept_of_sources(
            conn,
            ACTS,
            self.guild_id,
            since=self.scope.since,
            low=self._low,
            sources=sources,
        ):
            paid = gathering.payment_of(kept.paid)
            paid.is_void = kept.is_taken
            found.append(paid)
            if kept.is_gone or kept.event_id < first:
                gathering.note_undoable(fold, paid)
            else:
                self._later[kept.event_id] = paid
        await gathering.know_versions(conn, self.guild_id, fold, found)

    async def _meet_siblings(self, conn: Connection, fold: Fold, rows: Sequence[Logged]) -> None:
        """Let the fold know of earlier acts on the same sources."""
        keys = {row.event_id: key for row in rows if (key := _key(row)) is not None}
        asked = [event_id for event_id, key in keys.items() if key not in self._marked]
        if not asked:
            return
        for kind, source_id, user_id, qualifier in await rewards.siblings(
            conn, ACTS, self.guild_id, asked, self._low + 1
        ):
            if gathering.mark_key(kind, source_id, user_id) not in self._marked:
                gathering.note_sibling(fold, kind, source_id, user_id, qualifier)
        self._marked |= set(keys.values())

    # ------------------------------------------------------------- event by event

    def _is_open(self, row: Logged, held: Mapping[int, PaidRow]) -> bool:
        """Say whether what the ledger holds for an event may be paid otherwise."""
        return (
            row.event_id in held
            and row.occurred_at >= self.scope.since
            and row.event_id not in self._settled
        )

    def _step(self, fold: Fold, row: Logged) -> list[Move]:
        """Decide on an event; of one that is not decided again only take note that it was."""
        is_before = row.occurred_at < self.scope.since and row.kind in CLAIMING
        if is_before or row.event_id in self._settled:
            self._note(fold, row)
            return []
        if row.n_same <= 1 and row.kind in _OF_SOURCE:
            # Somebody erased may have accepted the same: their event is gone, not its payment.
            if gathering.mark_key(row.kind, row.source_id, 0) in fold.marks:
                row = row._replace(n_same=2)
        return fold.step(row)

    def _note(self, fold: Fold, row: Logged) -> None:
        fold.windows.company.take_note(row)
        if gathering.mark_key(row.kind, row.source_id, row.user_id) is not None:
            gathering.note_sibling(fold, row.kind, row.source_id, row.user_id, row.qualifier)
        if (paid := self._later.pop(row.event_id, None)) is not None:
            gathering.note_undoable(fold, paid)
        if row.kind in _ADDS and row.resource_id is not None:
            if row.target_id not in (None, 0, row.user_id):
                fold.savers.setdefault(row.resource_id, set()).add(row.user_id)

    def _weigh(
        self,
        held: Mapping[int, PaidRow],
        stands: Sequence[int],
        moves: Sequence[Move],
        first: int,
    ) -> None:
        """Take note of where the ledger and the count do not agree.

        Of an event before ``first``, which an earlier chunk held, what the ledger holds is not at
        hand any more: a payment of this count that is taken back now is wanted as nothing, which
        writing compares with the ledger once more.
        """
        found: dict[int, Payment | None] = dict.fromkeys(stands)
        for move in moves:
            if move.payment.event_id:  # what was paid before the count is none of it
                found[move.payment.event_id] = None if move.is_back else move.payment
        for event_id, paid in found.items():
            was = held.get(event_id)
            is_known = event_id >= first
            if is_known and paid is None and was is None:
                self.wanted.pop(event_id, None)
            elif was is None or paid is None or (was.amount, was.day) != (paid.amount, paid.day):
                self.wanted[event_id] = paid


def _concerns_earlier(row: Logged) -> bool:
    """Say whether an event may add to or undo what its source was paid before."""
    return row.kind in ACTS.ending or _key(row) is not None


def _key(row: Logged) -> MarkKey | None:
    """Return the mark that an event concerns, None for the only event of a giver's."""
    if row.kind in _OF_GIVER and row.n_same <= 1:
        return None
    return gathering.mark_key(row.kind, row.source_id, row.user_id)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a count would change: payments, of how many members, by member and together."""

    n_entries: int = 0
    by_member: Mapping[int, int] = field(default_factory=dict)

    @property
    def n_gaining(self) -> int:
        """How many members would have more."""
        return sum(amount > 0 for amount in self.by_member.values())

    @property
    def n_losing(self) -> int:
        """How many members would have less."""
        return sum(amount < 0 for amount in self.by_member.values())

    @property
    def amount(self) -> int:
        """What all of it comes to, in hundredths."""
        return sum(self.by_member.values())


async def effect(conn: Connection, wanted: Mapping[int, Payment | None]) -> Effect:
    """Return what writing a count would change."""
    n_entries, by_member, ids = 0, dict[int, int](), sorted(wanted)
    for start in range(0, len(ids), _LOOKED_UP_AT_ONCE):
        held = await recounts.held(conn, ACTS, ids[start : start + _LOOKED_UP_AT_ONCE])
        for event_id, now in held.items():
            paid = wanted[event_id]
            if is_so(now, paid):
                continue
            n_entries += 1
            if now.entry is not None:
                user_id = now.entry.user_id
                by_member[user_id] = by_member.get(user_id, 0) - now.entry.amount
            if paid is not None:
                by_member[paid.user_id] = by_member.get(paid.user_id, 0) + paid.amount
    return Effect(n_entries, by_member)


def is_so(now: recounts.Held, paid: Payment | None) -> bool:
    """Say whether nothing is to be done about an event, whose payment is to be ``paid``."""
    if now.is_settled or now.entry is None or paid is None:
        return now.is_settled or (now.entry is None and paid is None)
    return (now.entry.amount, now.entry.day) == (paid.amount, paid.day)
