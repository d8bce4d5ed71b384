"""The web server's door for shops: ``POST /hooks/{source}``.

The body is read as it comes, up to a bound, and proved before anything looks into it. What we store
is acknowledged; what we fail to store is answered with 5xx, so that the shop sends it again. No
secret, no body and no address of a visitor is logged.
"""

import logging
from typing import Final

from aiohttp import web

from bot.purchases.hearing import ADAPTERS, Hearing
from bot.purchases.sources import BODY_MAX, RefusedError

log = logging.getLogger(__name__)

_CHUNK: Final = 64 * 1024
_TOLD_EVERY_S: Final = 60.0
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Hooks:
    """Answers shops."""

    def __init__(self, hearing: Hearing) -> None:
        self.hearing = hearing
        self._told: dict[tuple[str, str], float] = {}

    def add_to(self, app: web.Application) -> None:
        """Give a web application the route."""
        app.router.add_post("/hooks/{source}", self.answer)

    async def answer(self, request: web.Request) -> web.Response:
        """Take in one message."""
        source = request.match_info["source"]
        try:
            said = await self.hearing.hear(source, request.headers, await _body(request))
        except RefusedError as error:
            self._tell(source, error.reason)
            return _response(error.status, "{}")
        except Exception as error:
            # Its words may hold what was sent.
            log.error("a message of %s could not be stored: %s", source, type(error).__name__)
            return _response(500, "{}")
        return _response(200, said)

    def _tell(self, source: str, reason: str) -> None:
        """Log that a message was refused, not more often than operators can read."""
        if source not in ADAPTERS:
            return
        now = self.hearing.clock().timestamp()
        if abs(now - self._told.get((source, reason), 0.0)) >= _TOLD_EVERY_S:
            self._told[source, reason] = now
            log.warning("a message for %s was refused: %s", source, reason)


async def _body(request: web.Request) -> bytes:
    """Return the body as it came.

    Raises
    ------
    RefusedError
        It is of another type than JSON, packed, or too large.
    """
    if request.content_type != "application/json" or "Content-Encoding" in request.headers:
        raise RefusedError(415, "type")
    if (request.content_length or 0) > BODY_MAX:
        raise RefusedError(413, "size")
    body = bytearray()
    async for chunk in request.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > BODY_MAX:
            raise RefusedError(413, "size")
    return bytes(body)


def _response(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, content_type="application/json", headers=_HEADERS)
