"""What members keep, as they see it, through the simulator."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot import cards
from bot.errors import UserError
from bot.i18n import Texts
from bot.library import rules
from bot.membership import Present
from bot.recommend.service import Request
from storage import deeds, members
from storage.database import Database
from storage.records import EventKind
from storage.schema import events as events_table
from storage.schema import impressions
from tests.discord_sim import World, button_id, buttons_of, set_locale, texts_of
from tests.recommend.community import Community, act, resource, settle
from tests.recommend.test_commands import NOW, ask, kinds_of, rows, titles

GUILD = 77


@pytest.fixture
async def community(world: World) -> Community:
    return await settle(world.app.database, world.guild.id)


async def test_save_toggles_in_place_and_the_list_shows_it(
    world: World, community: Community
) -> None:
    assert "Nothing saved yet" in texts_of(await ask(world, world.alice, "saved"))
    message = await ask(world, world.alice)
    save = button_id(message, r"card:save:\d+")
    result = await world.alice.click(message, custom_id=save)
    edited = result.response or message
    assert [b.label for b in buttons_of(edited) if b.custom_id == save] == ["Saved ✓"]
    assert titles(edited) == titles(message)
    listed = await ask(world, world.alice, "saved")
    assert titles(listed) == titles(message)[:1]
    assert "Saved ✓" in texts_of(listed) and "One saved resource" in texts_of(listed)
    result = await world.alice.click(edited, custom_id=save)
    again = result.response or message
    assert [b.label for b in buttons_of(again) if b.custom_id == save] == ["Save"]
    assert await kinds_of(world, world.alice) == [EventKind.SAVE, EventKind.UNSAVE]


async def test_a_dismissed_card_shrinks_and_can_be_brought_back(
    world: World, community: Community
) -> None:
    message = await ask(world, world.alice)
    before, dismiss = titles(message), button_id(message, r"card:dismiss:\d+")
    first = before[0]
    shrunk = (await world.alice.click(message, custom_id=dismiss)).response or message
    assert titles(shrunk) == before[1:]
    assert f"“{first}” won't be shown to you again." in texts_of(shrunk)
    assert first not in titles(await ask(world, world.alice))
    undo = button_id(shrunk, r"card:undo:\d+")
    back = (await world.alice.click(shrunk, custom_id=undo)).response or message
    assert titles(back) == before
    assert button_id(back, dismiss) == dismiss
    kinds = [row.kind for row in await rows(world, events_table)]
    assert kinds[-1] == EventKind.UNDISMISS  # not hidden any more, but shown a moment ago


async def test_the_buttons_work_after_a_restart(world: World, community: Community) -> None:
    message = await ask(world, world.alice)
    await world.restart()
    await world.alice.click(message, custom_id=button_id(message, r"card:save:\d+"))
    await world.alice.click(message, custom_id=button_id(message, r"card:dismiss:\d+"))
    assert await kinds_of(world, world.alice) == [EventKind.SAVE, EventKind.DISMISS]


async def test_the_saved_list_has_pages(world: World, community: Community) -> None:
    wanted = community.rockets[:12]
    await act(world.app.database, world.guild.id, world.alice.id, EventKind.SAVE, wanted, NOW - 60)
    first = await ask(world, world.alice, "saved")
    assert "12 saved resources" in texts_of(first) and "Page 1 of 3" in texts_of(first)
    on_first = titles(first)
    assert on_first[0] == "Rockets 23"
    result = await world.alice.click(first, custom_id="saved:page:2")
    second = result.response or first
    assert "Page 2 of 3" in texts_of(second)
    assert not set(on_first) & set(titles(second))


async def test_the_buttons_and_the_list_speak_chinese(world: World, community: Community) -> None:
    set_locale(world.alice, "zh-CN")
    assert "还没有收藏" in texts_of(await ask(world, world.alice, "saved"))
    message = await ask(world, world.alice)
    dismiss = button_id(message, r"card:dismiss:\d+")
    shrunk = (await world.alice.click(message, custom_id=dismiss)).response or message
    assert "不会再向你推荐《" in texts_of(shrunk) and "撤销" in texts_of(shrunk)


async def test_somebody_elses_card_is_refused(lenient_world: World) -> None:
    world = lenient_world
    await settle(world.app.database, world.guild.id)
    recommend, library = world.app.services.recommend, world.app.services.library
    shown = (
        await recommend.recommend(Request(guild_id=world.guild.id, user_id=world.bob.id))
    ).suggestions[0]
    mine = await ask(world, world.alice)
    number = button_id(mine, r"card:save:\d+").rpartition(":")[2]
    async with world.app.database.read() as conn:
        theirs = (
            await conn.execute(select(impressions).where(impressions.c.user_id == world.bob.id))
        ).first()
    assert theirs is not None and shown.impression_id == theirs.impression_id
    assert int(number) != shown.impression_id
    for attempt in (library.toggle_save, library.dismiss):
        with pytest.raises(UserError) as refused:
            await attempt(
                world.alice.id,
                shown.impression_id,
                1,
                world.guild.id,
                roles_in=Present(world.client).roles_in,
            )
        assert refused.value.key == "error-library-not-yours"


async def test_the_buttons_keep_nothing_of_a_member_who_is_not_tracked(
    lenient_world: World,
) -> None:
    world = lenient_world
    await settle(world.app.database, world.guild.id)
    earlier = await ask(world, world.alice)
    n_impressions = len(await rows(world, impressions))
    await world.app.database.write(
        lambda conn: members.change_member(
            conn, world.guild.id, world.alice.id, NOW, is_tracked=False
        )
    )
    for template in (r"card:save:\d+", r"card:dismiss:\d+"):
        result = await world.alice.click(earlier, custom_id=button_id(earlier, template))
        assert "Tracking is off for you" in texts_of(result.response)
    await ask(world, world.alice, "saved")
    assert len(await rows(world, impressions)) == n_impressions
    assert await kinds_of(world, world.alice) == []


async def test_anybody_may_save_a_shared_card(world: World, community: Community) -> None:
    made = resource(world.guild.id, "rockets", 1, NOW)
    made = replace(made, resource_id=community.rockets[0])
    channel = world.client.get_channel(world.channel.id)
    await channel.send(view=cards.public_card(made, Texts("en")))  # type: ignore[union-attr]
    message = world.channel.last_message
    for who in (world.alice, world.bob):
        result = await who.click(message, custom_id=button_id(message, r"shared:save:\d+"))
        assert result.ephemeral and "Saved “Rockets 1”" in texts_of(result.response)
    result = await world.bob.click(message, custom_id=button_id(message, r"shared:save:\d+"))
    assert "no longer on your" in texts_of(result.response)
    saved = [row.user_id for row in await rows(world, events_table) if row.kind == EventKind.SAVE]
    assert saved.count(world.alice.id) == 1


async def test_the_buttons_of_a_card_in_a_direct_message_work(
    world: World, community: Community
) -> None:
    recommend = world.app.services.recommend
    shown = (
        await recommend.recommend(Request(guild_id=world.guild.id, user_id=world.alice.id))
    ).suggestions
    view = cards.card_list(
        "Digest", [cards.Card(s.resource, s.impression_id) for s in shown], Texts("en")
    )
    user = await world.client.fetch_user(world.alice.id)
    await user.send(view=view)
    message = world.alice.user.dm_channel.last_message
    await world.alice.user.click(message, custom_id=button_id(message, r"card:save:\d+"))
    await world.alice.user.click(message, custom_id=button_id(message, r"card:dismiss:\d+"))
    edited = world.alice.user.dm_channel.last_message
    assert "won't be shown to you again" in texts_of(edited)
    assert await kinds_of(world, world.alice) == [EventKind.SAVE, EventKind.DISMISS]


async def test_the_list_and_the_buttons_agree_on_what_is_saved(database: Database) -> None:
    ids = (await settle(database, GUILD)).everything
    for number, kind in enumerate([*EventKind, EventKind.SAVE, EventKind.UNSAVE]):
        source = (number + 10) * 10**12
        wanted = ids[number % 20 : number % 20 + 3]
        await act(database, GUILD, 3, kind, wanted, NOW + number, first_source=source)
    async with database.read() as conn:
        listed = rules.saved(await deeds.of(conn, GUILD, 3))
        marked = [i for i in ids if await deeds.is_saved(conn, GUILD, 3, i)]
    assert listed and sorted(listed) == marked
