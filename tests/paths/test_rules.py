import pytest

from bot.paths import rules as paths
from bot.recommend import rules
from storage import prerequisites


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


def test_what_needed_only_what_is_finished_follows_the_last_of_it() -> None:
    needs = {9: {1, 2}, 8: {1}, 7: {3}}
    assert rules.following([], [1], set(), needs) == {8: 1}
    assert rules.following([], [2, 1], set(), needs) == {9: 1, 8: 1}
    assert rules.following([], [1, 2], {8}, needs) == {9: 2}
    assert rules.following([], [1, 8], set(), needs) == {}
    assert rules.following([(1, 9)], [1], set(), needs) == {8: 1}  # the path's step needs 2, too


def test_what_needs_something_waits_for_it_whatever_paths_say() -> None:
    needs = {9: {1, 2}}
    assert rules.too_early([], set(), needs) == {9}
    assert rules.too_early([], {1}, needs) == {9}
    assert rules.too_early([(5, 9)], {5}, needs) == {9}
    assert rules.too_early([], {1, 2}, needs) == set()
    assert rules.too_early([], {9}, needs) == set()


def test_what_is_reached_by_way_of_others_is_reached_and_circles_end() -> None:
    needs = {3: [2], 2: [1], 1: [], 5: [6], 6: [5]}
    assert prerequisites.reached(needs, 3) == {1, 2, 3}
    assert prerequisites.reached(needs, 5) == {5, 6}
    assert prerequisites.reached(needs, 8) == {8}
