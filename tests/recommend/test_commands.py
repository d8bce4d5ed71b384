"""Recommendations as members see them, through the simulator."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
import simcord
from sqlalchemy import select

from bot.ids import choice
from bot.recommend.arrays import numbers
from storage import catalog, deeds, members, snapshots
from storage.records import EventKind
from storage.schema import impressions
from storage.schema import snapshots as snapshots_table
from tests.discord_sim import START, World, button_id, buttons_of, set_locale, texts_of
from tests.recommend.community import Community, act, break_refits, settle

NOW = START.timestamp()
_fits: list[Any] = []
"""The first test's refit; the community is the same in every test, so its model is, too."""
TITLE = re.compile(r"### (\w+ \d+)")


@pytest.fixture
async def community(world: World) -> Community:
    return await settle(world.app.database, world.guild.id)


@pytest.fixture
async def fitted(world: World, community: Community) -> Community:
    """The community after its first refit; Alice likes rockets, Bob gardens."""
    database, guild_id = world.app.database, world.guild.id
    if not _fits:
        await world.app.services.recommend.models.refit(guild_id, seed=1)
        async with database.read() as conn:
            _fits.append(await snapshots.live(conn, guild_id))
    else:
        again = replace(_fits[0], guild_id=guild_id)
        await database.write(lambda conn: snapshots.store(conn, again))
    alice, bob = world.alice.id, world.bob.id
    await act(database, guild_id, alice, EventKind.SAVE, community.rockets[:4], NOW - 600)
    await act(
        database,
        guild_id,
        bob,
        EventKind.OPEN,
        community.gardens[:5],
        NOW - 600,
        first_source=2 * 10**15,
    )
    return community


async def ask(world: World, who: Any, command: str = "recommend", **options: Any) -> Any:
    return (await who.slash(world.channel, command, **options)).response


def titles(message: Any) -> list[str]:
    return TITLE.findall(texts_of(message))


def footer(message: Any) -> str:
    return texts_of(message).splitlines()[-1]


async def rows(world: World, table: Any) -> list[Any]:
    async with world.app.database.read() as conn:
        return list(await conn.execute(select(table)))


async def kinds_of(world: World, who: Any) -> list[EventKind]:
    async with world.app.database.read() as conn:
        done = await deeds.of(conn, world.guild.id, who.id)
    return [deed.kind for deed in done if deed.occurred_at >= NOW - 1]


async def test_two_members_with_different_tastes_are_shown_different_things(
    world: World, fitted: Community
) -> None:
    for_alice, for_bob = await ask(world, world.alice), await ask(world, world.bob)
    assert len(titles(for_alice)) == len(titles(for_bob)) == 5
    assert sum(title.startswith("Rockets") for title in titles(for_alice)) >= 4
    assert sum(title.startswith("Gardens") for title in titles(for_bob)) >= 4


async def test_a_card_says_which_saved_title_it_rests_on(world: World, fitted: Community) -> None:
    shown = texts_of(await ask(world, world.alice))
    named = re.findall(r"Because you saved “(Rockets \d+)”", shown)
    assert named
    assert set(named) <= {f"Rockets {number}" for number in (1, 3, 5, 7)}


async def test_the_answer_is_ephemeral_and_logs_what_it_showed(
    world: World, fitted: Community
) -> None:
    result = await world.alice.slash(world.channel, "recommend")
    assert result.ephemeral and len(result.followups) == 2  # the cards, then the question
    logged = await rows(world, impressions)
    assert [row.position for row in logged] == [1, 2, 3, 4, 5]
    assert {(row.surface, row.arm, row.user_id) for row in logged} == {
        ("recommend", "model", world.alice.id)
    }
    (snapshot,) = await rows(world, snapshots_table)
    assert {row.snapshot_id for row in logged} == {snapshot.snapshot_id}


async def test_an_open_in_between_changes_the_next_answer(world: World, fitted: Community) -> None:
    first = await ask(world, world.alice)
    await world.alice.click(first, custom_id=button_id(first, r"card:open:\d+"))
    second = await ask(world, world.alice)
    assert titles(first)[0] not in titles(second)
    assert titles(first) != titles(second)


