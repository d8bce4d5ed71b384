"""Who fits a question, when they may be asked, whose turn it is: by what they said themselves."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import zones
from bot.dates import DAY_S, utc
from bot.legible import is_blank
from storage.records import Expert, Invitation, Question, Record

HOUR_S = 3_600.0
WEEK_S = 7 * DAY_S
AT_ONCE = 2
"""Experts who are asked for a question at the same time."""
ASKED_MAX = 6
"""Experts who are asked for a question at all."""
ANSWER_H = 12
"""Hours of their own in which an expert may answer an invitation."""
ANSWER_MAX_S = 48 * HOUR_S
"""However few hours of theirs those are."""
FAIR_PRIOR = 4
"""Answers that a new expert is taken to have given, as the others did on average."""
FEW = 3
"""Who was asked less often is new."""
EXPLORED = 0.2
"""Of the first places, the share that goes to new experts by chance."""
LANGUAGES = ("en", "zh")
TOPICS_MAX = 10
TOPIC_LENGTH_MAX = 30
OFFER_MAX = 200
WEEKLY_DEFAULT = 3
WEEKLY_MAX = 20

_BETWEEN = re.compile(r"[,，、;；\n]")
_HOURS = re.compile(r"(\d{1,2})(?::00)?\s*[-–—~～至到]\s*(\d{1,2})(?::00)?")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[a-z0-9][a-z0-9+#.]*|[\u3400-\u9fff]+")
_URL = re.compile(r"https://\S+")


# ------------------------------------------------------------------- what is on a card


def topics_of(text: str) -> tuple[str, ...] | None:
    """Return the topics in a list separated by commas, None for none, too many or too long ones."""
    parts = (" ".join(part.split()).lstrip("# ") for part in _BETWEEN.split(text))
    once: dict[str, str] = {}
    for part in parts:
        if not is_blank(part):
            once.setdefault(part.casefold(), part)
    found = tuple(once.values())
    is_fine = 0 < len(found) <= TOPICS_MAX and all(len(t) <= TOPIC_LENGTH_MAX for t in found)
    return found if is_fine else None


def hours_of(text: str) -> tuple[int, int] | None:
    """Return hours such as "18-22", the second not included; None for anything else."""
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        return None
    first, last = int(match[1]), int(match[2])
    return (first, last) if first <= 23 and last <= 24 and first != last else None


def url_in(offer: str) -> str | None:
    """Return the first link in what an expert offers."""
    found = _URL.search(offer)
    return found[0][:500] if found else None


def item_in(offer: str, titles: Mapping[int, str]) -> int | None:
    """Return which item of the shop an offer names, by the longest title in it; both folded."""
    named = [number for number, title in titles.items() if len(title) > 2 and title in offer]
    return max(named, key=lambda number: (len(titles[number]), -number), default=None)


# --------------------------------------------------------------------------- when


def is_available(expert: Expert, at: float) -> bool:
    """Say whether a moment is in an expert's own hours, by their own clock."""
    local = utc(at).astimezone(zones.zone_of(expert.time_zone))
    if expert.from_hour < expert.to_hour:
        return local.weekday() in expert.weekdays and (
            expert.from_hour <= local.hour < expert.to_hour
        )
    if local.hour >= expert.from_hour:
        return local.weekday() in expert.weekdays
    # Past midnight the hours are still those of the day before.
    return local.hour < expert.to_hour and (local.weekday() - 1) % 7 in expert.weekdays


def hours_until(expert: Expert, at: float) -> int:
    """Return in how many hours an expert is available next, 0 for now, 168 for never."""
    return next((n for n in range(168) if is_available(expert, at + n * HOUR_S)), 168)


def expires_at(expert: Expert, sent_at: float) -> float:
    """Return until when an invitation waits: hours that are not the expert's do not count."""
    left, at = ANSWER_H, sent_at
    while left and at - sent_at < ANSWER_MAX_S:
        left -= is_available(expert, at)
        at += HOUR_S
    return at


