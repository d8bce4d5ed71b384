"""A process that dies while it re-scores: another one goes on where it was."""

import asyncio
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.points import rescore
from bot.rewards.ruleset import RuleSet
from storage import consistency, ledger, rescores
from storage.database import open_database
from storage.records import Rescore
from tests.points.deliveries import GUILD, HOUR, START, Desk, message, reaction

ROOT = Path(__file__).parents[2]
N_MESSAGES = 400


async def count(path: Path, rescore_id: int) -> None:
    """Carry a decision out in many small transactions; what the killed process runs."""
    async with open_database(path) as database:
        desk = Desk(database, START + 40 * 24 * HOUR)
        async with database.read() as conn:
            decision = await rescores.decision(conn, GUILD, rescore_id)
        assert decision is not None
        await rescore.carry_out(
            database, desk.points.clock, decision, lambda done, of: None, at_once=2
        )


async def decide(desk: Desk, undoes: int | None = None) -> int:
    wanted = Rescore(
        guild_id=GUILD,
        version=1,
        from_version=0,
        since_at=START - 1,
        until_event=0,
        paid_until=0,
        created_by=99,
        reason="fairer",
        created_at=desk.now,
        undoes=undoes,
    )
    return await desk.database.write(lambda conn: desk.points.decide(conn, wanted))


async def sums(desk: Desk) -> dict[int, int]:
    async with desk.database.read() as conn:
        assert await consistency.problems(conn) == []
        return {user: await ledger.earned(conn, GUILD, user) for user in (10, 11, 12)}


async def killed_half_way(path: Path, rescore_id: int) -> int:
    """Start a process, kill it once it has written something, return how many entries it wrote."""
    statement = "SELECT count(*) FROM ledger WHERE rescore_id = ?"
    code = (
        "import asyncio; from pathlib import Path;"
        " from tests.points import test_rescore_killed as t;"
        f" asyncio.run(t.count(Path({str(path)!r}), {rescore_id}))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=ROOT)
    with sqlite3.connect(path) as peek:
        while peek.execute(statement, (rescore_id,)).fetchone()[0] < 20:
            assert process.returncode is None
            await asyncio.sleep(0.002)
        process.kill()
        await process.wait()
        n_written: int = peek.execute(statement, (rescore_id,)).fetchone()[0]
    return n_written


@pytest.mark.slow
async def test_what_a_killed_process_began_another_ends(tmp_path: Path) -> None:
    path = tmp_path / "points.sqlite3"
    async with open_database(path) as database:
        desk = Desk(database, START + 40 * 24 * HOUR)
        await desk.know(10, 11, 12)
        happened: list[Any] = [
            message(n, 10 + n % 3, START + n * 2 * HOUR) for n in range(1, N_MESSAGES)
        ]
        await desk.deliver_in(happened, [100])
        doubled = RuleSet(message=replace(RuleSet().message, points=200))
        await database.write(
            lambda conn: desk.points.publish(conn, GUILD, doubled, actor_id=99, reason="fairer")
        )
        before = await sums(desk)
        rescore_id = await decide(desk)
    n_written = await killed_half_way(path, rescore_id)
    async with open_database(path) as database:
        desk = Desk(database, START + 40 * 24 * HOUR)
        assert 20 <= n_written < 2 * (N_MESSAGES - 1)
        await desk.deliver(reaction(1, 12, 11, START + 3 * HOUR))  # waits
        await desk.points.go_on()
        after = await sums(desk)
        thanks = RuleSet().helpful.points
        assert after == {10: 2 * before[10], 11: 2 * before[11] + thanks, 12: 2 * before[12]}
        undo = await decide(desk, rescore_id)
    n_written = await killed_half_way(path, undo)
    async with open_database(path) as database:
        desk = Desk(database, START + 40 * 24 * HOUR)
        assert n_written < 2 * (N_MESSAGES - 1)
        await desk.points.go_on()
        assert await sums(desk) == before | {11: before[11] + thanks}
        async with database.read() as conn:
            assert await rescores.unfinished(conn) == []
