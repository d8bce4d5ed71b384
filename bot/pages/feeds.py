"""What a feed or a list of links holds, read in the process that may be killed.

RSS in its versions, Atom, JSON Feed, OPML, pages that name their feed, and lists in Markdown or
HTML. XML is read by lxml, which goes on behind what is broken, looks at no entity that a document
declares, and stops at a depth: names of elements count, their prefixes hardly, for feeds mix them.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from html.entities import html5
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from bot.pages import wording
from bot.pages.charsets import decoded
from bot.pages.rules import Entry, Feed

ENTRIES_MAX: Final = 500
"""So many entries of a feed are looked at, in its order."""
_TEXT_MAX = 20_000
_TAGS_MAX = 10
_TAG_MAX = 30
_CORE = frozenset(
    {
        "",
        "http://www.w3.org/2005/Atom",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://backend.userland.com/rss2",
    }
)
_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_VIDEOS = ("youtube.com", "youtu.be", "vimeo.com", "bilibili.com")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_BARE = re.compile(r"&(?!#?\w{1,32};)")
_LISTED = re.compile(
    r"[ \t]{0,12}[-*+][ \t]+(?:\*\*)?\[([^\[\]]{1,300})\]\((https?://[^\s()]{1,1000})\)(?:\*\*)?(.*)"
)
_HEADING = re.compile(r"#{1,6}[ \t]+(.{1,200})")
_NO_TOPIC = frozenset("contents license contributing resources 目录 贡献 许可证 许可".split())
_CONTROLS: Final = {n: " " for n in range(32) if n not in (9, 10, 13)}


def read(body: bytes, *, url: str, charset: str = "", content_type: str = "", **_: Any) -> Feed:
    """Return what a feed, an OPML file, a page or a list holds.

    Parameters
    ----------
    body
        As it came, perhaps without its end.
    url
        Where it was found, for relative addresses.
    charset, content_type
        What HTTP says of it, "" for nothing.
    """
    text = decoded(body, charset).translate(_CONTROLS).strip("\ufeff \t\r\n")
    if text.startswith("{") and (found := _json(text, url)) is not None:
        return found
    is_marked_down = content_type in ("text/markdown", "text/x-markdown") or url.endswith(".md")
    if is_marked_down or (content_type == "text/plain" and not text.startswith("<")):
        return Feed(form="links", entries=tuple(_marked_down(text)))
    head = text[:2_000].lower()
    if "<!doctype html" in head or "<html" in head:
        return _page(text, url)
    return _xml(text, url)


def _xml(text: str, url: str) -> Feed:
    named = _NAMED.sub(_letter, text)
    whole = _BARE.sub("&amp;", named).encode("utf-8", "replace")
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(whole, parser)
    if root is None:
        return Feed(form="none")
    kind = _name(root)
    if kind == "opml":
        return Feed(form="opml", entries=tuple(_outlines(root)))
    if kind not in ("rss", "RDF", "feed", "channel"):
        return Feed(form="none")
    base = urljoin(url, root.get(_BASE) or "")
    channel = root if kind == "feed" else next((e for e in root if _name(e) == "channel"), root)
    said = _Said(channel)
    language = said.text("language") or root.get(_LANG) or channel.get(_LANG) or ""
    found: list[Entry] = []
    n_all = 0
    for element in root.iter():
        if _name(element) not in ("item", "entry"):
            continue
        n_all += 1
        if len(found) < ENTRIES_MAX:
            entry = _entry(element, base, wording.language_of(language))
            if entry is not None:
                found.append(entry)
    title = wording.clean(said.text("title"), wording.TITLE_MAX)
    return Feed(form="feed", title=title, entries=tuple(found), n_all=n_all)


class _Said:
    """What the children of an element say, by their names; those of a feed's own before others."""

    def __init__(self, element: Any) -> None:
        self.children: dict[str, list[Any]] = {}
        others: dict[str, list[Any]] = {}
        for child in element:
            if not isinstance(child.tag, str):
                continue
            name = etree.QName(child)
            kept = self.children if (name.namespace or "") in _CORE else others
            kept.setdefault(name.localname, []).append(child)
        for key, more in others.items():
            self.children.setdefault(key, []).extend(more)

    def all(self, *names: str) -> Iterator[Any]:
        for name in names:
            yield from self.children.get(name, ())

    def text(self, *names: str) -> str:
        """Return the first of the named that says something."""
        said = (_text(child) for child in self.all(*names))
        return next((each for each in said if each.strip()), "")


