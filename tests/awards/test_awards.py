"""Points by hand: limited, audited, undone exactly."""

import asyncio
from typing import Any

import pytest
import simcord

from bot.awards import rules
from bot.awards.rules import Case
from bot.errors import UserError
from storage import audit, consistency, ledger, members
from tests.discord_sim import World, button_id, set_locale, texts_of
from tests.test_access import give_roles

UNDO = r"awards:undo:\d+"


async def hand(world: World, command: str, points: float, **options: Any) -> Any:
    given = {"member": world.alice, "reason": "for *testing*"} | options
    return await world.moderator.slash(world.channel, command, points=points, **given)


async def account(world: World, member: Any) -> tuple[float, float]:
    found = await world.app.services.points.standing(world.guild.id, member.id)
    return found.amount / 100, found.spendable / 100


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({}, None),
        ({"user_id": 1}, "self"),
        ({"used": 49_901}, "daily"),
        ({"used": 49_900}, None),
        ({"amount": -100, "used": 49_901}, "daily"),
        ({"amount": -101, "earned": 100}, "too-much"),
        ({"amount": -100, "earned": 100}, None),
    ],
)
def test_who_may_give_how_much(changes: dict[str, int], key: str | None) -> None:
    facts = {"actor_id": 1, "user_id": 2, "amount": 100, "earned": 0, "used": 0, "daily": 50_000}
    found = rules.refusal(Case(**(facts | changes)))
    assert (found[0] if found else None) == (f"error-awards-{key}" if key else None)


async def test_an_award_counts_for_level_and_wallet_and_says_why(world: World) -> None:
    result = await hand(world, "award", 12.5)
    shown = texts_of(result.response)
    assert result.ephemeral
    assert f"<@{world.alice.id}> got 12.5 points: for \\*testing\\*" in shown
    assert "In the last 24 hours you have given and taken 12.5 points (limit 500)" in shown
    assert await account(world, world.alice) == (12.5, 12.5)
    async with world.app.database.read() as conn:
        (row,) = await audit.rows(conn, world.guild.id)
        (entry,) = await ledger.history(conn, world.guild.id, world.alice.id, 5)
    assert (row.action, row.actor_id) == ("points.award", world.moderator.id)
    assert row.details == {"amount": 1_250, "reason": "for *testing*"}
    assert row.about == (world.alice.id,)
    assert str(world.alice.id) not in str(row.details)
    assert (entry.kind, entry.actor_id, entry.reason) == (
        "award",
        world.moderator.id,
        "for *testing*",
    )


async def test_undo_takes_it_back_exactly_and_once_after_a_restart(lenient_world: World) -> None:
    world = lenient_world
    result = await hand(world, "award", 12.5)
    custom_id = button_id(result.response, UNDO)
    await world.restart()
    undone = await world.moderator.click(result.response, custom_id=custom_id)
    assert "Undone: 12.5 points taken back" in texts_of(undone.response)
    assert await account(world, world.alice) == (0, 0)
    entry_id = int(custom_id.rpartition(":")[2])
    with pytest.raises(UserError):
        await world.app.services.awards.undo(world.guild.id, world.moderator.id, entry_id)
    async with world.app.database.read() as conn:
        assert await consistency.differences(conn) == []


async def test_points_are_taken_and_given_back_in_chinese(world: World) -> None:
    await hand(world, "award", 10)
    set_locale(world.moderator, "zh-CN")
    result = await hand(world, "deduct", 4, reason="重复刷屏")
    assert f"已扣除 <@{world.alice.id}> 的 4 积分：重复刷屏" in texts_of(result.response)
    assert await account(world, world.alice) == (6, 6)
    undone = await world.moderator.click(
        result.response, custom_id=button_id(result.response, UNDO)
    )
    assert "4 积分 已还给" in texts_of(undone.response)
    assert await account(world, world.alice) == (10, 10)


async def test_an_award_may_be_said_in_the_channel_and_pings_nobody(world: World) -> None:
    result = await hand(world, "award", 3, share=True)
    public = result.followups[0]
    assert f"<@{world.moderator.id}> gave <@{world.alice.id}> 3 points" in texts_of(public)
    assert "Undo" not in texts_of(public)
    sent = [r.json for r in world.env.http_requests if r.json and "🎉" in str(r.json)]
    assert [each["allowed_mentions"]["parse"] for each in sent] == [[]]


async def test_an_award_to_who_hides_is_not_said_in_the_channel(world: World) -> None:
    await world.app.services.points.show_on_boards(world.guild.id, world.alice.id, False)
    result = await hand(world, "award", 3, share=True)
    assert all(message.ephemeral for message in result.followups)
    assert f"Not announced in the channel: <@{world.alice.id}>" in texts_of(result.response)
    assert await account(world, world.alice) == (3, 3)
    assert "Not announced" not in texts_of((await hand(world, "award", 3)).response)


async def test_what_is_refused_says_why_and_changes_nothing(lenient_world: World) -> None:
    world = lenient_world
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))

    async def said(command: str, points: float, **options: Any) -> str:
        return texts_of((await hand(world, command, points, **options)).response)

    assert "give points to yourself" in await said("award", 1, member=world.moderator)
    assert "Bots earn no points" in await said("award", 1, member=robot)
    assert "500 points in 24 hours; you have 500 left" in await said("award", 500.01)
    assert "earned only 0 points" in await said("deduct", 1)
    await world.app.database.write(
        lambda conn: members.change_member(
            conn, world.guild.id, world.bob.id, 0.0, is_tracked=False
        )
    )
    assert "turned tracking off" in await said("award", 1, member=world.bob)
    assert await account(world, world.alice) == (0, 0)


async def test_the_limit_holds_at_once_and_ends_with_the_day(world: World) -> None:
    service = world.app.services.awards
    guild_id, actor_id, user_id = world.guild.id, world.moderator.id, world.alice.id

    async def give(source_id: int) -> Any:
        return await service.give(guild_id, actor_id, user_id, 100, "x", source_id=source_id)

    done = await asyncio.gather(*map(give, range(1, 11)), return_exceptions=True)
    assert sum(isinstance(each, UserError) for each in done) == 5
    assert await account(world, world.alice) == (500, 500)
    await world.env.advance_time(86_401)
    await give(11)
    assert await account(world, world.alice) == (600, 600)


async def test_the_limit_is_a_rule_of_the_server(lenient_world: World) -> None:
    world = lenient_world
    change = {"rule": "general", "field": "by_hand", "value": "20", "reason": "careful"}
    await world.moderator.slash(world.channel, "rules set", **change)
    refused = await hand(world, "award", 20.01)
    assert "20 points in 24 hours; you have 20 left" in texts_of(refused.response)
    given = await hand(world, "award", 20)
    assert "limit 20" in texts_of(given.response)


async def test_only_moderators_reach_it(lenient_world: World) -> None:
    world = lenient_world
    for command in ("award", "deduct"):
        with pytest.raises(simcord.SetupError):
            await world.alice.slash(world.channel, command, member=world.bob, points=1, reason="x")
    result = await hand(world, "award", 1)
    give_roles(world, world.moderator)
    pressed = await world.moderator.click(
        result.response, custom_id=button_id(result.response, UNDO)
    )
    assert "Manage Server" in texts_of(pressed.response)
    assert await account(world, world.alice) == (1, 1)
