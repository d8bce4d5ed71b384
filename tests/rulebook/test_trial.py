"""The processes that try a draft: what they find, how they tell, and how they end."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import UserError
from bot.points.service import replay
from bot.rewards import formats
from bot.rewards.ruleset import DAY_S, RuleSet
from bot.rewards.tally import Tally, compare
from bot.rulebook import trial
from bot.rulebook.trial import Asked, run_trial
from storage.database import Database
from tests.patience import patient
from tests.points.deliveries import GUILD, HOUR, START, Desk, deleted, message, reaction, reply

LIVE = RuleSet()
DRAFT = replace(
    LIVE,
    message=replace(LIVE.message, points=300),
    helpful=replace(LIVE.helpful, per_day=1),
)


def asked_of(database: Database, **more: Any) -> Asked:
    found = Asked(
        database=str(database.path),
        guild_id=GUILD,
        since=START - 30 * DAY_S,
        last=2**62,
        before=formats.to_dict(LIVE),
        after=formats.to_dict(DRAFT),
    )
    return replace(found, **more)


async def busy(desk: Desk) -> None:
    await desk.know(*range(10, 16))
    for n in range(60):
        at = START + n * HOUR / 4
        await desk.deliver(
            message(100 + n, 10 + n % 5, at),
            reply(300 + n, 11 + n % 5, at + 60, to=10 + n % 5),
            *(reaction(100 + n, 10 + (n + k) % 5, 10 + n % 5, at + 90) for k in (1, 2)),
        )
    await desk.deliver(*(deleted(100 + n, 10 + n % 5, START + DAY_S) for n in (3, 4)))


def children() -> set[str]:
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {pid for each in tasks for pid in each.read_text().split()}


async def test_a_trial_finds_what_replaying_both_in_one_place_gives(database: Database) -> None:
    desk = Desk(database)
    await busy(desk)
    told: list[tuple[int, int]] = []
    found = await run_trial(asked_of(database), lambda *way: told.append(way))
    tallies = Tally(LIVE), Tally(DRAFT)
    async with database.read() as conn:
        async for chunk in replay(conn, GUILD, [LIVE, DRAFT], since=START - 30 * DAY_S):
            for tally, moves in zip(tallies, chunk.moves, strict=True):
                tally.add(moves)
    assert found.found == compare(*tallies, hidden=set())
    assert [kind for kind, *_ in found.found.minted] == ["message", "reply", "helpful"]
    assert found.found.before.minted != found.found.after.minted
    assert found.n_events == told[-1][0] == told[-1][1] == 248
    assert told == sorted(told)


async def test_what_happens_after_the_asking_is_not_tried(database: Database) -> None:
    desk = Desk(database)
    await desk.deliver(*(message(n, 10 + n, START + n) for n in range(9)))
    found = await run_trial(asked_of(database, last=4), lambda *_: None)
    assert found.n_events == 4


async def test_processes_that_die_are_told_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "empty.sqlite3").touch()
    asked = Asked(
        database=str(tmp_path / "empty.sqlite3"),
        guild_id=1,
        since=0.0,
        last=9,
        before=formats.to_dict(LIVE),
        after=formats.to_dict(LIVE),
    )
    with pytest.raises(UserError) as told:
        await run_trial(asked, lambda *_: None)
    assert told.value.key == "error-rulebook-trial"
    assert "ended with code 1" in caplog.text
    assert "is empty" in caplog.text
    assert not children()


async def test_rules_that_a_process_cannot_read_are_told(database: Database) -> None:
    broken = asked_of(database, before={"message": {"points": "many"}})
    with pytest.raises(UserError):
        await run_trial(broken, lambda *_: None)


async def test_a_trial_that_takes_too_long_is_killed(database: Database) -> None:
    with pytest.raises(UserError):
        await run_trial(asked_of(database), lambda *_: None, timeout_s=0.05)
    assert not children()


async def test_a_trial_ends_with_whoever_asked_for_it(database: Database) -> None:
    await busy(Desk(database))
    begun = asyncio.Event()
    work = asyncio.create_task(run_trial(asked_of(database), lambda *_: begun.set()))
    await asyncio.wait_for(begun.wait(), patient(30))
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not children()


def test_the_answer_can_still_be_given_when_a_trial_is_given_up() -> None:
    assert trial.TIMEOUT_S < 15 * 60
