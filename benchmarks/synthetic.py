"""A guild as large as wished, planted with tastes, for the benchmarks beside this file."""

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.records import EventKind

GUILD = 1
NOW = 1_772_000_000.0
N_TASTES = 20
N_DAYS = 180
DAY_S = 86_400.0
_KINDS = (EventKind.OPEN, EventKind.REACTION, EventKind.SAVE, EventKind.COMMENT)
_SHARES = (0.84, 0.09, 0.04, 0.03)


async def plant(
    database: Database, *, n_members: int, n_resources: int, n_events: int, seed: int = 0
) -> None:
    """Fill an empty database: members who consent, resources over half a year, their events.

    Four of five events are on resources of the member's own taste, and a resource is touched
    most in the days after it appeared.
    """
    rng = np.random.default_rng(seed)
    published = np.sort(NOW - rng.uniform(0, N_DAYS, n_resources) * DAY_S)
    rows = _events(rng, n_members, published, n_events)

    async def job(conn: AsyncConnection) -> None:
        await conn.exec_driver_sql(
            "INSERT INTO members (guild_id, user_id, consent, created_at) VALUES (?, ?, ?, ?)",
            [(GUILD, member, "granted", NOW) for member in range(1, n_members + 1)],
        )
        await conn.exec_driver_sql(
            "INSERT INTO resources (resource_id, guild_id, kind, title, url, url_key, tags,"
            " summary, creator, published_at, created_at, updated_at)"
            " VALUES (?, ?, 'article', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_resource(i, float(at)) for i, at in enumerate(published, start=1)],
        )
        for start in range(0, len(rows), 100_000):
            await conn.exec_driver_sql(
                "INSERT INTO events (guild_id, source_id, kind, user_id, occurred_at,"
                " recorded_at, resource_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
                rows[start : start + 100_000],
            )

    await database.write(job)


def _resource(number: int, at: float) -> tuple[object, ...]:
    url = f"https://example.org/{number}"
    summary = f"What resource {number} is about, in a sentence or two of the usual length."
    creator, tag = f"Author {number % 500}", f'["topic {number % N_TASTES}"]'
    return number, GUILD, f"Resource {number}", url, url, tag, summary, creator, at, at, at


def _events(
    rng: np.random.Generator, n_members: int, published: np.ndarray, n_events: int
) -> list[tuple[object, ...]]:
    times = np.sort(NOW - rng.uniform(0, N_DAYS - 5, n_events) * DAY_S)
    members = (rng.pareto(1.2, n_events) * n_members / 20).astype(np.int64) % n_members
    n_known = np.searchsorted(published, times, "right")
    newest_first = (rng.pareto(0.8, n_events) * 10).astype(np.int64)
    resources = n_known - 1 - newest_first % np.maximum(n_known, 1)
    own = resources - resources % N_TASTES + members % N_TASTES
    is_own = (rng.random(n_events) < 0.8) & (own < n_known)
    resources = np.where(is_own, own, resources)
    kinds = rng.choice([int(kind) for kind in _KINDS], n_events, p=_SHARES)
    columns = (kinds, members + 1, times, resources + 1)
    listed = zip(*(column.tolist() for column in columns), strict=True)
    return [
        (GUILD, number, kind, member, at, at, resource)
        for number, (kind, member, at, resource) in enumerate(listed, start=1)
        if resource > 0
    ]
