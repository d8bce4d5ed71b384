"""The morning's card: what waits, at most three things to do, told once a day if wanted."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.insights import today_rules
from bot.insights.briefing import BriefingRun
from storage import briefings, catalog, members
from storage.connection import Connection
from storage.records import Briefing, EventKind, Morning, Resource
from storage.schema import events, questions, redemptions, shop_items, submissions
from tests.discord_sim import World, set_locale, staff_channel, texts_of
from tests.insights.test_figures import fill
from tests.privacy.test_storage import make_row

ALL = Morning(
    asked=(("Why?", 5, 1.0),),
    n_asked=1,
    reviews=((1, "A"),),
    n_reviews=1,
    n_sentences=1,
    n_reported=1,
    gems=((1, "A", 5),),
    n_orders=1,
    n_roles=1,
)


def test_there_are_at_most_three_things_to_do_and_who_paid_comes_first() -> None:
    assert today_rules.things(ALL) == ["orders", "roles", "reviews"]
    assert today_rules.things(Morning(gems=ALL.gems, n_asked=2)) == ["asked", "gems"]
    assert today_rules.things(Morning()) == []
    assert today_rules.is_quiet(Morning(refit="live"))
    assert not today_rules.is_quiet(Morning(refit="failed"))
    assert not today_rules.is_quiet(Morning(n_new=1))


@pytest.mark.parametrize("hour", [0, 2, 8, 23])
def test_a_day_has_one_card_however_clocks_are_set(hour: int) -> None:
    one = Briefing(guild_id=1, hour=hour)
    now, told = datetime(2026, 3, 27, tzinfo=UTC), []
    for step in range(24 * 5):
        local = now + timedelta(hours=step - (3 if 40 < step < 60 else 0))
        if (day := today_rules.day_due(one, local)) is not None:
            told.append(day)
            one = Briefing(guild_id=1, hour=hour, day=day)
    assert len(told) == len(set(told)) == 5
    assert today_rules.day_due(Briefing(guild_id=1), now) is None
    late = now.replace(hour=min(23, hour + today_rules.LATE_H + 1))
    if hour + today_rules.LATE_H < 23:
        assert today_rules.day_due(Briefing(guild_id=1, hour=hour), late) is None


def test_a_month_is_told_of_once_on_one_of_its_successors_first_days() -> None:
    one = Briefing(guild_id=1, is_monthly=True)
    found = []
    for hour in range(24 * 70):
        local = datetime(2026, 12, 20, tzinfo=UTC) + timedelta(hours=hour)
        if (month := today_rules.month_due(one, local)) is not None:
            found.append((month, local.day, local.hour))
            one = Briefing(guild_id=1, is_monthly=True, month=month)
    assert found == [("2026-12", 1, 8), ("2027-01", 1, 8)]
    assert today_rules.span("2026-12") == ("2026-12-01", "2027-01-01")
    assert today_rules.span("2027-02") == ("2027-02-01", "2027-03-01")


async def put_all(world: World) -> None:
    """An order, a proposal, a question nobody answered, and what five members saved."""
    guild_id, now = world.guild.id, world.app.clock().timestamp()

    async def job(conn: Connection) -> None:
        good = Resource(
            guild_id=guild_id, kind="article", title="Indexes *bold*", url="https://x.example/1"
        )
        number = await catalog.add(conn, good)
        for user_id in range(1, 7):
            row = {
                "guild_id": guild_id,
                "source_id": 10_000 + user_id,
                "kind": int(EventKind.SAVE),
                "user_id": user_id,
                "occurred_at": now - 3_600,
                "recorded_at": now - 3_600,
                "resource_id": number,
            }
            await conn.execute(insert(events).values(row))
            consent = "granted" if user_id < 6 else "declined"
            await members.change_member(conn, guild_id, user_id, now, consent=consent)
        for n, is_open in enumerate((False, True)):
            asked = {
                "guild_id": guild_id,
                "user_id": 900,
                "channel_id": world.channel.id,
                "thread_id": 550 + n,
                "title": ("A secret question", "Why is my query slow?")[is_open],
                "state": "open",
                "asked_at": now - 7_200 + n,
                "last_word_at": now - 3_600,
                "last_word_id": 1,
                "is_open_to_all": is_open,
            }
            await conn.execute(insert(questions).values(asked))
        proposed = {
            "guild_id": guild_id,
            "user_id": 900,
            "url": "https://x.example/2",
            "url_key": "x.example/2",
            "fields": {"title": "数据库事务入门"},
            "state": "waiting",
            "created_at": now - 60,
            "submitted_at": now - 60,
        }
        known = {column.name for column in submissions.c}
        await conn.execute(
            insert(submissions).values({k: v for k, v in proposed.items() if k in known})
        )

    await world.app.database.write(job)


async def test_moderators_see_what_waits_in_both_languages(world: World) -> None:
    shown = await world.moderator.slash(world.channel, "today")
    assert "Nothing waits for you" in texts_of(shown.response)
    await put_all(world)
    text = texts_of((await world.moderator.slash(world.channel, "today")).response)
    assert "questions without an answer: 2" in text
    assert "Why is my query slow?" in text and "secret" not in text
    assert "数据库事务入门" in text
    assert "5 members found it good" in text
    assert "Posted in the moderators' channel every morning with" in text
    assert text.count("\n3. ") == 1 and "\n4. " not in text
    set_locale(world.moderator, "zh-CN")
    text = texts_of((await world.moderator.slash(world.channel, "today")).response)
    assert "没有回答的问题：2" in text and "先做这些" in text


def run_of(world: World) -> BriefingRun:
    insights = world.app.services.insights
    return BriefingRun(
        today=insights.today, insights=insights, client=world.client, speaker=world.app.speaker
    )


async def tick(world: World) -> None:
    with world.env._bot_scope():
        task = asyncio.ensure_future(run_of(world).tick(world.app.clock()))
    await world.env.settle()
    await task


def told(channel: Any, what: str = "## Today") -> list[Any]:
    return [each for each in channel.history() if what in texts_of(each)]


async def test_without_a_channel_nothing_is_turned_on(lenient_world: World) -> None:
    world = lenient_world
    refused = await world.moderator.slash(world.channel, "today", daily=True)
    assert "/levels staff" in texts_of(refused.response)
    assert (await world.app.services.insights.today.setting(world.guild.id)).hour is None


async def test_the_channel_is_told_every_morning_once_where_it_is_wanted(world: World) -> None:
    staff = staff_channel(world)
    await world.moderator.slash(world.channel, "levels staff", channel=staff)
    await put_all(world)
    await tick(world)
    assert told(staff) == [], "off until somebody wants it"
    said = await world.moderator.slash(world.channel, "today", daily=True, hour=9)
    assert "every day at 09:00" in texts_of(said.response)
    to_nine = (timedelta(hours=33) - timedelta(hours=world.app.clock().hour)) % timedelta(days=1)
    await world.env.advance_time(to_nine.total_seconds() + 60)
    for _ in range(2):
        await tick(world)
    await world.restart()
    await tick(world)
    (card,) = told(staff)
    assert "Why is my query slow?" in texts_of(card) and "daily:False" not in texts_of(card)
    await world.moderator.slash(world.channel, "today", daily=False)
    await world.env.advance_time(86_400)
    await tick(world)
    assert len(told(staff)) == 1


async def test_where_nobody_can_be_reached_the_day_is_given_back(world: World) -> None:
    today = world.app.services.insights.today
    await world.moderator.slash(world.channel, "levels staff", channel=staff_channel(world))
    await today.change(world.guild.id, 1, is_daily=True, hour=0, is_monthly=None)
    (due,) = await today.due(world.app.clock().replace(hour=1))
    outcomes = iter([None, True, True])

    async def work() -> bool | None:
        return next(outcomes)

    for _ in range(3):
        await today.once(due, work)
    assert list(outcomes) == [True], "tried again once, and not after it was posted"


async def test_a_month_is_posted_in_words(world: World) -> None:
    now = world.app.clock()
    first = (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=9)
    await fill(
        world.app.database, 12, guild_id=world.guild.id, now=(first - timedelta(days=2)).timestamp()
    )
    await world.moderator.slash(world.channel, "levels staff", channel=staff_channel(world))
    said = await world.moderator.slash(world.channel, "today", monthly=True)
    assert "first of each month" in texts_of(said.response)
    await world.env.advance_time((first - now).total_seconds())
    (due,) = await world.app.services.insights.today.due(world.app.clock())
    view = await run_of(world)._month(due)
    text = str(view.to_components())
    assert f"What worked in {now:%Y-%m}" in text and "of 12 members" in text
    for _ in range(2):
        await tick(world)
    async with world.app.database.read() as conn:
        assert (await briefings.of(conn, world.guild.id)).month == f"{now:%Y-%m}"


async def test_orders_that_wait_are_counted_and_nobodys_name_is_said(world: World) -> None:
    guild_id = world.guild.id

    async def job(conn: Connection) -> None:
        item = await make_row(conn, shop_items, guild_id=guild_id, kind="custom", state="live")
        bought = {"user_id": world.alice.id, "kind": "custom", "state": "owed", "problem": None}
        bought |= {"item_id": item["item_id"]}
        await make_row(conn, redemptions, guild_id=guild_id, **bought)

    await world.app.database.write(job)
    text = texts_of((await world.moderator.slash(world.channel, "today")).response)
    assert "One order waits" in text and str(world.alice.id) not in text
