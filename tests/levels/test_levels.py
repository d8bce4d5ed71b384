"""Levels in the simulator: notices, roles, the queue, and their problems."""

from typing import Any

import pytest

from bot.app import make_jobs
from bot.levels import rules, views
from storage import ledger, levels
from storage.records import LedgerEntry
from tests.discord_sim import (
    World,
    button_id,
    buttons_of,
    lift_role,
    limit_bot,
    member_roles,
    set_locale,
    staff_channel,
    texts_of,
)

LEVEL = {1: 2_000, 2: 5_100, 3: 9_500}
"""Hundredths that reach a level."""
numbers = iter(range(1, 100_000))


async def pay(world: World, member: Any, amount: int, kind: str = "award") -> None:
    now = world.env.now().timestamp()
    entry = LedgerEntry(
        guild_id=world.guild.id,
        user_id=member.id,
        kind=kind,
        amount=amount,
        source_id=next(numbers),
        rule_set=0,
        day=20260302,
        earned_at=now,
        recorded_at=now,
    )
    await world.app.database.write(lambda conn: ledger.append(conn, entry))


async def tick(world: World, times: int = 1) -> None:
    (job,) = [j for j in make_jobs(world.app, world.client) if j.name == "levels"]
    for _ in range(times):
        await job.run(world.env.now())
        await world.env.settle()


async def tell(world: World, where: str = "channel", channel: Any = None) -> None:
    options = {"channel": channel or world.channel} if where == "channel" else {}
    await world.moderator.slash(world.channel, "levels notices", where=where, **options)
    await tick(world)


async def reward(world: World, role: Any, level: int = 1, **options: Any) -> Any:
    return await world.moderator.slash(
        world.channel, "levels reward", role=role, level=level, **options
    )


def said(channel: Any) -> list[str]:
    """Return what the bot said in a channel of its own accord."""
    shown = [texts_of(m) for m in channel.history()]
    return [text for text in shown if "reached level" in text or "moderator notice" in text]


async def test_nothing_is_told_or_kept_where_nobody_asked_for_it(world: World) -> None:
    await pay(world, world.alice, LEVEL[3])
    await tick(world, 2)
    assert said(world.channel) == []
    async with world.app.database.read() as conn:
        assert await levels.known(conn, world.guild.id, [world.alice.id]) == {}


async def test_who_rises_is_told_of_once_and_pings_nobody(world: World) -> None:
    await pay(world, world.bob, LEVEL[2])
    await tell(world)
    assert said(world.channel) == []  # bob rose before anybody wanted to know
    await pay(world, world.alice, LEVEL[1])
    await pay(world, world.bob, LEVEL[3] - LEVEL[2])
    await tick(world)
    await world.restart()
    await tick(world, 2)
    (news,) = said(world.channel)
    assert f"🎉 <@{world.alice.id}> reached level **1**." in news
    assert f"<@{world.bob.id}> reached level **3**" in news
    (sent,) = [r.json for r in world.env.http_requests if "reached level" in str(r.json)]
    assert sent["allowed_mentions"] == {"parse": []}
    assert sent["enforce_nonce"]


async def test_the_channel_is_where_the_member_was_active(world: World) -> None:
    await tell(world, "same")
    other = world.guild.create_text_channel("other")
    await pay(world, world.alice, LEVEL[1] - 100)
    await tick(world)
    await world.alice.send(other, "what a helpful thing to say")
    await tick(world)
    assert len(said(other)) == 1
    assert said(world.channel) == []


async def test_a_burst_is_one_message_of_ten_names(world: World) -> None:
    await tell(world)
    for n in range(14):
        await pay(world, world.person(f"p{n}"), LEVEL[1])
    await tick(world)
    (news,) = said(world.channel)
    assert news.count("reached level") == 10
    assert "and 4 more members levelled up" in news


