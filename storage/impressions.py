"""What was shown to whom, and the tracked links that lead from there to a resource."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, cast, delete, func, insert, literal, select

from storage import standing
from storage.connection import Connection
from storage.consent import is_allowed
from storage.deeds import as_text
from storage.records import EventKind, Impression, Link, Surface
from storage.schema import events, impressions, links, resources

N_JUDGED_MAX = 200_000
"""Impressions that chances of opening are learned from; the newest count."""


async def append(conn: Connection, impression: Impression) -> int:
    """Store an impression and return its id."""
    values: dict[str, Any] = asdict(impression)
    del values["impression_id"]
    statement = insert(impressions).values(values).returning(impressions.c.impression_id)
    return int((await conn.execute(statement)).scalar_one())


async def insert_many(conn: Connection, shown: Sequence[Impression]) -> None:
    """Store a history of impressions, with the ids that they bring, by one statement."""
    names = [column.name for column in impressions.c]
    values = [{name: getattr(each, name) for name in names} for each in shown]
    if values:
        await conn.execute(insert(impressions), values)


async def impression(conn: Connection, impression_id: int) -> Impression | None:
    """Return one impression."""
    row = (
        await conn.execute(select(impressions).where(impressions.c.impression_id == impression_id))
    ).one_or_none()
    return Impression(**row._mapping) if row else None


async def hardly_shown(
    conn: Connection, guild_id: int, resource_ids: Sequence[int], below: int
) -> list[int]:
    """Return those of the resources that were shown less than `below` times.

    What was shown to members whose records may not train counts for nobody else, here too.
    """
    shown = (
        select(impressions.c.resource_id)
        .where(
            impressions.c.guild_id == bindparam("guild"),
            impressions.c.resource_id.in_(resource_ids),
            is_allowed(impressions.c.user_id, impressions.c.shown_at),
        )
        .group_by(impressions.c.resource_id)
        .having(func.count() >= below)
    )
    known = set((await conn.execute(shown, {"guild": guild_id})).scalars())
    return [resource_id for resource_id in resource_ids if resource_id not in known]


async def funnel(
    conn: Connection, guild_id: int, since: float
) -> list[tuple[int, int, str, float, bool]]:
    """Return what was shown since a moment: (member, resource, surface, moment, was it opened)."""
    was_opened = (
        select(events.c.event_id)
        .where(
            events.c.guild_id == impressions.c.guild_id,
            events.c.source_id == impressions.c.impression_id,
            events.c.kind == int(EventKind.OPEN),
            events.c.user_id == impressions.c.user_id,
        )
        .correlate(impressions)
        .exists()
    )
    rows = await conn.execute(
        select(
            impressions.c.user_id,
            impressions.c.resource_id,
            impressions.c.surface,
            impressions.c.shown_at,
            was_opened.label("was_opened"),
        ).where(impressions.c.guild_id == guild_id, impressions.c.shown_at >= since)
    )
    return [(row[0], row[1], row[2], float(row[3]), bool(row[4])) for row in rows]


async def lately(
    conn: Connection, guild_id: int, user_id: int, since: float, limit: int
) -> list[tuple[int, float, str]]:
    """Return a member's newest impressions since a moment: resource, moment, surface."""
    rows = await conn.execute(
        select(
            standing.now(impressions.c.resource_id).label("resource_id"),
            impressions.c.shown_at,
            impressions.c.surface,
        )
        .where(
            impressions.c.guild_id == guild_id,
            impressions.c.user_id == user_id,
            impressions.c.shown_at >= since,
            impressions.c.surface.in_(("recommend", "digest")),
        )
        .order_by(impressions.c.shown_at.desc(), impressions.c.impression_id.desc())
        .limit(limit)
    )
    return [(row.resource_id, row.shown_at, row.surface) for row in rows]


