"""Carrying out a decision to count again: the ledger comes to hold what a recount wants.

`carry_out` writes the difference in short transactions. Until it is done the guild's new events
wait; then they are paid in their order, so none is decided by half of the new count. A payment
that changes is taken back by one entry and paid again by another that names the same event, so
whatever takes back an event takes back just what is now paid. Each transaction first looks at what
the ledger holds, so one that was interrupted is simply done again.

What is counted is `recount`'s, where is `counting`'s; taking a decision back is `restore`'s.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial

from bot.clock import Clock
from bot.points import awards, counting, restore
from bot.points.recount import Seen, is_so
from bot.rewards import calendar
from bot.rewards.kinds import ACTS, OWN_ACTS
from bot.rewards.windows import Payment
from storage import access, events, ledger, members, recounts, rescores
from storage.connection import Connection
from storage.database import Database
from storage.records import LedgerEntry, Rescore

WRITTEN_AT_ONCE = 100
"""Events whose payments one transaction changes: others write in between."""


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
        Called with how far it is, in events read and then in payments looked at.
    at_once
        How many events one transaction is about.
    """
    if decision.undoes is None:
        await _recount(database, clock, decision, seen, at_once)
    else:
        unwaive = partial(restore.unwaive, undo=decision, clock=clock, at_once=at_once)
        await _until_done(database, unwaive)
        await restore.take_back(database, clock, decision, seen, at_once)
    for step in (_unwaive_gains, _waive, _pay_waiting):
        await _until_done(database, partial(step, decision=decision, clock=clock, at_once=at_once))
    async with database.read() as conn:
        done = await rescores.decision(conn, decision.guild_id, decision.rescore_id)
    assert done is not None
    return done


async def _until_done(database: Database, step: Callable[[Connection], Awaitable[bool]]) -> None:
    while await database.write(step):
        pass


async def _recount(
    database: Database, clock: Clock, decision: Rescore, seen: Seen, at_once: int
) -> None:
    wanted = await counting.count(database, decision, seen)
    ids = sorted(wanted)
    for start in range(0, len(ids), at_once):
        some = {each: wanted[each] for each in ids[start : start + at_once]}
        await database.write(partial(_write, decision=decision, wanted=some, clock=clock))
        seen(start + len(some), len(ids))


async def _write(
    conn: Connection, decision: Rescore, wanted: Mapping[int, Payment | None], clock: Clock
) -> None:
    """Let the ledger hold what is wanted for these events."""
    now = clock().timestamp()
    first_id, new = await ledger.next_id(conn), list[LedgerEntry]()
    rewarded: dict[int, bool] = {}
    for event_id, held in (await recounts.held(conn, ACTS, wanted.keys())).items():
        paid = wanted[event_id]
        if is_so(held, paid):
            continue
        kind = paid.kind if paid is not None else held.entry.kind if held.entry else ""
        if kind in OWN_ACTS:
            rewarded[event_id] = paid is not None
        if held.entry is not None:
            new.append(
                ledger.reversal(
                    held.entry,
                    now,
                    first_id + len(new),
                    event_id=event_id,
                    rescore_id=decision.rescore_id,
                )
            )
        if paid is not None:
            new.append(_again(paid, decision, now, first_id + len(new)))
    await ledger.append_many(conn, new)
    await events.mark_rewarded(conn, rewarded)
    await access.mark_bought(conn, rewarded)


def _again(paid: Payment, decision: Rescore, now: float, entry_id: int) -> LedgerEntry:
    return LedgerEntry(
        guild_id=decision.guild_id,
        user_id=paid.user_id,
        kind=paid.kind,
        amount=paid.amount,
        source_id=paid.source_id,
        rule_set=paid.rule_set,
        day=paid.day,
        earned_at=paid.earned_at,
        recorded_at=now,
        giver_id=paid.giver_id,
        entry_id=entry_id,
        event_id=paid.event_id,
        rescore_id=decision.rescore_id,
    )


async def _unwaive_gains(conn: Connection, decision: Rescore, clock: Clock, at_once: int) -> bool:
    """Let what a decision pays more first make up for what is waived: it was spent already.

    Whatever of it is more than the gain is waived again. Returns whether there may be more.
    """
    now, entry_id, new = clock().timestamp(), await ledger.next_id(conn), list[LedgerEntry]()
    found = await recounts.gains(conn, decision.guild_id, decision.rescore_id, at_once)
    for gained, waived in found:
        for entry in waived:
            back = ledger.reversal(entry, now, entry_id + len(new), rescore_id=decision.rescore_id)
            new.append(back)
        left = sum(entry.amount for entry in waived) - gained
        if left > 0:
            again = replace(
                waived[0],
                amount=left,
                source_id=decision.rescore_id,
                rule_set=decision.version,
                recorded_at=now,
                reverses=None,
                entry_id=entry_id + len(new),
                rescore_id=decision.rescore_id,
            )
            new.append(again)
    await ledger.append_many(conn, new)
    return len(found) == at_once


async def _waive(conn: Connection, decision: Rescore, clock: Clock, at_once: int) -> bool:
    """Let nobody owe anything: what a decision takes of points that were spent is waived.

    What was waived counts for no level and no board. Returns whether there may be more.
    """
    now = clock().timestamp()
    short = await recounts.shortfalls(conn, decision.guild_id, decision.rescore_id, at_once)
    zone = (await members.guild(conn, decision.guild_id)).time_zone
    first_id = await ledger.next_id(conn)
    blank = LedgerEntry(
        guild_id=decision.guild_id,
        user_id=0,
        kind=recounts.WAIVED,
        amount=0,
        source_id=decision.rescore_id,
        rule_set=decision.version,
        day=calendar.day_of(now, zone),
        earned_at=now,
        recorded_at=now,
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


async def _pay_waiting(conn: Connection, decision: Rescore, clock: Clock, at_once: int) -> bool:
    """Pay events that waited, and with the last of them say that the decision is carried out."""
    guild_id, rescore_id = decision.guild_id, decision.rescore_id
    found = await rescores.decision(conn, guild_id, rescore_id)
    if found is None or found.finished_at is not None:
        return False
    now = clock().timestamp()
    ids = await rescores.waiting(conn, ACTS, guild_id, found.paid_until, at_once)
    if ids:
        await awards.pay(conn, guild_id, ids, now)
        await rescores.change(conn, rescore_id, paid_until=ids[-1])
    if len(ids) == at_once:
        return True
    n_entries, n_members, amount = await recounts.outcome(conn, rescore_id)
    await rescores.change(
        conn, rescore_id, finished_at=now, n_entries=n_entries, n_members=n_members, amount=amount
    )
    return False
