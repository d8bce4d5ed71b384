"""What the demo's community was shown and said before a visitor comes: it must hang together."""

from collections import Counter

import numpy as np
import pytest

from bot.demo import community, seed, shown
from bot.demo.gathered import PATH, TASK, WAITING, WORKS
from bot.demo.scene import ASKED, EXPERTS
from storage.records import EventKind, Resource

NOW = 1_795_000_000.0
CAST = 1


@pytest.fixture(scope="module")
def past() -> tuple[list[shown.List], list[shown.Opinion], list[int]]:
    rng = np.random.default_rng(5)
    crowd = list(enumerate(community.people(rng, 40), CAST))
    resources = [
        Resource(
            guild_id=1,
            kind="article",
            title=f"Page {number}",
            url=f"https://example.com/{number}",
            tags=("python", "rust", "llm")[number % 3 :][:1],
            language="en" if number % 2 else "zh",
            resource_id=number,
        )
        for number in range(1, 61)
    ]
    events = community.interactions(rng, 1, crowd, resources, NOW)
    events += shown.read_together(rng, 1, crowd, resources, NOW)
    made = shown.lists(rng, crowd, resources, events, NOW, except_for=[CAST])
    return made, shown.opinions(rng, events, NOW), [event.user_id for event in events]


def test_what_was_opened_stood_on_its_list_before(
    past: tuple[list[shown.List], list[shown.Opinion], list[int]],
) -> None:
    lists, _, _ = past
    opened = [(each.cards, each.opened) for each in lists if each.opened is not None]
    assert 0 < len(opened) < len(lists)
    places: Counter[int] = Counter()
    for cards, event in opened:
        (card,) = [each for each in cards if each.impression_id == event.source_id]
        assert (card.resource_id, card.user_id) == (event.resource_id, event.user_id)
        assert NOW - shown.DAYS * 86_400 - 600 < card.shown_at < event.occurred_at <= NOW
        places[card.position] += 1
    assert places[1] > places[5]


def test_a_list_shows_five_different_things_and_every_card_has_its_number(
    past: tuple[list[shown.List], list[shown.Opinion], list[int]],
) -> None:
    lists, _, _ = past
    for each in lists:
        assert len({card.resource_id for card in each.cards}) == shown.LISTED
        assert [card.position for card in each.cards] == [1, 2, 3, 4, 5]
    numbers = [card.impression_id for each in lists for card in each.cards]
    assert numbers == list(range(1, len(numbers) + 1))


def test_whom_a_visitor_plays_was_shown_nothing(
    past: tuple[list[shown.List], list[shown.Opinion], list[int]],
) -> None:
    lists, _, users = past
    assert CAST in users
    assert CAST not in {card.user_id for each in lists for card in each.cards}


def test_a_member_has_one_digest_a_week(
    past: tuple[list[shown.List], list[shown.Opinion], list[int]],
) -> None:
    letters = shown.letters(past[0])
    assert letters
    assert max(Counter((each.user_id, each.period) for each in letters).values()) == 1
    assert all(len(each.items) == shown.LISTED for each in letters)


def test_opinions_come_after_opening_and_not_from_the_future(
    past: tuple[list[shown.List], list[shown.Opinion], list[int]],
) -> None:
    _, opinions, _ = past
    kinds = {each.event.kind for each in opinions}
    assert {EventKind.USEFUL, EventKind.DONE} <= kinds
    assert all((each.mark is None) == (each.event.kind is EventKind.DONE) for each in opinions)
    assert all(each.event.occurred_at <= NOW for each in opinions)


def test_the_scene_names_only_who_and_what_there_is() -> None:
    experts = {name for name, *_ in EXPERTS}
    assert {one.helper for one in ASKED} | {by for by, _ in WAITING} <= experts
    assert [one.days for one in ASKED] == sorted((one.days for one in ASKED), reverse=True)
    assert len(set(PATH[2])) == len(PATH[2])
    assert {by for by, *_ in WORKS} <= seed.CAST and TASK[0] in PATH[2]
