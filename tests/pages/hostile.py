"""A server that tests reach under many names: some of its pages are honest, most are not.

Tests hand `Fetcher` a policy of their own, which knows this server and nothing else; nothing that
an operator sets can do the same.
"""

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.pages.fetch import Fetcher, Policy, is_public

PAGE = "<html><head><title>A page</title></head><body>Hello</body></html>"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Names(AbstractResolver):
    """Resolves names to what a test says, each time the next of a list; others to us."""

    def __init__(self, known: dict[str, list[str]]) -> None:
        self.known = known

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answers = self.known.get(host, ["127.0.0.1"])
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        if not address:
            raise OSError("no such name")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Nothing is open."""


class Hostile:
    """The server, what was asked of it, and fetchers that may reach it."""

    def __init__(self) -> None:
        self.pages: dict[str, Handler] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.robots: tuple[int, str] = (404, "")
        self.n_at_once = self.most_at_once = 0
        self.names: dict[str, list[str]] = {}
        self.port = 0
        self.is_tls = False

    def fetcher(self, *, request_s: float = 2.0, **more: Any) -> Fetcher:
        """Return a fetcher for which our loopback is a public address, the rest as it is."""
        policy = Policy(
            may_connect=lambda address: address == "127.0.0.1" or is_public(address),
            ports={"http": self.port, "https": self.port},
            resolver=lambda: Names(self.names),
            request_s=request_s,
            **more,
        )
        return Fetcher(policy)

    def strict(self) -> Fetcher:
        """Return a fetcher with our port and our names, but the addresses of everybody."""
        return Fetcher(Policy(ports={"http": self.port}, resolver=lambda: Names(self.names)))

    def url(self, path: str, host: str = "site.example") -> str:
        return f"{'https' if self.is_tls else 'http'}://{host}:{self.port}{path}"

    def says(self, path: str, body: str | bytes, **more: Any) -> str:
        """Serve a body as a page."""
        data = body.encode() if isinstance(body, str) else body
        headers = {"Content-Type": "text/html; charset=utf-8"} | more.pop("headers", {})

        async def page(request: web.Request) -> web.StreamResponse:
            return web.Response(body=data, headers=headers, **more)

        self.pages[path] = page
        return self.url(path)

    def leads(self, path: str, location: str, status: int = 302) -> str:
        async def page(request: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers={"Location": location})

        self.pages[path] = page
        return self.url(path)

    async def answer(self, asked: web.BaseRequest) -> web.StreamResponse:
        request: Any = asked
        self.asked.append(f"{request.host.split(':')[0]}{request.path_qs}")
        self.headers.append(dict(request.headers))
        self.n_at_once += 1
        self.most_at_once = max(self.most_at_once, self.n_at_once)
        try:
            if request.path == "/robots.txt":
                return web.Response(status=self.robots[0], text=self.robots[1])
            handler = self.pages.get(request.path)
            return await handler(request) if handler else web.Response(status=404)
        finally:
            self.n_at_once -= 1


@asynccontextmanager
async def hostile_server(certificate: Path | None = None) -> AsyncIterator[Hostile]:
    """Run the server on a free port."""
    hostile = Hostile()
    runner = web.ServerRunner(web.Server(hostile.answer), shutdown_timeout=0.1)
    await runner.setup()
    tls = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
        hostile.is_tls = True
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    assert site._server is not None
    hostile.port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    try:
        yield hostile
    finally:
        await runner.cleanup()


async def drip(
    request: web.Request, first: bytes, then: bytes, pause_s: float
) -> web.StreamResponse:
    """Send one piece and then others, without end."""
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    await response.write(first)
    while True:
        await asyncio.sleep(pause_s)
        await response.write(then)


def bomb(size: int) -> bytes:
    """Return few bytes that unpack to many."""
    return gzip.compress(b"<html><head><title>Bomb</title></head>" + b" " * size, 9)
