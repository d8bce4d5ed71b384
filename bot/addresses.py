"""Web addresses: which are accepted, in what form they are kept, and when two are one page.

Hosts are read as browsers read them, by UTS 46 without transitional mapping (IDNA 2008): ß and ς
are letters of their own. Everything else is normalised by RFC 3986, sections 6.2.2 and 6.2.3.
"""

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

import idna

from bot import sites

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
JOINERS: Final = "\u200c\u200d"
"""They show nothing, and whole scripts cannot be spelled without them."""
_HOST_MAX = 253
_LABEL_MAX = 63
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})|%")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_SAFE = "!#$%&'()*+,/:;=?@[]~"
_SAFE_IN_KEY = "!$%&'()*+,/:;=?@~"


class BadAddressError(ValueError):
    """It is no address of a page on the web."""


def kept(url: str) -> str:
    """Return a web address in ASCII: the host in IDNA form, what else is not ASCII escaped.

    Raises
    ------
    BadAddressError
        It is not http or https, has no host that a browser would ask for, or holds what no
        address holds.
    """
    parts = _split(url)
    if any(c not in JOINERS and (c.isspace() or not c.isprintable()) for c in url):
        raise BadAddressError(url)
    user, at, address = parts.netloc.rpartition("@")
    netloc = address if address.isascii() else _host(parts) + _port(parts)
    path = parts.path.replace("\\", "/")
    rest = (quote(part, safe=_SAFE) for part in (path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, user + at + netloc, *rest))


def has_credentials(url: str) -> bool:
    """Say whether an address that `kept` accepts holds a user name or a password."""
    return "@" in urlsplit(url).netloc


def page_key(url: str) -> str:
    """Return the form of a web address by which two entries are one page.

    Scheme and host in lower case, no default port, no trailing dot or slash, no tracking
    parameters, the query sorted, escapes and dot segments resolved; of the fragment a route of a
    single-page app stays (``#/…``, ``#!…``), for it is a page of its own. Forms that sites have of
    one page (`bot.sites.page`) and http beside https are one. Idempotent; what is no web address
    is returned as it is.
    """
    try:
        parts = _split(url.strip())
        host, port = _host(parts).rstrip("."), _port(parts)
        path = _without_dots(_normal(parts.path.replace("\\", "/"))).rstrip("/")
        query, route = _query(parts.query), _route(parts.fragment)
    except ValueError:
        return url.strip()
    scheme = parts.scheme
    if not port:
        scheme = "https"
        host, path, query = sites.page(host, path, query)
    return urlunsplit((scheme, host + port, path, query, route))


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _host(parts), _port(parts)
    except (ValueError, UnicodeError) as error:
        raise BadAddressError(url) from error
    if parts.scheme not in DEFAULT_PORTS:
        raise BadAddressError(url)
    return parts


# ---------------------------------------------------------------------------------- the host


def _host(parts: SplitResult) -> str:
    """Return the host in lower-case ASCII, as browsers ask for it."""
    address = parts.netloc.rpartition("@")[2]
    if address.startswith("["):
        inside, _, rest = address[1:].partition("]")
        if "%" in inside or rest[:1] not in ("", ":"):
            raise BadAddressError(address)
        return f"[{ipaddress.IPv6Address(inside)}]"
    return _domain(address.partition(":")[0])


def _port(parts: SplitResult) -> str:
    port = parts.port  # reading a bad one raises
    return "" if port in (None, DEFAULT_PORTS.get(parts.scheme)) else f":{port}"


def _domain(name: str) -> str:
    mapped = name.lower() if name.isascii() else idna.uts46_remap(name, std3_rules=False)
    labels = [_label(label) for label in mapped.removesuffix(".").split(".")]
    if _NUMERIC.fullmatch(labels[-1]):
        # Browsers read any such host as four bytes; one spelling of them is enough.
        ipaddress.IPv4Address(".".join(labels))
    host = ".".join(labels)
    if len(host) > _HOST_MAX:
        raise BadAddressError(name)
    return host + "." * mapped.endswith(".")


def _label(label: str) -> str:
    if not label.isascii():
        if label.startswith("xn--"):
            raise BadAddressError(label)
        _must_be_valid(label)
        label = "xn--" + label.encode("punycode").decode("ascii")
    elif label.startswith("xn--"):
        shown = label[4:].encode().decode("punycode")
        _must_be_valid(shown)
        if shown.isascii() or idna.uts46_remap(shown, std3_rules=False) != shown:
            raise BadAddressError(label)
    if len(label) > _LABEL_MAX or not _LABEL.fullmatch(label):
        raise BadAddressError(label)
    return label


def _must_be_valid(label: str) -> None:
    """Raise for what browsers refuse: a mark in front, stray joiners, mixed directions."""
    idna.check_initial_combiner(label)
    idna.check_bidi(label)
    for place, letter in enumerate(label):
        if letter in JOINERS and not idna.valid_contextj(label, place):
            raise BadAddressError(label)


# ----------------------------------------------------------------------- what follows the host


def _normal(text: str) -> str:
    """Return text with escapes in one form: capital letters, and none where none is needed."""
    return quote(_ESCAPE.sub(_unescaped, text), safe=_SAFE_IN_KEY)


def _unescaped(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return "%25"
    letter = chr(int(escape[1], 16))
    return letter if _UNRESERVED.fullmatch(letter) else escape[0].upper()


def _without_dots(path: str) -> str:
    """Return a path without ``.`` and ``..`` (RFC 3986, section 5.2.4)."""
    segments = path.split("/")
    left: list[str] = []
    for segment in segments:
        if segment == "..":
            del left[max(1, len(left) - 1) :]
        elif segment != ".":
            left.append(segment)
    return "/".join([*left, ""] if segments[-1] in (".", "..") else left)


def _query(query: str) -> str:
    pieces = (piece for piece in query.split("&") if piece)
    return "&".join(
        sorted(
            _normal(piece)
            for piece in pieces
            if not sites.is_tracking(unquote(piece.split("=")[0]))
        )
    )


def _route(fragment: str) -> str:
    """Return the page that a fragment names in a single-page app, "" for a place on the page."""
    if not fragment.startswith(("/", "!")):
        return ""
    path, _, query = fragment.partition("#")[0].partition("?")
    page, asked = _normal(path).rstrip("/"), _query(query)
    if page in ("", "!") and not asked:
        return ""  # where the app begins
    return f"{page or '/'}?{asked}" if asked else page
