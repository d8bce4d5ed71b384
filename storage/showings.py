"""What was shown and what became of it, in bulk, for figures about a guild as a whole.

Many rows leave as columns of text, as `storage.deeds` says why. Whoever is not tracked has none.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, cast, func, select
from sqlalchemy.types import Integer

from storage.connection import Connection
from storage.deeds import as_text, times_as_text
from storage.records import EventKind, Surface
from storage.schema import deliveries, digest_settings, events, impressions, questions, resources

SURFACES: tuple[Surface, ...] = get_args(Surface)
ARMS = ("other", "model", "popular", "holdout")
ANSWERED_S = 86_400
"""An answer within so long is a quick one."""


@dataclass(frozen=True, slots=True)
class ShownColumns:
    """Impressions of a span of time by column, each a comma-separated text, oldest first.

    ``surfaces`` and ``arms`` are places in `SURFACES` and `ARMS`; ``teams`` 1 and 0 for the new
    and the old ranker of an interleaved list, -1 elsewhere.
    """

    ids: str
    members: str
    resources: str
    surfaces: str
    arms: str
    teams: str
    times: str


@dataclass(frozen=True, slots=True)
class ActColumns:
    """What was done to resources, by column likewise; ``sources`` of opens are impressions."""

    members: str
    resources: str
    kinds: str
    sources: str
    times: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """Digests of a span of time: due, left out for want of likely cards, sent; members stopped."""

    n_due: int
    n_gated: int
    n_sent: int
    n_stopped: int
    n_members: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions of a span of time; ``n_quick`` were answered within a day."""

    n_asked: int
    n_quick: int
    n_solved: int
    n_members: int


async def shown(conn: Connection, guild_id: int, since: float, until: float) -> ShownColumns:
    """Return what was shown to members between two moments."""
    bound = {"guild": guild_id, "since": since, "until": until}
    return ShownColumns(*(await conn.execute(_shown(), bound)).one())


async def acts(
    conn: Connection, guild_id: int, since: float, until: float, kinds: Collection[EventKind]
) -> ActColumns:
    """Return what members did to resources between two moments, of these kinds."""
    part = (
        select(
            events.c.user_id,
            events.c.resource_id,
            events.c.kind,
            events.c.source_id,
            events.c.occurred_at,
        )
        .where(
            events.c.guild_id == guild_id,
            events.c.resource_id.is_not(None),
            events.c.kind.in_([int(kind) for kind in kinds]),
            events.c.occurred_at.between(since, until),
        )
        .subquery()
    )
    *numbers, at = part.c
    columns: list[Any] = [*(as_text(column) for column in numbers), times_as_text(at)]
    return ActColumns(*(await conn.execute(select(*columns))).one())


async def catalogue(conn: Connection, guild_id: int) -> list[tuple[int, str, int, float]]:
    """Return id, kind, creator (0 for nobody of the guild) and first day of every resource."""
    creator = func.coalesce(resources.c.creator_id, 0)
    rows = await conn.execute(
        select(resources.c.resource_id, resources.c.kind, creator, resources.c.created_at).where(
            resources.c.guild_id == guild_id
        )
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


async def funnel(conn: Connection, guild_id: int, since: float, until: float) -> Funnel:
    """Count digests by plan between two moments, and members whose letters stopped."""
    state = deliveries.c.state
    row = (
        await conn.execute(
            select(
                func.count(),
                _n(and_(state == "skipped", deliveries.c.n_gated > 0)),
                _n(state == "sent"),
                func.count(deliveries.c.user_id.distinct()),
            ).where(
                deliveries.c.guild_id == guild_id,
                deliveries.c.claimed_at.between(since, until),
                deliveries.c.period.not_like("now-%"),
            )
        )
    ).one()
    stopped = await conn.scalar(
        select(func.count()).where(
            digest_settings.c.guild_id == guild_id,
            digest_settings.c.stage == 3,
            digest_settings.c.stage_at.between(since, until),
        )
    )
    return Funnel(
        n_due=row[0], n_gated=row[1], n_sent=row[2], n_stopped=int(stopped or 0), n_members=row[3]
    )


async def letters(
    conn: Connection, guild_id: int, since: float, until: float
) -> list[tuple[int, ...]]:
    """Return the impressions of each letter by plan that was sent between two moments."""
    rows = await conn.execute(
        select(deliveries.c["items"]).where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.state == "sent",
            deliveries.c.claimed_at.between(since, until),
            deliveries.c.period.not_like("now-%"),
        )
    )
    return [tuple(item["impression_id"] for item in items) for items in rows.scalars()]


async def asked(conn: Connection, guild_id: int, since: float, until: float) -> Asked:
    """Count questions between two moments."""
    quick = questions.c.first_answer_at <= questions.c.asked_at + ANSWERED_S
    row = (
        await conn.execute(
            select(
                func.count(),
                _n(quick),
                _n(questions.c.solved_at.is_not(None)),
                func.count(questions.c.user_id.distinct()),
            ).where(questions.c.guild_id == guild_id, questions.c.asked_at.between(since, until))
        )
    ).one()
    return Asked(n_asked=row[0], n_quick=row[1], n_solved=row[2], n_members=row[3])


async def n_members(conn: Connection, guild_id: int, since: float) -> int:
    """Return how many members were shown something since a moment."""
    found = await conn.scalar(
        select(func.count(impressions.c.user_id.distinct())).where(
            impressions.c.guild_id == guild_id, impressions.c.shown_at >= since
        )
    )
    return int(found or 0)


def _n(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(cast(condition, Integer)), 0)


@cache
def _shown() -> Select[Any]:
    arm = impressions.c.arm
    surface = case(
        {name: at for at, name in enumerate(SURFACES)}, value=impressions.c.surface, else_=0
    )
    code = case({name: at for at, name in enumerate(ARMS)}, value=arm, else_=0)
    team = case((arm == "team:1", 1), (arm == "team:0", 0), else_=-1)
    part = (
        select(
            impressions.c.impression_id,
            impressions.c.user_id,
            impressions.c.resource_id,
            surface.label("surface"),
            code.label("code"),
            team.label("team"),
            impressions.c.shown_at,
        )
        .where(
            impressions.c.guild_id == bindparam("guild"),
            impressions.c.shown_at >= bindparam("since"),
            impressions.c.shown_at < bindparam("until"),
        )
        .order_by(impressions.c.shown_at, impressions.c.impression_id)
        .subquery()
    )
    *numbers, at = part.c
    columns: list[Any] = [*(as_text(column) for column in numbers), times_as_text(at)]
    return select(*columns)
