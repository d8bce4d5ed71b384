"""How a question stands, who may what, what is due: as tables."""

from dataclasses import replace
from typing import Any

import pytest

from bot.questions import rules
from bot.questions.rules import Actor, ForumTag
from storage.records import Answer, Question, QuestionSettings

ASKER, HELPER, OTHER, MODERATOR = 1, 2, 3, 9
DAY, HOUR = 86_400.0, 3_600.0
QUESTION = Question(
    guild_id=7,
    user_id=ASKER,
    channel_id=5,
    thread_id=50,
    title="Why?",
    asked_at=0.0,
    last_word_at=0.0,
    last_word_id=50,
)
SETTINGS = QuestionSettings(7, helper_role_id=44)


def answer(message_id: int = 60, user_id: int = HELPER, **more: Any) -> Answer:
    return Answer(
        guild_id=7,
        message_id=message_id,
        question_id=1,
        user_id=user_id,
        written_at=message_id,
        **more,
    )


TAKEN = answer(accepted_at=1.0, accepted_by=ASKER)


@pytest.mark.parametrize(
    ("facts", "answers", "state"),
    [
        ({}, [], "open"),
        ({}, [answer()], "answered"),
        ({}, [answer(user_id=ASKER)], "open"),
        ({}, [TAKEN], "solved"),
        ({}, [answer(user_id=ASKER, accepted_at=1.0)], "solved"),
        ({"solved_by": "self"}, [], "solved"),
        ({"solved_by": "resource", "closed_at": 1.0}, [], "solved"),
        ({"closed_at": 1.0}, [answer()], "closed"),
        ({"closed_at": 1.0, "stale_at": 1.0}, [], "closed"),
        ({"closed_at": 1.0}, [TAKEN], "solved"),
        ({"is_locked": True}, [answer()], "closed"),
        ({"is_locked": True}, [TAKEN], "solved"),
        ({"stale_at": 1.0}, [answer()], "stale"),
        ({"stale_at": 1.0}, [TAKEN], "solved"),
    ],
)
def test_a_state_is_told_by_what_is_there(
    facts: dict[str, Any], answers: list[Answer], state: str
) -> None:
    assert rules.state(replace(QUESTION, **facts), answers) == state


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        (Actor(ASKER), True),
        (Actor(OTHER), False),
        (Actor(OTHER, role_ids=(43,)), False),
        (Actor(OTHER, role_ids=(44,)), True),
        (Actor(MODERATOR, is_moderator=True), True),
        (Actor(0), False),
    ],
)
def test_the_asker_moderators_and_helpers_decide(actor: Actor, may: bool) -> None:
    assert rules.may_decide(actor, QUESTION, SETTINGS) is may


@pytest.mark.parametrize(
    ("author", "accepted_by", "is_paid"),
    [
        (HELPER, ASKER, True),
        (HELPER, MODERATOR, True),
        (MODERATOR, MODERATOR, False),
        (ASKER, ASKER, False),
        (ASKER, MODERATOR, False),
        (0, ASKER, False),
    ],
)
def test_nobody_pays_themselves(author: int, accepted_by: int, is_paid: bool) -> None:
    taken = answer(user_id=author, accepted_at=1.0, accepted_by=accepted_by)
    assert rules.is_paid(QUESTION, taken) is is_paid


@pytest.mark.parametrize(
    ("state", "quiet_s", "is_last_askers", "said", "deed"),
    [
        ("answered", 23 * HOUR, False, (), None),
        ("answered", 24 * HOUR, False, (), "nudge"),
        ("answered", 24 * HOUR, True, (), None),
        ("open", 24 * HOUR, True, (), None),
        ("answered", 25 * HOUR, False, ("nudge",), None),
        ("open", 5 * DAY, True, (), "still"),
        ("answered", 5 * DAY, False, ("card", "nudge"), "still"),
        ("answered", 5 * DAY, False, ("still",), None),
        ("answered", 2 * DAY, False, ("still",), None),
        ("open", 7 * DAY, True, (), "stale"),
        ("answered", 30 * DAY, False, ("nudge", "still"), "stale"),
        ("solved", 30 * DAY, False, (), None),
        ("closed", 30 * DAY, False, (), None),
        ("stale", 30 * DAY, False, (), None),
    ],
)
def test_of_what_is_due_only_the_last_is_done_and_each_once(
    state: Any, quiet_s: float, is_last_askers: bool, said: Any, deed: str | None
) -> None:
    question = replace(QUESTION, state=state, is_last_askers=is_last_askers)
    assert rules.due(question, SETTINGS, said, quiet_s) == deed


