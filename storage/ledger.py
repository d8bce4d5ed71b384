"""Points: the append-only ledger, the sums kept beside it, and the rule sets it names.

Whatever appends an entry moves the member's balance and that day's sum in the same
transaction; `differences` proves that they agree. A payment is unique by source, kind, member
and giver, a reversal by what it reverses, so neither can happen twice. A reversal repeats its
payment's kind, day and moment, so that sums and counts over any of them come out as if neither
had been.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import EventKind, LedgerEntry, Standing, StoredRuleSet
from storage.schema import balances, daily_points, events, guilds, ledger, members, rule_sets

_FIELDS = tuple(field.name for field in fields(LedgerEntry))
_SIDES = ("ledger", "balance", "daily")
_NET = func.coalesce(func.sum(case((ledger.c.reverses.is_(None), 1), else_=-1)), 0)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the ledger and the sums kept beside it disagree.

    ``day`` is None for the whole account; balances have no days, so for a day ``balance`` is 0.
    """

    guild_id: int
    user_id: int
    day: int | None
    ledger: int
    balance: int
    daily: int


@dataclass(frozen=True, slots=True)
class Paid:
    """What one source paid a member and was not taken back: `n` payments of one moment."""

    kind: str
    day: int
    earned_at: float
    n: int
    amount: int


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a source is paid for: the newest rules (none for version 0), and the guild's zone.

    ``is_deleted`` says that the source is known to be gone.
    """

    version: int
    rules: dict[str, Any] | None
    time_zone: str
    is_deleted: bool


def _entry(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry(**{name: row._mapping[name] for name in _FIELDS})


def _of(guild_id: int, user_id: int) -> ColumnElement[bool]:
    return and_(ledger.c.guild_id == guild_id, ledger.c.user_id == user_id)


async def append(conn: AsyncConnection, entry: LedgerEntry) -> int | None:
    """Append one entry and move the sums; return its id, None if it was there already."""
    values = asdict(entry)
    values.pop("entry_id")
    statement = upsert(ledger).values(values).on_conflict_do_nothing()
    found = await conn.execute(statement.returning(ledger.c.entry_id))
    entry_id: int | None = found.scalar_one_or_none()
    if entry_id is not None:
        await _add(conn, balances, entry, {})
        await _add(conn, daily_points, entry, {"day": entry.day})
    return entry_id


async def _add(
    conn: AsyncConnection, table: Table, entry: LedgerEntry, key: dict[str, int]
) -> None:
    """Add an entry to a kept sum; ``reached_at`` is the latest moment of any of its entries."""
    key = {"guild_id": entry.guild_id, "user_id": entry.user_id} | key
    statement = upsert(table).values(**key, amount=entry.amount, reached_at=entry.earned_at)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=list(key),
            set_={
                "amount": table.c.amount + statement.excluded.amount,
                "reached_at": func.max(table.c.reached_at, statement.excluded.reached_at),
            },
        )
    )


async def reverse(conn: AsyncConnection, entry: LedgerEntry, now: float) -> int | None:
    """Take an entry back; return the reversal's id, None if it was taken back before."""
    return await append(
        conn,
        replace(entry, amount=-entry.amount, recorded_at=now, reverses=entry.entry_id, entry_id=0),
    )


async def standing_entries(
    conn: AsyncConnection,
    guild_id: int,
    source_id: int,
    kinds: Collection[str],
    giver_id: int | None = None,
) -> list[LedgerEntry]:
    """Return what a source paid and was not taken back; of one giver, or of all for None."""
    reversal = ledger.alias("reversal")
    statement = (
        select(ledger)
        .where(
            ledger.c.guild_id == guild_id,
            ledger.c.source_id == source_id,
            ledger.c.kind.in_(kinds),
            ledger.c.reverses.is_(None),
            ~select(reversal.c.entry_id).where(reversal.c.reverses == ledger.c.entry_id).exists(),
        )
        .order_by(ledger.c.entry_id)
    )
    if giver_id is not None:
        statement = statement.where(ledger.c.giver_id == giver_id)
    return [_entry(row) for row in await conn.execute(statement)]


