"""Who is held out or tried out on, what they are served, and what moderators read of it."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from bot import arms
from bot.errors import UserError
from bot.recommend.service import Request
from storage import events, impressions, members, policies
from storage.connection import Connection
from storage.database import Database
from storage.records import Event, EventKind, Experiment, Impression, Policy
from storage.schema import audit, experiments
from storage.schema import impressions as table
from tests.discord_sim import START, World, set_locale, texts_of
from tests.insights.test_figures import GUILD, NOW, fill, service
from tests.recommend.community import settle
from tests.recommend.test_serving import started

DAY = 86_400.0
TRIAL = Experiment(
    guild_id=GUILD,
    started_by=1,
    policy="diversity",
    value=0.0,
    share=0.5,
    metric="open",
    matters=0.02,
    planned=5_000.0,
    started_at=NOW - 10 * DAY,
    ends_at=NOW + 10 * DAY,
)


def test_an_arm_is_stable_and_a_larger_share_only_adds_members() -> None:
    small, large = (
        {u for u in range(5_000) if arms.is_held(Policy(guild_id=1, holdout=share), u)}
        for share in (0.05, 0.2)
    )
    assert small < large
    assert 200 < len(small) < 300
    other = {u for u in range(5_000) if arms.is_held(Policy(guild_id=2, holdout=0.05), u)}
    assert 0 < len(small & other) < 40, "of two servers they are drawn independently"


@pytest.mark.parametrize(
    ("n_members", "expected"),
    [(0, 0), (12, 0), (66, 0), (67, 0.3), (100, 0.3), (128, 20 / 128), (500, 20 / 256)],
)
def test_the_share_held_out_by_default(n_members: int, expected: float) -> None:
    assert arms.holdout_share(n_members) == pytest.approx(expected)
    assert arms.holdout_share(10**5) == 0.05


async def test_who_is_held_out_gets_what_anybody_would_and_no_reason_of_their_own(
    database: Database,
) -> None:
    await settle(database, GUILD)
    running = started(database)
    share = 0.3
    held, free = (
        next(
            u for u in range(5_000, 5_040) if (arms.unit(f"holdout:{GUILD}", u) < share) is is_held
        )
        for is_held in (True, False)
    )
    for user_id in (held, free):
        change = partial(members.change_member, guild_id=GUILD, user_id=user_id, now=NOW)
        await database.write(partial(change, interests=("gardens",)))
    assert "interest" in await reasons(running, held)
    await database.write(lambda conn: policies.hold_out(conn, GUILD, share, is_set=True))
    assert "interest" in await reasons(running, free)
    of_everybody = {"popular", "new", "liked", "favourite"}  # of use here, whoever reads
    assert await reasons(running, held) <= of_everybody
    assert (await rank(running, held)).arm == "holdout"
    assert (await rank(running, free)).arm != "holdout"


async def reasons(running: Any, user_id: int) -> set[str]:
    return {why.kind for _, why in (await rank(running, user_id)).picks if why is not None}


async def rank(running: Any, user_id: int) -> Any:
    async with running.database.read() as conn:
        request = Request(guild_id=GUILD, user_id=user_id, introduces=True)
        return await running.rank(conn, request)


async def test_interleaved_lists_say_who_placed_each_card(database: Database) -> None:
    await settle(database, GUILD)
    running = started(database)
    trial = replace(TRIAL, policy="ranker", share=0.99)
    await database.write(lambda conn: policies.start(conn, trial))
    ranked = await rank(running, 5_001)
    assert len(ranked.arms) == len(ranked.picks) == 5
    assert set(ranked.arms) == {"team:0", "team:1"}


async def live(database: Database, trial: Experiment, new: float, old: float) -> Experiment:
    """Start an experiment and let its members be shown things, and open by their arm."""
    rng = np.random.default_rng(3)

    async def job(conn: Connection) -> Experiment:
        begun = replace(trial, experiment_id=await policies.start(conn, trial))
        for user_id in range(2_000, 2_400):
            chance = new if arms.is_new(begun, user_id) else old
            for n in range(6):
                shown = Impression(
                    guild_id=GUILD,
                    user_id=user_id,
                    resource_id=1,
                    surface="recommend",
                    position=1,
                    arm="model",
                    shown_at=NOW - 5 * DAY + n,
                )
                number = await impressions.append(conn, shown)
                if rng.random() < chance:
                    done = Event(
                        guild_id=GUILD,
                        source_id=number,
                        kind=EventKind.OPEN,
                        user_id=user_id,
                        occurred_at=NOW - 4 * DAY,
                        resource_id=1,
                    )
                    await events.append(conn, done, NOW)
        return begun

    return await database.write(job)


@pytest.mark.parametrize(
    ("new", "old", "verdict", "state"),
    [
        (0.5, 0.2, "better", "ended"),
        (0.1, 0.4, "worse", "ended"),
        (0.3, 0.3, "unsure", "running"),
    ],
)
async def test_an_experiment_ends_by_itself_once_the_difference_is_clear(
    database: Database, new: float, old: float, verdict: str, state: str
) -> None:
    insights = service(database)
    await fill(database, 1)
    await live(database, TRIAL, new, old)
    await insights.tick(START)
    (looked,) = await insights.look(GUILD)
    assert (looked.found["verdict"], looked.experiment.state) == (verdict, state)
    assert looked.found["n_new"] + looked.found["n_old"] >= 400
    assert not looked.found["is_skewed"]


async def test_an_experiment_that_is_over_ends_and_stays_what_it_was(database: Database) -> None:
    insights = service(database)
    await fill(database, 1)
    await live(database, replace(TRIAL, ends_at=NOW - 1), 0.3, 0.3)
    await insights.tick(START)
    (looked,) = await insights.look(GUILD)
    assert looked.experiment.state == "ended"
    assert looked.experiment.result == looked.found
    with pytest.raises(UserError, match="error-insights-none"):
        await insights.stop(GUILD, 1)


async def test_what_could_not_be_seen_is_not_started(database: Database) -> None:
    insights = service(database)

    async def start(**changes: Any) -> Any:
        asked: dict[str, Any] = {
            "policy": "diversity",
            "value": 0.1,
            "percent": 50,
            "weeks": 8,
            "metric": "open",
        }
        return await insights.start(GUILD, 1, **(asked | changes))

    with pytest.raises(UserError, match="error-insights-nothing"):
        await start()
    await fill(database, 12, opens=0.2)
    with pytest.raises(UserError, match="error-insights-hopeless"):
        await start()
    with pytest.raises(UserError, match="error-insights-value"):
        await start(policy="digest", value=0.9)


async def test_a_server_that_can_see_it_starts_one_at_a_time(database: Database) -> None:
    insights = service(database)
    await fill(database, 300, opens=0.3)
    begun = await insights.start(
        GUILD, 7, policy="digest", value=0.1, percent=50, weeks=8, metric="open"
    )
    assert 0 < begun.least < begun.rate
    with pytest.raises(UserError, match="error-insights-running"):
        await insights.start(
            GUILD, 7, policy="digest", value=0.2, percent=50, weeks=8, metric="open"
        )
    async with database.read() as conn:
        policy = await policies.of(conn, GUILD)
        actions = (await conn.execute(select(audit.c.action))).scalars().all()
    assert actions == ["experiment.start"]
    values = {arms.value_of(policy, "digest", user, 0.05) for user in range(50)}
    assert values == {0.05, 0.1}
    assert {arms.value_of(policy, "diversity", user, 0.5) for user in range(50)} == {0.5}
    looked = await insights.stop(GUILD, 7)
    assert looked.experiment.state == "stopped"
    async with database.read() as conn:
        states = (await conn.execute(select(experiments.c.state))).scalars().all()
    assert states == ["stopped"]


async def test_moderators_read_it_in_both_languages(world: World) -> None:
    r = await world.moderator.slash(world.channel, "insights show")
    assert "fewer than five members" in texts_of(r.response)
    r = await world.moderator.slash(world.channel, "insights exposure", days=7)
    assert "too few members" in texts_of(r.response)
    r = await world.moderator.slash(world.channel, "insights holdout", percent=10)
    assert "10% of members see the popular list" in texts_of(r.response)
    r = await world.moderator.slash(world.channel, "experiment results")
    assert "No experiment was ever started here." in texts_of(r.response)
    set_locale(world.moderator, "zh-CN")
    r = await world.moderator.slash(world.channel, "insights show", days=90)
    assert "不足五位" in texts_of(r.response)


async def test_what_is_refused_is_said_in_a_sentence(lenient_world: World) -> None:
    world = lenient_world
    r = await world.moderator.slash(world.channel, "experiment start", change="ranker")
    assert "nobody opened anything that was recommended" in texts_of(r.response)
    r = await world.moderator.slash(world.channel, "experiment stop")
    assert texts_of(r.response) == "No experiment is running."
    async with world.app.database.read() as conn:
        assert (await conn.execute(select(table.c.impression_id))).all() == []
