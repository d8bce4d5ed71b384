"""Which topics lack something, and what is a wish."""

import pytest

from bot.gaps import rules


@pytest.mark.parametrize(
    ("readers", "resources", "askers", "is_gap"),
    [
        (5, 0, 0, True),
        (5, 4, 0, True),
        (5, 5, 0, False),
        (25, 5, 0, True),
        (24, 5, 0, False),
        (0, 90, 5, True),
        (0, 0, 0, False),
    ],
)
def test_a_topic_lacks_something(readers: int, resources: int, askers: int, is_gap: bool) -> None:
    found = rules.topics(
        {"rust": readers} if readers else {},
        {"rust": resources},
        {"rust": askers} if askers else {},
        {},
    )
    assert bool(found) == is_gap


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  kafka \n streams ", "kafka streams"),
        ("x" * 70, "x" * 60),
        ("\u200b\u2800", ""),
        ("", ""),
    ],
)
def test_a_wish_is_one_line_that_says_something(typed: str, kept: str) -> None:
    assert rules.wish_text(typed) == kept
