"""Who takes part, since when, and who answers whom: what the log says of members to each other."""

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import text

from storage.connection import Connection
from storage.records import Acts, EventKind
from storage.rewards import bears, listed

_NEWEST = 400
"""Among so many rows of the log enough members are looked for first."""

_SEEN = f"e.kind IN ({int(EventKind.MESSAGE)}, {int(EventKind.REACTION)}) AND e.is_imported = 0"


async def first_seen(
    conn: Connection, guild_id: int, user_ids: Collection[int] | None, before: int
) -> dict[int, float]:
    """Return when members first wrote or reacted, by events with smaller ids than ``before``.

    Parameters
    ----------
    user_ids
        None for everybody.
    """
    asked: dict[str, Any] = {"guild": guild_id, "before": before}
    if user_ids is None:
        statement = (
            "SELECT e.user_id, min(e.occurred_at) FROM events e WHERE e.guild_id = :guild"
            f" AND e.event_id < :before AND {_SEEN} GROUP BY e.user_id"
        )
    else:
        asked["users"] = json.dumps(sorted(user_ids))
        statement = (
            "SELECT j.value, (SELECT e.occurred_at FROM events e WHERE e.guild_id = :guild"
            f" AND e.user_id = j.value AND e.event_id < :before AND {_SEEN}"
            " ORDER BY e.occurred_at LIMIT 1) FROM json_each(:users) AS j"
        )
    rows = await conn.execute(text(statement), asked)
    return {user_id: at for user_id, at in rows if at is not None}


# Who answers whom is asked of an index of just that; see `schema.events`.
def _answers(acts: Acts) -> str:
    return f"e.guild_id = :guild AND e.kind IN ({listed(acts.answering)}) AND e.is_imported = 0"


async def answers(
    conn: Connection,
    acts: Acts,
    guild_id: int,
    pairs: Iterable[tuple[int, int]],
    *,
    since: float,
    before: int,
) -> list[tuple[int, int, float]]:
    """Return when each member was last answered by another: both, and the moment.

    Parameters
    ----------
    pairs
        The member and who may have answered.
    since, before
        Only answers after this moment, and events with smaller ids.
    """
    rows = await conn.execute(
        text(
            "WITH asked AS MATERIALIZED (SELECT json_extract(value, '$[0]') AS member_id,"
            " json_extract(value, '$[1]') AS by_id FROM json_each(:pairs))"
            " SELECT a.member_id, a.by_id, (SELECT e.occurred_at FROM events e"
            f" WHERE {_answers(acts)} AND e.target_id = a.member_id AND e.user_id = a.by_id"
            " AND e.occurred_at > :since AND e.event_id < :before"
            " ORDER BY e.occurred_at DESC LIMIT 1) FROM asked a"
        ),
        {
            "guild": guild_id,
            "pairs": json.dumps(sorted(set(pairs))),
            "since": since,
            "before": before,
        },
    )
    return [tuple(row) for row in rows if row[2] is not None]


async def answerers(
    conn: Connection,
    acts: Acts,
    guild_id: int,
    asked: Iterable[tuple[int, float]],
    *,
    limit: int,
    before: int,
) -> list[tuple[int, int, float]]:
    """Return some of those who answered each member after a moment: both, and when last.

    The index is walked from one of them to the next, and no further than asked for.

    Parameters
    ----------
    asked
        Members, each with a moment.
    limit
        How many are enough of each.
    """
    of = f"FROM events e WHERE {_answers(acts)} AND e.target_id = f.member_id"
    lately = f"{of} AND e.user_id = f.by_id AND e.occurred_at > f.since AND e.event_id < :before"
    following = f"(SELECT min(e.user_id) {of} AND e.user_id > f.by_id AND e.user_id <> f.member_id)"
    rows = await conn.execute(
        text(
            "WITH RECURSIVE found(member_id, since, by_id, n) AS ("
            " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), 0, 0"
            " FROM json_each(:asked) UNION ALL"
            f" SELECT f.member_id, f.since, {following}, f.n + EXISTS (SELECT 1 {lately})"
            " FROM found f WHERE f.by_id IS NOT NULL AND f.n < :limit)"
            f" SELECT f.member_id, f.by_id, (SELECT e.occurred_at {lately}"
            " ORDER BY e.occurred_at DESC LIMIT 1) FROM found f WHERE f.by_id > 0"
        ),
        {
            "guild": guild_id,
            "asked": json.dumps(sorted(set(asked))),
            "limit": limit,
            "before": before,
        },
    )
    return [tuple(row) for row in rows if row[2] is not None]


async def active(
    conn: Connection,
    acts: Acts,
    guild_id: int,
    *,
    since: float,
    enough_since: float,
    enough: int,
    before: int,
) -> dict[int, float]:
    """Return when members last did what bears on rewards, by events with smaller ids.

    Where the newest rows of the log name enough members these will do; everybody is looked
    through only where few take part.

    Parameters
    ----------
    since
        Only whoever did anything after this moment.
    enough_since, enough
        So many after that moment are as good as all.
    """
    asked = {"guild": guild_id, "before": before}
    rows = await conn.execute(
        text(
            "SELECT e.user_id, max(e.occurred_at) FROM events e WHERE e.event_id < :before"
            f" AND e.event_id >= :before - {_NEWEST} AND +e.guild_id = :guild AND {bears(acts)}"
            " GROUP BY e.user_id"
        ),
        asked,
    )
    found: dict[int, float] = {user_id: at for user_id, at in rows}
    if sum(at > enough_since for at in found.values()) >= enough:
        return found
    following = "(SELECT min(e.user_id) FROM events e WHERE e.guild_id = :guild{after})"
    rows = await conn.execute(
        text(
            f"WITH RECURSIVE people(user_id) AS (SELECT {following.format(after='')} UNION ALL"
            f" SELECT {following.format(after=' AND e.user_id > p.user_id')}"
            " FROM people p WHERE p.user_id IS NOT NULL)"
            " SELECT p.user_id, (SELECT e.occurred_at FROM events e WHERE e.guild_id = :guild"
            " AND e.user_id = p.user_id AND e.occurred_at > :since AND e.event_id < :before"
            f" AND {bears(acts)} ORDER BY e.occurred_at DESC LIMIT 1)"
            " FROM people p WHERE p.user_id IS NOT NULL"
        ),
        {**asked, "since": since},
    )
    return {user_id: at for user_id, at in rows if at is not None}


async def heard(
    conn: Connection, acts: Acts, guild_id: int, after: int, last: int
) -> tuple[dict[int, float], list[tuple[int, int, float]]]:
    """Return what a stretch of the log, ``after < event_id <= last``, says of who did what.

    Returns
    -------
    dict, list
        When each member last did anything that bears on rewards; and when each member was last
        answered by another: both, and the moment.
    """
    asked = {"guild": guild_id, "after": after, "last": last}
    part = "FROM events e WHERE e.event_id > :after AND e.event_id <= :last"
    people = await conn.execute(
        text(
            f"SELECT e.user_id, max(e.occurred_at) {part} AND +e.guild_id = :guild"
            f" AND {bears(acts)} GROUP BY e.user_id"
        ),
        asked,
    )
    pairs = await conn.execute(
        text(
            f"SELECT e.target_id, e.user_id, max(e.occurred_at) {part} AND +e.guild_id = :guild"
            f" AND e.kind IN ({listed(acts.answering)}) AND e.is_imported = 0"
            " AND e.target_id <> 0 AND e.target_id <> e.user_id GROUP BY e.target_id, e.user_id"
        ),
        asked,
    )
    return {user_id: at for user_id, at in people}, [tuple(row) for row in pairs]
