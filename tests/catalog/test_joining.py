"""One thing once: merged and parted, replaced, editions, gems, as moderators press through it."""

from typing import Any

from bot import cards
from storage import catalog, deeds
from storage.records import Resource
from tests.discord_sim import World, button_id, texts_of

OLD, NEW = "Graphs the old way", "Networks for everybody"


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


async def saved_titles(world: World, member: Any) -> list[str]:
    page = await world.app.services.library.saved(world.guild.id, member.id)
    return [one.resource.title for one in page.shown]


async def save(world: World, member: Any, resource_id: int, source_id: int) -> None:
    await world.app.services.library.toggle_shared(
        world.guild.id, member.id, resource_id, source_id
    )


async def test_what_is_merged_leads_to_what_stays_and_is_parted_again(world: World) -> None:
    old, new = await put(world, OLD, creator_id=world.bob.id), await put(world, NEW)
    await world.moderator.slash(world.channel, "share", resource=OLD)
    card = world.channel.last_message
    await save(world, world.alice, old, 1)
    before = (await world.app.services.points.standing(world.guild.id, world.bob.id)).amount
    option = {"resource": OLD, "into": NEW}
    done = await world.moderator.slash(world.channel, "resource merge", **option)
    assert NEW in texts_of(done.response)
    opened = await world.alice.click(card, custom_id=button_id(card, cards.PUBLIC_OPEN_TEMPLATE))
    assert NEW in texts_of(opened.response)
    assert await saved_titles(world, world.alice) == [NEW]
    async with world.app.database.read() as conn:
        assert await deeds.is_saved(conn, world.guild.id, world.alice.id, new)
    after = (await world.app.services.points.standing(world.guild.id, world.bob.id)).amount
    assert after == before
    found = await world.alice.slash(world.channel, "search", query="graphs old way")
    assert OLD not in texts_of(found.response)
    await world.moderator.slash(world.channel, "resource part", resource=OLD)
    assert await saved_titles(world, world.alice) == [OLD]
    again = (await world.app.services.points.standing(world.guild.id, world.bob.id)).amount
    assert again == before


async def test_what_is_unsaved_where_it_went_is_saved_nowhere(world: World) -> None:
    old, new = await put(world, OLD), await put(world, NEW)
    await save(world, world.alice, old, 1)
    await world.moderator.slash(world.channel, "resource merge", resource=OLD, into=NEW)
    await world.env.advance_time(5)
    await save(world, world.alice, new, 2)  # it is saved already, so this lets go
    async with world.app.database.read() as conn:
        assert not await deeds.is_saved(conn, world.guild.id, world.alice.id, new)
    assert await saved_titles(world, world.alice) == []


async def test_a_replacement_takes_over_links_and_saves_and_so_on(world: World) -> None:
    old = await put(world, OLD)
    await put(world, NEW)
    await put(world, "Third")
    await save(world, world.alice, old, 1)
    option = {"resource": OLD, "replacement": NEW}
    done = await world.moderator.slash(world.channel, "resource retire", **option)
    assert NEW in texts_of(done.response)
    assert await saved_titles(world, world.alice) == [NEW]
    option = {"resource": NEW, "replacement": "Third"}
    await world.moderator.slash(world.channel, "resource retire", **option)
    assert await saved_titles(world, world.alice) == ["Third"]


async def test_what_cannot_be_joined_is_refused(lenient_world: World) -> None:
    world = lenient_world
    await put(world, OLD)
    await put(world, NEW)
    same = await world.moderator.slash(world.channel, "resource merge", resource=OLD, into=OLD)
    assert "two different" in texts_of(same.response)
    apart = await world.moderator.slash(world.channel, "resource part", resource=OLD)
    assert "neither merged" in texts_of(apart.response)
    await world.moderator.slash(world.channel, "resource retire", resource=NEW)
    gone = await world.moderator.slash(world.channel, "resource merge", resource=OLD, into=NEW)
    assert "is retired" in texts_of(gone.response)


async def test_editions_are_one_work_and_the_first_may_change(world: World) -> None:
    old, new = await put(world, OLD), await put(world, NEW)
    third = await put(world, "Third")
    joining = world.client.get_cog("CuratingCog").service  # type: ignore[union-attr]
    here, who = world.guild.id, world.moderator.id
    await world.moderator.slash(world.channel, "resource edition", resource=NEW, of=OLD)
    await joining.set_edition(here, who, third, new)
    async with world.app.database.read() as conn:
        known = await catalog.by_ids(conn, here, [old, new, third])
    assert [known[i].edition_of for i in (old, new, third)] == [None, old, old]
    await joining.set_edition(here, who, old, new)
    async with world.app.database.read() as conn:
        known = await catalog.by_ids(conn, here, [old, new, third])
    assert [known[i].edition_of for i in (old, new, third)] == [new, None, new]


async def test_gems_are_marked_and_filtered_by(world: World) -> None:
    await put(world, "Graphs one")
    await put(world, "Graphs two")
    await world.moderator.slash(world.channel, "resource gem", resource="Graphs two")
    found = await world.alice.slash(world.channel, "search", query="graphs", gem=True)
    said = texts_of(found.response)
    assert "💎 Graphs two" in said and "Graphs one" not in said
    option = {"resource": "Graphs two", "off": True}
    await world.moderator.slash(world.channel, "resource gem", **option)
    none = await world.alice.slash(world.channel, "search", query="graphs", gem=True)
    assert "Graphs two" not in texts_of(none.response)


async def test_a_search_shows_one_edition_of_a_work_the_one_that_fits_best(world: World) -> None:
    first = await put(world, "Graphs in depth", language="en")
    await put(world, "图论 graphs in depth", language="zh", edition_of=first)
    await put(world, "Graphs for children")
    shown = texts_of((await world.alice.slash(world.channel, "search", query="graphs")).response)
    assert shown.count("in depth") == 1 and "Graphs for children" in shown
    shown = texts_of((await world.alice.slash(world.channel, "search", query="图论")).response)
    assert "图论 graphs" in shown
    offered = await world.moderator.autocomplete(
        world.channel, "resource edit", "resource", "graphs in depth"
    )
    assert len(offered) == 2  # moderators still choose between them
