"""What a digest is made of: sections with a budget, and a gate that things have to pass. Pure.

A card passes if the chance that its member opens it is high enough. What is left is laid into
sections, of which those that have nothing do not appear; fewer than three items are no digest.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bot.dates import DAY_S
from storage.records import Deed, EventKind, ResourceKind, Section

ITEMS_MAX = 7
"""One screen on a phone."""
CARDS_MAX = 5
"""Of those, with buttons: Discord allows forty parts in a message."""
ITEMS_MIN = 3
"""Below this a digest is not worth a member's attention: the period is skipped."""
CHANCE_MIN = 0.01
"""A card that is opened less often than once in so many is not worth its place."""
FOR_YOU = 3
DEEP = 12
"""So many of the best are looked at for each section."""
NEW_S = 14 * DAY_S
LONGER: tuple[ResourceKind, ...] = ("course", "ebook")
"""What takes a while: one of these is among what is for the member, where one fits."""
WAITING_MIN_S, WAITING_MAX_S = 3 * DAY_S, 60 * DAY_S
"""What was saved between so long ago and so long ago, and not opened, is worth a reminder."""
QUESTIONS_MAX = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource that may stand in a digest; ``age_s`` since it was published."""

    resource_id: int
    kind: ResourceKind
    topics: frozenset[str]
    age_s: float
    chance: float


@dataclass(frozen=True, slots=True)
class Line:
    """An item and where it stands: a resource, or a question."""

    section: Section
    resource_id: int = 0
    question_id: int = 0


@dataclass(frozen=True, slots=True)
class Composition:
    """What a digest shows, in order; how much was left out as too unlikely, and how much found."""

    lines: tuple[Line, ...]
    n_gated: int = 0
    n_found: int = 0

    @property
    def is_worth_sending(self) -> bool:
        """Whether there is enough to say."""
        return len(self.lines) >= ITEMS_MIN


def compose(
    ranked: Sequence[Candidate],
    *,
    waiting: Sequence[Candidate] = (),
    topics: Collection[str] = (),
    answerable: Sequence[int] = (),
    solved: Sequence[int] = (),
    least: float = CHANCE_MIN,
) -> Composition:
    """Compose a digest.

    Parameters
    ----------
    ranked
        Best first.
    waiting
        What the member saved and has not opened, the best to continue first.
    topics
        Of the member, folded as the candidates' are.
    answerable, solved
        Ids of questions that the member could answer, and of solved ones of their topics.
    least
        The chance that a card needs; 0 lets everything pass.
    """
    passed = [one for one in ranked if one.chance >= least]
    back = [one for one in waiting if one.chance >= least][:1]
    begun = {one.resource_id for one in back}
    for_you = _for_you([one for one in passed if one.resource_id not in begun])
    used = {one.resource_id for one in (*back, *for_you)}
    fresh = [
        one
        for one in passed
        if one.resource_id not in used and 0 <= one.age_s <= NEW_S and one.topics & set(topics)
    ]
    n_cards = CARDS_MAX - len(back) - len(for_you)
    n_questions = min(len(answerable), QUESTIONS_MAX) + min(len(solved), QUESTIONS_MAX)
    fresh = fresh[: max(0, min(n_cards, ITEMS_MAX - len(used) - min(n_questions, 2)))]
    left = ITEMS_MAX - len(used) - len(fresh)
    n_answer = min(len(answerable), QUESTIONS_MAX, left - (1 if solved and left > 1 else 0))
    n_solved = min(len(solved), QUESTIONS_MAX, left - n_answer)
    lines = (
        *(Line("continue", one.resource_id) for one in back),
        *(Line("for_you", one.resource_id) for one in for_you),
        *(Line("new", one.resource_id) for one in fresh),
        *(Line("answer", question_id=number) for number in answerable[:n_answer]),
        *(Line("solved", question_id=number) for number in solved[:n_solved]),
    )
    n_gated = len(ranked) - len(passed) + sum(one.chance < least for one in waiting[:1])
    return Composition(lines, n_gated, len(ranked) + len(waiting[:1]))


def _for_you(passed: Sequence[Candidate]) -> list[Candidate]:
    """Return the best, a course or an e-book among them where one has passed."""
    best = list(passed[:FOR_YOU])
    if len(best) == FOR_YOU and not any(one.kind in LONGER for one in best):
        longer = next((one for one in passed[FOR_YOU:] if one.kind in LONGER), None)
        if longer is not None:
            best[-1] = longer
    return best


def to_continue(deeds: Sequence[Deed], now: float) -> list[int]:
    """Return what a member saved a while ago and has not opened since, the newest save first.

    Parameters
    ----------
    deeds
        Theirs, oldest first.
    """
    saved: dict[int, float] = {}
    used: dict[int, float] = {}
    for deed in deeds:
        if deed.kind is EventKind.SAVE and deed.stands:
            saved[deed.resource_id] = deed.occurred_at
        elif deed.kind in (EventKind.OPEN, EventKind.DISMISS) and deed.stands:
            used[deed.resource_id] = deed.occurred_at
    waiting = [
        (at, number)
        for number, at in saved.items()
        if used.get(number, 0.0) < at and WAITING_MIN_S <= now - at <= WAITING_MAX_S
    ]
    return [number for _, number in sorted(waiting, reverse=True)]


def in_topics(tags: Collection[str], topics: Collection[str], folded: Callable[[str], str]) -> bool:
    """Say whether something with these tags is of one of the topics."""
    return not set(topics).isdisjoint(folded(tag) for tag in tags)
