"""What was paid that bears on what comes next, read for many events at once.

Payments are told apart from what moderators did to them: ``actor_id`` 0 marks what events caused,
and only that decides about later events.
"""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import text

from storage.connection import Connection
from storage.records import LedgerEntry, RuleUse

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


async def for_sources(conn: Connection, guild_id: int, sources: Iterable[int]) -> list[PaidRow]:
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


async def by_givers(
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


async def on_days(
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


async def between(
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


async def to_members(
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


async def uses(
    conn: Connection, guild_id: int, points: Mapping[tuple[str, int], int], *, after: int
) -> dict[str, RuleUse]:
    """Return by kind what stands of what events later than one paid, and less than in full.

    Parameters
    ----------
    points
        What one payment comes to in full, by kind and version of the rules.
    """
    rows = await conn.execute(
        text(
            "SELECT l.kind, sum(l.amount), count(DISTINCT l.user_id),"
            " sum(max(json_extract(j.value, '$[2]') - l.amount, 0)),"
            " count(DISTINCT iif(l.amount < json_extract(j.value, '$[2]'), l.user_id, NULL))"
            " FROM ledger l INDEXED BY uq_ledger_event CROSS JOIN json_each(:points) AS j"
            " ON json_extract(j.value, '$[0]') = l.kind"
            " AND json_extract(j.value, '$[1]') = l.rule_set"
            " WHERE l.event_id > :after AND l.event_id IS NOT NULL AND l.reverses IS NULL"
            " AND +l.guild_id = :guild AND l.amount > 0"
            " AND NOT EXISTS (SELECT 1 FROM ledger b WHERE b.reverses = l.entry_id)"
            " GROUP BY l.kind"
        ),
        {
            "guild": guild_id,
            "after": after,
            "points": json.dumps([[*key, full] for key, full in sorted(points.items())]),
        },
    )
    return {row[0]: RuleUse(*row[1:]) for row in rows}


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