async def test_a_newcomer_turns_personal_with_their_first_deed(
    world: World, fitted: Community
) -> None:
    newcomer = world.person("newcomer")
    first = await ask(world, newcomer)
    assert "I don't know your taste yet" in footer(first)
    await act(
        world.app.database,
        world.guild.id,
        newcomer.id,
        EventKind.SAVE,
        fitted.gardens[3:6],
        NOW,
        first_source=3 * 10**15,
    )
    second = await ask(world, newcomer)
    assert "taste" not in footer(second)
    assert sum(title.startswith("Gardens") for title in titles(second)) >= 4


async def test_what_is_seen_dismissed_own_or_locked_is_never_shown(
    world: World, fitted: Community
) -> None:
    database, guild_id, alice = world.app.database, world.guild.id, world.alice.id
    left = fitted.rockets[-3:]
    rest = [i for i in fitted.everything if i not in left and i not in fitted.rockets[:4]]
    half = len(rest) // 2
    await act(database, guild_id, alice, EventKind.OPEN, rest[:half], NOW, first_source=4 * 10**15)
    await act(
        database, guild_id, alice, EventKind.DISMISS, rest[half:], NOW, first_source=5 * 10**15
    )
    async with database.read() as conn:
        known = await catalog.by_ids(conn, guild_id, left)
    own, locked, open_one = (known[i] for i in left)
    for changed in (replace(own, added_by=alice), replace(locked, role_id=4_242)):
        await database.write(partial(catalog.change, resource=changed, url_key=changed.url))
    assert titles(await ask(world, world.alice)) == [open_one.title]
    await act(database, guild_id, alice, EventKind.OPEN, [left[2]], NOW, first_source=6 * 10**15)
    assert "You've seen everything" in texts_of(await ask(world, world.alice))


async def test_what_is_dismissed_is_not_shown_again_until_that_is_undone(
    world: World, fitted: Community
) -> None:
    message = await ask(world, world.alice)
    first, dismiss = titles(message)[0], button_id(message, r"card:dismiss:\d+")
    shrunk = (await world.alice.click(message, custom_id=dismiss)).response or message
    assert first not in titles(await ask(world, world.alice, topic=first))
    await world.alice.click(shrunk, custom_id=button_id(shrunk, r"card:undo:\d+"))
    assert first in titles(await ask(world, world.alice, topic=first))


async def test_a_button_shows_others_for_the_same_question(world: World, fitted: Community) -> None:
    message = await ask(world, world.alice, topic="gardens", kind="article")
    others = button_id(message, "recommend:others:article:gardens")
    pressed = (await world.alice.click(message, custom_id=others)).response
    assert pressed is not None and not set(titles(pressed)) & set(titles(message))
    assert all(title.startswith("Gardens") for title in titles(pressed))
    assert "“gardens”" in texts_of(pressed)


async def test_asking_again_brings_other_cards_and_an_act_is_taken_up(
    world: World, fitted: Community
) -> None:
    shown = [await ask(world, world.alice) for _ in range(3)]
    first, second, third = (set(titles(message)) for message in shown)
    assert not first & second and not third & (first | second)
    await world.alice.click(shown[2], custom_id=button_id(shown[2], r"card:save:\d+"))
    saved = titles(shown[2])[0]
    following = texts_of(await ask(world, world.alice))
    assert 1 <= following.count(f"“{saved}”") <= 2


async def test_a_topic_and_a_kind_narrow_the_answer(world: World, fitted: Community) -> None:
    on_topic = await ask(world, world.alice, topic="gardens")
    assert "“gardens”" in texts_of(on_topic)
    assert all(title.startswith("Gardens") for title in titles(on_topic))
    assert "Matches the topic you asked for" in texts_of(on_topic)
    in_chinese = await ask(world, world.alice, topic="火箭")
    assert titles(in_chinese) and all(t.startswith("Rockets") for t in titles(in_chinese))
    courses = await ask(world, world.alice, kind="course")
    assert len(titles(courses)) == 5 and texts_of(courses).count("-# course ·") == 5
    none = texts_of(await ask(world, world.alice, topic="submarines"))
    assert "“submarines”" in none and "`rockets`" in none


async def test_topics_and_titles_are_completed(world: World, fitted: Community) -> None:
    found = await world.alice.autocomplete(world.channel, "recommend", "topic", "ROCK")
    assert [choice["value"] for choice in found] == ["rockets"]
    found = await world.alice.autocomplete(world.channel, "similar", "resource", "Gardens 2")
    assert found[0]["name"] == "Gardens 2" and found[0]["value"].startswith("id:")