async def paid_on(
    conn: AsyncConnection, guild_id: int, user_id: int, day: int
) -> dict[str, tuple[int, int]]:
    """Return by kind how many payments of a day stand, and what they come to."""
    rows = await conn.execute(
        select(ledger.c.kind, _NET, func.sum(ledger.c.amount))
        .where(_of(guild_id, user_id), ledger.c.day == day)
        .group_by(ledger.c.kind)
    )
    return {kind: (count, amount) for kind, count, amount in rows}


async def paid(
    conn: AsyncConnection, guild_id: int, user_id: int, days: tuple[int, int]
) -> list[Paid]:
    """Return what was paid to a member and stands, from one day to another."""
    rows = await conn.execute(
        select(ledger.c.kind, ledger.c.day, ledger.c.earned_at, _NET, func.sum(ledger.c.amount))
        .where(_of(guild_id, user_id), ledger.c.day.between(*days))
        .group_by(ledger.c.kind, ledger.c.day, ledger.c.source_id, ledger.c.earned_at)
        .having(_NET > 0)
    )
    return [Paid(*row) for row in rows]


async def paid_pair(
    conn: AsyncConnection,
    guild_id: int,
    giver_id: int,
    user_id: int,
    *,
    kind: str,
    day: int,
    since: float,
) -> tuple[int, int]:
    """Return how many payments from one giver to one member stand: on `day`, and after `since`."""
    on_day = func.coalesce(
        func.sum(case((ledger.c.day != day, 0), (ledger.c.reverses.is_(None), 1), else_=-1)), 0
    )
    late = func.coalesce(
        func.sum(
            case((ledger.c.earned_at <= since, 0), (ledger.c.reverses.is_(None), 1), else_=-1)
        ),
        0,
    )
    row = await conn.execute(
        select(on_day, late).where(
            _of(guild_id, user_id), ledger.c.giver_id == giver_id, ledger.c.kind == kind
        )
    )
    n_day, n_late = row.one()
    return n_day, n_late


async def history(
    conn: AsyncConnection, guild_id: int, user_id: int, limit: int
) -> list[LedgerEntry]:
    """Return a member's last entries, newest first."""
    rows = await conn.execute(
        select(ledger).where(_of(guild_id, user_id)).order_by(ledger.c.entry_id.desc()).limit(limit)
    )
    return [_entry(row) for row in rows]


async def balance(conn: AsyncConnection, guild_id: int, user_id: int) -> int:
    """Return a member's balance."""
    found = await conn.execute(
        select(balances.c.amount).where(
            balances.c.guild_id == guild_id, balances.c.user_id == user_id
        )
    )
    return found.scalar_one_or_none() or 0


def _board(guild_id: int, first_day: int) -> Select[Any]:
    """Select user_id, amount and reached_at of everybody on a board; 0 is all time."""
    hidden = select(members.c.user_id).where(
        members.c.guild_id == guild_id, members.c.is_on_boards.is_(False)
    )
    if not first_day:
        return select(balances.c.user_id, balances.c.amount, balances.c.reached_at).where(
            balances.c.guild_id == guild_id,
            balances.c.amount > 0,
            balances.c.user_id.not_in(hidden),
        )
    amount = func.sum(daily_points.c.amount)
    reached = func.max(daily_points.c.reached_at)
    return (
        select(daily_points.c.user_id, amount.label("amount"), reached.label("reached_at"))
        .where(
            daily_points.c.guild_id == guild_id,
            daily_points.c.day >= first_day,
            daily_points.c.user_id.not_in(hidden),
        )
        .group_by(daily_points.c.user_id)
        .having(amount > 0)
    )


async def top(
    conn: AsyncConnection, guild_id: int, first_day: int = 0, limit: int = 10
) -> list[Standing]:
    """Return the first places of a board, ties to who got there first; hidden members left out.

    Parameters
    ----------
    first_day
        Count from this day (YYYYMMDD) on; 0 for all time.
    """
    board = _board(guild_id, first_day).subquery()
    rows = await conn.execute(
        select(board.c.user_id, board.c.amount)
        .order_by(board.c.amount.desc(), board.c.reached_at, board.c.user_id)
        .limit(limit)
    )
    return [Standing(row.user_id, row.amount, rank) for rank, row in enumerate(rows, start=1)]


