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
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)

from storage.connection import Connection
from storage.consent import is_allowed, policy, trains_from
from storage.records import Deed, EventKind
from storage.schema import events, impressions, members, resources, snapshots, versions

N_ROWS_PER_CHUNK = 250_000
"""A dozen MB of text."""
N_SHOWN_MAX = 500_000
"""Impressions that a refit looks at; the newest count."""
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
class DeedColumns:
    """What one member did, oldest first, by column, each a comma-separated text.

    ``codes`` are four times the event's kind, plus two where it earned points, plus one where it
    stands; ``times`` as in `Columns`.
    """

    resources: str
    codes: str
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
    """Take a guild's pulse; everything is read anew, nothing relies on being told."""
    found = (await conn.execute(_pulse(), {"guild": guild_id})).one()
    live_id, extended_at, until_at, last_event_id, *marks = found
    marks = [live_id, extended_at, until_at, *marks]
    return Pulse(live_id, extended_at, until_at, tuple(marks), last_event_id)


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


async def deeds(conn: Connection, guild_id: int, user_id: int) -> list[Deed]:
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


async def deed_columns(conn: Connection, guild_id: int, user_id: int) -> DeedColumns:
    """Return what `deeds` does, as columns: a busy member has thousands."""
    bound = {"guild": guild_id, "user": user_id}
    return DeedColumns(*(await conn.execute(_deed_columns(), bound)).one())


async def is_saved(conn: Connection, guild_id: int, user_id: int, resource_id: int) -> bool:
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
    by_source = undo.c.kind.in_(sorted({int(kind) for kind in _UNDONE_BY_SOURCE.values()}))
    found = select(literal(1)).where(
        (undo.c.guild_id + 0) == bindparam("guild"),
        undo.c.event_id > bindparam("after"),
        or_(
            undo.c.kind.in_(sorted(int(kind) for kind in _UNDONE_LATER.values())),
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
            impressions.c.resource_id,
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
    columns: list[Any] = [*(_text(column) for column in numbers), _time_text(at)]
    return select(*columns)


@cache
def _deed_columns() -> Select[Any]:
    rewarded, stands = cast(events.c.is_rewarded, Integer), cast(_stands(), Integer)
    part = (
        select(
            events.c.resource_id,
            (events.c.kind * 4 + rewarded * 2 + stands).label("code"),
            events.c.occurred_at.label("at"),
        )
        .where(
            events.c.guild_id == bindparam("guild"),
            events.c.user_id == bindparam("user"),
            events.c.resource_id.is_not(None),
        )
        .order_by(events.c.occurred_at, events.c.event_id)
        .subquery()
    )
    columns: list[Any] = [_text(part.c.resource_id), _text(part.c.code), _time_text(part.c.at)]
    return select(*columns)


def _trainable() -> Select[Any]:
    """Select what may train: what its member allows, and what still stands."""
    return select(
        events.c.event_id,
        events.c.user_id,
        events.c.resource_id,
        (events.c.kind * 2 + cast(events.c.is_rewarded, Integer)).label("code"),
        events.c.occurred_at,
    ).where(
        # The plus keeps SQLite from an index that knows the guild but not the order of ids.
        (events.c.guild_id + 0) == bindparam("guild"),
        events.c.event_id > bindparam("after"),
        events.c.resource_id.is_not(None),
        events.c.kind.in_([int(kind) for kind in _POSITIVE_OR_NOT]),
        is_allowed(events.c.user_id, events.c.occurred_at),
        _stands(),
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
        # In the words of the index, or SQLite walks through all that the member did later.
        later.append(undo.c.kind.in_(_undoing()))
        whens.append((events.c.kind == int(kind), ~_exists(undo, *later)))
    return case(*whens, else_=true())


def _undoing() -> BindParameter[Any]:
    kinds = sorted(int(kind) for kind in _UNDONE_LATER.values())
    return bindparam("undoing", kinds, expanding=True, literal_execute=True)


def _exists(undo: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(undo.c.event_id).where(*conditions).correlate(events).exists()


def _joined(rows: Select[Any]) -> Select[Any]:
    part = rows.subquery()
    return select(
        func.count(),
        _text(part.c.user_id),
        _text(part.c.resource_id),
        _text(part.c.code),
        _time_text(part.c.occurred_at),
        func.coalesce(func.max(part.c.event_id), 0),
    ).select_from(part)


def _text(column: ColumnElement[Any]) -> ColumnElement[str]:
    return func.coalesce(func.aggregate_strings(cast(column, Text), ","), "")


def _time_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    # Integers: SQLite writes them down twice as fast as decimals, and nothing is lost.
    return _text(cast(func.round(column * 1e6), Integer))
