"""Boards: who earned most in a span of time, read from the sums kept beside the ledger.

A board of all time, of a week or of a month has a row a member in the order of its places, so
its first places and anybody's rank are read from an index. Other spans (a season of several
months or of any dates, points that lose weight with age) are summed when read. Places go by
what was earned, ties to who got there first; who stays off the boards takes no place.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Float,
    Integer,
    Select,
    Table,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
    values,
)
from sqlalchemy import column as named
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import BoardSpan, Standing
from storage.schema import balances, daily_points, members, period_points


@dataclass(frozen=True, slots=True)
class Places:
    """A board as one member sees it.

    ``own`` is None for who is not on it. ``around`` are the places next to theirs, their own
    among them, where that is not among the ``top``.
    """

    top: tuple[Standing, ...]
    own: Standing | None
    around: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A table with a row a member of a board, and an index in the order of its places."""

    table: Table
    amount: Column[int]
    is_in: ColumnElement[bool]

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        return self.table.c.user_id, self.amount, self.table.c.reached_at


async def places(
    conn: AsyncConnection,
    guild_id: int,
    span: BoardSpan,
    user_id: int,
    *,
    n_top: int = 10,
    n_around: int = 2,
) -> Places:
    """Return a board's first places, and a member's own with those on either side of it."""
    kept = _kept(guild_id, span)
    if kept is not None:
        return await _from_index(conn, guild_id, kept, user_id, n_top, n_around)
    found = await conn.execute(_ranked(guild_id, span, user_id, n_top, n_around))
    rows = [Standing(row.user_id, row.amount, row.rank) for row in found]
    own = next((row for row in rows if row.user_id == user_id), None)
    near = tuple(rows) if own is not None and own.rank > n_top else ()
    return Places(
        tuple(row for row in rows if row.rank <= n_top),
        own,
        tuple(row for row in near if abs(row.rank - own.rank) <= n_around) if own else (),
    )


async def rank(conn: AsyncConnection, guild_id: int, user_id: int) -> int | None:
    """Return a member's rank of all time, None for who is not on the board."""
    kept = _kept(guild_id, BoardSpan())
    assert kept is not None
    own = await _own(conn, guild_id, kept, user_id)
    return None if own is None else await _rank(conn, guild_id, kept, own)


def _kept(guild_id: int, span: BoardSpan) -> _Kept | None:
    if span == BoardSpan():
        return _Kept(balances, balances.c.earned, balances.c.guild_id == guild_id)
    if len(span.periods) == 1:
        table = period_points
        is_in = and_(table.c.guild_id == guild_id, table.c.period == span.periods[0])
        return _Kept(table, table.c.amount, is_in)
    return None


