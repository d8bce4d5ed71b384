"""The web server's redirects: ``/r/{token}``.

No address of a visitor is stored or logged: whoever runs the application starts it without an
access log, and errors are logged here, before aiohttp would name the peer.
"""

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from aiohttp import web

from bot.errors import UserError
from bot.links import views
from bot.links.service import LinksService, RolesIn

log = logging.getLogger(__name__)

_URL_SAFE = "!#$%&'()*+,/:;=?@[]~"
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_PAGE_HEADERS = _HEADERS | {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
_CLOSED: dict[str, tuple[views.Page, int]] = {
    "error-membership-unsure": ("broken", 503),
    "error-links-sold": ("sold", 403),
    "error-links-unsold": ("sold", 403),
}
"""What a page says where a link must not lead on, other than that it is closed."""
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make(links: LinksService, roles_in: RolesIn) -> web.Application:
    """Build the web application; run it with ``access_log=None``.

    Parameters
    ----------
    roles_in
        Says which roles a member has in a guild, at the moment when a link is followed.
    """

    async def follow(request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        try:
            url = await links.follow(token, request.method, request.headers, roles_in)
        except UserError as error:
            name, status = _CLOSED.get(error.key, ("closed", 403))
            return _page(name, status)
        if url is None:
            return _page("missing", 404)
        # What came in by another way than the catalogue's checks may not be ASCII.
        target = quote(url, safe=_URL_SAFE)
        return web.Response(status=302, headers=_HEADERS | {"Location": target})

    app = web.Application(middlewares=[_tidy], client_max_size=1024)
    app.router.add_get("/r/{token}", follow)
    return app


@web.middleware
async def _tidy(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Answer whatever goes wrong with a page of ours, and log defects without the peer."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return _page("missing", 404)
    except web.HTTPException:
        raise
    except Exception:
        log.exception("a web request failed")
        return _page("broken", 500)


def _page(name: views.Page, status: int) -> web.Response:
    return web.Response(
        status=status, text=views.page(name), content_type="text/html", headers=_PAGE_HEADERS
    )
