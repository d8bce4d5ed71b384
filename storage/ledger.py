"""Points: the append-only ledger, and the sums kept beside it.

Whatever appends an entry moves the member's balance and the sums of its day, week, month and
quarter in the same transaction; `storage.consistency` proves that they agree. A payment is unique
by source, kind, member and giver, a reversal by what it reverses, so neither can happen twice. A
reversal repeats its payment's kind, day and moment, so that sums and counts over any of them come
out as if neither had been. A reversal can itself be reversed, once, which puts its payment back:
an entry *stands* while nothing reverses it. A hold is an entry that takes another's amount away
until it is reversed; its source is that entry.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, fields, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Table,
    and_,
    case,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from storage import seasons
from storage.connection import Connection
from storage.fading import weight_of
from storage.records import LedgerEntry
from storage.schema import balances, daily_points, ledger, period_points

_FIELDS = tuple(field.name for field in fields(LedgerEntry))

_row_of = attrgetter(*_FIELDS)

_APPEND = f"INSERT INTO ledger ({', '.join(_FIELDS)}) VALUES ({', '.join('?' * len(_FIELDS))})"

_NET = func.coalesce(func.sum(case((ledger.c.amount > 0, 1), else_=-1)), 0)

HOLD = "hold"
"""The kind of an entry that takes another's amount away for a while."""


def _entry(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry(**{name: row._mapping[name] for name in _FIELDS})


def _of(guild_id: int, user_id: int) -> ColumnElement[bool]:
    return and_(ledger.c.guild_id == guild_id, ledger.c.user_id == user_id)


async def append(conn: Connection, entry: LedgerEntry) -> int | None:
    """Append one entry and move the sums; return its id, None if it was there already."""
    values = asdict(entry)
    values.pop("entry_id")
    statement = upsert(ledger).values(values).on_conflict_do_nothing()
    found = await conn.execute(statement.returning(ledger.c.entry_id))
    entry_id: int | None = found.scalar_one_or_none()
    if entry_id is not None:
        await _move(conn, (entry,))
    return entry_id


async def next_id(conn: Connection) -> int:
    """Return the id that the next entry gets; it stays free while this transaction lasts."""
    found = await conn.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'ledger'")
    return (found.scalar_one_or_none() or 0) + 1


async def last_entry(conn: Connection) -> int:
    """Return the id of the newest entry of all guilds, 0 for none."""
    return int(await conn.scalar(select(func.coalesce(func.max(ledger.c.entry_id), 0))) or 0)


async def append_many(conn: Connection, new: Sequence[LedgerEntry]) -> None:
    """Append entries that carry their ids (from `next_id` on) and move the sums once for all.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        One of them is there already: whoever writes many has looked.
    """
    if not new:
        return
    # Past SQLAlchemy, which takes longer to look at a row than SQLite takes to write it.
    await conn.exec_driver_sql(_APPEND, [_row_of(entry) for entry in new])
    await _move(conn, new)


async def _move(conn: Connection, new: Iterable[LedgerEntry]) -> None:
    """Add entries to the kept sums; ``reached_at`` is the latest moment of any earning."""
    spendable: defaultdict[tuple[int, ...], int] = defaultdict(int)
    faded: defaultdict[tuple[int, ...], float] = defaultdict(float)
    accounts: _Sums = {}
    days: _Sums = {}
    periods: _Sums = {}
    for entry in new:
        spendable[entry.guild_id, entry.user_id] += entry.amount
        if not entry.is_spending:
            key = entry.guild_id, entry.user_id, entry.day
            _add(days, key, entry.amount, entry.earned_at)
    for (guild_id, user_id, day), (amount, at) in days.items():
        _add(accounts, (guild_id, user_id), amount, at)
        faded[guild_id, user_id] += amount * weight_of(day)
        for period in periods_of(day):
            _add(periods, (guild_id, user_id, period), amount, at)
    moved = [
        (*key, amount, *accounts.get(key, (0, 0.0)), faded[key])
        for key, amount in spendable.items()
    ]
    await _add_to(conn, balances, moved)
    await _add_to(conn, daily_points, [(*key, *own) for key, own in days.items()])
    await _add_to(conn, period_points, [(*key, *own) for key, own in periods.items()])
    await seasons.add(conn, [(*key, *own) for key, own in days.items()])


_Sums = dict[tuple[int, ...], tuple[int, float]]
"""What is earned and the latest moment of it, by the key of a kept sum."""


def _add(sums: _Sums, key: tuple[int, ...], amount: int, at: float) -> None:
    known = sums.get(key)
    sums[key] = (amount, at) if known is None else (known[0] + amount, max(known[1], at))


async def _add_to(conn: Connection, table: Table, rows: list[tuple[float, ...]]) -> None:
    if rows:
        await conn.exec_driver_sql(_upsert(table), rows)


@cache
def _upsert(table: Table) -> str:
    """Return the statement that adds to kept sums, or begins them; rows have every column."""
    names = [column.name for column in table.c]
    sums = [n for n in names if n not in table.primary_key.columns and n != "reached_at"]
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        f" ON CONFLICT DO UPDATE SET {', '.join(f'{n} = {n} + excluded.{n}' for n in sums)},"
        " reached_at = max(reached_at, excluded.reached_at)"
    )


