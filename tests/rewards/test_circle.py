"""Who is known beyond the circle of whoever is paid."""

import pytest

from bot.rewards.circle import NOBODY, Circle, Met, is_known, met, percent
from bot.rewards.ruleset import RuleSet

ANSWERED = RuleSet().answered
THANKS = {(1, 9): [10.0, 20.0], (2, 9): [20.0], (9, 2): [21.0], (3, 9): [1.0, 20.0]}
ACCEPTED = {(9, 4): [15.0]}
CIRCLE = Circle(9, ((THANKS, 5.0, 2), (ACCEPTED, 5.0, 1)))


@pytest.mark.parametrize(
    ("member", "is_held"),
    [(1, True), (2, True), (3, False), (4, True), (5, False)],
    ids=["thanks twice", "thanked each other", "once lately", "was accepted", "a stranger"],
)
def test_who_is_of_a_circle(member: int, is_held: bool) -> None:
    assert CIRCLE.holds(member) is is_held
    assert NOBODY.holds(member) is False


@pytest.mark.parametrize(
    ("answered", "found"),
    [
        ({}, Met(0, 0)),
        ({1: 8.0, 2: 8.0, 4: 8.0}, Met(0, 3)),
        ({9: 8.0, 3: 8.0, 5: 7.0}, Met(1, 1)),
        ({3: 8.0, 5: 8.0, 1: 8.0}, Met(2, 3)),
        ({3: 8.0, 5: 8.0, 6: 8.0, 7: 8.0}, Met(3, 3)),
    ],
)
def test_who_answered_counts_from_outside_up_to_enough(
    answered: dict[int, float], found: Met
) -> None:
    assert met(answered, 7.0, CIRCLE, 3) == found


@pytest.mark.parametrize(
    ("found", "n_around", "amount"),
    [
        (Met(0, 0), 30, 25),
        (Met(0, 13), 30, 25),
        (Met(0, 15), 30, 25),
        (Met(0, 20), 30, 50),
        (Met(1, 20), 30, 50),
        (Met(2, 20), 30, 75),
        (Met(0, 30), 30, 100),
        (Met(0, 38), 30, 100),
        (Met(0, 6), 6, 100),
        (Met(0, 5), 8, 43),
        (Met(2, 0), 0, 75),
    ],
)
def test_what_a_click_counts_of_somebody_known_so_far(
    found: Met, n_around: int, amount: int
) -> None:
    assert percent(ANSWERED, 3, found, n_around) == amount


@pytest.mark.parametrize(
    ("found", "n_around", "known"),
    [(Met(1, 1), 30, True), (Met(0, 15), 30, False), (Met(0, 16), 30, True), (Met(0, 0), 0, False)],
)
def test_to_whom_one_writes_is_known_from_outside_or_to_most(
    found: Met, n_around: int, known: bool
) -> None:
    assert is_known(found, 1, n_around) is known
