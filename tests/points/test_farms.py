"""Farms against the defaults: what each member of one extracts, beside an honest member's day.

Everything goes through the capture's own judgement of texts (`bot.activity.rules`) and the real
service. A farm works as hard as the rules can possibly pay: more messages, replies and clicks a
day than the caps allow, texts of its own where it needs them. The honest member does what
members of a learning community do: eight messages, four replies, and five thanks received.
"""

import itertools
import random
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.activity import rules as door
from storage.database import Database, open_database
from storage.records import Event, EventKind
from tests.points.deliveries import (
    HOUR,
    START,
    Desk,
    deleted,
    message,
    reaction,
    snowflake,
    unreaction,
)

pytestmark = pytest.mark.slow

DAY = 24 * HOUR
N_DAYS = 10
SYLLABLES = "ba ce di fo gu ka le mi no pu ra se ti vo zu".split()
# So many that no two sentences share what tells them apart, whatever this process hashes with.
WORDS = tuple(map("".join, itertools.product(SYLLABLES, repeat=3)))
HAN = "学习打卡加油努力坚持胜利进步一起签到支持不错很好收获今天明天大家同学老师课程笔记复习总结代码"


@dataclass
class Town:
    """A guild in which things happen: ids, texts and their judgement."""

    desk: Desk
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    heard: door.Heard = field(default_factory=lambda: door.Heard(3))
    events: list[Event] = field(default_factory=list)
    last_id: int = 10**6

    def fresh(self) -> str:
        """Return a sentence nobody has said: what an honest member, or a diligent farm, writes."""
        return " ".join(self.chance.sample(WORDS, 9)) + f" {self.chance.random()}"

    def say(self, author: int, at: float, text: str | None = None, to: int | None = None) -> Event:
        self.last_id += 1
        said = self.fresh() if text is None else text
        event = message(
            self.last_id,
            author,
            at,
            length_class=door.length_class(said),
            novelty=self.heard.novelty(1, author, said, at),
            in_thread=to is not None,
            target_id=to,
        )
        self.events.append(event)
        return event

    def thank(self, giver: int, for_: Event, at: float) -> Event:
        event = replace(
            reaction(for_.source_id, giver, for_.user_id, at),
            length_class=for_.length_class,
            novelty=for_.novelty,
        )
        self.events.append(event)
        return event

    def accept(self, asker: int, answer: Event, at: float) -> None:
        accepted = replace(answer, kind=EventKind.ACCEPTED, user_id=asker, occurred_at=at)
        self.events.append(replace(accepted, target_id=answer.user_id, in_thread=False))

    def check_in(self, member: int, at: float) -> None:
        self.last_id += 1
        event = Event(
            guild_id=1,
            source_id=self.last_id,
            kind=EventKind.CHECKIN,
            user_id=member,
            occurred_at=at,
            length_class=3,
        )
        self.events.append(event)

    async def earned(self, members: Iterable[int]) -> list[float]:
        """Let all of it happen in the order of time; return each member's points a day."""
        happened = sorted(self.events, key=lambda event: event.occurred_at)
        await self.desk.deliver_in(happened, [500])
        assert await self.desk.differences() == []
        return [await self.desk.balance(member) / 100 / N_DAYS for member in members]


def days() -> Iterator[float]:
    yield from (START + n * DAY for n in range(N_DAYS))


def live(town: Town, members: Sequence[int], n_thanks: int = 5) -> None:
    """Let members talk, answer and thank each other as people do, some liked more than others."""
    chance = town.chance
    for day in days():
        said: list[Event] = []
        for member in members:
            others = [other for other in members if other != member]
            for hour in sorted(chance.sample(range(12), 8)):
                said.append(town.say(member, day + hour * HOUR + chance.random() * HOUR / 2))
            for hour in sorted(chance.sample(range(12), 4)):
                at = day + hour * HOUR + HOUR / 2 + chance.random() * HOUR / 3
                said.append(town.say(member, at, to=chance.choice(others)))
        for _ in range(n_thanks * len(members)):
            liked = chance.choice(said)
            giver = chance.choice([other for other in members if other != liked.user_id])
            town.thank(giver, liked, liked.occurred_at + 60 + chance.random() * 8 * HOUR)


def work_hard(town: Town, member: int, day: float, partners: Sequence[int]) -> list[Event]:
    """Write twenty fresh messages and twelve replies to partners in turn, a minute apart."""
    at = day + member % 50
    said = [town.say(member, at + 61 * n) for n in range(20)]
    replies = [
        town.say(member, at + 61 * (20 + n), to=partners[n % len(partners)])
        for n in range(12 if partners else 0)
    ]
    return said + replies


async def settled(database: Database) -> Town:
    desk = Desk(database)
    await desk.know(*range(100, 240))
    return Town(desk)


@pytest.fixture
async def town(database: Database) -> Town:
    return await settled(database)


MEASURED: list[float] = []


@pytest.fixture
async def honest(tmp_path: Path) -> float:
    """What an honest member of a community of forty earns a day, in the middle of them all."""
    if not MEASURED:
        async with open_database(tmp_path / "honest.sqlite3") as database:
            community = await settled(database)
            live(community, range(100, 140))
            MEASURED.append(statistics.median(await community.earned(range(100, 140))))
    return MEASURED[0]


async def test_an_honest_members_day_pays_for_taking_part_and_for_helping(
    town: Town, honest: float
) -> None:
    assert 15 < honest < 25


