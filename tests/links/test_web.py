"""The web server as browsers, previewers and monitors meet it, over a real socket."""

import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.links import routes
from bot.links.service import LinksService, Shown
from storage import catalog, members
from storage.database import Database
from storage.records import EventKind, Resource
from tests.links.rows import impressions_of, opens_of

GUILD, ALICE = 7, 42
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
URL = "https://example.org/read?a=1&b=%E8%B7%AF#part"


@dataclass
class Site:
    """A running web server, the clock it goes by, and a browser."""

    database: Database
    links: LinksService
    browser: aiohttp.ClientSession
    root: str
    now: datetime

    async def show(self, url: str = URL) -> Shown:
        """Show a resource to Alice ten seconds ago."""

        async def job(conn: Any) -> Shown:
            resource = Resource(guild_id=GUILD, kind="article", title="Reading", url=url)
            number = await catalog.add(conn, resource)
            stored = replace(resource, resource_id=number)
            (shown,) = await self.links.show(
                conn, GUILD, ALICE, [stored], "recommend", arm="als", snapshot_id=3
            )
            return shown

        shown = await self.database.write(job)
        self.now += timedelta(seconds=10)
        return shown

    async def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, Any, str]:
        """Return status, headers and text; redirects are not followed."""
        async with self.browser.request(
            method, self.root + path, headers=BROWSER | headers, allow_redirects=False
        ) as answer:
            return answer.status, answer.headers, await answer.text()


async def roles_in(guild_id: int, user_id: int) -> list[int]:
    """Say that the member has no role; asked only where a resource needs one."""
    return []


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture
async def site(database: Database) -> AsyncIterator[Site]:
    hold: list[Site] = []
    links = LinksService(database, lambda: hold[0].now, "https://learn.example/x")
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    async with (
        serving(routes.make(links, roles_in)) as root,
        aiohttp.ClientSession() as browser,
    ):
        hold.append(Site(database=database, links=links, browser=browser, root=root, now=start))
        yield hold[0]


def path_of(shown: Shown) -> str:
    assert shown.url is not None
    assert shown.url.startswith("https://learn.example/x/r/")
    return shown.url.removeprefix("https://learn.example/x")


async def test_following_a_link_leads_to_the_catalogues_page_and_is_an_open(site: Site) -> None:
    shown = await site.show()
    status, headers, _ = await site.get(path_of(shown))
    assert (status, headers["Location"]) == (302, URL)
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    (opened,) = await opens_of(site.database)
    now = site.now.timestamp()
    assert (opened.kind, opened.user_id, opened.guild_id) == (EventKind.OPEN, ALICE, GUILD)
    assert (opened.source_id, opened.qualifier) == (shown.impression_id, int(now))
    assert (opened.resource_id, opened.occurred_at) == (shown.resource.resource_id, now)
    (seen,) = await impressions_of(site.database)
    assert (seen.surface, seen.position, seen.snapshot_id, seen.arm) == ("recommend", 1, 3, "als")


async def test_a_repeat_inside_ten_minutes_counts_once(site: Site) -> None:
    path = path_of(await site.show())
    for wait_s, expected in ((0, 1), (1, 1), (598, 1), (2, 2)):
        site.now += timedelta(seconds=wait_s)
        assert (await site.get(path))[0] == 302
        assert len(await opens_of(site.database)) == expected


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        (
            "GET",
            {"User-Agent": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"},
        ),
        ("GET", {"Sec-Purpose": "prefetch;prerender"}),
        ("GET", {"Purpose": "prefetch"}),
    ],
)
async def test_machines_are_redirected_but_not_counted(
    site: Site, method: str, headers: dict[str, str]
) -> None:
    path = path_of(await site.show())
    status, given, _ = await site.get(path, method, **headers)
    assert (status, given["Location"]) == (302, URL)
    assert await opens_of(site.database) == []


async def test_a_hit_within_two_seconds_is_suspect(site: Site) -> None:
    path = path_of(await site.show())
    site.now -= timedelta(seconds=8.5)
    assert (await site.get(path))[0] == 302
    assert await opens_of(site.database) == []


@pytest.mark.parametrize(
    "path",
    [
        "/r/",
        "/r/short",
        "/r/" + "A" * 22,
        "/r/..%2f..%2fetc",
        "/r/%00",
        "/",
        "/r/a?url=https://bad.org",
    ],
)
async def test_an_unknown_address_gets_a_small_page_in_both_languages(
    site: Site, path: str
) -> None:
    status, headers, text = await site.get(path)
    assert status == 404
    assert "This link has expired or never existed" in text and "这个链接已失效" in text
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Location" not in headers
    assert "http" not in text.replace("https://bad.org", "http") and "src=" not in text
    assert len(text) < 4000


async def test_an_expired_link_leads_nowhere(site: Site) -> None:
    path = path_of(await site.show())
    site.now += timedelta(days=90)
    assert (await site.get(path))[0] == 404


async def test_a_retired_resource_leads_nowhere(site: Site) -> None:
    shown = await site.show()
    retired = replace(shown.resource, state="retired")
    await site.database.write(lambda conn: catalog.change(conn, retired))
    assert (await site.get(path_of(shown)))[0] == 404
    assert await opens_of(site.database) == []


async def test_a_target_outside_ascii_is_sent_encoded(site: Site) -> None:
    shown = await site.show("https://example.org/路\r\nSet-Cookie: x")
    status, headers, _ = await site.get(path_of(shown))
    assert status == 302
    assert headers["Location"] == "https://example.org/%E8%B7%AF%0D%0ASet-Cookie:%20x"
    assert "Set-Cookie" not in headers


async def test_members_who_are_not_tracked_get_the_page_itself_and_leave_no_trace(
    site: Site,
) -> None:
    before = await site.show()
    await site.database.write(
        lambda conn: members.change_member(conn, GUILD, ALICE, 0.0, is_tracked=False)
    )
    assert (await site.get(path_of(before)))[0] == 302
    after = await site.show("https://example.org/other")
    assert after.url == "https://example.org/other"
    assert await opens_of(site.database) == []
    assert len(await impressions_of(site.database)) == 1


async def test_no_address_of_a_visitor_is_logged(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await site.get(path_of(await site.show()))
    await site.get("/r/nothing")
    assert "127.0.0.1" not in caplog.text


async def test_a_server_that_cannot_write_still_leads_on(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    path = path_of(await site.show())
    async with site.database._writer.engine.connect() as conn:
        await conn.exec_driver_sql("PRAGMA query_only=ON")
    assert (await site.get(path))[0] == 302
    assert "an open could not be stored" in caplog.text


async def test_a_writer_that_is_kept_waiting_loses_no_open(site: Site) -> None:
    path = path_of(await site.show())
    with closing(sqlite3.connect(site.database.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert (await site.get(path))[0] == 302
        other.rollback()
    await site.database.write(lambda conn: conn.exec_driver_sql("SELECT 1"))
    assert len(await opens_of(site.database)) == 1


async def test_a_defect_is_a_page_of_ours_and_logged_without_the_peer(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def broken_clock() -> datetime:
        raise RuntimeError("the clock stopped")

    links = LinksService(database, broken_clock, "https://learn.example/x")
    async with (
        serving(routes.make(links, roles_in)) as root,
        aiohttp.ClientSession() as browser,
    ):
        async with browser.get(f"{root}/r/{'A' * 22}") as answer:
            assert answer.status == 500
            assert "这不是你的错" in await answer.text()
    assert "the clock stopped" in caplog.text and "127.0.0.1" not in caplog.text
