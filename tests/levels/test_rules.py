import itertools
from typing import get_args

import pytest

from bot.levels import rules
from storage.records import GrantState, LevelReward

PLAIN, GRAVE = LevelReward(1, 7, 3), LevelReward(1, 7, 3, needs_confirm=True)


@pytest.mark.parametrize(
    ("reward", "level", "before", "after"),
    [
        (PLAIN, 3, None, "due"),
        (PLAIN, 9, "granted", "granted"),
        (PLAIN, 3, "undue", "due"),
        (PLAIN, 2, None, None),
        (PLAIN, 2, "granted", "undue"),
        (PLAIN, 2, "due", "undue"),
        (PLAIN, 2, "undue", "undue"),
        (GRAVE, 3, None, "eligible"),
        (GRAVE, 3, "declined", "declined"),
        (GRAVE, 3, "doubtful", "granted"),
        (GRAVE, 3, "kept", "granted"),
        (GRAVE, 2, "eligible", None),
        (GRAVE, 2, "declined", None),
        (GRAVE, 2, "granted", "doubtful"),
        (GRAVE, 2, "kept", "kept"),
        (PLAIN, 3, "eligible", "due"),
    ],
)
def test_what_a_level_means_for_a_role(
    reward: LevelReward, level: int, before: GrantState | None, after: GrantState | None
) -> None:
    states = {} if before is None else {7: before}
    changes = rules.reconcile(level, [reward], states)
    assert changes == ({} if before == after else {7: after})


def test_a_role_no_level_gives_any_more_is_forgotten() -> None:
    assert rules.reconcile(5, [], {7: "granted"}) == {7: None}


def test_looking_again_changes_nothing() -> None:
    states = [None, *get_args(GrantState)]
    for reward, level, state in itertools.product((PLAIN, GRAVE), (2, 3), states):
        before = {} if state is None else {7: state}
        once = {**before, **rules.reconcile(level, [reward], before)}
        held = {role: each for role, each in once.items() if each is not None}
        again = rules.reconcile(level, [reward], held)
        assert again == {}, (reward, level, state)
