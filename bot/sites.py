"""What is known of sites: under which other addresses they show the same page. Pure.

Two addresses are one page where everybody who runs a site of that kind says so: a host for phones,
an AMP copy, a short link, a number of arXiv with and without its version. Lists of parameters that
track are kept here by hand: general ones count ``ref``, ``pid`` or ``source`` among them, by which
other sites tell pages apart.
"""

import re
import unicodedata
from typing import Final

TRACKING: Final = frozenset(
    "fbclid gclid dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh mc_cid mc_eid mkt_tok"
    " _ga _gl _hsenc _hsmi __hstc __hssc __hsfp vero_id vero_conv oly_enc_id oly_anon_id wickedid"
    " gclsrc gad_source gad_campaignid s_cid wt_mc li_fat_id trk trkinfo cmpid ref_src ref_url"
    " spm spm_id_from vd_source share_source share_medium share_plat share_session_id share_tag"
    " share_code share_from share_times share_token unique_k chksm scene sessionid from_wecom"
    " clicktime enterid ascene subscene devicetype nettype exportkey pass_ticket wx_header"
    " plat_id is_from_webapp sender_device timestamp_share bsource buvid is_story_h5 msource"
    " xsec_source xhsshare depth_1-utm_source jsessionid phpsessid".split()
)
"""Parameters that say whence somebody came, in lower case."""
TRACKING_PREFIXES: Final = ("utm_", "mtm_", "pk_", "hsa_", "piwik_", "matomo_", "at_medium")

_YOUTUBE = frozenset({"youtube.com", "youtube-nocookie.com", "music.youtube.com"})
_FRONTS = frozenset({"www", "m", "mobile", "amp", "wap", "touch"})
_SAME_HOST: Final = {
    "twitter.com": "x.com",
    "old.reddit.com": "reddit.com",
    "np.reddit.com": "reddit.com",
    "export.arxiv.org": "arxiv.org",
    "dx.doi.org": "doi.org",
    "ar5iv.org": "arxiv.org",
    "ar5iv.labs.arxiv.org": "arxiv.org",
    "bilibili.tv": "bilibili.com",
}
_KEPT: Final = {
    "bilibili.com": frozenset({"p"}),
    "mp.weixin.qq.com": frozenset({"__biz", "mid", "idx", "sn"}),
}
"""Sites that tell pages apart by these parameters only."""
_AMP = frozenset({"amp=1", "amp=true", "amp", "outputtype=amp"})
_INDEX = re.compile(r"/index\.(?:html?|php)$", re.IGNORECASE)
_ARXIV = re.compile(r"/(?:abs|pdf|html)/((?:[a-z.-]+/)?\d[\d.]+)(?:v\d+)?(?:\.pdf)?", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"/10\.48550/arxiv\.((?:[a-z.-]+/)?\d[\d.]+?)(?:v\d+)?", re.IGNORECASE)
_VIDEO = re.compile(r"/(?:shorts|live|embed|v)/([\w-]{6,20})")
_VIDEO_QUERY = re.compile(r"(?:^|&)v=([\w-]{6,20})(?:&|$)")
_CACHED = re.compile(r"/(?:amp|[a-z])/(?:s/)?([a-z0-9.-]+\.[a-z0-9-]+)(/.*)?", re.IGNORECASE)
_FIRST_PART: Final = "p=1"


def is_tracking(name: str) -> bool:
    """Say whether a parameter of this name tells nothing of the page."""
    lower = name.lower()
    return lower in TRACKING or lower.startswith(TRACKING_PREFIXES)


def host_key(host: str) -> str:
    """Return the host by which the hosts of one site are compared: no ``www.``, no ``m.``."""
    labels = host.rstrip(".").split(".")
    while len(labels) > 2 and labels[0] in _FRONTS and not labels[-1].isdecimal():
        del labels[0]
    if len(labels) > 3 and labels[1] == "m":
        del labels[1]  # en.m.wikipedia.org
    found = ".".join(labels)
    return _SAME_HOST.get(found, found)


def page(host: str, path: str, query: str) -> tuple[str, str, str]:
    """Return where a page is kept by its site: host, path and query that its other forms share.

    Parameters
    ----------
    host
        In lower-case ASCII, without a port.
    path
        Without a trailing slash.
    query
        Sorted, without what `is_tracking`.
    """
    found = _nearer(host, path, query)
    while found != (host, path, query):
        host, path, query = found
        found = _nearer(host, path, query)
    return found


