"""What the reward engine reads: the log in its own order, and what was paid that bears on it.

Everything is read for many events at once: lists go in as JSON, so a batch of any size is the
same statement. Payments are told apart from what moderators did to them: ``actor_id`` 0 marks
what events caused, and only that decides about later events.
"""

import json
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from functools import cache, partial
from typing import Any, NamedTuple, cast

from sqlalchemy import TextClause, bindparam, text

from storage.connection import Connection, OneCrossingConnection
from storage.records import Acts, EventKind, LedgerEntry, Logged

_NEWEST = 400
"""Among so many rows of the log enough members are looked for first."""
CHUNK = 2_000
"""Rows of the log that are read and decided at once."""
_DELETED = int(EventKind.MESSAGE_DELETED)
_SEEN = f"e.kind IN ({int(EventKind.MESSAGE)}, {int(EventKind.REACTION)}) AND e.is_imported = 0"

# What the kinds of reward say of events is handed in, and becomes part of the statements: a bound
# parameter would hide from the planner which of them an index holds.


def _listed(kinds: Iterable[int]) -> str:
    return ", ".join(str(int(kind)) for kind in kinds)


def bears(acts: Acts) -> str:
    """Return in SQL whether a row ``e`` of the log bears on rewards."""
    return f"e.kind IN ({_listed(acts.bearing)}) AND e.is_imported = 0"


def _row(acts: Acts) -> str:
    """Return the columns of a `Logged`: an event, and what the log says of its undoing."""
    undone = "".join(
        f" WHEN {gives} THEN (SELECT r.event_id FROM events r WHERE r.guild_id = :guild"
        f" AND r.source_id = e.source_id AND r.kind = {takes} AND r.user_id = e.user_id"
        " AND r.qualifier = e.qualifier)"
        for gives, takes in acts.by_giver
    )
    same = "".join(
        f" WHEN e.kind IN ({_listed(pair)}) THEN (SELECT count(*) FROM events o"
        " WHERE o.guild_id = :guild AND o.source_id = e.source_id"
        f" AND o.kind IN ({_listed(pair)}){of_whom})"
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
    CASE WHEN e.kind IN ({_listed(acts.of_messages)}) THEN (
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


# A version by which a decision that stands counts anew is in force from that moment on.
_VERSIONS = text("""
    WITH told AS MATERIALIZED (
        SELECT s.version, min(s.effective_at, coalesce((
            SELECT min(r.since_at) FROM rescores r
            WHERE r.guild_id = s.guild_id AND r.version = s.version AND r.undoes IS NULL
            AND NOT EXISTS (SELECT 1 FROM rescores u WHERE u.undoes = r.rescore_id)
        ), s.effective_at)) AS effective_at FROM rule_sets s WHERE s.guild_id = :guild
    )
    SELECT told.version, told.effective_at, s.rules FROM told CROSS JOIN rule_sets s
    ON s.guild_id = :guild AND s.version = told.version
    WHERE told.effective_at <= :high AND told.version >= coalesce((
        SELECT max(version) FROM told WHERE effective_at <= :low
    ), 0) ORDER BY told.version
""")
_PAID = """
    l.entry_id, l.kind, l.user_id, l.giver_id, l.amount, l.source_id, l.day, l.earned_at,
    l.rule_set, coalesce((
        SELECT iif(b.event_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM ledger c WHERE c.reverses = b.entry_id
        ), 2, 1) FROM ledger b WHERE b.reverses = l.entry_id
    ), 0)
"""
GONE, VOID = 1, 2
"""A payment that an event took back, or that a later entry stands for; one that a moderator did."""


class PaidRow(NamedTuple):
    """One payment of the ledger; ``back`` says that it is `GONE` or `VOID`, 0 that it stands."""

    entry_id: int
    kind: str
    user_id: int
    giver_id: int
    amount: int
    source_id: int
    day: int
    earned_at: float
    rule_set: int
    back: int


class Version(NamedTuple):
    """A version of the rules as it is stored: ``rules`` is JSON."""

    version: int
    effective_at: float
    rules: str


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
    return f"e.guild_id = :guild AND e.kind IN ({_listed(acts.answering)}) AND e.is_imported = 0"


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
            f" AND e.kind IN ({_listed(acts.answering)}) AND e.is_imported = 0"
            " AND e.target_id <> 0 AND e.target_id <> e.user_id GROUP BY e.target_id, e.user_id"
        ),
        asked,
    )
    return {user_id: at for user_id, at in people}, [tuple(row) for row in pairs]


async def versions(conn: Connection, guild_id: int, low: float, high: float) -> list[Version]:
    """Return the versions of the rules that decide on any moment from ``low`` to ``high``."""
    rows = await conn.execute(_VERSIONS, {"guild": guild_id, "low": low, "high": high})
    return [Version._make(row) for row in rows]