async def test_two_friends_who_trade_earn_half_of_an_honest_member(
    town: Town, honest: float
) -> None:
    friends = (200, 201)
    for day in days():
        said = {
            friend: work_hard(town, friend, day, [other])
            for friend, other in (friends, friends[::-1])
        }
        for friend, other in (friends, friends[::-1]):
            for n, mine in enumerate(said[friend]):
                town.thank(other, mine, day + 3 * HOUR + 120 * n)
    for earned in await town.earned(friends):
        assert earned < 0.6 * honest


async def test_friends_who_only_trade_thanks_earn_next_to_nothing(
    town: Town, honest: float
) -> None:
    friends = (200, 201)
    said = {friend: town.say(friend, START, "ok") for friend in friends}
    for day in days():
        for n in range(12 * 30):
            giver, receiver = friends if n % 2 else friends[::-1]
            posted = town.say(receiver, day + 120 * n, "please")
            town.thank(giver, posted, day + 120 * n + 1)
            town.thank(giver, said[receiver], day + 120 * n + 2)
    for earned in await town.earned(friends):
        assert earned < 0.05 * honest


async def test_a_ring_of_ten_earns_less_than_an_honest_member_for_many_times_the_work(
    town: Town, honest: float
) -> None:
    ring = range(200, 210)
    for day in days():
        said = {
            member: work_hard(town, member, day, [other for other in ring if other != member])
            for member in ring
        }
        for giver in ring:
            for receiver in ring:
                if giver != receiver:
                    for n in range(3):
                        at = day + 2 * HOUR + 600 * n + town.chance.random() * 600
                        town.thank(giver, said[receiver][n], at)
    earned = await town.earned(ring)
    assert max(earned) < 0.95 * honest
    assert statistics.mean(earned) < 0.85 * honest


async def test_a_ring_that_only_clicks_earns_a_third(town: Town, honest: float) -> None:
    ring = range(200, 210)
    for day in days():
        said = {member: town.say(member, day + member) for member in ring}
        for giver in ring:
            for receiver in ring:
                if giver != receiver:
                    town.thank(giver, said[receiver], day + HOUR + town.chance.random() * HOUR)
    earned = await town.earned(ring)
    assert statistics.mean(earned) < 0.32 * honest


def _shuffled(town: Town, n: int) -> str:
    phrases = [HAN[i : i + 4] for i in range(0, len(HAN) - 4, 4)]
    return town.chance.choice("，。 ！").join(town.chance.sample(phrases, 4)) + str(n)


def _near(town: Town, n: int) -> str:
    return f"今天也是认真学习的一天，大家一起加油吧{'！' * (n % 5)}{n}"


def _one(town: Town, n: int) -> str:
    return "哈哈哈哈哈哈哈哈哈哈哈哈哈哈"


@pytest.mark.parametrize("write", [_shuffled, _near, _one])
async def test_a_spammer_in_chinese_earns_a_small_part(
    town: Town, honest: float, write: Callable[[Town, int], str]
) -> None:
    for day in days():
        for n in range(300):
            town.say(200, day + 61 * n, write(town, n))
    (earned,) = await town.earned([200])
    assert earned < 0.3 * honest


@pytest.mark.parametrize("age_days", [1, 400])
async def test_a_swarm_of_newcomers_lifts_nobody(town: Town, honest: float, age_days: int) -> None:
    swarm = [snowflake(START - age_days * DAY) + n for n in range(60)]
    for day in days():
        said = work_hard(town, 200, day, [])
        fresh = swarm[:30] if age_days > 100 else swarm
        for n, newcomer in enumerate(fresh):
            for mine in said[:3]:
                town.thank(newcomer + (1 << 22) * int(day), mine, day + 2 * HOUR + n)
    (earned,) = await town.earned([200])
    assert earned < 0.6 * honest


async def test_deleting_and_posting_again_earns_exactly_what_posting_once_does(
    town: Town,
) -> None:
    once, again = 200, 201
    for day in days():
        for n in range(6):
            at = day + n * HOUR
            kept = town.say(once, at)
            town.thank(150, kept, at + 5)
            for turn in range(4):
                posted = town.say(again, at + 70 * turn)
                town.thank(151, posted, at + 70 * turn + 5)
                if turn < 3:
                    town.events.append(deleted(posted.source_id, again, at + 70 * turn + 60))
    first, second = await town.earned((once, again))
    assert first == second


async def test_reacting_and_taking_back_over_and_over_earns_exactly_nothing(town: Town) -> None:
    posted = town.say(200, START)
    emoji = ("👍", "❤️", "🙏", "💡", "💯")
    for n, each in enumerate(emoji * 3):
        at = START + 60.0 * n
        town.events.append(replace(reaction(posted.source_id, 201, 200, at, each), length_class=3))
        town.events.append(unreaction(posted.source_id, 201, 200, at + 30, each))
    (earned,) = await town.earned([200])
    assert earned * N_DAYS == pytest.approx(1)  # the message itself


async def test_a_dozen_who_know_each_other_are_not_punished(town: Town, honest: float) -> None:
    friends = range(200, 212)
    live(town, friends)
    earned = await town.earned(friends)
    assert min(earned) > 0.6 * honest
    assert statistics.median(earned) > 0.7 * honest


async def test_who_is_thanked_more_earns_more(town: Town, honest: float) -> None:
    people = range(140, 180)
    live(town, people)
    expert = people[0]
    said = [event for event in town.events if event.user_id == expert and event.length_class]
    for n, event in enumerate(said):
        if n % 3:
            giver = town.chance.choice(people[1:])
            town.thank(giver, event, event.occurred_at + 30)
    earned = await town.earned(people)
    assert earned[0] > 1.2 * honest