@lru_cache(maxsize=1_000)
def periods_of(day: int) -> tuple[int, ...]:
    """Return the week (its Monday as YYYYMMDD), month (YYYYMM) and quarter (YYYYQ) a day is in.

    Day 0, which is before anything was counted, is in none.
    """
    if not day:
        return ()
    found = date(day // 10_000, day // 100 % 100, day % 100)
    monday = found - timedelta(days=found.weekday())
    week = monday.year * 10_000 + monday.month * 100 + monday.day
    return week, day // 100, found.year * 10 + (found.month + 2) // 3


async def reverse(
    conn: Connection,
    entry: LedgerEntry,
    now: float,
    *,
    event_id: int | None = None,
    actor_id: int = 0,
    reason: str = "",
) -> int | None:
    """Take an entry back; return the reversal's id, None if it was taken back before.

    What was held of it is released, so that it is not taken away twice.

    Parameters
    ----------
    event_id, actor_id, reason
        The event, or the moderator and their words, that this is owed to.
    """
    back = reversal(entry, now, 0, event_id=event_id, actor_id=actor_id, reason=reason)
    entry_id = await append(conn, back)
    if entry_id is not None and entry.kind != HOLD:
        held = await standing_hold(conn, entry)
        if held is not None:
            await reverse(conn, held, now, event_id=event_id, actor_id=actor_id, reason=reason)
    return entry_id


def reversal(
    entry: LedgerEntry,
    now: float,
    entry_id: int,
    *,
    event_id: int | None = None,
    actor_id: int = 0,
    reason: str = "",
    rescore_id: int = 0,
) -> LedgerEntry:
    """Return the entry that takes another back: its kind, day and moment, the opposite amount."""
    return replace(
        entry,
        amount=-entry.amount,
        recorded_at=now,
        reverses=entry.entry_id,
        entry_id=entry_id,
        event_id=event_id,
        actor_id=actor_id,
        reason=reason,
        rescore_id=rescore_id,
    )


def _stands() -> ColumnElement[bool]:
    reversal = ledger.alias("reversal")
    return ~select(reversal.c.entry_id).where(reversal.c.reverses == ledger.c.entry_id).exists()


async def entries(conn: Connection, entry_ids: Collection[int]) -> list[LedgerEntry]:
    """Return the entries of these ids that exist, oldest first."""
    rows = await conn.execute(
        select(ledger).where(ledger.c.entry_id.in_(entry_ids)).order_by(ledger.c.entry_id)
    )
    return [_entry(row) for row in rows]


async def given_by(
    conn: Connection,
    guild_id: int,
    actor_id: int,
    kinds: Collection[str],
    since: float,
    until: float,
) -> int:
    """Return what a moderator gave and took between two moments, together, of what stands.

    What they undid counts as long as it left a debt: it has been spent.
    """
    owing = select(balances.c.user_id).where(
        balances.c.guild_id == guild_id,
        balances.c.user_id == ledger.c.user_id,
        balances.c.amount < 0,
    )
    found = await conn.execute(
        select(func.coalesce(func.sum(func.abs(ledger.c.amount)), 0)).where(
            ledger.c.guild_id == guild_id,
            ledger.c.actor_id == actor_id,
            text("actor_id <> 0"),  # spelled as the index has it, which it needs to be used
            ledger.c.recorded_at > since,
            ledger.c.recorded_at < until,
            ledger.c.kind.in_(kinds),
            ledger.c.reverses.is_(None),
            or_(_stands(), and_(ledger.c.amount > 0, owing.exists())),
        )
    )
    return int(found.scalar_one())


async def tip(conn: Connection, entry: LedgerEntry) -> LedgerEntry:
    """Follow an entry to the last of the reversals that follow each other from it."""
    while True:
        found = await conn.execute(select(ledger).where(ledger.c.reverses == entry.entry_id))
        row = found.one_or_none()
        if row is None:
            return entry
        entry = _entry(row)


async def origin(conn: Connection, entry: LedgerEntry) -> LedgerEntry:
    """Follow a reversal to the entry that the first of those before it took back."""
    while entry.reverses is not None:
        (entry,) = await entries(conn, (entry.reverses,))
    return entry


async def of_source(
    conn: Connection, guild_id: int, user_id: int, *, kind: str, source_id: int
) -> LedgerEntry | None:
    """Return what a source first moved for a member, whether it stands or not."""
    found = await conn.execute(
        select(ledger).where(
            _of(guild_id, user_id),
            ledger.c.source_id == source_id,
            ledger.c.kind == kind,
            ledger.c.reverses.is_(None),
        )
    )
    row = found.first()
    return _entry(row) if row else None


async def openings(conn: Connection, guild_id: int) -> dict[int, LedgerEntry]:
    """Return the last opening entry of each member who has one."""
    rows = await conn.execute(
        select(ledger)
        .where(
            ledger.c.guild_id == guild_id, ledger.c.kind == "opening", ledger.c.reverses.is_(None)
        )
        .order_by(ledger.c.entry_id)
    )
    return {row.user_id: _entry(row) for row in rows}


async def taken_back(conn: Connection, guild_id: int, kind: str) -> set[int]:
    """Return the entries of a kind that were taken back."""
    rows = await conn.execute(
        select(ledger.c.reverses).where(
            ledger.c.guild_id == guild_id, ledger.c.kind == kind, ledger.c.reverses.is_not(None)
        )
    )
    return set(rows.scalars())


async def standing_hold(conn: Connection, entry: LedgerEntry) -> LedgerEntry | None:
    """Return the hold that takes an entry's amount away now, None where there is none."""
    held = await standing_entries(conn, entry.guild_id, entry.entry_id, (HOLD,), sign=-1)
    return held[0] if held else None


async def standing_entries(
    conn: Connection,
    guild_id: int,
    source_id: int,
    kinds: Collection[str],
    giver_id: int | None = None,
    *,
    sign: int = 1,
) -> list[LedgerEntry]:
    """Return what a source paid and was not taken back; of one giver, or of all for None.

    Parameters
    ----------
    sign
        1 for what it gave, -1 for what it took (holds).
    """
    statement = (
        select(ledger)
        .where(
            ledger.c.guild_id == guild_id,
            ledger.c.source_id == source_id,
            ledger.c.kind.in_(kinds),
            sign * ledger.c.amount > 0,
            _stands(),
        )
        .order_by(ledger.c.entry_id)
    )
    if giver_id is not None:
        statement = statement.where(ledger.c.giver_id == giver_id)
    return [_entry(row) for row in await conn.execute(statement)]


async def paid_on(
    conn: Connection, guild_id: int, user_id: int, day: int
) -> dict[str, tuple[int, int]]:
    """Return by kind how many payments of a day stand, and what they come to."""
    rows = await conn.execute(
        select(ledger.c.kind, _NET, func.sum(ledger.c.amount))
        .where(_of(guild_id, user_id), ledger.c.day == day)
        .group_by(ledger.c.kind)
    )
    return {kind: (count, amount) for kind, count, amount in rows}


async def history(
    conn: Connection, guild_id: int, user_id: int, limit: int, offset: int = 0
) -> list[LedgerEntry]:
    """Return a member's last entries, newest first."""
    rows = await conn.execute(
        select(ledger)
        .where(_of(guild_id, user_id))
        .order_by(ledger.c.entry_id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_entry(row) for row in rows]


async def balance(conn: Connection, guild_id: int, user_id: int) -> int:
    """Return what a member may spend."""
    found = await conn.execute(
        select(balances.c.amount).where(
            balances.c.guild_id == guild_id, balances.c.user_id == user_id
        )
    )
    return found.scalar_one_or_none() or 0


async def earned(conn: Connection, guild_id: int, user_id: int) -> int:
    """Return what a member earned: what levels and the board of all time go by."""
    found = await conn.execute(
        select(balances.c.earned).where(
            balances.c.guild_id == guild_id, balances.c.user_id == user_id
        )
    )
    return found.scalar_one_or_none() or 0
