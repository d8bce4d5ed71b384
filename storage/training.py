"""What may be learned from: interactions that still stand, of members who allow it.

An interaction stands unless it was taken back: a reaction removed, a message deleted, a save or a
dismissal undone. Many rows leave here as comma-separated text, one per column: SQLite joins them
outside the interpreter's lock and numpy parses them in one go, so neither a refit nor a request
makes a Python object for every event.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import Deed, EventKind
from storage.schema import events, guilds, members, resources, snapshots

N_ROWS_PER_CHUNK = 50_000
N_FRESH_MAX = 50_000
"""Events since the live snapshot that a request looks at; the newest count."""
_UNDONE_BY_SOURCE = {
    EventKind.REACTION: EventKind.REACTION_REMOVED,
    EventKind.MESSAGE: EventKind.MESSAGE_DELETED,
    EventKind.COMMENT: EventKind.MESSAGE_DELETED,
}
_UNDONE_LATER = {EventKind.SAVE: EventKind.UNSAVE, EventKind.DISMISS: EventKind.UNDISMISS}
_KINDS = {int(kind): kind for kind in EventKind}
_POSITIVE_OR_NOT = (
    EventKind.OPEN,
    EventKind.REACTION,
    EventKind.MESSAGE,
    EventKind.COMMENT,
    EventKind.FOLLOW,
    EventKind.SAVE,
    EventKind.DISMISS,
)
"""Kinds that can be an interaction; every other kind takes something back or is no interest."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Interactions by column, each a comma-separated text of `n` numbers.

    ``codes`` are twice the event's kind, plus one where the event earned points; ``times`` are
    unix seconds, rounded to a microsecond; ``last_event_id`` is the greatest id among them.
    """

    n: int
    members: str
    resources: str
    codes: str
    times: str
    last_event_id: int


async def watermark(conn: AsyncConnection, guild_id: int) -> int:
    """Return the id of the guild's newest event, 0 where there is none."""
    found = await conn.scalar(
        select(func.max(events.c.event_id)).where(events.c.guild_id == guild_id)
    )
    return int(found or 0)


async def chunks(
    conn: AsyncConnection, guild_id: int, until: int, *, n_rows: int = N_ROWS_PER_CHUNK
) -> AsyncIterator[Columns]:
    """Yield the interactions that may train, by event id, up to the event `until`."""
    after = 0
    while True:
        rows = _trainable(guild_id, after).where(events.c.event_id <= until)
        columns = await _joined(conn, rows.order_by(events.c.event_id).limit(n_rows))
        if not columns.n:
            return
        yield columns
        after = columns.last_event_id


async def fresh(conn: AsyncConnection, guild_id: int, after: int, since: float) -> Columns:
    """Return the interactions that may train with a greater event id than `after`.

    At most the newest `N_FRESH_MAX`, and only what happened at `since` or later.
    """
    rows = _trainable(guild_id, after).where(events.c.occurred_at >= since)
    return await _joined(conn, rows.order_by(events.c.event_id.desc()).limit(N_FRESH_MAX))


async def deeds(conn: AsyncConnection, guild_id: int, user_id: int) -> list[Deed]:
    """Return all a member did to resources, oldest first, whatever they consented to."""
    rows = await conn.execute(
        select(
            events.c.resource_id,
            events.c.kind,
            events.c.occurred_at,
            events.c.is_rewarded,
            _stands().label("stands"),
        )
        .where(
            events.c.guild_id == guild_id,
            events.c.user_id == user_id,
            events.c.resource_id.is_not(None),
        )
        .order_by(events.c.occurred_at, events.c.event_id)
    )
    return [
        Deed(resource_id, _KINDS[kind], occurred_at, is_rewarded, stands)
        for resource_id, kind, occurred_at, is_rewarded, stands in rows.all()
    ]


async def is_saved(conn: AsyncConnection, guild_id: int, user_id: int, resource_id: int) -> bool:
    """Say whether the newest of the member's saves and unsaves of a resource is a save."""
    newest = await conn.scalar(
        select(events.c.kind)
        .where(
            events.c.guild_id == guild_id,
            events.c.user_id == user_id,
            events.c.resource_id == resource_id,
            events.c.kind.in_([int(EventKind.SAVE), int(EventKind.UNSAVE)]),
        )
        .order_by(events.c.occurred_at.desc(), events.c.event_id.desc())
        .limit(1)
    )
    return newest == int(EventKind.SAVE)


