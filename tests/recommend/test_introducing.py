"""Newcomers in a list's last place: only such as its other cards could have been."""

from dataclasses import replace

import pytest

from bot.recommend import rules
from bot.recommend.service import Ranked, Request
from storage import catalog
from storage.records import EventKind, Resource
from tests.discord_sim import START, World
from tests.recommend.community import Community, act, resource, settle

NOW = START.timestamp()
DAY_S = 86_400.0
LISTS = 40
"""Of so many lists without a newcomer a fair coin of one in five says that there is none."""


@pytest.fixture
async def community(world: World) -> Community:
    return await settle(world.app.database, world.guild.id)


async def introduced(world: World, new: Resource) -> set[int]:
    """Return the ids in the last places of Alice's lists."""
    new_id = await world.app.database.write(lambda conn: catalog.add(conn, new))
    request = Request(
        guild_id=world.guild.id,
        user_id=world.alice.id,
        language="en",
        introduces=True,
    )
    async with world.app.database.read() as conn:
        lists: list[Ranked] = [
            await world.app.services.recommend.rank(conn, request) for _ in range(LISTS)
        ]
    last = [ranked.picks[-1] for ranked in lists]
    assert {why.kind for one, why in last if one.resource_id == new_id and why} <= {"new"}
    return {one.resource_id for one, _ in last} & {new_id}


def fresh(world: World, **changes: object) -> Resource:
    one = resource(world.guild.id, "rockets", 900, NOW)
    return replace(one, **{"published_at": NOW - 10 * DAY_S, "creator": "Somebody new", **changes})  # type: ignore[arg-type]


async def like_rockets(world: World, community: Community) -> None:
    await act(
        world.app.database,
        world.guild.id,
        world.alice.id,
        EventKind.SAVE,
        community.rockets[:4],
        NOW - 600,
    )


async def test_what_fits_is_introduced(world: World, community: Community) -> None:
    await like_rockets(world, community)
    assert await introduced(world, fresh(world))


async def test_a_topic_that_nobody_named_is_no_hindrance_to_whom_nobody_knows(
    world: World, community: Community
) -> None:
    assert await introduced(world, fresh(world, tags=("sails",)))


@pytest.mark.parametrize(
    "changes",
    [
        {"tags": ("sails",)},
        {"level": "advanced"},
        {"language": "zh"},
        {"title": "Rockets 1, 2nd edition", "creator": "Author 1"},
    ],
    ids=["topic", "level", "language", "edition"],
)
async def test_what_does_not_fit_is_not(
    world: World, community: Community, changes: dict[str, object]
) -> None:
    await like_rockets(world, community)
    assert not await introduced(world, fresh(world, **changes))


@pytest.mark.parametrize(
    ("some", "others", "is_shared"),
    [
        (("Go", "web"), ("go",), True),
        (("go",), ("rust",), False),
        ((), ("rust",), True),
        (("go",), (), True),
    ],
)
def test_topics_are_shared_or_unknown(
    some: tuple[str, ...], others: tuple[str, ...], is_shared: bool
) -> None:
    assert rules.share_a_topic(some, others) == is_shared


async def test_a_newcomer_is_new_for_a_fortnight(world: World) -> None:
    one = fresh(world)
    assert rules.as_new(one, NOW) is not None
    assert rules.as_new(one, NOW + rules.NEW_S) is None
    assert rules.as_new(None, NOW) is None
