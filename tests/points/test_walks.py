"""Walks over the machine that once broke the ledger, step by step."""

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bot.emoji import emoji_hash
from bot.rewards.kinds import POINT
from storage import ledger
from storage.connection import Connection
from storage.records import Event, EventKind
from tests.points.deliveries import GUILD
from tests.points.test_machine import (
    CHANGES,
    CHANNELS,
    CROWD,
    DAY_S,
    EMOJI,
    MESSAGES,
    MODERATOR,
    PEOPLE,
    Engine,
    engine,
)

__all__ = ["engine"]


@pytest.fixture
def walk(engine: type[Engine], tmp_path: Path) -> Iterator[Engine]:
    """A machine whose every step is proved, also the undoing of everything at the end."""
    machine = engine()
    yield machine
    machine.everything_holds()
    machine.teardown()


def balance(walk: Engine, member: int) -> tuple[int, int]:
    found = walk.books().balances.get(member, (0, 0))
    return found[0], found[1]


def test_a_block_that_a_moderator_restored_stands_only_while_enough_keep_the_resource(
    walk: Engine,
) -> None:
    walk.begin(is_tight=False)
    walk.publish(creator=10, publisher=MODERATOR)
    walk.save(0, set(CROWD[:5]))
    savers = next(e for e in walk.books().paid if e.kind == "savers")
    place = walk.books().paid.index(savers)
    walk.reverse(place)
    walk.save(0, set(CROWD[:2]))  # pressed again, it lets go
    walk.restore(0)
    walk.everything_holds()
    assert walk.books().net([savers]) == 0


def test_a_block_that_a_moderator_restored_stands_where_enough_keep_the_resource_again(
    walk: Engine,
) -> None:
    walk.begin(is_tight=False)
    walk.publish(creator=10, publisher=MODERATOR)
    walk.save(0, set(CROWD[:5]))
    savers = next(e for e in walk.books().paid if e.kind == "savers")
    walk.reverse(walk.books().paid.index(savers))
    walk.save(0, set(CROWD[:2]))
    walk.save(0, set(CROWD[:2]))
    walk.restore(0)
    assert walk.books().net([savers]) == savers.amount


def test_what_a_count_took_is_not_restored_where_something_else_has_its_room(walk: Engine) -> None:
    walk.begin(is_tight=True)  # two messages a day
    for number in (1, 2):
        walk.post(number, 10, 5, None, 2, 1, 0)
        walk.wait(61)
    walk.count_anew(("message", "points", "0"), 1, set())
    walk.change_rules(("message", "points", "1"))
    for number in (3, 4):
        walk.post(number, 10, 5, None, 2, 1, 0)
        walk.wait(61)
    walk.take_a_count_back()
    walk.everything_holds()


def test_days_stay_what_they_were_when_the_servers_time_zone_changes(walk: Engine) -> None:
    walk.begin(is_tight=True)
    for number in (1, 2):
        walk.post(number, 10, 5, None, 2, 1, 0)
        walk.wait(61)
    walk.live_in("Asia/Shanghai")
    walk.wait(9 * 3_600)
    for number in (3, 4):
        walk.post(number, 10, 5, None, 2, 1, 0)
        walk.wait(61)
    walk.post(5, 10, 5, None, 2, 1, DAY_S)
    walk.live_in("Pacific/Honolulu")
    walk.post(5, 11, 5, None, 2, 1, 0)
    walk.everything_holds()


def test_a_cooldown_reaches_past_a_change_of_the_servers_time_zone(walk: Engine) -> None:
    walk.begin(is_tight=True)
    walk.live_in("Pacific/Honolulu")
    walk.post(1, 10, 5, None, 2, 1, 0)
    paid = balance(walk, 10)
    assert paid[0] > 0
    walk.live_in("Pacific/Kiritimati")  # a day ahead at any hour
    walk.post(2, 10, 5, None, 2, 1, 0)
    assert balance(walk, 10) == paid
    walk.wait(61)
    walk.post(3, 10, 5, None, 2, 1, 0)
    assert balance(walk, 10)[0] > paid[0]


def test_points_that_were_spent_are_not_minted_by_counting_down_and_up_again(walk: Engine) -> None:
    walk.begin(is_tight=False)
    walk.post(1, 10, 5, None, 2, 1, 0)
    walk.give(10, 1, False)
    before = balance(walk, 10)
    item = walk.buy(10, 0, 1)
    assert balance(walk, 10) == (before[0] - 150, before[1]), item
    walk.count_anew(("message", "points", "0"), 1, set())
    assert balance(walk, 10) == (0, POINT)
    walk.count_anew(("message", "points", "1"), 1, set())
    assert balance(walk, 10) == (before[0] - 150, before[1])
    walk.count_anew(("message", "points", "3"), 1, set())
    assert balance(walk, 10) == (before[0] - 150 + 200, before[1] + 200)
    for _ in range(3):
        walk.take_a_count_back()
    assert balance(walk, 10) == (before[0] - 150, before[1])


