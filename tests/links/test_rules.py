import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links import rules

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; CUBOT X90) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0 Mobile Safari/537.36"
)
MACHINES = [
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 11.6; rv:92.0) Gecko/20100101 Firefox/92.0",
    "TelegramBot (like TwitterBot)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "facebookexternalhit/1.1",
    "WhatsApp/2.23",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 SkypeUriPreview Preview/0.5",
    "curl/8.5.0",
    "python-requests/2.32",
    "Mozilla/5.0 HeadlessChrome/138.0",
    "",
]


@pytest.mark.parametrize("agent", [FIREFOX, PHONE])
def test_a_reader_counts(agent: str) -> None:
    assert rules.counts("GET", {"User-Agent": agent}, 2.0)


@pytest.mark.parametrize("agent", MACHINES)
def test_a_machine_does_not_count(agent: str) -> None:
    assert not rules.counts("GET", {"user-agent": agent}, 60)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Sec-Purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
        ("X-Purpose", "preview"),
        ("X-Moz", "prefetch"),
    ],
)
def test_looking_ahead_does_not_count(name: str, value: str) -> None:
    assert not rules.counts("GET", {"User-Agent": FIREFOX, name: value}, 60)


@given(st.sampled_from(["HEAD", "POST", "OPTIONS"]), st.floats(0, 1e6))
def test_only_get_counts(method: str, age_s: float) -> None:
    assert not rules.counts(method, {"User-Agent": FIREFOX}, age_s)


@given(st.floats(-10, 1.99))
def test_a_hit_right_after_posting_is_suspect(age_s: float) -> None:
    assert not rules.counts("GET", {"User-Agent": FIREFOX}, age_s)


@pytest.mark.parametrize(
    "text", ["", "a" * 21, "a" * 23, "a" * 21 + "/", "é" * 22, "a" * 21 + "\n"]
)
def test_what_is_no_token_is_not_looked_up(text: str) -> None:
    assert not rules.is_token(text)


def test_a_repeat_ends_after_ten_minutes() -> None:
    assert rules.is_repeat(1000.0, 1599.9)
    assert not rules.is_repeat(1000.0, 1600.0)
