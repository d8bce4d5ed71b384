"""A guild's rules: their versions, the draft of the next one, and what a preview of it asks for."""

from collections.abc import Collection
from dataclasses import asdict, fields
from typing import NamedTuple

from sqlalchemy import (
    bindparam,
    delete,
    insert,
    select,
    text,
)

from storage.connection import Connection
from storage.records import RuleDraft, StoredRuleSet
from storage.schema import balances, members, rule_drafts, rule_sets


async def draft(conn: Connection, guild_id: int) -> RuleDraft | None:
    """Return the guild's draft, None where nobody works on one."""
    columns = (rule_drafts.c[field.name] for field in fields(RuleDraft))
    found = await conn.execute(select(*columns).where(rule_drafts.c.guild_id == guild_id))
    row = found.one_or_none()
    return RuleDraft(**row._mapping) if row else None


async def save_draft(conn: Connection, changed: RuleDraft) -> None:
    """Store the guild's draft, replacing what was there."""
    await drop_draft(conn, changed.guild_id)
    await conn.execute(insert(rule_drafts).values(asdict(changed)))


async def drop_draft(conn: Connection, guild_id: int) -> None:
    """Forget the guild's draft."""
    await conn.execute(delete(rule_drafts).where(rule_drafts.c.guild_id == guild_id))


async def hidden(conn: Connection, guild_id: int) -> set[int]:
    """Return who stays off the boards."""
    rows = await conn.execute(
        select(members.c.user_id).where(
            members.c.guild_id == guild_id, members.c.is_on_boards.is_(False)
        )
    )
    return set(rows.scalars())


async def earned(conn: Connection, guild_id: int) -> dict[int, int]:
    """Return what everybody has earned who has earned anything."""
    rows = await conn.execute(
        select(balances.c.user_id, balances.c.earned).where(
            balances.c.guild_id == guild_id, balances.c.earned > 0
        )
    )
    return {user_id: amount for user_id, amount in rows}


async def rule_set(
    conn: Connection, guild_id: int, version: int | None = None
) -> StoredRuleSet | None:
    """Return a version of a guild's rules, the newest published for None; None without any.

    Version 0 is stored where the defaults were others when the guild began.
    """
    statement = select(rule_sets).where(
        rule_sets.c.guild_id == guild_id,
        rule_sets.c.version > 0 if version is None else rule_sets.c.version == version,
    )
    found = await conn.execute(statement.order_by(rule_sets.c.version.desc()).limit(1))
    row = found.one_or_none()
    return StoredRuleSet(**row._mapping) if row else None


async def rule_set_at(conn: Connection, guild_id: int, at: float) -> StoredRuleSet | None:
    """Return the published version in force at a moment, None for the defaults."""
    found = await conn.execute(
        select(rule_sets)
        .where(
            rule_sets.c.guild_id == guild_id,
            rule_sets.c.version > 0,
            rule_sets.c.effective_at <= at,
        )
        .order_by(rule_sets.c.version.desc())
        .limit(1)
    )
    row = found.one_or_none()
    return StoredRuleSet(**row._mapping) if row else None


async def rule_set_history(conn: Connection, guild_id: int, limit: int = 25) -> list[StoredRuleSet]:
    """Return a guild's published versions, newest first."""
    rows = await conn.execute(
        select(rule_sets)
        .where(rule_sets.c.guild_id == guild_id, rule_sets.c.version > 0)
        .order_by(rule_sets.c.version.desc())
        .limit(limit)
    )
    return [StoredRuleSet(**row._mapping) for row in rows]


async def append_rule_set(conn: Connection, published: StoredRuleSet) -> None:
    """Append a version of a guild's rules; versions are never changed."""
    await conn.execute(insert(rule_sets).values(asdict(published)))


# A version by which a decision that stands re-scores is in force from that moment on.
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


class Version(NamedTuple):
    """A version of the rules as it is stored: ``rules`` is JSON."""

    version: int
    effective_at: float
    rules: str


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
