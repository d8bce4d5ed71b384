"""What members were written about the end of what they bought: each about one end once."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.access import holds
from storage.connection import Connection
from storage.records import Reminder
from storage.schema import accesses, digest_settings, events, product_resources, products
from storage.schema import purchase_notices as notices


async def due(
    conn: Connection, now: float, kind: str, within_s: float, limit: int
) -> list[Reminder]:
    """Return whom to write that something they bought by days ends soon, the soonest first.

    Only who wants messages from us and can be written to; nobody twice about one end. What renews
    itself needs no reminder.
    """
    is_told = (
        select(notices.c.notice_id)
        .where(
            notices.c.guild_id == accesses.c.guild_id,
            notices.c.user_id == accesses.c.user_id,
            notices.c.product_id == accesses.c.product_id,
            notices.c.about_at == accesses.c.ends_at,
            notices.c.kind.in_((kind, "ending")),
        )
        .correlate(accesses)
        .exists()
    )
    rows = await conn.execute(
        select(accesses.c.guild_id, accesses.c.user_id, accesses.c.product_id, accesses.c.ends_at)
        .join(products, products.c.product_id == accesses.c.product_id)
        .join(
            digest_settings,
            and_(
                digest_settings.c.guild_id == accesses.c.guild_id,
                digest_settings.c.user_id == accesses.c.user_id,
            ),
        )
        .where(
            digest_settings.c.is_on,
            digest_settings.c.closed_at.is_(None),
            products.c.term == "days",
            accesses.c.ends_at > now,
            accesses.c.ends_at <= now + within_s,
            holds(now),
            ~is_told,
        )
        .order_by(accesses.c.ends_at, accesses.c.user_id)
        .limit(limit)
    )
    return [
        Reminder(
            guild_id=row.guild_id,
            user_id=row.user_id,
            kind="ending" if kind == "ending" else "renewal",
            product_id=row.product_id,
            about_at=row.ends_at,
            claimed_at=now,
        )
        for row in rows
    ]


async def claim(conn: Connection, new: Reminder) -> int | None:
    """Store that somebody is being written to; None where that was done already."""
    values = asdict(new)
    del values["notice_id"]
    statement = upsert(notices).values(values).on_conflict_do_nothing()
    found = await conn.execute(statement.returning(notices.c.notice_id))
    notice_id: int | None = found.scalar_one_or_none()
    return notice_id


async def claimed(conn: Connection, limit: int) -> list[Reminder]:
    """Return what was claimed and is not known to have been sent, the oldest first."""
    return await _found(conn, notices.c.state == "claimed", limit=limit)


async def mark(conn: Connection, notice_id: int, state: str, **changes: Any) -> None:
    """Remember what became of a message."""
    await conn.execute(
        update(notices)
        .where(notices.c.notice_id == notice_id, notices.c.state == "claimed")
        .values(state=state, **changes)
    )


async def used(
    conn: Connection, guild_id: int, user_id: int, product_id: int, kinds: tuple[int, ...]
) -> tuple[int, int]:
    """Return how many resources of a product a member has used, and how many there are."""
    of_product = select(product_resources.c.resource_id).where(
        product_resources.c.product_id == product_id
    )
    n_all = await conn.scalar(select(func.count()).select_from(of_product.subquery()))
    n_used = await conn.scalar(
        select(func.count(events.c.resource_id.distinct())).where(
            events.c.guild_id == guild_id,
            events.c.user_id == user_id,
            events.c.kind.in_(kinds),
            events.c.resource_id.in_(of_product),
        )
    )
    return int(n_used or 0), int(n_all or 0)


async def _found(conn: Connection, *conditions: ColumnElement[bool], limit: int) -> list[Reminder]:
    rows = await conn.execute(
        select(notices).where(*conditions).order_by(notices.c.notice_id).limit(limit)
    )
    known = Reminder.__dataclass_fields__
    return [
        Reminder(**{name: each for name, each in row._mapping.items() if name in known})
        for row in rows
    ]
