"""Pages are asked for safely: each hostile server ends in a sentence or a clean answer."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.errors import UserError
from bot.pages.fetch import BODY_MAX, Fetcher, is_public
from tests.pages.hostile import PAGE, Hostile, bomb, drip, hostile_server

DENIED = sorted(
    "0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 192.0.0.1"
    " 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1"
    " 255.255.255.255 :: ::1 ::ffff:10.0.0.1 ::ffff:127.0.0.1 ::7f00:1 64:ff9b::7f00:1"
    " 64:ff9b::a00:1 64:ff9b:1::1 100::1 2001:db8::1 2002:7f00:1:: 2002:c0a8:101:: fc00::1 fd00::1"
    " fe80::1 fec0::1 ff02::1 2001::1".split()
)
ALLOWED = sorted("1.1.1.1 8.8.8.8 93.184.216.34 2606:4700::1111 2a00:1450:4001::1".split())
NO_ADDRESS = [
    ("javascript:alert(1)", "error-pages-address"),
    ("file:///etc/passwd", "error-pages-address"),
    ("ftp://site.example/a", "error-pages-address"),
    ("data:text/html,x", "error-pages-address"),
    ("gopher://site.example/", "error-pages-address"),
    ("//site.example/a", "error-pages-address"),
    ("https://", "error-pages-address"),
    ("http://2130706433/", "error-pages-address"),
    ("http://0177.0.0.1/", "error-pages-address"),
    ("http://0x7f.1/", "error-pages-address"),
    ("http://127.1/", "error-pages-address"),
    ("http://[fe80::1%25eth0]/", "error-pages-address"),
    ("https://user:pass@site.example/", "error-pages-credentials"),
    ("https://site.example:22/", "error-pages-port"),
    ("http://site.example:443/", "error-pages-port"),
    ("https://site.example/" + "a" * 10_000, "error-pages-long"),
]


@pytest.fixture
async def hostile() -> AsyncIterator[Hostile]:
    async with hostile_server() as opened:
        yield opened


async def refused(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(UserError) as caught:
        await fetcher.fetch(url)
    return caught.value.key


@pytest.mark.parametrize("address", DENIED)
def test_what_is_not_of_the_internet_is_not_connected_to(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ALLOWED)
def test_what_is_of_the_internet_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(("url", "key"), NO_ADDRESS)
async def test_what_is_no_address_of_a_page_is_not_asked_for(url: str, key: str) -> None:
    assert await refused(Fetcher(), url) == key


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"])
async def test_an_address_written_out_is_checked_too(host: str) -> None:
    assert await refused(Fetcher(), f"http://{host}/") == "error-pages-private"


async def test_an_honest_page_is_fetched_with_an_honest_name(hostile: Hostile) -> None:
    url = hostile.says("/a", PAGE, headers={"Set-Cookie": "track=1", "Content-Language": "en"})
    fetcher = hostile.fetcher()
    answer = await fetcher.fetch(url + "#part")
    assert answer.body == PAGE.encode() and answer.url == url
    assert (answer.content_type, answer.charset, answer.language) == ("text/html", "utf-8", "en")
    await fetcher.fetch(url)
    assert all("Cookie" not in headers for headers in hostile.headers)
    assert hostile.headers[-1]["User-Agent"].startswith("Lyceum/1.0 (")
    assert hostile.asked == ["site.example/robots.txt", "site.example/a", "site.example/a"]


async def test_a_name_that_stands_for_a_private_address_is_not_followed(hostile: Hostile) -> None:
    hostile.says("/a", PAGE)
    assert await refused(hostile.strict(), hostile.url("/a")) == "error-pages-private"
    assert hostile.asked == []


async def test_a_name_that_changes_what_it_stands_for_leads_nowhere(hostile: Hostile) -> None:
    hostile.says("/a", PAGE)
    hostile.names["site.example"] = ["127.0.0.1", "10.0.0.1"]
    fetcher = hostile.fetcher()
    assert await refused(fetcher, hostile.url("/a")) == "error-pages-private"
    assert hostile.asked == ["site.example/robots.txt"]


async def test_a_name_that_nobody_has_is_said_so(hostile: Hostile) -> None:
    hostile.names["site.example"] = [""]
    assert await refused(hostile.fetcher(), hostile.url("/a")) == "error-pages-name"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_and_checked(hostile: Hostile, status: int) -> None:
    hostile.says("/b", PAGE)
    hostile.leads("/a", "/b#x", status)
    answer = await hostile.fetcher().fetch(hostile.url("/a"))
    assert answer.url == hostile.url("/b")


@pytest.mark.parametrize(
    ("location", "key"),
    [
        ("http://10.0.0.1:{port}/", "error-pages-private"),
        ("http://inside.example:{port}/", "error-pages-private"),
        ("http://inside.example/", "error-pages-port"),
        ("file:///etc/passwd", "error-pages-address"),
        ("javascript:alert(1)", "error-pages-address"),
        ("http://ada@site.example:{port}/", "error-pages-credentials"),
        ("http://[::1", "error-pages-address"),
        ("/a", "error-pages-redirects"),
    ],
)
async def test_redirects_lead_nowhere_else(hostile: Hostile, location: str, key: str) -> None:
    hostile.names["inside.example"] = ["192.168.0.1"]
    url = hostile.leads("/a", location.format(port=hostile.port))
    assert await refused(hostile.fetcher(), url) == key


async def test_a_body_ends_at_two_mebibytes(hostile: Hostile) -> None:
    url = hostile.says("/big", b"<html><head><title>Big</title></head>" + b"x" * (50 * 2**20))
    answer = await hostile.fetcher().fetch(url)
    assert len(answer.body) == BODY_MAX


async def test_a_compressed_bomb_unpacks_to_two_mebibytes(hostile: Hostile) -> None:
    url = hostile.says("/bomb", bomb(200 * 2**20), headers={"Content-Encoding": "gzip"})
    answer = await hostile.fetcher().fetch(url)
    assert len(answer.body) == BODY_MAX and b"Bomb" in answer.body


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
async def test_a_body_that_cannot_be_unpacked_is_said_so(hostile: Hostile, encoding: str) -> None:
    url = hostile.says("/a", b"not packed", headers={"Content-Encoding": encoding})
    assert await refused(hostile.fetcher(), url) == "error-pages-unreadable"


async def test_an_endless_body_is_read_as_far_as_its_head(hostile: Hostile) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        return await drip(request, b"<html><head><title>A</title></head>", b"<p>", 0.05)

    async def headless(request: web.Request) -> web.StreamResponse:
        return await drip(request, b"<html><head>", b"<meta>", 0.05)

    hostile.pages |= {"/endless": endless, "/headless": headless}
    fetcher = hostile.fetcher(request_s=0.6)
    answer = await fetcher.fetch(hostile.url("/endless"))
    assert answer.body.startswith(b"<html><head><title>A</title></head>")
    assert await refused(fetcher, hostile.url("/headless")) == "error-pages-slow"


async def test_a_server_that_says_nothing_is_given_up(hostile: Hostile) -> None:
    async def silent(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    hostile.pages["/silent"] = silent
    assert await refused(hostile.fetcher(request_s=0.3), hostile.url("/silent")) == (
        "error-pages-slow"
    )


@pytest.mark.parametrize("status", [401, 404, 410, 429, 500, 503])
async def test_an_error_is_named(hostile: Hostile, status: int) -> None:
    url = hostile.says("/a", PAGE, status=status)
    assert await refused(hostile.fetcher(), url) == "error-pages-status"


async def test_a_closed_port_is_said_so(hostile: Hostile) -> None:
    fetcher = hostile.fetcher()
    fetcher.policy.ports["http"] = 1
    assert await refused(fetcher, "http://site.example:1/") == "error-pages-unreachable"


async def test_robots_are_respected(hostile: Hostile) -> None:
    hostile.robots = (200, "User-agent: *\nDisallow: /private\n")
    url = hostile.says("/private/a", PAGE)
    fetcher = hostile.fetcher()
    assert await refused(fetcher, url) == "error-pages-robots"
    await fetcher.fetch(hostile.says("/open", PAGE))
    assert hostile.asked == ["site.example/robots.txt", "site.example/open"]


async def test_a_redirect_leads_past_no_robots(hostile: Hostile) -> None:
    hostile.robots = (200, "User-agent: lyceum\nDisallow: /private\n")
    hostile.says("/private/a", PAGE)
    url = hostile.leads("/a", "/private/a")
    assert await refused(hostile.fetcher(), url) == "error-pages-robots"


async def test_where_robots_cannot_be_asked_nothing_is(hostile: Hostile) -> None:
    hostile.robots = (503, "")
    assert await refused(hostile.fetcher(), hostile.says("/a", PAGE)) == "error-pages-status"
    assert hostile.asked == ["site.example/robots.txt"]


async def test_a_host_is_asked_one_thing_at_a_time(hostile: Hostile) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.05)
        return web.Response(text=PAGE, content_type="text/html")

    hostile.pages["/slow"] = slow
    fetcher = hostile.fetcher()
    await asyncio.gather(*(fetcher.fetch(hostile.url("/slow")) for _ in range(4)))
    assert hostile.most_at_once == 1
    hosts = [hostile.url("/slow", f"s{n}.example") for n in range(4)]
    await asyncio.gather(*map(fetcher.fetch, hosts))
    assert hostile.most_at_once > 1
    assert fetcher._turns == {}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate that no one vouches for, of another name."""
    pem = tmp_path / "site.pem"
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other.example".split()
    subprocess.run(
        [*made, "-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")],
        check=True,
        capture_output=True,
    )
    pem.write_bytes((tmp_path / "key.pem").read_bytes() + (tmp_path / "cert.pem").read_bytes())
    return pem


async def test_a_certificate_that_does_not_fit_is_refused(certificate: Path) -> None:
    async with hostile_server(certificate) as hostile:
        hostile.says("/a", PAGE)
        assert await refused(hostile.fetcher(), hostile.url("/a")) == "error-pages-certificate"
