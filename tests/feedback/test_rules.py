import pytest

from bot.feedback import rules
from storage.records import EventKind, RatingState, Voices


@pytest.mark.parametrize(
    ("n", "stars", "n_all", "stars_all", "mean"),
    [
        (4, 20, 4, 20, None),
        (5, 25, 5, 25, 4.5),
        (5, 5, 5, 5, 1.8333),
        (1000, 5000, 1000, 5000, 4.9999),
    ],
)
def test_a_mean_is_shrunk_and_shown_from_five_on(
    n: int, stars: int, n_all: int, stars_all: int, mean: float | None
) -> None:
    found = rules.mean_stars(n, stars, n_all, stars_all)
    assert found == (mean if mean is None else pytest.approx(mean, abs=1e-3))


def test_marks_are_shown_from_five_members_on_and_zeros_never() -> None:
    few = Voices(resource_id=1, n_members=4, useful=4)
    assert rules.shown_marks(few) == []
    enough = Voices(resource_id=1, n_members=5, useful=2, too_hard=4)
    assert rules.shown_marks(enough) == [("too_hard", 4), ("useful", 2)]


def test_two_reports_have_a_link_looked_at() -> None:
    assert not rules.needs_check(Voices(resource_id=1, n_members=9, broken=1))
    assert rules.needs_check(Voices(resource_id=1, n_members=2, broken=2))


def test_stars_are_three_kinds_of_events() -> None:
    kinds = [rules.kind_of(n) for n in range(1, 6)]
    low, middle, high = EventKind.DISLIKED, EventKind.RATED, EventKind.LIKED
    assert kinds == [low, low, middle, high, high]


@pytest.mark.parametrize(
    ("sentence", "before", "state", "after"),
    [
        ("", "good", "shown", "none"),
        ("good", "", "none", "waiting"),
        ("good", "good", "shown", "shown"),
        ("good", "good", "hidden", "hidden"),
        ("better", "good", "shown", "waiting"),
        ("better", "good", "hidden", "waiting"),
    ],
)
def test_whatever_is_new_in_a_sentence_waits_for_a_moderator(
    sentence: str, before: str, state: RatingState, after: RatingState
) -> None:
    assert rules.state_of(sentence, before, state) == after


@pytest.mark.parametrize(
    ("sentence", "leads"),
    [
        ("clear and short", False),
        ("讲得很清楚", False),
        ("see https://spam.example", True),
        ("WWW.spam.example", True),
        ("ask <@1>", True),
        ("discord.gg/x", True),
    ],
)
def test_a_sentence_leads_nowhere(sentence: str, leads: bool) -> None:
    assert rules.has_address(sentence) == leads
