"""Taking a decision to count again back: what it changed becomes what it was before.

Its payments are taken back, and those in whose place they stood are paid again, event by event, as
entries of the decision that takes back. That is more than reversing its entries, for the world went
on: a payment may have been undone by an event or by a moderator since, it may be held, a later
decision may have changed it and been taken back itself, and what it displaced may have no room any
more. Done again after a crash, it does what is left.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache, partial

from bot.clock import Clock
from bot.points import awards, gathering
from bot.points.recount import Seen
from bot.rewards import calendar
from bot.rewards.kinds import ACTS, AGAIN, COOLED, COUNTED, OWN_ACTS
from bot.rewards.room import has_room
from bot.rewards.ruleset import RuleSet
from bot.rewards.windows import Payment
from storage import access, events, ledger, payments, recounts, rescores, rulebook
from storage.connection import Connection
from storage.database import Database
from storage.records import LedgerEntry, Rescore


async def take_back(
    database: Database, clock: Clock, undo: Rescore, seen: Seen, at_once: int
) -> None:
    """Change back what the decision that `undo` names changed, ``at_once`` events a transaction."""
    assert undo.undoes is not None
    undone = undo.undoes
    async with database.read() as conn:
        found = await rescores.decision(conn, undo.guild_id, undone)
        assert found is not None, "what is taken back is there"
    n_done, after = 0, 0
    while True:
        async with database.read() as conn:
            ids = await recounts.touched(conn, undone, after, at_once)
        if not ids:
            return
        await database.write(partial(_restore, undo=undo, undone=found, ids=ids, clock=clock))
        n_done, after = n_done + len(ids), ids[-1]
        seen(n_done, max(found.n_entries, n_done))


async def unwaive(conn: Connection, undo: Rescore, clock: Clock, at_once: int) -> bool:
    """Take back what was waived; before what makes up for it, so that it cannot be spent."""
    assert undo.undoes is not None
    found = await recounts.waivers(conn, undo.undoes, at_once)
    now, first_id = clock().timestamp(), await ledger.next_id(conn)
    await ledger.append_many(
        conn,
        [_back(entry, undo, now, entry_id) for entry_id, entry in enumerate(found, first_id)],
    )
    return len(found) == at_once


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changed:
    """What a decision changed for some events, and what of it is changed back.

    Attributes
    ----------
    former
        By event the payment that it took away.
    instead
        By event the payment that stands in its place now.
    unpaid
        Those of the former in whose place nothing stood.
    lost
        Events that stay as they are.
    full
        Events whose former payment has no room beside what was paid since: they are paid nothing.
    holds
        What is held of payments that stand instead, by their entries.
    """

    former: Mapping[int | None, LedgerEntry]
    instead: Mapping[int | None, LedgerEntry]
    unpaid: Sequence[LedgerEntry]
    lost: set[int | None]
    full: set[int | None]
    holds: Mapping[int, LedgerEntry]


async def _restore(
    conn: Connection, undo: Rescore, undone: Rescore, ids: Sequence[int], clock: Clock
) -> None:
    """Pay these events again what they had been paid before a decision changed it.

    An event whose new payment was taken back since then has undone the former one, too. Where
    there was no new payment, what happened since is asked of the log.
    """
    now, found = clock().timestamp(), await _changed(conn, undo, undone, ids)
    first_id, new = await ledger.next_id(conn), list[LedgerEntry]()
    rewarded: dict[int, bool] = {}
    for event_id in ids:
        if event_id in found.lost:
            continue
        old, instead = found.former.get(event_id), found.instead.get(event_id)
        if event_id in found.full:
            old = None
        shown = old or instead or found.former.get(event_id)
        if shown is not None and shown.kind in OWN_ACTS:
            rewarded[event_id] = old is not None
        hold = found.holds.get(instead.entry_id) if instead is not None else None
        new += _changed_back(old, instead, hold, undo, now, first_id + len(new))
    await ledger.append_many(conn, new)
    await events.mark_rewarded(conn, rewarded)
    await access.mark_bought(conn, rewarded)
    back = [e for e in found.unpaid if e.event_id not in found.lost | found.full]
    await awards.undo_since(conn, undo.guild_id, back, undone.until_event, now)


async def _changed(
    conn: Connection, undo: Rescore, undone: Rescore, ids: Sequence[int]
) -> _Changed:
    """Return what is to be changed back for these events; of what was done before nothing."""
    done = {entry.event_id for entry in await recounts.made(conn, undo.rescore_id, ids)}
    made = [e for e in await recounts.made(conn, undone.rescore_id, ids) if e.event_id not in done]
    before = {entry.reverses: entry.event_id for entry in made if entry.reverses is not None}
    former = {
        before[entry.entry_id]: entry
        for entry in await ledger.entries(conn, [each for each in before if each is not None])
    }
    instead: dict[int | None, LedgerEntry] = {e.event_id: e for e in made if e.reverses is None}
    unpaid = [entry for event_id, entry in former.items() if event_id not in instead]
    lost = await _lost(conn, undo.guild_id, undone, unpaid) | await _gone(conn, instead)
    full = await _full(
        conn,
        undo,
        undone,
        [former[i] for i in sorted(former, key=lambda e: e or 0) if i not in lost],
    )
    held = [entry.entry_id for entry in instead.values()]
    return _Changed(
        former=former,
        instead=instead,
        unpaid=unpaid,
        lost=lost,
        full=full,
        holds={hold.source_id: hold for hold in await payments.holds_of(conn, undo.guild_id, held)},
    )


async def _full(
    conn: Connection, undo: Rescore, undone: Rescore, wanted: Sequence[LedgerEntry]
) -> set[int | None]:
    """Return the events whose former payment would exceed what its day allows by now."""
    days = {
        (entry.user_id, day)
        for entry in wanted
        # Only a cooldown reaches past midnight.
        for day in (_around(entry.day) if entry.kind in COOLED else (entry.day,))
    }
    rows = await recounts.beside(
        conn, undo.guild_id, days, undone=undone.rescore_id, undo=undo.rescore_id
    )
    standing: defaultdict[int, list[Payment]] = defaultdict(list)
    for row in rows:
        standing[row.user_id].append(gathering.payment_of(row))
    versions = {entry.rule_set for entry in wanted} | {row.rule_set for row in rows}
    stored = await rulebook.some_versions(conn, undone.guild_id, versions)
    rules = {each.version: gathering.parsed(each.rules) for each in stored}
    full: set[int | None] = set()
    for entry in wanted:
        paid, own = _payment(entry), standing[entry.user_id]
        if has_room(paid, own, lambda version: rules.get(version) or RuleSet()):
            own.append(paid)
        else:
            full.add(entry.event_id)
    return full


@lru_cache(maxsize=1_000)
def _around(day: int) -> tuple[int, int, int]:
    """Return a day with those before and after it."""
    found, one = calendar.as_date(day), timedelta(days=1)
    return calendar.as_day(found - one), day, calendar.as_day(found + one)


def _payment(entry: LedgerEntry) -> Payment:
    """Return a payment that was taken back as it stood."""
    return Payment(
        kind=entry.kind,
        user_id=entry.user_id,
        giver_id=entry.giver_id,
        amount=entry.amount,
        source_id=entry.source_id,
        day=entry.day,
        earned_at=entry.earned_at,
        event_id=entry.event_id or 0,
        rule_set=entry.rule_set,
    )


def _changed_back(
    old: LedgerEntry | None,
    instead: LedgerEntry | None,
    hold: LedgerEntry | None,
    undo: Rescore,
    now: float,
    entry_id: int,
) -> list[LedgerEntry]:
    """Return the entries, numbered from ``entry_id``, that put one payment in another's place.

    What is held of the one is held of the other afterwards, in the name of whoever holds.
    """
    new: list[LedgerEntry] = []
    if instead is not None:
        new.append(_back(instead, undo, now, entry_id))
    if hold is not None:
        ended = ledger.reversal(hold, now, entry_id + len(new))
        new.append(replace(ended, actor_id=hold.actor_id, reason=hold.reason))
    if old is not None:
        again = replace(
            old, entry_id=entry_id + len(new), recorded_at=now, rescore_id=undo.rescore_id
        )
        new.append(again)
        if hold is not None:
            new.append(
                replace(
                    hold,
                    amount=-again.amount,
                    source_id=again.entry_id,
                    recorded_at=now,
                    entry_id=entry_id + len(new),
                )
            )
    return new


def _back(entry: LedgerEntry, undo: Rescore, now: float, entry_id: int) -> LedgerEntry:
    return ledger.reversal(
        entry, now, entry_id, event_id=entry.event_id, rescore_id=undo.rescore_id
    )


async def _gone(conn: Connection, instead: dict[int | None, LedgerEntry]) -> set[int | None]:
    """Return the events whose new payment an event or a moderator took back since.

    Where a later count took it back, and was taken back itself, its copy stands for it.
    """
    taken = await recounts.reversed_of(conn, [entry.entry_id for entry in instead.values()])
    stands = await recounts.held(conn, ACTS, [each for each in instead if each is not None])
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
    conn: Connection, guild_id: int, undone: Rescore, unpaid: Sequence[LedgerEntry]
) -> set[int | None]:
    """Return the events whose former payment has no room any more.

    Something else pays for the same by now, or fewer keep the resource than when it was paid.
    """
    kept = {entry.source_id for entry in unpaid if entry.kind in COUNTED}
    since = undone.until_event
    fewer = await recounts.kept_by_fewer(conn, ACTS, guild_id, since, kept) if kept else set()
    lost = {e.event_id for e in unpaid if e.kind in COUNTED and e.source_id in fewer}
    for entry in unpaid:
        if entry.kind in AGAIN and await ledger.standing_entries(
            conn, guild_id, entry.source_id, (entry.kind,)
        ):
            lost.add(entry.event_id)
    return lost
