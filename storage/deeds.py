"""What members did to resources, and what of it still stands.

An interaction stands unless it was taken back: a reaction removed, a message deleted, a save or a
dismissal undone. Many rows leave storage as comma-separated text, one per column: SQLite joins them
outside the interpreter's lock and numpy parses them in one go, so neither a refit nor a request
makes a Python object for every event.
"""

from dataclasses import dataclass, replace
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
    or_,
    select,
    true,
)

from storage import standing
from storage.connection import Connection
from storage.records import Deed, EventKind
from storage.schema import events
from storage.standing import stood_for

UNDONE_BY_SOURCE = {
    EventKind.REACTION: EventKind.REACTION_REMOVED,
    EventKind.MESSAGE: EventKind.MESSAGE_DELETED,
    EventKind.COMMENT: EventKind.MESSAGE_DELETED,
    EventKind.SOLVED: EventKind.UNSOLVED,
    EventKind.PURCHASE: EventKind.REFUND,
}
UNDONE_LATER = {EventKind.SAVE: EventKind.UNSAVE, EventKind.DISMISS: EventKind.UNDISMISS}
RETRACTED = (
    EventKind.USEFUL,
    EventKind.KNOWN,
    EventKind.TOO_EASY,
    EventKind.TOO_HARD,
    EventKind.OUTDATED,
    EventKind.BROKEN,
    EventKind.LIKED,
    EventKind.RATED,
    EventKind.DISLIKED,
    EventKind.STARTED,
    EventKind.DONE,
)
"""What a later RETRACTED takes back, whose qualifier is the kind."""
UNDOING = (*UNDONE_LATER.values(), EventKind.RETRACTED)
"""Kinds that take back what was done to the same resource before."""
_KINDS = {int(kind): kind for kind in EventKind}


@dataclass(frozen=True, slots=True)
class DeedColumns:
    """What one member did, oldest first, by column, each a comma-separated text.

    ``codes`` are four times the event's kind, plus two where it earned points, plus one where it
    stands; ``times`` as in `Columns`.
    """

    resources: str
    codes: str
    times: str


async def of(conn: Connection, guild_id: int, user_id: int) -> list[Deed]:
    """Return all a member did to resources, oldest first, whatever they consented to."""
    rows = await conn.execute(
        select(
            standing_id().label("standing"),
            events.c.resource_id,
            events.c.kind,
            events.c.occurred_at,
            events.c.is_rewarded,
            stands().label("stands"),
        )
        .where(
            events.c.guild_id == guild_id,
            events.c.user_id == user_id,
            events.c.resource_id.is_not(None),
        )
        .order_by(events.c.occurred_at, events.c.event_id)
    )
    found, is_any_moved = [], False
    for number, resource_id, kind, occurred_at, is_rewarded, stands_ in rows.all():
        is_any_moved |= number != resource_id
        deed = Deed(
            resource_id=number,
            kind=_KINDS[kind],
            occurred_at=occurred_at,
            is_rewarded=is_rewarded,
            stands=stands_,
        )
        found.append(deed)
    return _settled(found) if is_any_moved else found


def _settled(found: list[Deed]) -> list[Deed]:
    """Return deeds of which what was taken back under another id of a resource does not stand."""
    undone: set[tuple[EventKind, int]] = set()
    settled = []
    for deed in reversed(found):
        if deed.kind in UNDONE_LATER.values():
            undone.add((deed.kind, deed.resource_id))
        undone_by = UNDONE_LATER.get(deed.kind)
        is_undone = undone_by is not None and (undone_by, deed.resource_id) in undone
        settled.append(replace(deed, stands=False) if is_undone else deed)
    return settled[::-1]


async def columns(conn: Connection, guild_id: int, user_id: int) -> DeedColumns:
    """Return what `of` does, as columns: a busy member has thousands."""
    bound = {"guild": guild_id, "user": user_id}
    return DeedColumns(*(await conn.execute(_columns(), bound)).one())


async def solved_by(
    conn: Connection, guild_id: int, user_id: int, since: float
) -> list[tuple[int, float]]:
    """Return which resources a member said solved what they asked, and when, as far as it stands.

    Resources as they stand now, where they were merged or replaced.
    """
    rows = await conn.execute(
        select(standing_id(), events.c.occurred_at).where(
            events.c.guild_id == guild_id,
            events.c.user_id == user_id,
            events.c.occurred_at >= since,
            events.c.kind == int(EventKind.SOLVED),
            stands(),
        )
    )
    return [(resource_id, at) for resource_id, at in rows]


