"""Counting anew: what was earned since a moment, paid by another version of the rules.

`recount` runs the fold over the log again, beginning with what had been paid before that moment,
and says for which events the ledger holds something else. What a moderator holds or took back,
and payments whose event was erased, stay as they are and keep the room they take.

`carry_out` writes the difference in short transactions. Until it is done the guild's new events
wait; then they are paid in their order, so none is decided by half of the new count. A payment
that changes is taken back by one entry and paid anew by another that names the same event, so
whatever takes back an event takes back just what is now paid. Each transaction first looks at what
the ledger holds, so one that was interrupted is simply done again. A decision is taken back the
same way: its payments are taken back and those in whose place they stood are paid anew.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.points import awards
from bot.points.awards import ACCEPTS, OWN_ACTS, PUBLISHES, REACTIONS, SAVES, STRETCH
from bot.rewards import calendar, formats
from bot.rewards.decisions import HOUR_S
from bot.rewards.fold import Fold, InForce, Move, Payment
from bot.rewards.kinds import KINDS
from bot.rewards.ruleset import DAY_S, GIVER_DAYS, RuleSet
from storage import events, ledger, members, rescores, rewards
from storage.database import Database
from storage.records import EventKind, LedgerEntry, Logged, Rescore
from storage.rewards import PaidRow

Seen = Callable[[int, int], None]
"""Told how far a long piece of work is: done, of how many."""
WRITTEN_AT_ONCE = 100
"""Events whose payments one transaction changes: others write in between."""
_SKEW_S = HOUR_S
"""By how much a clock may be behind Discord's: events of the first day may look recorded before."""
_DAYS_BEFORE = 3
_PAYING = frozenset(
    {
        EventKind.MESSAGE,
        EventKind.REACTION,
        EventKind.SAVE,
        EventKind.ACCEPTED,
        EventKind.PUBLISHED,
        EventKind.REVIEWED,
        EventKind.CHECKIN,
    }
)
_AGAIN = frozenset({"answer", "resource"})
"""What may be paid again for another event of the same source."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted anew: events from a moment on, up to one of the log, and by which rules."""

    rules: RuleSet
    version: int
    since: float
    until: int


