"""Circles as events arrive and in a replay: what is paid is the same, however it is delivered."""

import random
from pathlib import Path

import pytest

from bot.points.service import replay
from bot.rewards.ruleset import RuleSet
from storage.database import Database, open_database
from storage.records import Event, EventKind, LedgerEntry
from tests.points.deliveries import (
    GUILD,
    HOUR,
    START,
    Desk,
    deleted,
    message,
    reaction,
    unreaction,
)

DAY = 24 * HOUR


def happenings(seed: int, n_members: int, n_events: int) -> list[Event]:
    """Return days of members who mostly keep to circles of six; some is late, some undone."""
    chance = random.Random(seed)
    said: list[Event] = []
    found: list[Event] = []
    for n in range(n_events):
        at = START + n * 12 * DAY / n_events
        author = chance.randrange(n_members)
        near = author - author % 6 + chance.randrange(6)
        other = near if chance.random() < 0.8 else chance.randrange(n_members)
        mine, others = 100 + author, 100 + other
        luck = chance.random()
        if luck < 0.35 or not said:
            said.append(message(1_000 + n, mine, at, in_thread=True, target_id=others))
            found.append(said[-1])
            continue
        of = chance.choice([each for each in said[-60:] if each.user_id == others] or said[-9:])
        late = at - chance.choice((0, 0, 0, 3 * HOUR, 2 * DAY))
        if luck < 0.85:
            found.append(reaction(of.source_id, mine, of.user_id, late))
        elif luck < 0.9:
            found.append(unreaction(of.source_id, mine, of.user_id, at))
        elif luck < 0.97:
            accepted = Event(
                guild_id=GUILD,
                source_id=of.source_id,
                kind=EventKind.ACCEPTED,
                user_id=mine,
                occurred_at=at,
                target_id=of.user_id,
                length_class=2,
            )
            found.append(accepted)
        else:
            found.append(deleted(of.source_id, of.user_id, at))
    return found


async def paid_by(database: Database) -> list[tuple[object, ...]]:
    async with database.read() as conn:
        moves: list[tuple[object, ...]] = [
            (move.event_id, move.payment.kind, move.payment.user_id, move.payment.amount)
            async for stretch in replay(conn, GUILD, [RuleSet()])
            for move in stretch.moves[0]
            if not move.is_back
        ]
    return moves


def written(entry: LedgerEntry) -> tuple[object, ...]:
    return entry.event_id, entry.kind, entry.user_id, entry.amount


@pytest.mark.parametrize("n_members", [8, 14, 34, 60])
@pytest.mark.parametrize("size", [1, 7, 400])
async def test_what_is_paid_as_events_arrive_is_what_a_replay_pays(
    tmp_path: Path, n_members: int, size: int
) -> None:
    async with open_database(tmp_path / "db.sqlite3") as database:
        desk = Desk(database)
        await desk.know(*range(100, 100 + n_members), since=START - 40 * DAY)
        await desk.deliver_in(happenings(n_members, n_members, 700), [size])
        entries = [
            written(entry)
            for member in range(100, 100 + n_members)
            for entry in await desk.history(member, 10_000)
            if entry.reverses is None
        ]
        replayed = await paid_by(database)
        assert sorted(entries) == sorted(replayed)
        assert len(replayed) > 100
        assert await desk.differences() == []
