"""Which letters of a host are shown: none that can be taken for another's."""

import pytest

from bot.sites import host_key, shown_host

PLAIN = [
    ("example.org", "example.org"),
    ("xn--fsqu00a.xn--0zwm56d", "例子.测试"),
    ("xn--r8jz45g.jp", "例え.jp"),
    ("xn--bcher-kva.example", "bücher.example"),
    ("xn--e1afmkfd.xn--p1ai", "пример.рф"),
    ("xn--ogba.example", "xn--ogba.example"),
]
PUNYCODE = [
    "xn--pple-43d.com",  # a Cyrillic а before Latin letters
    "xn--80ak6aa92e.com",  # Cyrillic letters alone, below a Latin name
    "xn--mxaha8a.com",  # Greek letters alone, below a Latin name
    "xn--\u0301.com",
]


@pytest.mark.parametrize(("host", "shown"), PLAIN)
def test_a_host_of_one_script_is_shown_in_it(host: str, shown: str) -> None:
    assert shown_host(host) == shown


@pytest.mark.parametrize("host", PUNYCODE)
def test_letters_that_look_like_others_stay_in_punycode(host: str) -> None:
    assert shown_host(host) == host


def test_the_hosts_of_one_site_have_one_key() -> None:
    assert host_key("www.example.org") == host_key("m.example.org.") == "example.org"
    assert host_key("m.org") == "m.org"
    assert host_key("10.0.0.1") == "10.0.0.1"