async def test_points_brought_along_are_no_news(world: World) -> None:
    await tell(world)
    await pay(world, world.alice, LEVEL[3], kind="opening")
    await tick(world)
    assert said(world.channel) == []


async def test_a_notice_that_did_not_arrive_is_sent_again_with_its_nonce(world: World) -> None:
    await tell(world)
    await pay(world, world.alice, LEVEL[1])
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("POST", path, status=500, code=0, times=1)
    await tick(world)
    assert said(world.channel) == []
    async with world.app.database.read() as conn:
        (kept,) = await levels.notices(conn)
    await pay(world, world.bob, LEVEL[1])
    await world.restart()
    await tick(world)
    tried = [r.json for r in world.env.http_requests if "reached level" in str(r.json)]
    lost, again, other = sorted(tried, key=lambda each: str(world.bob.id) in str(each))
    assert lost == again
    assert again["nonce"] == kept.nonce != other["nonce"]
    assert len(said(world.channel)) == 2


async def test_stale_news_is_dropped(world: World) -> None:
    await tell(world)
    await pay(world, world.alice, LEVEL[1])
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("POST", path, status=500, code=0, times=1)
    await tick(world)
    await world.env.advance_time(2 * rules.NOTICE_FOR_S)
    await tick(world)
    assert said(world.channel) == []


async def test_a_closed_channel_is_not_asked_again_and_told_once(world: World) -> None:
    quiet, staff = world.guild.create_text_channel("quiet"), staff_channel(world)
    await tell(world, channel=quiet)
    await world.moderator.slash(world.channel, "levels staff", channel=staff)
    world.env.inject_error(
        "POST", f"/channels/{quiet.id}/messages", status=403, code=50013, times=1
    )
    for member in (world.alice, world.bob):
        await pay(world, member, LEVEL[1])
        await tick(world)
    news = said(staff)
    assert len(news) == 1
    assert "I can't post in the channel" in news[0]


async def test_a_role_is_given_at_its_level_and_taken_below_it(world: World) -> None:
    role = world.guild.create_role("Regular")
    await pay(world, world.bob, LEVEL[1])
    shown = await reward(world, role)
    assert f"Level 1: <@&{role.id}>" in texts_of(shown.response)
    await pay(world, world.alice, LEVEL[1])
    await tick(world, 2)
    assert role.id in member_roles(world, world.alice)
    assert role.id in member_roles(world, world.bob)  # who had the level already
    await pay(world, world.alice, -100, kind="deduct")
    await tick(world)
    assert role.id not in member_roles(world, world.alice)
    await pay(world, world.alice, 100)
    await tick(world)
    assert role.id in member_roles(world, world.alice)


async def test_a_message_taken_back_takes_its_level_and_role_back(world: World) -> None:
    role = world.guild.create_role("Regular")
    await reward(world, role)
    await pay(world, world.alice, LEVEL[1] - 100)
    message = await world.alice.send(world.channel, "what a helpful thing to say")
    await tick(world)
    assert role.id in member_roles(world, world.alice)
    await world.alice.delete(message)
    await tick(world)
    assert role.id not in member_roles(world, world.alice)


async def test_who_has_a_role_keeps_it_when_no_level_gives_it_any_more(
    lenient_world: World,
) -> None:
    world = lenient_world
    role = world.guild.create_role("Regular")
    await reward(world, role)
    await pay(world, world.alice, LEVEL[1])
    await tick(world)
    await world.moderator.slash(world.channel, "levels remove-reward", role=role)
    await pay(world, world.alice, -LEVEL[1], kind="deduct")
    await tick(world)
    assert role.id in member_roles(world, world.alice)
    again = await world.moderator.slash(world.channel, "levels remove-reward", role=role)
    assert "No level gives that role" in texts_of(again.response)


