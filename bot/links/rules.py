"""When a hit on a link counts as an open, who may use what, and how long things last. Pure."""

import re
from collections.abc import Collection, Mapping
from typing import Final

from bot.dates import DAY_S
from storage.records import Resource

TOKEN_BYTES: Final = 16
LINK_LIFE_S: Final = 90 * DAY_S
REPEAT_S: Final = 600
"""A second open of the same impression within this time is the same open."""
SUSPECT_S: Final = 2.0
"""Nobody reads a card and follows its link this soon: such a hit is a previewer's."""
SLEW_S: Final = 60.0
"""So much a clock may be put back by while it is kept right; more is a step."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_ROBOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|preview|facebookexternalhit|whatsapp|embedly|headless"
    r"|curl/|wget/|python|go-http-client|okhttp|axios|node-fetch|libwww|java/"
    # Discord's media proxy introduces itself as these two browsers of long ago.
    r"|macintosh; intel mac os x 10\.10; rv:38\.0\) gecko/20100101 firefox/38\.0"
    r"|macintosh; intel mac os x 11\.6; rv:92\.0\) gecko/20100101 firefox/92\.0",
    re.IGNORECASE,
)
_PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")


def is_token(text: str) -> bool:
    """Return whether `text` has the form of a token, so that nothing else is looked up."""
    return _TOKEN.fullmatch(text) is not None


def is_repeat(latest: float, now: float) -> bool:
    """Return whether an open at `now` repeats the one at `latest` (UTC seconds)."""
    return abs(now - latest) < REPEAT_S


def counts(method: str, headers: Mapping[str, str], age_s: float) -> bool:
    """Return whether a hit on a link is somebody reading, not a machine looking ahead.

    Parameters
    ----------
    method
        Of the HTTP request; only GET counts.
    headers
        Of the HTTP request, in any case.
    age_s
        Seconds since the link was made; negative where the clock was put back.
    """
    given = {name.lower(): value for name, value in headers.items()}
    agent = given.get("user-agent", "").strip()
    looks_ahead = any(
        word in given.get(name, "").lower()
        for name in _PURPOSES
        for word in ("prefetch", "preview")
    )
    return (
        method == "GET"
        and not -SLEW_S <= age_s < SUSPECT_S
        and bool(agent)
        and _ROBOT.search(agent) is None
        and not looks_ahead
    )


def may_use(resource: Resource, role_ids: Collection[int] | None) -> bool:
    """Say whether a member with these roles may be shown a resource; None may see all.

    What is sold is shown to everybody: who may open it says `LinksService.require_open`.
    """
    is_for_all = resource.role_id is None or resource.is_sold
    return role_ids is None or is_for_all or resource.role_id in role_ids
