from typing import get_args

import pytest

from bot.recommend import rules
from storage.records import Deed, EventKind, Level, Voices

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


def test_interests_are_the_mix_at_first_and_fade_as_acts_show_another() -> None:
    named = ("rust", "sql")
    assert rules.wanted_topics(named, {}, 1.0) == {"rust": 0.5, "sql": 0.5}
    mixed = rules.wanted_topics(named, {"rust": 3.0, "css": 1.0}, 0.5)
    assert mixed == {"rust": 0.625, "sql": 0.25, "css": 0.125}
    assert rules.wanted_topics((), {"css": 2.0}, 0.5) == {"css": 1.0}
    assert rules.wanted_topics((), {}, 1.0) == {}
    assert rules.wanted_topics((), {"css": 1.0}, 1.0, 0.25) == {"css": 0.25}


def test_nobody_is_shown_more_than_a_step_above_what_they_wanted() -> None:
    assert rules.ceiling([]) == 1
    assert rules.ceiling([("beginner", 1.0)] * 9) == 1
    assert rules.ceiling([("intermediate", 1.0)] * 3) == 2
    assert rules.ceiling([("advanced", 1.0)]) == 2
    assert rules.ceiling([(None, 5.0)]) == 1
    assert rules.level_code("intermediate") <= 1 < rules.level_code("advanced")
    assert rules.level_code(None) <= 0  # unknown is above nobody


def test_the_first_tag_says_most_of_what_something_is_about() -> None:
    shares = rules.tag_shares(("Pandas", "python", "data"))
    assert list(shares) == ["data", "python", "pandas"]
    assert shares["pandas"] == 2 * shares["python"] > shares["python"] > shares["data"]
    assert abs(sum(shares.values()) - 1) < 1e-12
    assert rules.tag_shares(()) == {}


def test_a_topic_has_favourites_where_many_carry_it_and_some_stand_out() -> None:
    assert rules.favourites([1, 2, 3, 4, 5], [9.0, 0, 0, 0, 0]) == {}
    assert rules.favourites([1, 2, 3, 4, 5, 6], [1.0] * 6) == {}
    found = rules.favourites([1, 2, 3, 4, 5, 6], [3.0, 2.9, 2.8, 2.7, 0, 0])
    assert list(found) == [1, 2, 3] and found[1] == pytest.approx(3.0 - 1.9)


def test_a_reason_is_only_given_where_it_is_true() -> None:
    lifts: dict[rules.Lead, list[float]] = {lead: [own, 0.0] for lead, own in LIFTS.items()}
    lifts |= {"quality": [0.5, 0.05], "popularity": [-1.0, 2.0], "newness": [1.0, 1.0]}
    said = rules.common_reasons(lifts, [100 * DAY_S, DAY_S], is_topic=False)
    assert said == {
        "liked": [0.5, 0.0],
        "popular": [0.0, 2.0],
        "new": [0.0, 1.0],
        "topic": [0.0, 0.0],
    }
    assert all(rules.common_reasons(lifts, [0.0, 0.0], is_topic=True)["topic"])


def test_what_members_say_moves_a_resource_and_one_voice_little() -> None:
    def said(**counts: int) -> float:
        return rules.opinion(Voices(resource_id=1, **counts), 4.0)

    assert said(n_ratings=20, stars=100) > said(n_ratings=5, stars=25) > said() == 0
    assert said(n_ratings=20, stars=40) < 0
    assert -0.5 < said(n_members=1, outdated=1) < 0
    assert said(n_members=20, broken=20) < said(n_members=20, outdated=20) < -1.5
    assert said(n_members=20, useful=20) == 0  # the events of it say so already


def test_a_level_heeds_what_enough_members_say_and_the_unknown_stays_unknown() -> None:
    def heard(level: Level | None, **counts: int) -> Level | None:
        return rules.heard_level(level, Voices(resource_id=1, **counts))

    assert heard("beginner", n_members=2, too_hard=2) == "beginner"
    assert heard("beginner", n_members=5, too_hard=5) == "intermediate"
    assert heard("advanced", n_members=9, too_hard=9) == "advanced"
    assert heard("advanced", n_members=9, too_easy=9) == "intermediate"
    assert heard("beginner", n_members=10, too_hard=5, too_easy=5) == "beginner"
    assert heard(None, n_members=9, too_hard=9) is None


def test_too_hard_speaks_for_a_lower_level_and_too_easy_for_a_higher() -> None:
    assert rules.suited_level("intermediate", EventKind.TOO_HARD) == "beginner"
    assert rules.suited_level("intermediate", EventKind.TOO_EASY) == "advanced"
    opened: list[tuple[Level | None, float]] = [("intermediate", 1.0)] * 3
    assert rules.ceiling([*opened, ("beginner", rules.MISFIT)]) < rules.ceiling(opened)
