"""What members did: the append-only log, and how far each channel has been read.

An event's identity is ``(guild, source, kind, user, qualifier)``; a second event of the same
identity is refused silently, so a replayed gateway event or a file imported twice changes
nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.records import Event, EventKind
from storage.schema import cursors as cursors_table
from storage.schema import events

_FIELDS = tuple(field.name for field in fields(Event))
_IDENTITY = ("guild_id", "source_id", "kind", "user_id", "qualifier")


def _values(event: Event, now: float) -> dict[str, Any]:
    values = {name: getattr(event, name) for name in _FIELDS}  # asdict copies deeply: slow in bulk
    return values | {"kind": int(event.kind), "recorded_at": now}


def _event(row: RowMapping) -> Event:
    values = {name: row[name] for name in _FIELDS}
    values["kind"] = EventKind(row["kind"])
    if values["role_ids"] is not None:
        values["role_ids"] = tuple(values["role_ids"])
    return Event(**values)


async def append(conn: Connection, event: Event, now: float) -> int | None:
    """Append one event; return its id, None if it was there already."""
    statement = upsert(events).values(_values(event, now))
    statement = statement.on_conflict_do_nothing(index_elements=_IDENTITY)
    found = await conn.execute(statement.returning(events.c.event_id))
    event_id: int | None = found.scalar_one_or_none()
    return event_id


async def insert_many(conn: Connection, rows: Sequence[Event], now: float) -> int:
    """Append history from elsewhere with one statement; return how many were new.

    Imported events are marked as such: they earn nothing, now or in a replay.
    """
    if not rows:
        return 0
    statement = upsert(events).on_conflict_do_nothing(index_elements=_IDENTITY)
    values = [_values(event, now) | {"is_imported": True} for event in rows]
    done = await conn.execute(statement, values)
    return max(int(done.rowcount), 0)


async def append_many(conn: Connection, rows: Sequence[Event], now: float) -> list[int | None]:
    """Append many events at once; return the id of each, None for what was there already."""
    if not rows:
        return []
    statement = upsert(events).on_conflict_do_nothing(index_elements=_IDENTITY)
    returned = statement.returning(events.c.event_id, *(events.c[name] for name in _IDENTITY))
    found = await conn.execute(returned, [_values(event, now) for event in rows])
    ids = {tuple(row[1:]): row[0] for row in found}
    # Of two of one identity the first is new.
    return [ids.pop(_identity(event), None) for event in rows]


def _identity(event: Event) -> tuple[int, ...]:
    return (event.guild_id, event.source_id, int(event.kind), event.user_id, event.qualifier)


async def mark_rewarded(conn: Connection, marks: Mapping[int, bool]) -> None:
    """Mark events that earned points, or did not: what is paid for is no longer a signal."""
    if not marks:
        return
    statement = update(events).where(events.c.event_id == bindparam("about"))
    await conn.execute(
        statement.values(is_rewarded=bindparam("is_paid")),
        [{"about": event_id, "is_paid": is_paid} for event_id, is_paid in marks.items()],
    )


async def one(conn: Connection, event_id: int) -> Event | None:
    """Return a stored event, None where it is gone."""
    columns = [events.c[each.name] for each in fields(Event)]
    found = await conn.execute(select(*columns).where(events.c.event_id == event_id))
    row = found.one_or_none()
    if row is None:
        return None
    said = dict(row._mapping)
    roles = said["role_ids"]
    return Event(
        **said | {"kind": EventKind(row.kind), "role_ids": None if roles is None else tuple(roles)}
    )


async def n_of_source(conn: Connection, guild_id: int, source_id: int, kind: EventKind) -> int:
    """Return a qualifier that no event of a kind by this source has, whosever: the next one."""
    highest = select(func.max(events.c.qualifier)).where(_of(guild_id, source_id, kind))
    found = (await conn.execute(highest)).scalar_one()
    return 0 if found is None else int(found) + 1


def _of(guild_id: int, source_id: int, kind: EventKind) -> ColumnElement[bool]:
    return and_(
        events.c.guild_id == guild_id, events.c.source_id == source_id, events.c.kind == int(kind)
    )


async def of_source(
    conn: Connection, guild_id: int, user_id: int, source_id: int, kind: EventKind
) -> set[int]:
    """Return the resources of a member's events of a kind by one source."""
    rows = await conn.execute(
        select(events.c.resource_id).where(
            _of(guild_id, source_id, kind), events.c.user_id == user_id
        )
    )
    return {number for number in rows.scalars() if number is not None}


async def latest_at(conn: Connection) -> float:
    """Return when the newest event was recorded, 0 without any."""
    newest = select(events.c.recorded_at).order_by(events.c.event_id.desc()).limit(1)
    return float(await conn.scalar(newest) or 0.0)


async def authors_of(
    conn: Connection, guild_id: int, message_ids: Collection[int]
) -> dict[int, int]:
    """Return who wrote captured messages; those that we never saw are left out."""
    if not message_ids:
        return {}
    found = await conn.execute(
        select(events.c.source_id, events.c.user_id).where(
            events.c.guild_id == guild_id,
            events.c.source_id.in_(message_ids),
            events.c.kind == int(EventKind.MESSAGE),
        )
    )
    return {message_id: user_id for message_id, user_id in found}


