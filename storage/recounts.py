"""What the ledger holds for the events that a decision to re-score concerns.

Statements about many payments name their index: that a payment reverses nothing (NULL) looks to the
planner like the best of reasons to read all that reverse nothing.

A decision is carried out in short transactions that can be done again: each looks at what the
ledger holds for some events and appends what is missing. Entries of no event (awards, openings,
spending) are in none of this.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, select, text

from storage.connection import Connection
from storage.payments import GONE, PaidRow, literal
from storage.records import Acts, LedgerEntry
from storage.schema import ledger

WAIVED = "rescore"
"""The kind of an entry that makes up for what a member had spent already."""

_ENTRY = tuple(field.name for field in fields(LedgerEntry))

_IS_HELD = """EXISTS (
    SELECT 1 FROM ledger h WHERE h.guild_id = l.guild_id AND h.source_id = l.entry_id
    AND h.kind = 'hold' AND h.amount < 0
    AND NOT EXISTS (SELECT 1 FROM ledger r WHERE r.reverses = h.entry_id)
)"""

_IS_TAKEN = "(b.entry_id IS NOT NULL AND b.event_id IS NULL)"  # by a moderator

# Taken back by when the count begins: by a decision, or by an event before it.
_IS_BACK = f"iif(b.rescore_id <> 0 OR b.event_id <= :low, {GONE}, 0)"


def _is_gone(acts: Acts) -> str:
    """Return in SQL that a payment ``l`` cannot be decided again, for somebody was erased.

    Of them the event is gone, or whom it was about.
    """
    meant = ", ".join(literal(kind) for kind in acts.meant)
    return f"""(l.kind IN ({meant}) AND l.giver_id = 0)
        OR NOT EXISTS (SELECT 1 FROM events e WHERE e.event_id = l.event_id)"""


def _kept_columns(acts: Acts) -> str:
    return f"""
        l.entry_id, l.kind, l.user_id, l.giver_id, l.amount, l.source_id, l.day, l.earned_at,
        l.rule_set, {_IS_BACK}, l.event_id, {_IS_TAKEN}, {_is_gone(acts)}
    """


def _is_kept(acts: Acts) -> str:
    return f"""
        l.reverses IS NULL AND l.event_id IS NOT NULL AND l.amount > 0
        AND (l.earned_at < :since OR {_IS_TAKEN} OR {_is_gone(acts)} OR {_IS_HELD})
    """


class KeptRow(NamedTuple):
    """A payment that re-scoring leaves as it is; ``is_taken`` says that a moderator took it.

    What a moderator took away still fills the room it took, as it does when events are paid.
    ``is_gone`` says that its event cannot be decided again, for somebody was erased.
    """

    paid: PaidRow
    event_id: int
    is_taken: bool
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Held:
    """What stands of an event in the ledger; ``is_settled`` says that nobody may change it.

    That is so where a moderator holds it or took it back, and where the event was erased.
    """

    entry: LedgerEntry | None
    is_settled: bool


async def kept(
    conn: Connection,
    acts: Acts,
    guild_id: int,
    *,
    since: float,
    low: int,
    until: int,
    reach: int,
) -> list[KeptRow]:
    """Return the payments that re-scoring leaves as they are, of a stretch of the log.

    Parameters
    ----------
    since
        From what moment on events are re-scored.
    low, until
        Of which part of the log: ``low < event_id <= until``.
    reach
        From which event on what was paid before bears on it: ``reach <= low``.
    """
    rows = await conn.execute(
        text(
            f"SELECT {_kept_columns(acts)} FROM ledger l INDEXED BY uq_ledger_event"
            " LEFT JOIN ledger b ON b.reverses = l.entry_id"
            f" WHERE l.event_id > :reach AND l.event_id <= :until AND +l.guild_id = :guild"
            f" AND {_is_kept(acts)} ORDER BY l.event_id"
        ),
        {"guild": guild_id, "since": since, "low": low, "until": until, "reach": reach},
    )
    return [_kept(row) for row in rows]


async def kept_of_sources(
    conn: Connection,
    acts: Acts,
    guild_id: int,
    *,
    since: float,
    low: int,
    sources: Iterable[int],
) -> list[KeptRow]:
    """Return what re-scoring leaves as it is of all that these sources ever paid."""
    rows = await conn.execute(
        text(
            f"SELECT {_kept_columns(acts)} FROM json_each(:sources) AS j CROSS JOIN ledger l"
            " INDEXED BY ix_ledger_source ON l.guild_id = :guild AND l.source_id = j.value"
            " LEFT JOIN ledger b ON b.reverses = l.entry_id"
            f" WHERE {_is_kept(acts)} ORDER BY l.entry_id"
        ),
        {
            "guild": guild_id,
            "since": since,
            "low": low,
            "sources": json.dumps(sorted(set(sources))),
        },
    )
    return [_kept(row) for row in rows]


def _kept(row: Any) -> KeptRow:
    return KeptRow(
        paid=PaidRow._make(row[:10]),
        event_id=row[10],
        is_taken=bool(row[11]),
        is_gone=bool(row[12]),
    )


async def standing(conn: Connection, guild_id: int, low: int, high: int) -> dict[int, PaidRow]:
    """Return by event what stands of the payments for ``low < event_id <= high``."""
    rows = await conn.execute(
        text(
            "SELECT l.event_id, l.entry_id, l.kind, l.user_id, l.giver_id, l.amount, l.source_id,"
            " l.day, l.earned_at, l.rule_set, 0 FROM ledger l INDEXED BY uq_ledger_event"
            " WHERE l.event_id > :low"
            " AND l.event_id <= :high AND +l.guild_id = :guild AND l.reverses IS NULL"
            " AND l.event_id IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM ledger b WHERE b.reverses = l.entry_id)"
        ),
        {"guild": guild_id, "low": low, "high": high},
    )
    return {row[0]: PaidRow._make(row[1:]) for row in rows}


async def held(conn: Connection, acts: Acts, event_ids: Collection[int]) -> dict[int, Held]:
    """Return what the ledger holds for each of these events, and whether it may be changed."""
    meant = ", ".join(literal(kind) for kind in acts.meant)
    rows = await conn.execute(
        text(
            f"SELECT j.value AS about, l.*, {_IS_HELD} OR EXISTS (SELECT 1 FROM ledger x"
            " INDEXED BY uq_ledger_event JOIN ledger y ON y.reverses = x.entry_id"
            " WHERE x.event_id = j.value"
            " AND x.event_id IS NOT NULL AND x.reverses IS NULL AND y.event_id IS NULL)"
            f" OR (l.kind IN ({meant}) AND l.giver_id = 0)"
            " OR NOT EXISTS (SELECT 1 FROM events e WHERE e.event_id = j.value) AS is_settled"
            " FROM json_each(:ids) AS j LEFT JOIN ledger l INDEXED BY uq_ledger_event"
            " ON l.event_id = j.value"
            " AND l.reverses IS NULL AND l.event_id IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM ledger b WHERE b.reverses = l.entry_id)"
        ),
        {"ids": json.dumps(sorted(event_ids))},
    )
    found = {}
    for row in rows:
        of = row._mapping
        entry = None if of["entry_id"] is None else _entry(of)
        found[of["about"]] = Held(entry, bool(of["is_settled"]))
    return found


def _entry(of: RowMapping) -> LedgerEntry:
    values = {name: of[name] for name in _ENTRY}
    return LedgerEntry(**values | {"is_spending": bool(values["is_spending"])})


async def touched(conn: Connection, rescore_id: int, after: int, limit: int) -> list[int]:
    """Return the next events whose payment a decision changed, in the order of the log."""
    rows = await conn.execute(
        text(
            "SELECT DISTINCT event_id FROM ledger WHERE rescore_id = :id AND rescore_id <> 0"
            " AND event_id > :after ORDER BY event_id LIMIT :limit"
        ),
        {"id": rescore_id, "after": after, "limit": limit},
    )
    return list(rows.scalars())


async def made(conn: Connection, rescore_id: int, event_ids: Iterable[int]) -> list[LedgerEntry]:
    """Return the entries that a decision made for these events, oldest first."""
    rows = await conn.execute(
        text(
            "SELECT l.* FROM json_each(:ids) AS j CROSS JOIN ledger l ON l.rescore_id = :id"
            " AND l.rescore_id <> 0 AND l.event_id = j.value ORDER BY l.entry_id"
        ),
        {"id": rescore_id, "ids": json.dumps(sorted(event_ids))},
    )
    return [_entry(row._mapping) for row in rows]


async def reversed_of(conn: Connection, entry_ids: Iterable[int]) -> dict[int, int]:
    """Return those of the entries that were taken back, and the decision that did, 0 for none."""
    rows = await conn.execute(
        text(
            "SELECT l.reverses, l.rescore_id FROM json_each(:ids) AS j CROSS JOIN ledger l"
            " ON l.reverses = j.value"
        ),
        {"ids": json.dumps(sorted(entry_ids))},
    )
    return {entry_id: rescore_id for entry_id, rescore_id in rows}


async def kept_by_fewer(
    conn: Connection, acts: Acts, guild_id: int, after: int, resource_ids: Collection[int]
) -> set[int]:
    """Return those of the resources that somebody keeps no more since an event."""
    found: set[int] = set()
    for adds, takes in acts.by_count:
        rows = await conn.execute(
            text(
                "SELECT DISTINCT e.resource_id FROM json_each(:ids) AS j CROSS JOIN events e"
                " ON e.guild_id = :guild AND e.resource_id = j.value"
                f" AND e.kind IN ({adds}, {takes})"  # as the index has it
                f" AND e.kind = {takes} WHERE e.event_id > :after"
            ),
            {"guild": guild_id, "after": after, "ids": json.dumps(sorted(resource_ids))},
        )
        found |= set(rows.scalars())
    return found


async def waivers(conn: Connection, rescore_id: int, limit: int) -> list[LedgerEntry]:
    """Return what a decision waived, or took back of what was waived, that stands; some of it."""
    rows = await conn.execute(
        text(
            "SELECT l.* FROM ledger l INDEXED BY ix_ledger_rescore"
            " WHERE l.rescore_id = :id AND l.rescore_id <> 0 AND l.event_id IS NULL"
            " AND l.kind = :kind"
            " AND NOT EXISTS (SELECT 1 FROM ledger b WHERE b.reverses = l.entry_id) LIMIT :limit"
        ),
        {"id": rescore_id, "kind": WAIVED, "limit": limit},
    )
    return [_entry(row._mapping) for row in rows]


async def gains(
    conn: Connection, guild_id: int, rescore_id: int, limit: int
) -> list[tuple[int, list[LedgerEntry]]]:
    """Return by how much a decision raised whom something is waived for, and what that is."""
    rows = await conn.execute(
        text(
            "WITH waived AS MATERIALIZED ("
            " SELECT l.entry_id, l.user_id FROM rescores d CROSS JOIN ledger l"
            " INDEXED BY ix_ledger_rescore ON l.rescore_id = d.rescore_id AND l.rescore_id <> 0"
            " AND l.event_id IS NULL WHERE d.guild_id = :guild AND d.rescore_id <> :id"
            " AND l.kind = :kind AND l.amount > 0"
            " AND NOT EXISTS (SELECT 1 FROM ledger b WHERE b.reverses = l.entry_id)"
            "), gained AS (SELECT l.user_id, sum(l.amount) AS amount FROM ledger l"
            " INDEXED BY ix_ledger_rescore WHERE l.rescore_id = :id AND l.rescore_id <> 0"
            " AND l.user_id IN (SELECT user_id FROM waived)"
            " GROUP BY l.user_id HAVING sum(l.amount) > 0 ORDER BY l.user_id LIMIT :limit)"
            " SELECT g.amount AS gained, l.* FROM gained g CROSS JOIN waived w"
            " ON w.user_id = g.user_id CROSS JOIN ledger l ON l.entry_id = w.entry_id"
            " ORDER BY l.user_id, l.entry_id"
        ),
        {"guild": guild_id, "id": rescore_id, "kind": WAIVED, "limit": limit},
    )
    found: dict[int, tuple[int, list[LedgerEntry]]] = {}
    for row in rows:
        entry = _entry(row._mapping)
        found.setdefault(entry.user_id, (row.gained, []))[1].append(entry)
    return list(found.values())


async def shortfalls(
    conn: Connection, guild_id: int, rescore_id: int, limit: int
) -> list[tuple[int, int]]:
    """Return whom a decision left with less than nothing to spend, and by how much it did."""
    rows = await conn.execute(
        text(
            "SELECT l.user_id, min(-b.amount, -sum(l.amount)) FROM ledger l CROSS JOIN balances b"
            " ON b.guild_id = :guild AND b.user_id = l.user_id"
            " WHERE l.rescore_id = :id AND l.rescore_id <> 0 AND b.amount < 0"
            " GROUP BY l.user_id HAVING sum(l.amount) < 0 ORDER BY l.user_id LIMIT :limit"
        ),
        {"guild": guild_id, "id": rescore_id, "limit": limit},
    )
    return [(row[0], row[1]) for row in rows]


async def beside(
    conn: Connection,
    guild_id: int,
    days: Iterable[tuple[int, int]],
    *,
    undone: int,
    undo: int,
) -> list[PaidRow]:
    """Return what stands of what events paid besides those whose payments a decision changed.

    Of these only what the decision that takes it back has paid again.

    Parameters
    ----------
    days
        Members and days.
    """
    rows = await conn.execute(
        text(
            "SELECT l.entry_id, l.kind, l.user_id, l.giver_id, l.amount, l.source_id,"
            " l.day, l.earned_at, l.rule_set, 0 FROM json_each(:days) AS j CROSS JOIN ledger l"
            " INDEXED BY ix_ledger_member"
            " ON l.guild_id = :guild AND l.user_id = json_extract(j.value, '$[0]')"
            " AND l.day = json_extract(j.value, '$[1]')"
            " WHERE l.actor_id = 0 AND l.event_id IS NOT NULL AND l.amount > 0"
            " AND l.reverses IS NULL AND (l.rescore_id = :undo OR NOT EXISTS (SELECT 1"
            " FROM ledger t WHERE t.rescore_id = :undone AND t.rescore_id <> 0"
            " AND t.event_id = l.event_id))"
            # What a moderator took away still fills the room it took.
            " AND NOT EXISTS (SELECT 1 FROM ledger b WHERE b.reverses = l.entry_id"
            " AND b.event_id IS NOT NULL) ORDER BY l.entry_id"
        ),
        {
            "guild": guild_id,
            "undone": undone,
            "undo": undo,
            "days": json.dumps(sorted(set(days))),
        },
    )
    return [PaidRow._make(row) for row in rows]


async def outcome(conn: Connection, rescore_id: int) -> tuple[int, int, int]:
    """Return how many payments a decision changed, of how many members, and by how much."""
    found = await conn.execute(
        select(
            text("count(DISTINCT event_id)"),
            text("count(DISTINCT user_id)"),
            text("coalesce(sum(CASE WHEN is_spending THEN 0 ELSE amount END), 0)"),
        )
        .select_from(ledger)
        .where(text("rescore_id = :id AND rescore_id <> 0")),
        {"id": rescore_id},
    )
    row = found.one()
    return row[0], row[1], row[2]
