"""Farms of questions: rings, loops, bounties passed round, and what is deleted when it is spent."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.errors import UserError
from bot.questions import rules
from storage import consistency, deeds
from storage.database import Database, open_database
from storage.records import EventKind
from storage.schema import events, question_followers
from tests.beginnings import begin
from tests.points.deliveries import GUILD
from tests.questions.town import DAY_S, MODERATOR, Town

RING = tuple(range(200, 220))
HELPERS = tuple(range(100, 104))
CROWD = tuple(range(110, 150))
N_DAYS = 7
BOUNTY_KINDS = ("stake", "bounty", "change")


async def settled(database: Database) -> Town:
    town = Town(database)
    await town.know((*RING, *HELPERS, *CROWD, MODERATOR))
    return town


@pytest.fixture
async def town(database: Database) -> Town:
    return await settled(database)


async def holds(town: Town) -> bool:
    async with town.database.read() as conn:
        return await consistency.problems(conn) == []


async def a_day_of_helping(town: Town, n_each: int) -> None:
    """Four helpers answer what forty others ask; everything is accepted."""
    for n in range(n_each * len(HELPERS)):
        helper = HELPERS[n % len(HELPERS)]
        asked = await town.ask(CROWD[(7 * n + int(town.now // DAY_S)) % len(CROWD)])
        await town.pass_time(300)
        answer = await town.answer(asked, helper)
        await town.pass_time(300)
        await town.accept(asked, answer)


async def a_day_of_a_ring(town: Town, n_day: int, bounty: int = 0) -> None:
    """Each of twenty asks, another one answers, and is accepted: another pair every day."""
    for n, asker in enumerate(RING):
        helper = RING[(n + 1 + n_day) % len(RING)]
        if helper == asker:
            continue
        asked = await town.ask(asker, bounty=bounty)
        await town.pass_time(60)
        answer = await town.answer(asked, helper)
        await town.pass_time(60)
        await town.accept(asked, answer)


async def test_each_of_a_ring_of_twenty_earns_less_than_half_of_what_a_helper_does(
    town: Town, tmp_path: Path
) -> None:
    async with open_database(begin(tmp_path / "honest.sqlite3")) as other:
        honest = await settled(other)
        for n_day in range(N_DAYS):
            await a_day_of_helping(honest, 5)
            honest.now = town.now + DAY_S * (n_day + 1)
        helper = await honest.earned(*HELPERS) / len(HELPERS) / N_DAYS
    start = town.now
    for n_day in range(N_DAYS):
        await a_day_of_a_ring(town, n_day)
        town.now = start + DAY_S * (n_day + 1)
    member = await town.earned(*RING) / len(RING) / N_DAYS
    assert 0 < 2 * member < helper, (member, helper)
    assert await holds(town)


async def test_bounties_passed_round_make_no_points_and_no_level(town: Town) -> None:
    for member in RING:
        await town.give(member, 100)
    start, before = town.now, await town.spendable(*RING)
    for n_day in range(N_DAYS):
        await a_day_of_a_ring(town, n_day, bounty=50)
        town.now = start + DAY_S * (n_day + 1)
    await town.pass_time(rules.BOUNTY_FOR_S)
    assert await town.came_to(*RING, kinds=BOUNTY_KINDS) == 0
    rewards = await town.came_to(*RING, kinds=("answer", "reply", "message"))
    assert await town.spendable(*RING) == before + rewards
    assert await town.earned(*RING) == rewards + 100 * 100 * len(RING)
    assert await holds(town)


@pytest.mark.parametrize("bounty", [0, 30])
async def test_accepting_and_taking_it_back_without_end_pays_once(town: Town, bounty: int) -> None:
    asker, helper, other = RING[:3]
    await town.give(asker, bounty + 1)
    asked = await town.ask(asker, bounty=bounty)
    mine, theirs = await town.answer(asked, helper), await town.answer(asked, other)
    await town.accept(asked, mine)
    once = await town.spendable(helper)
    for n in range(15):
        await town.pass_time(60)
        deed = ("reopen", "close", "solve", "reopen")[n % 4]
        await town.decide(deed, asked)
        await town.accept(asked, theirs if n % 3 == 0 else mine)
        await town.accept(asked, mine, by=MODERATOR)
    assert await town.spendable(helper) <= once
    await town.decide("reopen", asked)
    await town.delete(mine)
    await town.delete(theirs)
    await town.decide("close", asked)
    assert await town.came_to(helper, other, kinds=("answer", "bounty")) == 0
    assert await town.came_to(asker, kinds=BOUNTY_KINDS) == 0
    assert await holds(town)


async def test_what_was_spent_before_its_answer_is_deleted_is_owed(town: Town) -> None:
    asker, helper = RING[:2]
    seen = []
    for n in range(5):  # the same two, the same day: ask, answer, accept, spend, delete, again
        asked = await town.ask(asker)
        answer = await town.answer(asked, helper)
        await town.accept(asked, answer)
        have = await town.spendable(helper)
        if have > 0:
            await town.spend(helper, have)
            seen.append(have)
        await town.delete(answer)
        assert await town.spendable(helper) < 0
        await town.pass_time(3_600)
        assert n or seen
    assert len(seen) == 1  # what they earn next makes up for it, and buys nothing
    with pytest.raises(UserError):
        await town.spend(helper, 1)
    with pytest.raises(UserError):
        begin_ = town.services.questions.threads.stake
        await begin_(await town.ask(helper), 100)
    assert await town.earned(helper) == 0
    assert await holds(town)


@pytest.mark.parametrize("is_staked", [True, False], ids=["waiting", "won"])
async def test_an_asker_who_is_erased_leaves_others_what_they_won_and_takes_nothing(
    town: Town, is_staked: bool
) -> None:
    asker, helper = RING[:2]
    await town.give(asker, 60)
    asked = await town.ask(asker, bounty=50)
    answer = await town.answer(asked, helper)
    if not is_staked:
        await town.accept(asked, answer)
    had = await town.spendable(helper)
    await town.services.privacy.erase(GUILD, asker, is_tracking_stopped=False)
    await town.delete(answer)
    await town.services.questions.threads.lose_thread(GUILD, asked.thread_id)
    await town.pass_time(rules.BOUNTY_FOR_S)
    assert await town.spendable(asker) == 0  # who comes back begins again, and is owed nothing
    assert await town.spendable(helper) <= had
    assert await holds(town)


# --------------------------------------------------------------- solved by a resource


async def standing(town: Town, *members: int) -> list[int]:
    """Return the resources that stand as having solved something for members."""
    async with town.database.read() as conn:
        return [
            deed.resource_id
            for member in members
            for deed in await deeds.of(conn, GUILD, member)
            if deed.kind == EventKind.SOLVED and deed.stands
        ]


async def add(town: Town, n: int, creator: int | None = None) -> int:
    raw = {"kind": "article", "title": f"About {n}", "url": f"https://example.org/{n}"}
    extra = {} if creator is None else {"creator_id": creator}
    made = await town.services.catalog.add(GUILD, MODERATOR, raw, **extra)
    return int(made.resource_id)


async def test_this_solved_it_pressed_without_end_speaks_once_a_resource_and_thrice_a_day(
    town: Town,
) -> None:
    found = town.services.questions.decisions.found_resource
    made = [await add(town, n) for n in range(9)]
    for n in range(60):
        for resource_id in made[: 1 if n < 30 else 9]:
            await found(GUILD, RING[0], resource_id, source_id=town.next_id(), role_ids=None)
    assert sorted(await standing(town, RING[0])) == made[: rules.SOLVED_A_DAY]
    town.now += 2 * DAY_S
    await found(GUILD, RING[0], made[0], source_id=town.next_id(), role_ids=None)
    await found(GUILD, RING[0], made[8], source_id=town.next_id(), role_ids=None)
    assert sorted(await standing(town, RING[0])) == [*made[: rules.SOLVED_A_DAY], made[8]]


async def test_nobody_says_so_of_their_own_resource_nor_for_others(town: Town) -> None:
    creator, asker = RING[:2]
    own = await add(town, 1, creator)
    decisions = town.services.questions.decisions
    await decisions.found_resource(GUILD, creator, own, source_id=town.next_id(), role_ids=None)
    mine = await town.ask(creator)
    await town.decide("solve", mine, own)
    theirs = await town.ask(asker)
    actor = rules.Actor(creator, is_moderator=True)
    known = await decisions.solve(GUILD, actor, theirs.question_id, own)
    assert known.question.state == "solved"
    assert await standing(town, creator, asker) == []
    await town.decide("reopen", theirs)
    await town.decide("solve", theirs, own)
    assert await standing(town, asker) == [own]


async def test_what_solves_it_after_something_else_did_not_stands(town: Town) -> None:
    first, second = await add(town, 1), await add(town, 2)
    asked = await town.ask(RING[0])
    for resource_id in (first, second, first, second):
        await town.decide("solve", asked, resource_id)
        assert await standing(town, RING[0]) == [resource_id]
        await town.decide("reopen", asked)
        assert await standing(town, RING[0]) == []
    await town.decide("solve", asked, first)
    await town.services.questions.threads.lose_thread(GUILD, asked.thread_id)
    assert await standing(town, RING[0]) == []


async def test_a_swarm_of_me_too_counts_once_each_and_earns_nothing(town: Town) -> None:
    asked = await town.ask(HELPERS[0])
    before = await town.spendable(*RING, HELPERS[0])
    follow = town.services.questions.decisions.follow
    for _ in range(3):
        for member in RING:
            await follow(GUILD, member, asked.question_id)
            await town.services.questions.decisions.found_question(GUILD, member, asked.question_id)
    with pytest.raises(UserError):
        await follow(GUILD, HELPERS[0], asked.question_id)
    async with town.database.read() as conn:
        n = await conn.scalar(select(func.count()).select_from(question_followers))
        paid = await conn.scalar(select(func.count()).where(events.c.is_rewarded.is_(True)))
    assert n == len(RING) and not paid
    assert await town.spendable(*RING, HELPERS[0]) == before