def test_part_of_a_gain_makes_up_for_part_of_what_is_waived(walk: Engine) -> None:
    walk.begin(is_tight=False)
    walk.set_rule("message", "points", "2")
    walk.post(1, 10, 5, None, 2, 1, 0)
    walk.buy(10, 0, 1)
    walk.count_anew(("message", "points", "0"), 1, set())
    walk.count_anew(("message", "points", "1"), 1, set())
    assert balance(walk, 10) == (0, POINT)
    walk.give(10, 3, False)
    walk.count_anew(("message", "points", "1.2"), 1, set())
    assert balance(walk, 10) == (3 * POINT, 420)
    walk.count_anew(("message", "points", "2"), 1, set())
    assert balance(walk, 10) == (3 * POINT + 50, 500)


def test_a_moderators_day_counts_what_was_undone_after_it_was_spent(walk: Engine) -> None:
    walk.begin(is_tight=False)

    async def used(conn: Connection) -> int:
        day = (walk.now - DAY_S, walk.now + DAY_S)
        kinds = ("award", "deduct")
        return await ledger.given_by(conn, GUILD, MODERATOR, kinds, *day)

    walk.give(10, 9, False)
    walk.take_back_what_was_given(0)
    assert walk.run(walk.database.write(used)) == 0
    walk.give(11, 2, False)
    walk.buy(11, 0, 1)
    walk.take_back_what_was_given(2)
    assert balance(walk, 11)[0] < 0
    assert walk.run(walk.database.write(used)) == 2 * POINT
    walk.give(11, 9, False)
    assert walk.run(walk.database.write(used)) == 9 * POINT


def test_an_answer_that_somebody_erased_had_accepted_too_stays_paid(walk: Engine) -> None:
    walk.begin(is_tight=False)
    walk.post(MESSAGES[0], 13, CHANNELS[0], None, 2, 1, 0)
    walk.accept(MESSAGES[0], 11, 1, False, 13)
    walk.accept(MESSAGES[0], 12, 2, False, 13)
    walk.accept(MESSAGES[0], 11, 1, True, 13)
    answer = next(e for e in walk.books().paid if e.kind == "answer")
    walk.erase(12, True)
    walk.everything_holds()
    assert walk.books().net([answer]) == answer.amount


def test_retiring_takes_back_although_whoever_published_was_erased(walk: Engine) -> None:
    walk.begin(is_tight=False)
    walk.publish(creator=10, publisher=11)
    walk.save(0, set(CROWD[:5]))
    assert {e.kind for e in walk.books().paid} == {"resource", "savers"}
    walk.erase(11, is_tracking_stopped=False)
    walk.shelve(0, "retired")
    assert balance(walk, 10) == (0, 0)
    walk.shelve(0, "live")
    assert balance(walk, 10)[1] == 10 * POINT
    walk.shelve(0, "retired")
    assert balance(walk, 10) == (0, 0)


def test_letting_go_counts_while_the_creator_is_not_tracked(walk: Engine) -> None:
    walk.begin(is_tight=False)
    walk.publish(creator=10, publisher=MODERATOR)
    walk.save(0, set(CROWD[:5]))
    before = balance(walk, 10)
    walk.run(walk.services.privacy.set_tracking(GUILD, 10, is_on=False))
    walk.save(0, {CROWD[0]})
    assert balance(walk, 10)[1] == before[1] - POINT


def test_what_was_taken_back_stays_so_when_the_message_is_nobodys_any_more(walk: Engine) -> None:
    walk.begin(is_tight=False)
    walk.post(1, 11, 5, None, 2, 1, 0)
    acts = [
        Event(
            guild_id=GUILD,
            source_id=1,
            kind=kind,
            user_id=12,
            occurred_at=walk.now,
            qualifier=turn,
            target_id=10,
        )
        for turn in range(2)
        for kind in (EventKind.ACCEPTED, EventKind.UNACCEPTED)
    ]
    walk.run(walk.services.activity.record(acts))
    walk.erase(11, is_tracking_stopped=False)
    walk.everything_holds()
    answers = [e for e in walk.books().entries if e.kind == "answer"]
    assert [e.source_id < 0 for e in answers] == [True] * 4
    assert len({e.source_id for e in answers}) == 2


Act = Callable[[Engine, random.Random], None]

