"""`/leaderboard` in the simulator: the picture, its words, and who may not attach files."""

from io import BytesIO
from typing import Any

import discord
import pytest
from PIL import Image

from bot.boards import views
from storage import ledger, members
from storage.records import Guild, LedgerEntry
from tests.discord_sim import (
    World,
    button_id,
    buttons_of,
    limit_bot,
    set_locale,
    texts_of,
)
from tests.points.deliveries import PLAIN, go_by
from tests.points.test_commands import earn


async def board(world: World, who: Any, **options: Any) -> str:
    return texts_of((await who.slash(world.channel, "leaderboard", **options)).response)


async def png_size(result: Any) -> tuple[int, int]:
    (attachment,) = result.response.attachments
    assert attachment.filename == "leaderboard.png"
    return Image.open(BytesIO(await attachment.read())).size


async def forbid_files(world: World) -> None:
    """Let nobody attach files, neither members nor the bot."""
    everyone = world.guild.default_role._role
    allowed = discord.Permissions(int(everyone.permissions))
    allowed.update(attach_files=False)
    changed = {"permissions": allowed.value}
    world.env.backend.edit_role(world.guild.id, everyone.id, changed)
    await limit_bot(world, attach_files=False)


@pytest.fixture
async def world(world: World) -> World:
    await go_by(world.app.database, PLAIN, world.guild.id)
    return world


async def test_an_empty_board_says_so(world: World) -> None:
    result = await world.alice.slash(world.channel, "leaderboard")
    assert result.ephemeral
    assert result.response.attachments == []
    assert "Nobody has earned points" in texts_of(result.response)
    set_locale(world.alice, "zh-CN")
    shown = await board(world, world.alice, period="week")
    assert "本周" in shown
    assert "还没有人获得积分" in shown


async def test_a_board_is_a_picture_that_says_in_words_what_it_shows(world: World) -> None:
    await earn(world, world.alice, 2)
    await earn(world, world.bob)
    result = await world.alice.slash(world.channel, "leaderboard")
    assert await png_size(result) == (1120, 2 * (72 + 2 * 48 + 10))
    shown = texts_of(result.response)
    assert "Leaderboard · this week\n1. Alice, 2 points\n2. 鲍勃, 1 point" in shown
    assert "You: **#1** with 2 points" in shown
    (attachment,) = result.response.attachments
    assert attachment.description == "Leaderboard · this week\n1. Alice, 2 points\n2. 鲍勃, 1 point"


async def test_a_board_shows_ten_and_the_places_around_ones_own(world: World) -> None:
    for n in range(14):
        await pay(world, world.person(f"p{n}").id, (15 - n) * 100)
    await pay(world, world.alice.id, 100)
    result = await world.alice.slash(world.channel, "leaderboard", period="week")
    shown = texts_of(result.response)
    assert "1. p0, 15 points" in shown
    assert "10. p9, 6 points\n13. p12, 3 points\n14. p13, 2 points\n15. Alice, 1 point" in shown
    assert "p10" not in shown
    assert "You: **#15** with 1 point" in shown


async def test_the_board_comes_as_text_where_files_may_not_be_attached(world: World) -> None:
    await earn(world, world.alice, 2)
    await forbid_files(world)
    result = await world.alice.slash(world.channel, "leaderboard")
    assert result.response.attachments == []
    shown = texts_of(result.response)
    assert "🥇 Alice · 2 points" in shown
    assert "You: **#1** with 2 points" in shown
    assert [b.custom_id for b in buttons_of(result.response)] == ["boards:hide:board"]


async def test_who_sees_no_pictures_reads_the_board_after_a_restart_too(world: World) -> None:
    await earn(world, world.alice, 2)
    shared = await world.bob.slash(world.channel, "leaderboard", share=True)
    await world.restart()
    set_locale(world.bob, "zh-CN")
    pressed = await world.bob.click(
        shared.response, custom_id=button_id(shared.response, views.TEXT_TEMPLATE)
    )
    assert pressed.ephemeral
    assert "🥇 Alice · 2 积分" in texts_of(pressed.response)
    assert "这段时间你还没有积分" in texts_of(pressed.response)


