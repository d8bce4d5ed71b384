"""What a digest is made of: budgets, the gate, and that a section appears only with something."""

import pytest

from bot.digest import composition
from bot.digest.composition import Candidate, Composition
from storage.records import Deed, EventKind, ResourceKind

DAY = 86_400.0


def card(
    number: int,
    *,
    kind: ResourceKind = "article",
    topics: str = "",
    age: float = 99,
    chance: float = 0.2,
) -> Candidate:
    return Candidate(
        resource_id=number,
        kind=kind,
        topics=frozenset(topics.split()),
        age_s=age * DAY,
        chance=chance,
    )


def shown(found: Composition, section: str) -> list[int]:
    return [line.resource_id or line.question_id for line in found.lines if line.section == section]


def test_three_for_the_member_one_of_them_a_course_where_one_fits() -> None:
    articles = [card(n) for n in range(1, 8)]
    assert shown(composition.compose(articles), "for_you") == [1, 2, 3]
    with_course = [*articles, card(8, kind="course"), card(9, kind="ebook")]
    assert shown(composition.compose(with_course), "for_you") == [1, 2, 8]
    first = [card(7, kind="ebook"), *articles[:6], card(8, kind="course")]
    assert shown(composition.compose(first), "for_you") == [7, 1, 2]


def test_what_is_new_is_new_and_of_a_topic_of_the_member() -> None:
    ranked = [card(n) for n in (1, 2, 3)]
    ranked += [card(4, topics="rust", age=2), card(5, topics="rust", age=40), card(6, age=1)]
    ranked += [card(7, topics="go", age=1), card(8, topics="rust", age=-3)]
    found = composition.compose(ranked, topics={"rust"})
    assert shown(found, "new") == [4]
    assert shown(composition.compose(ranked), "new") == []


def test_everything_at_once_is_seven_items_and_five_cards() -> None:
    ranked = [card(n, topics="rust", age=1) for n in range(1, 13)]
    found = composition.compose(
        ranked,
        waiting=[card(90), card(91)],
        topics={"rust"},
        answerable=[71, 72, 73],
        solved=[81, 82, 83],
    )
    assert len(found.lines) == composition.ITEMS_MAX
    assert sum(line.resource_id > 0 for line in found.lines) == composition.CARDS_MAX
    assert shown(found, "continue") == [90]
    assert shown(found, "for_you") == [1, 2, 3]
    assert shown(found, "new") == [4]
    assert shown(found, "answer") == [71]
    assert shown(found, "solved") == [81]
    assert [line.section for line in found.lines] == [
        "continue",
        *["for_you"] * 3,
        "new",
        "answer",
        "solved",
    ]


def test_a_section_without_anything_leaves_its_place_to_others() -> None:
    found = composition.compose([card(n) for n in (1, 2, 3)], answerable=[71, 72, 73])
    assert shown(found, "answer") == [71, 72]
    assert {line.section for line in found.lines} == {"for_you", "answer"}


def test_what_is_unlikely_is_left_out_and_three_are_needed() -> None:
    ranked = [card(1), card(2, chance=0.005), card(3), card(4, chance=0.009)]
    found = composition.compose(ranked)
    assert (shown(found, "for_you"), found.n_gated) == ([1, 3], 2)
    assert not found.is_worth_sending
    assert composition.compose(ranked, least=0).is_worth_sending
    assert composition.compose(ranked, answerable=[71]).is_worth_sending
    gated = composition.compose([], waiting=[card(9, chance=0.005)])
    assert (gated.lines, gated.n_gated) == ((), 1)


def test_nothing_stands_twice() -> None:
    ranked = [card(n, topics="rust", age=1) for n in (9, 1, 2, 3, 4, 5)]
    found = composition.compose(ranked, waiting=[card(9)], topics={"rust"})
    ids = [line.resource_id for line in found.lines]
    assert len(ids) == len(set(ids))
    assert ids == [9, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("deeds", "expected"),
    [
        ([(1, EventKind.SAVE, 10, True)], [1]),
        ([(1, EventKind.SAVE, 1, True)], []),
        ([(1, EventKind.SAVE, 70, True)], []),
        ([(1, EventKind.SAVE, 10, False)], []),
        ([(1, EventKind.SAVE, 10, True), (1, EventKind.OPEN, 4, True)], []),
        ([(1, EventKind.OPEN, 20, True), (1, EventKind.SAVE, 10, True)], [1]),
        ([(1, EventKind.SAVE, 10, True), (1, EventKind.DISMISS, 4, True)], []),
        ([(1, EventKind.SAVE, 10, True), (2, EventKind.SAVE, 5, True)], [2, 1]),
    ],
)
def test_what_was_saved_and_not_opened_waits(
    deeds: list[tuple[int, EventKind, int, bool]], expected: list[int]
) -> None:
    now = 100 * DAY
    past = [Deed(i, kind, now - days * DAY, stands=stands) for i, kind, days, stands in deeds]
    assert composition.to_continue(past, now) == expected
