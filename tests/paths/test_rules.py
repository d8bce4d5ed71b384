import pytest

from bot.paths import rules as paths
from bot.recommend import rules


@pytest.mark.parametrize(
    ("steps", "place", "after"),
    [
        ((), None, (9,)),
        ((1, 2), None, (1, 2, 9)),
        ((1, 2), 1, (9, 1, 2)),
        ((1, 2), 50, (1, 2, 9)),
        ((9, 1, 2), 3, (1, 2, 9)),
        ((1, 9, 2), 1, (9, 1, 2)),
    ],
)
def test_a_step_is_put_at_a_place_or_moved_there(
    steps: tuple[int, ...], place: int | None, after: tuple[int, ...]
) -> None:
    assert paths.placed(steps, 9, place) == after


def test_the_next_step_is_the_first_that_is_not_done() -> None:
    assert paths.next_step((1, 2, 3), {1, 3}) == 2
    assert paths.next_step((1, 2), {1, 2}) is None


def test_what_follows_is_the_first_unmet_step_after_the_last_finished_one() -> None:
    chains = [(1, 2, 3, 4), (5, 6), (7, 8)]
    assert rules.following(chains, [1], set()) == {2: 1}
    assert rules.following(chains, [1, 3, 5], set()) == {4: 3, 6: 5}
    assert rules.following(chains, [1], {2}) == {3: 1}
    assert rules.following(chains, [4, 6], set()) == {}
    assert rules.following([(1, 2), (3, 2)], [3, 1], set()) == {2: 1}
    many = [(n, n + 100) for n in range(10)]
    assert list(rules.following(many, list(range(10)), set())) == [109, 108]


def test_a_step_waits_for_those_before_it_unless_another_path_leads_there() -> None:
    assert rules.too_early([(1, 2, 3)], set()) == {2, 3}
    assert rules.too_early([(1, 2, 3)], {1}) == {3}
    assert rules.too_early([(1, 2, 3), (4, 3)], {4}) == {2}
    assert rules.too_early([(1, 2), (2, 9)], set()) == {9}
    assert rules.too_early([(1, 2, 3)], {1, 2, 3}) == set()
