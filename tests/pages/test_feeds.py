"""Feeds in every form and in none, as the reading process reads them."""

import json
import time
from collections.abc import AsyncIterator

import pytest

from bot.errors import UserError
from bot.pages.fetch import Answer
from bot.pages.reader import Reader
from bot.pages.rules import Feed

URL = "https://site.example/feed"
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Graph news &amp; more</title>
<link>https://site.example</link><language>en-us</language>
<item><media:title>not this</media:title><title>Graphs &lt;b&gt;in&lt;/b&gt; practice</title>
<link>/graphs?a=1&amp;b=2</link><guid isPermaLink="false">g1</guid>
<description><![CDATA[<p>How <i>graphs</i> are used.</p>]]></description>
<dc:creator>Ada Lovelace</dc:creator><category>Graphs</category><category>Data, big</category>
<pubDate>Sat, 09 Mar 2024 10:00:00 GMT</pubDate></item>
<item><title>Second</title><link>https://other.example/2</link>
<author>a@b.example (Bo Li)</author></item>
<item><title>No link</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN" xml:base="https://blog.example/">
<title>博客</title><entry><title type="html">用 &amp;lt;图&amp;gt; 解题&amp;nbsp;入门</title>
<link rel="edit" href="https://no.example"/><link href="posts/1"/><id>tag:1</id>
<updated>2024-05-06T07:08:09Z</updated><published>2024-05-01T00:00:00+08:00</published>
<author><name>小林</name></author><category term="图论"/><summary>怎么用</summary></entry></feed>"""
TUBE = """<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom"
 xmlns:media="http://search.yahoo.com/mrss/"><title>Channel</title><entry><id>yt:video:x</id>
<title>A talk</title><link rel="alternate" href="https://www.youtube.com/watch?v=abcdefgh"/>
<author><name>Grace</name></author><published>2023-01-02T00:00:00+00:00</published>
<media:group><media:title>A talk</media:title><media:description>About compilers</media:description>
</media:group></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Old</title></channel>
<item rdf:about="u"><title>Caf&eacute; & more</title><link>https://old.example/1</link>
<dc:date>2005-04-03</dc:date></item></rdf:RDF>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "language": "de",
        "items": [
            {
                "id": 7,
                "url": "https://j.example/7",
                "title": "Titel",
                "content_html": "<p>Text</p>",
                "date_published": "2024-02-03T04:05:06Z",
                "authors": [{"name": "Emmy"}, "broken"],
                "tags": ["Algebra", 5],
            },
            "broken",
        ],
    }
)
OPML = """<opml version="2.0"><body><outline text="folder"><outline type="rss" text="One"
 xmlUrl="https://one.example/feed"/></outline><outline text="Two" xmlurl="https://two.example/rss"/>
</body></opml>"""
LIST = """# Awesome graphs
## Contents
- [Libraries](#libraries)
## Libraries
- [networkx](https://github.com/networkx/networkx) - Graphs in Python.
* **[A book](https://book.example/graphs)**: about graphs
- no link
"""
PAGE = """<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/rss">
</head><body><ul><li><a href="https://else.example/x">X</a> – about x</li></ul></body></html>"""


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    opened = Reader()
    yield opened
    await opened.close()


def answer(body: str | bytes, content_type: str = "application/xml", charset: str = "") -> Answer:
    data = body if isinstance(body, bytes) else body.encode()
    return Answer(url=URL, content_type=content_type, charset=charset, language="", body=data)


async def read(reader: Reader, body: str | bytes, **more: str) -> Feed:
    return await reader.feed(answer(body, **more))


async def test_rss_is_read_in_clean_words(reader: Reader) -> None:
    feed = await read(reader, RSS)
    assert (feed.form, feed.title, feed.n_all) == ("feed", "Graph news & more", 3)
    first, second = feed.entries
    assert (first.title, first.token) == ("Graphs in practice", "g1")
    assert first.url == "https://site.example/graphs?a=1&b=2"
    assert (first.summary, first.author) == ("How graphs are used.", "Ada Lovelace")
    assert (first.published, first.language, first.kind) == ("2024-03-09", "en", "article")
    assert first.tags == ("graphs", "data big")
    assert (second.author, second.token) == ("Bo Li", "https://other.example/2")


