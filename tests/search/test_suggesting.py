"""Titles are suggested exact first, then what begins as typed by use, then the rest."""

import pytest

from bot.search import suggesting

FOUND = [
    (1, "Advanced Rust"),
    (2, "Rust in Action"),
    (3, "Rust by Example"),
    (4, "Rust"),
    (5, "Ｒｕｓｔ Atomics"),
]


@pytest.mark.parametrize(
    ("typed", "used", "order"),
    [
        ("rust", {3: 9, 1: 99}, [4, 3, 2, 5, 1]),
        ("RUST ", {5: 4, 2: 1}, [4, 5, 2, 3, 1]),
        ("rust", {}, [4, 2, 3, 5, 1]),
        ("rust by", {2: 5}, [3, 1, 2, 4, 5]),
        ("", {2: 5}, [1, 2, 3, 4, 5]),
    ],
)
def test_titles_by_use(typed: str, used: dict[int, int], order: list[int]) -> None:
    assert suggesting.titles(FOUND, typed, used) == order
