"""Where feeds of known sites are, when a source is looked at, and when it rests."""

import pytest

from bot.sources import rules

RAW = "https://raw.githubusercontent.com/o/r/HEAD"
TUBE = "https://www.youtube.com/feeds/videos.xml"


@pytest.mark.parametrize(
    ("url", "kind", "found"),
    [
        ("https://github.com/o/r", "list", f"{RAW}/README.md"),
        ("https://github.com/o/r.git", "list", f"{RAW}/README.md"),
        ("https://github.com/o/r/blob/main/docs/list.md", "list", f"{RAW}/docs/list.md"),
        ("https://github.com/o/r/releases", "feed", "https://github.com/o/r/releases.atom"),
        ("https://github.com/o/r/releases.atom", "feed", "https://github.com/o/r/releases.atom"),
        ("https://github.com/o/r/tags", "feed", "https://github.com/o/r/tags.atom"),
        ("https://www.youtube.com/channel/UC1", "feed", f"{TUBE}?channel_id=UC1"),
        ("https://m.youtube.com/playlist?list=PL1", "feed", f"{TUBE}?playlist_id=PL1"),
        ("https://www.youtube.com/watch?v=a&list=PL1", "feed", f"{TUBE}?playlist_id=PL1"),
        (
            "https://youtube.com/watch?v=a&list=RD1",
            "feed",
            "https://youtube.com/watch?v=a&list=RD1",
        ),
        ("https://youtube.com/@name", "feed", "https://youtube.com/@name"),
        ("https://blog.example/feed.xml", "feed", "https://blog.example/feed.xml"),
        ("https://site.example/list.md", "list", "https://site.example/list.md"),
    ],
)
def test_the_feed_of_a_known_site_is_found(url: str, kind: str, found: str) -> None:
    place = rules.place_of(url)
    assert (place.kind, place.url) == (kind, found)


@pytest.mark.parametrize(
    ("every_s", "n_failures", "asked_s", "at_least", "at_most"),
    [
        (3_600, 0, 0, 3_420, 3_780),
        (3_600, 3, 0, 27_360, 30_240),
        (3_600, 99, 0, 574_560, 635_040),
        (3_600, 0, 86_400, 86_400, 86_400),
        (3_600, 0, 10**9, 604_800, 604_800),
    ],
)
def test_failures_make_pauses_longer_up_to_a_week(
    every_s: int, n_failures: int, asked_s: int, at_least: float, at_most: float
) -> None:
    for luck in (0.0, 1.0):
        assert at_least <= rules.rest_s(every_s, n_failures, asked_s, luck) <= at_most


@pytest.mark.parametrize(
    ("key", "n", "status", "is_out"),
    [
        ("error-pages-private", 1, 0, True),
        ("error-pages-status", 1, 410, True),
        ("error-pages-status", 1, 500, False),
        ("error-pages-slow", 7, 0, False),
        ("error-pages-slow", 8, 0, True),
        ("error-pages-unreadable", 2, 0, False),
        ("error-pages-unreadable", 3, 0, True),
        ("error-sources-no-feed", 3, 0, True),
    ],
)
def test_what_misbehaves_is_put_into_quarantine(
    key: str, n: int, status: int, is_out: bool
) -> None:
    assert rules.is_quarantined(key, n, status) == is_out


def test_of_a_first_look_the_newest_are_taken() -> None:
    assert rules.first_taken(["2024-01-01", "2026-01-01", "", "2025-01-01"], 2) == [1, 3]
    assert rules.first_taken(["", "", ""], 2) == [0, 1]
