"""What reaches the arrays: only what stands, and only of members who allow it."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy.event import listen

from bot.recommend import arrays, refit
from recommender.interactions import Interactions
from storage import catalog, deeds, events, members, snapshots, training
from storage.database import Database
from storage.records import Event, EventKind, Guild, Resource, Snapshot

GUILD, MEMBER = 9, 50
NOW = 1_770_000_000.0


@pytest.fixture
async def resource_id(database: Database) -> int:
    resource = Resource(
        guild_id=GUILD, kind="article", title="Title", url="https://example.org/1", published_at=NOW
    )
    return await database.write(lambda conn: catalog.add(conn, resource))


async def consent(database: Database, **changes: object) -> None:
    await database.write(lambda conn: members.change_member(conn, GUILD, MEMBER, NOW, **changes))


async def store(database: Database, *stored: Event) -> None:
    for event in stored:
        await database.write(partial(events.append, event=event, now=NOW))


async def load(database: Database, *, n_rows: int = 50_000) -> Interactions:
    async with database.read() as conn:
        until = await training.watermark(conn, GUILD)
        parts = [
            arrays.interactions(chunk)
            async for chunk in training.chunks(conn, GUILD, until, n_rows=n_rows)
        ]
    return parts[0] if parts else Interactions.empty()


def event(kind: EventKind, resource_id: int, at: float = 0.0, **changes: object) -> Event:
    made = Event(
        guild_id=GUILD,
        source_id=int(at) + 1,
        kind=kind,
        user_id=MEMBER,
        occurred_at=NOW + at,
        resource_id=resource_id,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("policy", ["ask", "notice"])
async def test_a_member_who_stopped_tracking_trains_nothing(
    database: Database, resource_id: int, policy: str
) -> None:
    guild = Guild(GUILD, consent_policy=policy)  # type: ignore[arg-type]
    await database.write(lambda conn: members.save_guild(conn, guild))
    await consent(database, consent="granted", is_tracked=False)
    await store(database, event(EventKind.OPEN, resource_id))
    assert not len(await load(database))


@pytest.mark.parametrize(
    ("kind", "undo", "source_shift"),
    [
        (EventKind.REACTION, EventKind.REACTION_REMOVED, 0),
        (EventKind.MESSAGE, EventKind.MESSAGE_DELETED, 0),
        (EventKind.COMMENT, EventKind.MESSAGE_DELETED, 0),
        (EventKind.SAVE, EventKind.UNSAVE, 1),
        (EventKind.DISMISS, EventKind.UNDISMISS, 1),
    ],
)
async def test_what_was_taken_back_does_not_train_and_does_not_stand(
    database: Database, resource_id: int, kind: EventKind, undo: EventKind, source_shift: int
) -> None:
    await consent(database, consent="granted")
    await store(database, event(kind, resource_id))
    assert len(await load(database)) == 1
    taken_back = event(undo, resource_id, 1, source_id=1 + source_shift)
    await store(database, taken_back)
    assert not len(await load(database))
    async with database.read() as conn:
        done = await deeds.of(conn, GUILD, MEMBER)
    assert [deed.stands for deed in done] == [False, True]


async def test_saving_again_after_an_unsave_in_the_same_second_stands(
    database: Database, resource_id: int
) -> None:
    await consent(database, consent="granted")
    for number, kind in enumerate([EventKind.SAVE, EventKind.UNSAVE, EventKind.SAVE]):
        await store(database, event(kind, resource_id, source_id=number + 1))
        async with database.read() as conn:
            is_saved = await deeds.is_saved(conn, GUILD, MEMBER, resource_id)
        assert is_saved == (kind is EventKind.SAVE)
    data = await load(database)
    assert data.weights.tolist() == [3.0]


async def test_what_a_busy_member_took_back_is_found_without_a_walk_through_all_they_did(
    database: Database,
) -> None:
    asked: list[tuple[str, object]] = []
    async with database.read() as conn:

        def note(*call: object) -> None:
            asked.append((str(call[2]), call[3]))

        listen(conn.sync_connection, "before_cursor_execute", note)
        [_ async for _ in training.chunks(conn, GUILD, 1)]
        await deeds.columns(conn, GUILD, MEMBER)
        assert len(asked) == 2
        for statement, bound in asked.copy():
            plan = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", bound)  # type: ignore[arg-type]
            steps = [row.detail for row in plan]
            assert sum("SEARCH undo USING INDEX ix_events_undone" in step for step in steps) == 3


async def test_a_time_that_no_float_holds_exactly_teaches_nothing(
    database: Database, resource_id: int
) -> None:
    await consent(database, consent="granted")
    for at in (float("inf"), float("-inf"), 1e12):
        event_at = Event(
            guild_id=GUILD,
            source_id=int(at > 0) + int(at > 1e13),
            kind=EventKind.OPEN,
            user_id=MEMBER,
            occurred_at=at,
        )
        await store(database, replace(event_at, resource_id=resource_id))
    assert not len(await load(database))
    async with database.read() as conn:
        done = arrays.past(MEMBER, await deeds.columns(conn, GUILD, MEMBER))
    assert not len(done.lessons) and done.seen.tolist() == [resource_id] * 3


async def test_rewarded_events_are_weighed_down_and_ids_and_times_survive(
    database: Database, resource_id: int
) -> None:
    await consent(database, consent="granted")
    snowflake = 1_234_567_890_123_456_789
    await store(database, event(EventKind.COMMENT, resource_id, 0.123456, source_id=snowflake))
    await database.write(lambda conn: events.mark_rewarded(conn, {1: True}))
    data = await load(database)
    assert data.members.tolist() == [MEMBER] and data.items.tolist() == [resource_id]
    assert data.weights.tolist() == pytest.approx([0.5])
    assert data.times.tolist() == pytest.approx([NOW + 0.123456], abs=1e-5)


@pytest.mark.parametrize(("share", "weights"), [(0.0, []), (0.4, [1.0]), (1.0, [2.5])])
async def test_how_much_rewarded_events_teach_is_a_setting(
    database: Database, resource_id: int, share: float, weights: list[float]
) -> None:
    await consent(database, consent="granted")
    await store(database, event(EventKind.COMMENT, resource_id))
    await database.write(lambda conn: events.mark_rewarded(conn, {1: True}))
    async with database.read() as conn:
        data = await refit.load(conn, GUILD, 1, share)
        done = arrays.past(MEMBER, await deeds.columns(conn, GUILD, MEMBER), share)
    assert data.weights.tolist() == pytest.approx(weights)
    assert done.lessons.weights.tolist() == pytest.approx(weights)
    assert done.seen.tolist() == [resource_id]


async def test_chunks_hold_every_interaction_once_in_order(
    database: Database, resource_id: int
) -> None:
    await consent(database, consent="granted")
    many = [event(EventKind.OPEN, resource_id, at) for at in range(25)]
    await database.write(lambda conn: events.insert_many(conn, many, NOW))
    async with database.read() as conn:
        sizes = [c.n async for c in training.chunks(conn, GUILD, 24, n_rows=10)]
        recent = await training.fresh(conn, GUILD, 20, 0.0)
    assert sizes == [10, 10, 4]
    assert recent.n == 5


async def test_another_guilds_events_stay_there(database: Database, resource_id: int) -> None:
    await consent(database, consent="granted")
    await store(database, event(EventKind.OPEN, resource_id, guild_id=GUILD + 1))
    assert not len(await load(database))


async def test_a_new_live_snapshot_retires_the_old_one_and_old_arrays_go(
    database: Database,
) -> None:
    for number in range(6):
        made = Snapshot(
            guild_id=GUILD,
            state="live",
            reason="accepted",
            metrics={},
            as_of_at=NOW,
            created_at=NOW + number,
            arrays=b"x",
        )
        newest = await database.write(partial(snapshots.store, snapshot=made))
    async with database.read() as conn:
        assert await snapshots.live_id(conn, GUILD) == newest
        attempts = await snapshots.newest(conn, GUILD, 10)
        kept = await conn.exec_driver_sql("SELECT count(*) FROM snapshots WHERE arrays NOT NULL")
        assert kept.scalar_one() == snapshots.N_ARRAYS_KEPT
    assert [attempt.state for attempt in attempts] == ["live"] + ["retired"] * 5


async def test_a_failed_attempt_leaves_the_live_one_and_its_arrays(database: Database) -> None:
    live = Snapshot(
        guild_id=GUILD,
        state="live",
        reason="accepted",
        metrics={},
        as_of_at=NOW,
        created_at=NOW,
        arrays=b"x",
    )
    await database.write(lambda conn: snapshots.store(conn, live))
    for number in range(5):
        failed = Snapshot(
            guild_id=GUILD,
            state="failed",
            reason="no",
            metrics={},
            as_of_at=NOW,
            created_at=NOW + number,
        )
        await database.write(partial(snapshots.store, snapshot=failed))
    async with database.read() as conn:
        found = await snapshots.live(conn, GUILD)
    assert found is not None and found.arrays == b"x"


async def test_a_guild_is_due_when_something_happened_since_a_long_past_attempt(
    database: Database, resource_id: int
) -> None:
    async def due(before: float) -> list[int]:
        async with database.read() as conn:
            return await training.guilds_due(conn, before, now=NOW + 100)

    assert await due(NOW) == []
    await store(database, event(EventKind.OPEN, resource_id))
    assert await due(NOW) == [GUILD]
    attempt = Snapshot(
        guild_id=GUILD,
        state="rejected",
        reason="too_few_data",
        metrics={},
        as_of_at=NOW,
        created_at=NOW + 10,
    )
    await database.write(lambda conn: snapshots.store(conn, attempt))
    assert await due(NOW + 5) == []
    assert await due(NOW + 20) == []
    later = event(EventKind.OPEN, resource_id, 30)
    await database.write(lambda conn: events.append(conn, later, NOW + 30))
    assert await due(NOW + 40) == [GUILD]
    ahead = Snapshot(
        guild_id=GUILD,
        state="rejected",
        reason="too_few_data",
        metrics={},
        as_of_at=NOW,
        created_at=NOW + 1_000,
    )
    await database.write(lambda conn: snapshots.store(conn, ahead))
    assert await due(NOW + 40) == [GUILD], "a clock that ran ahead made that attempt"
