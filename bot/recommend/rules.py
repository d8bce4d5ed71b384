"""What an event says about taste, what may be shown, and in which words it is explained.

What earned points is no longer a signal of its own: somebody may have done it for the points.
Such an event keeps a share of its weight that the operator sets (REWARDED_EVENT_WEIGHT), a fifth
unless they do: enough to fold a member in who does nothing else.
"""

import math
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, get_args

from bot.dates import DAY_S
from storage.records import Deed, EventKind, Level, Resource, Voices, Why

WEIGHTS: Mapping[EventKind, float] = {
    EventKind.OPEN: 1.0,
    EventKind.REACTION: 2.0,
    EventKind.FOLLOW: 2.0,
    EventKind.MESSAGE: 2.5,
    EventKind.COMMENT: 2.5,
    EventKind.SAVE: 3.0,
    EventKind.SOLVED: 4.0,
    EventKind.PURCHASE: 5.0,
    EventKind.DISMISS: -1.0,
    EventKind.KNOWN: 1.0,
    EventKind.STARTED: 2.0,
    EventKind.DONE: 3.0,
    EventKind.USEFUL: 4.0,
    EventKind.LIKED: 4.0,
    EventKind.DISLIKED: -1.0,
}
"""Confidence that a member wanted the resource; below 0, that they did not."""
REWARDED_WEIGHT = 0.2
"""Share of its weight that an event which earned points keeps, where the operator sets none."""
FRESH_S = 120 * DAY_S
"""Older events no longer move popularity, whose slowest decay takes 30 days."""
NEW_S = 14 * DAY_S
TASTE_LIFT_MIN = 0.2
"""Log-odds that taste must add before we say "because": a fifth more likely than the average."""
QUALITY_LIFT_MIN = 0.1
"""Log-odds that others' saves and likes must add before we say so."""
USE_LIFT_MIN = 0.1
"""Log-odds that recent use must add before we call something popular."""
LEAST = 0.01
"""What a reason is worth that is true and adds nothing: it is given where there is no other."""
TAGS_BONUS = 0.3
"""Cosine that the most tags shared are worth in looking for similar resources."""
TOPIC_SHARE = 0.35
"""A resource of a topic fits it at least so well, beside the one that fits best."""
DIVERSITY = 0.5
"""Log-odds that a perfect copy of a card on the list loses: λ of MMR is 2/3."""
N_DIVERSE = 50
"""How deep into the ranking the list looks for variety."""
UNFIT = 1_000.0
"""Log-odds that put what does not suit a reader behind all that does."""
N_OF_TOPIC = 8
"""So many of each of the member's topics, the best, may stand on the list, too."""
TOPICS_MAX = 12
"""Topics of a member's acts that a list is a mix of."""
AGAIN_S = DAY_S
"""So long after an answer its cards wait behind others when the member asks again."""
N_FAVOURITES, SHARE_OF_FAVOURITES = 3, 0.25
"""So many of a topic, or that share, are among what is used most, where twice as many carry it."""
FAVOURITE_SHARE = 0.5
"""What being used more than others of its topic counts, beside a reason of the reader's own."""
N_BECAUSE = 12
"""Things a member did that a reason may name."""
MIX_NAMED, MIX_SHOWN = 12.0, 0.5
"""Log-odds for a nat between the mix of a list and the mix its reader wants, where all of it was
named and where all of it was shown by what they did, which the scores know already."""
MIX_EVIDENCE = 3.0
"""Confidence of events at which what they show of a mix counts half."""
LEVEL_PRIOR, LEVEL_STRENGTH = 0.4, 1.0
"""The level of somebody of whom nothing is known, and how many opens it weighs as much as."""
LEVEL_TOLERANCE = 0.25
"""So much less than a level may be missing for the next one."""
TIRED_S = 30 * DAY_S
"""Impressions older than this cost nothing any more."""
OWN_S = 90 * DAY_S
"""So far back a member's own share of opens is counted."""
N_TIRED = 500
"""At most so many of a member's newest impressions are looked at."""
NEWCOMER_SHARE = 0.2
"""Of lists whose last place goes to a resource that hardly anybody was shown."""
NEWCOMER_SHOWN_MAX = 20
"""Impressions after which a resource is no newcomer any more."""
NEWCOMER_S = 30 * DAY_S
N_NEWCOMERS = 50
"""At most so many newcomers, the newest, share the place."""
REPLACE_EVERY_S = 6 * 3_600
"""So long after an attempt the next is due where the model has learned from somebody who withdrew:
a few a day, however often members change their minds."""
SHOWN_S = 180 * DAY_S
"""Older impressions no longer teach what being shown does."""
LEVELS: tuple[Level, ...] = get_args(Level)
"""From the easiest up."""
LANGUAGE_COST = 1.5
"""Log-odds against a resource in a language that the member is not known to read."""
READ_SHARE = 0.2
"""Of what a member wanted, so much at least is in a language that they read unless spoken to in it;
the same as in `bot.search.leaning`."""

