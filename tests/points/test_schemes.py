"""Schemes a stranger would try against the defaults, beside an honest member's day.

Everything goes through the capture's own judgement of texts, in the order of time, and the real
service. Unlike `test_farms`, which works as hard as the rules can pay, these are short cuts:
answers accepted in turns, old accounts that wake up, texts that only look different, days cut at
midnight.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.activity import rules as door
from storage.database import Database
from storage.records import Event, EventKind
from tests.points.deliveries import (
    GUILD,
    HOUR,
    START,
    Desk,
    deleted,
    message,
    reaction,
    snowflake,
)
from tests.points.test_farms import DAY, N_DAYS, WORDS, Town, honest, live

__all__ = ["honest"]

pytestmark = pytest.mark.slow

Text = Callable[[random.Random, int], str]


@dataclass
class Stage:
    """What happens when; a text is judged when its moment comes, as it is said."""

    desk: Desk
    chance: random.Random = field(default_factory=lambda: random.Random(11))
    heard: door.Heard = field(default_factory=lambda: door.Heard(5))
    acts: list[tuple[float, int, Callable[[], Event]]] = field(default_factory=list)
    said: dict[int, Event] = field(default_factory=dict)

    def at(self, moment: float, act: Callable[[], Event]) -> int:
        number = 10**6 + len(self.acts)
        self.acts.append((moment, number, act))
        return number

    def say(self, author: int, at: float, text: str | None = None, to: int | None = None) -> int:
        """Say something at a moment, new words where no text is given; return the message."""
        words = " ".join(self.chance.sample(WORDS, 9)) + f" {self.chance.random()}"
        spoken, number = words if text is None else text, 10**6 + len(self.acts)

        def act() -> Event:
            self.said[number] = message(
                number,
                author,
                at,
                length_class=door.length_class(spoken),
                novelty=self.heard.novelty(GUILD, author, spoken, at),
                in_thread=to is not None,
                target_id=to,
            )
            return self.said[number]

        return self.at(at, act)

    def thank(self, giver: int, number: int, at: float, emoji: str = "👍") -> None:
        def act() -> Event:
            on = self.said[number]
            clicked = reaction(number, giver, on.user_id, at, emoji)
            return replace(clicked, length_class=on.length_class, novelty=on.novelty)

        self.at(at, act)

    def accept(self, asker: int, number: int, at: float) -> None:
        def act() -> Event:
            on = self.said[number]
            return replace(
                Event(
                    guild_id=GUILD,
                    source_id=number,
                    kind=EventKind.ACCEPTED,
                    user_id=asker,
                    occurred_at=at,
                    target_id=on.user_id,
                ),
                length_class=on.length_class,
                novelty=on.novelty,
            )

        self.at(at, act)

    def delete(self, number: int, at: float) -> None:
        self.at(at, lambda: deleted(number, self.said[number].user_id, at))

    async def earned(self, *members: int) -> list[float]:
        """Let all of it happen; return each member's points a day."""
        events = [act() for _, _, act in sorted(self.acts, key=lambda act: act[:2])]
        await self.desk.deliver_in(events, [500])
        assert await self.desk.differences() == []
        return [await self.desk.balance(member) / 100 / N_DAYS for member in members]


@pytest.fixture
async def stage(database: Database) -> Stage:
    desk = Desk(database)
    await desk.know(*range(100, 240))
    return Stage(desk)


def mornings() -> Iterator[float]:
    yield from (START + n * DAY for n in range(N_DAYS))


def few_words(stage: Stage, members: Iterable[int], day: float) -> dict[int, list[int]]:
    """Let each say three things a day and answer two of the others: less than an honest day."""
    people = list(members)
    said = {}
    for n, member in enumerate(people):
        others = people[:n] + people[n + 1 :]
        at = day + 7 * n
        own = [stage.say(member, at + 70 * k) for k in range(3)]
        own += [stage.say(member, at + 70 * (3 + k), to=others[k % len(others)]) for k in range(2)]
        said[member] = own
    return said


