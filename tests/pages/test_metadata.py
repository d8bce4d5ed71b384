"""What pages say of themselves, as sites of many kinds say it."""

import json
from typing import Any

import pytest

from bot.pages.charsets import decoded
from bot.pages.metadata import read
from bot.pages.rules import Page

URL = "https://site.example/posts/one"
WORDS = "The graph of a function is the set of all points that it maps to, and is drawn so. " * 30
HAN = "图数据库把实体和关系存成节点与边，查询时沿着边走，不需要连接很多张表。" * 30


def page(
    *, head: str = "", body: str = WORDS, url: str = URL, lang: str = "", linked: Any = None
) -> Page:
    said = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked else ""
    html = f'<html lang="{lang}"><head>{head}{said}</head><body>{body}</body></html>'
    return read(html.encode(), url=url)


def meta(**said: str) -> str:
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{value}">'
        for name, value in said.items()
    )


def test_an_article_says_everything_in_its_graph() -> None:
    article = {
        "@type": "BlogPosting",
        "headline": "Graphs in practice",
        "author": [{"@type": "Person", "name": "Ada Lovelace"}, {"name": "Grace Hopper"}],
        "datePublished": "2024-03-09T08:00:00+08:00",
        "inLanguage": "en-GB",
        "description": "How graphs are used.",
    }
    found = page(
        head="<title>Graphs in practice | Site</title>",
        linked={"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, article]},
    )
    assert found == Page(
        url=URL,
        title="Graphs in practice",
        summary="How graphs are used.",
        author="Ada Lovelace, Grace Hopper",
        language="en",
        kind="article",
        minutes=3,
        published="2024-03-09",
    )


def test_a_course_says_what_it_costs_how_long_it_takes_and_for_whom() -> None:
    course = {
        "@type": "Course",
        "name": "Distributed systems",
        "provider": {"@type": "Organization", "name": "An Academy"},
        "educationalLevel": "Intermediate",
        "timeRequired": "PT12H30M",
        "inLanguage": "zh-CN",
        "offers": [
            {"price": "129.00", "priceCurrency": "USD"},
            {"price": 49.9, "priceCurrency": "USD"},
        ],
    }
    found = page(head="<title>Distributed systems</title>", linked=[course])
    assert (found.kind, found.level, found.minutes) == ("course", "intermediate", 750)
    assert (found.price, found.currency, found.author) == ("49.9", "USD", "An Academy")


@pytest.mark.parametrize(
    ("offers", "price"),
    [
        ({"price": "0", "priceCurrency": "EUR"}, ("0", "EUR")),
        ({"category": "Free"}, ("0", "")),
        ({"@type": "AggregateOffer", "lowPrice": 5, "priceCurrency": "EUR"}, ("5", "EUR")),
        ({"priceSpecification": {"price": 7, "priceCurrency": "CNY"}}, ("7", "CNY")),
        (None, ("", "")),
        ("nonsense", ("", "")),
        ([], ("", "")),
    ],
)
def test_what_an_offer_costs_is_said_or_unknown(offers: Any, price: tuple[str, str]) -> None:
    found = page(linked={"@type": "Book", "name": "A book", "offers": offers})
    assert (found.price, found.currency) == price and found.kind == "ebook"


def test_that_an_article_is_not_behind_a_wall_is_no_price() -> None:
    assert page(linked={"@type": "NewsArticle", "isAccessibleForFree": True}).price == ""
    assert page(linked={"@type": "Course", "isAccessibleForFree": "True"}).price == "0"


def test_a_video_beside_an_article_does_not_make_it_one() -> None:
    both = [{"@type": "VideoObject", "name": "Clip"}, {"@type": "Article", "headline": "Text"}]
    assert page(linked=both).kind == "article"
    assert page(linked=both[0]).kind == "video"


def test_open_graph_and_twitter_say_it_where_nothing_else_does() -> None:
    found = page(
        head=meta(
            og__title="Why &lt;b&gt;trees&lt;/b&gt; are wide",
            og__description="On trees.",
            og__site_name="Site",
            og__type="article",
            og__locale="zh_TW",
            article__published_time="2023-01-02T00:00:00Z",
            article__author="https://facebook.example/ada",
            twitter__label1="Reading time",
            twitter__data1="8 min read",
            author="By Ada",
        ),
        body=HAN,
    )
    assert (found.title, found.author, found.language) == ("Why trees are wide", "Ada", "zh")
    assert (found.published, found.minutes, found.kind) == ("2023-01-02", 8, "article")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Caches - Site", "Caches"),
        ("Site | Caches", "Caches"),
        ("缓存怎么用_某站", "缓存怎么用"),
        ("A - B - C", "A - B - C"),
        ("<script>alert(1)</script>Caches", "Caches"),
        ("Vec&lt;T&gt; and friends", "Vec<T> and friends"),
        ("Ca\u200bch\u202ees\u2069", "Caches"),
        ("Caches\x00\n of\t all", "Caches of all"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("\u200b", ""),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_a_title_is_its_words_and_no_others(title: str, shown: str) -> None:
    said = meta(og__site_name="某站" if "某站" in title else "Site")
    escaped = title.replace("<script>", "&lt;script&gt;").replace("</script>", "&lt;/script&gt;")
    assert page(head=f"<title>{escaped}</title>{said}", body="").title == shown


def test_where_the_title_of_linked_data_is_another_the_page_is_believed() -> None:
    node = {"@type": "Article", "headline": "a mathematical object", "name": "Graph"}
    assert page(head="<title>Graph - Wiki</title>", linked=node).title == "Graph"


@pytest.mark.parametrize(
    ("said", "url", "kept"),
    [
        ("/posts/one", "https://m.site.example/posts/one?x=1", "https://m.site.example/posts/one"),
        ("https://site.example/p/1", "https://www.site.example/p/1?a", "https://site.example/p/1"),
        ("https://other.example/p", URL, URL),
        ("https://site.example/", URL, URL),
        ("http://[", URL, URL),
        ("javascript:alert(1)", URL, URL),
    ],
)
def test_where_a_page_says_it_is_kept_counts_on_its_own_site(
    said: str, url: str, kept: str
) -> None:
    assert page(head=f'<link rel="canonical" href="{said}">', url=url).url == kept


@pytest.mark.parametrize(
    ("lang", "body", "language"),
    [
        ("en", WORDS, "en"),
        ("en", HAN, "zh"),
        ("zh-CN", WORDS, "en"),
        ("", HAN, "zh"),
        ("", WORDS, "en"),
        ("", "これはグラフについての文章です。" * 20, "ja"),
        ("", "12345 67890", ""),
        ("fr-CA", "bref", "fr"),
        ("x", "", ""),
    ],
)
def test_a_language_is_declared_or_plainly_read(lang: str, body: str, language: str) -> None:
    assert page(lang=lang, body=body).language == language


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        ('<meta name="citation_publication_date" content="2020/02/06">', "", "2020-02-06"),
        ("", '<time datetime="2021-05-04T10:00">May</time>', "2021-05-04"),
        ("", '<span class="post-date">2022年7月1日 10:00</span>', "2022-07-01"),
        ("", '<p class="meta">Published on March 5th, 2019 by Ada</p>', "2019-03-05"),
        ("", '<span id="publish_time">5 Mar 2019</span>', "2019-03-05"),
        ("", '<span class="date">2019-13-45</span>', ""),
        ("", "<p>In 2019-03-05 nothing happened.</p>", ""),
    ],
)
def test_a_day_is_found_where_pages_name_it(head: str, body: str, day: str) -> None:
    assert page(head=head, body=body).published == day


