import pytest

from bot.pages.robots import may_fetch

CASES = [
    ("", "/a", True),
    ("User-agent: *\nDisallow: /", "/a", False),
    ("User-agent: *\nDisallow:", "/a", True),
    ("\ufeffuser-AGENT:*\ndisallow:/a", "/a/b", False),
    ("User-agent: other\nDisallow: /", "/a", True),
    ("User-agent: LYCEUM\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", True),
    ("User-agent: *\nDisallow: /\n\nUser-agent: lyceum\nDisallow: /b", "/a", True),
    ("User-agent: a\nUser-agent: lyceum\nDisallow: /b", "/b", False),
    ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
    ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
    ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
    ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?x", True),
    ("User-agent: *\nDisallow: /a*b*c", "/a1b2c3", False),
    ("User-agent: *\nDisallow: /a*b*c", "/a1c2b3", True),
    ("User-agent: *\nDisallow: /a$", "/ab", True),
    ("User-agent: *\nDisallow: /a$", "/a", False),
    ("User-agent: *\nDisallow: /*ab*b$", "/ab", True),
    ("User-agent: * # everybody\nDisallow: /a # this", "/a", False),
    ("<html>Disallow: /</html>", "/a", True),
    ("Disallow: /", "/a", True),
]


@pytest.mark.parametrize(("text", "target", "may"), CASES)
def test_a_site_is_asked_what_it_lets_robots_read(text: str, target: str, may: bool) -> None:
    assert may_fetch(text, "Lyceum", target) == may


def test_no_rule_takes_long() -> None:
    text = "User-agent: *\nDisallow: /" + "*a" * 5_000 + "b$\n"
    assert may_fetch(text, "Lyceum", "/" + "a" * 2_000)