OPINION_STAR = 0.4
"""Log-odds that a star above the server's mean is worth."""
OUTDATED_COST, BROKEN_COST = 2.0, 3.0
"""Log-odds that a resource loses which everybody calls outdated, or whose link nobody can open."""
VOICES_PRIOR = 5
"""Silent voices that each resource begins with: one member's word decides nothing."""
HARDER = 1 / 3
"""Share of the voices, beyond those who say the opposite, that make a resource a level harder."""
MISFIT = 2.0
"""What a member's "too hard" or "too easy" weighs beside what they opened."""

FOLLOWS = 2.0
"""Log-odds above the best other card at which the next step of a path stands."""
EARLY_COST = 2.0
"""Log-odds that a step loses while those before it are not finished."""
N_FOLLOWING = 2
"""Next steps on one list, of the paths that the member went along last."""

Showings = Sequence[tuple[int, float]]
"""Resources that were shown, and when."""

Lead = Literal["taste", "popularity", "newness", "quality", "interest"]


def weight(
    kind: EventKind, is_rewarded: bool = False, *, rewarded_weight: float = REWARDED_WEIGHT
) -> float:
    """Return what an event is worth to the trainer, 0 for one that says nothing.

    Parameters
    ----------
    is_rewarded
        Whether it earned points.
    rewarded_weight
        The share it keeps then, from 0 (it teaches nothing) to 1 (as any other).
    """
    return WEIGHTS.get(kind, 0.0) * (rewarded_weight if is_rewarded else 1.0)


def seen(deeds: Iterable[Deed]) -> set[int]:
    """Return the resources a member knows: a recommendation must be news to them.

    Taking something back does not make a resource unknown; only an undone dismissal does.
    """
    return {
        deed.resource_id
        for deed in deeds
        if deed.kind is not EventKind.UNDISMISS
        and (deed.stands or deed.kind is not EventKind.DISMISS)
    }


def dismissed(deeds: Iterable[Deed]) -> set[int]:
    """Return the resources a member does not want to see."""
    return {d.resource_id for d in deeds if d.kind is EventKind.DISMISS and d.stands}


def lessons(deeds: Iterable[Deed]) -> list[Deed]:
    """Return the deeds that say something about taste: they stand and have a weight."""
    return [deed for deed in deeds if deed.stands and weight(deed.kind)]


def strongest(deeds: Iterable[Deed], resource_id: int) -> EventKind | None:
    """Return the most telling thing a member did to a resource, the latest of equals."""
    own = [d for d in lessons(deeds) if d.resource_id == resource_id and weight(d.kind) > 0]
    own.sort(key=lambda deed: (weight(deed.kind), deed.occurred_at))
    return own[-1].kind if own else None


def opinion(voices: Voices, mean: float) -> float:
    """Return what members' words are worth to a resource's place, log-odds.

    Parameters
    ----------
    mean
        Of the stars of all ratings of the server.
    """
    stars = (VOICES_PRIOR * mean + voices.stars) / (VOICES_PRIOR + voices.n_ratings)
    share = 1 / (VOICES_PRIOR + voices.n_members)
    doubts = OUTDATED_COST * voices.outdated + BROKEN_COST * voices.broken
    return OPINION_STAR * (stars - mean) - share * doubts


