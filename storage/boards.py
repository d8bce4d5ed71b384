"""Boards: who earned most in a span of time, read from the sums kept beside the ledger.

A board has a row a member in the order of its places, so its first places and anybody's rank are
read from an index: that of all time, of a week, a month or a quarter, of what is left lately
(`fading`), and of a season whose sums are kept (`seasons`). Other spans are summed when read, and
then asked the same question. Places go by what was earned, ties to who got there first; who stays
off the boards takes no place.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    TextClause,
    cast,
    func,
    literal,
    select,
    text,
    union_all,
)

from storage import fading
from storage.connection import Connection
from storage.records import BoardSpan, Standing
from storage.schema import daily_points, period_points


@dataclass(frozen=True, slots=True)
class Places:
    """A board as one member sees it.

    ``own`` is None for who is not on it. ``around`` are the places next to theirs, their own
    among them, where that is not among the ``top``.
    """

    top: tuple[Standing, ...]
    own: Standing | None
    around: tuple[Standing, ...]


async def places(
    conn: Connection,
    guild_id: int,
    span: BoardSpan,
    user_id: int,
    *,
    n_top: int = 10,
    n_around: int = 2,
) -> Places:
    """Return a board's first places, and a member's own with those on either side of it."""
    asked: dict[str, Any] = {
        "guild": guild_id,
        "user": user_id,
        "n_top": n_top,
        "n_around": n_around,
        "period": span.periods[0] if span.periods else 0,
        "periods": json.dumps(span.periods),
        "days": json.dumps(span.days),
    }
    board, unit = _board_of(span), fading.weight_of(span.lately) or 1.0
    asked["least"] = fading.LEAST * unit if span.lately else 0
    statement = _question(board)
    wanted = {name: asked[name] for name in statement._bindparams}
    found = sorted(_Row._make(row) for row in await conn.execute(statement, wanted))
    top, own, before, after = ([row for row in found if row.part == part] for part in range(4))
    shown = tuple(row.standing(place, unit) for place, row in enumerate(top, start=1))
    if not own:
        return Places(shown, None, ())
    place = own[0].n_ahead + 1
    standing = own[0].standing(place, unit)
    if place <= n_top:
        return Places(shown, standing, ())
    around = (*before, *own, *after)
    first = place - len(before)
    return Places(
        top=shown,
        own=standing,
        around=tuple(row.standing(each, unit) for each, row in enumerate(around, start=first)),
    )


async def rank(conn: Connection, guild_id: int, user_id: int) -> int | None:
    """Return a member's rank of all time, None for who is not on the board."""
    found = await places(conn, guild_id, BoardSpan(), user_id, n_top=0, n_around=0)
    return None if found.own is None else found.own.rank


class _Row(NamedTuple):
    """A row of the answer, in the order of places: part of it, -amount, moment, member."""

    part: int
    less: float
    reached_at: float
    user_id: int
    n_ahead: int

    def standing(self, place: int, unit: float) -> Standing:
        return Standing(self.user_id, round(-self.less / unit), place)


class _Board(NamedTuple):
    """Where a board's rows are: ``sums`` is what makes them where nobody keeps them."""

    table: str
    amount: str
    is_in: str
    sums: str = ""


_EVER = _Board("balances", "earned", "guild_id = :guild")
_LATELY = _Board("balances", "faded", "guild_id = :guild")
_PERIOD = _Board("period_points", "amount", "guild_id = :guild AND period = :period")


def _board_of(span: BoardSpan) -> _Board:
    if span == BoardSpan():
        return _EVER
    if span.lately:
        return _LATELY
    if span.is_kept:
        return _PERIOD
    return _Board(table="sums", amount="amount", is_in="1", sums=_SPAN)


# A board is asked one question, spelled so that an index in the order of its places answers it:
# who has more is counted without a look at the rows, and the few hidden ones are taken off.
_QUESTION = """
WITH {sums} hidden AS (
    SELECT user_id FROM members WHERE guild_id = :guild AND is_on_boards = 0
), own AS MATERIALIZED (
    SELECT {amount} AS amount, reached_at, user_id FROM {table}
    WHERE {is_in} AND user_id = :user AND {amount} > :least AND user_id NOT IN hidden
)
SELECT * FROM (
    SELECT 0, -{amount}, reached_at, user_id, 0 FROM {table}
    WHERE {is_in} AND {amount} > :least AND user_id NOT IN hidden
    ORDER BY {amount} DESC, reached_at, user_id LIMIT :n_top
) UNION ALL
SELECT 1, -own.amount, own.reached_at, own.user_id,
    (SELECT count(*) FROM {table} WHERE {is_in} AND {amount} > own.amount)
    + (SELECT count(*) FROM {table} WHERE {is_in} AND {amount} = own.amount
        AND ({table}.reached_at, {table}.user_id) < (own.reached_at, own.user_id))
    - (SELECT count(*) FROM {table} WHERE {is_in} AND {table}.user_id IN hidden
        AND ({amount} > own.amount OR {amount} = own.amount
            AND ({table}.reached_at, {table}.user_id) < (own.reached_at, own.user_id)))
FROM own UNION ALL
SELECT * FROM (
    SELECT 2, -{amount}, reached_at, user_id, 0 FROM {table}
    WHERE {is_in} AND user_id NOT IN hidden AND {amount} >= (SELECT amount FROM own)
        AND ({amount} > (SELECT amount FROM own)
            OR (reached_at, user_id) < (SELECT reached_at, user_id FROM own))
    ORDER BY {amount}, reached_at DESC, user_id DESC LIMIT :n_around
) UNION ALL
SELECT * FROM (
    SELECT 3, -{amount}, reached_at, user_id, 0 FROM {table}
    WHERE {is_in} AND user_id NOT IN hidden AND {amount} <= (SELECT amount FROM own)
        AND ({amount} < (SELECT amount FROM own)
            OR (reached_at, user_id) > (SELECT reached_at, user_id FROM own)) AND {amount} > :least
    ORDER BY {amount} DESC, reached_at, user_id LIMIT :n_around
)
"""
_SPAN = """
sums AS MATERIALIZED (
    SELECT user_id, sum(amount) AS amount, max(reached_at) AS reached_at FROM (
        SELECT user_id, amount, reached_at FROM period_points
        WHERE guild_id = :guild AND period IN (SELECT value FROM json_each(:periods))
        UNION ALL
        SELECT d.user_id, d.amount, d.reached_at FROM json_each(:days) AS span
        CROSS JOIN balances b ON b.guild_id = :guild
        CROSS JOIN daily_points d ON d.guild_id = :guild AND d.user_id = b.user_id AND d.day
            BETWEEN json_extract(span.value, '$[0]') AND json_extract(span.value, '$[1]')
    ) GROUP BY user_id
),"""
"""The days of one member lie together, so nothing has to be sorted to sum them."""