async def test_atom_youtube_rdf_and_json_are_read(reader: Reader) -> None:
    (entry,) = (await read(reader, ATOM)).entries
    assert (entry.url, entry.published) == ("https://blog.example/posts/1", "2024-05-01")
    assert (entry.language, entry.author, entry.tags) == ("zh", "小林", ("图论",))
    assert "解题" in entry.title and "&" not in entry.title
    (video,) = (await read(reader, TUBE)).entries
    assert (video.kind, video.summary, video.author) == ("video", "About compilers", "Grace")
    (old,) = (await read(reader, RDF)).entries
    assert (old.title, old.published) == ("Café & more", "2005-04-03")
    (item,) = (await read(reader, JSON_FEED, content_type="application/json")).entries
    assert (item.token, item.author, item.tags) == ("7", "Emmy", ("algebra",))
    assert (item.published, item.language) == ("2024-02-03", "de")


async def test_opml_lists_and_pages_are_read(reader: Reader) -> None:
    feed = await read(reader, OPML)
    assert feed.form == "opml"
    assert [one.url for one in feed.entries] == [
        "https://one.example/feed",
        "https://two.example/rss",
    ]
    listed = await read(reader, LIST, content_type="text/plain")
    tool, book = listed.entries
    assert (tool.kind, tool.title, tool.summary) == ("tool", "networkx", "Graphs in Python.")
    assert (book.kind, book.title, book.summary) == ("article", "A book", "about graphs")
    assert tool.tags == ("libraries",)
    page = await read(reader, PAGE, content_type="text/html")
    assert (page.form, page.feed_url) == ("page", "https://site.example/rss")
    assert page.entries[0].summary == "about x"


@pytest.mark.parametrize("charset", ["gb18030", "big5", "shift_jis", "utf-16", "euc-jp"])
@pytest.mark.parametrize("is_said", [True, False])
async def test_charsets_are_found_whatever_is_declared(
    reader: Reader, charset: str, is_said: bool
) -> None:
    titles = {"shift_jis": "日本語の記事です", "euc-jp": "日本語の記事です", "big5": "網路程式設計"}
    title = titles.get(charset, "图数据库入门教程")
    text = RSS.replace("Second", title * 3).replace('encoding="utf-8"', f'encoding="{charset}"')
    feed = await read(reader, text.encode(charset), charset=charset if is_said else "utf-8")
    assert feed.entries[1].title == title * 3


def items(n: int) -> str:
    return "".join(
        f"<item><title>t{k}</title><link>//a.example/{k}</link></item>" for k in range(n)
    )


HOSTILE = {
    "many": f"<rss><channel>{items(30_000)}</channel></rss>",
    "entity bomb": '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1 if n > 1 else chr(97)[1:]};" * 10}">' for n in range(1, 9)
    )
    + "]><rss><channel><item><title>&a8;</title><link>//a.example</link></item></channel></rss>",
    "file": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item>'
    "<title>x &x;</title><link>//a.example</link></item></channel></rss>",
    "deep": "<rss><channel>" + "<item>" * 100_000,
    "broken": "<rss><channel><item><title>A & B</title><link>//a.example</link></item><item>",
    "empty": "",
    "not xml": "hello",
    "controls": "<rss><channel><item><title>a\x00\u202eb</title><link>//a.example</link></item>",
    "brackets": "[" * 500_000,
    "json deep": '{"version":"https://jsonfeed.org/version/1","items":' + "[" * 100_000,
    "list": "- [" * 200_000,
    "script": "<rss><channel><item><title>t</title><link>javascript:alert(1)</link></item>",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
async def test_no_feed_stops_the_reader(reader: Reader, name: str) -> None:
    began = time.monotonic()
    try:
        feed = await read(
            reader, HOSTILE[name], content_type="text/plain" if name == "list" else ""
        )
    except UserError as error:
        assert error.key == "error-pages-unreadable"
    else:
        assert len(feed.entries) <= 500
        assert all("root:" not in one.title and "\u202e" not in one.title for one in feed.entries)
        if name in ("many", "broken", "controls"):
            assert feed.entries and feed.entries[0].url == "https://a.example" + (
                "/0" if name == "many" else ""
            )
    assert time.monotonic() - began < 8
    assert len((await read(reader, RSS)).entries) == 2


async def test_of_many_entries_the_first_are_read_and_all_are_counted(reader: Reader) -> None:
    feed = await read(reader, f"<rss><channel>{items(30_000)}</channel></rss>")
    assert len(feed.entries) == 500 and feed.n_all > 20_000
