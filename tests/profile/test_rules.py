import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.profile import rules
from storage.records import Consent, ConsentPolicy


@pytest.mark.parametrize(
    ("policy", "consent", "may_train", "learning"),
    [
        ("ask", "granted", True, "granted"),
        ("ask", "unknown", False, "unknown"),
        ("ask", "declined", False, "declined"),
        ("notice", "granted", True, "granted"),
        ("notice", "unknown", True, "notice"),
        ("notice", "declined", False, "declined"),
    ],
)
def test_events_train_with_consent_or_where_notice_is_given_and_nobody_objected(
    policy: ConsentPolicy, consent: Consent, may_train: bool, learning: str
) -> None:
    assert rules.may_train(policy, consent) is may_train
    assert rules.learning(policy, consent) == learning


def test_the_languages_are_those_there_are_texts_for() -> None:
    assert rules.LANGUAGES == i18n.LANGUAGES
    assert [rules.parse_language(code) for code in ("en", "zh-CN", "auto")] == ["en", "zh-CN", None]
    with pytest.raises(ValueError, match="fr"):
        rules.parse_language("fr")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("上海", "Asia/Shanghai"),
        ("Beijing", "Asia/Shanghai"),
        ("utc", "UTC"),
        ("auto", None),
    ],
)
def test_time_zones_are_read_as_people_type_them(typed: str, zone: str | None) -> None:
    assert rules.parse_time_zone(typed) == zone


@pytest.mark.parametrize("typed", ["", "Mars/Olympus", "localtime", "../etc/passwd", "+8"])
def test_what_is_no_time_zone_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        rules.parse_time_zone(typed)


def test_interests_are_separated_by_commas_of_either_script_and_kept_once() -> None:
    typed = " Python， data   engineering、#SQL; python,,\n机器学习 "
    assert rules.parse_interests(typed) == ("Python", "data engineering", "SQL", "机器学习")
    assert rules.parse_interests("  ") == ()


@given(st.lists(st.text(alphabet="abc机器 #", max_size=30), max_size=10))
def test_interests_read_again_are_the_same(parts: list[str]) -> None:
    interests = rules.parse_interests(",".join(parts))
    assert rules.parse_interests(",".join(interests)) == interests
    assert len({interest.casefold() for interest in interests}) == len(interests)


def test_too_many_or_too_long_interests_are_refused() -> None:
    assert len(rules.parse_interests(",".join("abcdefghij"))) == 10
    assert rules.parse_interests("x" * 30) == ("x" * 30,)
    for typed in (",".join("abcdefghijk"), "x" * 31):
        with pytest.raises(ValueError, match=r"^"):
            rules.parse_interests(typed)
