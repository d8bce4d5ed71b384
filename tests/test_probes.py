"""What monitors are told: alive, ready, and figures in which nobody is named."""

import json
import logging
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import logs
from bot.alarm import Alarm, judged
from bot.app import App, make_web, open_app
from bot.membership import Present
from bot.metrics import route_of
from bot.web import serving
from storage.watching import Room
from tests.beginnings import begin
from tests.discord_sim import World, settings_for

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
TOKEN = "a secret of our own"


@dataclass
class Monitor:
    root: str
    app: App

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session:
            async with session.get(self.root + path, headers=headers) as answer:
                return answer.status, await answer.text()

    async def figures(self) -> dict[str, float]:
        status, text = await self.get("/metrics", Authorization=f"Bearer {TOKEN}")
        assert status == 200
        return {
            sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@pytest.fixture
async def monitor(tmp_path: Path) -> AsyncIterator[Monitor]:
    settings = settings_for(begin(tmp_path / "l.sqlite3"), metrics_token=TOKEN)
    async with open_app(settings, clock=lambda: NOW) as app:
        app.pulse.is_connected = lambda: True
        async with serving(make_web(app, Present()), "127.0.0.1", 0) as port:
            yield Monitor(f"http://127.0.0.1:{port}", app)


async def test_who_is_ready_says_why_and_who_is_not_too(monitor: Monitor) -> None:
    status, text = await monitor.get("/readyz")
    assert (status, json.loads(text)["checks"]) == (
        200,
        {"gateway": True, "database": True, "schema": True, "disk": True},
    )
    monitor.app.pulse.is_connected = lambda: False
    status, text = await monitor.get("/readyz")
    assert (status, json.loads(text)["checks"]["gateway"]) == (503, False)
    assert json.loads(text)["checks"]["database"]


async def test_whoever_cannot_write_is_alive_but_not_ready(monitor: Monitor) -> None:
    with closing(sqlite3.connect(monitor.app.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert (await monitor.get("/readyz"))[0] == 503
        assert await monitor.get("/healthz") == (200, '{"status": "ok"}')


async def test_metrics_are_for_whoever_has_the_token(monitor: Monitor) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": TOKEN}):
        assert (await monitor.get("/metrics", **headers))[0] == 404


async def test_without_a_token_there_are_no_metrics(tmp_path: Path) -> None:
    settings = settings_for(begin(tmp_path / "l.sqlite3"))
    async with (
        open_app(settings, clock=lambda: NOW) as app,
        serving(make_web(app, Present()), "127.0.0.1", 0) as port,
    ):
        plain = Monitor(f"http://127.0.0.1:{port}", app)
        assert (await plain.get("/metrics", Authorization="Bearer "))[0] == 404


async def test_figures_tell_what_is_stored_and_done(monitor: Monitor) -> None:
    before = await monitor.figures()
    await monitor.app.services.activity.open_thread(7, 1, 2, 3, NOW.timestamp())
    await monitor.app.services.activity.open_thread(7, 1, 2, 3, NOW.timestamp())
    await monitor.app.backups.tick(NOW)
    trace = monitor.app.meters
    trace.called("GET", "/api/v10/channels/123456789/messages", "200")
    after = await monitor.figures()
    assert after["lyceum_events_total[thread][new]"] == 1
    assert after["lyceum_events_total[thread][known]"] == 1
    assert after["lyceum_commit_seconds_count"] > before["lyceum_commit_seconds_count"]
    assert after["lyceum_backup_age_seconds"] == 0 and "lyceum_backup_age_seconds" not in before
    assert after["lyceum_database_bytes[file]"] > 100_000
    assert 0 < after["lyceum_disk_free_ratio"] <= 1
    assert after["lyceum_discord_requests_total[GET][/channels/{id}/messages][200]"] == 1
    assert after["process_resident_memory_bytes"] > 1e6
    assert {"lyceum_writer_queue", "lyceum_loop_lag_seconds_count"} <= after.keys()
    assert not [name for name in after if "123456789" in name]


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/api/v10/users/@me", "/users/@me"),
        ("/api/v10/interactions/1234567/abc.def-g/callback", "/interactions/{id}/{token}/callback"),
        ("/api/v10/webhooks/1234567/abc/messages/@me", "/webhooks/{id}/{token}/messages/@me"),
        ("/api/v10/channels/1234567/messages/7654321/reactions/%F0%9F/@me",
         "/channels/{id}/messages/{id}/reactions/{emoji}/@me"),
    ],
)  # fmt: skip
def test_a_route_names_nobody(path: str, route: str) -> None:
    assert route_of(path) == route


# ---------------------------------------------------------------------------- the log


async def test_a_line_of_json_has_no_line_breaks_and_the_id_of_its_work() -> None:
    stream: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            stream.append(self.format(record))

    handler = Kept()
    handler.setFormatter(logs.JsonLines())
    handler.addFilter(logs.Named())
    log = logging.getLogger("tests.json")
    log.addHandler(handler)
    try:
        log.warning("two\nlines %s", "“of” 文字")
        try:
            raise RuntimeError("told")
        except RuntimeError:
            log.exception("failed")
    finally:
        log.removeHandler(handler)
    first, second = (json.loads(line) for line in stream)
    assert all("\n" not in line for line in stream)
    assert first["message"] == "two\nlines “of” 文字"
    assert first["work"] == second["work"] != logs.NONE
    assert (second["error"], "RuntimeError: told" in second["traceback"]) == ("RuntimeError", True)


# ---------------------------------------------------------------------------- the owner's alarm


@pytest.mark.parametrize(
    ("free", "backups", "refits", "bad", "over"),
    [
        (0.5, 0, 0, set(), {"disk", "backups", "refits"}),
        (0.049, 0, 0, {"disk"}, {"backups", "refits"}),
        (0.06, 60, 86_400, set(), set()),
        (0.07, 3_600, 3 * 86_400, {"backups", "refits"}, {"disk"}),
    ],
)
def test_what_must_not_wait(
    free: float, backups: float, refits: float, bad: set[str], over: set[str]
) -> None:
    found = judged(free, backups, refits)
    assert {each.kind for each in found if each.is_bad} == bad
    assert {each.kind for each in found if each.is_over} == over


async def test_the_owner_is_told_once_and_again_after_it_was_over(world: World) -> None:
    shares = iter((0.5, 0.04, 0.04, 0.06, 0.5, 0.03))
    owner = Alarm(
        database=world.app.database,
        backups=world.app.backups,
        client=world.client,
        is_on=True,
        room=lambda _: Room(file=1, log=1, free=int(1_000 * next(shares)), total=1_000),
    )
    told = []
    for _ in range(6):
        before = len(world.env.http_requests)
        await owner.tick(world.app.clock())
        sent = [r for r in world.env.http_requests[before:] if "disk is almost full" in str(r)]
        told.append(len(sent))
    assert told == [0, 1, 0, 0, 0, 1]
    await replace(owner, is_on=False).tick(world.app.clock())


# ---------------------------------------------------------------------------- what is brought along


async def test_the_dashboard_and_the_alerts_ask_for_figures_that_there_are(
    monitor: Monitor,
) -> None:
    await monitor.app.backups.tick(NOW)
    status, text = await monitor.get("/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    there = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    there |= {"lyceum_model_age_seconds", "lyceum_refit_age_seconds", "lyceum_refit_seconds"}
    for name in ("grafana.json", "alerts.yml"):
        asked = (ROOT / "deploy" / name).read_text("utf-8")
        for figure in re.findall(r"\b(?:lyceum|process)_[a-z_]+", asked):
            assert figure in there or figure.removesuffix("_bucket") in there, figure
    json.loads((ROOT / "deploy" / "grafana.json").read_text("utf-8"))
