"""A server's tags as moderators press through them, and what everybody sees of them."""

from pathlib import Path
from typing import Any

import pytest

from bot.catalog import tags_file
from bot.catalog.importer import import_catalog
from bot.recommend.service import Request
from storage import catalog, members
from storage.records import Member, Resource
from tests.discord_sim import START, World, button_id, buttons_of, set_locale, texts_of


async def put(world: World, title: str, *tags: str) -> int:
    now = world.app.clock().timestamp()
    resource = Resource(
        guild_id=world.guild.id,
        kind="article",
        title=title,
        url=f"https://doc.example/{title.replace(' ', '-')}",
        tags=tags,
        published_at=now,
        created_at=now,
        updated_at=now,
    )
    return await world.app.database.write(lambda conn: catalog.add(conn, resource))


async def carried(world: World) -> dict[str, tuple[str, ...]]:
    async with world.app.database.read() as conn:
        return {one.title: one.tags for one in await catalog.live(conn, world.guild.id)}


async def tags(world: World, command: str, **options: Any) -> Any:
    done = await world.moderator.slash(world.channel, f"tags {command}", **options)
    return done.response


async def planted(world: World) -> None:
    """Have web, with frontend and databases below; frontend has a name in both languages."""
    await tags(world, "add", name="web", chinese="网页")
    await tags(
        world, "add", name="frontend", english="Front end", aliases="fe, 前端开发", under="web"
    )
    await tags(world, "add", name="databases")


async def test_a_tag_takes_care_of_what_is_in_use_and_is_undone_with_all_it_did(
    world: World,
) -> None:
    await put(world, "One", "fe", "css")
    await put(world, "Two", "frontend", "fe")
    await put(world, "Three", "css")
    before = await carried(world)
    assert "fe" in texts_of(await tags(world, "list")) and "in use outside" in texts_of(
        await tags(world, "list")
    )
    offered = await world.moderator.autocomplete(world.channel, "tags add", "name", "f")
    assert [each["value"] for each in offered] == ["fe", "frontend"]
    made = await tags(world, "add", name="Frontend", aliases="fe", chinese="前端")
    assert "2 resources carry another tag now" in texts_of(made)
    assert (await carried(world)) == {
        "One": ("frontend", "css"),
        "Two": ("frontend",),
        "Three": ("css",),
    }
    await tags(world, "add", name="style", aliases="css")
    refused = await world.moderator.click(made, custom_id=button_id(made, r"tags:undo:\d+"))
    assert "Something was changed since" in texts_of(refused.response)
    for _ in range(2):
        shown = await tags(world, "history")
        pressed = await world.moderator.click(shown, custom_id=button_id(shown, r"tags:undo:\d+"))
        assert "Undone" in texts_of(pressed.response)
    assert await carried(world) == before
    assert "Nothing was changed yet" in texts_of(await tags(world, "history"))
    log = await world.moderator.slash(world.channel, "server log")
    assert texts_of(log.response).count("undid a change of the tags") == 2


async def test_tags_are_renamed_merged_and_removed_and_each_is_undone(world: World) -> None:
    await planted(world)
    await put(world, "One", "frontend", "databases")
    before = await carried(world)
    await tags(world, "edit", tag="前端开发", name="ui")
    assert (await carried(world))["One"] == ("ui", "databases")
    await tags(world, "merge", tag="databases", into="网页")
    assert (await carried(world))["One"] == ("ui", "web")
    await tags(world, "remove", tag="web")
    assert (await carried(world))["One"] == ("ui", "web")
    assert "• " not in texts_of(await tags(world, "list"))  # what was below it stands alone
    for _ in range(3):
        shown = await tags(world, "history")
        await world.moderator.click(shown, custom_id=button_id(shown, r"tags:undo:\d+"))
    assert await carried(world) == before
    assert "• `frontend` Front end" in texts_of(await tags(world, "list", tag="web"))


async def test_a_parent_finds_its_parts_in_search_topics_and_lists(world: World) -> None:
    await planted(world)
    here, alice = world.guild.id, world.alice.id
    await put(world, "Buttons that please", "frontend")
    await put(world, "Joins", "databases")
    found = texts_of((await world.alice.slash(world.channel, "search", query="网页")).response)
    assert "Buttons that please" in found and "Joins" not in found and "`Front end`" in found
    up = texts_of((await world.alice.slash(world.channel, "search", query="fe")).response)
    assert "Buttons that please" in up
    offered = await world.alice.autocomplete(world.channel, "recommend", "topic", "front")
    assert [each["name"] for each in offered] == ["Front end"]
    offered = await world.alice.autocomplete(world.channel, "recommend", "topic", "网")
    assert [each["value"] for each in offered] == ["web"]
    interested = Member(here, alice, interests=("网页",), interests_at=1.0)
    await world.app.database.write(lambda conn: members.save_member(conn, interested, 1.0))
    shown = await world.app.services.recommend.recommend(Request(guild_id=here, user_id=alice))
    first = shown.suggestions[0]
    assert first.resource.title == "Buttons that please"
    assert first.why is not None and (first.why.kind, first.why.title) == ("interest", "web")
    set_locale(world.alice, "zh-CN")
    listed = await world.alice.slash(world.channel, "recommend")
    assert "网页" in texts_of(listed.response)