# --------------------------------------------------------------------------- who


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What somebody asks: folded words of the title, folded tags, and the language.

    ``named`` are topics, folded, that the title names in other words that mean the same.
    """

    words: frozenset[str]
    tags: frozenset[str]
    language: str
    named: frozenset[str] = frozenset()


def about(title: str, tags: Iterable[str], named: Iterable[str] = ()) -> About:
    """Return what a question is about, by its title, its tags and what it names, all folded."""
    runs = _WORD.findall(title)
    pairs = {run[n : n + 2] for run in runs for n in range(len(run) - 1) if _HAN.match(run)}
    return About(
        words=frozenset(runs) | pairs,
        tags=frozenset(tags),
        language="zh" if _HAN.search(title) else "en",
        named=frozenset(named),
    )


def fit(topics: Collection[str], languages: Collection[str], asked: About) -> float:
    """Return how well somebody's folded topics fit, from 0 (not at all) to 1.

    A tag that is a topic counts in full, a topic whose words are in the title a little less.
    Another language halves it.
    """
    best = 0.0
    for topic in topics:
        if topic in asked.tags:
            best = max(best, 1.0)
        elif topic in asked.named or _is_in(topic, asked.words):
            best = max(best, 0.8)
    return best * (1.0 if asked.language in languages else 0.5)


def _is_in(topic: str, words: Collection[str]) -> bool:
    runs = _WORD.findall(topic)
    pieces = [
        piece
        for run in runs
        for piece in ([run[n : n + 2] for n in range(len(run) - 1)] if _HAN.match(run) else [run])
    ]
    return bool(pieces) and all(piece in words for piece in pieces)


def acceptance(record: Record, mean: float) -> float:
    """Return the share of invitations that somebody accepts, shrunk towards everybody's."""
    return (record.n_accepted + FAIR_PRIOR * mean) / (record.n_answered + FAIR_PRIOR)


def mean_of(records: Iterable[Record]) -> float:
    """Return everybody's share of accepted invitations, a half where there are few."""
    counted = list(records)
    n_accepted = sum(record.n_accepted for record in counted)
    n_answered = sum(record.n_answered for record in counted)
    return (n_accepted + 2) / (n_answered + 4)


def availability(n_hours: int) -> float:
    """Return what being available in so many hours is worth: 1 for now, a tenth in a day."""
    return max(1.0 - n_hours / 24 * 0.9, 0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An expert who fits: by what, in how many hours they are there, and how they rank.

    ``item_id`` is the item of the shop by which they can be booked.
    """

    expert: Expert
    fit: float
    n_hours: int
    record: Record
    score: float
    chance: float = 1.0
    item_id: int | None = None


def ranked(
    experts: Iterable[Expert],
    records: Mapping[int, Record],
    asked: About,
    now: float,
    *,
    folded: Mapping[int, Collection[str]],
    but: Collection[int] = (),
) -> list[Candidate]:
    """Return who fits and may be asked, the best first.

    Parameters
    ----------
    folded
        The folded topics of each expert, by member.
    but
        Members who are left out: the asker, and who was asked before.
    """
    mean = mean_of(records.values())
    found = []
    for expert in experts:
        record = records.get(expert.user_id, Record())
        likes = fit(folded[expert.user_id], expert.languages, asked)
        if likes == 0 or expert.user_id in but or record.n_week >= expert.weekly_max:
            continue
        n_hours = hours_until(expert, now)
        score = likes * availability(n_hours) * acceptance(record, mean) / (1 + record.n_open)
        # Who is asked little this week goes before who is asked much.
        score *= 1 - 0.5 * record.n_week / expert.weekly_max
        found.append(
            Candidate(expert=expert, fit=likes, n_hours=n_hours, record=record, score=score)
        )
    found.sort(key=lambda each: (-each.score, each.expert.created_at, each.expert.user_id))
    return found


def chosen(candidates: Sequence[Candidate], n: int, draw: float) -> list[Candidate]:
    """Return who is asked; now and then a new expert has the first place, by chance.

    Parameters
    ----------
    draw
        A random number, 0 ≤ draw < 1.

    Returns
    -------
    list of Candidate
        The first one with the chance with which it was them.
    """
    if not candidates or n < 1:
        return []
    new = [each for each in candidates if each.record.n_answered < FEW]
    share = EXPLORED if new else 0.0
    first = new[int(draw / share * len(new))] if draw < share else candidates[0]
    chance = (share / len(new) if first in new else 0.0) + (
        (1 - share) if first is candidates[0] else 0.0
    )
    rest = [each for each in candidates if each is not first]
    return [replace(first, chance=chance), *rest[: n - 1]]


def n_wanted(asked: Sequence[Invitation], at_once: int = AT_ONCE) -> int:
    """Return how many more experts are to be asked now, of so many at the same time."""
    n_waiting = sum(each.state in ("claimed", "sent", "accepted") for each in asked)
    n_counted = sum(each.state != "failed" for each in asked)
    return max(min(at_once - n_waiting, ASKED_MAX - n_counted), 0)


def is_due(question: Question, invite_min: int, now: float) -> bool:
    """Say whether nobody answered a question for so long that experts may be asked."""
    return question.state == "open" and now - question.asked_at >= invite_min * 60


def asked_for_since(now: datetime) -> float:
    """Return from when on invitations count for this week's cap."""
    return (now - timedelta(seconds=WEEK_S)).timestamp()
