"""The audit trail: who changed what, when, why, and about whom."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select

from storage.connection import Connection
from storage.records import AuditFilter, AuditRow
from storage.schema import audit, audit_about


async def append(conn: Connection, row: AuditRow) -> None:
    """Append one row to the audit trail."""
    statement = insert(audit).values(
        guild_id=row.guild_id,
        actor_id=row.actor_id,
        action=row.action,
        subject=row.subject,
        details=row.details,
        occurred_at=row.occurred_at,
    )
    made = await conn.execute(statement.returning(audit.c.audit_id))
    audit_id = made.scalar_one()
    if row.about:
        people = [
            {"audit_id": audit_id, "n": n, "guild_id": row.guild_id, "user_id": user_id}
            for n, user_id in enumerate(row.about)
        ]
        await conn.execute(insert(audit_about), people)


async def rows(
    conn: Connection,
    guild_id: int,
    wanted: AuditFilter | None = None,
    *,
    limit: int = 20,
    before: int | None = None,
    after: int | None = None,
) -> list[AuditRow]:
    """Return rows of a guild's trail, newest first.

    Parameters
    ----------
    wanted
        Which; None for every action, members' own choices included.
    limit
        At most so many: of those before the row of an id the newest, of those after one the
        oldest.
    """
    order = audit.c.audit_id.asc() if after is not None else audit.c.audit_id.desc()
    statement = (
        select(audit).where(*_conditions(guild_id, wanted, before, after)).order_by(order)
    ).limit(limit)
    found = sorted(await conn.execute(statement), key=lambda row: row.audit_id, reverse=True)
    about = await _about(conn, [row.audit_id for row in found])
    return [_row(row, about.get(row.audit_id, ())) for row in found]


def _conditions(
    guild_id: int, wanted: AuditFilter | None, before: int | None, after: int | None
) -> list[ColumnElement[bool]]:
    found = [audit.c.guild_id == guild_id]
    if before is not None:
        found.append(audit.c.audit_id < before)
    if after is not None:
        found.append(audit.c.audit_id > after)
    if wanted is None:
        return found
    found.append(audit.c.action.in_(wanted.actions))
    if wanted.actor_id is not None:
        found.append(audit.c.actor_id == wanted.actor_id)
    if wanted.since is not None:
        found.append(audit.c.occurred_at >= wanted.since)
    if wanted.about_id is not None:
        of_member = select(audit_about.c.audit_id).where(
            audit_about.c.guild_id == guild_id, audit_about.c.user_id == wanted.about_id
        )
        found.append(audit.c.audit_id.in_(of_member))
    return found


async def _about(conn: Connection, audit_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    named = await conn.execute(
        select(audit_about.c.audit_id, audit_about.c.user_id)
        .where(audit_about.c.audit_id.in_(audit_ids))
        .order_by(audit_about.c.audit_id, audit_about.c.n)
    )
    found: dict[int, tuple[int, ...]] = {}
    for audit_id, user_id in named:
        found[audit_id] = (*found.get(audit_id, ()), user_id)
    return found


def _row(row: Row[Any], about: Sequence[int]) -> AuditRow:
    return AuditRow(**row._mapping, about=tuple(about))
