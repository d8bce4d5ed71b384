"""What holds whatever is delivered, how often and in which order."""

import asyncio
import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.points.service import replay
from bot.rewards.ruleset import RuleSet
from storage.database import open_database
from storage.records import Event, EventKind, LedgerEntry
from storage.schema import ledger
from tests.points.deliveries import (
    GUILD,
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
AGAIN = ("answer", "resource", "savers")
"""What may be paid for again after it was undone."""
MOMENTS = st.integers(0, 400).map(lambda n: START + 15.0 * n)


@st.composite
def happenings(draw: st.DrawFn) -> list[Event]:
    """A few members writing, reacting, taking back and deleting, one identity each."""
    events: list[Event] = []
    for message_id in range(draw(st.integers(1, 8))):
        author, at = draw(st.sampled_from(PEOPLE)), draw(MOMENTS)
        is_reply = draw(st.booleans())
        to = draw(st.sampled_from((*PEOPLE, 99)))
        events.append(
            reply(message_id, author, at, to=to) if is_reply else message(message_id, author, at)
        )
        if draw(st.integers(0, 3)) == 0:
            events += draw(turns(message_id, author, at))
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
def turns(draw: st.DrawFn, number: int, author: int, at: float) -> list[Event]:
    """An answer accepted, a resource published and saved, each perhaps undone and done again."""
    asker, resource_id = draw(st.sampled_from(PEOPLE)), 10_000 + number
    found = []
    for turn in range(draw(st.integers(1, 2))):
        when = at + 50.0 * turn
        found.append(act(EventKind.ACCEPTED, number, asker, author, when, turn))
        found.append(act(EventKind.PUBLISHED, resource_id, 99, author, when, turn))
        if draw(st.booleans()):
            found.append(act(EventKind.UNACCEPTED, number, 99, author, when + 20, turn))
            found.append(act(EventKind.RETIRED, resource_id, asker, author, when + 30, turn))
        for saver in range(50, 50 + draw(st.integers(0, 7))):
            found.append(
                act(EventKind.SAVE, 20_000 + 100 * turn + saver, saver, author, when, number)
            )
            if draw(st.integers(0, 3)) == 0:
                undo = act(
                    EventKind.UNSAVE, 20_000 + 100 * turn + saver, saver, author, when, number
                )
                found.append(undo)
    return found


def act(kind: EventKind, source_id: int, user: int, target: int, at: float, turn: int = 0) -> Event:
    resource_id = source_id if kind in (EventKind.PUBLISHED, EventKind.RETIRED) else None
    if kind in (EventKind.SAVE, EventKind.UNSAVE):
        resource_id, turn = 10_000 + turn, 0
    return Event(
        guild_id=GUILD,
        source_id=source_id,
        kind=kind,
        user_id=user,
        occurred_at=at,
        qualifier=turn,
        resource_id=resource_id,
        target_id=target,
    )


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
    run: Callable[[Coroutine[Any, Any, Any]], Any]
    guilds: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def after(
        self,
        events: Sequence[Event],
        guild_id: int = 0,
        *,
        together: bool = False,
        batches: Sequence[int] = (),
    ) -> list[LedgerEntry]:
        """Return the ledger after the deliveries, having checked that the sums agree with it."""
        where = guild_id or next(self.guilds)
        entries: list[LedgerEntry] = self.run(self._after(events, where, together, batches))
        return entries

    def replayed(self, guild_id: int) -> list[tuple[Any, ...]]:
        """Return what a replay of the guild's log pays and takes back, as `moves_of` does."""
        moves: list[tuple[Any, ...]] = self.run(self._replayed(guild_id))
        return moves

    async def _replayed(self, guild_id: int) -> list[tuple[Any, ...]]:
        async with self.desk.database.read() as conn:
            return [
                (
                    move.payment.kind,
                    move.payment.user_id,
                    move.payment.giver_id,
                    -move.payment.amount if move.is_back else move.payment.amount,
                    move.payment.source_id,
                    move.payment.day,
                    move.event_id,
                )
                async for stretch in replay(conn, guild_id, [RULES])
                for move in stretch.moves[0]
            ]

    async def _after(
        self, events: Sequence[Event], guild_id: int, together: bool, batches: Sequence[int] = ()
    ) -> list[LedgerEntry]:
        moved = [replace(event, guild_id=guild_id) for event in events]
        if batches:
            await self.desk.deliver_in(moved, batches)
        elif together:
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
        desk = Desk(runner.run(opening.__aenter__()))
        runner.run(desk.shelve(range(10_000, 10_009)))
        yield Court(desk, runner.run)
        runner.run(opening.__aexit__(None, None, None))


def standing(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    gone = {entry.reverses for entry in entries}
    return [e for e in entries if e.reverses is None and e.entry_id not in gone]


def assert_nothing_twice(entries: Sequence[LedgerEntry]) -> None:
    by_id = {entry.entry_id: entry for entry in entries}
    paid = [
        (e.source_id, e.kind, e.user_id, e.giver_id, e.kind in AGAIN and e.event_id)
        for e in entries
        if e.reverses is None
    ]
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
        capped = [e.amount for e in of_day if getattr(RULES, e.kind).is_capped]
        assert sum(capped) <= RULES.general.daily_cap
        for kind, n in Counter(e.kind for e in of_day).items():
            assert n <= getattr(RULES, kind).per_day
        for (kind, _), n in Counter((e.kind, e.giver_id) for e in of_day if e.giver_id).items():
            assert n <= (getattr(RULES, kind).pair_per_day or n)
        written = sorted(e.earned_at for e in of_day if e.kind in ("message", "reply"))
        gaps = [b - a for a, b in itertools.pairwise(written)]
        assert min(gaps, default=60) >= RULES.message.cooldown_s


def assert_what_is_undone_pays_nothing(
    events: Sequence[Event], entries: Sequence[LedgerEntry]
) -> None:
    gone = {e.source_id for e in events if e.kind.name == "MESSAGE_DELETED"}
    undone = {
        (e.source_id, e.qualifier) for e in events if e.kind.name in ("UNACCEPTED", "RETIRED")
    }
    rests = {
        e.source_id
        for e in events
        if e.kind.name in ("ACCEPTED", "PUBLISHED") and (e.source_id, e.qualifier) not in undone
    }
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
        assert entry.kind not in ("answer", "resource") or entry.source_id in rests


LIMITS = settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


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
    undo += [
        replace(event, kind=EventKind(event.kind + 1), user_id=98)
        for event in events
        if event.kind in (EventKind.ACCEPTED, EventKind.PUBLISHED)
    ]
    entries = court.after([*events, *undo])
    assert standing(entries) == []
    assert sum(entry.amount for entry in entries) == 0


def moves_of(entries: Sequence[LedgerEntry]) -> list[tuple[Any, ...]]:
    return [
        (e.kind, e.user_id, e.giver_id, e.amount, e.source_id, e.day, e.event_id) for e in entries
    ]


@LIMITS
@given(deliveries(), st.lists(st.integers(1, 9), max_size=6))
def test_replaying_the_log_gives_the_ledger_entry_by_entry_whatever_the_order_of_deliveries(
    court: Court, events: list[Event], batches: list[int]
) -> None:
    guild_id = next(court.guilds)
    entries = court.after(events, guild_id, batches=batches)
    assert court.replayed(guild_id) == moves_of(entries)


@LIMITS
@given(deliveries(), st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_paying_in_batches_pays_as_one_by_one_does(
    court: Court, events: list[Event], batches: list[int]
) -> None:
    alone, together = next(court.guilds), next(court.guilds)
    one_by_one = moves_of(court.after(events, alone))
    in_batches = moves_of(court.after(events, together, batches=batches))
    assert [move[:-1] for move in one_by_one] == [move[:-1] for move in in_batches]


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