def test_what_a_server_turned_off_is_never_due() -> None:
    question = replace(QUESTION, state="answered", is_last_askers=False)
    off = replace(SETTINGS, reminds=False, closes=False)
    assert [rules.due(question, off, (), days * DAY) for days in (1, 5, 7)] == [None] * 3


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("  Why is\n it slow? ", "Why is it slow?"),
        ("", None),
        ("\u2800\u200b", None),
        ("x" * 100, "x" * 100),
        ("x" * 10_000, None),
    ],
)
def test_a_title_is_a_line_that_a_thread_can_be_called(typed: str, title: str | None) -> None:
    assert rules.title_of(typed) == title


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("sql, #Postgres、sql", ("sql", "Postgres")),
        ("", ()),
        ("a,b,c,d,e,f", None),
        ("x" * 31, None),
    ],
)
def test_tags_are_few_and_short(typed: str, tags: tuple[str, ...] | None) -> None:
    assert rules.tags_of(typed) == tags


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ("", 0),
        ("5", 5),
        ("10000", 10_000),
        ("10001", None),
        ("-1", None),
        ("1.5", None),
        ("x", None),
    ],
)
def test_a_bounty_is_a_whole_number(typed: str, points: int | None) -> None:
    assert rules.bounty_of(typed) == points


@pytest.mark.parametrize(
    ("text", "is_thanks"),
    [
        ("Thanks, that did it!", True),
        ("thank you so much", True),
        ("谢谢，解决了", True),
        ("that does not work", False),
        ("", False),
        (None, False),
    ],
)
def test_thanks_are_words(text: str | None, is_thanks: bool) -> None:
    assert rules.is_thanks(text) is is_thanks


TAGS = (
    ForumTag(1, "Solved", True),
    ForumTag(2, "SQL"),
    ForumTag(3, "Python"),
    ForumTag(4, "stale"),
)


@pytest.mark.parametrize(
    ("tags", "available", "is_needed", "wanted"),
    [
        (("sql",), TAGS, False, [2]),
        ((), TAGS, False, []),
        ((), TAGS, True, [2]),
        (("solved",), TAGS, False, []),
        ((), (), True, None),
        ((), TAGS[:1], True, None),
        (("python", "sql"), TAGS, True, [2, 3]),
    ],
)
def test_a_post_has_the_tags_that_members_may_set(
    tags: tuple[str, ...], available: Any, is_needed: bool, wanted: list[int] | None
) -> None:
    assert rules.forum_tags(tags, available, is_one_needed=is_needed) == wanted


@pytest.mark.parametrize(
    ("now", "state", "wanted"),
    [
        ([2], "solved", [2, 8]),
        ([2, 8], "solved", None),
        ([2, 8], "open", [2]),
        ([8], "open", []),
        ([2], "stale", [2, 9]),
        ([2, 9], "solved", [2, 8]),
        ([1, 2, 3, 4, 5], "solved", None),
        ([1, 2, 3, 4, 9], "solved", [1, 2, 3, 4, 8]),
        ([], "closed", None),
    ],
)
def test_a_post_carries_one_tag_that_says_how_it_stands(
    now: list[int], state: Any, wanted: list[int] | None
) -> None:
    assert rules.applied(now, state=state, solved_tag=8, stale_tag=9) == wanted


def test_a_forum_without_such_tags_is_left_alone() -> None:
    assert rules.applied([2], state="solved", solved_tag=None, stale_tag=None) is None


def test_moderators_see_money_first_then_what_many_have_and_known_ones_last() -> None:
    def one(number: int, **more: Any) -> Question:
        return replace(QUESTION, question_id=number, asked_at=float(number), **more)

    asked = [
        one(1, duplicate_of=9),
        one(2),
        one(3),
        one(4, bounty=5, bounty_state="staked"),
        one(5, title="Where is my refund?"),
    ]
    ordered = rules.in_order(asked, (), {3: 2})
    assert [question.question_id for question in ordered] == [4, 5, 3, 2, 1]


def test_others_see_their_own_topics_first_then_the_oldest() -> None:
    asked = [
        replace(QUESTION, question_id=n, asked_at=float(n), tags=tags)
        for n, tags in ((1, ()), (2, ("SQL",)), (3, ()))
    ]
    assert [q.question_id for q in rules.in_order(asked, {"sql"})] == [2, 1, 3]