def test_a_day_may_stand_in_the_address() -> None:
    assert page(url="https://site.example/2018/11/09/graphs").published == "2018-11-09"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "video"),
        ("https://www.bilibili.com/video/BV1xx", "video"),
        ("https://github.com/ada/engine", "tool"),
        ("https://github.com/ada/engine/blob/main/README.md", "article"),
        ("https://pypi.org/project/lxml/", "tool"),
        ("https://stackoverflow.com/questions/1/how", "thread"),
        ("https://www.coursera.org/learn/graphs", "course"),
        ("https://en.wikipedia.org/wiki/Graph_theory", "page"),
        ("https://github.com/ada/engine/wiki/Install", "page"),
        ("https://wiki.archlinux.org/title/Systemd", "page"),
        ("https://site.example/wiki", "article"),
        (URL, "article"),
        ("https://site.example/", ""),
    ],
)
def test_a_kind_is_known_by_its_site_or_by_its_text(url: str, kind: str) -> None:
    assert page(url=url).kind == kind


def test_a_page_that_says_nothing_is_unknown() -> None:
    assert read(b"", url=URL) == Page(url=URL)
    assert read(b"<html></html>", url=URL) == Page(url=URL)
    assert page(body="short") == Page(url=URL)


CHARSETS = sorted(
    [
        ("gbk", "图数据库入门与实践"),
        ("gb18030", "图数据库入门与实践"),
        ("big5", "圖資料庫入門與實踐"),
        ("shift_jis", "グラフデータベース入門"),
        ("euc-jp", "グラフデータベース入門"),
        ("utf-16", "图数据库入门与实践"),
        ("utf-16-le", "Graphs in practice"),
        ("utf-8", "图数据库入门与实践"),
        ("utf-8-sig", "图数据库入门与实践"),
    ]
)


@pytest.mark.parametrize("said", ["http", "meta", "nowhere", "wrongly"])
@pytest.mark.parametrize(("charset", "title"), CHARSETS)
def test_letters_are_read_whatever_is_said_of_them(charset: str, title: str, said: str) -> None:
    declared = {"meta": charset, "wrongly": "utf-8"}.get(said, "")
    head = f'<meta charset="{declared}">' if declared else ""
    html = f"<html><head>{head}<title>{title}</title></head><body>{title * 20}</body></html>"
    header = {"http": charset, "wrongly": "utf-8"}.get(said, "")
    assert f"<title>{title}</title>" in decoded(html.encode(charset), header)


def test_a_page_that_ends_within_a_letter_keeps_the_others() -> None:
    body = f"<title>{HAN[:20]}</title>{HAN}".encode()[:-1]
    assert read(body, url=URL).title == HAN[:20]


@pytest.mark.parametrize(
    "script",
    ["{", "[" * 100_000, '{"@graph": {"@graph": []}}', "null", '"text"', '{"@type": 7}'],
)
def test_linked_data_that_is_none_is_passed_over(script: str) -> None:
    head = f'<title>Page</title><script type="application/ld+json">{script}</script>'
    assert page(head=head).title == "Page"


def test_what_a_site_says_by_oembed_is_read() -> None:
    said = {"type": "video", "title": "A <b>talk</b>", "author_name": "Ada"}
    found = read(json.dumps(said).encode(), url=URL, content_type="application/json")
    assert found == Page(url=URL, title="A talk", author="Ada", kind="video")


def test_an_author_is_a_name() -> None:
    assert page(head=meta(author="https://site.example/ada")).author == ""
    assert page(head=meta(author="ada@site.example")).author == ""
    assert page(head=meta(author="作者：小林")).author == "小林"
    assert page(body='<a rel="author" href="/ada">Ada</a>').author == "Ada"