def _entry(element: Any, base: str, language: str) -> Entry | None:
    said = _Said(element)
    media = next(iter(said.all("group")), None)
    more = _Said(media) if media is not None else _Said(())
    address = _address(said, urljoin(base, element.get(_BASE) or ""))
    content = said.text("encoded", "content")
    summary = said.text("summary", "description", "subtitle") or more.text("description")
    told = next(iter(said.all("language")), None)
    return _made(
        url=address,
        token=said.text("guid", "id") or address,
        title=said.text("title"),
        summary=summary or content,
        content=content,
        author=_author(said),
        published=said.text("pubDate", "published", "date", "issued", "created", "updated"),
        language=(_text(told) if told is not None else element.get(_LANG) or "") or language,
        tags=[each.get("term") or each.get("label") or _text(each) for each in said.all("category")]
        + [each for found in said.all("keywords") for each in _text(found).split(",")],
    )


def _made(
    *,
    url: str,
    token: str,
    title: str,
    summary: str,
    content: str = "",
    author: str = "",
    published: str = "",
    language: str = "",
    tags: Sequence[str] = (),
    kind: str = "",
) -> Entry | None:
    """Return an entry in clean words, None for what leads nowhere or says nothing."""
    about = wording.clean(summary[:_TEXT_MAX], wording.SUMMARY_MAX)
    name = wording.clean(title[:_TEXT_MAX], wording.TITLE_MAX) or about[:80]
    if not url or not name:
        return None
    host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    whole = wording.clean(content[: 10 * _TEXT_MAX], 10 * _TEXT_MAX) if len(content) > 1_500 else ""
    code = wording.language_of(language) or wording.spoken(f"{name} {about}")
    return Entry(
        url=url,
        token=token.strip()[:2_000] or url,
        title=name,
        summary=about if about != name else "",
        author=wording.author_of(author),
        published=_day(published),
        language=code,
        minutes=wording.minutes_to_read(whole) if whole else None,
        kind=kind or ("video" if host in _VIDEOS else "article"),
        tags=_tags(tags),
    )


def _address(said: _Said, base: str) -> str:
    """Return where an entry leads: what is linked, else an id that is an address."""
    links = list(said.all("link"))
    hrefs = [one for one in links if one.get("href")]
    plain = [one for one in hrefs if one.get("rel") in (None, "", "alternate")]
    found = next((one.get("href") for one in plain), "")
    if not found:
        found = next((_text(one) for one in links if _text(one).strip()), "")
    if not found:
        guid = next(iter(said.all("guid", "id")), None)
        is_link = guid is not None and (guid.get("isPermaLink") or "true").lower() != "false"
        named = _text(guid).strip() if guid is not None and is_link else ""
        found = named if named.startswith(("http://", "https://")) else ""
    if not found:
        found = next((one.get("url") or "" for one in said.all("enclosure")), "")
    found = found.strip().replace("&amp;", "&")
    try:
        return urljoin(base, found) if found else ""
    except ValueError:
        return ""


def _author(said: _Said) -> str:
    names = []
    for one in said.all("author", "creator", "dc:creator"):
        inner = next((child for child in one if _name(child) == "name"), None)
        written = _text(one if inner is None else inner).strip()
        if "(" in written and "@" in written.partition("(")[0]:
            written = written.partition("(")[2].rstrip(") ")  # mail@example.org (Name)
        if written and written not in names:
            names.append(written)
    return ", ".join(names[:3])


def _tags(written: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for each in written[:50]:
        tag = wording.clean(each.replace(";", " ").replace(",", " "), 200).lower()
        if 0 < len(tag) <= _TAG_MAX and tag not in found:
            found.append(tag)
    return tuple(found[:_TAGS_MAX])


def _day(written: str) -> str:
    text = written.strip()[:100]
    if not text:
        return ""
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, IndexError, TypeError, OverflowError):
        return wording.day_of(text)


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _text(element: Any) -> str:
    return "".join(element.itertext())


def _letter(match: re.Match[str]) -> str:
    """Return the letter that HTML calls so, which XML does not know."""
    return match[0] if match[1] in _XML else html5.get(match[1], match[0])