async def test_a_changed_curve_moves_levels_and_roles_without_a_word(world: World) -> None:
    role = world.guild.create_role("Regular")
    await reward(world, role)
    await tell(world)
    await pay(world, world.alice, LEVEL[1])
    await tick(world)
    n_told = len(said(world.channel))
    async with world.app.database.read() as conn:
        _, ruleset = await world.app.services.points.rules_in_force(conn, world.guild.id)
    slower = type(ruleset)(levels=type(ruleset.levels)("mee6", 100))
    await world.app.database.write(
        lambda conn: world.app.services.points.publish(
            conn, world.guild.id, slower, actor_id=world.moderator.id, reason="slower"
        )
    )
    await tick(world)
    assert role.id not in member_roles(world, world.alice)
    assert len(said(world.channel)) == n_told


async def test_a_role_that_cannot_be_given_is_told_once_and_goes_on_when_mended(
    world: World,
) -> None:
    staff = staff_channel(world)
    role = world.guild.create_role("Regular")
    await reward(world, role)
    await world.moderator.slash(world.channel, "levels staff", channel=staff)
    await limit_bot(world, manage_roles=False)
    await pay(world, world.alice, LEVEL[1])
    before = len(world.env.http_requests)
    await tick(world, 3)
    asked = [r for r in world.env.http_requests[before:] if "/roles/" in r.path]
    assert asked == []
    (news,) = said(staff)
    assert "I lack the Manage Roles" in news
    view = texts_of((await world.moderator.slash(world.channel, "levels view")).response)
    assert "I lack the Manage Roles" in view
    await limit_bot(world, manage_roles=True)
    await tick(world)
    assert role.id in member_roles(world, world.alice)
    view = texts_of((await world.moderator.slash(world.channel, "levels view")).response)
    assert "⚠️" not in view


async def test_a_refusal_is_remembered_and_not_tried_again(world: World) -> None:
    role = world.guild.create_role("Regular")
    await reward(world, role)
    path = f"/guilds/{world.guild.id}/members/*/roles/*"
    world.env.inject_error("PUT", path, status=403, code=60003, times=1)
    for member in (world.alice, world.bob):
        await pay(world, member, LEVEL[1])
    await tick(world, 4)
    asked = [r for r in world.env.http_requests if "/roles/" in r.path]
    assert len(asked) == 1
    assert role.id not in member_roles(world, world.alice)
    await reward(world, role)
    await tick(world)
    assert role.id in member_roles(world, world.alice)