async def taken(conn: Connection, guild_id: int, user_id: int, since: float) -> tuple[int, int]:
    """Return how much a member was shown since a moment, and how much of it they opened."""
    was_opened = (
        select(events.c.event_id)
        .where(
            events.c.guild_id == guild_id,
            events.c.source_id == impressions.c.impression_id,
            events.c.kind == EventKind.OPEN,
            events.c.user_id == user_id,
        )
        .exists()
    )
    row = await conn.execute(
        select(func.count(), func.coalesce(func.sum(cast(was_opened, Integer)), 0)).where(
            impressions.c.guild_id == guild_id,
            impressions.c.user_id == user_id,
            impressions.c.shown_at >= since,
            impressions.c.surface.in_(("recommend", "digest")),
        )
    )
    n_shown, n_opened = row.one()
    return int(n_shown), int(n_opened)


@dataclass(frozen=True, slots=True)
class JudgedColumns:
    """Ranked impressions by column, oldest first, each a comma-separated text.

    ``digests`` and ``opened`` are 0 or 1; ``scores`` as in `Impression`.
    """

    members: str
    scores: str
    positions: str
    digests: str
    opened: str


async def judged(conn: Connection, guild_id: int, since: float) -> JudgedColumns:
    """Return the newest `N_JUDGED_MAX` impressions with a score that may train."""
    bound = {"guild": guild_id, "since": since}
    return JudgedColumns(*(await conn.execute(_judged(), bound)).one())


@cache
def _judged() -> Select[Any]:
    was_opened = select(events.c.event_id).where(
        events.c.guild_id == impressions.c.guild_id,
        events.c.source_id == impressions.c.impression_id,
        events.c.kind == literal(int(EventKind.OPEN), literal_execute=True),
        events.c.user_id == impressions.c.user_id,
    )
    newest = (
        select(
            impressions.c.impression_id,
            impressions.c.user_id,
            impressions.c.score,
            impressions.c.position,
            cast(impressions.c.surface == "digest", Integer).label("digest"),
            cast(was_opened.exists(), Integer).label("opened"),
        )
        .where(
            impressions.c.guild_id == bindparam("guild"),
            impressions.c.shown_at >= bindparam("since"),
            impressions.c.score.is_not(None),
            impressions.c.surface.in_(("recommend", "digest")),
            is_allowed(impressions.c.user_id, impressions.c.shown_at),
        )
        .order_by(impressions.c.impression_id.desc())
        .limit(N_JUDGED_MAX)
        .subquery()
    )
    part = select(newest).order_by(newest.c.impression_id).subquery()
    columns: list[Any] = [as_text(column) for name, column in part.c.items() if name[:2] != "im"]
    return select(*columns)


async def titles(
    conn: Connection, guild_id: int, user_id: int, surface: Surface, n_lists: int
) -> list[list[str]]:
    """Return the titles on the lists that a member was shown last, the newest list first."""
    shown = (
        select(impressions.c.shown_at)
        .distinct()
        .where(
            impressions.c.guild_id == guild_id,
            impressions.c.user_id == user_id,
            impressions.c.surface == surface,
        )
        .order_by(impressions.c.shown_at.desc())
        .limit(n_lists)
    )
    moments = (await conn.execute(shown)).scalars().all()
    lists = []
    for moment in moments:
        on_it = await conn.execute(
            select(resources.c.title)
            .join(impressions, impressions.c.resource_id == resources.c.resource_id)
            .where(
                impressions.c.guild_id == guild_id,
                impressions.c.user_id == user_id,
                impressions.c.surface == surface,
                impressions.c.shown_at == moment,
            )
            .order_by(impressions.c.position)
        )
        lists.append(list(on_it.scalars()))
    return lists


async def add_link(conn: Connection, link: Link) -> None:
    """Store a tracked link."""
    await conn.execute(insert(links).values(asdict(link)))


async def link(conn: Connection, token: str) -> Link | None:
    """Return the link a token stands for, expired or not."""
    row = (await conn.execute(select(links).where(links.c.token == token))).one_or_none()
    return Link(**row._mapping) if row else None


async def drop_expired_links(conn: Connection, now: float) -> int:
    """Delete links that no longer lead anywhere; return how many."""
    return (await conn.execute(delete(links).where(links.c.expires_at <= now))).rowcount