async def test_a_ring_that_accepts_each_others_answers_in_turns_earns_less_than_an_honest_member(
    stage: Stage, honest: float
) -> None:
    ring = range(200, 210)
    for n_day, day in enumerate(mornings()):
        said = few_words(stage, ring, day)
        for giver in ring:
            for receiver in ring:
                # One way today, the other tomorrow: nothing is lost to the lock.
                if giver != receiver and (giver < receiver) != bool(n_day % 2):
                    at = day + 5 * HOUR + 60 * (giver - 200) + 6 * (receiver - 200)
                    stage.accept(giver, said[receiver][-1 - giver % 2], at)
                    for n, number in enumerate(said[receiver][:3]):
                        stage.thank(giver, number, at + HOUR + 600 * n)
    earned = await stage.earned(*ring)
    assert max(earned) < 0.9 * honest
    assert sum(earned) / len(earned) < 0.75 * honest


async def test_two_friends_and_a_third_account_that_asks_earn_half_of_an_honest_member(
    stage: Stage, honest: float
) -> None:
    friends, third = (200, 201), 202
    for n_day, day in enumerate(mornings()):
        for me, other in (friends, friends[::-1]):
            mine = [stage.say(me, day + me % 7 + 70 * n) for n in range(4)]
            for n, number in enumerate(mine[:2]):
                if n_day % 2 == me % 2:
                    stage.accept(other, number, day + 6 * HOUR + n)
                stage.accept(third, mine[2 + n], day + 7 * HOUR + n)
            for n, number in enumerate(mine):
                for emoji in ("👍", "❤️", "🙏", "💡"):
                    stage.thank(other, number, day + 4 * HOUR + 30 * n, emoji)
    assert max(await stage.earned(*friends)) < 0.6 * honest


@pytest.mark.parametrize("n_accounts", [10, 60])
async def test_old_accounts_that_join_wait_and_then_thank_one_member_lift_them_little(
    stage: Stage, honest: float, n_accounts: int
) -> None:
    swarm = [snowflake(START - 400 * DAY) + (n << 22) for n in range(n_accounts)]
    for day in list(mornings())[3:6]:
        said = [stage.say(200, day + 70 * n) for n in range(3)]
        for n, account in enumerate(swarm):
            for number in said:
                stage.thank(account, number, day + HOUR + n)
                stage.accept(account, said[n % 3], day + 2 * HOUR + n)
    (earned,) = await stage.earned(200)
    assert earned * N_DAYS / 3 < 0.6 * honest


def _spaced(chance: random.Random, n: int) -> str:
    return "·".join("今天也是努力学习的一天大家加油呀") + "​" * (n % 9)


def _full_width(chance: random.Random, n: int) -> str:
    text = f"今天认真学习了database和network第{n}次"
    wide = {char: chr(ord(char) + 0xFEE0) for char in text if char.isascii()}
    return "".join(wide.get(char, char) if chance.random() < 0.5 else char for char in text)


def _emoji(chance: random.Random, n: int) -> str:
    return "".join(
        char + chance.choice("😀😂👍🎉🔥💯") for char in "今天也是努力学习的一天大家加油"
    )


def _one_char(chance: random.Random, n: int) -> str:
    text = list("我们今天讨论一下分布式系统的一致性问题吧")
    text[chance.randrange(len(text))] = chance.choice("天地玄黄宇宙洪荒日月盈昃")
    return "".join(text)


def _poem(chance: random.Random, n: int) -> str:
    return (
        "床前明月光，疑是地上霜。举头望明月，低头思故乡。",
        "白日依山尽，黄河入海流。欲穷千里目，更上一层楼。",
        "春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。",
        "红豆生南国，春来发几枝。愿君多采撷，此物最相思。",
        "千山鸟飞绝，万径人踪灭。孤舟蓑笠翁，独钓寒江雪。",
    )[n % 5]


