"""What an event says about taste, what may be shown, and in which words it is explained.

What earned points is no longer a signal of its own: somebody may have done it for the points.
Such an event keeps a share of its weight that the operator sets (REWARDED_EVENT_WEIGHT), a fifth
unless they do: enough to fold a member in who does nothing else.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from bot.dates import DAY_S
from storage.records import Deed, EventKind, Level, Resource, Why

WEIGHTS: Mapping[EventKind, float] = {
    EventKind.OPEN: 1.0,
    EventKind.REACTION: 2.0,
    EventKind.FOLLOW: 2.0,
    EventKind.MESSAGE: 2.5,
    EventKind.COMMENT: 2.5,
    EventKind.SAVE: 3.0,
    EventKind.SOLVED: 4.0,
    EventKind.DISMISS: -1.0,
}
"""Confidence that a member wanted the resource; below 0, that they did not."""
REWARDED_WEIGHT = 0.2
"""Share of its weight that an event which earned points keeps, where the operator sets none."""
FRESH_S = 120 * DAY_S
"""Older events no longer move popularity, whose slowest decay takes 30 days."""
NEW_S = 14 * DAY_S
CREATOR_MAX = 2
"""Resources of one creator in one list, so that one prolific author does not fill it."""
TASTE_LIFT_MIN = 0.2
"""Log-odds that taste must add before we say "because": a fifth more likely than the average."""
QUALITY_LIFT_MIN = 0.1
"""Log-odds that others' saves and likes must add before we say so."""
TAGS_BONUS = 0.3
"""Cosine that the most tags shared are worth in looking for similar resources."""
TOPIC_SHARE = 0.35
"""A resource of a topic fits it at least so well, beside the one that fits best."""
DIVERSITY = 0.5
"""Log-odds that a perfect copy of a card on the list loses: λ of MMR is 2/3."""
N_DIVERSE = 50
"""How deep into the ranking the list looks for variety."""
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


def spread(ranked: Sequence[tuple[int, str]], limit: int) -> list[int]:
    """Choose the list from (id, creator) in order: at most two of one creator.

    Where that leaves places empty, the best of those passed over fill them.
    """
    chosen: list[int] = []
    passed: list[int] = []
    of_creator: dict[str, int] = {}
    for resource_id, creator in ranked:
        n_before = of_creator.get(creator, 0) if creator else 0
        if len(chosen) < limit and n_before < CREATOR_MAX:
            of_creator[creator] = n_before + 1
            chosen.append(resource_id)
        else:
            passed.append(resource_id)
    return chosen + passed[: limit - len(chosen)]


def why(
    lifts: Mapping[Lead, float],
    because: tuple[str, EventKind] | None,
    *,
    age_s: float,
    is_topic: bool,
    is_interest: bool = False,
) -> Why | None:
    """Return the reason a member reads, None where none would be true.

    Parameters
    ----------
    lifts
        Log-odds above the average candidate, by what lifts it.
    because
        Title and deed on which the taste rests most.
    age_s
        Since the resource was published.
    is_topic
        Whether the member asked for a topic.
    is_interest
        Whether it carries a tag that the member named as an interest.
    """
    if because is not None and lifts["taste"] >= TASTE_LIFT_MIN:
        return Why("because", *because)
    if is_topic:
        return Why("topic")
    if is_interest:
        return Why("interest")
    if lifts["quality"] > max(QUALITY_LIFT_MIN, lifts["popularity"]):
        return Why("liked")
    is_new = 0 <= age_s <= NEW_S
    if lifts["popularity"] > 0 and (lifts["popularity"] >= lifts["newness"] or not is_new):
        return Why("popular")
    return Why("new") if is_new else None
