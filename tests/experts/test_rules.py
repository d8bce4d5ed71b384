"""Who fits, when they are there, whose turn it is: as tables."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.experts import rules
from storage.records import Expert, Invitation, Record

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()
HOUR = 3_600.0
EXPERT = Expert(
    guild_id=7,
    user_id=1,
    topics=("SQL",),
    languages=("en",),
    time_zone="UTC",
    weekdays=(0, 1, 2, 3, 4),
    from_hour=9,
    to_hour=17,
    created_at=0.0,
    updated_at=0.0,
)


@pytest.mark.parametrize(
    ("changes", "hours", "is_there"),
    [
        ({}, 0, True),
        ({}, 5, False),
        ({}, -4, False),
        ({"weekdays": (1,)}, 0, False),
        ({"time_zone": "Asia/Shanghai"}, 0, False),  # it is 20:00 there
        ({"time_zone": "Asia/Shanghai", "from_hour": 18, "to_hour": 22}, 0, True),
        ({"from_hour": 22, "to_hour": 2}, 11, True),
        ({"from_hour": 22, "to_hour": 2}, 13, True),  # 1:00 on Tuesday is Monday's night
        ({"from_hour": 22, "to_hour": 2, "weekdays": (1,)}, 13, False),
        ({"from_hour": 0, "to_hour": 24}, 0, True),
    ],
)
def test_hours_are_the_experts_own(changes: dict[str, Any], hours: int, is_there: bool) -> None:
    assert rules.is_available(replace(EXPERT, **changes), MONDAY + hours * HOUR) is is_there


@pytest.mark.parametrize(
    ("hours", "until"),
    [(0, 0), (5, 16), (-12, 9)],
)
def test_it_is_known_when_an_expert_is_there_next(hours: int, until: int) -> None:
    assert rules.hours_until(EXPERT, MONDAY + hours * HOUR) == until


@pytest.mark.parametrize(
    ("changes", "waits_h"),
    [
        ({"from_hour": 0, "to_hour": 24, "weekdays": tuple(range(7))}, 12),
        ({"weekdays": tuple(range(7))}, 28),  # 5 hours today, 7 tomorrow
        ({"from_hour": 12, "to_hour": 13}, 48),
    ],
)
def test_quiet_hours_do_not_count_and_nobody_is_waited_for_without_end(
    changes: dict[str, Any], waits_h: int
) -> None:
    expert = replace(EXPERT, **changes)
    assert rules.expires_at(expert, MONDAY) == MONDAY + waits_h * HOUR


@pytest.mark.parametrize(
    ("title", "tags", "topics", "languages", "fit"),
    [
        ("why is my query slow", ("sql",), ("sql",), ("en",), 1.0),
        ("why is my sql query slow", (), ("sql",), ("en",), 0.8),
        ("why is my sql query slow", (), ("sql",), ("zh",), 0.4),
        ("learning mysql", (), ("sql",), ("en",), 0.0),
        ("google cloud", (), ("go",), ("en",), 0.0),
        ("机器学习怎么入门", (), ("机器学习",), ("zh",), 0.8),
        ("machine learning for birds", (), ("machine learning",), ("en",), 0.8),
        ("birds", (), ("machine learning",), ("en",), 0.0),
    ],
)
def test_a_topic_is_a_tag_or_words_of_the_title(
    title: str, tags: tuple[str, ...], topics: tuple[str, ...], languages: Any, fit: float
) -> None:
    asked = rules.about(title, tags)
    assert rules.fit(topics, languages, asked) == pytest.approx(fit)


def rank(*records: Record, **changes: Any) -> list[int]:
    experts = [replace(EXPERT, user_id=n, **changes) for n in range(1, len(records) + 1)]
    found = rules.ranked(
        experts,
        dict(enumerate(records, 1)),
        rules.about("sql", ("sql",)),
        MONDAY,
        folded={expert.user_id: ["sql"] for expert in experts},
    )
    return [each.expert.user_id for each in found]


def test_who_accepts_more_goes_first_but_one_lucky_answer_is_no_proof() -> None:
    often, seldom = Record(n_accepted=18, n_answered=20), Record(n_accepted=2, n_answered=20)
    lucky = Record(n_accepted=1, n_answered=1)
    assert rank(seldom, lucky, often) == [3, 2, 1]


def test_who_is_asked_already_goes_behind_and_nobody_is_above_their_cap() -> None:
    assert rank(Record(n_open=2), Record()) == [2, 1]
    assert rank(Record(n_week=2), Record()) == [2, 1]
    assert rank(Record(n_week=3), Record(n_week=2)) == [2]


def test_who_is_there_now_goes_before_who_is_not() -> None:
    away = replace(EXPERT, user_id=1, from_hour=3, to_hour=6)
    here = replace(EXPERT, user_id=2)
    found = rules.ranked(
        [away, here],
        {1: Record(n_accepted=20, n_answered=20)},
        rules.about("sql", ("sql",)),
        MONDAY,
        folded={1: ["sql"], 2: ["sql"]},
    )
    assert [each.expert.user_id for each in found] == [2, 1]


def candidates(*n_answered: int) -> list[rules.Candidate]:
    return [
        rules.Candidate(
            expert=replace(EXPERT, user_id=n),
            fit=1.0,
            n_hours=0,
            record=Record(n_answered=answered),
            score=1 / n,
        )
        for n, answered in enumerate(n_answered, 1)
    ]


@pytest.mark.parametrize(
    ("n_answered", "draw", "first", "chance"),
    [
        ((9, 0, 0), 0.05, 2, 0.1),
        ((9, 0, 0), 0.15, 3, 0.1),
        ((9, 0, 0), 0.5, 1, 0.8),
        ((0, 9), 0.1, 1, 1.0),
        ((0, 9), 0.9, 1, 1.0),
        ((9, 9), 0.1, 1, 1.0),
        ((0, 0), 0.15, 2, 0.1),
    ],
)
def test_new_experts_get_their_share_of_first_places_and_the_chance_is_known(
    n_answered: tuple[int, ...], draw: float, first: int, chance: float
) -> None:
    chosen = rules.chosen(candidates(*n_answered), 2, draw)
    assert chosen[0].expert.user_id == first
    assert chosen[0].chance == pytest.approx(chance)
    assert len({each.expert.user_id for each in chosen}) == 2


def test_chances_of_a_first_place_are_one_together() -> None:
    found = candidates(9, 0, 0)
    draws = [n / 1_000 for n in range(1_000)]
    firsts = [rules.chosen(found, 1, draw)[0] for draw in draws]
    for number, chance in {(c.expert.user_id, round(c.chance, 9)) for c in firsts}:
        n = sum(c.expert.user_id == number for c in firsts)
        assert n / 1_000 == pytest.approx(chance, abs=0.002)


def asked(*states: Any) -> list[Invitation]:
    return [
        Invitation(guild_id=7, question_id=1, user_id=n, state=state, reach="dm", claimed_at=0.0)
        for n, state in enumerate(states)
    ]


@pytest.mark.parametrize(
    ("states", "n"),
    [
        ((), 2),
        (("sent",), 1),
        (("sent", "claimed"), 0),
        (("accepted",), 1),
        (("passed", "sent"), 1),
        (("passed", "expired"), 2),
        (("failed", "failed"), 2),
        (("passed",) * 5, 1),
        (("passed",) * 6, 0),
        (("expired",) * 5 + ("failed",), 1),
    ],
)
def test_two_are_asked_at_once_and_six_at_most(states: tuple[str, ...], n: int) -> None:
    assert rules.n_wanted(asked(*states)) == n


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("18-22", (18, 22)),
        ("9:00 – 17:00", (9, 17)),
        ("22至2", (22, 2)),
        ("0-24", (0, 24)),
        ("9-9", None),
        ("25-3", None),
        ("evening", None),
    ],
)
def test_hours_are_full_ones(typed: str, hours: tuple[int, int] | None) -> None:
    assert rules.hours_of(typed) == hours


@pytest.mark.parametrize(
    ("typed", "topics"),
    [
        ("SQL, #Python、sql", ("SQL", "Python")),
        ("", None),
        ("\u200b", None),
        ("x" * 31, None),
        (",".join(map(str, range(11))), None),
    ],
)
def test_topics_are_few_and_short(typed: str, topics: tuple[str, ...] | None) -> None:
    assert rules.topics_of(typed) == topics


def test_a_link_in_an_offer_is_found() -> None:
    assert rules.url_in("50 € an hour https://cal.example/me") == "https://cal.example/me"
    assert rules.url_in("javascript:alert(1)") is None


@pytest.mark.parametrize(
    ("offer", "item_id"),
    [
        ("half an hour with mo, saturdays", 1),
        ("an hour with mo", 2),
        ("50 euros", None),
        ("", None),
        ("go", None),
    ],
)
def test_an_offer_names_an_item_of_the_shop(offer: str, item_id: int | None) -> None:
    titles = {1: "half an hour with mo", 2: "an hour with mo", 3: "go"}
    assert rules.item_in(offer, titles) == item_id
