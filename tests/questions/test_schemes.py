"""Schemes of few who know the rules: bounties in turns, what they buy, a moderator's help."""

import pytest
from sqlalchemy import func, select

from bot.errors import UserError
from bot.questions import rules
from storage import consistency
from storage.database import Database
from storage.schema import audit
from tests.points.deliveries import GUILD
from tests.questions.test_farms import BOUNTY_KINDS, CROWD, RING, settled
from tests.questions.town import DAY_S, MODERATOR, Town

HONEST, HELPER = 1_800, 5_050
"""Hundredths that an honest member of forty, and the best helper, earn a day (docs/points.md)."""
N_DAYS = 7
ASKER, HELPING = RING[:2]
ALTS = RING[2:7]


@pytest.fixture
async def town(database: Database) -> Town:
    return await settled(database)


async def proved(town: Town) -> None:
    async with town.database.read() as conn:
        assert await consistency.problems(conn) == []


async def one(town: Town, asker: int, helper: int, bounty: int = 0, by: int | None = None) -> int:
    """Have somebody ask, be answered within the minute, and accept; return the answer."""
    asked = await town.ask(asker, bounty=bounty)
    await town.pass_time(30)
    answer = await town.answer(asked, helper)
    await town.pass_time(30)
    await town.accept(asked, answer, by=by)
    return answer


async def test_two_who_stake_in_turns_make_nothing_of_it_and_less_than_half_an_honest_day(
    town: Town,
) -> None:
    pair = RING[:2]
    for member in pair:
        await town.give(member, 200)
    start, given = town.now, 40_000
    for day in range(N_DAYS):
        for n in range(10):
            await one(town, pair[n % 2], pair[1 - n % 2], bounty=20)
        town.now = start + DAY_S * (day + 1)
    await town.pass_time(rules.BOUNTY_FOR_S)
    assert await town.came_to(*pair, kinds=BOUNTY_KINDS) == 0
    earned = await town.earned(*pair) - given
    assert earned / 2 / N_DAYS < HONEST / 2
    assert await town.spendable(*pair) == given + earned
    await proved(town)


@pytest.mark.parametrize("deed", ["delete", "reopen and close", "thread", "refund then delete"])
async def test_a_bounty_that_bought_something_buys_once_however_often_it_goes_round(
    town: Town, deed: str
) -> None:
    """Stake, win, buy, take back: what two have and bought is never more than what they earned."""
    shop = town.services.shop
    texts = {"title": "Sticker", "description": "", "price": "40"}
    item = (await shop.goods.add(GUILD, MODERATOR, "custom", texts)).item
    await town.give(ASKER, 60)
    n_bought = 0
    for n in range(6):
        try:
            asked = await town.ask(ASKER, bounty=50)
        except UserError:
            break
        answer = await town.answer(asked, HELPING)
        await town.accept(asked, answer)
        bought = None
        try:
            bought = await shop.orders.redeem(
                GUILD, HELPING, item.item_id, price=item.price, source_id=town.next_id()
            )
            n_bought += 1
        except UserError:
            pass
        if deed == "refund then delete" and bought is not None:
            number = bought.redemption.redemption_id
            await shop.orders.refund(GUILD, MODERATOR, number, "a mistake")
            n_bought -= 1
        if deed == "reopen and close":
            await town.decide("reopen", asked)
            await town.decide("close", asked)
        elif deed == "thread":
            await town.services.questions.threads.lose_thread(GUILD, asked.thread_id)
        else:
            await town.delete(answer)
            await town.decide("close", asked)
        await town.pass_time(3_600 * (n + 1))
    await town.pass_time(rules.BOUNTY_FOR_S)
    rewards = await town.came_to(ASKER, HELPING, kinds=("answer", "reply", "message"))
    have = await town.spendable(ASKER, HELPING)
    assert have + item.price * n_bought <= 6_000 + rewards
    assert n_bought <= 1
    await proved(town)


async def test_an_expert_and_five_accounts_that_ask_earn_less_than_the_best_helper(
    town: Town,
) -> None:
    """Alts ask what their owner answers, stake what the owner staked for them, day after day."""
    start = town.now
    await town.give(HELPING, 100)
    before = await town.earned(HELPING, *ALTS)
    for day in range(N_DAYS):
        for n, alt in enumerate(ALTS):
            await one(town, HELPING, alt, bounty=10)  # so the alt has something to stake
            await one(town, alt, HELPING)
            await one(town, alt, HELPING, bounty=5 if n % 2 else 0)
        town.now = start + DAY_S * (day + 1)
    await town.pass_time(rules.BOUNTY_FOR_S)
    assert await town.came_to(HELPING, *ALTS, kinds=BOUNTY_KINDS) == 0
    owner = (await town.earned(HELPING) - before) / N_DAYS
    everybody = (await town.earned(HELPING, *ALTS) - before) / N_DAYS
    assert owner < HELPER / 2 and everybody / (1 + len(ALTS)) < HONEST / 2
    await proved(town)


async def test_answers_accepted_and_given_up_in_turns_pay_one_of_them_at_a_time(
    town: Town,
) -> None:
    """Three accounts answer one question, which is accepted round and round for days."""
    asked = await town.ask(ASKER)
    answers = [await town.answer(asked, alt) for alt in ALTS[:3]]
    most = 0
    for n in range(30):
        await town.accept(asked, answers[n % 3], by=ASKER if n % 2 else MODERATOR)
        most = max(most, await town.came_to(*ALTS, kinds=("answer",)))
        if n % 5 == 4:
            await town.decide("reopen", asked)
            assert await town.came_to(*ALTS, kinds=("answer",)) == 0
        await town.pass_time(6 * 3_600)
    assert 0 < most <= 1_500
    await proved(town)


async def test_a_moderator_who_accepts_a_friends_answers_everywhere_is_seen_and_pays_little(
    town: Town,
) -> None:
    """The friend answers forty strangers' questions with a sentence; a moderator accepts each."""
    start = town.now
    for day in range(N_DAYS):
        for n in range(20):
            await one(town, CROWD[(n + 7 * day) % len(CROWD)], HELPING, by=MODERATOR)
        town.now = start + DAY_S * (day + 1)
    earned = await town.earned(HELPING) / N_DAYS
    own = [await one(town, asker, MODERATOR, by=MODERATOR) for asker in CROWD[:5]]
    assert len(own) == 5 and await town.came_to(MODERATOR, kinds=("answer",)) == 0
    async with town.database.read() as conn:
        n_noted = await conn.scalar(
            select(func.count()).where(
                audit.c.action == "questions.accept", audit.c.actor_id == MODERATOR
            )
        )
    assert n_noted == 20 * N_DAYS + len(own)
    assert 0 < earned < HONEST
    await proved(town)
