"""Who wants digests and when, and the delivery of each: claimed before it is sent.

A delivery is unique by guild, member and period. Whoever inserts it has won the right to send
it; from then on its state moves once, from ``claimed`` to what became of it.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.records import Delivery, DeliveryState, DigestItem, DigestSetting, EventKind, Why
from storage.schema import deliveries, digest_settings, events, guilds, members

_REACHED_OUT: tuple[DeliveryState, ...] = ("claimed", "sent", "closed", "failed")


async def setting(conn: Connection, guild_id: int, user_id: int) -> DigestSetting | None:
    """Return a member's digest settings, None for one who never touched them."""
    row = (
        await conn.execute(
            select(digest_settings).where(
                digest_settings.c.guild_id == guild_id, digest_settings.c.user_id == user_id
            )
        )
    ).one_or_none()
    return DigestSetting(**row._mapping) if row else None


async def save_setting(conn: Connection, changed: DigestSetting) -> None:
    """Store a member's digest settings, replacing what was there."""
    values = asdict(changed)
    await conn.execute(
        upsert(digest_settings)
        .values(values)
        .on_conflict_do_update(
            index_elements=["guild_id", "user_id"],
            set_={k: v for k, v in values.items() if k not in {"guild_id", "user_id"}},
        )
    )


async def change_setting(conn: Connection, guild_id: int, user_id: int, **changes: Any) -> None:
    """Set the named fields of settings that exist; nothing happens to those that do not."""
    await conn.execute(
        update(digest_settings)
        .where(digest_settings.c.guild_id == guild_id, digest_settings.c.user_id == user_id)
        .values(changes)
    )


async def due(conn: Connection, now: float) -> list[DigestSetting]:
    """Return the settings whose moment has come, the longest waiting first."""
    rows = await conn.execute(
        select(digest_settings)
        .where(
            digest_settings.c.due_at <= now,
            digest_settings.c.is_on,
            digest_settings.c.closed_at.is_(None),
        )
        .order_by(digest_settings.c.due_at, digest_settings.c.guild_id, digest_settings.c.user_id)
    )
    return [DigestSetting(**row._mapping) for row in rows]


async def zone(conn: Connection, guild_id: int, user_id: int) -> str:
    """Return the name of the time zone a member goes by: their own, else the guild's, else UTC."""
    own = select(members.c.time_zone).where(
        members.c.guild_id == guild_id, members.c.user_id == user_id
    )
    common = select(guilds.c.time_zone).where(guilds.c.guild_id == guild_id)
    found = await conn.execute(
        select(func.coalesce(own.scalar_subquery(), common.scalar_subquery(), "UTC"))
    )
    return str(found.scalar_one())


async def misplanned(
    conn: Connection, now: float, latest: float, latest_of_any: float
) -> list[DigestSetting]:
    """Return the settings planned for later by a time zone that is the member's no more.

    And those planned for later than `latest` where letters come every week, or than
    `latest_of_any`, by a clock that ran ahead, perhaps; nothing before a pause ends is late.
    """
    is_weekly = and_(
        digest_settings.c.cadence == "weekly",
        digest_settings.c.stage == 0,
        func.coalesce(digest_settings.c.paused_until, 0) <= now,
    )
    pause_s = func.max(func.coalesce(digest_settings.c.paused_until, 0) - now, 0)
    current = func.coalesce(members.c.time_zone, guilds.c.time_zone, "UTC")
    rows = await conn.execute(
        select(digest_settings)
        .outerjoin(
            members,
            and_(
                members.c.guild_id == digest_settings.c.guild_id,
                members.c.user_id == digest_settings.c.user_id,
            ),
        )
        .outerjoin(guilds, guilds.c.guild_id == digest_settings.c.guild_id)
        .where(
            or_(
                and_(digest_settings.c.due_at > now, digest_settings.c.due_zone != current),
                and_(is_weekly, digest_settings.c.due_at > latest),
                digest_settings.c.due_at > latest_of_any + pause_s,
            )
        )
    )
    return [DigestSetting(**row._mapping) for row in rows]


async def claim(conn: Connection, wanted: Delivery) -> int | None:
    """Store a new delivery and return its id, None if the period is taken already."""
    values = _values(wanted)
    values.pop("delivery_id")
    result = await conn.execute(
        upsert(deliveries)
        .values(values)
        .on_conflict_do_nothing(index_elements=["guild_id", "user_id", "period"])
        .returning(deliveries.c.delivery_id)
    )
    delivery_id: int | None = result.scalar_one_or_none()
    return delivery_id


async def set_items(conn: Connection, delivery_id: int, items: Sequence[DigestItem]) -> None:
    """Store what a delivery contains."""
    await conn.execute(
        update(deliveries)
        .where(deliveries.c.delivery_id == delivery_id)
        .values(items=[asdict(item) for item in items])
    )


async def mark(
    conn: Connection,
    delivery_id: int,
    state: DeliveryState,
    *,
    error: str | None = None,
    sent_at: float | None = None,
    message_id: int | None = None,
) -> bool:
    """Move a claimed delivery to `state`; False if it is gone or was marked before."""
    result = await conn.execute(
        update(deliveries)
        .where(deliveries.c.delivery_id == delivery_id, deliveries.c.state == "claimed")
        .values(state=state, error=error, sent_at=sent_at, message_id=message_id)
    )
    return result.rowcount == 1


