"""A guild as large as wished, planted with tastes, for the benchmarks beside this file."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from storage.folding import words_of
from storage.records import EventKind

GUILD = 1
NOW = 1_772_000_000.0
N_TASTES = 20
N_DAYS = 180
DAY_S = 86_400.0
N_ROWS_AT_ONCE = 100_000
_KINDS = (EventKind.OPEN, EventKind.REACTION, EventKind.SAVE, EventKind.COMMENT)
_SHARES = (0.84, 0.09, 0.04, 0.03)
_MEMBERS = "INSERT INTO members (guild_id, user_id, consent, created_at) VALUES (?, ?, ?, ?)"
_RESOURCES = (
    "INSERT INTO resources (resource_id, guild_id, kind, title, url, url_key, tags, summary,"
    " creator, published_at, created_at, updated_at, folded)"
    " VALUES (?,?,'article',?,?,?,?,?,?,?,?,?,?)"
)
_EVENTS = (
    "INSERT INTO events (guild_id, source_id, kind, user_id, occurred_at, recorded_at,"
    " resource_id) VALUES (?,?,?,?,?,?,?)"
)


def plant(
    path: Path, *, n_members: int, n_resources: int, n_events: int, seed: int = 0, first_id: int = 1
) -> None:
    """Fill a migrated database: members who consent, resources over half a year, their events.

    Four of five events are on resources of the member's own taste, and a resource is touched
    most in the days after it appeared. Members' ids begin with `first_id`, 997 apart where it is
    not 1. Indexes are dropped and made again, which is faster than keeping them.
    """
    rng = np.random.default_rng(seed)
    published = np.sort(NOW - rng.uniform(0, N_DAYS, n_resources) * DAY_S)
    ids = np.arange(n_members) * (1 if first_id == 1 else 997) + first_id
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("PRAGMA synchronous=OFF")
        indexes = conn.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            " AND tbl_name = 'events'"
        ).fetchall()
        for name, _ in indexes:
            conn.execute(f"DROP INDEX {name}")
        conn.executemany(_MEMBERS, ((GUILD, member, "granted", NOW) for member in ids.tolist()))
        conn.executemany(
            _RESOURCES, (_resource(i, at) for i, at in enumerate(published.tolist(), start=1))
        )
        conn.executemany(_EVENTS, _events(rng, ids, published, n_events))
        for _, sql in indexes:
            conn.execute(sql)
        conn.execute("ANALYZE")


def _resource(number: int, at: float) -> tuple[object, ...]:
    url = f"https://example.org/{number}"
    summary = f"What resource {number} is about, in a sentence or two of the usual length."
    creator, tag = f"Author {number % 500}", f'["topic {number % N_TASTES}"]'
    title = f"Resource {number}"
    words = words_of(title, json.loads(tag), summary)
    return number, GUILD, title, url, url, tag, summary, creator, at, at, at, words


def _events(
    rng: np.random.Generator, ids: np.ndarray, published: np.ndarray, n_events: int
) -> Iterator[tuple[object, ...]]:
    times = np.sort(NOW - rng.uniform(0, N_DAYS - 5, n_events) * DAY_S)
    for start in range(0, n_events, N_ROWS_AT_ONCE):
        yield from _block(rng, ids, published, times[start : start + N_ROWS_AT_ONCE], start + 1)


def _block(
    rng: np.random.Generator, ids: np.ndarray, published: np.ndarray, times: np.ndarray, first: int
) -> Iterator[tuple[object, ...]]:
    n_members, n_events = len(ids), len(times)
    members = (rng.pareto(1.2, n_events) * n_members / 20).astype(np.int64) % n_members
    n_known = np.searchsorted(published, times, "right")
    newest_first = (rng.pareto(0.8, n_events) * 10).astype(np.int64)
    resources = n_known - 1 - newest_first % np.maximum(n_known, 1)
    own = resources - resources % N_TASTES + members % N_TASTES
    is_own = (rng.random(n_events) < 0.8) & (own < n_known)
    resources = np.where(is_own, own, resources)
    kinds = rng.choice([int(kind) for kind in _KINDS], n_events, p=_SHARES)
    columns = (kinds, ids[members], times, resources + 1)
    listed = zip(*(column.tolist() for column in columns), strict=True)
    for number, (kind, member, at, resource) in enumerate(listed, start=first):
        if resource > 0:
            yield GUILD, number, kind, member, at, at, resource
