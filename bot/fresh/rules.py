"""What an answer says of a link, when it is looked at next, how long a kind is current. Pure."""

import math
from collections.abc import Mapping
from typing import Final, get_args
from urllib.parse import urlsplit

from bot import dates
from bot.addresses import page_key
from storage.records import CheckState, ResourceKind

EVERY_S: Final = 14 * dates.DAY_S
AGAIN_S: Final = dates.DAY_S
CLOSED_S: Final = 30 * dates.DAY_S
SURE: Final = 3
"""Looks in a row that must fail before a link is called broken."""
SURE_GONE: Final = 2
"""The same where the server says that there is no such page."""
_GONE: Final = frozenset({404, 410})
_NOT_FOR_US: Final = frozenset({401, 402, 403, 405, 406, 407, 408, 409, 425, 429, 451, 501, 503})
_CLOSED: Final = frozenset(
    {"error-pages-robots", "error-pages-private", "error-pages-port", "error-pages-address"}
    | {"error-pages-long", "error-pages-credentials"}
)
_THERE: Final = frozenset({"error-pages-type", "error-pages-unreadable"})
_UNASKED: Final = frozenset({"discord.com", "discord.gg", "discordapp.com"})
_NO_PAGE: Final = (
    *("404", "page not found", "not found", "page doesn't exist", "page does not exist"),
    *("no longer available", "page unavailable", "video unavailable", "error 404", "410 gone"),
    *(
        "页面不存在",
        "页面没有找到",
        "找不到页面",
        "找不到网页",
        "页面未找到",
        "内容不存在",
        "文章不存在",
    ),
    *(
        "您访问的页面",
        "你访问的页面",
        "頁面不存在",
        "找不到頁面",
        "已被删除",
        "已删除",
        "ページが見つかりません",
    ),
)
_TITLE_MAX = 60
_PRIOR_D: Final[Mapping[str, float]] = {
    "article": 540,
    "course": 720,
    "ebook": 1_440,
    "video": 720,
    "tool": 360,
    "page": 360,
    "thread": 270,
    "consultation": 360,
}
"""Days after which half of a kind is out of date, before anything is known of a server."""
_PRIOR_ENDS = 5.0


def is_asked(url: str) -> bool:
    """Say whether a link can be looked at at all: Discord shows nothing to strangers."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return host not in _UNASKED


def is_missing(title: str) -> bool:
    """Say whether a page that answers well says in its title that there is none."""
    low = " ".join(title.lower().split())
    if not low or len(low) > _TITLE_MAX:
        return False
    return any(low == sign or (len(sign) > 3 and sign in low) for sign in _NO_PAGE) or (
        low.startswith(("404 ", "404:", "404-")) or low.endswith((" 404", "(404)"))
    )


def is_front(url: str, landed: str) -> bool:
    """Say whether a page of a site has led to the site's front page."""
    asked, found = urlsplit(url), urlsplit(landed)
    was_deep = bool(asked.path.strip("/") or asked.query)
    return was_deep and not found.path.strip("/") and not found.query


def is_elsewhere(url: str, landed: str) -> bool:
    """Say whether a link leads to another page than it names."""
    return page_key(url) != page_key(landed)


def judged(key: str, status: int) -> CheckState | None:
    """Return what a failed look says, None where only further ones can tell.

    Parameters
    ----------
    key
        The text that says why, as `bot.pages` raises it.
    status
        The number that the server answered with, 0 for none.
    """
    if key in _THERE:
        return "ok"
    if key in _CLOSED or status in _NOT_FOR_US:
        return "closed"
    return None


def is_broken(status: int, n_failures: int, is_doubted: bool) -> bool:
    """Say whether a link is broken after so many failed looks in a row.

    ``is_doubted``: members said so, and the server agrees: one look is enough.
    """
    is_gone = status in _GONE
    if is_gone and (is_doubted or status == 410):
        return True
    return n_failures >= (SURE_GONE if is_gone else SURE)


def rest_s(state: CheckState, n_failures: int, luck: float) -> float:
    """Return for how long a link is left alone; ``luck`` from 0 to 1 spreads them."""
    if n_failures and state != "broken":
        return AGAIN_S * n_failures
    pause = CLOSED_S if state == "closed" else EVERY_S
    return pause * (0.9 + 0.2 * luck)


def half_lives(lived: Mapping[str, tuple[int, float]]) -> dict[str, float]:
    """Return after how many seconds half of each kind is out of date, as a server's own shows.

    Parameters
    ----------
    lived
        Of each kind how many ended, and for how many seconds all of them were live.

    Notes
    -----
    Ends at a constant rate, with a gamma prior worth five ends: until a server has seen some, a
    kind's half-life is the usual one, and never more than four times longer or shorter.
    """
    found = {}
    for kind in get_args(ResourceKind):
        usual = _PRIOR_D[kind] * dates.DAY_S
        ended, span = lived.get(kind, (0, 0.0))
        spanned = _PRIOR_ENDS * usual / math.log(2) + span
        own = math.log(2) * spanned / (_PRIOR_ENDS + ended)
        found[kind] = min(4 * usual, max(usual / 4, own))
    return found
