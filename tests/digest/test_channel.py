"""The digest of a channel: the server's best once a week, once, and nobody who does not want it."""

import asyncio
from datetime import timedelta
from typing import Any

import discord
import pytest
from sqlalchemy import insert, select, update

from bot.dates import DAY_S
from bot.digest import channel_views
from bot.digest.channel_delivery import ChannelDigestsRun
from bot.digest.composition import ITEMS_MAX
from bot.digest.roundup import Helper, Liked, compose
from bot.roles import DiscordRoles
from storage import catalog, members
from storage.connection import Connection
from storage.database import Database
from storage.records import EventKind, Guild, Resource
from storage.schema import channel_letters, events, question_answers, questions
from tests.digest.conftest import make_post_services
from tests.digest.fakes import FakeClock
from tests.discord_sim import World, button_id, set_locale, texts_of

ASKER = 900


def liked(*counts: int) -> list[Liked]:
    return [Liked(number, n) for number, n in enumerate(counts, start=1)]


def test_what_too_few_members_found_useful_says_something_of_them() -> None:
    shown = compose(liked(2, 9, 3, 3, 4), [], liked(3, 3), [])
    assert [one.resource_id for one in shown.useful] == [2, 5, 3]
    assert [one.resource_id for one in shown.picks] == [1]


def test_nothing_stands_twice_and_seven_items_are_the_most() -> None:
    shown = compose(liked(9, 9, 9, 9), list(range(9)), liked(9, 9), [])
    assert not {one.resource_id for one in shown.useful} & {one.resource_id for one in shown.picks}
    assert shown.n_items <= ITEMS_MAX
    assert shown.is_worth_posting
    assert not compose(liked(9), [1], [], []).is_worth_posting


def test_who_is_not_on_boards_is_never_named() -> None:
    helpers = [Helper(1, 1, 1), Helper(2, 5, 5), Helper(3, 4, 0), Helper(4, 1, 0)]
    assert compose([], [], [], helpers, private={2}).thanked == (1, 3, 4)


def runner(world: World) -> ChannelDigestsRun:
    return ChannelDigestsRun(
        service=world.app.services.digest.channel,
        client=world.client,
        speaker=world.app.speaker,
        roles=DiscordRoles(world.client),
    )


async def tick(world: World, **later: float) -> None:
    if later:
        await world.env.advance_time(timedelta(**later).total_seconds())
    with world.env._bot_scope():
        task = asyncio.ensure_future(runner(world).tick(world.app.clock()))
    await world.env.settle()
    await task


async def a_good_week(world: World) -> None:
    """Four resources that five members saved, one of them for a role, and a solved question."""
    guild_id, now = world.guild.id, world.app.clock().timestamp()

    async def job(conn: Connection) -> None:
        numbers = [
            await catalog.add(
                conn,
                Resource(
                    guild_id=guild_id,
                    kind="article",
                    title=title,
                    url=f"https://best.example/{n}",
                    creator="Ada",
                    role_id=77 if title == "Secret" else None,
                ),
            )
            for n, title in enumerate(("Indexes", "数据库事务入门", "Secret", "Locks"))
        ]
        rows = [
            {
                "guild_id": guild_id,
                "source_id": 10_000 + 100 * number + user_id,
                "kind": int(EventKind.SAVE),
                "user_id": user_id,
                "occurred_at": now - 3_600,
                "recorded_at": now - 3_600,
                "resource_id": number,
            }
            for number in numbers
            for user_id in range(1, 6)
        ]
        await conn.execute(insert(events).values(rows))
        for user_id in range(1, 6):
            await members.change_member(conn, guild_id, user_id, now, consent="granted")
        asked = {
            "guild_id": guild_id,
            "user_id": ASKER,
            "channel_id": world.channel.id,
            "thread_id": 555,
            "title": "Why is my query slow?",
            "state": "solved",
            "asked_at": now - 7_200,
            "last_word_at": now - 3_600,
            "last_word_id": 1,
            "solved_at": now - 3_600,
            "is_open_to_all": True,
        }
        await conn.execute(insert(questions).values(asked))
        for n, user_id in enumerate((world.alice.id, world.bob.id, ASKER, 999), start=1):
            answer = {
                "guild_id": guild_id,
                "message_id": n,
                "question_id": 1,
                "user_id": user_id,
                "written_at": now - 3_700,
                "accepted_at": now - 3_600 if n == 1 else None,
            }
            await conn.execute(insert(question_answers).values(answer))
        await members.change_member(conn, guild_id, world.bob.id, now, is_on_boards=False)

    await world.app.database.write(job)


