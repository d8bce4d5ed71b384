"""What an answer says of a link, and how long a kind stays current."""

import math

import pytest

from bot import dates
from bot.fresh import rules


@pytest.mark.parametrize(
    ("title", "is_missing"),
    [
        ("404", True),
        ("404 Not Found", True),
        ("Page not found | Site", True),
        ("出错了 - 页面不存在", True),
        ("您访问的页面不存在", True),
        ("Ошибка 404", True),
        ("How to handle 404 errors in Flask, from routing to templates", False),
        ("HTTP 404 explained in depth for people who run servers of their own", False),
        ("Graphs in practice", False),
        ("", False),
    ],
)
def test_a_title_says_that_there_is_no_page(title: str, is_missing: bool) -> None:
    assert rules.is_missing(title) == is_missing


@pytest.mark.parametrize(
    ("url", "landed", "is_front"),
    [
        ("https://a.example/post/1", "https://a.example/", True),
        ("https://a.example/?p=1", "https://a.example/", True),
        ("https://a.example/", "https://a.example/", False),
        ("https://a.example/post/1", "https://a.example/post/1/", False),
    ],
)
def test_a_link_to_the_front_page_is_none(url: str, landed: str, is_front: bool) -> None:
    assert rules.is_front(url, landed) == is_front


@pytest.mark.parametrize(
    ("key", "status", "found"),
    [
        ("error-pages-status", 404, None),
        ("error-pages-status", 500, None),
        ("error-pages-status", 403, "closed"),
        ("error-pages-status", 429, "closed"),
        ("error-pages-robots", 0, "closed"),
        ("error-pages-type", 0, "ok"),
        ("error-pages-slow", 0, None),
    ],
)
def test_only_what_is_sure_is_judged_at_once(key: str, status: int, found: str | None) -> None:
    assert rules.judged(key, status) == found


@pytest.mark.parametrize(
    ("status", "n", "doubted", "is_broken"),
    [
        (404, 1, False, False),
        (404, 2, False, True),
        (404, 1, True, True),
        (410, 1, False, True),
        (500, 2, True, False),
        (500, 3, False, True),
        (0, 3, False, True),
    ],
)
def test_a_link_is_broken_after_enough_looks(
    status: int, n: int, doubted: bool, is_broken: bool
) -> None:
    assert rules.is_broken(status, n, doubted) == is_broken


def test_half_lives_begin_as_usual_and_are_learned_within_bounds() -> None:
    usual = rules.half_lives({})
    assert usual["article"] == pytest.approx(540 * dates.DAY_S)
    assert usual["tool"] < usual["ebook"]
    day = dates.DAY_S
    short = rules.half_lives({"article": (50, 50 * 100 * day / math.log(2))})["article"]
    assert 100 * day < short < 200 * day
    never = rules.half_lives({"article": (0, 10_000_000 * day)})["article"]
    assert never == pytest.approx(4 * 540 * day)
