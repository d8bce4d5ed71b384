"""The real refit process against real databases."""

import asyncio
import logging
import os
import re
import signal
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select, update

from bot.errors import UserError
from bot.links.service import LinksService
from bot.recommend.arrays import unpack
from bot.recommend.refit import RefitOutcome, run_refit
from bot.recommend.service import RecommendService, Request
from storage import catalog, events, members, snapshots, training
from storage.database import Database, hold_instance
from storage.records import Event, EventKind, Snapshot
from storage.schema import impressions
from storage.schema import snapshots as table
from tests.discord_sim import START
from tests.patience import turns
from tests.recommend.community import (
    DAY_S,
    FIRST_MEMBER,
    N_MEMBERS,
    Community,
    act,
    break_refits,
    resource,
    settle,
)

pytestmark = pytest.mark.slow

GUILD = 77
NOW = START.timestamp()


def service_on(database: Database, now: datetime = START) -> RecommendService:
    links = LinksService(database, lambda: now, None)
    return RecommendService(
        database=database, clock=lambda: now, rng=np.random.default_rng(3), links=links
    )


@pytest.fixture
async def community(database: Database) -> Community:
    return await settle(database, GUILD)


async def live_of(database: Database) -> Snapshot:
    async with database.read() as conn:
        found = await snapshots.live(conn, GUILD)
    assert found is not None
    return found


async def last_of(database: Database) -> Snapshot:
    async with database.read() as conn:
        return (await snapshots.newest(conn, GUILD, 1))[0]


async def fit(database: Database, now: float = NOW) -> RefitOutcome:
    return await run_refit(database.path, GUILD, now=now, seed=1)


async def test_a_refit_that_beats_popularity_serves(
    database: Database, community: Community
) -> None:
    outcome = await fit(database)
    assert (outcome.state, outcome.reason) == ("live", "accepted")
    live = await live_of(database)
    assert live.snapshot_id == outcome.snapshot_id
    assert (live.n_members, live.n_resources) == (40, 60)
    assert live.metrics["new"]["ndcg"] > live.metrics["popularity_2d"]["ndcg"]
    assert live.metrics["event_watermark"] == live.n_events == 680
    assert unpack(live.arrays or b"").ids.tolist() == community.everything


async def test_the_same_seed_and_events_give_the_same_bytes(
    database: Database, community: Community
) -> None:
    await fit(database)
    first = (await live_of(database)).arrays
    await database.write(lambda conn: conn.execute(table.delete()))
    await fit(database)
    assert (await live_of(database)).arrays == first


async def test_declined_members_do_not_reach_the_model(
    database: Database, community: Community
) -> None:
    for number in range(0, N_MEMBERS, 2):
        user_id = FIRST_MEMBER + number
        declined = partial(members.change_member, guild_id=GUILD, user_id=user_id, now=NOW)
        await database.write(partial(declined, consent="declined"))
    outcome = await fit(database)
    assert (outcome.n_members, outcome.n_events) == (20, 340)


async def test_an_empty_guild_is_told_apart_from_a_failure(database: Database) -> None:
    outcome = await fit(database)
    assert (outcome.state, outcome.reason) == ("rejected", "too_few_data")


async def test_until_a_model_proves_itself_popularity_and_texts_serve(database: Database) -> None:
    community = await settle(database, GUILD, consent="unknown")
    outcome = await fit(database)
    assert (outcome.state, outcome.reason) == ("rejected", "too_few_data")
    live = await live_of(database)
    assert live.reason == "too_few_data" and live.metrics["event_watermark"] == 0
    assert unpack(live.arrays or b"").ids.tolist() == community.everything
    ranked = await service_on(database).recommend(Request(guild_id=GUILD, user_id=FIRST_MEMBER))
    assert not ranked.is_proven and len(ranked.suggestions) == 5


async def test_a_proven_model_follows_the_fallback_and_no_fallback_follows_it(
    database: Database, community: Community
) -> None:
    for number in range(N_MEMBERS):
        declined = partial(members.change_member, guild_id=GUILD, user_id=FIRST_MEMBER + number)
        await database.write(partial(declined, now=NOW, consent="declined"))
    assert (await fit(database)).reason == "too_few_data"
    for number in range(N_MEMBERS):
        granted = partial(members.change_member, guild_id=GUILD, user_id=FIRST_MEMBER + number)
        await database.write(partial(granted, now=NOW, consent="granted"))
    assert (await fit(database)).state == "live"
    proven = await live_of(database)
    for number in range(N_MEMBERS):
        declined = partial(members.change_member, guild_id=GUILD, user_id=FIRST_MEMBER + number)
        await database.write(partial(declined, now=NOW, consent="declined"))
    assert (await fit(database, NOW + 60)).reason == "too_few_data"
    assert (await live_of(database)).snapshot_id == proven.snapshot_id


