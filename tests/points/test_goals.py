"""Being useful beside being loud: what farms and honest members earn a day under the defaults.

The table of docs/points.md, through the real service. A farm is played twice: in the company of
an honest community of forty, where it would be told from the others by what it earns, and alone,
where there is nobody to tell it from and the rules ease what few members pay each other.
"""

import random
import statistics
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from storage.database import Database, open_database
from tests.points.deliveries import HOUR
from tests.points.test_farms import Town, days, honest, live, settled, work_hard

__all__ = ["honest"]

pytestmark = pytest.mark.slow

FORTY = range(100, 140)
Scene = Callable[[Town], Sequence[int]]


@pytest.fixture
async def town(database: Database) -> Town:
    return await settled(database)


def noise_in_silent_threads(town: Town) -> Sequence[int]:
    """Twenty messages, ten replies to members who never answer, and a check-in."""
    for n_day, day in enumerate(days()):
        for n in range(20):
            town.say(200, day + 61 * n)
        for n in range(10):
            town.say(200, day + 61 * (20 + n), to=141 + (10 * n_day + n) % 40)
        town.check_in(200, day + 5 * HOUR)
    return [200]


def noise_in_threads_of_own_accounts(town: Town) -> Sequence[int]:
    """The same in threads of five accounts of one's own, which do nothing else."""
    for n_day, day in enumerate(days()):
        for n in range(20):
            town.say(200, day + 61 * n)
        for n in range(10):
            town.say(200, day + 61 * (20 + n), to=210 + (10 * n_day + n) % 5)
        town.check_in(200, day + 5 * HOUR)
    return [200]


def thanked_by_own_accounts(town: Town) -> Sequence[int]:
    """The same, and ten accounts of one's own thank for a message each day."""
    for day in days():
        said = [town.say(200, day + 61 * n) for n in range(20)]
        for n in range(10):
            town.say(200, day + 61 * (20 + n), to=210 + n)
            town.thank(210 + n, said[n], day + 4 * HOUR + n)
        town.check_in(200, day + 5 * HOUR)
    return [200]


def _ring(town: Town, ring: Sequence[int], *, accepts: bool) -> Sequence[int]:
    for n_day, day in enumerate(days()):
        said = {
            member: work_hard(town, member, day, [other for other in ring if other != member])
            for member in ring
        }
        for giver in ring:
            for receiver in ring:
                if giver == receiver:
                    continue
                if accepts and (giver < receiver) != bool(n_day % 2):
                    at = day + 5 * HOUR + 60 * (giver - 200) + 6 * (receiver - 200)
                    town.accept(giver, said[receiver][-1 - giver % 4], at)
                for n in range(3):
                    at = day + 2 * HOUR + 600 * n + town.chance.random() * 600
                    town.thank(giver, said[receiver][(n + giver) % 32], at)
    return ring


def ring_of_five(town: Town) -> Sequence[int]:
    return _ring(town, range(200, 205), accepts=False)


def ring_of_five_that_accepts(town: Town) -> Sequence[int]:
    return _ring(town, range(200, 205), accepts=True)


def ring_of_ten(town: Town) -> Sequence[int]:
    return _ring(town, range(200, 210), accepts=False)


def hub(town: Town) -> Sequence[int]:
    """One works, fourteen seasoned accounts thank for three of the day's texts each."""
    for day in days():
        said = work_hard(town, 200, day, range(201, 215))
        for account in range(201, 215):
            for n in range(3):
                at = day + 4 * HOUR + 600 * n + account
                town.thank(account, said[(account + 7 * n) % 32], at)
    return [200]


def hub_whose_accounts_talk(town: Town) -> Sequence[int]:
    """The same, and each account answers four of the others every day."""
    for day in days():
        said = work_hard(town, 200, day, range(201, 215))
        for account in range(201, 215):
            for n in range(1, 5):
                town.say(account, day + 100 * n + account, to=201 + (account - 201 + n) % 14)
            for n in range(3):
                at = day + 4 * HOUR + 600 * n + account
                town.thank(account, said[(account + 7 * n) % 32], at)
    return [200]


def hub_that_is_accepted(town: Town) -> Sequence[int]:
    """The same, and they accept four of its answers a day, each in turn."""
    for n_day, day in enumerate(days()):
        said = work_hard(town, 200, day, range(201, 215))
        _talk(town, day, range(201, 215), 4)
        for account in range(201, 215):
            for n in range(3):
                at = day + 4 * HOUR + 600 * n + account
                town.thank(account, said[(account + 7 * n) % 32], at)
        for n in range(4):
            town.accept(201 + (4 * n_day + n) % 14, said[20 + n], day + 7 * HOUR + 60 * n)
    return [200]


def _talk(town: Town, day: float, accounts: Sequence[int], n_a_day: int) -> None:
    for account in accounts:
        for n in range(1, n_a_day + 1):
            to = accounts[0] + (account - accounts[0] + n) % len(accounts)
            town.say(account, day + 100 * n + account, to=to)


