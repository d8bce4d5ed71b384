"""What was earned is re-scored where a moderator chooses so, and taken back."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.rewards import calendar, fields
from storage import audit, consistency, ledger, rescores
from storage.records import Event, EventKind, Rescore
from tests.discord_sim import World, button_id, buttons_of, set_locale, texts_of
from tests.points.deliveries import PLAIN, go_by
from tests.rulebook.test_commands import change

RESCORE = r"rulebook:rescore:.*"
UNDO = r"rulebook:undo:.*"
DAY_S = 86_400


async def wrote(world: World, member: Any, n: int, first_id: int) -> None:
    """Let a member write `n` messages worth paying, one an hour, up to now."""
    now = world.env.now().timestamp()
    await world.app.services.activity.record(
        [
            Event(
                guild_id=world.guild.id,
                source_id=first_id + i,
                kind=EventKind.MESSAGE,
                user_id=member.id,
                occurred_at=now - 3_600.0 * (n - i),
                channel_id=world.channel.id,
                length_class=2,
            )
            for i in range(n)
        ]
    )


def day(world: World, ago: int = 0) -> str:
    at = world.env.now().timestamp() - ago * DAY_S
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


async def earned(world: World, member: Any) -> int:
    async with world.app.database.read() as conn:
        assert await consistency.problems(conn) == []
        return await ledger.earned(conn, world.guild.id, member.id)


async def decided(world: World) -> list[Rescore]:
    async with world.app.database.read() as conn:
        return await rescores.of_guild(conn, world.guild.id)


async def community(world: World) -> None:
    """Let two members earn something three weeks ago, and one of them lately."""
    await wrote(world, world.alice, 3, 1_000)
    await world.env.advance_time(20 * DAY_S)
    await wrote(world, world.alice, 2, 2_000)
    await wrote(world, world.bob, 4, 3_000)
    await change(world, "message", "points", {"value": "3"})


@pytest.fixture
async def world(world: World) -> World:
    await go_by(world.app.database, PLAIN, world.guild.id)
    return world


async def test_a_moderator_publishes_and_rescores_and_takes_it_back(world: World) -> None:
    await community(world)
    before = await earned(world, world.alice), await earned(world, world.bob)
    since = day(world, 5)
    shown = await world.moderator.slash(world.channel, "rules publish", **{"rescore-since": since})
    text = texts_of(shown.response)
    assert shown.ephemeral
    assert f"What re-scoring since {since} would change" in text
    assert (
        "**6 entries** of 2 members would change: 2 gain, 0 lose, **+11** points in total" in text
    )
    assert "Message: 5.5 → **16.5**" in text
    assert "6 events since then scored under the draft" in text
    (attached,) = shown.response.attachments
    assert (await attached.read()).startswith(b"\x89PNG")
    assert (await earned(world, world.alice), await earned(world, world.bob)) == before
    assert await decided(world) == []

    form = await world.moderator.click(shown.response, custom_id=button_id(shown.response, RESCORE))
    done = await world.moderator.submit_modal(form, {"reason": "messages were worth too little"})
    text = texts_of(done.response)
    assert "Version 1 is published and in force since" in text
    assert f"Re-scored since {since}: 6 entries of 2 members changed, +11 points in total" in text
    assert await earned(world, world.alice) == before[0] + 400
    assert await earned(world, world.bob) == before[1] + 700

    why = texts_of((await world.bob.slash(world.channel, "points", why=True)).response)
    assert "**+7** · 4 entries re-scored since <t:" in why
    assert why.count("re-scored") == 1
    assert "Reason: messages were worth too little" in why

    history = await world.moderator.slash(world.channel, "rules history")
    text = texts_of(history.response)
    assert "↻ re-scored since <t:" in text
    assert f"<@{world.moderator.id}>): 6 entries of 2 members, +11 points" in text
    await world.restart()
    form = await world.moderator.click(
        history.response, custom_id=button_id(history.response, UNDO)
    )
    undone = await world.moderator.submit_modal(form, {"reason": "that was a mistake"})
    assert f"The re-score since {since} is undone: 6 entries are as before" in texts_of(
        undone.response
    )
    assert (await earned(world, world.alice), await earned(world, world.bob)) == before
    why = texts_of((await world.bob.slash(world.channel, "points", why=True)).response)
    assert "**−7** · re-score since <t:" in why and "undone: 4 entries as before" in why
    assert "**+7** · 4 entries re-scored since <t:" in why
    history = await world.moderator.slash(world.channel, "rules history")
    text = texts_of(history.response)
    assert "undone (<t:" in text and "that was a mistake" in text
    assert not any(
        (b.custom_id or "").startswith("rulebook:undo") for b in buttons_of(history.response)
    )
    async with world.app.database.read() as conn:
        rows = await audit.rows(conn, world.guild.id)
    assert [row.action for row in rows] == [
        "rules.rescore.undo",
        "rules.rescore",
        "rules.publish",
        "rules.draft",
    ]


async def test_a_re_score_names_what_every_version_that_decided_differs_in(world: World) -> None:
    async def set_now(rule: str, name: str, written: str) -> None:
        field = fields.field_of(rule, name)
        book = world.app.services.rulebook.publishing
        await book.set_value(world.guild.id, world.moderator.id, field, written, "a try")

    await wrote(world, world.alice, 3, 1_000)
    await set_now("message", "points", "2")
    await world.env.advance_time(5 * DAY_S)
    await set_now("message", "cooldown_s", "30")
    await world.env.advance_time(5 * DAY_S)
    await wrote(world, world.alice, 3, 2_000)
    await set_now("message", "points", "1")
    await world.env.advance_time(60)
    await change(world, "message", "per_day", {"value": "9"})

    async def previewed(ago: int) -> str:
        since = {"rescore-since": day(world, ago)}
        return texts_of(
            (await world.moderator.slash(world.channel, "rules preview", **since)).response
        )

    own = "Message · max times a day: 20 → **9**"
    cooldown = "Message · cooldown (seconds): 60 → **30**"
    points = ["Message · points: 2 → **1**", "Message · points: 1 → **1**"]
    told = await previewed(2)
    assert (
        "Version 2 decided in that time, too. Compared with it, the re-score also counts:" in told
    )
    assert own in told and points[0] in told and cooldown not in told
    told = await previewed(10)
    assert "Versions 2, 1, 0 decided in that time, too." in told
    assert told.count(own) == told.count(points[0]) == told.count(cooldown) == 1
    assert points[1] not in told
    set_locale(world.moderator, "zh-CN")
    assert "这段时间里还有积分是按第 2, 1, 0 版计的" in await previewed(10)


async def test_a_re_score_of_one_version_names_its_own_difference_only(world: World) -> None:
    await community(world)
    since = {"rescore-since": day(world, 5)}
    shown = await world.moderator.slash(world.channel, "rules preview", **since)
    assert "decided in that time, too" not in texts_of(shown.response)


async def test_rescoring_is_told_in_chinese(world: World) -> None:
    await community(world)
    for person in (world.moderator, world.bob):
        set_locale(person, "zh-CN")
    asked = await world.moderator.slash(world.channel, "rules publish")
    assert "重算已获得的积分……" in texts_of(asked.response)
    form = await world.moderator.click(asked.response, custom_id="rulebook:since")
    shown = await world.moderator.submit_modal(form, {"day": day(world, 5)})
    text = texts_of(shown.response)
    assert f"从 {day(world, 5)} 起重算会带来的变化" in text
    assert "2 位成员的 **6 笔积分**会变化：2 人增加，0 人减少，合计 **+11** 积分" in text
    form = await world.moderator.click(shown.response, custom_id=button_id(shown.response, RESCORE))
    done = await world.moderator.submit_modal(form, {"reason": "发言分太少"})
    assert "第 1 版已发布，即刻生效" in texts_of(done.response)
    assert "2 位成员的 6 笔积分有变化" in texts_of(done.response)
    why = texts_of((await world.bob.slash(world.channel, "points", why=True)).response)
    assert "起重算了 4 笔积分" in why
    history = await world.moderator.slash(world.channel, "rules history")
    form = await world.moderator.click(
        history.response, custom_id=button_id(history.response, UNDO)
    )
    undone = await world.moderator.submit_modal(form, {"reason": "弄错了"})
    assert "的重算已撤销：6 笔积分恢复原样" in texts_of(undone.response)


async def test_days_out_of_bounds_are_refused_with_the_bounds(lenient_world: World) -> None:
    world = lenient_world
    await change(world, "message", "points", {"value": "3"})

    async def refused(written: str) -> str:
        shown = await world.moderator.slash(
            world.channel, "rules preview", **{"rescore-since": written}
        )
        assert not any(
            (b.custom_id or "").startswith("rulebook:rescore") for b in buttons_of(shown.response)
        )
        return texts_of(shown.response)

    assert "Nothing has been recorded here yet" in await refused(day(world))
    await wrote(world, world.alice, 1, 1_000)
    first = day(world)
    assert f"Enter a day from {first} to {first}" in await refused("soon")
    assert "at most 90 days back" in await refused(day(world, 2))
    await world.env.advance_time(100 * DAY_S)
    assert f"Enter a day from {day(world, 90)} to {day(world)}" in await refused(day(world, 91))
    assert "not before the first recorded event" in await refused(day(world, -1))
    assert "No points earned since" in await refused(day(world, 90))


async def test_days_are_suggested_within_the_bounds(world: World) -> None:
    async def suggested() -> list[tuple[str, str]]:
        found = await world.moderator.autocomplete(
            world.channel, "rules publish", "rescore-since", ""
        )
        return [(choice["name"], choice["value"]) for choice in found]

    assert await suggested() == []
    await wrote(world, world.alice, 1, 1_000)
    await world.env.advance_time(10 * DAY_S)
    assert await suggested() == [
        (f"{day(world)} (today)", day(world)),
        (f"{day(world, 7)} (7 days ago)", day(world, 7)),
    ]


async def test_what_was_previewed_is_what_is_published(lenient_world: World) -> None:
    world = lenient_world
    await community(world)
    shown = await world.moderator.slash(
        world.channel, "rules preview", **{"rescore-since": day(world, 5)}
    )
    await change(world, "message", "points", {"value": "4"})
    pressed = await world.moderator.click(
        shown.response, custom_id=button_id(shown.response, RESCORE)
    )
    assert "This is no longer the draft" in texts_of(pressed.response)


async def test_a_count_that_a_restart_interrupted_is_gone_on_with_by_the_job(world: World) -> None:
    await community(world)
    before = await earned(world, world.bob)
    book = world.app.services.rulebook
    stamp = (await book.drafts.draft(world.guild.id)).stamp
    since = calendar.day_start(day(world, 5), "UTC")
    made = await book.publishing.publish(world.guild.id, 7, stamp, "fairer", since=since)
    await world.env.advance_time(7_200)
    await wrote(world, world.bob, 1, 9_000)
    history = texts_of((await world.moderator.slash(world.channel, "rules history")).response)
    assert "re-scoring since" in history
    assert await earned(world, world.bob) == before  # what happens now waits
    assert made.rescore is not None
    await world.app.services.points.go_on()
    assert await earned(world, world.bob) == before + 700 + 150
    assert (await decided(world))[0].finished_at is not None


async def test_nobody_is_told_of_a_level_that_a_count_brought(world: World) -> None:
    await world.moderator.slash(world.channel, "levels notices", where="same")
    await world.app.services.levels.following.follow()
    await community(world)
    await change(world, "message", "points", {"value": "900"})
    await change(world, "general", "daily_cap", {"value": "9000"})
    await world.app.services.levels.following.follow()
    book = world.app.services.rulebook
    stamp = (await book.drafts.draft(world.guild.id)).stamp
    since = calendar.day_start(day(world, 5), "UTC")
    made = await book.publishing.publish(world.guild.id, 7, stamp, "fairer", since=since)
    await world.env.advance_time(7_200)
    await wrote(world, world.bob, 1, 9_000)
    assert made.rescore is not None
    await world.app.services.points.go_on()
    assert await earned(world, world.bob) > 100_000
    told = len(world.channel.history())
    await world.app.services.levels.following.follow()
    async with world.app.database.read() as conn:
        rows = await conn.exec_driver_sql("SELECT count(*) FROM level_notices")
        assert rows.scalar_one() == 0
    assert len(world.channel.history()) == told
