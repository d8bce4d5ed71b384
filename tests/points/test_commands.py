from typing import Any

import pytest
import simcord

from bot.points import views
from storage import ledger, members
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


async def set_rule(world: World, rule: str, field: str, value: str, reason: str = "because") -> Any:
    return await world.moderator.slash(
        world.channel, "rules set", rule=rule, field=field, value=value, reason=reason
    )


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


async def test_moderators_see_the_rules_in_words(world: World) -> None:
    result = await world.moderator.slash(world.channel, "rules list")
    shown = texts_of(result.response)
    assert result.ephemeral
    assert "version 0" in shown
    assert "**Helpful reaction received**" in shown
    assert "seconds between two: 60" in shown
    assert "minimum length: 2 (a short sentence)" in shown
    assert "daily cap in points: 100" in shown
    assert "counts towards the daily cap: yes" in shown
    assert "nobody has changed them yet" in shown
    set_locale(world.moderator, "zh-CN")
    shown = texts_of((await world.moderator.slash(world.channel, "rules list")).response)
    assert "收到“有帮助”的表情" in shown
    assert "最短长度" in shown


async def test_a_moderator_changes_a_rule_and_sees_before_and_after(world: World) -> None:
    result = await set_rule(world, "message", "points", "2.5", reason="more *talk*")
    shown = texts_of(result.response)
    assert "version 1" in shown
    assert "Message · points: 1 → **2.5**" in shown
    assert "already earned stays" in shown
    listed = texts_of((await world.moderator.slash(world.channel, "rules list")).response)
    assert "· points: 2.5" in listed
    assert f"Changed by <@{world.moderator.id}>" in listed
    assert r"more \*talk\*" in listed
    async with world.app.database.read() as conn:
        (row,) = await members.audit_rows(conn, world.guild.id)
        assert row.actor_id == world.moderator.id
        assert row.details["reason"] == "more *talk*"
        assert (await ledger.rule_set(conn, world.guild.id)) is not None


async def test_a_rule_may_be_typed_by_its_name_in_ones_language(world: World) -> None:
    set_locale(world.moderator, "zh-CN")
    result = await set_rule(world, "收到“有帮助”的表情", "“有帮助”的表情", "🙏💡", reason="精简")
    shown = texts_of(result.response)
    assert "第 1 版" in shown
    assert "→ **🙏 💡**" in shown


async def test_rules_and_their_fields_are_suggested(world: World) -> None:
    async def suggested(option: str, typed: str, **options: Any) -> list[tuple[str, str]]:
        choices = await world.moderator.autocomplete(
            world.channel, "rules set", option, typed, **options
        )
        return [(choice["name"], choice["value"]) for choice in choices]

    assert ("Message", "message") in await suggested("rule", "")
    assert await suggested("rule", "help") == [("Helpful reaction received", "helpful")]
    fields = await suggested("field", "", rule="general")
    assert fields == [
        ("daily cap in points (100)", "daily_cap"),
        ("hours before thanks the other way pay (24)", "lock_h"),
        ("time zone of a day (–)", "zone"),
        ("points a moderator gives and takes in 24 hours (500)", "by_hand"),
    ]
    assert await suggested("field", "", rule="nonsense") == []
    set_locale(world.moderator, "zh-CN")
    assert await suggested("rule", "发言") == [("发言", "message")]


async def test_a_bad_value_is_refused_with_the_bounds(lenient_world: World) -> None:
    world = lenient_world

    async def refused(rule: str, field: str, value: str) -> str:
        result = await set_rule(world, rule, field, value)
        assert result.ephemeral
        return texts_of(result.response)

    assert "from 0 to 1,000" in await refused("message", "points", "lots")
    assert "seconds from 0 to 86,400" in await refused("reply", "cooldown_s", "-1")
    assert "from 0 to 100" in await refused("helpful", "pair_per_day", "101")
    assert "1 to 20 emoji" in await refused("helpful", "emoji", "nice")
    assert "yes or no" in await refused("message", "is_capped", "maybe")
    assert "no such rule" in await refused("nonsense", "points", "1")
    assert "no such field" in await refused("general", "points", "1")
    assert "already" in await refused("message", "points", "1")
    set_locale(world.moderator, "zh-CN")
    assert "请填 0 到 365 之间的整数天" in await refused("helpful", "pair_days", "900")
    assert (await world.app.services.points.published(world.guild.id)).version == 0


async def test_members_do_not_see_the_moderators_commands(world: World) -> None:
    for command in ("rules list", "rules set"):
        with pytest.raises(simcord.SetupError):
            await world.alice.slash(world.channel, command)


async def test_members_whom_the_server_lets_in_are_still_refused(lenient_world: World) -> None:
    world = lenient_world
    for command in world.env.backend.commands[None].values():
        command["default_member_permissions"] = None
    listed = await world.alice.slash(world.channel, "rules list")
    assert "Manage Server" in texts_of(listed.response)
    change = {"rule": "message", "field": "points", "value": "1000", "reason": "me"}
    changed = await world.alice.slash(world.channel, "rules set", **change)
    assert "Manage Server" in texts_of(changed.response)
    assert (await world.app.services.points.published(world.guild.id)).version == 0
