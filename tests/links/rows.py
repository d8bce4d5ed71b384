"""Rows as the tests of links read them."""

from sqlalchemy import select

from storage.database import Database
from storage.records import Event, EventKind, Impression
from storage.schema import events, impressions


async def impressions_of(database: Database) -> list[Impression]:
    async with database.read() as conn:
        rows = await conn.execute(select(impressions).order_by("impression_id"))
        return [Impression(**row._mapping) for row in rows]


async def opens_of(database: Database) -> list[Event]:
    async with database.read() as conn:
        rows = await conn.execute(
            select(events).where(events.c.kind == int(EventKind.OPEN)).order_by("event_id")
        )
        return [
            Event(
                guild_id=row.guild_id,
                source_id=row.source_id,
                kind=EventKind.OPEN,
                user_id=row.user_id,
                occurred_at=row.occurred_at,
                qualifier=row.qualifier,
                resource_id=row.resource_id,
            )
            for row in rows
        ]
