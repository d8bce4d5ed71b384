from typing import Any

import pytest

from storage.records import Event, EventKind
from tests.discord_sim import World, buttons_of, set_locale, texts_of
from tests.points.deliveries import PLAIN, go_by

LONG = "what a helpful thing to say"


async def earn(world: World, member: Any, n: int = 1, first_id: int = 1_000) -> None:
    """Let the member write `n` paid messages, one a minute, up to now."""
    now = world.env.now().timestamp()
    await world.app.services.activity.record(
        [
            Event(
                guild_id=world.guild.id,
                source_id=first_id + member.id % 1_000 * 1_000 + i,
                kind=EventKind.MESSAGE,
                user_id=member.id,
                occurred_at=now - 60.0 * i,
                length_class=2,
            )
            for i in range(n)
        ]
    )


async def points(world: World, who: Any, **options: Any) -> str:
    return texts_of((await who.slash(world.channel, "points", **options)).response)


@pytest.fixture
async def world(world: World) -> World:
    await go_by(world.app.database, PLAIN, world.guild.id)
    return world


async def test_a_newcomer_is_told_how_points_are_earned(world: World) -> None:
    result = await world.alice.slash(world.channel, "points")
    shown = texts_of(result.response)
    assert result.ephemeral
    assert "0 points" in shown
    assert "Level 0" in shown
    assert "20 points to level 1" in shown
    assert "No points yet" in shown
    assert "👍" in shown


async def test_a_member_sees_balance_level_rank_today_and_last_entries(world: World) -> None:
    await earn(world, world.alice, 7)
    shown = await points(world, world.alice)
    assert "4.83 points" in shown
    assert "Rank **#1**" in shown
    assert "Today: 4.83 of at most 100" in shown
    assert shown.count("**+1** · a message") == 1
    assert shown.count("**+0.5** · a message") == 3
    assert shown.count("**+0.33** · a message") == 1
    assert "▰▰▱" in shown


async def test_one_point_is_said_in_the_singular(world: World) -> None:
    await earn(world, world.alice)
    assert "1 point\n" in await points(world, world.alice)


async def test_what_members_do_on_discord_earns_and_loses_points(world: World) -> None:
    written = await world.alice.send(world.channel, LONG)
    await world.bob.react(written, "👍")
    shown = await points(world, world.alice)
    assert "1.2 points" in shown
    assert "**+0.2** · a helpful reaction" in shown  # Bob has only just come
    await world.bob.unreact(written, "👍")
    shown = await points(world, world.alice)
    assert "1 point\n" in shown
    assert "**−0.2** · helpful reaction removed, points taken back" in shown
    await world.alice.delete(written)
    shown = await points(world, world.alice)
    assert "0 points" in shown
    assert "message deleted, points taken back" in shown


async def test_replies_in_somebody_elses_thread_earn_two(world: World) -> None:
    thread = world.env.backend.create_thread(world.channel.id, "Lifetimes", world.alice.id)
    await world.env.settle()
    world.env.backend.create_message(thread.id, world.bob.id, LONG)
    world.env.backend.create_message(thread.id, world.alice.id, "thank you, now I understand it")
    await world.env.settle()
    assert "**+2** · a reply in a thread" in await points(world, world.bob)
    assert "**+1** · a message" in await points(world, world.alice)


async def test_points_are_shown_in_chinese(world: World) -> None:
    await earn(world, world.alice, 2)
    set_locale(world.alice, "zh-CN")
    shown = await points(world, world.alice)
    assert "2 积分" in shown
    assert "距 1 级还差 18 积分" in shown
    assert "总榜第 **1** 名" in shown
    assert "今日积分：2，上限 100" in shown
    assert "**+1** · 发言" in shown


async def test_somebody_elses_points_are_balance_level_and_rank_only(world: World) -> None:
    await earn(world, world.alice, 3)
    shown = await points(world, world.bob, member=world.alice)
    assert f"<@{world.alice.id}>: 3 points" in shown
    assert "Level 0" in shown
    assert "Rank **#1**" in shown
    assert "Today" not in shown
    assert "message" not in shown
    assert "Today" in await points(world, world.bob, member=world.bob)


async def test_a_bot_has_no_points(lenient_world: World) -> None:
    world = lenient_world
    bot = world.guild.add_member(world.env.create_user("robot", bot=True))
    shown = await points(world, world.alice, member=bot)
    assert "Bots earn no points" in shown


async def test_hiding_keeps_points_to_oneself_and_can_be_undone(world: World) -> None:
    await earn(world, world.alice, 3)
    opened = await world.alice.slash(world.channel, "points")
    await world.restart()
    await world.alice.click(opened.response, custom_id="points:hide")
    mine = await world.alice.slash(world.channel, "points")
    assert "You're hidden from leaderboards" in texts_of(mine.response)
    assert "3 points" in texts_of(mine.response)
    others = await points(world, world.bob, member=world.alice)
    assert "keeps their points private" in others
    assert "3" not in others.replace(str(world.alice.id), "")
    assert str(world.alice.id) not in texts_of(
        (await world.bob.slash(world.channel, "leaderboard")).response
    )
    await world.alice.click(mine.response, custom_id="points:show")
    assert "Rank **#1**" in await points(world, world.alice)


async def test_the_account_changes_where_the_button_was_pressed(world: World) -> None:
    opened = await world.alice.slash(world.channel, "points")
    pressed = await world.alice.click(opened.response, custom_id="points:hide")
    ids = [b.custom_id for b in buttons_of(pressed.response)]
    assert ids == ["points:why:1", "points:show"]