@dataclass(frozen=True, slots=True)
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
    _settled: set[int] = field(default_factory=set)
    _met: set[tuple[int, int, int]] = field(default_factory=set)
    _sources: set[int] = field(default_factory=set)
    _later: dict[int, Payment] = field(default_factory=dict)

    async def run(self, conn: AsyncConnection) -> AsyncIterator[Stretch]:
        """Count anew, writing nothing; in between the caller's loop turns.

        Memory grows with what is kept of windows and with what would change, not with the log.
        """
        since, until = self.scope.since, self.scope.until
        self._low = await rewards.last_before(conn, since - _SKEW_S)
        n_total, late_s = await rewards.extent(conn, self.guild_id, self._low, until)
        fold = await self._fold(conn)
        n_read, latest, swept, after = 0, 0.0, 0.0, self._low
        async for chunk in rewards.log(conn, self.guild_id, self._low, until):
            first, last = chunk[0].event_id, chunk[-1].event_id
            held = await rescores.standing(conn, self.guild_id, after, last)
            after = last
            await self._meet(conn, fold, chunk)
            for start in range(0, len(chunk), STRETCH):
                rows = chunk[start : start + STRETCH]
                n_read += len(rows)
                moves = [move for row in rows for move in self._step(fold, row)]
                stands = [row.event_id for row in rows if self._is_open(row, held)]
                self._weigh(held, stands, moves, first)
                n_since = sum(row.occurred_at >= since for row in rows)
                yield Stretch(n_read, n_total, n_since, [held[each] for each in stands], moves)
                await asyncio.sleep(0)  # the loop has others to serve
            latest = max(latest, chunk[-1].recorded_at)
            if latest - swept > DAY_S / 4:
                swept = latest
                fold.forget(latest - late_s)

    async def _fold(self, conn: AsyncConnection) -> Fold:
        """Return a fold that knows what was paid before, as far as the rules look back."""
        scope = self.scope
        zone = (await members.guild(conn, self.guild_id)).time_zone
        terms = InForce(
            float("-inf"), scope.version, scope.rules, calendar.zone_of(scope.rules, zone)
        )
        fold = Fold([terms], zone)
        fold.first_at |= await rewards.first_seen(conn, self.guild_id, None, self._low + 1)
        reach_s = max(
            DAY_S * max(GIVER_DAYS, *(getattr(scope.rules, kind).pair_days for kind in KINDS)),
            HOUR_S * scope.rules.general.lock_h,
        )
        reach = await rewards.last_before(conn, scope.since - reach_s - _SKEW_S)
        oldest = calendar.day_of(scope.since - _DAYS_BEFORE * DAY_S, "UTC")
        for row in await rescores.kept(
            conn, self.guild_id, scope.since, self._low, scope.until, reach
        ):
            paid = awards.payment_of(row.paid)
            if paid.earned_at >= scope.since:
                self._settled.add(row.event_id)
            if paid.is_back:
                continue
            if paid.day >= oldest:
                fold.note(paid)
            if paid.giver_id:
                fold.note_pair(paid.giver_id, paid.user_id, paid.kind, (paid.earned_at,))
                if paid.kind == "answer":
                    fold.note_accepted(paid.giver_id, paid.earned_at)
        return fold

    async def _meet(self, conn: AsyncConnection, fold: Fold, rows: Sequence[Logged]) -> None:
        """Let the fold know what these events add to or undo of what came before the count."""
        sources = {
            row.source_id
            for row in rows
            if row.kind in (EventKind.MESSAGE_DELETED, *ACCEPTS, *PUBLISHES)
            or (row.kind in REACTIONS and row.n_same > 1)
        }
        resources = {
            row.resource_id
            for row in rows
            if row.kind in (*SAVES, *PUBLISHES) and row.resource_id is not None
        }
        new = (sources | resources) - self._sources
        found = []
        if new:
            for kept in await rescores.kept_of_sources(
                conn, self.guild_id, self.scope.since, self._low, new
            ):
                paid = awards.payment_of(kept.paid)
                paid.is_void = kept.is_taken
                found.append(paid)
                if kept.is_gone or kept.event_id < rows[0].event_id:
                    awards.note_undoable(fold, paid)
                else:  # what came before it cannot have undone it
                    self._later[kept.event_id] = paid
            await awards.know_versions(conn, self.guild_id, fold, found)
        await self._meet_siblings(conn, fold, rows)
        unseen = resources - self._sources
        if unseen:
            savers = await rewards.savers(conn, self.guild_id, unseen, self._low + 1)
            for resource_id, user_id in savers:
                fold.savers.setdefault(resource_id, set()).add(user_id)
        self._sources |= new

    async def _meet_siblings(
        self, conn: AsyncConnection, fold: Fold, rows: Sequence[Logged]
    ) -> None:
        keys = {
            row.event_id: _key(row.kind, row.source_id, row.user_id)
            for row in rows
            if row.kind in (*ACCEPTS, *PUBLISHES) or (row.kind in REACTIONS and row.n_same > 1)
        }
        asked = [event_id for event_id, key in keys.items() if key not in self._met]
        if not asked:
            return
        for kind, source_id, user_id, qualifier in await rewards.siblings(
            conn, self.guild_id, asked, self._low + 1
        ):
            if _key(kind, source_id, user_id) not in self._met:
                awards.note_sibling(fold, kind, source_id, user_id, qualifier)
        self._met |= set(keys.values())

    def _is_open(self, row: Logged, held: Mapping[int, PaidRow]) -> bool:
        return (
            row.event_id in held
            and row.occurred_at >= self.scope.since
            and row.event_id not in self._settled
        )

    def _step(self, fold: Fold, row: Logged) -> list[Move]:
        """Decide on an event; of one that is not counted anew only take note that it was."""
        is_before = row.occurred_at < self.scope.since and row.kind in _PAYING
        if not is_before and row.event_id not in self._settled:
            if row.n_same <= 1 and row.kind in (*ACCEPTS, *PUBLISHES):
                # Somebody erased may have accepted the same: their event is gone, not its payment.
                if _key(row.kind, row.source_id, 0) in fold.marks:
                    row = row._replace(n_same=2)
            return fold.step(row)
        if row.kind in (EventKind.MESSAGE, EventKind.REACTION):
            seen = fold.first_at.get(row.user_id, row.occurred_at)
            fold.first_at[row.user_id] = min(seen, row.occurred_at)
        if row.kind in (*REACTIONS, *ACCEPTS, *PUBLISHES):
            awards.note_sibling(fold, row.kind, row.source_id, row.user_id, row.qualifier)
        if (paid := self._later.pop(row.event_id, None)) is not None:
            awards.note_undoable(fold, paid)
        if row.kind == EventKind.SAVE and row.resource_id is not None:
            if row.target_id not in (None, 0, row.user_id):
                fold.savers.setdefault(row.resource_id, set()).add(row.user_id)
        return []

    def _weigh(
        self,
        held: Mapping[int, PaidRow],
        stands: Sequence[int],
        moves: Sequence[Move],
        first: int,
    ) -> None:
        """Take note of where the ledger and the count do not agree."""
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