async def test_a_resource_added_after_the_refit_is_known_by_its_text_within_a_tick(
    database: Database, community: Community
) -> None:
    await fit(database)
    service, before = service_on(database), await live_of(database)
    later = START + timedelta(minutes=15)
    await service.models.extend_due(later)
    assert (await live_of(database)).extended_at is None  # nothing was new
    fresh = replace(
        resource(GUILD, "gardens", 999, later.timestamp()),
        summary="花园 roses and soil",
        published_at=NOW + 60,
        updated_at=NOW + 60,
    )
    added = await database.write(lambda conn: catalog.add(conn, fresh))
    await service.models.extend_due(later)
    live = await live_of(database)
    assert live.snapshot_id == before.snapshot_id and live.extended_at == later.timestamp()
    model = unpack(live.arrays or b"")
    assert model.ids.tolist() == [*community.everything, added]
    assert model.levels[-1] == -1 and model.as_of == NOW  # nobody said of which level
    await service.models.extend_due(later + timedelta(minutes=15))
    assert (await live_of(database)).extended_at == later.timestamp()  # once is enough
    known = await service_on(database, later).recommend(
        Request(guild_id=GUILD, user_id=FIRST_MEMBER, limit=50)
    )
    assert added in [one.resource.resource_id for one in known.suggestions]


async def test_a_resource_hardly_anybody_was_shown_gets_its_first_impressions(
    database: Database, community: Community
) -> None:
    await fit(database)
    service = service_on(database)
    fresh = replace(resource(GUILD, "gardens", 998, NOW), published_at=NOW - 5 * DAY_S)
    added = await database.write(lambda conn: catalog.add(conn, fresh))
    met = []
    for _ in range(60):
        found = (
            await service.recommend(Request(guild_id=GUILD, user_id=FIRST_MEMBER + 1))
        ).suggestions
        met.append(
            [one.resource.resource_id for one in found].index(added)
            if added in [one.resource.resource_id for one in found]
            else None
        )
    assert 4 in met
    async with database.read() as conn:
        shown = (await conn.execute(select(impressions))).all()
    last = [row for row in shown if row.position == 5]
    assert {row.propensity for row in last if row.resource_id == added} <= {0.2, 0.8}
    assert all(row.propensity == 1 for row in shown if row.position < 5)


async def test_a_worse_model_keeps_the_old_one(database: Database, community: Community) -> None:
    await fit(database)
    before = await live_of(database)
    rng, later = np.random.default_rng(5), NOW + 3 * DAY_S
    noise = [
        Event(
            guild_id=GUILD,
            source_id=10**9 + number,
            kind=EventKind.OPEN,
            user_id=FIRST_MEMBER + int(rng.integers(N_MEMBERS)),
            occurred_at=float(NOW + rng.uniform(0, 2 * DAY_S)),
            resource_id=int(rng.choice(community.everything)),
        )
        for number in range(1_500)
    ]
    await database.write(lambda conn: events.insert_many(conn, noise, NOW))
    outcome = await fit(database, later)
    assert outcome.state == "rejected"
    assert outcome.reason in ("worse_than_popularity", "worse_than_live")
    assert await live_of(database) == before


async def test_a_failed_fit_keeps_the_old_one_and_says_why_in_one_line(
    database: Database, community: Community
) -> None:
    await fit(database)
    before = await live_of(database)
    await break_refits(database)
    outcome = await fit(database)
    assert outcome.state == "failed"
    assert "no room" in outcome.reason and "\n" not in outcome.reason
    assert await live_of(database) == before
    assert (await last_of(database)).state == "failed"


async def test_an_event_at_no_time_is_left_out_instead_of_breaking_everything(
    database: Database, community: Community
) -> None:
    await act(database, GUILD, FIRST_MEMBER, EventKind.OPEN, [1], float("inf"))
    assert (await fit(database)).n_events == 680
    assert (
        len((await service_on(database).recommend(Request(guild_id=GUILD, user_id=1))).suggestions)
        == 5
    )


async def test_a_killed_child_leaves_the_live_snapshot_and_an_entry(
    database: Database, community: Community
) -> None:
    await fit(database)
    before = await live_of(database)
    work = asyncio.create_task(service_on(database).models.refit(GUILD))
    os.kill(await _child(database.path), signal.SIGKILL)
    outcome = await work
    assert (outcome.state, outcome.snapshot_id) == ("failed", None)
    assert "signal 9" in outcome.reason
    assert await live_of(database) == before
    assert (await last_of(database)).reason == outcome.reason
    assert (await fit(database)).state != "busy"


async def _child(path: Path) -> int:
    """Wait until the refit holds its lock; return its process id."""
    async for _ in turns(30, 0.01):
        if pid := _holder_of(Path(f"{path}.refit-{GUILD}.holder")):
            return pid
    raise AssertionError("no refit started")


