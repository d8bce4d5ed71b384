"""What every answer of the web server carries, and how often one visitor is answered."""

import ipaddress
import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.pace import Pace, Veil

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ADDRESS_A_MINUTE = 300
TOKEN_A_MINUTE = 60
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}
"""Unless an answer says otherwise itself."""
_SECURE = {"Strict-Transport-Security": "max-age=31536000"}
_FREE = {"/healthz", "/readyz", "/metrics"}
_OF_SHOPS = "/hooks/"
"""A shop sends everything from one address; who signs wrongly is refused by its reader."""
_TOKEN = re.compile(r"/r/([^/]{1,64})")


def add(app: web.Application, *, is_secure: bool, veil: Veil | None = None) -> None:
    """Put headers on every answer, and bounds before every handler.

    Parameters
    ----------
    is_secure
        Whether members reach the server by https.
    """
    addresses, tokens = Pace(ADDRESS_A_MINUTE), Pace(TOKEN_A_MINUTE)
    hidden = veil or Veil()
    headers = HEADERS | (_SECURE if is_secure else {})

    async def prepare(_request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = "lyceum"

    @web.middleware
    async def paced(request: web.Request, handler: _Handler) -> web.StreamResponse:
        if request.path in _FREE or request.path.startswith(_OF_SHOPS):
            return await handler(request)
        wait_s = addresses.wait_s(hidden.mark(visitor(request)))
        if found := _TOKEN.fullmatch(request.path):
            wait_s = max(wait_s, tokens.wait_s(found[1]))
        if wait_s:
            raise web.HTTPTooManyRequests(headers={"Retry-After": f"{wait_s:.0f}"})
        return await handler(request)

    app.on_response_prepare.append(prepare)
    app.middlewares.insert(0, paced)


def visitor(request: web.Request) -> str:
    """Return where a request comes from: what our own proxy says, else the other end."""
    peer = request.remote or ""
    try:
        is_ours = not ipaddress.ip_address(peer).is_global
    except ValueError:
        is_ours = False
    said = request.headers.get("X-Forwarded-For", "")
    return said.rpartition(",")[2].strip()[:64] or peer if is_ours else peer
