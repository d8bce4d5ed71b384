"""Reads a page: what it says of itself in JSON-LD, OpenGraph and other metadata, and in its text.

Several statements of one thing are asked in the order in which they can be trusted; what none of
them says stays unknown. Runs in `reader`'s process only: pages are made by strangers.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from bot.pages import linked, wording
from bot.pages.charsets import decoded
from bot.pages.rules import Page, is_same_site

_VIDEO_HOSTS: Final = frozenset(
    "www.youtube.com m.youtube.com youtube.com vimeo.com www.bilibili.com m.bilibili.com"
    " www.ted.com player.vimeo.com".split()
)
_THREAD_HOSTS: Final = frozenset(
    "stackoverflow.com news.ycombinator.com www.reddit.com old.reddit.com www.v2ex.com v2ex.com"
    " segmentfault.com superuser.com serverfault.com stackexchange.com lobste.rs".split()
)
_TOOL_HOSTS: Final = frozenset(
    "pypi.org www.npmjs.com crates.io hub.docker.com pkg.go.dev packagist.org rubygems.org".split()
)
_COURSE_HOSTS: Final = frozenset(
    "www.coursera.org www.udemy.com www.edx.org www.khanacademy.org ocw.mit.edu"
    " www.icourse163.org www.imooc.com time.geekbang.org www.xuetangx.com".split()
)
_AUTHORS: Final = (
    *("author", "parsely-author", "sailthru.author", "dc.creator", "dc.author", "dcterms.creator"),
    *("citation_author", "article:author", "og:article:author", "byl", "twitter:creator:name"),
)
_DATES: Final = (
    *("article:published_time", "og:article:published_time", "datepublished", "date.published"),
    *("parsely-pub-date", "sailthru.date", "citation_publication_date", "citation_online_date"),
    *("citation_date", "dc.date.issued", "dc.date.created", "dcterms.created", "dcterms.date"),
    *("dc.date", "publishdate", "publish_date", "publish-date", "pubdate", "publication_date"),
    *("date", "og:pubdate", "weibo:article:create_at", "uploaddate", "og:published_time"),
)
_TEXT_MAX = 200_000
_TEXT_MIN = 600
"""A page with less text of its own is not taken for an article."""
_DATED = ("date", "time", "publish", "posted", "meta")
_AROUND = frozenset(
    "nav header footer aside script style noscript template form iframe svg button".split()
)


def read(
    body: bytes, *, url: str, charset: str = "", language: str = "", content_type: str = "text/html"
) -> Page:
    """Return what a page, or an answer of oEmbed, says of itself.

    Parameters
    ----------
    body
        As it came, perhaps without its end.
    url
        Where it was found.
    charset, language, content_type
        What HTTP says of it, "" for nothing.
    """
    if content_type.endswith("json"):
        return _embedded(body, url)
    text = decoded(body, charset).replace("\0", "")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    if not text.strip():
        return Page(url=url)
    tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    return _Reading(tree, url, language).page()


def _embedded(body: bytes, url: str) -> Page:
    """Return what a site says by oEmbed."""
    said = json.loads(body)
    fields = said if isinstance(said, dict) else {}
    return Page(
        url=url,
        title=wording.clean(linked.text(fields, "title"), wording.TITLE_MAX),
        author=wording.author_of(linked.text(fields, "author_name")),
        kind="video" if fields.get("type") == "video" else "",
    )


class _Reading:
    """One page while it is read."""

    def __init__(self, tree: html.HtmlElement, url: str, language: str) -> None:
        self.tree = tree
        self.url = url
        self.said_language = language
        self.host = urlsplit(url).hostname or ""
        self.metas = _metas(tree)
        self.node, self.node_kind = linked.thing(tree)
        self.text = _text(tree)
        self.headings = [wording.clean(each, 300) for each in _texts(tree, "h1")]

    def page(self) -> Page:
        language, kind = self._language(), self._kind()
        price, currency = linked.offer(self.node)
        return Page(
            url=self._address(),
            title=self._title(),
            summary=wording.clean(self._summary(), wording.SUMMARY_MAX),
            author=self._author(),
            language=language,
            kind=kind,
            level=wording.level_of(self._level()),
            minutes=self._minutes(kind),
            price=price or self._meta("product:price:amount", "og:price:amount"),
            currency=currency or self._meta("product:price:currency", "og:price:currency"),
            published=self._published(),
            oembed=self._oembed(),
        )

    def _meta(self, *names: str) -> str:
        return next((found[0] for name in names if (found := self.metas.get(name))), "")

    def _first(self, path: str) -> str:
        """Return the text of the first element of a path that has any."""
        for found in self.tree.xpath(path)[:20]:
            text = found if isinstance(found, str) else found.text_content()
            if text.strip():
                return str(text).strip()
        return ""

    def _address(self) -> str:
        base = urljoin(self.url, self._first("//base/@href"))
        for said in (self._first("//link[@rel='canonical']/@href"), self._meta("og:url")):
            try:
                found = urljoin(base, said) if said else ""
            except ValueError:
                continue
            is_front = urlsplit(found).path in ("", "/") and not urlsplit(found).query
            if found and not is_front and is_same_site(found, self.url):
                return found
        return self.url

    def _title(self) -> str:
        titled = self._first("//title")
        around = wording.letters(" ".join([titled, self._meta("og:title"), *self.headings]))
        named_so = [linked.text(self.node, name) for name in ("headline", "name")]
        written = (
            # Some say there what it is about; what it is called stands on the page, too.
            *(each for each in named_so if wording.letters(wording.clean(each, 300)) in around),
            self._meta("citation_title", "parsely-title", "og:title", "twitter:title"),
            self._meta("dc.title", "dcterms.title", "title"),
            titled,
            *named_so,
            *self.headings,
        )
        named = [self._meta("og:site_name", "application-name", "al:ios:app_name")]
        named += [linked.names(self.node.get("publisher")), *_names_of(self.host)]
        for each in written:
            title = wording.clean(each, wording.TITLE_MAX)
            if title:
                return self._without_rest(wording.title_of(title, named))
        return ""

    def _without_rest(self, title: str) -> str:
        """Return the heading that a title is made of: what follows it names the site."""
        for heading in self.headings:
            rest = title.removeprefix(heading).strip() if len(heading) > 10 else title
            if rest != title and rest[:1] in tuple("|-–—·•»_:｜/"):
                return heading
        return title

    def _summary(self) -> str:
        return self._meta(
            "og:description", "description", "twitter:description", "dc.description"
        ) or linked.text(self.node, "description", "abstract")

    def _author(self) -> str:
        found = (wording.author_of(each) for each in self._bylines() if len(each) <= 120)
        return next((author for author in found if author), "")

    def _bylines(self) -> Iterator[str]:
        """Yield what names an author, the most trusted first; the tree is asked last."""
        yield linked.names(self.node.get("author") or self.node.get("creator"))
        if self.node_kind == "course":
            yield linked.names(self.node.get("provider"))
        for name in _AUTHORS:
            yield ", ".join(dict.fromkeys(self.metas.get(name, [])[:3]))
        for path in _AUTHOR_PATHS:
            yield self._first(path)

    def _language(self) -> str:
        said = (
            self._first("/html/@lang | /html/@*[local-name()='lang']"),
            self._meta("og:locale", "content-language", "language", "dc.language", "inlanguage"),
            linked.text(self.node, "inLanguage"),
            self.said_language,
        )
        declared = next((code for each in said if (code := wording.language_of(each))), "")
        plainly = wording.spoken(self.text)
        # A theme's language is declared more often than it is changed; letters do not lie.
        is_other = ("zh" in (plainly, declared)) or plainly in ("ja", "ko", "ru", "ar")
        return plainly if plainly and (is_other or not declared) else declared

    def _kind(self) -> str:
        path = urlsplit(self.url).path
        if self.host in _VIDEO_HOSTS and ("/video" in path or "/watch" in path or self.node_kind):
            return "video"
        if self.host == "github.com" and len(path.strip("/").split("/")) == 2:
            return "tool"
        for hosts, kind in _HOSTS:
            is_of = self.host in hosts or self.host.endswith(".stackexchange.com")
            if is_of and path.strip("/"):
                return kind if kind != "thread" or self.node_kind != "article" else "article"
        if _is_of_wiki(self.host, path):
            return "page"
        if self.node_kind and self.node_kind != "video":
            return self.node_kind
        return self._kind_by_type()

    def _kind_by_type(self) -> str:
        said = self._meta("og:type").lower()
        if said.startswith("video"):
            return "video"
        if said in ("book", "books.book"):
            return "ebook"
        is_article = said == "article" or any(n.startswith("citation_") for n in self.metas)
        if is_article or any(name.startswith("article:") for name in self.metas):
            return "article"
        if self.node_kind:
            return self.node_kind
        has_text = len(self.text) >= _TEXT_MIN and bool(urlsplit(self.url).path.strip("/"))
        return "article" if has_text else ""

    def _level(self) -> str:
        level = self.node.get("educationalLevel")
        return linked.names(level) or self._meta("educationallevel", "dcterms.educationlevel")

    def _minutes(self, kind: str) -> int | None:
        said = [linked.text(self.node, "timeRequired", "duration", "totalTime")]
        instance = self.node.get("hasCourseInstance")
        first = instance[0] if isinstance(instance, list) and instance else instance
        said.append(linked.text(first, "courseWorkload"))
        said.append(self._meta("og:video:duration", "video:duration", "duration"))
        for number in ("1", "2"):
            label = self._meta(f"twitter:label{number}").lower()
            if "read" in label or "阅读" in label:
                said.append(self._meta(f"twitter:data{number}"))
        found = next((n for each in said if each and (n := wording.minutes_of(each))), None)
        if found is not None or kind != "article":
            return found
        return wording.minutes_to_read(self.text)

    def _published(self) -> str:
        return next((day for each in self._dates() if (day := wording.day_of(each))), "")

    def _dates(self) -> Iterator[str]:
        """Yield what may name the day, the most trusted first."""
        yield linked.text(self.node, "datePublished", "uploadDate", "dateCreated")
        for name in _DATES:
            yield self._meta(name)
        for path in _TIME_PATHS:
            yield from map(str, self.tree.xpath(path)[:1])
        yield urlsplit(self.url).path
        yield from _dated_texts(self.tree)

    def _oembed(self) -> str:
        found = self._first("//link[@type='application/json+oembed']/@href")
        try:
            joined = urljoin(self.url, found) if found else ""
        except ValueError:
            return ""
        return joined if joined and is_same_site(joined, self.url) else ""


def _is_of_wiki(host: str, path: str) -> bool:
    """Say whether an address is one of a wiki or another knowledge base, not its front page."""
    pieces = [piece for piece in path.split("/") if piece]
    is_wiki = host.startswith("wiki.") or host.endswith(_WIKI_HOSTS)
    return (len(pieces) > 1 and "wiki" in pieces[:3]) or (is_wiki and bool(pieces))


_WIKI_HOSTS: Final = (".wikipedia.org", ".gitbook.io", ".notion.site")
_HOSTS = (
    (_THREAD_HOSTS, "thread"),
    (_TOOL_HOSTS, "tool"),
    (_COURSE_HOSTS, "course"),
)
_AUTHOR_PATHS: Final = (
    "//*[@itemprop='author']//*[@itemprop='name']/@content",
    "//*[@itemprop='author']//*[@itemprop='name']",
    "//*[@itemprop='author']",
    "//a[@rel='author'] | //a[contains(concat(' ', @rel, ' '), ' author ')]",
    "//*[contains(concat(' ', @class, ' '), ' p-author ')]",
    "//*[contains(concat(' ', @class, ' '), ' author-name ')]",
    "//*[contains(concat(' ', @class, ' '), ' post-author ')]",
    "//*[contains(@class, 'byline')]//a",
    "//*[contains(concat(' ', @class, ' '), ' author ')]//a",
    "//*[contains(concat(' ', @class, ' '), ' author ')]",
    "//*[contains(@class, 'byline')]",
    "//*[@id='js_name' or @id='js_author_name']",
)
_TIME_PATHS: Final = (
    "//time[@pubdate or @itemprop='datePublished']/@datetime",
    "//*[@itemprop='datePublished']/@content",
    "//article//time/@datetime",
    "//time/@datetime",
)


_NAMING = ("property", "name", "itemprop", "http-equiv")


def _metas(tree: html.HtmlElement) -> dict[str, list[str]]:
    """Return what ``<meta>`` says by name, in lower case, in the order of the page."""
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        named = " ".join(filter(None, map(meta.get, _NAMING)))
        for name in named.lower().split() if content else ():
            found.setdefault(name.replace("weibo: ", "weibo:"), []).append(content)
    return found


def _text(tree: html.HtmlElement) -> str:
    """Return the text that a page is about, without what stands around it."""
    inner = islice(tree.iter("article", "main"), 10)
    pieces = max(map(_words, inner), key=len, default="")
    if len(pieces) < _TEXT_MIN:
        body = tree.find("body")
        pieces = _words(body) if body is not None else ""
    return pieces[:_TEXT_MAX]


def _words(element: html.HtmlElement) -> str:
    """Return an element's text, iteratively: a page may be nested as deep as its maker likes."""
    found: list[str] = []
    skipped = None
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if skipped is None and each.tag in _AROUND and each is not element:
                skipped = each
            elif skipped is None and each.text:
                found.append(each.text)
            continue
        skipped = None if each is skipped else skipped
        if skipped is None and each.tail and each is not element:
            found.append(each.tail)
    return " ".join(" ".join(found).split())


def _texts(tree: html.HtmlElement, tag: str) -> Iterator[str]:
    for found in islice(tree.iter(tag), 5):
        yield str(found.text_content())


def _names_of(host: str) -> Sequence[str]:
    """Return how a site may be named by its host."""
    labels = host.removeprefix("www.").split(".")
    return [host, ".".join(labels), *labels[:-1], "".join(labels[:-1])]


def _dated_texts(tree: html.HtmlElement) -> Iterator[str]:
    """Yield short texts of elements that are named for a date."""
    n_left = 60
    for each in tree.iter("span", "div", "p", "em", "time", "li", "a", "small", "i", "b", "td"):
        named = f"{each.get('class', '')} {each.get('id', '')}".lower()
        if len(named) > 1 and any(word in named for word in _DATED):
            n_left -= 1
            text = " ".join(str(each.text_content())[:400].split())
            if 0 < len(text) <= 120:
                yield text
            if not n_left:
                return