async def some_versions(conn: Connection, guild_id: int, numbers: Collection[int]) -> list[Version]:
    """Return these versions of the rules."""
    statement = text(
        "SELECT version, effective_at, rules FROM rule_sets WHERE guild_id = :guild"
        " AND version IN :numbers"
    ).bindparams(bindparam("numbers", expanding=True))
    rows = await conn.execute(statement, {"guild": guild_id, "numbers": sorted(numbers)})
    return [Version._make(row) for row in rows]


async def siblings(
    conn: Connection, acts: Acts, guild_id: int, event_ids: Sequence[int], before: int
) -> list[tuple[int, int, int, int]]:
    """Return earlier events that the given ones add to or undo: kind, source, member, qualifier.

    For what rests on a giver those of the same member on the same source, for what rests on a
    source all of that on it.
    """
    pairs = [
        f"(e.kind IN ({_listed(pair)}) AND o.kind IN ({_listed(pair)}){of_whom})"
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
    """
    about = [[entry.source_id, entry.giver_id] for entry in payments]
    gone = {*acts.ending, *(takes for _, takes in acts.by_source)}
    given = [kind for pair in acts.by_giver for kind in pair]
    rows = await conn.execute(
        text(
            "SELECT DISTINCT e.event_id FROM json_each(:about) AS j CROSS JOIN events e"
            " ON e.guild_id = :guild AND e.source_id = json_extract(j.value, '$[0]')"
            f" WHERE e.event_id > :after AND (e.kind IN ({_listed(sorted(gone))})"
            f" OR (e.kind IN ({_listed(given)})"
            " AND e.user_id = json_extract(j.value, '$[1]')))"
            " ORDER BY e.event_id"
        ),
        {"guild": guild_id, "after": after, "about": json.dumps(about)},
    )
    return list(rows.scalars())


async def paid_for_sources(
    conn: Connection, guild_id: int, sources: Iterable[int]
) -> list[PaidRow]:
    """Return all that these sources ever paid by rule."""
    rows = await conn.execute(
        text(
            f"SELECT {_PAID} FROM json_each(:sources) AS j CROSS JOIN ledger l"
            " ON l.guild_id = :guild AND l.source_id = j.value"
            " WHERE l.amount > 0 AND l.is_spending = 0 ORDER BY l.entry_id"
        ),
        {"guild": guild_id, "sources": json.dumps(sorted(set(sources)))},
    )
    return [PaidRow._make(row) for row in rows]


async def paid_by_givers(
    conn: Connection, guild_id: int, acts: Iterable[tuple[int, int]]
) -> list[PaidRow]:
    """Return all that each (source, giver) ever paid by rule."""
    rows = await conn.execute(
        text(
            f"SELECT {_PAID} FROM json_each(:acts) AS j CROSS JOIN ledger l"
            " ON l.guild_id = :guild AND l.source_id = json_extract(j.value, '$[0]')"
            " AND l.giver_id = json_extract(j.value, '$[1]')"
            " WHERE l.amount > 0 AND l.is_spending = 0 ORDER BY l.entry_id"
        ),
        {"guild": guild_id, "acts": json.dumps(sorted(set(acts)))},
    )
    return [PaidRow._make(row) for row in rows]


async def paid_on_days(
    conn: Connection, guild_id: int, days: Iterable[tuple[int, int]]
) -> list[PaidRow]:
    """Return what events paid and took back (a negative amount) by each (member, day)."""
    rows = await conn.execute(
        text(
            "SELECT l.entry_id, l.kind, l.user_id, l.giver_id, l.amount, l.source_id, l.day,"
            " l.earned_at, l.rule_set, 0 FROM json_each(:days) AS j CROSS JOIN ledger l"
            " ON l.guild_id = :guild AND l.user_id = json_extract(j.value, '$[0]')"
            " AND l.day = json_extract(j.value, '$[1]')"
            " WHERE l.actor_id = 0 AND l.event_id IS NOT NULL ORDER BY l.entry_id"
        ),
        {"guild": guild_id, "days": json.dumps(sorted(set(days)))},
    )
    return [PaidRow._make(row) for row in rows]


async def paid_between(
    conn: Connection, guild_id: int, pairs: Iterable[tuple[int, int]], since: float
) -> list[tuple[int, int, str, float]]:
    """Return what stands between each giver and receiver: both, the kind and its moment."""
    rows = await conn.execute(
        text(
            "SELECT l.giver_id, l.user_id, l.kind, l.earned_at FROM json_each(:pairs) AS j"
            " CROSS JOIN ledger l ON l.guild_id = :guild"
            " AND l.giver_id = json_extract(j.value, '$[0]')"
            " AND l.user_id = json_extract(j.value, '$[1]')"
            " WHERE l.earned_at > :since AND l.actor_id = 0 AND l.event_id IS NOT NULL"
            " GROUP BY l.giver_id, l.user_id, l.kind, l.source_id, l.earned_at"
            " HAVING sum(l.amount) > 0"
        ),
        {"guild": guild_id, "pairs": json.dumps(sorted(set(pairs))), "since": since},
    )
    return [tuple(row) for row in rows]


async def paid_to(
    conn: Connection,
    guild_id: int,
    kinds: Iterable[str],
    users: Iterable[int],
    *,
    since: float,
    day: int,
) -> list[tuple[int, int, float]]:
    """Return what stands of what members were paid, of some kinds: member, giver, moment.

    Parameters
    ----------
    since, day
        Only what was earned after this moment, which no payment of a day before this one was.
    """
    named = ", ".join(literal(kind) for kind in kinds)
    rows = await conn.execute(
        text(
            "SELECT l.user_id, l.giver_id, l.earned_at FROM json_each(:users) AS j"
            " CROSS JOIN ledger l ON l.guild_id = :guild AND l.user_id = j.value AND l.day >= :day"
            f" WHERE l.kind IN ({named}) AND l.giver_id <> 0 AND l.earned_at > :since"
            " AND l.actor_id = 0 AND l.event_id IS NOT NULL"
            " GROUP BY l.user_id, l.giver_id, l.kind, l.source_id, l.earned_at"
            " HAVING sum(l.amount) > 0"
        ),
        {"guild": guild_id, "users": json.dumps(sorted(set(users))), "since": since, "day": day},
    )
    return [tuple(row) for row in rows]


async def given(
    conn: Connection, guild_id: int, kind: str, givers: Iterable[int], since: float
) -> list[tuple[int, float]]:
    """Return (giver, moment) of what each giver gave of a kind, whose payment stands."""
    rows = await conn.execute(
        text(
            "SELECT l.giver_id, l.earned_at FROM json_each(:givers) AS j CROSS JOIN ledger l"
            f" ON l.guild_id = :guild AND l.giver_id = j.value AND l.kind = {literal(kind)}"
            " WHERE l.earned_at > :since AND l.actor_id = 0 AND l.event_id IS NOT NULL"
            " GROUP BY l.giver_id, l.user_id, l.source_id, l.earned_at HAVING sum(l.amount) > 0"
        ),
        {"guild": guild_id, "givers": json.dumps(sorted(set(givers))), "since": since},
    )
    return [tuple(row) for row in rows]


def literal(name: str) -> str:
    """Return a kind's name as SQL has it, so that the planner sees which partial index holds it."""
    assert name.isidentifier(), name
    return f"'{name}'"


async def savers(
    conn: Connection, acts: Acts, guild_id: int, resource_ids: Iterable[int], before: int
) -> list[tuple[int, int]]:
    """Return (resource, member) of everybody whose last word on a resource was to keep it."""
    keeps = {adds for adds, _ in acts.by_count}
    rows = await conn.execute(
        text(
            "SELECT e.resource_id, e.user_id, e.kind, max(e.event_id) FROM json_each(:ids) AS j"
            " CROSS JOIN events e ON e.guild_id = :guild AND e.resource_id = j.value"
            f" WHERE e.kind IN ({_listed(each for pair in acts.by_count for each in pair)})"
            " AND e.is_imported = 0 AND e.target_id <> 0"
            " AND e.target_id <> e.user_id AND e.event_id < :before"
            " GROUP BY e.resource_id, e.user_id"
        ),
        {"guild": guild_id, "ids": json.dumps(sorted(set(resource_ids))), "before": before},
    )
    return [(row[0], row[1]) for row in rows if row[2] in keeps]


async def holds_of(conn: Connection, guild_id: int, entry_ids: Iterable[int]) -> list[LedgerEntry]:
    """Return the holds that take these entries' amounts away now."""
    rows = await conn.execute(
        text(
            "SELECT l.* FROM json_each(:ids) AS j CROSS JOIN ledger l ON l.guild_id = :guild"
            " AND l.source_id = j.value WHERE l.kind = 'hold' AND l.amount < 0"
            " AND NOT EXISTS (SELECT 1 FROM ledger b WHERE b.reverses = l.entry_id)"
        ),
        {"guild": guild_id, "ids": json.dumps(sorted(set(entry_ids)))},
    )
    return [LedgerEntry(**{**row._mapping, "is_spending": bool(row.is_spending)}) for row in rows]
