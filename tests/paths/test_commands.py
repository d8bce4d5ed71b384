"""Paths as their makers and members see them, and what recommending makes of them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.recommend.service import Request
from storage import catalog, prerequisites
from storage import paths as paths_of
from storage.records import EventKind
from storage.schema import path_steps, paths
from tests.discord_sim import World, button_id, set_locale, texts_of
from tests.recommend.community import Community, act, settle
from tests.recommend.test_commands import NOW, ask, rows


@pytest.fixture
async def community(world: World) -> Community:
    return await settle(world.app.database, world.guild.id)


async def made(world: World, community: Community, *steps: int) -> None:
    """Have a moderator make a path of some of the gardens."""
    await ask(world, world.moderator, "path new", title="From seed to tree", summary="Slowly.")
    for step in steps:
        name = f"Gardens {2 * step}"
        await ask(world, world.moderator, "path add", path="From seed to tree", resource=name)


async def test_a_path_is_made_shown_and_gone_along(world: World, community: Community) -> None:
    assert "no paths here yet" in texts_of(await ask(world, world.alice, "path list"))
    await made(world, community, 3, 1, 2)
    await ask(world, world.moderator, "path add", path="from seed", resource="Gardens 2", place=1)
    listed = await ask(world, world.alice, "path list")
    assert "One path" in texts_of(listed) and "0 of 3 done" in texts_of(listed)
    shown = await world.alice.click(listed, custom_id="paths:show:1")
    text = texts_of(shown.response)
    assert "▶️ 1. Gardens 2 ·" in text and "▫️ 2. Gardens 6 ·" in text
    step = await world.alice.click(shown.response, custom_id="paths:go:1")
    assert "### Gardens 2" in texts_of(step.response)
    more = button_id(step.response, r"card:more:\d+")
    panel = await world.alice.click(step.response, custom_id=more)
    done = button_id(panel.response, r"say:done:\d+:\d+")
    await world.alice.click(panel.response, custom_id=done)
    text = texts_of(await ask(world, world.alice, "path show", path="seed"))
    assert "✅ 1. Gardens 2" in text and "▶️ 2. Gardens 6" in text and "1 of 3 done" in text
    set_locale(world.alice, "zh-CN")
    text = texts_of(await ask(world, world.alice, "path show", path="seed"))
    assert "已完成 1 / 3" in text and "继续" in text


async def test_the_next_step_outranks_likeness_and_says_what_it_follows(
    world: World, community: Community
) -> None:
    await made(world, community, 3, 1, 2)
    database, here, alice = world.app.database, world.guild.id, world.alice.id
    await act(database, here, alice, EventKind.SAVE, community.rockets[:6], NOW - 900)
    await act(database, here, alice, EventKind.DONE, [community.gardens[3]], NOW - 60)
    shown = await world.app.services.recommend.recommend(Request(guild_id=here, user_id=alice))
    first = shown.suggestions[0]
    assert first.resource.title == "Gardens 2"
    assert first.why is not None
    assert (first.why.kind, first.why.title) == ("follows", "Gardens 6")
    assert "Gardens 4" not in [each.resource.title for each in shown.suggestions]


async def test_who_makes_nothing_makes_no_path_and_changes_nobody_elses(
    lenient_world: World,
) -> None:
    world = lenient_world
    found = await settle(world.app.database, world.guild.id)
    refused = await ask(world, world.alice, "path new", title="Mine")
    assert "made by moderators" in texts_of(refused)
    async with world.app.database.read() as conn:
        known = await catalog.resource(conn, world.guild.id, found.gardens[0])
    assert known is not None
    own = replace(known, creator_id=world.alice.id)
    await world.app.database.write(lambda conn: catalog.change(conn, own))
    assert "Made “Mine”" in texts_of(await ask(world, world.alice, "path new", title="Mine"))
    await ask(world, world.alice, "path add", path="Mine", resource="Gardens 4")
    for command, options in (
        ("path add", {"resource": "Gardens 6"}),
        ("path remove", {"resource": "Gardens 4"}),
        ("path edit", {"title": "Theirs"}),
        ("path retire", {}),
    ):
        refused = await ask(world, world.bob, command, path="Mine", **options)
        assert "Somebody else made this path" in texts_of(refused)
    assert [row.title for row in await rows(world, paths)] == ["Mine"]


async def test_a_path_is_changed_retired_and_brought_back(
    lenient_world: World,
) -> None:
    world = lenient_world
    found = await settle(world.app.database, world.guild.id)
    await made(world, found, 1, 2)
    again = await ask(world, world.moderator, "path new", title="from SEED to tree")
    assert "a path of that title already" in texts_of(again)
    await ask(world, world.moderator, "path edit", path="seed", title="Trees", summary="Short.")
    gone = await ask(world, world.moderator, "path remove", path="Trees", resource="Gardens 2")
    assert "Gardens 4" in texts_of(gone) and "Short." in texts_of(gone)
    assert [row.position for row in await rows(world, path_steps)] == [1]
    listed = await ask(world, world.alice, "path list")
    out = await ask(world, world.moderator, "path retire", path="Trees")
    assert "out of sight" in texts_of(out)
    refused = await world.alice.click(listed, custom_id="paths:show:1")
    assert "not there any more" in texts_of(refused.response)
    offered = await world.moderator.autocomplete(world.channel, "path edit", "path", "tr")
    assert [each["name"] for each in offered] == ["(retired) Trees"]
    await ask(world, world.moderator, "path retire", path="Trees", restore=True)
    assert "0 of 1 done" in texts_of(await ask(world, world.alice, "path list"))


async def test_what_needs_something_waits_for_it_and_then_comes_first(
    lenient_world: World,
) -> None:
    world = lenient_world
    found = await settle(world.app.database, world.guild.id)
    database, here, alice = world.app.database, world.guild.id, world.alice.id
    said = await ask(world, world.moderator, "path before", first="Gardens 6", then="Gardens 2")
    assert "Before “Gardens 2” comes:" in texts_of(said) and "▫️ Gardens 6" in texts_of(said)
    await act(database, here, alice, EventKind.SAVE, found.rockets[:6], NOW - 900)
    recommend = world.app.services.recommend.recommend
    shown = await recommend(Request(guild_id=here, user_id=alice))
    assert "Gardens 2" not in [each.resource.title for each in shown.suggestions]
    await act(database, here, alice, EventKind.DONE, [found.gardens[3]], NOW - 60)
    first = (await recommend(Request(guild_id=here, user_id=alice))).suggestions[0]
    assert first.resource.title == "Gardens 2" and first.why is not None
    assert (first.why.kind, first.why.title) == ("follows", "Gardens 6")
    set_locale(world.moderator, "zh-CN")
    gone = await ask(
        world, world.moderator, "path before", first="Gardens 6", then="Gardens 2", off=True
    )
    assert "没有先修要求" in texts_of(gone)
    again = (await recommend(Request(guild_id=here, user_id=alice))).suggestions
    assert all(each.why is None or each.why.kind != "follows" for each in again)


async def test_what_comes_before_what_never_goes_in_a_circle_and_is_not_everybodys_to_say(
    lenient_world: World,
) -> None:
    world = lenient_world
    found = await settle(world.app.database, world.guild.id)

    async def before(first: str, then: str, who: Any = world.moderator, **more: Any) -> str:
        return texts_of(await ask(world, who, "path before", first=first, then=then, **more))

    await before("Gardens 2", "Gardens 4")
    await before("Gardens 4", "Gardens 6")
    assert "go in a circle" in await before("Gardens 6", "Gardens 2")
    assert "two different" in await before("Gardens 6", "Gardens 6")
    assert "isn't set" in await before("Gardens 2", "Gardens 6", off=True)
    assert "by whoever made it" in await before("Gardens 8", "Gardens 10", world.alice)
    async with world.app.database.read() as conn:
        known = await catalog.resource(conn, world.guild.id, found.gardens[5])
    assert known is not None
    own = replace(known, creator_id=world.alice.id)
    await world.app.database.write(lambda conn: catalog.change(conn, own))
    async with world.app.database.read() as conn:
        await prerequisites.of(conn, world.guild.id)
    assert "▫️ Gardens 8" in await before("Gardens 8", "Gardens 10", world.moderator)
    log = await ask(world, world.moderator, "server log")
    assert "said that “Gardens 8” comes before “Gardens 10”" in texts_of(log)


async def test_what_is_merged_keeps_its_place_in_paths_and_before_others_and_parts_again(
    lenient_world: World,
) -> None:
    world = lenient_world
    await settle(world.app.database, world.guild.id)
    here = world.guild.id
    for step in ("Gardens 2", "Gardens 4", "Gardens 6"):
        if step == "Gardens 2":
            await ask(world, world.moderator, "path new", title="Seeds")
        await ask(world, world.moderator, "path add", path="Seeds", resource=step)
    await ask(world, world.moderator, "path before", first="Gardens 4", then="Gardens 8")

    async def seen() -> tuple[str, tuple[tuple[int, ...], ...], dict[int, frozenset[int]]]:
        async with world.app.database.read() as conn:
            chains = await paths_of.chains(conn, here)
            needs = await prerequisites.of(conn, here)
        text = texts_of(await ask(world, world.alice, "path show", path="Seeds"))
        return text, chains, needs

    before = await seen()
    await ask(world, world.moderator, "resource merge", resource="Gardens 4", into="Gardens 10")
    text, chains, needs = await seen()
    assert "2. Gardens 10" in text and "Gardens 4" not in text
    assert len(chains[0]) == 3 and chains != before[1]
    assert list(needs.values()) == [frozenset({chains[0][1]})]
    await ask(world, world.moderator, "path add", path="Seeds", resource="Gardens 10", place=3)
    assert "3. Gardens 10" in (await seen())[0] and len((await seen())[1][0]) == 3
    await ask(world, world.moderator, "path remove", path="Seeds", resource="Gardens 10")
    await ask(world, world.moderator, "resource part", resource="Gardens 4")
    assert (await seen())[2] == before[2]
    await ask(world, world.moderator, "path add", path="Seeds", resource="Gardens 4", place=2)
    await ask(world, world.moderator, "resource merge", resource="Gardens 4", into="Gardens 2")
    assert len((await seen())[1][0]) == 2  # a step once
    await ask(world, world.moderator, "resource part", resource="Gardens 4")
    assert await seen() == before
