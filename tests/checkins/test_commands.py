"""Checking in through the simulated Discord: once a day, with a streak."""

import asyncio
from typing import Any

from sqlalchemy import select

from storage import ledger, members
from storage.records import Guild
from storage.schema import metadata
from tests.discord_sim import World, set_locale, texts_of

DAY_S = 86_400
NOTE = "read about lifetimes and wrote two examples"


async def check_in(world: World, member: Any, note: str = NOTE) -> tuple[str, str]:
    """Return what the channel and what the member reads."""
    result = await member.slash(world.channel, "checkin", note=note)
    more = "\n".join(texts_of(each) for each in result.followups)
    return texts_of(result.response), more


async def test_a_check_in_is_public_and_pays_two(world: World) -> None:
    result = await world.alice.slash(world.channel, "checkin", note=NOTE)
    assert not result.ephemeral
    line = texts_of(result.response)
    assert f"<@{world.alice.id}> checked in · day 1" in line
    assert f"> {NOTE}" in line
    told = result.followups[0]
    assert "Checked in: 2 points." in texts_of(told)
    assert "Streak: 1 day" in texts_of(told)
    assert "2 freezes left" in texts_of(told)
    account = await world.app.services.points.standing(world.guild.id, world.alice.id)
    assert account.amount == 200
    (earned,) = account.entries
    assert (earned.entry.kind, earned.entry.event_id is not None) == ("checkin", True)


async def test_the_note_is_stored_nowhere(world: World) -> None:
    await check_in(world, world.alice, "xyzzy is what I learned today")
    async with world.app.database.read() as conn:
        for table in metadata.sorted_tables:
            for row in await conn.execute(select(table)):
                assert "xyzzy" not in str(tuple(row)), table.name


async def test_a_note_cannot_ping_or_hide_a_link(world: World) -> None:
    line, _ = await check_in(world, world.alice, "thanks @everyone, see [this](https://evil.test)")
    assert "@everyone" not in line
    assert "](http" not in line
    sent = [r.json for r in world.env.http_requests if "callback" in r.path][-1]
    assert sent["data"]["allowed_mentions"]["parse"] == []


async def test_once_a_day_by_the_servers_clock(lenient_world: World) -> None:
    world = lenient_world
    await world.app.database.write(
        lambda conn: members.save_guild(conn, Guild(world.guild.id, time_zone="Asia/Shanghai"))
    )
    await check_in(world, world.alice)
    line, _ = await check_in(world, world.alice)
    assert "You've already checked in today" in line
    assert "<t:1772467200:R>" in line  # midnight in Shanghai
    await world.env.advance_time(7 * 3_600)
    line, _ = await check_in(world, world.alice)
    assert "2 days in a row" in line


async def test_ten_at_once_are_one(lenient_world: World) -> None:
    world = lenient_world
    service = world.app.services.checkins
    done = await asyncio.gather(
        *(
            service.check_in(
                world.guild.id, world.alice.id, NOTE, source_id=n, channel_id=world.channel.id
            )
            for n in range(1, 11)
        ),
        return_exceptions=True,
    )
    assert sum(not isinstance(each, Exception) for each in done) == 1
    async with world.app.database.read() as conn:
        assert await ledger.balance(conn, world.guild.id, world.alice.id) == 200


async def test_a_note_must_say_something_in_any_script(lenient_world: World) -> None:
    world = lenient_world
    line, _ = await check_in(world, world.alice, "ok!!!!!!!!!")
    assert "Say a little more" in line
    set_locale(world.alice, "zh-CN")
    line, _ = await check_in(world, world.alice, "嗯嗯")
    assert "内容太短了" in line
    line, told = await check_in(world, world.alice, "读完第三章")
    assert "📗" in line
    assert "打卡成功，获得 2 积分。" in told


async def test_missed_days_are_covered_while_freezes_last(world: World) -> None:
    await check_in(world, world.alice)
    await world.env.advance_time(2 * DAY_S)
    line, told = await check_in(world, world.alice)
    assert "2 days in a row" in line
    assert "A freeze covered the day you missed." in told
    assert "1 freeze left this month" in told
    await world.env.advance_time(2 * DAY_S)
    line, told = await check_in(world, world.alice)
    assert "3 days in a row 🔥" in line
    assert "No freezes left" in told
    await world.env.advance_time(2 * DAY_S)
    line, told = await check_in(world, world.alice)
    assert "day 1" in line
    assert "check-ins in total: 4" in told


async def test_the_line_is_in_the_servers_language_and_the_receipt_in_the_members(
    world: World,
) -> None:
    await world.app.database.write(
        lambda conn: members.save_guild(conn, Guild(world.guild.id, language="zh-CN"))
    )
    line, told = await check_in(world, world.alice)
    assert "打卡 · 第 1 天" in line
    assert "Checked in: 2 points." in told


async def test_who_is_not_tracked_is_told_so(lenient_world: World) -> None:
    world = lenient_world
    await world.app.database.write(
        lambda conn: members.change_member(
            conn, world.guild.id, world.alice.id, 0.0, is_tracked=False
        )
    )
    line, _ = await check_in(world, world.alice)
    assert "Tracking is off for you" in line
