"""What monitors ask the web server: alive, ready to serve, and the metrics."""

import hmac
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.health import Health
from bot.metrics import CONTENT_TYPE, Meters
from bot.pulse import Pulse, readiness
from storage.database import Database

log = logging.getLogger(__name__)

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_HEADERS = {"Cache-Control": "no-store"}


def add(
    app: web.Application, database: Database, pulse: Pulse, meters: Meters, token: str | None
) -> None:
    """Add the routes: ``/healthz``, ``/readyz``, and ``/metrics`` where there is a token for it."""
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", _ready(database, pulse))
    if token:
        app.router.add_get("/metrics", _metrics(meters, token))


def add_page(app: web.Application, path: str, html: str) -> None:
    """Add a page that is the same for everybody."""

    async def page(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=html, content_type="text/html")

    app.router.add_get(path, page)


async def _alive(_request: web.Request) -> web.StreamResponse:
    """Answer: that the loop turns is all that is asked; who cannot write is not to be restarted."""
    return web.json_response({"status": "ok"}, headers=_HEADERS)


def _ready(database: Database, pulse: Pulse) -> _Handler:
    health = Health(database)

    async def ready(_request: web.Request) -> web.StreamResponse:
        checks = await readiness(pulse, database, health.is_well)
        is_ready = all(checks.values())
        return web.json_response(
            {"status": "ok" if is_ready else "unavailable", "checks": checks},
            status=200 if is_ready else 503,
            headers=_HEADERS,
        )

    return ready


def _metrics(meters: Meters, token: str) -> _Handler:
    wanted = f"Bearer {token}".encode()

    async def metrics(request: web.Request) -> web.StreamResponse:
        said = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(said, wanted):
            raise web.HTTPNotFound  # as where there are none
        body = await meters.text()
        return web.Response(body=body, headers=_HEADERS | {"Content-Type": CONTENT_TYPE})

    return metrics
