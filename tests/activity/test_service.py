import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.activity.rules import Place, Posted, Reacted
from bot.activity.service import ActivityService
from bot.departures.service import DeparturesService
from bot.points.service import PointsService
from storage import catalog, events, members
from storage.connection import Connection
from storage.database import Database, open_database
from storage.records import Event, EventKind, Resource
from storage.schema import events as table
from storage.schema import ledger

GUILD, CHANNEL = 1, 2
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def made(database: Database) -> ActivityService:
    points = PointsService(database, lambda: NOW)
    return ActivityService(
        database=database,
        clock=lambda: NOW,
        points=points,
        departures=DeparturesService(database, lambda: NOW),
    )


@pytest.fixture
def service(database: Database) -> ActivityService:
    return made(database)


def liked(number: int, user: int, guild: int) -> Reacted:
    return Reacted(guild_id=guild, channel_id=CHANNEL, message_id=number, user_id=user, emoji=77)


def message(number: int, author: int = 7, **changes: Any) -> Event:
    return Event(
        guild_id=GUILD,
        source_id=number,
        kind=EventKind.MESSAGE,
        user_id=author,
        occurred_at=NOW.timestamp(),
        channel_id=CHANNEL,
        **changes,
    )


def posted(number: int, author: int = 7, **changes: Any) -> Posted:
    return Posted(
        guild_id=GUILD,
        channel_id=CHANNEL,
        message_id=number,
        author_id=author,
        posted_at=NOW.timestamp(),
        length_class=2,
        **changes,
    )


async def rows(database: Database) -> list[Any]:
    async with database.read() as conn:
        return list((await conn.execute(select(table).order_by(table.c.event_id))).all())


async def write(database: Database, job: Callable[[Connection], Awaitable[Any]]) -> Any:
    return await database.write(job)


async def test_recording_the_same_events_again_changes_nothing(service: ActivityService) -> None:
    happened = [message(10), message(11, 8)]
    assert await service.record(happened) == 2
    before = await rows(service.database)
    assert await service.record(happened) == 0
    assert await rows(service.database) == before


async def test_a_thousand_concurrent_calls_record_each_event_once(
    service: ActivityService,
) -> None:
    calls = [
        service.record(
            (
                Event(
                    guild_id=GUILD,
                    source_id=number // 2,
                    kind=EventKind.THREAD,
                    user_id=7,
                    occurred_at=NOW.timestamp(),
                ),
            ),
            (GUILD, CHANNEL, number),
        )
        for number in range(2, 1_002)
    ]
    counted = await asyncio.gather(*calls)
    found = await rows(service.database)
    assert sum(counted) == len(found) == 500
    assert sorted(row.source_id for row in found) == list(range(1, 501))
    async with service.database.read() as conn:
        assert await events.cursors(conn, GUILD) == {CHANNEL: 1_001}


async def test_what_comes_at_once_is_recorded_and_paid_as_one_after_another(
    tmp_path: Path,
) -> None:
    """Answers to what is in the same breath, reactions, two guilds, somebody not tracked."""
    said: list[tuple[list[Posted], list[Reacted]]] = []
    for n in range(10, 60):
        other = replace(posted(n, author=4 + n % 4), guild_id=1 + n % 2, reply_to=n - 2)
        said.append(([other], []))
        if n % 3 == 0:
            said.append(([], [liked(n - 6, 4 + n % 3, 1 + n % 2)]))
    stored = []
    for at_once in (False, True):
        async with open_database(tmp_path / f"{at_once}.sqlite3") as database:
            service = made(database)
            hide = partial(members.change_member, now=0.0, is_tracked=False)
            await database.write(lambda conn, hide=hide: hide(conn, 2, 7))  # type: ignore[misc]
            calls = [service.post(*each, cursor=(1, 2, n)) for n, each in enumerate(said)]
            counts = await asyncio.gather(*calls) if at_once else [await call for call in calls]
            async with database.read() as conn:
                paid = await conn.execute(
                    select(ledger.c.guild_id, ledger.c.user_id, ledger.c.kind, ledger.c.amount)
                )
                entries = sorted(tuple(row) for row in paid)
            events_of = sorted(tuple(row)[1:] for row in await rows(database))
            stored.append((counts, entries, events_of))
    assert stored[0][2] and stored[0][1] and stored[0] == stored[1]


async def test_a_storm_of_duplicates_in_any_order_changes_nothing(
    service: ActivityService,
) -> None:
    """As after a resumed session: everything again, at once, beside what is new."""
    said = [posted(n, author=4 + n % 4) for n in range(10, 60)]
    likes = [liked(n, 4 + n % 3, GUILD) for n in range(10, 60, 3)]
    for each in said:
        await service.post((each,))
    await asyncio.gather(*(service.post((), (each,)) for each in likes))
    before = [row.source_id for row in await rows(service.database)]
    rng = random.Random(7)
    storm = [service.post((each,)) for each in said * 5]
    storm += [service.post((), (each,)) for each in likes * 5]
    rng.shuffle(storm)
    new = service.post((posted(99),), (liked(99, 5, GUILD),))
    counts = await asyncio.gather(*storm[:200], new, *storm[200:])
    assert sum(counts) == 2
    assert [row.source_id for row in await rows(service.database)] == [*before, 99, 99]


