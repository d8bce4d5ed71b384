from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.activity import rules
from bot.activity.rules import Place, Posted
from storage.records import EventKind

POSTED = Posted(guild_id=1, channel_id=2, message_id=3, author_id=4, posted_at=5.0)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("", 0),
        ("hello", 5),
        ("Hello, world 42!", 12),
        ("你好", 5),
        ("カタカナー", 12.5),
        ("안녕", 5),
        ("naïve café", 9),
        ("привет", 6),
        ("👍👍🏽 🎉 ❤️ ℹ️ 1️⃣", 0),
        ("。，！？……—— ...", 0),
        ("https://example.org/some/long/path?q=1", 0),
        ("<@123456789> <@&1> <#2> <:party:123> <a:spin:456> </points:1> <t:1700000000:R>", 0),
        ("看https://example.org/a这个", 7.5),
        ("if a <b and c> d", 9),
        ("谢谢 thanks", 11),
    ],
)
def test_a_text_says_as_much_as_its_letters(text: str, units: float) -> None:
    assert rules.information(text) == units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("🎉🎉🎉", 0),
        ("https://example.org", 0),
        ("thanks!", 1),
        ("谢谢你", 1),
        ("谢谢你们", 2),
        ("eight ch", 1),
        ("eightchr", 2),
        ("x" * 79, 2),
        ("x" * 80, 3),
        ("字" * 32, 3),
    ],
)
def test_length_classes_have_their_bounds_at_8_and_80_units(
    text: str | None, expected: int | None
) -> None:
    assert rules.length_class(text) == expected


WITHOUT_MARKUP = st.text().filter(lambda text: "<" not in text)


@given(WITHOUT_MARKUP, WITHOUT_MARKUP)
def test_two_lines_say_what_each_says(first: str, second: str) -> None:
    together = rules.information(f"{first} \n {second}")
    assert together == rules.information(first) + rules.information(second)


@given(st.text())
def test_any_text_has_a_length_class(text: str) -> None:
    assert rules.length_class(text) in (0, 1, 2, 3)


ORDINARY = {
    "in_guild": True,
    "is_bot": False,
    "is_webhook": False,
    "is_written": True,
    "is_command": False,
}


@pytest.mark.parametrize("turned", list(ORDINARY))
def test_only_what_a_member_wrote_counts(turned: str) -> None:
    assert rules.is_counted(**ORDINARY)
    assert not rules.is_counted(**(ORDINARY | {turned: not ORDINARY[turned]}))


def test_a_reply_is_aimed_at_the_author_answered_and_else_at_the_threads_owner() -> None:
    in_thread = replace(POSTED, in_thread=True, thread_owner=7, reply_to=9)
    assert rules.message_event(in_thread, 8, None).target_id == 8
    assert rules.message_event(in_thread, None, None).target_id == 7
    assert rules.message_event(in_thread, 8, None).is_reply


def test_nobody_answers_themselves() -> None:
    own = replace(POSTED, in_thread=True, thread_owner=POSTED.author_id)
    assert rules.message_event(own, None, None).target_id is None


def test_taking_back_keeps_what_it_takes_back() -> None:
    event = rules.message_event(POSTED, 8, 99)
    undone = rules.undone(event, EventKind.MESSAGE_DELETED, 6.0)
    assert (undone.source_id, undone.user_id, undone.resource_id) == (3, 4, 99)
    assert (undone.kind, undone.occurred_at) == (EventKind.MESSAGE_DELETED, 6.0)


def test_the_first_time_every_channel_begins_behind_its_end() -> None:
    places = [Place(10, made=10, newest=50), Place(20, made=20)]
    assert rules.first_cursors({}, places, is_new=False) == {10: 50, 20: 20}


def test_a_channel_made_while_away_is_read_from_its_beginning() -> None:
    places = [Place(10, made=10, newest=50), Place(90, made=90, newest=95)]
    assert rules.first_cursors({10: 50}, places, is_new=False) == {90: 89}


def test_a_thread_started_from_an_old_message_is_as_young_as_the_thread() -> None:
    places = [Place(40, made=90, newest=95)]
    assert rules.first_cursors({10: 50}, places, is_new=False) == {40: 39}


def test_a_channel_that_was_hidden_begins_behind_its_end() -> None:
    places = [Place(10, made=10, newest=50), Place(20, made=20, newest=70)]
    assert rules.first_cursors({10: 50}, places, is_new=False) == {20: 70}


def test_let_in_again_nothing_from_between_is_read() -> None:
    places = [Place(10, made=10, newest=80), Place(90, made=90, newest=95)]
    assert rules.first_cursors({10: 50}, places, is_new=True) == {10: 80, 90: 95}
