"""Farms that keep to the letter of what holds others in check, and honest days beside them.

Accounts of one's own that click once, or answer every time; canned texts that rotate over days;
questions opened to be answered; what is thanked, deleted and posted again. Among the honest: a
teacher, a night shift, who only shares links, who answers in a word of Chinese.
"""

import random
from collections.abc import Sequence

import pytest

from storage.database import Database
from storage.records import Event, EventKind
from tests.points.deliveries import GUILD, HOUR, deleted
from tests.points.test_farms import WORDS, Town, days, honest, settled
from tests.points.test_goals import FORTY, Scene, part

__all__ = ["honest"]

pytestmark = pytest.mark.slow

CROWD = list(FORTY)


@pytest.fixture
async def town(database: Database) -> Town:
    return await settled(database)


def _noise(town: Town, day: float, n: int = 20) -> list[Event]:
    return [town.say(200, day + 61 * k) for k in range(n)]


def alts_that_click_once(town: Town) -> Sequence[int]:
    """Noise, and replies in turn to twenty accounts of one's own, each of which clicked once."""
    for n_day, day in enumerate(days()):
        said = _noise(town, day)
        for k in range(20 if n_day == 0 else 0):
            town.thank(201 + k, said[k], day + 2 * HOUR + k)
        for k in range(10):
            town.say(200, day + 61 * (20 + k), to=201 + (10 * n_day + k) % 20)
        town.check_in(200, day + 5 * HOUR)
    return [200]


def alts_that_click_each(town: Town) -> Sequence[int]:
    """The same, and each account thanks for each reply to it."""
    for n_day, day in enumerate(days()):
        _noise(town, day)
        for k in range(10):
            account = 201 + (10 * n_day + k) % 20
            at = day + 61 * (20 + k)
            town.thank(account, town.say(200, at, to=account), at + 30)
        town.check_in(200, day + 5 * HOUR)
    return [200]


def threads_of_alts_that_answer(town: Town) -> Sequence[int]:
    """Accounts of one's own open threads, and answer whatever is said there."""
    for n_day, day in enumerate(days()):
        _noise(town, day)
        for k in range(10):
            account, at = 201 + (10 * n_day + k) % 20, day + 61 * (20 + k)
            town.say(account, at - 40)
            town.say(200, at, to=account)
            town.say(account, at + 30, to=200)
        town.check_in(200, day + 5 * HOUR)
    return [200]


def questions_of_ten_alts(town: Town) -> Sequence[int]:
    """Ten accounts of one's own ask daily, thank and accept."""
    for day in days():
        for k in range(10):
            account, at = 201 + k, day + 300 * k
            town.say(account, at)
            answer = town.say(200, at + 100, to=account)
            town.accept(account, answer, at + 200)
            town.thank(account, answer, at + 210)
        town.check_in(200, day + 5 * HOUR)
    return [200]


def canned(town: Town) -> Sequence[int]:
    """160 sentences in turn, half of them said to members who are there."""
    pool = [" ".join(town.chance.sample(WORDS, 9)) for _ in range(160)]
    for n_day, day in enumerate(days()):
        for k in range(20):
            to = 100 + (10 * n_day + k) % 40 if k % 2 else None
            town.say(200, day + 61 * k, pool[(20 * n_day + k) % 160], to=to)
        town.check_in(200, day + 5 * HOUR)
    return [200]


def reviewers_of_each_other(town: Town) -> Sequence[int]:
    """Three review five submissions of each other every day."""
    for day in days():
        for member in range(200, 203):
            for k in range(5):
                _review(town, 200 + (member - 199) % 3, member, day + member + 60 * k)
    return range(200, 203)


def _review(town: Town, by: int, reviewer: int, at: float) -> None:
    town.last_id += 1
    event = Event(
        guild_id=GUILD,
        source_id=town.last_id,
        kind=EventKind.REVIEWED,
        user_id=by,
        occurred_at=at,
        target_id=reviewer,
    )
    town.events.append(event)


def ping_pong(town: Town) -> Sequence[int]:
    """Eight write ten messages and thank each other, one way today and the other tomorrow."""
    ring = range(200, 208)
    for n_day, day in enumerate(days()):
        said = {who: [town.say(who, day + who % 7 + 61 * n) for n in range(10)] for who in ring}
        for giver in ring:
            for receiver in ring:
                if giver != receiver and (giver < receiver) == bool(n_day % 2):
                    for n in range(2):
                        at = day + 2 * HOUR + 600 * n + giver
                        town.thank(giver, said[receiver][(n + giver) % 10], at)
    return ring


def posted_again(town: Town) -> Sequence[int]:
    """What five accounts thanked for is deleted, posted again, and thanked for again."""
    for day in days():
        for k in range(10):
            text = town.fresh()
            for at in (day + 61 * k, day + 4 * HOUR + 61 * k):
                said = town.say(200, at, text)
                for account in range(201, 206):
                    town.thank(account, said, at + account - 196)
                if at < day + 3 * HOUR:
                    town.events.append(deleted(said.source_id, 200, day + 3 * HOUR + k))
    return [200]


