"""Asking for what is missing, as members press through it; and what of it is shown to whom."""

from typing import Any

import pytest

from bot.app import make_jobs
from storage import catalog, feedback, gaps, members, privacy
from storage import events as log
from storage.records import Event, EventKind, Member, Resource
from tests.discord_sim import World, button_id, buttons_of, set_locale, texts_of

FIVE = 5


async def tick(world: World) -> None:
    (job,) = (job for job in make_jobs(world.app, world.client) if job.name == "wishes")
    await job.run(world.env.now())
    await world.env.settle()


async def put(world: World, title: str, **more: Any) -> int:
    now = world.app.clock().timestamp()
    resource = Resource(
        guild_id=world.guild.id,
        kind="article",
        title=title,
        url=f"https://doc.example/{title.replace(' ', '-')}",
        published_at=now,
        created_at=now,
        updated_at=now,
        **more,
    )
    return await world.app.database.write(lambda conn: catalog.add(conn, resource))


async def miss(world: World, n: int, text: str) -> None:
    """Have so many members search in vain."""
    service = world.app.services.catalog
    for user_id in range(1_000, 1_000 + n):
        await service.search(world.guild.id, user_id, text)


async def wished(world: World) -> list[Any]:
    async with world.app.database.read() as conn:
        return await gaps.wished(conn, world.guild.id, limit=50)


async def test_a_search_in_vain_becomes_a_wish_that_others_second_and_comes_true(
    world: World,
) -> None:
    await put(world, "Gardening for cats")
    shown = await world.alice.slash(world.channel, "search", query="kafka streams")
    pressed = button_id(shown.response, r"gaps:wish:kafka streams")
    noted = await world.alice.click(shown.response, custom_id=pressed)
    assert "first to ask" in texts_of(noted.response)
    listed = await world.bob.slash(world.channel, "wish list")
    said = texts_of(listed.response)
    assert "kafka streams" in said and "1 member" in said and str(world.alice.id) not in said
    (wish,) = await wished(world)
    number = [str(wish.wish_id)]
    seconded = await world.bob.select(listed.response, number, custom_id="gaps:voice:1")
    assert "2 members" in texts_of(seconded.response)
    await tick(world)
    assert world.alice.user.dm_channel is None or not world.alice.user.dm_channel.history()
    await world.env.advance_time(60)
    await put(world, "Kafka Streams in practice")
    await tick(world)
    await tick(world)
    for who in (world.alice, world.bob):
        (letter,) = who.user.dm_channel.history()
        assert "Kafka Streams in practice" in texts_of(letter)
    assert await wished(world) == []


async def test_a_voice_is_taken_back_and_with_the_last_the_wish_goes(world: World) -> None:
    await world.alice.slash(world.channel, "wish ask", text="Zig 入门")
    (wish,) = await wished(world)
    listed = await world.alice.slash(world.channel, "wish list")
    number = [str(wish.wish_id)]
    gone = await world.alice.select(listed.response, number, custom_id="gaps:voice:1")
    assert "no longer ask" in texts_of(gone.response)
    async with world.app.database.read() as conn:
        assert await gaps.wish(conn, world.guild.id, wish.wish_id) is None


async def test_moderators_and_creators_fulfil_and_others_do_not(lenient_world: World) -> None:
    world = lenient_world
    await put(world, "Streams of events", creator_id=world.bob.id)
    await world.alice.slash(world.channel, "wish ask", text="kafka")
    option = {"wish": "kafka", "resource": "Streams of events"}
    refused = await world.alice.slash(world.channel, "wish fulfil", **option)
    assert "moderators" in texts_of(refused.response)
    done = await world.bob.slash(world.channel, "wish fulfil", **option)
    assert "One member is notified" in texts_of(done.response)
    await tick(world)
    (letter,) = world.alice.user.dm_channel.history()
    assert "Streams of events" in texts_of(letter)
    again = await world.moderator.slash(world.channel, "wish fulfil", **option)
    assert "exactly one wish" in texts_of(again.response)


async def test_what_is_for_a_role_is_told_only_to_who_has_it(world: World) -> None:
    role = world.guild.create_role("Paid")
    await put(world, "Kafka inside", role_id=role.id)
    await world.alice.slash(world.channel, "wish ask", text="kafka")
    option = {"wish": "kafka", "resource": "Kafka inside"}
    await world.moderator.slash(world.channel, "wish fulfil", **option)
    await tick(world)
    assert world.alice.user.dm_channel is None or not world.alice.user.dm_channel.history()


async def test_what_is_sold_is_told_of_without_its_link(world: World) -> None:
    await put(world, "Kafka course", is_sold=True)
    await world.alice.slash(world.channel, "wish ask", text="kafka")
    option = {"wish": "kafka", "resource": "Kafka course"}
    await world.moderator.slash(world.channel, "wish fulfil", **option)
    await tick(world)
    (letter,) = world.alice.user.dm_channel.history()
    assert "It is for sale" in texts_of(letter)
    assert [b.url for b in buttons_of(letter)] == [] and "doc.example/" not in texts_of(letter)


