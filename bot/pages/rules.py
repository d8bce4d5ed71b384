"""What a page says of itself, as it travels, and which addresses are asked for. Pure."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from bot import addresses, sites

URL_MAX: Final = 2_048
"""No longer address is asked for."""
HOPS_MAX: Final = 3
"""So many redirects are followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says of itself; None and "" where it says nothing.

    Attributes
    ----------
    url
        Where it was found in the end, or where it says on its own site that it is kept.
    kind, level
        Of `storage.records.Resource`.
    language
        Two letters.
    minutes
        How long it takes, as it says, or as its text is read.
    price
        As a catalogue reads it, such as "49.90"; "0" for what costs nothing.
    published
        An ISO date.
    oembed
        Where more is said of it, on its own site.
    """

    url: str
    title: str = ""
    summary: str = ""
    author: str = ""
    language: str = ""
    kind: str = ""
    level: str = ""
    minutes: int | None = None
    price: str = ""
    currency: str = ""
    published: str = ""
    oembed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a feed or a list says of one thing; fields as in `Page`.

    ``token`` is what the feed calls it, its address where it says nothing.
    """

    url: str
    token: str
    title: str
    summary: str = ""
    author: str = ""
    published: str = ""
    language: str = ""
    minutes: int | None = None
    kind: str = "article"
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What is at the address of a feed.

    ``form`` says what it is: a ``feed``, ``opml``, ``links`` (a list in Markdown), a ``page``, or
    ``none`` of these. ``feed_url`` is the feed that a page names, ``n_all`` how many entries there
    are, of which the first are in ``entries``.
    """

    form: str
    title: str = ""
    feed_url: str = ""
    n_all: int = 0
    entries: tuple[Entry, ...] = ()


class RefusedAddressError(ValueError):
    """An address that is not asked for; `key` is the text that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def asked_for(url: str, ports: dict[str, int]) -> str:
    """Return an address in the form in which it is asked for.

    Parameters
    ----------
    ports
        The port of each scheme that is asked.

    Raises
    ------
    RefusedAddressError
        It is no web address, names a port of its own or a password, or is too long.
    """
    if len(url) > URL_MAX:
        raise RefusedAddressError("error-pages-long")
    try:
        kept = addresses.kept(url)
    except ValueError:
        raise RefusedAddressError("error-pages-address") from None
    parts = urlsplit(kept)
    if addresses.has_credentials(kept):
        raise RefusedAddressError("error-pages-credentials")
    if (parts.port or addresses.DEFAULT_PORTS[parts.scheme]) != ports[parts.scheme]:
        raise RefusedAddressError("error-pages-port")
    return parts._replace(fragment="").geturl()


def next_hop(url: str, location: str, ports: dict[str, int]) -> str:
    """Return where a redirect leads; raises as `asked_for`."""
    try:
        joined = urljoin(url, location.strip())
    except ValueError:
        raise RefusedAddressError("error-pages-address") from None
    return asked_for(joined, ports)


def is_same_site(one: str, other: str) -> bool:
    """Say whether two addresses are of one site, whatever hosts for phones it has."""
    hosts = [urlsplit(url).hostname or "" for url in (one, other)]
    return bool(hosts[0]) and sites.host_key(hosts[0]) == sites.host_key(hosts[1])