async def test_similar_finds_what_the_same_members_want(world: World, fitted: Community) -> None:
    shown = await ask(world, world.alice, "similar", resource=choice(fitted.gardens[0]))
    assert "Similar to “Gardens 0”" in texts_of(shown)
    assert len(titles(shown)) == 5 and "Gardens 0" not in titles(shown)
    assert all(title.startswith("Gardens") for title in titles(shown))
    by_title = await ask(world, world.alice, "similar", resource="gardens 0")
    assert titles(by_title) == titles(shown)
    assert {row.surface for row in await rows(world, impressions)} == {"similar"}


async def test_without_a_model_similar_goes_by_tags(world: World, community: Community) -> None:
    shown = await ask(world, world.alice, "similar", resource=choice(community.rockets[0]))
    assert len(titles(shown)) == 5
    assert all(title.startswith("Rockets") for title in titles(shown))
    assert {row.arm for row in await rows(world, impressions)} == {"tags"}


async def test_an_unknown_resource_is_refused_in_one_sentence(lenient_world: World) -> None:
    for value in ("nothing like it", "123456", "9" * 30, "٣"):
        answer = texts_of(await ask(lenient_world, lenient_world.alice, "similar", resource=value))
        assert answer.startswith("I don't know that resource")


async def test_an_empty_catalogue_says_what_to_do(world: World) -> None:
    assert "/resource add" in texts_of(await ask(world, world.alice))
    set_locale(world.alice, "zh-CN")
    assert "这里还没有可以推荐的内容" in texts_of(await ask(world, world.alice))


async def test_answers_speak_chinese(world: World, fitted: Community) -> None:
    set_locale(world.alice, "zh-CN")
    message = await ask(world, world.alice)
    assert "为你推荐" in texts_of(message) and "因为你收藏过《Rockets" in texts_of(message)
    set_locale(world.moderator, "zh-CN")
    status = await world.moderator.slash(world.channel, "model status")
    assert "当前模型启用于" in texts_of(status.response)
    assert "优于按热度推荐" in texts_of(status.response)


async def test_a_member_who_is_not_tracked_is_answered_and_leaves_no_trace(
    lenient_world: World,
) -> None:
    world = lenient_world
    await settle(world.app.database, world.guild.id)
    await world.app.database.write(
        lambda conn: members.change_member(
            conn, world.guild.id, world.alice.id, NOW, is_tracked=False
        )
    )
    message = await ask(world, world.alice)
    assert len(titles(message)) == 5
    assert all(b.url and b.label == "Open" for b in buttons_of(message))
    assert await rows(world, impressions) == []
    assert await kinds_of(world, world.alice) == []


async def test_moderators_refit_and_read_how_it_went(world: World, community: Community) -> None:
    status = await world.moderator.slash(world.channel, "model status")
    assert "No model yet" in texts_of(status.response)
    result = await world.moderator.slash(world.channel, "model refit")
    assert result.ephemeral and "The new model is live" in texts_of(result.response)
    assert "in its top ten" in texts_of(result.response)
    status = await world.moderator.slash(world.channel, "model status")
    shown = texts_of(status.response)
    assert "680 actions by 40 members on 60 resources" in shown
    assert "better than popularity" in shown


async def test_a_failed_refit_says_so_and_the_old_model_serves(
    world: World, fitted: Community
) -> None:
    await break_refits(world.app.database)
    result = await world.moderator.slash(world.channel, "model refit")
    assert "Training failed" in texts_of(result.response)
    status = texts_of((await world.moderator.slash(world.channel, "model status")).response)
    assert "A model went live" in status and "training failed:" in status and "no room" in status
    assert sum(t.startswith("Rockets") for t in titles(await ask(world, world.alice))) >= 4


async def test_too_little_activity_is_said_in_words(world: World) -> None:
    result = await world.moderator.slash(world.channel, "model refit")
    assert "Nothing changes" in texts_of(result.response)
    assert "too little activity" in texts_of(result.response)


async def test_only_moderators_see_the_model(lenient_world: World) -> None:
    for command in ("model status", "model refit"):
        with pytest.raises((simcord.SetupError, AssertionError)):
            result = await lenient_world.alice.slash(lenient_world.channel, command)
            assert "Manage Server" not in texts_of(result.response)


def test_ids_beyond_a_float_survive() -> None:
    assert numbers("1234567890123456789", np.int64).tolist() == [1_234_567_890_123_456_789]
