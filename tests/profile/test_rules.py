from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.profile import rules
from storage.records import ConsentPolicy, Member

SAID: dict[str, dict[str, Any]] = {
    "nothing": {},
    "shown": {"asked_at": 5.0},
    "no": {"consent": "declined", "consent_at": 7.0, "asked_at": 5.0},
    "yes": {"consent": "granted", "consent_at": 7.0, "asked_at": 5.0},
    "all": {"consent": "granted", "consent_at": 7.0, "asked_at": 5.0, "has_earlier": True},
    "before": {"consent": "granted"},
}


def member(said: str, **changes: Any) -> Member:
    return Member(1, 2, **{**SAID[said], **changes})


@pytest.mark.parametrize(
    ("policy", "said", "trains_from", "learning", "answers"),
    [
        ("ask", "nothing", None, "unknown", ("yes", "all")),
        ("ask", "shown", None, "unknown", ("yes", "all")),
        ("ask", "no", None, "declined", ("yes", "all")),
        ("ask", "yes", 7.0, "granted", ("all", "no")),
        ("ask", "all", 0.0, "earlier", ("yes", "no")),
        ("ask", "before", 0.0, "earlier", ("yes", "no")),
        ("notice", "nothing", None, "not-shown", ("yes", "all")),
        ("notice", "shown", 5.0, "notice", ("all", "no")),
        ("notice", "no", None, "declined", ("yes", "all")),
        ("notice", "yes", 7.0, "granted", ("all", "no")),
        ("notice", "all", 0.0, "earlier", ("yes", "no")),
        ("notice", "before", 0.0, "earlier", ("yes", "no")),
    ],
)
def test_what_a_member_does_trains_from_their_yes_or_from_the_notice_on(
    policy: ConsentPolicy,
    said: str,
    trains_from: float | None,
    learning: str,
    answers: tuple[str, str],
) -> None:
    """Texts: profile-learning-*, profile-policy-ask-means, profile-policy-notice-means."""
    assert rules.trains_from(policy, member(said)) == trains_from
    assert rules.learning(policy, member(said)) == learning
    silent = member(said, is_tracked=False)
    assert rules.trains_from(policy, silent) is None
    assert rules.learning(policy, silent) == "untracked"
    assert rules.answers(policy, member(said)) == rules.answers(policy, silent) == answers


@pytest.mark.parametrize(
    ("before", "answer", "from_at"),
    [
        ("nothing", "yes", 9.0),
        ("nothing", "all", 0.0),
        ("nothing", "no", None),
        ("no", "yes", 9.0),  # what was between the first yes and the no stays out
        ("no", "all", 0.0),
        ("no", "no", None),
        ("yes", "yes", 7.0),
        ("yes", "all", 0.0),
        ("yes", "no", None),
        ("all", "yes", 9.0),
        ("all", "all", 0.0),
        ("all", "no", None),
        ("before", "yes", 9.0),
        ("before", "all", 0.0),
        ("before", "no", None),
    ],
)
def test_the_newest_answer_counts_and_the_same_answer_changes_nothing(
    before: str, answer: rules.Answer, from_at: float | None
) -> None:
    known = member(before)
    after = rules.answered(known, answer, 9.0)
    assert rules.trains_from("ask", after) == from_at
    is_same = (before, answer) in {
        ("no", "no"),
        ("yes", "yes"),
        ("all", "all"),
        ("before", "all"),
    }
    assert (after == known) == is_same
    assert rules.answered(after, answer, 11.0) == after
    assert not rules.is_to_be_asked(after)


class Careful:
    """What a careful reader expects, kept as the very things done that may train."""

    def __init__(self) -> None:
        self.done: set[float] = set()
        self.allowed: set[float] = set()
        self.policy: ConsentPolicy = "ask"
        self.is_tracked, self.is_told, self.said = True, False, ""

    @property
    def is_open(self) -> bool:
        return self.said in ("yes", "all") or (
            not self.said and self.is_told and self.policy == "notice"
        )

    @property
    def trains(self) -> set[float]:
        return self.allowed if self.is_tracked and self.is_open else set()

    def step(self, step: str, now: float) -> None:
        match step:
            case "do" if self.is_tracked:
                self.done.add(now)
                self.allowed |= {now} if self.is_open else set()
            case "yes" | "no" | "all" if step != self.said:
                self.said = step
                self.allowed = set(self.done) if step == "all" else set()
            case "tell" if self.is_tracked and not self.said and not self.is_told:
                self.is_told, self.allowed = True, set()
            case "ask" | "notice" if step != self.policy:
                self.policy = step
                if not self.said:
                    self.is_told, self.allowed = False, set()
            case "stop" | "resume":
                self.is_tracked = step == "resume"
            case "erase":
                policy = self.policy
                self.__init__()  # type: ignore[misc]
                self.policy = policy


STEPS = ("do", "yes", "no", "all", "tell", "ask", "notice", "stop", "resume", "erase")


@given(st.lists(st.sampled_from(STEPS), max_size=40))
def test_whatever_comes_after_whatever_what_trains_is_what_a_careful_reader_expects(
    steps: list[str],
) -> None:
    careful, known, policy = Careful(), Member(1, 2), "ask"
    for now, step in enumerate(steps, start=1):
        careful.step(step, now)
        match step:
            case "yes" | "no" | "all":
                known = rules.answered(known, step, now)
            case "tell" if rules.is_to_be_asked(known):
                known = replace(known, asked_at=now)
            case "ask" | "notice" if step != policy:
                policy = step
                if known.consent == "unknown":
                    known = replace(known, asked_at=None)
            case "stop" | "resume":
                known = replace(known, is_tracked=step == "resume")
            case "erase":
                known = Member(1, 2)
        from_at = rules.trains_from(policy, known)  # type: ignore[arg-type]
        trains = {at for at in careful.done if from_at is not None and at >= from_at}
        assert trains == careful.trains


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