def _hidden(guild_id: int) -> Select[Any]:
    return select(members.c.user_id).where(
        members.c.guild_id == guild_id, members.c.is_on_boards.is_(False)
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A week or month of a member whose kept sum disagrees with the sum of its days."""

    guild_id: int
    user_id: int
    period: int
    days: int
    kept: int


async def differences(conn: AsyncConnection) -> list[Difference]:
    """Return every kept sum of a week or month that disagrees with the sums of its days."""
    day = daily_points.c.day
    written = func.printf("%04d-%02d-%02d", day // 10_000, day // 100 % 100, day % 100)
    monday = cast(func.strftime("%Y%m%d", written, "weekday 0", "-6 days"), Integer)
    sides = [
        _side(daily_points, period, daily_points.c.amount, literal(0)).where(day > 0)
        for period in (monday, day // 100)
    ]
    kept = period_points
    rows = union_all(*sides, _side(kept, kept.c.period, literal(0), kept.c.amount)).subquery()
    days, said = func.sum(rows.c.days), func.sum(rows.c.kept)
    found = await conn.execute(
        select(rows.c.guild_id, rows.c.user_id, rows.c.period, days, said)
        .group_by(rows.c.guild_id, rows.c.user_id, rows.c.period)
        .having(days != said)
    )
    return [Difference(*row) for row in found]


def _side(
    table: Table, period: ColumnElement[Any], days: ColumnElement[Any], kept: ColumnElement[Any]
) -> Select[Any]:
    return select(
        table.c.guild_id,
        table.c.user_id,
        period.label("period"),
        days.label("days"),
        kept.label("kept"),
    )


# ----------------------------------------------------------------- read from an index


_Own = tuple[int, int, float]
"""A member's row on a board: user_id, amount, reached_at."""


async def _from_index(
    conn: AsyncConnection, guild_id: int, kept: _Kept, user_id: int, n_top: int, n_around: int
) -> Places:
    _, amount, reached_at = kept.columns
    order = amount.desc(), reached_at, kept.table.c.user_id
    found = await conn.execute(_shown(guild_id, kept).order_by(*order).limit(n_top))
    top = tuple(_standing(row, place) for place, row in enumerate(found, start=1))
    own = await _own(conn, guild_id, kept, user_id)
    if own is None:
        return Places(top, None, ())
    place = await _rank(conn, guild_id, kept, own)
    standing = _standing(own, place)
    if place <= n_top:
        return Places(top, standing, ())
    before = await conn.execute(
        _shown(guild_id, kept)
        .where(_ahead(kept, own))
        .order_by(amount, reached_at.desc(), kept.table.c.user_id.desc())
        .limit(n_around)
    )
    after = await conn.execute(
        _shown(guild_id, kept).where(_behind(kept, own)).order_by(*order).limit(n_around)
    )
    above = [_standing(row, place - n) for n, row in enumerate(before, start=1)]
    below = [_standing(row, place + n) for n, row in enumerate(after, start=1)]
    return Places(top, standing, (*reversed(above), standing, *below))


def _standing(row: Any, place: int) -> Standing:
    return Standing(row[0], row[1], place)


def _shown(guild_id: int, kept: _Kept) -> Select[Any]:
    return select(*kept.columns).where(
        kept.is_in, kept.amount > 0, kept.table.c.user_id.not_in(_hidden(guild_id))
    )


async def _own(conn: AsyncConnection, guild_id: int, kept: _Kept, user_id: int) -> _Own | None:
    found = await conn.execute(_shown(guild_id, kept).where(kept.table.c.user_id == user_id))
    row: Any = found.one_or_none()
    return None if row is None else (row[0], row[1], row[2])


async def _rank(conn: AsyncConnection, guild_id: int, kept: _Kept, own: _Own) -> int:
    """Count who is ahead by the index alone, then take off the few of them who are hidden."""
    user, amount, _ = kept.columns
    everybody = select(func.count()).select_from(kept.table).where(kept.is_in)
    better = everybody.where(amount > own[1])
    tied = everybody.where(amount == own[1], _ahead(kept, own))
    hidden = everybody.where(user.in_(_hidden(guild_id)), _ahead(kept, own))
    counted = await conn.execute(
        select(better.scalar_subquery() + tied.scalar_subquery() - hidden.scalar_subquery())
    )
    return int(counted.scalar_one()) + 1


def _ahead(kept: _Kept, own: _Own) -> ColumnElement[bool]:
    user, amount, reached_at = kept.columns
    is_earlier = or_(reached_at < own[2], and_(reached_at == own[2], user < own[0]))
    # The first part repeats the second, for the index.
    return and_(amount >= own[1], or_(amount > own[1], is_earlier))


def _behind(kept: _Kept, own: _Own) -> ColumnElement[bool]:
    user, amount, reached_at = kept.columns
    is_later = or_(reached_at > own[2], and_(reached_at == own[2], user > own[0]))
    return and_(amount <= own[1], or_(amount < own[1], is_later))


# ------------------------------------------------------------------- summed when read


def _ranked(guild_id: int, span: BoardSpan, user_id: int, n_top: int, n_around: int) -> Select[Any]:
    """Select the places that are wanted of a board that is summed, ranked, in one pass."""
    sums = _sums(guild_id, span).cte("sums")
    order = sums.c.amount.desc(), sums.c.reached_at, sums.c.user_id
    place = func.row_number().over(order_by=order).label("rank")
    ranked = select(sums.c.user_id, sums.c.amount, place).where(sums.c.amount > 0).cte("ranked")
    own = select(ranked.c.rank).where(ranked.c.user_id == user_id).scalar_subquery()
    near = ranked.c.rank.between(own - n_around, own + n_around)
    return select(ranked).where(or_(ranked.c.rank <= n_top, near)).order_by(ranked.c.rank)


def _sums(guild_id: int, span: BoardSpan) -> Select[Any]:
    table = period_points if span.periods else daily_points
    amount: ColumnElement[Any] = func.sum(table.c.amount)
    source: Any = table
    if span.periods:
        is_in = table.c.period.in_(span.periods)
    elif span.weights:
        told = values(named("day", Integer), named("weight", Float), name="told")
        weights = told.data(list(span.weights)).cte("weights")
        source = table.join(weights, weights.c.day == table.c.day)
        amount = cast(func.round(func.sum(table.c.amount * weights.c.weight)), Integer)
        days = [day for day, _ in span.weights]
        is_in = table.c.day.between(min(days), max(days))
    else:
        assert span.days is not None
        is_in = table.c.day.between(*span.days)
    return (
        select(
            table.c.user_id,
            amount.label("amount"),
            func.max(table.c.reached_at).label("reached_at"),
        )
        .select_from(source)
        .where(table.c.guild_id == guild_id, is_in, table.c.user_id.not_in(_hidden(guild_id)))
        .group_by(table.c.user_id)
    )
