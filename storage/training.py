"""What may be learned from: interactions that still stand, of members who allow it.

What stands is said by `storage.deeds`; many rows leave here as its columns do.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
)

from storage import standing
from storage.connection import Connection
from storage.consent import is_allowed, policy, trains_from
from storage.deeds import (
    UNDOING,
    UNDONE_BY_SOURCE,
    as_text,
    stands,
    times_as_text,
)
from storage.records import EventKind
from storage.schema import events, impressions, members, resources, snapshots, versions

N_ROWS_PER_CHUNK = 250_000
"""A dozen MB of text."""
N_SHOWN_MAX = 500_000
"""Impressions that a refit looks at; the newest count."""
N_FRESH_MAX = 50_000
"""Events since the live snapshot that a request looks at; the newest count."""
_POSITIVE_OR_NOT = (
    EventKind.OPEN,
    EventKind.REACTION,
    EventKind.MESSAGE,
    EventKind.COMMENT,
    EventKind.FOLLOW,
    EventKind.SAVE,
    EventKind.SOLVED,
    EventKind.PURCHASE,
    EventKind.DISMISS,
    EventKind.USEFUL,
    EventKind.KNOWN,
    EventKind.LIKED,
    EventKind.DISLIKED,
    EventKind.STARTED,
    EventKind.DONE,
)
"""Kinds that can be an interaction; every other kind takes something back or is no interest."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Interactions by column, each a comma-separated text of `n` numbers.

    ``codes`` are twice the event's kind, plus one where the event earned points; ``times`` are
    whole microseconds since 1970; ``last_event_id`` is the greatest id among them.
    """

    n: int
    members: str
    resources: str
    codes: str
    times: str
    last_event_id: int


@dataclass(frozen=True, slots=True)
class ShownColumns:
    """Impressions by column, each a comma-separated text.

    ``positions`` count from 1; ``times`` as in `Columns`.
    """

    members: str
    resources: str
    positions: str
    times: str


@dataclass(frozen=True, slots=True)
class Pulse:
    """What tells a request whether something it remembers of a guild has changed.

    ``live_id`` is the snapshot that serves, ``extended_at`` when resources were last added to it,
    and ``until_at`` its end, if it has one; ``marks`` differ when one of these does, when a refit
    was attempted, when the catalogue or the members whose events may train have changed
    (`storage.schema.versions`), and when events were erased; ``last_event_id`` is the newest event
    of all guilds.
    """

    live_id: int | None
    extended_at: float | None
    until_at: float | None
    marks: tuple[object, ...]
    last_event_id: int


async def pulse(conn: Connection, guild_id: int) -> Pulse:
    """Take a guild's pulse; everything is read again, nothing relies on being told."""
    found = (await conn.execute(_pulse(), {"guild": guild_id})).one()
    live_id, extended_at, until_at, last_event_id, *marks = found
    marks = [live_id, extended_at, until_at, *marks]
    return Pulse(
        live_id=live_id,
        extended_at=extended_at,
        until_at=until_at,
        marks=tuple(marks),
        last_event_id=last_event_id,
    )


async def is_taken_back(conn: Connection, guild_id: int, after: int) -> bool:
    """Say whether an event after `after` takes an interaction back that may have counted."""
    return bool(await conn.scalar(_taken_back(), {"guild": guild_id, "after": after}))


async def watermark(conn: Connection, guild_id: int) -> int:
    """Return the id of the guild's newest event, 0 where there is none."""
    found = await conn.scalar(
        select(func.max(events.c.event_id)).where(events.c.guild_id == guild_id)
    )
    return int(found or 0)


async def chunks(
    conn: Connection, guild_id: int, until: int, *, n_rows: int = N_ROWS_PER_CHUNK
) -> AsyncIterator[Columns]:
    """Yield the interactions that may train, by event id, up to the event `until`."""
    after = 0
    while True:
        bound = {"guild": guild_id, "after": after, "until": until, "n_rows": n_rows}
        columns = Columns(*(await conn.execute(_chunk(), bound)).one())
        if not columns.n:
            return
        yield columns
        after = columns.last_event_id


async def fresh(conn: Connection, guild_id: int, after: int, since: float) -> Columns:
    """Return the interactions that may train with a greater event id than `after`.

    At most the newest `N_FRESH_MAX`, and only what happened at `since` or later.
    """
    bound = {"guild": guild_id, "after": after, "since": since}
    return Columns(*(await conn.execute(_fresh(), bound)).one())


async def shown(conn: Connection, guild_id: int, since: float) -> ShownColumns:
    """Return the newest `N_SHOWN_MAX` impressions since a moment that may train."""
    return ShownColumns(*(await conn.execute(_shown(), {"guild": guild_id, "since": since})).one())


