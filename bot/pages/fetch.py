"""Asks strangers' servers for a page: public addresses only, within bounds, and as robots may.

The address is checked where a socket is made for it, so that neither a name that changes what it
stands for nor a redirect leads anywhere else. What is asked of one host waits for what was asked of
it before.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from ssrfguard import DEFAULT_DENIED

from bot.errors import UserError
from bot.pages import robots
from bot.pages.rules import HOPS_MAX, RefusedAddressError, asked_for, next_hop

AGENT: Final = "Lyceum"
"""By which robots.txt names us."""
BODY_MAX: Final = 2 * 2**20
REQUEST_S: Final = 5.0
IN_ALL_S: Final = 15.0
"""With redirects, robots.txt and waiting for one's turn."""
ROBOTS_MAX: Final = 128 * 2**10
ROBOTS_LIFE_S: Final = 3_600.0
_BODY_SHARE = 0.8
"""Of the time of a request, so that what has arrived by then can still be used."""
_KNOWN_MAX = 500
_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.8,*/*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}


def is_public(address: str) -> bool:
    """Say whether an address is one of the internet, also where it stands for another one."""
    return not DEFAULT_DENIED.classify(address).blocked


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be asked; tests hand in one that reaches their own servers.

    ``resolver`` and ``tls`` None stand for the system's.
    """

    may_connect: Callable[[str], bool] = is_public
    ports: dict[str, int] = field(default_factory=lambda: {"http": 80, "https": 443})
    resolver: Callable[[], AbstractResolver] | None = None
    tls: ssl.SSLContext | None = None
    request_s: float = REQUEST_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How something is asked for.

    ``etag`` and ``modified`` are what was said of a version that is known: if it is of today, the
    answer's ``status`` is 304. Robots are not minded for what is put up to be fetched by programs.
    """

    method: Literal["GET", "HEAD"] = "GET"
    limit: int = BODY_MAX
    etag: str = ""
    modified: str = ""
    minds_robots: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: where in the end, its type, charset and language, and its body."""

    url: str
    content_type: str
    charset: str
    language: str
    body: bytes
    status: int = 200
    etag: str = ""
    modified: str = ""


_PAGE: Final = Asking()


class _ForbiddenError(OSError):
    """An address that is not connected to."""


class _RedirectError(Exception):
    """The server sends us on."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class Fetcher:
    """Fetches pages; one lives as long as the bot.

    Parameters
    ----------
    about
        Where somebody can read who asks, "" for nowhere.
    """

    def __init__(self, policy: Policy | None = None, about: str = "") -> None:
        self.policy = policy or Policy()
        said = f"; +{about}" if about else ""
        self._agent = f"{AGENT}/1.0 (reads what a page says of itself, for a Discord server{said})"
        self._turns: dict[str, _Turn] = {}
        self._robots: dict[str, tuple[float, str]] = {}

    async def fetch(self, url: str, asking: Asking = _PAGE) -> Answer:
        """Return what is at an address.

        Raises
        ------
        UserError
            Why it is not asked for, or what came of it.
        """
        try:
            async with asyncio.timeout(IN_ALL_S):
                return await self._follow(asked_for(url, self.policy.ports), asking)
        except RefusedAddressError as error:
            raise UserError(error.key) from error
        except TimeoutError as error:
            raise UserError("error-pages-slow") from error

    async def _follow(self, url: str, asking: Asking) -> Answer:
        for _ in range(HOPS_MAX + 1):
            try:
                async with self._turn(_origin(url)):
                    if asking.minds_robots and not await self._may_fetch(url):
                        raise UserError("error-pages-robots")
                    return await self._request(url, asking)
            except _RedirectError as redirect:
                url = next_hop(url, redirect.location, self.policy.ports)
        raise UserError("error-pages-redirects")

    @asynccontextmanager
    async def _turn(self, origin: str) -> AsyncIterator[None]:
        """Let nobody else ask a host meanwhile."""
        turn = self._turns.setdefault(origin, _Turn())
        turn.n_waiting += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.n_waiting -= 1
            if not turn.n_waiting:
                del self._turns[origin]

    async def _may_fetch(self, url: str) -> bool:
        parts, origin, now = urlsplit(url), _origin(url), asyncio.get_running_loop().time()
        until, text = self._robots.get(origin, (0.0, ""))
        if until <= now:
            text = await self._rules_of(origin)
            if len(self._robots) >= _KNOWN_MAX:
                self._robots.clear()
            self._robots[origin] = (now + ROBOTS_LIFE_S, text)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return robots.may_fetch(text, AGENT, target)

    async def _rules_of(self, origin: str) -> str:
        """Return a site's robots.txt, "" where it has none (RFC 9309, 2.3.1)."""
        url = f"{origin}/robots.txt"
        for _ in range(HOPS_MAX + 1):
            try:
                answer = await self._request(url, Asking(limit=ROBOTS_MAX))
            except _RedirectError as redirect:
                url = next_hop(url, redirect.location, self.policy.ports)
            except UserError as error:
                if error.key == "error-pages-status" and int(error.params["status"]) < 500:
                    return ""
                raise
            else:
                return answer.body.decode("utf-8", "replace")
        return ""

    async def _request(self, url: str, asking: Asking) -> Answer:
        """Ask once, following nothing."""
        forbidden: list[str] = []
        try:
            async with asyncio.timeout(self.policy.request_s), self._session(forbidden) as session:
                return await self._answer(session, url, asking)
        except TimeoutError as error:
            raise UserError("error-pages-slow") from error
        except aiohttp.ClientSSLError as error:
            raise UserError("error-pages-certificate") from error
        except aiohttp.ClientConnectorDNSError as error:
            raise UserError("error-pages-name") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            is_private = bool(forbidden) or isinstance(error, _ForbiddenError)
            key = "error-pages-private" if is_private else "error-pages-unreachable"
            raise UserError(key) from error

    async def _answer(self, session: aiohttp.ClientSession, url: str, asking: Asking) -> Answer:
        known = {"If-None-Match": asking.etag, "If-Modified-Since": asking.modified}
        headers = {name: value for name, value in known.items() if value.isprintable() and value}
        async with session.request(
            asking.method, url, allow_redirects=False, headers=headers
        ) as response:
            location = response.headers.get("Location", "")
            if response.status in _REDIRECTS and location:
                raise _RedirectError(location)
            is_same = response.status == 304 and bool(headers)
            if not 200 <= response.status < 300 and not is_same:
                wait_s = _wait_s(response.headers.get("Retry-After", ""))
                raise UserError("error-pages-status", status=response.status, retry_s=wait_s)
            within_s = self.policy.request_s * _BODY_SHARE
            is_empty = is_same or asking.method == "HEAD"
            return Answer(
                url=url,
                content_type=response.content_type.lower(),
                charset=response.charset or "",
                language=response.headers.get("Content-Language", ""),
                body=b"" if is_empty else await _body(response, asking.limit, within_s),
                status=response.status,
                etag=response.headers.get("ETag", ""),
                modified=response.headers.get("Last-Modified", ""),
            )

    def _session(self, forbidden: list[str]) -> aiohttp.ClientSession:
        """Return a session for one request, which notes what it does not connect to."""

        def socket_for(address_info: Any) -> Any:
            family, kind, protocol, _, address = address_info
            if not self.policy.may_connect(str(address[0])):
                forbidden.append(str(address[0]))
                raise _ForbiddenError("not a public address")
            return socket.socket(family=family, type=kind, proto=protocol)

        resolver = self.policy.resolver() if self.policy.resolver else None
        connector = aiohttp.TCPConnector(
            socket_factory=socket_for,
            resolver=resolver,
            ssl=self.policy.tls or True,
            use_dns_cache=False,
            force_close=True,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_HEADERS | {"User-Agent": self._agent},
            auto_decompress=False,
            trust_env=False,
        )


@dataclass(slots=True)
class _Turn:
    """Who asks a host now, and how many do or wait."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    n_waiting: int = 0


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _wait_s(said: str) -> int:
    """Return for how many seconds a server asks to be left alone; a date is none here."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 0


async def _body(response: aiohttp.ClientResponse, limit: int, within_s: float) -> bytes:
    """Return a body's first `limit` bytes; where its end is not to be had, what is there."""
    unpacked = _Unpacked(response.headers.get("Content-Encoding", "").strip().lower(), limit)
    try:
        async with asyncio.timeout(within_s):
            async for chunk in response.content.iter_chunked(16_384):
                if not unpacked.take(chunk):
                    break
    except (TimeoutError, aiohttp.ClientPayloadError):
        if b"</head" not in unpacked.body.lower():
            raise
    return bytes(unpacked.body)


class _Unpacked:
    """A body that may be compressed, up to a limit that is kept while it is unpacked."""

    def __init__(self, encoding: str, limit: int) -> None:
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise UserError("error-pages-unreadable")
        self.body = bytearray()
        self._limit = limit
        is_plain = encoding in ("", "identity")
        self._inflate = None if is_plain else zlib.decompressobj(zlib.MAX_WBITS | 32)

    def take(self, chunk: bytes) -> bool:
        """Add what arrived; return whether there is room for more."""
        room = self._limit - len(self.body)
        if self._inflate is None:
            self.body += chunk[:room]
        else:
            try:
                self.body += self._inflate.decompress(chunk, room)
            except zlib.error as error:
                raise UserError("error-pages-unreadable") from error
        return len(self.body) < self._limit