ACTS: Mapping[str, tuple[float, Act]] = {
    "post": (
        8,
        lambda w, c: w.post(
            c.choice(MESSAGES),
            c.choice(PEOPLE),
            c.choice(CHANNELS),
            c.choice((None, *PEOPLE)),
            2,
            1,
            c.choice((0, 0, 0, 50, 3_600, 2 * DAY_S)),
        ),
    ),
    "react": (8, lambda w, c: w.react(c.choice(MESSAGES), c.choice(PEOPLE), emoji(c))),
    "unreact": (3, lambda w, c: w.unreact(c.choice(MESSAGES), c.choice(PEOPLE), emoji(c))),
    "clear": (1, lambda w, c: w.clear(c.choice(MESSAGES), c.choice((None, emoji(c))))),
    "delete": (1, lambda w, c: w.delete(c.choice(MESSAGES), c.random() < 0.5)),
    "accept": (
        5,
        lambda w, c: w.accept(
            c.choice(MESSAGES), c.choice(PEOPLE), c.randrange(3), c.random() < 0.3, c.choice(PEOPLE)
        ),
    ),
    "publish": (2, lambda w, c: w.publish(c.choice(PEOPLE), c.choice((*PEOPLE, MODERATOR)))),
    "save": (6, lambda w, c: w.save(c.randrange(9), set(c.sample(CROWD, c.randint(1, 6))))),
    "shelve": (2, lambda w, c: w.shelve(c.randrange(9), c.choice(("retired", "live")))),
    "review": (1, lambda w, c: w.review(c.choice(PEOPLE))),
    "check in": (2, lambda w, c: w.check_in(c.choice(PEOPLE))),
    "erase": (0.3, lambda w, c: w.erase(c.choice(PEOPLE), c.random() < 0.5)),
    "burst": (2, lambda w, c: w.burst(c.randrange(10**6), c.randint(1, 4))),
    "wait": (6, lambda w, c: w.wait(c.choice((1, 61, 61, 3_600, 9 * 3_600, DAY_S, 8 * DAY_S)))),
    "change rules": (2, lambda w, c: w.change_rules(c.choice(CHANGES))),
    "live in": (1, lambda w, c: w.live_in(c.choice(("UTC", "Asia/Shanghai", "Pacific/Honolulu")))),
    "re-score": (
        3,
        lambda w, c: w.count_anew(
            c.choice(CHANGES),
            c.choice((0.02, 1, 9, 50)),
            set(c.sample(MESSAGES, c.choice((0, 0, 1)))),
        ),
    ),
    "take a count back": (3, lambda w, c: w.take_a_count_back()),
    "give": (1, lambda w, c: w.give(c.choice(PEOPLE), c.randint(1, 9), c.random() < 0.3)),
    "undo": (1, lambda w, c: w.take_back_what_was_given(c.randrange(9))),
    "hold": (2, lambda w, c: w.hold(c.randrange(99))),
    "release": (2, lambda w, c: w.release(c.randrange(99))),
    "reverse": (2, lambda w, c: w.reverse(c.randrange(99))),
    "restore": (2, lambda w, c: w.restore(c.randrange(99))),
    "buy": (2, lambda w, c: w.buy(c.choice(PEOPLE), c.randrange(2), c.randint(1, 2))),
    "order": (
        1,
        lambda w, c: w.look_after_an_order(
            c.randrange(9), c.choice(("refund", "fulfil", "granted", "ended"))
        ),
    ),
}
"""What may happen next, how often beside the others, and with what."""


def emoji(chance: random.Random) -> int:
    return emoji_hash(chance.choice(EMOJI))


def seeds(n: int) -> list[int]:
    """Return the walks to take: the same everywhere, others where new examples are wanted."""
    if os.environ.get("HYPOTHESIS_PROFILE") == "explore":
        night = int(time.time() // DAY_S)
        return [night * 1_000 + k for k in range(10 * n)]
    return list(range(n))


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(12))
def test_the_ledger_stays_right_on_a_weighted_walk(walk: Engine, seed: int) -> None:
    """Each walk likes some acts and leaves others out, so that what is rare alone meets often."""
    chance = random.Random(seed)
    liked = {name: weight * chance.choice((0, 0, 1, 1, 4)) for name, (weight, _) in ACTS.items()}
    liked["publish"] = liked["wait"] = max(liked["publish"], liked["wait"], 1.0)
    walk.begin(is_tight=chance.random() < 0.6)
    for name in chance.choices(list(liked), list(liked.values()), k=45):
        if name not in ("save", "shelve") or walk.resources:
            ACTS[name][1](walk, chance)
            walk.everything_holds()