async def set_up(world: World) -> Any:
    return await world.moderator.slash(
        world.channel, "channel-digest setup", channel=world.channel, weekday=0, hour=9
    )


def posted(world: World) -> list[Any]:
    return [each for each in world.channel.history() if "The week in" in texts_of(each)]


async def states(world: World) -> list[str]:
    async with world.app.database.read() as conn:
        found = await conn.execute(select(channel_letters.c.state).order_by("period"))
        return list(found.scalars())


async def to_monday(world: World) -> None:
    """Set it up on a Monday at nine, and let a good week pass until the next one."""
    await set_up(world)
    await world.env.advance_time(6 * DAY_S)
    await a_good_week(world)
    await world.env.advance_time(DAY_S)


async def test_it_is_off_until_moderators_want_it_and_comes_once_a_week(world: World) -> None:
    await tick(world)
    await world.env.advance_time(6 * DAY_S)
    await a_good_week(world)
    await world.env.advance_time(DAY_S)
    await tick(world)
    assert posted(world) == []
    said = await set_up(world)
    assert "every Monday at 09:00 (UTC)" in texts_of(said.response)
    await tick(world)
    assert posted(world) == [], "from the next Monday on"
    stopped = await world.moderator.slash(world.channel, "channel-digest stop")
    assert "nothing is posted any more" in texts_of(stopped.response)
    await world.env.advance_time(7 * DAY_S)
    await tick(world)
    assert await states(world) == []


async def test_it_shows_what_everybody_may_see_and_thanks_who_is_on_boards(world: World) -> None:
    await to_monday(world)
    await tick(world)
    await tick(world)
    (letter,) = posted(world)
    text = texts_of(letter)
    assert "Indexes" in text and "数据库事务入门" in text and "5 members saved it" in text
    assert "Secret" not in text
    assert "Why is my query slow?" in text
    assert f"<@{world.alice.id}>" in text
    for hidden in (world.bob.id, ASKER, 999):
        assert f"<@{hidden}>" not in text, "not on boards, the asker, somebody who left"
    assert await states(world) == ["sent"]
    own = await world.alice.click(letter, custom_id=button_id(letter, r"digest:own:[\w-]+"))
    assert "Your digest is on" in texts_of(own.response)
    save = button_id(letter, r"shared:save:\d+")
    assert "saved" in texts_of((await world.bob.click(letter, custom_id=save)).response).lower()


@pytest.mark.parametrize(
    "changed",
    [
        {"consent": "declined"},
        {"consent": "unknown"},
        {"is_tracked": False},
        None,  # they take their saves back
    ],
)
async def test_what_does_not_count_for_others_or_stand_is_not_posted(
    world: World, changed: dict[str, Any] | None
) -> None:
    await to_monday(world)
    guild_id, now = world.guild.id, world.app.clock().timestamp()

    async def job(conn: Connection) -> None:
        for user_id in (1, 2, 3):
            if changed is not None:
                await members.change_member(conn, guild_id, user_id, now, **changed)
                continue
            found = await conn.execute(
                select(events.c.resource_id).where(events.c.user_id == user_id)
            )
            rows = [
                {
                    "guild_id": guild_id,
                    "source_id": 90_000 + 100 * number + user_id,
                    "kind": int(EventKind.UNSAVE),
                    "user_id": user_id,
                    "occurred_at": now - 60,
                    "recorded_at": now - 60,
                    "resource_id": number,
                }
                for number in found.scalars()
            ]
            await conn.execute(insert(events).values(rows))

    await world.app.database.write(job)
    shown = await world.app.services.digest.channel.preview(guild_id)
    assert shown.roundup.useful == shown.roundup.picks == ()


async def test_another_day_brings_no_second_one_within_the_week(world: World) -> None:
    await world.moderator.slash(
        world.channel, "channel-digest setup", channel=world.channel, weekday=6, hour=9
    )
    await world.env.advance_time(5 * DAY_S)
    await a_good_week(world)
    await tick(world, days=1, hours=1)
    assert len(posted(world)) == 1
    await set_up(world)  # Monday, the next day
    await a_good_week_again(world)
    for _ in range(5):
        await tick(world, days=1)
        assert len(posted(world)) == 1
    await tick(world, days=3)
    assert len(posted(world)) == 2


async def a_good_week_again(world: World) -> None:
    """Put what was done a week later, too."""

    async def job(conn: Connection) -> None:
        await conn.execute(
            update(events)
            .where(events.c.kind == int(EventKind.SAVE))
            .values(
                occurred_at=events.c.occurred_at + 6 * DAY_S,
                recorded_at=events.c.recorded_at + 6 * DAY_S,
            )
        )
        await conn.execute(update(questions).values(solved_at=questions.c.solved_at + 6 * DAY_S))

    await world.app.database.write(job)