async def test_the_cursor_moves_with_the_events_and_never_back(service: ActivityService) -> None:
    await service.record((message(10),), (GUILD, CHANNEL, 10))
    await service.record((message(9),), (GUILD, CHANNEL, 9))
    async with service.database.read() as conn:
        assert await events.cursors(conn, GUILD) == {CHANNEL: 10}


async def test_a_failed_transaction_moves_no_cursor(service: ActivityService) -> None:
    broken = message(11, resource_id=12345)  # no such resource
    with pytest.raises(Exception, match="FOREIGN KEY"):
        await service.record((message(10), broken), (GUILD, CHANNEL, 11))
    assert await rows(service.database) == []
    async with service.database.read() as conn:
        assert await events.cursors(conn, GUILD) == {}


async def test_a_member_who_is_not_tracked_leaves_no_trace(service: ActivityService) -> None:
    await write(
        service.database,
        lambda conn: members.change_member(conn, GUILD, 7, NOW.timestamp(), is_tracked=False),
    )
    await service.post((posted(10, 7), posted(11, 8, reply_to=10, reply_author=7)))
    await service.react(
        Reacted(guild_id=GUILD, channel_id=CHANNEL, message_id=11, user_id=7, emoji=1)
    )
    (row,) = await rows(service.database)
    assert (row.user_id, row.is_reply, row.target_id) == (8, True, None)


async def test_a_reaction_names_the_author_of_the_message(service: ActivityService) -> None:
    await service.post(
        (posted(10, 7),),
        (Reacted(guild_id=GUILD, channel_id=CHANNEL, message_id=10, user_id=8, emoji=1),),
    )
    found = await rows(service.database)
    assert [(row.kind, row.user_id, row.target_id) for row in found] == [
        (EventKind.MESSAGE, 7, None),
        (EventKind.REACTION, 8, 7),
    ]


async def test_a_reaction_never_seen_cannot_be_taken_back(service: ActivityService) -> None:
    assert (
        await service.unreact(
            Reacted(guild_id=GUILD, channel_id=CHANNEL, message_id=10, user_id=8, emoji=1)
        )
        == 0
    )
    assert await rows(service.database) == []


async def test_clearing_takes_back_what_stands_and_nothing_else(service: ActivityService) -> None:
    for user, emoji in ((7, 1), (8, 1), (8, 2)):
        await service.react(
            Reacted(guild_id=GUILD, channel_id=CHANNEL, message_id=10, user_id=user, emoji=emoji)
        )
    await service.unreact(
        Reacted(guild_id=GUILD, channel_id=CHANNEL, message_id=10, user_id=7, emoji=1)
    )
    assert await service.clear_reactions(GUILD, 10, emoji={1}) == 1
    async with service.database.read() as conn:
        left = await events.standing_reactions(conn, GUILD, 10)
    assert [(event.user_id, event.qualifier) for event in left] == [(8, 2)]
    assert await service.clear_reactions(GUILD, 10) == 1
    assert await service.clear_reactions(GUILD, 10) == 0
    async with service.database.read() as conn:
        assert await events.standing_reactions(conn, GUILD, 10) == []


async def test_what_happens_on_a_card_is_about_its_resource(service: ActivityService) -> None:
    async def card(conn: Connection) -> int:
        number = await catalog.add(
            conn, Resource(guild_id=GUILD, kind="article", title="Ada", url="https://a.example")
        )
        await catalog.remember_message(conn, GUILD, 100, CHANNEL, number, NOW.timestamp())
        return number

    number = await service.database.write(card)
    await service.post((posted(10, 7, reply_to=100), posted(11, 7)))
    in_thread = Posted(
        guild_id=GUILD,
        channel_id=100,
        message_id=12,
        author_id=7,
        posted_at=NOW.timestamp(),
        in_thread=True,
    )
    await service.post((in_thread,))
    await service.react(
        Reacted(guild_id=GUILD, channel_id=CHANNEL, message_id=100, user_id=7, emoji=1)
    )
    await service.unreact(
        Reacted(guild_id=GUILD, channel_id=CHANNEL, message_id=100, user_id=7, emoji=1)
    )
    found = await rows(service.database)
    assert [row.resource_id for row in found] == [number, None, number, number, number]
    assert [row.source_id for row in found if row.resource_id] == [10, 12, 100, 100]


async def test_deleted_messages_are_recorded_once_and_only_if_they_were_seen(
    service: ActivityService,
) -> None:
    await service.post((posted(10), posted(11)))
    assert await service.delete(GUILD, (10, 11, 12)) == 2
    assert await service.delete(GUILD, (10, 11, 12)) == 0
    async with service.database.read() as conn:
        kinds = (await conn.execute(select(table.c.kind, func.count()).group_by("kind"))).all()
    assert [tuple(row) for row in kinds] == [(EventKind.MESSAGE, 2), (EventKind.MESSAGE_DELETED, 2)]


async def test_meeting_a_guild_again_keeps_its_settings_and_cursors(
    service: ActivityService,
) -> None:
    places = [Place(CHANNEL, CHANNEL, newest=50)]
    assert await service.begin(GUILD, places, language="zh-CN") == {CHANNEL: 50}
    moved = [Place(CHANNEL, CHANNEL, newest=60), Place(55, 55, newest=58)]
    assert await service.begin(GUILD, moved, language="en") == {CHANNEL: 50, 55: 54}
    async with service.database.read() as conn:
        guild = await members.guild(conn, GUILD)
    assert (guild.language, guild.created_at) == ("zh-CN", NOW.timestamp())
