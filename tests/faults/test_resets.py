"""Answers of Discord that break off: after every single byte."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import discord
import discord.http
import pytest

from tests.patience import patient

ME = {"id": "1", "username": "lyceum", "discriminator": "0", "avatar": None, "bot": True}
PAGE = [{"id": "5", "content": "A message.", "author": ME}]


def answer(data: object) -> bytes:
    body = json.dumps(data).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


class Breaking:
    """A server that breaks its answers off after so many bytes; None for none."""

    def __init__(self) -> None:
        self.after: int | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        data = ME if b"/users/@me" in head else PAGE
        writer.write(answer(data)[: self.after])
        await writer.drain()
        writer.close()


@pytest.fixture
async def breaking() -> AsyncIterator[tuple[Breaking, int]]:
    made = Breaking()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    async with server:
        yield made, server.sockets[0].getsockname()[1]


async def test_an_answer_that_breaks_off_after_any_byte_is_an_error_and_never_half_a_page(
    breaking: tuple[Breaking, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, port = breaking
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://127.0.0.1:{port}")
    http = discord.http.HTTPClient(asyncio.get_running_loop())
    await http.static_login("token")
    try:
        for n_bytes in range(len(answer(PAGE))):
            server.after = n_bytes
            # What reading back takes for an outage: the channel is tried again.
            with pytest.raises((aiohttp.ClientError, OSError, discord.DiscordException)):
                async with asyncio.timeout(patient(5)):
                    await http.logs_from(1, 100)
        server.after = None
        found: object = await http.logs_from(1, 100)
        assert found == PAGE
    finally:
        await http.close()
