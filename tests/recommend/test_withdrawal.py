"""What was learned from somebody who withdrew or was erased goes out of use within a day.

Here stand the promises of the texts privacy-model, privacy-line-until, privacy-erased-text,
privacy-erased-until and privacy-erased-unlearned; how they read stands in tests/privacy.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.links.service import LinksService
from bot.privacy.service import PrivacyService
from bot.profile.service import ProfileService
from bot.recommend import refit, rules
from bot.recommend.service import RecommendService, Request
from recommender.context import Context
from storage import catalog, consent, events, snapshots, training
from storage.connection import Connection
from storage.consent import UNLEARNED_WITHIN_S, Window
from storage.database import Database, open_database
from storage.records import Event, EventKind, Resource, Snapshot
from storage.schema import learned_from, members
from storage.schema import snapshots as table
from tests.discord_sim import START
from tests.profile.test_rules import STEPS, Careful
from tests.recommend import test_serving
from tests.recommend.community import FIRST_MEMBER, Community, break_refits, settle

GUILD, ASKING = test_serving.GUILD, test_serving.ASKING
DAY = timedelta(seconds=UNLEARNED_WITHIN_S)
PEOPLE = (1, 2)
Step = tuple[int, str]


@dataclass
class Trained:
    """What a snapshot was fitted on, and since when something of it is no longer allowed."""

    events: set[tuple[int, float]]
    taught: dict[int, Window]
    read_at: float
    violated_at: float | None = None
    snapshot_id: int = 0


@dataclass
class Town:
    """Two members of a server, what a careful reader expects of them, and every model."""

    database: Database
    guild_id: int
    resource_id: int = 0
    now: float = 1_000.0
    careful: dict[int, Careful] = field(default_factory=lambda: {i: Careful() for i in PEOPLE})
    reading: Trained | None = None
    models: list[Trained] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.profiles = ProfileService(self.database, self.clock)
        self.privacy = PrivacyService.of(self.database, self.clock, self.profiles)

    def clock(self) -> datetime:
        return datetime.fromtimestamp(self.now, START.tzinfo)

    @property
    def allowed(self) -> set[tuple[int, float]]:
        return {(i, at) for i, careful in self.careful.items() for at in careful.trains}

    async def live(self, steps: Sequence[Step]) -> None:
        made = Resource(
            guild_id=self.guild_id,
            kind="article",
            title="A",
            url=f"https://example.org/{self.guild_id}",
        )
        self.resource_id = await self.database.write(lambda conn: catalog.add(conn, made))
        for who, step in steps:
            self.now += 10
            await self.step(who, step)
            for careful in self.careful.values() if step in ("ask", "notice") else ():
                careful.step(step, self.now)
            if step not in ("ask", "notice"):
                self.careful[who].step(step, self.now)
            await self.check()

    async def step(self, who: int, step: str) -> None:
        where = self.guild_id, who
        match step:
            case "do" if self.careful[who].is_tracked:
                done = Event(
                    guild_id=self.guild_id,
                    source_id=int(self.now),
                    kind=EventKind.OPEN,
                    user_id=who,
                    occurred_at=self.now,
                    resource_id=self.resource_id,
                )
                await self.database.write(lambda conn: events.append(conn, done, self.now))
            case "yes" | "all" | "no":
                is_granted, has_earlier = step != "no", step == "all"
                await self.profiles.answer_consent(
                    *where, is_granted=is_granted, has_earlier=has_earlier
                )
            case "tell":
                policy = (await self.profiles.server(self.guild_id)).consent_policy
                await self.profiles.mark_asked(*where, policy)
            case "ask" | "notice":
                await self.profiles.set_server(self.guild_id, 9, "consent_policy", step)
            case "stop" | "resume":
                await self.privacy.set_tracking(*where, is_on=step == "resume")
            case "erase":
                await self.privacy.erase(*where, is_tracking_stopped=False)
            case "read":
                self.reading = await self.read()
            case "store" if self.reading:
                self.models.append(await self.store(self.reading))
                self.reading = None

    async def read(self) -> Trained:
        """Read as the refit process does; the arrays hold what is allowed, and nothing else."""
        async with self.database.read() as conn:
            until = await training.watermark(conn, self.guild_id)
            data = await refit.load(conn, self.guild_id, until)
            windows = await consent.windows(conn, self.guild_id)
        found = set(zip(data.members.tolist(), data.times.tolist(), strict=True))
        assert found == self.allowed
        return Trained(found, refit.taught(data, Context(), windows, ()), self.now)

    async def store(self, read: Trained) -> Trained:
        made = Snapshot(
            guild_id=self.guild_id,
            state="live",
            reason="accepted",
            metrics={},
            as_of_at=read.read_at,
            created_at=self.now,
            arrays=b"x",
        )

        async def job(conn: Connection) -> int:
            snapshot_id = await snapshots.store(conn, made)
            await consent.remember(conn, self.guild_id, snapshot_id, read.taught, read.read_at)
            return snapshot_id

        read.snapshot_id = await self.database.write(job)
        return read

    async def check(self) -> None:
        for model in self.models:
            if model.violated_at is None and not model.events <= self.allowed:
                model.violated_at = self.now
        async with self.database.read() as conn:
            ends = dict((await conn.execute(select(table.c.snapshot_id, table.c.until_at))).all())
            known = set((await conn.execute(select(members.c.user_id))).scalars())
            noted = set((await conn.execute(select(learned_from.c.user_id))).scalars())
        assert noted <= known
        for model in self.models[-snapshots.N_ARRAYS_KEPT :]:
            until = ends[model.snapshot_id]
            assert (until is None) == (model.violated_at is None)
            if model.violated_at is not None:
                assert until <= model.violated_at + UNLEARNED_WITHIN_S


OPENINGS = ([(1, "all")], [(1, "yes")], [(1, "notice"), (1, "tell")], [(1, "do"), (1, "all")])
TURNS = [
    *([(1, step)] for step in STEPS),
    [(1, "erase"), (1, "all")],
    [(1, "no"), (1, "all")],
    [(1, "no"), (1, "yes")],
    [(1, "stop"), (1, "resume")],
    [(1, "notice"), (1, "ask")],
]
STEP = st.tuples(st.sampled_from(PEOPLE), st.sampled_from((*STEPS, "do", "read", "store")))


@pytest.mark.parametrize("opening", OPENINGS)
async def test_a_model_ends_exactly_when_it_knows_what_it_may_not(
    database: Database, opening: list[Step]
) -> None:
    """Whatever happens once, while the model is fitted or after it was stored."""
    ends = 0
    for number, turn in enumerate(TURNS, 1):
        for is_after, between in enumerate((turn, [])):
            town = Town(database, 2 * number + is_after)
            fitted = [*opening, (1, "do"), (1, "read"), *between, (1, "store")]
            await town.live([*fitted, *(turn if is_after else [])])
            ends += town.models[-1].violated_at is not None
    assert len(TURNS) / 2 < ends < 2 * len(TURNS)


@st.composite
def stories(draw: st.DrawFn) -> list[Step]:
    """Draw what happens around a fit, so that most stories have something to end."""
    steps = st.lists(STEP, max_size=4)
    before, between, after = draw(st.sampled_from(OPENINGS)), draw(steps), draw(steps)
    return [*before, *draw(steps), (1, "do"), (1, "read"), *between, (1, "store"), *after]


def test_whatever_comes_after_whatever_a_model_ends_exactly_when_it_knows_what_it_may_not(
    tmp_path: Path,
) -> None:
    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(stories())
    def holds(steps: list[Step]) -> None:
        runner.run(Town(database, next(guild_ids)).live(steps))

    guild_ids = count(1)
    with asyncio.Runner() as runner:
        opening = open_database(tmp_path / "lyceum.sqlite3")
        database = runner.run(opening.__aenter__())
        try:
            holds()
        finally:
            runner.run(opening.__aexit__(None, None, None))


@pytest.fixture
async def community(database: Database) -> Community:
    found = await settle(database, GUILD)
    await fit(database)
    return found


async def fit(database: Database) -> None:
    """Let a model of everything serve, and write down whom it learned from."""
    await test_serving.fit(database)

    async def job(conn: Connection) -> None:
        live = await snapshots.listed_live(conn, GUILD)
        assert live is not None
        windows = await consent.windows(conn, GUILD)
        await consent.remember(conn, GUILD, live.snapshot_id, windows, live.as_of_at)

    await database.write(job)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Running:
    """The services of a bot that runs, and its clock."""

    recommend: RecommendService
    privacy: PrivacyService
    clock: Clock

    async def serving(self) -> int | None:
        """Return the snapshot that ranks an answer."""
        async with self.recommend.database.read() as conn:
            ranked = await self.recommend.rank(conn, Request(guild_id=GUILD, user_id=ASKING))
        assert ranked.picks
        return ranked.snapshot_id

    async def tick(self) -> None:
        await self.recommend.models.refit_due(self.clock.now, 24)


@pytest.fixture
def running(database: Database) -> Running:
    clock = Clock()
    links = LinksService(database, clock, None)
    recommend = RecommendService(
        database=database, clock=clock, rng=np.random.default_rng(3), links=links
    )
    return Running(
        recommend, PrivacyService.of(database, clock, ProfileService(database, clock)), clock
    )


async def erase(running: Running, user_id: int = FIRST_MEMBER) -> float | None:
    erased = await running.privacy.erase(GUILD, user_id, is_tracking_stopped=False)
    return erased.used_until


async def decline(running: Running, user_id: int = FIRST_MEMBER) -> float | None:
    return (await running.privacy.set_learning(GUILD, user_id, is_on=False)).used_until


async def only_from_now(running: Running, user_id: int = FIRST_MEMBER) -> float | None:
    return (await running.privacy.set_learning(GUILD, user_id, is_on=True)).used_until


async def stop(running: Running, user_id: int = FIRST_MEMBER) -> float | None:
    return (await running.privacy.set_tracking(GUILD, user_id, is_on=False)).used_until


Withdraw = Callable[[Running, int], Awaitable[float | None]]


@pytest.mark.parametrize("withdraw", [erase, decline, only_from_now, stop])
async def test_a_model_serves_a_day_at_most_after_somebody_it_learned_from_withdrew(
    database: Database, community: Community, running: Running, withdraw: Withdraw
) -> None:
    """Without a bot that ticks: a request asks the clock itself."""
    await fit(database)  # one that served before lies beside it
    live = await running.serving()
    assert live is not None
    until = await withdraw(running, FIRST_MEMBER)
    assert until == (START + DAY).timestamp()
    running.clock.now = START + DAY - timedelta(seconds=1)
    assert await running.serving() == live
    running.clock.now = START + DAY
    assert await running.serving() is None
    assert (await running.privacy.report(GUILD, FIRST_MEMBER)).used_until is None


async def test_who_taught_nothing_ends_nothing(
    database: Database, community: Community, running: Running
) -> None:
    stranger = 99
    await running.privacy.set_learning(GUILD, stranger, is_on=True, has_earlier=True)
    for withdraw in (stop, decline, erase):
        assert await withdraw(running, stranger) is None
    running.clock.now = START + 2 * DAY
    assert await running.serving() is not None
    async with database.read() as conn:
        now = running.clock.now.timestamp()
        assert await snapshots.to_replace(conn, now, now) == []


async def test_a_second_withdrawal_does_not_put_the_end_off(
    database: Database, community: Community, running: Running
) -> None:
    first = await erase(running)
    running.clock.now = START + timedelta(hours=5)
    assert await decline(running, FIRST_MEMBER + 1) == first
    assert (await running.privacy.report(GUILD, FIRST_MEMBER + 2)).used_until is None


async def test_what_is_learned_while_somebody_withdraws_ends_when_they_were_told_it_would(
    database: Database, community: Community, running: Running
) -> None:
    """Text: privacy-erased-until, where a refit runs and the live model has an end already."""
    await erase(running)
    running.clock.now = START + timedelta(hours=5)
    async with database.read() as conn:
        allowed = await consent.windows(conn, GUILD)
    told = await erase(running, FIRST_MEMBER + 1)
    at = running.clock.now.timestamp()
    made = Snapshot(
        guild_id=GUILD,
        state="live",
        reason="accepted",
        metrics={},
        as_of_at=at,
        created_at=at,
        arrays=b"x",
    )

    async def job(conn: Connection) -> None:
        snapshot_id = await snapshots.store(conn, made)
        await consent.remember(conn, GUILD, snapshot_id, allowed, at)

    await database.write(job)
    async with database.read() as conn:
        live = await snapshots.listed_live(conn, GUILD)
    assert live is not None and live.until_at == told == (START + DAY).timestamp()


async def test_an_end_set_by_a_clock_that_ran_ahead_comes_no_later(
    database: Database, community: Community, running: Running
) -> None:
    running.clock.now = START + 300 * DAY
    await erase(running)
    running.clock.now = now = START + timedelta(hours=1)
    async with database.read() as conn:
        assert await snapshots.is_any_over(conn, now.timestamp())
    await database.write(lambda conn: snapshots.end(conn, now.timestamp()))
    assert await running.serving() is not None
    running.clock.now = now + DAY
    assert await running.serving() is None


@pytest.mark.slow
@pytest.mark.parametrize("hours", [24, 72])
async def test_the_tick_empties_what_came_to_its_end(
    database: Database, community: Community, running: Running, hours: int
) -> None:
    await fit(database)
    await break_refits(database)
    await erase(running)
    running.clock.now = START + timedelta(hours=hours)
    await running.tick()
    async with database.read() as conn:
        rows = (await conn.execute(select(table.c.state, table.c.reason, table.c.arrays))).all()
        noted = (await conn.execute(select(learned_from))).all()
    assert noted == []
    assert [tuple(row) for row in rows if row.state != "failed"] == [
        ("retired", "accepted", None),
        ("retired", "withdrawn", None),
    ]
    assert await running.serving() is None


async def test_a_replacement_is_due_within_minutes_and_again_every_few_hours_until_it_comes(
    database: Database, community: Community, running: Running
) -> None:
    async def is_due(hours: float) -> bool:
        at = (START + timedelta(hours=hours)).timestamp()
        async with database.read() as conn:
            return GUILD in await snapshots.to_replace(conn, at - rules.REPLACE_EVERY_S, at)

    assert not await is_due(100)
    await erase(running)
    assert [await is_due(hours) for hours in (5.9, 6.1, 23)] == [False, True, True]
    failed = Snapshot(
        guild_id=GUILD,
        state="failed",
        reason="no",
        metrics={},
        as_of_at=0,
        created_at=(START + timedelta(hours=7)).timestamp(),
    )
    await database.write(lambda conn: snapshots.store(conn, failed))
    assert [await is_due(hours) for hours in (12.9, 13.1)] == [False, True]
    assert await is_due(6.5)  # the clock was put back: an attempt to come is none
    await database.write(lambda conn: snapshots.end(conn, (START + DAY).timestamp()))
    assert await is_due(30)  # also where nothing has happened since
    fallback = Snapshot(
        guild_id=GUILD,
        state="live",
        reason="too_few_data",
        metrics={},
        as_of_at=0,
        created_at=START.timestamp(),
        arrays=b"x",
    )
    await database.write(lambda conn: snapshots.store(conn, fallback))
    assert not await is_due(100)


@pytest.mark.slow
async def test_the_model_is_refitted_without_who_withdrew(
    database: Database, community: Community, running: Running
) -> None:
    before = await running.serving()
    await erase(running)
    await decline(running, FIRST_MEMBER + 1)
    running.clock.now = START + timedelta(hours=6, minutes=15)
    await running.tick()
    after = await running.serving()
    assert after not in (before, None)
    async with database.read() as conn:
        live = await snapshots.listed_live(conn, GUILD)
        taught = await consent.teachers(conn, GUILD, after or 0)
    assert live is not None and live.until_at is None and live.reason == "accepted"
    assert (live.n_members, len(taught)) == (38, 38)
    assert {FIRST_MEMBER, FIRST_MEMBER + 1}.isdisjoint(taught)
    assert "live" not in live.metrics  # what is to be forgotten is no measure
    running.clock.now = START + 2 * DAY
    assert await running.serving() == after


@pytest.mark.slow
async def test_where_the_new_model_is_no_better_recent_use_and_texts_take_over_at_once(
    database: Database, community: Community, running: Running
) -> None:
    for number in range(30):
        await decline(running, FIRST_MEMBER + number)
    outcome = await running.recommend.models.refit(GUILD, seed=1)
    assert outcome.state == "replaced"
    assert outcome.reason in ("too_few_data", "worse_than_popularity")
    async with database.read() as conn:
        live = await snapshots.listed_live(conn, GUILD)
        noted = await consent.teachers(conn, GUILD, outcome.snapshot_id or 0)
    assert live is not None and live.snapshot_id == outcome.snapshot_id == await running.serving()
    assert live.until_at is None and noted == []
    assert (await running.recommend.models.refit(GUILD, seed=1)).state == "rejected"


def test_a_model_that_begins_with_anothers_factors_has_learned_from_whom_that_one_did() -> None:
    from recommender.interactions import Interactions

    data = Interactions(
        members=np.array([1, 1], np.int64),
        items=np.array([5, 6], np.int64),
        weights=np.array([1, 1], np.float32),
        times=np.array([1.0, 2.0]),
    )
    allowed = {i: Window(0.0, 1.0) for i in (1, 2, 3)}
    assert set(refit.taught(data, Context(), allowed, ())) == {1}
    assert set(refit.taught(data, Context(), allowed, (2, 4))) == {1, 2}