def _key(kind: int, source_id: int, user_id: int) -> tuple[int, int, int]:
    if kind in REACTIONS:
        return (REACTIONS[0], source_id, user_id)
    return (ACCEPTS[0] if kind in ACCEPTS else PUBLISHES[0], source_id, 0)


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


async def effect(conn: AsyncConnection, wanted: Mapping[int, Payment | None]) -> Effect:
    """Return what writing a count would change."""
    n_entries, by_member, ids = 0, dict[int, int](), sorted(wanted)
    for start in range(0, len(ids), 10 * WRITTEN_AT_ONCE):
        held = await rescores.held(conn, ids[start : start + 10 * WRITTEN_AT_ONCE])
        for event_id, now in held.items():
            paid = wanted[event_id]
            if _is_so(now, paid):
                continue
            n_entries += 1
            if now.entry is not None:
                user_id = now.entry.user_id
                by_member[user_id] = by_member.get(user_id, 0) - now.entry.amount
            if paid is not None:
                by_member[paid.user_id] = by_member.get(paid.user_id, 0) + paid.amount
    return Effect(n_entries, by_member)


def _is_so(now: rescores.Held, paid: Payment | None) -> bool:
    """Say whether nothing is to be done about an event."""
    if now.is_settled or now.entry is None or paid is None:
        return now.is_settled or (now.entry is None and paid is None)
    return (now.entry.amount, now.entry.day) == (paid.amount, paid.day)


# ------------------------------------------------------------------- carrying out


async def carry_out(
    database: Database,
    clock: Clock,
    decision: Rescore,
    seen: Seen,
    *,
    at_once: int = WRITTEN_AT_ONCE,
) -> Rescore:
    """Do what a decision says, or what is left of it; then pay the events that waited.

    Parameters
    ----------
    seen
        Told how far it is, in events read and then in payments looked at.
    at_once
        How many events one transaction is about.
    """
    if decision.undoes is None:
        await _recount(database, clock, decision, seen, at_once)
    else:
        await _take_back(database, clock, decision, seen, at_once)
    for step in (_waive, _pay_waiting):
        await _until_done(database, partial(step, decision=decision, clock=clock, at_once=at_once))
    async with database.read() as conn:
        done = await rescores.decision(conn, decision.guild_id, decision.rescore_id)
    assert done is not None
    return done


async def _until_done(
    database: Database, step: Callable[[AsyncConnection], Awaitable[bool]]
) -> None:
    while await database.write(step):
        pass


async def _recount(
    database: Database, clock: Clock, decision: Rescore, seen: Seen, at_once: int
) -> None:
    async with database.read() as conn:
        stored = await ledger.rule_set(conn, decision.guild_id, decision.version)
        assert stored is not None, "a decision names a version that is there"
        rules = formats.from_dict(stored.rules)
        scope = Scope(rules, decision.version, decision.since_at, decision.until_event)
        count = Recount(decision.guild_id, scope)
        async for stretch in count.run(conn):
            seen(stretch.n_read, stretch.n_total)
    ids = sorted(count.wanted)
    for start in range(0, len(ids), at_once):
        some = {each: count.wanted[each] for each in ids[start : start + at_once]}
        await database.write(partial(_write, decision=decision, wanted=some, clock=clock))
        seen(start + len(some), len(ids))


async def _write(
    conn: AsyncConnection, decision: Rescore, wanted: Mapping[int, Payment | None], clock: Clock
) -> None:
    """Let the ledger hold what is wanted for these events."""
    now = clock().timestamp()
    first_id, new = await ledger.next_id(conn), list[LedgerEntry]()
    rewarded: dict[int, bool] = {}
    for event_id, held in (await rescores.held(conn, wanted.keys())).items():
        paid = wanted[event_id]
        if _is_so(held, paid):
            continue
        kind = paid.kind if paid is not None else held.entry.kind if held.entry else ""
        if kind in OWN_ACTS:
            rewarded[event_id] = paid is not None
        if held.entry is not None:
            new.append(_back(held.entry, decision, now, first_id + len(new)))
        if paid is not None:
            new.append(_anew(paid, decision, now, first_id + len(new)))
    await ledger.append_many(conn, new)
    await events.mark_rewarded(conn, rewarded)


