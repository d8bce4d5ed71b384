"""The web server's door: visitors who take their time, or come in crowds."""

import asyncio
import contextlib
import logging
import os
import resource
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.web import Limits, PlaceError, connections_max, serving
from tests.patience import patient, turns
from tests.test_process import Process
from tests.wire import TOKEN, WireEnv, WireServer

ROOT = Path(__file__).parent.parent
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
SOON = Limits(room=8, head_s=0.3, answer_s=0.6, idle_s=0.9, linger_s=0.3, quiet_s=0.05)


@asynccontextmanager
async def site(limits: Limits) -> AsyncIterator[int]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="here" * 1_000)

    app = web.Application()
    app.router.add_route("*", "/", answer)
    async with serving(app, "127.0.0.1", 0, limits) as port:
        yield port


@contextlib.asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def ask(port: int, within_s: float = 5.0) -> int:
    timeout = aiohttp.ClientTimeout(total=patient(within_s))
    async with aiohttp.ClientSession(timeout=timeout) as session:
        async with session.get(f"http://127.0.0.1:{port}/") as answer:
            await answer.read()
            return answer.status


async def ended_after(reader: asyncio.StreamReader, within_s: float = 5.0) -> float:
    """Return after how long the server hung up; what it says before is read away."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(patient(within_s)):
            while await reader.read(65_536):
                pass
    return loop.time() - began


async def test_whoever_says_nothing_or_only_half_is_sent_away() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            for n in range(100):
                writer.write(f"X-{n}: y\r\n".encode())
                await asyncio.sleep(0.02)

    async with site(SOON) as port, AsyncExitStack() as stack:
        silent, _ = await stack.enter_async_context(connected(port))
        dripping, writer = await stack.enter_async_context(connected(port))
        writer.write(HEAD)
        task = asyncio.ensure_future(drip(writer))
        for ended in await asyncio.gather(ended_after(silent), ended_after(dripping)):
            assert SOON.head_s * 0.9 < ended < 2
        await task


async def test_a_connection_may_rest_between_requests_and_is_not_kept_for_ever() -> None:
    async with site(SOON) as port, connected(port) as (reader, writer):
        for _ in range(3):
            writer.write(HEAD + b"\r\n")
            await reader.readuntil(b"here" * 1_000)
            await asyncio.sleep(SOON.idle_s / 2)
        writer.write(HEAD)  # the next one never ends
        assert await ended_after(reader) < 2


async def test_a_body_that_nobody_asked_for_is_not_waited_for() -> None:
    async with site(SOON) as port, connected(port) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n" + b"x")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        assert await ended_after(reader) < 2


async def test_whoever_asks_and_never_reads_is_sent_away() -> None:
    async with site(SOON) as port:
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            deaf.connect(("127.0.0.1", port))
            deaf.setblocking(False)
            loop = asyncio.get_running_loop()
            with pytest.raises(ConnectionError):
                async with asyncio.timeout(patient(8)):
                    while True:
                        await loop.sock_sendall(deaf, (HEAD + b"\r\n") * 1_000)
        assert await ask(port) == 200


async def test_a_crowd_that_holds_connections_open_keeps_nobody_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    roomy = Limits(room=8, quiet_s=0.05)
    async with site(roomy) as port, AsyncExitStack() as stack:
        for _ in range(50):
            _, writer = await stack.enter_async_context(connected(port))
            writer.write(HEAD)
        for _ in range(5):
            assert await ask(port) == 200
    crowded = [r for r in caplog.records if "places are taken" in r.getMessage()]
    assert len(crowded) == 1
    assert "127.0.0.1" not in caplog.text


async def test_a_server_stops_though_somebody_holds_on() -> None:
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        async with site(Limits(room=8)) as port:
            for _ in range(4):
                _, writer = await stack.enter_async_context(connected(port))
                writer.write(HEAD)
            assert await ask(port) == 200
            began = loop.time()
        assert loop.time() - began < 3


async def test_a_place_that_is_taken_is_said_to_be() -> None:
    async with site(SOON) as port:
        with pytest.raises(PlaceError, match="in use"):
            async with serving(web.Application(), "127.0.0.1", port):
                pass


def test_visitors_get_a_part_of_the_files_only() -> None:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert 1 <= connections_max() <= min(256, soft // 4)


# --------------------------------------------------------------------- the whole process

FILES = 256


def few_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))


@pytest.mark.slow
async def test_800_slow_visitors_keep_neither_others_nor_the_gateway_off(tmp_path: Path) -> None:
    server = WireServer(WireEnv())
    await server.start()
    guild = server.env.create_guild("Wire")
    channel = guild.create_text_channel("general")
    member = guild.add_member(server.env.create_user("member"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = Process(
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.wire_cli", str(server.port), "run"),
            cwd=tmp_path,
            env=os.environ
            | {
                "PYTHONPATH": str(ROOT),
                "DISCORD_TOKEN": TOKEN,
                "DATABASE_PATH": "lyceum.sqlite3",
                "WEB_PORT": str(port),
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            preexec_fn=few_files,
        )
    )
    try:
        await process.says("bot is ready")
        async with AsyncExitStack() as stack:
            for _ in range(800):
                _, writer = await stack.enter_async_context(connected(port))
                writer.write(HEAD)
            assert await health(port) == 200
            server.forget_sessions()
            await server.drop_connections()
            server.env.backend.create_message(channel.id, member.id, "while all places are taken")
            await stored(tmp_path / "lyceum.sqlite3", 1)
            assert await health(port) == 200
        process.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.process.wait(), patient(15)) == 0
    finally:
        await process.kill()
        await server.stop()
    told = "\n".join(process.lines)
    assert "Traceback" not in told
    assert len(process.lines) < 60
    assert "places are taken" in told


async def stored(path: Path, wanted: int) -> None:
    found = -1
    async for _ in turns(20):
        with contextlib.closing(sqlite3.connect(path)) as connection:
            (found,) = connection.execute("SELECT count(*) FROM events").fetchone()
        if found == wanted:
            return
    raise AssertionError(f"{found} events, not {wanted}")


async def health(port: int) -> int:
    timeout = aiohttp.ClientTimeout(total=patient(10))
    async with aiohttp.ClientSession(timeout=timeout) as session:
        async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
            return answer.status


# ---------------------------------------------------------------------------- the end

HELD = """
import asyncio, logging, sys, time
from bot.run import _until_stopped
logging.basicConfig(level="INFO")
async def work():
    print("begun", flush=True)
    await asyncio.to_thread(time.sleep, 60)
asyncio.run(_until_stopped(work(), within_s=0.5))
"""


async def test_a_process_that_a_thread_holds_ends_all_the_same() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        HELD,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, said = await asyncio.wait_for(process.communicate(), patient(10))
    assert process.returncode == 0
    assert b"stopped" in said and b"something does not end" in said and b"Thread 0x" in said


async def test_a_server_stops_in_the_middle_of_a_flood_of_slow_visitors() -> None:
    loop = asyncio.get_running_loop()
    is_flooding = True

    async def flood(port: int) -> None:
        while is_flooding:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(HEAD + b"X: y\r\n" + b"\r\n" * (id(writer) % 2))

    async with AsyncExitStack() as stack:
        async with site(Limits(room=64)) as port:
            tasks = [asyncio.ensure_future(flood(port)) for _ in range(8)]
            stack.callback(lambda: [task.cancel() for task in tasks])
            await asyncio.sleep(1)
            began = loop.time()
        assert loop.time() - began < 6
        is_flooding = False
