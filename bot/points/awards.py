"""Pays for newly stored events, many at a time, in the transaction that stored them."""

from collections.abc import Sequence

from bot.points.gathering import ready
from bot.rewards.fold import Move
from bot.rewards.kinds import ACTS, COUNTED, OWN_ACTS, TABLE
from storage import events, ledger, payments, rescores, rewards
from storage.connection import Connection
from storage.records import LedgerEntry


async def award(
    conn: Connection, guild_id: int, event_ids: Sequence[int], now: float
) -> list[Move]:
    """Pay for stored events of a guild in the order given, and take back what they undo.

    While what the guild earned is being re-scored they wait: whoever counts pays them then.
    """
    if await rescores.is_running(conn, guild_id):
        return []
    return await pay(conn, guild_id, event_ids, now)


async def pay(conn: Connection, guild_id: int, event_ids: Sequence[int], now: float) -> list[Move]:
    """Do what `award` does, whether or not anything is being re-scored."""
    rows = await rewards.logged(conn, ACTS, guild_id, event_ids)
    if not rows:
        return []
    fold = await ready(conn, guild_id, rows)
    moves = [move for row in rows for move in fold.step(row)]
    if moves:
        await _write(conn, guild_id, moves, now)
    return moves


async def undo_since(
    conn: Connection,
    guild_id: int,
    restored: Sequence[LedgerEntry],
    after: int,
    now: float,
) -> None:
    """Take back again what was restored, where later events undid it while it was gone.

    Parameters
    ----------
    restored
        The payments as they were first made.
    after
        The event after which they may have been undone.
    """
    if restored:
        undone = await rewards.undoing(conn, ACTS, guild_id, after, restored)
        if undone:
            await pay(conn, guild_id, undone, now)
    for resource_id in {each.source_id for each in restored if each.kind in COUNTED}:
        await _let_go(conn, guild_id, resource_id, now)


async def _let_go(conn: Connection, guild_id: int, resource_id: int, now: float) -> None:
    """Take back what a resource was paid for more members than keep it now."""
    ids = await rewards.last_let_go(conn, ACTS, guild_id, [resource_id])
    for row in await rewards.logged(conn, ACTS, guild_id, ids):
        fold = await ready(conn, guild_id, [row], before=2**62)
        (kind,) = (each for each in TABLE if each.opposite == row.kind)
        moves: list[Move] = []
        while more := fold.let_go(kind, row):
            moves += more
        if moves:
            await _write(conn, guild_id, moves, now)


async def percent(conn: Connection, guild_id: int, event_id: int) -> int:
    """Return what the click that an event was counted for, by whose it was; 100 if unknown."""
    rows = await rewards.logged(conn, ACTS, guild_id, [event_id])
    for row in rows:
        fold = await ready(conn, guild_id, rows)
        fold.windows.company.take_note(row)
        return fold.percent(row)
    return 100


async def _write(conn: Connection, guild_id: int, moves: Sequence[Move], now: float) -> None:
    stored = {move.payment.entry_id: move for move in moves if move.is_back}
    first_id = await ledger.next_id(conn)
    new: list[LedgerEntry] = []
    for move in moves:
        entry = _entry(guild_id, move, now, first_id + len(new))
        if not move.is_back:
            move.payment.entry_id = entry.entry_id
        new.append(entry)
    stored.pop(0, None)
    if stored:
        # What is taken back is no longer held.
        for hold in await payments.holds_of(conn, guild_id, stored):
            event_id = stored[hold.source_id].event_id
            new.append(ledger.reversal(hold, now, first_id + len(new), event_id=event_id))
    await ledger.append_many(conn, new)
    await events.mark_rewarded(
        conn,
        {
            move.event_id: True
            for move in moves
            if not move.is_back and move.payment.kind in OWN_ACTS
        },
    )


def _entry(guild_id: int, move: Move, now: float, entry_id: int) -> LedgerEntry:
    paid = move.payment
    return LedgerEntry(
        guild_id=guild_id,
        user_id=paid.user_id,
        kind=paid.kind,
        amount=-paid.amount if move.is_back else paid.amount,
        source_id=paid.source_id,
        rule_set=paid.rule_set,
        day=paid.day,
        earned_at=paid.earned_at,
        recorded_at=now,
        giver_id=paid.giver_id,
        reverses=paid.entry_id if move.is_back else None,
        entry_id=entry_id,
        event_id=move.event_id,
    )
