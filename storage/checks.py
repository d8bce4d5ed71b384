"""Whether resources are still there: what was found, and what is looked at next.

Whoever doubts that a resource is there calls `ask`: it is looked at in the next round.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict

from sqlalchemy import and_, case, func, insert, literal, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.records import Check, Resource
from storage.schema import checks, resources

BROKEN = "broken"


async def ask(conn: Connection, guild_id: int, resource_id: int, now: float) -> None:
    """Have a resource looked at in the next round, for somebody doubts that it is there."""
    asked = upsert(checks).values(
        guild_id=guild_id, resource_id=resource_id, next_at=now, asked_at=now
    )
    keys = [checks.c.guild_id, checks.c.resource_id]
    await conn.execute(asked.on_conflict_do_update(keys, set_={"next_at": now, "asked_at": now}))


async def enrol(conn: Connection, now: float, over_s: int, limit: int) -> int:
    """Give so many live resources their first turn, spread over a time; return how many."""
    spread = (resources.c.resource_id * 7_919) % over_s
    new = (
        select(resources.c.guild_id, resources.c.resource_id, literal(now) + spread)
        .select_from(
            resources.outerjoin(
                checks,
                and_(
                    checks.c.guild_id == resources.c.guild_id,
                    checks.c.resource_id == resources.c.resource_id,
                ),
            )
        )
        .where(resources.c.state == "live", checks.c.resource_id.is_(None))
        .limit(limit)
    )
    found = await conn.execute(
        insert(checks).from_select(["guild_id", "resource_id", "next_at"], new)
    )
    return found.rowcount


async def due(conn: Connection, now: float, limit: int) -> list[tuple[Check, Resource]]:
    """Return the live resources to be looked at, the longest overdue first."""
    rows = await conn.execute(
        select(checks, resources.c.url, resources.c.title, resources.c.kind)
        .select_from(checks.join(resources, resources.c.resource_id == checks.c.resource_id))
        .where(checks.c.next_at <= now, resources.c.state == "live")
        .order_by(checks.c.next_at)
        .limit(limit)
    )
    found = []
    for row in rows:
        values = {name: row._mapping[name] for name in Check.__slots__}
        about = Resource(
            guild_id=row.guild_id,
            kind=row.kind,
            title=row.title,
            url=row.url,
            resource_id=row.resource_id,
        )
        found.append((Check(**values), about))
    return found


async def with_copy(conn: Connection, guild_id: int, ids: Collection[int]) -> set[int]:
    """Return those of some resources whose page died and has an archived copy."""
    rows = await conn.execute(
        select(checks.c.resource_id).where(
            checks.c.guild_id == guild_id,
            checks.c.resource_id.in_(list(ids)),
            checks.c.state == "broken",
            checks.c.archived_url != "",
        )
    )
    return set(rows.scalars())


async def one(conn: Connection, guild_id: int, resource_id: int) -> Check | None:
    """Return what is known of one resource."""
    row = (
        await conn.execute(
            select(checks).where(checks.c.guild_id == guild_id, checks.c.resource_id == resource_id)
        )
    ).one_or_none()
    return Check(**row._mapping) if row else None


async def save(conn: Connection, check: Check) -> None:
    """Store what was found."""
    values = asdict(check)
    keys = [checks.c.guild_id, checks.c.resource_id]
    told = {
        name: value for name, value in values.items() if name not in ("guild_id", "resource_id")
    }
    await conn.execute(upsert(checks).values(values).on_conflict_do_update(keys, set_=told))


async def put_off(conn: Connection, ids: list[int], until: float) -> None:
    """Look at some resources later: their host's turn was another's."""
    await conn.execute(update(checks).where(checks.c.resource_id.in_(ids)).values(next_at=until))


async def broken(conn: Connection, guild_id: int, limit: int) -> list[tuple[Check, int]]:
    """Return what is not there any more, that lately found first, with the resources' ids."""
    rows = await conn.execute(
        select(checks)
        .join(resources, resources.c.resource_id == checks.c.resource_id)
        .where(
            checks.c.guild_id == guild_id,
            checks.c.state == BROKEN,
            resources.c.state == "live",
        )
        .order_by(checks.c.checked_at.desc())
        .limit(limit)
    )
    found = [Check(**row._mapping) for row in rows]
    return [(each, each.resource_id) for each in found]


async def aged(
    conn: Connection, guild_id: int, now: float, half_lives: Mapping[str, float], limit: int
) -> list[int]:
    """Return the ids of what is older than its kind stays current, the most overdue first.

    ``half_lives`` in seconds; what a moderator found current counts from that day.
    """
    since = func.max(resources.c.published_at, func.coalesce(checks.c.reviewed_at, 0.0))
    half = case(
        *((resources.c.kind == kind, length) for kind, length in half_lives.items()),
        else_=max(half_lives.values()),
    )
    rows = await conn.execute(
        select(resources.c.resource_id)
        .select_from(
            resources.outerjoin(
                checks,
                and_(
                    checks.c.guild_id == resources.c.guild_id,
                    checks.c.resource_id == resources.c.resource_id,
                ),
            )
        )
        .where(
            resources.c.guild_id == guild_id,
            resources.c.state == "live",
            now - since > half,
            or_(checks.c.state.is_(None), checks.c.state != BROKEN),
        )
        .order_by(((now - since) / half).desc(), resources.c.resource_id)
        .limit(limit)
    )
    return list(rows.scalars())


async def lives(conn: Connection, guild_id: int, now: float) -> dict[str, tuple[int, float]]:
    """Return for each kind how many of its resources ended, and how long all were live, seconds.

    What was merged did not end.
    """
    is_over = and_(resources.c.state == "retired", ~resources.c.is_merged)
    until = case((is_over, resources.c.updated_at), else_=now)
    rows = await conn.execute(
        select(
            resources.c.kind,
            func.sum(case((is_over, 1), else_=0)),
            func.sum(func.max(0.0, until - resources.c.published_at)),
        )
        .where(resources.c.guild_id == guild_id, ~resources.c.is_merged)
        .group_by(resources.c.kind)
    )
    return {kind: (int(n or 0), float(span or 0.0)) for kind, n, span in rows}
