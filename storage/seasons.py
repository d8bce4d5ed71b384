"""Kept sums of seasons whose dates no week, month or quarter has.

Such a season is noted when its board is first asked for. From there on whatever is earned moves its
sums, of members up to `board_seasons.summed_to`; what the others earned before is summed by `fill`,
some members at a time. Once everybody is in, the board is read like that of a month; until then it
is summed when read. A season of which nobody is told any more is over, and its sums are dropped.
"""

from collections.abc import Sequence

from sqlalchemy import text

from storage.connection import Connection

EVERYBODY = 2**63 - 1
"""Behind every member's id: all of them are summed."""
_OVER = -1

_ADD = """
INSERT INTO period_points (guild_id, user_id, period, amount, reached_at)
SELECT s.guild_id, ?2, -s.season_id, ?4, ?5 FROM board_seasons s
WHERE s.guild_id = ?1 AND s.first_day <= ?3 AND (s.next_day = 0 OR ?3 < s.next_day)
    AND ?2 <= s.summed_to
ON CONFLICT DO UPDATE SET amount = amount + excluded.amount,
    reached_at = max(reached_at, excluded.reached_at)
"""
_FILL = """
INSERT INTO period_points (guild_id, user_id, period, amount, reached_at)
SELECT d.guild_id, d.user_id, -s.season_id, sum(d.amount), max(d.reached_at)
FROM board_seasons s CROSS JOIN balances b ON b.guild_id = s.guild_id
    AND b.user_id > s.summed_to AND b.user_id <= :until
CROSS JOIN daily_points d ON d.guild_id = s.guild_id AND d.user_id = b.user_id
    AND d.day >= s.first_day AND (s.next_day = 0 OR d.day < s.next_day)
WHERE s.season_id = :season GROUP BY d.user_id
"""


async def add(conn: Connection, earned: Sequence[tuple[float, ...]]) -> None:
    """Add to the seasons that they belong to rows of guild, member, day, amount and moment."""
    if earned:
        await conn.exec_driver_sql(_ADD, list(earned))


async def kept(conn: Connection, guild_id: int, first: int, after: int | None) -> int | None:
    """Return the period of a season whose sums are kept: 0 while they are not whole.

    None says that nobody noted it so far, or that it has other dates by now.
    """
    found = await conn.execute(
        text(
            "SELECT iif(summed_to = :everybody, -season_id, 0) FROM board_seasons WHERE"
            " guild_id = :guild AND first_day = :first AND next_day = :after AND summed_to <> :over"
        ),
        _asked(guild_id, first, after) | {"everybody": EVERYBODY},
    )
    period: int | None = found.scalar_one_or_none()
    return period


async def note(conn: Connection, guild_id: int, first: int, after: int | None) -> None:
    """Have the sums of a season kept from here on, and those of the guild's others no more."""
    if await kept(conn, guild_id, first, after) is not None:
        return
    asked = _asked(guild_id, first, after)
    await conn.execute(
        text("UPDATE board_seasons SET summed_to = :over WHERE guild_id = :guild"), asked
    )
    await conn.execute(
        text(
            "INSERT INTO board_seasons (guild_id, first_day, next_day)"
            " VALUES (:guild, :first, :after)"
        ),
        asked,
    )


def _asked(guild_id: int, first: int, after: int | None) -> dict[str, int]:
    return {"guild": guild_id, "first": first, "after": after or 0, "over": _OVER}


async def is_due(conn: Connection) -> bool:
    """Say whether a season is to be summed, or dropped."""
    found = await conn.execute(
        text("SELECT EXISTS (SELECT 1 FROM board_seasons WHERE summed_to <> :everybody)"),
        {"everybody": EVERYBODY},
    )
    return bool(found.scalar_one())


async def fill(conn: Connection, at_once: int) -> bool:
    """Sum some more members of a season, or drop some of one that is over; say if more is due."""
    found = await conn.execute(
        text(
            "SELECT season_id, guild_id, summed_to FROM board_seasons"
            " WHERE summed_to <> :everybody ORDER BY season_id LIMIT 1"
        ),
        {"everybody": EVERYBODY},
    )
    row = found.one_or_none()
    if row is None:
        return False
    if row.summed_to == _OVER:
        await _drop(conn, row.season_id, row.guild_id, at_once)
        return True
    last = await conn.execute(
        text(
            "SELECT user_id FROM balances WHERE guild_id = :guild AND user_id > :after"
            " ORDER BY user_id LIMIT 1 OFFSET :n"
        ),
        {"guild": row.guild_id, "after": row.summed_to, "n": at_once - 1},
    )
    until = last.scalar_one_or_none() or EVERYBODY
    await conn.execute(text(_FILL), {"season": row.season_id, "until": until})
    await conn.execute(
        text("UPDATE board_seasons SET summed_to = :until WHERE season_id = :season"),
        {"season": row.season_id, "until": until},
    )
    return True


async def _drop(conn: Connection, season_id: int, guild_id: int, at_once: int) -> None:
    gone = await conn.execute(
        text(
            "DELETE FROM period_points WHERE guild_id = :guild AND period = :period AND user_id IN"
            " (SELECT user_id FROM period_points WHERE guild_id = :guild AND period = :period"
            " LIMIT :n)"
        ),
        {"guild": guild_id, "period": -season_id, "n": at_once},
    )
    if gone.rowcount < at_once:
        await conn.execute(
            text("DELETE FROM board_seasons WHERE season_id = :season"), {"season": season_id}
        )
