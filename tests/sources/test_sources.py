"""Sources from their first look to their quarantine, against a server of the tests' own."""

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from aiohttp import web
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot.app import make_jobs
from bot.pages.reader import Reader
from bot.pages.service import PagesService
from storage import catalog, sources, submissions
from storage.records import Source, Submission
from tests.discord_sim import World, open_channel, set_locale, staff_channel, texts_of
from tests.pages.hostile import Hostile, hostile_server
from tests.questions.scenes import Forum

XML = {"Content-Type": "application/rss+xml"}


def feed(*names: str) -> str:
    items = "".join(
        f"<item><title>{name}</title><link>https://doc.example/{name}</link>"
        f"<pubDate>Sat, 0{n + 1} Mar 2024 10:00:00 GMT</pubDate></item>"
        for n, name in enumerate(names)
    )
    return f"<rss><channel><title>News</title>{items}</channel></rss>"


@pytest.fixture
async def hostile() -> AsyncIterator[Hostile]:
    async with hostile_server() as opened:
        opened.says("/feed", feed("one", "two", "three"), headers=XML)
        yield opened


@pytest.fixture
async def site(lenient_world: World, hostile: Hostile) -> AsyncIterator[World]:
    reader = Reader()
    pages = PagesService(hostile.fetcher(), reader)
    services = lenient_world.app.services
    for holder in (services.submissions, services.sources, services.sources.looking):
        object.__setattr__(holder, "pages", pages)
    yield lenient_world
    await reader.close()


async def add(world: World, url: str, **options: Any) -> Any:
    return await world.moderator.slash(world.channel, "source add", url=url, **options)


async def tick(world: World, hours: int = 7) -> None:
    await world.env.advance_time(3_600 * hours)
    (job,) = (job for job in make_jobs(world.app, world.client) if job.name == "sources")
    await job.run(world.env.now())
    await world.env.settle()


async def stored(world: World) -> list[Submission]:
    async with world.app.database.read() as conn:
        found = [await submissions.one(conn, world.guild.id, n) for n in range(1, 40)]
    return [one for one in found if one is not None]


async def titles(world: World) -> list[str]:
    async with world.app.database.read() as conn:
        return sorted(one.title for one in await catalog.live(conn, world.guild.id))


async def known(world: World) -> Source:
    async with world.app.database.read() as conn:
        (one,) = await sources.of_guild(conn, world.guild.id)
    return one


async def test_a_feed_is_followed_and_what_comes_is_reviewed(site: World, hostile: Hostile) -> None:
    shown = await add(site, hostile.url("/feed"), tags="news", daily=2)
    said = texts_of(shown.response)
    assert "News" in said and "2 were taken now" in said
    assert sorted(one.title for one in await stored(site)) == ["three", "two"]
    assert {one.fields["tags"] for one in await stored(site)} == {"news"}
    queue = await site.moderator.slash(site.channel, "review")
    number = [str(one.submission_id) for one in await stored(site) if one.title == "two"]
    case = await site.moderator.select(queue.response, number, custom_id="submissions:queue")
    assert "📡 News" in texts_of(case.response)
    custom_id = f"submissions:case:publish:{number[0]}"
    await site.moderator.click(case.response, custom_id=custom_id)
    assert await titles(site) == ["two"]
    hostile.says("/feed", feed("one", "two", "three", "four"), headers=XML)
    await tick(site)
    assert len(await stored(site)) == 2  # two a day
    await tick(site, 24)
    assert [one.title for one in await stored(site)][2:] == ["four"]
    listed = await site.moderator.slash(site.channel, "source list")
    assert "showed 4 entries, 1 was taken" in texts_of(listed.response)


async def test_a_version_that_is_known_is_not_sent_again(site: World, hostile: Hostile) -> None:
    n_whole = 0

    async def conditional(request: web.Request) -> web.StreamResponse:
        nonlocal n_whole
        if request.headers.get("If-None-Match") == '"v1"':
            return web.Response(status=304)
        n_whole += 1
        return web.Response(text=feed("one"), headers=XML | {"ETag": '"v1"'})

    hostile.pages["/feed"] = conditional
    await add(site, hostile.url("/feed"))
    await tick(site)
    await tick(site)
    await tick(site)
    assert n_whole == 2 and (await known(site)).result == "sources-result-same"


async def test_trust_publishes_at_once_but_not_what_was_rejected_or_is_there(
    site: World, hostile: Hostile
) -> None:
    await add(site, hostile.url("/feed"), trust="publish")
    assert await titles(site) == ["one", "three", "two"]
    deciding = site.app.services.submissions.deciding
    hostile.says("/other", feed("one", "four"), headers=XML)
    await add(site, hostile.url("/other"))
    (four,) = (one for one in await stored(site) if one.state == "waiting")
    await deciding.reject(site.guild.id, site.moderator.id, four.submission_id, "no")
    hostile.says("/third", feed("four", "two"), headers=XML)
    await add(site, hostile.url("/third"), trust="publish")
    assert await titles(site) == ["one", "three", "two"]


async def test_trust_grows_with_approvals(site: World, hostile: Hostile) -> None:
    names = ("a", "b", "c", "d", "e")
    hostile.says("/feed", feed(*names), headers=XML)
    await add(site, hostile.url("/feed"), daily=20)
    deciding = site.app.services.submissions.deciding
    for one in await stored(site):
        await deciding.publish(site.guild.id, site.moderator.id, one.submission_id)
    hostile.says("/feed", feed(*names, "f"), headers=XML)
    await tick(site)
    assert "f" in await titles(site)


