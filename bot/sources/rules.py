"""Where a feed of a known site is, when a source is looked at next, and when it rests. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

from bot import dates
from storage.records import SourceKind

HOUR_S: Final = 3_600.0
EVERY_H: Final = 6
EVERY_H_MAX: Final = 24 * 7
DAILY: Final = 5
DAILY_MAX: Final = 50
LIST_MIN: Final = 5
"""A page with so many links in lists, and no feed, is a list of links."""
SOURCES_MAX: Final = 300
"""Of one server."""
WAITING_MAX: Final = 300
"""Entries of one source that wait for their day; what is beyond is passed over."""
FAILURES_MAX: Final = 8
"""Looks in a row that may fail before a source is put into quarantine."""
BROKEN_MAX: Final = 3
"""The same of looks that arrived and could not be read."""
FLOOD: Final = 200
"""New entries in one look, not the first, that nobody writes."""
REST_MAX_S: Final = 7 * dates.DAY_S
_AT_ONCE: Final = frozenset(
    {"error-pages-private", "error-pages-credentials", "error-pages-port", "error-pages-address"}
)
"""What no second look can change."""
_BROKEN: Final = frozenset({"error-pages-unreadable", "error-sources-no-feed"})
GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source is looked at: its kind and address, and the name known so far."""

    kind: SourceKind
    url: str
    title: str = ""


def place_of(url: str) -> Place:
    """Return where the feed of a page is, for sites whose feeds everybody knows.

    Releases and tags of a GitHub repository, its front page as a list of links (its README), and
    channels and playlists of YouTube. Any other address is a feed, or a page that names one.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    path = [piece for piece in parts.path.split("/") if piece]
    if host == "github.com" and len(path) >= 2:
        return _of_github(url, path)
    if host == "youtube.com":
        return _of_youtube(url, path, parse_qs(parts.query))
    if host == "raw.githubusercontent.com" or parts.path.lower().endswith(".md"):
        return Place("list", url)
    return Place("feed", url)


def _of_github(url: str, path: Sequence[str]) -> Place:
    owner, name, *rest = path
    name = name.removesuffix(".git")
    if rest[:1] in (["releases"], ["tags"], ["commits"]):
        last = "" if url.endswith(".atom") else ".atom"
        ending = f"{rest[0].removesuffix('.atom')}.atom" if last else rest[-1]
        return Place("feed", f"https://github.com/{owner}/{name}/{ending}", f"{owner}/{name}")
    if rest[:1] in (["releases.atom"], ["tags.atom"], ["commits.atom"]):
        return Place("feed", url, f"{owner}/{name}")
    if not rest or rest[0] in ("tree", "blob"):
        raw = f"https://raw.githubusercontent.com/{quote(owner)}/{quote(name)}/HEAD/"
        is_file = rest[:1] == ["blob"] and len(rest) > 2
        return Place("list", raw + ("/".join(rest[2:]) if is_file else "README.md"), name)
    return Place("feed", url)


def _of_youtube(url: str, path: Sequence[str], query: Mapping[str, Sequence[str]]) -> Place:
    base = "https://www.youtube.com/feeds/videos.xml"
    if path[:1] == ["channel"] and len(path) > 1:
        return Place("feed", f"{base}?channel_id={quote(path[1])}")
    listed = query.get("list", [""])[0]
    is_kept = bool(listed) and not listed.startswith(("RD", "WL", "LL"))  # a mix is nobody's
    if path[:1] in (["playlist"], ["watch"]) and is_kept:
        return Place("feed", f"{base}?playlist_id={quote(listed)}")
    return Place("feed", url)  # the page of a name says where its feed is


def token(name: str) -> str:
    """Return what an entry is remembered by, from what it calls itself."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32]


def rest_s(every_s: int, n_failures: int, asked_s: float, luck: float) -> float:
    """Return for how long a source is left alone after a look.

    Parameters
    ----------
    n_failures
        Looks in a row that failed; each doubles the pause.
    asked_s
        For how long its server asked to be left alone.
    luck
        From 0 to 1: so that sources added together do not come together for ever.
    """
    pause = min(REST_MAX_S, every_s * 2.0 ** min(n_failures, 10))
    return max(pause * (0.95 + 0.1 * luck), min(asked_s, REST_MAX_S))


def is_quarantined(key: str, n_failures: int, status: int) -> bool:
    """Say whether a source that failed so, for the n-th time in a row, is left alone from now."""
    if key in _AT_ONCE or status == GONE:
        return True
    return n_failures >= (BROKEN_MAX if key in _BROKEN else FAILURES_MAX)


def is_flood(n_new: int, is_first: bool) -> bool:
    """Say whether a source shows more that is new than anybody writes between two looks."""
    return n_new >= FLOOD and not is_first


def first_taken(days: Sequence[str], daily_max: int) -> list[int]:
    """Return the places of the entries of a first look that are taken: the newest, as said.

    Parameters
    ----------
    days
        When each was published, "" where it does not say; then the feed's own order counts.
    """
    order = sorted(range(len(days)), key=lambda place: days[place], reverse=True)
    return sorted(order[:daily_max])