async def interests(conn: Connection, guild_id: int) -> dict[int, tuple[str, ...]]:
    """Return what members named as their interests while that may train, by member."""
    rows = await conn.execute(
        select(members.c.user_id, members.c.interests).where(
            members.c.guild_id == bindparam("guild"),
            members.c.is_tracked.is_(True),
            func.coalesce(members.c.interests_at, 0.0) >= trains_from(),
        ),
        {"guild": guild_id},
    )
    return {user_id: tuple(named) for user_id, named in rows if named}


async def guilds_due(conn: Connection, attempted_before: float, now: float) -> list[int]:
    """Return guilds with interactions newer than their last attempt, if that is long ago.

    A guild is due where no snapshot was attempted at `attempted_before` or later and something
    on a resource was recorded since the newest attempt, whatever came of that. An attempt in the
    future was made before the clock was put back, and does not count.
    """
    attempts = (
        select(snapshots.c.guild_id, func.max(snapshots.c.created_at).label("at"))
        .where(snapshots.c.created_at <= now)
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


# Statements are built once: building one costs the event loop more than running it.


@cache
def _pulse() -> Select[Any]:
    guild: ColumnElement[int] = bindparam("guild")
    attempt = select(func.max(snapshots.c.snapshot_id)).where(snapshots.c.guild_id == guild)
    is_live = and_(
        snapshots.c.guild_id == guild, snapshots.c.state == literal("live", literal_execute=True)
    )
    live = select(snapshots.c.snapshot_id).where(is_live)
    extended = select(snapshots.c.extended_at).where(is_live)
    until = select(snapshots.c.until_at).where(is_live)
    newest = select(func.coalesce(func.max(events.c.event_id), 0))
    changes = [
        select(column).where(versions.c.guild_id == guild)
        for column in (versions.c.catalogue, versions.c.training)
    ]
    parts = (live, extended, until, newest, attempt, *changes)
    return select(*(part.scalar_subquery() for part in parts), policy())


@cache
def _taken_back() -> Select[Any]:
    undo, done = events.alias("undo"), events.alias("done")
    undid = select(literal(1)).where(
        done.c.guild_id == undo.c.guild_id,
        done.c.source_id == undo.c.source_id,
        done.c.resource_id.is_not(None),
    )
    by_source = undo.c.kind.in_(sorted({int(kind) for kind in UNDONE_BY_SOURCE.values()}))
    found = select(literal(1)).where(
        (undo.c.guild_id + 0) == bindparam("guild"),
        undo.c.event_id > bindparam("after"),
        or_(
            undo.c.kind.in_(sorted(int(kind) for kind in UNDOING)),
            and_(by_source, undid.exists()),
        ),
    )
    return select(found.exists())


@cache
def _chunk() -> Select[Any]:
    rows = _trainable().where(events.c.event_id <= bindparam("until"))
    return _joined(rows.order_by(events.c.event_id).limit(bindparam("n_rows")))


@cache
def _fresh() -> Select[Any]:
    rows = _trainable().where(events.c.occurred_at >= bindparam("since"))
    return _joined(rows.order_by(events.c.event_id.desc()).limit(N_FRESH_MAX))


@cache
def _shown() -> Select[Any]:
    part = (
        select(
            impressions.c.user_id,
            standing.now(impressions.c.resource_id).label("resource_id"),
            impressions.c.position,
            impressions.c.shown_at,
        )
        .where(
            impressions.c.guild_id == bindparam("guild"),
            impressions.c.shown_at >= bindparam("since"),
            is_allowed(impressions.c.user_id, impressions.c.shown_at),
        )
        .order_by(impressions.c.impression_id.desc())
        .limit(N_SHOWN_MAX)
        .subquery()
    )
    *numbers, at = part.c
    columns: list[Any] = [*(as_text(column) for column in numbers), times_as_text(at)]
    return select(*columns)


def _trainable() -> Select[Any]:
    """Select what may train: what its member allows, and what still stands, of what it is now."""
    return select(
        events.c.event_id,
        events.c.user_id,
        standing.now(events.c.resource_id).label("resource_id"),
        (events.c.kind * 2 + cast(events.c.is_rewarded, Integer)).label("code"),
        events.c.occurred_at,
    ).where(
        # The plus keeps SQLite from an index that knows the guild but not the order of ids.
        (events.c.guild_id + 0) == bindparam("guild"),
        events.c.event_id > bindparam("after"),
        events.c.resource_id.is_not(None),
        events.c.kind.in_([int(kind) for kind in _POSITIVE_OR_NOT]),
        is_allowed(events.c.user_id, events.c.occurred_at),
        stands(),
    )


def _joined(rows: Select[Any]) -> Select[Any]:
    part = rows.subquery()
    return select(
        func.count(),
        as_text(part.c.user_id),
        as_text(part.c.resource_id),
        as_text(part.c.code),
        times_as_text(part.c.occurred_at),
        func.coalesce(func.max(part.c.event_id), 0),
    ).select_from(part)