async def test_a_page_leads_to_its_feed_and_an_outage_makes_pauses(
    site: World, hostile: Hostile
) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    page = hostile.says("/blog", f"<html><head>{link}</head></html>")
    shown = await add(site, page)
    assert "News" in texts_of(shown.response)
    again = await add(site, hostile.url("/feed"))
    assert "followed already" in texts_of(again.response)
    hostile.says("/feed", "gone", status=500, headers=XML)
    before = (await known(site)).next_at
    await tick(site)
    failed = await known(site)
    assert failed.n_failures == 1 and failed.next_at - before > 10 * 3_600
    assert failed.state == "live"
    set_locale(site.moderator, "zh-CN")
    listed = await site.moderator.slash(site.channel, "source list")
    assert "500" in texts_of(listed.response)


async def test_what_misbehaves_rests_and_moderators_are_notified_once(
    site: World, hostile: Hostile
) -> None:
    staff = staff_channel(site)
    await site.moderator.slash(site.channel, "levels staff", channel=staff)
    await add(site, hostile.url("/feed"))
    hostile.says("/feed", "no more", status=410, headers=XML)
    await tick(site)
    await tick(site)
    assert (await known(site)).state == "quarantined"
    notices = [m for m in staff.history() if "quarantine" in texts_of(m)]
    assert len(notices) == 1
    hostile.says("/feed", feed("new"), headers=XML)
    await site.moderator.slash(site.channel, "source edit", source="News", paused=False)
    await tick(site, 1)
    assert (await known(site)).state == "live" and len(await stored(site)) == 4


async def test_a_flood_is_taken_for_trouble(site: World, hostile: Hostile) -> None:
    await add(site, hostile.url("/feed"))
    items = "".join(
        f"<item><title>t{n}</title><link>https://x.example/{n}</link></item>" for n in range(9_999)
    )
    hostile.says("/feed", f"<rss><channel>{items}</channel></rss>", headers=XML)
    await tick(site)
    assert (await known(site)).state == "quarantined" and len(await stored(site)) == 3


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/none", "<html><head><title>x</title></head></html>", "no feed"),
        ("/text", "hello", "no feed"),
        ("/missing", None, "error 404"),
    ],
)
async def test_what_is_no_source_is_refused_in_one_sentence(
    site: World, hostile: Hostile, path: str, body: str | None, said: str
) -> None:
    if body is not None:
        hostile.says(path, body)
    refused = await add(site, hostile.url(path))
    assert said in texts_of(refused.response)
    private = await add(site, "http://10.0.0.1/feed")
    assert "not on the public internet" in texts_of(private.response) or "port" in texts_of(
        private.response
    )


async def test_opml_comes_in_and_goes_out(site: World, hostile: Hostile) -> None:
    outlines = "".join(f'<outline text="F{n}" xmlUrl="{hostile.url(f"/f{n}")}"/>' for n in range(3))
    body = f'<opml version="2.0"><body>{outlines}<outline xmlUrl="javascript:x"/></body></opml>'
    done = await site.moderator.slash(
        site.channel, "source import", file=("feeds.opml", body.encode())
    )
    said = texts_of(done.response)
    assert "3 feeds are followed" in said and "not a web address" in said
    again = await site.moderator.slash(
        site.channel, "source import", file=("feeds.opml", body.encode())
    )
    assert "3 were followed already" in texts_of(again.response)
    out = await site.moderator.slash(site.channel, "source export")
    assert "3 feeds" in texts_of(out.response)
    refused = await site.moderator.slash(
        site.channel, "source import", file=("x.opml", b"\x00\xff[[[")
    )
    assert "not an OPML file" in texts_of(refused.response)


async def test_a_forum_is_followed_while_everybody_may_read_it(site: World) -> None:
    forum = site.guild.create_forum_channel("guides")
    await open_channel(site, forum)
    thread = await Forum(site, forum).ask(site.alice, "How to graph")
    shown = await site.moderator.slash(site.channel, "source forum", forum=forum, trust="publish")
    assert "How to graph" in texts_of(shown.response)
    assert await titles(site) == ["How to graph"]
    site.env.backend.delete_channel(thread.id)
    await site.env.settle()
    assert await titles(site) == []
    unseen = discord.Permissions(view_channel=True).value
    everyone = Overwrite(site.guild.default_role.id, OverwriteType.ROLE, 0, unseen)
    site.env.backend.set_overwrite(forum.id, everyone)
    await tick(site)
    assert (await known(site)).result == "error-sources-forum"


async def test_what_comes_of_a_source_is_of_its_kind(site: World, hostile: Hostile) -> None:
    shown = await add(site, hostile.url("/feed"), kind="video", daily=1)
    assert "video" in texts_of(shown.response)
    assert {one.fields["kind"] for one in await stored(site)} == {"video"}
    await site.moderator.slash(site.channel, "source edit", source="News", kind="page")
    await tick(site, 25)
    hostile.says("/feed", feed("one", "two", "three", "four"), headers=XML)
    await tick(site, 25)
    assert [one.fields["kind"] for one in await stored(site)] == ["video", "page"]
    await site.moderator.slash(site.channel, "source edit", source="News", kind="each")
    assert (await known(site)).makes is None


async def test_lists_and_repositories_of_an_opml_file_stay_what_they_are(site: World) -> None:
    raw = "https://raw.githubusercontent.com/ada/list/HEAD/README.md"
    body = (
        f'<opml><body><outline text="A" xmlUrl="{raw}"/>'
        '<outline text="B" xmlUrl="https://github.com/ada/engine/releases"/></body></opml>'
    )
    await site.app.services.sources.bring(site.guild.id, site.moderator.id, body.encode())
    async with site.app.database.read() as conn:
        found = await sources.of_guild(conn, site.guild.id)
    assert [(one.kind, one.url) for one in found] == [
        ("list", raw),
        ("feed", "https://github.com/ada/engine/releases.atom"),
    ]
