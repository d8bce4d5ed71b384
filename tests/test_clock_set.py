"""What is stored survives a clock that ran a year ahead for a while, and one that is put back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.errors import UserError
from bot.levels import rules as level_rules
from bot.links import rules as link_rules
from storage import deeds, members
from storage.database import Database
from storage.records import Guild
from tests.digest.conftest import GUILD, Post, post
from tests.shop.goods import Shop

__all__ = ["post"]

YEAR = timedelta(days=365)
ANN, BEN, MOD = 11, 12, 13
NOTE = "read about lifetimes and wrote two examples"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


@asynccontextmanager
async def a_year_ahead(post: Post) -> AsyncIterator[None]:
    """Let the clock run a year ahead for a while."""
    post.clock.now += YEAR
    yield
    post.clock.now -= YEAR


async def until_due(post: Post, user_id: int) -> timedelta:
    due_at = (await post.setting(user_id)).due_at
    assert due_at is not None
    return timedelta(seconds=due_at - post.clock().timestamp())


async def test_a_digest_planned_by_a_clock_that_ran_ahead_is_planned_again(post: Post) -> None:
    await post.opt_in(ANN)
    async with a_year_ahead(post):
        await post.tick()
        assert post.messenger.got(ANN) == 1
    assert await until_due(post, ANN) > timedelta(days=300)
    await post.tick()
    assert timedelta() < await until_due(post, ANN) < timedelta(days=8)
    post.clock.pass_by(days=8)
    await post.tick()
    assert post.messenger.got(ANN) == 2


async def test_a_digest_is_not_planned_again_and_again(post: Post) -> None:
    await post.opt_in(ANN)
    await post.tick()
    planned = await post.setting(ANN)
    post.clock.now -= timedelta(hours=1)
    await post.tick()
    assert await post.setting(ANN) == planned


@pytest.mark.parametrize("arrives", [False, True])
async def test_a_claim_from_the_future_is_finished_and_not_doubled(
    post: Post, arrives: bool
) -> None:
    await post.opt_in(ANN)
    post.messenger.arrives = arrives
    post.messenger.faults[ANN] = KeyboardInterrupt()  # the process ends while it is sending
    async with a_year_ahead(post):
        with pytest.raises(KeyboardInterrupt):
            await post.tick()
    post.messenger.faults.clear()
    post.restart()
    await post.tick()
    assert post.messenger.got(ANN) == 1
    assert await post.states(ANN) == ["sent"]


async def test_first_messages_of_a_clock_that_ran_ahead_do_not_use_up_the_limit(
    post: Post,
) -> None:
    early, late = range(100, 105), range(200, 205)
    await post.opt_in(*early)
    async with a_year_ahead(post):
        await post.tick()
    await post.opt_in(*late)
    post.clock.pass_by(days=7)
    await post.tick()
    assert [post.messenger.got(user_id) for user_id in late] == [1] * 5


async def test_a_digest_at_once_is_limited_by_the_present(post: Post) -> None:
    await post.opt_in(ANN)
    async with a_year_ahead(post):
        await post.run.now(GUILD, ANN, 1)
    await post.run.now(GUILD, ANN, 2)
    with pytest.raises(UserError, match="too-soon"):
        await post.run.now(GUILD, ANN, 3)


async def test_a_check_in_of_the_future_does_not_end_todays(post: Post) -> None:
    async def check_in(source_id: int) -> int:
        done = await post.services.checkins.check_in(
            GUILD, ANN, NOTE, source_id=source_id, channel_id=None
        )
        return done.streak

    await post.database.write(lambda conn: members.save_guild(conn, Guild(GUILD, created_at=1.0)))
    assert await check_in(1) == 1
    post.clock.pass_by(days=1)
    async with a_year_ahead(post):
        await check_in(2)
    assert await check_in(3) == 2
    with pytest.raises(UserError, match="again"):
        await check_in(4)


async def test_what_a_moderator_gave_in_the_future_is_not_todays(post: Post) -> None:
    async def give(source_id: int) -> None:
        await post.services.awards.give(GUILD, MOD, ANN, 500, "well done", source_id=source_id)

    async with a_year_ahead(post):
        await give(1)
    await give(2)
    with pytest.raises(UserError, match="daily"):
        await give(3)


async def test_a_role_that_could_not_be_given_in_the_future_is_tried_now(shop: Shop) -> None:
    await shop.pay(ANN, 50)
    await shop.pay(BEN, 50)
    item = await shop.sell("role", {"days": "30"}, role_id=5)
    shop.now += YEAR
    tried = (await shop.buy(ANN, item)).redemption
    await shop.service.delivery.stuck(tried, "unreachable")
    await shop.buy(BEN, item)  # a crash before the role is given
    shop.now -= YEAR
    due = await shop.service.delivery.due(shop.now)
    assert {each.user_id for each in due} == {ANN, BEN}


async def test_an_open_of_the_future_repeats_nothing_today(post: Post) -> None:
    async def n_opens() -> int:
        async with post.database.read() as conn:
            return len(await deeds.of(conn, GUILD, ANN))

    links = post.services.links
    item = (await post.services.digest.claims.preview(GUILD, ANN, ())).picks[0].item

    async def opened() -> None:
        await post.database.write(
            lambda conn: links._log_open(
                conn, GUILD, ANN, item.impression_id or 0, item.resource_id
            )
        )

    async with a_year_ahead(post):
        await opened()
    for n_expected in (2, 2):
        await opened()
        assert await n_opens() == n_expected


def test_a_link_that_was_made_before_the_clock_was_put_back_counts() -> None:
    for age_s, is_counted in ((-3_600.0, True), (1.0, False), (2.0, True)):
        assert link_rules.counts("GET", BROWSER, age_s) == is_counted


def test_moderators_are_told_again_of_a_queue_after_a_clock_that_ran_ahead() -> None:
    now, every_s = 1_000_000.0, level_rules.QUEUE_TOLD_EVERY_S
    assert level_rules.told_at(now - 5, now) == now - 5
    assert level_rules.told_at(now + every_s, now) == now + every_s
    assert level_rules.told_at(now + YEAR.total_seconds(), now) == 0


async def test_who_was_looked_at_in_the_future_is_looked_at_now(shop: Shop) -> None:
    await shop.pay(ANN, 50)
    item = await shop.sell("role", {"days": ""}, role_id=5)
    await shop.service.delivery.granted((await shop.buy(ANN, item)).redemption)
    shop.now += YEAR
    assert len(await shop.service.delivery.to_look_at()) == 1
    assert await shop.service.delivery.must_look()
    shop.now -= YEAR - timedelta(hours=1)
    for is_due in (True, False):
        assert bool(await shop.service.delivery.to_look_at()) == is_due
        assert await shop.service.delivery.must_look() == is_due