def thirty_who_click_daily(town: Town) -> Sequence[int]:
    """Thirty accounts answered each other three times, once; each thanks one member every day."""
    _talk(town, next(days()) - 3 * HOUR, range(201, 231), 3)
    for day in days():
        said = work_hard(town, 200, day, range(201, 231))
        for account in range(201, 231):
            town.thank(account, said[account % 32], day + 4 * HOUR + account)
    return [200]


def ring_of_ten_that_accepts(town: Town) -> Sequence[int]:
    return _ring(town, range(200, 210), accepts=True)


def twenty_who_accept_two_each(town: Town) -> Sequence[int]:
    """Twenty accounts accept two answers each in ten days, four a day together."""
    for n_day, day in enumerate(days()):
        for n in range(4):
            said = town.say(200, day + 70 * n)
            town.accept(201 + (4 * n_day + n) % 20, said, day + 4 * HOUR + 60 * n)
    return [200]


def twenty_who_accept_two_a_day(town: Town) -> Sequence[int]:
    """Twenty accounts accept two answers each, every day."""
    for day in days():
        for account in range(201, 221):
            for n in range(2):
                said = town.say(200, day + 61 * (2 * (account - 201) + n), to=account)
                town.accept(account, said, day + 4 * HOUR + 60 * (account - 201) + n)
    return [200]


def _answers(
    town: Town, askers: Sequence[int], n_a_day: int, text: str | None, thanked: float
) -> Sequence[int]:
    chance = random.Random(3)
    for n_day, day in enumerate(days()):
        for n in range(n_a_day):
            asker, at = askers[(n_day * n_a_day + n) % len(askers)], day + n * 12 * HOUR / n_a_day
            town.say(asker, at)
            answer = town.say(200, at + 300, text, to=asker)
            if chance.random() < thanked:
                town.thank(asker, answer, at + 500)
    return [200]


def best_helper(town: Town) -> Sequence[int]:
    """Sixty good answers a day, half of them thanked."""
    return _answers(town, FORTY, 60, None, 0.5)


def short_right_answers(town: Town) -> Sequence[int]:
    """Twelve answers of one word a day, all thanked."""
    return _answers(town, FORTY, 12, "对", 1.0)


def expert_of_three(town: Town) -> Sequence[int]:
    """Four answers a day to each of three students, thanked for each."""
    return _answers(town, range(201, 204), 12, None, 1.0)


def server_of(n: int) -> Scene:
    def lives(town: Town) -> Sequence[int]:
        live(town, range(200, 200 + n))
        return range(200, 200 + n)

    return lives


async def part(town: Town, scene: Scene, honest: float, company: Iterable[int] = ()) -> float:
    """Return what a member of a scene earns a day, as part of an honest member's day."""
    members = scene(town)
    if people := list(company):
        live(town, people)
    earned = await town.earned(members)
    return statistics.mean(earned) / honest


@pytest.mark.parametrize(
    ("scene", "most"),
    [
        (noise_in_silent_threads, 0.5),
        (noise_in_threads_of_own_accounts, 0.5),
        (ring_of_five, 0.75),
        (ring_of_five_that_accepts, 0.75),
        (ring_of_ten, 0.5),
        (ring_of_ten_that_accepts, 0.6),
        (hub, 0.9),
        (twenty_who_accept_two_each, 0.9),
        (twenty_who_accept_two_a_day, 0.9),
        (thanked_by_own_accounts, 0.9),
        (hub_whose_accounts_talk, 0.75),
        (hub_that_is_accepted, 1.05),
        (thirty_who_click_daily, 1.05),
    ],
)
async def test_a_farm_among_forty_earns_less_than_they_do(
    town: Town, honest: float, scene: Scene, most: float
) -> None:
    assert await part(town, scene, honest, FORTY) <= most


@pytest.mark.parametrize(
    ("scene", "most"),
    [
        (noise_in_silent_threads, 0.5),
        (noise_in_threads_of_own_accounts, 0.5),
        (ring_of_five, 0.75),
        (ring_of_five_that_accepts, 0.95),
        (ring_of_ten, 0.85),
        (hub, 0.9),
        (twenty_who_accept_two_each, 0.9),
        (twenty_who_accept_two_a_day, 0.9),
    ],
)
async def test_a_farm_alone_earns_less_than_an_honest_member_elsewhere(
    town: Town, honest: float, scene: Scene, most: float
) -> None:
    assert await part(town, scene, honest) <= most


@pytest.mark.parametrize(
    ("scene", "company", "least"),
    [
        (best_helper, FORTY, 2.5),
        (short_right_answers, FORTY, 0.7),
        (expert_of_three, (), 0.6),
        (server_of(3), (), 0.5),
        (server_of(4), (), 0.7),
        (server_of(5), (), 0.6),
        (server_of(12), (), 0.7),
    ],
)
async def test_being_useful_pays(
    town: Town, honest: float, scene: Scene, company: Iterable[int], least: float
) -> None:
    assert await part(town, scene, honest, company) >= least


async def test_an_honest_day_is_worth_what_it_was(honest: float, tmp_path: Path) -> None:
    assert honest >= 17
    async with open_database(tmp_path / "eight.sqlite3") as database:
        eight = await settled(database)
        live(eight, range(200, 208))
        assert statistics.median(await eight.earned(range(200, 208))) >= 12