async def test_a_role_above_the_bots_is_refused_with_the_fix(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Owners")
    await world.env.settle()
    await lift_role(world, role)
    shown = texts_of((await reward(world, role)).response)
    assert f"<@&{role.id}> is above my highest role" in shown
    set_locale(world.moderator, "zh-CN")
    assert "排在我的最高身份组之上" in texts_of((await reward(world, role)).response)
    async with world.app.database.read() as conn:
        assert await levels.rewards(conn, world.guild.id) == []


async def waiting(world: World) -> tuple[Any, Any]:
    staff = staff_channel(world)
    role = world.guild.create_role("Expert")
    await reward(world, role, confirm=True)
    await world.moderator.slash(world.channel, "levels staff", channel=staff)
    await pay(world, world.alice, LEVEL[1])
    await tick(world, 2)
    return staff, role


async def test_a_role_that_matters_waits_for_a_moderator_both_ways(world: World) -> None:
    staff, role = await waiting(world)
    assert role.id not in member_roles(world, world.alice)
    (news,) = said(staff)
    assert "1 member is waiting" in news
    await world.restart()
    posted = next(m for m in staff.history() if buttons_of(m))
    opened = await world.moderator.click(posted, custom_id="levels:queue")
    assert opened.ephemeral
    assert f"<@{world.alice.id}> reached level 1 and qualifies for <@&{role.id}>" in texts_of(
        opened.response
    )
    yes = button_id(opened.response, views.DECIDE_TEMPLATE)
    after = await world.moderator.click(opened.response, custom_id=yes)
    assert "No level role is waiting" in texts_of(after.response)
    assert role.id in member_roles(world, world.alice)
    await pay(world, world.alice, -100, kind="deduct")
    await tick(world)
    assert role.id in member_roles(world, world.alice)
    opened = await world.moderator.slash(world.channel, "levels queue")
    assert "fell below level 1" in texts_of(opened.response)
    yes = button_id(opened.response, views.DECIDE_TEMPLATE)
    await world.moderator.click(opened.response, custom_id=yes)
    assert role.id not in member_roles(world, world.alice)


async def test_a_moderator_may_say_no_and_is_not_asked_again(world: World) -> None:
    _, role = await waiting(world)
    opened = await world.moderator.slash(world.channel, "levels queue")
    no = [b.custom_id for b in buttons_of(opened.response)][1]
    assert no.startswith("levels:no:")
    await world.moderator.click(opened.response, custom_id=no)
    await pay(world, world.alice, 100)
    await tick(world)
    opened = await world.moderator.slash(world.channel, "levels queue")
    assert "No level role is waiting" in texts_of(opened.response)
    assert role.id not in member_roles(world, world.alice)


async def test_only_moderators_decide_and_only_once(lenient_world: World) -> None:
    world = lenient_world
    _, role = await waiting(world)
    opened = await world.moderator.slash(world.channel, "levels queue")
    yes, no = [b.custom_id for b in buttons_of(opened.response)]
    service = world.app.services.levels
    assert (
        await service.decisions.decide(world.guild.id, 1, int(no.split(":")[2]), is_yes=False)
        is not None
    )
    await world.moderator.click(opened.response, custom_id=yes)
    assert role.id not in member_roles(world, world.alice)
    for command in world.env.backend.commands[None].values():
        command["default_member_permissions"] = None
    refused = await world.alice.slash(world.channel, "levels queue")
    assert "Manage Server" in texts_of(refused.response)


@pytest.mark.parametrize(("locale", "word"), [("en-US", "nowhere"), ("zh-CN", "不提醒")])
async def test_settings_are_shown_in_the_moderators_language(
    world: World, locale: str, word: str
) -> None:
    set_locale(world.moderator, locale)
    shown = await world.moderator.slash(world.channel, "levels view")
    assert shown.ephemeral
    assert word in texts_of(shown.response)


async def test_a_channel_must_be_named_and_open(lenient_world: World) -> None:
    world = lenient_world
    result = await world.moderator.slash(world.channel, "levels notices", where="channel")
    assert "Choose a channel as well" in texts_of(result.response)


async def test_who_left_is_forgotten_without_a_failure(world: World) -> None:
    role = world.guild.create_role("Regular")
    await reward(world, role)
    await pay(world, type("Gone", (), {"id": 987654321}), LEVEL[1])
    await tick(world, 2)
    async with world.app.database.read() as conn:
        assert await levels.grants_of(conn, world.guild.id, [987654321]) == []


async def test_a_large_guild_is_swept_in_pieces(world: World) -> None:
    role = world.guild.create_role("Regular")
    now = world.env.now().timestamp()
    n = rules.BATCH * 2 + 10

    async def fill(conn: Any) -> None:
        for number in range(n):
            entry = LedgerEntry(
                guild_id=world.guild.id,
                user_id=10_000 + number,
                kind="award",
                amount=100,
                source_id=number,
                rule_set=0,
                day=20260302,
                earned_at=now,
                recorded_at=now,
            )
            await ledger.append(conn, entry)

    await world.app.database.write(fill)
    await reward(world, role, level=5)
    await tick(world)
    async with world.app.database.read() as conn:
        everybody = range(10_000, 10_000 + n)
        assert len(await levels.known(conn, world.guild.id, everybody)) == n
        settings = await levels.settings(conn, world.guild.id)
    assert settings is not None
    assert settings.sweep_from is None