async def delivery(conn: Connection, delivery_id: int) -> Delivery | None:
    """Return one delivery."""
    row = (
        await conn.execute(select(deliveries).where(deliveries.c.delivery_id == delivery_id))
    ).one_or_none()
    return _record(row) if row else None


async def claimed(conn: Connection) -> list[Delivery]:
    """Return the deliveries nobody has marked yet, oldest first."""
    rows = await conn.execute(
        select(deliveries)
        .where(deliveries.c.state == "claimed")
        .order_by(deliveries.c.claimed_at, deliveries.c.delivery_id)
    )
    return [_record(row) for row in rows]


async def latest(
    conn: Connection,
    guild_id: int,
    user_id: int,
    states: Sequence[DeliveryState],
    prefix: str = "",
) -> Delivery | None:
    """Return the member's newest delivery in one of `states`, its period beginning so."""
    row = (
        await conn.execute(
            select(deliveries)
            .where(
                deliveries.c.guild_id == guild_id,
                deliveries.c.user_id == user_id,
                deliveries.c.state.in_(states),
                deliveries.c.period.startswith(prefix, autoescape=True),
            )
            .order_by(deliveries.c.delivery_id.desc())
            .limit(1)
        )
    ).one_or_none()
    return _record(row) if row else None


async def latest_planned(conn: Connection, guild_id: int, user_id: int) -> Delivery | None:
    """Return the member's newest letter by plan that went out, or was to; skipped ones do not."""
    row = (
        await conn.execute(
            select(deliveries)
            .where(
                deliveries.c.guild_id == guild_id,
                deliveries.c.user_id == user_id,
                deliveries.c.state != "skipped",
                deliveries.c.period.not_like("now-%"),
            )
            .order_by(deliveries.c.delivery_id.desc())
            .limit(1)
        )
    ).one_or_none()
    return _record(row) if row else None


async def is_taken(conn: Connection, guild_id: int, user_id: int, period: str) -> bool:
    """Say whether the member's period has a delivery, whatever became of it."""
    found = await conn.execute(
        select(deliveries.c.delivery_id).where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.user_id == user_id,
            deliveries.c.period == period,
        )
    )
    return found.first() is not None


async def was_ever_sent(conn: Connection, guild_id: int, user_id: int) -> bool:
    """Say whether the member got a digest of the guild before."""
    return await latest(conn, guild_id, user_id, ("sent",)) is not None


async def resources_sent(conn: Connection, guild_id: int, user_id: int, since: float) -> set[int]:
    """Return what the member's digests have shown since then."""
    rows = await conn.execute(
        select(deliveries.c["items"]).where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.user_id == user_id,
            deliveries.c.state == "sent",
            deliveries.c.claimed_at > since,
        )
    )
    return {item["resource_id"] for stored in rows.scalars() for item in stored} - {0}


async def newest(
    conn: Connection, guild_id: int, user_id: int, since: float, limit: int
) -> list[Delivery]:
    """Return the letters a member got by their plan since a moment, the newest first."""
    rows = await conn.execute(
        select(deliveries)
        .where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.user_id == user_id,
            deliveries.c.state == "sent",
            deliveries.c.claimed_at > since,
            deliveries.c.period.not_like("now-%"),
        )
        .order_by(deliveries.c.delivery_id.desc())
        .limit(limit)
    )
    return [_record(row) for row in rows]


async def was_used(conn: Connection, letter: Delivery) -> bool:
    """Say whether a member did anything to what a letter showed them since it was claimed."""
    shown = [item.resource_id for item in letter.items if item.resource_id]
    found = await conn.execute(
        select(events.c.event_id)
        .where(
            events.c.guild_id == letter.guild_id,
            events.c.user_id == letter.user_id,
            events.c.occurred_at >= letter.claimed_at,
            events.c.resource_id.in_(shown),
        )
        .limit(1)
    )
    return found.first() is not None


async def count_first(conn: Connection, since: float, until: float) -> int:
    """Count the conversations opened between two moments, or tried to."""
    found = await conn.execute(
        select(func.count()).where(
            deliveries.c.is_first,
            deliveries.c.state.in_(_REACHED_OUT),
            deliveries.c.claimed_at > since,
            deliveries.c.claimed_at < until,
        )
    )
    return int(found.scalar_one())


def _values(wanted: Delivery) -> dict[str, Any]:
    return asdict(wanted) | {"items": [asdict(item) for item in wanted.items]}


def _record(row: Any) -> Delivery:
    return Delivery(**(dict(row._mapping) | {"items": tuple(map(_item, row.items))}))


def _item(stored: dict[str, Any]) -> DigestItem:
    why = stored["why"]
    if why is not None:
        event = why["event"]
        why = Why(why["kind"], why["title"], None if event is None else EventKind(event))
    return DigestItem(
        resource_id=stored["resource_id"],
        impression_id=stored["impression_id"],
        url=stored["url"],
        why=why,
        section=stored.get("section", "for_you"),
        question_id=stored.get("question_id", 0),
    )
