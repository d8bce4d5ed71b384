"""Who pays whom: what moderators are shown of members whose acts pay each other."""

import json
from collections.abc import Collection

from sqlalchemy import bindparam, text

from storage.connection import Connection
from storage.ledger import last_entry

_SKEW_S = 3_600.0
"""By how much a clock may be behind Discord's: an act may look recorded before it happened."""
# A payment by somebody's act that nothing took back; a hold leaves it standing, and in here. Only
# the part of the ledger is read that was written since, along its primary key.
_GIVEN = """
    FROM ledger l NOT INDEXED WHERE l.entry_id > :first AND l.entry_id <= :last
    AND l.guild_id = :guild AND l.giver_id <> 0 AND l.giver_id <> l.user_id AND l.amount > 0
    AND l.kind IN (SELECT value FROM json_each(:kinds)) AND l.reverses IS NULL
    AND l.earned_at >= :since
    AND NOT EXISTS (SELECT 1 FROM ledger b WHERE b.reverses = l.entry_id)
"""


async def given(
    conn: Connection,
    guild_id: int,
    kinds: Collection[str],
    *,
    since: float,
    last: int,
    quick_s: float,
) -> list[tuple[int, int, int, int, int]]:
    """Return who paid whom by their acts: giver, receiver, times, amount, how many were quick.

    Parameters
    ----------
    kinds
        Of payments that one member's act makes to another.
    since, last
        From what moment on, and up to which entry.
    quick_s
        Quick is what came within so many seconds of the same giver's act before.
    """
    rows = await conn.execute(
        text(
            "SELECT giver_id, user_id, count(*), sum(amount),"
            " coalesce(sum(earned_at - before_at <= :quick), 0) FROM ("
            " SELECT l.giver_id, l.user_id, l.amount, l.earned_at, lag(l.earned_at) OVER"
            f" (PARTITION BY l.giver_id ORDER BY l.earned_at) AS before_at {_GIVEN})"
            " GROUP BY giver_id, user_id ORDER BY giver_id, user_id"
        ),
        {
            "guild": guild_id,
            "kinds": json.dumps(sorted(kinds)),
            "since": since,
            "first": await _last_before(conn, since - _SKEW_S),
            "last": last,
            "quick": quick_s,
        },
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


async def given_within(
    conn: Connection,
    guild_id: int,
    kinds: Collection[str],
    user_ids: Collection[int],
    *,
    since: float,
    last: int,
) -> list[int]:
    """Return the entries that members of a group paid each other, the oldest first."""
    statement = text(
        f"SELECT l.entry_id {_GIVEN} AND l.giver_id IN :people"
        " AND l.user_id IN :people ORDER BY l.entry_id"
    ).bindparams(bindparam("people", expanding=True))
    asked = {
        "guild": guild_id,
        "kinds": json.dumps(sorted(kinds)),
        "since": since,
        "first": await _last_before(conn, since - _SKEW_S),
        "last": last,
        "people": sorted(user_ids),
    }
    return list((await conn.execute(statement, asked)).scalars())


async def _last_before(conn: Connection, at: float) -> int:
    """Return the last entry recorded before a moment, 0 for none: ids and times rise together."""
    low, high = 0, await last_entry(conn)
    probe = text(
        "SELECT entry_id, recorded_at FROM ledger WHERE entry_id > :id ORDER BY entry_id LIMIT 1"
    )
    while low < high:
        middle = (low + high) // 2
        row = (await conn.execute(probe, {"id": middle})).one_or_none()
        if row is None or row.recorded_at >= at:
            high = middle
        else:
            low = row.entry_id
    return low