async def test_what_moderators_put_aside_is_not_asked_for_again(lenient_world: World) -> None:
    world = lenient_world
    await world.alice.slash(world.channel, "wish ask", text="free crypto")
    refused = await world.alice.slash(world.channel, "wish drop", wish="free crypto")
    assert texts_of(refused.response) and len(await wished(world)) == 1
    await world.moderator.slash(world.channel, "wish drop", wish="free crypto")
    again = await world.bob.slash(world.channel, "wish ask", text="Free  CRYPTO")
    assert "put this wish aside" in texts_of(again.response)


@pytest.mark.parametrize(("n", "is_shown"), [(FIVE - 1, False), (FIVE, True)])
async def test_a_search_in_vain_is_shown_from_five_members_on(
    world: World, n: int, is_shown: bool
) -> None:
    await put(world, "Gardening for cats")
    await miss(world, n, "wasm 组件")
    await miss(world, 1, "wasm 组件")
    shown = await world.moderator.slash(world.channel, "gaps")
    assert ("wasm 组件" in texts_of(shown.response)) == is_shown
    await put(world, "WASM 组件 explained")
    later = await world.moderator.slash(world.channel, "gaps")
    assert "wasm 组件" not in texts_of(later.response)


async def test_a_good_result_an_address_and_who_is_not_tracked_leave_nothing(
    world: World,
) -> None:
    await put(world, "Gardening for cats")
    await miss(world, 1, "gardening")
    await miss(world, 1, "https://secret.example/x")
    quiet = Member(world.guild.id, 1_000, is_tracked=False)
    await world.app.database.write(lambda conn: members.save_member(conn, quiet, 1.0))
    await miss(world, 1, "something secret")
    async with world.app.database.read() as conn:
        assert await gaps.missed(conn, world.guild.id, at_least=1, limit=9) == []


async def test_erasing_takes_a_voice_and_a_wish_that_nobody_else_stands_behind(
    world: World,
) -> None:
    here = world.guild.id
    service = world.app.services.gaps
    await service.ask(here, world.alice.id, "only mine")
    await service.ask(here, world.alice.id, "ours")
    await service.ask(here, world.bob.id, "ours")
    await world.app.database.write(lambda conn: privacy.erase(conn, here, world.alice.id))
    (left,) = await wished(world)
    assert (left.text, left.n_wished) == ("ours", 1)


async def test_topics_with_readers_and_few_resources_are_counted(world: World) -> None:
    number = await put(world, "Wasm for cats", tags=("wasm",))
    now = world.app.clock().timestamp()

    async def read(n: int) -> None:
        opened = Event(
            guild_id=world.guild.id,
            source_id=n,
            kind=EventKind.OPEN,
            user_id=n,
            occurred_at=now,
            resource_id=number,
        )
        await world.app.database.write(lambda conn: log.append(conn, opened, now))

    for n in range(1, FIVE):
        await read(n)
    service = world.app.services.gaps
    await service.count(world.guild.id)
    assert (await service.missing(world.guild.id)).topics == ()
    interested = Member(world.guild.id, 99, interests=("wasm",))
    await world.app.database.write(lambda conn: members.save_member(conn, interested, 1.0))
    await service.count(world.guild.id)
    (gap,) = (await service.missing(world.guild.id)).topics
    assert (gap.tag, gap.n_readers, gap.n_resources) == ("wasm", FIVE, 1)
    shown = await world.moderator.slash(world.channel, "gaps")
    assert "5 readers" in texts_of(shown.response)


async def test_only_moderators_and_creators_see_what_is_missing(lenient_world: World) -> None:
    world = lenient_world
    set_locale(world.alice, "zh-CN")
    refused = await world.alice.slash(world.channel, "gaps")
    assert "只有管理员" in texts_of(refused.response)
    await put(world, "Mine", creator_id=world.alice.id)
    shown = await world.alice.slash(world.channel, "gaps")
    assert "这里缺什么" in texts_of(shown.response)


async def test_what_five_members_call_too_hard_is_counted_by_its_topics(world: World) -> None:
    hard = await put(world, "Proofs", tags=("graphs", "proofs"))
    old = await put(world, "Proofs again", tags=("old",))
    here, now = world.guild.id, world.app.clock().timestamp()
    service = world.app.services.gaps

    async def say(resource_id: int, *user_ids: int) -> None:
        async def job(conn: Any) -> None:
            for user_id in user_ids:
                await feedback.mark(conn, here, user_id, resource_id, "too_hard", now)

        await world.app.database.write(job)
        await service.count(here)

    await say(hard, 1, 2, 3, 4)
    assert (await service.missing(here)).topics == ()
    await say(old, 4, 5)
    assert (await service.missing(here)).topics == ()
    joining = world.client.get_cog("CuratingCog").service  # type: ignore[union-attr]
    await joining.merge(here, world.moderator.id, old, hard)
    await service.count(here)
    topics = (await service.missing(here)).topics
    assert [(one.tag, one.n_hard) for one in topics] == [("graphs", 5), ("proofs", 5)]
    shown = await world.moderator.slash(world.channel, "gaps")
    assert "too hard for 5 members" in texts_of(shown.response)