# --------------------------------------------------------------------------- other forms


def _json(text: str, url: str) -> Feed | None:
    said = json.loads(text)
    items = said.get("items") if isinstance(said, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(said.get("version", "")):
        return None
    language = str(said.get("language") or "")
    entries = (_json_entry(each, url, language) for each in items[:ENTRIES_MAX])
    return Feed(
        form="feed",
        title=wording.clean(str(said.get("title") or ""), wording.TITLE_MAX),
        entries=tuple(each for each in entries if each is not None),
        n_all=len(items),
    )


def _json_entry(item: Any, base: str, language: str) -> Entry | None:
    if not isinstance(item, dict):
        return None
    fields: Mapping[str, Any] = item
    content = _word(fields, "content_html") or _word(fields, "content_text")
    people = fields.get("authors") or [fields.get("author")]
    names = [_word(each, "name") for each in people if isinstance(each, dict)]
    address = _word(fields, "url") or _word(fields, "external_url")
    tags = fields.get("tags")
    return _made(
        url=urljoin(base, address) if address else "",
        token=str(fields.get("id") or address),
        title=_word(fields, "title"),
        summary=_word(fields, "summary") or content,
        content=content,
        author=", ".join(filter(None, names)),
        published=_word(fields, "date_published") or _word(fields, "date_modified"),
        language=_word(fields, "language") or language,
        tags=[each for each in tags if isinstance(each, str)] if isinstance(tags, list) else [],
    )


def _word(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _outlines(root: Any) -> Iterator[Entry]:
    """Yield the feeds of an OPML file, those that are only links, too."""
    n_found = 0
    for one in root.iter():
        fields = {key.lower(): value for key, value in one.attrib.items()}
        address = fields.get("xmlurl") or fields.get("url") or ""
        if _name(one) != "outline" or not address:
            continue
        n_found += 1
        if n_found > ENTRIES_MAX:
            return
        title = wording.clean(fields.get("title") or fields.get("text") or "", wording.TITLE_MAX)
        yield Entry(
            url=address.strip(), token=address.strip(), title=title or address.strip()[:200]
        )


def _marked_down(text: str) -> Iterator[Entry]:
    """Yield the links that stand first in the items of a Markdown list, below their heading."""
    topic, n_found = "", 0
    for line in text.splitlines():
        heading = _HEADING.fullmatch(line.strip()[:220])
        if heading:
            topic = wording.clean(heading[1].strip("# "), 100).lower()
            continue
        match = _LISTED.match(line[:3_000])
        if match is None:
            continue
        about = match[3].strip().lstrip("-–—:：. ").strip()
        host = (urlsplit(match[2]).hostname or "").removeprefix("www.")
        entry = _made(
            url=match[2],
            token=match[2],
            title=match[1],
            summary=about,
            tags=[topic] if topic and topic not in _NO_TOPIC else [],
            kind="tool" if host in ("github.com", "gitlab.com", "gitee.com") else "",
        )
        if entry is not None:
            n_found += 1
            yield entry
        if n_found >= 4 * ENTRIES_MAX:
            return


def _page(text: str, url: str) -> Feed:
    """Return the feed that a page names, and the links of its lists."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    feed_url = ""
    for one in tree.iter("link"):
        is_feed = (one.get("type") or "").split(";")[0].strip().lower() in _FEED_TYPES
        is_beside = "alternate" in (one.get("rel") or "").lower().split()
        if is_feed and is_beside and one.get("href"):
            feed_url = urljoin(url, one.get("href").strip())
            break
    entries = tuple(_items(tree, url))
    return Feed(form="page", feed_url=feed_url, entries=entries, n_all=len(entries))


def _items(tree: Any, url: str) -> Iterator[Entry]:
    n_found, here = 0, urlsplit(url).hostname
    for one in tree.iter("li"):
        link = next((each for each in one.iter("a") if each.get("href")), None)
        address = urljoin(url, link.get("href").strip()) if link is not None else ""
        if link is None or urlsplit(address).hostname in (None, here):
            continue
        whole, name = _text(one), _text(link)
        entry = _made(
            url=address,
            token=address,
            title=name,
            summary=whole.replace(name, "", 1).strip(" \n\t-–—:"),
        )
        if entry is not None:
            n_found += 1
            yield entry
        if n_found >= ENTRIES_MAX:
            return
