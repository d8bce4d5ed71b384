"""How often somebody may ask, of the bot and of the web server, and what every answer carries."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot import guard
from bot.pace import KEYS_MAX, Pace, Veil
from bot.web import serving
from tests.discord_sim import open_world, texts_of


def test_a_minute_has_so_many_and_the_next_one_again() -> None:
    now = [30.0]
    pace = Pace(2, clock=lambda: now[0])
    assert [pace.wait_s("a") for _ in range(3)] == [0, 0, 30]
    assert pace.wait_s("b") == 0
    now[0] = 60.0
    assert pace.wait_s("a") == 0


def test_what_is_remembered_is_bounded() -> None:
    pace = Pace(1, clock=lambda: 0.0)
    assert not any(pace.wait_s(n) for n in range(KEYS_MAX))
    assert [bool(pace.wait_s(-n)) for n in (1, 2, 3)] == [False, True, True]
    assert len(pace._counts) == KEYS_MAX + 1


def test_without_a_bound_nothing_is_counted() -> None:
    assert not any(Pace(0).wait_s("a") for _ in range(100))


def test_a_mark_tells_no_address() -> None:
    assert Veil().mark("203.0.113.9") != Veil().mark("203.0.113.9")
    veil = Veil()
    assert veil.mark("203.0.113.9") == veil.mark("203.0.113.9")


async def test_a_member_in_a_hurry_is_told_when_to_go_on_and_others_are_served(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path / "l.sqlite3", is_strict=False, commands_a_minute=3) as world:
        said = []
        for _ in range(4):
            result = await world.alice.slash(world.channel, "help")
            said.append(texts_of(result.response))
        assert "That was a lot at once" in said[3] and "lot at once" not in said[2]
        other = await world.bob.slash(world.channel, "help")
        assert "lot at once" not in texts_of(other.response)


@pytest.fixture
async def root() -> AsyncIterator[str]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="here")

    app = web.Application()
    for path in ("/", "/healthz", "/hooks/stripe", "/r/{token}"):
        app.router.add_get(path, answer)
    guard.add(app, is_secure=True)
    async with serving(app, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


async def test_every_answer_carries_the_headers_also_that_of_nothing(root: str) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/", "/nothing"):
            async with session.get(root + path) as answer:
                for name, value in guard.HEADERS.items():
                    assert answer.headers[name] == value
                assert answer.headers["Server"] == "lyceum"
                assert "max-age" in answer.headers["Strict-Transport-Security"]


async def test_one_address_has_a_bound_and_neither_others_nor_monitors_nor_shops_feel_it(
    root: str,
) -> None:
    async with aiohttp.ClientSession() as session:

        async def status(path: str, address: str) -> int:
            headers = {"X-Forwarded-For": f"10.0.0.1, {address}"}
            async with session.get(root + path, headers=headers) as answer:
                return answer.status

        statuses = [await status("/", "203.0.113.9") for _ in range(guard.ADDRESS_A_MINUTE + 5)]
        assert statuses[0] == 200 and statuses[-1] == 429
        assert await status("/", "203.0.113.8") == 200
        assert await status("/healthz", "203.0.113.9") == 200
        assert await status("/hooks/stripe", "203.0.113.9") == 200


async def test_one_link_has_a_bound(root: str) -> None:
    async with aiohttp.ClientSession() as session:
        statuses = []
        for n in range(guard.TOKEN_A_MINUTE + 5):
            headers = {"X-Forwarded-For": f"203.0.113.{n}"}
            async with session.get(f"{root}/r/abc", headers=headers) as answer:
                statuses.append(answer.status)
        assert statuses[0] == 200 and statuses[-1] == 429
