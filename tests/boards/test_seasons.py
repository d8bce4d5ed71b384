"""Seasons of any dates: their sums are kept from when somebody asks, and always whole."""

import random
from functools import partial

import pytest
from sqlalchemy import select

from bot.boards.rules import PERIODS
from bot.rewards.ruleset import RuleSet, Seasons
from storage import boards, ledger, privacy, seasons
from storage.connection import Connection
from storage.database import Database
from storage.records import BoardSpan, LedgerEntry
from storage.schema import period_points
from tests.points.deliveries import GUILD, START, Desk

DAYS = (20260214, 20260215, 20260227, 20260301, 20260303, 20260318, 20260319, 20260401)
SEASON = (20260215, 20260319)
SUMMED = BoardSpan(
    periods=(20260223, 20260302, 20260309),
    days=((20260215, 20260222), (20260316, 20260318)),
)


def paid(n: int, user_id: int, day: int, amount: int) -> LedgerEntry:
    return LedgerEntry(
        guild_id=GUILD,
        user_id=user_id,
        kind="award",
        amount=amount,
        source_id=n,
        rule_set=0,
        day=day,
        earned_at=float(n % 7),
        recorded_at=START,
    )


@pytest.mark.parametrize("seed", range(6))
async def test_the_sums_of_a_season_are_whole_whatever_is_earned_while_they_are_made(
    database: Database, seed: int
) -> None:
    rng = random.Random(seed)
    first, after = [SEASON, (20260227, None), (20260215, 20260301)][seed % 3]
    n_noted = rng.randrange(60)

    async def step(conn: Connection, n: int) -> None:
        await ledger.append(conn, paid(n, rng.randrange(1, 30), rng.choice(DAYS), 10 + n))
        if n == n_noted:
            await seasons.note(conn, GUILD, first, after)
        if n > n_noted and rng.random() < 0.3:
            await seasons.fill(conn, 3)
        if rng.random() < 0.05:
            await privacy.erase(conn, GUILD, rng.randrange(1, 30))

    for n in range(120):
        await database.write(partial(step, n=n))
        async with database.read() as conn:
            assert await boards.differences(conn) == []
    while await database.write(lambda conn: seasons.fill(conn, 3)):
        pass
    async with database.read() as conn:
        assert await boards.differences(conn) == []
        period = await seasons.kept(conn, GUILD, first, after)
        assert period
        for user_id in range(1, 31) if (first, after) == SEASON else ():
            kept = await boards.places(conn, GUILD, BoardSpan(periods=(period,)), user_id)
            assert kept.top
            assert kept == await boards.places(conn, GUILD, SUMMED, user_id)


async def test_a_kept_season_that_disagrees_with_its_days_is_found(database: Database) -> None:
    await database.write(lambda conn: ledger.append(conn, paid(1, 10, DAYS[2], 50)))
    await database.write(lambda conn: seasons.note(conn, GUILD, *SEASON))
    await database.write(lambda conn: seasons.fill(conn, 10))
    is_season = period_points.c.period < 0
    change = period_points.update().where(is_season).values(amount=7)
    await database.write(lambda conn: conn.execute(change))
    async with database.read() as conn:
        (found,) = await boards.differences(conn)
        assert (found.user_id, found.days, found.kept) == (10, 50, 7)
        assert found.period == await seasons.kept(conn, GUILD, *SEASON)


async def test_a_season_is_the_same_board_before_and_after_its_sums_are_kept(
    database: Database,
) -> None:
    desk = Desk(database)

    async def go_by(*starts: int) -> None:
        rules = RuleSet(seasons=Seasons("dates", starts))
        await database.write(
            lambda conn: desk.points.publish(conn, GUILD, rules, actor_id=99, reason="a test")
        )

    async def periods() -> set[int]:
        async with database.read() as conn:
            return set(await conn.scalars(select(period_points.c.period).distinct()))

    async def earn(n: int) -> None:
        await database.write(
            lambda conn: ledger.append(conn, paid(n, 100 + n % 25, DAYS[n % 5], 10 * n))
        )

    await go_by(20260215)
    for n in range(1, 60):
        await earn(n)
    before = await desk.board(111, "season")
    assert before.top and before.around
    await desk.boards.tick(desk.boards.clock())
    assert min(await periods()) == -1
    assert await desk.board(111, "season") == before
    await earn(501)
    assert (await desk.board(100, "season")).top[0].amount >= 5_000

    await go_by(20260215, 20260227)  # this season ends where a new one begins
    assert (await desk.board(111, "season")).days == (20260227, 20260302)
    await desk.boards.tick(desk.boards.clock())
    assert min(await periods()) == -2 and -1 not in await periods()
    assert await desk.differences() == []
    for period in PERIODS:
        assert (await desk.board(111, period)).top