def _back(entry: LedgerEntry, decision: Rescore, now: float, entry_id: int) -> LedgerEntry:
    return ledger.reversal(
        entry, now, entry_id, event_id=entry.event_id, rescore_id=decision.rescore_id
    )


def _anew(paid: Payment, decision: Rescore, now: float, entry_id: int) -> LedgerEntry:
    return LedgerEntry(
        decision.guild_id,
        paid.user_id,
        paid.kind,
        paid.amount,
        paid.source_id,
        paid.rule_set,
        paid.day,
        paid.earned_at,
        now,
        paid.giver_id,
        entry_id=entry_id,
        event_id=paid.event_id,
        rescore_id=decision.rescore_id,
    )


async def _waive(conn: AsyncConnection, decision: Rescore, clock: Clock, at_once: int) -> bool:
    """Let nobody owe anything: what a decision takes of points that were spent is waived.

    What was waived counts for no level and no board. Returns whether there may be more.
    """
    now = clock().timestamp()
    short = await rescores.shortfalls(conn, decision.guild_id, decision.rescore_id, at_once)
    zone = (await members.guild(conn, decision.guild_id)).time_zone
    first_id = await ledger.next_id(conn)
    blank = LedgerEntry(
        decision.guild_id,
        0,
        rescores.WAIVED,
        0,
        decision.rescore_id,
        decision.version,
        calendar.day_of(now, zone),
        now,
        now,
        is_spending=True,
        rescore_id=decision.rescore_id,
    )
    await ledger.append_many(
        conn,
        [
            replace(blank, user_id=user_id, amount=amount, entry_id=entry_id)
            for entry_id, (user_id, amount) in enumerate(short, first_id)
        ],
    )
    return len(short) == at_once


async def _pay_waiting(
    conn: AsyncConnection, decision: Rescore, clock: Clock, at_once: int
) -> bool:
    """Pay events that waited, and with the last of them say that the decision is carried out."""
    guild_id, rescore_id = decision.guild_id, decision.rescore_id
    found = await rescores.decision(conn, guild_id, rescore_id)
    if found is None or found.finished_at is not None:
        return False
    now = clock().timestamp()
    ids = await rescores.waiting(conn, guild_id, found.paid_until, at_once)
    if ids:
        await awards.pay(conn, guild_id, ids, now)
        await rescores.change(conn, rescore_id, paid_until=ids[-1])
    if len(ids) == at_once:
        return True
    n_entries, n_members, amount = await rescores.outcome(conn, rescore_id)
    await rescores.change(
        conn, rescore_id, finished_at=now, n_entries=n_entries, n_members=n_members, amount=amount
    )
    return False


# ------------------------------------------------------------------- taking back


async def _take_back(
    database: Database, clock: Clock, undo: Rescore, seen: Seen, at_once: int
) -> None:
    assert undo.undoes is not None
    undone = undo.undoes
    await _until_done(database, partial(_unwaive, undo=undo, clock=clock, at_once=at_once))
    async with database.read() as conn:
        found = await rescores.decision(conn, undo.guild_id, undone)
        assert found is not None, "what is taken back is there"
    n_done, after = 0, 0
    while True:
        async with database.read() as conn:
            ids = await rescores.touched(conn, undone, after, at_once)
        if not ids:
            return
        await database.write(partial(_restore, undo=undo, undone=found, ids=ids, clock=clock))
        n_done, after = n_done + len(ids), ids[-1]
        seen(n_done, max(found.n_entries, n_done))


async def _unwaive(conn: AsyncConnection, undo: Rescore, clock: Clock, at_once: int) -> bool:
    """Take back what was waived; before what makes up for it, so that it cannot be spent."""
    assert undo.undoes is not None
    found = await rescores.waivers(conn, undo.undoes, at_once)
    now, first_id = clock().timestamp(), await ledger.next_id(conn)
    await ledger.append_many(
        conn,
        [_back(entry, undo, now, entry_id) for entry_id, entry in enumerate(found, first_id)],
    )
    return len(found) == at_once


