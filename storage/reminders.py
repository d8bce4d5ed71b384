"""What members were written about the end of what they bought: each about one end once."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true, tuple_, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.access import holds
from storage.connection import Connection
from storage.deeds import standing_id
from storage.opened import opened
from storage.records import NoticeKind, Reminder
from storage.schema import (
    accesses,
    digest_settings,
    events,
    products,
    purchase_facts,
    purchases,
)
from storage.schema import purchase_notices as notices


async def due(
    conn: Connection,
    now: float,
    kind: NoticeKind,
    *,
    within_s: float,
    long_s: float,
    limit: int,
    of: tuple[int, int] | None = None,
) -> list[Reminder]:
    """Return whom to write that something they bought ends or renews itself soon, soonest first.

    Only who wants messages from us and can be written to; nobody twice about one end. Of what
    renews itself only the ``renewal`` is spoken of.

    Parameters
    ----------
    long_s
        For how long a subscription has to be paid for at once, so that its renewal is spoken of.
    of
        The server and member asked about; None for all.
    """
    is_spoken_of = products.c.term == "days"
    if kind == "renewal":
        is_spoken_of = or_(is_spoken_of, _renews(long_s))
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
            is_spoken_of,
            accesses.c.ends_at > now,
            accesses.c.ends_at <= now + within_s,
            holds(now),
            ~_is_told(kind),
            true() if of is None else tuple_(accesses.c.guild_id, accesses.c.user_id) == of,
        )
        .order_by(accesses.c.ends_at, accesses.c.user_id)
        .limit(limit)
    )
    return [
        Reminder(
            guild_id=row.guild_id,
            user_id=row.user_id,
            kind=kind,
            product_id=row.product_id,
            about_at=row.ends_at,
            claimed_at=now,
        )
        for row in rows
    ]


def _is_told(kind: NoticeKind) -> ColumnElement[bool]:
    """Say that somebody was written about an end, or about it coming nearer still."""
    told = (
        select(notices.c.notice_id)
        .where(
            notices.c.guild_id == accesses.c.guild_id,
            notices.c.user_id == accesses.c.user_id,
            notices.c.product_id == accesses.c.product_id,
            notices.c.about_at == accesses.c.ends_at,
            notices.c.kind.in_((kind, "ending")),
        )
        .correlate(accesses)
    )
    return told.exists()


def _renews(long_s: float) -> ColumnElement[bool]:
    """Say that an access ends where a subscription that was paid for long renews itself."""
    paid = (
        select(purchase_facts.c.fact_id)
        .join(purchases, purchases.c.purchase_id == purchase_facts.c.purchase_id)
        .where(
            purchases.c.guild_id == accesses.c.guild_id,
            purchases.c.user_id == accesses.c.user_id,
            purchase_facts.c.kind == "paid",
            purchase_facts.c.term == "subscription",
            purchase_facts.c.product_id == accesses.c.product_id,
            purchase_facts.c.until_at == accesses.c.ends_at,
            purchase_facts.c.until_at - purchase_facts.c.happened_at >= long_s,
        )
        .correlate(accesses)
    )
    return paid.exists()


async def claim(conn: Connection, new: Reminder) -> int | None:
    """Store that somebody is being written to; None where that was done already."""
    values = asdict(new)
    del values["notice_id"]
    statement = upsert(notices).values(values).on_conflict_do_nothing()
    found = await conn.execute(statement.returning(notices.c.notice_id))
    notice_id: int | None = found.scalar_one_or_none()
    return notice_id


async def claimed(conn: Connection, kinds: Collection[NoticeKind], limit: int) -> list[Reminder]:
    """Return what was claimed and is not known to have been sent, the oldest first."""
    of_kinds = notices.c.kind.in_(list(kinds))
    return await _found(conn, notices.c.state == "claimed", of_kinds, limit=limit)


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
    what = opened()
    of_product = select(what.c.resource_id).where(what.c.product_id == product_id)
    n_all = await conn.scalar(select(func.count()).select_from(of_product.subquery()))
    n_used = await conn.scalar(
        select(func.count(standing_id().distinct())).where(
            events.c.guild_id == guild_id,
            events.c.user_id == user_id,
            events.c.kind.in_(kinds),
            standing_id().in_(of_product),
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
