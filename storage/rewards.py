"""The log as the reward engine reads it: in its own order, with what it says of undoing.

Everything is read for many events at once: lists go in as JSON, so a batch of any size is the
same statement. What was paid is read by `storage.payments`, who knows whom by `storage.ties`.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any, cast

from sqlalchemy import TextClause, text

from storage.connection import Connection, OneCrossingConnection
from storage.records import Acts, EventKind, LedgerEntry, Logged

CHUNK = 2_000
"""Rows of the log that are read and decided at once."""

_DELETED = int(EventKind.MESSAGE_DELETED)


# What the kinds of reward say of events is handed in, and becomes part of the statements: a bound
# parameter would hide from the planner which of them an index holds.


def listed(kinds: Iterable[int]) -> str:
    """Return kinds of events as a list in SQL."""
    return ", ".join(str(int(kind)) for kind in kinds)


def bears(acts: Acts) -> str:
    """Return in SQL whether a row ``e`` of the log bears on rewards."""
    return f"e.kind IN ({listed(acts.bearing)}) AND e.is_imported = 0"


def _row(acts: Acts) -> str:
    """Return the columns of a `Logged`: an event, and what the log says of its undoing."""
    undone = "".join(
        f" WHEN {gives} THEN (SELECT r.event_id FROM events r WHERE r.guild_id = :guild"
        f" AND r.source_id = e.source_id AND r.kind = {takes} AND r.user_id = e.user_id"
        " AND r.qualifier = e.qualifier)"
        for gives, takes in acts.by_giver
    )
    same = "".join(
        f" WHEN e.kind IN ({listed(pair)}) THEN (SELECT count(*) FROM events o"
        " WHERE o.guild_id = :guild AND o.source_id = e.source_id"
        f" AND o.kind IN ({listed(pair)}){of_whom})"
        for pairs, of_whom in (
            (acts.by_giver, " AND o.user_id = e.user_id"),
            (acts.by_source, ""),
        )
        for pair in pairs
    )
    return f"""
    e.event_id, e.kind, e.source_id, e.user_id, e.qualifier, e.occurred_at, e.recorded_at,
    e.channel_id, e.parent_id, e.resource_id, e.target_id, e.length_class, e.novelty,
    e.in_thread, e.has_attachment, e.role_ids,
    CASE WHEN e.kind IN ({listed(acts.of_messages)}) THEN (
        SELECT min(d.event_id) FROM events d
        WHERE d.guild_id = :guild AND d.source_id = e.source_id AND d.kind = {_DELETED}
    ) END,
    CASE e.kind{undone} END,
    CASE{same} ELSE 1 END
    """


# The unary plus keeps the guild's own indexes out: the log is read along its primary key.
@cache
def _log(acts: Acts) -> str:
    return (
        f"SELECT {_row(acts)} FROM events e WHERE e.event_id > :after AND e.event_id <= :until"
        f" AND +e.guild_id = :guild AND {bears(acts)} ORDER BY e.event_id LIMIT :limit"
    )


@cache
def _logged_of(acts: Acts) -> TextClause:
    return text(
        f"SELECT {_row(acts)} FROM json_each(:ids) AS j CROSS JOIN events e"
        f" ON e.event_id = j.value WHERE +e.guild_id = :guild AND {bears(acts)} ORDER BY j.key"
    )


def _logged(row: Sequence[Any]) -> Logged:
    if row[15] is not None:
        row = (*row[:15], tuple(json.loads(row[15])), *row[16:])
    return _as_logged(row)


_as_logged: Callable[[Iterable[Any]], Logged] = partial(tuple.__new__, Logged)
"""`Logged._make` without its check of the length, for the log is long."""


async def logged(
    conn: Connection, acts: Acts, guild_id: int, event_ids: Sequence[int]
) -> list[Logged]:
    """Return those of the events that bear on rewards, in the order asked for."""
    rows = await conn.execute(_logged_of(acts), {"guild": guild_id, "ids": json.dumps(event_ids)})
    return [_logged(row) for row in rows]


async def log(
    conn: Connection, acts: Acts, guild_id: int, after: int = 0, until: int = 2**62
) -> AsyncIterator[list[Logged]]:
    """Yield a guild's events that bear on rewards, in the order of the log, in chunks.

    Parameters
    ----------
    after, until
        Events with ``after < event_id <= until``.
    """
    # Past SQLAlchemy, whose rows cost as much as reading them.
    driver = cast(OneCrossingConnection, (await conn.get_raw_connection()).driver_connection)
    asked = {"guild": guild_id, "until": until, "limit": CHUNK}
    is_there_more = True
    while is_there_more:
        async with driver.cursor() as cursor:
            await cursor.execute(_log(acts), {**asked, "after": after})
            rows = await cursor.fetchall()
        if rows:
            yield [_as_logged(row) if row[15] is None else _logged(row) for row in rows]
            after = rows[-1][0]
        is_there_more = len(rows) == CHUNK


async def extent(
    conn: Connection, acts: Acts, guild_id: int, after: int = 0, until: int = 2**62
) -> tuple[int, float]:
    """Return how many events of the log bear on rewards, and by how long the latest came late."""
    found = await conn.execute(
        text(
            "SELECT count(*), max(e.recorded_at - e.occurred_at) FROM events e"
            f" WHERE e.event_id > :after AND e.event_id <= :until AND +e.guild_id = :guild"
            f" AND {bears(acts)}"
        ),
        {"guild": guild_id, "after": after, "until": until},
    )
    count, late_s = found.one()
    return count, max(late_s or 0.0, 0.0)


async def last_before(conn: Connection, at: float) -> int:
    """Return the last event recorded before a moment, 0 for none: ids and times rise together."""
    low, high = (
        0,
        (await conn.execute(text("SELECT coalesce(max(event_id), 0) FROM events"))).one()[0],
    )
    probe = text(
        "SELECT event_id, recorded_at FROM events WHERE event_id > :id ORDER BY event_id LIMIT 1"
    )
    while low < high:
        middle = (low + high) // 2
        row = (await conn.execute(probe, {"id": middle})).one_or_none()
        if row is None or row.recorded_at >= at:
            high = middle
        else:
            low = row.event_id
    return low


async def siblings(
    conn: Connection, acts: Acts, guild_id: int, event_ids: Sequence[int], before: int
) -> list[tuple[int, int, int, int]]:
    """Return earlier events that the given ones add to or undo: kind, source, member, qualifier.

    For what rests on a giver those of the same member on the same source, for what rests on a
    source all of that on it.
    """
    pairs = [
        f"(e.kind IN ({listed(pair)}) AND o.kind IN ({listed(pair)}){of_whom})"
        for found, of_whom in (
            (acts.by_giver, " AND o.user_id = e.user_id"),
            (acts.by_source, ""),
        )
        for pair in found
    ]
    rows = await conn.execute(
        text(
            "SELECT o.kind, o.source_id, o.user_id, o.qualifier FROM json_each(:ids) AS j"
            " CROSS JOIN events e ON e.event_id = j.value"
            " CROSS JOIN events o ON o.guild_id = :guild AND o.source_id = e.source_id"
            f" AND ({' OR '.join(pairs)})"
            " WHERE o.event_id < :before ORDER BY o.event_id"
        ),
        {"guild": guild_id, "ids": json.dumps(event_ids), "before": before},
    )
    return [tuple(row) for row in rows]


async def undoing(
    conn: Connection,
    acts: Acts,
    guild_id: int,
    after: int,
    payments: Iterable[LedgerEntry],
) -> list[int]:
    """Return later events that bear on whether these payments still stand, in order.

    What ended their sources or took away what was set on them, and what their givers did there.
    What rests on a count is not asked for here: see `last_let_go`.
    """
    about = [[entry.source_id, entry.giver_id] for entry in payments]
    gone = {*acts.ending, *(takes for _, takes in acts.by_source)}
    given = [kind for pair in acts.by_giver for kind in pair]
    rows = await conn.execute(
        text(
            "SELECT DISTINCT e.event_id FROM json_each(:about) AS j CROSS JOIN events e"
            " ON e.guild_id = :guild AND e.source_id = json_extract(j.value, '$[0]')"
            f" WHERE e.event_id > :after AND (e.kind IN ({listed(sorted(gone))})"
            f" OR (e.kind IN ({listed(given)})"
            " AND e.user_id = json_extract(j.value, '$[1]')))"
            " ORDER BY e.event_id"
        ),
        {"guild": guild_id, "after": after, "about": json.dumps(about)},
    )
    return list(rows.scalars())


async def last_let_go(
    conn: Connection, acts: Acts, guild_id: int, resource_ids: Iterable[int]
) -> list[int]:
    """Return the latest event by which anybody kept each resource no more, where there is one."""
    found: list[int] = []
    for adds, takes in acts.by_count:
        rows = await conn.execute(
            text(
                "SELECT max(e.event_id) FROM json_each(:ids) AS j CROSS JOIN events e"
                " ON e.guild_id = :guild AND e.resource_id = j.value"
                f" AND e.kind IN ({adds}, {takes}) AND e.kind = {takes}"  # as the index has it
                " WHERE e.is_imported = 0 GROUP BY j.value ORDER BY 1"
            ),
            {"guild": guild_id, "ids": json.dumps(sorted(set(resource_ids)))},
        )
        found += rows.scalars()
    return found


async def savers(
    conn: Connection, acts: Acts, guild_id: int, resource_ids: Iterable[int], before: int
) -> list[tuple[int, int]]:
    """Return (resource, member) of everybody whose last word on a resource was to keep it.

    Keeping counts where it is known whose the resource is; letting go always does.
    """
    keeps = {adds for adds, _ in acts.by_count}
    rows = await conn.execute(
        text(
            "SELECT e.resource_id, e.user_id, e.kind, max(e.event_id) FROM json_each(:ids) AS j"
            " CROSS JOIN events e ON e.guild_id = :guild AND e.resource_id = j.value"
            f" WHERE e.kind IN ({listed(each for pair in acts.by_count for each in pair)})"
            " AND e.is_imported = 0 AND e.event_id < :before"
            f" AND (e.kind NOT IN ({listed(sorted(keeps))})"
            " OR (e.target_id <> 0 AND e.target_id <> e.user_id))"
            " GROUP BY e.resource_id, e.user_id"
        ),
        {"guild": guild_id, "ids": json.dumps(sorted(set(resource_ids))), "before": before},
    )
    return [(row[0], row[1]) for row in rows if row[2] in keeps]