async def test_what_is_offered_to_somebody_new_is_called_as_the_server_calls_it(
    world: World,
) -> None:
    await planted(world)
    for number in range(2):
        await put(world, f"Page {number}", "frontend")
        await put(world, f"Table {number}", "databases")
    set_locale(world.alice, "zh-CN")
    shown = (await world.alice.slash(world.channel, "start")).response
    names = [button.label for button in buttons_of(shown)]
    assert {"网页", "数据库"} <= set(names)
    assert "前端" in names or "frontend" in names
    pressed = await world.alice.click(shown, custom_id="start:topic:web")
    async with world.app.database.read() as conn:
        assert (await members.member(conn, world.guild.id, world.alice.id)).interests == ("web",)
    assert pressed is not None


async def test_other_tags_are_refused_or_left_out_where_moderators_say_so(
    lenient_world: World,
) -> None:
    world = lenient_world
    await planted(world)
    add = {"kind": "article", "title": "New", "url": "https://doc.example/new"}
    await tags(world, "policy", unknown="refused")
    refused = await world.moderator.slash(
        world.channel, "resource add", **add, tags="fe, databazes"
    )
    said = texts_of(refused.response)
    assert "databazes" in said and "databases" in said
    assert await carried(world) == {}
    await world.moderator.slash(world.channel, "resource add", **add, tags="fe, 网页")
    assert await carried(world) == {"New": ("frontend", "web")}
    edited = await world.moderator.slash(
        world.channel, "resource edit", resource="New", tags="elsewhere"
    )
    assert "elsewhere" in texts_of(edited.response)
    await tags(world, "policy", unknown="allowed")
    await world.moderator.slash(world.channel, "resource edit", resource="New", tags="elsewhere")
    assert await carried(world) == {"New": ("elsewhere",)}


async def test_the_tree_is_taken_out_beside_the_catalogue_and_comes_back_without_loss(
    world: World, tmp_path: Path
) -> None:
    await planted(world)
    await tags(world, "merge", tag="databases", into="web")
    shown = await world.moderator.slash(world.channel, "resource export", form="csv")
    assert [each.filename for each in shown.response.attachments] == ["catalogue.csv", "tags.csv"]
    there, database = 77, world.app.database
    for form in ("csv", "json"):
        content = await tags_file.export_tags(database, world.guild.id, form)
        assert content is not None
        path = tmp_path / f"tags.{form}"
        path.write_bytes(content)
        clock = world.app.clock
        came = await import_catalog(database, clock, path, guild_id=there, strict=False)
        assert came.problems == () and came.read == 3
        assert await tags_file.export_tags(database, there, form) == content
    again = await import_catalog(database, clock, path, guild_id=there, strict=False)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    path.write_text('[{"name": "a", "under": "b"}]')
    bad = await import_catalog(database, clock, path, guild_id=there, strict=False)
    assert [each.key for each in bad.problems] == ["error-tags-line"]


async def test_what_is_brought_from_a_file_carries_the_servers_names(
    world: World, tmp_path: Path
) -> None:
    await planted(world)
    path = tmp_path / "c.csv"
    path.write_text("kind,title,url,tags\narticle,One,https://doc.example/1,fe;other;网页\n")
    database, here = world.app.database, world.guild.id
    await import_catalog(database, lambda: START, path, guild_id=here, strict=True)
    assert await carried(world) == {"One": ("frontend", "other", "web")}
    again = await import_catalog(database, lambda: START, path, guild_id=here, strict=True)
    assert again.unchanged == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "fe"}, "already stands for"),
        ({"name": "new", "under": "nowhere"}, "isn't a tag of the tree"),
        ({"name": "a, b"}, "isn't one tag"),
    ],
)
async def test_what_is_no_tag_is_refused(
    lenient_world: World, options: dict[str, str], said: str
) -> None:
    await planted(lenient_world)
    assert said in texts_of(await tags(lenient_world, "add", **options))


async def test_a_search_is_narrowed_to_a_topic_with_its_parts_on_every_page(world: World) -> None:
    await planted(world)
    for number in range(7):
        await put(world, f"Widgets {number}", "frontend" if number else "databases")
    options = {"query": "widgets", "topic": "网页", "kind": "article"}
    first = (await world.alice.slash(world.channel, "search", **options)).response
    assert "article · web" in texts_of(first) and texts_of(first).count("### Widgets") == 5
    turn = button_id(first, r"catalog:page:2:.*")
    second = await world.alice.click(first, custom_id=turn)
    assert texts_of(second.response).count("### Widgets") == 1
    assert "article · web" in texts_of(second.response)
    none = await world.alice.slash(world.channel, "search", query="widgets", topic="nothing")
    assert "### Widgets" not in texts_of(none.response)
    offered = await world.alice.autocomplete(world.channel, "search", "topic", "前端")
    assert [each["value"] for each in offered] == ["frontend"]