def heard_level(level: Level | None, voices: Voices) -> Level | None:
    """Return how difficult a resource is by its level and by what members say of it.

    Of one whose level nobody gave it stays unknown.
    """
    if level is None:
        return None
    harder = (voices.too_hard - voices.too_easy) / (VOICES_PRIOR + voices.n_members)
    step = (harder > HARDER) - (harder < -HARDER)
    return LEVELS[min(max(LEVELS.index(level) + step, 0), len(LEVELS) - 1)]


def suited_level(level: Level, kind: EventKind) -> Level:
    """Return the level of who calls something of this level too hard, or too easy."""
    step = -1 if kind is EventKind.TOO_HARD else 1
    return LEVELS[min(max(LEVELS.index(level) + step, 0), len(LEVELS) - 1)]


Needs = Mapping[int, Collection[int]]
"""What is to be finished before each resource that needs something, whatever path it is of."""
_NOTHING: Needs = {}


def following(
    chains: Iterable[Sequence[int]],
    finished: Sequence[int],
    met: Collection[int],
    needs: Needs = _NOTHING,
) -> dict[int, int]:
    """Return the next steps of a member's paths, each with the step it follows.

    And what needed nothing but what they finished, with the last of that.

    Parameters
    ----------
    chains
        The steps of each path, in order.
    finished
        What they finished, the last one last.
    met
        What they know already, finished or not.
    """
    when = {number: at for at, number in enumerate(finished)}
    found: dict[int, int] = {}
    for chain in chains:
        behind = [at for at, step in enumerate(chain) if step in when]
        left = chain[behind[-1] + 1 :] if behind else ()
        coming = next((step for step in left if step not in when and step not in met), None)
        if coming is None or not when.keys() >= set(needs.get(coming, ())):
            continue
        after = chain[behind[-1]]
        if coming not in found or when[after] > when[found[coming]]:
            found[coming] = after
    for step, first in needs.items():
        if not first or step in when or step in met or not when.keys() >= set(first):
            continue
        last = max(first, key=lambda number: when[number])
        if step not in found or when[last] > when[found[step]]:
            found[step] = last
    newest = sorted(found, key=lambda step: -when[found[step]])[:N_FOLLOWING]
    return {step: found[step] for step in newest}


def too_early(
    chains: Iterable[Sequence[int]], finished: Collection[int], needs: Needs = _NOTHING
) -> set[int]:
    """Return the steps before which something is to be finished, on every path they are of.

    And what needs something that is not finished, whatever paths say.
    """
    early: set[int] = set()
    ready: set[int] = set()
    for chain in chains:
        is_open = True
        for step in chain:
            if step not in finished:
                (ready if is_open else early).add(step)
                is_open = False
    unmet = {step for step, first in needs.items() if not set(first) <= set(finished)}
    return early - ready | (unmet - set(finished))


def level_code(level: Level | None) -> int:
    """Return how difficult a level is, from 0 upwards; -1 where nobody gave one."""
    return LEVELS.index(level) if level is not None else -1


def language_code(language: str) -> int:
    """Return the first two letters of a language's code as a number, for arrays.

    "zh-CN" and "zh" are one language.
    """
    letters = [ord(letter) for letter in language[:2]]
    return sum(letter * factor for letter, factor in zip(letters, (256, 1), strict=False))


def interest_tags(interests: Iterable[str]) -> list[str]:
    """Return interests in the form in which the catalogue keeps tags."""
    normal = (unicodedata.normalize("NFKC", interest).casefold() for interest in interests)
    return ["-".join(words.split()) for words in normal]


def description(resource: Resource) -> str:
    """Return what the catalogue says of a resource, for comparing what resources are about.

    The title counts twice: a summary is long and often of another hand. Tags are compared apart.
    """
    return "\n".join((resource.title, resource.title, resource.summary, resource.creator))


def topic(tag: str) -> str:
    """Return a tag as tags are compared."""
    return unicodedata.normalize("NFKC", tag).casefold()