@cache
def _question(board: _Board) -> TextClause:
    return text(_QUESTION.format(**board._asdict()))


# --------------------------------------------------------------------- are they right?


@dataclass(frozen=True, slots=True)
class Difference:
    """A kept sum of a member that disagrees with the sum of its days.

    ``period`` is a week, month, quarter or season, 0 for what is left lately (in hundredths of the
    member's last day).
    """

    guild_id: int
    user_id: int
    period: int
    days: int
    kept: int


_NEGLIGIBLE = 1e-6
"""By so much of a hundredth sums that fade may differ: they are floats."""
_SEASONS = """
SELECT r.guild_id, r.user_id, r.period, sum(r.days) AS days, sum(r.kept) AS kept FROM (
    SELECT d.guild_id, d.user_id, -s.season_id AS period, d.amount AS days, 0 AS kept
    FROM board_seasons s CROSS JOIN daily_points d ON d.guild_id = s.guild_id
        AND d.user_id <= s.summed_to AND d.day >= s.first_day
        AND (s.next_day = 0 OR d.day < s.next_day)
    UNION ALL
    SELECT p.guild_id, p.user_id, p.period, 0, p.amount FROM period_points p
    WHERE p.period < 0 AND -p.period NOT IN
        (SELECT season_id FROM board_seasons WHERE summed_to = -1)
) AS r GROUP BY r.guild_id, r.user_id, r.period HAVING sum(r.days) <> sum(r.kept)
"""
# CROSS: the planner would search all days of everybody for each weight.
_FADED = """
WITH weights AS MATERIALIZED (
    SELECT json_extract(value, '$[0]') AS day, json_extract(value, '$[1]') AS weight
    FROM json_each(:weights)
), sums AS (
    SELECT d.guild_id, d.user_id, sum(d.amount * w.weight) AS faded, max(w.weight) AS unit
    FROM daily_points d CROSS JOIN weights w ON w.day = d.day GROUP BY d.guild_id, d.user_id
)
SELECT b.guild_id, b.user_id, 0, CAST(round(coalesce(s.faded, 0) / coalesce(s.unit, 1)) AS INTEGER),
    CAST(round(b.faded / coalesce(s.unit, 1)) AS INTEGER)
FROM balances b LEFT JOIN sums s ON s.guild_id = b.guild_id AND s.user_id = b.user_id
WHERE abs(b.faded - coalesce(s.faded, 0)) > :negligible * coalesce(s.unit, 0)
"""


async def differences(conn: Connection) -> list[Difference]:
    """Return every kept sum that disagrees with the sums of its days."""
    weights = [
        (day, fading.weight_of(day))
        for (day,) in await conn.execute(select(daily_points.c.day).distinct())
    ]
    asked = {"weights": json.dumps(weights), "negligible": _NEGLIGIBLE}
    found = [
        *await conn.execute(_of_periods()),
        *await conn.execute(text(_SEASONS)),
        *await conn.execute(text(_FADED), asked),
    ]
    return [Difference(*row) for row in found]


def _of_periods() -> Select[Any]:
    """Select weeks, months and quarters whose kept sum disagrees with that of their days."""
    day = daily_points.c.day
    month = day // 100
    written = func.printf("%04d-%02d-%02d", day // 10_000, month % 100, day % 100)
    monday = cast(func.strftime("%Y%m%d", written, "weekday 0", "-6 days"), Integer)
    quarter = day // 10_000 * 10 + (month % 100 + 2) // 3
    sides = [
        _side(daily_points, period, daily_points.c.amount, literal(0)).where(day > 0)
        for period in (monday, month, quarter)
    ]
    kept = period_points
    own = _side(kept, kept.c.period, literal(0), kept.c.amount).where(kept.c.period > 0)
    rows = union_all(*sides, own).subquery()
    days, said = func.sum(rows.c.days), func.sum(rows.c.kept)
    return (
        select(rows.c.guild_id, rows.c.user_id, rows.c.period, days, said)
        .group_by(rows.c.guild_id, rows.c.user_id, rows.c.period)
        .having(days != said)
    )


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
