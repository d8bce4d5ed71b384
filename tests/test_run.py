"""The web server of the real process, and visitors who send it anything but requests."""

import asyncio
import os
import re
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.patience import patient, turns
from tests.test_process import Process
from tests.wire import TOKEN, WireEnv, WireServer

ROOT = Path(__file__).parent.parent
VISITOR = "127.0.0.77"
"""Where the visitor comes from; the bot itself speaks of 127.0.0.1 only."""
ELSEWHERE = "203.0.113.9"
"""What a visitor's proxy says it stands for."""

GARBAGE = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
    b"hello\r\n\r\n",
    b"\r\n\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"G\x00T / HTTP/1.1\r\n\r\n",
    b"GET /r/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /r/" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\x00\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nX-Forwarded-For 203.0.113.9\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nX-Real-IP: 203.0.113.9" + b"9" * 20_000 + b"\r\n\r\n",
    b"GET http://[203.0.113.9 HTTP/1.1\r\nHost: [::\r\n\r\n",
    b"GET //203.0.113.9:x/r/a HTTP/1.1\r\nHost: 203.0.113.9:x:y\r\n\r\n",
    b"GET /r/a HTTP/1.1\r\nHost: x\r\nForwarded: for=203.0.113.9\r\n\r\n",
    b"GET /r/a HTTP/1.1\r\nHost: x\r\nCookie: 203.0.113.9=;;==\x7f\r\n\r\n",
    b"POST /r/a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n203.0.113.9",
    b"POST /r/a HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\n203.0.113.9",
    b"POST /r/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz203.0.113.9\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc",
    b"CONNECT 203.0.113.9:25 HTTP/1.1\r\nHost: 203.0.113.9\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: 203.0.113.9\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
)


def _may_come_from(address: str) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.bind((address, 0))
        return True
    return False


async def send(port: int, what: bytes, within_s: float = 0.5) -> bytes:
    """Send bytes as the visitor and return the answer, if there is one so soon."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(VISITOR, 0))
    with suppress(ConnectionError, TimeoutError):
        writer.write(what)
        await writer.drain()
        return await asyncio.wait_for(reader.read(4096), within_s)
    writer.close()
    return b""


@dataclass
class Running:
    """`lyceum run`, logging all it can, and the Discord it speaks to."""

    env: WireEnv
    port: int
    process: Process


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Running]:
    server = WireServer(WireEnv())
    await server.start()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": TOKEN,
        "DATABASE_PATH": "lyceum.sqlite3",
        "MESSAGE_CONTENT_INTENT": "true",
        "LOG_LEVEL": "DEBUG",
        "WEB_PORT": str(port),
    }
    process = Process(
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.wire_cli",
            str(server.port),
            "run",
            cwd=tmp_path,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
    )
    try:
        await process.says("bot is ready")
        yield Running(server.env, port, process)
    finally:
        await process.kill()
        await server.stop()


@pytest.mark.slow
@pytest.mark.skipif(not _may_come_from(VISITOR), reason=f"nobody can come from {VISITOR} here")
async def test_no_visitors_address_reaches_a_log(bot: Running) -> None:
    for garbage in GARBAGE:
        await send(bot.port, garbage)
    for n in range(0, len(GARBAGE[8]), 7):  # visitors who hang up in the middle
        _, writer = await asyncio.open_connection("127.0.0.1", bot.port, local_addr=(VISITOR, 0))
        writer.write(GARBAGE[8][:n])
        writer.close()
    health = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = await send(bot.port, health, patient(5))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert await bot.process.stop() == 0
    told = "\n".join(bot.process.lines)
    assert VISITOR not in told
    assert ELSEWHERE not in told
    assert "Traceback" not in told


@pytest.mark.slow
async def test_no_word_of_a_member_reaches_a_log(bot: Running, tmp_path: Path) -> None:
    guild = bot.env.create_guild("Talkers")
    channel = guild.create_text_channel("general")
    member = guild.add_member(bot.env.create_user("Xanthippe"))
    bot.env.backend.create_message(channel.id, member.id, "a word about wombats")
    async for _ in turns(10):
        with closing(sqlite3.connect(tmp_path / "lyceum.sqlite3")) as connection:
            if connection.execute("SELECT count(*) FROM events").fetchone() == (1,):
                break
    else:
        raise AssertionError("the message never arrived")
    await member.slash(channel, "profile interests", interests="marsupials")
    assert await bot.process.stop() == 0
    told = "\n".join(bot.process.lines)
    for word in ("wombats", "marsupials", "Xanthippe", TOKEN):
        assert word not in told


@pytest.mark.slow
async def test_a_log_that_is_no_terminal_has_whole_lines_with_dates(bot: Running) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{bot.port}/healthz") as answer:
            assert (await answer.json()) == {"status": "ok"}
    bot.process.process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(bot.process.process.wait(), patient(15)) == 0
    dated = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ (?:\[\w+\] )?[\w.]+: ")
    assert [line for line in bot.process.lines if not dated.match(line)] == []
