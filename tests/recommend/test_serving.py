"""What a running service remembers never shows: it answers like one that has just started."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial

import numpy as np
import pytest

from bot.links.service import LinksService
from bot.recommend import arrays, refit, rules
from bot.recommend.service import RecommendService, Request, Suggestion
from recommender import als
from recommender.fitting import snapshot
from recommender.model import DEFAULT_WEIGHTS, Settings
from storage import catalog, deeds, events, members, privacy, snapshots, training
from storage.database import Database
from storage.records import Event, EventKind, Guild, Snapshot
from tests.discord_sim import START
from tests.recommend.community import FIRST_MEMBER, Community, act, resource, settle

GUILD = 77
NOW = START.timestamp()
ASKING, FAN = 1, FIRST_MEMBER
Change = Callable[[Database, Community], Awaitable[None]]
Answer = list[tuple[int, object]]


@pytest.fixture
async def community(database: Database) -> Community:
    found = await settle(database, GUILD)
    await act(database, GUILD, ASKING, EventKind.SAVE, found.rockets[:4], NOW - 60)
    return found


async def fit(database: Database, factors: int = 8) -> None:
    """Let a model of everything serve, as a refit in another process would."""
    async with database.read() as conn:
        until = await training.watermark(conn, GUILD)
        data = await refit.load(conn, GUILD, until)
        items = await arrays.catalogue(conn, GUILD)
    model = snapshot(
        data,
        items,
        as_of=NOW,
        settings=Settings(als.AlsSettings(n_factors=factors)),
        weights=DEFAULT_WEIGHTS,
        seed=1,
    )
    metrics = {refit.WATERMARK: until}
    live = Snapshot(
        guild_id=GUILD,
        state="live",
        reason="accepted",
        metrics=metrics,
        as_of_at=NOW,
        created_at=NOW,
        arrays=arrays.pack(model),
    )
    await database.write(lambda conn: snapshots.store(conn, live))


def started(database: Database) -> RecommendService:
    links = LinksService(database, lambda: START, None)
    return RecommendService(
        database=database, clock=lambda: START, rng=np.random.default_rng(3), links=links
    )


async def answer(service: RecommendService, user_id: int = ASKING) -> Answer:
    async with service.database.read() as conn:
        ranked = await service.rank(conn, Request(guild_id=GUILD, user_id=user_id, limit=60))
    return [(found.resource_id, why) for found, why in ranked.picks]


def elsewhere(database: Database, statement: str, *values: object) -> None:
    """Run a statement as another process would: on a connection the service knows nothing of."""
    with closing(sqlite3.connect(database.path)) as conn, conn:
        conn.execute(statement, values)


async def opened_by_many(database: Database, found: Community) -> None:
    for number in range(20):
        source = 10**14 + number
        await act(
            database,
            GUILD,
            FIRST_MEMBER + number,
            EventKind.OPEN,
            found.gardens[:1],
            NOW - 30,
            first_source=source,
        )


async def reaction_taken_back(database: Database, found: Community) -> None:
    await reacted(database, found)
    removed = Event(
        guild_id=GUILD,
        source_id=555,
        kind=EventKind.REACTION_REMOVED,
        user_id=FAN,
        occurred_at=NOW - 3,
    )
    await database.write(lambda conn: events.append(conn, removed, NOW - 3))


async def reacted(database: Database, found: Community) -> None:
    done = Event(
        guild_id=GUILD,
        source_id=555,
        kind=EventKind.REACTION,
        user_id=FAN,
        occurred_at=NOW - 5,
        resource_id=found.rockets[9],
    )
    await database.write(lambda conn: events.append(conn, done, NOW - 5))


async def unsaved(database: Database, found: Community) -> None:
    await act(database, GUILD, FAN, EventKind.SAVE, found.rockets[8:9], NOW - 9)
    await act(
        database, GUILD, FAN, EventKind.UNSAVE, found.rockets[8:9], NOW - 2, first_source=3 * 10**15
    )


async def own_open(database: Database, found: Community) -> None:
    await act(
        database, GUILD, ASKING, EventKind.OPEN, found.rockets[5:6], NOW, first_source=4 * 10**15
    )


async def added(database: Database, found: Community) -> None:
    new = resource(GUILD, "rockets", 999, NOW + 50 * 86_400)
    await database.write(lambda conn: catalog.add(conn, new))


async def retired_elsewhere(database: Database, found: Community) -> None:
    elsewhere(
        database,
        "UPDATE resources SET state = 'retired' WHERE resource_id = ?",
        found.rockets[-1],
    )


async def swapped_elsewhere(database: Database, found: Community) -> None:
    statement = "UPDATE resources SET state = ? WHERE resource_id = ?"
    await retired_elsewhere(database, found)
    elsewhere(database, "UPDATE resources SET guild_id = ? WHERE guild_id = 1", GUILD)
    elsewhere(database, statement, "retired", found.rockets[-2])
    elsewhere(database, statement, "live", found.rockets[-1])


async def locked_elsewhere(database: Database, found: Community) -> None:
    elsewhere(database, "UPDATE resources SET role_id = 5 WHERE resource_id = ?", found.rockets[-1])


async def adopted_elsewhere(database: Database, found: Community) -> None:
    statement = "UPDATE resources SET creator_id = ? WHERE resource_id = ?"
    elsewhere(database, statement, ASKING, found.rockets[-1])


async def dated_elsewhere(database: Database, found: Community) -> None:
    statement = "UPDATE resources SET published_at = ? WHERE resource_id = ?"
    elsewhere(database, statement, NOW - 60, found.gardens[-1])


async def erased(database: Database, found: Community) -> None:
    await opened_by_many(database, found)
    for number in range(15):
        user_id = FIRST_MEMBER + number
        await database.write(partial(privacy.erase, guild_id=GUILD, user_id=user_id))


async def declined(database: Database, found: Community) -> None:
    await opened_by_many(database, found)
    for number in range(15):
        change = partial(members.change_member, guild_id=GUILD, user_id=FIRST_MEMBER + number)
        await database.write(partial(change, now=NOW, consent="declined"))


async def refitted(database: Database, found: Community) -> None:
    await fit(database, factors=2)


async def policy_changed(database: Database, found: Community) -> None:
    shown = partial(members.change_member, guild_id=GUILD, user_id=4, now=NOW)
    await database.write(partial(shown, asked_at=NOW))
    await act(database, GUILD, 4, EventKind.OPEN, found.gardens[:1], NOW, first_source=5 * 10**15)
    guild = Guild(GUILD, consent_policy="notice")
    await database.write(lambda conn: members.save_guild(conn, guild))


@pytest.mark.parametrize("is_fitted", [False, True], ids=["no model", "a model"])
@pytest.mark.parametrize(
    "change",
    [
        opened_by_many,
        reacted,
        own_open,
        added,
        retired_elsewhere,
        locked_elsewhere,
        adopted_elsewhere,
        dated_elsewhere,
        erased,
        declined,
        refitted,
        policy_changed,
    ],
)
async def test_the_next_answer_knows_what_changed(
    database: Database, community: Community, change: Change, is_fitted: bool
) -> None:
    if is_fitted:
        await fit(database)
    running = started(database)
    before = await answer(running)
    await change(database, community)
    after = await answer(running)
    assert after == await answer(started(database))
    assert after != before


@pytest.mark.parametrize("change", [reaction_taken_back, unsaved])
@pytest.mark.parametrize("is_seen_between", [False, True])
async def test_what_was_taken_back_no_longer_counts(
    database: Database, community: Community, change: Change, is_seen_between: bool
) -> None:
    await fit(database)
    running = started(database)
    before = await answer(running)
    if is_seen_between and change is reaction_taken_back:
        await reacted(database, community)
        assert await answer(running) != before
    await change(database, community)
    assert await answer(running) == await answer(started(database)) == before


async def test_every_change_after_the_other_leaves_no_trace_of_the_one_before(
    database: Database, community: Community
) -> None:
    running = started(database)
    changes: list[Change] = [
        opened_by_many,
        own_open,
        refitted,
        reaction_taken_back,
        added,
        swapped_elsewhere,
        declined,
        refitted,
        dated_elsewhere,
    ]
    for change in changes:
        await change(database, community)
        for user_id in (ASKING, FAN, 4):
            expected = await answer(started(database), user_id)
            assert await answer(running, user_id) == expected, change


async def test_a_member_who_said_nothing_leaves_the_counts_when_they_are_erased(
    database: Database, community: Community
) -> None:
    guild = Guild(GUILD, consent_policy="notice")
    await database.write(lambda conn: members.save_guild(conn, guild))
    running = started(database)
    before = await answer(running)
    shown = partial(members.change_member, guild_id=GUILD, user_id=4, now=NOW)
    await database.write(partial(shown, asked_at=NOW))
    await act(database, GUILD, 4, EventKind.OPEN, community.gardens[:1], NOW, first_source=10**14)
    assert await answer(running) != before
    await database.write(partial(privacy.erase, guild_id=GUILD, user_id=4))
    assert await answer(running) == before


async def test_an_open_of_what_was_shown_changes_what_is_shown_next(
    database: Database, community: Community
) -> None:
    await fit(database)
    service = started(database)
    shown = (await service.recommend(Request(guild_id=GUILD, user_id=ASKING))).suggestions
    first: Suggestion = shown[0]
    await act(
        database,
        GUILD,
        ASKING,
        EventKind.OPEN,
        [first.resource.resource_id],
        NOW,
        first_source=10**14,
    )
    again = (await service.recommend(Request(guild_id=GUILD, user_id=ASKING))).suggestions
    ids = [one.resource.resource_id for one in again]
    assert first.resource.resource_id not in ids
    assert ids != [one.resource.resource_id for one in shown]


async def test_deeds_as_columns_say_what_the_rules_say_of_each(
    database: Database, community: Community
) -> None:
    ids = community.everything
    for number, kind in enumerate(EventKind):
        source = (number + 10) * 10**12
        await act(
            database, GUILD, 3, kind, ids[number : number + 3], NOW + number, first_source=source
        )
    async with database.read() as conn:
        done = await deeds.of(conn, GUILD, 3)
        past = arrays.past(3, await deeds.columns(conn, GUILD, 3))
    assert set(past.seen.tolist()) == rules.seen(done)
    assert set(past.dismissed.tolist()) == rules.dismissed(done)
    lessons = rules.lessons(done)
    assert past.lessons.items.tolist() == [deed.resource_id for deed in lessons]
    assert past.lessons.weights.tolist() == pytest.approx([rules.weight(d.kind) for d in lessons])
    for resource_id in ids[:20]:
        assert past.of(resource_id) == [d for d in done if d.resource_id == resource_id]
