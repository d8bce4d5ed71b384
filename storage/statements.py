"""A member's entries of the ledger as they are shown: what one decision changed is one line."""

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import text

from storage import ledger
from storage.connection import Connection
from storage.records import LedgerEntry
from storage.recounts import WAIVED


class Folded(NamedTuple):
    """A member's entry; or the newest of all that one decision changed, with what they come to.

    ``n_events`` is how many payments the decision changed, 0 for an entry of its own.
    """

    entry: LedgerEntry
    n_events: int


async def folded(
    conn: Connection, guild_id: int, user_id: int, limit: int, offset: int = 0
) -> list[Folded]:
    """Return a member's entries, newest first, those that one decision made as a single one.

    What a decision waived is an entry of its own.
    """
    rows = await conn.execute(
        text(
            "SELECT * FROM (SELECT entry_id AS newest, amount, 0 FROM ledger"
            " WHERE guild_id = :guild AND user_id = :user AND rescore_id = 0"
            " ORDER BY entry_id DESC LIMIT :most)"
            " UNION ALL"
            " SELECT max(entry_id), sum(amount), iif(kind = :waived, 0, count(DISTINCT event_id))"
            " FROM ledger WHERE guild_id = :guild AND user_id = :user AND rescore_id > 0"
            " GROUP BY rescore_id, iif(kind = :waived, entry_id, 0)"
            " ORDER BY newest DESC LIMIT :limit OFFSET :offset"
        ),
        {
            "guild": guild_id,
            "user": user_id,
            "waived": WAIVED,
            "limit": limit,
            "most": limit + offset,
            "offset": offset,
        },
    )
    found = {row[0]: (row[1], row[2]) for row in rows}
    newest_last = await ledger.entries(conn, list(found))
    return [
        Folded(replace(entry, amount=found[entry.entry_id][0]), found[entry.entry_id][1])
        for entry in reversed(newest_last)
    ]