async def test_after_a_crash_it_is_found_in_a_busy_channel(world: World) -> None:
    await to_monday(world)
    for n in range(230):
        world.env.backend.create_message(world.channel.id, world.bob.id, f"before {n}")
    (due,) = await world.app.services.digest.channel.due(world.app.clock())
    claimed = await world.app.services.digest.channel.claim(due, world.app.clock())
    assert claimed is not None
    texts = await world.app.speaker.to_guild(world.guild.id)
    with world.env._bot_scope():
        channel = world.client.get_channel(world.channel.id)
        await channel.send(view=channel_views.post("Lyceum", claimed[1], texts))  # type: ignore[union-attr]
    await tick(world, minutes=10)
    assert len(posted(world)) == 1
    assert await states(world) == ["sent"]


async def test_a_week_without_enough_is_skipped_and_the_preview_says_so(world: World) -> None:
    await set_up(world)
    shown = await world.moderator.slash(world.channel, "channel-digest preview")
    assert "nothing to show this week" in texts_of(shown.response)
    await world.env.advance_time(7 * DAY_S)
    await tick(world)
    assert (posted(world), await states(world)) == ([], ["skipped"])


async def test_the_preview_in_chinese(world: World) -> None:
    set_locale(world.moderator, "zh-CN")
    await to_monday(world)
    shown = await world.moderator.slash(world.channel, "channel-digest preview")
    text = texts_of(shown.response)
    assert "现在会发布的内容" in text and "本周解决的问题" in text and "每周一 09:00" in text
    assert "digest:own" not in str(shown.response.components)


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_crash_after_the_claim_neither_loses_nor_doubles_one(
    world: World, arrived: bool
) -> None:
    await to_monday(world)
    (due,) = await world.app.services.digest.channel.due(world.app.clock())
    claimed = await world.app.services.digest.channel.claim(due, world.app.clock())
    assert claimed is not None
    assert await world.app.services.digest.channel.claim(due, world.app.clock()) is None
    if arrived:
        texts = await world.app.speaker.to_guild(world.guild.id)
        view = channel_views.post("Lyceum", claimed[1], texts)
        with world.env._bot_scope():
            channel = world.client.get_channel(world.channel.id)
            await channel.send(view=view)  # type: ignore[union-attr]
    await tick(world)
    assert len(posted(world)) == arrived, "it may be on its way still"
    await world.restart()
    await tick(world, minutes=5)
    await tick(world, minutes=5)
    assert len(posted(world)) == 1
    assert await states(world) == ["sent"]


async def test_a_channel_that_the_bot_may_not_see_is_refused(lenient_world: World) -> None:
    world = lenient_world
    mods = next(role for role in world.guild.roles.values() if role.name == "Mods")
    overwrites = {
        world.guild.default_role: discord.PermissionOverwrite(view_channel=False),
        mods: discord.PermissionOverwrite(view_channel=True),
    }
    closed = world.guild.create_text_channel("closed", overwrites=overwrites)
    said = await world.moderator.slash(
        world.channel, "channel-digest setup", channel=closed, weekday=0, hour=9
    )
    assert "View Channel" in texts_of(said.response)
    assert await world.app.services.digest.channel.setting(world.guild.id) is None


async def test_a_year_of_weeks_in_every_zone_doubles_none(database: Database) -> None:
    clock = FakeClock()
    channel = make_post_services(database, clock).digest.channel
    zones = ("UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe")
    for guild_id, zone in enumerate(zones, start=1):
        settled = Guild(guild_id=guild_id, time_zone=zone)
        await database.write(lambda conn, g=settled: members.save_guild(conn, g))  # type: ignore[misc]
        await channel.turn_on(guild_id, 1, 5, weekday=6, hour=2)
    for hour in range(366 * 24):
        if clock().weekday() in (5, 6, 0) and hour % 24 in (0, 1, 2, 12, 13, 15, 16):
            for due in await channel.due(clock()):
                await channel.claim(due, clock())
        if hour == 4_000:
            clock.pass_by(hours=-30)
        clock.pass_by(hours=1)
    async with database.read() as conn:
        found = list(await conn.execute(select(channel_letters)))
    for guild_id in range(1, len(zones) + 1):
        weeks = [row.period for row in found if row.guild_id == guild_id]
        assert len(weeks) == len(set(weeks))
        assert 51 <= len(weeks) <= 54
