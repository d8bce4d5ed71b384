"""A count in a process of its own comes to what it comes to here; a death costs only time."""

import os
import signal
from pathlib import Path

from bot.points import counting
from tests.points.deliveries import START, deleted, message, reaction
from tests.points.test_rescore import NEXT, Office, office, with_message

__all__ = ["office"]


async def filled(office: Office) -> None:
    minute = 60.0
    await office.desk.deliver(*(message(n, 10 + n % 3, START + n * minute) for n in range(1, 30)))
    await office.desk.deliver(
        *(reaction(n, 11 + n % 2, at=START + n * minute) for n in range(1, 9))
    )
    await office.desk.deliver(deleted(3, at=START + 40 * minute))
    office.desk.now = NEXT


async def test_a_process_of_its_own_counts_the_same(office: Office) -> None:
    await filled(office)
    decision = await office.decide(await office.publish(with_message(250)))
    told: list[tuple[int, int]] = []
    here = await counting.count(office.desk.database, decision, lambda done, of: None)
    there = await counting.count(
        office.desk.database, decision, lambda done, of: told.append((done, of)), long=0
    )
    assert here and list(map(repr, there.items())) == list(map(repr, sorted(here.items())))
    assert told and told[-1][0] == told[-1][1]


async def test_a_process_that_dies_costs_only_time(office: Office, tmp_path: Path) -> None:
    await filled(office)
    decision = await office.decide(await office.publish(with_message(250)))
    here = await counting.count(office.desk.database, decision, lambda done, of: None)

    def kill(done: int, of: int) -> None:
        for each in children():
            os.kill(each, signal.SIGKILL)

    found = await counting.count(office.desk.database, decision, kill, long=0)
    assert repr(sorted(found)) == repr(sorted(here))


def children() -> list[int]:
    of = Path(f"/proc/self/task/{os.getpid()}/children")
    return [int(each) for each in of.read_text().split()] if of.exists() else []
