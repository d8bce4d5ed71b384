import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.rules import Refused, parse_url, url_key

SAME = [
    ("https://example.org", "HTTPS://EXAMPLE.org:443/#top"),
    ("http://example.org/a", "http://example.org:80/a/"),
    ("https://example.org/a?x=1&y=2", "https://example.org/a?utm_source=n&y=2&UTM_Campaign=z&x=1"),
    ("https://example.org/a", "https://example.org/a?fbclid=abc&gclid=def"),
    ("https://例子.测试/路", "https://xn--fsqu00a.xn--0zwm56d/%E8%B7%AF"),
    ("https://例子。测试/路", "https://XN--FSQU00A.xn--0zwm56d/%e8%b7%af"),
    ("https://straße.example/a", "https://xn--strae-oqa.example/a"),
    ("https://BÜCHER.example", "https://bücher.example/"),
    ("https://bu\u0308cher.example", "https://bücher.example/"),
    ("https://example.org./a", "https://example.org/a"),
    ("https://example.org:/a", "https://example.org:443/a"),
    ("https://example.org/%7Eada/%41", "https://example.org/~ada/A"),
    ("https://example.org/a%2fb", "https://example.org/a%2Fb"),
    ("https://example.org/100%", "https://example.org/100%25"),
    ("https://example.org/a/./b/../c", "https://example.org/a/c"),
    ("https://example.org/a/%2e%2E/c", "https://example.org/c"),
    ("https://example.org/../../c", "https://example.org/c"),
    ("https://example.org/a/..", "https://example.org/"),
    ("https://example.org/\\a", "https://example.org//a"),
    ("https://example.org/?q=%7e", "https://example.org?q=~"),
    ("https://example.org/a[1]", "https://example.org/a%5b1%5d"),
    ("http://[2001:DB8:0:0::1]/x", "http://[2001:db8::1]:80/x"),
    ("https://app.example/#/", "https://app.example"),
    ("https://app.example/#!/", "https://app.example"),
    ("https://app.example/#/course/1/", "https://app.example#/course/1"),
    ("https://app.example/#/a?utm_source=x&b=2&a=1", "https://app.example/#/a?a=1&b=2"),
    ("https://app.example/#/a#part-2", "https://app.example/#/a"),
    ("https://app.example/#/%7Eada", "https://app.example/#/~ada"),
    ("https://example.org/a#:~:text=word", "https://example.org/a"),
    ("https://example.org/a", "http://www.example.org/a"),
    ("https://m.example.org/a", "https://mobile.example.org/a/"),
    ("https://en.wikipedia.org/wiki/Graph", "https://en.m.wikipedia.org/wiki/Graph"),
    ("https://example.org/a", "https://amp.example.org/a"),
    ("https://example.org/a", "https://example.org/a/amp/"),
    ("https://example.org/a?x=1", "https://example.org/a?x=1&amp=1"),
    ("https://example.org/a", "https://example-org.cdn.ampproject.org/c/s/example.org/a"),
    ("https://example.org/a", "https://www.google.com/amp/s/example.org/a/amp"),
    ("https://example.org/docs", "https://example.org/docs/index.html"),
    ("https://youtu.be/dQw4w9WgXcQ?si=abc&t=10", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
    ("https://youtu.be/dQw4w9WgXcQ", "https://m.youtube.com/shorts/dQw4w9WgXcQ?feature=share"),
    ("https://youtu.be/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
    ("https://youtu.be/dQw4w9WgXcQ", "https://youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&index=2"),
    ("https://arxiv.org/abs/2002.02126", "https://arxiv.org/pdf/2002.02126v4.pdf"),
    ("https://arxiv.org/abs/2002.02126", "http://export.arxiv.org/abs/2002.02126v1"),
    ("https://arxiv.org/abs/2002.02126", "https://doi.org/10.48550/arXiv.2002.02126"),
    ("https://arxiv.org/abs/cs/0112017", "https://arxiv.org/pdf/cs/0112017v1"),
    ("https://doi.org/10.1145/3366423", "http://dx.doi.org/10.1145/3366423"),
    ("https://doi.org/10.1000/ABC", "https://doi.org/10.1000/abc"),
    ("https://github.com/Ada/Engine", "https://github.com/ada/engine.git"),
    (
        "https://www.bilibili.com/video/BV1xx411c7mD/?spm_id_from=333.1&vd_source=9f",
        "https://m.bilibili.com/video/BV1xx411c7mD?p=1&share_source=copy_web",
    ),
    (
        "https://mp.weixin.qq.com/s?__biz=A==&mid=1&idx=1&sn=2&chksm=3&scene=21#wechat_redirect",
        "https://mp.weixin.qq.com/s?__biz=A==&mid=1&idx=1&sn=2&sessionid=9",
    ),
    ("https://zhuanlan.zhihu.com/p/1?utm_psn=3", "https://zhuanlan.zhihu.com/p/1"),
    ("https://twitter.com/ada/status/1?s=20", "https://mobile.twitter.com/ada/status/1?s=20"),
]
DIFFERENT = [
    ("https://example.org/a", "https://example.org/A"),
    ("https://example.org/a?x=1", "https://example.org/a?x=2"),
    ("https://example.org:8443/", "https://example.org/"),
    ("https://straße.example/", "https://strasse.example/"),
    ("https://λόγος.example/", "https://λόγοσ.example/"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ("https://example.org/a%252Fb", "https://example.org/a%2Fb"),
    ("https://example.org/a%3Fb", "https://example.org/a?b"),
    ("https://app.example/#/course/1", "https://app.example/#/course/2"),
    ("https://app.example/#/course/1", "https://app.example/#!/course/1"),
    ("https://app.example/#/course/1", "https://app.example/"),
    ("https://app.example/x#/course/1", "https://app.example/y#/course/1"),
    ("https://app.example/#!about", "https://app.example/#!contact"),
    ("https://app.example/#/a?tab=1", "https://app.example/#/a?tab=2"),
    ("https://example.org/?pid=1", "https://example.org/?pid=2"),
    ("https://example.org/?source=a", "https://example.org/?source=b"),
    ("https://git.example.org/x?ref=v1", "https://git.example.org/x?ref=v2"),
    ("https://amp.dev/a", "https://www.dev/a"),
    ("https://blog.example.org/", "https://docs.example.org/"),
    ("https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/oHg5SJYRHA0"),
    ("https://www.youtube.com/@ada", "https://www.youtube.com/@grace"),
    ("https://arxiv.org/abs/2002.02126", "https://arxiv.org/abs/2002.02127"),
    ("https://www.bilibili.com/video/BV1x?p=1", "https://www.bilibili.com/video/BV1x?p=2"),
    (
        "https://github.com/ada/engine/blob/main/A.py",
        "https://github.com/ada/engine/blob/main/a.py",
    ),
    ("https://example.org/amp", "https://example.org/ampere"),
]
STORED = [
    ("https://straße.example/a", "https://xn--strae-oqa.example/a"),
    ("https://λόγος.example/", "https://xn--oxapnm1c.example/"),
    ("https://ΛΌΓΟΣ.example/", "https://xn--oxapnq6b.example/"),
    ("https://نامه\u200cای.example/", "https://xn--mgba3gch31f060k.example/"),
    ("https://i❤.example/", "https://xn--i-7iq.example/"),
    (
        "https://fa.example/برنامه\u200cنویسی",
        "https://fa.example/%D8%A8%D8%B1%D9%86%D8%A7%D9%85"
        "%D9%87%E2%80%8C%D9%86%D9%88%DB%8C%D8%B3%DB%8C",
    ),
    ("https://ｅｘａｍｐｌｅ.org/", "https://example.org/"),
    ("https://a_b.example/#/Course/1", "https://a_b.example/#/Course/1"),
]
NO_ADDRESS = [
    "https://ada@example.org/",
    "https://ada:pw@straße.example/",
    "https://@example.org/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://127.1/",
    "https://0177.0.0.1/",
    "https://1.2.3.4.5/",
    "https://[::1%25eth0]/",
    "https://[::1]x/",
    "https://a..b/",
    "https://-a.example/",
    "https://xn--a/",
    "https://xn--Strae-oqa\u00df.example/",
    f"https://{'a' * 64}.example/",
    f"https://{'a.' * 130}example/",
    "https://a\u200db.example/",
    "https://\u0301a.example/",
    "https://exa%6dple.org/",
    "https://example.org\u2100/",
    "https:/example.org",
    "//example.org/a",
]


@pytest.mark.parametrize(("text", "stored"), STORED)
def test_a_host_is_the_one_that_browsers_open(text: str, stored: str) -> None:
    assert parse_url(text) == stored


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_what_no_browser_opens_so_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_url(text)


url = st.builds(
    "{}://{}{}/{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP", "Https"]),
    st.from_regex(r"[a-zA-Z0-9]{1,10}(\.[a-z]{2,5})?", fullmatch=True)
    | st.sampled_from(["例子.测试", "straße.example", "例子。org", "a.example."]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.text(max_size=20) | st.text("/.%2eE~\\é", max_size=20).map("/{}".format),
    st.just("") | st.text(max_size=20).map("?{}".format),
    st.just("") | st.text("/!?#&=%2e~é", max_size=12).map("#{}".format),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_page_have_one_key(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@given(url | st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert url_key(url_key(text)) == url_key(text)


@given(url)
def test_what_is_accepted_is_ascii_and_keeps_its_key(text: str) -> None:
    try:
        parsed = parse_url(text)
    except ValueError:
        return
    assert parsed.isascii() and len(parsed) <= 512
    assert parse_url(parsed) == parsed
    assert url_key(parsed) == url_key(text)