async def place(
    conn: AsyncConnection, guild_id: int, user_id: int, first_day: int = 0
) -> Standing | None:
    """Return a member's place on the board that `top` shows, None for one who is not on it."""
    board = _board(guild_id, first_day).subquery()
    own = (await conn.execute(select(board).where(board.c.user_id == user_id))).one_or_none()
    if own is None:
        return None
    is_tied = board.c.amount == own.amount
    ahead = await conn.execute(
        select(func.count())
        .select_from(board)
        .where(
            or_(
                board.c.amount > own.amount,
                and_(is_tied, board.c.reached_at < own.reached_at),
                and_(is_tied, board.c.reached_at == own.reached_at, board.c.user_id < user_id),
            )
        )
    )
    return Standing(user_id, own.amount, ahead.scalar_one() + 1)


async def rule_set(
    conn: AsyncConnection, guild_id: int, version: int | None = None
) -> StoredRuleSet | None:
    """Return a version of a guild's rules, the newest for None; None where there is none."""
    statement = select(rule_sets).where(rule_sets.c.guild_id == guild_id)
    if version is not None:
        statement = statement.where(rule_sets.c.version == version)
    found = await conn.execute(statement.order_by(rule_sets.c.version.desc()).limit(1))
    row = found.one_or_none()
    return StoredRuleSet(**row._mapping) if row else None


async def terms(conn: AsyncConnection, guild_id: int, source_id: int) -> Terms:
    """Return what decides about paying for anything, in one statement: every event asks."""
    row = (await conn.execute(_terms(), {"guild": guild_id, "source": source_id})).one()
    return Terms(row.version or 0, row.rules, row.time_zone, row.is_deleted)


@cache
def _terms() -> Select[Any]:
    guild_id: ColumnElement[int] = bindparam("guild")
    source_id: ColumnElement[int] = bindparam("source")

    def newest(column: Column[Any]) -> ColumnElement[Any]:
        of_guild = select(column).where(rule_sets.c.guild_id == guild_id)
        return of_guild.order_by(rule_sets.c.version.desc()).limit(1).scalar_subquery()

    zone = select(guilds.c.time_zone).where(guilds.c.guild_id == guild_id).scalar_subquery()
    deleted = select(events.c.event_id).where(
        events.c.guild_id == guild_id,
        events.c.source_id == source_id,
        events.c.kind == int(EventKind.MESSAGE_DELETED),
    )
    return select(
        newest(rule_sets.c.version).label("version"),
        newest(rule_sets.c.rules).label("rules"),
        func.coalesce(zone, "UTC").label("time_zone"),
        deleted.exists().label("is_deleted"),
    )


async def append_rule_set(conn: AsyncConnection, published: StoredRuleSet) -> None:
    """Append a version of a guild's rules; versions are never changed."""
    await conn.execute(insert(rule_sets).values(asdict(published)))


async def differences(conn: AsyncConnection) -> list[Difference]:
    """Return every account, and every day of one, whose kept sums disagree with the ledger."""
    accounts = await conn.execute(
        _disagreeing(
            _side(ledger, null(), "ledger"),
            _side(balances, null(), "balance"),
            _side(daily_points, null(), "daily"),
        )
    )
    days = await conn.execute(
        _disagreeing(
            _side(ledger, ledger.c.day, "ledger"),
            _side(daily_points, daily_points.c.day, "daily"),
        )
    )
    return [Difference(*row) for row in (*accounts, *days)]


def _side(table: Table, day: ColumnElement[Any], name: str) -> Select[Any]:
    sums = [table.c.amount if each == name else literal(0) for each in _SIDES]
    return select(
        table.c.guild_id,
        table.c.user_id,
        day.label("day"),
        *(amount.label(each) for each, amount in zip(_SIDES, sums, strict=True)),
    )


def _disagreeing(first: Select[Any], *others: Select[Any]) -> Select[Any]:
    """Select the accounts (or days) whose sums over the given sides are not all the same."""
    rows = union_all(first, *others).subquery()
    sums = [func.sum(rows.c[name]) for name in _SIDES]
    compared = [sums[0] != sums[2]] + ([sums[0] != sums[1]] if len(others) == 2 else [])
    return (
        select(rows.c.guild_id, rows.c.user_id, rows.c.day, *sums)
        .group_by(rows.c.guild_id, rows.c.user_id, rows.c.day)
        .having(or_(*compared))
        .order_by(rows.c.guild_id, rows.c.user_id, rows.c.day)
    )