def shown_host(host: str) -> str:
    """Return a host as people read it, where no letter of it can be taken for another's.

    A label is shown in its own script if that is one script, or what Chinese, Japanese and Korean
    mix (Unicode Technical Standard 39, "highly restrictive"). Scripts whose letters look like
    Latin ones are shown only below a top-level name of their own. Else it stays in punycode.
    """
    labels = [_decoded(label) for label in host.split(".")]
    last = _scripts(labels[-1])
    if all(_is_plain(_scripts(label), last) for label in labels):
        return ".".join(labels)
    return host


def _nearer(host: str, path: str, query: str) -> tuple[str, str, str]:
    host, path, query = _uncached(host_key(host), path, query)
    for known in (_of_youtube, _of_arxiv, _of_doi, _of_github):
        found = known(host, path, query)
        if found is not None:
            return found
    return host, _plain_path(path), _plain_query(host, query)


def _uncached(host: str, path: str, query: str) -> tuple[str, str, str]:
    """Return the page that a cache of AMP pages shows."""
    is_cache = host.endswith(".cdn.ampproject.org")
    if is_cache or (host == "google.com" and path.startswith("/amp/")):
        match = _CACHED.fullmatch(path)
        if match:
            return host_key(match[1].lower()), (match[2] or "").rstrip("/"), query
    return host, path, query


def _of_youtube(host: str, path: str, query: str) -> tuple[str, str, str] | None:
    number = None
    if host == "youtu.be":
        number = path.strip("/").split("/")[0]
    elif host in _YOUTUBE:
        match = _VIDEO.match(path) or (path == "/watch" and _VIDEO_QUERY.search(query)) or None
        number = match[1] if match else None
    return ("youtube.com", "/watch", f"v={number}") if number else None


def _of_arxiv(host: str, path: str, query: str) -> tuple[str, str, str] | None:
    pattern = {"arxiv.org": _ARXIV, "doi.org": _ARXIV_DOI}.get(host)
    match = pattern.fullmatch(path) if pattern else None
    return ("arxiv.org", f"/abs/{match[1].lower()}", "") if match else None


def _of_doi(host: str, path: str, query: str) -> tuple[str, str, str] | None:
    is_number = host == "doi.org" and path.startswith("/10.")
    return (host, path.lower(), "") if is_number else None


def _of_github(host: str, path: str, query: str) -> tuple[str, str, str] | None:
    parts = path.split("/")
    if host != "github.com" or len(parts) < 3:
        return None
    names = [parts[1].lower(), parts[2].lower().removesuffix(".git")]
    return host, "/".join(["", *names, *parts[3:]]), query


def _plain_path(path: str) -> str:
    """Return a path without what a site adds for its AMP copy or its first page."""
    path = _INDEX.sub("", path)
    if path.endswith("/amp"):
        path = path[: -len("/amp")]
    return path.rstrip("/")


def _plain_query(host: str, query: str) -> str:
    kept = _KEPT.get(host)
    pieces = [piece for piece in query.split("&") if piece and piece.lower() not in _AMP]
    if kept is not None:
        pieces = [piece for piece in pieces if piece.partition("=")[0] in kept]
    if host == "bilibili.com":
        pieces = [piece for piece in pieces if piece != _FIRST_PART]
    return "&".join(pieces)


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _scripts(label: str) -> frozenset[str]:
    """Return the scripts of a label's letters, as the first words of their names say them."""
    letters = (c for c in label if unicodedata.category(c).startswith("L"))
    return frozenset(unicodedata.name(c, "UNNAMED").split()[0] for c in letters)


_TOGETHER: Final = tuple(
    frozenset(group.split())
    for group in (
        "LATIN CJK HIRAGANA KATAKANA KATAKANA-HIRAGANA",
        "LATIN CJK BOPOMOFO",
        "LATIN CJK HANGUL",
    )
)
"""Scripts that one label may mix."""
_LATIN_AND_OTHERS: Final = frozenset({"LATIN"})


def _is_plain(scripts: frozenset[str], last: frozenset[str]) -> bool:
    if any(scripts <= group for group in _TOGETHER):
        return True
    return len(scripts) == 1 and scripts == last and scripts != _LATIN_AND_OTHERS