async def is_saved(conn: Connection, guild_id: int, user_id: int, resource_id: int) -> bool:
    """Say whether the newest of the member's saves and unsaves of a resource is a save."""
    newest = await conn.scalar(
        select(events.c.kind)
        .where(
            events.c.guild_id == guild_id,
            events.c.user_id == user_id,
            events.c.resource_id.in_(stood_for(guild_id, resource_id)),
            events.c.kind.in_([int(EventKind.SAVE), int(EventKind.UNSAVE)]),
        )
        .order_by(events.c.occurred_at.desc(), events.c.event_id.desc())
        .limit(1)
    )
    return newest == int(EventKind.SAVE)


# Statements are built once: building one costs the event loop more than running it.


@cache
def _columns() -> Select[Any]:
    is_paid, is_left = cast(events.c.is_rewarded, Integer), cast(stands(), Integer)
    part = (
        select(
            standing_id().label("resource_id"),
            (events.c.kind * 4 + is_paid * 2 + is_left).label("code"),
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
    columns: list[Any] = [
        as_text(part.c.resource_id),
        as_text(part.c.code),
        times_as_text(part.c.at),
    ]
    return select(*columns)


@cache
def standing_id() -> ColumnElement[int]:
    """Return what stands for an event's resource now, where that was merged or replaced."""
    return standing.now(events.c.resource_id)


@cache
def stands() -> ColumnElement[bool]:
    """Say that an event was not taken back; kinds that cannot be always stand."""
    undo = events.alias("undo")
    same = and_(undo.c.guild_id == events.c.guild_id, undo.c.user_id == events.c.user_id)
    whens: list[tuple[ColumnElement[bool], ColumnElement[bool]]] = []
    for kind, undone_by in UNDONE_BY_SOURCE.items():
        of_source = [same, undo.c.source_id == events.c.source_id, undo.c.kind == int(undone_by)]
        if kind in (EventKind.REACTION, EventKind.SOLVED, EventKind.PURCHASE):
            of_source.append(undo.c.qualifier == events.c.qualifier)
        whens.append((events.c.kind == int(kind), ~_exists(undo, *of_source)))
    # Also what was taken back under the id of what stands for it now.
    same_resource = undo.c.resource_id.in_([events.c.resource_id, standing_id()])
    is_later = or_(
        undo.c.occurred_at > events.c.occurred_at,
        and_(undo.c.occurred_at == events.c.occurred_at, undo.c.event_id > events.c.event_id),
    )
    for kind, undone_by in UNDONE_LATER.items():
        later = [same, undo.c.occurred_at >= events.c.occurred_at, is_later]
        later += [same_resource, undo.c.kind == int(undone_by)]
        # In the words of the index, or SQLite walks through all that the member did later.
        later.append(undo.c.kind.in_(_undoing()))
        whens.append((events.c.kind == int(kind), ~_exists(undo, *later)))
    said = [same, undo.c.occurred_at >= events.c.occurred_at, is_later]
    said += [same_resource, undo.c.kind == int(EventKind.RETRACTED)]
    said += [undo.c.qualifier == events.c.kind, undo.c.kind.in_(_undoing())]
    opinions = events.c.kind.in_([int(kind) for kind in RETRACTED])
    whens.append((opinions, ~_exists(undo, *said)))
    return case(*whens, else_=true())


def _undoing() -> BindParameter[Any]:
    kinds = sorted(int(kind) for kind in UNDOING)
    return bindparam("undoing", kinds, expanding=True, literal_execute=True)


def _exists(undo: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(undo.c.event_id).where(*conditions).correlate(events).exists()


def as_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return a column's numbers as one text, separated by commas."""
    return func.coalesce(func.aggregate_strings(cast(column, Text), ","), "")


def times_as_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return a column of moments likewise, in whole microseconds since 1970."""
    # Integers: SQLite writes them down twice as fast as decimals, and nothing is lost.
    return as_text(cast(func.round(column * 1e6), Integer))
