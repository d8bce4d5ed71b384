"""What holds whatever is delivered, how often and in which order."""

import asyncio
import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.points.ruleset import RuleSet
from storage.database import open_database
from storage.records import Event, LedgerEntry
from storage.schema import ledger
from tests.points.deliveries import (
    START,
    Desk,
    deleted,
    message,
    reaction,
    reply,
    unreaction,
)

pytestmark = pytest.mark.slow

PEOPLE = (10, 11, 12)
EMOJI = ("👍", "❤️", "🎉")
RULES = RuleSet()
MOMENTS = st.integers(0, 400).map(lambda n: START + 15.0 * n)


@st.composite
def happenings(draw: st.DrawFn) -> list[Event]:
    """A few members writing, reacting, taking back and deleting, one identity each."""
    events: list[Event] = []
    for message_id in range(draw(st.integers(1, 8))):
        author, at = draw(st.sampled_from(PEOPLE)), draw(MOMENTS)
        is_reply = draw(st.booleans())
        events.append(
            reply(message_id, author, at, to=99) if is_reply else message(message_id, author, at)
        )
        if draw(st.integers(0, 3)) == 0:
            events.append(deleted(message_id, author, at + 1))
        for giver in PEOPLE:
            for emoji in draw(st.lists(st.sampled_from(EMOJI), unique=True, max_size=2)):
                later = at + draw(st.integers(0, 100))
                events.append(reaction(message_id, giver, author, later, emoji))
                if draw(st.booleans()):
                    events.append(unreaction(message_id, giver, author, later, emoji))
    return events


@st.composite
def deliveries(draw: st.DrawFn) -> list[Event]:
    """The same, some twice, in any order."""
    events = draw(happenings())
    twice = draw(st.lists(st.sampled_from(events), max_size=5))
    return list(draw(st.permutations(events + twice)))


@dataclass
class Court:
    """One database for all examples, each in a guild of its own."""

    desk: Desk
    run: Callable[[Coroutine[Any, Any, list[LedgerEntry]]], list[LedgerEntry]]
    guilds: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def after(
        self, events: Sequence[Event], guild_id: int = 0, *, together: bool = False
    ) -> list[LedgerEntry]:
        """Return the ledger after the deliveries, having checked that the sums agree with it."""
        return self.run(self._after(events, guild_id or next(self.guilds), together))

    async def _after(
        self, events: Sequence[Event], guild_id: int, together: bool
    ) -> list[LedgerEntry]:
        moved = [replace(event, guild_id=guild_id) for event in events]
        if together:
            await asyncio.gather(*map(self.desk.deliver, moved))
        else:
            await self.desk.deliver(*moved)
        assert await self.desk.differences() == []
        statement = select(ledger).where(ledger.c.guild_id == guild_id)
        async with self.desk.database.read() as conn:
            rows = await conn.execute(statement.order_by(ledger.c.entry_id))
            entries = [LedgerEntry(**row._mapping) for row in rows]
        for user_id in PEOPLE:
            earned = sum(entry.amount for entry in entries if entry.user_id == user_id)
            assert await self.desk.balance(user_id, guild_id) == earned
        return entries


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Court]:
    path = tmp_path_factory.mktemp("points") / "points.sqlite3"
    with asyncio.Runner() as runner:
        opening = open_database(path)
        yield Court(Desk(runner.run(opening.__aenter__())), runner.run)
        runner.run(opening.__aexit__(None, None, None))


def standing(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    gone = {entry.reverses for entry in entries}
    return [e for e in entries if e.reverses is None and e.entry_id not in gone]


def assert_nothing_twice(entries: Sequence[LedgerEntry]) -> None:
    by_id = {entry.entry_id: entry for entry in entries}
    paid = [(e.source_id, e.kind, e.user_id, e.giver_id) for e in entries if e.reverses is None]
    assert len(paid) == len(set(paid))
    reversed_ids = [e.reverses for e in entries if e.reverses is not None]
    assert len(reversed_ids) == len(set(reversed_ids))
    for entry in entries:
        if entry.reverses is not None:
            original = by_id[entry.reverses]
            assert entry.amount == -original.amount
            assert (entry.user_id, entry.day) == (original.user_id, original.day)


def assert_caps_hold(entries: Sequence[LedgerEntry]) -> None:
    days: defaultdict[tuple[int, int], list[LedgerEntry]] = defaultdict(list)
    for entry in standing(entries):
        days[entry.user_id, entry.day].append(entry)
    for of_day in days.values():
        assert sum(e.amount for e in of_day) <= RULES.general.daily_cap
        counts = Counter(e.kind for e in of_day)
        assert counts["message"] <= RULES.message.per_day
        assert counts["reply"] <= RULES.reply.per_day
        assert counts["helpful"] <= RULES.helpful.per_day
        pairs = Counter(e.giver_id for e in of_day if e.kind == "helpful")
        assert max(pairs.values(), default=0) <= RULES.helpful.pair_per_day
        written = sorted(e.earned_at for e in of_day if e.kind != "helpful")
        gaps = [b - a for a, b in itertools.pairwise(written)]
        assert min(gaps, default=60) >= RULES.message.cooldown_s


def assert_what_is_undone_pays_nothing(
    events: Sequence[Event], entries: Sequence[LedgerEntry]
) -> None:
    gone = {e.source_id for e in events if e.kind.name == "MESSAGE_DELETED"}
    removed = {
        (e.source_id, e.user_id, e.qualifier) for e in events if e.kind.name == "REACTION_REMOVED"
    }
    left = {
        (e.source_id, e.user_id)
        for e in events
        if e.kind.name == "REACTION" and (e.source_id, e.user_id, e.qualifier) not in removed
    }
    for entry in standing(entries):
        assert entry.source_id not in gone
        assert entry.giver_id != entry.user_id
        assert entry.kind != "helpful" or (entry.source_id, entry.giver_id) in left


LIMITS = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@LIMITS
@given(deliveries())
def test_no_order_or_repetition_pays_twice_or_beyond_a_cap(
    court: Court, events: list[Event]
) -> None:
    entries = court.after(events)
    assert_nothing_twice(entries)
    assert_caps_hold(entries)
    assert_what_is_undone_pays_nothing(events, entries)


@LIMITS
@given(happenings())
def test_a_second_delivery_of_everything_changes_nothing(court: Court, events: list[Event]) -> None:
    guild_id = next(court.guilds)
    once = court.after(events, guild_id)
    assert court.after(events[::-1], guild_id) == once


@LIMITS
@given(happenings())
def test_undoing_everything_restores_every_balance_to_nothing(
    court: Court, events: list[Event]
) -> None:
    undo = [deleted(message_id) for message_id in {event.source_id for event in events}]
    entries = court.after([*events, *undo])
    assert standing(entries) == []
    assert sum(entry.amount for entry in entries) == 0


def test_a_burst_of_concurrent_events_keeps_every_cap(court: Court) -> None:
    chance = random.Random(4)
    messages = [message(n, 10 + n % 3, START + 20.0 * n) for n in range(90)]
    likes = [
        reaction(n % 90, 20 + n % 40, 10 + n % 90 % 3, START + n, chance.choice(EMOJI))
        for n in range(200)
    ]
    events = messages + likes + [deleted(n) for n in range(0, 90, 7)]
    events += chance.choices(events, k=50)
    chance.shuffle(events)
    entries = court.after(events, together=True)
    assert len(standing(entries)) > 60
    assert_nothing_twice(entries)
    assert_caps_hold(entries)
    assert_what_is_undone_pays_nothing(events, entries)
