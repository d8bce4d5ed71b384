import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.rules import parse_url, url_key

SAME = [
    ("https://example.org", "HTTPS://EXAMPLE.org:443/#top"),
    ("http://example.org/a", "http://example.org:80/a/"),
    ("https://example.org/a?x=1&y=2", "https://example.org/a?utm_source=n&y=2&UTM_Campaign=z&x=1"),
    ("https://example.org/a", "https://example.org/a?fbclid=abc&gclid=def"),
    ("https://例子.测试/路", "https://xn--fsqu00a.xn--0zwm56d/%E8%B7%AF"),
]
DIFFERENT = [
    ("https://example.org/a", "https://example.org/A"),
    ("https://example.org/a?x=1", "https://example.org/a?x=2"),
    ("https://example.org:8443/", "https://example.org/"),
    ("https://example.org/", "https://www.example.org/"),
]
url = st.builds(
    "{}://{}{}/{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP", "Https"]),
    st.from_regex(r"[a-zA-Z0-9]{1,10}(\.[a-z]{2,5})?", fullmatch=True) | st.just("例子.测试"),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.text(max_size=20),
    st.just("") | st.text(max_size=20).map("?{}".format),
    st.just("") | st.text(max_size=5).map("#{}".format),
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
