"""Re-scoring comes to what paying by those rules would have, and back to what there was."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.points import rescore
from bot.rewards import formats
from bot.rewards.ruleset import RuleSet
from storage import consistency, rescores
from storage import rulebook as stored
from storage.database import open_database
from storage.records import Event, EventKind, LedgerEntry, Rescore, StoredRuleSet
from storage.schema import ledger
from tests.points.deliveries import START, Desk, deleted
from tests.points.test_invariants import (
    LIMITS,
    assert_nothing_twice,
    assert_what_is_undone_pays_nothing,
    deliveries,
    happenings,
)

pytestmark = pytest.mark.slow

SOON = START + 10_000.0
PUBLISHED = START + 20_000.0
DEFAULTS = RuleSet()
OTHERS: dict[str, dict[str, dict[str, Any]]] = {
    "more for messages": {"message": {"points": 250, "per_day": 3}},
    "fewer and later": {"message": {"cooldown_s": 900}, "reply": {"cooldown_s": 900}},
    "one thanks": {"helpful": {"per_day": 1, "points": 500}},
    "one emoji": {"helpful": {"emoji": ("🎉", "❤️")}},
    "nothing for answers": {"answer": {"points": 0}, "resource": {"points": 1_500}},
    "savers by twos": {"savers": {"step": 2, "points": 70}, "general": {"daily_cap": 2_000}},
    "another midnight": {"general": {"zone": "Asia/Shanghai", "daily_cap": 700}},
    "pairs": {"helpful": {"pair_days": 1, "pair_per_day": 1}, "reply": {"pair_days": 0}},
}
Sums = dict[Any, int]


def rules_of(name: str) -> RuleSet:
    return replace(
        DEFAULTS,
        **{
            section: replace(getattr(DEFAULTS, section), **values)
            for section, values in OTHERS[name].items()
        },
    )


RULES = st.sampled_from(sorted(OTHERS)).map(rules_of)


@dataclass
class Bench:
    """One database for all examples, each in guilds of its own."""

    desk: Desk
    run: Callable[[Coroutine[Any, Any, Any]], Any]
    guilds: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def deliver(self, guild_id: int, events: Sequence[Event]) -> None:
        await self.desk.deliver_in([replace(each, guild_id=guild_id) for each in events], [3])

    async def publish(self, guild_id: int, rules: RuleSet, effective_at: float) -> None:
        row = StoredRuleSet(
            guild_id=guild_id,
            version=1,
            rules=formats.to_dict(rules),
            created_by=99,
            created_at=effective_at,
            effective_at=effective_at,
        )
        await self.desk.database.write(lambda conn: stored.append_rule_set(conn, row))

    async def decide(self, guild_id: int, since: float, undoes: int | None = None) -> Rescore:
        decision = Rescore(
            guild_id=guild_id,
            version=1,
            from_version=0,
            since_at=since,
            until_event=0,
            paid_until=0,
            created_by=99,
            reason="because",
            created_at=self.desk.now,
            undoes=undoes,
        )

        async def job(conn: Any) -> Rescore:
            rescore_id = await self.desk.points.decide(conn, decision)
            found = await rescores.decision(conn, guild_id, rescore_id)
            assert found is not None
            return found

        decided: Rescore = await self.desk.database.write(job)
        return decided

    async def rescore(self, guild_id: int, since: float, undoes: int | None = None) -> Rescore:
        decision = await self.decide(guild_id, since, undoes)
        return await self.desk.points.carry_out(decision, lambda done, of: None)

    async def entries(self, guild_id: int) -> list[LedgerEntry]:
        async with self.desk.database.read() as conn:
            assert await consistency.problems(conn) == []
            rows = await conn.execute(
                select(ledger).where(ledger.c.guild_id == guild_id).order_by(ledger.c.entry_id)
            )
            found = [LedgerEntry(**row._mapping) for row in rows]
        assert_nothing_twice_for_one_decision(found)
        return found

    async def is_marked(self, guild_id: int) -> dict[int, bool]:
        async with self.desk.database.read() as conn:
            rows: Any = await conn.exec_driver_sql(
                "SELECT e.event_id, e.is_rewarded FROM events e WHERE e.guild_id = ?"
                " AND e.kind = 1 AND NOT EXISTS (SELECT 1 FROM events d WHERE d.kind = 2"
                " AND d.guild_id = e.guild_id AND d.source_id = e.source_id)",
                (guild_id,),
            )
            return {event_id: bool(is_paid) for event_id, is_paid in rows}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    path = tmp_path_factory.mktemp("rescore") / "points.sqlite3"
    with asyncio.Runner() as runner:
        opening = open_database(path)
        desk = Desk(runner.run(opening.__aenter__()))
        runner.run(desk.shelve(range(10_000, 10_009)))
        yield Bench(desk, runner.run)
        runner.run(opening.__aexit__(None, None, None))


def assert_nothing_twice_for_one_decision(entries: Sequence[LedgerEntry]) -> None:
    of_decision: defaultdict[int, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        of_decision[entry.rescore_id].append(entry)
    for some in of_decision.values():
        paid = [(e.event_id, e.kind, e.user_id) for e in some if e.reverses is None]
        assert len(paid) == len(set(paid))
    back = [entry.reverses for entry in entries if entry.reverses is not None]
    assert len(back) == len(set(back))


def sums(entries: Sequence[LedgerEntry]) -> Sums:
    """Return what stands by source, kind, members and day, and by member."""
    found: defaultdict[Any, int] = defaultdict(int)
    for e in entries:
        found[e.source_id, e.kind, e.user_id, e.giver_id, e.day] += e.amount
        found[e.user_id] += e.amount
    return {key: amount for key, amount in found.items() if amount}


def by_event(entries: Sequence[LedgerEntry]) -> Sums:
    """Return what stands of each payment by its event."""
    paid = {e.entry_id: e for e in entries if e.reverses is None}
    gone = {e.reverses for e in entries}
    return {
        (e.source_id, e.kind, e.user_id, e.giver_id, e.day, e.earned_at): e.amount
        for entry_id, e in paid.items()
        if entry_id not in gone
    }


@LIMITS
@given(deliveries(), RULES)
def test_counting_everything_anew_comes_to_what_these_rules_would_have_paid(
    bench: Bench, events: list[Event], rules: RuleSet
) -> None:
    async def check() -> None:
        ours, theirs = next(bench.guilds), next(bench.guilds)
        bench.desk.now = SOON
        await bench.publish(theirs, rules, START - 1)
        await bench.deliver(theirs, events)
        await bench.deliver(ours, events)
        before = sums(await bench.entries(ours))
        marks = await bench.is_marked(ours)
        bench.desk.now = PUBLISHED
        await bench.publish(ours, rules, PUBLISHED)
        done = await bench.rescore(ours, START - 1)
        after = await bench.entries(ours)
        assert sums(after) == sums(await bench.entries(theirs))
        assert list((await bench.is_marked(ours)).values()) == list(
            (await bench.is_marked(theirs)).values()
        )
        assert_what_is_undone_pays_nothing(events, after)
        again = await bench.rescore(ours, START - 1)
        assert (again.n_entries, again.amount) == (0, 0)
        undone = await bench.rescore(ours, START - 1, again.rescore_id)
        assert undone.n_entries == 0
        undone = await bench.rescore(ours, START - 1, done.rescore_id)
        assert (undone.n_entries, undone.amount) == (done.n_entries, -done.amount)
        assert sums(await bench.entries(ours)) == before
        assert await bench.is_marked(ours) == marks

    bench.run(check())


@LIMITS
@given(happenings(), RULES, st.integers(0, 6_000))
def test_what_was_paid_before_the_moment_stays_and_bears_on_what_follows(
    bench: Bench, events: list[Event], rules: RuleSet, offset: int
) -> None:
    async def check() -> None:
        ours, theirs = next(bench.guilds), next(bench.guilds)
        since = START + offset
        ordered = sorted(events, key=lambda each: each.occurred_at)
        bench.desk.now = SOON
        await bench.publish(theirs, rules, since)
        await bench.deliver(theirs, ordered)
        await bench.deliver(ours, ordered)
        bench.desk.now = PUBLISHED
        await bench.publish(ours, rules, PUBLISHED)
        await bench.rescore(ours, since)
        assert by_event(await bench.entries(ours)) == by_event(await bench.entries(theirs))

    bench.run(check())


@LIMITS
@given(deliveries(), RULES, st.data())
def test_events_that_come_after_a_count_are_paid_as_if_its_rules_had_always_been(
    bench: Bench, events: list[Event], rules: RuleSet, data: st.DataObject
) -> None:
    async def check() -> None:
        ours, theirs = next(bench.guilds), next(bench.guilds)
        cut = data.draw(st.integers(0, len(events)))
        first = events[:cut]
        seen = {(e.source_id, e.user_id) for e in first if e.kind == EventKind.REACTION}
        # Whose thanks for a message were counted as nothing does not thank for it again.
        later = [
            e
            for e in events[cut:]
            if e.kind != EventKind.REACTION or (e.source_id, e.user_id) not in seen
        ]
        waiting = data.draw(st.integers(0, len(later)))
        bench.desk.now = SOON
        await bench.publish(theirs, rules, START - 1)
        await bench.deliver(theirs, first + later)
        await bench.deliver(ours, first)
        bench.desk.now = PUBLISHED
        await bench.publish(ours, rules, PUBLISHED)
        decision = await bench.decide(ours, START - 1)
        before = len(await bench.entries(ours))
        await bench.deliver(ours, later[:waiting])
        assert len(await bench.entries(ours)) == before
        await bench.desk.points.carry_out(decision, lambda done, of: None)
        await bench.deliver(ours, later[waiting:])
        assert sums(await bench.entries(ours)) == sums(await bench.entries(theirs))

    bench.run(check())


@LIMITS
@given(happenings(), RULES, st.data())
def test_what_is_undone_between_a_count_and_its_end_stays_undone(
    bench: Bench, events: list[Event], rules: RuleSet, data: st.DataObject
) -> None:
    async def check() -> None:
        guild_id = next(bench.guilds)
        bench.desk.now = SOON
        await bench.deliver(guild_id, events)
        before = by_event(await bench.entries(guild_id))
        bench.desk.now = PUBLISHED
        await bench.publish(guild_id, rules, PUBLISHED)
        done = await bench.rescore(guild_id, START - 1)
        gone = set(data.draw(st.lists(st.sampled_from([e.source_id for e in events]))))
        await bench.deliver(guild_id, [deleted(each, at=PUBLISHED) for each in sorted(gone)])
        await bench.rescore(guild_id, START - 1, done.rescore_id)
        after = by_event(await bench.entries(guild_id))
        assert after == {
            key: amount
            for key, amount in before.items()
            if key[0] not in gone or key[1] in ("resource", "savers")
        }
        everything = {e.source_id for e in events}
        undo = [deleted(each, at=PUBLISHED) for each in sorted(everything)]
        await bench.deliver(guild_id, undo)
        left = by_event(await bench.entries(guild_id))
        assert {key[1] for key in left} <= {"resource", "savers"}

    bench.run(check())


@LIMITS
@given(deliveries(), RULES, st.integers(0, 12))
def test_a_count_that_was_interrupted_is_gone_on_with(
    bench: Bench, events: list[Event], rules: RuleSet, n_writes: int
) -> None:
    """Stop after so many writes, as if the process had died, and begin again."""

    class StopError(Exception):
        pass

    class Dying:
        def __init__(self) -> None:
            self.left = n_writes

        def __getattr__(self, name: str) -> Any:
            return getattr(bench.desk.database, name)

        async def write(self, job: Any) -> Any:
            if not self.left:
                raise StopError
            self.left -= 1
            return await bench.desk.database.write(job)

    async def check() -> None:
        ours, theirs = next(bench.guilds), next(bench.guilds)
        bench.desk.now = SOON
        await bench.deliver(ours, events)
        before = sums(await bench.entries(ours))
        await bench.publish(theirs, rules, START - 1)
        await bench.deliver(theirs, events)
        bench.desk.now = PUBLISHED
        await bench.publish(ours, rules, PUBLISHED)
        wanted = sums(await bench.entries(theirs))
        last: int | None = None
        for expected in (wanted, before):
            decision = await bench.decide(ours, START - 1, last)
            last = decision.rescore_id
            for _ in range(2):
                mortal: Any = Dying()
                clock = bench.desk.points.clock
                with suppress(StopError):
                    await rescore.carry_out(
                        mortal, clock, decision, lambda done, of: None, at_once=2
                    )
            await bench.desk.points.go_on()
            assert sums(await bench.entries(ours)) == expected
            async with bench.desk.database.read() as conn:
                found = await rescores.decision(conn, ours, decision.rescore_id)
                assert found is not None and found.finished_at is not None

    bench.run(check())


def test_the_ledger_without_a_count_is_as_it_was(bench: Bench) -> None:
    """A guard for the helper above: a count of nothing makes no entry."""

    async def check() -> None:
        guild_id = next(bench.guilds)
        bench.desk.now = PUBLISHED
        await bench.publish(guild_id, DEFAULTS, PUBLISHED)
        done = await bench.rescore(guild_id, START)
        assert (done.n_entries, done.n_members, done.amount) == (0, 0, 0)
        assert_nothing_twice(await bench.entries(guild_id))

    bench.run(check())