async def _restore(
    conn: AsyncConnection, undo: Rescore, undone: Rescore, ids: Sequence[int], clock: Clock
) -> None:
    """Pay these events again what they had been paid before a decision changed it.

    An event whose new payment was taken back since then has undone the former one, too. Where
    there was no new payment, what happened since is asked of the log.
    """
    now, guild_id = clock().timestamp(), undo.guild_id
    done = {entry.event_id for entry in await rescores.made(conn, undo.rescore_id, ids)}
    made = [e for e in await rescores.made(conn, undone.rescore_id, ids) if e.event_id not in done]
    before = {entry.reverses: entry.event_id for entry in made if entry.reverses is not None}
    former = {
        before[entry.entry_id]: entry
        for entry in await ledger.entries(conn, [each for each in before if each is not None])
    }
    instead: dict[int | None, LedgerEntry] = {e.event_id: e for e in made if e.reverses is None}
    unpaid = [entry for event_id, entry in former.items() if event_id not in instead]
    lost = await _lost(conn, guild_id, undone, unpaid) | await _gone(conn, instead)
    holds = {
        hold.source_id: hold
        for hold in await rewards.holds_of(
            conn, guild_id, [entry.entry_id for entry in instead.values()]
        )
    }
    first_id, new = await ledger.next_id(conn), list[LedgerEntry]()
    rewarded: dict[int, bool] = {}
    for event_id in ids:
        new_paid, old_paid = instead.get(event_id), former.get(event_id)
        if event_id in lost:
            continue
        shown = old_paid or new_paid
        if shown is not None and shown.kind in OWN_ACTS:
            rewarded[event_id] = old_paid is not None
        hold = holds.get(new_paid.entry_id) if new_paid is not None else None
        if new_paid is not None:
            new.append(_back(new_paid, undo, now, first_id + len(new)))
        if hold is not None:
            new.append(_moved(ledger.reversal(hold, now, first_id + len(new)), hold))
        if old_paid is not None:
            again = replace(
                old_paid,
                entry_id=first_id + len(new),
                recorded_at=now,
                rescore_id=undo.rescore_id,
            )
            new.append(again)
            if hold is not None:
                new.append(
                    replace(
                        hold,
                        amount=-again.amount,
                        source_id=again.entry_id,
                        recorded_at=now,
                        entry_id=first_id + len(new),
                    )
                )
    await ledger.append_many(conn, new)
    await events.mark_rewarded(conn, rewarded)
    back = [entry for entry in unpaid if entry.event_id not in lost]
    await awards.undo_since(conn, guild_id, back, undone.until_event, now)


def _moved(release: LedgerEntry, hold: LedgerEntry) -> LedgerEntry:
    """Return the end of a hold that goes on elsewhere, in the name of whoever holds."""
    return replace(release, actor_id=hold.actor_id, reason=hold.reason)


async def _gone(conn: AsyncConnection, instead: dict[int | None, LedgerEntry]) -> set[int | None]:
    """Return the events whose new payment an event or a moderator took back since.

    Where a later count took it back, and was taken back itself, its copy stands for it.
    """
    taken = await rescores.reversed_of(conn, [entry.entry_id for entry in instead.values()])
    stands = await rescores.held(conn, [each for each in instead if each is not None])
    gone: set[int | None] = set()
    for event_id, entry in list(instead.items()):
        if entry.entry_id not in taken or event_id is None:
            continue
        copy = stands[event_id].entry if taken[entry.entry_id] else None
        if copy is None:
            gone.add(event_id)
        else:
            instead[event_id] = copy
    return gone


async def _lost(
    conn: AsyncConnection, guild_id: int, undone: Rescore, unpaid: Sequence[LedgerEntry]
) -> set[int | None]:
    """Return the events whose former payment has no room any more.

    Something else pays for the same by now, or fewer keep the resource than when it was paid.
    """
    kept = {entry.source_id for entry in unpaid if entry.kind == "savers"}
    fewer = (
        await rescores.kept_by_fewer(conn, guild_id, undone.until_event, kept) if kept else set()
    )
    lost = {e.event_id for e in unpaid if e.kind == "savers" and e.source_id in fewer}
    for entry in unpaid:
        if entry.kind in _AGAIN and await ledger.standing_entries(
            conn, guild_id, entry.source_id, (entry.kind,)
        ):
            lost.add(entry.event_id)
    return lost