def tag_shares(tags: Sequence[str]) -> dict[str, float]:
    """Return how far something is about each of its tags: the first most; together 1.

    As in a search, what stands first is what it is about.
    """
    parts = {topic(tag): 1 / at for at, tag in reversed(list(enumerate(tags, 1)))}
    total = sum(parts.values())
    return {tag: part / total for tag, part in parts.items()}


def favourites(ids: Sequence[int], use: Sequence[float]) -> dict[int, float]:
    """Return those few of what carries a topic that are used most, and by how much above the mean.

    None where hardly anything carries it, or nothing stands out.
    """
    if len(ids) < 2 * N_FAVOURITES:
        return {}
    mean = sum(use) / len(use)
    ranked = sorted(zip(use, ids, strict=True), key=lambda pair: (-pair[0], pair[1]))
    n_best = max(N_FAVOURITES, int(SHARE_OF_FAVOURITES * len(ids)))
    return {i: own - mean for own, i in ranked[:n_best] if own - mean > USE_LIFT_MIN}


def share_a_topic(some: Iterable[str], others: Iterable[str]) -> bool:
    """Say whether two resources may be about the same, by their tags; without tags they may."""
    ours, theirs = set(map(topic, some)), set(map(topic, others))
    return not ours or not theirs or bool(ours & theirs)


def wanted_topics(
    named: Sequence[str], shown: Mapping[str, float], fading: float, loud: float = 1.0
) -> dict[str, float]:
    """Return what a member's lists should be made of, by topic; what is left of 1 is elsewhere.

    Parameters
    ----------
    named
        Tags of their interests, which count alike.
    shown
        By tag, the confidence of what they wanted.
    fading
        What naming is worth beside acting, in (0, 1].
    loud
        How far what they wanted speaks for what they want, in [0, 1].
    """
    told = dict.fromkeys(named, 1 / len(named)) if named else {}
    most = dict(sorted(shown.items(), key=lambda pair: (-pair[1], pair[0]))[:TOPICS_MAX])
    total = sum(most.values())
    share = 0.0 if not told else fading if total else 1.0
    mixed = {tag: share * told.get(tag, 0.0) for tag in told}
    for tag, weight in most.items():
        mixed[tag] = mixed.get(tag, 0.0) + (1 - share) * loud * weight / total
    return {tag: part for tag, part in mixed.items() if part > 0}


def ceiling(levels: Iterable[tuple[Level | None, float]]) -> int:
    """Return the highest level a member is shown unasked: one above their own.

    Their own is the mean of what they wanted, by confidence, shrunk towards the easiest by
    `LEVEL_STRENGTH`; nobody's is known before they did something. What has no level says nothing.
    """
    known = [(LEVELS.index(level), weight) for level, weight in levels if level is not None]
    total = LEVEL_STRENGTH + sum(weight for _, weight in known)
    mean = (LEVEL_PRIOR * LEVEL_STRENGTH + sum(level * weight for level, weight in known)) / total
    return math.floor(mean + 1 + LEVEL_TOLERANCE)


def as_new(resource: Resource | None, now: float) -> Why | None:
    """Return the reason of a newcomer: that it is new, where it is."""
    is_new = resource is not None and 0 <= now - resource.since(now) <= NEW_S
    return Why("new") if is_new else None


def common_reasons(
    lifts: Mapping[Lead, Sequence[float]], ages_s: Sequence[float], *, is_topic: bool
) -> dict[Literal["liked", "popular", "new", "topic"], list[float]]:
    """Return the reasons that name nothing a member did: what each adds to each card, 0 if untrue.

    Parameters
    ----------
    lifts
        Log-odds above the average candidate, by what lifts it.
    ages_s
        Since each was published.
    is_topic
        Whether the member asked for a topic.
    """
    n = len(ages_s)
    return {
        "liked": [lift if lift > QUALITY_LIFT_MIN else 0.0 for lift in lifts["quality"]],
        "popular": [lift if lift > USE_LIFT_MIN else 0.0 for lift in lifts["popularity"]],
        "new": [
            max(lift, LEAST) if 0 <= age <= NEW_S else 0.0
            for lift, age in zip(lifts["newness"], ages_s, strict=True)
        ],
        "topic": [LEAST] * n if is_topic else [0.0] * n,
    }
