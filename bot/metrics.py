"""What is counted and measured, in Prometheus' words. No label says who somebody is or where."""

import asyncio
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from types import SimpleNamespace
from typing import Any, TypeVar

import aiohttp
import prometheus_client as prometheus
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from bot.backups import Backups
from bot.clock import Clock
from bot.pulse import Pulse
from storage import release, watching
from storage.database import Database
from storage.migrations import head

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
INVALID = (401, 403, 429)
"""Statuses of which Discord bars an address after 10,000 in ten minutes."""
INVALID_WITHIN_S = 600.0
LATE_S = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
COMMIT_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30)
_ID = re.compile(r"^\d{5,}$")
_TOKEN_AFTER = {"interactions", "webhooks"}
_ROUTES_MAX = 200
Labels = TypeVar("Labels", bound=tuple[str, ...])


@dataclass(slots=True, eq=False)
class Meters:
    """Everything that is measured, in one registry."""

    database: Database
    backups: Backups
    pulse: Pulse
    clock: Clock
    events: Mapping[tuple[str, str], int]
    """How many events there were of each kind with each result."""
    registry: prometheus.CollectorRegistry = field(default_factory=prometheus.CollectorRegistry)
    _invalid: deque[float] = field(default_factory=deque)
    _requests: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _gauges: list[Metric] = field(default_factory=list)

    def __post_init__(self) -> None:
        prometheus.ProcessCollector(registry=self.registry)
        late = prometheus.Histogram(
            "lyceum_loop_lag_seconds",
            "How late the event loop is, looked at twice a second.",
            buckets=LATE_S,
            registry=self.registry,
        )
        commit = prometheus.Histogram(
            "lyceum_commit_seconds",
            "How long the writer took for one transaction, the disk included.",
            buckets=COMMIT_S,
            registry=self.registry,
        )
        jobs = prometheus.Counter(
            "lyceum_writes", "Jobs that shared those transactions.", registry=self.registry
        )

        def committed(took_s: float, n_jobs: int) -> None:
            commit.observe(took_s)
            jobs.inc(n_jobs)

        self.pulse.beats.append(late.observe)
        self.database.committed.append(committed)
        self.registry.register(self)

    async def text(self) -> bytes:
        """Return all of it as Prometheus reads it."""
        now = self.clock()
        room = await asyncio.to_thread(watching.room, self.database.path)
        async with self.database.read() as conn:
            found = await watching.figures(conn, now.timestamp())
        self._gauges = [*_of_database(found, room), *self._of_backups(now)]
        return prometheus.generate_latest(self.registry)

    def collect(self) -> Iterator[Metric]:
        """Give what stands elsewhere; the registry asks."""
        yield from self._gauges
        yield _gauge("writer_queue", "Jobs that wait for the writer.", self.database.n_waiting)
        yield _gauge(
            "gateway_connected", "1 while Discord's gateway is there.", self.pulse.is_connected()
        )
        yield _gauge(
            "discord_invalid_requests",
            "Requests of the last ten minutes that Discord refused; 10,000 bar the address.",
            self.n_invalid(),
        )
        yield _labelled(
            CounterMetricFamily("lyceum_events", "Events.", labels=("kind", "result")), self.events
        )
        requests = CounterMetricFamily(
            "lyceum_discord_requests", "Calls of Discord.", labels=("method", "route", "status")
        )
        yield _labelled(requests, self._requests)
        build = GaugeMetricFamily(
            "lyceum_build_info", "Which release this is.", labels=("version", "commit", "schema")
        )
        build.add_metric((release.version(), release.commit(), head()), 1)
        yield build

    def n_invalid(self) -> int:
        """Return how many requests Discord refused in the last ten minutes."""
        end = monotonic() - INVALID_WITHIN_S
        while self._invalid and self._invalid[0] < end:
            self._invalid.popleft()
        return len(self._invalid)

    def trace(self) -> aiohttp.TraceConfig:
        """Return what discord.py's session is given so that its calls are counted."""

        async def answered(
            _session: aiohttp.ClientSession,
            _context: SimpleNamespace,
            end: aiohttp.TraceRequestEndParams,
        ) -> None:
            self.called(end.method, end.url.path, str(end.response.status))
            if end.response.status in INVALID:
                self._invalid.append(monotonic())

        async def failed(
            _session: aiohttp.ClientSession,
            _context: SimpleNamespace,
            end: aiohttp.TraceRequestExceptionParams,
        ) -> None:
            self.called(end.method, end.url.path, "none")

        made = aiohttp.TraceConfig()
        made.on_request_end.append(answered)
        made.on_request_exception.append(failed)
        return made

    def called(self, method: str, path: str, status: str) -> None:
        """Count a call; the number of different routes is bounded."""
        key = (method, route_of(path), status)
        if len(self._requests) >= _ROUTES_MAX and key not in self._requests:
            key = (method, "other", status)
        self._requests[key] += 1

    def _of_backups(self, now: datetime) -> Iterator[Metric]:
        age = self.backups.age_s(now)
        if age is not None:
            yield _gauge("backup_age_seconds", "Of the newest backup.", age)
        yield _gauge("backup_failing", "1 while no backup can be made.", bool(self.backups.problem))


def route_of(path: str) -> str:
    """Return a path of Discord's with nothing in it of whom or what it is about."""
    parts: list[str] = []
    for part in path.split("/")[1:]:
        before = parts[-1] if parts else ""
        if before == "{id}" and parts[-2:-1] and parts[-2] in _TOKEN_AFTER:
            part = "{token}"
        elif _ID.match(part):
            part = "{id}"
        elif before == "reactions":
            part = "{emoji}"
        parts.append(part)
    shown = parts[2:] if parts[:1] == ["api"] else parts
    return "/" + "/".join(shown)


def _gauge(name: str, about: str, value: float | bool) -> Metric:
    return GaugeMetricFamily(f"lyceum_{name}", about, value=float(value))


def _labelled(family: Any, values: Mapping[Labels, float]) -> Metric:
    for labels, value in list(values.items()):
        family.add_metric(labels, value)
    made: Metric = family
    return made


def _of_database(found: watching.Figures, room: watching.Room) -> Iterator[Metric]:
    deliveries = GaugeMetricFamily(
        "lyceum_deliveries", "Digests of the last 8 days.", labels=("state",)
    )
    yield _labelled(deliveries, {(state,): n for state, n in found.deliveries.items()})
    yield _gauge(
        "delivery_lag_seconds", "For how long the next digest is overdue.", found.overdue_s
    )
    size = GaugeMetricFamily("lyceum_database_bytes", "The database.", labels=("part",))
    yield _labelled(size, {("file",): room.file, ("log",): room.log})
    yield _gauge("disk_free_bytes", "Free beside the database.", room.free)
    yield _gauge("disk_free_ratio", "The share of that disk that is free.", room.free_share)
    yield _gauge(
        "refits_failing_seconds", "For how long a guild's refits have failed.", found.failing_s
    )
    known: tuple[tuple[str, str, float | None], ...] = (
        ("model_age_seconds", "Of the oldest model that serves.", found.model_age_s),
        ("refit_seconds", "How long the last refit took.", found.refit_s),
        ("refit_age_seconds", "How long ago it was.", found.refit_age_s),
    )
    for name, about, value in known:
        if value is not None:
            yield _gauge(name, about, value)
