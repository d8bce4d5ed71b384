"""How a question stands, who may accept what, when something is due, what is looked at first."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.dates import DAY_S
from bot.emoji import hash_of
from bot.legible import is_blank
from storage.records import (
    Answer,
    PostKind,
    Question,
    QuestionPlace,
    QuestionSettings,
    QuestionState,
    Resource,
)

HOUR_S = 3_600.0
TITLE_MAX = 100
"""Characters of a thread's name."""
NAMELESS = "…"
TAGS_MAX = 5
TAG_LENGTH_MAX = 30
PLACES_MAX = 25
BOUNTY_MAX = 10_000
"""Points, not hundredths."""
BOUNTY_FOR_S = 72 * HOUR_S
"""How long a bounty waits for an accepted answer."""
ANSWERS_SHOWN = 10
APPLIED_TAGS_MAX = 5
"""Tags that a forum post carries, by Discord's rules."""
MANY = 2
"""So many others with the same question make it one that is useful to many."""
SOLVED_AGAIN_S = 30 * DAY_S
"""A resource that solved something for a member counts once in so long, for the same member."""
SOLVED_A_DAY = 3
"""Resources that a member may say solved what they ask, in a day, and have it count."""
OFFERING = frozenset(hash_of(emoji) for emoji in ("✅", "☑️", "✔️", "🙏"))
"""Reactions of the asker that offer to accept what they are on."""
SOLVED_NAMES = ("solved", "answered", "resolved", "已解决", "已回答", "解决")
STALE_NAMES = ("stale", "inactive", "no answer", "待跟进", "无人回答", "已沉寂")

_THANKS = re.compile(
    r"\b(?:thanks?|thank you|thx|tysm|cheers|that (?:worked|helped|did it|fixed it)|solved)\b"
    r"|谢谢|多谢|感谢|谢了|解决了|搞定了|好使了|有用",
    re.IGNORECASE,
)
_MONEY = (
    "refund",
    "payment",
    "billing",
    "purchase",
    "order",
    "退款",
    "付款",
    "支付",
    "订单",
    "购买",
)
_BETWEEN = re.compile(r"[,，、;；\n]")

Deed = Literal["nudge", "still", "stale"]


# ---------------------------------------------------------------------- how it stands


def accepted(answers: Iterable[Answer]) -> list[Answer]:
    """Return the answers that were accepted, in the order in which they were."""
    found = [answer for answer in answers if answer.accepted_at is not None]
    return sorted(found, key=lambda answer: (answer.accepted_at or 0.0, answer.message_id))


def state(question: Question, answers: Sequence[Answer]) -> QuestionState:
    """Return how a question stands, whatever happened in whatever order.

    It is told by what is there: an accepted answer, or that it was solved otherwise; that it was
    closed; that nobody wrote for long; that somebody answered.
    """
    if question.solved_by is not None or accepted(answers):
        return "solved"
    if is_closed(question):
        return "closed"
    if question.stale_at is not None:
        return "stale"
    return "answered" if any(a.user_id != question.user_id for a in answers) else "open"


def is_closed(question: Question) -> bool:
    """Say whether somebody closed a question, or its thread is locked, which says the same."""
    return question.closed_at is not None or question.is_locked


def is_asked_by(question: Question, user_id: int) -> bool:
    """Say whether somebody asked a question; nobody is 0."""
    return user_id != 0 and question.user_id == user_id