def teacher(town: Town) -> Sequence[int]:
    """The day's template, thanked by ten, and eight answers of which half are thanked."""
    chance = random.Random(5)
    for n_day, day in enumerate(days()):
        task = " ".join(chance.sample(WORDS, 6))
        post = town.say(200, day, f"第{n_day + 1}天学习打卡：请在本帖回复今天学了什么 {task}")
        for member in chance.sample(CROWD, 10):
            town.thank(member, post, day + HOUR + member)
        for member in chance.sample(CROWD, 8):
            answer = town.say(200, day + 3 * HOUR + 200 * (member - 99), to=member)
            if chance.random() < 0.5:
                town.thank(member, answer, day + 8 * HOUR + member)
    return [200]


def night_shift(town: Town) -> Sequence[int]:
    """Twenty answers within two hours of the night; a third is thanked the next day."""
    chance = random.Random(6)
    for day in days():
        for k, member in enumerate(chance.sample(CROWD, 20)):
            answer = town.say(200, day + 17 * HOUR + 340 * k, to=member)
            if chance.random() < 0.34:
                town.thank(member, answer, day + 27 * HOUR + member)
    return [200]


def links_only(town: Town) -> Sequence[int]:
    """Three links a day without a word, ten thanks."""
    chance = random.Random(7)
    for n_day, day in enumerate(days()):
        for k in range(3):
            said = town.say(200, day + 3 * HOUR * k, f"https://example.org/{n_day}/{k}")
            for member in chance.sample(CROWD, 3 + (k == 0)):
                town.thank(member, said, day + 3 * HOUR * k + HOUR + member)
    return [200]


def short_chinese_answers(town: Town) -> Sequence[int]:
    """Twelve answers of a few characters, of which seven in ten are thanked."""
    chance = random.Random(8)
    answers = (
        "对 是的 用第二种 重启就好 看文档第三章 加个索引 没错 试试回滚 可以 参数写反了".split()
    )
    for n_day, day in enumerate(days()):
        for k, member in enumerate(chance.sample(CROWD, 12)):
            said = town.say(200, day + 1_800 * k, answers[(n_day + k) % 10], to=member)
            if chance.random() < 0.7:
                town.thank(member, said, day + 1_800 * k + 400)
    return [200]


def quiet_learner(town: Town) -> Sequence[int]:
    """A question thanked by two, one answer that is thanked and sometimes accepted, a check-in."""
    chance = random.Random(9)
    for n_day, day in enumerate(days()):
        asked = town.say(200, day + HOUR)
        for member in chance.sample(CROWD, 2):
            town.thank(member, asked, day + 2 * HOUR + member)
        answer = town.say(200, day + 6 * HOUR, to=100 + n_day)
        town.thank(100 + n_day, answer, day + 7 * HOUR)
        if n_day % 3 == 0:
            town.accept(100 + n_day, answer, day + 8 * HOUR)
        town.check_in(200, day + 9 * HOUR)
    return [200]


def reviewer(town: Town) -> Sequence[int]:
    """Three reviews a day and a check-in."""
    for day in days():
        for k in range(3):
            _review(town, 99, 200, day + 600 * k)
        town.check_in(200, day + 9 * HOUR)
    return [200]


@pytest.mark.parametrize(
    ("scene", "most"),
    [
        (alts_that_click_once, 0.5),
        (alts_that_click_each, 0.75),
        (threads_of_alts_that_answer, 0.5),
        (questions_of_ten_alts, 0.6),
        (canned, 0.5),
        (reviewers_of_each_other, 0.95),
        (ping_pong, 0.5),
        (posted_again, 0.25),
    ],
)
async def test_a_farm_among_forty_earns_less_than_they_do(
    town: Town, honest: float, scene: Scene, most: float
) -> None:
    assert await part(town, scene, honest, FORTY) <= most


@pytest.mark.parametrize("scene", [alts_that_click_once, threads_of_alts_that_answer])
async def test_a_farm_of_twenty_alone_earns_half_of_an_honest_member_elsewhere(
    town: Town, honest: float, scene: Scene
) -> None:
    assert await part(town, scene, honest) <= 0.5


@pytest.mark.parametrize(
    ("scene", "least"),
    [
        (teacher, 2.0),
        (night_shift, 1.2),
        (links_only, 1.1),
        (short_chinese_answers, 0.9),
        (quiet_learner, 0.9),
        (reviewer, 0.75),
    ],
)
async def test_an_honest_day_of_another_kind_pays(
    town: Town, honest: float, scene: Scene, least: float
) -> None:
    assert await part(town, scene, honest, FORTY) >= least