async def standing_reactions(
    conn: Connection, guild_id: int, message_id: int, emoji: Collection[int] | None = None
) -> list[Event]:
    """Return the reactions on a message that were added and not removed, oldest first.

    Parameters
    ----------
    emoji
        Only those with one of these (their hashes); None for all.
    """
    removed = events.alias("removed")
    statement = (
        select(events)
        .where(_of(guild_id, message_id, EventKind.REACTION))
        .where(
            ~select(removed.c.event_id)
            .where(
                removed.c.guild_id == events.c.guild_id,
                removed.c.source_id == events.c.source_id,
                removed.c.kind == int(EventKind.REACTION_REMOVED),
                removed.c.user_id == events.c.user_id,
                removed.c.qualifier == events.c.qualifier,
            )
            .exists()
        )
        .order_by(events.c.event_id)
    )
    if emoji is not None:
        statement = statement.where(events.c.qualifier.in_(emoji))
    return [_event(row) for row in (await conn.execute(statement)).mappings()]


async def reactions_of(conn: Connection, guild_id: int, message_id: int, user_id: int) -> set[int]:
    """Return the emoji (hashes) of a member on a message that were added and not removed."""
    rows = await conn.execute(
        select(events.c.kind, events.c.qualifier).where(
            events.c.guild_id == guild_id,
            events.c.source_id == message_id,
            events.c.kind.in_((int(EventKind.REACTION), int(EventKind.REACTION_REMOVED))),
            events.c.user_id == user_id,
        )
    )
    seen = {(kind, qualifier) for kind, qualifier in rows}
    return {q for kind, q in seen if kind == EventKind.REACTION} - {
        q for kind, q in seen if kind == EventKind.REACTION_REMOVED
    }


async def last_turn(
    conn: Connection, guild_id: int, source_id: int, kinds: Collection[EventKind]
) -> int | None:
    """Return the highest qualifier that events of some kinds have on a source, None for none.

    Of somebody erased no event is left: how many there are is not how many there were.
    """
    found = await conn.execute(
        select(func.max(events.c.qualifier)).where(
            events.c.guild_id == guild_id,
            events.c.source_id == source_id,
            events.c.kind.in_([int(kind) for kind in kinds]),
        )
    )
    turn: int | None = found.scalar_one()
    return turn


async def latest_open(
    conn: Connection, guild_id: int, user_id: int, impression_id: int, before: float
) -> float | None:
    """Return when the member last opened what was shown before a moment, None if never."""
    found = await conn.execute(
        select(func.max(events.c.occurred_at)).where(
            _of(guild_id, impression_id, EventKind.OPEN),
            events.c.user_id == user_id,
            events.c.occurred_at < before,
        )
    )
    when: float | None = found.scalar_one()
    return when


async def messages(conn: Connection, guild_id: int, message_ids: Collection[int]) -> list[Event]:
    """Return those of the messages that were captured."""
    rows = await conn.execute(
        select(events).where(
            events.c.guild_id == guild_id,
            events.c.source_id.in_(message_ids),
            events.c.kind == int(EventKind.MESSAGE),
        )
    )
    return [_event(row) for row in rows.mappings()]


async def is_deleted(conn: Connection, guild_id: int, message_id: int) -> bool:
    """Say whether a message is known to have been deleted."""
    found = await conn.execute(
        select(events.c.event_id)
        .where(_of(guild_id, message_id, EventKind.MESSAGE_DELETED))
        .limit(1)
    )
    return found.first() is not None


async def standing_in(conn: Connection, guild_id: int, channel_id: int) -> list[int]:
    """Return the messages captured in a channel or in its threads and not deleted."""
    deleted = events.alias("deleted")
    rows = await conn.execute(
        select(events.c.source_id).where(
            events.c.guild_id == guild_id,
            events.c.kind == int(EventKind.MESSAGE),
            or_(events.c.channel_id == channel_id, events.c.parent_id == channel_id),
            ~select(deleted.c.event_id)
            .where(
                deleted.c.guild_id == events.c.guild_id,
                deleted.c.source_id == events.c.source_id,
                deleted.c.kind == int(EventKind.MESSAGE_DELETED),
            )
            .exists(),
        )
    )
    return list(rows.scalars())


async def cursors(conn: Connection, guild_id: int) -> dict[int, int]:
    """Return the newest message processed, by channel."""
    rows = await conn.execute(
        select(cursors_table.c.channel_id, cursors_table.c.message_id).where(
            cursors_table.c.guild_id == guild_id
        )
    )
    return {channel_id: message_id for channel_id, message_id in rows}


async def move_cursors(conn: Connection, moved: Iterable[tuple[int, int, int]], now: float) -> None:
    """Say how far channels were processed; a cursor never moves back.

    Parameters
    ----------
    moved
        Guild, channel and the last message of it.
    """
    furthest: dict[tuple[int, int], int] = {}
    for guild_id, channel_id, message_id in moved:
        known = furthest.get((guild_id, channel_id), message_id)
        furthest[guild_id, channel_id] = max(known, message_id)
    if not furthest:
        return
    statement = upsert(cursors_table)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["guild_id", "channel_id"],
            set_={
                "message_id": statement.excluded.message_id,
                "moved_at": statement.excluded.moved_at,
            },
            where=cursors_table.c.message_id < statement.excluded.message_id,
        ),
        [
            {"guild_id": guild, "channel_id": channel, "message_id": last, "moved_at": now}
            for (guild, channel), last in furthest.items()
        ],
    )