async def guilds_due(conn: AsyncConnection, attempted_before: float) -> list[int]:
    """Return guilds with interactions newer than their last attempt, if that is long ago.

    A guild is due where no snapshot was attempted at `attempted_before` or later and something
    on a resource was recorded since the newest attempt, whatever came of that.
    """
    attempts = (
        select(snapshots.c.guild_id, func.max(snapshots.c.created_at).label("at"))
        .group_by(snapshots.c.guild_id)
        .subquery()
    )
    # Whoever has interactions has resources, and few of them; not every guild has settings.
    known = select(resources.c.guild_id).distinct().subquery()
    last = func.coalesce(attempts.c.at, 0.0)
    recorded = select(literal(1)).where(
        events.c.guild_id == known.c.guild_id,
        events.c.resource_id.is_not(None),
        events.c.recorded_at > last,
    )
    rows = await conn.execute(
        select(known.c.guild_id)
        .outerjoin(attempts, attempts.c.guild_id == known.c.guild_id)
        .where(last < attempted_before, recorded.exists())
        .order_by(known.c.guild_id)
    )
    return list(rows.scalars())


def _trainable(guild_id: int, after: int) -> Select[Any]:
    """Select what may train: `bot.profile.rules.may_train` in SQL, and what still stands."""
    return select(
        events.c.event_id,
        events.c.user_id,
        events.c.resource_id,
        (events.c.kind * 2 + cast(events.c.is_rewarded, Integer)).label("code"),
        events.c.occurred_at,
    ).where(
        # The plus keeps SQLite from an index that knows the guild but not the order of ids.
        (events.c.guild_id + 0) == guild_id,
        events.c.event_id > after,
        events.c.resource_id.is_not(None),
        events.c.kind.in_([int(kind) for kind in _POSITIVE_OR_NOT]),
        _may_train(guild_id),
        _stands(),
    )


def _may_train(guild_id: int) -> ColumnElement[bool]:
    own = members.c.guild_id == guild_id
    granted = select(members.c.user_id).where(
        own, members.c.consent == "granted", members.c.is_tracked.is_(True)
    )
    refused = select(members.c.user_id).where(
        own, or_(members.c.consent == "declined", members.c.is_tracked.is_(False))
    )
    policy = select(guilds.c.consent_policy).where(guilds.c.guild_id == guild_id).scalar_subquery()
    return case(
        (func.coalesce(policy, "ask") == "notice", events.c.user_id.not_in(refused)),
        else_=events.c.user_id.in_(granted),
    )


@cache
def _stands() -> ColumnElement[bool]:
    """Say that an event was not taken back; kinds that cannot be always stand."""
    undo = events.alias("undo")
    same = and_(undo.c.guild_id == events.c.guild_id, undo.c.user_id == events.c.user_id)
    whens: list[tuple[ColumnElement[bool], ColumnElement[bool]]] = []
    for kind, undone_by in _UNDONE_BY_SOURCE.items():
        of_source = [same, undo.c.source_id == events.c.source_id, undo.c.kind == int(undone_by)]
        if kind is EventKind.REACTION:
            of_source.append(undo.c.qualifier == events.c.qualifier)
        whens.append((events.c.kind == int(kind), ~_exists(undo, *of_source)))
    is_later = or_(
        undo.c.occurred_at > events.c.occurred_at,
        and_(undo.c.occurred_at == events.c.occurred_at, undo.c.event_id > events.c.event_id),
    )
    for kind, undone_by in _UNDONE_LATER.items():
        later = [same, undo.c.occurred_at >= events.c.occurred_at, is_later]
        later += [undo.c.resource_id == events.c.resource_id, undo.c.kind == int(undone_by)]
        whens.append((events.c.kind == int(kind), ~_exists(undo, *later)))
    return case(*whens, else_=true())


def _exists(undo: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(undo.c.event_id).where(*conditions).correlate(events).exists()


async def _joined(conn: AsyncConnection, rows: Select[Any]) -> Columns:
    part = rows.subquery()

    def joined(column: ColumnElement[Any]) -> ColumnElement[str]:
        return func.coalesce(func.aggregate_strings(cast(column, Text), ","), "")

    row = (
        await conn.execute(
            select(
                func.count(),
                joined(part.c.user_id),
                joined(part.c.resource_id),
                joined(part.c.code),
                joined(func.printf("%.6f", part.c.occurred_at)),
                func.coalesce(func.max(part.c.event_id), 0),
            ).select_from(part)
        )
    ).one()
    return Columns(*row)
