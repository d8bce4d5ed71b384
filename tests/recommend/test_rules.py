from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from bot.recommend import rules
from storage.records import Deed, EventKind, Why

LIFTS: dict[rules.Lead, float] = dict.fromkeys(get_args(rules.Lead), 0.0)
DAY_S = 86_400


def deed(kind: EventKind, resource_id: int = 1, at: float = 0.0, *, stands: bool = True) -> Deed:
    return Deed(resource_id, kind, at, stands=stands)


def test_saving_says_more_than_talking_and_talking_more_than_opening() -> None:
    order = [EventKind.OPEN, EventKind.REACTION, EventKind.COMMENT, EventKind.SAVE]
    weights = [rules.weight(kind) for kind in order]
    assert weights == sorted(weights) and len(set(weights)) == 4
    assert rules.weight(EventKind.DISMISS) < 0
    assert rules.weight(EventKind.UNSAVE) == 0


def test_what_earned_points_keeps_a_fifth_of_its_weight() -> None:
    assert rules.weight(EventKind.COMMENT, True) == rules.weight(EventKind.COMMENT) / 5
    for share in (0.0, 0.5, 1.0):
        rewarded = rules.weight(EventKind.COMMENT, True, rewarded_weight=share)
        assert rewarded == share * rules.weight(EventKind.COMMENT)
        assert rules.weight(EventKind.OPEN, rewarded_weight=share) == rules.weight(EventKind.OPEN)


def test_an_undone_dismissal_makes_a_resource_news_again_but_an_unsave_does_not() -> None:
    undone = [deed(EventKind.DISMISS, stands=False), deed(EventKind.UNDISMISS, at=1)]
    unsaved = [deed(EventKind.SAVE, 2, stands=False), deed(EventKind.UNSAVE, 2, 1)]
    assert rules.seen([*undone, *unsaved]) == {2}
    assert rules.dismissed([*undone, deed(EventKind.DISMISS, 3)]) == {3}


def test_the_reason_names_the_most_telling_deed_that_stands() -> None:
    deeds = [
        deed(EventKind.OPEN),
        deed(EventKind.SAVE, stands=False),
        deed(EventKind.REACTION, at=1),
        deed(EventKind.SAVE, 2),
    ]
    assert rules.strongest(deeds, 1) is EventKind.REACTION
    assert rules.strongest(deeds, 3) is None


ranked_lists = st.lists(
    st.tuples(st.integers(1, 10**6), st.sampled_from(["", "a", "b", "c"])),
    unique_by=lambda pair: pair[0],
    max_size=30,
)


@given(ranked_lists, st.integers(0, 8))
def test_a_list_is_as_long_as_it_can_be_and_has_two_of_a_creator_unless_it_must(
    ranked: list[tuple[int, str]], limit: int
) -> None:
    chosen = rules.spread(ranked, limit)
    creators = dict(ranked)
    assert len(chosen) == min(limit, len(ranked)) == len(set(chosen))
    n_possible = sum(
        len([i for i, creator in ranked if creator == name])
        if not name
        else min(2, len([i for i, creator in ranked if creator == name]))
        for name in ("", "a", "b", "c")
    )
    if n_possible >= limit:
        named = [creators[i] for i in chosen if creators[i]]
        assert all(named.count(name) <= 2 for name in named)


def test_a_reason_is_only_given_where_it_is_true() -> None:
    because = ("Rust by Example", EventKind.SAVE)
    strong = LIFTS | {"taste": 1.0, "popularity": 3.0}
    weak = LIFTS | {"taste": 0.1, "popularity": 3.0}
    assert rules.why(strong, because, age_s=0, is_topic=True) == Why("because", *because)
    assert rules.why(weak, because, age_s=0, is_topic=False) == Why("popular")
    assert rules.why(weak, None, age_s=0, is_topic=True) == Why("topic")
    liked = LIFTS | {"quality": 0.5}
    assert rules.why(liked, None, age_s=100 * DAY_S, is_topic=False) == Why("liked")
    assert rules.why(liked | {"popularity": 1.0}, None, age_s=0, is_topic=False) == Why("popular")
    new = LIFTS | {"newness": 1.0}
    assert rules.why(new, None, age_s=DAY_S, is_topic=False) == Why("new")
    assert rules.why(new, None, age_s=100 * DAY_S, is_topic=False) is None
