import pytest

from bot.submissions import rules
from storage.records import Review, Submission


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://a.example/x, and <https://b.example/y>.", 2),
        ("[this](https://a.example/x) and https://a.example/x", 1),
        ("看这个：https://a.example/x。很好", 1),
        ("no link, javascript:alert(1), ftp://a.example", 0),
        ("", 0),
    ],
)
def test_links_are_found_in_what_people_write(text: str, found: int) -> None:
    links = rules.links_in(text)
    assert len(links) == found
    assert all(link in ("https://a.example/x", "https://b.example/y") for link in links)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("49.90 usd", {"price": "49.90", "currency": "USD"}),
        ("CNY 1,299", {"price": "1299", "currency": "CNY"}),
        ("0", {"price": "0"}),
        (" ", {}),
        ("cheap", {"price": "cheap"}),
    ],
)
def test_a_price_is_read_as_people_write_it(text: str, fields: dict[str, str]) -> None:
    assert rules.price_fields(text) == fields


@pytest.mark.parametrize(
    ("outcomes", "is_trusted"),
    [
        ([], False),
        ([True] * 4, False),
        ([True] * 5, True),
        ([False] + [True] * 19, False),
        ([True] * 5 + [False], False),
        ([True] * 8 + [False], True),
        ([True] * 5 + [False] * 5, False),
        ([True] * 20, True),
    ],
)
def test_trust_grows_by_approvals_and_ends_with_a_rejection(
    outcomes: list[bool], is_trusted: bool
) -> None:
    assert rules.is_trusted(outcomes) == is_trusted


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("Graphs in Practice", "graphs in practice (2nd edition)", True),
        ("Graphs in Practice", "Graphs, in practise", True),
        ("图数据库入门", "图数据库入门！", True),
        ("Graphs", "Trees", False),
        ("Go", "Gone", False),
        ("", "", False),
    ],
)
def test_titles_that_are_nearly_the_same_are_seen(one: str, other: str, is_alike: bool) -> None:
    assert rules.is_alike(one, other) == is_alike


def test_who_proposed_it_is_no_reviewer() -> None:
    one = Submission(guild_id=1, user_id=5, url_key="k", fields={"url": "u", "price": "9"})
    found = [_review(5, 1.0), _review(6, 1.0), _review(7, None)]
    assert rules.n_reviewers(found, one) == 1
    assert rules.is_paid(one.fields) and not rules.is_paid({"price": "0.00"})


def _review(user_id: int, at: float | None) -> Review:
    return Review(
        guild_id=1,
        submission_id=1,
        user_id=user_id,
        asked_by=9,
        asked_at=0.0,
        is_correct=4,
        is_clear=5,
        reviewed_at=at,
    )


def test_a_review_has_a_mean_of_what_was_answered() -> None:
    assert rules.mean_score(_review(1, 1.0)) == 4.5