async def test_periods_are_told_apart(world: World) -> None:
    await earn(world, world.alice)
    await world.env.advance_time(8 * 86_400)
    await earn(world, world.bob)
    week = await board(world, world.alice, period="week")
    assert "Alice" not in week
    assert "You have no points in this period yet." in week
    assert "1. Alice, 1 point\n2. 鲍勃" in await board(world, world.alice, period="month")
    assert "all time" in await board(world, world.alice, period="all")
    assert "1. 鲍勃, 1 point\n2. Alice, 0.45 points" in await board(
        world, world.alice, period="lately"
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
    assert "排行榜 · 本周\n1. Alice，1 积分" in shown
    assert "你：" not in shown
    (sent,) = [r.json for r in world.env.http_requests if "boards:hide" in str(r.json)]
    assert sent["allowed_mentions"] == {"parse": []}


async def test_a_shared_board_says_nothing_of_who_shared_it(world: World) -> None:
    for n in range(14):
        await pay(world, world.person(f"p{n}").id, (15 - n) * 100)
    await pay(world, world.alice.id, 100)
    result = await world.alice.slash(world.channel, "leaderboard", period="week", share=True)
    (attachment,) = result.response.attachments
    for shown in (texts_of(result.response), str(attachment.description)):
        assert "10. p9, 6 points" in shown
        assert not any(of_alice in shown for of_alice in ("Alice", "p12", "p13", "11.", "15."))
    own = await world.alice.slash(world.channel, "leaderboard", period="week")
    assert (await png_size(result))[1] < (await png_size(own))[1]
    await forbid_files(world)
    in_words = await board(world, world.alice, period="week", share=True)
    assert "p9 · 6 points" in in_words
    assert not any(of_alice in in_words for of_alice in ("Alice", "p12", "You:"))


async def test_anybody_may_hide_from_a_shared_board_without_the_channel_knowing(
    world: World,
) -> None:
    await earn(world, world.alice)
    shared = await world.bob.slash(world.channel, "leaderboard", share=True)
    await world.restart()
    pressed = await world.alice.click(
        shared.response, custom_id=button_id(shared.response, views.SHOW_TEMPLATE)
    )
    assert pressed.ephemeral
    assert "your points no longer show" in texts_of(pressed.response)
    assert "You're hidden from leaderboards" in await board(world, world.alice)
    undone = await world.alice.click(pressed.response, custom_id="boards:show:notice")
    assert "you're on the leaderboards again" in texts_of(undone.response)
    assert "Alice" in await board(world, world.bob)


async def pay(world: World, user_id: int, amount: int) -> None:
    now = world.env.now().timestamp()
    entry = LedgerEntry(
        guild_id=world.guild.id,
        user_id=user_id,
        kind="award",
        amount=amount,
        source_id=user_id,
        rule_set=0,
        day=20260302,
        earned_at=now,
        recorded_at=now,
    )
    await world.app.database.write(lambda conn: ledger.append(conn, entry))


@pytest.mark.parametrize(
    ("locale", "line"), [("en-US", "1. a former member, 5"), ("zh-CN", "1. 已退出的成员，5")]
)
async def test_who_left_has_a_stand_in_and_no_id(world: World, locale: str, line: str) -> None:
    await pay(world, 987654321012345678, 500)
    await pay(world, world.alice.id, 300)
    set_locale(world.alice, locale)
    shown = await board(world, world.alice)
    assert line in shown
    assert "987654321012345678" not in shown


async def test_names_are_asked_for_in_one_question_where_the_cache_knows_nobody(
    world: World,
) -> None:
    for n in range(3):
        await pay(world, world.person(f"p{n}").id, (3 - n) * 100)
    guild = world.client.get_guild(world.guild.id)
    assert guild is not None
    guild._members.clear()
    assert "1. p0, 3 points\n2. p1, 2 points\n3. p2, 1 point" in await board(world, world.alice)


async def test_a_name_cannot_act_as_markdown_in_the_text_board(world: World) -> None:
    rogue = world.guild.add_member(
        world.env.create_user("rogue", global_name="**[x](http://a.b)** @everyone")
    )
    await earn(world, rogue)
    await forbid_files(world)
    shown = await board(world, world.alice)
    assert r"\*\*" in shown
    assert "@everyone" not in shown