# ------------------------------------------------------------------------ who may what


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does something, and what lets them do it for others."""

    user_id: int
    is_moderator: bool = False
    role_ids: tuple[int, ...] = ()


def may_decide(actor: Actor, question: Question, settings: QuestionSettings) -> bool:
    """Say whether somebody may say what answered a question: its asker, or who looks after it."""
    is_helper = settings.helper_role_id is not None and settings.helper_role_id in actor.role_ids
    return is_asked_by(question, actor.user_id) or actor.is_moderator or is_helper


def may_tidy(actor: Actor, settings: QuestionSettings) -> bool:
    """Say whether somebody may link questions to each other."""
    is_helper = settings.helper_role_id is not None and settings.helper_role_id in actor.role_ids
    return actor.is_moderator or is_helper


def is_paid(question: Question, answer: Answer) -> bool:
    """Say whether accepting pays: nobody pays themselves, neither as asker nor as moderator."""
    return answer.user_id not in (0, question.user_id, answer.accepted_by)


def counts_as_solved(
    resource: Resource, user_id: int, lately: Iterable[tuple[int, float]], now: float
) -> bool:
    """Say whether it speaks for a resource that somebody says it solved what they ask.

    Nobody speaks for their own, nor often: said without end, it is no sign of anything.

    Parameters
    ----------
    lately
        What they said so of in the last `SOLVED_AGAIN_S`, and when, in unix seconds.
    """
    said = list(lately)
    is_again = any(number == resource.resource_id for number, _ in said)
    n_today = sum(now - at < DAY_S for _, at in said)
    return resource.creator_id != user_id and not is_again and n_today < SOLVED_A_DAY


# ------------------------------------------------------------------------- what is due


def due(
    question: Question,
    settings: QuestionSettings,
    said: Collection[PostKind],
    now: float,
) -> Deed | None:
    """Return what a quiet question needs now; of what was missed only the last.

    Parameters
    ----------
    said
        What the bot wrote in the thread before: each kind is written once.
    """
    if question.state not in ("open", "answered"):
        return None
    quiet_s = now - question.last_word_at
    if settings.closes and quiet_s >= settings.stale_d * DAY_S:
        return "stale"
    if not settings.reminds:
        return None
    if quiet_s >= settings.still_d * DAY_S:
        return None if "still" in said else "still"
    is_for_asker = question.state == "answered" and not question.is_last_askers
    if is_for_asker and quiet_s >= settings.nudge_h * HOUR_S and not {"nudge", "still"} & set(said):
        return "nudge"
    return None


def may_be_passed_on(question: Question, settings: QuestionSettings, now: float) -> bool:
    """Say whether experts may be asked: nobody answered for a while, nor was it asked before."""
    waited_s = now - question.asked_at
    return (
        settings.invites
        and question.state == "open"
        and question.duplicate_of is None
        and waited_s >= settings.invite_min * 60
    )


# ------------------------------------------------------------------ what people write


def is_thanks(text: str | None) -> bool:
    """Say whether a reply thanks for what it replies to; None where it may not be read."""
    return text is not None and _THANKS.search(text) is not None


def title_of(text: str) -> str | None:
    """Return a title as a thread can have it: one line; None where nothing of it can be seen."""
    title = " ".join(text.split())
    return None if is_blank(title) or len(title) > TITLE_MAX else title


def name_of(text: str) -> str:
    """Return how a thread is called, in one line of at most `TITLE_MAX`; "…" where it is blank.

    What members type is refused instead (`title_of`): a thread is there already, whatever its name.
    """
    name = " ".join(text.split())[:TITLE_MAX]
    return NAMELESS if is_blank(name) else name


def tags_of(text: str) -> tuple[str, ...] | None:
    """Return the tags in a list separated by commas, None where they are too many or too long."""
    parts = (" ".join(part.split()).lstrip("# ") for part in _BETWEEN.split(text))
    once: dict[str, str] = {}
    for part in parts:
        if not is_blank(part):
            once.setdefault(part.casefold(), part)
    found = tuple(once.values())
    is_fine = len(found) <= TAGS_MAX and all(len(tag) <= TAG_LENGTH_MAX for tag in found)
    return found if is_fine else None


def bounty_of(text: str) -> int | None:
    """Return the points that somebody stakes, None for what is no number of them."""
    typed = text.strip()
    if not typed:
        return 0
    if not typed.isdecimal() or len(typed) > 6:
        return None
    return int(typed) if int(typed) <= BOUNTY_MAX else None


def tag_named(names: Iterable[tuple[int, str]], wanted: Sequence[str]) -> int | None:
    """Return the forum tag that is called one of these names, the likeliest first."""
    known = {name.strip().casefold(): tag_id for tag_id, name in names}
    return next((known[name] for name in wanted if name in known), None)


def retagged(place: QuestionPlace, names: Sequence[tuple[int, str]]) -> QuestionPlace:
    """Return a watched forum after its tags changed: what is gone is exchanged by its name.

    Parameters
    ----------
    names
        The ids and names of the tags that the forum has now. A chosen tag that is among them stays
        whatever it is called; one that is not is given up, for a namesake if there is one.
    """
    ids = {tag_id for tag_id, _ in names}

    def now(tag_id: int | None, wanted: Sequence[str]) -> int | None:
        return tag_id if tag_id in ids else tag_named(names, wanted)

    return replace(
        place,
        solved_tag_id=now(place.solved_tag_id, SOLVED_NAMES),
        stale_tag_id=now(place.stale_tag_id, STALE_NAMES),
    )


@dataclass(frozen=True, slots=True)
class ForumTag:
    """A tag of a forum; only moderators may set one that is ``is_theirs``."""

    tag_id: int
    name: str
    is_theirs: bool = False


def forum_tags(
    tags: Sequence[str], available: Sequence[ForumTag], *, is_one_needed: bool
) -> list[int] | None:
    """Return the forum's tags that a question gets; None where one is needed and none is there.

    Parameters
    ----------
    tags
        What the question is about.
    is_one_needed
        The forum takes no post without a tag: where none fits, the first one is taken.
    """
    free = [tag for tag in available if not tag.is_theirs]
    wanted = {tag.casefold() for tag in tags}
    fitting = [tag.tag_id for tag in free if tag.name.strip().casefold() in wanted]
    says_how = {*SOLVED_NAMES, *STALE_NAMES}
    others = [tag.tag_id for tag in free if tag.name.strip().casefold() not in says_how]
    if is_one_needed and not fitting:
        return others[:1] or None
    return fitting[:APPLIED_TAGS_MAX]


def applied(
    now: Sequence[int], *, state: QuestionState, solved_tag: int | None, stale_tag: int | None
) -> list[int] | None:
    """Return the tags that a post should carry, None where it does, or has no room for one."""
    ours = {tag for tag in (solved_tag, stale_tag) if tag is not None}
    wanted = {"solved": solved_tag, "stale": stale_tag}.get(state)
    kept = [tag for tag in now if tag not in ours]
    if wanted is not None:
        if len(kept) >= APPLIED_TAGS_MAX:
            return None
        kept.append(wanted)
    return None if set(kept) == set(now) else kept


# ------------------------------------------------------------------- what comes first


def care(question: Question, n_followers: int) -> int:
    """Return how early moderators should look at a question, 0 first.

    What was paid for or is about money comes first, then what is useful to many, then the rest,
    and what was answered before last.
    """
    words = f"{question.title} {' '.join(question.tags)}".casefold()
    if question.bounty_state == "staked" or any(word in words for word in _MONEY):
        return 0
    if question.duplicate_of is not None:
        return 3
    return 1 if n_followers >= MANY else 2


def in_order(
    questions: Iterable[Question],
    topics: Collection[str],
    followers: dict[int, int] | None = None,
) -> list[Question]:
    """Return open questions as somebody should look at them.

    Parameters
    ----------
    topics
        What whoever asks knows about, folded: those questions come first.
    followers
        How many others have each question, too: given for moderators, by care; None for others.
    """

    def place(question: Question) -> tuple[int, bool, float]:
        is_theirs = bool({tag.casefold() for tag in question.tags} & set(topics))
        first = care(question, followers.get(question.question_id, 0)) if followers else 0
        return first, not is_theirs, question.asked_at

    return sorted(questions, key=place)