@pytest.mark.parametrize("text", [_spaced, _full_width, _emoji, _one_char, _poem])
@pytest.mark.parametrize("gap_s", [61, 3_000])
async def test_what_only_looks_different_earns_nothing_however_it_is_spread_over_the_day(
    stage: Stage, honest: float, text: Text, gap_s: float
) -> None:
    for day in mornings():
        for n in range(int(min(300, 16 * HOUR / gap_s))):
            stage.say(200, day + gap_s * n, text(stage.chance, n))
    (earned,) = await stage.earned(200)
    assert earned < 0.05 * honest


def _template(chance: random.Random, n: int) -> str:
    name = chance.choice("小明 小红 阿强 李雷 韩梅梅 老王 张三 李四 王五 赵六".split())
    form = chance.choice(("打卡第{n}天，和{name}一起加油学习", "谢谢{name}的分享，第{n}次受益了"))
    return form.format(n=n, name=name)


def _traditional(chance: random.Random, n: int) -> str:
    text = "今天认真学习了数据库和网络，发现进步很大，时间过得真快"
    other = dict(zip("认学习进发现时间过数据络", "認學習進發現時間過數據絡", strict=True))
    return "".join(other.get(char, char) if chance.random() < 0.5 else char for char in text)


def _noise(chance: random.Random, n: int) -> str:
    return "".join(chr(chance.randint(0x4E00, 0x9FA5)) for _ in range(14))


@pytest.mark.parametrize("text", [_template, _traditional, _noise])
async def test_whatever_somebody_writes_alone_stays_below_half_of_an_honest_member(
    stage: Stage, honest: float, text: Text
) -> None:
    for day in mornings():
        for n in range(300):
            stage.say(200, day + 61 * n, text(stage.chance, n))
    (earned,) = await stage.earned(200)
    assert earned < 0.45 * honest


async def test_repeating_what_others_just_said_earns_nothing(stage: Stage) -> None:
    for day in mornings():
        for n in range(40):
            words = " ".join(stage.chance.sample(WORDS, 9))
            stage.say(100 + n, day + 600 * n, words)
            stage.say(200, day + 600 * n + 90, words)
    assert await stage.earned(200) == [0.0]


async def test_what_is_deleted_in_the_evening_has_earned_nothing(stage: Stage) -> None:
    for day in mornings():
        for n in range(10):
            number = stage.say(200, day + 300 * n, to=150 if n % 2 else None)
            stage.thank(151 + n, number, day + 300 * n + 20)
            stage.accept(170, number, day + 300 * n + 30)
            stage.delete(number, day + 12 * HOUR)
    assert await stage.earned(200) == [0.0]


async def test_writing_around_midnight_pays_no_more_than_two_days(
    stage: Stage, honest: float
) -> None:
    for day in mornings():
        for n in range(-25, 25):
            stage.say(200, day + 15 * HOUR + 61 * n)
    (earned,) = await stage.earned(200)
    assert earned < 0.45 * honest


async def test_people_who_ask_and_answer_earn_more_than_those_who_do_not(
    stage: Stage, honest: float
) -> None:
    people: Sequence[int] = range(100, 140)
    town = Town(stage.desk)
    live(town, people)
    replies = [event for event in town.events if event.in_thread and event.target_id]
    for event in stage.chance.sample(replies, 3 * len(people)):
        asked = Event(
            guild_id=GUILD,
            source_id=event.source_id,
            kind=EventKind.ACCEPTED,
            user_id=event.target_id or 0,
            occurred_at=event.occurred_at + 600,
            target_id=event.user_id,
        )
        town.events.append(replace(asked, length_class=event.length_class, novelty=event.novelty))
    earned = await town.earned(people)
    # Three accepted answers in ten days: nearly all of their 4.5 points a day are paid.
    assert sum(earned) / len(earned) > honest + 2.5
