from typing import Any

from bot.points import views
from storage import members
from storage.records import Event, EventKind, Guild
from tests.discord_sim import World, button_id, buttons_of, set_locale, texts_of

LONG = "what a helpful thing to say"


async def earn(world: World, member: Any, n: int = 1, first_id: int = 1_000) -> None:
    """Let the member write `n` paid messages, one a minute, up to now."""
    now = world.env.now().timestamp()
    await world.app.services.activity.record(
        [
            Event(
                world.guild.id,
                first_id + member.id % 1_000 * 1_000 + i,
                EventKind.MESSAGE,
                member.id,
                now - 60.0 * i,
                length_class=2,
            )
            for i in range(n)
        ]
    )


async def points(world: World, who: Any, **options: Any) -> str:
    return texts_of((await who.slash(world.channel, "points", **options)).response)


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
    assert "**−0.2** · helpful reaction gone, taken back" in shown
    await world.alice.delete(written)
    shown = await points(world, world.alice)
    assert "0 points" in shown
    assert "message deleted, taken back" in shown


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
    assert "今天：2 / 100 积分" in shown
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
    await world.alice.click(opened.response, custom_id="points:hide:account")
    mine = await world.alice.slash(world.channel, "points")
    assert "You stay off the boards" in texts_of(mine.response)
    assert "3 points" in texts_of(mine.response)
    others = await points(world, world.bob, member=world.alice)
    assert "keeps their points private" in others
    assert "3" not in others.replace(str(world.alice.id), "")
    assert str(world.alice.id) not in texts_of(
        (await world.bob.slash(world.channel, "leaderboard")).response
    )
    await world.alice.click(mine.response, custom_id="points:show:account")
    assert "Rank **#1**" in await points(world, world.alice)


async def test_the_account_changes_where_the_button_was_pressed(world: World) -> None:
    opened = await world.alice.slash(world.channel, "points")
    pressed = await world.alice.click(opened.response, custom_id="points:hide:account")
    ids = [b.custom_id for b in buttons_of(pressed.response)]
    assert ids == ["points:why:1", "points:show:account"]


async def test_an_empty_board_says_so(world: World) -> None:
    result = await world.alice.slash(world.channel, "leaderboard")
    assert result.ephemeral
    assert "Nobody has earned points" in texts_of(result.response)
    set_locale(world.alice, "zh-CN")
    result = await world.alice.slash(world.channel, "leaderboard", period="week")
    assert "本周" in texts_of(result.response)
    assert "还没有人获得积分" in texts_of(result.response)


async def test_a_board_shows_ten_and_ones_own_place_beyond_them(world: World) -> None:
    for n in range(11):
        await earn(world, world.person(f"p{n}"), 12 - n)
    await earn(world, world.alice)
    result = await world.alice.slash(world.channel, "leaderboard", period="week")
    shown = texts_of(result.response)
    assert "this week" in shown
    assert f"🥇 <@{world.person('p0').id}> · 6.24 points" in shown
    assert f"**10** <@{world.person('p9').id}> · 3 points" in shown
    assert str(world.person("p10").id) not in shown
    assert "You: **#12** with 1 point" in shown


async def test_periods_are_told_apart(world: World) -> None:
    await earn(world, world.alice)
    await world.env.advance_time(8 * 86_400)
    await earn(world, world.bob)
    week = await world.alice.slash(world.channel, "leaderboard", period="week")
    month = await world.alice.slash(world.channel, "leaderboard", period="month")
    assert f"<@{world.alice.id}>" not in texts_of(week.response)
    assert "You have no points in this period yet." in texts_of(week.response)
    assert f"<@{world.alice.id}>" in texts_of(month.response)
    assert "all time" in texts_of(
        (await world.alice.slash(world.channel, "leaderboard", period="all")).response
    )


async def test_a_shared_board_is_public_in_the_guilds_language_and_pings_nobody(
    world: World,
) -> None:
    await world.app.database.write(
        lambda conn: members.save_guild(conn, Guild(world.guild.id, language="zh-CN"))
    )
    await earn(world, world.alice)
    result = await world.bob.slash(world.channel, "leaderboard", share=True)
    shown = texts_of(result.response)
    assert not result.ephemeral
    assert "排行榜" in shown
    assert "你：" not in shown
    sent = next(r for r in reversed(world.env.http_requests) if "callback" in r.path)
    assert sent.json["data"]["allowed_mentions"]["parse"] == []


async def test_anybody_may_hide_from_a_shared_board_without_the_channel_knowing(
    world: World,
) -> None:
    await earn(world, world.alice)
    shared = await world.bob.slash(world.channel, "leaderboard", share=True)
    await world.restart()
    pressed = await world.alice.click(
        shared.response, custom_id=button_id(shared.response, views.BOARDS_TEMPLATE)
    )
    assert pressed.ephemeral
    assert "no longer show your points" in texts_of(pressed.response)
    undone = await world.alice.click(pressed.response, custom_id="points:show:notice")
    assert "you are on the boards again" in texts_of(undone.response)
    board = await world.bob.slash(world.channel, "leaderboard")
    assert f"<@{world.alice.id}>" in texts_of(board.response)