def _holder_of(holder: Path) -> int | None:
    try:
        found = re.match(r"process (\d+) ", holder.read_text("utf-8"))
    except FileNotFoundError:
        return None
    return int(found[1]) if found else None


async def test_a_refit_that_takes_too_long_is_killed(
    database: Database, community: Community
) -> None:
    outcome = await run_refit(database.path, GUILD, now=NOW, timeout_s=0.05)
    assert (outcome.state, outcome.snapshot_id) == ("failed", None)


async def test_rewarded_events_teach_nothing_where_the_operator_says_so(
    database: Database, community: Community
) -> None:
    async with database.read() as conn:
        until = await training.watermark(conn, GUILD)
    half = dict.fromkeys(range(1, until + 1, 2), True)
    await database.write(lambda conn: events.mark_rewarded(conn, half))
    all_ = await run_refit(database.path, GUILD, now=NOW, seed=1)
    some = await run_refit(database.path, GUILD, now=NOW, seed=1, rewarded_weight=0.0)
    assert 0 < some.n_events < 0.6 * all_.n_events


async def test_cancelling_the_caller_kills_the_child(
    database: Database, community: Community
) -> None:
    work = asyncio.create_task(run_refit(database.path, GUILD, now=NOW))
    child = await _child(database.path)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


async def test_two_refits_of_a_guild_never_run_at_once(
    database: Database, community: Community
) -> None:
    with hold_instance(database.path, purpose=f"refit-{GUILD}"):
        assert (await fit(database)).state == "busy"
        with pytest.raises(UserError) as refused:
            await service_on(database).models.refit(GUILD)
    assert refused.value.key == "error-recommend-refit-running"
    async with database.read() as conn:
        assert await snapshots.newest(conn, GUILD) == []


async def test_a_refit_is_due_once_a_day_and_only_after_something_happened(
    database: Database, community: Community
) -> None:
    for hours, n_attempts in ((0, 1), (1, 1), (30, 1)):
        now = START + timedelta(hours=hours)
        await service_on(database, now).models.refit_due(now, 24)
        async with database.read() as conn:
            assert len(await snapshots.newest(conn, GUILD)) == n_attempts
    await act(database, GUILD, FIRST_MEMBER, EventKind.OPEN, [1], NOW + 29 * 3_600)
    now = START + timedelta(hours=30)
    await service_on(database, now).models.refit_due(now, 24)
    async with database.read() as conn:
        assert len(await snapshots.newest(conn, GUILD)) == 2


async def test_the_next_request_is_served_by_another_processs_refit(
    database: Database, community: Community
) -> None:
    service = service_on(database)
    await act(database, GUILD, 1, EventKind.SAVE, community.rockets[:4], NOW - 60)
    cold = await service.recommend(Request(guild_id=GUILD, user_id=1))
    outcome = await fit(database)
    warm = await service.recommend(Request(guild_id=GUILD, user_id=1))
    assert (cold.arm, cold.snapshot_id) == ("popular", None)
    assert (warm.arm, warm.snapshot_id) == ("model", outcome.snapshot_id)


async def test_a_damaged_archive_serves_popularity_and_says_so_once(
    database: Database, community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    await fit(database)
    archive = bytearray((await live_of(database)).arrays or b"")
    archive[len(archive) // 2] ^= 0x40
    await database.write(lambda conn: conn.execute(update(table).values(arrays=bytes(archive))))
    await act(database, GUILD, 1, EventKind.SAVE, community.rockets[:4], NOW - 60)
    service = service_on(database)
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            found = await service.recommend(Request(guild_id=GUILD, user_id=1))
            assert found.arm == "popular" and len(found.suggestions) == 5
    assert len(caplog.records) == 1
    assert (await fit(database)).state == "live"


async def test_a_snapshot_with_a_flipped_byte_is_refused_and_the_previous_one_serves(
    database: Database, community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    await fit(database, NOW - DAY_S)
    first = await live_of(database)
    await fit(database)
    second = await live_of(database)
    archive = bytearray(second.arrays or b"")
    archive[len(archive) // 3] ^= 0x01
    spoiled = update(table).where(table.c.snapshot_id == second.snapshot_id)
    await database.write(lambda conn: conn.execute(spoiled.values(arrays=bytes(archive))))
    await act(database, GUILD, 1, EventKind.SAVE, community.rockets[:4], NOW - 60)
    service = service_on(database)
    with caplog.at_level(logging.ERROR):
        found = await service.recommend(Request(guild_id=GUILD, user_id=1))
    assert found.arm == "model" and found.snapshot_id == first.snapshot_id
    assert f"snapshot {second.snapshot_id} does not serve" in caplog.text


@pytest.mark.parametrize("archive", [b"", b"PK", b"\x93NUMPY", bytes(range(64))])
def test_no_bytes_but_an_archive_are_a_model(archive: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(archive)
