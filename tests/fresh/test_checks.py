"""Links that are looked at, against a server of the tests' own, and what moderators do about it."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from bot import cards
from bot.app import make_jobs
from bot.links.service import LinksService
from bot.pages.reader import Reader
from bot.pages.service import PagesService
from storage import catalog, checks
from storage.connection import Connection
from storage.records import Check, Resource
from tests.discord_sim import World, button_id, buttons_of, texts_of
from tests.pages.hostile import PAGE, Hostile, hostile_server

COPY = "https://web.archive.org/web/2020/https://x.example/"


@pytest.fixture
async def hostile() -> AsyncIterator[Hostile]:
    async with hostile_server() as opened:
        said = {
            "archived_snapshots": {"closest": {"url": COPY.replace("https://web", "http://web")}}
        }
        opened.says("/archive", json.dumps(said), headers={"Content-Type": "application/json"})
        yield opened


@pytest.fixture
async def site(lenient_world: World, hostile: Hostile) -> AsyncIterator[World]:
    reader = Reader()
    fresh = lenient_world.app.services.fresh
    object.__setattr__(fresh, "pages", PagesService(hostile.fetcher(), reader))
    object.__setattr__(fresh, "archive", hostile.url("/archive?url="))
    yield lenient_world
    await reader.close()


async def put(world: World, url: str, title: str = "A page", days: int = 0, **more: Any) -> int:
    now = world.app.clock().timestamp() - 86_400 * days
    resource = Resource(
        guild_id=world.guild.id,
        kind="article",
        title=title,
        url=url,
        published_at=now,
        created_at=now,
        updated_at=now,
        **more,
    )
    return await world.app.database.write(lambda conn: catalog.add(conn, resource))


async def tick(world: World, days: float = 20) -> None:
    await world.env.advance_time(86_400 * days)
    (job,) = (job for job in make_jobs(world.app, world.client) if job.name == "checks")
    await job.run(world.env.now())
    await world.env.settle()


async def known(world: World, number: int) -> Check:
    async with world.app.database.read() as conn:
        found = await checks.one(conn, world.guild.id, number)
    assert found is not None
    return found


async def test_a_link_that_works_is_asked_for_its_head_only_from_then_on(
    site: World, hostile: Hostile
) -> None:
    methods = []

    async def page(request: web.Request) -> web.StreamResponse:
        methods.append(request.method)
        return web.Response(text=PAGE, content_type="text/html", headers={"ETag": '"a"'})

    hostile.pages["/a"] = page
    number = await put(site, hostile.url("/a"))
    await tick(site, 0)  # enrolled: its turn comes within two weeks
    assert methods == []
    await tick(site)
    await tick(site)
    assert methods == ["HEAD", "GET", "HEAD"]
    assert (await known(site, number)).state == "ok"


async def way_to(world: World, links: LinksService, number: int) -> str | None:
    """Return the address that a new card of a resource carries."""

    async def job(conn: Connection) -> str | None:
        found = await catalog.by_ids(conn, world.guild.id, [number])
        wanted = [found[number]]
        (shown,) = await links.show(conn, world.guild.id, world.alice.id, wanted, "search", arm="x")
        return shown.url

    return await world.app.database.write(job)


async def test_a_page_that_died_is_broken_after_two_looks_and_its_copy_is_offered(
    site: World, hostile: Hostile
) -> None:
    number = await put(site, hostile.url("/gone"), "Lost page")
    await site.moderator.slash(site.channel, "share", resource="Lost page")
    card = site.channel.last_message
    await tick(site, 0)
    await tick(site)
    assert (await known(site, number)).state == "unknown"
    await tick(site, 2)
    found = await known(site, number)
    assert (found.state, found.archived_url, found.status) == ("broken", COPY, 404)
    opened = await site.alice.click(card, custom_id=button_id(card, cards.PUBLIC_OPEN_TEMPLATE))
    assert "archived copy" in texts_of(opened.response)
    assert COPY in {button.url for button in buttons_of(opened.response)}
    links = replace(site.app.services.links, public_root="https://lyceum.example")
    assert await way_to(site, links, number) is None  # Open answers, with the copy
    hostile.says("/gone", PAGE)
    await tick(site)
    assert (await known(site, number)).state == "ok"
    assert "/r/" in (await way_to(site, links, number) or "")


async def test_what_members_doubt_is_looked_at_at_once(site: World, hostile: Hostile) -> None:
    number = await put(site, hostile.url("/gone"))
    now = site.app.clock().timestamp()
    await site.app.database.write(lambda conn: checks.ask(conn, site.guild.id, number, now))
    await tick(site, 0)
    assert (await known(site, number)).state == "broken"


@pytest.mark.parametrize(
    ("path", "state"), [("/soft", "unknown"), ("/front", "unknown"), ("/moved", "moved")]
)
async def test_pages_that_only_seem_to_be_there(
    site: World, hostile: Hostile, path: str, state: str
) -> None:
    hostile.says("/soft", "<title>Page not found</title>")
    hostile.says("/", PAGE)
    hostile.says("/new", PAGE)
    hostile.leads("/front", "/")
    hostile.leads("/moved", "/new")
    number = await put(site, hostile.url(path))
    await site.moderator.slash(site.channel, "resource check", resource="A page")
    found = await known(site, number)
    assert found.state == state and bool(found.problem) == (state == "unknown")


async def test_of_one_host_one_link_is_asked_for_in_a_round(site: World, hostile: Hostile) -> None:
    hostile.says("/1", PAGE)
    hostile.says("/2", PAGE)
    await put(site, hostile.url("/1"))
    await put(site, hostile.url("/2"))
    await put(site, hostile.url("/2", host="other.example"))
    await tick(site, 0)
    await tick(site)
    asked = {one.partition("/")[0] for one in hostile.asked if "robots" not in one}
    assert asked == {"site.example", "other.example"}
    assert (
        len(
            {
                one
                for one in hostile.asked
                if one.startswith("site.example/") and "robots" not in one
            }
        )
        == 1
    )


async def test_moderators_review_what_is_old_and_what_is_broken(
    site: World, hostile: Hostile
) -> None:
    old = await put(site, hostile.url("/old"), "An old one", days=900)
    await put(site, hostile.url("/new"), "A new one", days=10)
    shown = await site.moderator.slash(site.channel, "resource review")
    said = texts_of(shown.response)
    assert "An old one" in said and "A new one" not in said
    one = await site.moderator.select(shown.response, [str(old)], custom_id="fresh:pick")
    kept = await site.moderator.click(one.response, custom_id=f"fresh:do:current:{old}")
    assert "current as of today" in texts_of(kept.response)
    none = await site.moderator.slash(site.channel, "resource review")
    assert "Nothing is due" in texts_of(none.response)
    await site.moderator.click(one.response, custom_id=f"fresh:do:check:{old}")
    again = await site.moderator.slash(site.channel, "resource review")
    assert "An old one" in texts_of(again.response)
    gone = await site.moderator.click(one.response, custom_id=f"fresh:do:retire:{old}")
    assert "Retired" in texts_of(gone.response)
    async with site.app.database.read() as conn:
        assert [r.title for r in await catalog.live(conn, site.guild.id)] == ["A new one"]
